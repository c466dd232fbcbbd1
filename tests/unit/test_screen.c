/* SPDX-License-Identifier: MIT
 *
 * What keys, clicks and typed lines do: each action of the key table changes the scene or posts what its help
 * says; and whatever is typed at whatever size, nothing breaks.
 */
#include "support/scene.h"

#include "base/check.h"
#include "base/rng.h"
#include "view/act.h"
#include "view/matcher.h"
#include "view/work.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    struct fake *f = xcalloc(1, sizeof *f);
    fake_init(f, FAKE_ITEMS, true, 3);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fake_release(*state);
    free(*state);
    return 0;
}

static void click(struct fake *f, int x, int y)
{
    struct canvas canvas;
    canvas_init(&canvas, 80, 24);
    struct key key = {.code = KEYC_MOUSE, .mouse = {x, y, MOUSE_PRESS}};
    screen_key(&f->scene, key, &canvas, &f->post);
    canvas_release(&canvas);
}

static void line(struct fake *f, const char *text)
{
    fake_key(f, ":");
    fake_line(f, text);
}

static void draw(struct fake *f, struct strbuf *text)
{
    struct canvas canvas;
    canvas_init(&canvas, 80, 24);
    screen_draw(&f->scene, &canvas);
    canvas_dump(&canvas, false, text);
    canvas_release(&canvas);
}

static bool shows(struct fake *f, const char *part)
{
    struct strbuf text = {0};
    draw(f, &text);
    bool there = strstr(strbuf_text(&text), part) != NULL;
    strbuf_release(&text);
    return there;
}

/* What is opened says how far it is, in the top line, until there is something to show. */
static void opening_says_how_far_it_is(void **state)
{
    struct fake *f = *state;
    const struct snapshot *now = f->scene.now;
    f->scene.now = NULL;
    assert_false(shows(f, "reading"));
    f->scene.opened = .437;
    assert_true(shows(f, "reading 43 %"));
    f->scene.now = now;
    assert_false(shows(f, "reading 43 %"));
}

/* Of a table that is still being read every view can be looked at, at every size. */
static void views_of_what_is_not_there_yet(void **state)
{
    static const int size[][2] = {{40, 12}, {80, 24}, {120, 40}, {200, 60}};
    struct fake *f = *state;
    f->scene.now = NULL;
    f->scene.elsewhere = true;
    f->scene.choice.threshold.relation = RELATION_VIEW;
    for (size_t i = 0; i < ARRAY_LEN(size); i++)
        for (size_t view = 0; view < tab_count(); view++) {
            struct canvas canvas;
            canvas_init(&canvas, size[i][0], size[i][1]);
            f->scene.choice.view = (int)view;
            screen_draw(&f->scene, &canvas);
            canvas_release(&canvas);
        }
}

/* As many items as no frame has the time to look through: keys are answered meanwhile. */
static void a_long_search_goes_on_between_keys(void **state)
{
    enum { MANY = 5000 };
    struct fake *f = *state;
    const struct snapshot *few = f->scene.now;
    struct snapshot *many = snapshot_new(&(struct snapshot_sizes){.n_probe = MANY, .dim_h = 2});
    uint32_t *item = (uint32_t *)(uintptr_t)many->item;
    size_t matching = 0;
    for (size_t i = 0; i < MANY; i++) {
        char text[160];
        item[i] = (uint32_t)(i % f->data.n);
        dataset_cell(&f->data, dataset_find_column(&f->data, "shape"), item[i], text, sizeof text);
        matching += strcmp(text, "flower") == 0;
    }
    many->steps = series_new(sizeof(struct step_row));
    many->measured = series_new(sizeof(struct measures));
    many->events = series_new(sizeof(struct event));
    f->scene.now = many;
    f->scene.choice.item = 1;
    search_start(&f->scene, "shape=flower", &f->post);
    assert_non_null(strstr(f->posted.said, "a moment"));
    assert_int_equal(f->scene.choice.item, 1);
    double share = scene_matching(&f->scene);
    assert_true(share > 0 && share < 1);
    assert_true(scene_match(&f->scene, 0)); /* a piece */
    assert_true(scene_matching(&f->scene) > share && scene_matching(&f->scene) < 1);
    char hint[80];
    assert_true(work_hint(&f->scene, hint, sizeof hint) && strstr(hint, "search: "));
    assert_false(scene_match(&f->scene, 1e9)); /* to the end */
    assert_true(scene_matching(&f->scene) < 0);
    line_goes_on(&f->scene, &f->post);
    char count[80];
    snprintf(count, sizeof count, "%zu of %d match", matching, MANY);
    assert_true(matching > 0 && strstr(f->posted.said, count));
    search_next(&f->scene, 1, &f->post); /* what was found is kept */
    assert_non_null(strstr(f->posted.said, count));

    search_start(&f->scene, "hue=", &f->post);
    assert_true(scene_matching(&f->scene) >= 0);
    assert_true(work_act(&f->scene, ACTION_BACK, &f->post));
    assert_non_null(strstr(f->posted.said, "stopped"));
    assert_true(scene_matching(&f->scene) < 0 && !scene_match(&f->scene, 1e9));
    f->scene.now = few;
    snapshot_unref(many);
}

