/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/losses.h"

#include <math.h>
#include <string.h>

enum { N = FIXTURE_N, D = FIXTURE_D, REALS = FIXTURE_REALS };

static const double tau[] = {0.5};

static void run(struct loss_io *io, const double *knob)
{
    struct err err;
    assert_true(loss_call(loss_find("ntxent"), io, knob, NULL, &err));
}

static void assert_close(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.9g is not %.9g", got, wanted);
}

static void golden_figures_hold_in_float(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    run(&f.io, tau);
    assert_close(f.io.loss, 1.426945361, 1e-6);
    assert_close((double)f.da[0], -0.109697213, 1e-6);
    assert_close(frobenius(f.db, REALS), 0.399618772, 1e-6);
    assert_int_equal(f.io.rows_used, 2 * N);
    assert_int_equal(f.io.rows_zero, 0);
    assert_ptr_equal(loss_find("simclr"), loss_find("ntxent"));
}

/* The formula as it stands, term by term, in double: shares nothing with the code under test. */
struct naive {
    double loss, pair_loss[N], pair_weight[N], positive, negative;
    size_t hits;
};

static double cosine(const real *a, const real *b)
{
    double dot = 0, aa = 0, bb = 0;
    for (int j = 0; j < D; j++) {
        dot += (double)a[j] * b[j];
        aa += (double)a[j] * a[j];
        bb += (double)b[j] * b[j];
    }
    return dot / sqrt(aa * bb);
}

static struct naive naive_ntxent(const struct fixture *f, double t)
{
    struct naive out = {0};
    const real *row[2 * N];
    for (int i = 0; i < N; i++) {
        row[i] = f->a + i * D;
        row[N + i] = f->b + i * D;
    }
    for (int i = 0; i < 2 * N; i++) {
        int p = (i + N) % (2 * N);
        double sum = 0, own = cosine(row[i], row[p]), nearest = -2;
        for (int k = 0; k < 2 * N; k++) {
            if (k == i)
                continue;
            double s = cosine(row[i], row[k]);
            sum += exp(s / t);
            if (k != p) {
                nearest = fmax(nearest, s);
                out.negative += s / (2 * N * (2 * N - 2));
            }
        }
        double probability = exp(own / t) / sum;
        out.loss -= log(probability) / (2 * N);
        out.pair_loss[i % N] -= log(probability) / 2;
        out.pair_weight[i % N] += (1 - probability) / 2;
        out.positive += own / (2 * N);
        out.hits += own > nearest;
    }
    return out;
}

static void everything_it_reports_agrees_with_the_formula(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    real pair_loss[N], pair_weight[N];
    f.io.pair_loss = pair_loss;
    f.io.pair_weight = pair_weight;
    run(&f.io, tau);
    struct naive naive = naive_ntxent(&f, tau[0]);
    assert_close(f.io.loss, naive.loss, 1e-6);
    assert_close(f.io.positive_mean, naive.positive, 1e-6);
    assert_close(f.io.negative_mean, naive.negative, 1e-6);
    assert_int_equal(f.io.pretext_hits, naive.hits);
    for (int i = 0; i < N; i++) {
        assert_close((double)pair_loss[i], naive.pair_loss[i], 1e-6);
        assert_close((double)pair_weight[i], naive.pair_weight[i], 1e-6);
    }
}

static void swapping_views_swaps_gradients(void **state)
{
    (void)state;
    struct fixture f, swapped;
    fixture_init(&f);
    fixture_init(&swapped);
    run(&f.io, tau);
    swapped.io.a = swapped.b;
    swapped.io.b = swapped.a;
    run(&swapped.io, tau);
    assert_close(swapped.io.loss, f.io.loss, 1e-6);
    for (int i = 0; i < REALS; i++) {
        assert_close((double)swapped.da[i], (double)f.db[i], 1e-6);
        assert_close((double)swapped.db[i], (double)f.da[i], 1e-6);
    }
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    struct fixture f, turned;
    fixture_init(&f);
    fixture_init(&turned);
    run(&f.io, tau);
    for (int i = 0; i < N; i++) {
        memcpy(turned.a + i * D, f.a + (i + 2) % N * D, D * sizeof(real));
        memcpy(turned.b + i * D, f.b + (i + 2) % N * D, D * sizeof(real));
    }
    run(&turned.io, tau);
    assert_close(turned.io.loss, f.io.loss, 1e-6);
    for (int i = 0; i < REALS; i++)
        assert_close((double)turned.da[i], (double)f.da[(i + 2 * D) % REALS], 1e-6);
}

