/* SPDX-License-Identifier: MIT
 *
 * The snapshots of this run that are still there, in the order of their steps, within a budget of memory:
 * thinned so that recent ones lie close and old ones far apart, measured ones rather than those between; the
 * first and the newest stay. And where on them the screen stands. Screen thread.
 */
#ifndef NF_APP_HISTORY_H
#define NF_APP_HISTORY_H

#include "share/snapshot.h"

struct history;

/* What --history is unless told otherwise. */
enum { HISTORY_BYTES = 64 << 20 };
struct history *history_new(size_t budget_bytes);
void history_free(struct history *history);

/* Takes a reference. A snapshot of another run empties the history first; one of a step that is there
 * replaces it. */
void history_add(struct history *history, const struct snapshot *snapshot);
size_t history_count(const struct history *history);
const struct snapshot *history_first(const struct history *history); /* lent; NULL if empty */

/* Lent; NULL: that step is not there. */
const struct snapshot *history_find(const struct history *history, uint64_t step);

/* A history that goes on from another's: its snapshots up to a step. The first that is added then is of
 * another run and joins them. */
struct history *history_fork(const struct history *from, uint64_t last_step);
/* What is kept from now on fits in a part of the memory. */
void history_shrink(struct history *history, size_t parts);
/* The last snapshot at or before a step that training can go on from; NULL: none. Lent. */
const struct snapshot *history_state_before(const struct history *history, uint64_t step);

bool history_is_live(const struct history *history);
void history_go_live(struct history *history);
/* One snapshot back (-1) or on (+1); past the newest is live. Lent: where the screen stands now, NULL if
 * there is none. */
const struct snapshot *history_move(struct history *history, int direction);
/* To the nearest snapshot at or after the previous or next event. */
const struct snapshot *history_move_to_event(struct history *history, int direction);
const struct snapshot *history_at(const struct history *history);
/* To the kept snapshot of that step, or the nearest one; of two as near the earlier. */
const struct snapshot *history_move_to_step(struct history *history, uint64_t step);

/* All that are there, by step; lent until the next call that changes the history. */
const struct snapshot *const *history_kept(const struct history *history);
/* A marked step is not thinned out; again: it is. False if it is not there. */
bool history_mark(struct history *history, uint64_t step);
/* That step is not thinned out either, though nobody marked it; nothing if it is not there. */
void history_hold(struct history *history, uint64_t step);
bool history_is_marked(const struct history *history, uint64_t step);

#endif
