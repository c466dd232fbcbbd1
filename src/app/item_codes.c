/* SPDX-License-Identifier: MIT */
#include "app/item_codes.h"

#include "base/check.h"
#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t value_of(const struct column *column, uint32_t item)
{
    return column->code[item] == NO_VALUE ? (uint32_t)column->n_values : column->code[item];
}

static void number_groups(struct item_codes *codes, const struct column *column, const uint32_t *item)
{
    uint32_t *number = xcalloc(column->n_values + 1, sizeof *number);
    for (size_t i = 0; i < codes->n; i++)
        number[value_of(column, item[i])] = 1;
    codes->name = xcalloc(column->n_values + 1, sizeof *codes->name);
    for (size_t v = 0; v <= column->n_values; v++)
        if (number[v]) {
            snprintf(codes->name[codes->n_groups], sizeof *codes->name, "%s",
                     v < column->n_values ? column->value[v] : "(missing)");
            number[v] = (uint32_t)codes->n_groups++;
        }
    for (size_t i = 0; i < codes->n; i++)
        codes->group[i] = number[value_of(column, item[i])];
    free(number);
}

/* Items without an identity are units of their own. */
static uint32_t *units_of(const struct dataset *data, const uint32_t *item, size_t n)
{
    int column = data->identity;
    if (column == NO_COLUMN || data->column[column].kind != COLUMN_CATEGORY)
        return NULL;
    uint32_t next = (uint32_t)data->column[column].n_values, *unit = xcalloc(n + 1, sizeof *unit);
    for (size_t i = 0; i < n; i++) {
        uint32_t code = data->column[column].code[item[i]];
        unit[i] = code == NO_VALUE ? next++ : code;
    }
    return unit;
}

void item_codes_make(struct item_codes *codes, const struct dataset *data, const uint32_t *item, size_t n,
                     int group, int relation)
{
    *codes = (struct item_codes){
        .n = n, .group = xcalloc(n + 1, sizeof(uint32_t)), .identity = xcalloc(n + 1, sizeof(uint32_t))};
    number_groups(codes, &data->column[group], item);
    for (size_t i = 0; i < n; i++)
        codes->identity[i] = data->column[relation].code[item[i]];
    codes->unit = data->identity == relation ? codes->identity : units_of(data, item, n);
}

void item_codes_release(struct item_codes *codes)
{
    if (codes->unit != codes->identity)
        free(codes->unit);
    free(codes->group);
    free(codes->identity);
    free(codes->name);
    *codes = (struct item_codes){0};
}

size_t item_codes_sample(const struct dataset *data, const uint32_t *item, size_t n, int relation,
                         size_t most, uint32_t *index)
{
    size_t taken = 0, parts = (n + most - 1) / (most ? most : 1);
    for (uint32_t i = 0; i < n && taken < most; i++)
        if (parts <= 1 || rng_hash(1, data->column[relation].code[item[i]]) % parts == 0)
            index[taken++] = i;
    return taken;
}
