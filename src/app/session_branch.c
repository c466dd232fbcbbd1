/* SPDX-License-Identifier: MIT
 *
 * Branches of a session: every run there was, each with its own history, and the way from one to another.
 */
#include "app/session.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void entry_release(struct branch_entry *entry)
{
    history_free(entry->history);
    snapshot_unref(entry->newest);
    snapshot_unref(entry->level);
    snapshot_unref(entry->mine);
}

static void remove_entry(struct session *session, size_t i)
{
    entry_release(&session->branch[i]);
    session->n_branches--;
    memmove(session->branch + i, session->branch + i + 1,
            (session->n_branches - i) * sizeof *session->branch);
}

void session_branches_release(struct session *session)
{
    while (session->n_branches > 0)
        remove_entry(session, session->n_branches - 1);
    history_free(session->fork);
}

static const char *without_first_word(const char *text)
{
    const char *blank = strchr(text, ' ');
    return blank ? blank + 1 : ""; /* events are read from a file too */
}

/* The event that began it, without its first word: what differed. */
static void what_began(const struct snapshot *snapshot, char *text, size_t size)
{
    const struct event *event = snapshot_branched(snapshot);
    if (event)
        snprintf(text, size, "from step %llu: %.90s", (unsigned long long)event->step,
                 without_first_word(event->text));
    else
        snprintf(text, size, "from the start");
}

/* From 1, over all sessions of it. */
static unsigned long long run_number(const struct session *session, const struct snapshot *snapshot)
{
    uint64_t runs = session->feed->called.runs;
    return snapshot->run + (runs > 0 ? runs : 1);
}

/* What the run on the screen is called from now on: by its number, or as the one it goes on from. */
static void name_entry(struct session *session, const struct snapshot *first, const char *as)
{
    struct branch_entry *entry = &session->branch[session->n_branches++];
    *entry = (struct branch_entry){.run = first->run};
    const struct called *called = &session->feed->called;
    if (*as)
        snprintf(entry->name, sizeof entry->name, "%s", as);
    else if (first->run == 0 && called->runs > 0)
        snprintf(entry->name, sizeof entry->name, "%s", called->name);
    else
        snprintf(entry->name, sizeof entry->name, "run %llu", run_number(session, first));
    what_began(first, entry->what, sizeof entry->what);
}

/* The run that was: its history goes with its entry, in a quarter of the room; `next` is taken over. */
static void put_away(struct session *session, struct history *next)
{
    struct branch_entry *entry = &session->branch[session->n_branches - 1];
    entry->history = session->history;
    entry->newest = snapshot_ref(session->newest);
    history_shrink(entry->history, 4);
    session->history = next;
}

static void forget_fork(struct session *session)
{
    history_free(session->fork);
    session->fork = NULL;
    session->fork_name[0] = '\0';
}

static void remove_named(struct session *session, const char *name)
{
    for (size_t i = 0; i < session->n_branches; i++)
        if (strcmp(session->branch[i].name, name) == 0) {
            remove_entry(session, i);
            return;
        }
}

void session_new_run(struct session *session, const struct snapshot *first)
{
    bool forks = session->fork && first->command_seq >= session->fork_seq;
    if (session->n_branches > 0)
        put_away(session, forks ? session->fork : history_new(session->history_budget));
    session->n_planned = 0;
    if (forks && *session->fork_name) /* the one that is gone on with is no longer a thing of its own */
        remove_named(session, session->fork_name);
    if (session->n_branches == BRANCHES_MAX)
        remove_entry(session, 0);
    name_entry(session, first, forks ? session->fork_name : "");
    if (forks) {
        session->fork = NULL;
        forget_fork(session);
    }
}

/* The last state that a history has at or before a step. A log that is played says which it was, or that it
 * was none; NULL: why. */
static const struct snapshot *state_before(struct session *session, const struct history *history,
                                           uint64_t step, const char **why)
{
    struct log_moment told = session->log_from;
    bool log_tells = session->playing && session->log_version > 0;
    session->log_from.there = false;
    *why = "no state is kept at or before this step: go on a little and try again";
    if (!session->feed || !session->feed->learns) {
        *why = "nothing is trained here: there is nothing to branch";
        return NULL;
    }
    if (log_tells && !told.there)
        return NULL;
    const struct snapshot *from = history_state_before(history, log_tells ? told.step : step);
    if (from && log_tells && (from->step != told.step || from->run != told.run)) {
        *why = "the state that the log branches from is not kept here: this is no longer what was done";
        return NULL;
    }
    return from;
}

