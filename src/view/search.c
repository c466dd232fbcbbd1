/* SPDX-License-Identifier: MIT
 *
 * The search: to the next item that a typed line means, and how many there are while it is typed.
 */
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/matcher.h"
#include "view/ranking.h"

#include <stdio.h>
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

static void go(struct scene *scene, struct matcher *matcher, int from, int direction, const struct post *post)
{
    int count, item = find(matcher, from, direction, &count);
    const char *how = matcher->predicate || matcher->is_regex ? "" : "the text ";
    bool quoted = *scene->choice.search == '"'; /* would rank where captions are learned from */
    if (item < 0) {
        if (quoted)
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
    say(post, false, "%d of %d match %s%s   n N: next, previous   %s", count, scene_items(scene), how,
        scene->choice.search,
        quoted ? "as letters: no text encoder here (clip, siglip with data)" : ":select / takes all");
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

void search_start(struct scene *scene, const char *pattern, const struct post *post)
{
    if (!*pattern)
        return;
    snprintf(scene->choice.search, sizeof scene->choice.search, "%s", pattern);
    if (ranking_meant(scene, pattern))
        rank(scene, 0, post);
    else
        search(scene, scene->choice.item < 0 ? 0 : scene->choice.item, 1, post);
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
