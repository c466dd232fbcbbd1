/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/t8.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "space/scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the oracle: a double loop over single pairs ---- */

struct naive {
    uint64_t *count; /* as in struct scores */
    double *s, *s2;
};

static bool in_pairs(const struct score_items *items, const bool *valid, size_t i)
{
    return valid[i] && items->identity[i] != UINT32_MAX;
}

static void naive_count(struct naive *naive, const struct score_items *items, size_t n_bins)
{
    size_t n = items->n, d = items->d;
    float *unit = xcalloc(n * d + 1, sizeof *unit);
    bool *valid = xcalloc(n + 1, 1);
    score_normalise(items->rows, n, d, unit, valid);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (!in_pairs(items, valid, i) || !in_pairs(items, valid, j))
                continue;
            float s = score_pair(unit + i * d, unit + j * d, d);
            size_t bin = (size_t)floorf((s + 1) * (float)(n_bins / 2)), g = items->group[i],
                   h = items->group[j];
            size_t at = scores_cell(items->n_groups, g, h) * 2 + (items->identity[i] == items->identity[j]);
            naive->count[at * n_bins + (bin < n_bins ? bin : n_bins - 1)]++;
            naive->s[at] += s;
            naive->s2[at] += (double)s * s;
        }
    free(unit);
    free(valid);
}

static void check_equal(const struct scores *scores, const struct naive *naive)
{
    size_t n = scores->n_cells * N_PAIR_KINDS;
    assert_memory_equal(scores->count, naive->count, n * scores->n_bins * sizeof *naive->count);
    for (size_t i = 0; i < n; i++) {
        assert_true(fabs(scores->sums[i].s - naive->s[i]) < 1e-7 * (1 + fabs(naive->s[i])));
        assert_true(fabs(scores->sums[i].s2 - naive->s2[i]) < 1e-7 * (1 + naive->s2[i]));
    }
}

static void check_against_naive(const struct score_items *items)
{
    static const size_t bins[] = {256, 4096, 65536};
    struct err err;
    for (size_t b = 0; b < ARRAY_LEN(bins); b++) {
        size_t n = scores_n_cells(items->n_groups) * N_PAIR_KINDS;
        struct naive naive = {xcalloc(n * bins[b], sizeof(uint64_t)), xcalloc(n, sizeof(double)),
                              xcalloc(n, sizeof(double))};
        naive_count(&naive, items, bins[b]);
        for (int threads = 1; threads <= 3; threads++) {
            struct pool *pool = pool_new(threads, 0);
            struct scores scores;
            assert_true(scores_find(&scores, items, bins[b], pool, NULL, &err));
            check_equal(&scores, &naive);
            scores_release(&scores);
            pool_free(pool);
        }
        free(naive.count);
        free(naive.s);
        free(naive.s2);
    }
}

/* ---- inputs ---- */

enum { MOST = 700, D = 9, GROUPS = 4 };

struct table {
    float rows[MOST * D];
    uint32_t group[MOST], identity[MOST];
};

/* Normal rows; the last group has one item; identities are shared by groups. */
static struct score_items filled(struct table *t, size_t n, uint64_t seed)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < n * D; i++)
        t->rows[i] = (float)rng_normal(&rng);
    for (size_t i = 0; i < n; i++) {
        t->group[i] = i == n / 2 ? GROUPS - 1 : (uint32_t)rng_below(&rng, GROUPS - 1);
        t->identity[i] = (uint32_t)rng_below(&rng, n / 5 + 1);
    }
    return (struct score_items){t->rows, n, D, t->group, t->identity, GROUPS};
}

static void random_items_of_any_number(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 17, 130, 257, MOST};
    struct table *t = xcalloc(1, sizeof *t);
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct score_items items = filled(t, sizes[i], i);
        check_against_naive(&items);
    }
    free(t);
}

static void duplicates_collapse_and_opposites(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 300, 3);
    for (size_t i = 0; i < 300; i += 2)
        memcpy(t->rows + i * D, t->rows + (i % 7) * D, D * sizeof(float));
    check_against_naive(&items);
    for (size_t i = 0; i < 300 * D; i++) /* all in one point */
        t->rows[i] = 0.3F;
    check_against_naive(&items);
    for (size_t i = 0; i < 300 * D; i++) /* two opposite points */
        t->rows[i] = i / D % 2 ? -1 : 1;
    check_against_naive(&items);
    free(t);
}

