/* SPDX-License-Identifier: MIT
 *
 * nearfar explore ($NEARFAR) in a terminal, with keys and mouse: a table, a folder of tables that grows, a
 * finished run.
 */
#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/program.h"
#include "support/pty.h"
#include "support/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const double patience = 60; /* seconds; only a failing test waits so long */
static struct program p;

static int setup(void **state)
{
    char path[256];
    (void)state;
    program_init(&p);
    tables_put(p.folder, "emb", 2);
    tables_put_items(p.folder);
    mkdir(program_path(&p, "tables", path, sizeof path), 0755);
    tables_put_items(path);
    tables_put(path, "epoch_1", 0.2);
    tables_put(path, "epoch_2", 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    program_release(&p);
    return 0;
}

static struct pty *start(const char *what, const char *items)
{
    char path[256], known[256];
    const char *const environment[] = {"LC_ALL=C.UTF-8", NULL};
    struct pty_options options = {
        .rows = 40, .columns = 120, .term = "xterm-256color", .environment = environment};
    const char *argv[] = {
        getenv("NEARFAR"), "explore", program_path(&p, what, path, sizeof path), NULL, NULL, NULL};
    if (items) {
        argv[3] = "--items";
        argv[4] = program_path(&p, items, known, sizeof known);
    }
    return pty_start(&options, argv);
}

static void shows(struct pty *pty, const char *text)
{
    if (!pty_wait(pty, text, patience)) {
        struct strbuf screen = {0};
        screen_text(pty_screen(pty), &screen);
        print_message("'%s' is not there:\n%s", text, strbuf_text(&screen));
        strbuf_release(&screen);
        fail();
    }
}

/* A click with the left button; cells from 1. */
static void click(struct pty *pty, int x, int y)
{
    char text[64];
    snprintf(text, sizeof text, "\033[<0;%d;%dM\033[<0;%d;%dm", x, y, x, y);
    pty_send(pty, text);
}

static void quit(struct pty *pty)
{
    pty_send(pty, "q");
    assert_int_equal(pty_end(pty, patience), 0);
    struct screen_modes modes = screen_modes(pty_screen(pty));
    assert_false(modes.alternate || modes.mouse || modes.cursor_hidden);
    assert_true(pty_cooked(pty));
    pty_free(pty);
}

/* Where a glyph of one byte stands, cells from 0; y -1: nowhere. */
static void find(struct pty *pty, char glyph, int *x, int *y)
{
    struct strbuf screen = {0};
    screen_text(pty_screen(pty), &screen);
    const char *at = strbuf_text(&screen);
    *x = *y = 0;
    for (; *at && *at != glyph; at++) {
        *x = *at == '\n' ? 0 : *x + ((*at & 0xc0) != 0x80); /* of a character its first byte */
        *y += *at == '\n';
    }
    *y = *at ? *y : -1;
    strbuf_release(&screen);
}

/* The item under a click is looked at: where another stood before, between brackets. */
static void a_point_is_clicked(struct pty *pty)
{
    int x, y, again_x, again_y;
    find(pty, '[', &x, &y);
    assert_true(y > 0);
    pty_send(pty, ":item 0\r");
    shows(pty, "item 0  ant number 0");
    click(pty, x + 2, y + 1);
    for (int i = 0; i < 3000; i++) {
        find(pty, '[', &again_x, &again_y);
        if (again_x == x && again_y == y)
            return;
        pty_listen(pty, 0.02);
    }
    fail_msg("the brackets stand at %d, %d, not at %d, %d", again_x, again_y, x, y);
}

static void a_table_is_walked_and_clicked(void **state)
{
    (void)state;
    struct pty *pty = start("emb.npy", "items.csv");
    shows(pty, "kind from its 20 nearest");
    shows(pty, "axes: kind");
    pty_send(pty, ":item 8\r");
    shows(pty, "item 8  cat number 8");
    a_point_is_clicked(pty);
    click(pty, 2, 25); /* the first entry of the legend: all that have this value */
    shows(pty, "30 selected");
    click(pty, 20, 1); /* the tab bar */
    shows(pty, "30 selected · the 8 nearest");
    click(pty, 2, 1);
    pty_send(pty, "\033[<65;20;10M\033[<64;20;10M"); /* the wheel: out and in */
    pty_send(pty, "o");
    shows(pty, "30 of 180 shown");
    quit(pty);
}

static void a_folder_is_followed_and_played(void **state)
{
    (void)state;
    char path[256];
    struct pty *pty = start("tables", NULL);
    shows(pty, "epoch_2.npy  step 2");
    tables_put(program_path(&p, "tables", path, sizeof path), "epoch_3", 3);
    shows(pty, "epoch_3.npy  step 3");
    pty_send(pty, ",,");
    shows(pty, "epoch_1.npy  step 1");
    pty_send(pty, " "); /* plays to the end */
    shows(pty, "epoch_3.npy  step 3");
    quit(pty);
}

/* The file that was asked for is there, however soon somebody leaves. */
static void an_export_is_waited_for(void **state)
{
    enum { ROWS = 20000, WIDE = 8 };
    (void)state;
    float *rows = malloc(sizeof(float) * ROWS * WIDE);
    assert_non_null(rows);
    for (int i = 0; i < ROWS * WIDE; i++)
        rows[i] = (float)(i * 37 % 101) - 50;
    program_put_table(&p, "many.npy", rows, ROWS, WIDE);
    free(rows);
    char line[400], path[256];
    struct pty *pty = start("many.npy", NULL);
    shows(pty, "axes: ");
    snprintf(line, sizeof line, ":export %s all\rq", program_path(&p, "soon.csv", path, sizeof path));
    pty_send(pty, line);
    assert_int_equal(pty_end(pty, patience), 0);
    shows(pty, "20000 items → ");
    pty_free(pty);
    char *text = program_get(&p, "soon.csv");
    size_t lines = 0;
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, 1 + ROWS);
    free(text);
    assert_true(program_has(&p, "soon.csv.json"));
}

