/* SPDX-License-Identifier: MIT
 *
 * The layout at every size: inside the screen, nothing over anything else; and the agreed places at the three
 * sizes of the design.
 */
#include "base/check.h"
#include "view/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { LEAVES = 20, MAX_COLUMNS = 500, MAX_ROWS = 200 };

static void leaves(const struct layout *l, struct rect out[LEAVES])
{
    const struct rect all[LEAVES] = {l->tabs,     l->headline, l->map_title, l->map,      l->legend,
                                     l->honesty,  l->slot,     l->numbers,   l->settings, l->charts,
                                     l->sentence, l->hint,     l->message,   l->keys,     l->rule,
                                     l->edge[0],  l->edge[1],  l->edge[2],   l->timeline, l->threshold};
    for (int i = 0; i < LEAVES; i++)
        out[i] = all[i];
}

static bool overlap(struct rect a, struct rect b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height &&
           a.width && b.width;
}

static bool inside(struct rect a, struct rect b)
{
    return !a.width ||
           (a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height);
}

static bool sound(int columns, int rows, bool course)
{
    struct layout l = layout_make(columns, rows, course);
    struct rect leaf[LEAVES], screen = {0, 0, columns, rows};
    leaves(&l, leaf);
    bool ok = inside(l.body, screen) && inside(layout_message(&l), screen);
    for (int i = 0; i < LEAVES; i++) {
        ok = ok && inside(leaf[i], screen) && (leaf[i].width > 0) == (leaf[i].height > 0);
        for (int k = 0; k < i; k++)
            ok = ok && !overlap(leaf[i], leaf[k]);
    }
    struct rect around[] = {l.tabs, l.headline, l.timeline, l.sentence, l.hint, l.message, l.keys};
    for (size_t i = 0; i < ARRAY_LEN(around); i++)
        ok = ok && (l.size == LAYOUT_LINE || !overlap(l.body, around[i]));
    return ok;
}

static void every_size_is_sound(void **state)
{
    (void)state;
    for (int columns = 1; columns <= MAX_COLUMNS; columns++)
        for (int rows = 1; rows <= MAX_ROWS; rows++)
            if (!sound(columns, rows, true) || !sound(columns, rows, false))
                fail_msg("%d x %d: a part lies outside or over another", columns, rows);
}

static void assert_rect(struct rect r, int x, int y, int width, int height)
{
    assert_int_equal(r.x, x);
    assert_int_equal(r.y, y);
    assert_int_equal(r.width, width);
    assert_int_equal(r.height, height);
}

static void the_small_screen_is_as_agreed(void **state)
{
    (void)state;
    struct layout l = layout_make(80, 24, true);
    assert_int_equal(l.size, LAYOUT_SMALL);
    assert_rect(l.map, 0, 2, 50, 13);
    assert_rect(l.slot, 51, 2, 28, 13);
    assert_rect(l.legend, 0, 15, 80, 1);
    assert_rect(l.honesty, 0, 16, 80, 1);
    assert_rect(l.charts, 0, 17, 80, 4);
    assert_rect(l.sentence, 0, 21, 80, 1);
    assert_rect(l.keys, 0, 23, 80, 1);
}

static void the_medium_screen_is_as_agreed(void **state)
{
    (void)state;
    struct layout l = layout_make(120, 40, true);
    assert_int_equal(l.size, LAYOUT_MEDIUM);
    assert_rect(l.map_title, 0, 2, 76, 1);
    assert_rect(l.map, 0, 3, 76, 20);
    assert_rect(l.slot, 77, 2, 42, 22);
    assert_rect(l.legend, 0, 23, 76, 1);
    assert_rect(l.rule, 0, 24, 120, 1);
    assert_rect(l.numbers, 0, 25, 45, 10);
    assert_rect(l.settings, 89, 25, 30, 10);
    assert_rect(l.timeline, 0, 35, 120, 1);
    assert_rect(l.sentence, 0, 36, 120, 1);
}

static void the_large_screen_is_as_agreed(void **state)
{
    (void)state;
    struct layout l = layout_make(200, 60, true);
    assert_int_equal(l.size, LAYOUT_LARGE);
    assert_int_equal(l.map.width, 95);
    assert_rect(l.slot, 96, 2, 51, 35);
    assert_rect(l.rule, 0, 37, 200, 1);
    assert_rect(l.charts, 0, 38, 199, 17);
    assert_rect(l.keys, 0, 59, 200, 1);
}

/* A single table: the map has the place of the curves. */
static void without_a_course_nothing_is_kept_for_it(void **state)
{
    (void)state;
    static const int size[][2] = {{80, 24}, {120, 40}, {200, 60}};
    for (size_t i = 0; i < ARRAY_LEN(size); i++) {
        struct layout with = layout_make(size[i][0], size[i][1], true),
                      without = layout_make(size[i][0], size[i][1], false);
        assert_int_equal(without.charts.height + without.settings.height + without.timeline.height, 0);
        assert_true(without.map.height > with.map.height);
        assert_int_equal(with.threshold.height > 0, i == 2);
        assert_int_equal(without.threshold.height > 0, i > 0);
    }
}

static void a_tiny_screen_is_one_line(void **state)
{
    (void)state;
    struct layout l = layout_make(39, 30, true);
    assert_int_equal(l.size, LAYOUT_LINE);
    assert_rect(layout_message(&l), 0, 0, 39, 1);
    l = layout_make(200, 11, true);
    assert_int_equal(l.map.height, 0);
}

static void columns_fill_their_rect(void **state)
{
    (void)state;
    struct rect r = {5, 1, 100, 4};
    struct rect last = layout_column(r, 3, 2, 2);
    assert_int_equal(last.x + last.width, 105);
    assert_int_equal(layout_column(r, 3, 0, 2).x, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_is_sound),
        cmocka_unit_test(the_small_screen_is_as_agreed),
        cmocka_unit_test(the_medium_screen_is_as_agreed),
        cmocka_unit_test(the_large_screen_is_as_agreed),
        cmocka_unit_test(without_a_course_nothing_is_kept_for_it),
        cmocka_unit_test(a_tiny_screen_is_one_line),
        cmocka_unit_test(columns_fill_their_rect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
