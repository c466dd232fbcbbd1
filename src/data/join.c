/* SPDX-License-Identifier: MIT */
#include "data/join.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool name_index_init(struct name_index *index, const char *const *names, size_t n, size_t stride,
                     struct progress *progress)
{
    *index = (struct name_index){text_rows_sorted_watched(names, n, stride, progress), n};
    return index->row != NULL;
}

void name_index_release(struct name_index *index)
{
    free(index->row);
    *index = (struct name_index){0};
}

size_t name_index_find(const struct name_index *index, const char *name)
{
    size_t at = text_rows_find(index->row, index->n, name);
    if (at == index->n)
        return SIZE_MAX;
    bool twin = text_rows_again(index->row, at) || (at + 1 < index->n && text_rows_again(index->row, at + 1));
    return twin ? SIZE_MAX : index->row[at].row;
}

bool join_columns(struct dataset *data, const struct csv *csv, const bool *wanted, const size_t *item_of,
                  struct progress *progress)
{
    for (size_t c = 0; c < csv->columns; c++) {
        const char *name = strcasecmp(csv->name[c], "id") ? csv->name[c] : "item";
        if (wanted && !wanted[c])
            continue;
        int old = dataset_find_column(data, name);
        if (old != NO_COLUMN)
            dataset_drop_column(data, (size_t)old);
        struct column *column = dataset_add_column(data, name, COLUMN_TEXT);
        for (size_t r = 0; r < csv->rows && !progress_cancelled(progress); r++)
            column_set_text(column, item_of ? item_of[r] : r, csv->cell[r * csv->columns + c]);
    }
    return !progress_cancelled(progress);
}
