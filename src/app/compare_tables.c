/* SPDX-License-Identifier: MIT */
#include "app/compare_tables.h"

#include "app/save.h"
#include "base/check.h"
#include "data/join.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one space ---- */

static double knob_of(const struct record *record, const char *name, double otherwise)
{
    for (size_t i = 0; i < record->n_knobs; i++)
        if (strcmp(record->knob[i].name, name) == 0)
            return record->knob[i].value;
    return otherwise;
}

static double split_seed(const struct record *record)
{
    double seed = knob_of(record, "split-seed", 0);
    return seed > 0 ? seed : (double)record->seed;
}

static bool open_run(struct compare_side *side, struct progress *progress, struct err *err)
{
    char path[RUN_PATH_SIZE];
    struct record record;
    struct err ignored;
    run_path(path, side->path, RUN_EMBEDDINGS);
    if (!embeddings_read_watched(&side->table, path, progress, err))
        return false;
    run_path(path, side->path, RUN_ITEMS);
    progress_expect(progress, items_parts(path));
    progress_weigh(progress, items_parts(path));
    if (!csv_read_watched(path, &side->items, progress, err))
        return false;
    if (side->items.rows != side->table.n)
        return err_set(err, "%.200s: %zu rows, its embeddings have %zu", path, side->items.rows,
                       side->table.n);
    run_path(path, side->path, RUN_METRICS);
    if (!csv_read(path, &side->metrics, err))
        return false;
    if (load_record(side->path, &record, &ignored)) {
        snprintf(side->pictures, sizeof side->pictures, "%s", record.dataset.sha256);
        side->seed = (unsigned long long)split_seed(&record);
        record_release(&record);
    }
    return true;
}

/* What of it is large. */
static void expect_side(struct compare_tables *tables, const char *path)
{
    char rows[RUN_PATH_SIZE];
    snprintf(rows, sizeof rows, "%s", path);
    if (run_is_there(path))
        run_path(rows, path, RUN_EMBEDDINGS);
    progress_expect(tables->progress, embeddings_parts(rows));
}

static bool add_side(struct compare_tables *tables, const char *path, struct err *err)
{
    if (tables->n_sides == ARRAY_LEN(tables->side))
        return err_set(err, "more than %d floors", COMPARE_FLOORS);
    struct compare_side *side = &tables->side[tables->n_sides++];
    *side = (struct compare_side){.seed = 1};
    snprintf(side->path, sizeof side->path, "%s", path);
    return run_is_there(path) ? open_run(side, tables->progress, err)
                              : embeddings_read_watched(&side->table, path, tables->progress, err);
}

bool compare_tables_open(struct compare_tables *tables, const char *a, const char *b, struct err *err)
{
    tables->n_sides = tables->n = 0;
    expect_side(tables, a);
    expect_side(tables, b);
    return add_side(tables, a, err) && add_side(tables, b, err);
}

bool compare_tables_floor(struct compare_tables *tables, const char *path, struct err *err)
{
    expect_side(tables, path);
    return add_side(tables, path, err);
}

/* ---- runs that differ in the seed alone ---- */

static bool same_knobs(const struct record *a, const struct record *b)
{
    for (size_t i = 0; i < a->n_knobs; i++)
        if (strcmp(a->knob[i].name, "split-seed") != 0 &&
            knob_of(b, a->knob[i].name, NAN) != a->knob[i].value)
            return false;
    return a->n_knobs == b->n_knobs;
}

static bool same_but_seed(const struct record *a, const struct record *b)
{
    const char *const texts[][2] = {{a->method, b->method},
                                    {a->encoder, b->encoder},
                                    {a->head, b->head},
                                    {a->augment, b->augment},
                                    {a->optimizer, b->optimizer},
                                    {a->schedule.kind, b->schedule.kind},
                                    {a->dataset.sha256, b->dataset.sha256}};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (!texts[i][0] || !texts[i][1] || strcmp(texts[i][0], texts[i][1]) != 0)
            return false;
    return a->seed != b->seed && split_seed(a) == split_seed(b) && a->steps == b->steps &&
           a->schedule.total == b->schedule.total && same_knobs(a, b);
}

