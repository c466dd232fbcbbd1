/* SPDX-License-Identifier: MIT
 *
 * Neighbour graphs against numbers worked by hand: eight unit vectors at the angles of T8 (docs/maths.md) and
 * a second space in which one of them moved.
 */
#include "support/cmocka.h"

#include "space/graph.h"

#include <math.h>
#include <string.h>

enum { N = 8, K = 2 };

static void at_angles(const double *degrees, float *rows)
{
    for (size_t i = 0; i < N; i++) {
        rows[2 * i] = (float)cos(degrees[i] * 3.14159265358979323846 / 180);
        rows[2 * i + 1] = (float)sin(degrees[i] * 3.14159265358979323846 / 180);
    }
}

static void find(struct neighbours *found, const double *degrees, size_t k)
{
    float rows[2 * N];
    struct bank bank;
    at_angles(degrees, rows);
    bank_init(&bank, rows, N, 2, NULL);
    assert_true(neighbours_find(found, &bank, rows, N, k, true, NULL, NULL));
    bank_release(&bank);
}

static const double t8[N] = {0, 10, 40, 64, 90, 95, 112, 127};
static const double moved[N] = {0, 10, 40, 64, 50, 95, 112, 127};

static void jaccard_of_two_spaces(void **state)
{
    (void)state;
    static const float each[N] = {1, 1, 1.0F / 3, 1, 0, 1.0F / 3, 1, 1};
    struct neighbours a, b;
    float got[N];
    find(&a, t8, K);
    find(&b, moved, K);
    assert_true(fabs(graph_jaccard(&a, &b, got) - 0.708333) < 1e-6);
    for (size_t i = 0; i < N; i++)
        assert_true(fabsf(got[i] - each[i]) < 1e-6F);
    assert_true(graph_jaccard(&a, &a, got) == 1.0);
    neighbours_release(&a);
    neighbours_release(&b);
}

static void lists_that_are_empty_or_short(void **state)
{
    (void)state;
    uint32_t none = UINT32_MAX;
    uint32_t ia[] = {1, 2, none, none, 0, none}, ib[] = {2, none, none, none, none, none};
    struct neighbours a = {3, 2, ia, NULL}, b = {3, 2, ib, NULL};
    float each[3];
    assert_true(graph_jaccard(&a, &b, each) ==
                0.25); /* of 1/2 and 0; the row without neighbours is left out */
    assert_true(each[0] == 0.5F && isnan(each[1]) && each[2] == 0);
    struct neighbours empty = {1, 2, ib + 2, NULL};
    assert_true(isnan(graph_jaccard(&empty, &empty, each)));
}

static void occurrence_and_hubness(void **state)
{
    (void)state;
    static const uint32_t expected[N] = {1, 2, 3, 1, 2, 3, 3, 1}, star[N] = {7, 1, 0, 0, 0, 0, 0, 0};
    struct neighbours found;
    uint32_t count[N];
    find(&found, t8, K);
    graph_occurrence(&found, count, N);
    assert_memory_equal(count, expected, sizeof count);
    struct hubness h = graph_hubness(count, N, K);
    assert_true(fabs(h.skew) < 1e-12 && fabs(h.robin_hood - 0.1875) < 1e-12);
    assert_true(h.anti_hubs == 0 && h.hub_share == 0);
    h = graph_hubness(star, N, 1);
    assert_true(fabs(h.skew - 2.182179) < 1e-6);
    assert_true(h.robin_hood == 0.75 && h.anti_hubs == 0.75 && h.hub_share == 0.875);
    neighbours_release(&found);
}

/* Condensed distances .2 .1 .8 .4 .3 .5 .7 1 .6 .9 among five: N_2 = 4 3 3 0 0, skew -.2561204163. */
static void skew_of_a_published_example(void **state)
{
    (void)state;
    static const double distance[5][5] = {{0, .2, .1, .8, .4},
                                          {.2, 0, .3, .5, .7},
                                          {.1, .3, 0, 1, .6},
                                          {.8, .5, 1, 0, .9},
                                          {.4, .7, .6, .9, 0}};
    static const uint32_t expected[] = {4, 3, 3, 0, 0};
    uint32_t list[5 * 2], count[5];
    for (uint32_t i = 0; i < 5; i++)
        for (uint32_t j = 0; j < 5; j++) {
            size_t nearer = 0;
            for (uint32_t other = 0; other < 5; other++)
                nearer += other != i && distance[i][other] < distance[i][j];
            if (j != i && nearer < 2)
                list[i * 2 + nearer] = j;
        }
    struct neighbours found = {5, 2, list, NULL};
    graph_occurrence(&found, count, 5);
    assert_memory_equal(count, expected, sizeof count);
    assert_true(fabs(graph_hubness(count, 5, 2).skew + 0.2561204163) < 1e-9);
}

static void nobody_near_anybody(void **state)
{
    (void)state;
    static const uint32_t none[3] = {0};
    assert_true(isnan(graph_hubness(none, 3, 2).skew));
    static const uint32_t even[3] = {2, 2, 2};
    assert_true(graph_hubness(even, 3, 2).skew == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jaccard_of_two_spaces),  cmocka_unit_test(lists_that_are_empty_or_short),
        cmocka_unit_test(occurrence_and_hubness), cmocka_unit_test(skew_of_a_published_example),
        cmocka_unit_test(nobody_near_anybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
