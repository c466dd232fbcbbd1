/* SPDX-License-Identifier: MIT
 *
 * What the map borrows from the view of pairs. Screen thread.
 */
#ifndef NF_VIEW_PAIRS_H
#define NF_VIEW_PAIRS_H

#include "view/pen.h"
#include "view/view.h"

/* Asks for how the item looked at stands in the last batch. */
void pairs_want_item(struct scene *scene, const struct post *post);
/* The item's two views in the softmax and its hardest negatives; nothing while they are not known. */
void panel_pair_of_item(struct scene *scene, const struct pen *pen);
/* Of the softmax; NaN where the method has none. */
double pairs_temperature(const struct scene *scene);

#endif
