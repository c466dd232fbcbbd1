/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "base/strbuf.h"
#include "data/csv.h"
#include "data/imagedir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* A picture under one of the names a table may call it by. */
struct handle {
    const char *name;
    size_t item;
};

static int by_handle(const void *a, const void *b)
{
    const struct handle *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->item > y->item) - (x->item < y->item);
}

static int by_handle_name(const void *a, const void *b)
{
    return strcmp(((const struct handle *)a)->name, ((const struct handle *)b)->name);
}

static struct handle *handles_of(const struct picture_list *list, bool bare)
{
    struct handle *handle = xcalloc(list->n, sizeof *handle);
    for (size_t i = 0; i < list->n; i++)
        handle[i] = (struct handle){bare ? path_base(list->file[i]) : list->file[i], i};
    qsort(handle, list->n, sizeof *handle, by_handle);
    return handle;
}

/* The item of that name; list->n where there is none or more than one. */
static size_t find_handle(const struct handle *handle, size_t n, const char *name)
{
    struct handle key = {.name = name};
    const struct handle *found = n ? bsearch(&key, handle, n, sizeof *handle, by_handle_name) : NULL;
    if (!found)
        return n;
    size_t at = (size_t)(found - handle);
    bool twin = (at > 0 && strcmp(handle[at - 1].name, name) == 0) ||
                (at + 1 < n && strcmp(handle[at + 1].name, name) == 0);
    return twin ? n : found->item;
}

static int file_column(const struct csv *csv)
{
    static const char *const names[] = {"file", "filename", "path", "image"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (csv_find(csv, names[i]) >= 0)
            return csv_find(csv, names[i]);
    return -1;
}

/* item_of[r]: the picture of row r. */
static bool match_rows(const struct csv *csv, const struct picture_list *list, size_t *item_of,
                       struct err *err)
{
    int key = file_column(csv);
    if (key < 0)
        return err_set(err, "line 1: no column called 'file' to join the pictures by: add it");
    struct handle *full = handles_of(list, false), *bare = handles_of(list, true);
    size_t *row_of = xcalloc(list->n, sizeof *row_of); /* 1 + the row that named this picture, 0: none yet */
    bool fine = true;
    for (size_t r = 0; fine && r < csv->rows; r++) {
        const char *name = csv->cell[r * csv->columns + (size_t)key];
        name = strncmp(name, "./", 2) == 0 ? name + 2 : name;
        size_t item = find_handle(full, list->n, name);
        if (item == list->n)
            item = find_handle(bare, list->n, name);
        if (item == list->n)
            fine = err_set(err,
                           "line %zu: no picture '%.100s' in the folder, or more than one: correct the name",
                           csv->line[r], name);
        else if (row_of[item])
            fine = err_set(err, "line %zu: '%.100s' was already on line %zu: keep one of the two",
                           csv->line[r], name, csv->line[row_of[item] - 1]);
        else
            row_of[item] = r + 1;
        item_of[r] = item;
    }
    free(full);
    free(bare);
    free(row_of);
    return fine;
}

/* A table's column of the same name replaces what the folders said. `id` names rows of the table, and written
 * tables have an id of their own. */
static void add_columns(struct dataset *data, const struct csv *csv, const size_t *item_of)
{
    for (size_t c = 0; c < csv->columns; c++) {
        const char *name = csv->name[c];
        if ((int)c == file_column(csv))
            continue;
        int old = dataset_find_column(data, name);
        if (old != NO_COLUMN)
            dataset_drop_column(data, (size_t)old);
        struct column *column = dataset_add_column(data, strcasecmp(name, "id") ? name : "item", COLUMN_TEXT);
        for (size_t r = 0; r < csv->rows; r++)
            column_set_text(column, item_of[r], csv->cell[r * csv->columns + c]);
    }
}

bool join_items_csv(struct dataset *data, const char *root, const struct picture_list *list, struct err *err)
{
    struct csv csv;
    char *path = path_join(root, "items.csv");
    bool fine = true;
    if (access(path, F_OK) == 0) {
        fine = csv_read(path, &csv, err);
        if (fine) {
            size_t *item_of = xcalloc(csv.rows, sizeof *item_of);
            fine = match_rows(&csv, list, item_of, err) || err_within(err, "%s", path);
            if (fine)
                add_columns(data, &csv, item_of);
            free(item_of);
            csv_release(&csv);
        }
    }
    free(path);
    return fine;
}
