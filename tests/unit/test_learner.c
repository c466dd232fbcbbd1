/* SPDX-License-Identifier: MIT */
#include "train/learner.h"

#include "support/cmocka.h"
#include "support/tiny.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy of what a learner has become. */
struct outcome {
    size_t count;
    real *value, *m, *v;
    float loss, grad_norm;
};

static real *copied(const real *from, size_t n)
{
    real *to = malloc(n * sizeof *to);
    assert_non_null(to);
    memcpy(to, from, n * sizeof *to);
    return to;
}

static struct outcome outcome_of(const struct learner *learner, const struct step_row *row)
{
    const struct params *params = learner_params(learner);
    return (struct outcome){params->count,
                            copied(params->value, params->count),
                            copied(params->m, params->count),
                            copied(params->v, params->count),
                            row->loss,
                            row->grad_norm};
}

static void outcome_release(struct outcome *outcome)
{
    free(outcome->value);
    free(outcome->m);
    free(outcome->v);
}

static struct outcome train_anew(const struct tiny *tiny, int steps)
{
    struct learner *learner = tiny_learner(tiny);
    struct step_row row = tiny_train(learner, steps);
    struct outcome outcome = outcome_of(learner, &row);
    learner_free(learner);
    return outcome;
}

static void same_bytes(const struct outcome *a, const struct outcome *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->value, b->value, a->count * sizeof(real));
    assert_memory_equal(a->m, b->m, a->count * sizeof(real));
    assert_memory_equal(a->v, b->v, a->count * sizeof(real));
    assert_true(a->loss == b->loss && a->grad_norm == b->grad_norm);
}

/* ---- the same bytes ---- */

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    (void)state;
    struct tiny tiny;
    tiny_init(&tiny, 200, 1);
    tiny_set(&tiny, "batch", "21"); /* 42 views: the last micro-batch is padded */
    struct outcome one = train_anew(&tiny, 20);
    for (int threads = 2; threads <= 3; threads++) {
        tiny_threads(&tiny, threads);
        struct outcome more = train_anew(&tiny, 20);
        same_bytes(&one, &more);
        outcome_release(&more);
    }
    outcome_release(&one);
    tiny_release(&tiny);
}

static void recomputing_gives_the_same_bytes(void **state)
{
    (void)state;
    struct tiny tiny;
    tiny_init(&tiny, 200, 2);
    struct learner *kept = tiny_learner(&tiny);
    assert_false(learner_recomputes(kept));
    learner_free(kept);
    struct outcome a = train_anew(&tiny, 10);
    tiny_set(&tiny, "activations", "0");
    struct learner *thrifty = tiny_learner(&tiny);
    assert_true(learner_recomputes(thrifty));
    learner_free(thrifty);
    struct outcome b = train_anew(&tiny, 10);
    same_bytes(&a, &b);
    outcome_release(&a);
    outcome_release(&b);
    tiny_release(&tiny);
}

static void a_saved_run_goes_on_as_if_never_stopped(void **state)
{
    (void)state;
    struct tiny tiny;
    struct err err;
    tiny_init(&tiny, 200, 2);
    tiny_set(&tiny, "schedule", "cosine");
    tiny_set(&tiny, "steps", "30");
    struct outcome whole = train_anew(&tiny, 24);
    struct learner *first = tiny_learner(&tiny), *second = tiny_learner(&tiny);
    tiny_train(first, 11);
    struct saved_state *saved = learner_save(first);
    assert_int_equal(saved_state_step(saved), 11);
    tiny_train(second, 3);
    assert_true(learner_restore(second, saved, &err));
    assert_int_equal(learner_steps(second), 11);
    struct step_row row = tiny_train(second, 13);
    struct outcome resumed = outcome_of(second, &row);
    same_bytes(&whole, &resumed);
    outcome_release(&whole);
    outcome_release(&resumed);
    saved_state_unref(saved);
    learner_free(first);
    learner_free(second);
    tiny_release(&tiny);
}

