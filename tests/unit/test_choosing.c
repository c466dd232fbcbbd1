/* SPDX-License-Identifier: MIT
 *
 * Boxes, lassos, marks and exports as keys and the mouse make them.
 */
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/scene.h"

#include "base/check.h"
#include "view/area.h"
#include "view/facts.h"
#include "view/points.h"
#include "view/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int setup(void **state)
{
    struct fake *f = xcalloc(1, sizeof *f);
    struct canvas canvas;
    fake_init(f, FAKE_ITEMS, true, 3);
    canvas_init(&canvas, 80, 24);
    screen_draw(&f->scene, &canvas); /* says where the map stands */
    canvas_release(&canvas);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fake_release(*state);
    free(*state);
    return 0;
}

static void mouse(struct fake *f, int x, int y, int what)
{
    struct canvas canvas;
    canvas_init(&canvas, 80, 24);
    struct key key = {.code = KEYC_MOUSE, .mouse = {x, y, (unsigned)what}};
    screen_key(&f->scene, key, &canvas, &f->post);
    canvas_release(&canvas);
}

/* Cell of every item on the map of 80 x 24. */
static void cells(struct fake *f, int x[FAKE_ITEMS], int y[FAKE_ITEMS])
{
    struct rect map = screen_state(&f->scene)->map_rect;
    const struct points *points = points_of(&f->scene, map);
    assert_non_null(points);
    for (size_t i = 0; i < FAKE_ITEMS; i++)
        assert_true(plot_scatter_cell(&points->scatter, map, i, &x[i], &y[i]));
}

static void a_dragged_box_takes_what_is_drawn_in_it(void **state)
{
    struct fake *f = *state;
    int x[FAKE_ITEMS], y[FAKE_ITEMS];
    cells(f, x, y);
    mouse(f, 30, 5, MOUSE_PRESS);
    mouse(f, 25, 9, MOUSE_DRAG);
    assert_int_equal(f->scene.overlay, OVERLAY_AREA);
    mouse(f, 12, 11, MOUSE_DRAG);
    assert_true(fake_shows(f, "box: "));
    mouse(f, 12, 11, MOUSE_RELEASE);
    assert_int_equal(f->scene.overlay, OVERLAY_NONE);
    size_t inside = 0;
    for (size_t i = 0; i < FAKE_ITEMS; i++) {
        bool in = x[i] >= 12 && x[i] <= 30 && y[i] >= 5 && y[i] <= 11;
        assert_int_equal(selection_has(&f->scene.selected, i), in);
        inside += in;
    }
    assert_true(inside > 10);
    fake_key(f, "u");
    assert_int_equal(f->scene.selected.count, 0);
    mouse(f, 30, 5, MOUSE_PRESS); /* without a drag a click stays a click */
    mouse(f, 30, 5, MOUSE_RELEASE);
    assert_int_equal(f->scene.overlay, OVERLAY_NONE);
}

static void arrows_stretch_a_box_from_the_item(void **state)
{
    struct fake *f = *state;
    int x[FAKE_ITEMS], y[FAKE_ITEMS], item = f->scene.choice.item;
    cells(f, x, y);
    fake_key(f, "v");
    for (int i = 0; i < 5; i++)
        fake_key(f, "Left");
    fake_key(f, "Up");
    fake_key(f, "Up");
    fake_key(f, "Enter");
    for (size_t i = 0; i < FAKE_ITEMS; i++)
        assert_int_equal(selection_has(&f->scene.selected, i),
                         x[i] <= x[item] && x[i] >= x[item] - 5 && y[i] <= y[item] && y[i] >= y[item] - 2);
    assert_true(f->scene.selected.count > 0);
    size_t before = f->scene.selected.count;
    fake_key(f, "v");
    fake_key(f, "Right");
    fake_key(f, "Esc");
    assert_int_equal(f->scene.selected.count, before);
    fake_key(f, "3");
    fake_key(f, "v");
    assert_non_null(strstr(f->posted.said, "on the map"));
}

/* A right triangle of cells from the item: to the left, then up. */
static void a_lasso_takes_what_lies_within_its_corners(void **state)
{
    struct fake *f = *state;
    int x[FAKE_ITEMS], y[FAKE_ITEMS], item = f->scene.choice.item;
    cells(f, x, y);
    fake_key(f, "v");
    fake_key(f, "v");
    for (int i = 0; i < 8; i++)
        fake_key(f, "Left");
    fake_key(f, "Space");
    for (int i = 0; i < 8; i++)
        fake_key(f, "Up");
    assert_true(fake_shows(f, "lasso: "));
    fake_key(f, "Enter");
    size_t inside = 0;
    for (size_t i = 0; i < FAKE_ITEMS; i++) {
        int left = x[item] - x[i], up = y[item] - y[i];
        bool in = left >= 0 && left <= 8 && up >= 0 && up <= left;
        assert_int_equal(selection_has(&f->scene.selected, i), in);
        inside += in;
    }
    assert_true(inside > 3);
}

