/* SPDX-License-Identifier: MIT
 *
 * Convolution on (height, width, channels) maps, zeros around, as matrix products made a few rows at a time,
 * KERNEL_ROWS output points each. Weights are (kernel, kernel, in, out) = (K, N).
 *   forward   Y = patches(X) W: patches of a few points are gathered into a small matrix that stays in the
 *             first-level cache; with few channels they are read from a bordered map as they lie
 *   backward  dW += patches(X)' dY: conv_weights.c
 *             dX = the patches of dY W' added where they were taken from
 */
#include "nn/conv.h"

#include "base/check.h"
#include "nn/channels.h"
#include "nn/kernel.h"
#include "nn/words.h"

#include <stdio.h>

enum { WEIGHT, BIAS };

static struct conv conv_of(const struct layer *layer)
{
    struct conv c = {
        .kernel = (size_t)layer->argument[1],
        .stride = (size_t)layer->argument[2],
        .pad = (size_t)layer->argument[1] / 2,
        .height = (size_t)layer->in.height,
        .width = (size_t)layer->in.width,
        .channels = (size_t)layer->in.channels,
        .out_height = (size_t)layer->out.height,
        .out_width = (size_t)layer->out.width,
        .out = (size_t)layer->out.channels,
    };
    c.points = c.out_height * c.out_width;
    c.depth = c.kernel * c.kernel * c.channels;
    return c;
}

/* Reals from one patch to the next: an odd number of cache lines, or the rows of a patch matrix would share a
 * cache set. */
static size_t patch_step(const struct conv *c)
{
    return kernel_round_up(c->depth, 32) + 16;
}

/* ---- rows of reals ---- */

static void copy_reals(real *to, const real *from, size_t n)
{
    size_t i = 0;
    for (; i + KERNEL_LANES <= n; i += KERNEL_LANES)
        *(kernel_loose *)(to + i) = *(const kernel_loose *)(from + i);
    for (; i < n; i++)
        to[i] = from[i];
}

static void zero_reals(real *to, size_t n)
{
    size_t i = 0;
    for (; i + KERNEL_LANES <= n; i += KERNEL_LANES)
        *(kernel_loose *)(to + i) = (kernel_vec){0};
    for (; i < n; i++)
        to[i] = 0;
}

/* ---- maps and patches ---- */

void conv_border(const struct conv *c, const real *restrict map, size_t first, size_t count,
                 real *restrict bordered)
{
    size_t row = conv_bordered_row(c, count);
    CHECK(count == c->channels || count == KERNEL_OUTER);
    zero_reals(bordered, c->pad * row);
    bordered += c->pad * row;
    for (size_t y = 0; y < c->height; y++) {
        zero_reals(bordered, c->pad * count);
        bordered += c->pad * count;
        if (count == c->channels) {
            copy_reals(bordered, map, c->width * count);
            map += c->width * c->channels;
            bordered += c->width * count;
        } else {
            for (size_t x = 0; x < c->width; x++, map += c->channels, bordered += KERNEL_OUTER)
                for (size_t i = 0; i < KERNEL_OUTER; i++)
                    bordered[i] = map[first + i];
        }
        zero_reals(bordered, c->pad * count);
        bordered += c->pad * count;
    }
    zero_reals(bordered, c->pad * row);
}

/* Where one output point's patch meets the map: kernel columns first..last (exclusive) of kernel row ky lie
 * at map offset `at`; first == last when the row is outside. */
struct span {
    size_t first, last, at;
};

static struct span span_of(const struct conv *c, size_t y, size_t x, size_t ky)
{
    size_t row = y * c->stride + ky; /* counted from -pad */
    if (row < c->pad || row >= c->height + c->pad)
        return (struct span){0};
    size_t left = x * c->stride;
    struct span span = {.first = left < c->pad ? c->pad - left : 0, .last = c->kernel};
    if (left + c->kernel > c->width + c->pad)
        span.last = c->width + c->pad - left;
    span.at = ((row - c->pad) * c->width + left + span.first - c->pad) * c->channels;
    return span;
}

