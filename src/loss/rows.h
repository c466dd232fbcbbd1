/* SPDX-License-Identifier: MIT
 *
 * What losses share. Nearly every one of them is: rows of unit length, their similarities, a weight for each
 * pair, and a product of weights and rows. `struct pairing` is that walk: similarities of x's rows with y's
 * are made a block of rows at a time and never kept, so memory grows with n, not n^2. A first pass
 * (pairing_read) reads each row of similarities and keeps what the loss needs of it (a log-sum-exp, a count);
 * a second (pairing_pull) makes them again, turns each row into weights dL/ds, and multiplies with y. In the
 * square case (x = y) a row's weights are those of G + G^T, which the kept numbers of both rows give without
 * a transpose.
 *
 * Blocks have a fixed size and a fixed lane each, so the bits do not depend on the number of threads.
 */
#ifndef NF_LOSS_ROWS_H
#define NF_LOSS_ROWS_H

#include "base/arena.h"
#include "base/parallel.h"
#include "math/blas.h"

#include <stdbool.h>
#include <stddef.h>

/* Rows shorter than this have no direction: no gradient flows through them. */
#define ROWS_NORM_MIN 1e-6
/* Similarities that are less apart are a tie: products of equal rows, added up in another order, are not the
 * same bits. */
#define ROWS_TIE 2e-6

double rows_dot(const real *a, const real *b, size_t d); /* in double, in index order */

/* u[i] = z[i] / max(|z[i]|, ROWS_NORM_MIN) (n, d); norm[i] = |z[i]|. Returns how many are below the minimum.
 */
size_t rows_normalise(const real *z, size_t n, size_t d, real *u, real *norm);
/* dz = (g - (g.u) u) / |z| for g = dL/du; zero for rows below the minimum. dz may be g. */
void rows_normalise_backward(const real *u, const real *norm, const real *g, size_t n, size_t d, real *dz);

enum { PAIRING_LANES = 8 }; /* pieces the blocks are dealt to, whatever the number of threads */

struct pairing {
    size_t n_x, n_y, d;
    const real *x, *y; /* (n_x, d), (n_y, d) */
    struct pool *pool;
    real *lanes; /* from pairing_take */
};

/* The working memory for these sizes; NULL in a dry pass. */
real *pairing_take(struct arena *arena, size_t n_x, size_t n_y);

/* `s` (n_y) holds the similarities of x's row i with every row of y. Called once for each i, in any order, on
 * any thread; it may write over s. */
typedef void pairing_row(void *ctx, size_t i, real *s);

void pairing_read(const struct pairing *pairing, pairing_row *read, void *ctx);
/* `weigh` turns s into dL/ds; g (n_x, d) = weights * y. */
void pairing_pull(const struct pairing *pairing, pairing_row *weigh, void *ctx, real *g);

/* For weights that only row i itself can tell, such as which row was its hardest: in the square case (x = y)
 * g = (weights + weights^T) x in one walk. `sums` is from pairing_push_take. */
void pairing_push(const struct pairing *pairing, pairing_row *weigh, void *ctx, real *sums, real *g);
real *pairing_push_take(struct arena *arena, size_t n, size_t d);
/* Which of the PAIRING_LANES row i is worked in: rows of one lane come one after the other. */
size_t pairing_lane(size_t i);

/* Leaves entry i out of the n of s (the last takes its place) and returns n - 1: a mask that is removed, not
 * subtracted. */
size_t rows_drop(real *s, size_t n, size_t i);
static inline bool rows_nearer(real s, real than)
{
    return s - than > (real)ROWS_TIE;
}
real rows_max(const real *s, size_t n); /* -INFINITY for none; NaNs are passed over */
double rows_sum(const real *s, size_t n);
/* Sum of e^((s - from) * scale). */
double rows_sum_exp(const real *s, size_t n, real from, real scale);

#endif
