/* SPDX-License-Identifier: MIT */
#include "app/codes.h"

#include "base/check.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct keyed {
    const char *text;
    size_t row;
};

static int by_text(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static void code_texts(struct codes *codes, const char *const *text, size_t n, const char *blank)
{
    struct keyed *keyed = xcalloc(n + 1, sizeof *keyed);
    codes->code = xcalloc(n + 1, sizeof *codes->code);
    codes->name = xcalloc(n + 1, sizeof *codes->name);
    bool any_blank = false;
    for (size_t i = 0; i < n; i++)
        keyed[i] = (struct keyed){text[i], i};
    qsort(keyed, n, sizeof *keyed, by_text);
    for (size_t i = 0; i < n; i++) {
        bool is_blank = *keyed[i].text == '\0';
        any_blank |= is_blank;
        if (!is_blank && (i == 0 || strcmp(keyed[i].text, keyed[i - 1].text) != 0)) {
            char name[CODES_NAME];
            text_clean(name, sizeof name, keyed[i].text);
            codes->name[codes->n_values++] = xstrdup(name);
        }
        codes->code[keyed[i].row] = is_blank ? UINT32_MAX : (uint32_t)codes->n_values - 1;
    }
    if (any_blank && blank) {
        for (size_t i = 0; i < n; i++)
            if (codes->code[i] == UINT32_MAX)
                codes->code[i] = (uint32_t)codes->n_values;
        codes->name[codes->n_values++] = xstrdup(blank);
    }
    free(keyed);
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
    struct keyed *keyed = xcalloc(csv->rows + 1, sizeof *keyed);
    bool fine = true;
    for (size_t r = 0; r < csv->rows; r++)
        keyed[r] = (struct keyed){csv->cell[r * csv->columns + (size_t)column], r};
    qsort(keyed, csv->rows, sizeof *keyed, by_text);
    for (size_t i = 0; fine && i < csv->rows; i++) {
        if (*keyed[i].text == '\0')
            fine = err_set(err, "line %zu: the id is blank", csv->line[keyed[i].row]);
        else if (i > 0 && strcmp(keyed[i].text, keyed[i - 1].text) == 0)
            fine = err_set(err, "line %zu: id '%.60s' is already on line %zu: keep one of the two",
                           csv->line[keyed[i].row], keyed[i].text, csv->line[keyed[i - 1].row]);
    }
    free(keyed);
    return fine;
}
