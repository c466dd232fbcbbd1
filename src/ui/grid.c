/* SPDX-License-Identifier: MIT */
#include "ui/grid.h"

#include <float.h>
#include <math.h>

void grid_cells(const struct grid *grid, const float *restrict x, const float *restrict y, size_t n,
                int32_t *restrict cell, uint8_t *restrict dot)
{
    const int across = grid->log_across, down = grid->log_down;
    const float kx = grid->columns_per_unit * (float)(1 << across);
    const float ky = grid->rows_per_unit * (float)(1 << down);
    const float left = grid->left, top = grid->top;
    const float width = (float)(grid->width << across), height = (float)(grid->height << down);
    const int32_t stride = grid->width;
    for (size_t i = 0; i < n; i++) {
        float u = (x[i] - left) * kx, v = (top - y[i]) * ky;
        int inside = (u >= 0) & (u < width) & (v >= 0) & (v < height);
        /* a cast of what is outside is undefined: it becomes 0 first */
        int32_t column = (int32_t)(inside ? u : 0), row = (int32_t)(inside ? v : 0);
        int32_t at = (row >> down) * stride + (column >> across);
        cell[i] = inside ? at : -1;
        dot[i] = (uint8_t)((row & ((1 << down) - 1)) << across | (column & ((1 << across) - 1)));
    }
}

/* Several running extents side by side: what the compiler keeps in one vector register. */
enum { LANES = 16 };

struct lanes {
    float low[LANES], high[LANES];
};

static void widen(struct lanes *lanes, const float *restrict value, const float *restrict other, int n)
{
    for (int l = 0; l < n; l++) {
        float v = value[l];
        int finite = (fabsf(v) <= FLT_MAX) & (fabsf(other[l]) <= FLT_MAX);
        lanes->low[l] = (finite & (v < lanes->low[l])) ? v : lanes->low[l];
        lanes->high[l] = (finite & (v > lanes->high[l])) ? v : lanes->high[l];
    }
}

static void along(const float *value, const float *other, size_t n, float *low, float *high)
{
    struct lanes lanes;
    for (int l = 0; l < LANES; l++) {
        lanes.low[l] = INFINITY;
        lanes.high[l] = -INFINITY;
    }
    size_t whole = n - n % LANES;
    for (size_t i = 0; i < whole; i += LANES)
        widen(&lanes, value + i, other + i, LANES);
    widen(&lanes, value + whole, other + whole, (int)(n - whole));
    *low = INFINITY;
    *high = -INFINITY;
    for (int l = 0; l < LANES; l++) {
        *low = fminf(*low, lanes.low[l]);
        *high = fmaxf(*high, lanes.high[l]);
    }
}

struct extent grid_extent(const float *x, const float *y, size_t n)
{
    struct extent extent;
    along(x, y, n, &extent.x_low, &extent.x_high);
    along(y, x, n, &extent.y_low, &extent.y_high);
    return extent;
}
