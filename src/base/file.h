/* SPDX-License-Identifier: MIT
 *
 * Files that are there whole or not at all: writing goes to a temporary name beside the target that no other
 * writer has, is flushed to the disk and renamed over it; of several writers of one path the last to commit
 * wins. A symbolic link stays and what it leads to is replaced; what is there and is no file (a device, a
 * pipe) is written to as it is. Any thread.
 */
#ifndef NF_BASE_FILE_H
#define NF_BASE_FILE_H

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>

/* The whole file, NUL added after `*length` bytes; refused over max_bytes. Owned by the caller, free(); NULL
 * and err otherwise. */
char *file_read(const char *path, size_t max_bytes, size_t *length, struct err *err);

/* The first bytes, up to size - 1, NUL added; 0 of what is no plain file: to open a pipe is to wait for who
 * writes, and what is read of it is gone. */
size_t file_head(const char *path, char *bytes, size_t size);

#define FILE_PART ".part-" /* what follows the path in a temporary name */

struct file_writer {
    FILE *stream;           /* write here; buffered */
    char *path, *temporary; /* temporary NULL: the target is no file */
};

bool file_begin(struct file_writer *writer, const char *path, struct err *err);
bool file_commit(struct file_writer *writer, struct err *err); /* flush, fsync, rename, fsync of the folder */
void file_abandon(struct file_writer *writer);                 /* nothing is left behind */

/* Both in one call. */
bool file_write(const char *path, const void *bytes, size_t length, struct err *err);

bool folder_make(const char *path, struct err *err); /* with its parents; fine if it is there */

#endif
