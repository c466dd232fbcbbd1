/* SPDX-License-Identifier: MIT
 *
 * The terminal layer through a real pty, with a small program that draws and answers keys: this binary
 * itself, started as `test_tty demo`.
 */
#include "base/check.h"
#include "support/cmocka.h"
#include "support/pty.h"
#include "ui/term.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double patience = 60; /* seconds; only a failing test waits so long */

/* ---- the program ---- */

struct demo {
    struct terminal *term;
    struct canvas canvas;
    int width, height, keys, frames;
    char last[32];
    bool busy, stop; /* draws all the time; ends */
};

/* Its size, how many keys it got and which was the last; a busy one fills the rest with what changes. */
static void demo_draw(struct demo *demo)
{
    struct canvas *canvas = &demo->canvas;
    struct rect all = canvas_rect(canvas);
    canvas_clear(canvas);
    char line[3][64];
    snprintf(line[0], sizeof line[0], "%dx%d", demo->width, demo->height);
    snprintf(line[1], sizeof line[1], "keys %d last %s", demo->keys, demo->last);
    snprintf(line[2], sizeof line[2], "ground %d depth %d glyphs %d", (int)demo->term->theme.ground,
             (int)demo->term->theme.depth, (int)demo->term->theme.glyphs);
    for (int y = 0; y < 3; y++)
        canvas_text(canvas, all, 0, y, line[y], style_plain);
    canvas_text(canvas, all, 0, 3, "red ▲ ⣿", (struct style){0xcd0000, COLOUR_DEFAULT, ATTR_BOLD});
    if (!demo->busy)
        return;
    demo->frames++;
    for (int i = 0; i < demo->width * (demo->height - 4); i++)
        canvas_put(canvas, all, i % demo->width, 4 + i / demo->width,
                   'a' + (unsigned)(i * 7 + demo->frames) % 26,
                   theme_category(&demo->term->theme, (size_t)(i + demo->frames) % 7, COLOUR_DEFAULT));
}

static void demo_key(struct demo *demo, struct key key)
{
    demo->keys += key.code != KEYC_RESIZE;
    if (key.code != KEYC_RESIZE)
        key_name(key, demo->last, sizeof demo->last);
    switch (key.code) {
    case KEYC_RESIZE:
        demo->term->ops->size(demo->term, &demo->width, &demo->height);
        canvas_resize(&demo->canvas, demo->width, demo->height);
        break;
    case 'q': demo->stop = true; break;
    case 'b': demo->busy = !demo->busy; break;
    case 'c': CHECK(demo->busy && demo->stop); break;
    case 'e': exit(3);
    case 'y': demo->term->ops->copy(demo->term, "row 412, a small red flower"); break;
    case 'o': demo->term->ops->mouse(demo->term, false); break;
    case 26: demo->term->ops->suspend(demo->term); break;
    default: break;
    }
}

static int demo_main(void)
{
    struct err err;
    struct term_options options = {.mouse = true};
    struct demo demo = {.term = term_curses_open(&options, &err), .last = "none"};
    if (!demo.term) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    demo_key(&demo, (struct key){.code = KEYC_RESIZE});
    while (!demo.stop) {
        struct key key;
        demo_draw(&demo);
        bool shown = demo.term->ops->present(demo.term, &demo.canvas);
        struct pollfd fd = {demo.term->ops->fd(demo.term), POLLIN, 0};
        poll(&fd, 1, demo.busy && shown ? 0 : -1);
        while (!demo.stop && demo.term->ops->key(demo.term, &key))
            demo_key(&demo, key);
    }
    demo.term->ops->free(demo.term);
    canvas_release(&demo.canvas);
    return 0;
}

/* ---- the tests ---- */

static struct pty *start(const struct pty_options *options)
{
    static const char *const argv[] = {"/proc/self/exe", "demo", NULL};
    return pty_start(options, argv);
}

static const struct pty_options usual = {.rows = 24, .columns = 80, .term = "xterm-256color"};

