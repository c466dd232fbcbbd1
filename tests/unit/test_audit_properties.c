/* SPDX-License-Identifier: MIT
 *
 * What holds of an audit whatever the table is: sums, symmetries, and what renaming, turning or rescaling may
 * not change.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "space/association.h"
#include "space/audit.h"
#include "space/disparity.h"
#include "space/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 240, D = 6, GROUPS = 3, K = 5 };

static struct {
    float rows[N * D];
    uint32_t group[N], identity[N];
} t;

static int setup(void **state)
{
    (void)state;
    struct rng rng = rng_at(21, RNG_SAMPLE, 0, 0, 0);
    for (uint32_t i = 0; i < N; i++) {
        t.identity[i] = i / 4;
        t.group[i] = t.identity[i] % GROUPS;
        for (uint32_t j = 0; j < D; j++)
            t.rows[i * D + j] = (float)(sin(1.3 * t.identity[i] * (j + 1)) + .5 * rng_normal(&rng) +
                                        (t.group[i] == 2 ? .6 : 0));
    }
    return 0;
}

static void look(struct audit *audit, const float *rows, const uint32_t *group, double threshold)
{
    struct err err;
    struct audit_input input = {.items = {rows, N, D, group, t.identity, GROUPS}, .unit = t.identity};
    struct audit_settings settings = {.target = AUDIT_AT_THRESHOLD, .at = threshold, .seed = 1, .k = K};
    assert_true(audit_make(audit, &input, &settings, NULL, NULL, &err));
}

static const struct audit_value *of(const struct audit *audit, enum audit_metric metric, int g, int h)
{
    const struct audit_value *value = audit_find(audit, metric, g, h);
    assert_non_null(value);
    return value;
}

static void cells_add_up_to_all(void **state)
{
    (void)state;
    struct audit audit;
    look(&audit, t.rows, t.group, .5);
    uint64_t pairs = 0;
    for (size_t i = 0; i < audit.scores.n_cells * N_PAIR_KINDS * audit.scores.n_bins; i++)
        pairs += audit.scores.count[i];
    assert_int_equal(pairs, N * (N - 1) / 2);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
        enum audit_metric metric = kind == PAIR_GENUINE ? METRIC_FNMR : METRIC_FMR;
        double x = 0, n = 0;
        for (int g = 0; g < GROUPS; g++)
            for (int h = g; h < GROUPS; h++) {
                x += of(&audit, metric, g, h)->x;
                n += of(&audit, metric, g, h)->n;
                assert_true(of(&audit, metric, g, h)->deff >= 1);
            }
        assert_true(x == of(&audit, metric, -1, -1)->x && n == of(&audit, metric, -1, -1)->n);
    }
    audit_release(&audit);
}

static void groups_by_other_names_have_the_same_values(void **state)
{
    (void)state;
    static const uint32_t name[GROUPS] = {2, 0, 1};
    uint32_t renamed[N];
    struct audit audit, other;
    for (size_t i = 0; i < N; i++)
        renamed[i] = name[t.group[i]];
    look(&audit, t.rows, t.group, .6);
    look(&other, t.rows, renamed, .6);
    for (int g = 0; g < GROUPS; g++)
        for (int h = g; h < GROUPS; h++)
            for (int m = METRIC_FMR; m <= METRIC_FNMR; m++) {
                const struct audit_value *a = of(&audit, m, g, h),
                                         *b = of(&other, m, (int)name[g], (int)name[h]);
                assert_true(a->x == b->x && a->n == b->n && a->n_units == b->n_units);
                assert_true(isnan(a->value) || fabs(a->deff - b->deff) < 1e-9);
            }
    for (int m = METRIC_FMR_RATIO; m <= METRIC_IR; m++) {
        const struct audit_value *a = audit_first(&audit, m), *b = audit_first(&other, m);
        assert_true(isnan(a->value) ? isnan(b->value) : fabs(a->value - b->value) < 1e-12);
    }
    audit_release(&audit);
    audit_release(&other);
}

/* By 0.7 in each plane of two dimensions, and each row of another length: scores are the same but for
 * rounding, so that of 28,680 pairs a few may cross the edge of a bin. */
static void turning_and_lengths_change_nothing(void **state)
{
    (void)state;
    enum { EDGE = 4 };
    static float turned[N * D];
    const double c = cos(.7), s = sin(.7);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < D; j += 2) {
            double x = (double)t.rows[i * D + j], y = (double)t.rows[i * D + j + 1],
                   length = 1 + (double)(i % 5);
            turned[i * D + j] = (float)(length * (c * x - s * y));
            turned[i * D + j + 1] = (float)(length * (s * x + c * y));
        }
    struct audit audit, other;
    look(&audit, t.rows, t.group, .5);
    look(&other, turned, t.group, .5);
    for (int m = METRIC_FMR; m <= METRIC_FNMR; m++)
        assert_true(fabs(of(&audit, m, -1, -1)->x - of(&other, m, -1, -1)->x) <= EDGE);
    static const enum audit_metric same[] = {METRIC_AUC, METRIC_DPRIME, METRIC_EER, METRIC_RANK_1,
                                             METRIC_SILHOUETTE};
    for (size_t i = 0; i < ARRAY_LEN(same); i++)
        assert_true(fabs(of(&audit, same[i], -1, -1)->value - of(&other, same[i], -1, -1)->value) < 1e-3);
    assert_true(graph_jaccard(&audit.scores.near, &other.scores.near, (float[N]){0}) > .999);
    assert_true(fabs(cka_linear(t.rows, D, turned, D, N, NULL) - cka_linear(turned, D, t.rows, D, N, NULL)) <
                1e-9);
    audit_release(&audit);
    audit_release(&other);
}