static void digits_show_the_views(void **state)
{
    struct fake *f = *state;
    for (char key = '7'; key >= '1'; key--) {
        char name[2] = {key, '\0'};
        fake_key(f, name);
        assert_int_equal(f->scene.choice.view, key - '1');
    }
    assert_string_equal(view_at(5)->entry.name, "training");
    assert_null(view_at(view_count()));
}

static void arrows_walk_over_the_map(void **state)
{
    struct fake *f = *state;
    int start = f->scene.choice.item;
    const float *x = f->map->map.x, *y = f->map->map.y;
    fake_key(f, "Left");
    assert_true(x[f->scene.choice.item] < x[start]);
    int left = f->scene.choice.item;
    fake_key(f, "k");
    assert_true(y[f->scene.choice.item] > y[left]);
    fake_key(f, "g");
    assert_int_equal(f->scene.choice.item, 0);
    fake_key(f, "End");
    assert_int_equal(f->scene.choice.item, FAKE_ITEMS - 1);
    fake_key(f, "u");
    assert_int_equal(f->scene.choice.item, start);
    fake_key(f, "Ctrl-R");
    assert_int_equal(f->scene.choice.item, FAKE_ITEMS - 1);
}

static void tab_walks_the_panels_and_z_enlarges(void **state)
{
    struct fake *f = *state;
    fake_key(f, "Tab");
    assert_int_equal(f->scene.choice.panel, PANEL_NUMBERS);
    fake_key(f, "Shift-Tab");
    fake_key(f, "Shift-Tab");
    assert_int_equal(f->scene.choice.panel, PANEL_MAP);
    fake_key(f, "z");
    assert_true(f->scene.choice.large);
    fake_key(f, "z");
    assert_false(f->scene.choice.large);
    fake_key(f, "Enter");
    assert_true(f->scene.choice.large && f->scene.choice.panel == PANEL_ITEM);
    fake_key(f, "Esc");
    assert_false(f->scene.choice.large);
}

static void space_pauses_and_goes_on(void **state)
{
    struct fake *f = *state;
    fake_key(f, "Space");
    assert_int_equal(fake_command(f).kind, COMMAND_PAUSE);
    f->now->status = TRAIN_PAUSED;
    fake_key(f, "Space");
    assert_int_equal(fake_command(f).kind, COMMAND_RUN);
    assert_true(fake_command(f).number < 0);
    f->now->status = TRAIN_FAILED;
    size_t before = f->posted.n_commands;
    fake_key(f, "Space");
    assert_int_equal(f->posted.n_commands, before);
    assert_true(f->posted.bad);
    line(f, "recall");
    assert_int_equal(fake_command(f).kind, COMMAND_RECALL);
}

static void step_restart_and_write_are_commands(void **state)
{
    struct fake *f = *state;
    fake_key(f, ".");
    assert_int_equal(fake_command(f).kind, COMMAND_STEP);
    assert_int_equal((int)fake_command(f).number, 1);
    line(f, "step 25");
    assert_int_equal((int)fake_command(f).number, 25);
    fake_key(f, "R");
    assert_int_equal(fake_command(f).kind, COMMAND_RESTART);
    fake_key(f, "w");
    assert_int_equal(fake_command(f).kind, COMMAND_SAVE);
    line(f, "w");
    assert_int_equal(fake_command(f).kind, COMMAND_SAVE);
}

static void the_past_is_travelled_by_the_session(void **state)
{
    struct fake *f = *state;
    fake_key(f, ",");
    fake_key(f, "<");
    fake_key(f, ">");
    assert_int_equal(f->posted.n_travels, 3);
    f->scene.past = true;
    fake_key(f, ".");
    assert_int_equal(f->posted.n_travels, 4);
    assert_int_equal(f->posted.n_commands, 0);
    f->post.travel = NULL;
    fake_key(f, ",");
    assert_non_null(strstr(f->posted.said, "does nothing here"));
}

static void settings_are_turned_by_arrows(void **state)
{
    struct fake *f = *state;
    fake_key(f, "S");
    assert_int_equal(f->scene.choice.panel, PANEL_SETTINGS);
    fake_key(f, "Right");
    assert_int_equal(fake_command(f).kind, COMMAND_SET);
    assert_string_equal(fake_command(f).name, "tau");
    assert_string_equal(fake_command(f).text, "0.25");
    fake_key(f, "Right"); /* builds on what is pending, not on the snapshot that has not changed */
    assert_string_equal(fake_command(f).text, "0.31");
    fake_key(f, "u");
    assert_string_equal(fake_command(f).text, "0.25");
    fake_key(f, "u");
    assert_string_equal(fake_command(f).text, "0.2");
    fake_key(f, "Ctrl-R");
    assert_string_equal(fake_command(f).text, "0.25");
}

static void ranges_switches_and_choices_have_their_ways(void **state)
{
    struct fake *f = *state;
    fake_key(f, "S");
    f->scene.choice.setting = 3;
    fake_key(f, "Left");
    assert_string_equal(fake_command(f).text, "0.25..1");
    fake_key(f, "Down");
    fake_key(f, "Right");
    assert_string_equal(fake_command(f).name, "flip");
    assert_string_equal(fake_command(f).text, "off");
    fake_key(f, "Down");
    fake_key(f, "Right");
    assert_string_equal(fake_command(f).text, "-24..24");
    fake_key(f, ":");
    fake_line(f, "method moco");
    assert_string_equal(fake_command(f).name, "method");
    assert_string_equal(fake_command(f).text, "moco");
}

