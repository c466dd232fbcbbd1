/* SPDX-License-Identifier: MIT
 *
 * GroupNorm (Wu & He 2018): each image's channels in groups, every group to mean 0 and variance 1 over its
 * channels and all points, then a scale and shift for each channel.
 *   xhat = (x - mean) rstd,  y = gamma xhat + beta,  rstd = 1 / sqrt(variance + 1e-5)
 *   dx = rstd (gamma dy - mean_g(gamma dy) - xhat mean_g(gamma dy xhat)),  mean_g over the group
 */
#include "nn/norm.h"

#include "nn/mask.h"
#include "nn/words.h"

#include <stdio.h>

enum { GAMMA, BETA };
enum { DEFAULT_GROUPS = 4, ROWS = 6 }; /* ROWS of channels in the scratch, then the seen points */

/* The statistics of image i, as forward leaves them in the cache. */
static struct channels_norm statistics(const struct layer *layer, const struct pass *pass, size_t i)
{
    size_t groups = (size_t)layer->argument[0];
    const real *mean = pass->cache + i * 2 * groups;
    return (struct channels_norm){.points = (size_t)layer->in.height * (size_t)layer->in.width,
                                  .channels = (size_t)layer->in.channels,
                                  .groups = groups,
                                  .mean = mean,
                                  .rstd = mean + groups,
                                  .gamma = layer_tensor(layer, pass, GAMMA)};
}

void norm_again(const struct layer *layer, const struct pass *pass, size_t i, real *scale_shift)
{
    struct channels_norm norm = statistics(layer, pass, i);
    channels_affine(&norm, layer_tensor(layer, pass, BETA), scale_shift);
}

void norm_begin_image(const struct layer *layer, const struct pass *pass, size_t i)
{
    size_t channels = (size_t)layer->in.channels, groups = (size_t)layer->argument[0];
    size_t points = (size_t)layer->in.height * (size_t)layer->in.width;
    const real *x = pass->x + i * shape_size(layer->in);
    real *mean = pass->cache + i * 2 * groups, *room = pass->scratch, *seen = room + ROWS * channels;
    if (pass->mask) {
        points = mask_gather(pass->mask, i, layer->in, x, seen);
        x = seen;
    }
    channels_moments(points, channels, groups, x, room, mean, mean + groups);
    norm_again(layer, pass, i, pass->scratch);
}

void norm_backward_image(const struct layer *layer, const struct pass *pass, size_t i, const real *dy,
                         real *dx)
{
    size_t channels = (size_t)layer->in.channels;
    const real *x = pass->x + i * shape_size(layer->in);
    real *sums = pass->scratch, *coefficients = sums + 3 * channels;
    struct channels_norm norm = statistics(layer, pass, i), counted = norm;
    channels_gradient_sums(&norm, x, dy, sums);
    add_reals(layer_grad(layer, pass, BETA), sums, channels);
    add_reals(layer_grad(layer, pass, GAMMA), sums + channels, channels);
    if (!dx)
        return;
    if (pass->mask) /* hidden points moved no mean */
        counted.points = mask_gather(pass->mask, i, layer->in, NULL, NULL);
    channels_gradient_coefficients(&counted, sums, coefficients);
    channels_gradient(&norm, coefficients, x, dy, dx);
}

static void norm_forward(const struct layer *layer, struct pass *pass)
{
    size_t size = shape_size(layer->in), channels = (size_t)layer->in.channels;
    for (size_t i = 0; i < pass->n; i++) {
        norm_begin_image(layer, pass, i);
        channels_apply(size / channels, channels, pass->scratch, pass->x + i * size, pass->y + i * size);
    }
}

static void norm_backward(const struct layer *layer, struct pass *pass)
{
    size_t size = shape_size(layer->in);
    for (size_t i = 0; i < pass->n; i++)
        norm_backward_image(layer, pass, i, pass->dy + i * size, pass->dx ? pass->dx + i * size : NULL);
}

static const struct words_rule rule = {"norm [GROUPS]", .max_numbers = 1};

static bool norm_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                       struct err *err)
{
    struct words words;
    if (!words_parse(text, &rule, &words, err))
        return false;
    int groups = words.n_numbers ? words.number[0] : DEFAULT_GROUPS, channels = layer->in.channels;
    if (channels % groups)
        return err_set(err, "%d channels cannot be cut into %d groups of the same size", channels, groups);
    layer->argument[0] = groups;
    layer->out = layer->in;
    layer_add_tensor(layer, params, prefix, "scale", (int[4]){channels}, TENSOR_BIAS, INIT_ONE, 1);
    layer_add_tensor(layer, params, prefix, "shift", (int[4]){channels}, TENSOR_BIAS, INIT_ZERO, 1);
    layer->cache_reals = 2 * (size_t)groups;
    layer->scratch_fixed = ROWS * (size_t)channels + shape_size(layer->in);
    return true;
}

static void norm_print(const struct layer *layer, char *text, size_t size)
{
    if (layer->argument[0] == DEFAULT_GROUPS)
        snprintf(text, size, "norm");
    else
        snprintf(text, size, "norm %d", layer->argument[0]);
}

const struct layer_kind layer_norm = {
    .entry = {"norm", "GroupNorm with 4 groups unless said otherwise: norm [GROUPS].", NULL},
    .setup = norm_setup,
    .print = norm_print,
    .forward = norm_forward,
    .backward = norm_backward,
};
