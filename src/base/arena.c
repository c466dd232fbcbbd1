/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, LEAST = 4096 };

static size_t rounded(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* The first ALIGNMENT bytes of a block are for the address of the block before it. */
static void open_block(struct arena *arena, size_t size)
{
    arena->base = xaligned(ALIGNMENT + size, 1);
    arena->size = ALIGNMENT + size;
    arena->used = ALIGNMENT;
}

static void set_aside(struct arena *arena)
{
    if (arena->base)
        memcpy(arena->base, &arena->full, sizeof arena->full);
    arena->full = arena->base;
}

static void free_full(struct arena *arena)
{
    while (arena->full) {
        char *block = arena->full;
        memcpy(&arena->full, block, sizeof arena->full);
        free(block);
    }
}

void arena_release(struct arena *arena)
{
    free_full(arena);
    free(arena->base);
    *arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
    if (arena->full) {
        size_t most = arena->most;
        arena_release(arena);
        open_block(arena, most);
    }
    arena->used = arena->base ? ALIGNMENT : 0;
    arena->live = arena->most = 0;
}

void *arena_take(struct arena *arena, size_t n, size_t size)
{
    CHECK(size == 0 || n <= (SIZE_MAX / 4) / size);
    size_t bytes = rounded(n * size);
    if (!arena->base || bytes > arena->size - arena->used) {
        size_t room = 2 * arena->size;
        set_aside(arena);
        open_block(arena, bytes > room ? bytes : room > LEAST ? room : LEAST);
    }
    char *piece = arena->base + arena->used;
    arena->used += bytes;
    arena->live += bytes;
    arena->most = arena->live > arena->most ? arena->live : arena->most;
    return piece;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->base, arena->used, arena->live};
}

/* The room in a block that has been set aside since stays unused until the next reset. */
void arena_back(struct arena *arena, struct arena_mark mark)
{
    if (arena->base == mark.base)
        arena->used = mark.used;
    arena->live = mark.live;
}
