/* SPDX-License-Identifier: MIT
 *
 * Which items a typed line means: a predicate (data/predicate.h) where it has the form of one, text where it
 * stands in quotes, else a regular expression over an item's caption and its name=value; a pattern that is
 * none counts as text. Made for one key or one draw; screen thread.
 */
#ifndef NF_VIEW_MATCHER_H
#define NF_VIEW_MATCHER_H

#include "base/strbuf.h"
#include "data/predicate.h"
#include "view/state.h"

#include <regex.h>

/* What a predicate can ask of a scene; lent by it until the next key. */
struct scene_asks {
    struct items items;
    struct item_number number[QUANTITY_COUNT];
    struct item_set set[NAMED_MAX + 2]; /* the last two are @selected and @marked */
    struct selection marked;
};
void scene_asks(struct scene *scene, struct scene_asks *asks);
void scene_asks_release(struct scene_asks *asks);

struct matcher {
    struct scene *scene;
    struct scene_asks asks;
    struct predicate *predicate; /* or NULL: then one of these two */
    bool is_regex;
    regex_t regex;
    char text[200];
    struct strbuf row; /* scratch */
};

/* False (nothing to release) and err where a predicate is wrong. */
bool matcher_init(struct matcher *matcher, struct scene *scene, const char *line, struct err *err);
void matcher_release(struct matcher *matcher);
bool matcher_matches(struct matcher *matcher, size_t item);
/* Notes what the line asks for, so that it is computed: quantities, or which items its text stands in. False
 * while that is not there; before it is nothing matches. */
bool matcher_ready(struct matcher *matcher);
/* Of many items some at a time: goes on for so many seconds with what was asked last, and says whether there
 * is more to do. Only while somebody waits for it. */
bool scene_match(struct scene *scene, double seconds);
/* Share of the items that are looked through, 0..1; -1: nothing is. */
double scene_matching(const struct scene *scene);
/* All that match, over the items of the probe. */
void matcher_all(struct matcher *matcher, struct selection *set);

#endif