static void what_has_no_direction_or_no_identity_is_in_no_pair(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 200, 4);
    t->rows[3 * D] = NAN;
    t->rows[50 * D + 2] = INFINITY;
    memset(t->rows + 77 * D, 0, D * sizeof(float));
    t->identity[80] = t->identity[3] = UINT32_MAX;
    t->group[3] = t->group[50] = t->group[77] = t->group[80] = 0;
    check_against_naive(&items);
    struct scores scores;
    struct err err;
    assert_true(scores_find(&scores, &items, 256, NULL, NULL, &err));
    assert_int_equal(scores.size[0].n_failed, 2);
    assert_int_equal(scores.size[0].n_unknown, 2);
    assert_int_equal(scores.size[GROUPS - 1].n_items, 1);
    size_t n = 0;
    for (size_t g = 0; g < GROUPS; g++)
        n += scores.size[g].n_items + scores.size[g].n_failed + scores.size[g].n_unknown;
    assert_int_equal(n, 200);
    scores_release(&scores);
    for (size_t i = 0; i < 200 * D; i++)
        t->rows[i] = NAN;
    check_against_naive(&items);
    free(t);
}

static void one_identity_for_all_and_one_for_each(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 300, 5);
    memset(t->identity, 0, sizeof t->identity);
    check_against_naive(&items);
    for (uint32_t i = 0; i < 300; i++)
        t->identity[i] = 299 - i;
    check_against_naive(&items);
    free(t);
}

/* ---- what is kept of single pairs ---- */

struct known_pair {
    struct scored_pair pair;
    size_t list; /* cell and kind */
    uint32_t bin;
};

static size_t list_pairs(const struct score_items *items, uint32_t n_bins, struct known_pair *pair)
{
    size_t n = 0, d = items->d;
    float *unit = xcalloc(items->n * d + 1, sizeof *unit);
    bool *valid = xcalloc(items->n + 1, 1);
    score_normalise(items->rows, items->n, d, unit, valid);
    for (uint32_t i = 0; i < items->n; i++)
        for (uint32_t j = i + 1; j < items->n; j++) {
            if (!in_pairs(items, valid, i) || !in_pairs(items, valid, j))
                continue;
            float s = score_pair(unit + i * d, unit + j * d, d);
            size_t cell = scores_cell(items->n_groups, items->group[i], items->group[j]);
            bool same = items->identity[i] == items->identity[j];
            pair[n++] = (struct known_pair){{i, j, s}, cell * 2 + same, scores_bin(s, n_bins)};
        }
    free(unit);
    free(valid);
    return n;
}

static int by_badness(const void *x, const void *y)
{
    const struct known_pair *p = x, *q = y;
    if (p->list != q->list)
        return p->list < q->list ? -1 : 1;
    if (p->pair.score != q->pair.score)
        return (p->pair.score > q->pair.score) == (p->list % 2 == PAIR_IMPOSTOR) ? -1 : 1;
    return p->pair.a != q->pair.a ? (p->pair.a < q->pair.a ? -1 : 1) : p->pair.b < q->pair.b ? -1 : 1;
}

static void check_worst(const struct scores *scores, const struct known_pair *pair, size_t n, size_t most)
{
    size_t at = 0;
    for (size_t list = 0; list < scores->n_cells * N_PAIR_KINDS; list++) {
        const struct worst_pairs *worst = &scores->worst[list];
        size_t count = 0;
        for (; at < n && pair[at].list == list; at++, count++)
            if (count < most)
                assert_memory_equal(&worst->pair[count], &pair[at].pair, sizeof pair[at].pair);
        assert_int_equal(worst->n, count < most ? count : most);
    }
}

static void check_errors(const struct scores *scores, const struct score_items *items,
                         const struct known_pair *pair, size_t n, const uint32_t *error_bin)
{
    size_t n_groups = items->n_groups, n_wrong = 0;
    uint32_t *errors[2] = {xcalloc(items->n * n_groups + 1, 4), xcalloc(items->n * n_groups + 1, 4)};
    for (size_t p = 0; p < n; p++) {
        uint32_t a = pair[p].pair.a, b = pair[p].pair.b;
        enum pair_kind kind = pair[p].list % 2;
        if ((pair[p].bin >= error_bin[pair[p].list / 2]) == (kind == PAIR_GENUINE))
            continue;
        errors[kind][a * n_groups + items->group[b]]++;
        errors[kind][b * n_groups + items->group[a]]++;
        assert_memory_equal(&scores->wrong[n_wrong++], &pair[p].pair, sizeof pair[p].pair);
    }
    assert_int_equal(scores->n_wrong, n_wrong);
    for (int kind = 0; kind < 2; kind++) {
        assert_memory_equal(scores->errors[kind], errors[kind], items->n * n_groups * 4);
        free(errors[kind]);
    }
}

static void check_near(const struct scores *scores, const struct score_items *items, size_t k)
{
    struct bank bank;
    struct neighbours near;
    bank_init(&bank, items->rows, items->n, items->d, NULL);
    assert_true(neighbours_find(&near, &bank, items->rows, items->n, k, true, NULL, NULL));
    assert_memory_equal(scores->near.index, near.index, items->n * k * sizeof *near.index);
    for (size_t i = 0; i < items->n * k; i++)
        assert_true(near.score[i] == scores->near.score[i] || isnan(near.score[i]));
    neighbours_release(&near);
    bank_release(&bank);
}

