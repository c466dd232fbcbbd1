/* SPDX-License-Identifier: MIT
 *
 * Every layer of the registry and every preset against finite differences, in double.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "nn/mask.h"
#include "nn/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 3, PROBES = 40 };

struct sample {
    const char *text;
    struct shape in;
};

/* At least one for each entry of layers.def; odd sizes and channel counts that fill no register among them.
 */
static const struct sample samples[] = {
    {"conv 6", {5, 4, 3}},
    {"conv 6 5", {4, 5, 2}},
    {"conv 20 1", {3, 3, 16}},
    {"conv 16 /2", {6, 7, 8}},
    {"conv 37", {7, 7, 24}},
    {"conv 32 3 /2", {5, 5, 16}},
    {"norm", {4, 5, 8}},
    {"norm 3", {3, 3, 6}},
    {"norm 8", {2, 3, 32}},
    {"batchnorm", {1, 1, 7}},
    {"batchnorm", {2, 3, 5}},
    {"relu", {3, 3, 4}},
    {"gelu", {3, 3, 4}},
    {"pool", {4, 6, 3}},
    {"pool", {5, 7, 16}},
    {"gap", {3, 4, 5}},
    {"avg", {3, 4, 5}},
    {"linear 9", {2, 2, 3}},
    {"prototypes 5", {1, 1, 7}},
    {"linear 6, gelu, prototypes 4", {1, 1, 7}},
    {"block 8", {4, 4, 8}},
    {"block 8 /2", {5, 4, 4}},
    {"block 8 x3 /2", {6, 6, 4}},
    {"conv 8, norm, relu, pool, conv 16, norm, relu, avg", {6, 6, 1}},
    {"conv 8, norm 2, relu, pool, gap, linear 5", {7, 5, 3}},
    {"linear 8, batchnorm, relu, linear 4", {1, 1, 6}},
};

struct bench {
    struct params params;
    struct net net;
    real *x, *dx, *tape, *dtape, *scratch, *weight; /* loss = sum of weight y */
    size_t n_in, n_out;
    const struct mask *mask; /* NULL: all is seen */
};

/* Distinct values 0.01 apart around 0 in random order: no two of a window within a finite difference's reach.
 */
static void fill_apart(real *x, size_t n, struct rng rng)
{
    uint32_t *order = xcalloc(n, sizeof *order);
    rng_permutation(&rng, order, n);
    for (size_t i = 0; i < n; i++)
        x[i] = 0.01 * ((double)order[i] - 0.5 * (double)n + 0.3);
    free(order);
}

static void bench_init(struct bench *bench, const char *text, struct shape in)
{
    struct err err;
    *bench = (struct bench){0};
    bool fine = net_init(&bench->net, text, in, strstr(text, "batch") == NULL, "trunk", &bench->params, &err);
    if (!fine)
        fail_msg("%s: %s", text, err.text);
    params_allocate(&bench->params);
    params_init(&bench->params, 5);
    struct rng rng = rng_at(7, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < bench->params.count; i++) /* scales and shifts away from 1 and 0 */
        bench->params.value[i] += 0.1 * rng_normal(&rng);
    bench->n_in = BATCH * shape_size(in);
    bench->n_out = BATCH * shape_size(bench->net.out);
    bench->x = xaligned(bench->n_in, sizeof(real));
    bench->dx = xaligned(bench->n_in, sizeof(real));
    bench->weight = xaligned(bench->n_out, sizeof(real));
    bench->tape = xaligned(BATCH * bench->net.tape_reals, sizeof(real));
    bench->dtape = xaligned(BATCH * bench->net.dtape_reals, sizeof(real));
    bench->scratch = xaligned(net_scratch_size(&bench->net, BATCH), sizeof(real));
    fill_apart(bench->x, bench->n_in, rng_at(8, RNG_SAMPLE, 0, 0, 0));
    for (size_t i = 0; i < bench->n_out; i++)
        bench->weight[i] = rng_normal(&rng);
}

static void bench_release(struct bench *bench)
{
    net_release(&bench->net);
    params_release(&bench->params);
    real *all[] = {bench->x, bench->dx, bench->weight, bench->tape, bench->dtape, bench->scratch};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        free(all[i]);
}

static double loss_of(struct bench *bench)
{
    const real *y = net_forward_masked(&bench->net, bench->params.value, BATCH, bench->x, bench->mask,
                                       bench->tape, bench->scratch);
    double sum = 0;
    for (size_t i = 0; i < bench->n_out; i++)
        sum += bench->weight[i] * y[i];
    return sum;
}

static void backward(struct bench *bench, real *dx)
{
    struct net_memory memory = {bench->params.value, bench->params.grad, bench->tape, bench->dtape,
                                bench->scratch};
    net_backward_masked(&bench->net, &memory, BATCH, bench->x, bench->mask, bench->weight, dx);
}

