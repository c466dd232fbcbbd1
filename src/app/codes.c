/* SPDX-License-Identifier: MIT */
#include "app/codes.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "base/text_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void code_texts(struct codes *codes, const char *const *text, size_t n, const char *blank)
{
    struct text_row *sorted = text_rows_sorted(text, n, 1);
    codes->code = xcalloc(n + 1, sizeof *codes->code);
    codes->name = xcalloc(n + 1, sizeof *codes->name);
    bool any_blank = false;
    for (size_t i = 0; i < n; i++) {
        bool is_blank = *sorted[i].text == '\0';
        any_blank |= is_blank;
        if (!is_blank && !text_rows_again(sorted, i)) {
            char name[CODES_NAME];
            text_clean(name, sizeof name, sorted[i].text);
            codes->name[codes->n_values++] = xstrdup(name);
        }
        codes->code[sorted[i].row] = is_blank ? UINT32_MAX : (uint32_t)codes->n_values - 1;
    }
    if (any_blank && blank) {
        for (size_t i = 0; i < n; i++)
            if (codes->code[i] == UINT32_MAX)
                codes->code[i] = (uint32_t)codes->n_values;
        codes->name[codes->n_values++] = xstrdup(blank);
    }
    free(sorted);
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
                     struct err *err)
{
    int column;
    if (!codes_find_column(csv, name, &column, err))
        return false;
    const char **text = xcalloc(csv->rows + 1, sizeof *text);
    for (size_t r = 0; r < csv->rows; r++)
        text[r] = csv->cell[r * csv->columns + (size_t)column];
    code_texts(codes, text, csv->rows, blank);
    free(text);
    return true;
}

bool codes_of_groups(struct codes *codes, const struct csv *csv, const char *list, struct err *err)
{
    struct strbuf *joined = xcalloc(csv->rows + 1, sizeof *joined);
    const char **text = xcalloc(csv->rows + 1, sizeof *text);
    bool fine = true;
    for (const char *at = list; at && fine; at += strcspn(at, ",") + 1) {
        char name[CODES_NAME];
        int column;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ","), at);
        fine = codes_find_column(csv, name, &column, err);
        for (size_t r = 0; fine && r < csv->rows; r++) {
            const char *cell = csv->cell[r * csv->columns + (size_t)column];
            strbuf_printf(&joined[r], "%s%s", at == list ? "" : " × ", *cell ? cell : CODES_MISSING);
        }
        if (at[strcspn(at, ",")] == '\0')
            break;
    }
    for (size_t r = 0; r < csv->rows; r++)
        text[r] = list ? strbuf_text(&joined[r]) : "all";
    if (fine)
        code_texts(codes, text, csv->rows, NULL);
    for (size_t r = 0; r < csv->rows; r++)
        strbuf_release(&joined[r]);
    free(joined);
    free(text);
    return fine;
}

bool ids_are_unique(const struct csv *csv, struct err *err)
{
    int column = csv_find(csv, "id");
    if (column < 0)
        return true;
    struct text_row *id = text_rows_sorted((const char *const *)csv->cell + column, csv->rows, csv->columns);
    bool fine = true;
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
