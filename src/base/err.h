/* SPDX-License-Identifier: MIT
 *
 * Errors a caller may handle: one line of text with its context, appended to nothing and printed by nobody
 * but app/. A fallible function is `bool f(..., struct err *err)`: err is last and never NULL; on false it
 * holds what went wrong, where, and what to do. Any thread; the caller owns the struct.
 */
#ifndef NF_BASE_ERR_H
#define NF_BASE_ERR_H

#include <stdbool.h>

struct err {
    char text[480]; /* one line, no newline, UTF-8 cleaned of control bytes by err_set */
};

/* Formats the message and is false, so that `return err_set(err, ...)` reads as it acts. Macros, so that the
 * compiler sees the false and knows that what a failed call left unset is not used. */
#define err_set(err, ...) (err_put(err, __VA_ARGS__), err_false())

/* Puts "context: " before what is there (a file name before a parser's message). Is false. */
#define err_within(err, ...) (err_put_within(err, __VA_ARGS__), err_false())

static inline bool err_false(void)
{
    return false;
}

void err_put(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void err_put_within(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
