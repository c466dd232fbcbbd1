/* SPDX-License-Identifier: MIT
 *
 * What every loss of the list promises, whichever it is.
 */
#include "support/cmocka.h"
#include "support/losses.h"

#include "loss/rows.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static void names_and_knobs_are_fit_to_show(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t i = 0; (loss = loss_at(i)); i++) {
        assert_ptr_equal(loss_find(loss->entry.name), loss);
        assert_true(strlen(loss->entry.help) > 20);
        for (const char *c = loss->entry.name; *c; c++)
            assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '-');
        for (const struct knob *knob = loss->entry.knobs; knob && knob->name; knob++) {
            assert_true(knob->label && knob->help && knob->unit && strlen(knob->help) > 20);
            assert_true(knob->min <= knob->value && knob->value <= knob->max);
            assert_true(knob->log ? knob->min > 0 && knob->step > 1 : knob->step > 0);
        }
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(loss->entry.name, loss_at(j)->entry.name);
    }
    assert_null(loss_find("no-such-loss"));
    assert_null(loss_find(""));
}

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    enum { N = 150, D = 24 };
    static real a[N * D], b[N * D], queue[N * D], da[2][N * D], db[2][N * D];
    random_rows(a, N * D, 1);
    random_rows(b, N * D, 2);
    int32_t labels[N];
    uint8_t same[N];
    for (int i = 0; i < N; i++) {
        labels[i] = i % 7;
        same[i] = i % 3 == 0;
    }
    real length[N];
    random_rows(queue, N * D, 3);
    rows_normalise(queue, N, D, queue, length);
    struct pool *pool = pool_new(3, 0);
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        double value[2];
        for (int k = 0; k < 2; k++) {
            struct err err;
            struct loss_io io = {.n = N,
                                 .d = D,
                                 .a = a,
                                 .b = b,
                                 .labels = labels,
                                 .same = same,
                                 .queue = queue,
                                 .n_queue = N,
                                 .da = da[k],
                                 .db = db[k]};
            assert_true(loss_call(loss, &io, NULL, k ? pool : NULL, &err));
            value[k] = io.loss;
        }
        assert_memory_equal(&value[0], &value[1], sizeof value[0]);
        assert_memory_equal(da[0], da[1], sizeof da[0]);
        assert_memory_equal(db[0], db[1], sizeof db[0]);
    }
    pool_free(pool);
}

static void empty_tables_are_refused(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f;
        struct err err = {""};
        fixture_init(&f);
        f.io.n = 0;
        assert_false(loss_call(loss, &f.io, NULL, NULL, &err));
        assert_non_null(strstr(err.text, loss->entry.name));
        fixture_init(&f);
        f.io.a = NULL;
        assert_false(loss_call(loss, &f.io, NULL, NULL, &err));
    }
}

/* What may come from a batch, though nobody would choose it. */
static void spoil(struct fixture *f, int how)
{
    fixture_init(f);
    for (int k = 0; k < FIXTURE_REALS; k++) {
        if (how == 0)
            f->a[k] = f->b[k] = (real)0.5; /* everything equal */
        if (how == 1)
            f->a[k] = f->b[k] = 0;
        if (how == 2 && k < 2 * FIXTURE_D)
            f->a[k] = 0; /* two rows without direction */
        if (how == 3 && k < FIXTURE_D)
            f->a[FIXTURE_D + k] = f->a[k]; /* a duplicate */
    }
    for (int i = 0; i < FIXTURE_N; i++) {
        if (how == 4)
            f->labels[i] = i < 2 ? 0 : i; /* one positive only */
        if (how == 5)
            f->labels[i] = i; /* none */
        if (how == 6)
            f->labels[i] = -1; /* unknown */
        if (how == 7)
            f->labels[i] = 0; /* no negatives */
        f->same[i] = how == 8 ? 0 : how == 9 ? 1 : f->same[i];
    }
    if (how == 10)
        f->io.n = 1;
    if (how == 11)
        f->io.n = 2;
    if (how == 12) {
        f->io.queue = NULL;
        f->io.n_queue = 0;
    }
}

static void degenerate_batches_give_no_infinities(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++)
        for (int how = 0; how < 13; how++)
            for (int symmetric = 0; symmetric < 2; symmetric++) {
                struct fixture f;
                struct err err;
                spoil(&f, how);
                f.io.symmetric = symmetric;
                size_t count = f.io.n * FIXTURE_D;
                assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
                if (!isfinite(f.io.loss) || !isfinite(frobenius(f.da, count)) ||
                    !isfinite(frobenius(f.db, count)))
                    fail_msg("%s: case %d gives loss %g, gradients %g and %g", loss->entry.name, how,
                             f.io.loss, frobenius(f.da, count), frobenius(f.db, count));
            }
}

static void rows_without_direction_get_no_gradient(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f;
        struct err err;
        spoil(&f, 2);
        assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
        if (f.io.rows_zero > 0) { /* a loss of directions */
            assert_int_equal(f.io.rows_zero, 2);
            assert_true(frobenius(f.da, (size_t)2 * FIXTURE_D) == 0);
        }
    }
}