static double difference(struct bench *bench, real *at)
{
    const double h = 1e-6; /* small: a kink in the way is unlikely; rounding gives 1e-9 */
    real before = *at;
    *at = before + h;
    double above = loss_of(bench);
    *at = before - h;
    double below = loss_of(bench);
    *at = before;
    return (above - below) / (2 * h);
}

static void compare(struct bench *bench, const char *text, const char *what, real *value, const real *grad,
                    size_t n)
{
    for (size_t k = 0; k < (n < PROBES ? n : PROBES); k++) {
        size_t i = n <= PROBES ? k : k * n / PROBES;
        double numeric = difference(bench, value + i), error = fabs(numeric - grad[i]);
        if (error > 1e-6 * fmax(1, fabs(numeric)))
            fail_msg("%s, %s[%zu]: %.10g by differences, %.10g by backward", text, what, i, numeric,
                     (double)grad[i]);
    }
}

static void compare_params(struct bench *bench, const char *text)
{
    for (size_t t = 0; t < bench->params.n_tensors; t++) {
        const struct tensor *tensor = &bench->params.tensor[t];
        if (tensor->role != TENSOR_STATE)
            compare(bench, text, tensor->name, bench->params.value + tensor->offset,
                    bench->params.grad + tensor->offset, tensor->count);
    }
}

static void check_gradients(const char *text, struct shape in)
{
    struct bench bench;
    bench_init(&bench, text, in);
    loss_of(&bench);
    backward(&bench, bench.dx);
    compare(&bench, text, "x", bench.x, bench.dx, bench.n_in);
    compare_params(&bench, text);
    bench_release(&bench);
}

/* The first layers of a net, up to its last map, on pictures of which a part is hidden. */
static void check_masked(const char *text, struct shape in)
{
    struct bench bench;
    struct net whole, grid, tail;
    uint8_t seen[BATCH * 64];
    bench_init(&bench, text, in);
    whole = bench.net;
    if (!net_cut_at_grid(&whole, &grid, &tail))
        fail_msg("%s: no grid", text);
    struct mask mask = {grid.out.height, grid.out.width, seen};
    for (size_t i = 0; i < BATCH * mask_cells(&mask); i++)
        seen[i] = i * i % 7 < 4;
    real *tape = bench.tape;
    bench.net = grid;
    bench.mask = &mask;
    bench.tape = xaligned(BATCH * grid.tape_reals, sizeof(real));
    bench.n_out = BATCH * shape_size(grid.out);
    bench.weight = realloc(bench.weight, bench.n_out * sizeof(real));
    for (size_t i = 0; i < bench.n_out; i++)
        bench.weight[i] = sin((double)i);
    mask_hide(&mask, BATCH, grid.out, NULL, bench.weight);
    mask_hide(&mask, BATCH, in, NULL, bench.x);
    loss_of(&bench);
    backward(&bench, NULL);
    compare_params(&bench, text);
    free(bench.tape);
    bench.tape = tape;
    bench.net = whole;
    bench_release(&bench);
}

static void every_preset_in_part(void **state)
{
    (void)state;
    for (const struct net_preset *preset = net_presets; preset->name; preset++)
        if (strcmp(preset->name, "mlp") != 0)
            check_masked(preset->name, (struct shape){16, 12, 3});
    check_masked("conv 8, norm 2, pool, conv 8 5, gelu, norm, block 8 x2, linear 4", (struct shape){9, 7, 6});
}

static void every_sample(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        check_gradients(samples[i].text, samples[i].in);
}

static void every_layer_has_a_sample(void **state)
{
    (void)state;
    for (size_t k = 0; layer_at(k); k++) {
        const char *name = layer_at(k)->entry.name;
        bool found = false;
        for (size_t i = 0; i < ARRAY_LEN(samples); i++)
            found |= strcspn(samples[i].text, " ,") == strlen(name) &&
                     strncmp(samples[i].text, name, strlen(name)) == 0;
        if (!found)
            fail_msg("layer %s has no gradient check", name);
    }
}

static void every_preset(void **state)
{
    (void)state;
    for (const struct net_preset *preset = net_presets; preset->name; preset++)
        check_gradients(preset->name, (struct shape){9, 8, 3});
}

/* Gradients are added to what is there, and the first layer's dx may be left out. */
static void gradients_add(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, "conv 8, norm, relu, pool, linear 3", (struct shape){6, 6, 3});
    loss_of(&bench);
    for (int i = 0; i < 2; i++)
        backward(&bench, NULL);
    for (size_t t = 0; t < bench.params.n_tensors; t++) {
        real *grad = bench.params.grad + bench.params.tensor[t].offset;
        for (size_t i = 0; i < bench.params.tensor[t].count; i++)
            grad[i] /= 2;
        compare(&bench, "twice", bench.params.tensor[t].name,
                bench.params.value + bench.params.tensor[t].offset, grad, bench.params.tensor[t].count);
    }
    bench_release(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample),  cmocka_unit_test(every_layer_has_a_sample),
        cmocka_unit_test(every_preset),  cmocka_unit_test(every_preset_in_part),
        cmocka_unit_test(gradients_add),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
