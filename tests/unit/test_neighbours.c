/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "space/neighbours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void fill(float *rows, size_t count, uint64_t seed)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < count; i++)
        rows[i] = (float)rng_normal(&rng);
}

/* By the definition: for each place, the best of those not yet taken, the lower index first. */
static void naive_row(const float *scores, const bool *usable, size_t n, size_t k, uint32_t *index,
                      float *score)
{
    bool *taken = xcalloc(n + 1, 1);
    for (size_t place = 0; place < k; place++) {
        size_t best = n;
        for (size_t j = 0; j < n; j++)
            if (usable[j] && !taken[j] && (best == n || scores[j] > scores[best]))
                best = j;
        index[place] = best == n ? UINT32_MAX : (uint32_t)best;
        score[place] = best == n ? NAN : scores[best];
        if (best < n)
            taken[best] = true;
    }
    free(taken);
}

static void check_row(const struct neighbours *found, size_t i, const uint32_t *index, const float *score)
{
    for (size_t j = 0; j < found->k; j++) {
        assert_int_equal(found->index[i * found->k + j], index[j]);
        float got = found->score[i * found->k + j];
        assert_true(got == score[j] || (isnan(got) && isnan(score[j])));
    }
}

/* A search for one query alone gives the same to the bit. */
static void check_one(const struct rows *rows, const float *query, size_t skip, size_t k, bool apart,
                      const uint32_t *index, const float *score)
{
    struct neighbours alone;
    bool *leave = xcalloc(rows->n + 1, sizeof *leave);
    if (skip < rows->n)
        leave[skip] = true;
    assert_true(neighbours_of_one(&alone, rows, query, leave, k, apart, NULL));
    check_row(&alone, 0, index, score);
    neighbours_release(&alone);
    free(leave);
}

static void check_against_naive(const float *queries, size_t n_queries, const float *rows, size_t n, size_t d,
                                size_t k, bool self)
{
    struct pool *pool = pool_new(2, 0);
    struct bank bank;
    struct neighbours found;
    bank_init(&bank, rows, n, d, pool);
    assert_true(neighbours_find(&found, &bank, queries, n_queries, k, self, pool, NULL));
    float *unit = xcalloc(n * d + 1, sizeof *unit), *query = xcalloc(n_queries * d + 1, sizeof *query);
    bool *valid = xcalloc(n + 1, 1), *query_valid = xcalloc(n_queries + 1, 1), *usable = xcalloc(n + 1, 1);
    float *scores = xcalloc(n + 1, sizeof *scores), *score = xcalloc(k + 1, sizeof *score);
    uint32_t *index = xcalloc(k + 1, sizeof *index);
    score_normalise(rows, n, d, unit, valid);
    score_normalise(queries, n_queries, d, query, query_valid);
    for (size_t i = 0; i < n_queries; i++) {
        for (size_t j = 0; j < n; j++) {
            scores[j] = score_pair(query + i * d, unit + j * d, d);
            usable[j] = query_valid[i] && valid[j] && !(self && i == j);
        }
        naive_row(scores, usable, n, k, index, score);
        check_row(&found, i, index, score);
        check_one(&(struct rows){rows, n, d}, queries + i * d, self ? i : SIZE_MAX, k, false, index, score);
    }
    void *all[] = {unit, query, valid, query_valid, usable, scores, score, index};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        free(all[i]);
    neighbours_release(&found);
    bank_release(&bank);
    pool_free(pool);
}

