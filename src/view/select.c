/* SPDX-License-Identifier: MIT
 *
 * What s, *, o and a click on the legend do: one item, all of one value, only these; they add to what is
 * selected, a second time takes it out again. And the typed ways: :select, :only, :name.
 */
#include "base/check.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/legend.h"
#include "view/mark.h"
#include "view/matcher.h"
#include "view/ranking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_selected(struct scene *scene, const char *what, const struct post *post)
{
    size_t n = scene_selection(scene)->count;
    char some[32], all[32];
    if (n == 0)
        say(post, false, "nothing is selected");
    else
        say(post, false, "%s%s of %s selected   o: only these   Esc: none", what, format_count(n, some),
            format_count((unsigned)scene_items(scene), all));
}

static void toggle_item(struct scene *scene, const struct post *post)
{
    int item = scene->choice.item;
    struct selection wanted;
    if (scene_row(scene, item) < 0) {
        say(post, false, "no item to select: arrows pick one");
        return;
    }
    selection_copy(&wanted, scene_selection(scene));
    selection_put(&wanted, (size_t)item, !selection_has(&wanted, (size_t)item));
    selection_change(scene, &wanted);
    say_selected(scene, "", post);
}

void select_value(struct scene *scene, uint32_t code, const struct post *post)
{
    const struct legend *l = scene_legend(scene);
    struct selection wanted, same;
    selection_copy(&wanted, scene_selection(scene));
    selection_init(&same, wanted.n);
    uint32_t *code_of = xcalloc(same.n + 1, sizeof *code_of);
    scene_codes(scene, code_of);
    for (size_t i = 0; i < same.n; i++)
        if (code_of[i] == code)
            selection_put(&same, i, true);
    free(code_of);
    size_t before = wanted.count;
    selection_unite(&wanted, &same);
    if (wanted.count == before) /* all were in: out with them */
        selection_flip(&wanted, &same);
    selection_release(&same);
    selection_change(scene, &wanted);
    char what[80];
    snprintf(what, sizeof what, "%s %s%s: ", l->number ? l->title : scene_column_name(scene, l->column),
             l->number ? "from " : "", l->name[code]);
    say_selected(scene, what, post);
}

static void select_same(struct scene *scene, const struct post *post)
{
    int64_t row = scene_row(scene, scene->choice.item);
    uint32_t code = scene_code(scene, scene->choice.item);
    if (code == UINT32_MAX)
        say(post, false, row < 0 ? "no item to go by: arrows pick one" : "this item has no value here");
    else
        select_value(scene, code, post);
}

void select_none(struct scene *scene, const struct post *post)
{
    struct selection none;
    selection_init(&none, scene_selection(scene)->n);
    selection_change(scene, &none);
    say(post, false, "nothing is selected   u: undo");
}

/* Takes `these` over. */
static void show_only(struct scene *scene, struct selection *these, const struct post *post)
{
    selection_release(&scene->shown);
    scene->shown = *these;
    scene->choice.isolated = true;
    char some[32], all[32];
    say(post, false, "only %s of %s are shown   o: all", format_count(scene->shown.count, some),
        format_count((unsigned)scene_items(scene), all));
}

static void only_these(struct scene *scene, const struct post *post)
{
    struct choice *c = &scene->choice;
    if (c->isolated) {
        c->isolated = false;
        say(post, false, "all are shown");
        return;
    }
    if (scene_selection(scene)->count == 0)
        select_same(scene, post);
    if (scene_selection(scene)->count == 0)
        return;
    struct selection these;
    selection_copy(&these, scene_selection(scene));
    show_only(scene, &these, post);
}

/* Fills `set` with what the line means; false if there is nothing to take: then it has been said. */
static bool set_of_line(struct scene *scene, const char *word, const char *line, struct selection *set,
                        const struct post *post)
{
    struct matcher matcher;
    struct err err;
    if (strcmp(line, "/") == 0)
        line = scene->choice.search;
    if (!*line || !matcher_init(&matcher, scene, line, &err)) {
        say(post, true, "%s: %s", word,
            *line ? err.text : "which? for example shape == star, or all, none, invert");
        return false;
    }
    bool ready = matcher_ready(&matcher);
    if (ready)
        matcher_all(&matcher, set);
    else
        line_waits(scene, word, line, post);
    matcher_release(&matcher);
    return ready;
}

