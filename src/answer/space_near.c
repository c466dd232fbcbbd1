/* SPDX-License-Identifier: MIT */
#include "answer/space_near.h"

#include "base/check.h"
#include "space/neighbours_each.h"

#include <math.h>
#include <stdlib.h>

/* Squared and with a minus, so that more is nearer, until here. */
static void as_distances(struct neighbours *found)
{
    for (size_t i = 0; i < found->n * found->k; i++)
        found->score[i] = sqrtf(-found->score[i]);
}

bool near_query(struct neighbours *found, const struct near_search *s, const float *query, const bool *leave)
{
    bool apart = s->metric == METRIC_EUCLIDEAN;
    if (!neighbours_of_one(found, &s->rows, query, leave, s->k, apart, s->progress))
        return false;
    if (apart)
        as_distances(found);
    while (found->k > 0 && found->index[found->k - 1] == UINT32_MAX)
        found->k--;
    return true;
}

bool near_one(struct neighbours *found, const struct near_search *s, size_t item)
{
    bool *leave = xcalloc(s->rows.n, sizeof *leave);
    leave[item] = true;
    bool fine = near_query(found, s, s->rows.row + item * s->rows.d, leave);
    free(leave);
    return fine;
}

bool near_all(struct neighbours *found, const struct near_search *s)
{
    bool apart = s->metric == METRIC_EUCLIDEAN;
    if (!neighbours_each(found, s->rows.row, s->rows.n, s->rows.d, s->k, apart ? EACH_EUCLIDEAN : EACH_COSINE,
                         s->pool, s->progress))
        return false;
    if (apart)
        as_distances(found);
    return true;
}