static void by_distance_a_double_loop_finds_the_same(void **state)
{
    (void)state;
    enum { N = 300, D = 7, PLACES = 6 };
    static float rows[N * D];
    fill(rows, N * D, 5);
    memcpy(rows + 40 * D, rows + 3 * D, D * sizeof *rows); /* duplicates: the lower index first */
    memset(rows + 50 * D, 0, D * sizeof *rows);            /* zero is a place like any other */
    rows[60 * D + 2] = NAN;
    struct rows all = {rows, N, D};
    for (size_t i = 0; i < N; i++) {
        float scores[N], score[PLACES];
        bool usable[N];
        uint32_t index[PLACES];
        for (size_t j = 0; j < N; j++) {
            float sum = 0;
            for (size_t c = 0; c < D; c++)
                sum = fmaf(rows[i * D + c] - rows[j * D + c], rows[i * D + c] - rows[j * D + c], sum);
            scores[j] = -sum;
            usable[j] = i != 60 && j != 60 && j != i;
        }
        naive_row(scores, usable, N, PLACES, index, score);
        check_one(&all, rows + i * D, i, PLACES, true, index, score);
        assert_true(i != 40 || index[0] == 3);
    }
    struct rows one = {rows, 1, D};
    check_one(&one, rows, 0, 1, true, (uint32_t[]){UINT32_MAX}, (float[]){NAN});
}

static void finds_what_a_double_loop_finds(void **state)
{
    (void)state;
    static const size_t sizes[][4] = {{1, 1, 1, 1},    {3, 40, 5, 7},  {70, 300, 16, 20},
                                      {33, 257, 2, 3}, {5, 10, 3, 25}, {40, 40, 8, 0},
                                      {2, 0, 4, 3},    {0, 5, 4, 3},   {4, 1100, 6, 9}};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        const size_t *s = sizes[i];
        float *queries = xcalloc(s[0] * s[2] + 1, sizeof *queries),
              *rows = xcalloc(s[1] * s[2] + 1, sizeof *rows);
        fill(queries, s[0] * s[2], i);
        fill(rows, s[1] * s[2], i + 100);
        check_against_naive(queries, s[0], rows, s[1], s[2], s[3], false);
        check_against_naive(rows, s[1], rows, s[1], s[2], s[3], true);
        free(queries);
        free(rows);
    }
}

static void equal_and_broken_rows_keep_their_order(void **state)
{
    (void)state;
    enum { N = 90, D = 6 };
    float rows[N * D];
    fill(rows, N * D, 5);
    for (int i = 1; i < N; i += 3) /* every third is a copy of one of two */
        memcpy(rows + i * D, rows + (i % 2) * 3 * D, D * sizeof(float));
    rows[4 * D + 1] = NAN;
    rows[8 * D] = INFINITY;
    memset(rows + 11 * D, 0, D * sizeof(float));
    for (int i = 0; i < 12 * D; i++) /* beyond what floats can square */
        rows[60 * D + i] *= i < 6 * D ? 1e-22F : 1e22F;
    check_against_naive(rows, N, rows, N, D, 12, true);
    check_against_naive(rows, N, rows, N, D, N + 5, false);
    for (int i = 0; i < N * D; i++) /* everything on one point */
        rows[i] = 0.25f;
    check_against_naive(rows, N, rows, N, D, 10, true);
    memset(rows, 0, sizeof rows); /* nothing has a direction */
    check_against_naive(rows, N, rows, N, D, 4, true);
}

static void few_queries_share_out_the_bank(void **state)
{
    (void)state;
    enum { N = 35000, D = 2, QUERIES = 3 };
    float *rows = xcalloc(N * D, sizeof *rows), queries[QUERIES * D];
    fill(rows, N * D, 1);
    fill(queries, QUERIES * D, 2);
    memcpy(rows + 17000 * D, queries, sizeof queries); /* equal scores in three chunks */
    memcpy(rows + 34000 * D, queries, sizeof queries);
    memcpy(rows + 100 * D, queries, sizeof queries);
    check_against_naive(queries, QUERIES, rows, N, D, 6, false);
    free(rows);
}

static void a_cancelled_search_holds_nothing(void **state)
{
    (void)state;
    float rows[40 * 2];
    fill(rows, 80, 1);
    struct bank bank;
    struct neighbours found;
    struct progress progress = {0};
    bank_init(&bank, rows, 40, 2, NULL);
    assert_true(neighbours_find(&found, &bank, rows, 40, 3, true, NULL, &progress));
    assert_int_equal(progress.done, 40);
    neighbours_release(&found);
    progress.cancel = true;
    assert_false(neighbours_find(&found, &bank, rows, 40, 3, true, NULL, &progress));
    assert_null(found.index);
    bank_release(&bank);
}

