/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/t8.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/normal.h"
#include "math/score.h"
#include "space/threshold.h"

#include <math.h>

enum { BINS = 4096 };
static const double bin_width = 2.0 / BINS;

static void near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.9f is not %.9f", got, wanted);
}

static void t8_scores(struct scores *scores)
{
    float rows[T8_N * 2];
    struct err err;
    t8_rows(rows, 0);
    struct score_items items = t8_items(rows);
    assert_true(scores_find(scores, &items, BINS, NULL, NULL, &err));
}

/* The scores of the genuine pairs and of the seven highest impostor pairs; all others are below. Which pairs
 * there are of each cell. */
static void t8_pairs(void **state)
{
    (void)state;
    static const struct {
        int a, b;
        double score;
    } known[] = {{0, 1, .984808}, {2, 3, .913545}, {4, 5, .996195}, {6, 7, .965926},
                 {5, 6, .956305}, {4, 6, .927184}, {3, 4, .898794}, {1, 2, .866025},
                 {3, 5, .857167}, {5, 7, .848048}, {4, 7, .798636}};
    float rows[T8_N * 2], unit[T8_N * 2];
    double score[T8_N * T8_N], gap = 2;
    int n = 0, above = 0, cell[2][2] = {{0}}, genuine = 0;
    t8_rows(rows, 0);
    score_normalise(rows, T8_N, 2, unit, NULL);
    for (int a = 0; a < T8_N; a++)
        for (int b = a + 1; b < T8_N; b++) {
            score[n] = (double)score_pair(unit + 2 * a, unit + 2 * b, 2);
            for (int i = 0; i < n; i++)
                gap = fmin(gap, fabs(score[i] - score[n]));
            bool same = t8_identity[a] == t8_identity[b];
            genuine += same;
            cell[t8_group[a]][t8_group[b]] += !same;
            above += !same && score[n] > .798;
            n++;
        }
    near(gap, .0089, .00005);
    assert_int_equal(n, 28);
    assert_int_equal(genuine, 4);
    assert_int_equal(above, 7);
    assert_true(cell[0][0] == 4 && cell[1][1] == 4 && cell[0][1] == 16);
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        near((double)score_pair(unit + 2 * known[i].a, unit + 2 * known[i].b, 2), known[i].score, 1e-6);
}

static void check_counts(struct matches m, uint64_t fm, uint64_t impostors, uint64_t fnm, uint64_t genuine)
{
    assert_int_equal(m.matched[PAIR_IMPOSTOR], fm);
    assert_int_equal(m.n[PAIR_IMPOSTOR], impostors);
    assert_int_equal(m.n[PAIR_GENUINE] - m.matched[PAIR_GENUINE], fnm);
    assert_int_equal(m.n[PAIR_GENUINE], genuine);
}

static struct matches at(const struct match_table *table, double tau)
{
    return matches_at(table, threshold_bin(tau, table->n_bins));
}

