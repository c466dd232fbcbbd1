/* SPDX-License-Identifier: MIT
 *
 * NT-Xent, the loss of SimCLR (Chen et al. 2020, arXiv:2002.05709, eq. 1): each of the 2N rows must find the
 * other view of its picture among the 2N - 1 others.
 *
 *   l_i = -s_ip / tau + log sum_{k != i} e^(s_ik / tau),  p the partner of i;  L = mean of the 2N l_i
 *   G = (P - Y) / (2N tau),  dL/du = (G + G^T) u
 *
 * with P the softmax over k != i and Y one at the partner. Both views are anchors, so it has no one direction
 * and `symmetric` changes nothing. Google's code adds the means of the two views: twice this value.
 */
#include "loss/knobs.h"
#include "loss/loss.h"
#include "loss/rows.h"
#include "math/vexp.h"

#include <math.h>
#include <string.h>

struct work {
    size_t n, n2; /* pairs, rows: 2n */
    real tau, scale;
    real *u, *g, *norm; /* (n2, d), (n2, d), (n2): both views, the first on top */
    real *center;       /* (n2) tau times the log of row i's denominator */
    double *row_loss;   /* (n2) */
    real *positive;     /* (n2) similarity with the partner */
    bool *hit;          /* (n2) the partner is nearer than anything else */
    struct pairing pairing;
};

static void take(struct work *w, struct arena *arena, size_t n, size_t d)
{
    *w = (struct work){.n = n, .n2 = 2 * n};
    w->u = arena_take(arena, w->n2 * d, sizeof(real));
    w->g = arena_take(arena, w->n2 * d, sizeof(real));
    w->norm = arena_take(arena, w->n2, sizeof(real));
    w->center = arena_take(arena, w->n2, sizeof(real));
    w->row_loss = arena_take(arena, w->n2, sizeof(double));
    w->positive = arena_take(arena, w->n2, sizeof(real));
    w->hit = arena_take(arena, w->n2, sizeof(bool));
    w->pairing = (struct pairing){.n_x = w->n2, .n_y = w->n2, .d = d, .x = w->u, .y = w->u};
    w->pairing.lanes = pairing_take(arena, w->n2, w->n2);
}

static size_t scratch_bytes(size_t n, size_t d, size_t n_queue)
{
    (void)n_queue;
    struct arena dry = arena_dry();
    struct work w;
    take(&w, &dry, n, d);
    return dry.used;
}

static size_t partner(const struct work *w, size_t i)
{
    return i < w->n ? i + w->n : i - w->n;
}

static void read_row(void *ctx, size_t i, real *s)
{
    struct work *w = ctx;
    size_t p = partner(w, i);
    real positive = s[p];
    size_t n_others = rows_drop(s, w->n2, i > p ? i : p); /* the higher first: the last entry moves */
    n_others = rows_drop(s, n_others, i > p ? p : i);
    real nearest = rows_max(s, n_others);
    real top = positive > nearest ? positive : nearest;
    double sum = rows_sum_exp(&positive, 1, top, w->scale) + rows_sum_exp(s, n_others, top, w->scale);
    w->row_loss[i] = log(sum) - ((double)positive - top) * w->scale;
    w->center[i] = (real)(top + w->tau * log(sum));
    w->positive[i] = positive;
    w->hit[i] = positive > nearest;
}

static void weigh_row(void *ctx, size_t i, real *s)
{
    const struct work *w = ctx;
    real own = w->center[i], scale = w->scale, share = w->scale / (real)w->n2;
    for (size_t j = 0; j < w->n2; j++)
        s[j] = share * (vexp((s[j] - own) * scale) + vexp((s[j] - w->center[j]) * scale));
    s[i] = 0;
    s[partner(w, i)] -= 2 * share;
}

/* Over all pairs of rows that are negatives of each other: |sum u|^2 holds every pair once. */
static double mean_negative(const struct work *w, double positive_sum)
{
    double all = 0, own = 0;
    size_t d = w->pairing.d;
    for (size_t j = 0; j < d; j++) {
        double sum = 0;
        for (size_t i = 0; i < w->n2; i++) {
            double value = w->u[i * d + j];
            sum += value;
            own += value * value;
        }
        all += sum * sum;
    }
    return (all - own - positive_sum) / ((double)w->n2 * ((double)w->n2 - 2)); /* one pair: 0/0, none */
}

static void gather(const struct work *w, struct loss_io *io)
{
    double loss = 0, positive = 0;
    io->pretext_hits = 0;
    for (size_t i = 0; i < w->n2; i++) {
        loss += w->row_loss[i];
        positive += w->positive[i];
        io->pretext_hits += w->hit[i];
    }
    io->loss = loss / (double)w->n2;
    io->rows_used = io->rows_active = w->n2;
    io->positive_mean = positive / (double)w->n2;
    io->negative_mean = w->n > 1 ? mean_negative(w, positive) : (double)NAN;
    for (size_t i = 0; i < w->n; i++) {
        double one = w->row_loss[i], other = w->row_loss[i + w->n];
        if (io->pair_loss)
            io->pair_loss[i] = (real)((one + other) / 2);
        if (io->pair_weight)
            io->pair_weight[i] = (real)(-(expm1(-one) + expm1(-other)) / 2);
    }
}

static void gradients(struct work *w, struct loss_io *io)
{
    pairing_pull(&w->pairing, weigh_row, w, w->g);
    size_t half = w->n * io->d;
    if (io->da)
        rows_normalise_backward(w->u, w->norm, w->g, w->n, io->d, io->da);
    if (io->db)
        rows_normalise_backward(w->u + half, w->norm + w->n, w->g + half, w->n, io->d, io->db);
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    struct work w;
    take(&w, scratch, io->n, io->d);
    w.tau = (real)knob[0];
    w.scale = (real)(1 / knob[0]);
    w.pairing.pool = pool;
    io->rows_zero = rows_normalise(io->a, io->n, io->d, w.u, w.norm);
    io->rows_zero += rows_normalise(io->b, io->n, io->d, w.u + io->n * io->d, w.norm + io->n);
    pairing_read(&w.pairing, read_row, &w);
    gather(&w, io);
    if (io->da || io->db)
        gradients(&w, io);
}

static double no_learning(size_t n, size_t d, size_t n_queue, const double *knob)
{
    (void)d, (void)n_queue, (void)knob;
    return log(2 * (double)n - 1);
}

const struct loss loss_ntxent = {
    .entry = {"ntxent",
              "Each view finds the other view of its picture among all other pictures of the batch.",
              knobs_temperature},
    .used_by = "simclr",
    .needs = LOSS_NEEDS_B,
    .run = run,
    .scratch_bytes = scratch_bytes,
    .no_learning = no_learning,
};
