/* SPDX-License-Identifier: MIT
 *
 * AdamW (Loshchilov & Hutter 2019, beta .9/.999, eps 1e-8, decay before the step) and SGD with momentum .9
 * (torch form: lr outside the momentum buffer), and the learning rate over time. Tensors of role TENSOR_BIAS
 * do not decay; TENSOR_STATE is left alone. One thread drives; the pool cuts the block by size, so bits do
 * not depend on threads.
 */
#ifndef NF_NN_OPTIM_H
#define NF_NN_OPTIM_H

#include "base/parallel.h"
#include "nn/params.h"

#include <stdint.h>

enum optim_kind { OPTIM_ADAMW, OPTIM_SGD };
enum schedule_kind { SCHEDULE_COSINE, SCHEDULE_CONSTANT };

struct optim {
    enum optim_kind kind;
    double lr, weight_decay, momentum;
    /* What lies past the first n_old reals began to be trained only after step `since` (a live switch of
     * method): Adam's bias correction counts from there. since 0: all of it from the start. */
    size_t n_old;
    uint64_t since;
    /* Reals [apart[0], apart[1]) move at a rate of their own, apart_lr. 0 0: none. */
    size_t apart[2];
    double apart_lr;
};

/* step counts from 1 (Adam's bias correction). Reads params->grad. */
void optim_step(const struct optim *optim, struct params *params, double lr, uint64_t step,
                struct pool *pool);

struct schedule {
    enum schedule_kind kind;
    uint64_t warmup, total; /* steps */
};

/* The factor on the base rate at step t = 0, 1, ...: (t+1)/warmup while warming up, then 1 or
 * (1 + cos(pi (t-warmup)/(total-warmup)))/2. Past total: 0 (cosine). */
double schedule_factor(const struct schedule *schedule, uint64_t t);

#endif
