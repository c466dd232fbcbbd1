/* SPDX-License-Identifier: MIT
 *
 * What views may ask of a session: the functions behind struct post.
 */
#include "app/session.h"

#include "app/session_file.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>

void session_say(struct session *session, bool bad, const char *text)
{
    snprintf(session->scene.message, sizeof session->scene.message, "%s", text);
    session->scene.message_bad = bad;
    session->dirty = true;
}

/* What is looked at is nobody's business but the trainer's, who draws its two views. */
static uint32_t nothing_trains(struct session *session, enum command_kind kind)
{
    if (kind != COMMAND_INSPECT && kind != COMMAND_STOP)
        session_say(session, false, "nothing trains here: what is shown was made elsewhere");
    return 0;
}

/* A script says when to train: a run that begins waits for it, and none runs on. */
static bool fits_script(struct command *command)
{
    command->paused = true;
    return command->kind != COMMAND_RUN;
}

uint32_t session_command(struct session *session, const struct command *command)
{
    struct command wanted = *command;
    if (session->feed && !session->feed->learns)
        return nothing_trains(session, command->kind);
    if (session->steady && !fits_script(&wanted)) {
        session_say(session, false, "a script trains by its own line: steps 20");
        return 0;
    }
    uint32_t seq = commands_put(session->commands, &wanted);
    if (seq)
        session->command_seq = seq;
    else
        session_say(session, true, "the trainer is busy; try again");
    command_log_posted(&session->log, command, seq);
    return seq;
}

/* Running on and starting again end a stay in the past; there, what is shown is no guide to whether the
 * trainer runs: it was paused when the stay began. */
static void post_command(void *ctx, const struct command *command)
{
    struct session *session = ctx;
    struct command wanted = *command;
    bool ends =
        command->kind == COMMAND_RUN || command->kind == COMMAND_PAUSE || command->kind == COMMAND_RESTART;
    if (ends && !history_is_live(session->history)) {
        history_go_live(session->history);
        session_show(session, session->newest);
        if (command->kind == COMMAND_PAUSE)
            wanted = (struct command){.kind = COMMAND_RUN, .number = -1};
    }
    bool when = wanted.kind == COMMAND_RUN || wanted.kind == COMMAND_PAUSE || wanted.kind == COMMAND_STEP;
    if (!session->playing || !when) /* the log says when to train */
        session_command(session, &wanted);
}

/* A run's first moment is its untrained net; of tables it is the first of several. */
static const struct snapshot *first_moment(const struct session *session)
{
    const struct snapshot *first = session->first;
    bool there =
        session->scene.of_run ? first && first->step == 0 : first && first->step < session->newest->step;
    return there ? first : NULL;
}

struct request_scene session_request_scene(const struct session *session)
{
    const struct feed *feed = session->feed;
    return (struct request_scene){session->scene.data,
                                  first_moment(session),
                                  session->found[REQUEST_MAP],
                                  feed && feed->queries.n ? &feed->queries : NULL,
                                  session->pairs,
                                  feed && feed->learns && history_is_live(session->history),
                                  NULL};
}

static void post_request(void *ctx, const struct request *request)
{
    struct session *session = ctx;
    struct request_scene scene = session_request_scene(session);
    requests_post(session->requests, request, &scene);
}

static void post_asks(void *ctx, unsigned kinds)
{
    struct session *session = ctx;
    requests_keep(session->requests, kinds);
}

static void post_pairs(void *ctx, const char *path)
{
    session_read_pairs(ctx, path);
}

static void post_work(void *ctx, enum request_kind kind, bool again)
{
    struct session *session = ctx;
    if (again)
        requests_again(session->requests, kind);
    else
        requests_stop(session->requests, kind);
}

static void post_say(void *ctx, bool bad, const char *text)
{
    session_say(ctx, bad, text);
}

static void post_quit(void *ctx)
{
    struct session *session = ctx;
    session->quit = true;
}

