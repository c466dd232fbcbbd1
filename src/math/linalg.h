/* SPDX-License-Identifier: MIT
 *
 * Small dense linear algebra in double, exact enough to be an oracle and the same on every run: symmetric
 * eigenproblems (Householder's tridiagonal form, then QL with implicit shifts: Martin & Wilkinson 1968,
 * Dubrulle 1970), singular values through them, orthogonal Procrustes in the plane. One thread; no BLAS. 64
 * wide takes a millisecond, 1,000 wide a second.
 */
#ifndef NF_MATH_LINALG_H
#define NF_MATH_LINALG_H

#include "base/parallel.h"

#include <stdbool.h>
#include <stddef.h>

/* Symmetric (n, n) a is destroyed; values (n) descending; vectors (n, n), column j belongs to value j, signed
 * so that its entry of largest absolute value is positive (the first such); NULL: not wanted. What is not
 * finite gives NaN values. The watched one is a part of `progress` (may be NULL); false only when cancelled:
 * then nothing is in either. */
void linalg_eigen(double *a, size_t n, double *values, double *vectors);
bool linalg_eigen_watched(double *a, size_t n, double *values, double *vectors, struct progress *progress);

/* Singular values (min(n, d), descending) of float rows (n, d), centred in double; from the eigenvalues of
 * the smaller Gram matrix, so those below 1e-8 of the largest are noise. Cancelled (`progress` may be NULL)
 * they mean nothing. */
void linalg_singular_values(const float *rows, size_t n, size_t d, double *values, struct progress *progress);

/* The rotation or reflection r (2, 2) that brings (x, y) nearest to (tx, ty) in least squares: orthogonal
 * Procrustes (Schoenemann 1966). n points, taken as centred; those that are not finite are passed over;
 * identity if nothing tells a direction. Apply as (r[0] x + r[1] y, r[2] x + r[3] y). */
void linalg_procrustes(const float *x, const float *y, const float *tx, const float *ty, size_t n,
                       double r[4]);

#endif