static void marks_are_made_seen_and_taken_back(void **state)
{
    struct fake *f = *state;
    int64_t item = f->scene.choice.item;
    fake_key(f, "m");
    assert_true(fake_shows(f, "mark item 412"));
    fake_key(f, "Enter");
    assert_int_equal(marks_find(&f->scene.marks, item, -1), MARK_WRONG_LABEL);
    fake_key(f, "m");
    fake_key(f, "s"); /* one item is not the same as anything */
    assert_true(f->posted.bad);
    fake_key(f, "s");
    fake_key(f, "Left");
    int64_t other = f->scene.choice.item;
    fake_key(f, "m");
    fake_key(f, "d");
    assert_int_equal(marks_find(&f->scene.marks, other, item), MARK_DIFFERENT);
    fake_key(f, "m");
    fake_key(f, "m");
    fake_key(f, "Enter");
    assert_int_equal(marks_find(&f->scene.marks, other, item), MARK_DUPLICATE);
    fake_key(f, "u");
    assert_int_equal(marks_find(&f->scene.marks, other, item), MARK_DIFFERENT);
    fake_key(f, "u");
    assert_int_equal(marks_find(&f->scene.marks, other, item), MARK_NONE);
    fake_key(f, "Ctrl-R");
    assert_int_equal(marks_find(&f->scene.marks, other, item), MARK_DIFFERENT);
    fake_line(f, ":select @marked");
    assert_int_equal(f->scene.selected.count, 2);
}

static void copying_takes_what_is_selected(void **state)
{
    struct fake *f = *state;
    fake_line(f, ":select item == 7 or item == 9");
    fake_key(f, "y");
    char want[200];
    snprintf(want, sizeof want, "7\t%s\n9\t%s\n", f->data.column[6].text[7], f->data.column[6].text[9]);
    assert_string_equal(f->posted.copied, want);
}

/* A file that is there, or what would be said beside it, gives way to the next number. */
static void the_offered_file_is_a_new_one(void **state)
{
    struct fake *f = *state;
    struct folder folder;
    folder_init(&folder);
    char *here = getcwd(NULL, 0);
    assert_int_equal(chdir(folder_at(&folder, "")), 0);
    fake_line(f, ":select item < 3");
    folder_put_text(&folder, "selected.csv", "id\n");
    folder_put_text(&folder, "selected-2.csv.json", "{}\n");
    fake_key(f, "e");
    assert_string_equal(f->scene.line, "export selected-3.csv selected");
    assert_true(fake_shows(f, "of step 120"));
    fake_key(f, "Esc");
    fake_line(f, ":select none");
    fake_key(f, "e");
    assert_true(fake_shows(f, ".csv near 50 h cosine"));
    assert_true(fake_shows(f, "to 412 by cosine in h, step 120")); /* all of it is said before */
    fake_key(f, "Esc");
    fake_line(f, ":option near metric 1");
    fake_key(f, "3");
    fake_key(f, "Right");
    fake_type(f, ":export x.csv near 5"); /* as the list that is walked */
    assert_true(fake_shows(f, "the 5 nearest to 412 by euclidean in z, step 120"));
    fake_key(f, "Esc");
    assert_int_equal(chdir(here), 0);
    free(here);
    folder_release(&folder);
}

