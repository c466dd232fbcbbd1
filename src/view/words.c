/* SPDX-License-Identifier: MIT
 *
 * The screen in words: where training stands, what the map shows, what is looked at and near it, what is
 * selected and marked.
 */
#include "base/strbuf.h"
#include "view/act.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/pen.h"
#include "view/state.h"

#include <stdio.h>

enum { PERCENT = 16 };

static const char *percent(float share, char text[PERCENT])
{
    if (isfinite(share))
        snprintf(text, PERCENT, "%d %%", (int)lround(100 * (double)share));
    else
        snprintf(text, PERCENT, "not known");
    return text;
}

static void say_status(const struct scene *scene, struct strbuf *out)
{
    static const char *const names[] = {"being prepared", "running",        "paused",
                                        "done",           "made elsewhere", "stopped by a failure"};
    const struct snapshot *now = scene->now;
    strbuf_printf(out, "%s %s is %s at step %llu", scene->elsewhere ? "The space of" : "Training on",
                  scene->data->name, names[now->status], (unsigned long long)now->step);
    if (now->status == TRAIN_RUNNING)
        strbuf_printf(out, ", %.1f steps a second", now->steps_per_s);
    strbuf_puts(out, ".");
    if (now->status == TRAIN_PREPARING || now->status == TRAIN_FAILED)
        strbuf_printf(out, " %s", now->message);
    strbuf_puts(out, "\n");
}

static void say_measures(const struct scene *scene, struct strbuf *out)
{
    struct sentence_facts facts;
    char text[SENTENCE_SIZE];
    scene_sentence_facts(scene, &facts);
    sentence_make(&facts, SENTENCE_SIZE, text);
    strbuf_printf(out, "%s\n", text);
    for (int i = 0; i < facts.n; i++) {
        const struct sentence_column *c = &facts.column[i];
        char value[PERCENT], pixels[PERCENT], untrained[PERCENT], chance[PERCENT];
        strbuf_printf(out, "%s is read right from the 20 nearest: %s", c->name, percent(c->value, value));
        if (!scene->elsewhere)
            strbuf_printf(out, "; from pixels: %s; by the untrained net: %s", percent(c->pixels, pixels),
                          percent(c->untrained, untrained));
        strbuf_printf(out, "; by chance: %s.\n", percent(c->chance, chance));
    }
}

static void say_map(const struct scene *scene, struct strbuf *out)
{
    if (!scene->map)
        return;
    const struct map_result *map = &scene->map->map;
    const char *column = scene_column_name(scene, scene->choice.column);
    char share[PERCENT], chance[PERCENT];
    strbuf_printf(out, "The map shows %zu %s coloured by %s", map->n,
                  scene->elsewhere ? (map->n == 1 ? "item" : "items") : "held-out pictures",
                  *column ? column : "nothing");
    if (isfinite(map->variance))
        strbuf_printf(out, "; its two axes hold %s of the variance", percent(map->variance, share));
    if (isfinite(map->fidelity))
        strbuf_printf(out, "; it keeps %s of the 10 nearest (chance %s)", percent(map->fidelity, share),
                      percent(map->fidelity_chance, chance));
    strbuf_puts(out, ".\n");
}

static void say_item(const struct scene *scene, struct strbuf *out)
{
    char caption[160];
    int64_t row = scene_row(scene, scene->choice.item);
    if (row < 0) {
        strbuf_puts(out, "No item is looked at.\n");
        return;
    }
    scene_caption(scene, row, caption, sizeof caption);
    strbuf_printf(out, "Looked at is item %lld, %s.\n", (long long)row, caption);
    const struct near_result *near = scene->found[REQUEST_NEAR] ? &scene->found[REQUEST_NEAR]->near : NULL;
    if (!near || near->item != scene->choice.item)
        return;
    if (near->k == 0) {
        strbuf_puts(out, "Nothing is near it: rows that are zero or not finite have no direction.\n");
        return;
    }
    strbuf_puts(out, "Nearest to it in h:");
    for (size_t i = 0; i < near->k && i < 5; i++) {
        int64_t other = scene_row(scene, (int)near->index[i]);
        scene_caption(scene, other, caption, sizeof caption);
        strbuf_printf(out, "%s item %lld, %s, similarity %.2f", i ? ";" : "", (long long)other, caption,
                      (double)near->similarity[i]);
    }
    strbuf_puts(out, ".\n");
}

/* How many, the first few, and what they have in common by the label: "Selected are 12 of 1000 items: ...".
 */
static void say_selected(struct scene *scene, struct strbuf *out)
{
    const struct selection *selected = scene_selection(scene);
    char caption[160];
    size_t told = 0, most = 5;
    if (selected->count == 0) {
        strbuf_puts(out, "Nothing is selected.\n");
        return;
    }
    strbuf_printf(out, "Selected are %zu of %d items:", selected->count, scene_items(scene));
    for (size_t i = selection_next(selected, 0); i < selected->n && told < most;
         i = selection_next(selected, i + 1)) {
        scene_caption(scene, scene_row(scene, (int)i), caption, sizeof caption);
        strbuf_printf(out, "%s item %lld, %s", told++ ? ";" : "", (long long)scene_row(scene, (int)i),
                      caption);
    }
    strbuf_puts(out, selected->count > most ? "; and others.\n" : ".\n");
    if (scene->choice.isolated)
        strbuf_printf(out, "Only %zu items are shown.\n", scene->shown.count);
}

static void say_marks(const struct scene *scene, struct strbuf *out)
{
    size_t n[MARK_KINDS] = {0};
    for (size_t i = 0; i < scene->marks.n; i++)
        n[scene->marks.mark[i].kind]++;
    if (scene->marks.n == 0)
        return;
    strbuf_puts(out, "Marked:");
    for (int k = MARK_SAME; k < MARK_KINDS; k++)
        if (n[k])
            strbuf_printf(out, " %zu %s;", n[k], mark_name((enum mark_kind)k));
    strbuf_printf(out, " %zu in all.\n", scene->marks.n);
}

void scene_words(struct scene *scene, struct strbuf *out)
{
    if (!scene->now) {
        strbuf_printf(out, "Preparing %s.\n", scene->data->name);
        return;
    }
    lists_drawn(scene);
    say_status(scene, out);
    say_measures(scene, out);
    say_map(scene, out);
    say_item(scene, out);
    say_selected(scene, out);
    say_marks(scene, out);
    const struct view *view = view_at((size_t)scene->choice.view);
    if (view->words)
        view->words(scene, out);
}
