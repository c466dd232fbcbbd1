/* SPDX-License-Identifier: MIT
 *
 * Our own mistakes, and memory for small things. CHECK is on in every build: it restores the terminal, prints
 * the place and aborts. What a user or a file can cause goes through struct err instead. The x-allocators
 * abort on exhaustion; memory whose size a file decides is asked for with mem_try, which fails through err.
 * Any thread.
 */
#ifndef NF_BASE_CHECK_H
#define NF_BASE_CHECK_H

#include "base/err.h"

#include <stddef.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define CHECK(cond)  ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))

_Noreturn void check_failed(const char *condition, const char *file, int line);

/* For what the program cannot do without and the system denies ("no more threads", errno): says so and
 * aborts. */
_Noreturn void system_refused(const char *what, int error);

/* What to run before a failed CHECK prints (the screen gives the terminal back); NULL for nothing. One per
 * process, set by whoever owns the terminal. Must be async-signal-safe. */
void check_set_restore(void (*restore)(void));

void *xcalloc(size_t n, size_t size);            /* zeroed; never NULL; owned, free() */
void *xrealloc(void *p, size_t n, size_t size);  /* overflow-checked; never NULL unless n is 0 */
char *xstrdup(const char *text);                 /* owned */
char *xstrndup(const char *text, size_t length); /* owned, NUL-terminated */

/* n * size zeroed bytes, aligned to 64, or NULL with "<what>: needs N MB ..." in err. Owned, free(). */
void *mem_try(size_t n, size_t size, const char *what, struct err *err);

/* Like mem_try but aborts: for buffers whose size the program itself decides. Aligned to 64. */
void *xaligned(size_t n, size_t size);

#endif
