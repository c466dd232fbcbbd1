/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/t8.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "space/audit.h"
#include "space/audit_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.9f is not %.9f", got, wanted);
}

static const struct audit_value *find(const struct audit *audit, enum audit_metric metric, int g, int h)
{
    const struct audit_value *value = audit_find(audit, metric, g, h);
    assert_non_null(value);
    return value;
}

static void check_rate(const struct audit *audit, enum audit_metric metric, int g, int h, double x, double n)
{
    const struct audit_value *value = find(audit, metric, g, h);
    near(value->x, x, 0);
    near(value->n, n, 0);
    if (n > 0)
        near(value->value, x / n, 1e-15);
    else
        assert_true(isnan(value->value) && value->status == AUDIT_UNDEFINED);
}

static void t8(struct audit *audit, struct audit_settings settings, const bool *dev)
{
    static float rows[T8_N * 2];
    struct err err;
    t8_rows(rows, 0);
    struct audit_input input = {.items = t8_items(rows), .unit = t8_identity, .dev = dev};
    settings.n_worst = 10;
    assert_true(audit_make(audit, &input, &settings, NULL, NULL, &err));
}

static void t8_at_a_threshold(void **state)
{
    (void)state;
    struct audit audit;
    t8(&audit, (struct audit_settings){AUDIT_AT_THRESHOLD, 0.80, FMR_WITHIN, 0, 1, 0, 0}, NULL);
    check_rate(&audit, METRIC_FMR, ALL_GROUPS, ALL_GROUPS, 6, 24);
    check_rate(&audit, METRIC_FNMR, ALL_GROUPS, ALL_GROUPS, 0, 4);
    check_rate(&audit, METRIC_FMR, T8_A, T8_A, 1, 4);
    check_rate(&audit, METRIC_FMR, T8_B, T8_B, 3, 4);
    check_rate(&audit, METRIC_FMR, T8_A, T8_B, 2, 16);
    check_rate(&audit, METRIC_FNMR, T8_A, T8_B, 0, 0);
    check_rate(&audit, METRIC_FNMR, T8_B, T8_B, 0, 2);
    const struct audit_value *b = find(&audit, METRIC_FMR, T8_B, T8_B);
    assert_int_equal(b->n_items, 4);
    assert_int_equal(b->n_units, 2);
    assert_int_equal(b->status, AUDIT_FEW_UNITS);
    assert_true(isnan(b->ci.low)); /* two identities: no interval */
    const struct audit_value *ratio = find(&audit, METRIC_FMR_RATIO, T8_B, T8_A);
    near(ratio->value, 3, 1e-12);
    assert_int_equal(ratio->status, AUDIT_FEW_UNITS);
    assert_false(audit_is_evidence(ratio, 1));
    near(find(&audit, METRIC_GINI_FMR, -1, -1)->value, .5, 1e-12);
    near(find(&audit, METRIC_MAX_GM_FMR, -1, -1)->value, 1.732051, 1e-6);
    near(find(&audit, METRIC_MATCH_RATE, T8_B, T8_B)->value, 5.0 / 6, 1e-12);
    assert_int_equal(find(&audit, METRIC_FNMR_RATIO, T8_A, T8_A)->status, AUDIT_UNDEFINED); /* 0 / 0 */
    near(find(&audit, METRIC_AUC, -1, -1)->value, 94.0 / 96, 1e-12);
    near(find(&audit, METRIC_EER, -1, -1)->value, .0416667, 1e-6);
    near(find(&audit, METRIC_EQUAL_FMR_THRESHOLD, T8_A, T8_A)->value, .866025, 2.0 / SCORES_BINS);
    near(find(&audit, METRIC_EQUAL_FMR_THRESHOLD, T8_B, T8_B)->value, .956305, 2.0 / SCORES_BINS);
    near(find(&audit, METRIC_EQUAL_FMR_FNMR, T8_B, T8_B)->value, 0, 0);
    near(find(&audit, METRIC_EQUAL_FNMR_FMR, T8_B, T8_B)->value, 0, 0);
    near(find(&audit, METRIC_MATCH_RATE_DIFF, -1, -1)->value, .333333, 1e-6);
    near(find(&audit, METRIC_PRECISION, -1, -1)->value, .4, 1e-12);
    near(find(&audit, METRIC_FALSE_IN_1000, T8_A, T8_A)->value, 1, 1e-12);
    near(find(&audit, METRIC_MAX_GM_FMR_SAFE, -1, -1)->value, 1.732051, 1e-6);
    near(find(&audit, METRIC_TRANSFER, T8_A, T8_B)->value, 2.0 / 4, 0); /* asked for .25 */
    near(find(&audit, METRIC_TRANSFER, T8_B, T8_A)->value, 0, 0);
    near(find(&audit, METRIC_TRANSFER, T8_A, T8_A)->value, .25, 0);
    const struct worst_pairs *worst = &audit.scores.worst[scores_cell(2, 1, 1) * 2 + PAIR_IMPOSTOR];
    assert_int_equal(worst->n, 4);
    assert_true(worst->pair[0].a == 5 && worst->pair[0].b == 6);
    near(worst->pair[0].score, .956305, 1e-6);
    assert_false(audit.exploratory);
    audit_release(&audit);
}