static void t8_overall(void **state)
{
    (void)state;
    struct scores scores;
    struct match_table all;
    t8_scores(&scores);
    match_table_all(&all, &scores);
    check_counts(at(&all, 0.80), 6, 24, 0, 4);
    check_counts(at(&all, 0.90), 2, 24, 0, 4);
    check_counts(at(&all, 0.95), 1, 24, 1, 4);
    check_counts(at(&all, -1), 24, 24, 0, 4);
    check_counts(at(&all, 1.1), 0, 24, 4, 4);

    uint32_t f05 = threshold_at_fmr(&all, 0.05), f25 = threshold_at_fmr(&all, 0.25);
    near(threshold_of_bin(f05, BINS), 0.956305, bin_width);
    check_counts(matches_at(&all, f05), 1, 24, 1, 4);
    near(threshold_of_bin(f25, BINS), 0.848048, bin_width);
    check_counts(matches_at(&all, f25), 6, 24, 0, 4);
    near(matches_recall(matches_at(&all, f05)), .75, 0);
    near(matches_recall(matches_at(&all, threshold_at_fmr(&all, 0.10))), 1, 0);
    assert_int_equal(threshold_at_fmr(&all, 0), threshold_bin(0.965926, BINS));

    uint32_t eer = threshold_at_eer(&all);
    near(threshold_of_bin(eer, BINS), 0.913545, bin_width);
    near(matches_fmr(matches_at(&all, eer)), 0.083333, 1e-6);
    near(matches_fnmr(matches_at(&all, eer)), 0, 0);
    assert_int_equal(threshold_at_cost(&all, 0.5), eer); /* of weighted error .0416667 */
    near((matches_fmr(matches_at(&all, eer)) + matches_fnmr(matches_at(&all, eer))) / 2, .0416667, 1e-7);
    assert_int_equal(threshold_at_fnmr(&all, 0), eer);
    check_counts(matches_at(&all, threshold_at_fnmr(&all, 0.25)), 0, 24, 1, 4);

    struct epc_point epc[5]; /* dev is eval: the least weighted error */
    match_epc(&all, &all, epc, 5);
    near(epc[2].weight, .5, 0);
    near(epc[2].cost, .0416667, 1e-7);
    near(threshold_of_bin(epc[2].bin, BINS), .913545, bin_width);
    for (int i = 0; i < 5; i++)
        near(epc[i].cost, epc[i].least, 0);

    near(match_auc(&all), 94.0 / 96, 1e-12);
    struct score_spread genuine = match_spread(&all, PAIR_GENUINE),
                        impostor = match_spread(&all, PAIR_IMPOSTOR);
    near(genuine.mean, 0.965118, 1e-6);
    near(genuine.deviation, 0.031677, 1e-6);
    near(impostor.mean, 0.382522, 1e-6);
    near(impostor.deviation, 0.471166, 1e-6);
    near(match_dprime(&all), 1.744738, 1e-6);
    match_table_release(&all);
    scores_release(&scores);
}

static void t8_groups_by_convention(void **state)
{
    (void)state;
    static const uint64_t wanted[3][2][2] = {{{1, 4}, {3, 4}}, {{3, 20}, {5, 20}}, {{4, 24}, {8, 24}}};
    struct scores scores;
    struct match_table table;
    t8_scores(&scores);
    for (int convention = FMR_WITHIN; convention <= FMR_QUERY; convention++)
        for (size_t g = 0; g < 2; g++) {
            match_table_group(&table, &scores, g, convention);
            check_counts(at(&table, 0.80), wanted[convention][g][0], wanted[convention][g][1], 0, 2);
            match_table_release(&table);
        }
    assert_true(isnan(matches_fnmr(
        (struct matches){.n = {16, 0}, .matched = {2, 0}}))); /* no genuine pair: undefined, not 0 */

    uint32_t tau[2];
    for (size_t g = 0; g < 2; g++) {
        match_table_group(&table, &scores, g, FMR_WITHIN);
        tau[g] = threshold_at_fmr(&table, 0.25);
        near(matches_rate(at(&table, 0.80)), g == 0 ? 3.0 / 6 : 5.0 / 6, 1e-12);
        near(matches_precision(at(&table, 0.90)), g == 0 ? 1 : .5,
             1e-12); /* the same score, another meaning */
        uint64_t pairs;
        near(match_genuine_share(&table, threshold_bin(0.90, BINS), BINS, &pairs), g == 0 ? 1 : .5, 1e-12);
        assert_int_equal(pairs, g == 0 ? 2 : 4);
        assert_true(isnan(match_genuine_share(&table, threshold_bin(0.999, BINS), BINS, NULL)));
        near(match_genuine_share(&table, 0, BINS, &pairs), 2.0 / 6, 1e-12);
        if (g == 1)
            check_counts(matches_at(&table, tau[0]), 2, 4, 0, 2); /* A's threshold, on B */
        match_table_release(&table);
    }
    near(threshold_of_bin(tau[0], BINS), 0.866025, bin_width);
    near(threshold_of_bin(tau[1], BINS), 0.956305, bin_width);
    near(threshold_of_bin(tau[1], BINS) - threshold_of_bin(tau[0], BINS), .090, bin_width + .0005);
    scores_release(&scores);
}

