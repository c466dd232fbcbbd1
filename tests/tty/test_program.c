/* SPDX-License-Identifier: MIT
 *
 * nearfar itself ($NEARFAR) in a terminal: it starts, learns, is resized, stopped, killed, cut off, and what
 * it leaves behind is a terminal as it was and a run that --continue takes up.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include "base/check.h"
#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/pty.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double patience = 60; /* seconds; only a failing test waits so long */
static char state_folder[] = "/tmp/nearfar-tty-XXXXXX";

static const char *program(void)
{
    const char *name = getenv("NEARFAR");
    return name ? name : "build/nearfar";
}

/* A small data set and net, so that steps are quick under a sanitizer too. */
#define SMALL                                                                                                \
    "tiles:n=150", "--set", "batch=16", "--set", "bank=40", "--set", "query=30", "--every", "5",             \
        "--encoder", "conv 8 /2, norm, relu, gap, linear 16", "--no-intro", "--threads", "2"

static struct pty *start_in(const char *term, const char *const *environment, int rows, int columns)
{
    const char *const argv[] = {program(), SMALL, NULL};
    struct pty_options options = {.rows = rows, .columns = columns, .term = term, .environment = environment};
    return pty_start(&options, argv);
}

static struct pty *start(void)
{
    const char *const environment[] = {"LC_ALL=C.UTF-8", NULL};
    return start_in("xterm-256color", environment, 24, 80);
}

static void wait_for_step(struct pty *pty, int least)
{
    for (int i = 0; i < (int)patience * 50 && screen_step(pty_screen(pty)) < least; i++)
        pty_listen(pty, 0.02);
    if (screen_step(pty_screen(pty)) < least) {
        struct strbuf text = {0};
        screen_text(pty_screen(pty), &text);
        print_message("%s", strbuf_text(&text));
        strbuf_release(&text);
    }
    assert_true(screen_step(pty_screen(pty)) >= least);
}

static void assert_given_back(const struct pty *pty)
{
    struct screen_modes modes = screen_modes(pty_screen(pty));
    assert_false(modes.alternate || modes.mouse || modes.cursor_hidden || modes.paste);
    assert_true(pty_cooked(pty));
}

static void quit(struct pty *pty)
{
    pty_send(pty, "\x03");
    assert_int_equal(pty_end(pty, patience), 0);
    assert_given_back(pty);
}

/* The run that ended last goes on where it was, or further. */
static void assert_continues(int from)
{
    const char *const argv[] = {program(), "--continue", "--no-intro", "--threads", "2", NULL};
    struct pty_options options = {.rows = 24, .columns = 80, .term = "xterm-256color"};
    struct pty *pty = pty_start(&options, argv);
    wait_for_step(pty, from);
    quit(pty);
    pty_free(pty);
}

static bool has_kept_steps; /* nftw takes no context */

static int look_for_steps(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    has_kept_steps = has_kept_steps || strcmp(path + at->base, "steps.csv") == 0;
    return 0;
}

/* Written and then killed, a run has the steps it kept. */
static void what_was_written_survives_a_kill(void **state)
{
    (void)state;
    struct pty *pty = start();
    wait_for_step(pty, 6);
    pty_send(pty, "w");
    for (int i = 0; i < (int)patience * 50 && !has_kept_steps; i++) {
        pty_listen(pty, 0.02);
        nftw(state_folder, look_for_steps, 8, FTW_PHYS);
    }
    assert_true(has_kept_steps);
    pty_signal(pty, SIGKILL);
    assert_int_equal(pty_end(pty, patience), 128 + SIGKILL);
    pty_free(pty);
}

static char log_path[300]; /* of the log that holds what is looked for */
static const char *log_part;

static int look_for_log(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    char text[4096];
    (void)st;
    (void)kind;
    FILE *file = strcmp(path + at->base, "commands.txt") == 0 ? fopen(path, "rb") : NULL;
    if (!file)
        return 0;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    if (strstr(text, log_part))
        snprintf(log_path, sizeof log_path, "%s", path);
    return 0;
}

/* Killed with nothing written by hand, what was typed is there and can be played, even with its last line cut
 * in two. */