static int no_dots(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

bool compare_tables_find_floors(struct compare_tables *tables, struct err *err)
{
    struct record mine, other;
    struct err ignored;
    char parent[RUN_PATH_SIZE], path[RUN_PATH_SIZE];
    struct dirent **entry = NULL;
    const char *a = tables->side[0].path;
    size_t length = strlen(a);
    while (length > 1 && a[length - 1] == '/')
        length--;
    snprintf(path, sizeof path, "%.*s", (int)length, a);
    const char *slash = strrchr(path, '/');
    snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    if (!run_is_there(a) || !load_record(a, &mine, &ignored))
        return true;
    int n = scandir(parent, &entry, no_dots, alphasort);
    bool fine = true;
    for (int i = 0; i < n; i++) {
        run_path(path, parent, entry[i]->d_name);
        if (fine && tables->n_sides < ARRAY_LEN(tables->side) && run_is_there(path) &&
            load_record(path, &other, &ignored)) {
            fine = !same_but_seed(&mine, &other) || compare_tables_floor(tables, path, err);
            record_release(&other);
        }
        free(entry[i]);
    }
    free(entry);
    record_release(&mine);
    return fine;
}

/* ---- the items in common ---- */

/* Rows can only be compared where they are of the same items. */
static bool same_pictures(const struct compare_tables *tables, struct err *err)
{
    const struct compare_side *a = &tables->side[0];
    for (size_t s = 1; s < tables->n_sides; s++) {
        const struct compare_side *b = &tables->side[s];
        if (a->pictures[0] && b->pictures[0] && strcmp(a->pictures, b->pictures) != 0)
            return err_set(err,
                           "%.120s and %.120s are of different pictures: embed the same pictures with both "
                           "(nearfar embed) and compare the tables",
                           a->path, b->path);
        bool named = a->items.columns > 0 && b->items.columns > 0;
        if (!named && a->table.n != b->table.n)
            return err_set(err, "%.120s has %zu items, %.120s has %zu: compare spaces of the same items",
                           a->path, a->table.n, b->path, b->table.n);
    }
    return true;
}

/* Where A's row `i` is in side `s`; SIZE_MAX: it is not. */
static size_t row_in(const struct compare_tables *tables, const struct name_index *index, size_t s, size_t i)
{
    const struct csv *a = &tables->side[0].items;
    if (index[s].row == NULL)
        return i;
    return name_index_find(&index[s], a->cell[i * a->columns]);
}

/* Without names the rows of all are in one order. */
static void lend_rows(struct compare_tables *tables, uint32_t *row_of_a)
{
    tables->n = tables->side[0].table.n;
    for (size_t i = 0; i < tables->n; i++)
        row_of_a[i] = (uint32_t)i;
    for (size_t s = 0; s < tables->n_sides; s++)
        tables->side[s].rows = tables->side[s].table.rows;
}

/* A's row `i`, where all sides have it, becomes the next that is compared. */
static void match_row(struct compare_tables *tables, const struct name_index *index, size_t i,
                      uint32_t *row_of_a)
{
    size_t row[ARRAY_LEN(tables->side)], s = 0;
    while (s < tables->n_sides && (row[s] = row_in(tables, index, s, i)) != SIZE_MAX)
        s++;
    if (s < tables->n_sides)
        return;
    for (s = 0; s < tables->n_sides; s++) {
        const struct embeddings *table = &tables->side[s].table;
        memcpy(tables->side[s].own + tables->n * table->d, table->rows + row[s] * table->d,
               table->d * sizeof(float));
    }
    row_of_a[tables->n++] = (uint32_t)i;
}

static bool is_named(const struct compare_tables *tables, const struct compare_side *side)
{
    return tables->side[0].items.columns > 0 && side->items.columns > 0;
}

static bool index_side(const struct compare_tables *tables, const struct compare_side *side,
                       struct name_index *index)
{
    return !is_named(tables, side) ||
           name_index_init(index, (const char *const *)side->items.cell, side->items.rows,
                           side->items.columns, tables->progress);
}

static bool match_names(struct compare_tables *tables, uint32_t *row_of_a)
{
    enum { LOOK = 1024 }; /* rows between two looks whether it is cancelled */
    struct name_index index[ARRAY_LEN(tables->side)] = {{0}};
    size_t n_a = tables->side[0].table.n;
    bool fine = true;
    for (size_t s = 0; fine && s < tables->n_sides; s++) {
        struct compare_side *side = &tables->side[s];
        fine = index_side(tables, side, &index[s]);
        side->rows = side->own = fine ? xaligned(n_a * side->table.d + 1, sizeof *side->own) : NULL;
    }
    for (size_t i = 0; fine && i < n_a; i++) {
        fine = i % LOOK || !progress_cancelled(tables->progress);
        if (fine)
            match_row(tables, index, i, row_of_a);
    }
    for (size_t s = 0; s < tables->n_sides; s++)
        name_index_release(&index[s]);
    return fine;
}

static bool match_rows(struct compare_tables *tables, uint32_t *row_of_a, struct err *err)
{
    bool named = false;
    for (size_t s = 1; s < tables->n_sides; s++)
        named = named || is_named(tables, &tables->side[s]);
    if (!named)
        lend_rows(tables, row_of_a);
    else if (!match_names(tables, row_of_a))
        return err_set(err, "stopped while it was read");
    return tables->n >= 2 ||
           err_set(err,
                   "%zu items are in all of them: give both the same --set split-seed, or embed the same "
                   "pictures with both",
                   tables->n);
}

/* ---- what is known of them ---- */

/* The column that makes pairs genuine; NULL: there is none. */
static const char *relation_of(const struct csv *items, const struct compare_source *source)
{
    if (source->relation)
        return source->relation;
    return csv_find(items, "identity") >= 0 ? "identity" : csv_find(items, "label") >= 0 ? "label" : NULL;
}

static uint32_t *taken(const uint32_t *code, const uint32_t *row, size_t n)
{
    uint32_t *copy = xcalloc(n + 1, sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = code[row[i]];
    return copy;
}

static bool take_columns(struct compare_tables *tables, const struct compare_source *source,
                         const uint32_t *row_of_a, struct err *err)
{
    struct audit_table *about = &tables->about;
    struct compare_side *a = &tables->side[0];
    struct audit_source wanted = {.group = source->group, .unit = source->unit};
    if (source->items) {
        progress_expect(tables->progress, items_parts(source->items));
        progress_weigh(tables->progress, items_parts(source->items));
        if (!csv_read_watched(source->items, &about->items, tables->progress, err))
            return false;
    } else {
        about->items = a->items; /* given back below */
    }
    wanted.relation = relation_of(&about->items, source);
    tables->has_pairs = about->items.columns > 0 && wanted.relation;
    bool fine = tables->has_pairs || (!source->group && !source->relation && !source->unit) ||
                err_set(err, "no column says which pairs are genuine: --items ITEMS.csv --relation COLUMN");
    if (tables->has_pairs) {
        about->embeddings = (struct embeddings){.n = a->table.n, .d = a->table.d, .rows = a->table.rows};
        fine = audit_table_join(about, &wanted, tables->progress, err) ||
               err_within(err, "%s", source->items ? source->items : a->path);
        about->embeddings = (struct embeddings){.n = 0};
    }
    if (fine && tables->has_pairs) {
        tables->group = taken(about->group.code, row_of_a, tables->n);
        tables->identity = taken(about->relation.code, row_of_a, tables->n);
        tables->unit = about->input.unit ? taken(about->input.unit, row_of_a, tables->n) : NULL;
    }
    if (!source->items)
        about->items = (struct csv){.rows = 0};
    return fine;
}

bool compare_tables_match(struct compare_tables *tables, const struct compare_source *source, struct err *err)
{
    if (!same_pictures(tables, err))
        return false;
    uint32_t *row_of_a = xcalloc(tables->side[0].table.n + 1, sizeof *row_of_a);
    bool fine = match_rows(tables, row_of_a, err) && take_columns(tables, source, row_of_a, err);
    free(row_of_a);
    return fine;
}

void compare_tables_release(struct compare_tables *tables)
{
    for (size_t s = 0; s < tables->n_sides; s++) {
        embeddings_release(&tables->side[s].table);
        csv_release(&tables->side[s].items);
        csv_release(&tables->side[s].metrics);
        free(tables->side[s].own);
    }
    audit_table_release(&tables->about);
    free(tables->group);
    free(tables->identity);
    free(tables->unit);
    free(tables);
}

struct compare_input compare_tables_input(const struct compare_tables *tables, size_t b)
{
    const struct compare_side *a = &tables->side[0], *other = &tables->side[b];
    return (struct compare_input){{{a->rows, a->table.d}, {other->rows, other->table.d}},
                                  tables->n,
                                  tables->group,
                                  tables->identity,
                                  tables->unit,
                                  tables->has_pairs ? tables->about.n_groups : 0};
}