/* Histograms by hand: genuine and impostor scores in a few bins. */
static void made(struct scores *scores, const double *genuine, size_t n_genuine, const double *impostor,
                 size_t n_impostor)
{
    *scores = (struct scores){.n_groups = 1, .n_cells = 1, .n_bins = BINS};
    scores->count = xcalloc((size_t)N_PAIR_KINDS * BINS, sizeof *scores->count);
    scores->sums = xcalloc(N_PAIR_KINDS, sizeof *scores->sums);
    scores->size = xcalloc(1, sizeof *scores->size);
    for (size_t i = 0; i < n_genuine; i++)
        scores->count[PAIR_GENUINE * BINS + scores_bin((float)genuine[i], BINS)]++;
    for (size_t i = 0; i < n_impostor; i++)
        scores->count[PAIR_IMPOSTOR * BINS + scores_bin((float)impostor[i], BINS)]++;
}

/* y = [0 0 1 1], s = [.1 .4 .35 .8]: the example of scikit-learn's manual. */
static void the_textbook_example(void **state)
{
    (void)state;
    static const double genuine[] = {0.35, 0.8}, impostor[] = {0.1, 0.4};
    struct scores scores;
    struct match_table table;
    struct curve_point point[8];
    made(&scores, genuine, 2, impostor, 2);
    match_table_all(&table, &scores);
    near(match_auc(&table), 0.75, 0);
    static const double roc[][2] = {{0, 0}, {0, 0.5}, {0.5, 0.5}, {0.5, 1}, {1, 1}};
    assert_int_equal(match_roc(&table, point, 8), 5);
    for (size_t i = 0; i < 5; i++) {
        near(point[i].x, roc[i][0], 0);
        near(point[i].y, roc[i][1], 0);
    }
    static const double det[][3] = {{.5, 0, .35}, {.5, .5, .4}, {0, .5, .8}}; /* its det_curve */
    for (size_t i = 0; i < ARRAY_LEN(det); i++) {
        near(matches_fmr(at(&table, det[i][2])), det[i][0], 0);
        near(matches_fnmr(at(&table, det[i][2])), det[i][1], 0);
    }
    assert_int_equal(match_det(&table, point, 2), 5); /* two are filled */
    near(point[0].x, normal_quantile(0.25), 1e-12);   /* 0 of 2: 1 / 2n */
    near(point[0].y, normal_quantile(0.75), 1e-12);
    match_table_release(&table);
    scores_release(&scores);
}

/* Equal scores count a half; a cost that only "reject all" keeps low finds it. */
static void ties_and_rejecting_all(void **state)
{
    (void)state;
    static const double genuine[] = {0.05, 0.3}, impostor[] = {-0.3, -0.2, -0.1, -0.05, 0.4}, one[] = {0.5};
    struct scores scores;
    struct match_table table;
    made(&scores, one, 1, one, 1);
    match_table_all(&table, &scores);
    near(match_auc(&table), 0.5, 0);
    match_table_release(&table);
    scores_release(&scores);
    made(&scores, genuine, 2, impostor, 5);
    match_table_all(&table, &scores);
    struct matches m = matches_at(&table, threshold_at_cost(&table, 0.99));
    near(0.99 * matches_fmr(m) + 0.01 * matches_fnmr(m), 0.01, 1e-12);
    assert_int_equal(threshold_at_cost(&table, 0.99), BINS);
    near(matches_precision(at(&table, 0)), 2.0 / 3, 1e-12);
    near(matches_recall(at(&table, 0)), 1, 0);
    near(matches_f1(at(&table, 0)), 0.8, 1e-12);
    match_table_release(&table);
    scores_release(&scores);
}

/* All in one point, whichever way it rounds: nothing is told apart, and no rounding is taken for a distance.
 */
