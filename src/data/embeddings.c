/* SPDX-License-Identifier: MIT */
#include "data/embeddings.h"

#include "base/check.h"
#include "base/file.h"
#include "data/foreign.h"
#include "data/npy.h"
#include "data/source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const size_t max_csv = (size_t)1 << 30;

bool embeddings_named(const char *path)
{
    return name_ends(path, ".npy") || name_ends(path, ".csv") || name_ends(path, ".tsv");
}

void embeddings_release(struct embeddings *e)
{
    free(e->rows);
    free(e->is_rest);
    csv_release(&e->rest);
    *e = (struct embeddings){0};
}

/* ---- which columns of a CSV ---- */

/* Unlike text_to_double it takes nan and inf, which numpy.savetxt writes. */
static bool is_number(const char *text, float *value)
{
    char *end;
    while (*text == ' ')
        text++;
    double x = text_strtod(text, &end);
    while (*end == ' ')
        end++;
    if (value)
        *value = (float)x;
    return end != text && *end == '\0';
}

/* Length of the name before its number; SIZE_MAX where it ends in none. */
static size_t stem(const char *name)
{
    size_t length = strlen(name), at = length;
    while (at > 0 && isdigit((unsigned char)name[at - 1]))
        at--;
    return at < length ? at : SIZE_MAX;
}

static bool same_series(const char *a, const char *b)
{
    size_t length = stem(a);
    return length != SIZE_MAX && length == stem(b) && strncmp(a, b, length) == 0;
}

/* The first line is a row of numbers, and not 0, 1, 2 ... which pandas writes for names. */
static bool has_no_names(const struct csv *csv)
{
    bool counted = true;
    for (size_t c = 0; c < csv->columns; c++) {
        if (!is_number(csv->name[c], NULL))
            return false;
        counted = counted && strspn(csv->name[c], "0123456789") == strlen(csv->name[c]) &&
                  strtoul(csv->name[c], NULL, 10) == c;
    }
    return !counted || csv->rows == 0;
}

