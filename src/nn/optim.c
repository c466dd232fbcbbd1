/* SPDX-License-Identifier: MIT */
#include "nn/optim.h"

#include <math.h>

enum { PIECE = 16384 }; /* reals a task works on */

/* One step's constants, the same for every piece. */
struct update {
    const struct optim *optim;
    struct params *params;
    double rate; /* of this step: the schedule's */
    struct {
        double m, v; /* 1 / (1 - beta^t) */
    } correct[2];    /* of what is old, of what is new */
};

static void adamw(const struct update *update, double lr, size_t from, size_t n, bool decays)
{
    const bool new = from >= update->optim->n_old;
    const real beta1 = (real)0.9, beta2 = (real)0.999, eps = (real)1e-8;
    const real keep = (real)(decays ? 1 - lr * update->optim->weight_decay : 1);
    const real rate = (real)(lr * update->correct[new].m);
    const real correct_v = (real)update->correct[new].v;
    real *restrict w = update->params->value + from, *restrict m = update->params->m + from;
    real *restrict v = update->params->v + from;
    const real *restrict g = update->params->grad + from;
    for (size_t i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        w[i] = keep * w[i] - rate * m[i] / ((real)sqrt(correct_v * v[i]) + eps);
    }
}

static void sgd(const struct update *update, double rate, size_t from, size_t n, bool decays)
{
    const real decay = (real)(decays ? update->optim->weight_decay : 0);
    const real momentum = (real)update->optim->momentum, lr = (real)rate;
    real *restrict w = update->params->value + from, *restrict m = update->params->m + from;
    const real *restrict g = update->params->grad + from;
    for (size_t i = 0; i < n; i++) {
        m[i] = momentum * m[i] + (g[i] + decay * w[i]); /* m starts at 0: the first step takes g as it is */
        w[i] -= lr * m[i];
    }
}

/* The part of every tensor that lies in piece i of the block. */
static void update_piece(void *ctx, size_t i, int worker)
{
    (void)worker;
    const struct update *update = ctx;
    const struct optim *optim = update->optim;
    size_t low = i * PIECE, high = low + PIECE;
    for (size_t t = 0; t < update->params->n_tensors; t++) {
        const struct tensor *tensor = &update->params->tensor[t];
        size_t from = tensor->offset > low ? tensor->offset : low;
        size_t end = tensor->offset + tensor->count;
        size_t to = end < high ? end : high;
        if (tensor->role == TENSOR_STATE || from >= to)
            continue;
        bool decays = tensor->role == TENSOR_WEIGHT;
        bool apart = tensor->offset >= optim->apart[0] && tensor->offset < optim->apart[1];
        double rate = apart ? optim->apart_lr : update->rate;
        if (optim->kind == OPTIM_ADAMW)
            adamw(update, rate, from, to - from, decays);
        else
            sgd(update, rate, from, to - from, decays);
    }
}

void optim_step(const struct optim *optim, struct params *params, double lr, uint64_t step, struct pool *pool)
{
    struct update update = {.optim = optim, .params = params, .rate = lr};
    for (int new = 0; new < 2; new ++) {
        double t = (double)(new ? step - optim->since : step);
        update.correct[new].m = 1 / (1 - pow(0.9, t));
        update.correct[new].v = 1 / (1 - pow(0.999, t));
    }
    pool_run(pool, (params->count + PIECE - 1) / PIECE, update_piece, &update);
}

double schedule_factor(const struct schedule *schedule, uint64_t t)
{
    const double pi = 3.14159265358979323846;
    if (t < schedule->warmup)
        return (double)(t + 1) / (double)schedule->warmup;
    if (schedule->kind == SCHEDULE_CONSTANT)
        return 1;
    if (t >= schedule->total)
        return 0;
    double done = (double)(t - schedule->warmup) / (double)(schedule->total - schedule->warmup);
    return (1 + cos(pi * done)) / 2;
}
