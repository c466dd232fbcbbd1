/* SPDX-License-Identifier: MIT
 *
 * Formats of tables that other programs write and nearfar does not read: what they are, told by their first
 * bytes or their name, and the command that makes a .npy of one. Any thread.
 */
#ifndef NF_DATA_FOREIGN_H
#define NF_DATA_FOREIGN_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* True, with err set to "PATH: ... are not read: <command>", where the file is such a one. */
bool foreign_table(const char *path, const unsigned char *head, size_t n_head, struct err *err);

#endif
