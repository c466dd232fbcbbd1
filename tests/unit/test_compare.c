/* SPDX-License-Identifier: MIT
 *
 * Two spaces of the same items: the numbers of T8 and T8', every count against a naive double loop, and the
 * bootstrap against pairs that are weighed one by one.
 */
#include "support/cmocka.h"
#include "support/t8.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "space/compare.h"
#include "space/resample.h"

#include <math.h>
#include <string.h>

enum { N = 120, D = 6, GROUPS = 3, IDS = 30, UNITS = 40, DRAWS = 60 };

static void near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.9f is not %.9f", got, wanted);
}

static void t8_and_moved(void **state)
{
    (void)state;
    float a[T8_N * 2], b[T8_N * 2];
    struct comparison c;
    struct err err;
    t8_rows(a, 0);
    t8_rows(b, 1);
    struct compare_input in = {{{a, 2}, {b, 2}}, T8_N, t8_group, t8_identity, t8_identity, 2};
    struct compare_settings settings = {2, {{AUDIT_AT_FMR, .25}, {AUDIT_AT_FMR, .25}}, 100, 1};
    assert_true(compare_spaces(&c, &in, &settings, NULL, NULL, &err));
    near(c.jaccard, .708333, 1e-6);
    near(c.overlap, .75, 1e-6);
    near(c.cka_biased, .885195, 1e-5);
    near(c.rbo, (4 + .45 + .9 + .45) / 8, 1e-12); /* 3 1 and 4 3; 2 4 and 4 2; 4 6 and 6 3; 5 6 and 2 3 */
    near(c.cka, .851324, 1e-6);
    near(c.threshold[0], .848048, 2.0 / SCORES_BINS);
    near(c.all.pairs[PAIR_IMPOSTOR], 24, 0);
    near(c.all.pairs[PAIR_GENUINE], 4, 0);
    near(c.all.errors[0][PAIR_IMPOSTOR], 6, 0);
    near(c.group[T8_A].pairs[PAIR_IMPOSTOR], 4, 0);
    near(c.ratio[PAIR_IMPOSTOR].a, 3, 1e-12); /* 1 of 4, 3 of 4 */
    assert_int_equal(c.group[T8_B].n_units, 2);
    assert_true(isnan(c.group[T8_B].rate[PAIR_IMPOSTOR].ci.low)); /* two identities: no interval */
    comparison_release(&c);
}

/* ---- a random fixture ---- */

static struct {
    float rows[2][N * D];
    uint32_t group[N], identity[N], unit[N];
} f;

/* Identities in three groups; units are finer than identities in places, and coarser in others. */
static void fill(void)
{
    struct rng rng = rng_at(3, RNG_SAMPLE, 0, 0, 0);
    for (uint32_t i = 0; i < N; i++) {
        f.identity[i] = i % IDS;
        f.group[i] = f.identity[i] % 7 == 0 ? 2 : f.identity[i] % 2;
        f.unit[i] = (uint32_t)rng_below(&rng, UNITS);
        for (size_t j = 0; j < D; j++) {
            double centre = sin(1.7 * f.identity[i] * (double)(j + 1));
            f.rows[0][i * D + j] = (float)(centre + .4 * rng_normal(&rng));
            f.rows[1][i * D + j] = f.rows[0][i * D + j] + (float)(.3 * rng_normal(&rng));
        }
    }
    memset(f.rows[1] + 17 * D, 0, D * sizeof(float)); /* an item that failed in B is in no pair of A either */
    f.identity[40] = UINT32_MAX;
}

static struct compare_input input(const float *a, const float *b)
{
    return (struct compare_input){{{a, D}, {b, D}}, N, f.group, f.identity, f.unit, GROUPS};
}

static const struct compare_settings settings = {5, {{AUDIT_AT_FMR, .05}, {AUDIT_AT_FMR, .05}}, DRAWS, 7};

static bool is_in(size_t i)
{
    return i != 17 && i != 40;
}

struct naive {
    double pairs[2], errors[2][2], flipped[2], matched_in_one;
};

