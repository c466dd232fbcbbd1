/* SPDX-License-Identifier: MIT
 *
 * Convolution on (height, width, channels) maps, zeros around, as matrix products made a few rows at a time:
 * the patches of KERNEL_ROWS output points are gathered into a small matrix that stays in the first-level
 * cache and multiplied by the packed weights. Weights are (kernel, kernel, in, out) = (K, N).
 *   forward   Y = patches(X) W
 *   backward  dW += patches(X)' dY, read from X with its border of zeros, without patches, where the channels
 *             fill whole tiles;  dX = the patches of dY W' added where they were taken from
 */
#include "nn/channels.h"
#include "nn/kernel.h"
#include "nn/words.h"

#include <stdio.h>
#include <string.h>

enum { WEIGHT, BIAS };

/* Everything about the geometry that the loops need. */
struct conv {
    size_t kernel, stride, pad;
    size_t height, width, channels;    /* in */
    size_t out_height, out_width, out; /* out: channels */
    size_t depth;                      /* kernel * kernel * channels: a patch */
    size_t patch;                      /* reals between two patches */
};

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
    c.depth = c.kernel * c.kernel * c.channels;
    /* An odd number of cache lines, or rows of a patch matrix would share the same cache set. */
    c.patch = kernel_round_up(c.depth, 32) + 16;
    return c;
}

static size_t points_of(const struct conv *c, size_t n)
{
    return n * c->out_height * c->out_width;
}

/* Patches are not needed for dW where a tile's rows are neighbours in the map. */
static bool reads_map(const struct conv *c)
{
    return c->channels % KERNEL_OUTER == 0;
}

static size_t bordered_size(const struct conv *c)
{
    return (c->height + 2 * c->pad) * (c->width + 2 * c->pad) * c->channels;
}

/* ---- patches ---- */

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

static void conv_forward(const struct layer *layer, struct pass *pass)
{
    struct conv c = conv_of(layer);
    size_t per_image = points_of(&c, 1), points = points_of(&c, pass->n);
    real *packed = pass->scratch, *patches = packed + kernel_packed_size(c.depth, c.out);
    kernel_pack(c.depth, c.out, layer_tensor(layer, pass, WEIGHT), c.out, packed);
    for (size_t p = 0; p < points; p += KERNEL_ROWS) {
        size_t rows = points - p < KERNEL_ROWS ? points - p : KERNEL_ROWS;
        for (size_t i = 0; i < rows; i++) {
            const real *map = pass->x + (p + i) / per_image * shape_size(layer->in);
            gather(&c, map, (p + i) % per_image, patches + i * c.patch);
        }
        kernel_multiply(rows, c.out, c.depth, patches, c.patch, packed, pass->y + p * c.out, c.out);
    }
    if (!layer->bare)
        add_bias(layer, pass, points);
}

/* ---- backward ---- */

/* X with its border of zeros, image after image. */
static void add_border(const struct conv *c, size_t n, const real *x, real *bordered)
{
    size_t row = c->width * c->channels, side = c->pad * c->channels, wide = row + 2 * side;
    for (size_t i = 0; i < n; i++) {
        zero_reals(bordered, c->pad * wide);
        bordered += c->pad * wide;
        for (size_t y = 0; y < c->height; y++, x += row, bordered += wide) {
            zero_reals(bordered, side);
            copy_reals(bordered + side, x, row);
            zero_reals(bordered + side + row, side);
        }
        zero_reals(bordered, c->pad * wide);
        bordered += c->pad * wide;
    }
}

static void weights_from_map(const struct conv *c, size_t n, const real *bordered, const real *dy, size_t ldy,
                             real *dw)
{
    size_t wide = (c->width + 2 * c->pad) * c->channels;
    struct kernel_walk walk = {
        n, c->out_height, c->out_width, bordered_size(c), c->stride * wide, c->stride * c->channels};
    for (size_t j = 0; j < c->out; j += 2 * KERNEL_LANES) { /* dY's columns stay in the cache for all rows */
        size_t columns = c->out - j < 2 * KERNEL_LANES ? c->out - j : 2 * KERNEL_LANES;
        for (size_t k = 0; k < c->depth; k += KERNEL_OUTER) {
            size_t tap = k / c->channels, channel = k % c->channels;
            const real *a = bordered + tap / c->kernel * wide + tap % c->kernel * c->channels + channel;
            kernel_add_outer(&walk, KERNEL_OUTER, columns, a, dy + j, ldy, dw + k * c->out + j, c->out);
        }
    }
}