static void post_copy(void *ctx, const char *text)
{
    struct session *session = ctx;
    session->term->ops->copy(session->term, text);
}

static const struct snapshot *travel_to(struct history *history, enum action action)
{
    switch (action) {
    case ACTION_STEP_BACK: return history_move(history, -1);
    case ACTION_STEP: return history_move(history, 1);
    case ACTION_EVENT_BACK: return history_move_to_event(history, -1);
    default: return history_move_to_event(history, 1);
    }
}

/* Where the screen has come to, and how far back that is; `asked` is the step that somebody named. "step 220,
 * the kept one nearest to 224; 200 before the end". */
static void where(struct session *session, const struct snapshot *at, uint64_t asked, char *text, size_t size)
{
    bool time = session->scene.choice.view == (int)(ACTION_VIEW_TIME - ACTION_VIEW_MAP);
    char which[64] = ",", next[80] = "; . goes on, Space plays, 7 G: live";
    session_update_plan(session);
    const struct branch_plan *plan = session->scene.plan;
    if (time && plan && plan->from)
        snprintf(next, sizeof next, "; b: branch from step %llu, S: settings, G: live",
                 (unsigned long long)plan->from->step);
    if (asked != at->step)
        snprintf(which, sizeof which, ", the kept one nearest to %llu;", (unsigned long long)asked);
    else if (at == history_first(session->history))
        snprintf(which, sizeof which, ", the first;");
    snprintf(text, size, "step %llu%s %llu before the end%s", (unsigned long long)at->step, which,
             (unsigned long long)(session->newest->step - at->step), next);
}

/* Where the history stands now, on the screen; training waits while it is the past. `asked` NULL: by a key.
 */
static void arrive(struct session *session, bool was_live, const uint64_t *asked)
{
    struct command pause = {.kind = COMMAND_PAUSE};
    const struct snapshot *at = history_at(session->history);
    bool live = history_is_live(session->history);
    char text[200] = "live";
    session->walks = false;
    if (was_live && !live)
        session_command(session, &pause);
    session_show(session, live ? session->newest : at);
    if (!live)
        where(session, at, asked ? *asked : at->step, text, sizeof text);
    session_say(session, false, text);
}

void session_pace(struct session *session, double pace)
{
    struct command command = {.kind = COMMAND_PACE, .number = pace};
    command_log_pace(&session->log, session->newest);
    session_command(session, &command);
    session->pace = pace;
}

/* A log that is played: whatever the keys before it came to. */
void session_look(struct session *session, const struct log_moment *moment)
{
    struct history *history = session->history;
    const struct snapshot *at = session->shown;
    bool live = history_is_live(history);
    if (!at || (live && !moment->there) || (!live && moment->there && at->step == moment->step))
        return;
    if (moment->there)
        at = history_move_to_step(history, moment->step);
    else
        history_go_live(history);
    session_show(session, history_is_live(history) ? session->newest : at);
}

static void post_travel(void *ctx, enum action action)
{
    struct session *session = ctx;
    bool was_live = history_is_live(session->history);
    if (travel_to(session->history, action))
        arrive(session, was_live, NULL);
}

static void post_travel_to(void *ctx, uint64_t step)
{
    struct session *session = ctx;
    bool was_live = history_is_live(session->history);
    if (history_move_to_step(session->history, step))
        arrive(session, was_live, &step);
}

static void post_pin(void *ctx)
{
    struct session *session = ctx;
    const struct snapshot *pinned = session->pinned;
    char text[120];
    if (!pinned && !session->shown)
        return;
    session->pinned = pinned ? NULL : snapshot_ref(session->shown);
    if (pinned)
        snprintf(text, sizeof text, "A was step %llu: nothing is pinned now",
                 (unsigned long long)pinned->step);
    else
        snprintf(text, sizeof text, "A is step %llu: every view shows what changed since; p again: unpin",
                 (unsigned long long)session->pinned->step);
    snapshot_unref(pinned);
    session_say(session, false, text);
}

