/* SPDX-License-Identifier: MIT */
#include "ui/grid.h"

void grid_places(const struct grid *grid, const float *restrict x, const float *restrict y, size_t n,
                 int32_t *restrict place)
{
    const float left = grid->left, top = grid->top, kx = grid->per_unit_x, ky = grid->per_unit_y;
    const float width = (float)grid->width, height = (float)grid->height;
    const int32_t stride = grid->width;
    for (size_t i = 0; i < n; i++) {
        float u = (x[i] - left) * kx, v = (top - y[i]) * ky;
        int inside = (u >= 0) & (u < width) & (v >= 0) & (v < height);
        /* a cast of what is outside is undefined: it becomes 0 first */
        int32_t at = (int32_t)(inside ? v : 0) * stride + (int32_t)(inside ? u : 0);
        place[i] = inside ? at : -1;
    }
}
