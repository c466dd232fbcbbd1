/* SPDX-License-Identifier: MIT
 *
 * Small dense linear algebra in double, exact enough to be an oracle and the same on every run: symmetric
 * eigenproblems (cyclic Jacobi), singular values of tall matrices through them, orthogonal Procrustes in the
 * plane. One thread; no BLAS.
 */
#ifndef NF_MATH_LINALG_H
#define NF_MATH_LINALG_H

#include <stddef.h>

/* Symmetric (n, n) a is destroyed; values (n) descending; vectors (n, n), column j belongs to value j, signed
 * so that its entry of largest absolute value is positive (the first such). */
void linalg_eigen(double *a, size_t n, double *values, double *vectors);

/* means (d) and covariance (d, d), divided by n - 1, of float rows (n, d); centred in double. */
void linalg_covariance(const float *rows, size_t n, size_t d, double *means, double *covariance);

/* Singular values (min(n, d), descending) of float rows (n, d), centred first if asked. */
void linalg_singular_values(const float *rows, size_t n, size_t d, int centred, double *values);

/* The rotation or reflection r (2, 2) that brings (x, y) nearest to (tx, ty) in least squares: orthogonal
 * Procrustes (Schoenemann 1966). n points; identity if there are none. */
void linalg_procrustes(const float *x, const float *y, const float *tx, const float *ty, size_t n,
                       double r[4]);

#endif
