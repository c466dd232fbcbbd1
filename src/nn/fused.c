/* SPDX-License-Identifier: MIT */
#include "nn/fused.h"

#include "nn/norm.h"

#include <stdio.h>
#include <string.h>

extern const struct layer_kind layer_norm, layer_relu, layer_pool, layer_conv, layer_gap, layer_avg;

enum { FEW_CHANNELS = 4 };

/* ---- relu(scale x + shift), the same expression forward and backward ---- */

static inline real relu(real x)
{
    return x > 0 ? x : 0;
}

static void activate(size_t points, size_t channels, const real *restrict scale_shift, const real *restrict x,
                     real *restrict y)
{
    const real *restrict scale = scale_shift, *restrict shift = scale_shift + channels;
    for (size_t p = 0; p < points; p++, x += channels, y += channels)
        for (size_t c = 0; c < channels; c++)
            y[c] = relu(scale[c] * x[c] + shift[c]);
}

static void activate_backward(size_t points, size_t channels, const real *restrict scale_shift,
                              const real *restrict x, const real *restrict dy, real *restrict dx)
{
    const real *restrict scale = scale_shift, *restrict shift = scale_shift + channels;
    for (size_t p = 0; p < points; p++, x += channels, dy += channels, dx += channels)
        for (size_t c = 0; c < channels; c++) {
            real g = dy[c];
            dx[c] = scale[c] * x[c] + shift[c] > 0 ? g : 0;
        }
}

/* ---- the same with the 2x2 maximum after it; `below`: reals from a row of x to the next ---- */

static void pool_row(size_t columns, size_t channels, size_t below, const real *restrict scale_shift,
                     const real *restrict x, real *restrict y)
{
    const real *restrict scale = scale_shift, *restrict shift = scale_shift + channels;
    for (size_t i = 0; i < columns; i++, x += 2 * channels, y += channels)
        for (size_t c = 0; c < channels; c++) {
            real v = scale[c] * x[c] + shift[c], w = scale[c] * x[channels + c] + shift[c];
            real s = scale[c] * x[below + c] + shift[c], t = scale[c] * x[below + channels + c] + shift[c];
            real top = v >= w ? v : w, low = s >= t ? s : t;
            y[c] = relu(top >= low ? top : low);
        }
}

/* The gradient of a window goes to the first of its maxima, and nowhere when relu has cut it. */
static void unpool_row(size_t columns, size_t channels, size_t below, const real *restrict scale_shift,
                       const real *restrict x, const real *restrict dy, real *restrict dx)
{
    const real *restrict scale = scale_shift, *restrict shift = scale_shift + channels;
    for (size_t i = 0; i < columns; i++, x += 2 * channels, dx += 2 * channels, dy += channels)
        for (size_t c = 0; c < channels; c++) {
            real v = scale[c] * x[c] + shift[c], w = scale[c] * x[channels + c] + shift[c];
            real s = scale[c] * x[below + c] + shift[c], t = scale[c] * x[below + channels + c] + shift[c];
            real top = v >= w ? v : w, low = s >= t ? s : t, best = top >= low ? top : low;
            /* Factors of 0 and 1 instead of branches, which the compiler would not make vectors of. */
            real g = dy[c] * (real)(best > 0), g_top = g * (real)(top >= low), g_low = g - g_top;
            dx[c] = g_top * (real)(v >= w);
            dx[channels + c] = g_top - dx[c];
            dx[below + c] = g_low * (real)(s >= t);
            dx[below + channels + c] = g_low - dx[below + c];
        }
}

/* ---- one image ---- */

static bool pools(const struct layer *layer)
{
    return layer->out.height != layer->in.height;
}

static void after_norm(const struct layer *layer, const real *scale_shift, const real *x, real *y)
{
    size_t channels = (size_t)layer->in.channels, below = (size_t)layer->in.width * channels;
    size_t points = (size_t)layer->in.height * (size_t)layer->in.width, columns = (size_t)layer->out.width;
    if (!pools(layer)) {
        activate(points, channels, scale_shift, x, y);
        return;
    }
    for (size_t row = 0; row < (size_t)layer->out.height; row++)
        pool_row(columns, channels, below, scale_shift, x + 2 * row * below, y + row * columns * channels);
}

static void before_norm(const struct layer *layer, const real *scale_shift, const real *x, const real *dy,
                        real *dx)
{
    size_t channels = (size_t)layer->in.channels, below = (size_t)layer->in.width * channels;
    size_t points = (size_t)layer->in.height * (size_t)layer->in.width, columns = (size_t)layer->out.width;
    if (!pools(layer)) {
        activate_backward(points, channels, scale_shift, x, dy, dx);
        return;
    }
    if (layer->in.height % 2 || layer->in.width % 2)
        memset(dx, 0, points * channels * sizeof *dx);
    for (size_t row = 0; row < (size_t)layer->out.height; row++)
        unpool_row(columns, channels, below, scale_shift, x + 2 * row * below, dy + row * columns * channels,
                   dx + 2 * row * below);
}

static void fused_forward(const struct layer *layer, struct pass *pass)
{
    size_t in = shape_size(layer->in), out = shape_size(layer->out);
    for (size_t i = 0; i < pass->n; i++) {
        norm_begin_image(layer, pass, i);
        after_norm(layer, pass->scratch, pass->x + i * in, pass->y + i * out);
    }
}

static void fused_backward(const struct layer *layer, struct pass *pass)
{
    size_t in = shape_size(layer->in), out = shape_size(layer->out);
    for (size_t i = 0; i < pass->n; i++) {
        real *dx = pass->dx + i * in;
        norm_again(layer, pass, i, pass->scratch);
        before_norm(layer, pass->scratch, pass->x + i * in, pass->dy + i * out, dx);
        norm_backward_image(layer, pass, i, dx, dx);
    }
}

static void fused_print(const struct layer *layer, char *text, size_t size)
{
    char norm[32];
    layer_norm.print(layer, norm, sizeof norm);
    snprintf(text, size, "%s, relu%s", norm, pools(layer) ? ", pool" : "");
}

static const struct layer_kind layer_fused = {
    .entry = {"norm, relu", "Layers worked as one.", NULL},
    .print = fused_print,
    .forward = fused_forward,
    .backward = fused_backward,
};

size_t layer_fuse(struct layer *first, size_t n)
{
    if (n < 2 || first[0].kind != &layer_norm || first[1].kind != &layer_relu)
        return 1;
    size_t used = n > 2 && first[2].kind == &layer_pool ? 3 : 2;
    first->kind = &layer_fused;
    first->out = first[used - 1].out;
    return used;
}

bool layer_pairs(const struct layer *first, const struct layer *second)
{
    if (first->kind == &layer_conv)
        return second->kind == &layer_fused && first->in.channels <= FEW_CHANNELS;
    return first->kind == &layer_fused && (second->kind == &layer_gap || second->kind == &layer_avg);
}
