/* SPDX-License-Identifier: MIT
 *
 * Rows ordered by a text of theirs, so that equal texts stand together: different values, twins and ids are
 * found in n log n. Pure; any thread.
 */
#ifndef NF_BASE_TEXT_ROWS_H
#define NF_BASE_TEXT_ROWS_H

#include "base/parallel.h"

#include <stdbool.h>
#include <stddef.h>

struct text_row {
    const char *text; /* lent */
    size_t row;
};

/* text[i * stride] is row i's: (n), by the bytes of the texts, equal ones by row. Owned: free. */
struct text_row *text_rows_sorted(const char *const *text, size_t n, size_t stride);
/* The same, looking whether it is cancelled: then NULL. A million texts take a second. */
struct text_row *text_rows_sorted_watched(const char *const *text, size_t n, size_t stride,
                                          struct progress *progress);
/* The place of a row with that text; n where there is none. */
size_t text_rows_find(const struct text_row *sorted, size_t n, const char *text);
/* Has the row at that place the text of the one before it? */
bool text_rows_again(const struct text_row *sorted, size_t at);

#endif
