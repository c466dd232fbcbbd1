/* SPDX-License-Identifier: MIT */
#include "app/script.h"

#include "app/played.h"
#include "app/signals.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/strbuf.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double patience = 60; /* seconds without a sign of work */
static const size_t script_max_bytes = 1 << 20;

struct script {
    struct session *session;
    struct terminal *term;
    struct canvas canvas;
    struct played played; /* the moments that a log names */
    bool stopped;
    bool in_memory; /* the terminal is one, so it can be resized */
};

bool script_size(const char *text, int *width, int *height, struct err *err)
{
    char *x, *end;
    long w = strtol(text, &x, 10), h = *x == 'x' ? strtol(x + 1, &end, 10) : 0;
    if (*x != 'x' || *end != '\0' || w < 1 || h < 1 || w > 1000 || h > 1000)
        return err_set(err, "%s: a size is WIDTHxHEIGHT, such as 120x40", text);
    *width = (int)w;
    *height = (int)h;
    return true;
}

static void draw(struct script *script)
{
    int width, height;
    script->term->ops->size(script->term, &width, &height);
    if (width != script->canvas.width || height != script->canvas.height)
        canvas_resize(&script->canvas, width, height);
    session_draw(script->session, 0, &script->canvas);
    script->term->ops->present(script->term, &script->canvas);
}

/* Ctrl-C ends a log that is played on a terminal, Esc only the playing. */
static void take_keys(struct script *script)
{
    struct key key;
    while (!script->in_memory && script->term->ops->key(script->term, &key)) {
        script->stopped = script->stopped || key.code == KEYC_ESCAPE;
        script->session->quit = script->session->quit || key.code == 3;
    }
}

/* Changes while something is worked: steps of the training, the share that is done of a job and of what the
 * views asked for. */
static double sign_of_work(const struct session *session)
{
    const struct snapshot *newest = session->newest;
    double steps = newest && newest->steps ? (double)series_count(newest->steps) : 0;
    double shares = 0;
    for (int kind = 0; session->requests && kind < REQUEST_KINDS; kind++)
        shares += requests_state(session->requests, (enum request_kind)kind, 0).share;
    return steps + 0.5 * job_queue_share_done(session->jobs) + shares / (4 * REQUEST_KINDS);
}

/* Until nothing is left to be worked: a finished map may ask for what is near, so it is drawn in between. */
static bool settle(struct script *script, struct err *err)
{
    double until = clock_seconds() + patience, sign = -1;
    for (int quiet = 0; quiet < 2;) {
        if (!session_update(script->session, 0, err))
            return false;
        if (sign_of_work(script->session) != sign) {
            sign = sign_of_work(script->session);
            until = clock_seconds() + patience;
        }
        quiet = session_settled(script->session) ? quiet + 1 : 0;
        draw(script);
        take_keys(script);
        if (script->session->quit)
            return true;
        if (signals_caught() || clock_seconds() > until)
            return err_set(err, "the session did not settle");
        struct pollfd wake = {.fd = mailbox_wake_fd(script->session->mailbox), .events = POLLIN};
        if (quiet == 0)
            poll(&wake, 1, 20);
    }
    return true;
}

static void press(struct script *script, struct key key)
{
    session_key(script->session, key, &script->canvas);
}

static bool press_named(struct script *script, char *names, struct err *err)
{
    char *rest = names, *name;
    while ((name = strsep(&rest, " "))) {
        if (!*name)
            continue;
        struct key key = {.code = key_by_name(name)};
        if (key.code == KEY_NONE)
            return err_set(err, "%s: there is no such key", name);
        press(script, key);
        if (!settle(script, err))
            return false;
    }
    return true;
}

/* One UTF-8 character; the script was checked for nothing, so anything else counts byte by byte. */
static uint32_t next_character(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    int more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc0 ? 1 : 0;
    uint32_t code = more == 3 ? p[0] & 7u : more == 2 ? p[0] & 15u : more == 1 ? p[0] & 31u : p[0];
    int used = 1;
    for (; used <= more && (p[used] & 0xc0) == 0x80; used++)
        code = code << 6 | (p[used] & 63u);
    *text += used;
    return code;
}

static bool type(struct script *script, const char *text)
{
    while (*text)
        press(script, (struct key){.code = next_character(&text)});
    return true;
}

static bool train_steps(struct script *script, const char *argument, struct err *err)
{
    double n;
    if (!text_to_double(argument, &n) || n < 1 || n > 1e6)
        return err_set(err, "steps %s: say how many", argument);
    struct command command = {.kind = COMMAND_STEP, .number = n};
    session_command(script->session, &command);
    return true;
}

static bool train_on(struct script *script, uint64_t step, struct err *err)
{
    uint64_t here = script->session->newest->step;
    struct command command = {.kind = COMMAND_STEP, .number = (double)(step - here)};
    session_command(script->session, &command);
    return settle(script, err);
}

/* The moment that training stands at is kept; where it is to be branched from, its state too. */
static bool keep_moment(struct script *script, const struct named_moment *named, struct err *err)
{
    struct command keep = {.kind = COMMAND_KEEP};
    const struct snapshot *newest = script->session->newest;
    if (!named->state || newest->state || newest->step != named->moment.step)
        return true;
    session_command(script->session, &keep);
    return settle(script, err);
}

