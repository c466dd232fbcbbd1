/* SPDX-License-Identifier: MIT
 *
 * What moved between two measurings, against a naive count of every item's nearest.
 */
#include "base/rng.h"
#include "math/score.h"
#include "support/cmocka.h"
#include "train/moves.h"

#include <math.h>
#include <string.h>

enum { N = 60, D = 4 };

static float h[N * D], pair_z[2][N * D];
static uint32_t query[N];

static struct probe probe_of(size_t n)
{
    return (struct probe){
        .n_query = n, .query = query, .dim_h = D, .dim_z = D, .h = h, .pair_z = {pair_z[0], pair_z[1]}};
}

static void fill(unsigned which)
{
    struct rng rng = rng_at(1, RNG_SAMPLE, which, 0, 0);
    for (size_t i = 0; i < N; i++)
        query[i] = (uint32_t)(1000 + 3 * i);
    for (size_t k = 0; k < N * D; k++) {
        h[k] = (float)rng_normal(&rng);
        pair_z[0][k] = pair_z[1][k] = (float)rng_normal(&rng);
    }
}

static void nearest_of(size_t i, size_t n, bool near[N])
{
    float unit[N * D];
    score_normalise(h, n, D, unit, NULL);
    memset(near, 0, N * sizeof *near);
    for (int k = 0; k < MOVES_K; k++) {
        size_t best = SIZE_MAX;
        float top = -2;
        for (size_t j = 0; j < n; j++) {
            float s = score_pair(unit + i * D, unit + j * D, D);
            if (j != i && !near[j] && s > top) {
                best = j;
                top = s;
            }
        }
        near[best] = true;
    }
}

static void flipped_items_are_counted(void **state)
{
    (void)state;
    static bool before[N][N], now[N][N];
    struct moves moves = {0};
    struct moved moved;
    struct probe probe = probe_of(N);
    size_t flipped = 0;
    fill(1);
    assert_false(moves_read(&moves, &probe, 50, &moved));
    for (size_t i = 0; i < N; i++)
        nearest_of(i, N, before[i]);
    fill(2);
    assert_true(moves_read(&moves, &probe, 100, &moved));
    for (size_t i = 0; i < N; i++) {
        bool shared = false;
        nearest_of(i, N, now[i]);
        for (size_t j = 0; j < N; j++)
            shared = shared || (before[i][j] && now[i][j]);
        flipped += !shared;
    }
    assert_true(flipped > 0 && flipped < N);
    assert_int_equal(moved.flipped, flipped);
    assert_int_equal(moved.n, N);
    assert_int_equal(moved.since, 50);
    assert_true(moves_read(&moves, &probe, 150, &moved)); /* nothing has moved since */
    assert_int_equal(moved.flipped, 0);
    assert_true(moved.before == moved.now);
    moves_release(&moves);
}

/* A few directions, each many times: of those as near the lower item is the neighbour. In one point the
 * neighbours stay, wherever that is. */
static void ties_go_to_the_lower_item(void **state)
{
    (void)state;
    static bool before[N][N], now[N][N];
    for (int point = 0; point < 2; point++) {
        struct moves moves = {0};
        struct moved moved;
        struct probe probe = probe_of(N);
        size_t flipped = 0;
        for (unsigned moment = 0; moment < 2; moment++) {
            fill(moment);
            for (size_t k = 0; k < N * D; k++)
                h[k] = point ? (float)(1 + moment + k % D) : h[k] > 0 ? 2 : 1;
            moves_read(&moves, &probe, 50 * (1 + moment), &moved);
            for (size_t i = 0; i < N; i++)
                nearest_of(i, N, moment ? now[i] : before[i]);
        }
        for (size_t i = 0; i < N; i++) {
            bool shared = false;
            for (size_t j = 0; j < N; j++)
                shared = shared || (before[i][j] && now[i][j]);
            flipped += !shared;
        }
        assert_int_equal(moved.flipped, flipped);
        assert_true(point ? flipped == 0 : flipped > 0);
        moves_release(&moves);
    }
}

static void the_pair_that_fell_most_is_named(void **state)
{
    (void)state;
    struct moves moves = {0};
    struct moved moved;
    struct probe probe = probe_of(N);
    fill(1);
    moves_read(&moves, &probe, 50, &moved);
    for (size_t j = 0; j < D; j++) {
        pair_z[1][7 * D + j] = -pair_z[0][7 * D + j];
        pair_z[1][9 * D + j] += 0.01F * (float)j;
    }
    assert_true(moves_read(&moves, &probe, 100, &moved));
    assert_int_equal(moved.item, query[7]);
    assert_true(fabsf(moved.before - 1) < 1e-6F && fabsf(moved.now + 1) < 1e-6F);
    moves_release(&moves);
}

static void a_step_back_is_not_compared(void **state)
{
    (void)state;
    struct moves moves = {0};
    struct moved moved;
    struct probe probe = probe_of(N), few = probe_of(MOVES_K);
    fill(1);
    moves_read(&moves, &probe, 50, &moved);
    assert_false(moves_read(&moves, &probe, 0, &moved));
    assert_true(moves_read(&moves, &probe, 50, &moved));
    assert_false(moves_read(&moves, &few, 100, &moved)); /* other items */
    assert_false(moves_read(&moves, &few, 150, &moved)); /* everybody is everybody's neighbour */
    moves_release(&moves);
}

static void rows_without_direction_flip_and_rise_never(void **state)
{
    (void)state;
    struct moves moves = {0};
    struct moved moved;
    struct probe probe = probe_of(N);
    fill(1);
    moves_read(&moves, &probe, 50, &moved);
    for (size_t k = 0; k < N * D; k++)
        h[k] = pair_z[0][k] = NAN;
    assert_true(moves_read(&moves, &probe, 100, &moved));
    assert_int_equal(moved.flipped, N); /* nobody has a neighbour any more */
    assert_true(moved.before == moved.now);
    moves_release(&moves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flipped_items_are_counted),
        cmocka_unit_test(ties_go_to_the_lower_item),
        cmocka_unit_test(the_pair_that_fell_most_is_named),
        cmocka_unit_test(a_step_back_is_not_compared),
        cmocka_unit_test(rows_without_direction_flip_and_rise_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
