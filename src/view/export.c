/* SPDX-License-Identifier: MIT
 *
 * e and :export FILE WHAT: what is written, in which order; the session writes it.
 */
#include "base/check.h"
#include "base/strbuf.h"
#include "view/act.h"
#include "view/command.h"
#include "view/facts.h"
#include "view/mark.h"
#include "view/nearest.h"
#include "view/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NEAREST = 50 };

static bool highlighted_pair(struct scene *scene, struct pair_ref *pair)
{
    const struct view *view = view_at((size_t)scene->choice.view);
    return view->pair && view->pair(scene, pair) && pair->a >= 0 && pair->b >= 0;
}

/* Nearest to what, and how, as the screen lists it: the near view has its own say, all others show the item's
 * by cosine in h. */
static void ask_as_shown(struct scene *scene, struct export_order *order)
{
    const struct near_choice *near = &scene->choice.near;
    struct spaces_question *q = &order->nearest.spaces;
    order->nearest.kind = REQUEST_SPACES;
    q->of = NEAR_ITEM;
    q->item = scene->choice.item;
    if (scene->choice.view != (int)(ACTION_VIEW_NEAR - ACTION_VIEW_MAP))
        return;
    q->metric = (enum metric)near->metric;
    q->space = near->list < SPACE_KINDS ? (enum space_kind)near->list : (enum space_kind)near->space;
    q->item = NO_ITEM;
    nearest_ask(scene, &order->nearest);
    if (q->of == NEAR_TEXT) /* it lies in one space alone */
        q->space = scene->n_queries ? SPACE_H : SPACE_Z;
}

/* "STEM.csv", or "STEM-2.csv" and so on where that file or what is said of it (FILE.json) is there already.
 */
static void free_name(const char *stem, char file[64])
{
    enum { TRIES = 1000 };
    char about[64 + sizeof ".json"];
    snprintf(file, 64, "%s.csv", stem);
    for (int i = 2; i < TRIES; i++) {
        snprintf(about, sizeof about, "%s.json", file);
        if (access(file, F_OK) != 0 && access(about, F_OK) != 0)
            return;
        snprintf(file, 64, "%s-%d.csv", stem, i);
    }
}

static void offer(struct scene *scene, const char *stem, const char *what)
{
    char file[64], tail[64];
    free_name(stem, file);
    snprintf(tail, sizeof tail, " %s", what);
    line_propose(scene, "export ", file, tail);
}

/* The line says all of it, so that what will be written can be read and changed before. */
static void offer_nearest(struct scene *scene)
{
    char stem[40], what[40];
    struct export_order order = {.n = 0};
    ask_as_shown(scene, &order);
    const struct spaces_question *q = &order.nearest.spaces;
    if (q->of == NEAR_ITEM)
        snprintf(stem, sizeof stem, "near-%lld", (long long)scene_row(scene, q->item));
    else
        snprintf(stem, sizeof stem, "near-%s", q->of == NEAR_SET ? "selected" : "text");
    snprintf(what, sizeof what, "near %d %s %s", NEAREST, space_words[q->space], metric_words[q->metric]);
    offer(scene, stem, what);
}

