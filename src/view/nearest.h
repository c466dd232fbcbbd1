/* SPDX-License-Identifier: MIT
 *
 * What the nearest are nearest to: the item looked at, all that is selected, or the text that was searched.
 * Screen thread.
 */
#ifndef NF_VIEW_NEAREST_H
#define NF_VIEW_NEAREST_H

#include "view/view.h"

extern const char *const nearest_to_names[]; /* (NEAR_TO_KINDS) */

/* As chosen; by itself the selected where they are several, then the text, then the item. What is not there
 * (nothing selected, no text searched) falls back to the item. */
enum near_of nearest_of(struct scene *scene);
/* "item 412 a small red flower", "12 selected", "\"small red star\"": strong part, then the rest. */
void nearest_name(struct scene *scene, char what[64], char rest[96]);
/* Fills in what request.spaces and request.set say of it. */
void nearest_ask(struct scene *scene, struct request *request);
/* Is it what this answer is about? */
bool nearest_answered(struct scene *scene, const struct spaces_result *result);
/* Its value of a category, or the most frequent of several; UINT32_MAX: none. */
uint32_t nearest_value(struct scene *scene, int column);

/* "h", "untrained net", by enum space_kind. */
extern const char *const space_names[];
/* The same and enum metric in one word each, as they are typed and written to files. */
extern const char *const space_words[SPACE_KINDS], *const metric_words[2];

#endif