static void what_was_typed_survives_a_kill(void **state)
{
    (void)state;
    struct pty *pty = start();
    wait_for_step(pty, 6);
    pty_send(pty, ":item 17\r");
    log_part = "key Enter\n";
    log_path[0] = '\0';
    for (int i = 0; i < (int)patience * 50 && !*log_path; i++) {
        pty_listen(pty, 0.02);
        nftw(state_folder, look_for_log, 8, FTW_PHYS);
    }
    assert_true(*log_path);
    assert_true(pty_wait(pty, "item 17", patience));
    pty_signal(pty, SIGKILL);
    assert_int_equal(pty_end(pty, patience), 128 + SIGKILL);
    pty_free(pty);
    FILE *log = fopen(log_path, "ab");
    assert_non_null(log);
    fputs("@6 key Ent", log);
    fclose(log);
    const char *const argv[] = {program(), SMALL, "--play", log_path, NULL};
    const char *const environment[] = {"LC_ALL=C.UTF-8", NULL};
    struct pty_options options = {
        .rows = 24, .columns = 80, .term = "xterm-256color", .environment = environment};
    pty = pty_start(&options, argv);
    assert_true(pty_wait(pty, "that was the log", patience));
    assert_true(screen_has(pty_screen(pty), "item 17"));
    quit(pty);
    pty_free(pty);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

static const char *wanted_file;
static bool has_file;

static int look_for_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    has_file = has_file || strcmp(path + at->base, wanted_file) == 0;
    return 0;
}