static void a_live_change_is_marked(void **state)
{
    struct fake *f = *state;
    f->now->settings.item[6].changed_at = 50;
    f->scene.choice.setting = 6;
    fake_key(f, "S");
    assert_true(shows(f, "@50"));
    assert_true(shows(f, "changed at step 50"));
}

static void the_command_line_sets_completes_and_remembers(void **state)
{
    struct fake *f = *state;
    line(f, "set colour jitter 0");
    assert_string_equal(fake_command(f).name, "jitter");
    assert_string_equal(fake_command(f).text, "0");
    line(f, "set jitter=0.3");
    assert_string_equal(fake_command(f).text, "0.3");
    fake_type(f, ":pac");
    fake_key(f, "Tab");
    assert_string_equal(f->scene.line, "pace ");
    fake_type(f, "fu");
    fake_key(f, "Tab");
    fake_key(f, "Enter");
    assert_int_equal(fake_command(f).kind, COMMAND_RUN);
    assert_true(fake_command(f).number == 0);
    fake_key(f, ":");
    fake_key(f, "Up");
    assert_string_equal(f->scene.line, "pace full");
    fake_key(f, "Up");
    assert_string_equal(f->scene.line, "set jitter=0.3");
    fake_key(f, "Down");
    fake_key(f, "Down");
    assert_string_equal(f->scene.line, "");
    fake_key(f, "Esc");
    assert_int_equal(f->scene.overlay, OVERLAY_NONE);
    line(f, "nonsense");
    assert_true(f->posted.bad);
}

/* A value that stands there is replaced by what is typed, and kept by keys that edit. */
static void a_proposed_value_is_replaced_or_kept(void **state)
{
    struct fake *f = *state;
    struct setting *tau = &((struct snapshot *)(uintptr_t)f->scene.now)->settings.item[0];
    assert_string_equal(tau->name, "tau");
    char before[64], kept[64];
    snprintf(before, sizeof before, "set %s %s", tau->label, tau->text);
    snprintf(kept, sizeof kept, "set %s %s5", tau->label, tau->text);
    fake_key(f, "S");
    f->scene.choice.setting = 0;
    fake_key(f, "Enter");
    assert_string_equal(f->scene.line, before); /* as its row calls it */
    fake_type(f, "0.31");
    assert_string_equal(f->scene.line, "set temperature 0.31");
    fake_key(f, "Enter");
    assert_string_equal(fake_command(f).name, "tau");
    assert_string_equal(fake_command(f).text, "0.31");
    static const char *const keys[] = {"End", "Right", "Tab"};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        fake_key(f, "Enter");
        fake_key(f, keys[i]);
        fake_type(f, "5");
        assert_string_equal(f->scene.line, kept);
        fake_key(f, "Esc");
    }
    fake_key(f, "Enter");
    fake_key(f, "Backspace");
    before[strlen(before) - 1] = '\0';
    assert_string_equal(f->scene.line, before);
    fake_key(f, "Esc");
    fake_key(f, "1");
    f->scene.choice.panel = PANEL_ITEM;
    fake_key(f, "e"); /* of a line that exports the file is what is typed; what of it stays */
    fake_type(f, "mine.npy");
    assert_string_equal(f->scene.line, "export mine.npy near 50 h cosine");
}

/* All that a line could be is seen at every size, and Tab walks it. */
static void choices_are_seen_and_walked(void **state)
{
    struct fake *f = *state;
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}};
    fake_key(f, ":");
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct canvas canvas;
        struct strbuf text = {0};
        canvas_init(&canvas, sizes[i][0], sizes[i][1]);
        screen_draw(&f->scene, &canvas);
        canvas_dump(&canvas, false, &text);
        const char *help;
        for (size_t k = 0; command_word(k, &help); k++)
            if (!strstr(strbuf_text(&text), command_word(k, &help)))
                fail_msg("%d columns do not show %s", sizes[i][0], command_word(k, &help));
        strbuf_release(&text);
        canvas_release(&canvas);
    }
    fake_type(f, "ex");
    fake_key(f, "Tab");
    assert_string_equal(f->scene.line, "export");
    fake_key(f, "Tab");
    assert_string_equal(f->scene.line, "export");
    fake_key(f, "Tab");
    assert_string_equal(f->scene.line, "export!");
    fake_key(f, "Tab");
    assert_string_equal(f->scene.line, "export");
    fake_key(f, "Shift-Tab");
    assert_string_equal(f->scene.line, "export!");
    fake_key(f, "Esc");
    fake_type(f, ":set ");
    fake_key(f, "Shift-Tab"); /* the last of all settings */
    const struct settings *settings = &f->scene.now->settings;
    assert_string_equal(f->scene.line + strlen("set "), settings->item[settings->n - 1].name);
    fake_type(f, " 3"); /* goes on from it */
    assert_null(strstr(f->scene.line, "  "));
    fake_key(f, "Esc");
}

