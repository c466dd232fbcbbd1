/* SPDX-License-Identifier: MIT
 *
 * The ridge probe: what a linear map can tell, told; what it cannot, not; the wide form gives the same.
 */
#include "base/rng.h"
#include "space/ridge.h"
#include "support/cmocka.h"

#include <math.h>

enum { BANK = 200, QUERY = 100, DIM = 3, WIDE = 240 };

struct rows {
    float bank[BANK * WIDE], query[QUERY * WIDE];
    uint32_t bank_code[BANK], query_code[QUERY];
};

/* Class by the sign of what `class_of` finds in the first two columns; the others are noise. */
static void draw(struct rows *r, size_t d, uint32_t (*class_of)(float, float))
{
    struct rng rng = rng_at(1, RNG_SAMPLE, 0, d, 0);
    for (size_t i = 0; i < BANK * d; i++)
        r->bank[i] = (float)rng_normal(&rng);
    for (size_t i = 0; i < QUERY * d; i++)
        r->query[i] = (float)rng_normal(&rng);
    for (size_t i = 0; i < BANK; i++)
        r->bank_code[i] = class_of(r->bank[i * d], r->bank[i * d + 1]);
    for (size_t i = 0; i < QUERY; i++)
        r->query_code[i] = class_of(r->query[i * d], r->query[i * d + 1]);
}

static uint32_t linear(float x, float y)
{
    return x + 2 * y > 0;
}

static uint32_t crossed(float x, float y)
{
    return x * y > 0;
}

static double read(const struct rows *r, size_t d)
{
    struct ridge_rows rows = {r->bank, r->query, BANK, QUERY, d};
    return ridge_accuracy(&rows, r->bank_code, r->query_code, 2);
}

static void a_linear_rule_is_read_and_a_crossed_one_is_not(void **state)
{
    (void)state;
    static struct rows r;
    draw(&r, DIM, linear);
    assert_true(read(&r, DIM) > 0.9);
    draw(&r, DIM, crossed);
    assert_true(read(&r, DIM) < 0.75);
}

/* ---- the fit again, by elimination in double ---- */

enum { CLASSES = 3 };

/* Which of three thirds of a noisy line; every tenth is blank. */
static void draw_classes(struct rows *r)
{
    struct rng rng = rng_at(2, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < BANK * DIM; i++)
        r->bank[i] = (float)(3 + rng_normal(&rng) * (double)(1 + i % DIM));
    for (size_t i = 0; i < QUERY * DIM; i++)
        r->query[i] = (float)(3 + rng_normal(&rng) * (double)(1 + i % DIM));
    for (size_t i = 0; i < BANK + QUERY; i++) {
        const float *row = i < BANK ? r->bank + i * DIM : r->query + (i - BANK) * DIM;
        double at = (double)row[0] + (double)row[1] + rng_normal(&rng);
        uint32_t code = i % 10 == 9 ? UINT32_MAX : at < 5 ? 0 : at < 7 ? 1 : 2;
        *(i < BANK ? r->bank_code + i : r->query_code + (i - BANK)) = code;
    }
}

/* Columns with the bank's mean and deviation. */
static void standard(const struct rows *r, double mean[DIM], double deviation[DIM])
{
    for (size_t j = 0; j < DIM; j++) {
        double square = 0;
        mean[j] = 0;
        for (size_t i = 0; i < BANK; i++)
            mean[j] += (double)r->bank[i * DIM + j] / BANK;
        for (size_t i = 0; i < BANK; i++)
            square += pow((double)r->bank[i * DIM + j] - mean[j], 2) / BANK;
        deviation[j] = sqrt(square);
    }
}

