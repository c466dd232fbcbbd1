/* SPDX-License-Identifier: MIT */
#include "base/text_rows.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct text_row *)a)->text, ((const struct text_row *)b)->text);
}

static int by_text_and_row(const void *a, const void *b)
{
    const struct text_row *x = a, *y = b;
    int order = by_text(a, b);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

struct text_row *text_rows_sorted(const char *const *text, size_t n, size_t stride)
{
    struct text_row *sorted = xcalloc(n + 1, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = (struct text_row){text[i * stride], i};
    qsort(sorted, n, sizeof *sorted, by_text_and_row);
    return sorted;
}

size_t text_rows_find(const struct text_row *sorted, size_t n, const char *text)
{
    struct text_row key = {.text = text};
    const struct text_row *found = bsearch(&key, sorted, n, sizeof *sorted, by_text);
    return found ? (size_t)(found - sorted) : n;
}

bool text_rows_again(const struct text_row *sorted, size_t at)
{
    return at > 0 && strcmp(sorted[at].text, sorted[at - 1].text) == 0;
}