/* A word that is no command: what does what was meant. */
static void what_is_no_command_is_guessed(void **state)
{
    struct fake *f = *state;
    static const char *const guesses[][2] = {{"exprot x.csv", "did you mean :export?"},
                                             {"treshold 0.5", "did you mean :threshold?"},
                                             {"hubs", "3, then left"},
                                             {"color hue", ":colour"},
                                             {"xyzzyx", "Tab completes"}};
    for (size_t i = 0; i < ARRAY_LEN(guesses); i++) {
        line(f, guesses[i][0]);
        if (!f->posted.bad || !strstr(f->posted.said, guesses[i][1]))
            fail_msg("%s: %s", guesses[i][0], f->posted.said);
    }
    line(f, "item 999999");
    char last[40];
    snprintf(last, sizeof last, "the last on the map is %d", FAKE_ITEMS - 1);
    assert_non_null(strstr(f->posted.said, last));
    line(f, "item x");
    snprintf(last, sizeof last, "0 to %d", FAKE_ITEMS - 1);
    assert_non_null(strstr(f->posted.said, last));
}

static void every_action_is_reached_by_name(void **state)
{
    struct fake *f = *state;
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        f->posted.said[0] = '\0';
        f->scene.overlay = OVERLAY_NONE;
        line(f, action_entry((enum action)a)->name);
        assert_null(strstr(f->posted.said, "is no command"));
    }
    assert_true(f->posted.n_quits > 0);
}

static void colours_are_picked_and_taken_back(void **state)
{
    struct fake *f = *state;
    fake_key(f, "c");
    assert_int_equal(f->scene.overlay, OVERLAY_COLUMN);
    fake_key(f, "c");
    assert_int_equal(f->scene.choice.column, 1);
    fake_key(f, "Enter");
    assert_int_equal(f->scene.overlay, OVERLAY_NONE);
    assert_true(shows(f, "hue from 20 nearest"));
    fake_key(f, "c");
    fake_type(f, "/ang");
    assert_int_equal(f->scene.choice.column, 4);
    assert_int_equal(f->scene.choice.axes, AXES_PCA); /* a number has no classes */
    fake_key(f, "Esc");
    assert_int_equal(f->scene.choice.column, 1);
    line(f, "colour light");
    assert_int_equal(f->scene.choice.column, 3);
}

static void methods_are_picked_for_this_encoder_or_from_the_start(void **state)
{
    struct fake *f = *state;
    fake_key(f, "M");
    assert_int_equal(f->scene.overlay, OVERLAY_METHOD);
    assert_true(shows(f, "It trains now."));
    fake_key(f, "Down");
    assert_true(shows(f, "New: head.") && shows(f, "Goes on: the encoder"));
    fake_key(f, "Esc");
    assert_int_equal(f->posted.n_commands, 0);
    fake_key(f, "M");
    fake_type(f, "/caption");
    assert_true(shows(f, "siglip") && !shows(f, "vicreg"));
    fake_key(f, "Enter");
    fake_key(f, "Enter");
    assert_int_equal(f->scene.overlay, OVERLAY_NONE);
    struct command command = fake_command(f);
    assert_int_equal(command.kind, COMMAND_SET);
    assert_string_equal(command.name, "method");
    assert_string_equal(command.text, "clip");
    fake_key(f, "M");
    fake_key(f, "Up"); /* from the first to the last */
    fake_key(f, "R");
    assert_int_equal(f->posted.n_commands, 3);
    assert_string_equal(f->posted.command[1].text, "siglip");
    assert_int_equal(f->posted.command[2].kind, COMMAND_RESTART);
}

static void map_keys_change_the_map(void **state)
{
    struct fake *f = *state;
    fake_key(f, "+");
    assert_true(f->scene.choice.zoom > 1);
    fake_key(f, "0");
    assert_true(f->scene.choice.zoom == 1);
    fake_key(f, "a");
    assert_int_equal(f->scene.choice.axes, AXES_PCA);
    fake_key(f, "a");
    assert_int_equal(f->scene.choice.component[0], 2);
    fake_key(f, "a");
    assert_true(f->scene.overlay == OVERLAY_TURN && f->scene.choice.turn[0] != 0);
    fake_key(f, "a");
    assert_int_equal(f->scene.choice.axes, AXES_PIXELS);
    fake_key(f, "a");
    assert_int_equal(f->scene.choice.axes, AXES_CLASS);
    fake_key(f, "d");
    fake_key(f, "d");
    assert_int_equal(f->scene.choice.draw, SCATTER_DOTS);
    line(f, "axes 1 3");
    assert_int_equal(f->scene.choice.component[1], 2);
}

static size_t of_shape(const struct fake *f, uint32_t code)
{
    size_t n = 0;
    for (size_t i = 0; i < f->data.n; i++)
        n += f->data.column[0].code[i] == code;
    return n;
}

static void selecting_adds_and_a_second_time_drops(void **state)
{
    struct fake *f = *state;
    size_t item = (size_t)f->scene.choice.item;
    uint32_t shape = f->data.column[0].code[item];
    fake_key(f, "s");
    assert_true(selection_has(&f->scene.selected, item));
    assert_int_equal(f->scene.selected.count, 1);
    fake_key(f, "*");
    assert_int_equal(f->scene.selected.count, of_shape(f, shape));
    assert_true(shows(f, "selected"));
    fake_key(f, "u");
    assert_int_equal(f->scene.selected.count, 1);
    fake_key(f, "Ctrl-R");
    assert_int_equal(f->scene.selected.count, of_shape(f, shape));
    fake_key(f, "*");
    assert_int_equal(f->scene.selected.count, 0);
    fake_key(f, "s");
    fake_key(f, "Esc");
    assert_int_equal(f->scene.selected.count, 0);
    fake_key(f, "u");
    assert_true(selection_has(&f->scene.selected, item));
}

