/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/linalg.h"
#include "math/score.h"
#include "space/projection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void assert_close(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.12g is not %.12g", got, wanted);
}

/* Normal rows, each column less spread than the one before, turned a little so that axes are not columns. */
static float *fan(size_t n, size_t d, uint64_t seed)
{
    float *rows = xcalloc(n * d, sizeof *rows);
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            rows[i * d + j] =
                (float)(0.2 + pow(0.5, (double)j) * rng_normal(&rng) + (j > 0 ? 0.3 * rows[i * d] : 0));
    return rows;
}

static void check_orthonormal(const struct projection *p, double tolerance)
{
    for (size_t a = 0; a < p->n_axes; a++)
        for (size_t b = 0; b < p->n_axes; b++) {
            double dot = 0;
            for (size_t j = 0; j < p->d; j++)
                dot += p->axis[a * p->d + j] * p->axis[b * p->d + j];
            assert_close(dot, a == b, tolerance);
        }
}

/* Against the eigenvectors of the covariance of the unit rows. */
static void check_pca(size_t n, size_t d, double tolerance)
{
    enum { AXES = 3 };
    float *rows = fan(n, d, d), *unit = xcalloc(n * d, sizeof *unit);
    double *c = xcalloc(d * d, sizeof *c), *vectors = xcalloc(d * d, sizeof *vectors);
    double *means = xcalloc(d, sizeof *means), *values = xcalloc(d, sizeof *values), total = 0;
    score_normalise(rows, n, d, unit, NULL);
    for (size_t i = 0; i < n * d; i++)
        means[i % d] += (double)unit[i] / (double)n;
    for (size_t i = 0; i < n * d * d; i++) {
        size_t row = i / (d * d), a = i / d % d, b = i % d;
        c[a * d + b] +=
            ((double)unit[row * d + a] - means[a]) * ((double)unit[row * d + b] - means[b]) / (double)(n - 1);
    }
    linalg_eigen(c, d, values, vectors);
    struct projection p;
    projection_fit_pca(&p, rows, n, d, AXES, NULL);
    for (size_t j = 0; j < d; j++)
        total += values[j];
    for (size_t k = 0; k < AXES; k++) {
        assert_close(p.variance[k], values[k] / total, tolerance);
        for (size_t j = 0; j < d; j++)
            assert_close(p.axis[k * d + j], vectors[j * d + k], tolerance);
    }
    for (size_t j = 0; j < d; j++)
        assert_close(p.mean[j], means[j], 1e-6);
    check_orthonormal(&p, 1e-12);
    const int axes[2] = {0, 2};
    assert_close(projection_share(&p, axes, rows, n, NULL), p.variance[0] + p.variance[2], 1e-6);
    projection_release(&p);
    void *all[] = {rows, unit, c, vectors, means, values};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        free(all[i]);
}

static void plain_axes_are_eigenvectors(void **state)
{
    (void)state;
    check_pca(200, 5, 1e-5);
    check_pca(60, 64, 1e-5);
}

static void wide_rows_are_iterated_to_the_same_axes(void **state)
{
    (void)state;
    check_pca(80, 300, 1e-4);
}

static void coordinates_are_centred_and_carry_the_variance(void **state)
{
    (void)state;
    enum { N = 150, D = 6 };
    float *rows = fan(N, D, 3), out[N];
    struct projection p;
    projection_fit_pca(&p, rows, N, D, 2, NULL);
    double sum = 0, squares[2] = {0, 0};
    for (size_t k = 0; k < 2; k++) {
        projection_apply(&p, k, rows, N, out, NULL);
        sum = 0;
        for (int i = 0; i < N; i++) {
            sum += (double)out[i];
            squares[k] += (double)out[i] * out[i];
        }
        assert_close(sum, 0, 1e-4);
    }
    assert_close(squares[0] / squares[1], p.variance[0] / p.variance[1], 1e-3);
    rows[0] *= 4; /* length does not matter */
    for (int j = 1; j < D; j++)
        rows[j] *= 4;
    float again;
    projection_apply(&p, 1, rows, 1, &again, NULL);
    assert_close((double)again, (double)out[0], 1e-6);
    projection_release(&p);
    free(rows);
}

/* Three classes in the plane of columns 0 and 1, and far more spread within each class along column 2. */
static void classes_of_three(float *rows, uint32_t *code, size_t n)
{
    static const float middle[3][2] = {{1, 0}, {-0.5f, 0.8f}, {-0.5f, -0.8f}};
    struct rng rng = rng_at(1, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < n; i++) {
        code[i] = (uint32_t)(i % 3);
        rows[i * 5] = middle[i % 3][0];
        rows[i * 5 + 1] = middle[i % 3][1];
        rows[i * 5 + 2] = (i / 3) % 2 ? 3.0f : -3.0f;
        rows[i * 5 + 3] = (float)(0.01 * rng_normal(&rng));
        rows[i * 5 + 4] = 0;
    }
}

