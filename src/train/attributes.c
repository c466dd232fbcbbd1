/* SPDX-License-Identifier: MIT
 * What of the columns can be read from the nearest neighbours.
 */
#include "base/check.h"
#include "space/neighbours.h"
#include "train/probe.h"

#include <math.h>
#include <stdlib.h>

static const double temperature = 0.07;

/* ---- which columns ---- */

static bool measured_as(const struct dataset *data, int column, enum term *term)
{
    const struct column *c = &data->column[column];
    if (column == data->split || c->kind == COLUMN_TEXT)
        return false;
    *term = c->kind == COLUMN_NUMBER ? TERM_r2 : column == data->identity ? TERM_rank1 : TERM_knn;
    if (*term == TERM_knn)
        return c->n_values >= 2 && (c->n_values <= PROBE_MAX_VALUES || column == data->label);
    return true;
}

static uint32_t *gather_codes(const uint32_t *code, const uint32_t *items, size_t n)
{
    uint32_t *out = xcalloc(n, sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = code[items[i]];
    return out;
}

/* Of the rows that are moved. */
static uint32_t *moved_codes(const struct probe *probe, const uint32_t *query_code)
{
    uint32_t *out = xcalloc(probe->n_moved, sizeof *out);
    for (size_t i = 0; i < probe->n_moved; i++)
        out[i] = query_code[probe_moved_row(probe, i)];
    return out;
}

static float *moved_numbers(const struct probe *probe, const float *query_number)
{
    float *out = xcalloc(probe->n_moved, sizeof *out);
    for (size_t i = 0; i < probe->n_moved; i++)
        out[i] = query_number[probe_moved_row(probe, i)];
    return out;
}

static float *gather_numbers(const float *number, const uint32_t *items, size_t n)
{
    float *out = xcalloc(n, sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = number[items[i]];
    return out;
}

/* 1 / classes that have queries. */
static float knn_chance(const struct attribute *attribute, size_t n_query)
{
    size_t *count = xcalloc(attribute->n_values + 1, sizeof *count), classes = 0;
    for (size_t i = 0; i < n_query; i++)
        if (attribute->query_code[i] != NO_VALUE)
            classes += count[attribute->query_code[i]]++ == 0;
    free(count);
    return classes ? 1.0F / (float)classes : NAN;
}

/* Mean share of the other queries that are of the same identity, over those that have a mate. */
static float rank_chance(const struct attribute *attribute, size_t n_query)
{
    size_t *count = xcalloc(attribute->n_values + 1, sizeof *count), counted = 0;
    double sum = 0;
    for (size_t i = 0; i < n_query; i++)
        if (attribute->query_code[i] != NO_VALUE)
            count[attribute->query_code[i]]++;
    for (size_t i = 0; i < n_query; i++) {
        size_t mates = attribute->query_code[i] == NO_VALUE ? 0 : count[attribute->query_code[i]];
        if (mates < 2)
            continue;
        sum += (double)(mates - 1) / (double)(n_query - 1);
        counted++;
    }
    free(count);
    return counted ? (float)(sum / (double)counted) : NAN;
}

static void add_attribute(struct probe *probe, int column)
{
    enum term term;
    if (probe->n_attributes == PROBE_ATTRIBUTES || !measured_as(probe->data, column, &term))
        return;
    const struct column *c = &probe->data->column[column];
    struct attribute *attribute = &probe->attribute[probe->n_attributes++];
    *attribute = (struct attribute){.term = term, .column = column, .n_values = c->n_values, .chance = 0};
    if (term == TERM_r2) {
        attribute->bank_number = gather_numbers(c->number, probe->bank, probe->n_bank);
        attribute->query_number = gather_numbers(c->number, probe->query, probe->n_query);
        attribute->moved_number = moved_numbers(probe, attribute->query_number);
        return;
    }
    attribute->bank_code = gather_codes(c->code, probe->bank, probe->n_bank);
    attribute->query_code = gather_codes(c->code, probe->query, probe->n_query);
    attribute->moved_code = moved_codes(probe, attribute->query_code);
    attribute->chance =
        term == TERM_knn ? knn_chance(attribute, probe->n_query) : rank_chance(attribute, probe->n_query);
}

void attributes_find(struct probe *probe)
{
    const struct dataset *data = probe->data;
    if (data->label != NO_COLUMN)
        add_attribute(probe, data->label);
    for (int column = 0; column < (int)data->n_columns; column++)
        if (column != data->label)
            add_attribute(probe, column);
}

void attributes_release(struct probe *probe)
{
    for (size_t i = 0; i < probe->n_attributes; i++) {
        struct attribute *attribute = &probe->attribute[i];
        free(attribute->bank_code);
        free(attribute->query_code);
        free(attribute->bank_number);
        free(attribute->query_number);
        free(attribute->moved_code);
        free(attribute->moved_number);
    }
    probe->n_attributes = 0;
}

/* ---- reading them ---- */

/* Rank-1 of moved rows: own places in the bank of clean queries are passed over. `found` has two a row. */
static double moved_rank_one(const struct probe *probe, const struct attribute *attribute,
                             const struct neighbours *found)
{
    CHECK(found->index); /* searched wherever an attribute is read by rank */
    size_t *count = xcalloc(attribute->n_values + 1, sizeof *count), right = 0, counted = 0;
    for (size_t i = 0; i < probe->n_query; i++)
        if (attribute->query_code[i] != NO_VALUE)
            count[attribute->query_code[i]]++;
    for (size_t i = 0; i < probe->n_moved; i++) {
        uint32_t code = attribute->moved_code[i];
        if (code == NO_VALUE || count[code] < 2)
            continue;
        const uint32_t *near = found->index + i * found->k;
        uint32_t nearest = near[0] == probe_moved_row(probe, i) ? near[found->k - 1] : near[0];
        right += nearest < probe->n_query && attribute->query_code[nearest] == code;
        counted++;
    }
    free(count);
    return counted ? (double)right / (double)counted : (double)NAN;
}

/* What the rows to be read look among; a bank that no attribute needs is empty. */
struct banks {
    struct bank votes, mates;
    bool has_votes, has_mates;
};

static double read_clean(const struct attribute *attribute, const struct neighbours *found,
                         const struct neighbours *mates)
{
    if (attribute->term == TERM_r2)
        return knn_r2(found, attribute->bank_number, attribute->query_number);
    if (attribute->term == TERM_rank1)
        return rank_one(mates, attribute->query_code);
    struct knn_vote vote = {attribute->bank_code, attribute->query_code, attribute->n_values, temperature};
    return knn_accuracy(found, &vote);
}

static double read_moved(const struct probe *probe, const struct attribute *attribute,
                         const struct neighbours *found, const struct neighbours *mates)
{
    if (attribute->term == TERM_r2)
        return knn_r2(found, attribute->bank_number, attribute->moved_number);
    if (attribute->term == TERM_rank1)
        return moved_rank_one(probe, attribute, mates);
    struct knn_vote vote = {attribute->bank_code, attribute->moved_code, attribute->n_values, temperature};
    return knn_accuracy(found, &vote);
}

static bool has_term(const struct probe *probe, enum term term)
{
    for (size_t i = 0; i < probe->n_attributes; i++)
        if (probe->attribute[i].term == term)
            return true;
    return false;
}

/* Into value[0], value[2], ...: of the clean queries, or of the moved ones among them. */
static void read_queries(const struct probe *probe, const struct banks *banks, const float *rows, bool moved,
                         struct pool *pool, float *value)
{
    struct neighbours found = {0}, mates = {0};
    size_t n = moved ? probe->n_moved : probe->n_query, k = PROBE_K < probe->n_bank ? PROBE_K : probe->n_bank;
    size_t k_mates = moved && probe->n_query > 1 ? 2 : 1;
    if (banks->has_votes)
        neighbours_find(&found, &banks->votes, rows, n, k, false, pool, NULL);
    if (banks->has_mates)
        neighbours_find(&mates, &banks->mates, rows, n, k_mates, !moved, pool, NULL);
    for (size_t i = 0; i < probe->n_attributes; i++) {
        const struct attribute *attribute = &probe->attribute[i];
        value[2 * i] = (float)(moved ? read_moved(probe, attribute, &found, &mates)
                                     : read_clean(attribute, &found, &mates));
    }
    neighbours_release(&found);
    neighbours_release(&mates);
}

void attributes_read(const struct probe *probe, const struct reading *reading, struct pool *pool,
                     float *value)
{
    struct banks banks = {.has_votes = has_term(probe, TERM_knn) || has_term(probe, TERM_r2),
                          .has_mates = has_term(probe, TERM_rank1)};
    if (banks.has_votes)
        bank_init(&banks.votes, reading->bank, probe->n_bank, reading->d, pool);
    if (banks.has_mates)
        bank_init(&banks.mates, reading->query, probe->n_query, reading->d, pool);
    read_queries(probe, &banks, reading->query, false, pool, value);
    read_queries(probe, &banks, reading->moved, true, pool, value + 1);
    bank_release(&banks.votes);
    bank_release(&banks.mates);
}
