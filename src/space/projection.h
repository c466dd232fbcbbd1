/* SPDX-License-Identifier: MIT
 *
 * An embedding matrix onto a plane: linear, centred, equal aspect. Class axes are the principal components of
 * the class means (fitted on training items, drawn for held-out ones); plain axes are those of the items
 * themselves. Rows need not be normalised: every function here scales them to unit length first,
 * so that map and nearest neighbours speak of the same space; rows without direction are left out of a fit
 * and of shares; those of zeros land where the origin does, those that are not finite nowhere (NaN). Each
 * axis is signed so that its largest loading is positive; the caller may align the result to the map before
 * (linalg_procrustes).
 */
#ifndef NF_SPACE_PROJECTION_H
#define NF_SPACE_PROJECTION_H

#include "base/parallel.h"

#include <stddef.h>
#include <stdint.h>

struct projection {
    size_t d, n_axes;
    double *mean;     /* (d) subtracted first */
    double *axis;     /* (n_axes, d) orthonormal rows */
    double *variance; /* (n_axes) share of the total variance of the fitted rows along each axis */
};

/* Principal axes of rows (n, d): min(n_axes, d) of them, always orthonormal, whatever the rows. A fit is
 * false only when cancelled (progress may be NULL): then nothing is held. */
bool projection_fit_pca(struct projection *p, const float *rows, size_t n, size_t d, size_t n_axes,
                        struct progress *progress);

/* What class axes are fitted on: code (n) below n_classes, others (UINT32_MAX: blank) are left out. */
struct classes {
    const uint32_t *code;
    size_t n_classes;
};
/* Principal axes of the means of the rows' classes (each class counts once), completed by the plain ones of
 * what they leave where there are too few classes. */
bool projection_fit_classes(struct projection *p, const float *rows, const struct classes *classes, size_t n,
                            size_t d, size_t n_axes, struct progress *progress);
void projection_release(struct projection *p);

/* Coordinates of rows (n, d) on one axis; cancelled, of some of them. */
void projection_apply(const struct projection *p, size_t axis, const float *rows, size_t n, float *out,
                      struct progress *progress);
/* Share of the total variance of rows (n, d) on these two axes; cancelled it means nothing. */
double projection_share(const struct projection *p, const int axes[2], const float *rows, size_t n,
                        struct progress *progress);

#endif
