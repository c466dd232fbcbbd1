/* SPDX-License-Identifier: MIT
 *
 * Bump memory for one step. The first step finds out how much it takes, in a few blocks; arena_reset forgets
 * all pieces at once and puts one block in their place, so that later steps of that size allocate nothing.
 * One thread; the owner releases. A zeroed arena is an empty one. Pieces are aligned to 64 bytes; what they
 * hold is not defined.
 */
#ifndef NF_BASE_ARENA_H
#define NF_BASE_ARENA_H

#include <stddef.h>

struct arena {
    char *base; /* the block in use */
    size_t used, size;
    size_t live, most; /* bytes taken and not given back, and the most of them since it was empty */
    char *full;        /* blocks that were too small; each begins with the address of the one before it */
};

void arena_release(struct arena *arena);
void arena_reset(struct arena *arena);

/* n * size bytes. */
void *arena_take(struct arena *arena, size_t n, size_t size);

/* What was taken since the mark is given back. */
struct arena_mark {
    const char *base;
    size_t used, live;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_back(struct arena *arena, struct arena_mark mark);

#endif
