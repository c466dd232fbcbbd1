/* SPDX-License-Identifier: MIT */
#include "app/audit_input.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "run/run.h"
#include "space/audit_gate.h"

#include <errno.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ---- */

/* In pieces: a table may be larger than what is left of memory. */
static bool digest_stream(FILE *stream, char *hex, struct progress *progress)
{
    uint8_t piece[1 << 14];
    SHA256_CTX sha;
    SHA256Init(&sha);
    for (size_t n; !progress_cancelled(progress) && (n = fread(piece, 1, sizeof piece, stream)) > 0;) {
        SHA256Update(&sha, piece, n);
        progress_step(progress, n);
    }
    SHA256End(&sha, hex);
    return !ferror(stream);
}

/* A digest takes a quarter of the time that reading text does. */
static unsigned digest_parts(const char *path)
{
    return 1 + items_parts(path) / 4;
}

static bool describe_file(struct input_file *file, const char *path, size_t rows, struct progress *progress,
                          struct err *err)
{
    struct stat st;
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return err_set(err, "%s: %s", path, strerror(errno));
    progress_weigh(progress, digest_parts(path));
    progress_begin(progress, fstat(fileno(stream), &st) == 0 ? (size_t)st.st_size : 0);
    bool fine = digest_stream(stream, file->sha256, progress) || err_set(err, "%s: reading failed", path);
    fclose(stream);
    text_clean(file->path, sizeof file->path, path);
    file->rows = rows;
    return fine;
}

/* ---- checks ---- */

static bool read_split(struct audit_table *table, const char *name, struct err *err)
{
    const struct csv *csv = &table->items;
    int column;
    size_t n_dev = 0;
    if (!codes_find_column(csv, name, &column, err))
        return false;
    table->dev = xcalloc(csv->rows + 1, sizeof *table->dev);
    for (size_t r = 0; r < csv->rows; r++) {
        const char *cell = csv->cell[r * csv->columns + (size_t)column];
        table->dev[r] = strcasecmp(cell, "dev") == 0;
        n_dev += table->dev[r];
        if (!table->dev[r] && strcasecmp(cell, "eval") != 0)
            return err_set(err, "line %zu: '%.60s' in column '%s' is neither dev nor eval", csv->line[r],
                           cell, name);
    }
    return (n_dev > 0 && n_dev < csv->rows) ||
           err_set(err, "column '%s' has no item %s", name, n_dev ? "of eval" : "of dev");
}

/* A threshold chosen on one picture of a person and reported on another is chosen on the test set. */
static bool sides_share_no_unit(const struct audit_table *table, struct err *err)
{
    size_t n = table->items.rows;
    uint32_t *first = xcalloc(table->unit.n_values + 1, sizeof *first); /* 1 + row */
    bool fine = true;
    for (uint32_t i = 0; fine && table->unit.code && i < n; i++) {
        uint32_t unit = table->unit.code[i];
        if (unit == UINT32_MAX)
            continue;
        if (first[unit] && table->dev[first[unit] - 1] != table->dev[i])
            fine = err_set(err, "line %zu: %s '%s' is on the other side of the split on line %zu",
                           table->items.line[i], table->names.unit, table->unit.name[unit],
                           table->items.line[first[unit] - 1]);
        first[unit] = first[unit] ? first[unit] : i + 1;
    }
    free(first);
    return fine;
}

/* ---- items ---- */

uint32_t *audit_rows(const struct csv *items, bool run)
{
    uint32_t *row = xcalloc(items->rows + 1, sizeof *row);
    int id = run ? csv_find(items, "id") : -1;
    for (uint32_t i = 0; i < items->rows; i++) {
        long value = i;
        if (id >= 0 && (!text_to_long(items->cell[i * items->columns + (size_t)id], &value) || value < 0))
            value = UINT32_MAX;
        row[i] = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
    }
    return row;
}