enum { BINS = 1024, BY_CELL = BINS + 1 };

/* Errors at the threshold `bin` of all cells; BY_CELL: at one of its own of each. */
static void check_single_pairs(const struct score_items *items, size_t k, size_t n_worst, uint32_t bin)
{
    struct known_pair *pair = xcalloc(items->n * items->n / 2 + 1, sizeof *pair);
    size_t n = list_pairs(items, BINS, pair);
    uint32_t error_bin[GROUPS * GROUPS];
    for (uint32_t cell = 0; cell < GROUPS * GROUPS; cell++)
        error_bin[cell] = bin == BY_CELL ? 500 + 40 * cell : bin;
    struct scores_want want = {k, n_worst, error_bin, n, 0, 0};
    for (int threads = 1; threads <= 3; threads += 2) {
        struct pool *pool = pool_new(threads, 0);
        struct scores scores;
        struct err err;
        assert_true(scores_find_with(&scores, items, BINS, &want, pool, NULL, &err));
        check_errors(&scores, items, pair, n, error_bin);
        check_near(&scores, items, k);
        struct known_pair *sorted = xcalloc(n + 1, sizeof *sorted);
        memcpy(sorted, pair, n * sizeof *sorted);
        qsort(sorted, n, sizeof *sorted, by_badness);
        check_worst(&scores, sorted, n, n_worst);
        free(sorted);
        scores_release(&scores);
        pool_free(pool);
    }
    free(pair);
}

static void single_pairs_are_those_of_a_double_loop(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 400, 11);
    check_single_pairs(&items, 7, 20, BY_CELL);
    t->rows[5 * D] = NAN;
    for (size_t i = 20; i < 400; i += 3) /* ties everywhere */
        memcpy(t->rows + i * D, t->rows + (i % 5) * D, D * sizeof(float));
    check_single_pairs(&items, 25, 5, BY_CELL);
    for (size_t i = 0; i < 60 * D; i++)
        t->rows[i] = i / D % 2 ? -1 : 1;
    items.n = 60;
    check_single_pairs(&items, 70, 2000, BY_CELL);
    items.n = 1;
    check_single_pairs(&items, 3, 3, BY_CELL);
    free(t);
}

/* Thousands of pairs of exactly the score the threshold is put at: they match, and in the bin above none
 * does. */
static void ties_at_the_threshold(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 300, 14);
    for (size_t i = 0; i < 300; i++) /* five points */
        memcpy(t->rows + i * D, t->rows + (i % 5) * D, D * sizeof(float));
    float unit[5 * D];
    score_normalise(t->rows, 5, D, unit, NULL);
    uint32_t tied = scores_bin(score_pair(unit, unit + 3 * D, D), BINS);
    for (uint32_t bin = tied - 1; bin <= tied + 1; bin++)
        check_single_pairs(&items, 5, 30, bin);
    check_single_pairs(&items, 5, 30, BINS - 1); /* of equal rows */
    check_single_pairs(&items, 5, 30, BINS);
    check_single_pairs(&items, 5, 30, 0);
    for (size_t i = 0; i < 300 * D; i++) /* all scores are 1 */
        t->rows[i] = 0.3F;
    check_single_pairs(&items, 5, 30, BINS - 1);
    check_single_pairs(&items, 5, 30, BINS);
    for (size_t i = 0; i < 300 * D; i++) /* or -1 and 1 */
        t->rows[i] = i / D % 2 ? -1 : 1;
    check_single_pairs(&items, 5, 30, 0);
    check_single_pairs(&items, 5, 30, 1);
    for (size_t i = 0; i < 300; i++)
        t->rows[i * D] = NAN;
    check_single_pairs(&items, 5, 30, 0);
    free(t);
}

static void more_errors_than_wanted_are_counted_not_listed(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 100, 12);
    uint32_t accept_all[GROUPS * GROUPS] = {0};
    struct scores_want want = {0, 0, accept_all, 10, 0, 0};
    struct scores scores;
    struct err err;
    assert_true(scores_find_with(&scores, &items, 256, &want, NULL, NULL, &err));
    assert_true(scores.n_wrong == SIZE_MAX);
    assert_null(scores.wrong);
    uint64_t sum = 0, impostors = 0;
    for (size_t i = 0; i < 100 * GROUPS; i++)
        sum += scores.errors[PAIR_IMPOSTOR][i];
    for (size_t cell = 0; cell < scores.n_cells; cell++)
        for (size_t b = 0; b < 256; b++)
            impostors += scores_histogram(&scores, cell, PAIR_IMPOSTOR)[b];
    assert_int_equal(sum, 2 * impostors);
    scores_release(&scores);
    free(t);
}

