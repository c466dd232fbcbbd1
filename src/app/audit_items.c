/* SPDX-License-Identifier: MIT */
#include "app/audit_items.h"

#include "base/check.h"
#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_category(const struct dataset *data, int column)
{
    return column >= 0 && (size_t)column < data->n_columns && data->column[column].kind == COLUMN_CATEGORY;
}

static uint32_t *codes_of(const struct audit_items *items, const struct column *column)
{
    uint32_t *code = xcalloc(items->n + 1, sizeof *code);
    for (size_t i = 0; i < items->n; i++)
        code[i] = column->code[items->row[i]]; /* blank: NO_VALUE, not known */
    return code;
}

/* ---- groups ---- */

static const char *value_name(const struct column *column, size_t value)
{
    return value < column->n_values ? column->value[value] : "(missing)";
}

/* One code for the values of both columns; blank ones are values of their own, behind the others. */
static size_t crossed(const struct column *const c[2], uint32_t row)
{
    size_t code = 0;
    for (int i = 0; i < 2 && c[i]; i++) {
        uint32_t value = c[i]->code[row];
        code = code * (c[i]->n_values + 1) + (value == NO_VALUE ? c[i]->n_values : value);
    }
    return code;
}

static void name_group(char name[AUDIT_NAME], const struct column *const c[2], size_t code)
{
    if (!c[1])
        snprintf(name, AUDIT_NAME, "%s", value_name(c[0], code));
    else
        snprintf(name, AUDIT_NAME, "%.20s × %.20s", value_name(c[0], code / (c[1]->n_values + 1)),
                 value_name(c[1], code % (c[1]->n_values + 1)));
}

/* Values that no item has are no groups. */
static void make_groups(struct audit_items *items, const struct column *const c[2])
{
    size_t n_codes = (c[0]->n_values + 1) * (c[1] ? c[1]->n_values + 1 : 1);
    uint32_t *number = xcalloc(n_codes, sizeof *number);
    items->group = xcalloc(items->n + 1, sizeof *items->group);
    for (size_t i = 0; i < items->n; i++)
        number[crossed(c, items->row[i])] = 1;
    for (size_t v = 0; v < n_codes; v++)
        items->n_groups += number[v];
    items->name = xcalloc(items->n_groups + 1, sizeof *items->name);
    for (size_t v = 0, g = 0; v < n_codes; v++) {
        if (number[v])
            name_group(items->name[g], c, v);
        number[v] = number[v] ? (uint32_t)g++ : UINT32_MAX;
    }
    for (size_t i = 0; i < items->n; i++)
        items->group[i] = number[crossed(c, items->row[i])];
    free(number);
}

/* ---- genuine, and what was sampled ---- */

/* An item without a unit is one of its own. */
static uint32_t *own_units(uint32_t *unit, size_t n, size_t n_values)
{
    for (size_t i = 0; i < n; i++)
        if (unit[i] == NO_VALUE)
            unit[i] = (uint32_t)n_values++;
    return unit;
}

static bool take_views(struct audit_items *items, const struct snapshot *s)
{
    size_t n = s->n_batch, d = s->dim_z;
    if (n == 0 || d == 0)
        return false;
    items->n = 2 * n;
    items->row = xcalloc(2 * n, sizeof *items->row);
    items->identity = xcalloc(2 * n, sizeof *items->identity);
    items->views = xcalloc(2 * n * d, sizeof *items->views);
    for (size_t view = 0; view < 2; view++)
        memcpy(items->views + view * n * d, s->batch_z[view], n * d * sizeof *items->views);
    for (size_t i = 0; i < 2 * n; i++) {
        items->row[i] = s->batch_item[i % n];
        items->identity[i] = (uint32_t)(i % n);
    }
    items->unit = items->identity;
    items->input.items.rows = items->views;
    items->input.items.d = d;
    return true;
}

static bool take_probe(struct audit_items *items, enum relation relation, const struct snapshot *s,
                       const struct dataset *data)
{
    int column = relation == RELATION_LABEL ? data->label : data->identity;
    if (s->n_probe < 2 || !s->h || !is_category(data, column))
        return false;
    items->n = s->n_probe;
    items->row = xcalloc(items->n, sizeof *items->row);
    memcpy(items->row, s->item, items->n * sizeof *items->row);
    items->identity = codes_of(items, &data->column[column]);
    items->unit = relation == RELATION_IDENTITY ? items->identity : NULL;
    if (!items->unit && is_category(data, data->identity))
        items->unit = own_units(codes_of(items, &data->column[data->identity]), items->n,
                                data->column[data->identity].n_values);
    items->input.items.rows = s->h;
    items->input.items.d = s->dim_h;
    return true;
}

/* ---- the two halves ---- */

static uint32_t value_code(const struct column *column, const char *name)
{
    for (uint32_t v = 0; v < column->n_values; v++)
        if (strcmp(column->value[v], name) == 0)
            return v;
    return NO_VALUE;
}

/* As a column of dev and eval says; else half of the units by lot, fixed by what they are. */
static void split(struct audit_items *items, const struct dataset *data)
{
    const struct column *said = is_category(data, data->split) ? &data->column[data->split] : NULL;
    uint32_t dev = said ? value_code(said, "dev") : NO_VALUE;
    bool there = dev != NO_VALUE && value_code(said, "eval") != NO_VALUE;
    items->dev = xcalloc(items->n + 1, sizeof *items->dev);
    for (size_t i = 0; i < items->n; i++) {
        uint32_t unit = items->unit && items->unit[i] != UINT32_MAX ? items->unit[i] : items->row[i];
        struct rng rng = rng_at(1, RNG_SAMPLE, 4, unit, 0);
        items->dev[i] = there ? said->code[items->row[i]] == dev : rng_uniform(&rng) < 0.5;
    }
}

/* ---- all of it ---- */

bool audit_items_make(struct audit_items *items, const struct audit_question *asked,
                      const struct snapshot *snapshot, const struct dataset *data)
{
    *items = (struct audit_items){0};
    if (!is_category(data, asked->group[0]))
        return false;
    bool there = asked->relation == RELATION_VIEW
                     ? take_views(items, snapshot)
                     : take_probe(items, (enum relation)asked->relation, snapshot, data);
    if (!there)
        return false;
    const struct column *const c[2] = {&data->column[asked->group[0]], is_category(data, asked->group[1])
                                                                           ? &data->column[asked->group[1]]
                                                                           : NULL};
    make_groups(items, c);
    if (asked->split)
        split(items, data);
    if (is_category(data, data->label))
        items->label = codes_of(items, &data->column[data->label]);
    struct score_items *in = &items->input.items;
    *in = (struct score_items){in->rows, items->n, in->d, items->group, items->identity, items->n_groups};
    items->input.unit = items->unit;
    items->input.label = items->label;
    items->input.dev = items->dev;
    return true;
}

size_t audit_items_leave_out(struct audit_items *items, const struct request_set *set)
{
    size_t n = 0;
    for (size_t i = 0; i < items->n && i < set->n && !items->views; i++)
        if (set->word && set->word[i / 64] >> (i % 64) & 1) {
            items->identity[i] = UINT32_MAX;
            n++;
        }
    return n;
}

void audit_items_release(struct audit_items *items)
{
    if (items->unit != items->identity)
        free(items->unit);
    free(items->row);
    free(items->group);
    free(items->identity);
    free(items->label);
    free(items->dev);
    free(items->views);
    free(items->name);
    *items = (struct audit_items){0};
}