void audit_item_name(const struct audit_table *table, uint32_t item, char text[64])
{
    int id = csv_find(&table->items, "id");
    if (id >= 0)
        text_clean(text, 64, table->items.cell[item * table->items.columns + (size_t)id]);
    else
        snprintf(text, 64, "row %u", item);
}

/* ---- all of it ---- */

/* Items without a unit are units of their own. */
static void own_units(struct codes *unit, size_t n)
{
    uint32_t next = (uint32_t)unit->n_values;
    for (size_t i = 0; i < n; i++)
        if (unit->code[i] == UINT32_MAX)
            unit->code[i] = next++;
}

static bool read_units(struct audit_table *table, const struct audit_source *source,
                       struct progress *progress, struct err *err)
{
    const char *unit = source->unit                               ? source->unit
                       : csv_find(&table->items, "identity") >= 0 ? "identity"
                                                                  : NULL;
    table->names.unit = "item";
    table->names.units = "items";
    if (!unit)
        return true;
    if (!codes_of_column(&table->unit, &table->items, unit, NULL, progress, err))
        return false;
    bool identities = strcasecmp(unit, "identity") == 0;
    table->names.unit = identities ? "identity" : unit;
    table->names.units = identities ? "identities" : unit;
    bool alike = strcasecmp(unit, source->relation) == 0 && !table->pairs.list.at;
    table->input.unit = alike ? table->relation.code : table->unit.code;
    return true;
}

/* "shape=star:moon": two sets of items, one a value. */
static bool read_axis(struct audit_table *table, const char *axis, struct err *err)
{
    const struct csv *csv = &table->items;
    const char *equals = strchr(axis, '='), *colon = equals ? strchr(equals, ':') : NULL;
    char name[CODES_NAME];
    int column;
    if (!colon)
        return err_set(err, "--axis %s: write COLUMN=VALUE:VALUE, such as shape=star:moon", axis);
    snprintf(name, sizeof name, "%.*s", (int)(equals - axis), axis);
    if (!codes_find_column(csv, name, &column, err))
        return false;
    const char *value[] = {equals + 1, colon + 1};
    const size_t length[] = {(size_t)(colon - equals - 1), strlen(colon + 1)};
    for (int e = 0; e < 2; e++) {
        size_t n = 0;
        table->end[e] = xcalloc(csv->rows + 1, sizeof *table->end[e]);
        for (size_t r = 0; r < csv->rows; r++) {
            const char *cell = csv->cell[r * csv->columns + (size_t)column];
            table->end[e][r] = strlen(cell) == length[e] && memcmp(cell, value[e], length[e]) == 0;
            n += table->end[e][r];
        }
        if (n == 0)
            return err_set(err, "--axis %s: no item has '%.*s' in column '%s'", axis, (int)length[e],
                           value[e], name);
        table->input.end[e] = table->end[e];
    }
    table->axis = axis;
    return true;
}

bool audit_table_join(struct audit_table *table, const struct audit_source *source, struct progress *progress,
                      struct err *err)
{
    const struct csv *csv = &table->items;
    if (table->embeddings.n == SIZE_MAX)
        table->embeddings.n = csv->rows;
    if (csv->rows != table->embeddings.n)
        return err_set(err, "%zu rows, the table has %zu: they must be in the same order", csv->rows,
                       table->embeddings.n);
    if (!ids_are_unique(csv, progress, err) ||
        !codes_of_groups(&table->group, csv, source->group, progress, err) ||
        !codes_of_column(&table->relation, csv, source->relation, NULL, progress, err) ||
        !read_units(table, source, progress, err))
        return false;
    if (table->group.n_values > AUDIT_MAX_GROUPS)
        return err_set(err, "'%s' makes %zu groups; at most %d can be audited: choose a coarser column",
                       source->group, table->group.n_values, AUDIT_MAX_GROUPS);
    if (source->split && (!read_split(table, source->split, err) || !sides_share_no_unit(table, err)))
        return false;
    if (source->axis && !read_axis(table, source->axis, err))
        return false;
    for (size_t i = 0; i < csv->rows; i++)
        table->n_no_relation += table->relation.code[i] == UINT32_MAX;
    if (csv_find(csv, "label") >= 0) {
        if (!codes_of_column(&table->label, csv, "label", CODES_MISSING, progress, err))
            return false;
        table->input.label = table->label.code;
    }
    if (table->unit.code && table->input.unit == table->unit.code)
        own_units(&table->unit, csv->rows);
    table->n_groups = table->group.n_values;
    table->input.dev = table->dev;
    table->input.items =
        (struct score_items){table->embeddings.rows, table->embeddings.n,  table->embeddings.d,
                             table->group.code,      table->relation.code, table->n_groups};
    table->names.group = (const char *const *)table->group.name;
    table->names.relation = source->relation;
    table->by = source->group;
    return true;
}

