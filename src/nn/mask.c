/* SPDX-License-Identifier: MIT */
#include "nn/mask.h"

#include <string.h>

/* The first of `points` that lies in cell i or behind it. */
static size_t edge(size_t i, size_t points, size_t cells)
{
    return (i * points + cells - 1) / cells;
}

/* A run of neighbouring points of one cell. */
struct run {
    size_t first, count; /* points of the map */
    bool seen;
};

static struct run run_at(const struct mask *mask, size_t image, struct shape shape, size_t y, size_t cell_x)
{
    size_t height = (size_t)mask->height, width = (size_t)mask->width, across = (size_t)shape.width;
    size_t cell_y = y * height / (size_t)shape.height;
    size_t from = edge(cell_x, across, width), end = edge(cell_x + 1, across, width);
    return (struct run){y * across + from, end - from,
                        mask->seen[(image * height + cell_y) * width + cell_x] != 0};
}

static void fill_points(real *to, size_t points, size_t channels, const real *value)
{
    if (!value) {
        memset(to, 0, points * channels * sizeof *to);
        return;
    }
    for (size_t p = 0; p < points; p++, to += channels)
        memcpy(to, value, channels * sizeof *to);
}

void mask_hide(const struct mask *mask, size_t n, struct shape shape, const real *value, real *map)
{
    size_t channels = (size_t)shape.channels;
    for (size_t i = 0; i < n; i++, map += shape_size(shape))
        for (size_t y = 0; y < (size_t)shape.height; y++)
            for (size_t x = 0; x < (size_t)mask->width; x++) {
                struct run run = run_at(mask, i, shape, y, x);
                if (!run.seen)
                    fill_points(map + run.first * channels, run.count, channels, value);
            }
}

size_t mask_gather(const struct mask *mask, size_t i, struct shape shape, const real *map, real *to)
{
    size_t channels = (size_t)shape.channels, count = 0;
    for (size_t y = 0; y < (size_t)shape.height; y++)
        for (size_t x = 0; x < (size_t)mask->width; x++) {
            struct run run = run_at(mask, i, shape, y, x);
            if (!run.seen)
                continue;
            if (to)
                memcpy(to + count * channels, map + run.first * channels, run.count * channels * sizeof *to);
            count += run.count;
        }
    return count;
}
