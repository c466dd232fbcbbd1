/* SPDX-License-Identifier: MIT
 *
 * BatchNorm (Ioffe & Szegedy 2015) with torch's conventions: biased variance + 1e-5 in the forward pass; the
 * running statistics move by 0.1 towards the batch's mean and *unbiased* variance. In training it looks at
 * the whole batch and so stands in heads only. Running statistics do not move in forward, which is pure, but
 * in settle.
 */
#include "nn/channels.h"
#include "nn/words.h"

#include <math.h>
#include <stdio.h>

enum { GAMMA, BETA, MEAN, VARIANCE };

static size_t rows_of(const struct layer *layer, size_t n)
{
    return n * (size_t)layer->in.height * (size_t)layer->in.width;
}

/* mean and rstd lie at the front of the cache. */
static struct channels_norm statistics(const struct layer *layer, const struct pass *pass)
{
    size_t channels = (size_t)layer->in.channels;
    return (struct channels_norm){.points = rows_of(layer, pass->n),
                                  .channels = channels,
                                  .groups = channels,
                                  .mean = pass->cache,
                                  .rstd = pass->cache + channels,
                                  .gamma = layer_tensor(layer, pass, GAMMA)};
}

static void running_statistics(const struct layer *layer, struct pass *pass)
{
    size_t channels = (size_t)layer->in.channels;
    for (size_t c = 0; c < channels; c++) {
        pass->cache[c] = layer_tensor(layer, pass, MEAN)[c];
        pass->cache[channels + c] =
            1 / (real)sqrt(layer_tensor(layer, pass, VARIANCE)[c] + (real)CHANNELS_EPSILON);
    }
}

static void batchnorm_forward(const struct layer *layer, struct pass *pass)
{
    struct channels_norm norm = statistics(layer, pass);
    if (pass->training)
        channels_moments(norm.points, norm.channels, norm.groups, pass->x, pass->scratch, pass->cache,
                         pass->cache + norm.channels);
    else
        running_statistics(layer, pass);
    channels_affine(&norm, layer_tensor(layer, pass, BETA), pass->scratch);
    channels_apply(norm.points, norm.channels, pass->scratch, pass->x, pass->y);
}

static void batchnorm_backward(const struct layer *layer, struct pass *pass)
{
    struct channels_norm norm = statistics(layer, pass);
    real *sums = pass->scratch, *coefficients = sums + 3 * norm.channels;
    channels_gradient_sums(&norm, pass->x, pass->dy, sums);
    add_reals(layer_grad(layer, pass, BETA), sums, norm.channels);
    add_reals(layer_grad(layer, pass, GAMMA), sums + norm.channels, norm.channels);
    if (!pass->dx)
        return;
    channels_gradient_coefficients(&norm, sums, coefficients);
    channels_gradient(&norm, coefficients, pass->x, pass->dy, pass->dx);
}

static void batchnorm_settle(const struct layer *layer, real *values, size_t n, const real *cache)
{
    const real share = (real)0.1;
    size_t channels = (size_t)layer->in.channels, rows = rows_of(layer, n);
    const real unbias = rows > 1 ? (real)rows / (real)(rows - 1) : 1;
    real *mean = values + layer->offset[MEAN], *variance = values + layer->offset[VARIANCE];
    for (size_t c = 0; c < channels; c++) {
        real rstd = cache[channels + c];
        real biased = (real)fmax(1 / (rstd * rstd) - (real)CHANNELS_EPSILON, 0);
        mean[c] += share * (cache[c] - mean[c]);
        variance[c] += share * (unbias * biased - variance[c]);
    }
}

static const struct words_rule rule = {"batchnorm", .max_numbers = 0};

static bool batchnorm_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                            struct err *err)
{
    struct words words;
    if (!words_parse(text, &rule, &words, err))
        return false;
    const int *dims = (int[4]){layer->in.channels};
    layer->out = layer->in;
    layer_add_tensor(layer, params, prefix, "scale", dims, TENSOR_BIAS, INIT_ONE, 1);
    layer_add_tensor(layer, params, prefix, "shift", dims, TENSOR_BIAS, INIT_ZERO, 1);
    layer_add_tensor(layer, params, prefix, "mean", dims, TENSOR_STATE, INIT_ZERO, 1);
    layer_add_tensor(layer, params, prefix, "variance", dims, TENSOR_STATE, INIT_ONE, 1);
    layer->cache_reals = 2 * (size_t)layer->in.channels;
    layer->scratch_fixed = 6 * (size_t)layer->in.channels;
    return true;
}

static void batchnorm_print(const struct layer *layer, char *text, size_t size)
{
    (void)layer;
    snprintf(text, size, "batchnorm");
}

const struct layer_kind layer_batchnorm = {
    .entry = {"batchnorm", "BatchNorm over the whole batch, each view by itself; for heads only: batchnorm.",
              NULL},
    .whole_batch = true,
    .setup = batchnorm_setup,
    .print = batchnorm_print,
    .forward = batchnorm_forward,
    .backward = batchnorm_backward,
    .settle = batchnorm_settle,
};
