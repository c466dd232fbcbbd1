/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "base/text_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_NAME = 64, MAX_EXACT = 9999999 }; /* MAX_EXACT: of seven digits */

/* The names people give the special columns; the first one found wins. */
struct special {
    size_t offset; /* of the index in struct dataset */
    const char *name[5];
};

static const struct special specials[] = {
    {offsetof(struct dataset, label), {"label", "class", "target"}},
    {offsetof(struct dataset, group), {"group"}},
    {offsetof(struct dataset, identity), {"identity", "person", "subject"}},
    {offsetof(struct dataset, caption), {"caption", "description", "title"}},
    {offsetof(struct dataset, split), {"split", "subset", "fold"}},
};

static int *special_index(struct dataset *data, const struct special *special)
{
    return (int *)((char *)data + special->offset);
}

static const struct special *special_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(specials); i++)
        for (size_t k = 0; k < ARRAY_LEN(specials[i].name) && specials[i].name[k]; k++)
            if (strcasecmp(name, specials[i].name[k]) == 0)
                return &specials[i];
    return NULL;
}

void dataset_name_specials(struct dataset *data)
{
    for (size_t i = 0; i < ARRAY_LEN(specials); i++)
        for (size_t k = 0; k < ARRAY_LEN(specials[i].name) && specials[i].name[k]; k++)
            if (*special_index(data, &specials[i]) == NO_COLUMN)
                *special_index(data, &specials[i]) = dataset_find_column(data, specials[i].name[k]);
}

bool dataset_is_category(const struct dataset *data, int column)
{
    return column >= 0 && (size_t)column < data->n_columns && data->column[column].kind == COLUMN_CATEGORY;
}

int dataset_find_column(const struct dataset *data, const char *name)
{
    for (size_t c = 0; c < data->n_columns; c++)
        if (strcasecmp(data->column[c].name, name) == 0)
            return (int)c;
    return NO_COLUMN;
}

int dataset_number_column(const struct dataset *data, const char *name)
{
    int column = dataset_find_column(data, name);
    return column != NO_COLUMN && data->column[column].kind == COLUMN_NUMBER ? column : NO_COLUMN;
}

static char *unique_name(const struct dataset *data, const char *wanted)
{
    char clean[MAX_NAME], name[MAX_NAME + 16];
    text_clean(clean, sizeof clean, *wanted ? wanted : "column");
    snprintf(name, sizeof name, "%s", clean);
    for (int k = 2; dataset_find_column(data, name) != NO_COLUMN; k++)
        snprintf(name, sizeof name, "%s-%d", clean, k);
    return xstrdup(name);
}

struct column *dataset_add_column(struct dataset *data, const char *name, enum column_kind kind)
{
    char *unique = unique_name(data, name);
    data->column = xrealloc(data->column, data->n_columns + 1, sizeof *data->column);
    struct column *column = &data->column[data->n_columns++];
    *column = (struct column){.name = unique, .kind = kind};
    if (kind == COLUMN_CATEGORY) {
        column->code = xcalloc(data->n, sizeof *column->code);
        for (size_t i = 0; i < data->n; i++)
            column->code[i] = NO_VALUE;
    } else if (kind == COLUMN_NUMBER) {
        column->number = xcalloc(data->n, sizeof *column->number);
        for (size_t i = 0; i < data->n; i++)
            column->number[i] = NAN;
    } else {
        column->text = xcalloc(data->n, sizeof *column->text);
        for (size_t i = 0; i < data->n; i++)
            column->text[i] = xstrdup("");
    }
    return column;
}

static uint32_t append_value(struct column *column, const char *value)
{
    if (column->n_values == column->room_values) {
        column->room_values = column->room_values ? 2 * column->room_values : 8;
        column->value = xrealloc(column->value, column->room_values, sizeof *column->value);
    }
    column->value[column->n_values] = xstrdup(value);
    return (uint32_t)column->n_values++;
}

/* Whole, however long: what differs late must not become one value. Owned. */
static char *clean_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *clean = xcalloc(size, 1);
    text_clean(clean, size, text);
    return clean;
}

static uint32_t code_of(struct column *column, const char *clean)
{
    for (size_t i = column->n_values; i-- > 0;)
        if (strcmp(column->value[i], clean) == 0)
            return (uint32_t)i;
    return append_value(column, clean);
}

uint32_t column_code(struct column *column, const char *value)
{
    char *clean = clean_copy(value);
    uint32_t code = *clean ? code_of(column, clean) : NO_VALUE;
    free(clean);
    return code;
}

void column_set_text(struct column *column, size_t item, const char *text)
{
    free(column->text[item]);
    column->text[item] = clean_copy(text);
}

static void free_texts(char **text, size_t n)
{
    for (size_t i = 0; text && i < n; i++)
        free(text[i]);
    free(text);
}

/* first[i]: the first item with the text of item i. Returns how many different texts there are, blank ones
 * not counted. */
static size_t first_alike(char *const *text, size_t n, uint32_t *first, struct progress *progress)
{
    struct text_row *sorted = text_rows_sorted_watched((const char *const *)text, n, 1, progress);
    size_t different = 0;
    for (size_t i = 0, head = 0; sorted && i < n; i++) {
        if (!text_rows_again(sorted, i)) {
            head = i;
            different += sorted[i].text[0] != '\0';
        }
        first[sorted[i].row] = (uint32_t)sorted[head].row;
    }
    free(sorted);
    return different;
}