static void one_point_tells_nothing_apart(void **state)
{
    (void)state;
    enum { N = 700, D = 5 };
    static float rows[N * D];
    static uint32_t group[N], identity[N];
    for (int turn = 0; turn < 20; turn++) {
        struct scores scores;
        struct match_table table;
        struct err err;
        for (uint32_t i = 0; i < N * D; i++) {
            rows[i] = (float)sin(turn + i % D);
            identity[i / D] = i / D / 3;
        }
        struct score_items items = {rows, N, D, group, identity, 1};
        assert_true(scores_find(&scores, &items, BINS, NULL, NULL, &err));
        match_table_all(&table, &scores);
        near(match_auc(&table), 0.5, 0);
        assert_true(isnan(match_dprime(&table)));
        struct matches m = matches_at(&table, threshold_at_eer(&table));
        near((matches_fmr(m) + matches_fnmr(m)) / 2, 0.5, 0);
        assert_int_equal(threshold_at_fmr(&table, 0.5), BINS); /* all or none */
        near(match_spread(&table, PAIR_IMPOSTOR).mean, 1, 1e-6);
        near(match_spread(&table, PAIR_IMPOSTOR).deviation, 0, 1e-6);
        match_table_release(&table);
        scores_release(&scores);
    }
}

static void nothing_is_undefined_not_zero(void **state)
{
    (void)state;
    struct scores scores;
    struct match_table table;
    made(&scores, NULL, 0, NULL, 0);
    match_table_all(&table, &scores);
    struct matches m = at(&table, 0.5);
    assert_true(isnan(matches_fmr(m)) && isnan(matches_fnmr(m)) && isnan(matches_precision(m)) &&
                isnan(matches_f1(m)) && isnan(matches_rate(m)) && isnan(match_auc(&table)) &&
                isnan(match_dprime(&table)) && isnan(match_spread(&table, PAIR_GENUINE).mean));
    assert_int_equal(match_roc(&table, NULL, 0), 0);
    assert_int_equal(threshold_at_eer(&table), BINS);
    match_table_release(&table);
    scores_release(&scores);
}

/* Chosen where dev's genuine begin, 0.3: on eval one of two impostors is above and one of two genuine below.
 */
static void what_dev_says_costs_on_eval(void **state)
{
    (void)state;
    static const double one[][2] = {{0.3, 0.5}, {-0.2, 0.1}}, other[][2] = {{0.2, 0.6}, {0.4, -0.5}};
    struct scores scores[2];
    struct match_table dev, eval;
    struct epc_point epc[3];
    made(&scores[0], one[0], 2, one[1], 2);
    made(&scores[1], other[0], 2, other[1], 2);
    match_table_all(&dev, &scores[0]);
    match_table_all(&eval, &scores[1]);
    match_epc(&dev, &eval, epc, 3);
    near(threshold_of_bin(epc[1].bin, BINS), .3, bin_width);
    near(epc[1].fmr, .5, 0);
    near(epc[1].fnmr, .5, 0);
    near(epc[1].cost, .5, 0);
    near(epc[1].least, .25, 0); /* at 0.2 or at 0.6 */
    near(epc[0].cost, 0, 0);    /* all accepted: misses alone count */
    near(epc[2].cost, .5, 0);   /* false matches alone: dev's highest impostor is below 0.3 */
    match_table_release(&dev);
    match_table_release(&eval);
    scores_release(&scores[0]);
    scores_release(&scores[1]);
}

/* For every request of k / 20 the realised rate is never above it, and rates are monotone. */
static void requests_are_never_exceeded(void **state)
{
    (void)state;
    enum { N = 200 };
    double genuine[N], impostor[N];
    struct rng rng = rng_at(8, RNG_SAMPLE, 0, 0, 0);
    for (int i = 0; i < N; i++) {
        genuine[i] = round(50 * rng_between(&rng, -0.2, 1)) / 50; /* repeated scores */
        impostor[i] = round(50 * rng_between(&rng, -1, 0.6)) / 50;
    }
    struct scores scores;
    struct match_table table;
    made(&scores, genuine, N, impostor, N);
    match_table_all(&table, &scores);
    for (int k = 0; k <= 20; k++) {
        assert_true(matches_fmr(matches_at(&table, threshold_at_fmr(&table, k / 20.0))) <= k / 20.0);
        assert_true(matches_fnmr(matches_at(&table, threshold_at_fnmr(&table, k / 20.0))) <= k / 20.0);
    }
    for (uint32_t b = 0; b < BINS; b++) {
        struct matches low = matches_at(&table, b), high = matches_at(&table, b + 1);
        assert_true(matches_fmr(low) >= matches_fmr(high) && matches_fnmr(low) <= matches_fnmr(high));
    }
    match_table_release(&table);
    scores_release(&scores);
}

