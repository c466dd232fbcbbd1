/* SPDX-License-Identifier: MIT
 *
 * An objective: a pure function of matrices, one direction, with its gradient with respect to the raw rows by
 * hand. It normalises inside where the method does. No thread of its own: `pool` cuts rows by size. Formulas,
 * sources and golden numbers: docs/maths.md. One file and one line in losses.def; variants of one objective
 * that go by a name of their own share a file and have a line each.
 */
#ifndef NF_LOSS_LOSS_H
#define NF_LOSS_LOSS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/parallel.h"
#include "base/registry.h"
#include "math/blas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOSS_PARTS = 3 };

/* A missing input is NULL; loss_run refuses where the loss needs it. */
struct loss_io {
    size_t n, d;           /* rows, width */
    const real *a, *b;     /* (n, d) raw head outputs of the two views (or pictures and texts) */
    const int32_t *labels; /* (n), < 0: unknown */
    const uint8_t *same;   /* (n): pair i is alike (DrLIM) */
    const real *queue;     /* (n_queue, d) keys, unit rows; none: NULL and 0 */
    size_t n_queue;
    const real *center; /* (d) taken off the target (DINO); NULL: nothing is */
    bool symmetric;     /* both directions, as the method's reference combines them */
    /* outputs */
    real *da, *db;         /* (n, d), overwritten; NULL: not wanted. Zero where the loss stops the gradient */
    double grad_t, grad_b; /* of the knobs t (logit scale, log) and b (offset) where they are learned */
    double loss;
    double part[LOSS_PARTS]; /* what the loss is the sum of, named by loss->part; NaN: none */
    size_t rows_used;        /* terms of the mean: anchors, pairs, or (anchor, positive) pairs */
    size_t rows_active;      /* of them, those that negatives act on: not clamped, inside the margin */
    size_t rows_zero;        /* rows of (near) zero norm: no gradient, counted */
    real *pair_loss;         /* (n) or NULL: loss of each pair (mean of its anchors; both directions as the
                                loss takes them). Set to NULL by a loss that has none */
    real *pair_weight;       /* (n) or NULL: how strongly the pair pulls, mean of its anchors: minus the
                                derivative of an anchor's loss by the similarity of its positives (moved
                                together), times the temperature; of a softmax 1 - their probability. Set to
                                NULL by a loss that has none */
    real *matrix;            /* (d, d) or NULL: how features of the views go together (barlow) */
    double pretext_hits;     /* anchors whose positive is the nearest; of rows_used. NaN: no others seen */
    double positive_mean,
        negative_mean; /* mean similarity (or -distance) of positives and of negatives; NaN: none */
};

/* What a loss cannot do without, besides a. */
enum loss_needs { LOSS_NEEDS_B = 1, LOSS_NEEDS_LABELS = 2, LOSS_NEEDS_SAME = 4 };

struct loss {
    struct entry entry;
    const char *used_by; /* other names that mean this loss, blank-separated: its methods, "simclr"; or
                            NULL */
    const char *also[2]; /* {"margin", "alpha"}: another name in use for a knob, and the knob's; or NULL */
    unsigned needs;      /* enum loss_needs */
    bool target_b;       /* b is a target: no gradient flows to it but in the other direction */
    const char *part[LOSS_PARTS];
    struct {
        double least, most;
    } healthy[LOSS_PARTS]; /* of a part, in shares of no_learning; 0 and 0: it says nothing of collapse */
    const char *active;    /* what rows_active is the number of: "active triplets"; NULL: all act */
    /* Through loss_run, which has checked what is needed and cleared the outputs. */
    void (*run)(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch);
    /* The value when everything has collapsed or nothing is learned (docs/maths.md), from the sizes of io and
     * whether there is a b; NaN where there is none. */
    double (*no_learning)(const struct loss_io *io, const double *knob);
};

/* False and err when the tables are empty or one that is needed is missing. */
bool loss_run(const struct loss *loss, struct loss_io *io, const double *knob, struct pool *pool,
              struct arena *scratch, struct err *err);

/* The second direction of a loss into the first: `share` times the sum of both (1/2: their mean), parts and
 * knobs' gradients too. Gradients of the tables are the caller's. */
void loss_merge(const struct loss_io *second, double share, struct loss_io *both);

extern const struct axis loss_axis;
const struct loss *loss_at(size_t i);
/* By its own name or by a method's. */
const struct loss *loss_find(const char *name);
/* A knob of the loss by its name, or the other name it has; NULL: none. */
const struct knob *loss_knob(const struct loss *loss, const char *name);

#endif