/* A loss that is asked for no gradient or for no reports gives the same value. */
static void what_is_not_wanted_may_be_left_out(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++)
        for (int symmetric = 0; symmetric < 2; symmetric++) {
            struct fixture f;
            struct err err;
            real pair_loss[FIXTURE_N], pair_weight[FIXTURE_N];
            fixture_init(&f);
            f.io.symmetric = symmetric;
            f.io.pair_loss = pair_loss;
            f.io.pair_weight = pair_weight;
            for (int i = 0; i < FIXTURE_N; i++)
                pair_loss[i] = pair_weight[i] = (real)NAN;
            assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
            double value = f.io.loss;
            for (int i = 0; i < FIXTURE_N; i++) /* set, or disowned */
                assert_true((!f.io.pair_loss || isfinite(pair_loss[i])) &&
                            (!f.io.pair_weight || isfinite(pair_weight[i])));
            f.io.da = f.io.db = f.io.pair_loss = f.io.pair_weight = NULL;
            assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
            assert_true(f.io.loss == value);
        }
}

static void parts_add_up(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++)
        for (int symmetric = 0; symmetric < 2; symmetric++) {
            struct fixture f;
            struct err err;
            double sum = 0;
            fixture_init(&f);
            f.io.symmetric = symmetric;
            assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
            for (int k = 0; k < LOSS_PARTS && loss->part[k]; k++)
                sum += f.io.part[k];
            if (loss->part[0])
                assert_true(fabs(sum - f.io.loss) < 1e-5 * fmax(1, fabs(sum)));
        }
}

/* More rows than a block holds, all in one point: their products are added up in several ways, and are ties.
 */
static void nobody_is_found_in_a_crowd(void **state)
{
    (void)state;
    enum { MANY = 200, WIDE = 48 };
    static real a[MANY * WIDE], queue[MANY * WIDE];
    static int32_t labels[MANY];
    const struct loss *loss;
    for (uint64_t seed = 0; seed < 4; seed++) {
        random_rows(a, WIDE, seed);
        double length = frobenius(a, WIDE);
        for (size_t i = 0; i < MANY * WIDE; i++) {
            a[i] = a[i % WIDE];
            queue[i] = (real)((double)a[i] / length);
            labels[i / WIDE] = (int32_t)(i / WIDE) % 5 - 1;
        }
        for (size_t l = 0; (loss = loss_at(l)); l++) {
            struct err err;
            struct loss_io io = {.n = MANY, .d = WIDE, .a = a, .b = a, .labels = labels};
            io.queue = queue;
            io.n_queue = MANY;
            if (loss->needs & LOSS_NEEDS_SAME)
                continue;
            assert_true(loss_call(loss, &io, NULL, NULL, &err));
            assert_true(isnan(io.pretext_hits) || io.pretext_hits == 0);
        }
    }
}

/* Towards a target every pair has a loss, one way and both, and the loss is their mean. */
static void the_loss_of_a_target_is_the_mean_of_its_pairs(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++)
        for (int symmetric = 0; symmetric < 2 && loss->target_b; symmetric++) {
            struct fixture f;
            struct err err;
            real pair_loss[FIXTURE_N];
            double sum = 0;
            fixture_init(&f);
            f.io.symmetric = symmetric;
            f.io.pair_loss = pair_loss;
            assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
            for (int i = 0; i < FIXTURE_N; i++)
                sum += (double)pair_loss[i] / FIXTURE_N;
            assert_true(f.io.pair_loss && fabs(sum - f.io.loss) < 1e-5 * fmax(1, fabs(sum)));
        }
}

static void inputs_that_are_missing_are_named(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f;
        struct err err = {""};
        fixture_init(&f);
        f.io.b = NULL;
        assert_int_equal(loss_call(loss, &f.io, NULL, NULL, &err), !(loss->needs & LOSS_NEEDS_B));
        assert_true(!(loss->needs & LOSS_NEEDS_B) || strstr(err.text, "two tables"));
        fixture_init(&f);
        f.io.labels = NULL;
        assert_int_equal(loss_call(loss, &f.io, NULL, NULL, &err), !(loss->needs & LOSS_NEEDS_LABELS));
        assert_true(!(loss->needs & LOSS_NEEDS_LABELS) || strstr(err.text, "needs labels"));
        fixture_init(&f);
        f.io.same = NULL;
        assert_int_equal(loss_call(loss, &f.io, NULL, NULL, &err), !(loss->needs & LOSS_NEEDS_SAME));
        assert_true(!(loss->needs & LOSS_NEEDS_SAME) || strstr(err.text, "needs same"));
    }
}

static void a_nan_is_not_hidden(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f;
        struct err err;
        fixture_init(&f);
        f.a[7] = (real)NAN;
        assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
        assert_false(isfinite(f.io.loss));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_knobs_are_fit_to_show),
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(empty_tables_are_refused),
        cmocka_unit_test(inputs_that_are_missing_are_named),
        cmocka_unit_test(degenerate_batches_give_no_infinities),
        cmocka_unit_test(rows_without_direction_get_no_gradient),
        cmocka_unit_test(what_is_not_wanted_may_be_left_out),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(nobody_is_found_in_a_crowd),
        cmocka_unit_test(the_loss_of_a_target_is_the_mean_of_its_pairs),
        cmocka_unit_test(a_nan_is_not_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
