/* SPDX-License-Identifier: MIT
 *
 * One number for the rates of several groups. NaN where undefined (no rate, or a division by a rate of zero):
 * never 0, 1 or a large number in its place. Rates that are NaN are left out. Differences go blind where
 * rates are small, so a ratio stands beside each. Any thread.
 */
#ifndef NF_SPACE_DISPARITY_H
#define NF_SPACE_DISPARITY_H

#include <stddef.h>
#include <stdint.h>

/* Indices of the highest and lowest; n where there is none. */
size_t rates_worst(const double *rate, size_t n);
size_t rates_best(const double *rate, size_t n);

double rates_difference(const double *rate, size_t n); /* max - min */
double rates_ratio(const double *rate, size_t n);      /* max / min */
/* max / geometric mean (NIST's summary of false match rates). */
double rates_max_gm(const double *rate, size_t n);
/* The same where a rate of zero errors of `trials` counts, in the mean only, as its 95 % upper bound. */
double rates_max_gm_zero_safe(const double *rate, const double *trials, size_t n);
/* Gini coefficient with the small-sample factor n / (n - 1), so that it reaches 1. */
double rates_gini(const double *rate, size_t n);

/* Of false match rates a and false non-match rates b, weighted alpha and 1 - alpha. */
double rates_garbe(const double *a, const double *b, size_t n, double alpha); /* of Gini; lower is fairer */
/* Fairness Discrepancy Rate (Pereira and Marcel 2020): 1 - weighted differences; higher is fairer. Blind to
 * scale. */
double rates_fairness_discrepancy(const double *a, const double *b, size_t n, double alpha);
/* Inequity Rate (Grother 2021): ratio_a^alpha ratio_b^(1 - alpha). */
double rates_inequity(const double *a, const double *b, size_t n, double alpha);

/* What worst / best would be by chance if all rates were equal: quantile q of the ratio of Poisson counts
 * with these expectations per group, each divided by its own (a count below a half counts as a half). Of so
 * many draws; fixed by seed. */
enum { NULL_DRAWS = 4000, NULL_DRAWS_QUICK = 1000 };
double ratio_null(const double *expected, size_t n, double q, size_t n_draws, uint64_t seed);

#endif
