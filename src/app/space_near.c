/* SPDX-License-Identifier: MIT */
#include "app/space_near.h"

#include <math.h>

/* Queries are rows of the bank; `self` leaves each out of its own list by index. */
static bool find(struct neighbours *found, const struct near_search *s, const struct rows *queries, size_t k,
                 bool self)
{
    if (s->metric == METRIC_EUCLIDEAN) {
        if (!neighbours_euclidean(found, &s->rows, queries, k, self, NULL, s->progress))
            return false;
        for (size_t i = 0; i < found->n * found->k; i++)
            found->score[i] = sqrtf(-found->score[i]);
        return true;
    }
    struct bank bank;
    bank_init(&bank, s->rows.row, s->rows.n, s->rows.d, NULL);
    bool fine = neighbours_find(found, &bank, queries->row, queries->n, k, self, NULL, s->progress);
    bank_release(&bank);
    return fine;
}

/* The item is among the bank and is dropped from what was found. */
bool near_one(struct neighbours *found, const struct near_search *s, size_t item)
{
    struct rows query = {s->rows.row + item * s->rows.d, 1, s->rows.d};
    if (!find(found, s, &query, s->k + 1, false))
        return false;
    size_t to = 0;
    for (size_t i = 0; i < found->k && found->index[i] != UINT32_MAX; i++) {
        if (found->index[i] == item)
            continue;
        found->index[to] = found->index[i];
        found->score[to++] = found->score[i];
    }
    found->k = to < s->k ? to : s->k;
    return true;
}

bool near_all(struct neighbours *found, const struct near_search *s)
{
    return find(found, s, &s->rows, s->k, true);
}
