/* SPDX-License-Identifier: MIT */
#include "app/codes.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "base/text_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK = 4096 }; /* rows between two looks whether it is cancelled */

static bool stopped_at(size_t row, struct progress *progress)
{
    return row % LOOK == 0 && progress_cancelled(progress);
}

static void add_name(struct codes *codes, const char *text)
{
    char name[CODES_NAME];
    text_clean(name, sizeof name, text);
    codes->name[codes->n_values++] = xstrdup(name);
}

/* Blank ones become one more value. */
static void name_blanks(struct codes *codes, size_t n, const char *blank)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        if (codes->code[i] == UINT32_MAX) {
            codes->code[i] = (uint32_t)codes->n_values;
            any = true;
        }
    if (any)
        add_name(codes, blank);
}

/* text[i * stride] is row i's. */
static bool code_texts(struct codes *codes, const char *const *text, size_t n, size_t stride,
                       const char *blank, struct progress *progress, struct err *err)
{
    struct text_row *sorted = text_rows_sorted_watched(text, n, stride, progress);
    if (!sorted)
        return err_set(err, "stopped while it was read");
    codes->code = xcalloc(n + 1, sizeof *codes->code);
    codes->name = xcalloc(n + 1, sizeof *codes->name);
    for (size_t i = 0; i < n && !stopped_at(i, progress); i++) {
        bool is_blank = *sorted[i].text == '\0';
        if (!is_blank && !text_rows_again(sorted, i))
            add_name(codes, sorted[i].text);
        codes->code[sorted[i].row] = is_blank ? UINT32_MAX : (uint32_t)codes->n_values - 1;
    }
    free(sorted);
    if (blank)
        name_blanks(codes, n, blank);
    return !progress_cancelled(progress) || err_set(err, "stopped while it was read");
}

void codes_release(struct codes *codes)
{
    for (size_t i = 0; i < codes->n_values; i++)
        free(codes->name[i]);
    free(codes->name);
    free(codes->code);
    *codes = (struct codes){0};
}

bool codes_find_column(const struct csv *csv, const char *name, int *column, struct err *err)
{
    *column = csv_find(csv, name);
    if (*column >= 0)
        return true;
    struct strbuf names = {0};
    for (size_t c = 0; c < csv->columns && names.length < 200; c++) {
        char clean[CODES_NAME];
        text_clean(clean, sizeof clean, csv->name[c]);
        strbuf_printf(&names, "%s%s", c ? ", " : "", clean);
    }
    err_set(err, "no column '%s': there are %s", name, strbuf_text(&names));
    strbuf_release(&names);
    return false;
}

bool codes_of_column(struct codes *codes, const struct csv *csv, const char *name, const char *blank,
                     struct progress *progress, struct err *err)
{
    int column;
    return codes_find_column(csv, name, &column, err) &&
           code_texts(codes, (const char *const *)csv->cell + column, csv->rows, csv->columns, blank,
                      progress, err);
}

/* The columns of a list with commas between them. Owned; NULL: one of them is not there. */
static int *columns_of(const struct csv *csv, const char *list, size_t *n, struct err *err)
{
    int *column = xcalloc(strlen(list) + 1, sizeof *column);
    bool fine = true;
    *n = 0;
    for (const char *at = list; fine; at += strcspn(at, ",") + 1) {
        char name[CODES_NAME];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ","), at);
        fine = codes_find_column(csv, name, &column[(*n)++], err);
        if (at[strcspn(at, ",")] == '\0')
            break;
    }
    if (fine)
        return column;
    free(column);
    return NULL;
}

/* Of row `r`, where it ends in `all`. */
static void join_cells(struct strbuf *all, const struct csv *csv, size_t r, const int *column, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        const char *cell = csv->cell[r * csv->columns + (size_t)column[c]];
        strbuf_puts(all, c ? " × " : "");
        strbuf_puts(all, *cell ? cell : CODES_MISSING);
    }
    strbuf_add(all, "", 1);
}

/* All rows are of the one value. */
static void one_group(struct codes *codes, size_t n)
{
    codes->code = xcalloc(n + 1, sizeof *codes->code);
    codes->name = xcalloc(1, sizeof *codes->name);
    if (n > 0)
        add_name(codes, "all");
}

bool codes_of_groups(struct codes *codes, const struct csv *csv, const char *list, struct progress *progress,
                     struct err *err)
{
    size_t n_columns;
    if (!list) {
        one_group(codes, csv->rows);
        return true;
    }
    int *column = columns_of(csv, list, &n_columns, err);
    if (!column)
        return false;
    struct strbuf all = {0};
    size_t *from = xcalloc(csv->rows + 1, sizeof *from);
    const char **text = xcalloc(csv->rows + 1, sizeof *text);
    for (size_t r = 0; r < csv->rows && !stopped_at(r, progress); r++) {
        from[r] = all.length;
        join_cells(&all, csv, r, column, n_columns);
    }
    for (size_t r = 0; r < csv->rows; r++)
        text[r] = all.text + from[r];
    bool fine = code_texts(codes, text, csv->rows, 1, NULL, progress, err);
    strbuf_release(&all);
    free(from);
    free(text);
    free(column);
    return fine;
}

bool ids_are_unique(const struct csv *csv, struct progress *progress, struct err *err)
{
    int column = csv_find(csv, "id");
    if (column < 0)
        return true;
    struct text_row *id =
        text_rows_sorted_watched((const char *const *)csv->cell + column, csv->rows, csv->columns, progress);
    bool fine = id || err_set(err, "stopped while it was read");
    for (size_t i = 0; fine && i < csv->rows; i++) {
        if (*id[i].text == '\0')
            fine = err_set(err, "line %zu: the id is blank", csv->line[id[i].row]);
        else if (text_rows_again(id, i))
            fine = err_set(err, "line %zu: id '%.60s' is already on line %zu: keep one of the two",
                           csv->line[id[i].row], id[i].text, csv->line[id[i - 1].row]);
    }
    free(id);
    return fine;
}
