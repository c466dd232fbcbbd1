/* SPDX-License-Identifier: MIT */
#include "app/session.h"

#include "answer/pairs_list.h"
#include "app/session_file.h"
#include "base/check.h"
#include "base/file.h"
#include "view/held.h"
#include "view/matcher.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANALYSIS_NICE = 10 };
static const double map_moves_for = 0.25; /* seconds */
static const double walk_seconds = 0.15;  /* a kept step */

const struct option live_options[] = {
    {"pace", 0, OPTION_NUMBER, "N", 0, 1e6, "training steps a second (10); 0: as fast as it can"},
    {"until", 0, OPTION_WHOLE, "N", 0, 1e9, "pause at step N"},
    {"continue", 0, OPTION_FLAG, NULL, 0, 0, "go on with the live run that ended last"},
    {"no-intro", 0, OPTION_FLAG, NULL, 0, 0, "leave out the first seconds' story"},
    {0},
};

const struct option screen_options[] = {
    {"history", 0, OPTION_BYTES, "SIZE", 1 << 20, 1e12, "memory for past steps (64M)"},
    {"nice", 0, OPTION_WHOLE, "N", 0, 19, "how far training steps back for the screen (19); 0: not at all"},
    {"color", 0, OPTION_CHOICE, "auto|never|16|256|true", 0, 0, "colours of the terminal"},
    {"theme", 0, OPTION_CHOICE, "auto|dark|light", 0, 0, "its ground"},
    {"glyphs", 0, OPTION_CHOICE, "auto|ascii|blocks|all", 0, 0, "what it can draw"},
    {"no-mouse", 0, OPTION_FLAG, NULL, 0, 0, "leave the mouse to the terminal"},
    {"script", 0, OPTION_TEXT, "FILE", 0, 0,
     "no terminal: take keys from FILE and print the screen where it says so"},
    {"play", 0, OPTION_TEXT, "FILE", 0, 0, "do again what was typed: commands.txt of a run, or a script"},
    {"batch", 0, OPTION_FLAG, NULL, 0, 0, "with --play: no terminal; the screen in words at the end"},
    {"describe", 0, OPTION_FLAG, NULL, 0, 0, "no terminal: train to --until, then the screen in words"},
    {"size", 0, OPTION_TEXT, "WxH", 0, 0, "of the screen without a terminal (120x40)"},
    {0},
};

const struct option table_options[] = {
    {"items", 0, OPTION_TEXT, "ITEMS.csv", 0, 0, "what is known of each row of a table, in its order"},
    {"key", 0, OPTION_TEXT, "COLUMN", 0, 0,
     "join --items by this column instead: of the table, or row numbers"},
    {"images", 0, OPTION_TEXT, "DIR", 0, 0, "pictures of the rows, by the column `file` or in their order"},
    {"xy", 0, OPTION_TEXT, "COL,COL", 0, 0, "two columns of numbers that are the map: made elsewhere"},
    {"pairs", 0, OPTION_TEXT, "PAIRS.csv", 0, 0,
     "pairs for the audit view: id_a, id_b, and same (1 or 0) or score or both"},
    {"queries", 0, OPTION_TEXT, "Q.npy", 0, 0, "vectors to rank the rows by, as wide as they are: /query 0"},
    {0},
};

/* ---- opening ---- */

struct open_job {
    const struct options *options;
    struct inbox *inbox;
};

/* What the job leaves in the inbox. */
struct opened {
    struct feed *feed; /* NULL: err says why */
    struct pairs_list *pairs;
    struct err err;
};

static void opened_free(struct opened *opened)
{
    if (opened) {
        feed_free(opened->feed);
        pairs_list_unref(opened->pairs);
    }
    free(opened);
}

