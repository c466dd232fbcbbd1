/* SPDX-License-Identifier: MIT
 *
 * K prototypes: directions that an input is compared with (the last layer of DINO: weight-normalised, its
 * length fixed at 1; Caron et al. 2021, arXiv:2104.14294, section 3.1). With u = x / |x|, v_k = w_k / |w_k|:
 *
 *   y_k = u . v_k,   dw_k += (g - (g.v_k) v_k) / |w_k| for g = sum over rows of dy_k u,   dx likewise
 *
 * A map is taken as one vector. No bias.
 */
#include "nn/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WEIGHT };
static const double shortest = 1e-6; /* a row below it has no direction and gets no gradient */

/* unit = x / |x| of n rows of d; length[i] = |x[i]|. */
static void make_unit(const real *x, size_t n, size_t d, real *unit, real *length)
{
    for (size_t i = 0; i < n; i++) {
        double square = 0;
        for (size_t j = 0; j < d; j++)
            square += (double)x[i * d + j] * (double)x[i * d + j];
        double norm = sqrt(square), scale = 1 / fmax(norm, shortest);
        length[i] = (real)norm;
        for (size_t j = 0; j < d; j++)
            unit[i * d + j] = (real)((double)x[i * d + j] * scale);
    }
}

/* to += (g - (g.u) u) / |x|, or to = it. */
static void unit_backward(const real *unit, const real *length, const real *g, size_t n, size_t d, bool adds,
                          real *to)
{
    for (size_t i = 0; i < n; i++) {
        const real *u = unit + i * d, *gi = g + i * d;
        double along = 0, scale = (double)length[i] < shortest ? 0 : 1 / (double)length[i];
        for (size_t j = 0; j < d; j++)
            along += (double)gi[j] * (double)u[j];
        for (size_t j = 0; j < d; j++) {
            real value = (real)(((double)gi[j] - along * (double)u[j]) * scale);
            to[i * d + j] = adds ? to[i * d + j] + value : value;
        }
    }
}

/* Where things lie: cache holds u (n, in) and |x| (n); scratch holds v (out, in), |w| (out), their gradient
 * (out, in), then du (n, in). */
struct memory {
    real *u, *x_length, *v, *w_length, *dv, *du;
};

static struct memory memory_of(const struct layer *layer, const struct pass *pass)
{
    size_t in = shape_size(layer->in), out = shape_size(layer->out);
    struct memory m = {.u = pass->cache, .x_length = pass->cache + pass->n * in, .v = pass->scratch};
    m.w_length = m.v + out * in;
    m.dv = m.w_length + out;
    m.du = m.dv + out * in;
    return m;
}

static void prototypes_forward(const struct layer *layer, struct pass *pass)
{
    size_t in = shape_size(layer->in), out = shape_size(layer->out);
    struct memory m = memory_of(layer, pass);
    make_unit(pass->x, pass->n, in, m.u, m.x_length);
    make_unit(layer_tensor(layer, pass, WEIGHT), out, in, m.v, m.w_length);
    gemm_nt(pass->n, out, in, m.u, m.v, pass->y, false);
}

static void prototypes_backward(const struct layer *layer, struct pass *pass)
{
    size_t in = shape_size(layer->in), out = shape_size(layer->out);
    struct memory m = memory_of(layer, pass);
    make_unit(layer_tensor(layer, pass, WEIGHT), out, in, m.v, m.w_length);
    gemm_tn(out, in, pass->n, pass->dy, m.u, m.dv, false);
    unit_backward(m.v, m.w_length, m.dv, out, in, true, layer_grad(layer, pass, WEIGHT));
    if (!pass->dx)
        return;
    gemm_nn(pass->n, in, out, pass->dy, m.v, m.du, false);
    unit_backward(m.u, m.x_length, m.du, pass->n, in, false, pass->dx);
}

static const struct words_rule rule = {"prototypes COUNT", .min_numbers = 1, .max_numbers = 1};

static bool prototypes_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                             struct err *err)
{
    struct words words;
    if (!words_parse(text, &rule, &words, err))
        return false;
    size_t in = shape_size(layer->in), out = (size_t)words.number[0];
    if (!layer_weights_fit(in, out, err))
        return false;
    layer->out = (struct shape){1, 1, (int)out};
    layer_add_tensor(layer, params, prefix, "weight", (int[4]){(int)out, (int)in}, TENSOR_WEIGHT, INIT_SPHERE,
                     in);
    layer->cache_reals = in + 1;
    layer->scratch_fixed = 2 * out * in + out;
    layer->scratch_reals = in;
    layer->flops = 2 * in * out;
    return true;
}

static void prototypes_print(const struct layer *layer, char *text, size_t size)
{
    snprintf(text, size, "prototypes %d", layer->out.channels);
}

const struct layer_kind layer_prototypes = {
    .entry = {"prototypes",
              "How much the input points where each of COUNT learned directions does: prototypes COUNT.",
              NULL},
    .setup = prototypes_setup,
    .print = prototypes_print,
    .forward = prototypes_forward,
    .backward = prototypes_backward,
};