static void t8_neighbourhoods(void **state)
{
    (void)state;
    struct audit audit;
    t8(&audit, (struct audit_settings){AUDIT_AT_THRESHOLD, 0.80, FMR_WITHIN, 0, 1, 2, 0}, NULL);
    near(find(&audit, METRIC_COMPOSITION, T8_A, T8_B)->value, .125, 1e-12);
    near(find(&audit, METRIC_COMPOSITION, T8_B, T8_A)->value, 0, 0);
    near(find(&audit, METRIC_LIFT, T8_A, T8_A)->value, 2.041667, 1e-6);
    near(find(&audit, METRIC_LIFT, T8_B, T8_B)->value, 2.333333, 1e-6);
    near(find(&audit, METRIC_PURITY, T8_A, T8_A)->value, .5, 1e-12);
    near(find(&audit, METRIC_PURITY_CAP, T8_B, T8_B)->value, .5, 1e-12);
    near(find(&audit, METRIC_EXPOSURE, T8_A, T8_A)->value, .875, 1e-12);
    near(find(&audit, METRIC_HUB_SKEW, -1, -1)->value, 0, 1e-12);
    near(find(&audit, METRIC_ROBIN_HOOD, -1, -1)->value, .1875, 1e-12);
    near(find(&audit, METRIC_ANTIHUB, -1, -1)->value, 0, 0);
    near(find(&audit, METRIC_SILHOUETTE, -1, -1)->value, .715529, 1e-5);
    near(find(&audit, METRIC_PROBE_BACC, -1, -1)->value, 7.0 / 8, 1e-12);
    audit_release(&audit);
}

/* What chance can show of eight items, in units of two: p is never below 1 of the draws and the one that is.
 */
static void t8_beside_chance(void **state)
{
    (void)state;
    static const bool low[T8_N] = {true, true}, high[T8_N] = {[6] = true, [7] = true};
    static float rows[T8_N * 2];
    struct audit audit;
    struct err err;
    t8_rows(rows, 0);
    struct audit_input input = {.items = t8_items(rows), .unit = t8_identity, .end = {low, high}};
    struct audit_settings settings = {AUDIT_AT_THRESHOLD, 0.80, FMR_WITHIN, 0, 1, 2, 99};
    assert_true(audit_make(&audit, &input, &settings, NULL, NULL, &err));
    static const enum audit_metric with_p[] = {METRIC_SILHOUETTE, METRIC_PROBE_BACC, METRIC_PROBE_ACC};
    for (size_t m = 0; m < ARRAY_LEN(with_p); m++) {
        const struct audit_value *value = find(&audit, with_p[m], -1, -1);
        assert_int_equal(value->n_items, T8_N);
        near(value->least_p, .01, 1e-12);
        assert_true(value->p >= .01 && value->p <= 1);
        /* of the 6 ways to deal A A B B among four identities 2 are as they are */
        assert_true(with_p[m] != METRIC_SILHOUETTE || (value->p > .2 && value->p < .5));
    }
    near(find(&audit, METRIC_PROBE_MAJORITY, -1, -1)->value, .5, 0);
    near(find(&audit, METRIC_PROBE_ACC, -1, -1)->value, 7.0 / 8, 1e-12);
    assert_int_equal(find(&audit, METRIC_SILHOUETTE, T8_B, T8_B)->n_items, 4);
    near((find(&audit, METRIC_SILHOUETTE, T8_A, T8_A)->value +
          find(&audit, METRIC_SILHOUETTE, T8_B, T8_B)->value) /
             2,
         .715529, 1e-5);
    const struct audit_value *lift = find(&audit, METRIC_LIFT, T8_A, T8_A);
    near(lift->least_p, 2.0 / 201, 1e-12);
    assert_true(lift->p >= lift->least_p && lift->q >= lift->p);
    const struct audit_value *rank = find(&audit, METRIC_RANK_1, -1, -1);
    near(rank->x, 8, 0); /* everybody's nearest is of its identity */
    near(rank->n, 8, 0);
    assert_int_equal(rank->status, AUDIT_FEW_UNITS);
    assert_null(audit_find(&audit, METRIC_RANK_5, -1, -1)); /* two neighbours were looked at */
    const struct audit_value *along = find(&audit, METRIC_ASSOCIATION, T8_A, T8_B);
    assert_int_equal(along->g, T8_A); /* nearer to items 0 and 1 */
    assert_int_equal(along->n_units, 4);
    assert_true(along->value > 0);
    near(along->p, 2.0 / 6, 1e-12); /* two against two: the least there can be */
    near(along->least_p, 2.0 / 6, 1e-12);
    audit_release(&audit);
}

