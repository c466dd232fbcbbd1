/* SPDX-License-Identifier: MIT
 *
 * One line being typed: editing in UTF-8, and the history of lines. Pure but for the memory given; screen
 * thread.
 */
#ifndef NF_VIEW_TYPING_H
#define NF_VIEW_TYPING_H

#include "ui/keys.h"

#include <stdbool.h>
#include <stddef.h>

/* Applies a key to `line` (of `size` bytes, always whole characters); false if the key is none of editing. */
bool typing_key(char *line, size_t size, size_t *cursor, struct key key);
void typing_set(char *line, size_t size, size_t *cursor, const char *text); /* cursor to its end */

/* What stands there as a proposal, as a selected field does: bytes from..to - 1 of the line. A character
 * takes its place, Ctrl-U that of the whole line; any other key keeps it, as text like the rest. from == to:
 * nothing is. */
struct proposal {
    size_t from, to;
};
/* Before typing_key: what the key makes of it. */
void typing_over(char *line, size_t *cursor, struct proposal *proposal, struct key key);

#endif
