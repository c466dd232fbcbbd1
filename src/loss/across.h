/* SPDX-License-Identifier: MIT
 *
 * Pictures against texts: every row of one table with every row of the other, no pairs within a table. What
 * CLIP and SigLIP share. Two walks of loss/rows.h, one from each side; by rows of a the similarities are
 * x_i.w_j, by rows of b the same numbers transposed, so both gradients are a pull and nothing n x n is kept.
 */
#ifndef NF_LOSS_ACROSS_H
#define NF_LOSS_ACROSS_H

#include "loss/loss.h"
#include "loss/rows.h"

/* One side's view of the n x n similarities. */
struct side {
    const struct across *across;
    real *u, *norm, *g;        /* (n, d) unit rows, (n) lengths, (n, d) dL/du */
    real *center, *share;      /* (n) the loss's own: log of a row's sum as a similarity, 1 / its positives */
    double *row_loss;          /* (n) */
    double *row_weight;        /* (n) how strongly its positives pull */
    double *others, *n_others; /* (n) similarities of what does not belong together: sum, number */
    double *slope_t, *slope_b; /* (n) its derivatives by t and by the offset */
    bool *hit;                 /* (n) a positive is the nearest */
    struct pairing pairing;
};

struct across {
    size_t n, d;
    const int32_t *labels; /* rows of one label go together; NULL or < 0: each only with its own */
    double scale, offset;  /* logits are scale * s + offset */
    struct side side[2];   /* a against b, b against a */
};

void across_take(struct across *across, struct arena *arena, size_t n, size_t d);
/* Unit rows of both tables, into rows_zero too. */
void across_open(struct across *across, struct loss_io *io, struct pool *pool);

/* Do row i and row j of the other table belong together? */
static inline bool across_match(const struct across *across, size_t i, size_t j)
{
    const int32_t *labels = across->labels;
    return i == j || (labels && labels[i] >= 0 && labels[i] == labels[j]);
}

/* What every loss reads from row i's similarities: hit, others. */
void across_survey(struct side *side, size_t i, const real *s);

/* Means over the rows of the first n_sides sides of what `read` left in row_loss, row_weight, slope_t,
 * slope_b and hit; mean similarities of pairs i, i and of what does not belong together. */
void across_gather(const struct across *across, struct loss_io *io, int n_sides);
/* `weigh` turns a side's row of similarities into dL/ds; sets da, db where wanted. ctx is the side. */
void across_gradients(struct across *across, pairing_row *weigh, struct loss_io *io);

#endif
