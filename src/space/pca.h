/* SPDX-License-Identifier: MIT
 *
 * Principal components of rows as they are (space/projection.h scales them to unit length first): centred, by
 * the covariance, which is summed in blocks of fixed size so that any number of threads gives the same bytes.
 * Rows that are not finite are left out of the fit. Where rows are fewer than columns it goes by their inner
 * products instead (space/pca_gram.h). Time n d min(n, d) + min(n, d)^3. Any thread.
 */
#ifndef NF_SPACE_PCA_H
#define NF_SPACE_PCA_H

#include "base/parallel.h"

struct pca {
    size_t d, n_axes, n_fitted;
    double *mean;     /* (d) */
    double *axis;     /* (n_axes, d) orthonormal, signed so that the loading of largest size is positive */
    double *variance; /* (n_axes) along each axis, divided by n - 1; descending */
    double total;     /* variance of all columns */
};

enum { PCA_WIDEST = 16384 }; /* of the smaller side: in the hour, and in the memory pca_bytes says */
/* What a fit takes at its most, besides the rows. */
double pca_bytes(size_t n, size_t d, size_t n_axes);

/* How many parts of progress a fit is: the covariance, its axes. */
unsigned pca_parts(size_t n, size_t d);
/* min(n_axes, d) axes of rows (n, d). False only when cancelled: then nothing is held. `progress` may be
 * NULL. Owned: pca_release. */
bool pca_fit(struct pca *pca, const float *rows, size_t n, size_t d, size_t n_axes, struct pool *pool,
             struct progress *progress);
void pca_release(struct pca *pca);

/* Coordinates (n, n_axes) of rows (n, d); NaN where a row is not finite. Cancelled, of some of them. */
void pca_apply(const struct pca *pca, const float *rows, size_t n, float *out, struct pool *pool,
               struct progress *progress);

#endif