/* What is said of its items stays in the run. */
static void a_finished_run_keeps_marks(void **state)
{
    (void)state;
    program_run(
        &p,
        "train tiles:n=200 -o run --steps 2 --every 2 --set batch=16 --encoder 'conv 8 /2, gap, linear 8'");
    assert_int_equal(p.status, 0);
    struct pty *pty = start("run", NULL);
    shows(pty, "a run, at step 2");
    pty_send(pty, "m");
    shows(pty, "duplicate");
    pty_send(pty, "\r");
    shows(pty, "!");
    quit(pty);
    assert_true(program_has(&p, "run/marks.csv"));
}

/* A training that goes on beside: its steps come by themselves, with z, texts and events; what was marked and
 * selected stays. */
static void a_growing_run_is_followed(void **state)
{
    (void)state;
    program_run(&p, "train tiles:n=200 -o grows --method clip --steps 8 --every 2 --stop-at 4 --set batch=16 "
                    "--encoder 'conv 8 /2, gap, linear 8'");
    assert_int_equal(p.status, 0);
    struct pty *pty = start("grows", NULL);
    shows(pty, "a run, at step 4");
    pty_send(pty, ":item 3\rm\r:select shape == square\r3");
    shows(pty, "least stable");
    program_run(&p, "train --resume grows --steps 8");
    assert_int_equal(p.status, 0);
    shows(pty, "a run, at step 8");
    shows(pty, " selected · the 8 nearest");
    pty_send(pty, "/\"small red square\"\r");
    shows(pty, "encoders of step 8");
    pty_send(pty, "7,");
    shows(pty, "step 6"); /* it was kept */
    quit(pty);
    char *marks = program_get(&p, "grows/marks.csv");
    assert_non_null(strstr(marks, "3,"));
    free(marks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_walked_and_clicked), cmocka_unit_test(a_folder_is_followed_and_played),
        cmocka_unit_test(an_export_is_waited_for),       cmocka_unit_test(a_finished_run_keeps_marks),
        cmocka_unit_test(a_growing_run_is_followed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