static void assert_given_back(const struct pty *pty)
{
    struct screen_modes modes = screen_modes(pty_screen(pty));
    assert_false(modes.alternate);
    assert_false(modes.mouse);
    assert_false(modes.cursor_hidden);
    assert_false(modes.paste);
    assert_true(pty_cooked(pty));
}

static void it_starts_answers_and_ends(void **state)
{
    (void)state;
    struct pty *pty = start(&usual);
    assert_true(pty_wait(pty, "80x24", patience));
    struct screen_modes modes = screen_modes(pty_screen(pty));
    assert_true(modes.alternate && modes.mouse && modes.cursor_hidden && modes.paste);
    assert_false(pty_cooked(pty));
    pty_send(pty, "x");
    assert_true(pty_wait(pty, "keys 1 last x", patience));
    pty_send(pty, "\033[A");
    assert_true(pty_wait(pty, "last Up", patience));
    pty_send(pty, "\033"); /* nothing follows: the key by itself */
    assert_true(pty_wait(pty, "last Esc", patience));
    pty_send(pty, "\033[<0;7;9M");
    assert_true(pty_wait(pty, "last Mouse", patience));
    pty_send(pty, "q");
    assert_int_equal(pty_end(pty, patience), 0);
    assert_given_back(pty);
    pty_free(pty);
}

static void a_still_screen_sends_nothing(void **state)
{
    (void)state;
    struct pty *pty = start(&usual);
    assert_true(pty_wait(pty, "80x24", patience));
    pty_listen(pty, 0.1); /* the answer to the last frame */
    assert_int_equal(pty_listen(pty, 0.3), 0);
    pty_free(pty);
}

static void it_ends_cleanly_whatever_ends_it(void **state)
{
    (void)state;
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGTERM, SIGHUP, SIGQUIT, SIGINT};
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        struct pty *pty = start(&usual);
        assert_true(pty_wait(pty, "80x24", patience));
        pty_signal(pty, signals[i]);
        assert_int_not_equal(pty_end(pty, patience), -1);
        assert_given_back(pty);
        pty_free(pty);
    }
    static const struct {
        const char *key;
        int status;
    } ways[] = {{"e", 3}, {"c", 128 + SIGABRT}};
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct pty *pty = start(&usual);
        assert_true(pty_wait(pty, "80x24", patience));
        pty_send(pty, ways[i].key);
        assert_int_equal(pty_end(pty, patience), ways[i].status);
        assert_given_back(pty);
        if (ways[i].status > 128) /* what it says is on the screen a person sees */
            assert_true(screen_has(pty_screen(pty), "a mistake of the program"));
        pty_free(pty);
    }
}

static void the_line_may_go(void **state)
{
    (void)state;
    struct pty *pty = start(&usual);
    assert_true(pty_wait(pty, "80x24", patience));
    pty_hang_up(pty);
    assert_int_equal(pty_end(pty, patience), 128 + SIGHUP);
    pty_free(pty);
}

static void any_size_and_many_at_once(void **state)
{
    (void)state;
    struct pty *pty = start(&usual);
    assert_true(pty_wait(pty, "80x24", patience));
    pty_send(pty, "b");
    char text[32];
    for (int i = 0; i < 60; i++) { /* a storm: nobody waits */
        pty_resize(pty, 1 + i * 7 % 60, 1 + i * 13 % 200);
        pty_listen(pty, 0.002);
    }
    for (int i = 0; i < 6; i++) {
        static const int sizes[][2] = {{1, 1}, {1, 9}, {60, 200}, {2, 3}, {300, 400}, {24, 80}};
        pty_resize(pty, sizes[i][0], sizes[i][1]);
        snprintf(text, sizeof text, "%dx%d", sizes[i][1], sizes[i][0]);
        text[sizes[i][1] < 31 ? sizes[i][1] : 31] = '\0';
        assert_true(pty_wait(pty, text, patience));
    }
    pty_send(pty, "q");
    assert_int_equal(pty_end(pty, patience), 0);
    assert_given_back(pty);
    pty_free(pty);
}

