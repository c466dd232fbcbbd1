/* SPDX-License-Identifier: MIT
 *
 * RFC 4180 tables of text: quoted fields, doubled quotes, CRLF or LF, a UTF-8 byte-order mark, commas or
 * tabs. The first row names the columns. Ragged rows are refused with their line number.
 */
#ifndef NF_DATA_CSV_H
#define NF_DATA_CSV_H

#include "base/err.h"
#include "base/parallel.h"
#include "base/strbuf.h"

#include <stddef.h>

struct csv {
    size_t rows, columns; /* rows without the header */
    char **name;          /* (columns) */
    char **cell;          /* (rows, columns), as in the file; clean before showing; in the block of name */
    size_t *line;         /* (rows) line number in the file where the row starts, from 1 */
    char *storage;        /* owns every text */
};

bool csv_parse(const char *text, size_t length, struct csv *csv,
               struct err *err); /* separator found by itself */
bool csv_read(const char *path, struct csv *csv, struct err *err);
/* The same as a part of progress, in bytes; cancelled they are refused. */
bool csv_parse_watched(const char *text, size_t length, struct csv *csv, struct progress *progress,
                       struct err *err);
bool csv_read_watched(const char *path, struct csv *csv, struct progress *progress, struct err *err);
void csv_release(struct csv *csv);
int csv_find(const struct csv *csv, const char *name); /* column index or -1; case matters not */

/* Appends one field, quoted where RFC 4180 asks for it. */
void csv_put(struct strbuf *out, const char *field);
/* The same in a table that a person will open: a spreadsheet runs a cell that begins with = + - @ as a
 * formula, whoever wrote it into the data. Such a text gets an apostrophe before it; a number stays a number.
 * Run folders are written by csv_put alone: what a program reads again is what it was. */
void csv_put_shown(struct strbuf *out, const char *field);

#endif
