/* SPDX-License-Identifier: MIT
 *
 * Lines on the map from the item looked at to those that the threshold calls the same. Screen thread.
 */
#ifndef NF_VIEW_EDGES_H
#define NF_VIEW_EDGES_H

#include "view/pen.h"
#include "view/view.h"

enum { EDGES_DRAWN = 12 };

struct edges {
    size_t called, same;        /* called the same; of them truly so under the relation */
    size_t n;                   /* of those the nearest, drawn */
    uint32_t item[EDGES_DRAWN]; /* probe items, nearest first */
};
/* False while they are not shown, or not known. */
bool edges_find(const struct scene *scene, struct edges *edges);
/* Below the points: errors in the colour of errors. */
void edges_draw(const struct scene *scene, const struct pen *pen, const struct scatter *scatter);

#endif
