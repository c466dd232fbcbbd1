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

#endif
