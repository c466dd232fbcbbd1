/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/check.h"

#include <stdint.h>
#include <stdlib.h>

enum { ALIGNMENT = 64 };

struct arena arena_dry(void)
{
    return (struct arena){.size = SIZE_MAX};
}

void arena_init(struct arena *arena, size_t size)
{
    *arena = (struct arena){.base = xaligned(size, 1), .size = size};
}

void arena_release(struct arena *arena)
{
    free(arena->base);
    *arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
    arena->used = 0;
}

void *arena_take(struct arena *arena, size_t n, size_t size)
{
    CHECK(size == 0 || n <= (SIZE_MAX / 2) / size);
    size_t bytes = (n * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    CHECK(bytes <= arena->size - arena->used);
    char *p = arena->base ? arena->base + arena->used : NULL;
    arena->used += bytes;
    return p;
}