/* A failed row and one whose identity is not known, before and behind T8, change nothing that is of pairs and
 * lists; a blank label is a label. */
static void who_is_in_no_pair_counts_nowhere(void **state)
{
    (void)state;
    enum { N = T8_N + 2 };
    const struct audit_settings settings = {AUDIT_AT_THRESHOLD, 0.80, FMR_WITHIN, 0, 1, 2, 0};
    struct audit alone, among;
    struct err err;
    float rows[N * 2] = {0}, t8[T8_N * 2];
    uint32_t group[N] = {T8_A}, identity[N] = {0}, label[N] = {0};
    t8_rows(t8, 0);
    memcpy(rows + 2, t8, sizeof t8);
    memcpy(group + 1, t8_group, sizeof t8_group);
    memcpy(identity + 1, t8_identity, sizeof t8_identity);
    rows[2 * T8_N + 2] = 1;
    group[T8_N + 1] = T8_B;
    identity[T8_N + 1] = label[T8_N + 1] = label[4] = UINT32_MAX;
    struct audit_input whole = {.items = t8_items(t8), .unit = t8_identity, .label = label + 1};
    struct audit_input more = {.items = {rows, N, 2, group, identity, 2}, .unit = identity, .label = label};
    assert_true(audit_make(&alone, &whole, &settings, NULL, NULL, &err));
    assert_true(audit_make(&among, &more, &settings, NULL, NULL, &err));
    for (int m = 0; m < N_METRICS; m++)
        for (int g = 0; g < 2; g++)
            for (int h = g; h < 2 && m != METRIC_FAILED && m != METRIC_SILHOUETTE; h++) {
                const struct audit_value *a = audit_find(&alone, m, g, h), *b = audit_find(&among, m, g, h);
                assert_int_equal(a != NULL, b != NULL);
                if (a && !(isnan(a->value) && isnan(b->value)))
                    near(b->value, a->value, 1e-12);
                if (a && !isnan(a->by_chance))
                    near(b->by_chance, a->by_chance, 1e-12);
            }
    static const enum audit_metric of_all[] = {METRIC_HUB_SKEW,   METRIC_ROBIN_HOOD,    METRIC_ANTIHUB,
                                               METRIC_PROBE_BACC, METRIC_PROBE_CONTROL, METRIC_FMR,
                                               METRIC_AUC};
    for (size_t m = 0; m < ARRAY_LEN(of_all); m++)
        near(find(&among, of_all[m], -1, -1)->value, find(&alone, of_all[m], -1, -1)->value, 1e-12);
    audit_release(&alone);
    audit_release(&among);
}