static void a_state_brings_its_settings(void **state)
{
    (void)state;
    struct tiny tiny;
    struct err err;
    tiny_init(&tiny, 200, 1);
    struct learner *learner = tiny_learner(&tiny);
    struct saved_state *saved = learner_save(learner);
    assert_true(learner_set(learner, "lr", "0.5", &err) && learner_set(learner, "batch", "8", &err));
    assert_true(learner_restore(learner, saved, &err));
    assert_int_equal(learner_config(learner)->batch, 16);
    assert_true(learner_config(learner)->lr == tiny.config.lr);
    tiny_set(&tiny, "encoder", "conv 4, relu, gap, linear 8");
    struct learner *other = tiny_learner(&tiny);
    assert_false(learner_restore(other, saved, &err));
    assert_non_null(strstr(err.text, "another network"));
    saved_state_unref(saved);
    learner_free(learner);
    learner_free(other);
    tiny_release(&tiny);
}

/* ---- it learns ---- */

static void a_few_pictures_are_learned_by_heart(void **state)
{
    (void)state;
    struct tiny tiny;
    tiny_init(&tiny, 20, 2);
    assert_int_equal(tiny.split.n_train % 5, 0);
    tiny_set(&tiny, "batch", "8");
    tiny_set(&tiny, "augment", "noise=0.02");
    struct learner *learner = tiny_learner(&tiny);
    struct step_row first = tiny_train(learner, 1), last = tiny_train(learner, 250);
    assert_true(last.loss < 0.5F * first.loss);
    assert_true(last.pretext > 0.95F);
    assert_true(last.positive > last.negative + 0.5F);
    learner_free(learner);
    tiny_release(&tiny);
}

static void the_loss_falls_on_tiles(void **state)
{
    (void)state;
    struct tiny tiny;
    tiny_init(&tiny, 400, 2);
    tiny_set(&tiny, "batch", "64");
    struct learner *learner = tiny_learner(&tiny);
    struct step_row first = tiny_train(learner, 1), last = tiny_train(learner, 59);
    assert_true(fabsf(first.no_learning - logf(127)) < 1e-4F);
    if (!(last.loss < first.loss - 0.3F))
        fail_msg("from %g to %g", (double)first.loss, (double)last.loss);
    assert_int_equal(last.step, 60);
    learner_free(learner);
    tiny_release(&tiny);
}

/* ---- batches ---- */

static void an_epoch_sees_every_item_once(void **state)
{
    (void)state;
    struct tiny tiny;
    tiny_init(&tiny, 200, 1);
    size_t n = tiny.split.n_train, batches = n / 16;
    struct learner *learner = tiny_learner(&tiny);
    int *seen = calloc(tiny.data.n, sizeof *seen);
    assert_non_null(seen);
    for (size_t b = 0; b < batches; b++) {
        tiny_train(learner, 1);
        struct batch_view batch = learner_batch(learner);
        assert_int_equal(batch.n, 16);
        for (size_t i = 0; i < batch.n; i++)
            assert_int_equal(seen[batch.item[i]]++, 0);
    }
    for (size_t i = 0; i < tiny.split.n_eval; i++)
        assert_int_equal(seen[tiny.split.eval[i]], 0);
    free(seen);
    learner_free(learner);
    tiny_release(&tiny);
}

static void settings_take_effect_at_the_next_step(void **state)
{
    (void)state;
    struct tiny tiny;
    struct err err;
    tiny_init(&tiny, 200, 2);
    struct learner *learner = tiny_learner(&tiny);
    tiny_train(learner, 20);
    assert_true(learner_set(learner, "batch", "32", &err));
    assert_true(learner_set(learner, "lr", "0.004", &err));
    assert_true(learner_set(learner, "tau", "0.5", &err));
    assert_true(learner_set(learner, "jitter", "off", &err));
    struct step_row row = tiny_train(learner, 1);
    assert_int_equal(learner_batch(learner).n, 32);
    assert_true(fabsf(row.lr - 0.004F) < 1e-9F && fabsf(row.no_learning - logf(63)) < 1e-4F);
    assert_false(learner_set(learner, "batch", "4096", &err));
    assert_non_null(strstr(err.text, "pictures train"));
    assert_false(learner_set(learner, "encoder", "conv-m", &err));
    assert_non_null(strstr(err.text, "press R"));
    tiny_train(learner, 1);
    learner_free(learner);
    tiny_release(&tiny);
}

/* ---- when numbers run away ---- */