void audit_table_of_scores(struct audit_table *table)
{
    static const char *const all[] = {"all"};
    audit_pairs_alone(&table->pairs);
    size_t n = 2 * table->pairs.list.n;
    table->group.code = xcalloc(n + 1, sizeof *table->group.code);
    table->unit.code = xcalloc(n + 1, sizeof *table->unit.code);
    for (uint32_t i = 0; i < n; i++)
        table->unit.code[i] = i / 2;
    table->n_groups = 1;
    table->names = (struct audit_names){all, "list", "pair", "pairs", true, NULL};
    table->input = (struct audit_input){.items = {NULL, n, 0, table->group.code, NULL, 1},
                                        .unit = table->unit.code,
                                        .pair = table->pairs.pair,
                                        .n_pairs = table->pairs.n,
                                        .scale = table->pairs.scale,
                                        .per_pair = true};
}

bool audit_threshold_fits(const struct audit_table *table, enum audit_target target, double at,
                          struct err *err)
{
    bool similarities = table->input.scale.low == table->input.scale.high;
    return target != AUDIT_AT_THRESHOLD || !similarities || (at >= -1 && at <= 2) ||
           err_set(err, "threshold %g: must be between -1 and 2", at);
}

bool audit_table_join_pairs(struct audit_table *table, struct err *err)
{
    struct pair_items items = {&table->items, table->relation.code, table->embeddings.rows,
                               table->embeddings.d};
    if (!audit_pairs_join(&table->pairs, &items, err))
        return false;
    table->input.pair = table->pairs.pair;
    table->input.n_pairs = table->pairs.n;
    table->input.scale = table->pairs.scale;
    return true;
}

/* Errors are about the list. */
static bool join_pairs(struct audit_table *table, const char *path, struct err *err)
{
    return audit_table_join_pairs(table, err) || err_within(err, "%s", path);
}

static bool read_items(struct audit_table *table, const struct audit_source *source, const char *path,
                       struct progress *progress, struct err *err)
{
    progress_weigh(progress, items_parts(path));
    return csv_read_watched(path, &table->items, progress, err) &&
           (audit_table_join(table, source, progress, err) || err_within(err, "%s", path));
}

static bool note_file(struct audit_table *table, const char *path, size_t rows, struct progress *progress,
                      struct err *err)
{
    return describe_file(&table->file[table->n_files++], path, rows, progress, err);
}

/* Those asked for must be there; those that lie where views keep them may be. */
static bool read_marks(struct audit_table *table, const struct audit_source *source, bool run,
                       struct err *err)
{
    char path[RUN_PATH_SIZE];
    if (source->marks && strcmp(source->marks, "none") == 0)
        return true;
    if (source->marks)
        snprintf(path, sizeof path, "%s", source->marks);
    else if (run)
        run_path(path, source->path, RUN_MARKS);
    else
        marks_path(path, sizeof path, source->path);
    if (!source->marks && access(path, F_OK) != 0)
        return true;
    return audit_table_tag(table, path, run ? source->path : NULL, err) &&
           note_file(table, path, table->marks.n, NULL, err);
}

