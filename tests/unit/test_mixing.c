/* SPDX-License-Identifier: MIT
 *
 * Who is near whom, what a space holds of a group, and whether two spaces agree: on T8, worked by hand.
 */
#include "support/cmocka.h"
#include "support/t8.h"

#include "base/check.h"
#include "base/rng.h"
#include "space/association.h"
#include "space/mixing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.9f is not %.9f", got, wanted);
}

static void nearest(struct neighbours *found, size_t k)
{
    float rows[T8_N * 2];
    struct bank bank;
    t8_rows(rows, 0);
    bank_init(&bank, rows, T8_N, 2, NULL);
    assert_true(neighbours_find(found, &bank, rows, T8_N, k, true, NULL, NULL));
    bank_release(&bank);
}

static void groups_among_neighbours(void **state)
{
    (void)state;
    static const double share_wanted[] = {.875, .125, 0, 1}, lift[] = {2.041667, .21875, 0, 2.333333};
    struct neighbours found;
    double share[4], base[4], purity[2], cap[2], exposure[2];
    static const uint32_t lists[] = {1, 2, 0, 2, 3, 1, 2, 4, 5, 6, 4, 6, 7, 5, 6, 5};
    nearest(&found, 2);
    assert_memory_equal(found.index, lists, sizeof lists);
    mixing_composition(&found, t8_group, 2, share);
    mixing_base(&found, t8_group, 2, base);
    for (int c = 0; c < 4; c++) {
        near(share[c], share_wanted[c], 1e-12);
        near(share[c] / base[c], lift[c], 1e-6);
        near(base[c], c == 0 || c == 3 ? 3.0 / 7 : 4.0 / 7, 1e-12);
    }
    mixing_purity(&found, t8_identity, t8_group, 2, purity, cap);
    mixing_exposure(&found, t8_group, 2, exposure);
    for (int g = 0; g < 2; g++) {
        near(purity[g], .5, 1e-12);
        near(cap[g], .5, 1e-12);
        near(exposure[g], g ? 1.125 : .875, 1e-12);
    }
    neighbours_release(&found);
}

/* Lists are looked at by samples, which a rare group may have no part in: nothing is known of such a draw,
 * and it counts for chance. */
static void draws_that_say_nothing_count_for_chance(void **state)
{
    (void)state;
    enum { N = 1001, K = 2, DRAWS = 40 };
    static uint32_t group[N], index[N * K];
    struct neighbours found = {.n = N, .k = K, .index = index};
    struct mixing_null null = {.seed = 3, .draws = DRAWS};
    struct chance chance[4];
    group[0] = 1; /* alone */
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = 0; j < K; j++)
            index[i * K + j] = (i + 1 + j) % N;
    mixing_by_chance(&found, group, 2, &null, mixing_ranked, 4, chance, NULL);
    for (int v = 0; v < 4; v++) {
        assert_true(chance[v].low <= chance[v].high);
        assert_true(chance[v].below + chance[v].above >= 1);
    }
}

/* Dealt anew, T8's groups are mixed; dealt within labels that are the groups, nothing changes. */
static void chance_keeps_what_the_label_explains(void **state)
{
    (void)state;
    struct neighbours found;
    double share[4];
    struct chance chance[4];
    nearest(&found, 2);
    mixing_composition(&found, t8_group, 2, share);
    struct mixing_null null = {NULL, NULL, 1, 400};
    mixing_by_chance(&found, t8_group, 2, &null, mixing_composition, 4, chance, NULL);
    assert_true(chance[0].low < 3.0 / 7 && chance[0].high > 3.0 / 7 && chance[0].low >= 0 &&
                chance[0].high <= 1);
    assert_true(chance[0].above < 0.1 && chance[0].below > 0.9 &&
                chance[1].below < 0.1); /* A lies by itself */
    null.label = t8_group;
    mixing_by_chance(&found, t8_group, 2, &null, mixing_composition, 4, chance, NULL);
    for (int c = 0; c < 4; c++) {
        near(chance[c].low, share[c], 1e-12);
        near(chance[c].high, share[c], 1e-12);
        near(chance[c].above, 1, 0);
        near(chance[c].below, 1, 0);
    }
    null = (struct mixing_null){t8_identity, NULL, 1, 400}; /* identities stay together */
    mixing_by_chance(&found, t8_group, 2, &null, mixing_composition, 4, chance, NULL);
    assert_true(chance[0].low >=
                0.5); /* of the two nearest one is the other of the identity, for six of eight */
    neighbours_release(&found);
}

