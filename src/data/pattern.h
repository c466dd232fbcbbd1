/* SPDX-License-Identifier: MIT
 *
 * Regular expressions that a person types: POSIX extended, case matters not. What would let the C library
 * take memory or time without bound (nested or huge counts, back references, very long ones) is refused. The
 * owner releases; matching: any thread.
 */
#ifndef NF_DATA_PATTERN_H
#define NF_DATA_PATTERN_H

#include "base/err.h"

#include <regex.h>
#include <stddef.h>

bool pattern_compile(regex_t *regex, const char *text, struct err *err); /* false: nothing to release */
static inline bool pattern_matches(const regex_t *regex, const char *text)
{
    return regexec(regex, text, 0, NULL, 0) == 0;
}

#endif