/* No band holds more than a tenth of the genuine pairs and the ties at its lower edge. */
static void bands_hold_a_tenth(void **state)
{
    (void)state;
    struct scores scores;
    struct match_table table;
    uint32_t edge[MATCH_BANDS + 1];
    t8_scores(&scores);
    match_table_all(&table, &scores);
    match_bands(&table, edge);
    assert_int_equal(edge[0], 0);
    assert_int_equal(edge[MATCH_BANDS], table.n_bins);
    for (int band = 1; band < MATCH_BANDS; band++) {
        uint64_t below = table.above[PAIR_GENUINE][0] - table.above[PAIR_GENUINE][edge[band]];
        assert_true(edge[band] >= edge[band - 1]);
        assert_true(10 * below <= (uint64_t)band * table.above[PAIR_GENUINE][0]);
    }
    match_table_release(&table);
    scores_release(&scores);
}

static void thresholds_are_bins(void **state)
{
    (void)state;
    assert_int_equal(threshold_bin(-3, BINS), 0);
    assert_int_equal(threshold_bin(-1, BINS), 0);
    assert_int_equal(threshold_bin(1, BINS), BINS - 1);
    assert_int_equal(threshold_bin(1.01, BINS), BINS);
    assert_int_equal(threshold_bin(NAN, BINS), BINS);
    assert_true(isinf(threshold_of_bin(BINS, BINS)));
    for (uint32_t b = 0; b < BINS; b++)
        assert_int_equal(threshold_bin(threshold_of_bin(b, BINS), BINS), b);
    const double degree = acos(-1) / 180;
    near(bin_width, 4.9e-4, 5e-6);
    near((acos(.9) - acos(.9 + bin_width)) / degree, .06, .005);
    near((acos(.99) - acos(.99 + bin_width)) / degree, .2, .005);
    near((double)(scores_n_cells(10) * N_PAIR_KINDS * 65536 * sizeof(uint64_t)) * 1e-6, 58, .5); /* MB */
    near((double)(scores_n_cells(10) * N_PAIR_KINDS * BINS * sizeof(uint64_t)) * 1e-6, 3.6, .05);
}

static void probits(void **state)
{
    (void)state;
    near(normal_quantile(0.001), -3.090232306167813, 1e-12);
    near(normal_quantile(0.01), -2.326347874040841, 1e-12);
    near(normal_quantile(0.05), -1.644853626951473, 1e-12);
    near(normal_quantile(0.1), -1.281551565544600, 1e-12);
    near(normal_quantile(0.25), -0.674489750196082, 1e-12);
    near(normal_quantile(0.975), NORMAL_Z95, 1e-12);
    near(normal_quantile(0.5), 0, 1e-15);
    assert_true(isinf(normal_quantile(0)) && isinf(normal_quantile(1)) && isnan(normal_quantile(1.5)));
    for (double p = 1e-9; p < 1; p += 0.003)
        near(normal_cdf(normal_quantile(p)), p, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t8_pairs),
        cmocka_unit_test(t8_overall),
        cmocka_unit_test(t8_groups_by_convention),
        cmocka_unit_test(the_textbook_example),
        cmocka_unit_test(ties_and_rejecting_all),
        cmocka_unit_test(one_point_tells_nothing_apart),
        cmocka_unit_test(nothing_is_undefined_not_zero),
        cmocka_unit_test(what_dev_says_costs_on_eval),
        cmocka_unit_test(requests_are_never_exceeded),
        cmocka_unit_test(bands_hold_a_tenth),
        cmocka_unit_test(thresholds_are_bins),
        cmocka_unit_test(probits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
