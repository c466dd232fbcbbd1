/* SPDX-License-Identifier: MIT
 *
 * A method: what happens between the trunk's h and the loss, and after the step. Heads, predictor, target
 * network, queue, centre are named tensors in params, so optimiser, EMA, checkpoint and resume handle them
 * without knowing the method. One file and one line in methods.def. All calls come from the learner, between
 * phases, on one thread; the pool is there for work inside a call.
 *
 * Order in a step: trunk forward online -> the target network follows (EMA) -> trunk forward target, no
 * gradient -> flow->forward (heads) -> flow->loss_of -> flow->backward -> trunk backward -> optimiser ->
 * after_step (queue, centre).
 *
 * Most methods compare two views of a picture and are data and a few hooks: their flow is two_views
 * (method/two_views.h). A method that is different in kind brings a flow of its own.
 */
#ifndef NF_METHOD_METHOD_H
#define NF_METHOD_METHOD_H

#include "augment/augment.h"
#include "base/arena.h"
#include "base/contrast.h"
#include "base/readout.h"
#include "loss/loss.h"
#include "nn/net.h"
#include "nn/text.h"
#include "nn/twin.h"

enum { METHOD_MAX_KNOBS = 16, METHOD_MAX_HEADS = 4, METHOD_MAX_CELLS = 1024 };

/* A method at work. Owned by the learner. */
struct method_run {
    const struct method *method;        /* lent: static */
    double knob[METHOD_MAX_KNOBS];      /* in the order of method->entry.knobs; may change between steps */
    double loss_knob[METHOD_MAX_KNOBS]; /* of the loss at work, in its order: set by method_loss_knobs */
    struct params *params;              /* lent */
    size_t dim_h, dim_z;                /* dim_z set by setup */
    struct net head[METHOD_MAX_HEADS];
    size_t head_tensor[METHOD_MAX_HEADS][2]; /* each head's tensors in params: first, one past the last */
    struct twin head_twin[METHOD_MAX_HEADS]; /* its target network; shift 0: none */
    size_t n_heads;
    size_t n_queue;             /* most keys that the loss sees; 0: none. Set by begin */
    struct twin trunk_twin;     /* set by the learner before setup where method->target */
    const char *const *caption; /* (n_captions) of the training items, lent until `start`; none: NULL */
    size_t n_captions;
    /* Set by the learner before setup where method->hide: the trunk's last grid, and the layers behind it. */
    struct shape grid;
    const struct net *tail;
    void *detail; /* the flow's own; owned, released by flow->release */
    void *own;    /* the method's own; owned, released by method->end */
};

/* The batch as the learner gives it and takes it back. n pairs; rows are in the order of `item`. */
struct method_batch {
    size_t n;
    uint64_t seed, step;
    uint64_t since;             /* the step at which this method began: 0, but after a live switch */
    double done;                /* share of the schedule that lies behind; 0 where it has no end */
    const uint32_t *item;       /* (n) dataset rows */
    const int32_t *label;       /* (n) or NULL */
    const char *const *caption; /* (n) "" where blank; NULL: the data has none */
    const real *h[2];           /* (n, dim_h) of each view, online trunk */
    const real *target_h[2];    /* the same through the target trunk, or NULL */
    real *dh[2];                /* (n, dim_h), written by backward */
    real *target_dh[2];         /* of target_h, where a method of cells lost its stop-gradient; else NULL */
    const real *z[2];      /* (n, dim_z), set by forward: lies in the method's memory until the next step */
    struct loss_io result; /* set by loss; pair_loss and pair_weight point to (n) */
    double no_learning;    /* set by loss: its value when nothing is learned or all has collapsed, or NAN */
    struct pool *pool;
    struct arena *arena; /* reset by the learner before forward */
};

/* How h becomes a loss and a gradient. */
struct method_flow {
    /* Adds heads (and their targets) to run->params. `head` replaces the method's own unless NULL or "". */
    bool (*setup)(struct method_run *run, const char *head, struct err *err);
    void (*release)(struct method_run *run);
    void (*forward)(struct method_run *run, struct method_batch *batch);
    bool (*loss_of)(struct method_run *run, struct method_batch *batch, struct err *err);
    void (*backward)(struct method_run *run, struct method_batch *batch);
    /* What heads carry to the next step (running statistics), before the method's after_step. */
    void (*settle)(struct method_run *run, struct method_batch *batch);
    /* h (n, dim_h) to z (n, dim_z) with the online heads in evaluation mode, for measures and `embed --space
     * z`. */
    void (*project)(const struct method_run *run, size_t n, const real *h, real *z, struct arena *arena);
    /* What it shows of the last step, as for a method below. NULL: nothing. */
    size_t (*readouts)(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max);
    /* What makes z of a text, where the method learns from captions and needs them; NULL: it does not. */
    const struct text_encoder *(*text)(const struct method_run *run);
};

