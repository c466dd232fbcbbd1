/* SPDX-License-Identifier: MIT */
#include "answer/audit_items.h"

#include "answer/audit_tags.h"
#include "base/check.h"
#include "base/rng.h"

#include <stdlib.h>
#include <string.h>

/* ---- which items ---- */

static struct item_columns columns_of(const struct audit_question *asked, int relation)
{
    return (struct item_columns){{asked->group[0], asked->group[1]}, relation};
}

/* Both views of each picture of the last batch: they are the same, all others are not. */
static bool take_views(struct audit_items *items, const struct audit_question *asked,
                       const struct snapshot *s, const struct dataset *data)
{
    size_t n = s->n_batch, d = s->dim_z;
    if (n == 0 || d == 0)
        return false;
    items->row = xcalloc(2 * n, sizeof *items->row);
    items->views = xcalloc(2 * n * d, sizeof *items->views);
    for (size_t view = 0; view < 2; view++) {
        memcpy(items->views + view * n * d, s->batch_z[view], n * d * sizeof *items->views);
        memcpy(items->row + view * n, s->batch_item, n * sizeof *items->row);
    }
    item_codes_make(&items->codes, data, items->row, 2 * n, columns_of(asked, NO_COLUMN));
    for (size_t i = 0; i < 2 * n; i++)
        items->codes.identity[i] = (uint32_t)(i % n);
    items->input.items.rows = items->views;
    items->input.items.d = d;
    return true;
}

static bool take_probe(struct audit_items *items, const struct audit_question *asked,
                       const struct snapshot *s, const struct dataset *data)
{
    int column = asked->relation == RELATION_LABEL ? asked->label : data->identity;
    if (s->n_probe < 2 || !s->h || !dataset_is_category(data, column))
        return false;
    items->row = xcalloc(s->n_probe, sizeof *items->row);
    memcpy(items->row, s->item, s->n_probe * sizeof *items->row);
    item_codes_make(&items->codes, data, items->row, s->n_probe, columns_of(asked, column));
    items->input.items.rows = s->h;
    items->input.items.d = s->dim_h;
    return true;
}

/* What makes a pair the same that the list is silent about: identities, else labels. */
static bool take_listed(struct audit_items *items, const struct audit_question *asked,
                        const struct snapshot *s, const struct dataset *data, const struct pairs_list *list)
{
    int column = dataset_is_category(data, data->identity) ? data->identity : asked->label;
    if (!list || s->n_probe < 2 || !s->h)
        return false;
    items->row = xcalloc(s->n_probe, sizeof *items->row);
    memcpy(items->row, s->item, s->n_probe * sizeof *items->row);
    item_codes_make(&items->codes, data, items->row, s->n_probe, columns_of(asked, NO_COLUMN));
    items->codes.unit = item_codes_units(data, items->row, s->n_probe);
    bool known = dataset_is_category(data, column);
    uint32_t *code = item_codes_of(data, known ? column : NO_COLUMN, items->row, s->n_probe);
    struct pair_space space = {s->h, items->row, code, s->n_probe, s->dim_h, data->n};
    items->pair = pairs_list_at(list, &space, &items->n_pairs);
    free(code);
    items->input.items.rows = s->h;
    items->input.items.d = s->dim_h;
    return true;
}

static bool take(struct audit_items *items, const struct audit_question *asked, const struct snapshot *s,
                 const struct request_scene *scene)
{
    switch (asked->relation) {
    case RELATION_VIEW: return take_views(items, asked, s, scene->data);
    case RELATION_LISTED: return take_listed(items, asked, s, scene->data, scene->pairs);
    default: return take_probe(items, asked, s, scene->data);
    }
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
    const struct column *said = dataset_is_category(data, data->split) ? &data->column[data->split] : NULL;
    uint32_t dev = said ? value_code(said, "dev") : NO_VALUE;
    bool there = dev != NO_VALUE && value_code(said, "eval") != NO_VALUE;
    const uint32_t *units = items->codes.unit;
    items->dev = xcalloc(items->codes.n + 1, sizeof *items->dev);
    for (size_t i = 0; i < items->codes.n; i++) {
        uint32_t unit = units && units[i] != NO_VALUE ? units[i] : items->row[i];
        struct rng rng = rng_at(1, RNG_SAMPLE, 4, unit, 0);
        items->dev[i] = there ? said->code[items->row[i]] == dev : rng_uniform(&rng) < 0.5;
    }
}

/* ---- all of it ---- */

bool audit_items_make(struct audit_items *items, const struct audit_question *asked,
                      const struct snapshot *snapshot, const struct request_scene *scene)
{
    const struct dataset *data = scene->data;
    *items = (struct audit_items){0};
    if (!dataset_is_category(data, asked->group[0]) || !take(items, asked, snapshot, scene))
        return false;
    const struct item_codes *c = &items->codes;
    if (asked->split)
        split(items, data);
    if (dataset_is_category(data, asked->label))
        items->label = item_codes_of(data, asked->label, items->row, c->n);
    struct score_items *in = &items->input.items;
    *in = (struct score_items){in->rows, c->n, in->d, c->group, c->identity, c->n_groups};
    items->input.unit = c->unit;
    items->input.label = items->label;
    items->input.dev = items->dev;
    items->input.pair = items->pair;
    items->input.n_pairs = items->n_pairs;
    return true;
}

size_t audit_items_tag(struct audit_items *items, const struct request_marks *marks)
{
    if (marks->n == 0 || items->views) /* marks are of held-out items, not of views */
        return 0;
    items->tag = xcalloc(marks->n, sizeof *items->tag);
    items->input.tag = items->tag;
    items->input.n_tags = tags_of_marks(marks->mark, marks->n, items->row, items->codes.n, items->tag, NULL);
    return items->input.n_tags;
}

void audit_items_release(struct audit_items *items)
{
    item_codes_release(&items->codes);
    free(items->row);
    free(items->label);
    free(items->dev);
    free(items->views);
    free(items->tag);
    free(items->pair);
    *items = (struct audit_items){0};
}
