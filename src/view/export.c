/* SPDX-License-Identifier: MIT
 *
 * e and :export FILE WHAT: what is written, in which order; the session writes it.
 */
#include "base/check.h"
#include "base/strbuf.h"
#include "view/act.h"
#include "view/facts.h"
#include "view/mark.h"
#include "view/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEAREST = 50 };

static bool highlighted_pair(struct scene *scene, struct pair_ref *pair)
{
    const struct view *view = view_at((size_t)scene->choice.view);
    return view->pair && view->pair(scene, pair) && pair->a >= 0 && pair->b >= 0;
}

void export_open(struct scene *scene, const struct post *post)
{
    struct pair_ref pair;
    char line[64];
    int64_t row = scene_row(scene, scene->choice.item);
    if (!post->export || scene_items(scene) == 0)
        say(post, true, "there is nothing to export yet");
    else if (scene_selection(scene)->count > 0)
        overlay_open(scene, OVERLAY_COMMAND, "export selected.csv selected");
    else if (highlighted_pair(scene, &pair))
        overlay_open(scene, OVERLAY_COMMAND, "export pair.csv pair");
    else if (row < 0)
        overlay_open(scene, OVERLAY_COMMAND, "export all.csv all");
    else { /* of which item: the file is looked at when the screen is gone */
        snprintf(line, sizeof line, "export near-%lld.csv near %d", (long long)row, NEAREST);
        overlay_open(scene, OVERLAY_COMMAND, line);
    }
}

/* The file, in quotes where it has blanks; the rest is lent. False if there is none or it is too long. */
static bool split_file(const char *line, char path[200], const char **rest)
{
    bool quoted = *line == '"';
    size_t n = strcspn(line + quoted, quoted ? "\"" : " ");
    if (n == 0 || n >= 200)
        return false;
    snprintf(path, 200, "%.*s", (int)n, line + quoted);
    *rest = line + quoted + n + (quoted && line[quoted + n] == '"');
    *rest += strspn(*rest, " ");
    return true;
}

/* The members of a set, or all for NULL; owned. */
static uint32_t *members(const struct selection *set, size_t n, size_t *count)
{
    uint32_t *item = xcalloc(n + 1, sizeof *item);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (!set || selection_has(set, i))
            item[(*count)++] = (uint32_t)i;
    return item;
}

static uint32_t *pair_items(struct scene *scene, const struct pair_ref *pair, size_t *count)
{
    uint32_t *item = xcalloc(2, sizeof *item);
    *count = 0;
    for (int i = 0; i < scene_items(scene) && *count < 2; i++)
        if (scene_row(scene, i) == pair->a || scene_row(scene, i) == pair->b)
            item[(*count)++] = (uint32_t)i;
    return item;
}

/* "near 50": 50 where no number stands there, 0 for anything else. */
static size_t nearest_of(const char *what)
{
    long k = NEAREST;
    what += strlen("near");
    if (*what && (*what != ' ' || !text_to_long(what + 1, &k) || k < 1))
        return 0;
    return (size_t)k;
}

/* Fills the order with its items, owned by the caller; NULL where `what` is nothing: then it has been said.
 */
static uint32_t *items_of(struct scene *scene, const char *what, struct export_order *order,
                          const struct post *post)
{
    struct pair_ref pair;
    size_t n = (size_t)scene_items(scene);
    const struct selection *selected = scene_selection(scene);
    bool shown = !*what && selected->count == 0 && scene->choice.isolated;
    if (strcmp(what, "all") == 0 || (!*what && selected->count == 0))
        return members(shown ? &scene->shown : NULL, n, &order->n);
    if ((strcmp(what, "selected") == 0 || !*what) && selected->count > 0)
        return members(selected, n, &order->n);
    if (strcmp(what, "pair") == 0 && highlighted_pair(scene, &pair))
        return pair_items(scene, &pair, &order->n);
    order->n = strncmp(what, "near", 4) == 0 ? nearest_of(what) : 0;
    order->nearest = order->n > 0 && scene->choice.item >= 0;
    if (!order->nearest) {
        say(post, true, "export %s: there is no such thing here; selected, all, pair, near 50 or marks",
            what);
        return NULL;
    }
    uint32_t *item = xcalloc(1, sizeof *item);
    item[0] = (uint32_t)scene->choice.item;
    return item;
}

/* What the map is coloured by goes with them. */
static float *values_of(struct scene *scene, const struct export_order *order)
{
    const float *all = scene_values(scene, scene->choice.quantity);
    if (!all || order->nearest)
        return NULL;
    float *value = xcalloc(order->n + 1, sizeof *value);
    for (size_t i = 0; i < order->n; i++)
        value[i] = all[order->item[i]];
    return value;
}

void export_line(struct scene *scene, const char *line, const struct post *post)
{
    struct export_order order = {.over = *line == '!'};
    const char *what = "";
    line += order.over;
    line += strspn(line, " ");
    if (!post->export || !split_file(line, order.path, &what)) {
        say(post, true,
            "export to which file? FILE.csv: attributes, FILE.npy: embeddings, FILE.png: pictures");
        return;
    }
    order.marks = strcmp(what, "marks") == 0;
    order.of_step = !scene->elsewhere || scene->past || (scene->now && scene->now->step > 0);
    uint32_t *item = order.marks ? NULL : items_of(scene, what, &order, post);
    if (!item && !order.marks)
        return;
    order.item = item;
    float *value = order.marks ? NULL : values_of(scene, &order);
    order.value = value;
    order.value_name = value ? quantity_entry((enum quantity)scene->choice.quantity)->name : NULL;
    post->export(post->ctx, &order);
    free(item);
    free(value);
}
