/* SPDX-License-Identifier: MIT
 *
 * A session from its beginning to its end: its terminal, real or in memory, and what is said afterwards.
 */
#include "app/loop.h"
#include "app/script.h"
#include "app/session.h"
#include "app/session_file.h"
#include "app/signals.h"
#include "base/check.h"
#include "base/clock.h"
#include "view/act.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { EARLY_MS = 120, DEFAULT_WIDTH = 120, DEFAULT_HEIGHT = 40 };

static struct terminal *open_terminal(const struct options *options, struct err *err)
{
    struct term_options wanted = {.color = (unsigned)option_choice(options, "color", COLOR_AUTO),
                                  .ground = (unsigned)option_choice(options, "theme", THEME_AUTO),
                                  .glyphs = (unsigned)option_choice(options, "glyphs", GLYPHS_AUTO),
                                  .mouse = !option_given(options, "no-mouse")};
    struct terminal *term = term_curses_open(&wanted, err);
    if (!term)
        err_within(err, "the screen cannot be opened (nearfar train DATA -o RUN needs none)");
    return term;
}

static struct theme script_theme(const struct options *options)
{
    static const enum depth depths[] = {DEPTH_TRUE, DEPTH_MONO, DEPTH_16, DEPTH_256, DEPTH_TRUE};
    static const enum glyph_set sets[] = {GLYPHS_BRAILLE, GLYPHS_ASCII, GLYPHS_BLOCKS, GLYPHS_BRAILLE};
    bool light = option_choice(options, "theme", THEME_AUTO) == THEME_LIGHT;
    return (struct theme){light ? GROUND_LIGHT : GROUND_DARK, depths[option_choice(options, "color", 0)],
                          sets[option_choice(options, "glyphs", 0)]};
}

static struct terminal *open_memory(const struct options *options, struct err *err)
{
    int width = DEFAULT_WIDTH, height = DEFAULT_HEIGHT;
    const char *size = option_text(options, "size", NULL);
    if (size && !script_size(size, &width, &height, err))
        return NULL;
    return term_memory_open(width, height, script_theme(options));
}

/* What fails at once (a wrong path) should say so on a screen that was never taken. */
static bool wait_a_moment(struct session *session, struct err *err)
{
    struct pollfd wake = {.fd = mailbox_wake_fd(session->mailbox), .events = POLLIN};
    return poll(&wake, 1, EARLY_MS) < 1 || session_update(session, clock_seconds(), err);
}

static bool without_terminal(const struct options *options)
{
    return option_given(options, "script") || option_given(options, "batch") ||
           option_given(options, "describe");
}

static enum exit_code say_goodbye(const struct options *options, bool fine, const char *folder,
                                  const struct err *err)
{
    if (!fine)
        return complain(options, EXIT_NO, err);
    if (*folder && !without_terminal(options))
        fprintf(stderr, "the run is kept in %s; nearfar --continue goes on with it\n", folder);
    return EXIT_FINE;
}

/* What was typed is typed again, or a script, or nothing; then the terminal is the user's. */
static bool play(struct session *session, struct terminal *term, const struct options *options,
                 bool in_memory, struct err *err)
{
    const char *log = option_text(options, "play", NULL);
    const char *script = option_text(options, "script", log);
    session->playing = log != NULL;
    if (session->steady && !script_run(session, term, script, in_memory, err))
        return false;
    session->playing = session->steady = false;
    if (in_memory || session->quit)
        return true;
    struct command live = {.kind = COMMAND_LIVE};
    if (log && session->feed && session->feed->learns) {
        session_pace(session,
                     session->pace >= 0 ? session->pace : option_number(options, "pace", DEFAULT_PACE));
        session_command(session, &live);
    }
    if (log)
        session_say(session, false, "that was the log; Space goes on from here");
    return loop_run(session, term, err);
}

static void print_words(struct session *session)
{
    struct strbuf text = {0};
    scene_words(&session->scene, &text);
    fputs(strbuf_text(&text), stdout);
    strbuf_release(&text);
}

static bool run_screen(struct session *session, const struct options *options, struct theme *theme,
                       struct err *err)
{
    bool in_memory = without_terminal(options);
    struct terminal *term = in_memory ? open_memory(options, err) : open_terminal(options, err);
    if (!term)
        return false;
    *theme = term->theme;
    bool fine = play(session, term, options, in_memory, err);
    if (fine && (option_given(options, "batch") || option_given(options, "describe")))
        print_words(session);
    term->ops->free(term);
    return fine;
}

/* Left while it was being read: that is nobody's any more, and there is nothing to write, so nothing is
 * waited for. */
static void leave_at_once(void)
{
    fflush(NULL);
    _Exit(EXIT_FINE);
}

static enum exit_code run_session(struct session *session, const struct options *options,
                                  const struct session_file *restore)
{
    struct err err;
    char folder[RUN_PATH_SIZE];
    struct theme theme = script_theme(options);
    session_begin(session, options, &theme, without_terminal(options) || option_given(options, "play"));
    session->restore = restore;
    signals_catch(session->mailbox);
    bool fine = wait_a_moment(session, &err) && run_screen(session, options, &theme, &err);
    if (fine && !session->feed)
        leave_at_once();
    struct err save_err, export_err;
    bool exported = session_finish_export(session, &export_err);
    signals_catch(NULL); /* still noted, but the mailbox goes */
    bool kept = session_end(session, folder, &save_err);
    if (!fine)
        return complain(options, EXIT_USAGE, &err);
    enum exit_code code = say_goodbye(options, kept, folder, &save_err);
    return exported ? code : complain(options, EXIT_NO, &export_err);
}

/* PATH may be a session that was written: then what it says goes before what was typed. */
enum exit_code session_run(const struct options *given)
{
    struct options options = *given;
    struct session_file *file = NULL;
    struct err err;
    if (given->n_operands && session_file_is_there(given->operand[0])) {
        file = session_file_read(given->operand[0], &err);
        if (!file || !session_file_options(file, &options, &err)) {
            session_file_free(file);
            return complain(given, EXIT_USAGE, &err);
        }
    }
    struct session *session = xcalloc(1, sizeof *session);
    enum exit_code code = run_session(session, &options, file);
    free(session);
    session_file_free(file);
    return code;
}