static bool read_scores(struct audit_table *table, const struct audit_source *source,
                        struct progress *progress, struct err *err)
{
    const struct comparisons *list = &table->pairs.list;
    if (!comparisons_read(&table->pairs.list, source->path, err) ||
        !note_file(table, source->path, list->n, NULL, err))
        return false;
    if (!list->scored || source->pairs)
        return err_set(err, "%s: %s", source->path,
                       list->scored ? "is itself a list of pairs: leave --pairs out"
                                    : "has no scores: give a table of embeddings, and this with --pairs");
    if (list->form == COMPARISONS_TWO) {
        if (source->group || source->items || source->marks)
            return err_set(
                err, "%s: two columns name no items: --group, --items and --marks have nothing to go by",
                source->path);
        audit_table_of_scores(table);
        return true;
    }
    if (!source->items)
        return err_set(err, "%s: what is known of its items is missing: add --items items.csv", source->path);
    table->embeddings.n = SIZE_MAX; /* as many as there are */
    progress_expect(progress, items_parts(source->items));
    return read_items(table, source, source->items, progress, err) && join_pairs(table, source->path, err) &&
           note_file(table, source->items, table->items.rows, NULL, err) &&
           read_marks(table, source, false, err);
}

static bool read_pairs(struct audit_table *table, const char *path, struct err *err)
{
    if (!path)
        return true;
    if (!comparisons_read(&table->pairs.list, path, err))
        return false;
    if (table->pairs.list.scored)
        return err_set(err, "%s: has scores of its own: give it instead of the table", path);
    return true;
}

bool audit_is_run(const struct audit_source *source)
{
    struct stat st;
    return stat(source->path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool audit_table_read(struct audit_table *table, const struct audit_source *source, struct progress *progress,
                      struct err *err)
{
    char rows[RUN_PATH_SIZE], items[RUN_PATH_SIZE] = "";
    *table = (struct audit_table){0};
    bool run = audit_is_run(source);
    if (!run && comparisons_guess(source->path))
        return read_scores(table, source, progress, err);
    run_path(rows, source->path, RUN_EMBEDDINGS);
    if (!run)
        snprintf(rows, sizeof rows, "%s", source->path);
    if (source->items)
        snprintf(items, sizeof items, "%s", source->items);
    else if (run)
        run_path(items, source->path, RUN_ITEMS);
    else
        return err_set(err, "%s: what is known of its items is missing: add --items items.csv", source->path);
    progress_expect(progress,
                    embeddings_parts(rows) + digest_parts(rows) + items_parts(items) + digest_parts(items));
    return embeddings_read_watched(&table->embeddings, rows, progress, err) &&
           read_pairs(table, source->pairs, err) && read_items(table, source, items, progress, err) &&
           (!source->pairs || join_pairs(table, source->pairs, err)) &&
           note_file(table, rows, table->embeddings.n, progress, err) &&
           note_file(table, items, table->items.rows, progress, err) &&
           (!source->pairs || note_file(table, source->pairs, table->pairs.list.n, NULL, err)) &&
           read_marks(table, source, run, err);
}

void audit_table_release(struct audit_table *table)
{
    embeddings_release(&table->embeddings);
    csv_release(&table->items);
    audit_pairs_release(&table->pairs);
    codes_release(&table->group);
    codes_release(&table->relation);
    codes_release(&table->unit);
    codes_release(&table->label);
    marks_release(&table->marks);
    free(table->tag);
    free(table->mark_of);
    free(table->dev);
    for (int e = 0; e < 2; e++)
        free(table->end[e]);
    *table = (struct audit_table){0};
}

bool audit_read_target(enum audit_target *target, double *at, const char *text, struct err *err)
{
    bool fine = audit_target_parse(text, target, at) && *target != AUDIT_AT_THRESHOLD;
    return fine || err_set(err, "--target %s: write fmr=1e-3, fnmr=0.05 or eer", text);
}
