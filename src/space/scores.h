/* SPDX-License-Identifier: MIT
 *
 * The score engine: one blocked pass over all unordered pairs i < j of n items counts their scores (the one
 * of math/score.h) in histograms, one for each pair of groups and for genuine (same identity under the
 * relation that is audited) and impostor pairs apart. Whatever is asked of a threshold afterwards is looked
 * up (space/threshold.h). Counts are exact and the same for any number of threads and any tile size. Any
 * thread; work is cut over `pool` by size.
 *
 * Bin b of B (a power of two) holds s in [2b/B - 1, 2(b+1)/B - 1), the last one s = 1 too. The decision
 * "match" is *defined* as bin(s) >= bin(threshold), everywhere, so that no two screens disagree.
 */
#ifndef NF_SPACE_SCORES_H
#define NF_SPACE_SCORES_H

#include "base/err.h"
#include "space/neighbours.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum { SCORES_BINS = 16384, SCORES_BINS_MIN = 256, SCORES_BINS_MAX = 65536 };

/* What is scored. Lent. Codes of an identity are dense (below n or so); UINT32_MAX: not known, so that none
 * of the item's pairs is genuine or impostor: it is left out and counted. */
struct score_items {
    const float *rows; /* (n, d), not normalised */
    size_t n, d;
    const uint32_t *group;    /* (n) below n_groups; NULL: all in group 0 */
    const uint32_t *identity; /* (n) */
    size_t n_groups;
};

enum pair_kind { PAIR_IMPOSTOR, PAIR_GENUINE, N_PAIR_KINDS };

/* Cell (g, h), g <= h, of the upper triangle of groups; scores_cell takes either order. */
size_t scores_n_cells(size_t n_groups);
size_t scores_cell(size_t n_groups, size_t g, size_t h);

/* Items of one group. Those that failed (a row of zero or non-finite norm: a failure to embed) and those
 * without an identity are in no pair. */
struct group_size {
    size_t n_items; /* that are in the pairs */
    size_t n_failed, n_unknown;
};

/* Sums over the pairs of one cell and kind. */
struct score_sums {
    double s, s2;
};

struct scored_pair {
    uint32_t a, b; /* items, a < b */
    float score;
};

/* What else one pass shall bring; zeros: nothing. */
struct scores_want {
    size_t k;       /* nearest neighbours of each item */
    size_t n_worst; /* pairs of each cell and kind: impostors of highest, genuine of lowest score */
    const uint32_t *error_bin; /* (n_cells) threshold of each cell, at which errors are counted by item */
    size_t max_wrong;          /* of the pairs that are errors, so many are kept if there are no more */
    uint32_t strip, tile; /* rows a task, columns a tile (a multiple of SCORE_LANES); 0: what is fastest */
};

/* The worst of a cell and kind, worst first; equal scores in the order of (a, b). */
struct worst_pairs {
    size_t n;
    struct scored_pair *pair; /* (n_worst) */
};

struct scores {
    size_t n_groups, n_cells, n_bins;
    uint64_t *count;         /* (n_cells, N_PAIR_KINDS, n_bins) */
    struct score_sums *sums; /* (n_cells, N_PAIR_KINDS) */
    struct group_size *size; /* (n_groups) */
    /* what was wanted, NULL or 0 otherwise */
    struct neighbours near;         /* (n, k) rows of items; those in no pair have and are none */
    struct worst_pairs *worst;      /* (n_cells, N_PAIR_KINDS) */
    uint32_t *errors[N_PAIR_KINDS]; /* (n, n_groups) of item i with items of group h: false matches, false
                                       non-matches */
    struct scored_pair *wrong;      /* (n_wrong) the errors, both kinds, in the order of (a, b) */
    size_t n_wrong;                 /* SIZE_MAX: more than max_wrong, and none is kept */
};

/* n_bins is a power of two in SCORES_BINS_MIN..MAX. False with err when cancelled or when memory does not
 * suffice; then nothing is held. Owned: scores_release. */
bool scores_find(struct scores *scores, const struct score_items *items, size_t n_bins, struct pool *pool,
                 struct progress *progress, struct err *err);
/* The same with more; `want` may be NULL. */
bool scores_find_with(struct scores *scores, const struct score_items *items, size_t n_bins,
                      const struct scores_want *want, struct pool *pool, struct progress *progress,
                      struct err *err);

/* One pair of a list of comparisons: scored before. */
struct listed_pair {
    uint32_t a, b; /* items, of which there are two */
    float score;   /* [-1, 1] */
    enum pair_kind kind;
};
/* The same of n listed pairs instead of all: rows and identities of the items are not looked at, and `size`
 * has their number alone. Of `want` neither k nor max_wrong. */
bool scores_find_listed(struct scores *scores, const struct score_items *items,
                        const struct listed_pair *pair, size_t n, size_t n_bins,
                        const struct scores_want *want, struct err *err);
/* Some pairs of a pass over all are of the other kind than their identities say: their score and the kind
 * they are of, a < b. `want` is that of the pass; neighbours stay as they are. */
void scores_correct(struct scores *scores, const struct score_items *items, const struct scores_want *want,
                    const struct listed_pair *pair, size_t n);
void scores_release(struct scores *scores);

/* Histogram (n_bins) of one cell and kind. Lent. */
const uint64_t *scores_histogram(const struct scores *scores, size_t cell, enum pair_kind kind);

/* The bin of a score in [-1, 1]. */
static inline uint32_t scores_bin(float score, uint32_t n_bins)
{
    float half = 0.5F * (float)n_bins;
    uint32_t bin = (uint32_t)(int32_t)fmaf(score, half, half);
    return bin < n_bins ? bin : n_bins - 1;
}

#endif
