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

enum { RUN = 4096, LOOK = 4096 /* rows merged between two looks whether it is cancelled */ };

struct sorting {
    struct text_row *from, *to; /* (n) */
    size_t n;
    struct progress *progress;
};

static size_t at_most(size_t i, size_t n)
{
    return i < n ? i : n;
}

/* Two sorted runs of `from` that lie at first.. become one at the same place of `to`. */
static void merge(const struct sorting *s, size_t first, size_t length)
{
    size_t middle = at_most(first + length, s->n), end = at_most(middle + length, s->n);
    for (size_t a = first, b = middle, i = first; i < end; i++) {
        if (i % LOOK == 0 && progress_cancelled(s->progress))
            return;
        bool left = b == end || (a < middle && by_text_and_row(&s->from[a], &s->from[b]) < 0);
        s->to[i] = left ? s->from[a++] : s->from[b++];
    }
}

static void merge_all(struct sorting *s)
{
    for (size_t length = RUN; length < s->n; length *= 2) {
        struct text_row *from = s->from;
        for (size_t i = 0; i < s->n; i += 2 * length)
            merge(s, i, length);
        s->from = s->to;
        s->to = from;
    }
}

struct text_row *text_rows_sorted_watched(const char *const *text, size_t n, size_t stride,
                                          struct progress *progress)
{
    struct sorting s = {xcalloc(n + 1, sizeof *s.from), xcalloc(n + 1, sizeof *s.to), n, progress};
    for (size_t i = 0; i < n; i++)
        s.from[i] = (struct text_row){text[i * stride], i};
    for (size_t i = 0; i < n && !progress_cancelled(progress); i += RUN)
        qsort(s.from + i, at_most(RUN, n - i), sizeof *s.from, by_text_and_row);
    merge_all(&s);
    free(s.to);
    if (!progress_cancelled(progress))
        return s.from;
    free(s.from);
    return NULL;
}

struct text_row *text_rows_sorted(const char *const *text, size_t n, size_t stride)
{
    return text_rows_sorted_watched(text, n, stride, NULL);
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
