/* SPDX-License-Identifier: MIT
 *
 * What a pass keeps of single pairs: neighbours, the worst of every cell, errors by item and in a list. Each
 * worker has a scan of its own; every list is cut by a total order (score, then index), so that the merged
 * result does not depend on who saw which pair. Internal to space/scores.
 */
#ifndef NF_SPACE_SCORE_SCAN_H
#define NF_SPACE_SCORE_SCAN_H

#include "space/score_order.h"

struct scan {
    const struct score_order *order;
    uint32_t n_bins;
    struct scores_want want;
    struct neighbours near; /* by place; indices are items */
    float *kth;             /* (n of the order) score of a place's last neighbour; -2 while there is room */
    struct worst_pairs *worst; /* (n_cells, N_PAIR_KINDS) */
    uint32_t *errors[N_PAIR_KINDS];
    struct scored_pair *wrong;
    size_t n_wrong, room; /* of wrong; n_wrong counts on when there are more than max_wrong */
};

bool scan_init(struct scan *scan, const struct score_order *order, size_t n_bins,
               const struct scores_want *want, struct err *err);
void scan_release(struct scan *scan);

/* Keeps the pair if it is among the `most` worst of its kind. */
void worst_offer(struct worst_pairs *worst, size_t most, struct scored_pair pair, enum pair_kind kind);

/* Pairs of one row with the places first..end-1 right of it; score and bin begin there. */
struct run {
    uint32_t row, group; /* of the columns */
    uint32_t first, end;
};

void scan_impostors(struct scan *scan, struct run run, const float *score, const uint16_t *bin); /* mixed */
void scan_genuine(struct scan *scan, struct run run, const float *score, const uint16_t *bin);
void scan_near(struct scan *scan, struct run run, const float *score);

/* Of all workers' scans to what was wanted of `scores`. Takes what they hold. */
void scan_merge(struct scores *scores, struct scan *scan, int n_scans);

#endif
