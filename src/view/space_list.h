/* SPDX-License-Identifier: MIT
 *
 * The nearest in h, z, the pixels and the untrained net, beside each other in the near view, and what those
 * of one space are made of. Screen thread.
 */
#ifndef NF_VIEW_SPACE_LIST_H
#define NF_VIEW_SPACE_LIST_H

#include "view/pen.h"
#include "view/view.h"

/* The answer at hand, or NULL. */
const struct spaces_result *spaces_answer(struct scene *scene);
/* Can there be such a space here? A table has none but h, and that of its first step where there are several;
 * pixels where there are pictures. */
bool space_can(const struct scene *scene, int space);
/* Heading and rows, the highlighted one if this list is walked; what is new and what was lost marked. */
void space_list_draw(struct scene *scene, const struct pen *pen, int space);
/* By attribute, with the lift over the base rate: the item's own values first, then what else is frequent. */
void made_of_draw(struct scene *scene, const struct pen *pen);

#endif