/* Weighed by how often units stand there; NULL: once. `set` GROUPS: all. */
static struct naive count(const struct comparison *c, size_t set, const uint32_t *weight)
{
    static float unit[2][N * D];
    struct naive n = {0};
    for (int s = 0; s < 2; s++)
        score_normalise(f.rows[s], N, D, unit[s], NULL);
    for (size_t i = 0; i < N; i++)
        for (size_t j = i + 1; j < N; j++) {
            if (!is_in(i) || !is_in(j) || (set < GROUPS && (f.group[i] != set || f.group[j] != set)))
                continue;
            double w = !weight                  ? 1
                       : f.unit[i] == f.unit[j] ? weight[f.unit[i]]
                                                : (double)weight[f.unit[i]] * weight[f.unit[j]];
            int genuine = f.identity[i] == f.identity[j];
            bool match[2];
            for (int s = 0; s < 2; s++) {
                match[s] = scores_bin(score_pair(unit[s] + i * D, unit[s] + j * D, D), SCORES_BINS) >=
                           threshold_bin(c->threshold[s], SCORES_BINS);
                n.errors[s][genuine] += match[s] != genuine ? w : 0;
            }
            n.pairs[genuine] += w;
            n.flipped[genuine] += match[0] != match[1] ? w : 0;
            n.matched_in_one += match[0] || match[1] ? w : 0;
        }
    return n;
}

static void counts_are_those_of_a_double_loop(void **state)
{
    (void)state;
    struct comparison c;
    struct err err;
    struct compare_input in = input(f.rows[0], f.rows[1]);
    assert_true(compare_spaces(&c, &in, &settings, NULL, NULL, &err));
    for (size_t set = 0; set <= GROUPS; set++) {
        const struct group_change *g = set < GROUPS ? &c.group[set] : &c.all;
        struct naive n = count(&c, set, NULL);
        for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
            near(g->pairs[kind], n.pairs[kind], 0);
            near(g->flipped[kind], n.flipped[kind], 0);
            for (int s = 0; s < 2; s++)
                near(g->errors[s][kind], n.errors[s][kind], 0);
            near(g->rate[kind].b, n.errors[1][kind] / n.pairs[kind], 1e-15);
        }
    }
    struct naive all = count(&c, GROUPS, NULL);
    double flipped = all.flipped[0] + all.flipped[1];
    assert_true(flipped > 0);
    near(c.churn, flipped / (all.pairs[0] + all.pairs[1]), 1e-15);
    near(c.match_churn, flipped / all.matched_in_one, 1e-15);
    comparison_release(&c);
}

/* The difference of each draw by weighing pairs one by one; then the middle 95 %. */
static void intervals_are_those_of_weighed_pairs(void **state)
{
    (void)state;
    struct comparison c;
    struct err err;
    uint32_t weight[UNITS];
    double value[DRAWS];
    struct compare_input in = input(f.rows[0], f.rows[1]);
    assert_true(compare_spaces(&c, &in, &settings, NULL, NULL, &err));
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        for (size_t set = 0; set <= GROUPS; set++) {
            const struct group_change *g = set < GROUPS ? &c.group[set] : &c.all;
            for (size_t draw = 0; draw < DRAWS; draw++) {
                unit_weights(weight, UNITS, settings.seed, draw);
                struct naive n = count(&c, set, weight);
                value[draw] = n.errors[1][kind] / n.pairs[kind] - n.errors[0][kind] / n.pairs[kind];
            }
            struct middle m = middle_of(value, DRAWS, .95);
            near(g->rate[kind].ci.low, m.low, 1e-12);
            near(g->rate[kind].ci.high, m.high, 1e-12);
            assert_true(m.low < m.high);
        }
    comparison_release(&c);
}

static void a_space_and_itself_differ_by_nothing(void **state)
{
    (void)state;
    struct comparison c;
    struct err err;
    struct compare_input in = input(f.rows[0], f.rows[0]);
    assert_true(compare_spaces(&c, &in, &settings, NULL, NULL, &err));
    near(c.churn, 0, 0);
    near(c.jaccard, 1, 0);
    near(c.rbo, 1, 1e-12);
    near(c.cka, 1, 1e-9);
    for (size_t g = 0; g < GROUPS; g++)
        for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
            near(c.group[g].rate[kind].ci.low, 0, 0);
            near(c.group[g].rate[kind].ci.high, 0, 0);
        }
    comparison_release(&c);
}

