/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "base/check.h"
#include "math/normal.h"
#include "space/audit.h"
#include "space/disparity.h"
#include "space/interval.h"

#include <math.h>

static void near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.9f is not %.9f", got, wanted);
}

static void check(struct interval got, double low, double high, double tolerance)
{
    near(got.low, low, tolerance);
    near(got.high, high, tolerance);
}

static void wilson_and_exact(void **state)
{
    (void)state;
    const double z = NORMAL_Z95;
    check(interval_wilson(3, 10, z), .107791, .603222, 1e-6);
    check(interval_wilson(0, 100, z), 0, .036993, 1e-6);
    check(interval_wilson(1, 4, z), .045587, .699358, 1e-6);
    check(interval_wilson(30, 10000, z), .002102, .004279, 1e-6);
    check(interval_wilson(10, 10, z), 1 - .277533, 1, 1e-5);
    check(interval_exact(1, 2, 0.05), .0125791, .9874209, 1e-7);
    check(interval_exact(0, 10, 0.05), 0, .3084971, 1e-7);
    check(interval_exact(9856, 10000, 0.05), .9830684, .9878427, 1e-7);
    assert_true(isnan(interval_wilson(0, 0, z).low) && isnan(interval_exact(0, 0, 0.05).high));
    near(interval_zero_bound(300), .009936, 1e-6);
    near(3.0 / 300, interval_zero_bound(300), 1e-4); /* the rule of three */
    near(interval_zero_bound(190), .016, .0005);     /* 20 items, no error */
}

/* Poisson's interval is the exact one of very many trials. Thirty errors: +-30 % or so at 90 %; +-10 % takes
 * 260. */
static void thirty_errors(void **state)
{
    (void)state;
    const double many = 1e9;
    struct interval ci = interval_exact(AUDIT_MIN_ERRORS, many, 0.10);
    near(ci.low * many / AUDIT_MIN_ERRORS - 1, -.28, .005);
    near(ci.high * many / AUDIT_MIN_ERRORS - 1, .36, .005);
    ci = interval_exact(260, many, 0.10);
    near(ci.low * many / 260 - 1, -.10, .005);
    near(ci.high * many / 260 - 1, .11, .005);
}

/* 5 items; the four pairs that touch item 0 are errors. */
static void a_star_is_no_ten_pairs(void **state)
{
    (void)state;
    const double p = 0.4, deviation[] = {4 - 1.6, 1 - 1.6, 1 - 1.6, 1 - 1.6, 1 - 1.6};
    double deff = deff_items(deviation, 5, p, 10);
    near(deff, 2, 1e-12);
    near(10 * p * (1 - p), 2.4, 1e-12);
    near((deff + 1) * 2.4, 7.2, 1e-12); /* S2 */
    near(10 / deff, 5, 1e-12);
    check(interval_wilson(4, 10, NORMAL_Z95), .168, .687, 1e-3);
    check(interval_wilson(p * 10 / deff, 10 / deff, NORMAL_Z95), .118, .769, 1e-3);
    near(deff_items(deviation, 5, 0, 10), 1, 0);
}

/* 3 identities of two items; all four pairs of two identities are errors. 3 identities of 3 genuine pairs;
 * those of one are errors. */
static void identities_are_the_units(void **state)
{
    (void)state;
    const double p = 1.0 / 3, impostor[] = {4 - 8 * p, 4 - 8 * p, -8 * p}, genuine[] = {3 - 1, -1, -1};
    double deff = deff_clustered(impostor, 3, p, 12);
    near(deff, 4, 1e-12);
    near(deff * p * (1 - p) / 12, .074074, 1e-6);
    near(p * (1 - p) / 12, .018519, 1e-6);
    near(12 / deff, 3, 1e-12);
    deff = deff_clustered(genuine, 3, p, 9);
    near(deff, 3, 1e-12);
    near(deff * p * (1 - p) / 9, .074074, 1e-6);
    near(p * (1 - p) / 9, .024691, 1e-6);
}

static void ratios(void **state)
{
    (void)state;
    check(interval_ratio((struct sure_rate){40, 1000, 1}, (struct sure_rate){10, 1000, 1}, NORMAL_Z95), 2.01,
          7.95, 0.01);
    check(interval_ratio((struct sure_rate){40, 1000, 10}, (struct sure_rate){10, 1000, 10}, NORMAL_Z95), .46,
          35.2, 0.1);
    assert_true(
        isnan(interval_ratio((struct sure_rate){40, 1000, 1}, (struct sure_rate){0, 1000, 1}, 2).low));
    near(interval_z_of(1), NORMAL_Z95, 1e-9);
    near(interval_z_of(3), 2.3877, 1e-4);
}

