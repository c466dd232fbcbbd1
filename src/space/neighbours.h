/* SPDX-License-Identifier: MIT
 *
 * Exact nearest neighbours under the score of math/score.h, ties to the lower index, and the measures that
 * read a space through them. Any thread; work is cut over `pool` by size, so results do not depend on
 * threads.
 */
#ifndef NF_SPACE_NEIGHBOURS_H
#define NF_SPACE_NEIGHBOURS_H

#include "base/parallel.h"

#include <stddef.h>
#include <stdint.h>

struct neighbours {
    size_t n, k;
    uint32_t *index; /* (n, k) rows of the bank, nearest first; UINT32_MAX past the end */
    float *score;    /* (n, k) */
};

/* k nearest bank rows of every query row. `self`: query i is bank row i and is left out by index. Rows need
 * not be normalised. False only when cancelled. */
bool neighbours_find(struct neighbours *found, const float *queries, size_t n_queries, const float *bank,
                     size_t n_bank, size_t d, size_t k, bool self, struct pool *pool,
                     struct progress *progress);
void neighbours_release(struct neighbours *found);

/* Euclidean k nearest in the plane of each of n points among them, itself left out; ties to the lower index.
 */
void neighbours_plane(struct neighbours *found, const float *x, const float *y, size_t n, size_t k,
                      struct pool *pool);

/* kNN accuracy: weights e^(s/temperature), ties to the lower class; code UINT32_MAX (blank) rows are not
 * counted. Class-balanced: mean over the classes that have queries. Chance is 1 / n_classes of those. */
struct knn_vote {
    const uint32_t *bank_code, *query_code; /* (n_bank), (n_queries) */
    size_t n_classes;
    double temperature;
};
double knn_accuracy(const struct neighbours *found, const struct knn_vote *vote);

/* R2 of the neighbours' plain mean of a number; blank (NaN) rows are not counted. */
double knn_r2(const struct neighbours *found, const float *bank_value, const float *query_value);

/* Share of items whose nearest other item has the same code; items alone in their code are not counted. */
double rank_one(const struct neighbours *self_found, const uint32_t *code);

/* Mean share of the k nearest of a that are among the k nearest of b (same n and k). */
double neighbours_overlap(const struct neighbours *a, const struct neighbours *b);

#endif