static void length_of_rows_does_not_matter(void **state)
{
    (void)state;
    struct fixture f, scaled;
    fixture_init(&f);
    fixture_init(&scaled);
    run(&f.io, tau);
    for (int i = 0; i < REALS; i++)
        scaled.a[i] *= 8;
    run(&scaled.io, tau);
    assert_close(scaled.io.loss, f.io.loss, 1e-6);
    for (int i = 0; i < REALS; i++)
        assert_close((double)scaled.da[i] * 8, (double)f.da[i], 1e-6);
}

static void gradient_is_at_right_angles_to_its_row(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    run(&f.io, tau);
    for (int i = 0; i < N; i++) {
        double along = 0;
        for (int j = 0; j < D; j++)
            along += (double)f.da[i * D + j] * f.a[i * D + j];
        assert_close(along, 0, 1e-6);
    }
}

static void collapse_costs_ln_2n_less_1(void **state)
{
    (void)state;
    static const double taus[] = {0.01, 0.2, 10};
    for (int k = 0; k < 3; k++) {
        struct fixture f;
        fixture_init(&f);
        for (int i = 0; i < REALS; i++)
            f.a[i] = f.b[i] = 1;
        run(&f.io, &taus[k]);
        assert_close(f.io.loss, log(2 * N - 1), 1e-6);
        assert_close(f.io.loss, loss_find("ntxent")->no_learning(&f.io, taus), 1e-6);
        assert_close(frobenius(f.da, REALS), 0, 1e-4);
        assert_int_equal(f.io.pretext_hits, 0);
    }
}

static void rows_of_zeros_get_no_gradient_and_are_counted(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    memset(f.a + 2 * D, 0, D * sizeof(real));
    for (int j = 0; j < D; j++)
        f.b[j] = (real)1e-8;
    run(&f.io, tau);
    assert_int_equal(f.io.rows_zero, 2);
    assert_true(frobenius(f.da + 2 * D, D) == 0 && frobenius(f.db, D) == 0);
    assert_true(frobenius(f.da, REALS) > 0.01 && isfinite(f.io.loss));
}

static void one_pair_has_nothing_to_tell_apart(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    f.io.n = 1;
    run(&f.io, tau);
    assert_close(f.io.loss, 0, 1e-7);
    assert_close(frobenius(f.da, D), 0, 1e-7);
    assert_true(isnan(f.io.negative_mean));
    fixture_init(&f);
    f.io.n = 2;
    run(&f.io, tau);
    assert_true(f.io.loss > 0 && isfinite(f.io.negative_mean));
}

static void low_temperatures_do_not_overflow(void **state)
{
    (void)state;
    static const double coldest[] = {0.01};
    struct fixture f;
    fixture_init(&f);
    run(&f.io, coldest);
    struct naive naive = naive_ntxent(&f, coldest[0]);
    assert_close(f.io.loss, naive.loss, 1e-4);
    assert_true(isfinite(frobenius(f.da, REALS)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_figures_hold_in_float),
        cmocka_unit_test(everything_it_reports_agrees_with_the_formula),
        cmocka_unit_test(swapping_views_swaps_gradients),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(length_of_rows_does_not_matter),
        cmocka_unit_test(gradient_is_at_right_angles_to_its_row),
        cmocka_unit_test(collapse_costs_ln_2n_less_1),
        cmocka_unit_test(rows_of_zeros_get_no_gradient_and_are_counted),
        cmocka_unit_test(one_pair_has_nothing_to_tell_apart),
        cmocka_unit_test(low_temperatures_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
