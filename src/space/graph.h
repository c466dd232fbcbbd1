/* SPDX-License-Identifier: MIT
 *
 * What the lists of nearest neighbours of a whole set say: who is everybody's neighbour, and whose neighbours
 * changed between two spaces of the same items. docs/maths.md has formulas and sources. Any thread.
 */
#ifndef NF_SPACE_GRAPH_H
#define NF_SPACE_GRAPH_H

#include "space/neighbours.h"

/* Jaccard of each row's two lists (n), or NULL: |A and B| / |A or B|, NaN where both are empty. Returns the
 * mean over the rows that have one, NaN if none has. */
double graph_jaccard(const struct neighbours *a, const struct neighbours *b, float *each);

/* Do they stand in the same order too? Mean of the rows' rank-biased overlap (space/association.h), each down
 * to where the shorter of its lists ends; NaN if none has two. */
double graph_rank_overlap(const struct neighbours *a, const struct neighbours *b, double p);

/* The k-occurrence N_k: how often each of n items is among the k nearest of the others. */
void graph_occurrence(const struct neighbours *found, uint32_t *count, size_t n);

/* Of k-occurrences (n); the mean of N_k is k where every list is full (Radovanovic et al. 2010, Feldbauer et
 * al. 2018). NaN where nobody has a neighbour. */
struct hubness {
    double skew;       /* population skewness: see hubness_words; grows with n */
    double robin_hood; /* share of all places that would have to change hands for all to have as many */
    double anti_hubs;  /* share of items that are nobody's neighbour */
    double hub_share;  /* share of all places that items with N_k >= 2 k hold */
};
struct hubness graph_hubness(const uint32_t *count, size_t n, size_t k);
/* A skew in words. "no hubs" below 0.5, which is nearly symmetric (Bulmer 1979): lists filled by lot have
 * 1 / sqrt(k) already, 0.35 at k 8. "strong hubs" above 1.2, where hubness is taken to be significant (the
 * rule of thumb of scikit-hubness, Feldbauer et al. 2020); "weak hubs" between. "" where it is NaN. */
const char *hubness_words(double skew);

#endif