/* Looked up at any threshold: what a pass there counts, by every convention. */
static void another_threshold_is_looked_up(void **state)
{
    (void)state;
    static const enum fmr_convention conventions[] = {FMR_WITHIN, FMR_INVOLVING, FMR_QUERY};
    for (size_t c = 0; c < ARRAY_LEN(conventions); c++) {
        struct audit from, at, made;
        t8(&from, (struct audit_settings){AUDIT_AT_THRESHOLD, 0.80, conventions[c], 0, 1, 2, 0}, NULL);
        for (double threshold = -1; threshold < 1.2; threshold += 0.05) {
            t8(&made, (struct audit_settings){AUDIT_AT_THRESHOLD, threshold, conventions[c], 0, 1, 2, 0},
               NULL);
            audit_at(&at, &from, made.bin);
            assert_int_equal(at.n_values, made.n_values);
            assert_int_equal(at.looked_up, at.bin != from.bin);
            for (size_t i = 0; i < made.n_values; i++) {
                const struct audit_value *got =
                    audit_find(&at, made.value[i].metric, made.value[i].g, made.value[i].h);
                assert_non_null(got);
                assert_true(got->value == made.value[i].value || isnan(made.value[i].value));
                assert_true(isnan(got->value) == isnan(made.value[i].value));
                assert_true(got->x == made.value[i].x && got->n == made.value[i].n);
                assert_true(got->n_items == made.value[i].n_items && got->n_units == made.value[i].n_units);
                assert_true(got->bin == made.value[i].bin && got->status == made.value[i].status);
            }
            audit_at_release(&at);
            audit_release(&made);
        }
        audit_release(&from);
    }
}

static void t8_by_other_conventions(void **state)
{
    (void)state;
    struct audit audit;
    t8(&audit, (struct audit_settings){AUDIT_AT_THRESHOLD, 0.80, FMR_INVOLVING, 0, 1, 0, 0}, NULL);
    check_rate(&audit, METRIC_FMR, T8_A, T8_A, 3, 20);
    check_rate(&audit, METRIC_FMR, T8_B, T8_B, 5, 20);
    near(find(&audit, METRIC_FMR_RATIO, T8_A, T8_B)->value, 1.667, 1e-3);
    audit_release(&audit);
    t8(&audit, (struct audit_settings){AUDIT_AT_THRESHOLD, 0.80, FMR_QUERY, 0, 1, 0, 0}, NULL);
    check_rate(&audit, METRIC_FMR, T8_A, T8_A, 4, 24);
    check_rate(&audit, METRIC_FMR, T8_B, T8_B, 8, 24);
    near(find(&audit, METRIC_FMR_RATIO, T8_A, T8_B)->value, 2, 1e-12);
    audit_release(&audit);
    t8(&audit, (struct audit_settings){AUDIT_AT_THRESHOLD, 0.95, FMR_WITHIN, 0, 1, 0, 0}, NULL);
    assert_int_equal(find(&audit, METRIC_IR, -1, -1)->status, AUDIT_UNDEFINED); /* FMR of A is 0 */
    assert_int_equal(find(&audit, METRIC_MAX_GM_FMR, -1, -1)->status, AUDIT_UNDEFINED);
    assert_true(find(&audit, METRIC_MAX_GM_FMR_SAFE, -1, -1)->value > 0);
    audit_release(&audit);
}

/* Chosen on A's items, reported on B's. */
static void a_threshold_is_chosen_on_one_side(void **state)
{
    (void)state;
    static const bool dev[T8_N] = {true, true, true, true};
    struct audit audit;
    t8(&audit, (struct audit_settings){AUDIT_AT_FMR, 0.25, FMR_WITHIN, 0, 1, 0, 0}, dev);
    near(find(&audit, METRIC_THRESHOLD, -1, -1)->value, .866025, 2.0 / SCORES_BINS);
    check_rate(&audit, METRIC_FMR, T8_B, T8_B, 2, 4); /* transfer: 2/4 where .25 was asked */
    check_rate(&audit, METRIC_FMR, T8_A, T8_A, 0, 0);
    assert_int_equal(audit.scores.worst[scores_cell(2, 1, 1) * 2].pair[0].a, 5); /* items of the input */
    assert_false(audit.exploratory);
    audit_release(&audit);
    t8(&audit, (struct audit_settings){AUDIT_AT_EER, 0, FMR_WITHIN, 0, 1, 0, 0}, NULL);
    assert_true(audit.exploratory);
    near(find(&audit, METRIC_THRESHOLD, -1, -1)->value, .913545, 2.0 / SCORES_BINS);
    audit_release(&audit);
}

