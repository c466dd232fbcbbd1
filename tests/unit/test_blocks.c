/* SPDX-License-Identifier: MIT
 *
 * Block masks: every cell may be hidden and every cell seen, on the smallest grids too.
 */
#include "support/cmocka.h"

#include "method/blocks.h"

#include <math.h>
#include <string.h>

enum { DRAWS = 4000, MOST = 64 };

static const struct blocks_rule rules[] = {{8, 8, 4, 0.2}, {7, 7, 4, 0.2}, {2, 2, 4, 0.2},
                                           {1, 2, 4, 0.9}, {3, 5, 1, 0.5}, {8, 8, 8, 1}};

static size_t draw(const struct blocks_rule *rule, uint64_t item, uint8_t *seen, uint8_t *target)
{
    struct rng rng = rng_at(1, RNG_METHOD, 0, item, 0);
    blocks_draw(rule, &rng, seen, target);
    return (size_t)rule->height * (size_t)rule->width;
}

static void nothing_is_both_and_neither_is_empty(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
        for (uint64_t i = 0; i < DRAWS; i++) {
            uint8_t seen[MOST], target[MOST];
            size_t cells = draw(&rules[r], i, seen, target), n_seen = 0, n_target = 0;
            for (size_t c = 0; c < cells; c++) {
                assert_true(seen[c] <= 1 && target[c] <= 1 && !(seen[c] && target[c]));
                n_seen += seen[c];
                n_target += target[c];
            }
            assert_in_range(n_seen, cells / 2 < BLOCKS_KEEP ? cells / 2 : BLOCKS_KEEP, cells - 1);
            assert_in_range(n_target, 1, cells - 1);
        }
}

/* The first and last row and column are hidden as often as each other: offsets are drawn to the very end, and
 * nothing is cut in raster order. */
static void no_side_is_preferred(void **state)
{
    (void)state;
    for (size_t r = 0; r < 2; r++) {
        uint8_t seen[MOST], target[MOST];
        double hidden[MOST] = {0}, shown[MOST] = {0};
        size_t side = (size_t)rules[r].width, cells = 0, last = side - 1;
        for (uint64_t i = 0; i < DRAWS; i++) {
            cells = draw(&rules[r], i, seen, target);
            for (size_t c = 0; c < cells; c++) {
                hidden[c] += (double)target[c] / DRAWS;
                shown[c] += (double)seen[c] / DRAWS;
            }
        }
        for (size_t y = 0; y < side; y++)
            for (size_t x = 0; x < side; x++) {
                size_t here = y * side + x, across = (last - y) * side + last - x;
                assert_true(hidden[here] > 0.05 && shown[here] > 0.1);
                assert_true(fabs(hidden[here] - hidden[across]) < 0.05);
                assert_true(fabs(shown[here] - shown[across]) < 0.05);
            }
    }
}

static void the_same_draw_gives_the_same_blocks(void **state)
{
    (void)state;
    uint8_t seen[2][MOST], target[2][MOST];
    for (int k = 0; k < 2; k++)
        draw(&rules[0], 17, seen[k], target[k]);
    assert_memory_equal(seen[0], seen[1], MOST);
    assert_memory_equal(target[0], target[1], MOST);
    draw(&rules[0], 18, seen[1], target[1]);
    assert_memory_not_equal(target[0], target[1], MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_both_and_neither_is_empty),
        cmocka_unit_test(no_side_is_preferred),
        cmocka_unit_test(the_same_draw_gives_the_same_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
