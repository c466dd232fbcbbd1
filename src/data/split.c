/* SPDX-License-Identifier: MIT
 *
 * Units are identities, or single items where there is none. Each is ranked by a hash of the seed and its
 * name, so that adding items moves no other unit to the other side by more than the share asks for.
 */
#include "base/check.h"
#include "base/rng.h"
#include "data/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct unit {
    uint64_t rank;
    uint32_t id;
};

static const struct column *identity_of(const struct dataset *data)
{
    if (data->identity == NO_COLUMN || data->column[data->identity].kind != COLUMN_CATEGORY)
        return NULL;
    return &data->column[data->identity];
}

/* (n) the unit of every item, 0..*n_units-1: its identity's, or one of its own where that is blank. */
static uint32_t *unit_of_items(const struct dataset *data, size_t *n_units)
{
    const struct column *identity = identity_of(data);
    uint32_t *unit = xcalloc(data->n, sizeof *unit);
    size_t next = identity ? identity->n_values : 0;
    for (size_t i = 0; i < data->n; i++)
        unit[i] = identity && identity->code[i] != NO_VALUE ? identity->code[i] : (uint32_t)next++;
    *n_units = next;
    return unit;
}

static uint64_t text_hash(const char *text)
{
    uint64_t hash = 0;
    for (; *text; text++)
        hash = rng_hash(hash, (unsigned char)*text);
    return hash;
}

static int by_rank(const void *a, const void *b)
{
    const struct unit *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* trains[u] for the share of the units that stand first in rank; at least one on each side. Only units that
 * have items are passed in. */
static void choose_units(struct unit *units, size_t n, double share, bool *trains)
{
    qsort(units, n, sizeof *units, by_rank);
    size_t wanted = (size_t)(share * (double)n + 0.5);
    wanted = wanted < 1 ? 1 : wanted > n - 1 ? n - 1 : wanted;
    for (size_t k = 0; k < wanted; k++)
        trains[units[k].id] = true;
}

static size_t rank_units(const struct dataset *data, const uint32_t *unit, size_t n_units, uint64_t seed,
                         struct unit *ranked)
{
    const struct column *identity = identity_of(data);
    bool *seen = xcalloc(n_units, sizeof *seen);
    size_t n = 0;
    for (size_t i = 0; i < data->n; i++) {
        if (seen[unit[i]])
            continue;
        seen[unit[i]] = true;
        bool named = identity && identity->code[i] != NO_VALUE;
        struct rng rng = rng_at(seed, RNG_SPLIT, named, named ? text_hash(identity->value[unit[i]]) : i, 0);
        ranked[n++] = (struct unit){rng_u64(&rng), unit[i]};
    }
    free(seen);
    return n;
}

static void fill_sides(struct split *split, size_t n, const uint32_t *unit, const bool *trains)
{
    split->train = xcalloc(n, sizeof *split->train);
    split->eval = xcalloc(n, sizeof *split->eval);
    for (size_t i = 0; i < n; i++) {
        if (trains[unit[i]])
            split->train[split->n_train++] = (uint32_t)i;
        else
            split->eval[split->n_eval++] = (uint32_t)i;
    }
}

static bool names_training(const struct column *column, size_t item)
{
    static const char *const names[] = {"train", "training", "bank"};
    if (column->code[item] == NO_VALUE)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcasecmp(column->value[column->code[item]], names[i]) == 0)
            return true;
    return false;
}

/* False where the column leaves one side empty: then it says nothing about who trains. */
static bool by_column(struct split *split, const struct dataset *data, const uint32_t *unit, size_t n_units)
{
    const struct column *column = &data->column[data->split];
    bool *trains = xcalloc(n_units, sizeof *trains);
    size_t straddling = 0;
    for (size_t i = 0; i < data->n; i++)
        trains[unit[i]] = trains[unit[i]] || names_training(column, i);
    for (size_t i = 0; i < data->n; i++)
        straddling += trains[unit[i]] && !names_training(column, i);
    fill_sides(split, data->n, unit, trains);
    free(trains);
    if (split->n_train == 0 || split->n_eval == 0) {
        split_release(split);
        return false;
    }
    if (straddling)
        snprintf(split->rule, sizeof split->rule, "column %.20s; %zu moved to train with their identity",
                 column->name, straddling);
    else
        snprintf(split->rule, sizeof split->rule, "column %.20s: %zu train, %zu held out", column->name,
                 split->n_train, split->n_eval);
    return true;
}

bool split_make(struct split *split, const struct dataset *data, double train_share, uint64_t seed,
                struct err *err)
{
    *split = (struct split){0};
    size_t n_units;
    uint32_t *unit = unit_of_items(data, &n_units);
    bool has_column = data->split != NO_COLUMN && data->column[data->split].kind == COLUMN_CATEGORY;
    if (has_column && by_column(split, data, unit, n_units)) {
        free(unit);
        return true;
    }
    struct unit *ranked = xcalloc(n_units, sizeof *ranked);
    bool *trains = xcalloc(n_units, sizeof *trains);
    size_t n = rank_units(data, unit, n_units, seed, ranked);
    const char *what = identity_of(data) ? "identity" : "picture";
    const char *many = identity_of(data) ? "identities" : "pictures";
    bool fine = n >= 2;
    if (fine) {
        choose_units(ranked, n, train_share, trains);
        fill_sides(split, data->n, unit, trains);
        snprintf(split->rule, sizeof split->rule, "%.0f %% of %zu %s train", 100 * train_share, n, many);
    } else {
        err_set(err,
                "%s: %zu %s; training needs at least 2, one to learn from and one to be tested on: add more",
                data->name ? data->name : "data", n, n == 1 ? what : many);
    }
    free(ranked);
    free(trains);
    free(unit);
    return fine;
}

/* How often each unit that trains is drawn. */
static void draw_units(const struct split *split, const uint32_t *unit, size_t n_units, uint64_t seed,
                       uint32_t *times)
{
    uint32_t *trains = xcalloc(n_units, sizeof *trains);
    size_t n = 0;
    bool *seen = xcalloc(n_units, sizeof *seen);
    for (size_t k = 0; k < split->n_train; k++) {
        uint32_t u = unit[split->train[k]];
        if (!seen[u])
            trains[n++] = u;
        seen[u] = true;
    }
    struct rng rng = rng_at(seed, RNG_SPLIT, 1, 0, 0);
    for (size_t k = 0; k < n; k++)
        times[trains[rng_below(&rng, n)]]++;
    free(trains);
    free(seen);
}

void split_resample(struct split *split, const struct dataset *data, uint64_t seed)
{
    size_t n_units, n = 0;
    uint32_t *unit = unit_of_items(data, &n_units), *times = xcalloc(n_units, sizeof *times), *train;
    draw_units(split, unit, n_units, seed, times);
    for (size_t k = 0; k < split->n_train; k++)
        n += times[unit[split->train[k]]];
    train = xcalloc(n + 1, sizeof *train);
    n = 0;
    for (size_t k = 0; k < split->n_train; k++)
        for (uint32_t time = 0; time < times[unit[split->train[k]]]; time++)
            train[n++] = split->train[k];
    free(split->train);
    split->train = train;
    split->n_train = n;
    size_t length = strlen(split->rule);
    snprintf(split->rule + length, sizeof split->rule - length, ", drawn anew with replacement");
    free(times);
    free(unit);
}

void split_release(struct split *split)
{
    free(split->train);
    free(split->eval);
    *split = (struct split){0};
}
