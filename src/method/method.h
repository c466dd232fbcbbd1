/* SPDX-License-Identifier: MIT
 *
 * A method: what happens between the trunk's h and the loss, and after the step. Heads, predictor, target
 * network, queue, centre are named tensors in params, so optimiser, EMA, checkpoint and resume handle them
 * without knowing the method. One file and one line in methods.def. All calls come from the learner, between
 * phases, on one thread; the pool is there for work inside a call.
 *
 * Order in a step: trunk forward online -> method forward (heads) -> [EMA update, trunk forward target, no
 * gradient]
 * -> loss -> backward -> trunk backward -> optimiser -> after_step (queue, centre).
 */
#ifndef NF_METHOD_METHOD_H
#define NF_METHOD_METHOD_H

#include "augment/augment.h"
#include "base/arena.h"
#include "loss/loss.h"
#include "nn/net.h"

enum { METHOD_MAX_KNOBS = 12, METHOD_MAX_HEADS = 4 };

/* A method at work. Owned by the learner. */
struct method_run {
    const struct method *method;   /* lent: static */
    double knob[METHOD_MAX_KNOBS]; /* in the order of method->entry.knobs; may change between steps */
    struct params *params;         /* lent */
    size_t dim_h, dim_z;           /* dim_z set by setup */
    struct net head[METHOD_MAX_HEADS];
    size_t head_tensor[METHOD_MAX_HEADS][2]; /* each head's tensors in params: first, one past the last */
    size_t n_heads;
    void *detail; /* the method's own; owned, released by method->release */
};

/* The batch as the learner gives it and takes it back. n pairs; rows are in the order of `item`. */
struct method_batch {
    size_t n;
    uint64_t seed, step;
    const uint32_t *item;    /* (n) dataset rows */
    const int32_t *label;    /* (n) or NULL */
    const real *h[2];        /* (n, dim_h) of each view, online trunk */
    const real *target_h[2]; /* the same through the target trunk, or NULL */
    real *dh[2];             /* (n, dim_h), written by backward */
    const real *z[2];        /* (n, dim_z), set by forward: lies in the method's memory until the next step */
    struct loss_io result;   /* set by loss; pair_loss and pair_weight point to (n) */
    struct pool *pool;
    struct arena *arena; /* reset by the learner before forward; sized by scratch_bytes */
};

/* One thing a method shows of itself. */
enum readout_kind { READOUT_SCALAR, READOUT_VECTOR, READOUT_MATRIX, READOUT_HISTOGRAM };
struct readout {
    char name[40], unit[16];
    enum readout_kind kind;
    int rows, columns;  /* of value; 1 x 1 for a scalar */
    double guide;       /* a line to compare with; NaN: none */
    const float *value; /* (rows, columns) lent until the next step */
};

struct method {
    struct entry entry; /* knobs: tau, ... */
    const char *loss;   /* name in losses.def: for its no-learning line */
    const char *head;   /* default projection head as a net's text, %d stands for dim_h */
    const char *paper;  /* "Chen et al. 2020, arXiv:2002.05709" */
    bool target_trunk;  /* wants target_h: the learner keeps "target.trunk.*" by EMA */
    bool (*setup)(struct method_run *run, const char *head, struct err *err);
    void (*release)(struct method_run *run);
    size_t (*scratch_bytes)(const struct method_run *run, size_t n);
    void (*forward)(struct method_run *run, struct method_batch *batch);
    bool (*loss_of)(struct method_run *run, struct method_batch *batch, struct err *err);
    void (*backward)(struct method_run *run, struct method_batch *batch);
    void (*after_step)(struct method_run *run, struct method_batch *batch);            /* NULL: nothing */
    size_t (*readouts)(const struct method_run *run, struct readout *out, size_t max); /* NULL: none */
    /* h (n, dim_h) to z (n, dim_z) with the online heads in evaluation mode, for measures and `embed --space
     * z`. */
    void (*project)(const struct method_run *run, size_t n, const real *h, real *z, struct arena *arena);
};

extern const struct axis method_axis;
const struct method *method_at(size_t i);

#endif