void export_open(struct scene *scene, const struct post *post)
{
    struct pair_ref pair;
    if (!post->export || scene_items(scene) == 0)
        say(post, true, "there is nothing to export yet");
    else if (scene_selection(scene)->count > 0)
        offer(scene, "selected", "selected");
    else if (highlighted_pair(scene, &pair))
        offer(scene, "pair", "pair");
    else if (scene_row(scene, scene->choice.item) < 0)
        offer(scene, "all", "all");
    else
        offer_nearest(scene);
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

/* ---- what of it: "near 50 z euclidean" ---- */

static bool next_word(const char **rest, char word[16])
{
    size_t n = strcspn(*rest, " ");
    snprintf(word, 16, "%.*s", (int)(n < 15 ? n : 15), *rest);
    *rest += n + strspn(*rest + n, " ");
    return n > 0;
}

static int place_of(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    return -1;
}

/* The words behind what is exported: a space, and of the nearest a metric. */
static bool read_manner(const char *rest, struct export_order *order)
{
    char word[16];
    while (next_word(&rest, word)) {
        int space = place_of(word, space_words, SPACE_KINDS);
        int metric = place_of(word, metric_words, ARRAY_LEN(metric_words));
        if (space >= 0)
            order->nearest.spaces.space = (enum space_kind)space;
        else if (metric >= 0 && order->near)
            order->nearest.spaces.metric = (enum metric)metric;
        else
            return false;
    }
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

/* "50 h cosine": 50 where no number stands there. False: there is nothing they could be near to. */
static bool read_nearest(struct scene *scene, const char **rest, struct export_order *order)
{
    long k = NEAREST, most = scene_items(scene);
    char word[16];
    const char *after = *rest;
    if (next_word(&after, word) && text_to_long(word, &k))
        *rest = after;
    ask_as_shown(scene, order);
    order->near = k >= 1 && (order->nearest.spaces.of != NEAR_ITEM || scene->choice.item >= 0);
    order->n = (size_t)(k < most ? k : most);
    order->nearest.spaces.k = (int)order->n;
    return order->near;
}

/* Its items, owned; NULL where it names its items otherwise, or is no such thing. */
static uint32_t *items_of(struct scene *scene, const char *what, struct export_order *order)
{
    struct pair_ref pair;
    size_t n = (size_t)scene_items(scene);
    const struct selection *selected = scene_selection(scene);
    bool any = !*what, chosen = selected->count > 0;
    if (strcmp(what, "all") == 0 || (any && !chosen))
        return members(any && scene->choice.isolated ? &scene->shown : NULL, n, &order->n);
    if ((strcmp(what, "selected") == 0 || any) && chosen)
        return members(selected, n, &order->n);
    if (strcmp(what, "pair") == 0 && highlighted_pair(scene, &pair))
        return pair_items(scene, &pair, &order->n);
    return NULL;
}

/* Reads what is asked for into the order; false where it is nothing. Its items are owned by the caller. */
static bool read_what(struct scene *scene, const char *rest, struct export_order *order, uint32_t **item)
{
    char what[16] = "";
    const char *manner = rest;
    next_word(&manner, what);
    order->marks = strcmp(what, "marks") == 0;
    if (order->marks)
        return !*manner;
    if (strcmp(what, "near") == 0)
        return read_nearest(scene, &manner, order) && read_manner(manner, order);
    if (place_of(what, space_words, SPACE_KINDS) >= 0) { /* of whatever is meant */
        what[0] = '\0';
        manner = rest;
    }
    *item = items_of(scene, what, order);
    return *item && read_manner(manner, order);
}

/* "most similar to 412 by cosine in h": what it is near to, and how. */
static void nearness(struct scene *scene, const struct export_order *order, char whom[96], char how[64])
{
    const struct spaces_question *q = &order->nearest.spaces;
    if (q->of == NEAR_ITEM)
        snprintf(whom, 96, "%lld", (long long)scene_row(scene, q->item));
    else
        snprintf(whom, 96, "%s", q->of == NEAR_TEXT ? q->text : "the selected");
    snprintf(how, 64, "by %s in %s", metric_words[q->metric], space_words[q->space]);
}

/* What a line that is being typed would write of which step: the longest wording that has room. */
void export_words(struct scene *scene, const char *line, int room, char *text, size_t size)
{
    char name[40], path[200], whom[96], how[64], step[40] = "";
    const char *what = "", *rest = line_split(line, name);
    struct export_order order = {.n = 0};
    uint32_t *item = NULL;
    text[0] = '\0';
    if (strncmp(name, "export", 6) != 0 || !split_file(rest, path, &what))
        return;
    if (scene_has_steps(scene))
        snprintf(step, sizeof step, "step %llu",
                 (unsigned long long)(scene->meant ? scene->meant : scene->now)->step);
    bool fine = read_what(scene, what, &order, &item);
    free(item);
    if (!fine || !order.near) {
        snprintf(text, size, "%s%s", *step ? "of " : "", step);
        return;
    }
    nearness(scene, &order, whom, how);
    const char *like = order.nearest.spaces.metric == METRIC_COSINE ? "most similar" : "nearest";
    const char *comma = *step ? ", " : "";
    snprintf(text, size, "the %zu %s to %s %s%s%s", order.n, like, whom, how, comma, step);
    if (text_width(text) > room)
        snprintf(text, size, "%s to %s %s%s%s", like, whom, how, comma, step);
    if (text_width(text) > room)
        snprintf(text, size, "to %s %s%s%s", whom, how, comma, step);
    if (text_width(text) > room)
        snprintf(text, size, "to %s%s%s", whom, comma, step);
}

void export_line(struct scene *scene, const char *line, const struct post *post)
{
    struct export_order order = {.over = *line == '!'};
    const char *what = "";
    uint32_t *item = NULL;
    line += order.over;
    line += strspn(line, " ");
    if (!post->export || !split_file(line, order.path, &what)) {
        say(post, true,
            "export to which file? FILE.csv: attributes, FILE.npy: embeddings, FILE.png: pictures");
        return;
    }
    order.of_step = scene_has_steps(scene);
    bool fine = read_what(scene, what, &order, &item);
    order.item = item;
    if (fine && item && scene->choice.quantity != NO_QUANTITY)
        order.values = values_request(scene, 1U << scene->choice.quantity);
    if (fine)
        post->export(post->ctx, &order);
    else
        say(post, true, "export %s: there is no such thing here; selected, all, pair, near 50 or marks",
            what);
    free(item);
}
