/* SPDX-License-Identifier: MIT
 *
 * Points are kept from draw to draw. What is kept must be what would be made anew, whatever was changed.
 */
#include "support/cmocka.h"
#include "support/scene.h"
#include "view/points.h"
#include "view/state.h"

#include <stdio.h>
#include <string.h>

static const struct rect rect = {1, 3, 50, 14};

static int setup(void **state)
{
    static struct fake f;
    fake_init(&f, FAKE_ITEMS, true, 3);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fake_release(*state);
    return 0;
}

/* A map of the same items, turned by a quarter. */
static struct result *other_map(const struct fake *f)
{
    size_t n = f->map->map.n;
    struct result *map = result_new(REQUEST_MAP, 2 * n * sizeof(float));
    float *x = (float *)(void *)map->bytes, *y = x + n;
    map->map = f->map->map;
    for (size_t i = 0; i < n; i++) {
        x[i] = -f->map->map.y[i];
        y[i] = f->map->map.x[i];
    }
    map->map.x = x;
    map->map.y = y;
    return map;
}

static bool bytes_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
    return a && b ? memcmp(a, b, n) == 0 : a == b;
}

/* Drawn from what is kept, and from nothing: the same. */
static void check_kept(struct fake *f)
{
    const struct points *points = points_of(&f->scene, rect);
    assert_non_null(points);
    struct points kept = *points;
    memset(&screen_state(&f->scene)->points, 0, sizeof kept);
    const struct points *anew = points_of(&f->scene, rect);
    size_t n = kept.scatter.n;
    assert_int_equal(anew->scatter.n, n);
    assert_memory_equal(kept.x, anew->x, n * sizeof *kept.x);
    assert_memory_equal(kept.y, anew->y, n * sizeof *kept.y);
    assert_memory_equal(kept.code, anew->code, n * sizeof *kept.code);
    assert_memory_equal(kept.hidden, anew->hidden, n);
    assert_true(bytes_equal(kept.picked, anew->picked, n));
    assert_true(bytes_equal(kept.scatter.hidden, anew->scatter.hidden, n));
    assert_true(bytes_equal(kept.scatter.raised, anew->scatter.raised, n));
    assert_true(kept.scatter.units_per_row == anew->scatter.units_per_row);
    assert_true(kept.scatter.x_centre == anew->scatter.x_centre);
    assert_int_equal(kept.not_finite, anew->not_finite);
    points_release(&kept);
}

static void colours_follow_the_legend(void **state)
{
    struct fake *f = *state;
    for (int column = -1; column < 5; column++) {
        f->scene.choice.column = column;
        check_kept(f);
        const struct points *points = points_of(&f->scene, rect);
        for (int i = 0; i < FAKE_ITEMS; i++)
            assert_int_equal(points->code[i], scene_code(&f->scene, i));
    }
}

/* Values that no item has are not more values; items without a value are not items of them. */
static void the_legend_counts_what_occurs(void **state)
{
    (void)state;
    enum { VALUES = 14, ROWS = 40 };
    char name[VALUES][8], *names[VALUES];
    uint32_t code[ROWS];
    for (size_t v = 0; v < VALUES; v++) {
        snprintf(name[v], sizeof name[v], "v%zu", v);
        names[v] = name[v];
    }
    struct column column = {.kind = COLUMN_CATEGORY, .n_values = VALUES, .value = names, .code = code};
    struct dataset data = {.n = ROWS, .n_columns = 1, .column = &column};
    struct legend legend;
    for (size_t occur = 9; occur <= 12; occur++) {
        for (size_t i = 0; i < ROWS; i++)
            code[i] = i < ROWS - 3 ? (uint32_t)(i % occur) : NO_VALUE;
        legend_make(&legend, &data, 0);
        assert_int_equal(legend.values, occur);
        assert_int_equal(legend.n, occur < 10 ? occur : occur == 10 ? 10 : 11);
        size_t items = 0;
        for (size_t i = 0; i < legend.n; i++)
            items += legend.count[i];
        assert_int_equal(items, ROWS - 3);
        if (occur > 10)
            assert_string_equal(legend.name[10], occur == 11 ? "(1 other)" : "(2 others)");
        assert_int_equal(legend_code(&legend, &data, ROWS - 1), UINT32_MAX);
    }
}

static void selections_show_at_once(void **state)
{
    struct fake *f = *state;
    check_kept(f);
    for (size_t i = 3; i < FAKE_ITEMS; i += 7) {
        selection_put(scene_selection(&f->scene), i, true);
        if (i % 5 == 0)
            check_kept(f);
    }
    assert_int_equal(points_of(&f->scene, rect)->picked[10], 1);
    assert_int_equal(points_of(&f->scene, rect)->picked[11], 0);
    fake_key(f, "o"); /* only these */
    check_kept(f);
    assert_int_equal(points_of(&f->scene, rect)->hidden[10], 0);
    assert_int_equal(points_of(&f->scene, rect)->hidden[11], 1);
    fake_key(f, "o");
    check_kept(f);
    assert_null(points_of(&f->scene, rect)->scatter.hidden);
    selection_clear(scene_selection(&f->scene));
    check_kept(f);
    assert_null(points_of(&f->scene, rect)->picked);
}

static void another_item_raises_others(void **state)
{
    struct fake *f = *state;
    size_t raised = 0;
    const struct points *points = points_of(&f->scene, rect);
    for (size_t i = 0; i < FAKE_ITEMS; i++)
        raised += points->scatter.raised[i];
    assert_int_equal(raised, f->near->near.k);
    f->scene.choice.item++;
    check_kept(f);
    assert_null(points_of(&f->scene, rect)->scatter.raised);
}

static void the_map_moves_and_zooms(void **state)
{
    struct fake *f = *state;
    struct result *to = other_map(f), *from = f->map;
    f->scene.map = to;
    f->scene.map_before = from;
    for (int k = 0; k <= 4; k++) {
        f->scene.map_share = k / 4.0;
        check_kept(f);
        const struct points *points = points_of(&f->scene, rect);
        float share = (float)k / 4;
        for (size_t i = 0; i < FAKE_ITEMS; i++)
            assert_true(fabsf(points->x[i] - from->map.x[i] - share * (to->map.x[i] - from->map.x[i])) <
                        1e-5F);
    }
    f->scene.choice.zoom = 4;
    check_kept(f);
    const struct points *points = points_of(&f->scene, rect);
    assert_true(points->scatter.x_centre == to->map.x[f->scene.choice.item]);
    result_unref(to); /* held while it is drawn from */
    f->scene.map = f->map;
    f->scene.map_before = NULL;
    check_kept(f);
}

static void a_map_of_other_items_is_none(void **state)
{
    struct fake *f = *state;
    check_kept(f);
    struct result *small = other_map(f);
    small->map.n = 10;
    f->scene.map = small;
    assert_null(points_of(&f->scene, rect));
    f->scene.map = f->map;
    check_kept(f);
    result_unref(small);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(colours_follow_the_legend), TEST(the_legend_counts_what_occurs),
        TEST(selections_show_at_once),   TEST(another_item_raises_others),
        TEST(the_map_moves_and_zooms),   TEST(a_map_of_other_items_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