static void open_feed(void *argument, struct progress *progress)
{
    struct open_job *job = argument;
    struct opened *opened = xcalloc(1, sizeof *opened);
    const char *pairs = option_text(job->options, "pairs", NULL);
    opened->feed = feed_open(job->options, progress, &opened->err);
    if (opened->feed && pairs &&
        !(opened->pairs = pairs_list_read(pairs, opened->feed->data, &opened->err))) {
        feed_free(opened->feed);
        opened->feed = NULL;
    }
    opened_free(inbox_put(job->inbox, SLOT_OPENED, opened));
}

void session_begin(struct session *session, const struct options *options, const struct theme *theme,
                   bool steady)
{
    *session =
        (struct session){.options = options, .steady = steady, .dirty = true, .journal = -1, .pace = -1};
    session->mailbox = mailbox_new();
    session->commands = commands_new();
    session->inbox = inbox_new(session->mailbox);
    int nice = option_number(options, "nice", TRAINER_NICE) > 0 ? ANALYSIS_NICE : 0;
    session->jobs = job_queue_new(nice);
    session->requests = requests_new(nice, session->inbox);
    session->history_budget = (size_t)option_number(options, "history", HISTORY_BYTES);
    session->history = history_new(session->history_budget);
    session->nothing = (struct dataset){.label = NO_COLUMN,
                                        .group = NO_COLUMN,
                                        .identity = NO_COLUMN,
                                        .caption = NO_COLUMN,
                                        .split = NO_COLUMN,
                                        .name = xstrdup(options->n_operands ? options->operand[0] : "tiles"),
                                        .args = xstrdup("")};
    scene_init(&session->scene, &session->nothing, theme);
    session_posts(session);
    struct open_job *job = xcalloc(1, sizeof *job);
    *job = (struct open_job){options, session->inbox};
    job_queue_put(
        session->jobs,
        (struct job){.run = open_feed, .drop = free, .argument = job, .progress = &session->opening});
}

static void start_feed(struct session *session)
{
    struct feed *feed = session->feed;
    struct feed_links links = {session->options, session->mailbox, session->commands, session->steady};
    struct command pause = {.kind = COMMAND_PAUSE};
    if (session->steady && feed->learns) /* a script says itself when to step */
        session_command(session, &pause);
    else if (feed->learns)
        session_pace(session, option_number(session->options, "pace", DEFAULT_PACE));
    if (feed->note[0])
        session_say(session, false, feed->note);
    feed->kind->start(feed, &links);
    if (!feed->learns) { /* all cores are there for long work */
        session->pool = pool_new(cores_available(), ANALYSIS_NICE);
        requests_share(session->requests, session->pool);
    }
}

/* The map and the ranking that the command line names. */
static void begin_as_asked(struct scene *scene, const struct feed *feed)
{
    struct choice *choice = &scene->choice;
    scene->n_queries = feed->queries.n;
    if (feed->queries.n)
        snprintf(choice->search, sizeof choice->search, "query 0");
    if (feed->xy[0] == feed->xy[1])
        return;
    choice->axes = AXES_COLUMNS;
    for (int i = 0; i < 2; i++)
        choice->component[i] = choice->xy[i] = feed->xy[i];
}

static bool take_opened(struct session *session, struct err *err)
{
    struct opened *opened = inbox_take(session->inbox, SLOT_OPENED);
    if (!opened)
        return true;
    struct feed *feed = session->feed = opened->feed;
    struct pairs_list *pairs = opened->pairs;
    if (!feed)
        *err = opened->err;
    free(opened);
    if (!feed)
        return false;
    const struct theme *theme = session->scene.theme;
    scene_release(&session->scene);
    scene_init(&session->scene, feed->data, theme);
    session->scene.split_rule = feed->split_rule;
    session->scene.protocol = feed->protocol;
    session->scene.elsewhere = !feed->learns;
    session->scene.of_run = feed->folder != NULL;
    session->scene.sensitivity = feed->sensitivity;
    if (feed->sensitivity) {
        session->scene.choice.view = ACTION_VIEW_TIME - ACTION_VIEW_MAP;
        session->scene.choice.time.list = TIME_FACTORS;
    }
    begin_as_asked(&session->scene, feed);
    if (pairs)
        session_take_pairs(session, pairs);
    if (feed->fresh && !session->steady && !session->restore && !option_given(session->options, "no-intro"))
        session->scene.intro_seconds = 0;
    start_feed(session);
    session_take_marks(session); /* what is wrong with them is said last */
    session->dirty = true;
    return true;
}

