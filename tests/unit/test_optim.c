/* SPDX-License-Identifier: MIT
 *
 * The optimisers against their closed forms written out in double (torch's conventions), the schedule
 * exactly, and what initial values look like.
 */
#include "support/cmocka.h"

#include "nn/optim.h"

#include <math.h>
#include <string.h>

enum { STEPS = 5, WEIGHTS = 20000 };

static void declare(struct params *params)
{
    *params = (struct params){0};
    params_add(params, "a.weight", (int[4]){100, 200}, TENSOR_WEIGHT, INIT_HE, 100, 200);
    params_add(params, "a.bias", (int[4]){3}, TENSOR_BIAS, INIT_ONE, 1, 3);
    params_add(params, "a.mean", (int[4]){3}, TENSOR_STATE, INIT_ONE, 1, 3);
    params_allocate(params);
    params_init(params, 1);
}

static double gradient(int step, size_t i)
{
    return sin(0.37 * step + 0.11 * (double)i);
}

static void steps(struct params *params, const struct optim *optim, struct pool *pool)
{
    for (int step = 1; step <= STEPS; step++) {
        for (size_t i = 0; i < params->count; i++)
            params->grad[i] = (real)gradient(step, i);
        optim_step(optim, params, optim->lr / step, (uint64_t)step, pool);
    }
}

static double adamw_by_hand(double w, size_t i, const struct optim *optim, double decay)
{
    double m = 0, v = 0;
    for (int t = 1; t <= STEPS; t++) {
        double g = (real)gradient(t, i), lr = optim->lr / t;
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        w -= lr * decay * w;
        w -= lr * (m / (1 - pow(0.9, t))) / (sqrt(v / (1 - pow(0.999, t))) + 1e-8);
    }
    return w;
}

static double sgd_by_hand(double w, size_t i, const struct optim *optim, double decay)
{
    double v = 0;
    for (int t = 1; t <= STEPS; t++) {
        double g = (real)gradient(t, i) + decay * w;
        v = t == 1 ? g : optim->momentum * v + g;
        w -= optim->lr / t * v;
    }
    return w;
}

static void check_against(const struct optim *optim,
                          double by_hand(double, size_t, const struct optim *, double))
{
    struct params start, params;
    declare(&start);
    declare(&params);
    steps(&params, optim, NULL);
    for (size_t t = 0; t < 2; t++)
        for (size_t k = 0; k < params.tensor[t].count; k++) {
            size_t i = params.tensor[t].offset + k;
            double want = by_hand(start.value[i], i, optim, t == 0 ? optim->weight_decay : 0);
            assert_true(fabs(params.value[i] - want) < 2e-6);
        }
    size_t state = params.tensor[2].offset; /* not trained by gradient */
    assert_memory_equal(params.value + state, start.value + state, 3 * sizeof(real));
    params_release(&start);
    params_release(&params);
}

static void adamw_is_torchs(void **state)
{
    (void)state;
    check_against(&(struct optim){.kind = OPTIM_ADAMW, .lr = 0.01, .weight_decay = 0.1}, adamw_by_hand);
}

static void sgd_is_torchs(void **state)
{
    (void)state;
    check_against(&(struct optim){.kind = OPTIM_SGD, .lr = 0.1, .weight_decay = 0.05, .momentum = 0.9},
                  sgd_by_hand);
}

