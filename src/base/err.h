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

/* Formats the message and returns false, so that `return err_set(err, ...)` reads as it acts. */
bool err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before what is there (a file name before a parser's message). Returns false. */
bool err_within(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
