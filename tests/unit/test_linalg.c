/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void assert_close(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.12g is not %.12g", got, wanted);
}

/* a v = lambda v, v' v = 1, values fall, the largest entry of each vector is positive. */
static void check_eigen(const double *a, size_t n, double tolerance)
{
    double *work = xcalloc(n * n, sizeof *work), *vectors = xcalloc(n * n, sizeof *vectors);
    double *values = xcalloc(n, sizeof *values), *alone = xcalloc(n, sizeof *alone);
    memcpy(work, a, n * n * sizeof *work);
    linalg_eigen(work, n, values, vectors);
    memcpy(work, a, n * n * sizeof *work);
    linalg_eigen(work, n, alone, NULL);
    for (size_t j = 0; j < n; j++) {
        double largest = 0;
        assert_close(alone[j], values[j], 0);
        assert_true(j == 0 || values[j - 1] >= values[j]);
        for (size_t i = 0; i < n; i++) {
            double product = 0, inner = 0;
            for (size_t k = 0; k < n; k++) {
                product += a[i * n + k] * vectors[k * n + j];
                inner += vectors[k * n + i] * vectors[k * n + j];
            }
            assert_close(product, values[j] * vectors[i * n + j], tolerance);
            assert_close(inner, i == j, 1e-12);
            if (fabs(vectors[i * n + j]) > fabs(largest) + 1e-15)
                largest = vectors[i * n + j];
        }
        assert_true(largest > 0);
    }
    free(work);
    free(vectors);
    free(values);
    free(alone);
}

static void eigenvectors_take_the_matrix_apart(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 7, 40};
    for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
        size_t n = sizes[s];
        double *a = xcalloc(n * n, sizeof *a);
        struct rng rng = rng_at(s, RNG_SAMPLE, 0, 0, 0);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++)
                a[i * n + j] = a[j * n + i] = rng_normal(&rng);
        check_eigen(a, n, 1e-12 * (double)n);
        free(a);
    }
}

static void special_matrices_come_apart_too(void **state)
{
    (void)state;
    enum { N = 6 };
    double zero[N * N] = {0}, one[N * N] = {0}, ones[N * N], huge[N * N] = {0}, blocks[N * N] = {0};
    for (int i = 0; i < N; i++) {
        one[i * N + i] = 1;
        huge[i * N + i] = pow(10, 3 * i);
        blocks[i * N + (i ^ 1)] = 2;
    }
    for (int i = 0; i < N * N; i++)
        ones[i] = 1;
    check_eigen(zero, N, 0);
    check_eigen(one, N, 1e-14);
    check_eigen(ones, N, 1e-13);
    check_eigen(huge, N, 1e-13 * 1e15);
    check_eigen(blocks, N, 1e-13);
}

static void known_values(void **state)
{
    (void)state;
    enum { N = 20 };
    double a[N * N] = {0}, values[N];
    for (int i = 0; i < N; i++) { /* second differences: 2 - 2 cos(pi k / (n + 1)) */
        a[i * N + i] = 2;
        if (i > 0)
            a[i * N + i - 1] = a[(i - 1) * N + i] = -1;
    }
    linalg_eigen(a, N, values, NULL);
    for (int k = 1; k <= N; k++)
        assert_close(values[N - k], 2 - 2 * cos(acos(-1.0) * k / (N + 1)), 1e-14);
    double broken[4] = {1, NAN, NAN, 1};
    linalg_eigen(broken, 2, values, NULL);
    assert_true(isnan(values[0]) && isnan(values[1]));
    linalg_eigen(broken, 0, values, NULL);
}

static void eigen_is_watched_and_stopped(void **state)
{
    (void)state;
    double a[4] = {2, 1, 1, 2}, again[4] = {2, 1, 1, 2}, values[2], vectors[4];
    struct progress progress = {0};
    assert_true(linalg_eigen_watched(a, 2, values, vectors, &progress));
    assert_close(values[0], 3, 1e-14);
    assert_true(progress_share(&progress) > 0.5);
    progress_cancel(&progress);
    assert_false(linalg_eigen_watched(again, 2, values, vectors, &progress));
}

