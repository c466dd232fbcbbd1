/* SPDX-License-Identifier: MIT
 *
 * Branches of a session: every run there was, each with its own history, and the way from one to another.
 */
#include "app/session.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void entry_release(struct branch_entry *entry)
{
    history_free(entry->history);
    snapshot_unref(entry->newest);
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

/* The event that began it, without its first word: what differed. */
static void what_began(const struct snapshot *snapshot, char *text, size_t size)
{
    size_t n = snapshot->events ? series_count(snapshot->events) : 0;
    snprintf(text, size, "from the start");
    while (n > 0) {
        const struct event *event = series_at(snapshot->events, --n);
        if (event->kind == EVENT_BRANCH) {
            snprintf(text, size, "from step %llu: %.90s", (unsigned long long)event->step,
                     event->text + strcspn(event->text, " ") + 1);
            return;
        }
    }
}

/* What the run on the screen is called from now on: by its number, or as the one it goes on from. */
static void name_entry(struct session *session, const struct snapshot *first)
{
    struct branch_entry *entry = &session->branch[session->n_branches++];
    *entry = (struct branch_entry){.run = first->run};
    if (*session->fork_name)
        snprintf(entry->name, sizeof entry->name, "%s", session->fork_name);
    else
        snprintf(entry->name, sizeof entry->name, "run %llu", (unsigned long long)first->run + 1);
    what_began(first, entry->what, sizeof entry->what);
}

/* The run that was: its history goes with its entry, in a quarter of the room. */
static void put_away(struct session *session)
{
    struct branch_entry *entry = &session->branch[session->n_branches - 1];
    entry->history = session->history;
    entry->newest = snapshot_ref(session->newest);
    history_shrink(entry->history, 4);
    session->history = session->fork ? session->fork : history_new(session->history_budget);
    session->fork = NULL;
}

void session_new_run(struct session *session, const struct snapshot *first)
{
    if (session->n_branches > 0)
        put_away(session);
    if (*session->fork_name) /* the one that is gone on with is no longer a thing of its own */
        for (size_t i = 0; i < session->n_branches; i++)
            if (strcmp(session->branch[i].name, session->fork_name) == 0) {
                remove_entry(session, i);
                break;
            }
    if (session->n_branches == BRANCHES_MAX)
        remove_entry(session, 0);
    name_entry(session, first);
    session->fork_name[0] = '\0';
}

static void forget_fork(struct session *session)
{
    history_free(session->fork);
    session->fork = NULL;
    session->fork_name[0] = '\0';
}

/* From the last state that a history has at or before a step. */
static bool go_on_from(struct session *session, const struct history *history, uint64_t step, bool settings)
{
    const struct snapshot *from = history_state_before(history, step);
    struct command command = {.kind = COMMAND_BRANCH, .number = settings, .from = from};
    forget_fork(session);
    if (!session->feed || !session->feed->learns) {
        session_say(session, true, "nothing is trained here: there is nothing to branch");
        return false;
    }
    if (!from) {
        session_say(session, true, "no state is kept at or before this step: go on a little and try again");
        return false;
    }
    if (session->steady)
        snprintf(command.name, sizeof command.name, "paused");
    snapshot_ref(from);
    if (!session_command(session, &command)) {
        snapshot_unref(from);
        return false;
    }
    session->fork = history_fork(history, from->step);
    return true;
}

void session_branch(struct session *session)
{
    if (!session->shown || !go_on_from(session, session->history, session->shown->step, true))
        return;
    history_go_live(session->history);
}

void session_switch(struct session *session, size_t i)
{
    if (i + 1 >= session->n_branches) {
        session_say(session, false, "that is the one on the screen");
        return;
    }
    if (go_on_from(session, session->branch[i].history, UINT64_MAX, false))
        snprintf(session->fork_name, sizeof session->fork_name, "%s", session->branch[i].name);
}

void session_name_branch(struct session *session, const char *name)
{
    if (session->n_branches == 0)
        return;
    struct branch_entry *entry = &session->branch[session->n_branches - 1];
    snprintf(entry->name, sizeof entry->name, "%.30s", name);
    session_say(session, false, "this branch has its name");
}

/* The kept moment whose step is nearest to that one, the earlier of two. */
static const struct snapshot *nearest_kept(const struct history *history, uint64_t step)
{
    const struct snapshot *best = NULL;
    const struct snapshot *const *kept = history_kept(history);
    for (size_t i = 0; i < history_count(history); i++) {
        uint64_t off = kept[i]->step > step ? kept[i]->step - step : step - kept[i]->step;
        if (!best || off < (best->step > step ? best->step - step : step - best->step))
            best = kept[i];
    }
    return best;
}

void session_list_branches(struct session *session)
{
    struct scene *scene = &session->scene;
    scene->n_branches = session->n_branches;
    for (size_t i = 0; i < session->n_branches; i++) {
        const struct branch_entry *entry = &session->branch[i];
        bool here = i + 1 == session->n_branches;
        const struct snapshot *level = !here && entry->history && session->shown
                                           ? nearest_kept(entry->history, session->shown->step)
                                           : NULL;
        scene->branch[i] =
            (struct branch){entry->name, entry->what, here ? session->newest : entry->newest, level, here};
    }
}
