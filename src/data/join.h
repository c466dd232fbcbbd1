/* SPDX-License-Identifier: MIT
 *
 * Rows of one table onto the rows of another, by name. Any thread.
 */
#ifndef NF_DATA_JOIN_H
#define NF_DATA_JOIN_H

#include "base/text_rows.h"
#include "data/csv.h"
#include "data/dataset.h"

/* Rows by a name of theirs. */
struct name_index {
    struct text_row *row; /* sorted by name */
    size_t n;
};
/* names[i * stride] is row i's; they are lent until the index is released. False only when cancelled
 * (progress may be NULL): then nothing is held. */
bool name_index_init(struct name_index *index, const char *const *names, size_t n, size_t stride,
                     struct progress *progress);
void name_index_release(struct name_index *index);
/* The row of that name; SIZE_MAX where there is none or more than one. */
size_t name_index_find(const struct name_index *index, const char *name);

/* Columns of a table of text onto the items: row r is about item_of[r] (NULL: item r). `wanted` (columns), or
 * NULL for all. One of the same name replaces what was there; `id` becomes `item`, since written tables have
 * an id of their own. False only when cancelled (progress may be NULL): the columns are there, not filled. */
bool join_columns(struct dataset *data, const struct csv *csv, const bool *wanted, const size_t *item_of,
                  struct progress *progress);

#endif
