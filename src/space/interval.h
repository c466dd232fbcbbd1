/* SPDX-License-Identifier: MIT
 *
 * How sure a rate is. Pairs share items and items share identities, so pairs are not the sample: the nominal
 * 95 % of a per-pair interval can cover the truth 17 % of the time (docs/audit.md). Here the variance of a
 * rate is that of the units it stands on, the *design effect* deff is how many times it exceeds that of
 * independent pairs, and the interval is Wilson's with pairs / deff in place of the pairs. Any thread.
 */
#ifndef NF_SPACE_INTERVAL_H
#define NF_SPACE_INTERVAL_H

#include <stddef.h>

struct interval {
    double low, high;
};

/* Wilson's score interval of x of n (neither need be whole), at `z` standard deviations; NaN for n = 0. */
struct interval interval_wilson(double x, double n, double z);
/* Clopper and Pearson's exact one, at 1 - alpha. */
struct interval interval_exact(double x, double n, double alpha);
/* No error in n independent trials: the rate is below this with 95 % confidence, 1 - 0.05^(1/n) (about 3/n).
 */
double interval_zero_bound(double n);

/* Design effects of a rate p of `pairs`. deviation[i] = (errors of i) - p (pairs of i), over both ends of a
 * pair; S1 = pairs p (1 - p), S2 = sum of squares. At least 1; 1 where p is 0 or 1. */
/* Items are the units: max(1, S2 / S1 - 1). */
double deff_items(const double *deviation, size_t n, double p, double pairs);
/* Identities are: the sum over an identity's items is one deviation; S2 / S1, slightly conservative. For
 * genuine pairs, which lie inside an identity, each pair is counted once. */
double deff_clustered(const double *deviation, size_t n_units, double p, double pairs);

/* A rate with what its interval needs. */
struct sure_rate {
    double x, n, deff; /* errors, pairs */
};
/* Of p1 / p2, independent: ln r +- z sqrt(deff1 (1 - p1) / x1 + deff2 (1 - p2) / x2). NaN where an x is 0. */
struct interval interval_ratio(struct sure_rate a, struct sure_rate b, double z);
/* The variance of ln p in it. */
double log_rate_variance(struct sure_rate rate);

/* Two-sided z of the widest of `n` comparisons at 95 % together (Sidak). */
double interval_z_of(size_t n);

/* Multiple p-values p (n), adjusted in place. Holm (1979): the chance of a single false claim among them
 * stays below the level. */
void adjust_holm(double *p, size_t n);
/* Benjamini and Hochberg (1995): of a list of what is below the level, so large a share is false on average;
 * for lists that say where to look, not for claims. */
void adjust_bh(double *p, size_t n);

/* A query against n others at this FMR meets at least one false match (independent): 1 - (1 - FMR)^n. */
double false_match_in(double fmr, double n);

#endif
