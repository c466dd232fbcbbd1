/* SPDX-License-Identifier: MIT */
#include "answer/item_codes.h"

#include "base/check.h"
#include "base/rng.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- groups ---- */

/* The columns that are crossed; the second may be NULL. */
struct cross {
    const struct column *c[2];
};

/* One code for the values of both; blank ones are values of their own, behind the others. */
static size_t crossed(const struct cross *cross, uint32_t row)
{
    size_t code = 0;
    for (int i = 0; i < 2 && cross->c[i]; i++) {
        uint32_t value = cross->c[i]->code[row];
        code = code * (cross->c[i]->n_values + 1) + (value == NO_VALUE ? cross->c[i]->n_values : value);
    }
    return code;
}

static const char *value_name(const struct column *column, size_t value)
{
    return value < column->n_values ? column->value[value] : "(missing)";
}

static void name_group(char name[AUDIT_NAME], const struct cross *cross, size_t code)
{
    const struct column *const *c = cross->c;
    if (!c[1])
        snprintf(name, AUDIT_NAME, "%s", value_name(c[0], code));
    else
        snprintf(name, AUDIT_NAME, "%.20s × %.20s", value_name(c[0], code / (c[1]->n_values + 1)),
                 value_name(c[1], code % (c[1]->n_values + 1)));
    text_whole(name);
}

static void number_groups(struct item_codes *codes, const struct cross *cross, const uint32_t *item)
{
    size_t n_codes = (cross->c[0]->n_values + 1) * (cross->c[1] ? cross->c[1]->n_values + 1 : 1);
    uint32_t *number = xcalloc(n_codes, sizeof *number);
    for (size_t i = 0; i < codes->n; i++)
        number[crossed(cross, item[i])] = 1;
    for (size_t v = 0; v < n_codes; v++)
        codes->n_groups += number[v];
    codes->name = xcalloc(codes->n_groups + 1, sizeof *codes->name);
    for (size_t v = 0, g = 0; v < n_codes; v++)
        if (number[v]) {
            name_group(codes->name[g], cross, v);
            number[v] = (uint32_t)g++;
        }
    for (size_t i = 0; i < codes->n; i++)
        codes->group[i] = number[crossed(cross, item[i])];
    free(number);
}

/* ---- genuine, and what was sampled ---- */

uint32_t *item_codes_of(const struct dataset *data, int column, const uint32_t *item, size_t n)
{
    uint32_t *code = xcalloc(n + 1, sizeof *code);
    for (size_t i = 0; i < n; i++)
        code[i] = column == NO_COLUMN ? NO_VALUE : data->column[column].code[item[i]];
    return code;
}

uint32_t *item_codes_units(const struct dataset *data, const uint32_t *item, size_t n)
{
    if (!dataset_is_category(data, data->identity))
        return NULL;
    uint32_t next = (uint32_t)data->column[data->identity].n_values;
    uint32_t *unit = item_codes_of(data, data->identity, item, n);
    for (size_t i = 0; i < n; i++)
        if (unit[i] == NO_VALUE)
            unit[i] = next++;
    return unit;
}

/* ---- all of it ---- */

void item_codes_make(struct item_codes *codes, const struct dataset *data, const uint32_t *item, size_t n,
                     struct item_columns columns)
{
    const int second = columns.group[1];
    struct cross cross = {
        {&data->column[columns.group[0]], dataset_is_category(data, second) ? &data->column[second] : NULL}};
    *codes = (struct item_codes){.n = n, .group = xcalloc(n + 1, sizeof(uint32_t))};
    number_groups(codes, &cross, item);
    codes->identity = item_codes_of(data, columns.relation, item, n);
    codes->unit = columns.relation == NO_COLUMN || columns.relation == data->identity
                      ? codes->identity
                      : item_codes_units(data, item, n);
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
    enum { FEW = 20 }; /* identities expected in a sample of whole ones: fewer would be a matter of luck */
    size_t taken = 0, parts = (n + most - 1) / (most ? most : 1);
    bool whole = data->column[relation].n_values / FEW >= parts;
    for (uint32_t i = 0; i < n && taken < most; i++)
        if (parts <= 1 || rng_hash(1, whole ? data->column[relation].code[item[i]] : i) % parts == 0)
            index[taken++] = i;
    return taken;
}