/* ---- design effects against a loop over pairs ---- */

enum { N = 240, D = 4, GROUPS = 3 };

struct table {
    float rows[N * D];
    uint32_t group[N], label[N], identity[N];
};

/* Identities of three; a label has several; every tenth identity lies near the first axis: hubs. */
static void fill(struct table *t)
{
    struct rng rng = rng_at(3, RNG_SAMPLE, 0, 0, 0);
    for (uint32_t i = 0; i < N; i++) {
        t->identity[i] = i / 3;
        t->label[i] = i / 3 % 12;
        t->group[i] = i / 3 % 7 % GROUPS;
        for (uint32_t j = 0; j < D; j++)
            t->rows[i * D + j] = (float)rng_normal(&rng) + (j == 0 && i / 3 % 10 == 0 ? 6 : 0.5F);
    }
    t->rows[7 * D] = NAN;
}

struct naive {
    double x, n, u[N], deff;
};

/* U of a unit: sum of (error - p) over the pairs that touch it, once a pair. */
static void naive_cell(struct naive *naive, const struct table *t, const uint32_t *relation,
                       const uint32_t *unit, enum pair_kind kind, uint32_t g, uint32_t h, uint32_t bin)
{
    float unit_rows[N * D];
    bool valid[N];
    score_normalise(t->rows, N, D, unit_rows, valid);
    *naive = (struct naive){0};
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < N; i++)
            for (uint32_t j = i + 1; j < N; j++) {
                bool here = (t->group[i] == g && t->group[j] == h) || (t->group[i] == h && t->group[j] == g);
                if (!here || !valid[i] || !valid[j] || (relation[i] == relation[j]) != (kind == PAIR_GENUINE))
                    continue;
                bool match =
                    scores_bin(score_pair(unit_rows + i * D, unit_rows + j * D, D), SCORES_BINS) >= bin;
                bool error = match != (kind == PAIR_GENUINE);
                if (round == 0) {
                    naive->x += error;
                    naive->n++;
                    continue;
                }
                naive->u[unit[i]] += error - naive->x / naive->n;
                if (unit[j] != unit[i])
                    naive->u[unit[j]] += error - naive->x / naive->n;
            }
    double p = naive->x / naive->n;
    naive->deff = fmax(1, deff_clustered(naive->u, N, p, naive->n));
}

static void check_cells(const struct table *t, const uint32_t *relation, const uint32_t *unit, bool each)
{
    struct audit_input input = {.items = {t->rows, N, D, t->group, relation, GROUPS},
                                .unit = each ? NULL : unit};
    struct audit_settings settings = {AUDIT_AT_THRESHOLD, 0.6, FMR_WITHIN, 0, 1, 0, 0};
    struct audit audit;
    struct err err;
    struct pool *pool = pool_new(2, 0);
    assert_true(audit_make(&audit, &input, &settings, pool, NULL, &err));
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        for (uint32_t g = 0; g < GROUPS; g++)
            for (uint32_t h = g; h < GROUPS; h++) {
                enum audit_metric metric = kind == PAIR_GENUINE ? METRIC_FNMR : METRIC_FMR;
                struct naive naive;
                naive_cell(&naive, t, relation, unit, kind, g, h, audit.bin);
                check_rate(&audit, metric, (int)g, (int)h, naive.x, naive.n);
                const struct audit_value *value = find(&audit, metric, (int)g, (int)h);
                if (naive.n > 0 && !each)
                    near(value->deff, naive.deff, 1e-9 * naive.deff);
                else if (naive.n > 0)
                    near(value->deff, fmax(1, deff_items(naive.u, N, naive.x / naive.n, naive.n)), 1e-9);
            }
    audit_release(&audit);
    pool_free(pool);
}

static void design_effects_are_those_of_a_loop_over_pairs(void **state)
{
    (void)state;
    struct table *t = xcalloc(1, sizeof *t);
    fill(t);
    check_cells(t, t->identity, t->identity, false); /* relation and unit: identity */
    uint32_t each[N];
    for (uint32_t i = 0; i < N; i++)
        each[i] = i;
    check_cells(t, t->label, each, true); /* each item a unit */
    free(t);
}

