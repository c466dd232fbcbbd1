/* SPDX-License-Identifier: MIT
 *
 * What a threshold does, looked up in the counts of a score pass: no question costs a second look at the
 * pairs. A pair matches iff its bin is at or above the threshold's. Thresholds are bins 0..B: 0 accepts
 * everything, B rejects everything (the candidate "infinity"). FMR, false match rate: matches among the
 * impostor pairs; FNMR, false non-match rate: misses among the genuine ones (ISO/IEC 19795-1). Rates are NaN
 * where there are no pairs: undefined, not zero. Any thread.
 */
#ifndef NF_SPACE_THRESHOLD_H
#define NF_SPACE_THRESHOLD_H

#include "space/scores.h"

/* Pairs of some cells, counted from the top. Owned: match_table_release. */
struct match_table {
    uint32_t n_bins;
    uint64_t *above[N_PAIR_KINDS]; /* (n_bins + 1) pairs of that kind with bin >= b; [0] all, [n_bins] none */
    struct score_sums sums[N_PAIR_KINDS];
};

/* Which pairs count as those of a group, for its FMR: both items in it (NIST's same-demographic impostors),
 * at least one in it, or ordered pairs whose first item is in it (what a 1:N query sees). Genuine pairs are
 * always those within. */
enum fmr_convention { FMR_WITHIN, FMR_INVOLVING, FMR_QUERY };

void match_table_all(struct match_table *table, const struct scores *scores);
void match_table_group(struct match_table *table, const struct scores *scores, size_t group,
                       enum fmr_convention convention);
void match_table_release(struct match_table *table);

/* ---- thresholds as numbers ---- */

/* The bin of a threshold: n_bins above 1 or for NaN, 0 at or below -1. */
uint32_t threshold_bin(double threshold, uint32_t n_bins);
/* The smallest threshold of a bin, its lower edge; of n_bins: infinity. */
double threshold_of_bin(uint32_t bin, uint32_t n_bins);

/* ---- what happens at a threshold ---- */

/* Counts first: rates are made when they are shown. */
struct matches {
    uint64_t n[N_PAIR_KINDS];       /* pairs */
    uint64_t matched[N_PAIR_KINDS]; /* of them at or above the threshold */
};

struct matches matches_at(const struct match_table *table, uint32_t bin);
double matches_fmr(struct matches m);
double matches_fnmr(struct matches m);
double matches_precision(struct matches m); /* genuine among the matched */
double matches_recall(struct matches m);    /* 1 - FNMR */
double matches_f1(struct matches m);        /* harmonic mean of the two */
double matches_rate(struct matches m);      /* matched among all */

/* Genuine among the pairs of bins low to high - 1: what a score there means. NaN where there are none. `n`
 * (may be NULL): the pairs. */
double match_genuine_share(const struct match_table *table, uint32_t low, uint32_t high, uint64_t *n);

/* Edges of bands, from 0 to n_bins, that hold about a tenth of the genuine pairs each; tied: equal edges. */
enum { MATCH_BANDS = 10 };
void match_bands(const struct match_table *table, uint32_t edge[MATCH_BANDS + 1]);

/* ---- thresholds that do something; candidates are bins that hold a pair, and n_bins ---- */

/* The smallest candidate whose FMR is at most f (so that the realised rate never exceeds it). */
uint32_t threshold_at_fmr(const struct match_table *table, double f);
/* The largest candidate whose FNMR is at most f. */
uint32_t threshold_at_fnmr(const struct match_table *table, double f);
/* The lowest threshold, candidate or not, at which no larger share of all pairs matches. */
uint32_t threshold_at_rate(const struct match_table *table, double rate);
/* Where FMR and FNMR differ least; of several the one of the smallest sum, then the lowest. The equal error
 * rate is reported as their mean and the interval between them (FVC2000). */
uint32_t threshold_at_eer(const struct match_table *table);
/* The candidate of least weight * FMR + (1 - weight) * FNMR; the lowest of several. */
uint32_t threshold_at_cost(const struct match_table *table, double weight);

/* Expected performance curve (Bengio, Mariethoz and Keller 2005): for weights evenly from 0 to 1 the
 * threshold of least weight * FMR + (1 - weight) * FNMR on `dev`, what it costs on `eval`, and the least it
 * could have. */
struct epc_point {
    double weight;
    uint32_t bin;
    double fmr, fnmr, cost, least; /* on eval */
};
void match_epc(const struct match_table *dev, const struct match_table *eval, struct epc_point *point,
               size_t n);

/* ---- without a threshold ---- */

/* P(genuine > impostor) + P(equal) / 2, pairs of one bin counted as equal (Mann-Whitney). */
double match_auc(const struct match_table *table);
struct score_spread {
    double mean, deviation; /* population */
};
struct score_spread match_spread(const struct match_table *table, enum pair_kind kind);
/* d' = |mean_g - mean_i| / sqrt((var_g + var_i) / 2), of the scores themselves, not of bins. Infinite where
 * both do not vary and differ; NaN where they do not differ either. */
double match_dprime(const struct match_table *table);

/* ---- curves ---- */

struct curve_point {
    double x, y;
    uint32_t bin;
};
/* ROC: (FMR, 1 - FNMR) from (0, 0) at n_bins to (1, 1); a point where a count changes. Returns how many
 * points there are, and fills the first `max` of them. */
size_t match_roc(const struct match_table *table, struct curve_point *point, size_t max);
/* DET: probit of (FMR, FNMR), each rate kept within [1 / 2n, 1 - 1 / 2n] of its n pairs (Martin et al. 1997).
 */
size_t match_det(const struct match_table *table, struct curve_point *point, size_t max);
double match_probit(double rate); /* where a rate in (0, 1) stands on its axes */

#endif