static void only_the_selected_are_shown_until_o_again(void **state)
{
    struct fake *f = *state;
    uint32_t shape = f->data.column[0].code[f->scene.choice.item];
    fake_key(f, "o"); /* nothing selected: those of the item's shape */
    assert_true(f->scene.choice.isolated);
    assert_int_equal(f->scene.shown.count, of_shape(f, shape));
    for (int i = 0; i < 30; i++) {
        fake_key(f, i % 2 ? "Left" : "Up");
        assert_int_equal(f->data.column[0].code[f->scene.choice.item], shape);
    }
    fake_key(f, "o");
    assert_false(f->scene.choice.isolated);
}

static void undo_forgets_the_oldest_change_only(void **state)
{
    struct fake *f = *state;
    for (int i = 0; i < 70; i++) {
        fake_key(f, "Right");
        fake_key(f, "s");
    }
    size_t selected = f->scene.selected.count;
    for (int i = 0; i < 200; i++)
        fake_key(f, "u");
    assert_true(f->scene.selected.count < selected);
    for (int i = 0; i < 10; i++)
        fake_key(f, "Ctrl-R");
    fake_key(f, "s"); /* what could be redone is gone */
    fake_key(f, "Ctrl-R");
    assert_non_null(strstr(f->posted.said, "nothing to redo"));
}

static void search_finds_by_regex_and_by_text(void **state)
{
    struct fake *f = *state;
    const struct dataset *d = &f->data;
    fake_line(f, "/hue=red.*light=dim");
    int first = f->scene.choice.item;
    assert_string_equal(d->column[1].value[d->column[1].code[first]], "red");
    assert_string_equal(d->column[3].value[d->column[3].code[first]], "dim");
    fake_key(f, "n");
    assert_int_not_equal(f->scene.choice.item, first);
    fake_key(f, "N");
    assert_int_equal(f->scene.choice.item, first);
    fake_line(f, "/(unclosed");
    assert_true(f->posted.bad);
}

static void predicates_search_select_and_show_alone(void **state)
{
    struct fake *f = *state;
    const struct dataset *d = &f->data;
    fake_type(f, "/hue == red and light == dim");
    assert_true(shows(f, " of 1000"));
    fake_key(f, "Enter");
    uint32_t item = (uint32_t)f->scene.choice.item;
    assert_string_equal(d->column[1].value[d->column[1].code[item]], "red");
    assert_string_equal(d->column[3].value[d->column[3].code[item]], "dim");
    line(f, "select /");
    size_t red_and_dim = f->scene.selected.count;
    line(f, "name few");
    line(f, "select hue == red");
    assert_true(f->scene.selected.count > red_and_dim);
    line(f, "select hue == red and not @few");
    size_t others = f->scene.selected.count;
    line(f, "select @few or @selected");
    assert_int_equal(f->scene.selected.count, red_and_dim + others);
    line(f, "select invert");
    assert_int_equal(f->scene.selected.count, FAKE_ITEMS - red_and_dim - others);
    line(f, "only @few");
    assert_int_equal(f->scene.shown.count, red_and_dim);
    line(f, "select all");
    assert_int_equal(f->scene.selected.count, FAKE_ITEMS);
    line(f, "select hue == rad");
    assert_non_null(strstr(f->posted.said, "at 8: hue has no value rad"));
    assert_int_equal(f->scene.selected.count, FAKE_ITEMS);
    line(f, "forget few");
    line(f, "select @few");
    assert_true(f->posted.bad);
}

static void predicates_are_completed(void **state)
{
    struct fake *f = *state;
    fake_type(f, ":select sh");
    fake_key(f, "Tab");
    fake_type(f, "== fl");
    fake_key(f, "Tab");
    assert_string_equal(f->scene.line, "select shape == flower ");
    fake_key(f, "Esc");
    fake_type(f, "/li");
    fake_key(f, "Tab");
    assert_string_equal(f->scene.line, "light ");
}

/* The numbers come from the worker: what asks for them waits, and goes on when they are there. */
static void what_asks_for_numbers_waits_for_them(void **state)
{
    struct fake *f = *state;
    line(f, "select similar > 0.5");
    assert_int_equal(f->scene.selected.count, 0);
    screen_wants(&f->scene, &f->post);
    struct request last = f->posted.request[(f->posted.n_requests - 1) % FAKE_POSTED];
    assert_int_equal(last.kind, REQUEST_VALUES);
    assert_int_equal(last.values.quantities, 1U << QUANTITY_similarity);
    assert_int_equal(last.values.item, f->scene.choice.item);
    struct result *r = result_new(REQUEST_VALUES, FAKE_ITEMS * sizeof(float));
    float *value = (float *)(void *)r->bytes;
    for (int i = 0; i < FAKE_ITEMS; i++)
        value[i] = (float)i / FAKE_ITEMS;
    r->values = (struct values_result){
        last.values.quantities, last.values.item, last.values.label, FAKE_ITEMS, {value}};
    f->scene.found[REQUEST_VALUES] = r;
    screen_wants(&f->scene, &f->post);
    assert_int_equal(f->scene.selected.count, FAKE_ITEMS / 2 - 1);
    line(f, "colour similar");
    assert_true(shows(f, "similar  0 0123456789 0.999"));
    fake_key(f, "c");
    fake_key(f, "Esc");
    assert_int_equal(f->scene.choice.quantity, QUANTITY_similarity);
    line(f, "colour hue");
    assert_int_equal(f->scene.choice.quantity, NO_QUANTITY);
    result_unref(r);
    f->scene.found[REQUEST_VALUES] = NULL;
}

