/* SPDX-License-Identifier: MIT
 *
 * The pass itself: scores of all pairs of an order, tile by tile, counted. Internal to space/scores.
 */
#ifndef NF_SPACE_SCORE_TALLY_H
#define NF_SPACE_SCORE_TALLY_H

#include "space/score_order.h"

/* Histograms of zeros. */
bool scores_init(struct scores *scores, size_t n_groups, size_t n_bins, struct err *err);

/* Fills `scores` but for the sizes (zero before). False with err when cancelled or out of memory. */
bool score_tally(struct scores *scores, const struct score_order *order, const struct scores_want *want,
                 struct pool *pool, struct progress *progress, struct err *err);

#endif