/* ---- what the feed sends ---- */

static void replace_snapshot(const struct snapshot **held, const struct snapshot *with)
{
    const struct snapshot *before = *held;
    *held = with ? snapshot_ref(with) : NULL;
    snapshot_unref(before);
}

/* The curves of a run that was restarted stay, the latest four. */
static void keep_earlier(struct session *session, const struct snapshot *before, const struct snapshot *after)
{
    struct scene *scene = &session->scene;
    if (!before->steps || series_count(before->steps) == 0)
        return;
    if (scene->n_earlier == EARLIER_RUNS) {
        series_unref(scene->earlier[0].steps);
        series_unref(scene->earlier[0].measured);
        memmove(scene->earlier, scene->earlier + 1, (EARLIER_RUNS - 1) * sizeof *scene->earlier);
        scene->n_earlier--;
    }
    struct earlier_run *run = &scene->earlier[scene->n_earlier++];
    run->steps = series_ref(before->steps);
    run->measured = series_ref(before->measured);
    settings_had(&before->settings, &after->settings, run->differs, sizeof run->differs);
    if (!*run->differs)
        snprintf(run->differs, sizeof run->differs, "same settings");
}

void session_show(struct session *session, const struct snapshot *snapshot)
{
    replace_snapshot(&session->shown, snapshot);
    session->scene.now = session->shown;
    session->dirty = true;
}

/* What went wrong is to be read before anything else is said: the next key takes it away. */
static bool still_bad(const struct session *session)
{
    return session->scene.message_bad && session->scene.message[0];
}

static void take_snapshot(struct session *session)
{
    struct snapshot *snapshot = mailbox_take(session->mailbox);
    if (!snapshot)
        return;
    if (session->newest && snapshot->run != session->newest->run)
        keep_earlier(session, session->newest, snapshot);
    if (snapshot->n_probe > 0 &&
        (session->n_branches == 0 || session->branch[session->n_branches - 1].run != snapshot->run))
        session_new_run(session, snapshot);
    if (snapshot->n_probe > 0) {
        history_add(session->history, snapshot);
        if (snapshot->more && session->feed && session->feed->past &&
            past_is_marked(session->feed->past, snapshot->step))
            history_mark(session->history, snapshot->step);
        replace_snapshot(&session->first, history_first(session->history));
    }
    if (snapshot->message_seq != session->message_seq && snapshot->message[0] && !still_bad(session))
        session_say(session, snapshot->status == TRAIN_FAILED || snapshot->message_bad, snapshot->message);
    session->message_seq = snapshot->message_seq;
    replace_snapshot(&session->newest, snapshot);
    command_log_settle(&session->log, snapshot);
    if (!session->playing) /* a log says itself where training stood */
        command_log_stand(&session->log, snapshot);
    if (history_is_live(session->history))
        session_show(session, snapshot);
    snapshot_unref(snapshot);
}

/* A script passes nothing over: the next moment is taken when all that was asked of this one is answered (a
 * map is aligned with the map before, so which maps there were would show). */
static void take_snapshot_in_turn(struct session *session)
{
    if (!session->steady || requests_idle(session->requests))
        take_snapshot(session);
    else
        mailbox_hush(session->mailbox);
}

static void wake_for_next(struct session *session)
{
    if (session->steady && requests_idle(session->requests) && mailbox_is_full(session->mailbox))
        mailbox_wake(session->mailbox);
}

/* ---- what the worker sends ---- */

