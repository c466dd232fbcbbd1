/* SPDX-License-Identifier: MIT
 *
 * Inside train/: what a learner is made of, shared by the files that work on it (learner.c makes it, step.c
 * trains, reduce.c adds gradients, embed.c only looks, state.c saves).
 */
#ifndef NF_TRAIN_LEARNER_PARTS_H
#define NF_TRAIN_LEARNER_PARTS_H

#include "train/learner.h"

enum {
    SHARDS = 16,        /* gradients that are added in a fixed tree, whatever the thread count */
    EMBED_ROWS = 256,   /* pictures embedded between two barriers */
    REDUCE_BLOCK = 2048 /* reals of the gradient that one task adds */
};

/* What one thread needs for one micro-batch of `micro` views. */
struct worker {
    real *x;       /* (micro, height, width, channels) as the trunk sees it */
    real *tape;    /* kept outputs of the trunk's layers */
    real *dtape;   /* their gradients */
    real *scratch; /* a layer's own */
    float *picture, *augment_scratch;
};

/* Sized by the batch; made anew when the batch size changes. */
struct plan {
    size_t n;             /* pairs */
    size_t n_micro;       /* micro-batches; n_micro * micro >= 2 n rows, the rest is padding */
    bool keep;            /* x and tape of every micro-batch are kept for backward */
    real *x, *tape;       /* (n_micro) of them, if kept */
    real *h, *dh;         /* (n_micro * micro, dim): view 0 of all pairs, view 1 of all pairs, padding */
    uint8_t *seen;        /* (n_micro * micro, cells) where the method hides some; else NULL */
    real *target_h;       /* the same through the target trunk; NULL where the method has none */
    real *target_dh;      /* its gradient, where a method of cells can lose its stop-gradient; else NULL */
    uint32_t *item;       /* (n) dataset rows */
    int32_t *label;       /* (n), -1 unknown */
    const char **caption; /* (n) lent from the data; NULL where it has none */
    float *pair_loss, *pair_weight; /* (n) */
    struct arena arena;             /* of heads and loss */
};

struct learner {
    struct config config;
    const struct dataset *data;
    const struct split *split;
    struct pool *pool;
    struct params params;
    struct net trunk;
    struct net grid, tail; /* the trunk cut at its last grid, for methods of cells */
    const struct net *net; /* what a step works with: the trunk, or the grid alone */
    size_t dim;            /* of its output */
    real mean[4];          /* of the training pictures, a channel each: stands where nothing is shown */
    size_t trunk_count;    /* reals of params that are the trunk's: the first ones */
    struct method_run method;
    size_t micro; /* views worked at once by one thread: what its cache holds of this net */
    size_t dim_h, picture_values;
    uint64_t step; /* done so far */
    uint32_t *order;
    uint64_t order_epoch, order_draws; /* whose permutation `order` holds; epoch UINT64_MAX: none */
    struct plan plan;
    struct worker *worker; /* one a thread of the pool */
    real *shard_grad;      /* (SHARDS, trunk_count) */
    double *block_square;  /* partial sums of the gradient's squared length */
    real *state_before;    /* tensors that no gradient trains, as before the step */
    size_t state_count;
    struct arena project_arena;
    real *embed_h, *embed_z; /* (EMBED_ROWS, dim) */
    struct method_batch batch;
    struct step_row row; /* of the last step */
};

void plan_init(struct learner *learner);
void plan_release(struct plan *plan);

/* The values of a picture in [0, 1] as the trunk takes them: as they are. Black is then what convolutions pad
 * with; centred values give every picture a frame (measured on tiles: the untrained net reads shape at 0.60
 * instead of 0.76, and training is a quarter slower). */
void trunk_input(const float *picture, size_t n, real *x);

/* Adds the shards into params.grad; returns the whole gradient's length. */
double reduce_gradients(struct learner *learner);

#endif