static void many_at_once(void **state)
{
    (void)state;
    double holm[] = {.01, .04, .03, .20};
    static const double holm_wanted[] = {.04, .09, .09, .20};
    adjust_holm(holm, 4);
    for (size_t i = 0; i < 4; i++)
        near(holm[i], holm_wanted[i], 1e-9);
    double bh[] = {.01, .04, .03, .20}, last[] = {.2, .01, .02}, none[] = {1};
    static const double bh_wanted[] = {.04, .0533, .0533, .20};
    adjust_bh(bh, 4);
    for (size_t i = 0; i < 4; i++)
        near(bh[i], bh_wanted[i], 5e-5);
    adjust_bh(last, 3);
    near(last[0], .2, 1e-12);
    near(last[1], .03, 1e-12);
    near(last[2], .03, 1e-12);
    adjust_bh(none, 1);
    adjust_bh(NULL, 0);
    near(none[0], 1, 0);
    near(false_match_in(1e-3, 10), .009955, 1e-6);
    near(false_match_in(1e-3, 1000), .632305, 1e-6);
}

static void three_groups(void **state)
{
    (void)state;
    const double a[] = {.01, .02, .04}, b[] = {.10, .05, .05}, small[] = {.0001, .0002, .0004};
    near(fmax(rates_difference(a, 3), rates_difference(b, 3)), .05, 1e-12);
    near(rates_ratio(a, 3), 4, 1e-12);
    near(rates_max_gm(a, 3), 2, 1e-12);
    near(rates_gini(a, 3), .428571, 1e-6);
    near(rates_gini(b, 3), .25, 1e-12);
    near(rates_garbe(a, b, 3, 0.5), .339286, 1e-6);
    near(rates_fairness_discrepancy(a, b, 3, 0.5), .96, 1e-12);
    near(rates_fairness_discrepancy(small, b, 3, 0.5), .97485, 1e-9);
    near(rates_gini(small, 3), .428571, 1e-6);
    near(rates_ratio(small, 3), 4, 1e-12);
    assert_true(rates_ratio(a, 3) > 1 / .8); /* outside the band of four fifths */
    near(rates_inequity(a, b, 3, 0.5), 2.828427, 1e-6);
    assert_int_equal(rates_worst(a, 3), 2);
    assert_int_equal(rates_best(b, 3), 1);
}

static void t8_groups(void **state)
{
    (void)state;
    const double a[] = {.25, .75}, with_zero[] = {0, .25}, trials[] = {1000, 1000}, few[] = {0, .004};
    near(rates_max_gm(a, 2), 1.732051, 1e-6);
    near(rates_gini(a, 2), .5, 1e-12);
    near(rates_max_gm_zero_safe(few, trials, 2), 1.156388, 1e-6);
    const double same[] = {.0001, .0004}, equal[] = {.1, .1};
    near(rates_fairness_discrepancy(same, equal, 2, 0.5), .99985, 1e-9);
    assert_true(isnan(rates_inequity(with_zero, a, 2, 0.5)) && isnan(rates_ratio(with_zero, 2)) &&
                isnan(rates_max_gm(with_zero, 2)));
}

static void nothing_to_compare(void **state)
{
    (void)state;
    const double none[] = {NAN, NAN}, zero[] = {0, 0}, one[] = {NAN, 0.2};
    assert_int_equal(rates_worst(none, 2), 2);
    assert_true(isnan(rates_difference(none, 2)) && isnan(rates_gini(zero, 2)) &&
                isnan(rates_ratio(zero, 2)) && isnan(rates_garbe(zero, one, 2, 0.5)) &&
                isnan(rates_gini(one, 2)));
    near(rates_ratio(one, 2), 1, 0);
}

/* Against 200,000 draws of another program: median and 95 % of max / min of equal groups. */
static void equal_groups_differ_by_chance(void **state)
{
    (void)state;
    static const struct {
        size_t groups;
        double errors, median, high;
    } rows[] = {{2, 10, 1.38, 2.67},  {2, 100, 1.10, 1.32}, {5, 10, 2.12, 4.0},   {5, 100, 1.25, 1.48},
                {10, 10, 2.80, 5.33}, {10, 30, 1.75, 2.35}, {10, 100, 1.35, 1.57}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double expected[10];
        for (size_t g = 0; g < rows[i].groups; g++)
            expected[g] = rows[i].errors;
        near(ratio_null(expected, rows[i].groups, 0.5, NULL_DRAWS, 1), rows[i].median, 0.05 * rows[i].median);
        near(ratio_null(expected, rows[i].groups, 0.95, NULL_DRAWS, 1), rows[i].high, 0.07 * rows[i].high);
    }
    double alone[] = {5, 0};
    assert_true(isnan(ratio_null(alone, 2, 0.95, NULL_DRAWS, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_and_exact),
        cmocka_unit_test(thirty_errors),
        cmocka_unit_test(a_star_is_no_ten_pairs),
        cmocka_unit_test(identities_are_the_units),
        cmocka_unit_test(ratios),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(three_groups),
        cmocka_unit_test(t8_groups),
        cmocka_unit_test(nothing_to_compare),
        cmocka_unit_test(equal_groups_differ_by_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
