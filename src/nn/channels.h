/* SPDX-License-Identifier: MIT
 *
 * What normalisations share: loops over (points, channels) matrices with sums kept for each channel. Any
 * thread; memory is the caller's.
 */
#ifndef NF_NN_CHANNELS_H
#define NF_NN_CHANNELS_H

#include "math/blas.h"

#include <stddef.h>

#define CHANNELS_EPSILON 1e-5 /* added to the variance */

/* A normalised matrix: groups of channels / groups neighbours share mean and rstd (both (groups)). */
struct channels_norm {
    size_t points, channels, groups;
    const real *mean, *rstd;
    const real *gamma; /* (channels) */
};

/* Mean and 1/sqrt(variance + CHANNELS_EPSILON) of each group over all points. room: (2, channels). */
void channels_moments(size_t points, size_t channels, size_t groups, const real *x, real *room, real *mean,
                      real *rstd);

/* y = scale x + shift for given statistics; scale_shift: (2, channels), written. */
void channels_affine(const struct channels_norm *norm, const real *beta, real *scale_shift);
void channels_apply(size_t points, size_t channels, const real *restrict scale_shift, const real *restrict x,
                    real *restrict y);

/* sums (3, channels): sum of dy, and of dy xhat: the gradients of beta and gamma; the third is room. */
void channels_gradient_sums(const struct channels_norm *norm, const real *x, const real *dy, real *sums);
/* dx = a dy + b x + c for each channel; coefficients: (3, channels). dx may be dy. */
void channels_gradient_coefficients(const struct channels_norm *norm, const real *sums, real *coefficients);
void channels_gradient(const struct channels_norm *norm, const real *restrict coefficients,
                       const real *restrict x, const real *dy, real *dx);

/* to += from */
void add_reals(real *restrict to, const real *restrict from, size_t n);

#endif