static bool has(const struct history *history, const struct log_moment *moment)
{
    const struct snapshot *found = history ? history_find(history, moment->step) : NULL;
    return found && found->run == moment->run;
}

/* Of a log that is played: typed before the screen had a new run, a branch began with the run before it. */
static struct history *told_history(const struct session *session, struct history *history)
{
    const struct log_moment *told = &session->log_from;
    for (size_t i = session->n_branches; told->there && !has(history, told) && i-- > 0;)
        if (has(session->branch[i].history, told))
            return session->branch[i].history;
    return history;
}

/* From the last state that a history has at or before a step; `command` says with what, and is taken over. */
static bool go_on_from(struct session *session, struct history *history, uint64_t step,
                       struct command command)
{
    const char *why;
    history = told_history(session, history);
    const struct snapshot *from = state_before(session, history, step, &why);
    command.kind = COMMAND_BRANCH;
    forget_fork(session);
    if (!from) {
        session_say(session, true, why);
        free(command.change);
        return false;
    }
    command.from = snapshot_ref(from);
    session->fork_seq = session_command(session, &command);
    if (!session->fork_seq) {
        command_release(&command);
        return false;
    }
    if (!history_is_marked(history, from->step)) /* other branches may be wanted from there */
        history_mark(history, from->step);
    session->fork = history_fork(history, from->step);
    return true;
}

/* At the live end the settings as they stand; in the past those of that moment, and what was planned. */
void session_branch(struct session *session)
{
    if (!session->shown)
        return;
    bool live = history_is_live(session->history);
    struct command command = {.number = live, .n_changes = live ? 0 : session->n_planned};
    if (command.n_changes > 0) {
        command.change = xcalloc((size_t)command.n_changes, sizeof *command.change);
        memcpy(command.change, session->planned, (size_t)command.n_changes * sizeof *command.change);
    }
    if (go_on_from(session, session->history, session->shown->step, command)) {
        history_go_live(session->history);
        session->n_planned = 0;
    }
}

void session_switch(struct session *session, size_t i)
{
    if (i + 1 >= session->n_branches) {
        session_say(session, false, "that is the one on the screen");
        return;
    }
    struct command command = {.paused =
                                  true}; /* to be looked at: it is longer only where that is asked for */
    snprintf(command.text, sizeof command.text, "%s", session->branch[i].name);
    if (go_on_from(session, session->branch[i].history, UINT64_MAX, command))
        snprintf(session->fork_name, sizeof session->fork_name, "%s", session->branch[i].name);
}

/* The first that no run of this session was drawn with. */
static double other_draws(const struct session *session)
{
    double most = 0;
    for (size_t i = 0; i < session->n_branches; i++) {
        const struct snapshot *newest = session->scene.branch[i].newest;
        most = newest ? fmax(most, snapshot_draws(newest)) : most;
    }
    return most + 1;
}

void session_chance(struct session *session, size_t i, uint64_t step)
{
    bool here = i + 1 == session->n_branches;
    if (i >= session->n_branches)
        return;
    const struct snapshot *newest = session->scene.branch[i].newest;
    struct command command = {
        .to = newest ? newest->step : 0, .n_changes = 1, .change = xcalloc(1, sizeof *command.change)};
    snprintf(command.change->name, sizeof command.change->name, "draws");
    snprintf(command.change->text, sizeof command.change->text, "%.0f", other_draws(session));
    if (go_on_from(session, here ? session->history : session->branch[i].history, step, command))
        history_go_live(session->history);
}

void session_name_branch(struct session *session, const char *name)
{
    if (session->n_branches == 0)
        return;
    struct branch_entry *entry = &session->branch[session->n_branches - 1];
    snprintf(entry->name, sizeof entry->name, "%.30s", name);
    session_say(session, false, "this branch has its name");
}

bool session_keep_name(struct session *session, struct err *err)
{
    const struct feed *feed = session->feed;
    struct called now = {0};
    if (!feed || !feed->learns || !session->newest || session->n_branches == 0)
        return true;
    now.runs = run_number(session, session->newest);
    snprintf(now.name, sizeof now.name, "%s", session->branch[session->n_branches - 1].name);
    bool first = now.runs == 1 && strcmp(now.name, "run 1") == 0 && session->called.runs == 0;
    bool kept = now.runs == session->called.runs && strcmp(now.name, session->called.name) == 0;
    if (first || kept || !run_is_there(feed->folder))
        return true;
    session->called = now;
    return called_write(&now, feed->folder, err);
}

