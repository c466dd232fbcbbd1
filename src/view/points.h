/* SPDX-License-Identifier: MIT
 *
 * The map's points as they are drawn now: between the map before and the newest, coloured, zoomed. Made for
 * one draw or one key and released by its maker. Screen thread.
 */
#ifndef NF_VIEW_POINTS_H
#define NF_VIEW_POINTS_H

#include "view/legend.h"
#include "view/view.h"

struct points {
    struct scatter scatter; /* its arrays are ours */
    float *x, *y;
    uint32_t *code;
    uint8_t *hidden, *raised, *picked;
    char letter[LEGEND_CODES + 1];
    struct style style[LEGEND_CODES];
    size_t not_finite;
};

/* False (nothing to release) while there is no map. */
bool points_make(struct points *points, struct scene *scene, struct rect rect);
void points_release(struct points *points);

enum scatter_mode points_mode(const struct scene *scene, const struct points *points, struct rect rect);

/* The item next to `item` towards (dx, dy), screen directions: (1, 0) right, (0, 1) down; itself if none. */
int points_towards(const struct points *points, int item, int dx, int dy);

#endif
