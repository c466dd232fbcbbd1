/* SPDX-License-Identifier: MIT
 *
 * GELU (Hendrycks & Gimpel 2016), the exact form: y = x P(x), P the normal distribution function; dy/dx =
 * P(x) + x p(x).
 */
#include "nn/words.h"

#include <math.h>
#include <stdio.h>

static real normal_below(real x)
{
    return (real)(0.5 * erfc(-(double)x * 0.70710678118654752440));
}

static real normal_density(real x)
{
    return (real)(0.39894228040143267794 * exp(-0.5 * (double)x * (double)x));
}

static void gelu_forward(const struct layer *layer, struct pass *pass)
{
    size_t n = pass->n * shape_size(layer->in);
    for (size_t i = 0; i < n; i++)
        pass->y[i] = pass->x[i] * normal_below(pass->x[i]);
}

static void gelu_backward(const struct layer *layer, struct pass *pass)
{
    if (!pass->dx)
        return;
    size_t n = pass->n * shape_size(layer->in);
    for (size_t i = 0; i < n; i++) {
        real x = pass->x[i];
        pass->dx[i] = pass->dy[i] * (normal_below(x) + x * normal_density(x));
    }
}

static const struct words_rule rule = {"gelu", .max_numbers = 0};

static bool gelu_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                       struct err *err)
{
    (void)prefix, (void)params;
    struct words words;
    layer->out = layer->in;
    return words_parse(text, &rule, &words, err);
}

static void gelu_print(const struct layer *layer, char *text, size_t size)
{
    (void)layer;
    snprintf(text, size, "gelu");
}

const struct layer_kind layer_gelu = {
    .entry = {"gelu", "A smooth relu: x times the normal distribution function of x: gelu.", NULL},
    .setup = gelu_setup,
    .print = gelu_print,
    .forward = gelu_forward,
    .backward = gelu_backward,
};
