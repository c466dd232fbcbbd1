/* SPDX-License-Identifier: MIT
 *
 * y = x W + b, W (in, out); a map is taken as one vector. No bias where a norm follows.
 *   dW += x' dy,  db += sum of dy,  dx = dy W'
 */
#include "nn/channels.h"
#include "nn/words.h"

#include <stdio.h>

enum { WEIGHT, BIAS };

static void linear_forward(const struct layer *layer, struct pass *pass)
{
    size_t in = shape_size(layer->in), out = shape_size(layer->out);
    gemm_nn(pass->n, out, in, pass->x, layer_tensor(layer, pass, WEIGHT), pass->y, false);
    for (size_t i = 0; !layer->bare && i < pass->n; i++)
        add_reals(pass->y + i * out, layer_tensor(layer, pass, BIAS), out);
}

static void linear_backward(const struct layer *layer, struct pass *pass)
{
    size_t in = shape_size(layer->in), out = shape_size(layer->out);
    gemm_tn(in, out, pass->n, pass->x, pass->dy, layer_grad(layer, pass, WEIGHT), true);
    for (size_t i = 0; !layer->bare && i < pass->n; i++)
        add_reals(layer_grad(layer, pass, BIAS), pass->dy + i * out, out);
    if (pass->dx)
        gemm_nt(pass->n, in, out, pass->dy, layer_tensor(layer, pass, WEIGHT), pass->dx, false);
}

static const struct words_rule rule = {"linear WIDTH", .min_numbers = 1, .max_numbers = 1};

static bool linear_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                         struct err *err)
{
    struct words words;
    if (!words_parse(text, &rule, &words, err))
        return false;
    size_t in = shape_size(layer->in);
    int width = words.number[0];
    if (!layer_weights_fit(in, (size_t)width, err))
        return false;
    layer->out = (struct shape){1, 1, width};
    layer_add_tensor(layer, params, prefix, "weight", (int[4]){(int)in, width}, TENSOR_WEIGHT, INIT_HE, in);
    if (!layer->bare)
        layer_add_tensor(layer, params, prefix, "bias", (int[4]){width}, TENSOR_BIAS, INIT_ZERO, in);
    layer->flops = 2 * in * (size_t)width;
    return true;
}

static void linear_print(const struct layer *layer, char *text, size_t size)
{
    snprintf(text, size, "linear %d", layer->out.channels);
}

const struct layer_kind layer_linear = {
    .entry = {"linear", "Every output is a weighted sum of all inputs: linear WIDTH.", NULL},
    .setup = linear_setup,
    .print = linear_print,
    .forward = linear_forward,
    .backward = linear_backward,
};
