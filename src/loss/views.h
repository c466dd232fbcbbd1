/* SPDX-License-Identifier: MIT
 *
 * Both views of a batch as one table of 2n rows, the first view on top, every row an anchor among all others:
 * what NT-Xent, SupCon, the debiased and the decoupled loss share. A loss brings two functions of a row of
 * similarities: one that reads it into row_loss and numbers of its own, one that turns it into weights.
 */
#ifndef NF_LOSS_VIEWS_H
#define NF_LOSS_VIEWS_H

#include "loss/loss.h"
#include "loss/rows.h"

struct views {
    size_t n, rows, d;  /* pairs; rows: 2n, or n where there is one table only */
    real *u, *g, *norm; /* (rows, d) unit rows, (rows, d) dL/du, (rows) lengths */
    double *row_loss;   /* (rows), set by reading */
    real *positive;     /* (rows) similarity with the positive (the mean of several), set by reading */
    double *row_weight; /* (rows) how strongly its positives pull (loss_io.pair_weight), set by reading */
    bool *hit;          /* (rows) a positive is nearer than anything else, set by reading */
    bool *used;         /* (rows) true; reading sets it to false where a row is no anchor */
    struct pairing pairing;
};

/* Sized for two tables. */
void views_take(struct views *views, struct arena *arena, size_t n, size_t d);
/* Unit rows of a, and of b unless it is NULL. */
void views_open(struct views *views, struct loss_io *io, struct pool *pool);

/* The row of the other view; the row itself where there is one table. */
size_t views_partner(const struct views *views, size_t i);

/* Is row j a positive of row i: another view of its picture, or of its class? labels (n), < 0: unknown. */
static inline bool views_positive(const struct views *views, const int32_t *labels, size_t i, size_t j)
{
    size_t n = views->n, one = i < n ? i : i - n, other = j < n ? j : j - n;
    return i != j && (one == other || (labels[one] >= 0 && labels[one] == labels[other]));
}

/* Mean similarities of the two views of a picture, and of rows of different pictures (one picture: not a
 * number). */
double views_mean_positive(const struct views *views);
double views_mean_negative(const struct views *views);

/* From what reading left: the mean over the rows that are used, pairs, hits, mean similarities. */
void views_gather(const struct views *views, struct loss_io *io);
/* g = dL/du to da and db where wanted; zero for a table that is not in the rows. */
void views_backward(const struct views *views, struct loss_io *io);
/* `weigh` turns a row of similarities into a row of G + G^T, G = dL/ds; then da, db where wanted. */
void views_gradients(struct views *views, pairing_row *weigh, void *ctx, struct loss_io *io);

#endif