/* A shell with job control between us and the program: nothing else may be stopped and continued. */
static void stopping_gives_the_terminal_to_the_shell(void **state)
{
    (void)state;
    char self[256], command[400];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(n > 0);
    self[n] = '\0';
    snprintf(command, sizeof command, "set -m; %s demo; echo stopped; read x; fg >/dev/null; echo over",
             self);
    const char *argv[] = {"/bin/bash", "--norc", "-c", command, NULL};
    struct pty *pty = pty_start(&usual, argv);
    assert_true(pty_wait(pty, "80x24", patience));
    pty_send(pty, "x");
    assert_true(pty_wait(pty, "keys 1 last x", patience));
    pty_send(pty, "\x1a");
    assert_true(pty_wait(pty, "stopped", patience));
    assert_given_back(pty);
    pty_send(pty, "\n");
    assert_true(pty_wait(pty, "keys 2 last Ctrl-Z", patience)); /* drawn anew */
    struct screen_modes modes = screen_modes(pty_screen(pty));
    assert_true(modes.alternate && modes.mouse && modes.cursor_hidden);
    pty_send(pty, "q");
    assert_true(pty_wait(pty, "over", patience));
    assert_given_back(pty);
    pty_free(pty);
}

static const char *const no_locale[] = {"LC_ALL=C", NULL};
static const char *const utf8[] = {"LC_ALL=C.UTF-8", NULL};
static const char *const truecolour[] = {"LC_ALL=C.UTF-8", "COLORTERM=truecolor", NULL};
static const char *const colourless[] = {"LC_ALL=C.UTF-8", "NO_COLOR=1", NULL};

/* One terminal: what it is taken for, and the red triangle it shows. */
static void meet(const char *term, const char *const *environment, bool mute, const char *facts, int fg,
                 const char *text)
{
    struct pty_options options = usual;
    options.term = term;
    options.environment = environment;
    options.mute = mute;
    struct pty *pty = start(&options);
    assert_true(pty_wait(pty, text, patience));
    assert_true(pty_wait(pty, facts, patience));
    assert_int_equal(screen_cell(pty_screen(pty), 0, 3).pen.fg, fg);
    pty_send(pty, "q");
    assert_int_equal(pty_end(pty, patience), 0);
    struct screen_modes modes = screen_modes(pty_screen(pty));
    assert_false(modes.alternate || modes.mouse || modes.cursor_hidden || modes.paste);
    pty_free(pty);
}

static void every_terminal_gets_what_it_can_show(void **state)
{
    (void)state;
    meet("xterm-256color", utf8, false, "depth 2 glyphs 2", 160, "red ▲ ⣿");
    meet("xterm-256color", truecolour, false, "depth 3 glyphs 2", PEN_RGB | 0xcd0000, "red ▲ ⣿");
    meet("xterm-256color", colourless, false, "depth 0 glyphs 2", PEN_DEFAULT, "red ▲ ⣿");
    meet("tmux-256color", utf8, false, "depth 2 glyphs 2", 160, "red ▲ ⣿");
    meet("linux", utf8, false, "depth 1 glyphs 0", 1, "red ^ *");
    meet("xterm", utf8, false, "depth 1 glyphs 2", 1, "red ▲ ⣿");
    meet("vt100", utf8, false, "depth 0 glyphs 2", PEN_DEFAULT, "red ▲ ⣿");
    meet("xterm-mono", utf8, false, "depth 0 glyphs 2", PEN_DEFAULT, "red ▲ ⣿");
    meet("no-such-terminal", utf8, false, "depth 2 glyphs 2", 160, "red ▲ ⣿");
    /* a locale that knows no Unicode: believed only if the terminal does not answer */
    meet("xterm-256color", no_locale, false, "depth 2 glyphs 2", 160, "red ▲ ⣿");
    meet("xterm-256color", no_locale, true, "depth 2 glyphs 0", 160, "red ^ *");
    meet("tmux-256color", no_locale, true, "depth 2 glyphs 0", 160, "red ^ *");
    meet("linux", no_locale, true, "depth 1 glyphs 0", 1, "red ^ *");
    meet("vt100", no_locale, true, "depth 0 glyphs 0", PEN_DEFAULT, "red ^ *");
    meet("xterm-mono", no_locale, true, "depth 0 glyphs 0", PEN_DEFAULT, "red ^ *");
}