static void gather(const struct conv *c, const real *map, size_t point, real *patch)
{
    size_t y = point / c->out_width, x = point % c->out_width, row = c->kernel * c->channels;
    for (size_t ky = 0; ky < c->kernel; ky++, patch += row) {
        struct span s = span_of(c, y, x, ky);
        size_t before = s.first * c->channels, filled = (s.last - s.first) * c->channels;
        zero_reals(patch, before);
        copy_reals(patch + before, map + s.at, filled);
        zero_reals(patch + before + filled, row - before - filled);
    }
}

static void scatter_add(const struct conv *c, const real *patch, size_t point, real *map)
{
    size_t y = point / c->out_width, x = point % c->out_width, row = c->kernel * c->channels;
    for (size_t ky = 0; ky < c->kernel; ky++, patch += row) {
        struct span s = span_of(c, y, x, ky);
        add_reals(map + s.at, patch + s.first * c->channels, (s.last - s.first) * c->channels);
    }
}

/* ---- forward ---- */

static void add_bias(const struct layer *layer, const struct pass *pass, size_t points)
{
    const real *bias = layer_tensor(layer, pass, BIAS);
    size_t out = (size_t)layer->out.channels;
    for (size_t p = 0; p < points; p++)
        add_reals(pass->y + p * out, bias, out);
}

/* Few channels: a row of the kernel is one run of neighbours in the bordered map, and the points of a tile
 * lie in one row of the output. */
static void forward_direct(const struct conv *c, const struct pass *pass, const real *packed, real *bordered)
{
    size_t row = conv_bordered_row(c, c->channels);
    struct kernel_depth depth = {c->kernel, c->kernel * c->channels, row};
    for (size_t p = 0; p < pass->n * c->points; p += c->out_width) {
        size_t y = p / c->out_width % c->out_height;
        if (y == 0)
            conv_border(c, pass->x + p / c->points * c->height * c->width * c->channels, 0, c->channels,
                        bordered);
        for (size_t x = 0; x < c->out_width; x += KERNEL_ROWS) {
            size_t rows = c->out_width - x < KERNEL_ROWS ? c->out_width - x : KERNEL_ROWS;
            const real *a = bordered + y * c->stride * row + x * c->stride * c->channels;
            kernel_multiply(rows, c->out, &depth, a, c->stride * c->channels, packed,
                            pass->y + (p + x) * c->out, c->out);
        }
    }
}

static void forward_patches(const struct conv *c, const struct pass *pass, const real *packed, real *patches)
{
    size_t points = pass->n * c->points, step = patch_step(c);
    struct kernel_depth depth = {1, c->depth, 0};
    for (size_t p = 0; p < points; p += KERNEL_ROWS) {
        size_t rows = points - p < KERNEL_ROWS ? points - p : KERNEL_ROWS;
        for (size_t i = 0; i < rows; i++) {
            const real *map = pass->x + (p + i) / c->points * c->height * c->width * c->channels;
            gather(c, map, (p + i) % c->points, patches + i * step);
        }
        kernel_multiply(rows, c->out, &depth, patches, step, packed, pass->y + p * c->out, c->out);
    }
}

/* A gathered patch must be worth its copying. */
static bool direct(const struct conv *c)
{
    return c->channels % KERNEL_OUTER != 0;
}

static void conv_forward(const struct layer *layer, struct pass *pass)
{
    struct conv c = conv_of(layer);
    real *packed = pass->scratch, *room = packed + kernel_packed_size(c.depth, c.out);
    kernel_pack(c.depth, c.out, layer_tensor(layer, pass, WEIGHT), c.out, packed);
    if (direct(&c))
        forward_direct(&c, pass, packed, room);
    else
        forward_patches(&c, pass, packed, room);
    if (!layer->bare)
        add_bias(layer, pass, pass->n * c.points);
}

/* ---- backward ---- */

