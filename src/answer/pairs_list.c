/* SPDX-License-Identifier: MIT */
#include "answer/pairs_list.h"

#include "answer/audit_pairs.h"
#include "base/check.h"
#include "base/strbuf.h"
#include "data/source.h"
#include "math/score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void pairs_list_unref(const struct pairs_list *list)
{
    struct pairs_list *own = (struct pairs_list *)(uintptr_t)list;
    if (!own || atomic_fetch_sub_explicit(&own->references, 1, memory_order_acq_rel) > 1)
        return;
    free(own->pair);
    free(own);
}

struct pairs_list *pairs_list_ref(const struct pairs_list *list)
{
    struct pairs_list *own = (struct pairs_list *)(uintptr_t)list;
    if (own)
        atomic_fetch_add_explicit(&own->references, 1, memory_order_relaxed);
    return own;
}

/* ---- reading ---- */

/* Ids of all rows as texts, as they are exported. Owned. */
static const char **ids_of(const struct dataset *data, const char *column)
{
    int c = dataset_find_column(data, column);
    const char **ids = xcalloc(data->n + 1, sizeof *ids);
    char number[NUMBER_TEXT];
    for (size_t i = 0; i < data->n; i++) {
        snprintf(number, sizeof number, "%zu", i);
        ids[i] = xstrdup(c == NO_COLUMN ? number : dataset_whole_cell(data, c, i, number));
    }
    return ids;
}

static void ids_release(const char **ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free((char *)(uintptr_t)ids[i]);
    free(ids);
}

static void take(struct pairs_list *list, const struct comparisons *from, const uint32_t (*row)[2])
{
    uint64_t digest = 0;
    list->pair = xcalloc(from->n + 1, sizeof *list->pair);
    for (size_t i = 0; i < from->n; i++) {
        const struct comparison_row *c = &from->at[i];
        float score = from->scored ? (float)c->score : NAN;
        if (row[i][0] == row[i][1])
            continue;
        list->pair[list->n++] = (struct list_pair){row[i][0], row[i][1], c->same, score};
        uint64_t bits = (uint64_t)row[i][0] << 32 | row[i][1];
        digest = digest * 0x9e3779b97f4a7c15ULL + (bits ^ (uint64_t)(unsigned)c->same << 17);
        digest += isnan(score) ? 1 : (uint64_t)(int64_t)((double)score * 0x1p30);
    }
    list->scored = from->scored;
    list->digest = (unsigned)(digest >> 32) | 1;
}

static bool are_similarities(const struct comparisons *list, struct err *err)
{
    for (size_t i = 0; list->scored && i < list->n; i++)
        if (fabs(list->at[i].score) > 1)
            return err_set(
                err,
                "line %zu: a score of %g is no similarity in -1..1: nearfar audit reads lists of any "
                "scores",
                list->at[i].line, list->at[i].score);
    return true;
}

static bool join(struct pairs_list *list, const struct comparisons *from, const struct dataset *data,
                 struct err *err)
{
    if (from->form == COMPARISONS_TWO)
        return err_set(err, "two columns name no items: nearfar audit reads such a list");
    if (!are_similarities(from, err))
        return false;
    const char **ids = ids_of(data, "item"), **identities = ids_of(data, "identity");
    bool claimed = dataset_find_column(data, "identity") != NO_COLUMN;
    struct pair_names names = {ids, claimed ? identities : NULL, data->n};
    uint32_t(*row)[2] = xcalloc(from->n + 1, sizeof *row);
    bool fine = audit_pairs_find(from, &names, row, err);
    if (fine)
        take(list, from, (const uint32_t(*)[2])row);
    free(row);
    ids_release(ids, data->n);
    ids_release(identities, data->n);
    return fine && (list->n > 0 || err_set(err, "no pair of two different items"));
}

struct pairs_list *pairs_list_read(const char *path, const struct dataset *data, struct err *err)
{
    struct comparisons from;
    if (!comparisons_read(&from, path, err))
        return NULL;
    struct pairs_list *list = xcalloc(1, sizeof *list);
    atomic_init(&list->references, 1);
    snprintf(list->name, sizeof list->name, "%.60s", path_base(path));
    bool fine = join(list, &from, data, err) || err_within(err, "%s", path);
    comparisons_release(&from);
    if (fine)
        return list;
    pairs_list_unref(list);
    return NULL;
}

/* ---- at a moment ---- */

/* Where each row of the data set stands; NO_VALUE: nowhere. Owned. */
static uint32_t *places_of(const struct pair_space *space)
{
    uint32_t *place = xcalloc(space->n_data + 1, sizeof *place);
    for (size_t i = 0; i < space->n_data; i++)
        place[i] = NO_VALUE;
    for (uint32_t i = 0; i < space->n; i++)
        place[space->row[i]] = i;
    return place;
}

static float score_of(const struct pair_space *space, uint32_t a, uint32_t b, float *unit)
{
    size_t d = space->d;
    bool valid[2];
    score_normalise(space->rows + a * d, 1, d, unit, &valid[0]);
    score_normalise(space->rows + b * d, 1, d, unit + d, &valid[1]);
    return valid[0] && valid[1] ? score_pair(unit, unit + d, d) : NAN;
}

static int kind_of(const struct pair_space *space, int same, uint32_t a, uint32_t b)
{
    const uint32_t *code = space->code;
    if (same < 0 && (code[a] == NO_VALUE || code[b] == NO_VALUE))
        return -1;
    return (same < 0 ? code[a] == code[b] : same) ? PAIR_GENUINE : PAIR_IMPOSTOR;
}

struct listed_pair *pairs_list_at(const struct pairs_list *list, const struct pair_space *space,
                                  size_t *count)
{
    struct listed_pair *pair = xcalloc(list->n + 1, sizeof *pair);
    float *unit = xaligned(2 * space->d + 1, sizeof *unit);
    uint32_t *place = places_of(space);
    *count = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct list_pair *p = &list->pair[i];
        uint32_t a = place[p->a], b = place[p->b];
        if (a == NO_VALUE || b == NO_VALUE)
            continue;
        int kind = kind_of(space, p->same, a, b);
        float score = list->scored ? p->score : score_of(space, a, b, unit);
        if (kind >= 0 && !isnan(score))
            pair[(*count)++] = (struct listed_pair){a, b, score, (enum pair_kind)kind};
    }
    free(place);
    free(unit);
    return pair;
}