static void help_scrolls_narrows_and_closes(void **state)
{
    struct fake *f = *state;
    fake_key(f, "?");
    assert_true(shows(f, "keys here"));
    assert_true(shows(f, "how to"));
    fake_key(f, "G");
    assert_true(shows(f, "1 000 held-out"));
    fake_key(f, "/");
    fake_type(f, "spread");
    assert_true(shows(f, "views apart"));
    assert_false(shows(f, "keys here"));
    fake_key(f, "Enter");
    fake_key(f, "Esc");
    assert_true(shows(f, "keys here"));
    fake_key(f, "q");
    assert_int_equal(f->scene.overlay, OVERLAY_NONE);
}

/* Anywhere on the help that is open. */
static bool help_has(struct fake *f, const char *text)
{
    f->scene.choice.help_row = 0;
    bool found = shows(f, text);
    for (int at = -1; !found && f->scene.choice.help_row != at;) {
        at = f->scene.choice.help_row;
        fake_key(f, "PgDn");
        found = shows(f, text);
    }
    return found;
}

/* Each view's help begins with its keys and has its own numbers; a search finds every number from any view.
 */
static void help_is_about_the_view(void **state)
{
    struct fake *f = *state;
    for (size_t v = 0; v + 1 < view_count(); v++) {
        const struct view *view = view_at(v);
        char key[2] = {(char)('1' + v), '\0'}, *filter = f->scene.choice.help_filter;
        fake_key(f, key);
        fake_key(f, "?");
        bool cold = false;
        for (const int *t = view->terms; *t >= 0; t++) {
            assert_true(help_has(f, term_entry((enum term) * t)->name));
            cold = cold || *t == TERM_zero_shot;
        }
        assert_int_equal(help_has(f, term_entry(TERM_zero_shot)->name), cold);
        for (int t = 0; t < TERM_COUNT; t++) {
            snprintf(filter, sizeof f->scene.choice.help_filter, "%.39s", term_entry((enum term)t)->name);
            assert_true(help_has(f, term_entry((enum term)t)->name));
        }
        filter[0] = '\0';
        fake_key(f, "q");
    }
}

static void quitting_asks_once_while_a_run_is_live(void **state)
{
    struct fake *f = *state;
    fake_key(f, "q");
    assert_int_equal(f->scene.overlay, OVERLAY_QUIT);
    fake_key(f, "x");
    assert_int_equal(f->posted.n_quits, 0);
    fake_key(f, "q");
    fake_key(f, "q");
    assert_int_equal(f->posted.n_quits, 1);
    fake_key(f, "Ctrl-C");
    assert_int_equal(f->posted.n_quits, 2);
    f->now->status = TRAIN_PAUSED;
    fake_key(f, "q");
    assert_int_equal(f->posted.n_quits, 3);
}

static void what_to_try_is_in_the_help_and_unknown_keys_point_to_it(void **state)
{
    struct fake *f = *state;
    fake_key(f, "L");
    assert_true(shows(f, "how to"));
    fake_key(f, "Esc");
    assert_false(shows(f, "how to"));
    fake_key(f, "f");
    assert_string_equal(f->posted.said, "f does nothing here (? lists the keys)");
}

static void copying_takes_the_item_or_the_command_line(void **state)
{
    struct fake *f = *state;
    fake_key(f, "y");
    assert_string_equal(f->posted.copied, f->data.column[6].text[f->scene.choice.item]);
    fake_key(f, "Tab");
    f->now->settings.item[6].value = 0;
    snprintf(f->now->settings.item[6].text, 8, "0");
    fake_key(f, "y");
    assert_string_equal(f->posted.copied, "nearfar tiles:n=1000,seed=1 --seed 1 --set 'jitter=0'");
    fake_key(f, "Ctrl-L");
    assert_int_equal(f->posted.terminal, ACTION_REDRAW);
}

static void clicks_select(void **state)
{
    struct fake *f = *state;
    click(f, 48, 0);
    assert_int_equal(f->scene.choice.view, 5);
    click(f, 2, 0);
    assert_int_equal(f->scene.choice.view, 0);
    click(f, 2, 15);
    assert_true(f->scene.selected.count > 0);
    click(f, 2, 15);
    assert_int_equal(f->scene.selected.count, 0);
    int before = f->scene.choice.item;
    click(f, 20, 4);
    assert_int_not_equal(f->scene.choice.item, before);
}