static void plane_neighbours_match_a_double_loop(void **state)
{
    (void)state;
    enum { N = 300, K = 10 };
    float points[2 * N], scores[N], score[K];
    bool usable[N];
    uint32_t index[K];
    fill(points, (size_t)2 * N, 9);
    for (int i = 0; i < 2 * N; i++)
        points[i] = roundf(points[i] * 4); /* a grid: many ties */
    points[7] = NAN;
    const float *x = points, *y = points + N;
    struct neighbours found;
    neighbours_plane(&found, x, y, N, K, NULL);
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            scores[j] = -((x[j] - x[i]) * (x[j] - x[i]) + (y[j] - y[i]) * (y[j] - y[i]));
            usable[j] = i != j && i != 7 && j != 7;
        }
        naive_row(scores, usable, N, K, index, score);
        check_row(&found, (size_t)i, index, score);
    }
    neighbours_release(&found);
}

/* ---- readings ---- */

static struct neighbours made(size_t n, size_t k, uint32_t *index, float *score)
{
    return (struct neighbours){n, k, index, score};
}

static void votes_are_weighted_and_balanced(void **state)
{
    (void)state;
    uint32_t bank[] = {0, 1, 1, UINT32_MAX, 2};
    uint32_t query[] = {0, 1, 0, 0, UINT32_MAX};
    uint32_t index[] = {0, 1, 2,          /* near 0 outweighs two far 1s */
                        1, 0, 3,          /* 1 before 0; blank does not vote */
                        2, 1, 0,          /* wrong */
                        0, 1, UINT32_MAX, /* equal weights: the lower class */
                        4, 4, 4};
    float score[] = {0.9f, 0.1f, 0.1f, 0.8f, 0.7f, 0.99f, 0.9f, 0.8f, 0.1f, 0.5f, 0.5f, NAN, 1, 1, 1};
    struct neighbours found = made(5, 3, index, score);
    struct knn_vote vote = {bank, query, 3, 0.07};
    assert_true(fabs(knn_accuracy(&found, &vote) - (2.0 / 3 + 1) / 2) < 1e-12);
    vote.temperature = 1e-4; /* e^(1/1e-4) would overflow */
    assert_true(fabs(knn_accuracy(&found, &vote) - (2.0 / 3 + 1) / 2) < 1e-12);
    found.n = 0;
    assert_true(isnan(knn_accuracy(&found, &vote)));
}

static void numbers_are_explained_or_not(void **state)
{
    (void)state;
    float bank[] = {1, 3, 5, NAN}, query[] = {1, 4, NAN, 3}, same[] = {2, 2, 2, 2}, score[8] = {0};
    uint32_t index[] = {0, 3, 1, 2, 0, 1, 0, 2};
    struct neighbours found = made(4, 2, index, score);
    assert_true(fabs(knn_r2(&found, bank, query) - 1) < 1e-12);
    assert_true(isnan(knn_r2(&found, bank, same)));
    float off[] = {2, 4, NAN, 6};
    assert_true(fabs(knn_r2(&found, bank, off) - (1 - 10.0 / 8)) < 1e-12);
}

/* Four probes of bob.measure's manual, scores of others and of their own: (.3 1.1 .5 / .7) (1.4 -1.3 .6 / .2)
 * (.8 0 1.5 / -.8 1.8) (2 1.3 1.6 .9 / 2.4): their own are 2nd, 3rd, 1st and 1st. */