/* The map before it is kept to move from. */
static void keep_map_before(struct session *session, const struct result *map, double now)
{
    const struct result *before = session->found[REQUEST_MAP];
    bool same_items = before && before->run == map->run && before->map.n == map->map.n;
    result_unref(session->map_before);
    session->map_before = same_items ? result_ref(before) : NULL;
    session->map_since = now;
}

static void take_results(struct session *session, double now)
{
    for (int kind = 0; kind < REQUEST_KINDS; kind++) {
        struct result *result = requests_take(session->requests, (enum request_kind)kind);
        if (!result)
            continue;
        if (kind == REQUEST_MAP)
            keep_map_before(session, result, now);
        result_unref(session->found[kind]);
        session->found[kind] = result;
        session->dirty = true;
    }
}

/* Marks are kept at once; what was exported is said. */
static void take_writing(struct session *session)
{
    struct err err;
    if (!session_keep_marks(session, &err) || !session_keep_name(session, &err))
        session_say(session, true, err.text);
    session_update_export(session);
    session_update_pairs(session);
}

/* Without a clock nothing takes time. */
static void take_work_states(struct session *session, double now)
{
    session->works = session->searches || (!session->feed && !session->steady);
    session->scene.opened = !session->feed && !session->steady ? progress_share(&session->opening) : -1;
    for (int kind = 0; kind < REQUEST_KINDS; kind++) {
        struct work_state *work = &session->scene.work[kind];
        *work = requests_state(session->requests, (enum request_kind)kind, now);
        session->works = session->works || (work->is == WORK_RUNS && !session->steady);
        work->seconds = session->steady ? 0 : work->seconds;
    }
}

/* Between keys, so that they are answered; without a clock at once. */
static void search_on(struct session *session)
{
    static const double slice = 0.008; /* seconds */
    bool before = session->searches;
    session->searches = scene_match(&session->scene, session->steady ? (double)INFINITY : slice);
    session->dirty = session->dirty || (before && !session->searches);
}

static double map_share(const struct session *session, double now)
{
    if (!session->map_before || session->steady)
        return 1;
    double share = fmin(1, fmax(0, (now - session->map_since) / map_moves_for));
    return share * share * (3 - 2 * share); /* slow at both ends */
}

/* The next kept step when its time has come; the newest ends it. */
static void walk(struct session *session, double now)
{
    if (!session->walks || now < session->walked_at + walk_seconds)
        return;
    session->walked_at = now;
    const struct snapshot *at = history_move(session->history, 1);
    session->walks = !history_is_live(session->history);
    session_show(session, session->walks ? at : session->newest);
}

/* The moment a session was written at: of a training that is gone on with not its untrained net, which comes
 * first, of a timeline the newest. */
static bool restorable(const struct snapshot *now)
{
    return now && now->n_probe > 0 && !now->more && now->status != TRAIN_PREPARING;
}

bool session_update(struct session *session, double now, struct err *err)
{
    if (!session->feed && !take_opened(session, err))
        return false;
    take_snapshot_in_turn(session);
    take_results(session, now);
    walk(session, now);
    session_list_branches(session);
    take_writing(session);
    session_append_log(session, now);
    session_keep_steps_now_and_then(session, now);
    struct scene *scene = &session->scene;
    memcpy(scene->found, session->found, sizeof scene->found);
    scene->map = session->found[REQUEST_MAP];
    scene->map_before = session->map_before;
    scene->map_share = map_share(session, now);
    scene->past = !history_is_live(session->history);
    scene->newest = session->newest;
    scene->meant = session_meant(session);
    session_update_plan(session);
    scene->kept = history_kept(session->history);
    scene->n_kept = history_count(session->history);
    scene->pinned = session->pinned;
    search_on(session);
    take_work_states(session, now);
    scene->seconds = session->steady ? 0 : now;
    if (session->restore && restorable(scene->now)) {
        session_file_restore(session->restore, scene, &session->post);
        session->restore = NULL;
    }
    if (scene->now)
        screen_wants(scene, &session->post);
    wake_for_next(session);
    return true;
}

