/* SPDX-License-Identifier: MIT
 *
 * InfoNCE against a queue, the loss of MoCo (He et al. 2020, arXiv:1911.05722, eq. 1): a query q must find
 * its own key k among the keys of earlier batches.
 *
 *   l_i = -q_i.k_i / tau + log(e^(q_i.k_i / tau) + sum_j e^(q_i.Q_j / tau)),  mean over i
 *   dL/dq_i = (sum over all K + 1 keys of p_j k_j - k_i) / (n tau),  p the softmax
 *
 * Keys and queue get no gradient. The queue is as it was before this batch: a picture's own key in it would
 * be a negative. Both ways: the mean of the two against the same queue (FAIR's demonstration adds them).
 */
#include "loss/knobs.h"
#include "loss/rows.h"
#include "loss/target.h"
#include "math/vexp.h"

#include <math.h>
#include <string.h>

struct work {
    real tau, scale, share;
    real *q, *k, *g;          /* (n, d) */
    real *q_norm, *k_norm;    /* (n) */
    real *positive, *center;  /* (n) similarity with the own key; tau times the log of the denominator */
    double *row_loss, *other; /* (n); mean similarity with the queue */
    bool *hit;
    struct pairing pairing;
};

static struct work take(struct arena *arena, size_t n, size_t d, size_t n_queue)
{
    struct work w = {0};
    w.q = arena_take(arena, n * d, sizeof(real));
    w.k = arena_take(arena, n * d, sizeof(real));
    w.g = arena_take(arena, n * d, sizeof(real));
    w.q_norm = arena_take(arena, n, sizeof(real));
    w.k_norm = arena_take(arena, n, sizeof(real));
    w.positive = arena_take(arena, n, sizeof(real));
    w.center = arena_take(arena, n, sizeof(real));
    w.row_loss = arena_take(arena, n, sizeof(double));
    w.other = arena_take(arena, n, sizeof(double));
    w.hit = arena_take(arena, n, sizeof(bool));
    w.pairing = (struct pairing){.n_x = n, .n_y = n_queue, .d = d, .x = w.q};
    w.pairing.lanes = pairing_take(arena, n, n_queue);
    return w;
}

static void read_row(void *ctx, size_t i, real *s)
{
    struct work *w = ctx;
    size_t n = w->pairing.n_y;
    real positive = w->positive[i], nearest = rows_max(s, n);
    real top = positive > nearest ? positive : nearest;
    double sum = rows_sum_exp(&positive, 1, top, w->scale) + rows_sum_exp(s, n, top, w->scale);
    w->row_loss[i] = log(sum) - ((double)positive - top) * w->scale;
    w->center[i] = (real)(top + w->tau * log(sum));
    w->other[i] = rows_sum(s, n) / (double)n;
    w->hit[i] = rows_nearer(positive, nearest);
}

static void weigh_row(void *ctx, size_t i, real *s)
{
    const struct work *w = ctx;
    for (size_t j = 0; j < w->pairing.n_y; j++)
        s[j] = w->share * vexp((s[j] - w->center[i]) * w->scale);
}

static void gather(const struct work *w, struct loss_io *io)
{
    double loss = 0, positive = 0, other = 0;
    io->pretext_hits = w->pairing.n_y ? 0 : (double)NAN; /* nobody else to be nearer */
    for (size_t i = 0; i < io->n; i++) {
        loss += w->row_loss[i];
        positive += w->positive[i];
        other += w->other[i];
        io->pretext_hits += w->hit[i];
        if (io->pair_loss)
            io->pair_loss[i] = (real)w->row_loss[i];
        if (io->pair_weight)
            io->pair_weight[i] = (real)-expm1(-w->row_loss[i]);
    }
    io->loss = loss / (double)io->n;
    io->positive_mean = positive / (double)io->n;
    io->negative_mean = other / (double)io->n;
}

static void gradient(struct work *w, struct loss_io *io)
{
    size_t d = io->d;
    pairing_pull(&w->pairing, weigh_row, w, w->g);
    for (size_t i = 0; i < io->n; i++) {
        real pull = w->share * (real)expm1(-w->row_loss[i]); /* the positive's probability less one */
        for (size_t j = 0; j < d; j++)
            w->g[i * d + j] += pull * w->k[i * d + j];
    }
    rows_normalise_backward(w->q, w->q_norm, w->g, io->n, d, io->da);
}

static void way(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    struct work w = take(scratch, io->n, io->d, io->n_queue);
    w.tau = (real)knob[0];
    w.scale = (real)(1 / knob[0]);
    w.share = w.scale / (real)io->n;
    w.pairing.y = io->queue;
    w.pairing.pool = pool;
    io->rows_zero = rows_normalise(io->a, io->n, io->d, w.q, w.q_norm);
    io->rows_zero += rows_normalise(io->b, io->n, io->d, w.k, w.k_norm);
    for (size_t i = 0; i < io->n; i++)
        w.positive[i] = (real)rows_dot(w.q + i * io->d, w.k + i * io->d, io->d);
    pairing_read(&w.pairing, read_row, &w);
    gather(&w, io);
    if (io->da)
        gradient(&w, io);
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    target_run(way, 0.5, io, knob, pool, scratch);
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    (void)knob;
    return log(1 + (double)io->n_queue);
}

static const struct knob knobs[] = {KNOB_TAU(0.2), {.name = NULL}};

const struct loss loss_moco = {
    .entry = {"moco",
              "Each query finds its own key among the keys of earlier batches, which wait in a queue.",
              knobs},
    .used_by = "infonce",
    .needs = LOSS_NEEDS_B,
    .target_b = true,
    .run = run,
    .no_learning = no_learning,
};