static void class_axes_show_classes_where_plain_ones_do_not(void **state)
{
    (void)state;
    enum { N = 120, D = 5 };
    float rows[N * D];
    uint32_t code[N];
    classes_of_three(rows, code, N);
    struct classes classes = {code, 3};
    struct projection plain, p;
    projection_fit_pca(&plain, rows, N, D, 2, NULL);
    projection_fit_classes(&p, rows, &classes, N, D, 4, NULL);
    assert_true(fabs(plain.axis[2]) > 0.99);
    assert_int_equal(p.n_axes, 4);
    check_orthonormal(&p, 1e-9);
    for (int k = 0; k < 2; k++) {
        assert_close(hypot(p.axis[k * D], p.axis[k * D + 1]), 1, 1e-2);
        assert_true(fabs(p.axis[k * D + 2]) < 0.05);
    }
    assert_true(fabs(p.axis[2 * D + 2]) > 0.99); /* then the plain ones of what is left */
    assert_true(p.variance[2] > p.variance[0] && p.variance[2] > p.variance[3]);
    projection_release(&plain);
    projection_release(&p);
}

static void blank_codes_do_not_fit(void **state)
{
    (void)state;
    enum { N = 90, D = 5 };
    float rows[N * D];
    uint32_t code[N];
    classes_of_three(rows, code, N);
    struct classes classes = {code, 3};
    struct projection before, after;
    projection_fit_classes(&before, rows, &classes, 60, D, 2, NULL);
    for (int i = 60; i < N; i++) {
        code[i] = i % 2 ? UINT32_MAX : 3;
        rows[i * D + 4] = 100;
    }
    projection_fit_classes(&after, rows, &classes, N, D, 2, NULL);
    for (size_t i = 0; i < (size_t)2 * D; i++)
        assert_close(after.axis[i], before.axis[i], 1e-6);
    projection_release(&before);
    projection_release(&after);
}

static void poor_tables_still_give_axes(void **state)
{
    (void)state;
    enum { N = 8, D = 4, WIDE = 400 };
    float rows[N * WIDE];
    uint32_t code[N] = {0};
    struct classes classes = {code, 1};
    for (int kind = 0; kind < 3; kind++)
        for (int wide = 0; wide < 2; wide++) {
            size_t d = wide ? WIDE : D, n = kind == 2 ? 0 : N;
            for (int i = 0; i < N * WIDE; i++)
                rows[i] = kind ? 0 : 0.5f;
            struct projection p;
            projection_fit_pca(&p, rows, n, d, 6, NULL);
            assert_int_equal(p.n_axes, wide ? 6 : 4);
            check_orthonormal(&p, 1e-9);
            float x[N];
            projection_apply(&p, 1, rows, n, x, NULL);
            for (size_t i = 0; i < n; i++)
                assert_close((double)x[i], 0, 1e-5);
            projection_release(&p);
            projection_fit_classes(&p, rows, &classes, n, d, 2, NULL);
            check_orthonormal(&p, 1e-9);
            const int axes[2] = {0, 1};
            double share = projection_share(&p, axes, rows, n, NULL);
            assert_true(share >= 0 && share <= 1);
            projection_release(&p);
        }
}

/* What was cancelled gives nothing and holds nothing. */
static void a_fit_can_be_stopped(void **state)
{
    (void)state;
    enum { N = 8, WIDE = 400 };
    float rows[N * WIDE];
    for (int i = 0; i < N * WIDE; i++)
        rows[i] = (float)(i * 7919 % 101) - 50;
    uint32_t code[N] = {0, 1, 0, 1, 2, 2, 0, 1};
    struct progress stopped = {0};
    progress_cancel(&stopped);
    for (size_t d = 4; d <= WIDE; d += WIDE - 4) {
        struct projection p;
        assert_false(projection_fit_pca(&p, rows, N, d, 6, &stopped));
        assert_null(p.axis);
        assert_false(projection_fit_classes(&p, rows, &(struct classes){code, 3}, N, d, 2, &stopped));
        assert_null(p.axis);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_axes_are_eigenvectors),
        cmocka_unit_test(wide_rows_are_iterated_to_the_same_axes),
        cmocka_unit_test(coordinates_are_centred_and_carry_the_variance),
        cmocka_unit_test(class_axes_show_classes_where_plain_ones_do_not),
        cmocka_unit_test(blank_codes_do_not_fit),
        cmocka_unit_test(poor_tables_still_give_axes),
        cmocka_unit_test(a_fit_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