static void a_light_ground_is_noticed(void **state)
{
    (void)state;
    struct pty_options options = usual;
    options.light = true;
    struct pty *pty = start(&options);
    assert_true(pty_wait(pty, "ground 1", patience));
    pty_free(pty);
    options.delay = 0.4; /* an answer that comes late counts too */
    pty = start(&options);
    assert_true(pty_wait(pty, "ground 1", patience));
    assert_true(pty_wait(pty, "keys 0", patience));
    pty_free(pty);
}

static void what_cannot_place_text_is_refused(void **state)
{
    (void)state;
    struct pty_options options = usual;
    options.term = "dumb";
    struct pty *pty = start(&options);
    assert_true(pty_wait(pty, "cannot place text", patience));
    assert_int_equal(pty_end(pty, patience), 2);
    assert_given_back(pty);
    pty_free(pty);
    char command[300], self[200];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    snprintf(command, sizeof command, "%s demo < /dev/null", self);
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    pty = pty_start(&usual, argv);
    assert_true(pty_wait(pty, "standard input is not a terminal", patience));
    assert_int_equal(pty_end(pty, patience), 2);
    pty_free(pty);
}

/* Frames are paced: a busy program on a slow line still answers a key soon, and what waits in the line is
 * little. On a line that never answers it goes on. */
static void a_slow_line_stays_quick(void **state)
{
    (void)state;
    struct pty_options options = usual;
    options.bytes_per_second = 1e6;
    options.delay = 0.05;
    struct pty *pty = start(&options);
    assert_true(pty_wait(pty, "80x24", patience));
    pty_send(pty, "b");
    pty_listen(pty, 1);
    for (int i = 0; i < 10; i++) {
        char text[32];
        snprintf(text, sizeof text, "keys %d last x", i + 2);
        double latency = pty_latency(pty, "x", text, patience);
        assert_true(latency >= 0 && latency < 0.5);
    }
    pty_free(pty);
    options = usual;
    options.mute = true;
    pty = start(&options);
    assert_true(pty_wait(pty, "80x24", patience));
    pty_send(pty, "b");
    assert_true(pty_listen(pty, 5) > 20000); /* taken for mute after three seconds */
    pty_free(pty);
}

static void copies_go_to_the_clipboard_and_the_mouse_can_be_given_back(void **state)
{
    (void)state;
    struct pty *pty = start(&usual);
    assert_true(pty_wait(pty, "80x24", patience));
    pty_send(pty, "y");
    assert_true(pty_wait(pty, "last y", patience));
    pty_send(pty, "o");
    assert_true(pty_wait(pty, "last o", patience));
    assert_false(screen_modes(pty_screen(pty)).mouse);
    pty_free(pty);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "demo") == 0)
        return demo_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_answers_and_ends),
        cmocka_unit_test(a_still_screen_sends_nothing),
        cmocka_unit_test(it_ends_cleanly_whatever_ends_it),
        cmocka_unit_test(the_line_may_go),
        cmocka_unit_test(any_size_and_many_at_once),
        cmocka_unit_test(stopping_gives_the_terminal_to_the_shell),
        cmocka_unit_test(every_terminal_gets_what_it_can_show),
        cmocka_unit_test(a_light_ground_is_noticed),
        cmocka_unit_test(what_cannot_place_text_is_refused),
        cmocka_unit_test(a_slow_line_stays_quick),
        cmocka_unit_test(copies_go_to_the_clipboard_and_the_mouse_can_be_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
