/* SPDX-License-Identifier: MIT
 *
 * A target network: named, laid out and moved as its header says.
 */
#include "nn/net.h"
#include "nn/twin.h"
#include "support/cmocka.h"

#include <math.h>
#include <string.h>

enum { IN = 5, ROWS = 3 };

/* Something before it, a net with running statistics, its copy, something behind. */
struct twin_case {
    struct params params;
    struct net net;
    struct twin twin;
    size_t behind;
};

static void init(struct twin_case *c)
{
    struct err err;
    *c = (struct twin_case){0};
    params_add(&c->params, "before", (int[4]){7}, TENSOR_WEIGHT, INIT_ONE, 1, 1);
    assert_true(net_init(&c->net, "linear 4, batchnorm, relu, linear 3", (struct shape){1, 1, IN}, false,
                         "head", &c->params, &err));
    c->twin = twin_add(&c->params, 1, c->params.n_tensors);
    c->behind = params_add(&c->params, "behind", (int[4]){2}, TENSOR_STATE, INIT_ZERO, 1, 1);
    params_allocate(&c->params);
    params_init(&c->params, 3);
}

static void release(struct twin_case *c)
{
    net_release(&c->net);
    params_release(&c->params);
}

static void run(const struct twin_case *c, size_t shift, real out[ROWS * 3])
{
    real x[ROWS * IN], tape[1000], scratch[1000];
    for (int i = 0; i < ROWS * IN; i++)
        x[i] = (real)sin(i);
    assert_true(ROWS * c->net.tape_reals <= 1000 && net_scratch_size(&c->net, ROWS) <= 1000);
    memcpy(out, net_forward(&c->net, c->params.value + shift, ROWS, x, tape, scratch, false),
           ROWS * 3 * sizeof(real));
}

static void a_copy_is_named_after_its_original_and_never_trained(void **state)
{
    (void)state;
    struct twin_case c;
    init(&c);
    int original = params_find(&c.params, "head.0.weight");
    int copy = params_find(&c.params, "target.head.0.weight");
    assert_true(original > 0 && copy > original);
    assert_int_equal(c.params.tensor[copy].count, c.params.tensor[original].count);
    assert_int_equal(c.params.tensor[copy].role, TENSOR_STATE);
    assert_int_equal(params_find(&c.params, "target.before"), -1);
    release(&c);
}

static void a_net_runs_on_the_copy_where_it_is_shifted(void **state)
{
    (void)state;
    struct twin_case c;
    real online[ROWS * 3], target[ROWS * 3];
    init(&c);
    twin_start(&c.params, &c.twin);
    run(&c, 0, online);
    run(&c, c.twin.shift, target);
    assert_memory_equal(online, target, sizeof online);
    params_value(&c.params, (size_t)params_find(&c.params, "head.0.weight"))[0] += 1;
    run(&c, 0, online);
    assert_memory_not_equal(online, target, sizeof online);
    real again[ROWS * 3];
    run(&c, c.twin.shift, again);
    assert_memory_equal(again, target, sizeof again);
    release(&c);
}

static void it_follows_by_its_share_on_any_number_of_threads(void **state)
{
    (void)state;
    struct twin_case c;
    init(&c);
    twin_start(&c.params, &c.twin);
    struct pool *pool = pool_new(3, 0);
    real *original = params_value(&c.params, (size_t)params_find(&c.params, "head.0.weight"));
    real *mean = params_value(&c.params, (size_t)params_find(&c.params, "head.1.mean"));
    real before = original[2];
    original[2] = before + 1;
    mean[0] = 9; /* running statistics are the copy's own */
    twin_follow(&c.params, &c.twin, 0.75, pool);
    assert_true(fabs((double)original[c.twin.shift + 2] - ((double)before + 0.25)) < 1e-6);
    assert_true(mean[c.twin.shift] == 0 && original[2] == before + 1);
    twin_follow(&c.params, &c.twin, 0, pool);
    assert_true(original[c.twin.shift + 2] == original[2]);
    assert_true(params_value(&c.params, c.behind)[0] == 0 && params_value(&c.params, 0)[0] == 1);
    pool_free(pool);
    release(&c);
}

static void its_distance_is_relative(void **state)
{
    (void)state;
    struct twin_case c;
    double length = 0;
    init(&c);
    twin_start(&c.params, &c.twin);
    assert_true(twin_distance(&c.params, &c.twin) == 0);
    for (size_t i = c.twin.first; i < c.twin.end; i++)
        for (size_t k = 0; c.params.tensor[i].role != TENSOR_STATE && k < c.params.tensor[i].count; k++)
            length += pow((double)params_value(&c.params, i)[k], 2);
    params_value(&c.params, (size_t)params_find(&c.params, "target.head.0.weight"))[0] += 2;
    assert_true(fabs(twin_distance(&c.params, &c.twin) - 2 / sqrt(length)) < 1e-6);
    release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_named_after_its_original_and_never_trained),
        cmocka_unit_test(a_net_runs_on_the_copy_where_it_is_shifted),
        cmocka_unit_test(it_follows_by_its_share_on_any_number_of_threads),
        cmocka_unit_test(its_distance_is_relative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
