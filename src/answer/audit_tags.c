/* SPDX-License-Identifier: MIT */
#include "answer/audit_tags.h"

#include "base/check.h"

#include <stdlib.h>

struct placed {
    uint32_t row, item;
};

static int by_row(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

/* The item of a row; UINT32_MAX: none. */
static uint32_t item_of(const struct placed *placed, size_t n, int64_t row)
{
    if (row < 0 || row >= UINT32_MAX || n == 0)
        return UINT32_MAX;
    struct placed key = {.row = (uint32_t)row};
    const struct placed *found = bsearch(&key, placed, n, sizeof key, by_row);
    return found ? found->item : UINT32_MAX;
}

static bool tag_of(const struct mark *mark, const struct placed *placed, size_t n, struct audit_tag *tag)
{
    uint32_t a = item_of(placed, n, mark->a), b = item_of(placed, n, mark->b);
    switch (mark->kind) {
    case MARK_WRONG_LABEL: *tag = (struct audit_tag){TAG_OUT, a, UINT32_MAX}; break;
    case MARK_DUPLICATE: *tag = (struct audit_tag){TAG_OUT, b, a}; break;
    case MARK_SAME: *tag = (struct audit_tag){TAG_SAME, a, b}; break;
    case MARK_DIFFERENT: *tag = (struct audit_tag){TAG_DIFFERENT, a, b}; break;
    default: return false;
    }
    return tag->a != UINT32_MAX && (tag->kind == TAG_OUT || tag->b != UINT32_MAX);
}

size_t tags_of_marks(const struct mark *mark, size_t n_marks, const uint32_t *row, size_t n,
                     struct audit_tag *tag, size_t *from)
{
    struct placed *placed = xcalloc(n + 1, sizeof *placed);
    size_t n_tags = 0;
    for (uint32_t i = 0; i < n; i++)
        placed[i] = (struct placed){row[i], i};
    qsort(placed, n, sizeof *placed, by_row);
    for (size_t m = 0; m < n_marks; m++)
        if (tag_of(&mark[m], placed, n, &tag[n_tags])) {
            if (from)
                from[n_tags] = m;
            n_tags++;
        }
    free(placed);
    return n_tags;
}
