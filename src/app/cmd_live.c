/* SPDX-License-Identifier: MIT
 *
 * nearfar [PATH|NAME]: training, live on the screen.
 */
#include "app/loop.h"
#include "app/script.h"
#include "app/session.h"
#include "app/setup.h"
#include "app/signals.h"
#include "base/check.h"
#include "base/clock.h"

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

static enum exit_code say_goodbye(const struct options *options, bool fine, const char *folder,
                                  const struct err *err)
{
    if (!fine)
        return complain(options, EXIT_NO, err);
    if (*folder && !option_given(options, "script"))
        fprintf(stderr, "the run is kept in %s; nearfar --continue goes on with it\n", folder);
    return EXIT_FINE;
}

static enum exit_code run_session(struct session *session, const struct options *options)
{
    struct err err;
    char folder[RUN_PATH_SIZE];
    const char *script = option_text(options, "script", NULL);
    struct theme theme = script_theme(options);
    session_begin(session, options, &theme, script != NULL);
    signals_catch(session->mailbox);
    struct terminal *term = NULL;
    bool fine = wait_a_moment(session, &err);
    if (fine)
        term = script ? open_memory(options, &err) : open_terminal(options, &err);
    fine = fine && term;
    if (fine) {
        theme = term->theme;
        fine = script ? script_run(session, term, script, &err) : loop_run(session, term, &err);
    }
    if (term)
        term->ops->free(term);
    struct err save_err;
    bool kept = session_end(session, folder, &save_err);
    signals_catch(NULL);
    if (!fine)
        return complain(options, EXIT_USAGE, &err);
    return say_goodbye(options, kept, folder, &save_err);
}

static enum exit_code run_live(const struct options *options)
{
    struct session *session = xcalloc(1, sizeof *session);
    enum exit_code code = run_session(session, options);
    free(session);
    return code;
}

const struct subcommand command_live = {
    .entry = {"live", "Train live on the screen: on tiles, which are built in, or on pictures.", NULL},
    .usage = "[PATH|NAME] [options]",
    .option = {live_options, training_options, common_options},
    .min_operands = 0,
    .max_operands = 1,
    .notes = "PATH is a folder of pictures, an IDX or CIFAR file; NAME is tiles or fashion-mnist. ? on the "
             "screen\n"
             "explains keys and numbers. The run is written when it ends, however it ends.",
    .run = run_live,
};
