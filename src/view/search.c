/* SPDX-License-Identifier: MIT
 *
 * The search: to the next item that a typed line means, and how many there are while it is typed.
 */
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/matcher.h"
#include "view/pairs.h"
#include "view/ranking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTED_WHILE_TYPING = 100000 };

/* The nearest match from `from` on (itself included) in probe order, around the end; -1 if none. */
static int find(struct matcher *matcher, int from, int direction, int *count)
{
    int n = (int)matcher->asks.items.n, found = -1;
    *count = 0;
    for (int k = 0; k < n; k++) {
        int item = ((from + direction * k) % n + n) % n;
        if (!matcher_matches(matcher, (size_t)item))
            continue;
        found = found < 0 ? item : found;
        ++*count;
    }
    return found;
}

/* What could be searched instead of a text that is in no item: of the name of a number or column a
 * comparison, else what there is to search by. */
static void say_what_can(const struct scene *scene, const char *text, const struct post *post)
{
    int q = quantity_find(text), c = dataset_find_column(scene->data, text);
    if (q != NO_QUANTITY)
        say(post, true, "%s is a number (%s): search %s > VALUE; c colours by it", text,
            quantity_entry((enum quantity)q)->unit, text);
    else if (dataset_is_category(scene->data, c))
        say(post, true, "%s is a column: search %s == %s or another value", text, text,
            scene->data->column[c].value[0]);
    else if (c != NO_COLUMN)
        say(post, true, "%s is a column of numbers: search %s > VALUE", text, text);
    else
        say(post, true, "no item says %.24s: / takes words, shape == x, hub > 10; Tab lists the names", text);
}

/* ---- an item by its number ---- */

/* "1001", "item 1001", "item == 1001": the row of the data that is meant; -1: none. */
static int64_t row_typed(const char *line)
{
    static const char name[] = "item";
    line += strncmp(line, name, sizeof name - 1) == 0 ? strspn(line + 4, " =") + 4 : 0;
    size_t digits = strspn(line, "0123456789");
    return digits > 0 && digits < 10 && line[digits] == '\0' ? strtol(line, NULL, 10) : -1;
}

static int item_of_row(const struct scene *scene, int64_t row)
{
    for (int i = 0; i < scene_items(scene); i++)
        if (scene_row(scene, i) == row)
            return i;
    return NO_ITEM;
}

/* Is it known to be one that is trained on? */
static bool is_trained_on(const struct snapshot *now, int64_t row)
{
    bool found = false;
    for (size_t i = 0; i < now->n_bank && !found; i++)
        found = now->bank_item[i] == (uint32_t)row;
    for (size_t i = 0; i < now->n_batch && !found; i++)
        found = now->batch_item[i] == (uint32_t)row;
    return found;
}

/* "410, 413": the items on the map whose numbers are next to that one. */
static const char *numbers_beside(const struct scene *scene, int64_t row, char text[48])
{
    int64_t below = -1, above = -1;
    for (int i = 0; i < scene_items(scene); i++) {
        int64_t there = scene_row(scene, i);
        if (there < row && there > below)
            below = there;
        if (there > row && (above < 0 || there < above))
            above = there;
    }
    if (below >= 0 && above >= 0)
        snprintf(text, 48, "%lld, %lld", (long long)below, (long long)above);
    else
        snprintf(text, 48, "%lld", (long long)(below >= 0 ? below : above));
    return text;
}

/* An item that is not on the map is said to be so, with those that are; where it trains, the view of pairs
 * shows its own. */
static void not_on_map(struct scene *scene, int64_t row, const struct post *post)
{
    char near[48];
    bool pairs = scene->choice.view == ACTION_VIEW_PAIRS - ACTION_VIEW_MAP && scene->now->n_batch > 0;
    bool trained = is_trained_on(scene->now, row);
    const char *what = trained ? "is a training item; on the map are" : "is not on the map:";
    numbers_beside(scene, row, near);
    if (scene_items(scene) == 0)
        say(post, true, "there is no item yet");
    else if (row >= (int64_t)scene->data->n)
        say(post, true, "there is no item %lld: the data has %zu, the last on the map is %s", (long long)row,
            scene->data->n, near);
    else if (scene->elsewhere || !scene->data->pixels)
        say(post, true, "item %lld is not on the map, which shows %d of %zu: next to it %s", (long long)row,
            scene_items(scene), scene->data->n, near);
    else if (!pairs)
        say(post, true, "item %lld %s %s%s. 2, then /%lld shows its pairs", (long long)row, what, near,
            trained ? "" : " are", (long long)row);
    else
        pairs_of_item(scene, (uint32_t)row, NO_ITEM);
}

