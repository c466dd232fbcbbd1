/* SPDX-License-Identifier: MIT
 *
 * The map's axes: turned, frozen, fitted on some, from one selection to another; against plain sums.
 */
#include "answer/requests.h"

#include "base/rng.h"
#include "support/cmocka.h"

#include <math.h>

enum { ITEMS = 120, DIM = 5 };

static const struct dataset data = {.n = ITEMS, .label = NO_COLUMN};

/* A cloud with another spread along every axis; `scale` of the first. */
static struct snapshot *cloud(uint64_t step, double scale)
{
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = ITEMS, .dim_h = DIM});
    struct rng rng = rng_at(4, RNG_SAMPLE, 0, 0, 0);
    s->step = step;
    for (uint32_t i = 0; i < ITEMS; i++) {
        ((uint32_t *)(uintptr_t)s->item)[i] = i;
        float *h = (float *)(uintptr_t)s->h + i * DIM;
        for (int j = 0; j < DIM; j++)
            h[j] = (float)(rng_normal(&rng) * (j == 0 ? scale : 1.0 / (1 + j)) + (j == 4 ? 3 : 0));
    }
    return s;
}

static struct result *map_of(const struct snapshot *s, struct map_question question,
                             const struct result *before, const uint64_t *one, const uint64_t *other)
{
    struct request request = {.kind = REQUEST_MAP, .snapshot = s, .map = question};
    request.map.component[1] += request.map.component[0] == request.map.component[1];
    request.set[0] = (struct request_set){one, one ? ITEMS : 0};
    request.set[1] = (struct request_set){other, other ? ITEMS : 0};
    struct request_scene scene = {.data = &data, .map = before};
    struct result *map = request_map(&request, &scene, NULL);
    assert_non_null(map);
    return map;
}

static double spread(const float *x)
{
    double mean = 0, sum = 0;
    for (size_t i = 0; i < ITEMS; i++)
        mean += (double)x[i] / ITEMS;
    for (size_t i = 0; i < ITEMS; i++)
        sum += ((double)x[i] - mean) * ((double)x[i] - mean);
    return sum;
}

static void a_turn_shows_the_three_axes_from_elsewhere(void **state)
{
    (void)state;
    struct snapshot *s = cloud(0, 2);
    struct map_question plain = {.axes = AXES_PCA}, side = plain, above = plain;
    struct result *flat = map_of(s, plain, NULL, NULL, NULL);
    side.turn[0] = 90;
    above.turn[1] = 90;
    struct map_question second = {.axes = AXES_PCA, .component = {2, 1}};
    struct result *third = map_of(s, second, NULL, NULL, NULL),
                  *from_side = map_of(s, side, NULL, NULL, NULL),
                  *from_above = map_of(s, above, NULL, NULL, NULL);
    for (size_t i = 0; i < ITEMS; i++) {
        /* from the side the third axis lies level, from above it points down */
        assert_true(fabsf(from_side->map.x[i] - third->map.x[i]) < 1e-5F);
        assert_true(fabsf(from_side->map.y[i] - flat->map.y[i]) < 1e-5F);
        assert_true(fabsf(from_above->map.x[i] - flat->map.x[i]) < 1e-5F);
        assert_true(fabsf(from_above->map.y[i] + third->map.x[i]) < 1e-5F);
    }
    double all = spread(flat->map.x) + spread(flat->map.y);
    double share = (spread(third->map.x) + spread(flat->map.y)) / all;
    assert_true(fabs((double)from_side->map.variance - share * (double)flat->map.variance) < 1e-4);
    result_unref(flat);
    result_unref(third);
    result_unref(from_side);
    result_unref(from_above);
    snapshot_unref(s);
}

/* The same rows land on the same places, whatever else moved. */
static void frozen_axes_stay(void **state)
{
    (void)state;
    struct snapshot *a = cloud(0, 2), *b = cloud(1, 0.1);
    struct map_question question = {.axes = AXES_PCA, .basis = BASIS_FROZEN};
    struct result *before = map_of(a, question, NULL, NULL, NULL);
    struct result *after = map_of(b, question, before, NULL, NULL),
                  *again = map_of(a, question, after, NULL, NULL);
    question.basis = BASIS_REFIT;
    struct result *refit = map_of(b, question, NULL, NULL, NULL);
    bool differs = false;
    for (size_t i = 0; i < ITEMS; i++) {
        assert_true(fabsf(again->map.x[i] - before->map.x[i]) < 1e-5F);
        assert_true(fabsf(again->map.y[i] - before->map.y[i]) < 1e-5F);
        differs = differs || fabsf(fabsf(refit->map.x[i]) - fabsf(after->map.x[i])) > 0.01F;
    }
    assert_true(differs);
    assert_true(refit->map.variance > after->map.variance);
    result_unref(before);
    result_unref(after);
    result_unref(again);
    result_unref(refit);
    snapshot_unref(a);
    snapshot_unref(b);
}