/* Group 1 has twice the false match rate, and enough identities to say so; equal groups do not. */
static void evidence_needs_a_difference(void **state)
{
    (void)state;
    enum { ITEMS = 1200 };
    float *rows = xcalloc((size_t)ITEMS * 8, sizeof *rows);
    uint32_t *group = xcalloc(ITEMS, sizeof *group), *identity = xcalloc(ITEMS, sizeof *identity);
    struct audit_settings settings = {AUDIT_AT_THRESHOLD, 0.8, FMR_WITHIN, 0, 1, 0, 0};
    for (int unfair = 0; unfair < 2; unfair++) {
        struct rng rng = rng_at(5, RNG_SAMPLE, 0, 0, 0);
        for (size_t i = 0; i < ITEMS; i++) {
            group[i] = i % 2;
            identity[i] = (uint32_t)(i / 4 * 2 + i % 2);
            for (size_t j = 0; j < 8; j++)
                rows[i * 8 + j] = (float)rng_normal(&rng) + (unfair && group[i] == 1 && j == 0 ? 1.2F : 0);
        }
        struct audit audit;
        struct err err;
        struct audit_input input = {.items = {rows, ITEMS, 8, group, identity, 2}, .unit = identity};
        assert_true(audit_make(&audit, &input, &settings, NULL, NULL, &err));
        const struct audit_value *ratio =
            audit_find(&audit, METRIC_FMR_RATIO, 1, 0) ? audit_find(&audit, METRIC_FMR_RATIO, 1, 0) : NULL;
        assert_non_null(ratio);
        assert_int_equal(audit_is_evidence(ratio, 1), unfair);
        assert_true(ratio->ci.low < ratio->value && ratio->value < ratio->ci.high);
        if (!unfair)
            assert_true(isnan(ratio->more_units) || ratio->more_units > 0);
        else
            assert_true(ratio->more_units > 0); /* to halve the interval */
        audit_release(&audit);
    }
    free(rows);
    free(group);
    free(identity);
}

/* Two people of A look exactly alike: no threshold gives A the rate of all but one that accepts nobody. */
static void a_threshold_that_rejects_all_is_none(void **state)
{
    (void)state;
    static const float rows[] = {1, 0, 1, 0, 0, 1, 0.1f, 1, 1, 1};
    static const uint32_t group[] = {0, 0, 1, 1, 1}, identity[] = {0, 1, 2, 2, 3};
    struct audit audit;
    struct err err;
    struct audit_input input = {.items = {rows, 5, 2, group, identity, 2}};
    struct audit_settings settings = {.target = AUDIT_AT_THRESHOLD, .at = .99, .seed = 1};
    assert_true(audit_make(&audit, &input, &settings, NULL, NULL, &err));
    near(find(&audit, METRIC_FMR, 0, 0)->value, 1, 0);
    assert_true(isinf(find(&audit, METRIC_EQUAL_FMR_THRESHOLD, 0, 0)->value));
    near(find(&audit, METRIC_EQUAL_FMR_THRESHOLD, 0, 0)[1].value, 0, 0);
    struct strbuf text = {0};
    words_threshold(&text, find(&audit, METRIC_EQUAL_FMR_THRESHOLD, 0, 0)->value);
    assert_string_equal(strbuf_text(&text), "none: rejects all");
    assert_true(isnan(find(&audit, METRIC_EQUAL_FNMR_THRESHOLD, 0, 0)->value)); /* A has no genuine pair */
    assert_true(isnan(find(&audit, METRIC_EQUAL_FNMR_THRESHOLD, 0, 0)[1].value));
    assert_true(isnan(find(&audit, METRIC_LEAST_COST_THRESHOLD, 0, 0)->value));
    strbuf_release(&text);
    audit_release(&audit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t8_at_a_threshold),
        cmocka_unit_test(t8_neighbourhoods),
        cmocka_unit_test(t8_beside_chance),
        cmocka_unit_test(who_is_in_no_pair_counts_nowhere),
        cmocka_unit_test(another_threshold_is_looked_up),
        cmocka_unit_test(t8_by_other_conventions),
        cmocka_unit_test(a_threshold_is_chosen_on_one_side),
        cmocka_unit_test(design_effects_are_those_of_a_loop_over_pairs),
        cmocka_unit_test(evidence_needs_a_difference),
        cmocka_unit_test(a_threshold_that_rejects_all_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
