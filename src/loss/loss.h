/* SPDX-License-Identifier: MIT
 *
 * An objective: a pure function of matrices, one direction, with its gradient with respect to the raw rows by
 * hand. It normalises inside where the method does. No thread of its own: `pool` cuts rows by size. Formulas,
 * sources and golden numbers: docs/maths.md. One file and one line in losses.def.
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

/* A missing input is NULL; a loss that needs it says so through err. */
struct loss_io {
    size_t n, d;           /* rows, width */
    const real *a, *b;     /* (n, d) raw head outputs of the two views (or pictures and texts) */
    const int32_t *labels; /* (n), < 0: unknown */
    const uint8_t *same;   /* (n): pair i is alike (DrLIM) */
    const real *queue;     /* (n_queue, d) keys, unit rows */
    size_t n_queue;
    const real *center; /* (d) */
    double t, b_offset; /* logit scale (log) and offset where they are learned (CLIP, SigLIP) */
    bool symmetric;     /* both directions, as the method's reference combines them */
    /* outputs */
    real *da, *db; /* (n, d), overwritten; NULL: not wanted. Zero where the loss stops the gradient */
    double grad_t, grad_b;
    double loss;
    size_t rows_used;  /* anchors that entered the mean */
    size_t rows_zero;  /* rows of (near) zero norm: no gradient, counted */
    real *pair_loss;   /* (n) or NULL: loss of each pair (mean of its anchors) */
    real *pair_weight; /* (n) or NULL: how strongly the pair pulls: 1 - softmax probability of its positive */
    size_t pretext_hits; /* anchors whose positive is the nearest; of rows_used */
    double positive_mean,
        negative_mean; /* mean similarity (or -distance) of positives and of negatives; NaN: none */
};

struct loss {
    struct entry entry;
    const char *used_by; /* method names that mean this loss, blank-separated: "simclr" */
    bool (*run)(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch,
                struct err *err);
    /* What run takes from the arena for (n, d, queue). */
    size_t (*scratch_bytes)(size_t n, size_t d, size_t n_queue);
    /* The value when everything has collapsed or nothing is learned (docs/maths.md); NaN where there is none.
     */
    double (*no_learning)(size_t n, size_t d, size_t n_queue, const double *knob);
};

extern const struct axis loss_axis;
const struct loss *loss_at(size_t i);
/* By its own name or by a method's. */
const struct loss *loss_find(const char *name);

#endif
