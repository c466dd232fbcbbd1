/* SPDX-License-Identifier: MIT
 *
 * What every method of the list promises, whichever it is.
 */
#include "support/cmocka.h"
#include "support/method_case.h"
#include "support/tiny.h"

#include <math.h>
#include <stdlib.h>
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
        assert_true(c.batch.result.rows_active <= c.batch.result.rows_used);
        const struct loss *loss = loss_find(method->loss);
        double sum = 0;
        for (int k = 0; k < LOSS_PARTS && loss->part[k]; k++)
            sum += c.batch.result.part[k];
        assert_true(!loss->part[0] || fabs(sum - c.batch.result.loss) < 1e-5 * fmax(1, fabs(sum)));
        assert_null(params_first_not_finite(&c.params, c.params.grad));
        for (int k = 0; k < CASE_N * CASE_H; k++)
            assert_true(isfinite(c.dh[0][k]) && isfinite(c.dh[1][k]));
        method_case_after(&c);
        assert_null(params_first_not_finite(&c.params, c.params.value));
        method_case_release(&c);
    }
}

static size_t read_all(const struct method_case *c, struct readout *out, size_t max)
{
    const struct method *method = c->run.method;
    size_t n = method->flow->readouts ? method->flow->readouts(&c->run, &c->batch, out, max) : 0;
    return n + (method->readouts ? method->readouts(&c->run, &c->batch, out + n, max - n) : 0);
}