/* Counts of another list of scores, each in the bin a monotone map takes it to, order kept. */
static void a_monotone_map_keeps_what_ranks_say(void **state)
{
    (void)state;
    struct audit audit;
    struct scores mapped;
    struct match_table from, to;
    look(&audit, t.rows, t.group, .5);
    mapped = audit.scores;
    size_t n_bins = mapped.n_bins, lists = mapped.n_cells * N_PAIR_KINDS;
    mapped.n_bins = 2 * n_bins;
    mapped.count = xcalloc(lists * mapped.n_bins, sizeof *mapped.count);
    for (size_t list = 0; list < lists; list++)
        for (size_t b = 0; b < n_bins; b++)
            mapped.count[list * mapped.n_bins + b + b * b / n_bins] = audit.scores.count[list * n_bins + b];
    match_table_all(&from, &audit.scores);
    match_table_all(&to, &mapped);
    assert_true(match_auc(&from) == match_auc(&to));
    struct matches a = matches_at(&from, threshold_at_eer(&from)), b = matches_at(&to, threshold_at_eer(&to));
    assert_true(matches_fmr(a) == matches_fmr(b) && matches_fnmr(a) == matches_fnmr(b));
    for (double f = .01; f < 1; f += .07)
        assert_true(matches_recall(matches_at(&from, threshold_at_fmr(&from, f))) ==
                    matches_recall(matches_at(&to, threshold_at_fmr(&to, f))));
    match_table_release(&from);
    match_table_release(&to);
    free(mapped.count);
    audit_release(&audit);
}

static void summaries_keep_their_bounds(void **state)
{
    (void)state;
    struct rng rng = rng_at(22, RNG_SAMPLE, 0, 0, 0);
    for (int round = 0; round < 500; round++) {
        double rate[7];
        size_t n = 2 + rng_below(&rng, 6);
        for (size_t g = 0; g < n; g++)
            rate[g] = pow(rng_uniform(&rng), 4) + 1e-9;
        assert_true(rates_max_gm(rate, n) <= rates_ratio(rate, n) + 1e-9 &&
                    rates_max_gm(rate, n) >= 1 - 1e-12);
        double gini = rates_gini(rate, n);
        assert_true(gini >= 0 && gini <= 1 + 1e-12);
        double p[7], bh[7];
        memcpy(p, rate, sizeof p);
        for (size_t g = 0; g < n; g++)
            p[g] = bh[g] = fmin(1, p[g]);
        adjust_holm(p, n);
        adjust_bh(bh, n);
        for (size_t g = 0; g < n; g++)
            assert_true(bh[g] >= fmin(1, rate[g]) - 1e-12 && bh[g] <= p[g] + 1e-12);
    }
}

/* A fourth group whose items have no identity is in no pair and no list: what is undefined has no p, no list
 * counts its items, and the others' silhouettes and probe are those of a table without them. */
static void what_is_undefined_has_no_p(void **state)
{
    (void)state;
    struct audit with, without;
    struct err err;
    struct audit_settings settings = {
        .target = AUDIT_AT_THRESHOLD, .at = .5, .seed = 1, .k = K, .n_dealt = 19};
    static float rows[(N + 9) * D];
    static uint32_t group[N + 9], identity[N + 9];
    memcpy(rows, t.rows, sizeof t.rows);
    memcpy(group, t.group, sizeof t.group);
    memcpy(identity, t.identity, sizeof t.identity);
    for (size_t i = N; i < N + 9; i++) {
        memcpy(rows + i * D, rows + (i - N) * D, D * sizeof *rows);
        group[i] = GROUPS;
        identity[i] = UINT32_MAX;
    }
    struct audit_input input = {.items = {rows, N + 9, D, group, identity, GROUPS + 1}, .unit = identity};
    assert_true(audit_make(&with, &input, &settings, NULL, NULL, &err));
    input.items = (struct score_items){t.rows, N, D, t.group, t.identity, GROUPS};
    input.unit = t.identity;
    assert_true(audit_make(&without, &input, &settings, NULL, NULL, &err));
    for (size_t i = 0; i < with.n_values; i++)
        if (isnan(with.value[i].value))
            assert_true(isnan(with.value[i].p) && isnan(with.value[i].q));
    assert_true(isnan(of(&with, METRIC_NDKL, GROUPS, GROUPS)->value));
    for (int g = -1; g < GROUPS; g++) {
        const struct audit_value *a = of(&with, METRIC_SILHOUETTE, g, g),
                                 *b = of(&without, METRIC_SILHOUETTE, g, g);
        assert_true(fabs(a->value - b->value) < 1e-12 && a->n_items == b->n_items);
    }
    audit_release(&with);
    audit_release(&without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_add_up_to_all),
        cmocka_unit_test(groups_by_other_names_have_the_same_values),
        cmocka_unit_test(turning_and_lengths_change_nothing),
        cmocka_unit_test(a_monotone_map_keeps_what_ranks_say),
        cmocka_unit_test(summaries_keep_their_bounds),
        cmocka_unit_test(what_is_undefined_has_no_p),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
