/* SPDX-License-Identifier: MIT */
#include "base/check.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ALIGNMENT = 64 };

/* The one process-wide hook: a failed CHECK may come from any thread and knows nothing of the screen. */
static void (*restore_terminal)(void);

void check_set_restore(void (*restore)(void))
{
    restore_terminal = restore;
}

_Noreturn void check_failed(const char *condition, const char *file, int line)
{
    if (restore_terminal)
        restore_terminal();
    fprintf(stderr, "nearfar: a mistake of the program, please report it: %s:%d: %s\n", file, line,
            condition);
    abort();
}

_Noreturn void system_refused(const char *what, int error)
{
    if (restore_terminal)
        restore_terminal();
    fprintf(stderr, "nearfar: the system gives %s: %s\n", what, strerror(error));
    abort();
}

static _Noreturn void out_of_memory(size_t n, size_t size)
{
    if (restore_terminal)
        restore_terminal();
    fprintf(stderr, "nearfar: out of memory (%zu x %zu bytes)\n", n, size);
    abort();
}

void *xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (!p)
        out_of_memory(n, size);
    return p;
}

void *xrealloc(void *p, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        out_of_memory(n, size);
    if (n == 0 || size == 0) {
        free(p);
        return NULL;
    }
    void *q = realloc(p, n * size);
    if (!q)
        out_of_memory(n, size);
    return q;
}

char *xstrdup(const char *text)
{
    return xstrndup(text, strlen(text));
}

char *xstrndup(const char *text, size_t length)
{
    char *copy = xcalloc(length + 1, 1);
    memcpy(copy, text, length);
    return copy;
}

/* Zeros from `p` on, in whole pages of a private mapping: the kernel gives them when they are first touched,
 * so that a gigabyte is there at once and its cost falls where it is used. Edges, and where that is refused,
 * by hand. */
static void fill_with_zeros(char *p, size_t bytes)
{
    enum { LARGE = 1 << 25 };
    size_t page = (size_t)sysconf(_SC_PAGESIZE), before = (page - (uintptr_t)p % page) % page;
    size_t whole = bytes > LARGE ? (bytes - before) / page * page : 0;
    if (whole && madvise(p + before, whole, MADV_DONTNEED) == 0) {
        memset(p, 0, before);
        memset(p + before + whole, 0, bytes - before - whole);
    } else {
        memset(p, 0, bytes);
    }
}

static void *aligned_zeroed(size_t n, size_t size)
{
    if (size && n > (SIZE_MAX - ALIGNMENT) / size)
        return NULL;
    size_t bytes = (n * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *p = aligned_alloc(ALIGNMENT, bytes ? bytes : ALIGNMENT);
    if (p)
        fill_with_zeros(p, bytes ? bytes : ALIGNMENT);
    return p;
}

/* What is more than the machine has may be promised, and the program killed when it is touched. */
static bool machine_has(size_t n, size_t size)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages <= 0 || page <= 0 || (double)n * (double)size <= (double)pages * (double)page;
}

void *mem_try(size_t n, size_t size, const char *what, struct err *err)
{
    void *p = machine_has(n, size) ? aligned_zeroed(n, size) : NULL;
    if (!p)
        err_set(err, "%s: needs %.0f MB of memory, which this machine does not give", what,
                (double)n * (double)size / 1e6);
    return p;
}

void *xaligned(size_t n, size_t size)
{
    void *p = aligned_zeroed(n, size);
    if (!p)
        out_of_memory(n, size);
    return p;
}
