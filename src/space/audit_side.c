/* SPDX-License-Identifier: MIT */
#include "space/audit_parts.h"

#include "base/check.h"
#include "math/normal.h"
#include "math/score.h"

#include <stdlib.h>
#include <string.h>

/* ---- who is on a side ---- */

static uint32_t *taken(const uint32_t *code, const uint32_t *item, size_t n)
{
    uint32_t *copy = xcalloc(n + 1, sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = code[item[i]];
    return copy;
}

static void take_side(struct audit_side *side, const struct audit_input *input, bool dev)
{
    const struct score_items *from = &input->items;
    size_t d = from->d, n = 0;
    side->item = xcalloc(from->n + 1, sizeof *side->item);
    for (uint32_t i = 0; i < from->n; i++)
        if (input->dev[i] == dev)
            side->item[n++] = i;
    float *rows = from->rows ? xaligned(n * d + 1, sizeof *rows) : NULL;
    for (size_t i = 0; rows && i < n; i++)
        memcpy(rows + i * d, from->rows + side->item[i] * d, d * sizeof *rows);
    uint32_t *identity = taken(from->identity, side->item, n), *group = taken(from->group, side->item, n);
    bool same = input->unit == from->identity;
    uint32_t *unit = input->unit && !same ? taken(input->unit, side->item, n) : NULL;
    side->items = (struct score_items){rows, n, d, group, identity, from->n_groups};
    side->unit = same ? identity : unit;
    uint32_t *label = input->label ? taken(input->label, side->item, n) : NULL;
    side->label = label;
    void *owned[] = {rows, identity, group, unit, label};
    memcpy(side->owned, owned, sizeof owned);
}

static size_t n_codes(const uint32_t *code, const bool *in, size_t n)
{
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (in[i] && code[i] != UINT32_MAX && code[i] >= most)
            most = (size_t)code[i] + 1;
    return most;
}

static void count_mates(struct audit_side *side)
{
    const struct score_items *items = &side->items;
    side->mates =
        xcalloc(n_codes(items->identity, side->in, items->n) * items->n_groups + 1, sizeof *side->mates);
    side->per_group = xcalloc(items->n_groups, sizeof *side->per_group);
    for (size_t i = 0; i < items->n; i++)
        if (side->in[i]) {
            side->mates[items->identity[i] * items->n_groups + items->group[i]]++;
            side->per_group[items->group[i]]++;
        }
}

static void look_at_units(struct audit_side *side)
{
    side->n_units = side->unit ? n_codes(side->unit, side->in, side->items.n) : side->items.n;
    bool *seen = xcalloc(side->n_units + 1, sizeof *seen);
    for (size_t i = 0; side->unit && i < side->items.n; i++)
        if (side->in[i]) {
            side->by_unit |= seen[side->unit[i]];
            seen[side->unit[i]] = true;
        }
    free(seen);
}

/* ---- listed pairs ---- */

uint32_t *side_places(const struct audit_side *side, size_t n)
{
    uint32_t *place = side->item ? xcalloc(n + 1, sizeof *place) : NULL;
    for (size_t i = 0; place && i < n; i++)
        place[i] = UINT32_MAX;
    for (uint32_t i = 0; place && i < side->items.n; i++)
        place[side->item[i]] = i;
    return place;
}

/* Counts a pair for both its items. */
static void meet(struct audit_side *side, const struct listed_pair *pair)
{
    const struct score_items *items = &side->items;
    const uint32_t end[] = {pair->a, pair->b};
    for (int e = 0; e < 2; e++) {
        side->in[end[e]] = true;
        side->met[pair->kind][end[e] * items->n_groups + items->group[end[1 - e]]]++;
    }
    bool apart = side->unit && side->unit[pair->a] != side->unit[pair->b];
    side->inside &= side->unit && !(pair->kind == PAIR_GENUINE && apart);
}

static void take_pairs(struct audit_side *side, const struct audit_input *input)
{
    uint32_t *place = side_places(side, input->items.n);
    side->pair = xcalloc(input->n_pairs + 1, sizeof *side->pair);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        side->met[kind] = xcalloc(side->items.n * side->items.n_groups + 1, sizeof *side->met[kind]);
    side->inside = true;
    for (size_t p = 0; p < input->n_pairs; p++) {
        struct listed_pair pair = input->pair[p];
        if (place) {
            pair.a = place[pair.a];
            pair.b = place[pair.b];
        }
        if (pair.a == UINT32_MAX || pair.b == UINT32_MAX ||
            (side->out && (side->out[pair.a] || side->out[pair.b])))
            continue;
        pair.kind = side_kind_of(side, &pair);
        side->pair[side->n_pairs++] = pair;
        meet(side, &pair);
    }
    free(place);
}

/* ---- all of a side ---- */

static void take_all(struct audit_side *side)
{
    for (size_t i = 0; i < side->items.n; i++)
        side->in[i] = side->items.identity[i] != UINT32_MAX &&
                      score_has_direction(side->items.rows + i * side->items.d, side->items.d);
    count_mates(side);
    side_score_corrected(side);
}

void side_init(struct audit_side *side, const struct audit_input *input, bool dev)
{
    *side = (struct audit_side){
        .items = input->items, .unit = input->unit, .label = input->label, .per_pair = input->per_pair};
    if (input->dev)
        take_side(side, input, dev);
    side->inside = input->unit == input->items.identity;
    side->in = xcalloc(side->items.n + 1, sizeof *side->in);
    side_take_tags(side, input);
    if (input->pair)
        take_pairs(side, input);
    else
        take_all(side);
    look_at_units(side);
}

void side_release(struct audit_side *side)
{
    for (size_t i = 0; i < ARRAY_LEN(side->owned); i++)
        free(side->owned[i]);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        free(side->met[kind]);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        free(side->more[kind]);
    free(side->corrected);
    free(side->out);
    free(side->pair);
    free(side->item);
    free(side->in);
    free(side->mates);
    free(side->per_group);
    *side = (struct audit_side){0};
}

/* ---- rates ---- */

unsigned pair_set_weight(struct pair_set set, uint32_t a, uint32_t b)
{
    switch (set.kind) {
    case SET_ALL: return 1;
    case SET_CELL: return (a == set.g && b == set.h) || (a == set.h && b == set.g);
    case SET_INVOLVING: return a == set.g || b == set.g;
    case SET_QUERY: return (unsigned)(a == set.g) + (unsigned)(b == set.g);
    }
    return 0;
}

struct ends {
    double errors, pairs; /* of one item, weighted */
};

double side_pairs_of(const struct audit_side *side, enum pair_kind kind, size_t i, uint32_t h)
{
    const struct score_items *items = &side->items;
    if (side->met[kind])
        return side->met[kind][i * items->n_groups + h];
    uint32_t mates = side->mates[items->identity[i] * items->n_groups + h];
    double more = side->more[kind] ? (double)side->more[kind][i * items->n_groups + h] : 0;
    return more + (kind == PAIR_GENUINE ? mates - (items->group[i] == h) : side->per_group[h] - mates);
}

static struct ends ends_of(const struct audit_side *side, const struct scores *scores, enum pair_kind kind,
                           struct pair_set set, size_t i)
{
    const struct score_items *items = &side->items;
    struct ends ends = {0};
    uint32_t g = items->group[i];
    for (uint32_t h = 0; h < items->n_groups; h++) {
        unsigned w = pair_set_weight(set, g, h);
        if (w == 0)
            continue;
        ends.errors += w * (double)scores->errors[kind][i * items->n_groups + h];
        ends.pairs += w * side_pairs_of(side, kind, i, h);
    }
    return ends;
}

/* Adds each item's deviation to its unit's; counts items and units that have pairs at all. */
static void deviations(const struct audit_side *side, const struct scores *scores, enum pair_kind kind,
                       struct pair_set set, struct audit_value *value, double *deviation)
{
    bool *seen = xcalloc(side->n_units + 1, sizeof *seen);
    for (size_t i = 0; i < side->items.n; i++) {
        if (!side->in[i])
            continue;
        struct ends ends = ends_of(side, scores, kind, set, i);
        size_t unit = side->unit ? side->unit[i] : i;
        deviation[unit] += ends.errors - value->value * ends.pairs;
        value->n_items += ends.pairs > 0;
        value->n_units += ends.pairs > 0 && !seen[unit];
        seen[unit] |= ends.pairs > 0;
    }
    free(seen);
}

static double design_effect(const struct audit_side *side, enum pair_kind kind,
                            const struct audit_value *value, double *deviation)
{
    if (kind == PAIR_GENUINE && side->inside)
        for (size_t u = 0; u < side->n_units; u++)
            deviation[u] /= 2; /* both ends of a pair are of one unit */
    else if (!side->by_unit)
        return deff_items(deviation, side->n_units, value->value, value->n);
    return deff_clustered(deviation, side->n_units, value->value, value->n);
}

void audit_judge_rate(struct audit_value *value, bool per_pair)
{
    double effective = value->n / value->deff;
    value->ci = (struct interval){NAN, NAN};
    if (value->n_units < AUDIT_MIN_UNITS)
        value->status = AUDIT_FEW_UNITS;
    else if (value->x == 0) {
        value->status = AUDIT_ZERO;
        value->ci = (struct interval){0, interval_zero_bound(value->n)};
    } else {
        value->status = value->x < AUDIT_MIN_ERRORS ? AUDIT_FEW_ERRORS : AUDIT_OK;
        value->ci = per_pair ? interval_exact(value->x, value->n, 0.05)
                             : interval_wilson(value->value * effective, effective, NORMAL_Z95);
    }
}

struct audit_value side_rate(const struct audit_side *side, const struct scores *scores, enum pair_kind kind,
                             struct pair_set set)
{
    struct audit_value value = audit_plain(kind == PAIR_GENUINE ? METRIC_FNMR : METRIC_FMR,
                                           set.kind == SET_ALL ? ALL_GROUPS : (int)set.g, NAN, 0);
    if (set.kind == SET_CELL)
        value.h = (int)set.h;
    for (size_t i = 0; i < side->items.n; i++)
        if (side->in[i]) {
            struct ends ends = ends_of(side, scores, kind, set, i);
            value.x += ends.errors / 2;
            value.n += ends.pairs / 2;
        }
    if (value.n == 0)
        return value;
    value.value = value.x / value.n;
    double *deviation = xcalloc(side->n_units + 1, sizeof *deviation);
    deviations(side, scores, kind, set, &value, deviation);
    value.deff = side->per_pair ? 1 : design_effect(side, kind, &value, deviation);
    free(deviation);
    audit_judge_rate(&value, side->per_pair);
    return value;
}