/* Nobody wrote it, nothing was typed, and it is killed: --continue goes on with it all the same. */
static void a_run_survives_a_kill(void **state)
{
    (void)state;
    char home[] = "/tmp/nearfar-kill-XXXXXX", variable[80];
    assert_non_null(mkdtemp(home));
    snprintf(variable, sizeof variable, "XDG_STATE_HOME=%s", home);
    const char *const environment[] = {"LC_ALL=C.UTF-8", variable, NULL};
    struct pty *pty = start_in("xterm-256color", environment, 24, 80);
    wanted_file = "metrics.csv"; /* is written last */
    has_file = false;
    for (int i = 0; i < (int)patience * 50 && !has_file; i++) {
        pty_listen(pty, 0.02);
        nftw(home, look_for_file, 8, FTW_PHYS);
    }
    assert_true(has_file);
    pty_signal(pty, SIGKILL);
    assert_int_equal(pty_end(pty, patience), 128 + SIGKILL);
    pty_free(pty);
    const char *const argv[] = {program(), "--continue", "--no-intro", "--threads", "2", NULL};
    struct pty_options options = {
        .rows = 24, .columns = 80, .term = "xterm-256color", .environment = environment};
    pty = pty_start(&options, argv);
    wait_for_step(pty, 6);
    quit(pty);
    pty_free(pty);
    nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void it_learns_and_quits(void **state)
{
    (void)state;
    struct pty *pty = start();
    wait_for_step(pty, 3);
    quit(pty);
    assert_true(screen_has(pty_screen(pty), "the run is kept"));
    pty_free(pty);
}

/* An SGR press (and release) of the left button at a cell, from 1. */
static void press_at(struct pty *pty, int x, int y)
{
    char bytes[48];
    snprintf(bytes, sizeof bytes, "\x1b[<0;%d;%dM\x1b[<0;%d;%dm", x, y, x, y);
    pty_send(pty, bytes);
}

static void wait_for_text(struct pty *pty, const char *text)
{
    for (int i = 0; i < (int)patience * 50 && !screen_has(pty_screen(pty), text); i++)
        pty_listen(pty, 0.02);
    if (!screen_has(pty_screen(pty), text)) {
        struct strbuf screen = {0};
        screen_text(pty_screen(pty), &screen);
        print_message("'%s' is not there:\n%s", text, strbuf_text(&screen));
        strbuf_release(&screen);
        fail();
    }
}

/* The row of the screen, from 1, on which a text stands. */
static int row_of(struct pty *pty, const char *text)
{
    struct strbuf screen = {0};
    wait_for_text(pty, text);
    screen_text(pty_screen(pty), &screen);
    int row = 1;
    for (const char *at = strbuf_text(&screen), *there = strstr(at, text); at < there; at++)
        row += *at == '\n';
    strbuf_release(&screen);
    return row;
}

/* Each view of its own is shown by its key, answers the mouse, and hands back to the map. */
static void views_answer_keys_and_mouse(void **state)
{
    (void)state;
    struct pty *pty = start();
    wait_for_step(pty, 3);
    pty_send(pty, " 3");
    wait_for_text(pty, "nearest in h by value");
    press_at(pty, 45, 6); /* a neighbour in the pixels, and again: looked into */
    press_at(pty, 45, 6);
    wait_for_text(pty, "nearest, cosine");
    pty_send(pty, "2");
    wait_for_text(pty, "this item");
    wait_for_text(pty, "alike softmax");
    int negative = row_of(pty, "its positive") + 1;
    press_at(pty, 10, negative); /* the hardest, and again: large */
    wait_for_text(pty, "in z, nearer view");
    press_at(pty, 10, negative);
    wait_for_text(pty, "at the nearer view");
    pty_send(pty, "\033");
    wait_for_text(pty, "in z, nearer view");
    pty_send(pty, "4");
    wait_for_text(pty, "FMR at most 1 %");
    pty_send(pty, "\x1b[<0;50;5M\x1b[<32;40;5M\x1b[<0;40;5m"); /* dragged: no longer locked at a rate */
    wait_for_text(pty, "fixed at 0.8");
    pty_send(pty, "u"); /* the whole way */
    wait_for_text(pty, "FMR at most 1 %");
    pty_send(pty, "5");
    wait_for_text(pty, "false match, within");
    press_at(pty, 70, 9); /* misses of the second group, and again: its pairs */
    press_at(pty, 70, 9);
    wait_for_text(pty, "least alike of the same");
    press_at(pty, 40, 6); /* on the line of the threshold */
    wait_for_text(pty, "given, exploratory");
    pty_send(pty, "7");
    wait_for_text(pty, "what changed");
    press_at(pty, 4, 4); /* the start of the line */
    wait_for_text(pty, "past step 0");
    pty_send(pty, "S");
    wait_for_text(pty, "temperature");
    press_at(pty, 78, 4); /* its end */
    wait_for_text(pty, ", live");
    pty_send(pty, "5");
    wait_for_text(pty, "frozen for this audit");
    press_at(pty, 49, 1); /* the tab bar: training, then its panels by keys as everywhere */
    wait_for_text(pty, "no learning");
    pty_send(pty, "?");
    wait_for_text(pty, "Esc or ?: back");
    for (int i = 0; i < 6; i++)
        pty_send(pty, "\x1b[<65;20;10M"); /* the wheel scrolls */
    wait_for_text(pty, "numbers here");
    pty_send(pty, "?");
    press_at(pty, 2, 1); /* the tab bar */
    wait_for_text(pty, "nearest in h");
    quit(pty);
    pty_free(pty);
}

/* M lists the methods; one is taken on the running encoder, another from the start. */
static void a_method_is_picked(void **state)
{
    (void)state;
    struct pty *pty = start();
    wait_for_step(pty, 3);
    pty_send(pty, "M/queue");
    wait_for_text(pty, "no method has this");
    pty_send(pty, "\x7f\x7f\x7f\x7f\x7fslow copy\r");
    wait_for_text(pty, "target network, queue of keys");
    pty_send(pty, "\r");
    wait_for_text(pty, "tiles moco");
    pty_send(pty, "Mj");
    wait_for_text(pty, "evenly on the sphere");
    pty_send(pty, "R");
    wait_for_text(pty, "tiles align-uni");
    quit(pty);
    pty_free(pty);
}

static void a_paused_screen_sends_nothing(void **state)
{
    (void)state;
    struct pty *pty = start();
    wait_for_step(pty, 2);
    pty_send(pty, " ");
    double still = 0;
    for (int i = 0; i < 100 && still < 0.5; i++) /* the map may still be moving */
        still = pty_listen(pty, 0.1) == 0 ? still + 0.1 : 0;
    assert_true(still >= 0.5);
    assert_int_equal(pty_listen(pty, 0.5), 0);
    quit(pty);
    pty_free(pty);
}

static void any_size_from_one_cell_up(void **state)
{
    (void)state;
    static const int sizes[][2] = {{1, 1}, {1, 80}, {24, 1}, {2, 2}, {5, 20}, {12, 40}, {60, 200}, {24, 80}};
    struct pty *pty = start();
    wait_for_step(pty, 1);
    for (int i = 0; i < 40; i++) {
        pty_resize(pty, 1 + i * 7 % 60, 1 + i * 13 % 200);
        pty_listen(pty, 0.004);
    }
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        pty_resize(pty, sizes[i][0], sizes[i][1]);
        pty_send(pty, "\t?"); /* panels and help at every size */
        pty_listen(pty, 0.1);
        pty_send(pty, "?");
        pty_listen(pty, 0.05);
    }
    wait_for_step(pty, 2);
    quit(pty);
    pty_free(pty);
}

static void every_end_keeps_the_run_and_gives_the_terminal_back(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        struct pty *pty = start();
        wait_for_step(pty, 3);
        pty_signal(pty, signals[i]);
        assert_int_not_equal(pty_end(pty, patience), -1);
        assert_given_back(pty);
        pty_free(pty);
        assert_continues(3);
    }
}

static void a_lost_line_keeps_the_run(void **state)
{
    (void)state;
    struct pty *pty = start();
    wait_for_step(pty, 3);
    pty_hang_up(pty);
    assert_int_not_equal(pty_end(pty, patience), -1);
    pty_free(pty);
    assert_continues(3);
}