/* Its numbers are of this very step. */
static bool is_measured(const struct snapshot *s)
{
    return s->measures.n > 0 && s->measures.step == s->step;
}

static bool same_step(const struct snapshot *a, const struct snapshot *b)
{
    return a->step == b->step && is_measured(a) && is_measured(b) && snapshot_same_items(a, b);
}

/* The first of a run in a history that has those of another before: nothing differs there yet. */
static bool begins(const struct snapshot *const *kept, size_t i)
{
    return i > 0 && kept[i - 1]->run != kept[i]->run;
}

/* How many of the kept ones lie at or before a step. */
static size_t kept_until(const struct history *history, uint64_t step)
{
    const struct snapshot *const *kept = history_kept(history);
    size_t n = history_count(history);
    while (n > 0 && kept[n - 1]->step > step)
        n--;
    return n;
}

/* The last kept moments of this run and another, up to the step shown, that can be compared; where there are
 * none, the last of each. */
static void level(const struct session *session, const struct history *its, struct branch *branch)
{
    const struct history *mine = session->history;
    const struct snapshot *const *a = history_kept(mine), *const *b = history_kept(its);
    uint64_t step = session->shown->step;
    size_t i = kept_until(mine, step), j = kept_until(its, step);
    branch->mine = i > 0 ? a[i - 1] : NULL;
    branch->level = j > 0 ? b[j - 1] : NULL;
    bool same_items = j > 0 && snapshot_same_items(b[j - 1], session->shown);
    for (size_t k = j; k < history_count(its) && !branch->meets; k++)
        branch->meets = same_items && is_measured(b[k]) ? b[k]->step : 0;
    while (i > 0 && j > 0 && (!same_step(a[i - 1], b[j - 1]) || begins(a, i - 1))) {
        if (a[i - 1]->step > b[j - 1]->step)
            i--;
        else
            j--;
    }
    if (i > 0 && j > 0) {
        branch->mine = a[i - 1];
        branch->level = b[j - 1];
    }
}

/* A comparison that was made stays until there is a later one of the same two runs, whatever is thinned out.
 */
static void keep_level(struct branch_entry *entry, const struct snapshot *shown, struct branch *branch)
{
    const struct snapshot *mine = branch->mine, *level = branch->level;
    bool found = mine && level && mine->step == level->step && mine != level;
    bool held = entry->mine && entry->mine->run == shown->run && entry->mine->step <= shown->step;
    if (held && (!found || mine->step < entry->mine->step)) {
        branch->mine = entry->mine;
        branch->level = entry->level;
    } else if (found && (!held || mine->step > entry->mine->step)) {
        snapshot_unref(entry->mine);
        snapshot_unref(entry->level);
        entry->mine = snapshot_ref(mine);
        entry->level = snapshot_ref(level);
    }
}

/* Where two runs were compared last, for neither goes on beyond: it stays in both, for a third to be held
 * against them. */
static void hold_level(struct history *mine, struct history *its, const struct branch *branch)
{
    bool compared = branch->mine && branch->level && same_step(branch->mine, branch->level);
    if (!compared || branch->meets || !history_is_live(mine))
        return;
    uint64_t step = branch->mine->step;
    history_hold(mine, step);
    history_hold(its, step);
}

void session_list_branches(struct session *session)
{
    struct scene *scene = &session->scene;
    scene->n_branches = session->n_branches;
    for (size_t i = 0; i < session->n_branches; i++) {
        struct branch_entry *entry = &session->branch[i];
        bool here = i + 1 == session->n_branches;
        if (here && session->newest) /* of one that is gone on with it is known later than its first look */
            what_began(session->newest, entry->what, sizeof entry->what);
        struct branch *branch = &scene->branch[i];
        *branch = (struct branch){.name = entry->name,
                                  .what = entry->what,
                                  .newest = here ? session->newest : entry->newest,
                                  .here = here};
        const struct history *history = here ? session->history : entry->history;
        branch->kept = history ? history_kept(history) : NULL;
        branch->n_kept = history ? history_count(history) : 0;
        if (!here && entry->history && session->shown) {
            level(session, entry->history, branch);
            keep_level(entry, session->shown, branch);
            hold_level(session->history, entry->history, branch);
        }
    }
}
