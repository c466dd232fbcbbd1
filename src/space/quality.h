/* SPDX-License-Identifier: MIT
 *
 * What an embedding matrix is like, whatever was learned: the diagnostics of docs/maths.md. Float rows (n,
 * d), not normalised; rows that have no direction (zero or not finite) are left out. NaN where too few are
 * left. Any thread. Where `progress` (may be NULL) is cancelled, a number means nothing.
 */
#ifndef NF_SPACE_QUALITY_H
#define NF_SPACE_QUALITY_H

#include "base/parallel.h"

#include <stddef.h>

/* Mean |u_a - u_b|^2 of unit rows (Wang & Isola 2020, alpha 2). */
double quality_alignment(const float *a, const float *b, size_t n, size_t d);
/* log mean_{i<j} e^(-t |u_i - u_j|^2) of unit rows; t 2 in the same paper. */
double quality_uniformity(const float *rows, size_t n, size_t d, double t, struct progress *progress);
/* e to the entropy of the singular values' shares of the centred rows (Roy & Vetterli 2007); 1e-7 is added to
 * each share as RankMe does (Garrido et al. 2023). All rows in one point: 1. */
double quality_effective_rank(const float *rows, size_t n, size_t d, struct progress *progress);
/* sqrt(d) times the mean over columns of the unbiased standard deviation of unit rows: 1 spread, 0 collapsed.
 */
double quality_std(const float *rows, size_t n, size_t d);

#endif
