/* SPDX-License-Identifier: MIT
 *
 * Global pooling: `gap` gives each channel's average and, after all averages, each channel's maximum; `avg`
 * the average alone. The average tells how much there is of something, the maximum whether it is there at
 * all.
 */
#include "nn/words.h"

#include <stdio.h>
#include <string.h>

static size_t points_of(const struct layer *layer)
{
    return (size_t)layer->in.height * (size_t)layer->in.width;
}

static void average(size_t points, size_t channels, const real *restrict x, real *restrict y)
{
    memset(y, 0, channels * sizeof *y);
    for (size_t p = 0; p < points; p++)
        for (size_t c = 0; c < channels; c++)
            y[c] += x[p * channels + c];
    const real each = (real)1 / (real)points;
    for (size_t c = 0; c < channels; c++)
        y[c] *= each;
}

static void average_backward(size_t points, size_t channels, const real *restrict dy, real *restrict dx)
{
    const real each = (real)1 / (real)points;
    for (size_t p = 0; p < points; p++)
        for (size_t c = 0; c < channels; c++)
            dx[p * channels + c] = each * dy[c];
}

/* `where`: the point of each maximum, the first of equals. */
static void maximum(size_t points, size_t channels, const real *restrict x, real *restrict y,
                    real *restrict where)
{
    memcpy(y, x, channels * sizeof *y);
    memset(where, 0, channels * sizeof *where);
    for (size_t p = 1; p < points; p++)
        for (size_t c = 0; c < channels; c++) {
            real v = x[p * channels + c];
            where[c] = v > y[c] ? (real)p : where[c];
            y[c] = v > y[c] ? v : y[c];
        }
}

static void gap_forward(const struct layer *layer, struct pass *pass)
{
    size_t points = points_of(layer), channels = (size_t)layer->in.channels;
    for (size_t i = 0; i < pass->n; i++) {
        const real *x = pass->x + i * points * channels;
        real *y = pass->y + i * 2 * channels;
        average(points, channels, x, y);
        maximum(points, channels, x, y + channels, pass->cache + i * channels);
    }
}

static void gap_backward(const struct layer *layer, struct pass *pass)
{
    if (!pass->dx)
        return;
    size_t points = points_of(layer), channels = (size_t)layer->in.channels;
    for (size_t i = 0; i < pass->n; i++) {
        real *dx = pass->dx + i * points * channels;
        const real *dy = pass->dy + i * 2 * channels, *where = pass->cache + i * channels;
        average_backward(points, channels, dy, dx);
        for (size_t c = 0; c < channels; c++)
            dx[(size_t)where[c] * channels + c] += dy[channels + c];
    }
}

static void avg_forward(const struct layer *layer, struct pass *pass)
{
    size_t points = points_of(layer), channels = (size_t)layer->in.channels;
    for (size_t i = 0; i < pass->n; i++)
        average(points, channels, pass->x + i * points * channels, pass->y + i * channels);
}

static void avg_backward(const struct layer *layer, struct pass *pass)
{
    size_t points = points_of(layer), channels = (size_t)layer->in.channels;
    for (size_t i = 0; pass->dx && i < pass->n; i++)
        average_backward(points, channels, pass->dy + i * channels, pass->dx + i * points * channels);
}

static bool global_setup(struct layer *layer, const char *text, const char *usage, int parts, struct err *err)
{
    struct words words;
    struct words_rule rule = {usage, .max_numbers = 0};
    layer->out = (struct shape){1, 1, parts * layer->in.channels};
    return words_parse(text, &rule, &words, err);
}

static bool gap_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                      struct err *err)
{
    (void)prefix, (void)params;
    layer->cache_reals = (size_t)layer->in.channels;
    return global_setup(layer, text, "gap", 2, err);
}

static bool avg_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                      struct err *err)
{
    (void)prefix, (void)params;
    return global_setup(layer, text, "avg", 1, err);
}

static void global_print(const struct layer *layer, char *text, size_t size)
{
    snprintf(text, size, "%s", layer->kind->entry.name);
}

const struct layer_kind layer_gap = {
    .entry = {"gap", "Average and maximum of each channel over the whole map, one after the other: gap.",
              NULL},
    .setup = gap_setup,
    .print = global_print,
    .forward = gap_forward,
    .backward = gap_backward,
};

const struct layer_kind layer_avg = {
    .entry = {"avg", "Average of each channel over the whole map: avg.", NULL},
    .setup = avg_setup,
    .print = global_print,
    .forward = avg_forward,
    .backward = avg_backward,
};