static void the_wheel_zooms_the_map_that_is_seen(void **state)
{
    struct fake *f = *state;
    struct mouse up = {20, 10, MOUSE_WHEEL_UP};
    fake_key(f, "6");
    fake_mouse(f, up);
    assert_true(f->scene.choice.zoom <= 1);
    fake_key(f, "1");
    fake_mouse(f, up);
    assert_true(f->scene.choice.zoom > 1);
}

static void what_is_wanted_is_asked_once(void **state)
{
    struct fake *f = *state;
    screen_wants(&f->scene, &f->post);
    assert_int_equal(f->posted.n_requests, 2);
    assert_int_equal(f->posted.request[0].kind, REQUEST_MAP);
    assert_int_equal(f->posted.request[0].map.space, SPACE_H);
    assert_int_equal(f->posted.request[1].near.item, f->scene.choice.item);
    assert_int_equal(fake_command(f).kind, COMMAND_INSPECT);
    screen_wants(&f->scene, &f->post);
    assert_int_equal(f->posted.n_requests, 2);
    fake_key(f, "Left");
    screen_wants(&f->scene, &f->post);
    assert_int_equal(f->posted.n_requests, 3);
    assert_int_equal((int)fake_command(f).number, f->scene.choice.item);
    f->now->step++;
    screen_wants(&f->scene, &f->post);
    assert_int_equal(f->posted.n_requests, 5);
}

static void the_intro_holds_training_and_lets_go(void **state)
{
    struct fake *f = *state;
    f->scene.intro_seconds = 0;
    screen_wants(&f->scene, &f->post);
    assert_int_equal(f->posted.command[0].kind, COMMAND_PAUSE);
    assert_int_equal(f->posted.request[0].map.axes, AXES_PIXELS);
    assert_int_equal(f->scene.choice.column, 1); /* hue: what pixels tell best */
    f->scene.intro_seconds = 2.6;
    screen_wants(&f->scene, &f->post);
    assert_int_equal(f->scene.choice.column, 0);
    f->scene.intro_seconds = 5.1;
    screen_wants(&f->scene, &f->post);
    assert_int_equal(fake_command(f).kind, COMMAND_RUN);
    assert_int_equal(f->scene.choice.axes, AXES_CLASS);
    f->scene.intro_seconds = 31;
    screen_wants(&f->scene, &f->post);
    assert_true(f->scene.intro_seconds < 0);
}

/* The yardsticks come one after the other: the first is not taken for the best. */
static void the_intro_is_of_what_pixels_tell_best_in_any_order(void **state)
{
    struct fake *f = *state;
    struct measures all = f->now->measures;
    for (int i = 0; i < all.n; i++)
        if (all.item[i].column != 0)
            f->now->measures.item[i].pixels = NAN;
    f->scene.intro_seconds = 0;
    screen_wants(&f->scene, &f->post);
    f->now->measures = all;
    f->scene.intro_seconds = 1;
    screen_wants(&f->scene, &f->post);
    assert_int_equal(f->scene.choice.column, 1);
}

static void any_key_skips_the_intro(void **state)
{
    struct fake *f = *state;
    f->scene.intro_seconds = 1;
    screen_wants(&f->scene, &f->post);
    fake_key(f, "Space");
    assert_true(f->scene.intro_seconds < 0);
    assert_int_equal(fake_command(f).kind, COMMAND_RUN);
    assert_int_equal(f->scene.choice.axes, AXES_CLASS);
    assert_int_equal(f->scene.choice.column, 0);
}

static void embeddings_that_are_not_finite_are_counted_not_drawn(void **state)
{
    struct fake *f = *state;
    float *x = (float *)(uintptr_t)f->map->map.x;
    x[3] = x[4] = NAN;
    line(f, "axes class");
    assert_true(shows(f, "2 not finite"));
}

static void a_map_of_nothing_finite_is_empty(void **state)
{
    struct fake *f = *state;
    float *x = (float *)(uintptr_t)f->map->map.x;
    for (int i = 0; i < FAKE_ITEMS; i++)
        x[i] = NAN;
    assert_true(shows(f, "1000 not finite"));
    fake_key(f, "Left");
    fake_key(f, "Up");
}

static struct key any_key(struct rng *rng)
{
    static const uint32_t special[] = {
        KEYC_UP,    KEYC_DOWN,   KEYC_LEFT,      KEYC_RIGHT,  KEYC_PAGE_UP, KEYC_HOME,     KEYC_END,
        KEYC_ENTER, KEYC_ESCAPE, KEYC_BACKSPACE, KEYC_TAB,    KEYC_DELETE,  KEYC_BACK_TAB, KEYC_F1,
        KEYC_PASTE, KEYC_RESIZE, KEYC_PAGE_DOWN, KEYC_ESCAPE, KEYC_ESCAPE};
    struct key key = {.code = (uint32_t)(' ' + rng_below(rng, 95))};
    uint64_t kind = rng_below(rng, 10);
    if (kind < 3)
        key.code = special[rng_below(rng, ARRAY_LEN(special))];
    if (kind == 3) {
        key.code = KEYC_MOUSE;
        key.mouse.x = (int)rng_below(rng, 220) - 5;
        key.mouse.y = (int)rng_below(rng, 70) - 5;
        key.mouse.what = rng_below(rng, 5);
    }
    if (kind == 4 && rng_below(rng, 4) == 0)
        key.code = (uint32_t)rng_below(rng, 0x110000);
    return key;
}

