/* SPDX-License-Identifier: MIT
 *
 * What is known of the items of a table of embeddings.
 */
#include "base/check.h"
#include "base/strbuf.h"
#include "data/embeddings.h"
#include "data/imagedir.h"
#include "data/join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_CATEGORIES = 64, MANY_PICTURES = 20000, LARGE_SIDE = 64, SMALL_SIDE = 32 };

/* ---- the join ---- */

static const char *cell_of(const struct csv *csv, size_t row, int column)
{
    return csv->cell[row * csv->columns + (size_t)column];
}

/* The item that a row's key names: a row of the table with the same key, or its number. SIZE_MAX: none. */
static size_t item_of_key(const struct embeddings *e, const struct name_index *index, const char *key)
{
    long number;
    if (index->row)
        return name_index_find(index, key);
    return text_to_long(key, &number) && number >= 0 && (size_t)number < e->n ? (size_t)number : SIZE_MAX;
}

static bool match_keys(const struct csv *csv, int key, const struct embeddings *e,
                       const struct name_index *index, size_t *item_of, struct progress *progress,
                       struct err *err)
{
    size_t *row_of = xcalloc(e->n, sizeof *row_of); /* 1 + the row that named this item, 0: none yet */
    bool fine = true;
    for (size_t r = 0; fine && r < csv->rows; r++) {
        const char *name = cell_of(csv, r, key);
        size_t item = item_of[r] = item_of_key(e, index, name);
        if (item == SIZE_MAX && index->row)
            fine = err_set(err, "line %zu: '%.60s' is not in the table, or more than once: correct the key",
                           csv->line[r], name);
        else if (item == SIZE_MAX)
            fine = err_set(err, "line %zu: '%.60s' is no row of the table: its %zu rows are counted from 0",
                           csv->line[r], name, e->n);
        else if (row_of[item])
            fine = err_set(err, "line %zu: '%.60s' was already on line %zu: keep one of the two",
                           csv->line[r], name, csv->line[row_of[item] - 1]);
        else
            row_of[item] = r + 1;
        fine = fine && (!progress_cancelled(progress) || err_set(err, "stopped while it was read"));
    }
    free(row_of);
    return fine;
}

static bool join_by_key(struct dataset *data, const struct csv *csv, const struct embeddings *e,
                        const struct items_source *source, struct err *err)
{
    const char *key = source->key;
    struct name_index index = {0};
    int column = csv_find(csv, key), own = csv_find(&e->rest, key);
    if (column < 0)
        return err_set(err, "no column '%s' to join by (--key)", key);
    if (own >= 0)
        name_index_init(&index, (const char *const *)e->rest.cell + own, e->n, e->rest.columns,
                        source->progress);
    size_t *item_of = xcalloc(csv->rows + 1, sizeof *item_of);
    bool fine = (!progress_cancelled(source->progress) || err_set(err, "stopped while it was read")) &&
                match_keys(csv, column, e, &index, item_of, source->progress, err);
    if (fine)
        join_columns(data, csv, NULL, item_of, source->progress);
    if (fine && csv->rows < e->n)
        snprintf(data->note, sizeof data->note,
                 "%zu of %zu rows are not in --items: nothing is known of them", e->n - csv->rows, e->n);
    free(item_of);
    name_index_release(&index);
    return fine;
}

static bool join_items(struct dataset *data, const struct embeddings *e, const char *path,
                       const struct items_source *source, struct err *err)
{
    struct csv csv;
    progress_weigh(source->progress, items_parts(source->items));
    if (!csv_read_watched(source->items, &csv, source->progress, err))
        return false;
    bool fine = true;
    if (source->key)
        fine = join_by_key(data, &csv, e, source, err) || err_within(err, "%s", source->items);
    else if (csv.rows != e->n)
        fine = err_set(
            err, "%.120s: %zu rows, %.120s has %zu; without a key the order must match: add --key COLUMN%s",
            source->items, csv.rows, path, e->n,
            e->rest.columns ? "" : ", one that holds row numbers from 0");
    else
        join_columns(data, &csv, NULL, NULL, source->progress);
    csv_release(&csv);
    return fine;
}

/* ---- pictures ---- */

static int file_column(const struct dataset *data)
{
    static const char *const names[] = {"file", "filename", "path", "image"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        int column = dataset_find_column(data, names[i]);
        if (column != NO_COLUMN)
            return column;
    }
    return NO_COLUMN;
}

/* In the order of the folder, or as the column says. */
static bool list_pictures(struct picture_list *list, const struct dataset *data, int column,
                          const char *images, struct err *err)
{
    if (access(images, F_OK) != 0)
        return err_set(err, "%s: no such folder (--images)", images);
    if (column == NO_COLUMN) {
        if (!picture_list_read(list, images, err))
            return false;
        return list->n == data->n ||
               err_set(
                   err,
                   "%s: %zu pictures, the table has %zu rows: a column `file` in --items says whose each is",
                   images, list->n, data->n);
    }
    for (size_t i = 0; i < data->n; i++) {
        char number[NUMBER_TEXT];
        const char *name = dataset_whole_cell(data, column, i, number);
        if (!*name)
            return err_set(err, "row %zu has no %s: name a picture in %s for each", i,
                           data->column[column].name, images);
        picture_list_add(list, name);
    }
    return true;
}

static bool add_pictures(struct dataset *data, const char *images, struct err *err)
{
    struct picture_list list = {0};
    bool fine = list_pictures(&list, data, file_column(data), images, err) &&
                pictures_load(data, images, &list, data->n > MANY_PICTURES ? SMALL_SIDE : LARGE_SIDE,
                              PICTURES_WHOLE, err);
    picture_list_release(&list);
    return fine;
}

bool embeddings_items(struct dataset *data, const struct embeddings *e, const char *path,
                      const struct items_source *source, struct err *err)
{
    *data = dataset_empty;
    data->n = e->n;
    if (e->rest.columns > 0 && e->rest.rows == e->n)
        join_columns(data, &e->rest, e->is_rest, NULL, source->progress);
    bool fine = (!source->items || join_items(data, e, path, source, err)) &&
                (!source->images || add_pictures(data, source->images, err));
    fine = fine && (dataset_sort_kinds(data, MAX_CATEGORIES, source->progress) ||
                    err_set(err, "stopped while it was read"));
    if (!fine) {
        dataset_release(data);
        return false;
    }
    dataset_finish(data, path, path);
    return true;
}
