/* SPDX-License-Identifier: MIT
 *
 * Principal components against power iteration on a covariance summed in double, and by hand.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "space/pca.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void assert_close(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.12g is not %.12g", got, wanted);
}

static void by_hand(void **state)
{
    (void)state;
    /* along (1, -2) with variance 5 * (1 + 4) / 4, across it nothing; the mean is (3, 1) */
    const float rows[] = {1, 5, 2, 3, 3, 1, 4, -1, 5, -3};
    struct pca pca;
    float out[10];
    assert_true(pca_fit(&pca, rows, 5, 2, 9, NULL, NULL));
    assert_int_equal(pca.n_axes, 2);
    assert_close(pca.mean[0], 3, 1e-12);
    assert_close(pca.mean[1], 1, 1e-12);
    assert_close(pca.variance[0], 12.5, 1e-5);
    assert_close(pca.variance[1], 0, 1e-5);
    assert_close(pca.total, 12.5, 1e-5);
    assert_close(pca.axis[0], -1 / sqrt(5), 1e-6); /* the loading of largest size is positive */
    assert_close(pca.axis[1], 2 / sqrt(5), 1e-6);
    pca_apply(&pca, rows, 5, out, NULL, NULL);
    for (size_t i = 0; i < 5; i++)
        assert_close((double)out[2 * i], (2 - (double)i) * sqrt(5), 1e-5);
    pca_release(&pca);
}

static float *random_rows(size_t n, size_t d)
{
    float *rows = xcalloc(n * d, sizeof *rows);
    struct rng rng = rng_at(4, RNG_SAMPLE, 0, d, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            rows[i * d + j] =
                (float)(5 + rng_normal(&rng) * pow(0.7, (double)j) + (j ? rows[i * d] * 0.1F : 0));
    return rows;
}

/* The axis that varies most: the covariance applied again and again. */
static double power(const double *c, size_t d, double *axis)
{
    double length = 0;
    for (size_t j = 0; j < d; j++)
        axis[j] = 1 + (double)j / 7;
    for (int round = 0; round < 3000; round++) {
        double *next = xcalloc(d, sizeof *next);
        length = 0;
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                next[j] += c[j * d + k] * axis[k];
        for (size_t j = 0; j < d; j++)
            length += next[j] * next[j];
        length = sqrt(length);
        for (size_t j = 0; j < d; j++)
            axis[j] = next[j] / length;
        free(next);
    }
    return length;
}

static void check(size_t n, size_t d)
{
    enum { AXES = 3 };
    float *rows = random_rows(n, d), *out = xcalloc(n * AXES, sizeof *out);
    double *c = xcalloc(d * d, sizeof *c), *mean = xcalloc(d, sizeof *mean), *axis = xcalloc(d, sizeof *axis);
    for (size_t i = 0; i < n * d; i++)
        mean[i % d] += (double)rows[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                c[j * d + k] += ((double)rows[i * d + j] - mean[j]) * ((double)rows[i * d + k] - mean[k]) /
                                (double)(n - 1);
    struct pca pca;
    struct pool *pool = pool_new(2, 0);
    assert_true(pca_fit(&pca, rows, n, d, AXES, pool, NULL));
    pca_apply(&pca, rows, n, out, pool, NULL);
    for (size_t a = 0; a < AXES; a++) {
        double value = power(c, d, axis), sign = 0, along = 0;
        for (size_t j = 0; j < d; j++)
            sign = fabs(axis[j]) > fabs(sign) ? axis[j] : sign;
        assert_close(pca.variance[a], value, 1e-4 * value);
        for (size_t j = 0; j < d; j++) {
            assert_close(pca.axis[a * d + j], sign < 0 ? -axis[j] : axis[j], 1e-3);
            along += ((double)rows[(n - 1) * d + j] - mean[j]) * (sign < 0 ? -axis[j] : axis[j]);
        }
        assert_close((double)out[(n - 1) * AXES + a], along, 1e-2);
        for (size_t j = 0; j < d * d; j++) /* deflate */
            c[j] -= value * axis[j / d] * axis[j % d];
    }
    pca_release(&pca);
    pool_free(pool);
    void *all[] = {rows, out, c, mean, axis};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        free(all[i]);
}

static void agrees_with_power_iteration(void **state)
{
    (void)state;
    check(50, 4);
    check(1024, 12);
    check(2500, 30);
    check(12, 40); /* fewer rows than columns: by their inner products */
    check(60, 61);
}

/* A covariance of these would take gigabytes: against the inner products of all rows summed in double. */
static void wide_rows_have_the_axes_of_their_inner_products(void **state)
{
    (void)state;
    enum { N = 7, D = 20011, AXES = 7 };
    float *rows = random_rows(N, D), out[N * AXES];
    for (size_t i = 0; i < (size_t)N * D; i++) /* each column as much as another */
        rows[i] = (float)sin((double)(i * i % 7919)) * (float)(1 + i / D) + 3;
    rows[2 * D + 5] = NAN; /* left out */
    double *x = xcalloc((size_t)N * D, sizeof *x), c[N * N] = {0}, u[N];
    for (size_t j = 0; j < D; j++) {
        double mean = 0;
        for (size_t i = 0; i < N; i++)
            mean += i == 2 ? 0 : (double)rows[i * D + j] / (N - 1);
        for (size_t i = 0; i < N; i++)
            x[i * D + j] = i == 2 ? 0 : (double)rows[i * D + j] - mean;
    }
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < N; k++)
            for (size_t j = 0; j < D; j++)
                c[i * N + k] += x[i * D + j] * x[k * D + j] / (N - 2);
    struct pca pca, again;
    struct pool *pool = pool_new(3, 0);
    assert_true(pca_fit(&pca, rows, N, D, AXES, NULL, NULL));
    assert_true(pca_fit(&again, rows, N, D, AXES, pool, NULL));
    assert_memory_equal(pca.axis, again.axis, (size_t)AXES * D * sizeof *pca.axis);
    assert_int_equal(pca.n_fitted, N - 1);
    pca_apply(&pca, rows, N, out, pool, NULL);
    for (size_t a = 0; a < AXES; a++) {
        const double *axis = pca.axis + a * D;
        for (size_t b = 0; b <= a; b++) {
            double along = 0;
            for (size_t j = 0; j < D; j++)
                along += axis[j] * pca.axis[b * D + j];
            assert_close(along, a == b, 1e-9);
        }
        double value = a < N - 2 ? power(c, N, u) : 0, sign = 0, length = 0;
        assert_close(pca.variance[a], value, 1e-5 * pca.total);
        for (size_t j = 0; j < D; j++)
            sign = fabs(axis[j]) > fabs(sign) ? axis[j] : sign;
        assert_true(sign > 0);
        assert_true(isnan(out[2 * AXES + a]));
        double along[N] = {0};
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < D; j++)
                along[i] += x[i * D + j] * axis[j];
        for (size_t i = 0; i < N; i++)
            length += along[i] * along[i] / (N - 2);
        assert_close(length, value, 1e-5 * pca.total);
        for (size_t i = 0; i < N; i++)
            if (i != 2)
                assert_close((double)out[i * AXES + a], along[i], 1e-2);
        for (size_t i = 0; i < N * N && a < N - 2; i++)
            c[i] -= value * u[i / N] * u[i % N];
    }
    pca_release(&pca);
    pca_release(&again);
    pool_free(pool);
    free(rows);
    free(x);
}

