/* SPDX-License-Identifier: MIT
 *
 * Trails: now is where the map has the items, whatever turned it; then is where a map on the same axes would
 * have had them; and what their nearest were is counted naively.
 */
#include "answer/requests.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "support/cmocka.h"

#include <math.h>

enum { ITEMS = 90, DIM = 6, FEW = 3 };

static const struct dataset data = {.n = ITEMS, .label = NO_COLUMN};
static const uint32_t few[FEW] = {3, 40, 89};
static const uint64_t members[2] = {1ULL << 3 | 1ULL << 40, 1ULL << (89 - 64)};
static const uint64_t one[2] = {0xff00, 0}, other[2] = {0, 0xff};

static struct snapshot *cloud(uint64_t step)
{
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = ITEMS, .dim_h = DIM});
    struct rng rng = rng_at(4, RNG_SAMPLE, step, 0, 0);
    s->step = step;
    for (uint32_t i = 0; i < ITEMS; i++)
        ((uint32_t *)(uintptr_t)s->item)[i] = i;
    for (size_t k = 0; k < ITEMS * DIM; k++)
        ((float *)(uintptr_t)s->h)[k] = (float)(rng_normal(&rng) / (1 + (double)(k % DIM))) + (k % DIM == 0);
    return s;
}

static struct result *map_of(const struct snapshot *s, struct map_question question,
                             const struct result *before)
{
    struct request request = {.kind = REQUEST_MAP, .snapshot = s, .map = question};
    request.set[0] = (struct request_set){one, ITEMS};
    request.set[1] = (struct request_set){other, ITEMS};
    struct result *map = request_map(&request, &(struct request_scene){.data = &data, .map = before}, NULL);
    assert_non_null(map);
    map->step = s->step;
    return map;
}

static struct result *trails_of(const struct snapshot *now, const struct snapshot *then,
                                const struct result *map)
{
    struct request request = {.kind = REQUEST_TRAILS, .snapshot = now, .other = {then}};
    request.set[0] = (struct request_set){members, ITEMS};
    request.trails = (struct trails_question){77, 5};
    return request_trails(&request, &(struct request_scene){.data = &data, .map = map}, NULL);
}

static void check_end(const struct snapshot *now, const struct snapshot *then, struct map_question question)
{
    struct result *before = map_of(then, question, NULL), *map = map_of(now, question, before);
    struct result *trails = trails_of(now, then, map);
    assert_non_null(trails);
    const struct trails_result *t = &trails->trails;
    assert_int_equal(t->asked.set, 77); /* so that the view can tell whose trails these are */
    assert_int_equal(t->n, FEW);
    assert_int_equal(t->n_moments, 2);
    for (size_t i = 0; i < FEW; i++) {
        assert_int_equal(t->item[i], few[i]);
        assert_true(fabsf(t->x[2 * i + 1] - map->map.x[few[i]]) < 1e-5F);
        assert_true(fabsf(t->y[2 * i + 1] - map->map.y[few[i]]) < 1e-5F);
    }
    result_unref(before);
    result_unref(map);
    result_unref(trails);
}

static void a_trail_ends_where_the_item_is(void **state)
{
    (void)state;
    struct snapshot *then = cloud(10), *now = cloud(20);
    const struct map_question questions[] = {
        {.axes = AXES_PCA, .component = {0, 1}},
        {.axes = AXES_PCA, .component = {2, 0}},
        {.axes = AXES_PCA, .component = {0, 1}, .turn = {30, 20}},
        {.axes = AXES_PCA, .component = {0, 1}, .turn = {-75, 140}},
        {.axes = AXES_PCA, .component = {0, 1}, .basis = BASIS_FROZEN},
        {.axes = AXES_PCA, .component = {1, 3}, .basis = BASIS_SELECTED},
        {.axes = AXES_SETS, .component = {0, 1}},
    };
    for (size_t i = 0; i < ARRAY_LEN(questions); i++)
        check_end(now, then, questions[i]);
    snapshot_unref(then);
    snapshot_unref(now);
}

static void a_trail_begins_where_these_axes_have_it(void **state)
{
    (void)state;
    struct snapshot *then = cloud(10), *now = cloud(20);
    struct map_question question = {.axes = AXES_PCA, .component = {0, 1}, .basis = BASIS_FROZEN};
    struct result *map = map_of(now, question, NULL), *same_axes = map_of(then, question, map);
    struct result *trails = trails_of(now, then, map);
    assert_non_null(trails);
    for (size_t i = 0; i < FEW; i++) {
        assert_true(fabsf(trails->trails.x[2 * i] - same_axes->map.x[few[i]]) < 1e-5F);
        assert_true(fabsf(trails->trails.y[2 * i] - same_axes->map.y[few[i]]) < 1e-5F);
    }
    assert_int_equal(trails->trails.since, 10);
    result_unref(map);
    result_unref(same_axes);
    result_unref(trails);
    snapshot_unref(then);
    snapshot_unref(now);
}

static void nearest_of(const struct snapshot *s, size_t item, bool near[ITEMS])
{
    float unit[ITEMS * DIM];
    score_normalise(s->h, ITEMS, DIM, unit, NULL);
    for (size_t j = 0; j < ITEMS; j++)
        near[j] = false;
    for (int k = 0; k < TRAILS_K; k++) {
        size_t best = 0;
        float top = -2;
        for (size_t j = 0; j < ITEMS; j++) {
            float score = score_pair(unit + item * DIM, unit + j * DIM, DIM);
            if (j != item && !near[j] && score > top) {
                best = j;
                top = score;
            }
        }
        near[best] = true;
    }
}

static void kept_neighbours_are_counted(void **state)
{
    (void)state;
    struct snapshot *then = cloud(10), *now = cloud(20);
    struct result *map = map_of(now, (struct map_question){.axes = AXES_PCA, .component = {0, 1}}, NULL);
    struct result *moved = trails_of(now, then, map), *still = trails_of(now, now, map);
    for (size_t i = 0; i < FEW; i++) {
        bool a[ITEMS], b[ITEMS];
        float kept = 0;
        nearest_of(then, few[i], a);
        nearest_of(now, few[i], b);
        for (size_t j = 0; j < ITEMS; j++)
            kept += a[j] && b[j] ? 1.0F / TRAILS_K : 0;
        assert_true(fabsf(moved->trails.kept[i] - kept) < 1e-6F);
        assert_true(still->trails.kept[i] == 1);
    }
    result_unref(map);
    result_unref(moved);
    result_unref(still);
    snapshot_unref(then);
    snapshot_unref(now);
}

static void without_a_map_or_a_past_there_is_none(void **state)
{
    (void)state;
    struct snapshot *now = cloud(20);
    struct result *map = map_of(now, (struct map_question){.axes = AXES_PCA, .component = {0, 1}}, NULL);
    assert_null(trails_of(now, NULL, map));
    assert_null(trails_of(now, now, NULL));
    map->map.d = DIM + 1; /* of another encoder */
    assert_null(trails_of(now, now, map));
    result_unref(map);
    snapshot_unref(now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trail_ends_where_the_item_is),
        cmocka_unit_test(a_trail_begins_where_these_axes_have_it),
        cmocka_unit_test(kept_neighbours_are_counted),
        cmocka_unit_test(without_a_map_or_a_past_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