static void the_characteristic_of_four_probes(void **state)
{
    (void)state;
    enum { PROBES = 4, MOST = 5, MINE = 1, OTHER = 2 };
    static const struct {
        double score[MOST];
        uint32_t code[MOST];
        size_t n;
    } probe[PROBES] = {{{.3, 1.1, .5, .7}, {OTHER, OTHER, OTHER, MINE}, 4},
                       {{1.4, -1.3, .6, .2}, {OTHER, OTHER, OTHER, MINE}, 4},
                       {{.8, 0, 1.5, -.8, 1.8}, {OTHER, OTHER, OTHER, MINE, MINE}, 5},
                       {{2, 1.3, 1.6, .9, 2.4}, {OTHER, OTHER, OTHER, OTHER, MINE}, 5}};
    static const uint32_t code[] = {MINE, MINE, MINE,
                                    MINE, MINE, OTHER}; /* items 4 and 5 stand for the lists' */
    uint32_t list[6 * MOST], rank[6];
    memset(list, 0xff, sizeof list);
    for (size_t p = 0; p < PROBES; p++)
        for (size_t i = 0; i < probe[p].n; i++) {
            size_t higher = 0;
            for (size_t j = 0; j < probe[p].n; j++)
                higher += probe[p].score[j] > probe[p].score[i];
            list[p * MOST + higher] = probe[p].code[i] == MINE ? 4 : 5;
        }
    struct neighbours found = {6, MOST, list, NULL};
    find_ranks(&found, code, rank);
    static const uint32_t wanted[PROBES] = {2, 3, 1, 1};
    assert_memory_equal(rank, wanted, sizeof wanted);
    assert_int_equal(rank[4], MOST + 1); /* it has no list */
    assert_int_equal(rank[5], 0);        /* nobody else has its code */
    static const double curve[] = {.5, .75, 1, 1};
    for (uint32_t r = 1; r <= 4; r++)
        assert_true(cmc_at(rank, PROBES, r) == curve[r - 1]);
    assert_true(isnan(cmc_at(rank + 5, 1, 1)));
}

static void rank_one_counts_those_with_company(void **state)
{
    (void)state;
    uint32_t code[] = {7, 7, 9, 4, 4, UINT32_MAX}, index[] = {1, 2, 0, 4, UINT32_MAX, 0};
    float score[6] = {0};
    struct neighbours found = made(6, 1, index, score);
    assert_true(fabs(rank_one(&found, code) - 2.0 / 4) < 1e-12);
    uint32_t alone[] = {1, 2, 3, 4, 5, 6};
    assert_true(isnan(rank_one(&found, alone)));
}

static void overlap_is_a_share_of_sets(void **state)
{
    (void)state;
    uint32_t a[] = {1, 2, 0, 2, UINT32_MAX, UINT32_MAX}, b[] = {2, 1, 2, 5, 0, 1};
    float score[6] = {0};
    struct neighbours first = made(3, 2, a, score), second = made(3, 2, b, score);
    assert_true(fabs(neighbours_overlap(&first, &second) - (1 + 0.5) / 2) < 1e-12);
    assert_true(fabs(neighbours_overlap(&second, &second) - 1) < 1e-12);
}

/* Two clusters of one class each, and three of the first class who live among the second: they are outvoted.
 */
static void the_plane_is_read_by_a_plain_vote(void **state)
{
    (void)state;
    enum { N = 100 };
    float x[N], y[N];
    uint32_t code[N];
    for (uint32_t i = 0; i < N; i++) {
        code[i] = i < 50 ? 0 : 1;
        x[i] = code[i] || i < 3 ? 10 : 0;
        y[i] = (float)i * 0.01F;
    }
    assert_true(fabs(plane_accuracy(x, y, code, N, 2) - 0.5 * (47.0 / 50 + 1)) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_double_loop_finds),
        cmocka_unit_test(by_distance_a_double_loop_finds_the_same),
        cmocka_unit_test(equal_and_broken_rows_keep_their_order),
        cmocka_unit_test(few_queries_share_out_the_bank),
        cmocka_unit_test(a_cancelled_search_holds_nothing),
        cmocka_unit_test(plane_neighbours_match_a_double_loop),
        cmocka_unit_test(votes_are_weighted_and_balanced),
        cmocka_unit_test(numbers_are_explained_or_not),
        cmocka_unit_test(the_characteristic_of_four_probes),
        cmocka_unit_test(rank_one_counts_those_with_company),
        cmocka_unit_test(overlap_is_a_share_of_sets),
        cmocka_unit_test(the_plane_is_read_by_a_plain_vote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