static void the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    float *rows = random_rows(5000, 20);
    struct pool *pool = pool_new(3, 0);
    struct pca one, three;
    assert_true(pca_fit(&one, rows, 5000, 20, 5, NULL, NULL));
    assert_true(pca_fit(&three, rows, 5000, 20, 5, pool, NULL));
    assert_memory_equal(one.axis, three.axis, 100 * sizeof *one.axis);
    assert_memory_equal(one.variance, three.variance, 5 * sizeof *one.variance);
    pca_release(&one);
    pca_release(&three);
    pool_free(pool);
    free(rows);
}

static void rows_that_are_not_finite_are_left_out(void **state)
{
    (void)state;
    const float rows[] = {1, 5, 2, 3, NAN, 0, 3, 1, 4, -1, 5, -3, INFINITY, 1};
    float out[14];
    struct pca pca;
    assert_true(pca_fit(&pca, rows, 7, 2, 2, NULL, NULL));
    assert_int_equal(pca.n_fitted, 5);
    assert_close(pca.variance[0], 12.5, 1e-5);
    pca_apply(&pca, rows, 7, out, NULL, NULL);
    assert_true(isnan(out[4]) && isnan(out[5]) && isnan(out[12]) && !isnan(out[0]));
    pca_release(&pca);
}

static void one_row_and_equal_rows_have_no_variance(void **state)
{
    (void)state;
    const float rows[] = {1, 2, 3, 1, 2, 3};
    for (size_t n = 1; n <= 2; n++) {
        struct pca pca;
        float out[6];
        assert_true(pca_fit(&pca, rows, n, 3, 3, NULL, NULL));
        assert_true(pca.total == 0 && pca.variance[0] == 0);
        pca_apply(&pca, rows, n, out, NULL, NULL);
        assert_true(out[0] == 0 && out[2] == 0);
        pca_release(&pca);
    }
}

static void a_cancelled_fit_holds_nothing(void **state)
{
    (void)state;
    float *rows = random_rows(100, 4);
    struct progress progress = {0};
    struct pca pca;
    progress_expect(&progress, pca_parts(100, 4));
    assert_true(pca_fit(&pca, rows, 100, 4, 2, NULL, &progress));
    assert_int_equal(progress.before + progress.weight, pca_parts(100, 4));
    pca_release(&pca);
    progress.cancel = true;
    assert_false(pca_fit(&pca, rows, 100, 4, 2, NULL, &progress));
    assert_null(pca.axis);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(agrees_with_power_iteration),
        cmocka_unit_test(wide_rows_have_the_axes_of_their_inner_products),
        cmocka_unit_test(the_same_for_any_number_of_threads),
        cmocka_unit_test(rows_that_are_not_finite_are_left_out),
        cmocka_unit_test(one_row_and_equal_rows_have_no_variance),
        cmocka_unit_test(a_cancelled_fit_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