static void make_category(struct column *column, size_t n, const uint32_t *first)
{
    uint32_t *code = xcalloc(n, sizeof *code);
    for (size_t i = 0; i < n; i++) {
        if (!column->text[i][0])
            code[i] = NO_VALUE;
        else
            code[i] = first[i] == i ? append_value(column, column->text[i]) : code[first[i]];
    }
    free_texts(column->text, n);
    column->text = NULL;
    column->code = code;
    column->kind = COLUMN_CATEGORY;
}

/* Whole numbers that a float would change, and codes with zeros in front: 00014 is not 14. */
static bool is_id(const char *text, double value)
{
    const char *digits = text + (*text == '-' || *text == '+');
    bool padded = digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
    return value == floor(value) && (padded || fabs(value) > MAX_EXACT);
}

/* The texts of ids are kept beside their numbers. */
static void make_number(struct column *column, size_t n)
{
    bool changed = false;
    column->number = xcalloc(n, sizeof *column->number);
    for (size_t i = 0; i < n; i++) {
        double value = 0;
        column->number[i] = text_to_double(column->text[i], &value) ? (float)value : NAN;
        changed = changed || is_id(column->text[i], value);
    }
    column->kind = COLUMN_NUMBER;
    if (changed)
        return;
    free_texts(column->text, n);
    column->text = NULL;
}

static void count_numbers(const struct column *column, size_t n, bool *all_numbers, bool *all_whole)
{
    size_t blank = 0;
    *all_numbers = *all_whole = true;
    for (size_t i = 0; i < n; i++) {
        double value = 0;
        if (!column->text[i][0])
            blank++;
        else if (!text_to_double(column->text[i], &value) || fabs(value) > 3e38)
            *all_numbers = false;
        *all_whole = *all_whole && value == floor(value);
    }
    *all_numbers = *all_numbers && blank < n;
    *all_whole = *all_whole && *all_numbers;
}

static size_t count_filled(const struct column *column, size_t n)
{
    size_t filled = 0;
    for (size_t i = 0; i < n; i++)
        filled += column->text[i][0] != '\0';
    return filled;
}

/* A column that names rows says nothing that neighbours could share. */
static bool names_rows(const struct column *column)
{
    return strcmp(column->name, "item") == 0 || strcmp(column->name, "file") == 0;
}

static void choose_kind(struct column *column, size_t n, size_t max_values, size_t different,
                        const uint32_t *first)
{
    enum { FEW_NUMBERS = 10 };
    bool all_numbers, all_whole;
    count_numbers(column, n, &all_numbers, &all_whole);
    if (different > 0 && (special_named(column->name) || (all_whole && different <= FEW_NUMBERS)))
        make_category(column, n, first);
    else if (all_numbers)
        make_number(column, n);
    else if (different > 0 && different <= max_values && different < count_filled(column, n))
        make_category(column, n, first);
}

static void sort_kind(struct column *column, size_t n, size_t max_values, struct progress *progress)
{
    const struct special *special = special_named(column->name);
    if (names_rows(column) || (special && special->offset == offsetof(struct dataset, caption)))
        return;
    uint32_t *first = xcalloc(n, sizeof *first);
    size_t different = first_alike(column->text, n, first, progress);
    if (!progress_cancelled(progress))
        choose_kind(column, n, max_values, different, first);
    free(first);
}

bool dataset_sort_kinds(struct dataset *data, size_t max_values, struct progress *progress)
{
    for (size_t c = 0; c < data->n_columns; c++)
        if (data->column[c].kind == COLUMN_TEXT)
            sort_kind(&data->column[c], data->n, max_values, progress);
    return !progress_cancelled(progress);
}

const char *dataset_whole_cell(const struct dataset *data, int column, size_t item, char number[NUMBER_TEXT])
{
    if (column < 0 || (size_t)column >= data->n_columns)
        return "";
    const struct column *c = &data->column[column];
    if (c->kind == COLUMN_CATEGORY)
        return c->code[item] != NO_VALUE ? c->value[c->code[item]] : "";
    if (c->text)
        return c->text[item];
    if (c->kind != COLUMN_NUMBER || isnan(c->number[item]))
        return "";
    snprintf(number, NUMBER_TEXT, "%.7g", (double)c->number[item]);
    return number;
}

void dataset_cell(const struct dataset *data, int column, size_t item, char *text, size_t size)
{
    char number[NUMBER_TEXT];
    text_clean(text, size, dataset_whole_cell(data, column, item, number));
}

const char *dataset_caption(const struct dataset *data, size_t item)
{
    if (data->caption < 0)
        return "";
    const struct column *c = &data->column[data->caption];
    if (c->kind == COLUMN_TEXT)
        return c->text[item];
    return c->kind == COLUMN_CATEGORY && c->code[item] != NO_VALUE ? c->value[c->code[item]] : "";
}

static void column_release(struct column *column, size_t n)
{
    free(column->name);
    free(column->code);
    free_texts(column->value, column->n_values);
    free(column->colour);
    free(column->letter);
    free(column->number);
    free_texts(column->text, n);
}

void dataset_drop_column(struct dataset *data, size_t column)
{
    CHECK(column < data->n_columns);
    column_release(&data->column[column], data->n);
    data->n_columns--;
    memmove(&data->column[column], &data->column[column + 1],
            (data->n_columns - column) * sizeof *data->column);
}

void dataset_release(struct dataset *data)
{
    for (size_t c = 0; c < data->n_columns; c++)
        column_release(&data->column[c], data->n);
    free(data->column);
    free(data->name);
    free(data->args);
    free(data->pixels);
    *data = (struct dataset){0};
}