static void axes_of_the_selected_hold_most_of_their_variance(void **state)
{
    (void)state;
    struct snapshot *s = cloud(0, 2);
    float *h = (float *)(uintptr_t)s->h;
    uint64_t few[2] = {0xffff, 0};
    for (size_t i = 0; i < 16; i++) /* these differ along another axis than all do */
        h[i * DIM] = 0, h[i * DIM + 3] = (float)i - 8;
    struct map_question question = {.axes = AXES_PCA, .basis = BASIS_SELECTED};
    struct result *own = map_of(s, question, NULL, few, NULL);
    question.basis = BASIS_REFIT;
    struct result *all = map_of(s, question, NULL, NULL, NULL);
    double along_own = 0, along_all = 0;
    for (size_t i = 0; i < 16; i++)
        for (size_t j = 0; j < 16; j++) {
            along_own += pow((double)(own->map.x[i] - own->map.x[j]), 2);
            along_all += pow((double)(all->map.x[i] - all->map.x[j]), 2);
        }
    assert_true(along_own > 1.5 * along_all);
    result_unref(own);
    result_unref(all);
    snapshot_unref(s);
}

static void the_axis_between_two_sets_is_that_of_their_means(void **state)
{
    (void)state;
    struct snapshot *s = cloud(0, 1);
    uint64_t one[2] = {0xff0, 0}, other[2] = {0, 0xff};
    struct map_question question = {.axes = AXES_SETS};
    struct result *map = map_of(s, question, NULL, one, other);
    struct result *back = map_of(s, question, NULL, other, one);
    double mean[2][DIM] = {{0}}, axis[DIM], length = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        bool a = i >= 4 && i < 12, b = i >= 64 && i < 72;
        double norm = 0;
        for (int j = 0; j < DIM; j++)
            norm += (double)s->h[i * DIM + j] * (double)s->h[i * DIM + j];
        for (int j = 0; j < DIM && (a || b); j++)
            mean[b][j] += (double)s->h[i * DIM + j] / sqrt(norm) / 8;
    }
    for (int j = 0; j < DIM; j++) {
        axis[j] = mean[1][j] - mean[0][j];
        length += axis[j] * axis[j];
    }
    double first = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        double norm = 0, at = 0;
        for (int j = 0; j < DIM; j++)
            norm += (double)s->h[i * DIM + j] * (double)s->h[i * DIM + j];
        for (int j = 0; j < DIM; j++)
            at += (double)s->h[i * DIM + j] / sqrt(norm) * axis[j] / sqrt(length);
        if (i == 0)
            first = at - (double)map->map.x[0]; /* the map is centred: one number for all */
        assert_true(fabs(at - (double)map->map.x[i] - first) < 1e-5);
        assert_true(fabsf(map->map.x[i] + back->map.x[i]) < 1e-5F);
    }
    result_unref(map);
    result_unref(back);
    snapshot_unref(s);
}

/* Degrees over a share would be a strip: each is drawn over its own range, which is told. Two of a kind keep
 * their aspect. */
static void unlike_columns_are_each_drawn_over_their_own_range(void **state)
{
    (void)state;
    float share[ITEMS], degrees[ITEMS], other[ITEMS];
    for (int i = 0; i < ITEMS; i++) {
        share[i] = (float)i / (ITEMS - 1);
        degrees[i] = (float)(i * 7 % ITEMS * 3 - 90);
        other[i] = 2 * (float)((i + 5) % ITEMS) / (ITEMS - 1) - 1;
    }
    struct column column[] = {{.name = (char[]){"share"}, .kind = COLUMN_NUMBER, .number = share},
                              {.name = (char[]){"degrees"}, .kind = COLUMN_NUMBER, .number = degrees},
                              {.name = (char[]){"other"}, .kind = COLUMN_NUMBER, .number = other}};
    struct dataset table = {.n = ITEMS, .label = NO_COLUMN, .column = column, .n_columns = 3};
    struct snapshot *s = cloud(0, 1);
    for (int y = 1; y < 3; y++) {
        struct request request = {
            .kind = REQUEST_MAP, .snapshot = s, .map = {.axes = AXES_COLUMNS, .component = {0, y}}};
        struct result *map = request_map(&request, &(struct request_scene){.data = &table}, NULL);
        assert_non_null(map);
        assert_int_equal(map->map.unlike, y == 1);
        assert_true(map->map.low[1] == (y == 1 ? -90.0F : -1.0F));
        assert_true(map->map.high[1] == (y == 1 ? (float)(3 * (ITEMS - 1) - 90) : 1.0F));
        for (int i = 0; i < ITEMS; i++) {
            float up = y == 1 ? (degrees[i] + 90) / (3 * (ITEMS - 1)) : other[i];
            assert_true(fabsf(map->map.x[i] - share[i]) < 1e-6F);
            assert_true(fabsf(map->map.y[i] - up) < 1e-6F);
        }
        result_unref(map);
    }
    snapshot_unref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_shows_the_three_axes_from_elsewhere),
        cmocka_unit_test(frozen_axes_stay),
        cmocka_unit_test(axes_of_the_selected_hold_most_of_their_variance),
        cmocka_unit_test(unlike_columns_are_each_drawn_over_their_own_range),
        cmocka_unit_test(the_axis_between_two_sets_is_that_of_their_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