static void exports_say_what_and_in_which_order(void **state)
{
    struct fake *f = *state;
    fake_key(f, "e");
    char wanted[64];
    snprintf(wanted, sizeof wanted, "export near-%d.csv near 50 h cosine",
             (int)scene_row(&f->scene, f->scene.choice.item));
    assert_string_equal(f->scene.line, wanted);
    fake_key(f, "Enter");
    const struct export_order *order = &f->posted.exported;
    assert_true(order->near && order->n == 50 && order->nearest.spaces.k == 50);
    assert_int_equal(order->nearest.spaces.item, f->scene.choice.item);
    fake_line(f, ":option near metric 1");
    fake_line(f, ":export x.csv near 7"); /* the map shows the nearest in h by cosine */
    assert_true(order->nearest.spaces.metric == METRIC_COSINE && order->nearest.spaces.space == SPACE_H);
    fake_line(f, ":export x.csv near untrained euclidean");
    assert_true(order->n == 50 && order->nearest.spaces.metric == METRIC_EUCLIDEAN &&
                order->nearest.spaces.space == SPACE_UNTRAINED);
    fake_key(f, "3");
    fake_key(f, "Right"); /* the list in z is walked */
    fake_key(f, "e");
    assert_non_null(strstr(f->scene.line, ".csv near 50 z euclidean"));
    fake_key(f, "Esc");
    fake_key(f, "1");
    fake_line(f, ":export x.csv near 7 q");
    assert_true(f->posted.bad);
    fake_line(f, ":export x.npy z");
    assert_true(!order->near && order->n > 7 && order->nearest.spaces.space == SPACE_Z);
    fake_line(f, ":select item < 3");
    fake_key(f, "e");
    assert_string_equal(f->scene.line, "export selected.csv selected");
    fake_key(f, "Esc");
    fake_line(f, ":export! \"a b.npy\"");
    assert_string_equal(f->posted.exported.path, "a b.npy");
    assert_true(order->over && !order->near);
    assert_int_equal(f->posted.exported.n, 3);
    assert_int_equal(f->posted.exported_item[2], 2);
    fake_line(f, ":export marks.csv marks");
    assert_true(f->posted.exported.marks);
    fake_line(f, ":export x.csv nothing");
    assert_true(f->posted.bad);
    fake_line(f, ":export ");
    assert_true(f->posted.bad);
}

static struct request asked(struct fake *f)
{
    screen_wants(&f->scene, &f->post);
    for (size_t i = f->posted.n_requests; i-- > 0;)
        if (f->posted.request[i % FAKE_POSTED].kind == REQUEST_MAP)
            return f->posted.request[i % FAKE_POSTED];
    fail();
    return (struct request){0};
}

static void line(struct fake *f, const char *text)
{
    fake_key(f, ":");
    fake_line(f, text);
}

static void axes_are_turned_kept_and_taken_from_selections(void **state)
{
    struct fake *f = *state;
    line(f, "axes 1 2");
    line(f, "turn 30 10");
    fake_key(f, "Right");
    fake_key(f, "Down");
    assert_int_equal(asked(f).map.turn[0], 35);
    assert_int_equal(asked(f).map.turn[1], 5);
    fake_key(f, "Enter");
    assert_int_equal(f->scene.overlay, OVERLAY_NONE);
    line(f, "basis frozen");
    assert_int_equal(asked(f).map.basis, BASIS_FROZEN);
    line(f, "basis selected");
    assert_true(f->posted.bad); /* nothing is selected */
    line(f, "select shape == flower");
    line(f, "name flowers");
    line(f, "basis selected");
    struct request one = asked(f);
    assert_int_equal(one.map.basis, BASIS_SELECTED);
    assert_memory_equal(one.set[0].word, f->scene.selected.word, FAKE_ITEMS / 64 * 8);
    line(f, "axes @flowers @stars");
    assert_true(f->posted.bad);
    line(f, "select shape == moon");
    line(f, "axes @flowers @selected");
    struct request two = asked(f);
    assert_int_equal(two.map.axes, AXES_SETS);
    assert_int_equal(two.map.set[0], one.map.set[0]);
    assert_true(two.map.set[1] != two.map.set[0]);
    line(f, "basis refit");
    fake_key(f, "a");
    assert_int_equal(asked(f).map.axes, AXES_CLASS);
}

static void names_and_pictures_stand_on_the_map(void **state)
{
    struct fake *f = *state;
    line(f, "names on");
    assert_true(fake_shows(f, " triangle "));
    assert_true(fake_shows(f, " disc "));
    line(f, "names off");
    line(f, "draw pictures");
    assert_true(fake_shows(f, "pictured, + zooms in"));
    line(f, "zoom 60");
    assert_true(fake_shows(f, "\xe2\x96\x80"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_dragged_box_takes_what_is_drawn_in_it),
        TEST(arrows_stretch_a_box_from_the_item),
        TEST(a_lasso_takes_what_lies_within_its_corners),
        TEST(marks_are_made_seen_and_taken_back),
        TEST(copying_takes_what_is_selected),
        TEST(exports_say_what_and_in_which_order),
        TEST(the_offered_file_is_a_new_one),
        TEST(axes_are_turned_kept_and_taken_from_selections),
        TEST(names_and_pictures_stand_on_the_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
