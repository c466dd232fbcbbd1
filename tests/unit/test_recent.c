/* SPDX-License-Identifier: MIT
 *
 * Who is the hardest negative of an item in each of the last batches, against plain loops over all of them.
 */
#include "train/recent.h"

#include "base/rng.h"
#include "math/score.h"
#include "support/cmocka.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 7, D = 5, ITEMS = 20, STEPS = 33 };

/* Every batch there was. */
struct past {
    uint32_t item[STEPS + 1][N];
    real z[STEPS + 1][2][N * D];
    uint32_t label[ITEMS];
    struct recent recent;
};

static void draw(struct past *p, uint64_t step)
{
    struct rng rng = rng_at(7, RNG_SAMPLE, step, 0, 0);
    uint32_t first = rng_below(&rng, ITEMS);
    for (uint32_t i = 0; i < N; i++)
        p->item[step][i] = (first + 3 * i) % ITEMS;
    for (size_t view = 0; view < 2; view++)
        for (size_t k = 0; k < N * D; k++) /* few values: there are ties, and rows without direction */
            p->z[step][view][k] = (real)rng_below(&rng, 3) - 1;
    memset(p->z[step][step % 2] + step % N * D, 0, D * sizeof(real));
}

static void add(struct past *p, uint64_t step)
{
    struct batch_view batch = {
        .n = N, .dim_z = D, .item = p->item[step], .z = {p->z[step][0], p->z[step][1]}};
    recent_add(&p->recent, &batch, step);
}

static struct past *past_new(void)
{
    struct past *p = calloc(1, sizeof *p);
    assert_non_null(p);
    for (uint64_t step = 1; step <= STEPS; step++) {
        draw(p, step);
        add(p, step);
    }
    for (uint32_t i = 0; i < ITEMS; i++)
        p->label[i] = i == 4 ? NO_VALUE : i % 3;
    return p;
}

static void past_free(struct past *p)
{
    recent_release(&p->recent);
    free(p);
}

/* ---- the oracle ---- */

static float cosine(const float *a, const real *b)
{
    float unit[2 * D], row[D];
    bool valid[2];
    to_floats(b, D, row);
    score_normalise(a, 1, D, unit, valid);
    score_normalise(row, 1, D, unit + D, valid + 1);
    return valid[0] && valid[1] ? score_pair(unit, unit + D, D) : -INFINITY;
}

static size_t others(const struct past *p, uint64_t step, uint32_t item)
{
    for (size_t i = 0; i < N; i++)
        if (p->item[step][i] == item)
            return N;
    return N - 1; /* it stands in the last one's place */
}

/* The greatest similarity of a view to any view of pair i. */
static float alike(const struct past *p, uint64_t step, const float *view, size_t i)
{
    return fmaxf(cosine(view, p->z[step][0] + i * D), cosine(view, p->z[step][1] + i * D));
}

static uint32_t hardest(const struct past *p, uint64_t step, const struct inspected *seen, bool pulls)
{
    float nearest[2] = {-INFINITY, -INFINITY}, most = -INFINITY;
    uint32_t who = UINT32_MAX, own = p->label[seen->item];
    size_t n = others(p, step, seen->item);
    for (size_t i = 0; i < n; i++)
        for (size_t view = 0; view < 2 && p->item[step][i] != seen->item; view++)
            nearest[view] = fmaxf(nearest[view], alike(p, step, seen->z[view], i));
    const float *anchor = seen->z[nearest[1] > nearest[0]];
    for (size_t i = 0; i < n; i++) {
        uint32_t other = p->item[step][i];
        bool pulled = other == seen->item || (pulls && own != NO_VALUE && p->label[other] == own);
        if (!pulled && alike(p, step, anchor, i) > most) {
            most = alike(p, step, anchor, i);
            who = other;
        }
    }
    return who;
}

/* ---- */

static void check(const struct past *p, uint32_t item, bool pulls)
{
    float z[2][D];
    struct rng rng = rng_at(9, RNG_SAMPLE, 0, item, pulls);
    for (size_t k = 0; k < D; k++) {
        z[0][k] = item == 5 ? 0 : (float)rng_below(&rng, 3) - 1; /* one view without direction */
        z[1][k] = (float)rng_below(&rng, 3) - 1;
    }
    struct inspected seen = {.item = item, .z = {z[0], z[1]}};
    recent_look(&p->recent, STEPS, pulls ? p->label : NULL, &seen);
    assert_int_equal(seen.lately.n, RECENT_BATCHES);
    uint32_t last = hardest(p, STEPS, &seen, pulls), stood = 0;
    for (uint32_t k = 0; k < RECENT_BATCHES; k++) {
        uint64_t step = STEPS - RECENT_BATCHES + 1 + k;
        assert_int_equal(seen.lately.item[k], hardest(p, step, &seen, pulls));
        for (size_t i = 0; i < others(p, step, item); i++)
            stood += last != UINT32_MAX && p->item[step][i] == last;
    }
    assert_int_equal(seen.lately.stood, stood);
}

static void each_batch_is_looked_through(void **state)
{
    (void)state;
    struct past *p = past_new();
    for (uint32_t item = 0; item < ITEMS; item++) {
        check(p, item, false);
        check(p, item, true);
    }
    past_free(p);
}

static uint32_t known(const struct past *p, uint64_t step)
{
    float z[2][D] = {{1}, {0, 1}};
    struct inspected seen = {.item = 2, .z = {z[0], z[1]}};
    recent_look(&p->recent, step, NULL, &seen);
    return seen.lately.n;
}

/* What is known is of the steps before this one without a gap, whatever was done between them. */
static void only_steps_that_follow_each_other_are_known(void **state)
{
    (void)state;
    struct past *p = past_new();
    assert_int_equal(known(p, STEPS), RECENT_BATCHES);
    assert_int_equal(known(p, 12), 0); /* gone back to: nothing is of that step */
    add(p, 12);
    assert_int_equal(known(p, 12), 1);
    add(p, 13);
    assert_int_equal(known(p, 13), 2);
    recent_forget(&p->recent); /* other heads */
    assert_int_equal(known(p, 13), 0);
    add(p, 14);
    assert_int_equal(known(p, 14), 1);
    past_free(p);
}

/* Of large batches there are fewer, and never none. */
static void its_memory_is_bounded(void **state)
{
    (void)state;
    enum { WIDE = 1024, PAIRS = 1000 };
    struct recent recent = {0};
    uint32_t *item = calloc(PAIRS, sizeof *item);
    real *z = calloc(PAIRS * WIDE, sizeof *z);
    assert_true(item && z);
    size_t most = RECENT_BYTES / (2 * PAIRS * WIDE * sizeof(float));
    assert_in_range(most, 1, 3);
    for (uint64_t step = 1; step < 6; step++) {
        struct batch_view batch = {.n = PAIRS, .dim_z = WIDE, .item = item, .z = {z, z}};
        recent_add(&recent, &batch, step);
        assert_int_equal(recent.n, step < most ? step : most);
    }
    recent_release(&recent);
    free(item);
    free(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_batch_is_looked_through),
        cmocka_unit_test(only_steps_that_follow_each_other_are_known),
        cmocka_unit_test(its_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