/* Early reflections are long and late ones short: the share is one of the work, and ends with it. */
static void eigen_says_how_far_it_is(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 12; n++)
        for (int with = 0; with < 2; with++) {
            double a[144], values[12], vectors[144];
            struct progress progress = {0};
            for (size_t i = 0; i < n * n; i++)
                a[i] = cos((double)((i / n + 1) * (i % n + 1)));
            assert_true(linalg_eigen_watched(a, n, values, with ? vectors : NULL, &progress));
            assert_int_equal(progress.done, progress.total);
            assert_true(n < 2 || progress.total > n * n / 2);
        }
}

/* Of more columns than are worked at a time: their squares add up to those of the centred rows. */
static void singular_values_of_very_wide_rows(void **state)
{
    (void)state;
    enum { N = 5, D = 70 };
    float rows[N * D];
    double value[N], squares = 0, sum = 0;
    for (size_t i = 0; i < N * D; i++)
        rows[i] = (float)cos((double)(i * i % 101));
    for (size_t k = 0; k < D; k++) {
        double mean = 0;
        for (size_t i = 0; i < N; i++)
            mean += (double)rows[i * D + k] / N;
        for (size_t i = 0; i < N; i++)
            squares += pow((double)rows[i * D + k] - mean, 2);
    }
    linalg_singular_values(rows, N, D, value, NULL);
    for (size_t i = 0; i < N; i++)
        sum += value[i] * value[i];
    assert_close(sum, squares, 1e-9);
}

static void singular_values_of_tall_and_wide(void **state)
{
    (void)state;
    float tall[] = {6, 1, 0, 1, 3, 5, 3, -3}, wide[] = {3, 0, 0, 0, 4, 0};
    double values[2];
    linalg_singular_values(tall, 4, 2, values, NULL); /* centred: (3, 0), (-3, 0), (0, 4), (0, -4) */
    assert_close(values[0], sqrt(32), 1e-14);
    assert_close(values[1], sqrt(18), 1e-14);
    linalg_singular_values(wide, 2, 3, values, NULL); /* two rows, centred: one line */
    assert_close(values[0], 5 / sqrt(2), 1e-14);
    assert_close(values[1], 0, 1e-7);
}

static void procrustes_undoes_turns_and_flips(void **state)
{
    (void)state;
    float x[] = {1, 2, -3, 0.5f, NAN}, y[] = {0, 1, 2, -4, 1}, tx[5], ty[5];
    for (int flip = 0; flip < 2; flip++) {
        double angle = 0.7, c = cos(angle), s = sin(angle), r[4];
        for (int i = 0; i < 5; i++) {
            double v = flip ? -(double)y[i] : (double)y[i];
            tx[i] = (float)(c * x[i] - s * v);
            ty[i] = (float)(s * x[i] + c * v);
        }
        linalg_procrustes(x, y, tx, ty, 5, r);
        for (int i = 0; i < 4; i++) {
            assert_close(r[0] * x[i] + r[1] * y[i], (double)tx[i], 1e-6);
            assert_close(r[2] * x[i] + r[3] * y[i], (double)ty[i], 1e-6);
        }
        assert_close(r[0] * r[3] - r[1] * r[2], flip ? -1 : 1, 1e-12);
    }
    double r[4];
    linalg_procrustes(x, y, tx, ty, 0, r);
    assert_true(r[0] == 1 && r[1] == 0 && r[2] == 0 && r[3] == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvectors_take_the_matrix_apart),
        cmocka_unit_test(special_matrices_come_apart_too),
        cmocka_unit_test(known_values),
        cmocka_unit_test(eigen_is_watched_and_stopped),
        cmocka_unit_test(eigen_says_how_far_it_is),
        cmocka_unit_test(singular_values_of_tall_and_wide),
        cmocka_unit_test(singular_values_of_very_wide_rows),
        cmocka_unit_test(procrustes_undoes_turns_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
