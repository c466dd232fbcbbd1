/* SPDX-License-Identifier: MIT
 *
 * Nearest neighbours for handlers: one item's or everybody's, by either metric. The analysis worker.
 */
#ifndef NF_ANSWER_SPACE_NEAR_H
#define NF_ANSWER_SPACE_NEAR_H

#include "share/request.h"
#include "space/neighbours.h"

struct near_search {
    struct rows rows; /* lent */
    enum metric metric;
    size_t k;
    struct progress *progress;
    struct pool *pool; /* for near_all; NULL: alone */
};

/* Of one item, itself left out; at most k. Scores are similarities or distances. False when cancelled: then
 * nothing is held. */
bool near_one(struct neighbours *found, const struct near_search *search, size_t item);
/* Of any row of as many values; items i with leave[i] are left out. */
bool near_query(struct neighbours *found, const struct near_search *search, const float *query,
                const bool *leave);
/* Of every item among the others. */
bool near_all(struct neighbours *found, const struct near_search *search);

#endif
