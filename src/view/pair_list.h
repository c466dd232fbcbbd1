/* SPDX-License-Identifier: MIT
 *
 * The lists of view 2: which rows are shown, sorted and filtered as chosen, and how they are drawn. What keys
 * do there is in view_pairs.c. Screen thread.
 */
#ifndef NF_VIEW_PAIR_LIST_H
#define NF_VIEW_PAIR_LIST_H

#include "view/pen.h"
#include "view/rows.h"
#include "view/view.h"

enum { PAIR_LIST_WIDE = 62 /* cells of a list that has room for all its numbers */ };

/* As they are called where a method pushes the pictures of a batch apart. */
extern const char *const pair_list_names[PAIR_LISTS];
/* As it is called here: of the first list whose it is, where that is not the item looked at: "item 1305"; no
 * negative where there are none. */
const char *pair_list_name(const struct scene *scene, int list, char text[32]);

/* Can there be such a list here? Where nothing trains no views are drawn, a table has no batch, and one step
 * no step before it. */
bool pair_list_can(const struct scene *scene, int list);
extern const struct lists pair_lists;

/* The answer to the list that is chosen; NULL: not yet. Rows below are in its memory. */
const struct pairs_result *pair_list_answer(const struct scene *scene);
/* The rows shown, in their order; how many. */
int pair_list_rows(const struct scene *scene, const struct pair_row *row[PAIRS_LISTED]);
const struct pair_row *pair_list_at(const struct scene *scene); /* the highlighted one, or NULL */
const char *pair_list_why_empty(const struct scene *scene);

/* The verdict on an item's negatives, what the columns are, the rows. */
void pair_list_draw(struct scene *scene, const struct pen *pen);
int pair_list_top(const struct scene *scene); /* lines that the verdict takes */

#endif
