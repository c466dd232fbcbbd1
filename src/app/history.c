/* SPDX-License-Identifier: MIT */
#include "app/history.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY_MAX = 512, MARKED = 1, HELD = 2 };

struct history {
    const struct snapshot *item[HISTORY_MAX]; /* references held; ascending steps */
    unsigned char stays[HISTORY_MAX];         /* MARKED, HELD: it is not thinned out */
    size_t n, bytes, budget;
    size_t at;         /* n or more: live */
    bool live, forked; /* forked: what is added first is of another run */
    uint64_t run;
};

struct history *history_new(size_t budget_bytes)
{
    struct history *history = xcalloc(1, sizeof *history);
    history->budget = budget_bytes;
    history->live = true;
    return history;
}

static size_t cost(const struct snapshot *snapshot)
{
    size_t state = 0;
    if (snapshot->state)
        saved_state_bytes(snapshot->state, &state);
    return snapshot->bytes + state;
}

static void drop(struct history *history, size_t i)
{
    history->bytes -= cost(history->item[i]);
    snapshot_unref(history->item[i]);
    history->n--;
    memmove(history->item + i, history->item + i + 1, (history->n - i) * sizeof *history->item);
    memmove(history->stays + i, history->stays + i + 1, (history->n - i) * sizeof *history->stays);
    if (history->at > i)
        history->at--;
}

void history_free(struct history *history)
{
    if (!history)
        return;
    while (history->n > 0)
        drop(history, history->n - 1);
    free(history);
}

/* Measured steps are worth more than those between them, and even ones more than odd, so that two runs which
 * are compared keep the same. */
static double worth(const struct snapshot *snapshot)
{
    int even = 0;
    while (even < 8 && snapshot->step > 0 && (snapshot->step >> even & 1) == 0)
        even++;
    return (1 + even) * (snapshot->measures.n > 0 && snapshot->measures.step == snapshot->step ? 4 : 1);
}

/* Of those between the first and the newest, the one whose leaving tears the smallest gap relative to its
 * age, by its worth; where the screen stands and what is to stay is kept. */
static size_t least_missed(const struct history *history)
{
    size_t least = 0;
    double least_gap = 0;
    double newest = (double)history->item[history->n - 1]->step;
    for (size_t i = 1; i + 1 < history->n; i++) {
        double before = (double)history->item[i - 1]->step, after = (double)history->item[i + 1]->step;
        double gap = worth(history->item[i]) * (after - before) / (newest - before + 1);
        bool free = !history->stays[i] && (history->live || i != history->at);
        if ((least == 0 || gap < least_gap) && free) {
            least = i;
            least_gap = gap;
        }
    }
    return least;
}

static void thin(struct history *history)
{
    while (history->n > 2 && (history->bytes > history->budget || history->n == HISTORY_MAX)) {
        size_t i = least_missed(history);
        if (i == 0)
            return;
        drop(history, i);
    }
}

void history_add(struct history *history, const struct snapshot *snapshot)
{
    if (history->n > 0 && history->run != snapshot->run && !history->forked) {
        while (history->n > 0)
            drop(history, history->n - 1);
        history->live = true;
    }
    history->run = snapshot->run;
    history->forked = false;
    while (history->n > 0 && history->item[history->n - 1]->step >= snapshot->step)
        drop(history, history->n - 1);
    thin(history);
    if (history->n == HISTORY_MAX)
        return;
    history->stays[history->n] = 0;
    history->item[history->n++] = snapshot_ref(snapshot);
    history->bytes += cost(snapshot);
}

size_t history_count(const struct history *history)
{
    return history->n;
}

const struct snapshot *history_first(const struct history *history)
{
    return history->n ? history->item[0] : NULL;
}

bool history_is_live(const struct history *history)
{
    return history->live;
}

void history_go_live(struct history *history)
{
    history->live = true;
}

const struct snapshot *history_at(const struct history *history)
{
    if (history->n == 0)
        return NULL;
    return history->item[history->live || history->at >= history->n ? history->n - 1 : history->at];
}