/* Lists of T8 by group: AA AA AA AB | BB BB BB BB; base rates with the item left out 3/7 and 4/7. */
static void what_ranked_lists_show_of_groups(void **state)
{
    (void)state;
    struct neighbours found;
    double value[4];
    nearest(&found, 2);
    mixing_ranked(&found, t8_group, 2, value);
    double own = log(7.0 / 3), second = 1 / log2(3); /* weight of the second rank; the first has 1 */
    double mixed = .5 * log(.5 * 7 / 3) + .5 * log(.5 * 7 / 4);
    near(value[1], own, 1e-12);
    near(value[0], (3 * own + (own + second * mixed) / (1 + second)) / 4, 1e-12);
    near(value[3], own, 1e-12);
    near(value[2], (3 * own + log(.5 * 7 / 3)) / 4, 1e-12);
    neighbours_release(&found);
}

static void ranked_lists(void **state)
{
    (void)state;
    static const uint32_t first[] = {0, 0, 1, 0}, second[] = {0, 1, 0, 1};
    static const double base[] = {.5, .5};
    near(ranking_skew(first, 4, 0, .5), .405465, 1e-6);
    near(ranking_skew(first, 4, 1, .5), -.693147, 1e-6);
    near(ranking_ndkl(first, 4, base, 2), .474362, 1e-6);
    near(ranking_ndkl(second, 4, base, 2), .281645, 1e-6);
    static const uint32_t a[] = {'a', 'b', 'c', 'd', 'e', 'f', 'g'},
                          b[] = {'z', 'c', 'a', 'v', 'w', 'x', 'y'};
    static const uint32_t c[] = {'b', 'a', 'c', 'd', 'e'};
    near(rank_biased_overlap(a, b, 7, .9), .288217, 1e-6);
    near(rank_biased_overlap(b, a, 7, .9), .288217, 1e-6);
    near(rank_biased_overlap(a, a, 7, .9), 1, 1e-12);
    double average[2] = {0, 0}; /* the mean of what prefixes have in common: of p = 1 */
    for (size_t depth = 1; depth <= 7; depth++)
        average[0] += rank_biased_overlap(a, b, depth, 1) / 7;
    for (size_t depth = 1; depth <= 5; depth++)
        average[1] += rank_biased_overlap(a, c, depth, 1) / 5;
    near(average[0], .312, 1e-3);
    near(average[1], .8, 1e-12);
    assert_true(isnan(rank_biased_overlap(a, b, 0, .9)));
}

static void the_group_can_be_read(void **state)
{
    (void)state;
    float rows[T8_N * 2];
    double each[T8_N];
    t8_rows(rows, 0);
    near(silhouette(rows, T8_N, 2, t8_group, 2, each), .715529, 1e-5);
    near(each[3], -.207121, 1e-5);
    struct group_probe *probe = group_probe_new(rows, T8_N, 2, .01);
    struct group_probe_score score = group_probe_read(probe, t8_group, 2);
    near(score.balanced, 7.0 / 8, 1e-12);
    near(score.plain, 7.0 / 8, 1e-12);
    group_probe_free(probe);
}

enum { N = 40, D = 3, E = D + 1, G = 3 };

/* Weights (E) of the ridge fit to y without item `out`: Gauss and Jordan on the normal equations. */
static void fit_without(const float *rows, const double *y, int out, double lambda, double *weight)
{
    double m[E][E + 1] = {{0}};
    for (int i = 0; i < N; i++) {
        double x[E] = {(double)rows[i * D], (double)rows[i * D + 1], (double)rows[i * D + 2], 1};
        for (int a = 0; i != out && a < E; a++) {
            for (int b = 0; b < E; b++)
                m[a][b] += x[a] * x[b];
            m[a][E] += x[a] * y[i];
        }
    }
    for (int a = 0; a < E; a++)
        m[a][a] += lambda;
    for (int a = 0; a < E; a++)
        for (int b = 0; b < E; b++) {
            double factor = a == b ? 0 : m[b][a] / m[a][a];
            for (int c = a; c <= E; c++)
                m[b][c] -= factor * m[a][c];
        }
    for (int a = 0; a < E; a++)
        weight[a] = m[a][E] / m[a][a];
}