/* By the moments on the way that a log will look back at. */
static bool train_by(struct script *script, uint64_t step, struct err *err)
{
    const struct session *session = script->session;
    const struct named_moment *named;
    uint64_t run = session->newest->run;
    while ((named = played_next(&script->played, run, session->newest->step, step))) {
        uint64_t here = session->newest->step;
        if (!train_on(script, named->moment.step, err) || !keep_moment(script, named, err))
            return false;
        if (session->newest->run != run || session->newest->step <= here)
            return true; /* it has failed */
    }
    return session->newest->step >= step || train_on(script, step, err);
}

/* To that step of the run as it is now; nothing if it is there already. */
static bool train_to(struct script *script, const char *argument, struct err *err)
{
    double step;
    struct session *session = script->session;
    if (!text_to_double(argument, &step) || step < 0 || step > 1e9)
        return err_set(err, "@%.20s: behind @ stands a step", argument);
    if (!session->newest || step <= (double)session->newest->step)
        return true;
    bool fine = train_by(script, (uint64_t)step, err);
    if (session->playing)
        command_log_stand(&session->log, session->newest);
    return fine;
}

/* mouse WHAT X Y */
static bool point(struct script *script, const char *argument, struct err *err)
{
    static const char *const names[] = {"press", "drag", "release", "wheel-up", "wheel-down"};
    struct key key = {.code = KEYC_MOUSE};
    char what[16];
    size_t i = 0;
    if (sscanf(argument, "%15s %d %d", what, &key.mouse.x, &key.mouse.y) != 3)
        return err_set(err, "mouse %.40s: say what and where, as in mouse press 10 5", argument);
    while (i < ARRAY_LEN(names) && strcmp(names[i], what) != 0)
        i++;
    if (i == ARRAY_LEN(names))
        return err_set(err, "mouse %s: press, drag, release, wheel-up or wheel-down", what);
    key.mouse.what = (unsigned)i;
    press(script, key);
    return true;
}

static bool resize(struct script *script, const char *argument, struct err *err)
{
    int width, height;
    if (!script_size(argument, &width, &height, err))
        return false;
    if (script->in_memory)
        term_memory_resize(script->term, width, height);
    return true;
}

static bool dump(struct script *script, const char *name, bool styles)
{
    struct strbuf out = {0};
    canvas_dump(term_memory_canvas(script->term), styles, &out);
    printf("== %s ==\n%s", name, strbuf_text(&out));
    strbuf_release(&out);
    return true;
}

/* Cuts "@120 " off the front of a line, as what is returned; NULL: it has none. */
static const char *cut_step(char **line)
{
    char *step = *line;
    if (*step != '@')
        return NULL;
    *line += strcspn(*line, " ");
    if (**line)
        *(*line)++ = '\0';
    return step + 1;
}

static bool obey(struct script *script, char *line, struct err *err)
{
    const char *step = cut_step(&line);
    char *argument = line + strcspn(line, " ");
    if (*argument)
        *argument++ = '\0';
    if (step && !train_to(script, step, err))
        return false;
    if (line[0] == '#' || line[0] == '\0')
        return true;
    if (strcmp(line, "mouse") == 0)
        return point(script, argument, err);
    if (strcmp(line, "key") == 0)
        return press_named(script, argument, err);
    if (strcmp(line, "type") == 0)
        return type(script, argument);
    if (strcmp(line, "steps") == 0)
        return train_steps(script, argument, err);
    if (strcmp(line, "resize") == 0)
        return resize(script, argument, err);
    if (strcmp(line, "dump") == 0 || strcmp(line, "dump+") == 0)
        return dump(script, argument, line[4] == '+');
    if (played_knows(line))
        return played_obey(script->session, line, argument, err);
    return err_set(err, "%s: there is no such order (key, type, mouse, steps, resize, dump)", line);
}

/* Of a log that was cut off (a full disk, a lost machine) the last line may be half of one: it is left out. A
 * script that somebody wrote may end without a line's end. */
static void leave_out_half_a_line(char *text)
{
    if (strncmp(text, COMMAND_LOG_HEAD, strlen(COMMAND_LOG_HEAD)) != 0)
        return;
    char *end = strrchr(text, '\n');
    end[1] = '\0';
}

static bool run_lines(struct script *script, char *text, struct err *err)
{
    char *rest = text, *line;
    for (int number = 1; (line = strsep(&rest, "\n")) && !script->session->quit && !script->stopped; number++)
        if (!obey(script, line, err) || (!script->session->quit && !settle(script, err)))
            return err_within(err, "line %d", number);
    return true;
}

bool script_run(struct session *session, struct terminal *term, const char *path, bool in_memory,
                struct err *err)
{
    struct script script = {.session = session, .term = term, .in_memory = in_memory};
    size_t length;
    char *text = path ? file_read(path, script_max_bytes, &length, err) : xstrdup("");
    if (!text)
        return false;
    leave_out_half_a_line(text);
    played_read(&script.played, text);
    session_take_terminal(session, term);
    canvas_init(&script.canvas, 0, 0);
    bool fine = settle(&script, err);
    bool trains = fine && session->feed && session->feed->learns;
    const char *until = trains ? option_text(session->options, "until", NULL) : NULL;
    if (fine && !path && until)
        fine = train_to(&script, until, err);
    fine = fine && (run_lines(&script, text, err) || err_within(err, "%s", path ? path : ""));
    canvas_release(&script.canvas);
    played_release(&script.played);
    free(text);
    return fine;
}
