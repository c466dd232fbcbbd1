/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "data/csv.h"
#include "data/imagedir.h"
#include "data/join.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The pictures by their paths, or by their bare names. */
static struct name_index index_of(const struct picture_list *list, bool bare)
{
    struct name_index index;
    const char **names = xcalloc(list->n + 1, sizeof *names);
    for (size_t i = 0; i < list->n; i++)
        names[i] = bare ? path_base(list->file[i]) : list->file[i];
    name_index_init(&index, names, list->n, 1, NULL);
    free(names);
    return index;
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
    struct name_index full = index_of(list, false), bare = index_of(list, true);
    size_t *row_of = xcalloc(list->n, sizeof *row_of); /* 1 + the row that named this picture, 0: none yet */
    bool fine = true;
    for (size_t r = 0; fine && r < csv->rows; r++) {
        const char *name = csv->cell[r * csv->columns + (size_t)key];
        name = strncmp(name, "./", 2) == 0 ? name + 2 : name;
        size_t item = name_index_find(&full, name);
        if (item == SIZE_MAX)
            item = name_index_find(&bare, name);
        if (item == SIZE_MAX)
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
    name_index_release(&full);
    name_index_release(&bare);
    free(row_of);
    return fine;
}

/* All but the names of the files, which the folder says. */
static void add_columns(struct dataset *data, const struct csv *csv, const size_t *item_of)
{
    bool *wanted = xcalloc(csv->columns, sizeof *wanted);
    for (size_t c = 0; c < csv->columns; c++)
        wanted[c] = (int)c != file_column(csv);
    join_columns(data, csv, wanted, item_of, NULL);
    free(wanted);
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