static void weights_from_patches(const struct conv *c, size_t n, const real *patches, const real *dy,
                                 size_t ldy, real *dw)
{
    struct kernel_walk walk = {1, 1, points_of(c, n), 0, 0, c->patch};
    for (size_t k = 0; k < c->depth; k += KERNEL_OUTER) {
        size_t rows = c->depth - k < KERNEL_OUTER ? c->depth - k : KERNEL_OUTER;
        kernel_add_outer(&walk, rows, c->out, patches + k, dy, ldy, dw + k * c->out, c->out);
    }
}

static void gather_all(const struct conv *c, const struct pass *pass, size_t map_size, real *patches)
{
    for (size_t i = 0; i < pass->n; i++)
        for (size_t p = 0; p < points_of(c, 1); p++, patches += c->patch)
            gather(c, pass->x + i * map_size, p, patches);
}

/* dY with rows of whole registers; dY itself where they are. */
static const real *whole_rows(const struct conv *c, const struct pass *pass, real *room, size_t *ld)
{
    *ld = kernel_round_up(c->out, KERNEL_LANES);
    if (*ld == c->out)
        return pass->dy;
    for (size_t p = 0; p < points_of(c, pass->n); p++) {
        copy_reals(room + p * *ld, pass->dy + p * c->out, c->out);
        zero_reals(room + p * *ld + c->out, *ld - c->out);
    }
    return room;
}

static void weights_backward(const struct layer *layer, const struct conv *c, struct pass *pass)
{
    size_t ldy, room = kernel_round_up(c->out, KERNEL_LANES) == c->out
                           ? 0
                           : points_of(c, pass->n) * kernel_round_up(c->out, KERNEL_LANES);
    const real *dy = whole_rows(c, pass, pass->scratch, &ldy);
    real *x = pass->scratch + room, *dw = layer_grad(layer, pass, WEIGHT);
    if (reads_map(c)) {
        add_border(c, pass->n, pass->x, x);
        weights_from_map(c, pass->n, x, dy, ldy, dw);
    } else {
        gather_all(c, pass, shape_size(layer->in), x);
        weights_from_patches(c, pass->n, x, dy, ldy, dw);
    }
    if (!layer->bare)
        for (size_t p = 0; p < points_of(c, pass->n); p++)
            add_reals(layer_grad(layer, pass, BIAS), pass->dy + p * c->out, c->out);
}

static void input_backward(const struct layer *layer, const struct conv *c, struct pass *pass)
{
    size_t per_image = points_of(c, 1), points = points_of(c, pass->n);
    real *packed = pass->scratch, *patches = packed + kernel_packed_size(c->out, c->depth);
    real *last = patches + KERNEL_ROWS * c->patch; /* the rows left over, with room to read a whole tile */
    kernel_pack_transposed(c->out, c->depth, layer_tensor(layer, pass, WEIGHT), c->out, packed);
    zero_reals(pass->dx, pass->n * shape_size(layer->in));
    for (size_t p = 0; p < points; p += KERNEL_ROWS) {
        size_t rows = points - p < KERNEL_ROWS ? points - p : KERNEL_ROWS;
        const real *dy = pass->dy + p * c->out;
        if (rows < KERNEL_ROWS) {
            copy_reals(last, dy, rows * c->out);
            zero_reals(last + rows * c->out, (KERNEL_ROWS - rows) * c->out);
            dy = last;
        }
        kernel_multiply(rows, c->depth, c->out, dy, c->out, packed, patches, c->patch);
        for (size_t i = 0; i < rows; i++)
            scatter_add(c, patches + i * c->patch, (p + i) % per_image,
                        pass->dx + (p + i) / per_image * shape_size(layer->in));
    }
}

static void conv_backward(const struct layer *layer, struct pass *pass)
{
    struct conv c = conv_of(layer);
    weights_backward(layer, &c, pass);
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

static void conv_sizes(struct layer *layer)
{
    struct conv c = conv_of(layer);
    size_t tile = KERNEL_ROWS * (c.patch + c.out);
    layer->scratch_fixed = tile +
                           larger(kernel_packed_size(c.depth, c.out), kernel_packed_size(c.out, c.depth)) +
                           KERNEL_OUTER; /* the last point's tile may be read whole */
    size_t rows = reads_map(&c) ? bordered_size(&c) : points_of(&c, 1) * c.patch;
    layer->scratch_reals = rows + points_of(&c, 1) * kernel_round_up(c.out, KERNEL_LANES);
    layer->flops = 2 * points_of(&c, 1) * c.depth * c.out;
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
