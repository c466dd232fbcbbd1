/* SPDX-License-Identifier: MIT
 *
 * Features instead of rows: what the losses without negatives look at. Sums run over rows in order, in
 * double.
 */
#ifndef NF_LOSS_COLUMNS_H
#define NF_LOSS_COLUMNS_H

#include "math/blas.h"

#include <stddef.h>

/* mean (d) and variance (d, divided by n) of each column of z (n, d). */
void columns_moments(const real *z, size_t n, size_t d, double *mean, double *variance);
/* out = (z - mean) * scale, column by column; scale NULL: 1. */
void columns_standardise(const real *z, size_t n, size_t d, const double *mean, const double *scale,
                         real *out);

#endif
