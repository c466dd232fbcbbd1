/* SPDX-License-Identifier: MIT
 *
 * Points to places of a grid: the loop over all points of a scatter plot, vectorisable, by itself so that it
 * is built with the kernels' flags. Pure.
 */
#ifndef NF_UI_GRID_H
#define NF_UI_GRID_H

#include <stddef.h>
#include <stdint.h>

struct grid {
    float left, top;              /* map coordinates of the upper left corner; y grows upwards */
    float per_unit_x, per_unit_y; /* places per map unit */
    int width, height;            /* in places; width * height <= INT32_MAX */
};

/* place[i] = row * width + column of point i, or -1 outside of the grid (also for NaN). */
void grid_places(const struct grid *grid, const float *x, const float *y, size_t n, int32_t *place);

#endif
