/* SPDX-License-Identifier: MIT
 *
 * Bump memory for one step. Its size is known before work starts: run the same code with arena_dry, which
 * only counts, then arena_init with what it counted. arena_reset forgets everything at once. One thread; the
 * owner releases. Pieces are aligned to 64 bytes and hold what the last step left in them.
 */
#ifndef NF_BASE_ARENA_H
#define NF_BASE_ARENA_H

#include <stddef.h>

struct arena {
    char *base; /* NULL in a dry pass */
    size_t used, size;
};

struct arena arena_dry(void);
void arena_init(struct arena *arena, size_t size);
void arena_release(struct arena *arena);
void arena_reset(struct arena *arena);

/* n * size bytes; CHECKs that the dry pass asked for as much. NULL in a dry pass. */
void *arena_take(struct arena *arena, size_t n, size_t size);

#endif