static const struct snapshot *stand(struct history *history, size_t at)
{
    history->live = at + 1 >= history->n;
    history->at = at;
    return history_at(history);
}

const struct snapshot *history_move(struct history *history, int direction)
{
    if (history->n == 0)
        return NULL;
    size_t at = history->live ? history->n - 1 : history->at;
    if (direction < 0)
        return stand(history, at > 0 ? at - 1 : 0);
    return stand(history, at + 1);
}

/* The step of the event before or after `step`; false if there is none. */
static bool event_beyond(const struct snapshot *newest, uint64_t step, int direction, uint64_t *found)
{
    bool some = false;
    for (size_t i = 0, n = series_count(newest->events); i < n; i++) {
        const struct event *event = series_at(newest->events, i);
        bool beyond = direction < 0 ? event->step < step : event->step > step;
        bool nearer = !some || (direction < 0 ? event->step > *found : event->step < *found);
        if (beyond && nearer) {
            *found = event->step;
            some = true;
        }
    }
    return some;
}

/* The first kept snapshot at or after a step. */
static size_t place_of(const struct history *history, uint64_t step)
{
    size_t i = 0;
    while (i + 1 < history->n && history->item[i]->step < step)
        i++;
    return i;
}

const struct snapshot *history_move_to_event(struct history *history, int direction)
{
    if (history->n == 0)
        return NULL;
    const struct snapshot *newest = history->item[history->n - 1], *here = history_at(history);
    uint64_t from = here->step, step = 0;
    while (newest->events && event_beyond(newest, from, direction, &step)) {
        size_t at = place_of(history, step);
        if (history->item[at] != here)
            return stand(history, at);
        from = step; /* that event's snapshot is the one shown: on to the next */
    }
    if (direction > 0)
        history->live = true;
    return history_at(history);
}

/* The last kept snapshot at or before a step, the first if there is none. */
static size_t place_before(const struct history *history, uint64_t step)
{
    size_t i = 0;
    while (i + 1 < history->n && history->item[i + 1]->step <= step)
        i++;
    return i;
}

const struct snapshot *history_move_to_step(struct history *history, uint64_t step)
{
    if (history->n == 0)
        return NULL;
    size_t i = place_before(history, step);
    bool between = i + 1 < history->n && history->item[i]->step < step;
    if (between && history->item[i + 1]->step - step < step - history->item[i]->step)
        i++;
    return stand(history, i);
}

const struct snapshot *const *history_kept(const struct history *history)
{
    return history->item;
}

static bool is_there(const struct history *history, uint64_t step, size_t *place)
{
    *place = place_before(history, step);
    return history->n > 0 && history->item[*place]->step == step;
}

const struct snapshot *history_find(const struct history *history, uint64_t step)
{
    size_t i;
    return is_there(history, step, &i) ? history->item[i] : NULL;
}

bool history_mark(struct history *history, uint64_t step)
{
    size_t i;
    if (!is_there(history, step, &i))
        return false;
    history->stays[i] ^= MARKED;
    return true;
}

bool history_is_marked(const struct history *history, uint64_t step)
{
    size_t i;
    return is_there(history, step, &i) && (history->stays[i] & MARKED);
}

void history_hold(struct history *history, uint64_t step)
{
    size_t i;
    if (is_there(history, step, &i))
        history->stays[i] |= HELD;
}

struct history *history_fork(const struct history *from, uint64_t last_step)
{
    struct history *history = history_new(from->budget);
    for (size_t i = 0; i < from->n && from->item[i]->step <= last_step; i++) {
        history->stays[history->n] = from->stays[i];
        history->item[history->n++] = snapshot_ref(from->item[i]);
        history->bytes += cost(from->item[i]);
    }
    history->forked = true;
    return history;
}

void history_shrink(struct history *history, size_t parts)
{
    history->budget /= parts;
    if (history->n > 0)
        thin(history);
}

const struct snapshot *history_state_before(const struct history *history, uint64_t step)
{
    const struct snapshot *found = NULL;
    for (size_t i = 0; i < history->n && history->item[i]->step <= step; i++)
        if (history->item[i]->state)
            found = history->item[i];
    return found;
}