static void a_tensor_apart_has_its_own_rate(void **state)
{
    (void)state;
    struct params falling, mixed, level;
    declare(&falling);
    declare(&mixed);
    declare(&level);
    struct optim optim = {.kind = OPTIM_ADAMW, .lr = 0.01, .weight_decay = 0.1};
    steps(&falling, &optim, NULL);
    for (int step = 1; step <= STEPS; step++) {
        for (size_t i = 0; i < level.count; i++)
            level.grad[i] = (real)gradient(step, i);
        optim_step(&optim, &level, optim.lr, (uint64_t)step, NULL);
    }
    const struct tensor *bias = &mixed.tensor[1];
    optim.apart[0] = bias->offset;
    optim.apart[1] = bias->offset + bias->count;
    optim.apart_lr = optim.lr;
    steps(&mixed, &optim, NULL);
    assert_memory_equal(params_value(&mixed, 0), params_value(&falling, 0), bias->offset * sizeof(real));
    assert_memory_equal(params_value(&mixed, 1), params_value(&level, 1), bias->count * sizeof(real));
    assert_memory_not_equal(params_value(&mixed, 1), params_value(&falling, 1), bias->count * sizeof(real));
    params_release(&falling);
    params_release(&mixed);
    params_release(&level);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    struct optim optim = {.kind = OPTIM_ADAMW, .lr = 0.01, .weight_decay = 0.1};
    struct params one, three;
    declare(&one);
    declare(&three);
    struct pool *pool = pool_new(3, 0);
    steps(&one, &optim, NULL);
    steps(&three, &optim, pool);
    assert_memory_equal(one.value, three.value, one.count * sizeof(real));
    pool_free(pool);
    params_release(&one);
    params_release(&three);
}

static void schedule_is_exact(void **state)
{
    (void)state;
    struct schedule cosine = {SCHEDULE_COSINE, 4, 104};
    assert_true(schedule_factor(&cosine, 0) == 0.25);
    assert_true(schedule_factor(&cosine, 3) == 1);
    assert_true(schedule_factor(&cosine, 4) == 1);
    assert_true(fabs(schedule_factor(&cosine, 54) - 0.5) < 1e-15);
    assert_true(fabs(schedule_factor(&cosine, 29) - (1 + sqrt(0.5)) / 2) < 1e-15);
    assert_true(schedule_factor(&cosine, 104) == 0 && schedule_factor(&cosine, 9999) == 0);
    struct schedule constant = {SCHEDULE_CONSTANT, 2, 10};
    assert_true(schedule_factor(&constant, 0) == 0.5 && schedule_factor(&constant, 99) == 1);
    struct schedule short_one = {SCHEDULE_COSINE, 10, 5};
    assert_true(schedule_factor(&short_one, 6) == 0.7 && schedule_factor(&short_one, 10) == 0);
}

static void first_values(void **state)
{
    (void)state;
    struct params params = {0};
    size_t he = params_add(&params, "he", (int[4]){50, 400}, TENSOR_WEIGHT, INIT_HE, 50, 400);
    size_t xavier = params_add(&params, "xavier", (int[4]){100, 200}, TENSOR_WEIGHT, INIT_XAVIER, 100, 200);
    size_t sphere = params_add(&params, "sphere", (int[4]){30, 16}, TENSOR_STATE, INIT_SPHERE, 16, 30);
    params_allocate(&params);
    params_init(&params, 3);
    double sum = 0;
    for (size_t i = 0; i < WEIGHTS; i++)
        sum += params_value(&params, he)[i] * params_value(&params, he)[i];
    assert_true(fabs(sum / WEIGHTS - 2.0 / 50) < 0.002);
    sum = 0;
    for (size_t i = 0; i < WEIGHTS; i++)
        sum += params_value(&params, xavier)[i] * params_value(&params, xavier)[i];
    assert_true(fabs(sum / WEIGHTS - 2.0 / 300) < 0.0003);
    for (size_t r = 0; r < 30; r++) {
        sum = 0;
        for (size_t i = 0; i < 16; i++)
            sum += pow(params_value(&params, sphere)[r * 16 + i], 2);
        assert_true(fabs(sum - 1) < 1e-6);
    }
    assert_null(params_first_not_finite(&params, params.value));
    params_value(&params, xavier)[7] = (real)NAN;
    assert_string_equal(params_first_not_finite(&params, params.value), "xavier");
    params_value(&params, he)[7] = (real)INFINITY;
    assert_string_equal(params_first_not_finite(&params, params.value), "he");
    params_release(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adamw_is_torchs),
        cmocka_unit_test(sgd_is_torchs),
        cmocka_unit_test(a_tensor_apart_has_its_own_rate),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(schedule_is_exact),
        cmocka_unit_test(first_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
