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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
