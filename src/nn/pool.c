/* SPDX-License-Identifier: MIT
 *
 * 2x2 max-pool with stride 2; an odd last row or column is left out. The gradient goes to the first of equal
 * maxima.
 */
#include "nn/words.h"

#include <stdio.h>
#include <string.h>

/* The four corners of a window, (channels) each. */
struct window {
    size_t a, b, c, d;
};

static struct window window_at(const struct layer *layer, size_t y, size_t x)
{
    size_t width = (size_t)layer->in.width, channels = (size_t)layer->in.channels;
    size_t a = (2 * y * width + 2 * x) * channels, below = a + width * channels;
    return (struct window){a, a + channels, below, below + channels};
}

static void pool_window(size_t channels, const real *restrict map, struct window w, real *restrict y)
{
    for (size_t i = 0; i < channels; i++) {
        real top = map[w.a + i] >= map[w.b + i] ? map[w.a + i] : map[w.b + i];
        real low = map[w.c + i] >= map[w.d + i] ? map[w.c + i] : map[w.d + i];
        y[i] = top >= low ? top : low;
    }
}

static void pool_forward(const struct layer *layer, struct pass *pass)
{
    size_t channels = (size_t)layer->in.channels;
    real *y = pass->y;
    for (size_t i = 0; i < pass->n; i++)
        for (size_t row = 0; row < (size_t)layer->out.height; row++)
            for (size_t column = 0; column < (size_t)layer->out.width; column++, y += channels)
                pool_window(channels, pass->x + i * shape_size(layer->in), window_at(layer, row, column), y);
}

static void unpool_window(size_t channels, const real *restrict map, struct window w, const real *restrict dy,
                          real *restrict dx)
{
    for (size_t i = 0; i < channels; i++) {
        real a = map[w.a + i], b = map[w.b + i], c = map[w.c + i], d = map[w.d + i], g = dy[i];
        real top = a >= b ? a : b, low = c >= d ? c : d;
        real g_top = top >= low ? g : 0, g_low = top >= low ? 0 : g;
        dx[w.a + i] = a >= b ? g_top : 0;
        dx[w.b + i] = a >= b ? 0 : g_top;
        dx[w.c + i] = c >= d ? g_low : 0;
        dx[w.d + i] = c >= d ? 0 : g_low;
    }
}

static void pool_backward(const struct layer *layer, struct pass *pass)
{
    if (!pass->dx)
        return;
    size_t channels = (size_t)layer->in.channels, size = shape_size(layer->in);
    const real *dy = pass->dy;
    if (layer->in.height % 2 || layer->in.width % 2)
        memset(pass->dx, 0, pass->n * size * sizeof *pass->dx);
    for (size_t i = 0; i < pass->n; i++)
        for (size_t row = 0; row < (size_t)layer->out.height; row++)
            for (size_t column = 0; column < (size_t)layer->out.width; column++, dy += channels)
                unpool_window(channels, pass->x + i * size, window_at(layer, row, column), dy,
                              pass->dx + i * size);
}

static const struct words_rule rule = {"pool", .max_numbers = 0};

static bool pool_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                       struct err *err)
{
    (void)prefix, (void)params;
    struct words words;
    if (!words_parse(text, &rule, &words, err))
        return false;
    if (layer->in.height < 2 || layer->in.width < 2)
        return err_set(err, "the map is %d x %d here: too small to halve", layer->in.height, layer->in.width);
    layer->out = (struct shape){layer->in.height / 2, layer->in.width / 2, layer->in.channels};
    return true;
}

static void pool_print(const struct layer *layer, char *text, size_t size)
{
    (void)layer;
    snprintf(text, size, "pool");
}

const struct layer_kind layer_pool = {
    .entry = {"pool", "The largest of each 2x2, half the height and width: pool.", NULL},
    .setup = pool_setup,
    .print = pool_print,
    .forward = pool_forward,
    .backward = pool_backward,
};
