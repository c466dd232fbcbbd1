/* SPDX-License-Identifier: MIT */
#include "data/comparisons.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/embeddings.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_COLUMNS = 5, SHOWN = 60 };
static const size_t max_bytes = (size_t)4 << 30;
static const char blanks[] = " \t\r";

/* ---- cells ---- */

static bool to_score(const char *text, size_t line, double *score, struct err *err)
{
    if (strcasecmp(text, "nan") == 0) {
        *score = (double)NAN;
        return true;
    }
    return (text_to_double(text, score) && isfinite(*score)) ||
           err_set(err, "line %zu: '%.*s' is not a score: write a number, or nan where it failed", line,
                   SHOWN, text);
}

static bool to_same(const char *text, size_t line, int *same, struct err *err)
{
    double value;
    bool fine = text_to_double(text, &value) && (value == 1 || value == 0 || value == -1);
    *same = fine && value == 1;
    return fine ||
           err_set(err, "line %zu: '%.*s' is neither 1, the same, nor 0 or -1, different", line, SHOWN, text);
}

/* ---- with a first line of names ---- */

static bool read_row(struct comparison_row *row, const struct csv *csv, size_t r, const int column[4],
                     struct err *err)
{
    char **cell = csv->cell + r * csv->columns;
    *row = (struct comparison_row){cell[column[0]], cell[column[1]], (double)NAN, -1, csv->line[r]};
    if (!*row->a || !*row->b)
        return err_set(err, "line %zu: the id is blank", row->line);
    return (column[2] < 0 || to_score(cell[column[2]], row->line, &row->score, err)) &&
           (column[3] < 0 || !*cell[column[3]] || to_same(cell[column[3]], row->line, &row->same, err));
}

static bool parse_named(struct comparisons *list, const char *text, size_t length, struct err *err)
{
    if (!csv_parse(text, length, &list->csv, err))
        return false;
    const struct csv *csv = &list->csv;
    const int column[] = {csv_find(csv, "id_a"), csv_find(csv, "id_b"), csv_find(csv, "score"),
                          csv_find(csv, "same")};
    if (column[0] < 0 || column[1] < 0 || (column[2] < 0 && column[3] < 0))
        return err_set(err, "line 1: a list of pairs has the columns id_a,id_b and score or same");
    list->scored = column[2] >= 0;
    list->n = csv->rows;
    list->at = xcalloc(list->n + 1, sizeof *list->at);
    for (size_t r = 0; r < list->n; r++)
        if (!read_row(&list->at[r], csv, r, column, err))
            return false;
    return true;
}

/* ---- score files ---- */

static const int columns_of[] = {0, 2, 4, 5};

/* Cuts a line into its columns, in place. More than MOST_COLUMNS: MOST_COLUMNS + 1. */
static int cut(char *line, char *cell[MOST_COLUMNS])
{
    int n = 0;
    for (char *at = line + strspn(line, blanks); *at; at += strspn(at, blanks)) {
        if (n == MOST_COLUMNS)
            return n + 1;
        cell[n++] = at;
        at += strcspn(at, blanks);
        if (*at)
            *at++ = '\0';
    }
    return n;
}

static bool form_of(int n_columns, enum comparison_form *form)
{
    for (int f = COMPARISONS_TWO; f <= COMPARISONS_FIVE; f++)
        if (columns_of[f] == n_columns) {
            *form = (enum comparison_form)f;
            return true;
        }
    return false;
}

static bool read_cells(struct comparison_row *row, char *const cell[], enum comparison_form form,
                       struct err *err)
{
    int n = columns_of[form];
    if (!to_score(cell[n - 1], row->line, &row->score, err))
        return false;
    if (form == COMPARISONS_TWO)
        return to_same(cell[0], row->line, &row->same, err);
    row->a = form == COMPARISONS_FOUR ? cell[0] : cell[1];
    row->b = cell[n - 2];
    row->same = strcmp(cell[0], cell[n - 3]) == 0;
    return true;
}

static bool add_line(struct comparisons *list, char *line, size_t number, struct err *err)
{
    char *cell[MOST_COLUMNS];
    enum comparison_form form;
    int n = cut(line, cell);
    if (n == 0 || *cell[0] == '#')
        return true;
    if (!form_of(n, &form))
        return err_set(err, "line %zu: a score file has 2, 4 or 5 columns; here are %s%d", number,
                       n > MOST_COLUMNS ? "more than " : "", n > MOST_COLUMNS ? MOST_COLUMNS : n);
    if (list->n > 0 && form != list->form)
        return err_set(err, "line %zu: %d columns, those before have %d", number, n, columns_of[list->form]);
    list->form = form;
    if ((list->n & (list->n + 1)) == 0) /* full at 0, 1, 3, 7, ... */
        list->at = xrealloc(list->at, 2 * list->n + 1, sizeof *list->at);
    list->at[list->n] = (struct comparison_row){.line = number};
    return read_cells(&list->at[list->n++], cell, form, err);
}

static bool parse_scores(struct comparisons *list, const char *text, size_t length, struct err *err)
{
    list->scored = true;
    list->storage = xcalloc(length + 1, 1);
    memcpy(list->storage, text, length);
    size_t number = 0;
    for (char *line = list->storage, *end; line < list->storage + length; line = end + 1) {
        end = line + strcspn(line, "\n");
        *end = '\0';
        if (!add_line(list, line, ++number, err))
            return false;
    }
    return true;
}

/* ---- both ---- */

/* The first line names id_a. */
static bool is_named(const char *text, size_t length)
{
    static const char name[] = "id_a";
    for (size_t i = 0; i + strlen(name) <= length && text[i] != '\n'; i++)
        if (strncasecmp(text + i, name, strlen(name)) == 0)
            return true;
    return false;
}

bool comparisons_guess(const char *path)
{
    char first[256], *cell[MOST_COLUMNS];
    size_t n = file_head(path, first, sizeof first);
    if (n == 0)
        return false;
    if (is_named(first, n))
        return true;
    if (embeddings_named(path) || memchr(first, '\0', n))
        return false;
    first[strcspn(first, "\n")] = '\0';
    enum comparison_form form;
    int columns = *first == '#' ? 2 : cut(first, cell);
    return form_of(columns, &form);
}

bool comparisons_parse(struct comparisons *list, const char *text, size_t length, struct err *err)
{
    *list = (struct comparisons){.form = COMPARISONS_NAMED};
    bool fine =
        is_named(text, length) ? parse_named(list, text, length, err) : parse_scores(list, text, length, err);
    if (fine && (list->n == 0 || list->n > UINT32_MAX))
        fine = err_set(err, list->n ? "more pairs than can be counted" : "there is no pair in it");
    if (!fine)
        comparisons_release(list);
    return fine;
}

bool comparisons_read(struct comparisons *list, const char *path, struct err *err)
{
    size_t length;
    char *text = file_read(path, max_bytes, &length, err);
    if (!text)
        return false;
    bool fine = comparisons_parse(list, text, length, err) || err_within(err, "%s", path);
    free(text);
    return fine;
}

void comparisons_release(struct comparisons *list)
{
    csv_release(&list->csv);
    free(list->at);
    free(list->storage);
    *list = (struct comparisons){0};
}