/* How the pass is cut decides nothing but the rounding of the sums of scores. */
static void tiles_of_any_size_count_the_same(void **state)
{
    (void)state;
    enum { K = 7, WORST = 20 };
    static const uint32_t cut[][2] = {{1, 16}, {5, 48}, {32, 64}, {77, 128}, {1000, 256}};
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 400, 13);
    uint32_t error_bin[GROUPS * GROUPS];
    for (uint32_t cell = 0; cell < GROUPS * GROUPS; cell++)
        error_bin[cell] = 500 + 40 * cell;
    struct scores_want want = {K, WORST, error_bin, 80000, 0, 0};
    struct scores usual, scores;
    struct err err;
    assert_true(scores_find_with(&usual, &items, BINS, &want, NULL, NULL, &err));
    for (size_t c = 0; c < ARRAY_LEN(cut); c++) {
        struct pool *pool = pool_new(1 + (int)c % 3, 0);
        want.strip = cut[c][0];
        want.tile = cut[c][1];
        assert_true(scores_find_with(&scores, &items, BINS, &want, pool, NULL, &err));
        assert_memory_equal(scores.count, usual.count, usual.n_cells * 2 * BINS * sizeof *usual.count);
        assert_memory_equal(scores.near.index, usual.near.index, items.n * K * sizeof *usual.near.index);
        assert_memory_equal(scores.near.score, usual.near.score, items.n * K * sizeof *usual.near.score);
        assert_int_equal(scores.n_wrong, usual.n_wrong);
        assert_memory_equal(scores.wrong, usual.wrong, usual.n_wrong * sizeof *usual.wrong);
        for (size_t i = 0; i < usual.n_cells * 2; i++) {
            assert_int_equal(scores.worst[i].n, usual.worst[i].n);
            assert_memory_equal(scores.worst[i].pair, usual.worst[i].pair,
                                usual.worst[i].n * sizeof *usual.worst[i].pair);
            assert_true(fabs(scores.sums[i].s - usual.sums[i].s) < 1e-9 &&
                        fabs(scores.sums[i].s2 - usual.sums[i].s2) < 1e-9);
        }
        for (int kind = 0; kind < 2; kind++)
            assert_memory_equal(scores.errors[kind], usual.errors[kind], items.n * GROUPS * 4);
        scores_release(&scores);
        pool_free(pool);
    }
    scores_release(&usual);
    free(t);
}

static void a_cancelled_pass_holds_nothing(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 300, 6);
    struct progress progress = {0};
    struct scores scores;
    struct err err;
    assert_true(scores_find(&scores, &items, 256, NULL, &progress, &err));
    assert_in_range(progress.total, 300 * 299 / 2, 300 * 300); /* pairs, and a few beside the diagonal */
    assert_int_equal(progress.done, progress.total);
    scores_release(&scores);
    progress.cancel = true;
    assert_false(scores_find(&scores, &items, 256, NULL, &progress, &err));
    assert_null(scores.count);
    free(t);
}

static void cells_are_the_upper_triangle(void **state)
{
    (void)state;
    size_t next = 0;
    for (size_t g = 0; g < 5; g++)
        for (size_t h = g; h < 5; h++) {
            assert_int_equal(scores_cell(5, g, h), next);
            assert_int_equal(scores_cell(5, h, g), next++);
        }
    assert_int_equal(scores_n_cells(5), next);
}

static void bins_meet_their_edges(void **state)
{
    (void)state;
    assert_int_equal(scores_bin(-1, 4096), 0);
    assert_int_equal(scores_bin(1, 4096), 4095);
    assert_int_equal(scores_bin(0, 4096), 2048);
    assert_int_equal(scores_bin(nextafterf(0, -1), 256), 128); /* s + 1 is rounded once, to 1 */
    assert_int_equal(scores_bin(-0.01F, 256), 126);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_items_of_any_number),
        cmocka_unit_test(duplicates_collapse_and_opposites),
        cmocka_unit_test(what_has_no_direction_or_no_identity_is_in_no_pair),
        cmocka_unit_test(one_identity_for_all_and_one_for_each),
        cmocka_unit_test(single_pairs_are_those_of_a_double_loop),
        cmocka_unit_test(ties_at_the_threshold),
        cmocka_unit_test(more_errors_than_wanted_are_counted_not_listed),
        cmocka_unit_test(tiles_of_any_size_count_the_same),
        cmocka_unit_test(a_cancelled_pass_holds_nothing),
        cmocka_unit_test(cells_are_the_upper_triangle),
        cmocka_unit_test(bins_meet_their_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