/* Whatever is shown of a method is named, finite and fits a panel; little room takes the first of it. */
static void what_a_method_shows_fits_its_panel(void **state)
{
    (void)state;
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++) {
        struct method_case c;
        struct readout out[READOUTS_MAX + 1];
        method_case_init(&c, method, NULL, NULL);
        method_case_backward(&c);
        method_case_after(&c);
        for (size_t max = 0; max <= READOUTS_MAX; max++)
            assert_true(read_all(&c, out, max) <= max);
        size_t n = read_all(&c, out, READOUTS_MAX);
        for (size_t k = 0; k < n; k++) {
            int count = out[k].rows * out[k].columns;
            assert_true(out[k].name[0] && count > 0 && count <= READOUT_VALUES_MAX);
            for (int j = 0; j < count; j++)
                assert_true(isfinite(out[k].value[j]));
            for (size_t j = 0; j < k; j++)
                assert_string_not_equal(out[k].name, out[j].name);
        }
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

/* ---- the whole learner ---- */

enum { STEPS = 5 };

/* A run of this method on the small pictures, with every tensor at the end. */
static struct learner *trained(struct tiny *tiny, const struct method *method, int steps)
{
    tiny_set(tiny, "method", method->entry.name);
    struct learner *learner = tiny_learner(tiny);
    tiny_train(learner, steps);
    return learner;
}

static void assert_same_params(const struct learner *a, const struct learner *b)
{
    const struct params *one = learner_params(a), *other = learner_params(b);
    assert_int_equal(one->count, other->count);
    assert_memory_equal(one->value, other->value, one->count * sizeof(real));
    assert_memory_equal(one->m, other->m, one->count * sizeof(real));
    assert_memory_equal(one->v, other->v, one->count * sizeof(real));
}

/* Every tensor and moment after some steps on so many threads; owned. */
static real *trained_on(struct tiny *tiny, const struct method *method, int threads, size_t *bytes)
{
    tiny_threads(tiny, threads);
    struct learner *learner = trained(tiny, method, STEPS);
    const struct params *params = learner_params(learner);
    size_t block = params->count * sizeof(real);
    char *all = malloc(3 * block);
    memcpy(all, params->value, block);
    memcpy(all + block, params->m, block);
    memcpy(all + 2 * block, params->v, block);
    *bytes = 3 * block;
    learner_free(learner);
    return (real *)(void *)all;
}

static void a_run_has_the_same_bytes_on_1_2_and_3_threads(void **state)
{
    (void)state;
    const struct method *method;
    struct tiny tiny;
    size_t bytes, other;
    tiny_init_small(&tiny, 100, 1);
    for (size_t i = 0; (method = method_at(i)); i++) {
        real *one = trained_on(&tiny, method, 1, &bytes);
        for (int threads = 2; threads <= 3; threads++) {
            real *many = trained_on(&tiny, method, threads, &other);
            assert_int_equal(bytes, other);
            assert_memory_equal(one, many, bytes);
            free(many);
        }
        free(one);
    }
    tiny_release(&tiny);
}

/* Into a fresh learner with all that a checkpoint holds and nothing else: tensors, step and settings. */
static struct learner *resumed(struct tiny *tiny, const struct learner *from)
{
    struct err err;
    char lines[CONFIG_TEXT_SIZE], *rest = lines, *line;
    config_print(learner_config(from), lines, sizeof lines);
    config_default(&tiny->config, &tiny->data);
    while ((line = strsep(&rest, "\n"))) {
        char *value = strchr(line, '=');
        if (!value)
            continue;
        *value++ = '\0';
        if (!config_set(&tiny->config, line, value, &err))
            fail_msg("%s", err.text);
    }
    struct learner *to = tiny_learner(tiny);
    struct params *params = learner_params_edit(to);
    memcpy(params->value, learner_params(from)->value, params->count * sizeof(real));
    memcpy(params->m, learner_params(from)->m, params->count * sizeof(real));
    memcpy(params->v, learner_params(from)->v, params->count * sizeof(real));
    learner_set_steps(to, learner_steps(from));
    return to;
}

static void a_resumed_run_gives_the_same_bytes(void **state)
{
    (void)state;
    const struct method *method;
    struct tiny tiny;
    tiny_init_small(&tiny, 100, 1);
    for (size_t i = 0; (method = method_at(i)); i++) {
        tiny_set(&tiny, "schedule", "cosine"); /* whatever rises or falls with it is on the way */
        tiny_set(&tiny, "steps", "8");
        struct learner *whole = trained(&tiny, method, STEPS);
        struct learner *half = trained(&tiny, method, 2), *rest = resumed(&tiny, half);
        struct saved_state *saved = learner_save(half);
        struct step_row row = tiny_train(rest, STEPS - 2);
        assert_same_params(whole, rest);
        assert_true(row.loss == learner_row(whole)->loss);
        struct err err;
        assert_true(learner_restore(whole, saved, &err)); /* and so does a state in memory */
        tiny_train(whole, STEPS - 2);
        assert_same_params(whole, rest);
        saved_state_unref(saved);
        learner_free(whole);
        learner_free(half);
        learner_free(rest);
    }
    tiny_release(&tiny);
}

static void a_step_that_fails_leaves_everything_as_it_was(void **state)
{
    (void)state;
    const struct method *method;
    struct tiny tiny;
    tiny_init_small(&tiny, 100, 1);
    for (size_t i = 0; (method = method_at(i)); i++) {
        struct learner *learner = trained(&tiny, method, 2);
        struct params *params = learner_params_edit(learner);
        real kept = params->value[0];
        params->value[0] = (real)NAN;
        real *before =
            memcpy(malloc(params->count * sizeof(real)), params->value, params->count * sizeof(real));
        struct step_row row;
        struct err err;
        assert_false(learner_step(learner, &row, &err));
        assert_memory_equal(before, params->value, params->count * sizeof(real));
        assert_int_equal(learner_steps(learner), 2);
        params->value[0] = kept;
        assert_true(learner_step(learner, &row, &err));
        free(before);
        learner_free(learner);
    }
    tiny_release(&tiny);
}

static void every_switch_can_be_thrown_while_it_trains(void **state)
{
    (void)state;
    const struct method *method;
    struct tiny tiny;
    struct err err;
    tiny_init_small(&tiny, 100, 1);
    for (size_t i = 0; (method = method_at(i)); i++) {
        struct learner *learner = trained(&tiny, method, 1);
        for (const struct knob *knob = method->entry.knobs; knob && knob->name; knob++) {
            if (!knob->on_off)
                continue;
            assert_true(knob->value == 1);
            if (learner_set(learner, knob->name, "off", &err))
                assert_true(isfinite(tiny_train(learner, 2).loss));
            else
                assert_true(knob->restart);
        }
        learner_free(learner);
    }
    tiny_release(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_knobs_and_losses_are_there),
        cmocka_unit_test(a_step_gives_what_the_learner_needs),
        cmocka_unit_test(what_a_method_shows_fits_its_panel),
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(a_head_may_be_any_net_and_says_when_it_is_none),
        cmocka_unit_test(projecting_goes_by_running_statistics),
        cmocka_unit_test(a_run_has_the_same_bytes_on_1_2_and_3_threads),
        cmocka_unit_test(a_resumed_run_gives_the_same_bytes),
        cmocka_unit_test(a_step_that_fails_leaves_everything_as_it_was),
        cmocka_unit_test(every_switch_can_be_thrown_while_it_trains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
