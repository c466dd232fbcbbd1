/* SPDX-License-Identifier: MIT
 *
 * Lists of the probe's whole graph of neighbours, beside each other in the near view: whose neighbours
 * changed most, who is in nobody's list (anti-hubs), who is in most (hubs). Screen thread.
 */
#ifndef NF_VIEW_GRAPH_H
#define NF_VIEW_GRAPH_H

#include "view/pen.h"
#include "view/view.h"

enum graph_list { GRAPH_UNSTABLE, GRAPH_ANTI_HUBS, GRAPH_HUBS, GRAPH_LISTS };

/* The answer at hand, or NULL. */
const struct graph_result *graph_of(const struct scene *scene);
/* The items of a list (at most GRAPH_LISTED), in the answer's memory; how many. */
int graph_items(const struct scene *scene, enum graph_list list, const uint32_t **item);
/* Heading, rows, and a line about all items below. `row` is highlighted; -1: another list is walked. */
void graph_draw(struct scene *scene, const struct pen *pen, enum graph_list list, int row);
int graph_foot(enum graph_list list); /* lines below its rows */
/* Of a row of the hubs: "412 in 31 of 1 000 lists", of the first how steady that is. There is an answer. */
void graph_hub_words(const struct scene *scene, int row, char *text, size_t size);

/* "; item 3, a red star (0.97)" of the first few, then a full stop. */
void say_items(struct scene *scene, const uint32_t *item, size_t n, const float *value, struct strbuf *out);
void graph_words(struct scene *scene, struct strbuf *out);

#endif