/* A folder of a run is made by the trainer; the session may be quicker. */
static bool keep(struct session *session, const char *path, char used[RUN_PATH_SIZE], struct err *err)
{
    const char *folder = session->feed ? session->feed->folder : NULL;
    if (!path && !folder)
        return err_set(err, "which file? :w FILE, as nothing is written here by itself");
    if (path)
        snprintf(used, RUN_PATH_SIZE, "%s", path);
    else
        run_path(used, folder, session->feed->learns ? RUN_SESSION : RUN_EXPLORED); /* beside the run's own */
    const struct feed *feed = session->feed;
    struct session_origin origin = {feed && feed->learns ? folder : NULL,
                                    feed && !feed->learns ? session->options : NULL};
    if (folder && feed->learns && folder_make(folder, err)) /* the trainer writes the rest of it there */
        session_start_keeping(session);
    return (path || folder_make(folder, err)) && session_file_write(used, &session->scene, &origin, err);
}

static void post_keep(void *ctx, const char *path)
{
    struct session *session = ctx;
    char used[RUN_PATH_SIZE], text[240];
    struct err err;
    bool fine = keep(session, path, used, &err);
    snprintf(text, sizeof text, fine ? "session written; nearfar %.180s goes on with it" : "%.200s",
             fine ? used : err.text);
    session_say(session, !fine, text);
}

/* In the past: through the kept steps by itself, or stop. */
static void post_play(void *ctx)
{
    struct session *session = ctx;
    session->walks = !session->walks && !history_is_live(session->history) && !session->steady;
    session->dirty = true;
}

static void post_mark_step(void *ctx)
{
    struct session *session = ctx;
    uint64_t step = session->shown ? session->shown->step : 0;
    char text[80];
    if (!session->shown || !history_mark(session->history, step))
        return;
    bool marked = history_is_marked(session->history, step);
    snprintf(text, sizeof text, marked ? "step %llu stays in the history" : "step %llu may be thinned out",
             (unsigned long long)step);
    session_say(session, false, text);
}

static bool post_plan(void *ctx, const struct setting_change *change)
{
    return session_plan(ctx, change);
}

static void post_branch(void *ctx, const char *name)
{
    if (name)
        session_name_branch(ctx, name);
    else
        session_branch(ctx);
}

static void post_switch(void *ctx, size_t i)
{
    session_switch(ctx, i);
}

static void post_chance(void *ctx, size_t i, uint64_t step)
{
    session_chance(ctx, i, step);
}

static void post_terminal(void *ctx, enum action action)
{
    struct session *session = ctx;
    struct terminal *term = session->term;
    if (action == ACTION_SUSPEND) {
        term->ops->suspend(term);
    } else if (action == ACTION_REDRAW) {
        term->ops->redraw(term);
    } else if (action == ACTION_MOUSE && term->ops->mouse) {
        session->mouse = !session->mouse;
        term->ops->mouse(term, session->mouse);
        session_say(session, false,
                    session->mouse ? "the mouse points at items" : "the terminal selects text");
    }
}

void session_posts(struct session *session)
{
    session->post = (struct post){.ctx = session,
                                  .command = post_command,
                                  .request = post_request,
                                  .asks = post_asks,
                                  .work = post_work,
                                  .pairs = post_pairs,
                                  .say = post_say,
                                  .quit = post_quit,
                                  .travel = post_travel,
                                  .travel_to = post_travel_to,
                                  .export = session_export,
                                  .keep = post_keep,
                                  .pin = post_pin,
                                  .play = post_play,
                                  .mark_step = post_mark_step,
                                  .plan = post_plan,
                                  .branch = post_branch,
                                  .switch_branch = post_switch,
                                  .chance = post_chance};
}

void session_take_terminal(struct session *session, struct terminal *term)
{
    session->term = term;
    session->scene.theme = &term->theme; /* the terminal may correct it later */
    session->mouse = !option_given(session->options, "no-mouse");
    session->post.copy = term->ops->copy ? post_copy : NULL;
    session->post.terminal = post_terminal;
}
