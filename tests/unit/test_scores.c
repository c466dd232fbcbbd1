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

static void a_cancelled_pass_holds_nothing(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    struct score_items items = filled(t, 300, 6);
    struct progress progress = {0};
    struct scores scores;
    struct err err;
    assert_true(scores_find(&scores, &items, 256, NULL, &progress, &err));
    assert_int_equal(progress.done, 300);
    assert_int_equal(progress.total, 300);
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
        cmocka_unit_test(a_cancelled_pass_holds_nothing),
        cmocka_unit_test(cells_are_the_upper_triangle),
        cmocka_unit_test(bins_meet_their_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