bool session_moves(const struct session *session)
{
    return session->scene.intro_seconds >= 0 || session->scene.map_share < 1 || session->walks;
}

/* ---- keys ---- */

/* Training goes on behind a list that is walked and a line that is typed: what is exported is of the moment
 * that the list shows, else of the one at which the line was begun. NULL: of the one shown. */
static const struct snapshot *what_is_meant(const struct session *session)
{
    uint64_t step;
    const struct snapshot *before = session->meant;
    if (list_walked_at(&session->scene, &step))
        return before && before->step == step ? before : history_find(session->history, step);
    if (session->scene.overlay != OVERLAY_COMMAND)
        return NULL;
    return before ? before : session->shown;
}

const struct snapshot *session_meant(const struct session *session)
{
    const struct snapshot *meant = session->meant;
    return meant && session->shown && snapshot_same_items(meant, session->shown) ? meant : session->shown;
}

void session_key(struct session *session, struct key key, struct canvas *canvas)
{
    session->dirty = true;
    session->scene.message[0] = '\0';
    session->scene.past = !history_is_live(session->history);
    session_update_plan(session);
    command_log_key(&session->log, key, canvas->width, canvas->height, session->newest,
                    session->scene.past ? session->shown : NULL);
    screen_key(&session->scene, key, canvas, &session->post);
    replace_snapshot(&session->meant, what_is_meant(session));
    session->scene.meant = session_meant(session);
}

void session_draw(struct session *session, double now, struct canvas *canvas)
{
    session->scene.seconds = session->steady ? 0 : now;
    canvas_clear(canvas);
    screen_draw(&session->scene, canvas);
}

/* ---- the end ---- */

bool session_settled(const struct session *session)
{
    const struct feed *feed = session->feed;
    return feed && session->newest && feed->kind->settled(feed, session->newest, session->command_seq) &&
           requests_idle(session->requests) && !session->exporting && !session->reading_pairs;
}

static void release_scene(struct session *session)
{
    for (size_t i = 0; i < session->scene.n_earlier; i++) {
        series_unref(session->scene.earlier[i].steps);
        series_unref(session->scene.earlier[i].measured);
    }
    scene_release(&session->scene);
    for (int kind = 0; kind < REQUEST_KINDS; kind++)
        result_unref(session->found[kind]);
    result_unref(session->map_before);
    snapshot_unref(session->newest);
    snapshot_unref(session->ended);
    snapshot_unref(session->shown);
    snapshot_unref(session->first);
    snapshot_unref(session->pinned);
    snapshot_unref(session->meant);
    session_branches_release(session);
    history_free(session->history);
}

bool session_end(struct session *session, char folder[RUN_PATH_SIZE], struct err *err)
{
    folder[0] = '\0';
    bool fine = !session->feed || session->feed->kind->end(session->feed, folder, err);
    struct err ignored;
    job_queue_free(session->jobs); /* what it was writing is written anew */
    fine = session_keep_marks(session, fine ? err : &ignored) && fine;
    fine = session_keep_name(session, fine ? err : &ignored) && fine;
    fine = session_keep_log(session, fine ? err : &ignored) && fine;
    fine = session_keep_steps(session, fine ? err : &ignored) && fine;
    requests_free(session->requests);
    pool_free(session->pool);
    opened_free(inbox_take(session->inbox, SLOT_OPENED));
    free(inbox_take(session->inbox, SLOT_EXPORTED));
    session_pairs_release(session);
    release_scene(session);
    command_log_release(&session->log);
    feed_free(session->feed);
    free(session->nothing.name);
    free(session->nothing.args);
    inbox_free(session->inbox);
    commands_free(session->commands);
    mailbox_free(session->mailbox);
    return fine;
}
