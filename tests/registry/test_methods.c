/* SPDX-License-Identifier: MIT
 *
 * What every method of the list promises, whichever it is.
 */
#include "support/cmocka.h"
#include "support/method_case.h"

#include <math.h>
#include <string.h>

static void names_knobs_and_losses_are_there(void **state)
{
    (void)state;
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++) {
        assert_ptr_equal(axis_find(&method_axis, method->entry.name), &method->entry);
        assert_true(strlen(method->entry.help) > 20 && strstr(method->paper, "20"));
        assert_true(knob_count(method->entry.knobs) <= METHOD_MAX_KNOBS);
        const struct loss *loss = loss_find(method->loss);
        assert_non_null(loss);
        for (const struct knob *knob = method->entry.knobs; knob && knob->name; knob++)
            assert_true(knob->help && knob->min <= knob->value && knob->value <= knob->max);
    }
}

static void a_step_gives_what_the_learner_needs(void **state)
{
    (void)state;
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++) {
        struct method_case c;
        method_case_init(&c, method, NULL, NULL);
        assert_true(c.run.dim_z > 0 && c.run.n_heads > 0);
        memset(c.dh, 0xff, sizeof c.dh);
        method_case_backward(&c);
        assert_true(isfinite(c.batch.result.loss) && c.batch.result.rows_used > 0);
        assert_null(params_first_not_finite(&c.params, c.params.grad));
        for (int k = 0; k < CASE_N * CASE_H; k++)
            assert_true(isfinite(c.dh[0][k]) && isfinite(c.dh[1][k]));
        method_case_after(&c);
        assert_null(params_first_not_finite(&c.params, c.params.value));
        method_case_release(&c);
    }
}

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    struct pool *pool = pool_new(3, 0);
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++) {
        struct method_case one, many;
        method_case_init(&one, method, NULL, NULL);
        method_case_init(&many, method, NULL, pool);
        method_case_backward(&one);
        method_case_backward(&many);
        assert_memory_equal(one.dh, many.dh, sizeof one.dh);
        assert_memory_equal(one.params.grad, many.params.grad, one.params.count * sizeof(real));
        method_case_release(&one);
        method_case_release(&many);
    }
    pool_free(pool);
}

static void a_head_may_be_any_net_and_says_when_it_is_none(void **state)
{
    (void)state;
    struct params params = {0};
    struct err err = {""};
    struct method_run run = {.method = method_at(0), .params = &params, .dim_h = CASE_H};
    assert_false(run.method->flow->setup(&run, "linear 8, nonsense", &err));
    assert_non_null(strstr(err.text, "head"));
    params_release(&params);
    struct method_case c;
    method_case_init(&c, method_at(0), "linear %d, relu, linear %d, relu, linear 3", NULL);
    assert_int_equal(c.run.dim_z, 3);
    assert_int_equal(c.run.head[0].out.channels, 3);
    int first = params_find(&c.params, "head.0.weight");
    assert_true(first >= 0 && c.params.tensor[first].count == CASE_H * CASE_H);
    method_case_release(&c);
}

static void projecting_goes_by_running_statistics(void **state)
{
    (void)state;
    struct method_case c;
    method_case_init(&c, method_at(0), "linear 6, batchnorm, relu, linear 3", NULL);
    real together[CASE_N * 3], alone[3], before[3];
    arena_reset(&c.arena);
    c.run.method->flow->project(&c.run, CASE_N, c.h[0], together, &c.arena);
    for (int i = 0; i < CASE_N; i++) { /* a row by itself: nothing of the batch enters */
        arena_reset(&c.arena);
        c.run.method->flow->project(&c.run, 1, c.h[0] + (size_t)i * CASE_H, alone, &c.arena);
        for (int j = 0; j < 3; j++)
            assert_true(fabs((double)alone[j] - (double)together[i * 3 + j]) < 1e-5);
    }
    memcpy(before, alone, sizeof before);
    method_case_backward(&c);
    method_case_after(&c);
    arena_reset(&c.arena);
    c.run.method->flow->project(&c.run, 1, c.h[0] + (size_t)(CASE_N - 1) * CASE_H, alone, &c.arena);
    assert_memory_not_equal(before, alone, sizeof before);
    method_case_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_knobs_and_losses_are_there),
        cmocka_unit_test(a_step_gives_what_the_learner_needs),
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(a_head_may_be_any_net_and_says_when_it_is_none),
        cmocka_unit_test(projecting_goes_by_running_statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
