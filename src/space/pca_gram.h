/* SPDX-License-Identifier: MIT
 *
 * Principal axes where there are fewer rows than columns: of centred rows X (n, d) the products X X' (n, n)
 * have the eigenvalues of X' X, and an eigenvector u of theirs gives the axis X' u. So what takes d^2 numbers
 * takes n^2, and pictures of any size can be projected. Exact; of one part of progress more than the
 * covariance. Any thread; part of pca.c.
 */
#ifndef NF_SPACE_PCA_GRAM_H
#define NF_SPACE_PCA_GRAM_H

#include "math/blas.h"
#include "space/pca.h"

/* Fills axis, variance and total of `pca` (d, n_axes, n_fitted are there) from centred x (n, d); rows left
 * out are zeros. Axes beyond the rank are unit vectors at right angles to all before, of no variance. False
 * only when cancelled. */
bool pca_gram_axes(struct pca *pca, const real *x, size_t n, struct pool *pool, struct progress *progress);

#endif
