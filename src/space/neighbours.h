/* SPDX-License-Identifier: MIT
 *
 * Exact nearest neighbours under the score of math/score.h, ties to the lower index, and the measures that
 * read a space through them. Any thread; work is cut over `pool` by size, so results do not depend on
 * threads.
 */
#ifndef NF_SPACE_NEIGHBOURS_H
#define NF_SPACE_NEIGHBOURS_H

#include "base/parallel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct neighbours {
    size_t n, k;
    uint32_t *index; /* (n, k) rows of the bank, nearest first; UINT32_MAX past the end */
    float *score;    /* (n, k); NaN past the end */
};

/* Rows to search among, of unit length and packed for score_tile. Made once, searched as often as wanted. */
struct bank {
    size_t n, d;
    float *packed; /* (panels, d, SCORE_LANES) */
    bool *valid;   /* (n) false: zero or not finite; such a row is nobody's neighbour */
};
/* rows (n, d) need not be normalised, and are not kept. */
void bank_init(struct bank *bank, const float *rows, size_t n, size_t d, struct pool *pool);
/* The same of rows index[0..n-1] in that order (NULL: all). Cancelled, what it holds means nothing. */
void bank_init_at(struct bank *bank, const float *rows, const uint32_t *index, size_t n, size_t d,
                  struct pool *pool, struct progress *progress);
void bank_release(struct bank *bank);

/* k nearest bank rows of every query row (n_queries, bank's d). `self`: query i is bank row i and is left out
 * by index. A query without direction has no neighbours. False only when cancelled: then nothing is held. */
bool neighbours_find(struct neighbours *found, const struct bank *bank, const float *queries,
                     size_t n_queries, size_t k, bool self, struct pool *pool, struct progress *progress);
void neighbours_release(struct neighbours *found);

/* Rows (n, d) as they are. */
struct rows {
    const float *row;
    size_t n, d;
};
/* The k nearest rows of one query (d), ties to the lower index: by cosine, with the very scores of
 * neighbours_find, or, `apart`, by distance (score_pair_apart), where rows that are not finite are no
 * neighbours. Rows i with leave[i] are left out (NULL: none). For a bank that is searched once: nothing is
 * packed. */
bool neighbours_of_one(struct neighbours *found, const struct rows *rows, const float *query,
                       const bool *leave, size_t k, bool apart, struct progress *progress);

/* The k nearest in the plane of each of n points among them, itself left out; ties to the lower index. Score
 * is minus the squared distance, in float. Points that are not finite have and are no neighbours. */
void neighbours_plane(struct neighbours *found, const float *x, const float *y, size_t n, size_t k,
                      struct pool *pool);

/* kNN accuracy: weights e^(s/temperature), ties to the lower class; code UINT32_MAX (blank) rows are not
 * counted. Class-balanced: mean over the classes that have queries (NaN if none). Chance is 1 / n_classes of
 * those. */
struct knn_vote {
    const uint32_t *bank_code, *query_code; /* (n_bank), (n_queries) */
    size_t n_classes;
    double temperature;
};
double knn_accuracy(const struct neighbours *found, const struct knn_vote *vote);

/* Class-balanced accuracy of the plain vote (each counts the same) of an item's 20 nearest in the plane. */
double plane_accuracy(const float *x, const float *y, const uint32_t *code, size_t n, size_t n_classes);

/* R2 of the neighbours' plain mean of a number; blank (NaN) rows are not counted. NaN where the numbers do
 * not vary. */
double knn_r2(const struct neighbours *found, const float *bank_value, const float *query_value);

/* Identification in a closed set: each item is sought among all others. rank (n): the place, from 1, of the
 * first of the same code in its list; k + 1: it is not in the list; 0: not asked, as it is alone in its code,
 * or blank (UINT32_MAX). */
void find_ranks(const struct neighbours *self_found, const uint32_t *code, uint32_t *rank);
/* The cumulative match characteristic: share of those asked (n ranks) that are found at rank r or before. NaN
 * if none are. */
double cmc_at(const uint32_t *rank, size_t n, uint32_t r);
/* The same at rank 1. */
double rank_one(const struct neighbours *self_found, const uint32_t *code);

/* Mean share of the k nearest of a that are among the k nearest of b (same n and k), over the rows that have
 * any. */
double neighbours_overlap(const struct neighbours *a, const struct neighbours *b);

#endif