static void runaway_numbers_stop_with_a_name(void **state)
{
    (void)state;
    struct tiny tiny;
    struct step_row row;
    struct err err;
    tiny_init(&tiny, 200, 2);
    tiny_set(&tiny, "lr", "1e30");
    tiny_set(&tiny, "warmup", "0");
    struct learner *learner = tiny_learner(&tiny);
    size_t count = learner_params(learner)->count;
    uint64_t done = 0;
    real *before = copied(learner_params(learner)->value, count);
    while (learner_step(learner, &row, &err)) {
        free(before);
        before = copied(learner_params(learner)->value, count);
        assert_true(++done < 10);
    }
    assert_memory_equal(learner_params(learner)->value, before, count * sizeof(real));
    assert_int_equal(learner_steps(learner), done);
    assert_non_null(strstr(err.text, "not finite"));
    assert_non_null(strstr(err.text, "learning rate"));
    char step[24];
    snprintf(step, sizeof step, "step %d:", (int)done + 1);
    assert_non_null(strstr(err.text, step));
    assert_null(learner_row(learner));
    free(before);
    learner_free(learner);
    tiny_release(&tiny);
}

static void a_spoiled_weight_is_named(void **state)
{
    (void)state;
    struct tiny tiny;
    struct step_row row;
    struct err err;
    tiny_init(&tiny, 200, 1);
    struct learner *learner = tiny_learner(&tiny);
    tiny_train(learner, 2);
    learner_params_edit(learner)->value[0] = NAN;
    assert_false(learner_step(learner, &row, &err));
    assert_non_null(strstr(err.text, "trunk.0.weight"));
    learner_free(learner);
    tiny_release(&tiny);
}

/* ---- looking ---- */

static void embedding_does_not_depend_on_place_or_threads(void **state)
{
    (void)state;
    struct tiny tiny;
    tiny_init(&tiny, 600, 1);
    struct learner *learner = tiny_learner(&tiny);
    size_t n = 300, d = learner_dim_h(learner), dz = learner_dim_z(learner);
    float *h = malloc(n * d * sizeof *h), *z = malloc(n * dz * sizeof *z), *one = malloc(d * sizeof *one);
    float *again = malloc(n * d * sizeof *again);
    assert_true(h && z && one && again);
    uint32_t items[300];
    for (uint32_t i = 0; i < n; i++)
        items[i] = 2 * i;
    learner_embed(learner, items, n, h, z);
    learner_embed(learner, &items[290], 1, one, NULL);
    for (size_t j = 0; j < d; j++)
        assert_true(fabsf(one[j] - h[290 * d + j]) < 1e-5F);
    learner_free(learner);
    tiny_threads(&tiny, 3);
    struct learner *wide = tiny_learner(&tiny);
    learner_embed(wide, items, n, again, NULL);
    learner_free(wide);
    assert_memory_equal(h, again, n * d * sizeof *h);
    for (size_t j = 0; j < n * dz; j++)
        assert_true(isfinite(z[j]));
    free(h);
    free(z);
    free(one);
    free(again);
    tiny_release(&tiny);
}

static double cosine(const float *a, const float *b, size_t d)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t j = 0; j < d; j++) {
        ab += (double)a[j] * (double)b[j];
        aa += (double)a[j] * (double)a[j];
        bb += (double)b[j] * (double)b[j];
    }
    return ab / sqrt(aa * bb);
}

/* Of both views the worse place of the other one, among all views of the batch. */
static uint32_t naive_rank(const struct batch_view *batch, const struct inspected *inspected, size_t own,
                           size_t d)
{
    uint32_t worst = 0;
    for (int side = 0; side < 2; side++) {
        const float *anchor = inspected->z[side];
        uint32_t rank = 1;
        for (size_t i = 0; i < batch->n; i++)
            for (int view = 0; view < 2 && i != own; view++) {
                float row[64];
                for (size_t j = 0; j < d; j++)
                    row[j] = (float)batch->z[view][i * d + j];
                rank += cosine(anchor, row, d) > cosine(inspected->z[0], inspected->z[1], d);
            }
        worst = rank > worst ? rank : worst;
    }
    return worst;
}

