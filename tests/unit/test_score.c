/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void fill(float *rows, size_t count, uint64_t seed)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < count; i++)
        rows[i] = (float)rng_normal(&rng);
}

static void unit_rows_are_of_length_one_or_nothing(void **state)
{
    (void)state;
    float rows[6][3] = {{3, 0, 4},        {0, 0, 0},         {NAN, 1, 1},
                        {INFINITY, 0, 0}, {1e30f, 1e30f, 0}, {1e-40f, 0, 0}};
    float unit[6][3];
    bool valid[6];
    assert_int_equal(score_normalise(rows[0], 6, 3, unit[0], valid), 3);
    assert_true(valid[0] && !valid[1] && !valid[2] && !valid[3] && valid[4] && valid[5]);
    assert_true(unit[0][0] == 0.6f && unit[0][1] == 0 && unit[0][2] == 0.8f);
    for (int i = 1; i < 4; i++)
        assert_true(unit[i][0] == 0 && unit[i][1] == 0 && unit[i][2] == 0);
    assert_true(unit[4][0] == (float)sqrt(0.5) && unit[5][0] == 1);
    assert_int_equal(score_normalise(rows[0], 6, 3, unit[0], NULL), 3);
    assert_int_equal(score_normalise(rows[0], 0, 3, unit[0], NULL), 0);
}

static void one_pair_is_the_definition(void **state)
{
    (void)state;
    float a[3] = {0.6f, 0, 0.8f}, b[3] = {0, 1, 0}, c[3] = {-0.6f, 0, -0.8f}, big[3] = {1, 1, 1};
    assert_true(score_pair(a, b, 3) == 0);
    assert_true(score_pair(a, c, 3) == -1);
    assert_true(score_pair(big, big, 3) == 1);
    assert_true(score_pair(a, a, 0) == 0);
}

static void a_cosine_of_rows_as_they_are(void **state)
{
    (void)state;
    float a[3] = {3, 0, 4}, b[3] = {0, 7, 0}, c[3] = {-6, 0, -8}, d[3] = {4, 0, 3}, none[3] = {0};
    assert_true(score_cosine(a, b, 3) == 0 && score_cosine(a, c, 3) == -1 &&
                score_cosine(a, d, 3) == 24.0 / 25);
    assert_true(isnan(score_cosine(a, none, 3)) && isnan(score_cosine(a, a, 0)));
}

/* Every cut of (m, n) into tiles gives the bits of score_pair. */
static void check_tiles(size_t m, size_t n, size_t d)
{
    float *rows = xcalloc(m * d + 1, sizeof *rows), *columns = xcalloc(n * d + 1, sizeof *columns);
    float *packed = xaligned(score_padded(n) * d + 1, sizeof *packed);
    float *scores = xcalloc(m * n, sizeof *scores);
    fill(rows, m * d, m);
    fill(columns, n * d, n + 1);
    if (n > 3) {
        columns[2 * d] = NAN;
        memset(columns + 3 * d, 0, d * sizeof *columns);
        memcpy(columns + d, rows, d * sizeof *columns);
    }
    score_normalise(rows, m, d, rows, NULL);
    score_normalise(columns, n, d, columns, NULL);
    score_pack(columns, n, d, packed);
    static const size_t cuts[] = {SCORE_LANES, 2 * SCORE_LANES, 3 * SCORE_LANES, 1024};
    for (size_t k = 0; k < ARRAY_LEN(cuts); k++) {
        memset(scores, 0xff, m * n * sizeof *scores);
        for (size_t c = 0; c < n; c += cuts[k])
            score_tile(rows, m, packed, c, n - c < cuts[k] ? n - c : cuts[k], d, scores + c, n);
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < n; j++) {
                float wanted = score_pair(rows + i * d, columns + j * d, d);
                assert_memory_equal(&scores[i * n + j], &wanted, sizeof wanted);
            }
    }
    free(rows);
    free(columns);
    free(packed);
    free(scores);
}

static void tiles_have_the_bits_of_single_pairs(void **state)
{
    (void)state;
    static const size_t sizes[][3] = {{1, 1, 1},   {1, 16, 8},  {8, 32, 64},   {9, 33, 7},  {7, 15, 64},
                                      {17, 50, 3}, {24, 48, 1}, {13, 100, 65}, {6, 47, 16}, {3, 5, 128}};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        check_tiles(sizes[i][0], sizes[i][1], sizes[i][2]);
}

static void padding_is_to_whole_panels(void **state)
{
    (void)state;
    assert_int_equal(score_padded(0), 0);
    assert_int_equal(score_padded(1), SCORE_LANES);
    assert_int_equal(score_padded(SCORE_LANES), SCORE_LANES);
    float unit[2] = {1, 1}, packed[SCORE_LANES];
    memset(packed, 0xff, sizeof packed);
    score_pack(unit, 2, 1, packed);
    assert_true(packed[1] == 1 && packed[2] == 0 && packed[SCORE_LANES - 1] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unit_rows_are_of_length_one_or_nothing),
        cmocka_unit_test(one_pair_is_the_definition),
        cmocka_unit_test(a_cosine_of_rows_as_they_are),
        cmocka_unit_test(tiles_have_the_bits_of_single_pairs),
        cmocka_unit_test(padding_is_to_whole_panels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