static void a_crash_gives_the_terminal_back(void **state)
{
    (void)state;
    static const int signals[] = {SIGSEGV, SIGABRT, SIGQUIT};
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        struct pty *pty = start();
        wait_for_step(pty, 1);
        pty_signal(pty, signals[i]);
        assert_int_not_equal(pty_end(pty, patience), -1);
        assert_given_back(pty);
        pty_free(pty);
    }
}

static void it_stops_and_goes_on(void **state)
{
    (void)state;
    const char *const argv[] = {
        "/bin/bash",
        "--norc",
        "-c",
        "set -m; \"$0\" \"$@\"; echo back in the shell; read x; fg >/dev/null; echo end of the shell",
        program(),
        SMALL,
        NULL};
    struct pty_options options = {.rows = 24, .columns = 80, .term = "xterm-256color"};
    struct pty *pty = pty_start(&options, argv);
    wait_for_step(pty, 1);
    pty_send(pty, "\x1a");
    assert_true(pty_wait(pty, "back in the shell", patience));
    assert_given_back(pty);
    pty_send(pty, "\n");
    wait_for_step(pty, 2);
    assert_true(screen_modes(pty_screen(pty)).alternate);
    pty_send(pty, "\x03");
    assert_true(pty_wait(pty, "end of the shell", patience));
    assert_given_back(pty);
    pty_free(pty);
}

static void every_terminal_and_locale(void **state)
{
    (void)state;
    static const char *const terms[] = {"xterm-256color", "tmux-256color", "linux", "vt100", "xterm-mono"};
    static const char *const utf8[] = {"LC_ALL=C.UTF-8", NULL}, *const plain[] = {"LC_ALL=C", NULL};
    for (size_t i = 0; i < 2 * ARRAY_LEN(terms); i++) {
        struct pty *pty = start_in(terms[i / 2], i % 2 ? plain : utf8, 24, 80);
        wait_for_step(pty, 1);
        pty_send(pty, "\x03");
        assert_int_equal(pty_end(pty, patience), 0);
        assert_given_back(pty);
        pty_free(pty);
    }
}

/* A box dragged with the mouse selects; u takes it back; a click on the legend selects a value. */
static void the_mouse_selects(void **state)
{
    (void)state;
    struct pty *pty = start();
    wait_for_step(pty, 1);
    pty_send(pty, " ");
    assert_true(pty_wait(pty, "paused", patience));
    pty_send(pty, "\x1b[<0;2;4M\x1b[<32;20;8M\x1b[<32;49;15M");
    assert_true(pty_wait(pty, "box: ", patience));
    pty_send(pty, "\x1b[<0;49;15m");
    assert_true(pty_wait(pty, "selected", patience));
    pty_send(pty, "u");
    assert_true(pty_wait(pty, "0 selected", patience));
    pty_send(pty, "vv"); /* a lasso, drawn by hand */
    assert_true(pty_wait(pty, "lasso: ", patience));
    pty_send(pty, "\x1b[<0;3;5M\x1b[<32;48;5M\x1b[<32;48;16M\x1b[<32;3;16M\x1b[<0;3;16m");
    assert_true(pty_wait(pty, "selected", patience));
    pty_send(pty, "u");
    assert_true(pty_wait(pty, "0 selected", patience));
    pty_send(pty, "\x1b[<0;2;16M\x1b[<0;2;16m");
    assert_true(pty_wait(pty, "o: only these", patience));
    pty_send(pty, "o");
    assert_true(pty_wait(pty, "are shown", patience));
    pty_send(pty, "\x03");
    assert_int_equal(pty_end(pty, patience), 0);
    pty_free(pty);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(state_folder))
        return -1;
    return setenv("XDG_STATE_HOME", state_folder, 1);
}

static int tear_down(void **state)
{
    (void)state;
    return nftw(state_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_survives_a_kill),
        cmocka_unit_test(what_was_typed_survives_a_kill),
        cmocka_unit_test(a_run_survives_a_kill),
        cmocka_unit_test(it_learns_and_quits),
        cmocka_unit_test(views_answer_keys_and_mouse),
        cmocka_unit_test(a_method_is_picked),
        cmocka_unit_test(a_paused_screen_sends_nothing),
        cmocka_unit_test(any_size_from_one_cell_up),
        cmocka_unit_test(every_end_keeps_the_run_and_gives_the_terminal_back),
        cmocka_unit_test(a_lost_line_keeps_the_run),
        cmocka_unit_test(a_crash_gives_the_terminal_back),
        cmocka_unit_test(it_stops_and_goes_on),
        cmocka_unit_test(every_terminal_and_locale),
        cmocka_unit_test(the_mouse_selects),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