static void the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    struct comparison one, three;
    struct err err;
    struct compare_input in = input(f.rows[0], f.rows[1]);
    struct pool *pool = pool_new(3, 0);
    assert_true(compare_spaces(&one, &in, &settings, NULL, NULL, &err));
    assert_true(compare_spaces(&three, &in, &settings, pool, NULL, &err));
    assert_memory_equal(one.group, three.group, GROUPS * sizeof *one.group);
    assert_memory_equal(&one.all, &three.all, sizeof one.all);
    assert_memory_equal(one.ratio, three.ratio, sizeof one.ratio);
    comparison_release(&one);
    comparison_release(&three);
    pool_free(pool);
}

static void another_threshold_in_the_same_space(void **state)
{
    (void)state;
    struct comparison c;
    struct err err;
    struct compare_input in = input(f.rows[0], f.rows[0]);
    struct compare_settings other = settings;
    other.threshold[1].at = .2;
    assert_true(compare_spaces(&c, &in, &other, NULL, NULL, &err));
    assert_true(c.threshold[1] < c.threshold[0] && c.churn > 0);
    assert_true(c.all.rate[PAIR_IMPOSTOR].b > c.all.rate[PAIR_IMPOSTOR].a);
    assert_true(c.all.rate[PAIR_GENUINE].b <= c.all.rate[PAIR_GENUINE].a);
    comparison_release(&c);
}

static void neighbours_alone(void **state)
{
    (void)state;
    struct comparison c;
    struct err err;
    struct compare_input in = {{{f.rows[0], D}, {f.rows[1], D}}, N, NULL, NULL, NULL, 0};
    assert_true(compare_spaces(&c, &in, &settings, NULL, NULL, &err));
    assert_true(c.jaccard > 0 && c.jaccard < 1 && isnan(c.churn));
    comparison_release(&c);
    in.n = 1;
    assert_false(compare_spaces(&c, &in, &settings, NULL, NULL, &err));
}

static int setup(void **state)
{
    (void)state;
    fill();
    return 0;
}

/* T8, group B at 0.80: of the impostor pairs (4,6) (5,6) (5,7) match and (4,7) does not. Items drawn 1, 2, 0
 * and 1 times make 3 pairs, 2 of them errors. */
static void a_draw_weighs_pairs(void **state)
{
    (void)state;
    static const uint32_t item[] = {4, 5, 6, 7}, identity[] = {0, 0, 1, 1, 2, 2, 3, 3},
                          unit[] = {0, 1, 2, 3, 4, 5, 6, 7}, weight[] = {0, 0, 0, 0, 1, 2, 0, 1};
    static const uint32_t wrong[][2] = {{4, 6}, {5, 6}, {5, 7}};
    struct unit_pairs pairs;
    double count[N_PAIR_KINDS], errors = 0;
    unit_pairs_init(&pairs, item, 4, identity, unit);
    unit_pairs_count(&pairs, weight, count);
    for (size_t i = 0; i < 3; i++)
        errors += unit_pair_weight(weight, wrong[i][0], wrong[i][1]);
    assert_true(fabs(errors / count[PAIR_IMPOSTOR] - 2.0 / 3) < 1e-12);
    unit_pairs_count(&pairs, (const uint32_t[]){1, 1, 1, 1, 1, 1, 1, 1}, count);
    assert_true(ARRAY_LEN(wrong) / count[PAIR_IMPOSTOR] == 0.75);
    assert_true(count[PAIR_IMPOSTOR] == 4 && count[PAIR_GENUINE] == 2);
    unit_pairs_release(&pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t8_and_moved),
        cmocka_unit_test(counts_are_those_of_a_double_loop),
        cmocka_unit_test(intervals_are_those_of_weighed_pairs),
        cmocka_unit_test(a_space_and_itself_differ_by_nothing),
        cmocka_unit_test(the_same_for_any_number_of_threads),
        cmocka_unit_test(another_threshold_in_the_same_space),
        cmocka_unit_test(a_draw_weighs_pairs),
        cmocka_unit_test(neighbours_alone),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