/* The closed form of leaving one out is the fit without it. */
static void leaving_out_is_leaving_out(void **state)
{
    (void)state;
    float rows[N * D];
    uint32_t group[N];
    double y[N], best[N], right = 0;
    int said[N];
    struct rng rng = rng_at(4, RNG_SAMPLE, 0, 0, 0);
    for (int i = 0; i < N; i++) {
        group[i] = (uint32_t)i % G;
        best[i] = -INFINITY;
        for (int j = 0; j < D; j++)
            rows[i * D + j] = (float)rng_normal(&rng) + (j == (int)group[i] ? 2 : 0);
    }
    for (int g = 0; g < G; g++) {
        for (int i = 0; i < N; i++)
            y[i] = (int)group[i] == g ? 1 : -1;
        for (int i = 0; i < N; i++) {
            double w[E];
            fit_without(rows, y, i, .01, w);
            double fit = w[3] + w[0] * (double)rows[i * D] + w[1] * (double)rows[i * D + 1] +
                         w[2] * (double)rows[i * D + 2];
            if (fit > best[i]) {
                best[i] = fit;
                said[i] = g;
            }
        }
    }
    for (int i = 0; i < N; i++)
        right += said[i] == (int)group[i];
    struct group_probe *probe = group_probe_new(rows, N, D, .01);
    double plain = group_probe_read(probe, group, G).plain;
    group_probe_free(probe);
    near(plain, right / N, 1e-12);
    if (!(plain < 1 && plain > 0.4))
        fail_msg("%g", plain);
}

static void at(float *row, double degrees)
{
    row[0] = (float)cos(degrees * 3.14159265358979323846 / 180);
    row[1] = (float)sin(degrees * 3.14159265358979323846 / 180);
}

static void associations(void **state)
{
    (void)state;
    float x[4], y[4], a[2], b[2];
    at(x, 0);
    at(x + 2, 20);
    at(y, 70);
    at(y + 2, 90);
    at(a, 10);
    at(b, 80);
    struct selection_of_rows sx = {x, 2}, sy = {y, 2}, sa = {a, 1}, sb = {b, 1};
    struct association r = association_test(&sx, &sy, &sa, &sb, 2, 1000, 1, NULL);
    near(r.statistic, 2.591935, 1e-5);
    near(r.effect, 1.679614, 1e-5);
    near(r.p, 1.0 / 6, 1e-12);
    near(r.least_p, 1.0 / 6, 1e-12);
    assert_true(r.exact && r.n_splits == 6);
    r = association_test(&sx, &sy, &sa, &sb, 2, 5, 1, NULL); /* too few splits for all: sampled */
    assert_true(!r.exact && r.n_splits == 5 && r.p >= 1.0 / 6 && r.p <= 1);
}

static void spaces_that_are_alike(void **state)
{
    (void)state;
    float rows[T8_N * 2], moved[T8_N * 2], turned[T8_N * 2];
    t8_rows(rows, 0);
    t8_rows(moved, 1);
    for (int i = 0; i < T8_N; i++) {
        turned[2 * i] = 3 * rows[2 * i + 1];
        turned[2 * i + 1] = -3 * rows[2 * i];
    }
    near(cka_linear(rows, 2, rows, 2, T8_N, NULL), 1, 1e-12);
    near(cka_linear(rows, 2, turned, 2, T8_N, NULL), 1, 1e-6);
    near(cka_linear(rows, 2, moved, 2, T8_N, NULL), .885195, 1e-5);
    near(cka_debiased(rows, 2, moved, 2, T8_N, NULL), .851324, 1e-5);
    near(cka_debiased(rows, 2, rows, 2, T8_N, NULL), 1, 1e-9);
    enum { FEW = 20, WIDE = 128 };
    static float p[FEW * WIDE], q[FEW * WIDE];
    double biased = 0, fair = 0;
    struct rng rng = rng_at(6, RNG_SAMPLE, 0, 0, 0);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < FEW * WIDE; i++) {
            p[i] = (float)rng_normal(&rng);
            q[i] = (float)rng_normal(&rng);
        }
        biased += cka_linear(p, WIDE, q, WIDE, FEW, NULL) / 20;
        fair += cka_debiased(p, WIDE, q, WIDE, FEW, NULL) / 20;
    }
    near(biased, .87, .02); /* unrelated spaces look alike ... */
    near(fair, 0, .03);     /* ... unless the bias is taken out */
    assert_true(isnan(cka_debiased(p, WIDE, q, WIDE, 3, NULL)));
    enum { MANY = 2000 };
    float *x = xcalloc((size_t)2 * MANY * WIDE, sizeof *x), *y = x + (size_t)MANY * WIDE;
    for (size_t i = 0; i < (size_t)2 * MANY * WIDE; i++)
        x[i] = (float)rng_normal(&rng);
    near(cka_linear(x, WIDE, y, WIDE, MANY, NULL), .06, .005);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_among_neighbours),
        cmocka_unit_test(draws_that_say_nothing_count_for_chance),
        cmocka_unit_test(chance_keeps_what_the_label_explains),
        cmocka_unit_test(what_ranked_lists_show_of_groups),
        cmocka_unit_test(ranked_lists),
        cmocka_unit_test(the_group_can_be_read),
        cmocka_unit_test(leaving_out_is_leaving_out),
        cmocka_unit_test(associations),
        cmocka_unit_test(spaces_that_are_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