static bool names_rows(const char *name)
{
    static const char *const names[] = {"",      "id",    "item",   "index",  "row",      "file",
                                        "label", "class", "target", "group",  "identity", "person",
                                        "split", "fold",  "subset", "subject"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool all_numbers(const struct csv *csv, size_t column, struct progress *progress)
{
    for (size_t r = 0; r < csv->rows; r++)
        if (progress_cancelled(progress) || !is_number(csv->cell[r * csv->columns + column], NULL))
            return false;
    return csv->rows > 0;
}

/* The longest series of at least two; false if there is none. */
static bool choose_series(const struct csv *csv, bool *chosen)
{
    size_t best = 0, longest = 1;
    for (size_t c = 0; c < csv->columns; c++) {
        size_t count = 0;
        for (size_t k = 0; k < csv->columns; k++)
            count +=
                csv->rows > 0 && same_series(csv->name[c], csv->name[k]) && is_number(csv->cell[k], NULL);
        if (count > longest) {
            longest = count;
            best = c;
        }
        if (count > 1 && 2 * count > csv->columns) /* no other can be longer */
            break;
    }
    for (size_t k = 0; longest > 1 && k < csv->columns; k++)
        chosen[k] = same_series(csv->name[best], csv->name[k]) && is_number(csv->cell[k], NULL);
    return longest > 1;
}

static size_t choose_columns(const struct csv *csv, bool nameless, bool *chosen, struct progress *progress)
{
    size_t n = 0;
    if (nameless || !choose_series(csv, chosen))
        for (size_t c = 0; c < csv->columns; c++)
            chosen[c] = nameless || (!names_rows(csv->name[c]) && all_numbers(csv, c, progress));
    for (size_t c = 0; c < csv->columns; c++)
        n += chosen[c];
    return n;
}

/* ---- their numbers ---- */

/* One row of cells to e->rows; `line` for errors. */
static bool take_row(struct embeddings *e, char *const *cell, size_t row, size_t line, struct err *err)
{
    float *to = e->rows + row * e->d;
    for (size_t c = 0; c < e->rest.columns; c++)
        if (!e->is_rest[c] && !is_number(cell[c], to++))
            return err_set(err, "line %zu: '%.60s' in column %zu is not a number", line, cell[c], c + 1);
    return true;
}

static bool take_rows(struct embeddings *e, bool nameless, struct progress *progress, struct err *err)
{
    const struct csv *csv = &e->rest;
    e->n = csv->rows + nameless;
    if (e->n == 0)
        return err_set(err, "no rows: only the line of names");
    e->rows = mem_try(e->n * e->d, sizeof *e->rows, "table", err);
    bool fine = e->rows && (!nameless || take_row(e, csv->name, 0, 1, err));
    progress_begin(progress, csv->rows + 1);
    for (size_t r = 0; fine && r < csv->rows; r++) {
        fine = take_row(e, csv->cell + r * csv->columns, r + nameless, csv->line[r], err);
        fine = fine && (!progress_cancelled(progress) || err_set(err, "stopped while it was read"));
        progress_step(progress, 1);
    }
    return fine;
}

/* Of a text of so many bytes: its cells, and (NUMBERS times as long) their numbers. */
enum { NUMBERS = 3, PART = 1 << 20 };

static unsigned text_parts(size_t length)
{
    return 1 + (unsigned)(length / PART);
}

static bool parse_csv(struct embeddings *e, const char *text, size_t length, struct progress *progress,
                      struct err *err)
{
    *e = (struct embeddings){0};
    progress_weigh(progress, text_parts(length));
    if (!csv_parse_watched(text, length, &e->rest, progress, err))
        return false;
    progress_weigh(progress, NUMBERS * text_parts(length));
    e->is_rest = xcalloc(e->rest.columns, sizeof *e->is_rest);
    bool nameless = has_no_names(&e->rest);
    e->d = choose_columns(&e->rest, nameless, e->is_rest, progress);
    for (size_t c = 0; c < e->rest.columns; c++)
        e->is_rest[c] = !e->is_rest[c];
    bool fine = !progress_cancelled(progress) || err_set(err, "stopped while it was read");
    fine = fine && (e->rest.rows > 0 || nameless || err_set(err, "no rows: only the line of names"));
    fine =
        fine && (e->d > 0 || err_set(err, "no columns of numbers to take for an embedding: call them e0, e1, "
                                          "e2 ..."));
    fine = fine && take_rows(e, nameless, progress, err);
    if (!fine)
        embeddings_release(e);
    return fine;
}

bool embeddings_parse_csv(struct embeddings *e, const char *text, size_t length, struct err *err)
{
    return parse_csv(e, text, length, NULL, err);
}

/* ---- files ---- */

static bool read_csv(struct embeddings *e, const char *path, struct progress *progress, struct err *err)
{
    size_t length;
    char *text = file_read(path, max_csv, &length, err);
    if (!text)
        return false;
    bool fine = parse_csv(e, text, length, progress, err) || err_within(err, "%s", path);
    free(text);
    return fine;
}

/* Numbers are there at once: so many bytes take as long as one of text. */
enum { QUICKER = 16 };

static size_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (size_t)st.st_size : 0;
}

unsigned items_parts(const char *path)
{
    return text_parts(size_of(path));
}

unsigned embeddings_parts(const char *path)
{
    size_t bytes = size_of(path);
    return name_ends(path, ".npy") ? text_parts(bytes / QUICKER) : (1 + NUMBERS) * text_parts(bytes);
}

static bool read_npy(struct embeddings *e, const char *path, struct progress *progress, struct err *err)
{
    struct matrix matrix;
    progress_weigh(progress, embeddings_parts(path));
    if (!npy_read_floats_watched(path, &matrix, progress, err))
        return false;
    e->n = matrix.rows;
    e->d = matrix.columns;
    e->rows = matrix.values;
    return true;
}

static bool refuse(const char *path, const struct source *source, struct err *err)
{
    if (source->is_folder)
        return err_set(err, "%s: a folder: neither a run (no config.json in it) nor a table", path);
    if (source_refuse_other(source, err))
        return false;
    if (!source->is_file)
        return err_set(err, "%s: no such file", path);
    if (foreign_table(path, source->head, source->n_head, err))
        return false;
    return err_set(err, "%s: not a table: .npy, .csv and .tsv are read", path);
}

bool embeddings_read_watched(struct embeddings *e, const char *path, struct progress *progress,
                             struct err *err)
{
    struct source source;
    struct data_options none = {0};
    *e = (struct embeddings){0};
    if (!source_open(&source, path, &none, err))
        return false;
    bool npy = source.n_head >= 6 && memcmp(source.head, "\x93NUMPY", 6) == 0, fine = false;
    bool called_so = source.is_file && !npy && name_ends(path, ".npy"); /* it may be anything */
    if (called_so && foreign_table(path, source.head, source.n_head, err))
        fine = false;
    else if (source.is_file && (npy || name_ends(path, ".npy")))
        fine = read_npy(e, path, progress, err);
    else if (source.is_file && embeddings_named(path))
        fine = read_csv(e, path, progress, err);
    else
        refuse(path, &source, err);
    source_release(&source);
    if (fine && e->n >= NO_VALUE) {
        embeddings_release(e);
        fine = err_set(err, "%s: too many rows", path);
    }
    return fine;
}

bool embeddings_read(struct embeddings *e, const char *path, struct err *err)
{
    return embeddings_read_watched(e, path, NULL, err);
}