static void input_backward(const struct layer *layer, const struct conv *c, struct pass *pass)
{
    size_t points = pass->n * c->points, step = patch_step(c), in = shape_size(layer->in);
    struct kernel_depth depth = {1, c->out, 0};
    real *packed = pass->scratch, *patches = packed + kernel_packed_size(c->out, c->depth);
    real *last = patches + KERNEL_ROWS * step; /* the rows left over, with room to read a whole tile */
    kernel_pack_transposed(c->out, c->depth, layer_tensor(layer, pass, WEIGHT), c->out, c->out, 0, packed);
    zero_reals(pass->dx, pass->n * in);
    for (size_t p = 0; p < points; p += KERNEL_ROWS) {
        size_t rows = points - p < KERNEL_ROWS ? points - p : KERNEL_ROWS;
        const real *dy = pass->dy + p * c->out;
        if (rows < KERNEL_ROWS) {
            copy_reals(last, dy, rows * c->out);
            zero_reals(last + rows * c->out, (KERNEL_ROWS - rows) * c->out);
            dy = last;
        }
        kernel_multiply(rows, c->depth, &depth, dy, c->out, packed, patches, step);
        for (size_t i = 0; i < rows; i++)
            scatter_add(c, patches + i * step, (p + i) % c->points, pass->dx + (p + i) / c->points * in);
    }
}

static void conv_backward(const struct layer *layer, struct pass *pass)
{
    struct conv c = conv_of(layer);
    conv_weights(&c, pass->n, pass->x, pass->dy, layer_grad(layer, pass, WEIGHT), pass->scratch);
    for (size_t p = 0; !layer->bare && p < pass->n * c.points; p++)
        add_reals(layer_grad(layer, pass, BIAS), pass->dy + p * c.out, c.out);
    if (pass->dx)
        input_backward(layer, &c, pass);
}

/* ---- text ---- */

static const struct words_rule rule = {"conv CHANNELS [KERNEL] [/STRIDE]", .min_numbers = 1, .max_numbers = 2,
                                       .stride = true};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Room for a tile that reads over the end of the last row. */
static size_t direct_size(const struct conv *c)
{
    return conv_bordered_points(c) * c->channels + (KERNEL_ROWS * c->stride + c->kernel) * c->channels;
}

static void conv_sizes(struct layer *layer)
{
    struct conv c = conv_of(layer);
    size_t tile = KERNEL_ROWS * (patch_step(&c) + c.out);
    size_t forward = kernel_packed_size(c.depth, c.out) + (direct(&c) ? direct_size(&c) : tile);
    size_t backward = kernel_packed_size(c.out, c.depth) + tile;
    layer->scratch_fixed = larger(conv_weights_scratch(&c), larger(forward, backward));
    layer->flops = 2 * c.points * c.depth * c.out;
}

static bool conv_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                       struct err *err)
{
    struct words words;
    if (!words_parse(text, &rule, &words, err))
        return false;
    int kernel = words.n_numbers > 1 ? words.number[1] : 3;
    if (kernel != 1 && kernel != 3 && kernel != 5)
        return err_set(err, "kernel %d: 1, 3 or 5 are possible", kernel);
    layer->argument[0] = words.number[0];
    layer->argument[1] = kernel;
    layer->argument[2] = words.stride;
    layer->out = (struct shape){(layer->in.height - 1) / words.stride + 1,
                                (layer->in.width - 1) / words.stride + 1, words.number[0]};
    size_t depth = (size_t)(kernel * kernel) * (size_t)layer->in.channels;
    if (!layer_weights_fit(depth, (size_t)layer->out.channels, err))
        return false;
    layer_add_tensor(layer, params, prefix, "weight",
                     (int[4]){kernel, kernel, layer->in.channels, layer->out.channels}, TENSOR_WEIGHT,
                     INIT_HE, depth);
    if (!layer->bare)
        layer_add_tensor(layer, params, prefix, "bias", (int[4]){layer->out.channels}, TENSOR_BIAS, INIT_ZERO,
                         depth);
    conv_sizes(layer);
    return true;
}

static void conv_print(const struct layer *layer, char *text, size_t size)
{
    char kernel[16] = "", stride[16] = "";
    if (layer->argument[1] != 3)
        snprintf(kernel, sizeof kernel, " %d", layer->argument[1]);
    if (layer->argument[2] != 1)
        snprintf(stride, sizeof stride, " /%d", layer->argument[2]);
    snprintf(text, size, "conv %d%s%s", layer->argument[0], kernel, stride);
}

const struct layer_kind layer_conv = {
    .entry =
        {"conv",
         "Convolution of C channels, 3x3 unless said otherwise, zeros around: conv C [KERNEL] [/STRIDE].",
         NULL},
    .setup = conv_setup,
    .print = conv_print,
    .forward = conv_forward,
    .backward = conv_backward,
};