static double naive_accuracy(const struct rows *r)
{
    double mean[DIM], deviation[DIM], a[DIM][DIM] = {{0}}, b[DIM][CLASSES] = {{0}}, share[CLASSES] = {0};
    double known = 0, right[CLASSES] = {0}, asked[CLASSES] = {0}, sum = 0;
    standard(r, mean, deviation);
    for (size_t i = 0; i < BANK; i++)
        known += r->bank_code[i] < CLASSES;
    for (size_t i = 0; i < BANK; i++)
        for (uint32_t c = 0; c < CLASSES; c++)
            share[c] += (r->bank_code[i] == c) / known;
    for (size_t i = 0; i < BANK; i++)
        for (size_t j = 0; j < DIM; j++) {
            double x = ((double)r->bank[i * DIM + j] - mean[j]) / deviation[j];
            for (size_t k = 0; k < DIM; k++)
                a[j][k] += x * ((double)r->bank[i * DIM + k] - mean[k]) / deviation[k] / BANK;
            for (uint32_t c = 0; c < CLASSES && r->bank_code[i] < CLASSES; c++)
                b[j][c] += x * ((r->bank_code[i] == c) - share[c]) / BANK;
        }
    for (size_t j = 0; j < DIM; j++)
        a[j][j] += RIDGE_PENALTY;
    for (size_t p = 0; p < DIM; p++)
        for (size_t j = 0; j < DIM; j++) {
            double f = j == p ? 0 : a[j][p] / a[p][p];
            for (size_t k = 0; k < DIM; k++)
                a[j][k] -= f * a[p][k];
            for (size_t c = 0; c < CLASSES; c++)
                b[j][c] -= f * b[p][c];
        }
    for (size_t i = 0; i < QUERY; i++) {
        double out[CLASSES];
        uint32_t best = 0;
        for (uint32_t c = 0; c < CLASSES; c++) {
            out[c] = share[c];
            for (size_t j = 0; j < DIM; j++)
                out[c] += ((double)r->query[i * DIM + j] - mean[j]) / deviation[j] * b[j][c] / a[j][j];
            best = out[c] > out[best] ? c : best;
        }
        for (uint32_t c = 0; c < CLASSES; c++) {
            asked[c] += r->query_code[i] == c;
            right[c] += r->query_code[i] == c && best == c;
        }
    }
    for (size_t c = 0; c < CLASSES; c++)
        sum += right[c] / asked[c] / CLASSES;
    return sum;
}

static void the_fit_is_that_of_an_elimination(void **state)
{
    (void)state;
    static struct rows r;
    draw_classes(&r);
    struct ridge_rows rows = {r.bank, r.query, BANK, QUERY, DIM};
    double want = naive_accuracy(&r), got = ridge_accuracy(&rows, r.bank_code, r.query_code, CLASSES);
    assert_true(want > 0.5 && want < 0.95);
    assert_true(fabs(got - want) < 1e-9);
}

/* In one point every query is called by the largest class. */
static void one_point_is_read_by_chance(void **state)
{
    (void)state;
    static struct rows r;
    draw_classes(&r);
    for (size_t i = 0; i < BANK * DIM; i++)
        r.bank[i] = (float)(i % DIM) / 3;
    for (size_t i = 0; i < QUERY * DIM; i++)
        r.query[i] = (float)(i % DIM) / 3;
    struct ridge_rows rows = {r.bank, r.query, BANK, QUERY, DIM};
    assert_true(fabs(ridge_accuracy(&rows, r.bank_code, r.query_code, CLASSES) - 1.0 / CLASSES) < 1e-9);
}

/* Columns past the third repeat it: another system is solved, for the same fit but for the penalty. */
static void more_columns_than_rows_solve_the_rows_system(void **state)
{
    (void)state;
    static struct rows narrow, wide;
    draw(&narrow, DIM, linear);
    wide = narrow;
    for (size_t i = 0; i < BANK; i++)
        for (size_t j = 0; j < WIDE; j++)
            wide.bank[i * WIDE + j] = narrow.bank[i * DIM + j % DIM];
    for (size_t i = 0; i < QUERY; i++)
        for (size_t j = 0; j < WIDE; j++)
            wide.query[i * WIDE + j] = narrow.query[i * DIM + j % DIM];
    assert_true(fabs(read(&wide, WIDE) - read(&narrow, DIM)) < 0.051); /* a query or two at the border */
}

static void scale_and_constant_columns_change_nothing(void **state)
{
    (void)state;
    static struct rows r;
    draw(&r, DIM, linear);
    double before = read(&r, DIM);
    for (size_t i = 0; i < BANK; i++)
        r.bank[i * DIM] = 1000 * r.bank[i * DIM] + 5;
    for (size_t i = 0; i < QUERY; i++)
        r.query[i * DIM] = 1000 * r.query[i * DIM] + 5;
    assert_true(fabs(read(&r, DIM) - before) < 1e-9);
    for (size_t i = 0; i < BANK; i++)
        r.bank[i * DIM + 2] = 7;
    double constant = read(&r, DIM);
    assert_true(constant > 0.9 && isfinite(constant));
}

static void rows_without_a_class_are_left_out(void **state)
{
    (void)state;
    static struct rows r;
    draw(&r, DIM, linear);
    for (size_t i = 0; i < QUERY; i++)
        r.query_code[i] = UINT32_MAX;
    assert_true(isnan(read(&r, DIM)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_linear_rule_is_read_and_a_crossed_one_is_not),
        cmocka_unit_test(more_columns_than_rows_solve_the_rows_system),
        cmocka_unit_test(scale_and_constant_columns_change_nothing),
        cmocka_unit_test(rows_without_a_class_are_left_out),
        cmocka_unit_test(the_fit_is_that_of_an_elimination),
        cmocka_unit_test(one_point_is_read_by_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