static void inspection_sees_what_the_net_saw(void **state)
{
    (void)state;
    struct tiny tiny;
    tiny_init(&tiny, 200, 2);
    struct learner *learner = tiny_learner(&tiny);
    size_t values = 32 * 32 * 3, n = 16, d = learner_dim_z(learner);
    float *views = malloc(2 * (values + d) * sizeof *views);
    struct inspected inspected;
    assert_non_null(views);
    learner_inspect(learner, 7, views, &inspected);
    assert_true(inspected.item == 7 && inspected.rank == 1 && inspected.of == 1);
    tiny_set(&tiny, "lr", "0");
    learner_free(learner);
    learner = tiny_learner(&tiny); /* at rate 0 the batch's z are those of the present weights */
    tiny_train(learner, 3);
    struct batch_view batch = learner_batch(learner);
    learner_inspect(learner, batch.item[5], views, &inspected);
    double ab = 0, aa = 0, bb = 0;
    for (size_t j = 0; j < d; j++) {
        double a = (double)batch.z[0][5 * d + j], b = (double)batch.z[1][5 * d + j];
        ab += a * b, aa += a * a, bb += b * b;
    }
    assert_true(fabs(ab / sqrt(aa * bb) - (double)inspected.similarity) < 1e-4);
    for (size_t i = 0; i < n; i++) {
        learner_inspect(learner, batch.item[i], views, &inspected);
        assert_int_equal(inspected.of, 2 * n - 1);
        assert_int_equal(inspected.rank, naive_rank(&batch, &inspected, i, d));
    }
    for (uint32_t item = 0; item < 40; item++) { /* what is not of the batch takes its last place */
        size_t own = 0;
        while (own + 1 < n && batch.item[own] != item)
            own++;
        learner_inspect(learner, item, views, &inspected);
        assert_int_equal(inspected.rank, naive_rank(&batch, &inspected, own, d));
    }
    assert_memory_not_equal(inspected.view[0], inspected.view[1], values * sizeof *views);
    for (size_t i = 0; i < 2 * values; i++)
        assert_true(views[i] >= 0 && views[i] <= 1);
    free(views);
    learner_free(learner);
    tiny_release(&tiny);
}

static void pairs_of_the_last_batch_are_shown(void **state)
{
    (void)state;
    struct tiny tiny;
    tiny_init(&tiny, 200, 1);
    struct learner *learner = tiny_learner(&tiny);
    assert_int_equal(learner_batch(learner).n, 0);
    struct step_row row = tiny_train(learner, 3);
    struct batch_view batch = learner_batch(learner);
    double sum = 0;
    for (size_t i = 0; i < batch.n; i++) {
        sum += (double)batch.pair_loss[i] / (double)batch.n;
        assert_true(batch.pair_weight[i] >= 0 && batch.pair_weight[i] <= 1);
    }
    assert_true(fabs(sum - (double)row.loss) < 1e-4);
    learner_free(learner);
    tiny_release(&tiny);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct tiny tiny;
    struct err err;
    tiny_init(&tiny, 20, 1);
    tiny.config.batch = 1000;
    assert_null(learner_new(&tiny.config, &tiny.data, &tiny.split, tiny.pool, &err));
    assert_non_null(strstr(err.text, "does not fit"));
    tiny.config.batch = 4;
    tiny_set(&tiny, "encoder", "transformer 12");
    assert_null(learner_new(&tiny.config, &tiny.data, &tiny.split, tiny.pool, &err));
    tiny_set(&tiny, "encoder", "conv-s");
    tiny_set(&tiny, "head", "linear none");
    assert_null(learner_new(&tiny.config, &tiny.data, &tiny.split, tiny.pool, &err));
    tiny_release(&tiny);
}

int main(void)
{
    blas_single_thread();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
        cmocka_unit_test(recomputing_gives_the_same_bytes),
        cmocka_unit_test(a_saved_run_goes_on_as_if_never_stopped),
        cmocka_unit_test(a_state_brings_its_settings),
        cmocka_unit_test(a_few_pictures_are_learned_by_heart),
        cmocka_unit_test(the_loss_falls_on_tiles),
        cmocka_unit_test(an_epoch_sees_every_item_once),
        cmocka_unit_test(settings_take_effect_at_the_next_step),
        cmocka_unit_test(runaway_numbers_stop_with_a_name),
        cmocka_unit_test(a_spoiled_weight_is_named),
        cmocka_unit_test(embedding_does_not_depend_on_place_or_threads),
        cmocka_unit_test(inspection_sees_what_the_net_saw),
        cmocka_unit_test(pairs_of_the_last_batch_are_shown),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