/* States a run can be in, changed now and then. */
static void any_state(struct fake *f, struct rng *rng)
{
    static const struct theme themes[] = {{GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE},
                                          {GROUND_LIGHT, DEPTH_16, GLYPHS_BLOCKS},
                                          {GROUND_DARK, DEPTH_MONO, GLYPHS_ASCII}};
    f->theme = themes[rng_below(rng, ARRAY_LEN(themes))];
    f->now->status = (enum train_status)rng_below(rng, 5);
    f->scene.now = rng_below(rng, 12) ? f->now : NULL;
    f->scene.map = f->scene.now && rng_below(rng, 6) ? f->map : NULL;
    f->scene.found[REQUEST_NEAR] = f->scene.now && rng_below(rng, 6) ? f->near : NULL;
    f->scene.intro_seconds = rng_below(rng, 5) ? -1 : (double)rng_below(rng, 8);
    f->scene.seconds += 0.5;
}

static void storm(struct fake *f, size_t keys, uint64_t seed)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    struct canvas canvas;
    canvas_init(&canvas, 80, 24);
    for (size_t i = 0; i < keys; i++) {
        if (i % 40 == 0)
            any_state(f, &rng);
        if (rng_below(&rng, 30) == 0)
            canvas_resize(&canvas, 1 + (int)rng_below(&rng, 210), 1 + (int)rng_below(&rng, 65));
        screen_key(&f->scene, any_key(&rng), &canvas, &f->post);
        snprintf(f->scene.message, sizeof f->scene.message, "%s", f->posted.said);
        if (i % 8 == 0) {
            screen_wants(&f->scene, &f->post);
            screen_draw(&f->scene, &canvas);
        }
        assert_true(f->scene.choice.view >= 0 && (size_t)f->scene.choice.view < view_count());
        assert_true(f->scene.choice.item >= NO_ITEM && f->scene.choice.item < FAKE_ITEMS);
        assert_true(strlen(f->scene.line) < sizeof f->scene.line);
    }
    canvas_release(&canvas);
}

static void a_storm_of_keys_and_sizes_breaks_nothing(void **state)
{
    storm(*state, 16000, 1);
    struct fake f;
    fake_init(&f, 60, false, 1);
    storm(&f, 2000, 2);
    fake_release(&f);
    fake_init(&f, 1, true, 1);
    storm(&f, 2000, 3);
    fake_release(&f);
}

static void every_size_is_drawn(void **state)
{
    struct fake *f = *state;
    struct canvas canvas;
    canvas_init(&canvas, 1, 1);
    for (int view = 0; view < 7; view += 5)
        for (int width = 1; width <= 210; width += width < 90 ? 1 : 17)
            for (int height = 1; height <= 62; height += height < 30 ? 3 : 9) {
                f->scene.choice.view = view;
                canvas_resize(&canvas, width, height);
                screen_draw(&f->scene, &canvas);
            }
    canvas_release(&canvas);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(opening_says_how_far_it_is),
        TEST(a_long_search_goes_on_between_keys),
        TEST(digits_show_the_views),
        TEST(arrows_walk_over_the_map),
        TEST(tab_walks_the_panels_and_z_enlarges),
        TEST(space_pauses_and_goes_on),
        TEST(step_restart_and_write_are_commands),
        TEST(the_past_is_travelled_by_the_session),
        TEST(settings_are_turned_by_arrows),
        TEST(ranges_switches_and_choices_have_their_ways),
        TEST(a_live_change_is_marked),
        TEST(the_command_line_sets_completes_and_remembers),
        TEST(a_proposed_value_is_replaced_or_kept),
        TEST(choices_are_seen_and_walked),
        TEST(what_is_no_command_is_guessed),
        TEST(every_action_is_reached_by_name),
        TEST(colours_are_picked_and_taken_back),
        TEST(methods_are_picked_for_this_encoder_or_from_the_start),
        TEST(map_keys_change_the_map),
        TEST(selecting_adds_and_a_second_time_drops),
        TEST(only_the_selected_are_shown_until_o_again),
        TEST(undo_forgets_the_oldest_change_only),
        TEST(search_finds_by_regex_and_by_text),
        TEST(predicates_search_select_and_show_alone),
        TEST(predicates_are_completed),
        TEST(what_asks_for_numbers_waits_for_them),
        TEST(help_scrolls_narrows_and_closes),
        TEST(help_is_about_the_view),
        TEST(quitting_asks_once_while_a_run_is_live),
        TEST(what_to_try_is_in_the_help_and_unknown_keys_point_to_it),
        TEST(copying_takes_the_item_or_the_command_line),
        TEST(clicks_select),
        TEST(the_wheel_zooms_the_map_that_is_seen),
        TEST(what_is_wanted_is_asked_once),
        TEST(the_intro_holds_training_and_lets_go),
        TEST(the_intro_is_of_what_pixels_tell_best_in_any_order),
        TEST(any_key_skips_the_intro),
        TEST(views_of_what_is_not_there_yet),
        TEST(embeddings_that_are_not_finite_are_counted_not_drawn),
        TEST(a_map_of_nothing_finite_is_empty),
        TEST(a_storm_of_keys_and_sizes_breaks_nothing),
        TEST(every_size_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
