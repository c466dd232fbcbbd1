/* SPDX-License-Identifier: MIT
 *
 * Two spaces of the same items, A and B: whose neighbours are the same, how alike the spaces are, which
 * decisions change when each has its own threshold of the same false match rate, and what that does to each
 * group. Intervals are of the difference, from the same draws of units in both spaces (vertex bootstrap,
 * space/resample.h), so that equal spaces differ by exactly 0. A difference says something only beside the
 * one that two seeds of one training show: the floor. Any thread.
 */
#ifndef NF_SPACE_COMPARE_H
#define NF_SPACE_COMPARE_H

#include "space/audit.h"

/* Lent. */
struct compare_input {
    struct {
        const float *rows; /* (n, d) of the same items in the same order, not normalised */
        size_t d;
    } space[2];
    size_t n;
    /* (n) as in struct score_items; identity NULL: no threshold is asked about. Items without an identity or
     * without a direction in one of the spaces are in no pair of both. */
    const uint32_t *group, *identity;
    const uint32_t *unit; /* (n) what was sampled; NULL: each item */
    size_t n_groups;
};

enum { COMPARE_DRAWS = 1000, COMPARE_MOST_ERRORS = 8 << 20 /* pairs */ };

struct compare_settings {
    size_t k; /* neighbours; lowered to n - 1 */
    struct {
        enum audit_target target;
        double at;
    } threshold[2]; /* of each space, over all its pairs */
    size_t draws;   /* of the bootstrap; 0: no intervals */
    uint64_t seed;
};

/* A number in both spaces. ci: 95 % of b - a, or of b / a where it is a ratio; NaN: none. */
struct change {
    double a, b;
    struct interval ci;
};

/* Among the items of one group, or of all. Pairs by kind (enum pair_kind). */
struct group_change {
    size_t n_items, n_units;
    double pairs[N_PAIR_KINDS], errors[2][N_PAIR_KINDS];
    double flipped[N_PAIR_KINDS];     /* pairs that match in one space and not in the other */
    struct change rate[N_PAIR_KINDS]; /* FMR (impostor), FNMR (genuine) */
};

struct comparison {
    size_t n, k, n_groups;
    double jaccard, overlap; /* mean over items: of the k nearest */
    double rbo;              /* the same, and in which order: rank-biased overlap at p = 0.9 */
    double cka, cka_biased;  /* linear: debiased; and as it is mostly told, too high where n is not far above
                                the dimensions */
    /* where identities were given */
    double threshold[2];
    double churn;                    /* share of all pairs whose decision changes */
    double match_churn;              /* of the pairs that match in A or in B, the share that do in one only */
    struct group_change all, *group; /* (n_groups) */
    struct change ratio[N_PAIR_KINDS]; /* worst / best group's FMR, FNMR */
};

/* How many parts of progress it is, for who plans it. */
unsigned compare_parts(const struct compare_input *input);
/* False with err where there is nothing to compare, when cancelled, or when there are more errors than can be
 * kept; then nothing is held. Owned: comparison_release. */
bool compare_spaces(struct comparison *comparison, const struct compare_input *input,
                    const struct compare_settings *settings, struct pool *pool, struct progress *progress,
                    struct err *err);
void comparison_release(struct comparison *comparison);

#endif
