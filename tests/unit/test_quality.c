/* SPDX-License-Identifier: MIT
 *
 * Golden figures come from an independent implementation in float64 on the table of support/losses.h.
 */
#include "support/cmocka.h"
#include "support/losses.h"

#include "base/rng.h"
#include "share/terms.h"
#include "space/quality.h"

#include <math.h>
#include <string.h>

static double round_half(double x)
{
    return 0.5 * floor(2 * x);
}

static void assert_close(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.12g is not %.12g", got, wanted);
}

static void golden_tables(float *a, float *b)
{
    struct fixture f;
    fixture_init(&f);
    for (int i = 0; i < FIXTURE_REALS; i++) {
        a[i] = (float)f.a[i];
        b[i] = (float)f.b[i];
    }
}

static void golden_figures(void **state)
{
    (void)state;
    enum { N = FIXTURE_N, D = FIXTURE_D };
    float a[N * D], b[N * D];
    golden_tables(a, b);
    assert_close(quality_alignment(a, b, N, D), 0.317267130, 1e-6);
    assert_close(quality_uniformity(a, N, D, 2, NULL), -2.208831709, 1e-6);
    assert_close(quality_effective_rank(a, N, D, NULL), 3.052840337, 1e-6);
    assert_close(quality_std(a, N, D), 0.965078971, 1e-6);
}

static void broken_rows_are_left_out(void **state)
{
    (void)state;
    enum { N = FIXTURE_N + 3, D = FIXTURE_D };
    float a[N * D] = {0}, b[N * D]; /* two rows of zeros before, a broken one behind */
    for (int i = 0; i < N * D; i++)
        b[i] = 1;
    golden_tables(a + 2 * D, b + 2 * D);
    for (int j = 0; j < D; j++) {
        a[(N - 1) * D + j] = INFINITY;
    }
    assert_close(quality_alignment(a, b, N, D), 0.317267130, 1e-6);
    assert_close(quality_uniformity(a, N, D, 2, NULL), -2.208831709, 1e-6);
    assert_close(quality_effective_rank(a, N, D, NULL), 3.052840337, 1e-6);
    assert_close(quality_std(a, N, D), 0.965078971, 1e-6);
}

static void collapse_shows(void **state)
{
    (void)state;
    enum { N = 100, D = 8 };
    float rows[N * D];
    for (int i = 0; i < N * D; i++)
        rows[i] = 0.1f * (float)(i % D + 1);
    assert_close(quality_alignment(rows, rows, N, D), 0, 0);
    assert_close(quality_uniformity(rows, N, D, 2, NULL), 0, 1e-6);
    assert_close(quality_std(rows, N, D), 0, 1e-6);
    assert_close(quality_effective_rank(rows, N, D, NULL), 1, 1e-4);
    for (int i = 0; i < N; i++) /* one dimension is left */
        for (int j = 0; j < D; j++)
            rows[i * D + j] = (float)(i + 1) * (float)(j + 1);
    assert_close(quality_effective_rank(rows, N, D, NULL), 1, 1e-4);
}

static void evenly_spread_rows(void **state)
{
    (void)state;
    enum { D = 65 }; /* more than a tile of rows */
    float rows[D * D] = {0};
    for (int i = 0; i < D; i++)
        rows[i * D + i] = (float)(i + 1);
    assert_close(quality_uniformity(rows, D, D, 2, NULL), -4, 1e-6); /* all d^2 = 2 */
    float cross[4 * 2] = {1, 0, -2, 0, 0, 3, 0, -4};
    assert_close(quality_std(cross, 4, 2), sqrt(2) * sqrt(2.0 / 3), 1e-6);
    float square[4 * 2] = {1, 1, -1, 1, 1, -1, -1, -1};
    assert_close(quality_effective_rank(square, 4, 2, NULL), 2, 1e-5);
    assert_close(quality_alignment(cross, cross + 2, 1, 2), 4, 1e-6);
}

static bool within(enum term term, double value)
{
    const struct term_entry *entry = term_entry(term);
    return isnan(value) || (value >= (double)entry->low - 1e-5 && value <= (double)entry->high + 1e-5);
}

/* What a term says of its range holds for any rows: two opposite points are spread most. */
static void numbers_keep_their_range(void **state)
{
    (void)state;
    enum { N = 24, D = 5 };
    double least = 0, most_apart = 0, most_std = 0;
    for (unsigned round = 0; round < 400; round++) {
        struct rng rng = rng_at(round, RNG_SAMPLE, 0, 0, 0);
        float a[N * D], b[N * D];
        size_t n = 1 + rng_below(&rng, N), d = 1 + rng_below(&rng, D);
        for (size_t i = 0; i < n * d; i++) {
            a[i] =
                (float)(round % 3 == 0 ? (i / d % 2 ? -1.0 : 1.0) * (double)(1 + i % d) : rng_normal(&rng));
            b[i] = round % 2 ? -a[i] : (float)round_half(rng_normal(&rng));
        }
        double apart = quality_alignment(a, b, n, d), spread = quality_uniformity(a, n, d, 2, NULL),
               deviation = quality_std(a, n, d), rank = quality_effective_rank(a, n, d, NULL);
        assert_true(within(TERM_alignment, apart) && within(TERM_uniformity, spread));
        assert_true(within(TERM_std, deviation) && within(TERM_rank, rank));
        assert_true(isnan(rank) || rank <= (double)(n < d ? n : d) + 1e-4);
        least = fmin(least, spread);
        most_apart = fmax(most_apart, apart);
        most_std = fmax(most_std, deviation);
    }
    assert_close(least, -8, 1e-5); /* the ends are reached */
    assert_close(most_apart, 4, 1e-5);
    assert_true(most_std > 1.3 && most_std <= sqrt(2) + 1e-5);
}

static void too_few_rows_have_no_quality(void **state)
{
    (void)state;
    float row[3] = {1, 2, 3}, zero[3] = {0};
    assert_true(isnan(quality_uniformity(row, 1, 3, 2, NULL)) && isnan(quality_std(row, 1, 3)));
    assert_true(isnan(quality_effective_rank(row, 0, 3, NULL)) &&
                isnan(quality_effective_rank(zero, 1, 3, NULL)));
    assert_true(isnan(quality_alignment(row, zero, 1, 3)) && isnan(quality_alignment(row, row, 0, 3)));
    assert_close(quality_effective_rank(row, 1, 3, NULL), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_figures),
        cmocka_unit_test(broken_rows_are_left_out),
        cmocka_unit_test(collapse_shows),
        cmocka_unit_test(evenly_spread_rows),
        cmocka_unit_test(too_few_rows_have_no_quality),
        cmocka_unit_test(numbers_keep_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
