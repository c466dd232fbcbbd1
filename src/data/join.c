/* SPDX-License-Identifier: MIT */
#include "data/join.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct named_row {
    const char *name;
    size_t row;
};

static int by_name_and_row(const void *a, const void *b)
{
    const struct named_row *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named_row *)a)->name, ((const struct named_row *)b)->name);
}

void name_index_init(struct name_index *index, const char *const *names, size_t n, size_t stride)
{
    *index = (struct name_index){xcalloc(n + 1, sizeof *index->row), n};
    for (size_t i = 0; i < n; i++)
        index->row[i] = (struct named_row){names[i * stride], i};
    qsort(index->row, n, sizeof *index->row, by_name_and_row);
}

void name_index_release(struct name_index *index)
{
    free(index->row);
    *index = (struct name_index){0};
}

size_t name_index_find(const struct name_index *index, const char *name)
{
    struct named_row key = {.name = name}, *row = index->row;
    const struct named_row *found = index->n ? bsearch(&key, row, index->n, sizeof *row, by_name) : NULL;
    if (!found)
        return SIZE_MAX;
    size_t at = (size_t)(found - row);
    bool twin = (at > 0 && strcmp(row[at - 1].name, name) == 0) ||
                (at + 1 < index->n && strcmp(row[at + 1].name, name) == 0);
    return twin ? SIZE_MAX : found->row;
}

void join_columns(struct dataset *data, const struct csv *csv, const bool *wanted, const size_t *item_of)
{
    for (size_t c = 0; c < csv->columns; c++) {
        const char *name = strcasecmp(csv->name[c], "id") ? csv->name[c] : "item";
        if (wanted && !wanted[c])
            continue;
        int old = dataset_find_column(data, name);
        if (old != NO_COLUMN)
            dataset_drop_column(data, (size_t)old);
        struct column *column = dataset_add_column(data, name, COLUMN_TEXT);
        for (size_t r = 0; r < csv->rows; r++)
            column_set_text(column, item_of ? item_of[r] : r, csv->cell[r * csv->columns + c]);
    }
}
