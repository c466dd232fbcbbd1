/* SPDX-License-Identifier: MIT */
#include "nn/words.h"

#include <stdio.h>

static void relu_forward(const struct layer *layer, struct pass *pass)
{
    size_t n = pass->n * shape_size(layer->in);
    const real *restrict x = pass->x;
    real *restrict y = pass->y;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0 ? x[i] : 0;
}

static void relu_backward(const struct layer *layer, struct pass *pass)
{
    if (!pass->dx)
        return;
    size_t n = pass->n * shape_size(layer->in);
    const real *restrict x = pass->x, *restrict dy = pass->dy;
    real *restrict dx = pass->dx;
    for (size_t i = 0; i < n; i++) {
        real g = dy[i];
        dx[i] = x[i] > 0 ? g : 0;
    }
}

static const struct words_rule rule = {"relu", .max_numbers = 0};

static bool relu_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                       struct err *err)
{
    (void)prefix, (void)params;
    struct words words;
    layer->out = layer->in;
    return words_parse(text, &rule, &words, err);
}

static void relu_print(const struct layer *layer, char *text, size_t size)
{
    (void)layer;
    snprintf(text, size, "relu");
}

const struct layer_kind layer_relu = {
    .entry = {"relu", "What is below 0 becomes 0: relu.", NULL},
    .setup = relu_setup,
    .print = relu_print,
    .forward = relu_forward,
    .backward = relu_backward,
};
