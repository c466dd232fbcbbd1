/* SPDX-License-Identifier: MIT
 *
 * What a run folder keeps of the way to where it stands, so that one who goes on with it finds its timeline
 * again:
 *
 *   events.csv     step, kind and text of every event, the latest few thousand
 *   steps.csv      step and marked (0 or 1) of the kept steps
 *   steps/N.npy    h of the probe at step N, as in embeddings.npy: nearfar explore RUN/steps opens them too
 *
 * Bounded: at most PAST_MOST steps and PAST_BYTES. What is missing or cannot be read is left out: a run
 * without them is a run. One thread.
 */
#ifndef NF_RUN_PAST_H
#define NF_RUN_PAST_H

#include "base/err.h"
#include "share/snapshot.h"

enum { PAST_MOST = 32, PAST_BYTES = 16 << 20 };

bool past_write_events(const char *folder, const struct series *events, struct err *err);
void past_read_events(const char *folder, struct series *events); /* appends them */

/* How many steps of this size may be kept. */
size_t past_room(size_t n, size_t d);

struct past {
    size_t n_moments, n, d;
    struct past_moment *moment; /* (n_moments) by step; h (n, d) owned */
};

/* In place of what was kept; writes the first past_room of them. A kill leaves what was there before, or
 * none. */
bool past_write(const char *folder, const struct past *past, struct err *err);
/* Those of `n` rows. Owned: past_release; nothing is no error. */
void past_read(struct past *past, const char *folder, size_t n);
void past_release(struct past *past);
bool past_is_marked(const struct past *past, uint64_t step);
/* Those up to a step alone. */
void past_cut(struct past *past, uint64_t step);
void past_remove(const char *folder);

#endif
