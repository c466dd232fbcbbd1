/* SPDX-License-Identifier: MIT
 *
 * The k nearest of every row against a double loop over all pairs by the definition of a score.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "space/neighbours_each.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How near row j is to row i: NaN where one of them is no neighbour. */
static double nearness(const float *rows, size_t d, size_t i, size_t j, enum each_metric metric)
{
    float *unit = xcalloc(2 * d, sizeof *unit);
    bool valid[2];
    double score = NAN;
    if (metric == EACH_EUCLIDEAN) {
        double sum[2] = {0, 0};
        for (size_t k = 0; k < d; k++) {
            sum[0] += (double)rows[i * d + k] * (double)rows[i * d + k];
            sum[1] += (double)rows[j * d + k] * (double)rows[j * d + k];
        }
        if (sum[0] < 1e37 && sum[1] < 1e37)
            score = (double)score_pair_apart(rows + i * d, rows + j * d, d);
    } else {
        score_normalise(rows + i * d, 1, d, unit, &valid[0]);
        score_normalise(rows + j * d, 1, d, unit + d, &valid[1]);
        if (valid[0] && valid[1])
            score = (double)score_pair(unit, unit + d, d);
    }
    free(unit);
    return score;
}

/* For each place the best of those not yet taken, the lower index first. */
static void check_row(const struct neighbours *found, const float *rows, size_t n, size_t d, size_t i,
                      enum each_metric metric)
{
    bool *taken = xcalloc(n + 1, 1);
    double *score = xcalloc(n + 1, sizeof *score);
    for (size_t j = 0; j < n; j++)
        score[j] = i == j ? (double)NAN : nearness(rows, d, i, j, metric);
    for (size_t place = 0; place < found->k; place++) {
        size_t best = n;
        for (size_t j = 0; j < n; j++)
            if (!isnan(score[j]) && !taken[j] && (best == n || score[j] > score[best]))
                best = j;
        uint32_t index = found->index[i * found->k + place];
        assert_int_equal(index, best == n ? UINT32_MAX : (uint32_t)best);
        if (best < n)
            assert_true((double)found->score[i * found->k + place] == score[best]);
        else
            assert_true(isnan(found->score[i * found->k + place]));
        taken[best] = true;
    }
    free(taken);
    free(score);
}

static void check(const float *rows, size_t n, size_t d, size_t k, size_t stride)
{
    for (enum each_metric metric = EACH_COSINE; metric <= EACH_EUCLIDEAN; metric++) {
        struct neighbours one, three;
        struct pool *pool = pool_new(3, 0);
        struct progress progress = {0};
        assert_true(neighbours_each(&one, rows, n, d, k, metric, NULL, &progress));
        assert_int_equal(progress.done, progress.total);
        assert_true(neighbours_each(&three, rows, n, d, k, metric, pool, NULL));
        assert_memory_equal(one.index, three.index, n * k * sizeof *one.index);
        assert_memory_equal(one.score, three.score, n * k * sizeof *one.score);
        for (size_t i = 0; i < n; i += stride)
            check_row(&one, rows, n, d, i, metric);
        neighbours_release(&one);
        neighbours_release(&three);
        pool_free(pool);
    }
}

static float *random_rows(size_t n, size_t d, uint64_t seed)
{
    float *rows = xcalloc(n * d, sizeof *rows);
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < n * d; i++)
        rows[i] = (float)rng_normal(&rng);
    return rows;
}

static void finds_what_a_double_loop_finds(void **state)
{
    (void)state;
    static const size_t sizes[][4] = {{1, 3, 4, 1},    {2, 1, 1, 1},     {17, 5, 20, 1},    {64, 16, 3, 1},
                                      {511, 7, 6, 13}, {513, 40, 5, 13}, {1600, 6, 10, 37}, {1025, 1, 0, 99}};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        float *rows = random_rows(sizes[i][0], sizes[i][1], i);
        check(rows, sizes[i][0], sizes[i][1], sizes[i][2], sizes[i][3]);
        free(rows);
    }
}

static void equal_scores_go_to_the_lower_index(void **state)
{
    (void)state;
    enum { N = 1300, D = 3 };
    float *rows = xcalloc(N * D, sizeof *rows);
    for (size_t i = 0; i < N; i++) /* twelve places, so that nearly all pairs are ties */
        rows[i * D + i % 3] = i % 4 < 2 ? 1 : (float)(i % 4);
    check(rows, N, D, 20, 101);
    for (size_t i = 0; i < N * D; i++)
        rows[i] = 0.5F; /* all in one place */
    check(rows, N, D, 7, 101);
    free(rows);
}

static void rows_without_direction_are_left_out(void **state)
{
    (void)state;
    enum { N = 600, D = 4 };
    float *rows = random_rows(N, D, 9);
    for (size_t j = 0; j < D; j++) {
        rows[j] = 0;
        rows[5 * D + j] = NAN;
        rows[530 * D + j] = INFINITY;
        rows[531 * D + j] = 3e38F;
    }
    check(rows, N, D, 6, 7);
    struct neighbours found;
    assert_true(neighbours_each(&found, rows, N, D, 2, EACH_COSINE, NULL, NULL));
    assert_int_equal(found.index[0], UINT32_MAX); /* the zero row */
    neighbours_release(&found);
    assert_true(neighbours_each(&found, rows, N, D, 2, EACH_EUCLIDEAN, NULL, NULL));
    assert_int_not_equal(found.index[0], UINT32_MAX); /* a place like any other */
    assert_int_equal(found.index[2 * 5], UINT32_MAX);
    neighbours_release(&found);
    free(rows);
}

static void by_hand(void **state)
{
    (void)state;
    const float rows[] = {0, 1, 0, 2, 3, 0, 3, 4};
    struct neighbours found;
    assert_true(neighbours_each(&found, rows, 4, 2, 3, EACH_EUCLIDEAN, NULL, NULL));
    const uint32_t index[] = {1, 2, 3, 0, 2, 3, 0, 1, 3, 1, 2, 0};
    const float score[] = {-1, -10, -18, -1, -13, -13, -10, -13, -16, -13, -16, -18};
    assert_memory_equal(found.index, index, sizeof index);
    assert_memory_equal(found.score, score, sizeof score);
    neighbours_release(&found);
    assert_true(neighbours_each(&found, rows, 4, 2, 3, EACH_COSINE, NULL, NULL));
    const uint32_t by_angle[] = {1, 3, 2, 0, 3, 2, 3, 0, 1, 0, 1, 2};
    assert_memory_equal(found.index, by_angle, sizeof by_angle);
    assert_true(found.score[0] == 1 && fabsf(found.score[1] - 0.8F) < 1e-6F && found.score[2] == 0);
    neighbours_release(&found);
}

static void a_cancelled_search_holds_nothing(void **state)
{
    (void)state;
    float *rows = random_rows(1500, 4, 3);
    struct neighbours found;
    struct progress progress = {0};
    progress.cancel = true;
    assert_false(neighbours_each(&found, rows, 1500, 4, 3, EACH_COSINE, NULL, &progress));
    assert_null(found.index);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_double_loop_finds),
        cmocka_unit_test(equal_scores_go_to_the_lower_index),
        cmocka_unit_test(rows_without_direction_are_left_out),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(a_cancelled_search_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