void item_by_row(struct scene *scene, int64_t row, const struct post *post)
{
    int item = item_of_row(scene, row);
    if (item != NO_ITEM)
        item_put(scene, item);
    else
        not_on_map(scene, row, post);
}

static void go(struct scene *scene, struct matcher *matcher, int from, int direction, const struct post *post)
{
    int count, item = find(matcher, from, direction, &count);
    const char *how = matcher->predicate || matcher->is_regex ? "" : "the text ";
    bool quoted = *scene->choice.search == '"'; /* would rank where captions are learned from */
    int64_t row = row_typed(scene->choice.search);
    bool absent = row >= 0 && item_of_row(scene, row) == NO_ITEM;
    if (item < 0 && row >= 0 && !absent) { /* "item 412" stands in no text */
        item = item_of_row(scene, row);
        count = 1;
    }
    if (item < 0) {
        if (absent)
            not_on_map(scene, row, post);
        else if (quoted)
            say(post, true,
                "nothing on the map matches %s as letters; no text encoder here: clip and siglip have one, "
                "with "
                "their data",
                scene->choice.search);
        else if (matcher->predicate)
            say(post, true, "no item has %s", scene->choice.search);
        else
            say_what_can(scene, scene->choice.search, post);
        return;
    }
    char tail[64] = ":select / takes all";
    if (absent)
        snprintf(tail, sizeof tail, "item %lld is not on the map", (long long)row);
    else if (quoted)
        snprintf(tail, sizeof tail, "as letters: no text encoder here (clip, siglip with data)");
    say(post, false, "%d of %d match %s%s   n N: next, previous   %s", count, scene_items(scene), how,
        scene->choice.search, tail);
    item_put(scene, item);
}

static void rank(struct scene *scene, int direction, const struct post *post)
{
    if (!ranking_go(scene, direction, post))
        line_waits(scene, "search", scene->choice.search, post);
}

static void search(struct scene *scene, int from, int direction, const struct post *post)
{
    struct matcher matcher;
    struct err err;
    if (scene_items(scene) == 0)
        return;
    if (!matcher_init(&matcher, scene, scene->choice.search, &err)) {
        say(post, true, "%s", err.text);
        return;
    }
    if (matcher_ready(&matcher))
        go(scene, &matcher, from, direction, post);
    else
        line_waits(scene, "search", scene->choice.search, post);
    matcher_release(&matcher);
}

/* At the item whose number it is, else at the one looked at. */
static int begin_at(const struct scene *scene, const char *pattern)
{
    int item = item_of_row(scene, row_typed(pattern));
    return item != NO_ITEM ? item : scene->choice.item < 0 ? 0 : scene->choice.item;
}

void search_start(struct scene *scene, const char *pattern, const struct post *post)
{
    if (!*pattern)
        return;
    snprintf(scene->choice.search, sizeof scene->choice.search, "%s", pattern);
    if (ranking_meant(scene, pattern))
        rank(scene, 0, post);
    else
        search(scene, begin_at(scene, pattern), 1, post);
}

void search_next(struct scene *scene, int direction, const struct post *post)
{
    if (!*scene->choice.search)
        say(post, false, "nothing searched yet: / begins");
    else if (ranking_meant(scene, scene->choice.search))
        rank(scene, direction, post);
    else
        search(scene, scene->choice.item + direction, direction, post);
}

bool search_count(struct scene *scene, const char *line, char *text, size_t size)
{
    struct matcher matcher;
    struct err err;
    int count;
    text[0] = '\0';
    if (!*line || scene_items(scene) == 0 || scene_items(scene) > COUNTED_WHILE_TYPING)
        return true;
    if (ranking_meant(scene, line)) {
        snprintf(text, size, "all, by similarity");
        return true;
    }
    if (!matcher_init(&matcher, scene, line, &err)) {
        snprintf(text, size, "%s", err.text);
        return false;
    }
    if (matcher_ready(&matcher)) {
        find(&matcher, 0, 1, &count);
        snprintf(text, size, "%d of %d", count, scene_items(scene));
    }
    matcher_release(&matcher);
    return true;
}