void select_line(struct scene *scene, const char *line, const struct post *post)
{
    struct selection wanted;
    bool all = strcmp(line, "all") == 0, invert = strcmp(line, "invert") == 0;
    if (strcmp(line, "none") == 0) {
        select_none(scene, post);
        return;
    }
    if (all || invert) {
        selection_copy(&wanted, scene_selection(scene));
        if (all)
            selection_clear(&wanted);
        selection_invert(&wanted);
    } else if (!set_of_line(scene, "select", line, &wanted, post)) {
        return;
    }
    selection_change(scene, &wanted);
    say_selected(scene, "", post);
}

void only_line(struct scene *scene, const char *line, const struct post *post)
{
    struct selection these;
    if (!set_of_line(scene, "only", line, &these, post))
        return;
    if (these.count > 0) {
        show_only(scene, &these, post);
        return;
    }
    say(post, true, "nothing on the map matches %s", line);
    selection_release(&these);
}

void name_selection(struct scene *scene, const char *name, const struct post *post)
{
    struct screen *s = screen_state(scene);
    int at = 0;
    bool plain = *name && strlen(name) < NAME_SIZE && strcspn(name, " ()\"=!<>~@/") == strlen(name);
    while (at < s->n_named && strcmp(s->named[at].name, name) != 0)
        at++;
    if (!plain || strcmp(name, "selected") == 0 || strcmp(name, "marked") == 0)
        say(post, true, "name: one word of at most %d letters, which @word then recalls", NAME_SIZE - 1);
    else if (at == NAMED_MAX)
        say(post, true, "name: there are %d already; :forget one", NAMED_MAX);
    else if (scene_selection(scene)->count == 0)
        say(post, true, "name: nothing is selected");
    else {
        struct named *named = &s->named[at];
        s->n_named += at == s->n_named;
        snprintf(named->name, sizeof named->name, "%s", name);
        selection_release(&named->set);
        selection_copy(&named->set, scene_selection(scene));
        say(post, false, "%zu kept as @%s; :select @%s brings them back", named->set.count, name, name);
    }
}

void forget_selection(struct scene *scene, const char *name, const struct post *post)
{
    struct screen *s = screen_state(scene);
    int at = 0;
    name += *name == '@';
    while (at < s->n_named && strcmp(s->named[at].name, name) != 0)
        at++;
    if (at == s->n_named) {
        say(post, true, "forget: there is no selection of the name %.40s", name);
        return;
    }
    selection_release(&s->named[at].set);
    memmove(s->named + at, s->named + at + 1, (size_t)(s->n_named - at - 1) * sizeof *s->named);
    s->n_named--;
    say(post, false, "@%s is forgotten", name);
}

void line_waits(struct scene *scene, const char *word, const char *rest, const struct post *post)
{
    struct screen *s = screen_state(scene);
    snprintf(s->waiting, sizeof s->waiting, "%s %s", word, rest);
    say(post, false,
        scene_matching(scene) < 0 ? "a moment: the numbers this asks for are being computed"
                                  : "a moment: the items are being looked through");
}

void line_goes_on(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    char line[sizeof s->waiting];
    for (int q = 0; q < QUANTITY_COUNT; q++)
        if (s->asked_numbers >> q & 1 && !scene_values_known(scene, q))
            return;
    if (ranking_awaited(scene) || scene_matching(scene) >= 0)
        return;
    memcpy(line, s->waiting, sizeof line);
    s->waiting[0] = '\0';
    command_run(scene, line, post);
}

bool act_select(struct scene *scene, enum action action, const struct post *post)
{
    switch (action) {
    case ACTION_SELECT: toggle_item(scene, post); return true;
    case ACTION_SELECT_SAME: select_same(scene, post); return true;
    case ACTION_ONLY: only_these(scene, post); return true;
    case ACTION_BOX: area_begin(scene, post); return true;
    case ACTION_MARK: mark_open(scene, post); return true;
    case ACTION_EXPORT: export_open(scene, post); return true;
    default: return false;
    }
}
