/* SPDX-License-Identifier: MIT
 *
 * Points to cells: the loops over all points of a scatter plot, vectorisable, by themselves so that they are
 * built with the kernels' flags. Pure.
 */
#ifndef NF_UI_GRID_H
#define NF_UI_GRID_H

#include <stddef.h>
#include <stdint.h>

struct grid {
    float left, top; /* map coordinates of the upper left corner; y grows upwards */
    float columns_per_unit, rows_per_unit;
    int width, height;        /* in cells; width * height * dots a cell <= INT32_MAX */
    int log_across, log_down; /* a cell is 2^log_across by 2^log_down dots */
};

/* cell[i] = row * width + column of point i, or -1 outside of the grid (also for NaN); dot[i] = which dot of
 * its cell, row by row. */
void grid_cells(const struct grid *grid, const float *x, const float *y, size_t n, int32_t *cell,
                uint8_t *dot);

struct extent {
    float x_low, x_high, y_low, y_high;
};

/* Over the points both of whose coordinates are finite; low > high if there is none. */
struct extent grid_extent(const float *x, const float *y, size_t n);

#endif