/* Which way the loss of two views is taken. */
enum method_form {
    FORM_BOTH, /* once; it has a gradient for both views (NT-Xent, VICReg) */
    FORM_MEAN, /* view 1 against view 2 and 2 against 1; only the first has a gradient. The mean of the two */
    FORM_SUM,  /* their sum */
};

struct method {
    struct entry entry;    /* knobs: those of the loss by their names, and the method's own */
    const char *loss;      /* name in losses.def; a knob "loss" chooses among others of the same inputs */
    const char *head;      /* default projection head as a net's text, %d stands for dim_h */
    const char *predictor; /* a net on z, %d stands for dim_z; NULL: none */
    const char *brings;    /* what else it has that is trained or kept: "a queue of keys"; NULL: nothing */
    const char *paper;     /* "Chen et al. 2020, arXiv:2002.05709" */
    /* Settings that this method needs otherwise than usual: name, value, ..., NULL; NULL: none. */
    const char *const *defaults;
    struct contrast contrast; /* what it makes of a batch; left out: views attract and nothing repels */
    const char *repels_by;    /* its switch that takes the negatives away; NULL: it has none */
    const struct method_flow *flow;
    enum method_form form;
    bool raw;             /* it looks at z as it is: how unit rows of z spread says nothing of collapse */
    bool target;          /* trunk and heads have an EMA copy "target....", which sees the other view */
    bool target_predicts; /* the copy has the predictor too (DINO's prototypes) */
    bool target_judged;   /* measures look at the copy's h */
    bool target_rises;    /* its momentum m rises to 1 along a cosine over a schedule that ends */
    /* Hooks; NULL: nothing. `begin` declares tensors of its own (queue, centre) and may make run->own. */
    bool (*begin)(struct method_run *run, struct err *err);
    void (*end)(struct method_run *run);
    void (*start)(
        struct method_run *run); /* values that no initialiser gives, once all tensors have theirs */
    /* What the loss sees besides the two views: may set queue, center, same, and change run->loss_knob.
     * `view`: the online side (0, or 1 in the second direction). */
    void (*inputs)(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io);
    void (*before_update)(struct method_run *run, struct method_batch *batch); /* gradients as they stand */
    void (*after_step)(struct method_run *run, struct method_batch *batch);
    /* A method of cells: h of the batch, target_h and dh are the trunk's last grid (n, height, width,
     * channels); online, the trunk sees those cells of a view that this sets to 1 (at most METHOD_MAX_CELLS),
     * the rest of the picture is the data's mean. A pure function: any thread, any order. NULL: h, of whole
     * pictures. */
    void (*hide)(const struct method_run *run, uint64_t seed, uint64_t step, uint32_t item, int view,
                 uint8_t *seen);
    /* Of the last step, whose matrices still lie in the arena; values are the method's own memory. Those of
     * the flow stand before them. */
    size_t (*readouts)(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max);
};

extern const struct axis method_axis;
const struct method *method_at(size_t i);

/* The value of its knob of that name, or `otherwise`. */
double method_knob(const struct method_run *run, const char *name, double otherwise);
/* Is this safeguard there? True for one that the method does not have. */
bool method_has(const struct method_run *run, const char *name);
/* What it makes of a batch with these knobs (in the order of its entry): a switch "labels" that is off leaves
 * the other view alone as positive. */
struct contrast method_contrast(const struct method *method, const double *knob);
/* The loss at work: what the knob "loss" names, else the method's. */
const struct loss *method_loss(const struct method_run *run);
/* run->loss_knob as this loss takes them: the method's knob of the same name, else the loss' default. */
void method_loss_knobs(struct method_run *run, const struct loss *loss);
/* Where run->loss_knob holds a knob of the loss at work, for `inputs` to change. */
double *method_loss_knob(struct method_run *run, const char *name);

/* "head, predictor, target network": what a method has besides the trunk, that begins anew where it takes
 * over a running encoder. */
void method_parts(const struct method *method, char *text, size_t size);
/* Once all tensors have their first values: targets are made equal, and the method's own start. */
void method_start(struct method_run *run);
/* The target networks of a run, all of them: made equal at the start; moved by this step's momentum. */
void method_target_start(const struct method_run *run);
void method_target_follow(const struct method_run *run, const struct method_batch *batch);
/* m at this step: the knob m, rising as the method says; 0 with its EMA switched off. */
double method_momentum(const struct method_run *run, const struct method_batch *batch);

#endif
