/* SPDX-License-Identifier: MIT
 *
 * Barlow Twins (Zbontar et al. 2021, arXiv:2103.03230, eq. 1 and 2): the cross-correlation of the two views'
 * features comes near the identity. Each feature is the same in both views, and no two are alike.
 *
 *   x, y the views with every column at mean 0 and (biased) variance 1,  C = x^T y / n
 *   L = scale (sum_i (C_ii - 1)^2 + lambda sum_{i != j} C_ij^2)
 *   W = dL/dC,  g_x = y W^T / n,  g_y = x W / n,  then through the standardisation of each
 *
 * Without any learning the second sum is near lambda d (d - 1) / n: chance correlation of n rows. All rows
 * equal give C = 0 and L = scale d.
 */
#include "loss/columns.h"
#include "loss/knobs.h"
#include "loss/loss.h"

#include <math.h>
#include <string.h>

enum { LAMBDA, SCALE };

static const double eps = 1e-5; /* added to the variance, as BatchNorm does */

struct work {
    real *x[2], *g;            /* (n, d) standardised views; dL/dx of one */
    double *mean, *inverse[2]; /* (d): 1 / deviation */
    double *sum, *along;       /* (d) */
    real *c;                   /* (d, d): the correlation, then W */
};

static void take(struct work *w, struct arena *arena, size_t n, size_t d)
{
    for (int view = 0; view < 2; view++) {
        w->x[view] = arena_take(arena, n * d, sizeof(real));
        w->inverse[view] = arena_take(arena, d, sizeof(double));
    }
    w->g = arena_take(arena, n * d, sizeof(real));
    w->mean = arena_take(arena, d, sizeof(double));
    w->sum = arena_take(arena, d, sizeof(double));
    w->along = arena_take(arena, d, sizeof(double));
    w->c = arena_take(arena, d * d, sizeof(real));
}

static void standardise(struct work *w, int view, const real *z, size_t n, size_t d)
{
    double *inverse = w->inverse[view];
    columns_moments(z, n, d, w->mean, inverse);
    for (size_t j = 0; j < d; j++)
        inverse[j] = 1 / sqrt(inverse[j] + eps);
    columns_standardise(z, n, d, w->mean, inverse, w->x[view]);
}

/* dz = inverse (g - mean g - x mean(g x)), column by column. */
static void backward(struct work *w, int view, size_t n, size_t d, real *dz)
{
    const real *x = w->x[view], *g = w->g;
    memset(w->sum, 0, d * sizeof(double));
    memset(w->along, 0, d * sizeof(double));
    for (size_t k = 0; k < n * d; k++) {
        w->sum[k % d] += (double)g[k] / (double)n;
        w->along[k % d] += (double)g[k] * (double)x[k] / (double)n;
    }
    for (size_t k = 0; k < n * d; k++) {
        size_t j = k % d;
        dz[k] = (real)(w->inverse[view][j] * ((double)g[k] - w->sum[j] - (double)x[k] * w->along[j]));
    }
}

/* The loss, and C turned into dL/dC. */
static void weigh(struct work *w, const double *knob, struct loss_io *io)
{
    double on = 0, off = 0, scale = knob[SCALE], lambda = knob[LAMBDA];
    for (size_t i = 0; i < io->d; i++)
        for (size_t j = 0; j < io->d; j++) {
            real *c = &w->c[i * io->d + j];
            double error = (double)*c - (i == j);
            *(i == j ? &on : &off) += error * error;
            *c = (real)(2 * scale * (i == j ? 1 : lambda) * error);
        }
    io->part[0] = scale * on;
    io->part[1] = scale * lambda * off;
    io->loss = io->part[0] + io->part[1];
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    (void)pool;
    struct work w;
    size_t n = io->n, d = io->d;
    real share = 1 / (real)n;
    take(&w, scratch, n, d);
    standardise(&w, 0, io->a, n, d);
    standardise(&w, 1, io->b, n, d);
    gemm(true, false, d, d, n, share, w.x[0], d, w.x[1], d, 0, w.c, d);
    if (io->matrix)
        memcpy(io->matrix, w.c, d * d * sizeof(real));
    weigh(&w, knob, io);
    io->pair_loss = io->pair_weight = NULL;
    if (io->da) {
        gemm(false, true, n, d, d, share, w.x[1], d, w.c, d, 0, w.g, d);
        backward(&w, 0, n, d, io->da);
    }
    if (io->db) {
        gemm(false, false, n, d, d, share, w.x[0], d, w.c, d, 0, w.g, d);
        backward(&w, 1, n, d, io->db);
    }
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    return knob[SCALE] * (double)io->d;
}

static const struct knob knobs[] = {KNOB_REDUNDANCY(0.005), KNOB_LOSS_SCALE(1), {.name = NULL}};

const struct loss loss_barlow = {
    .entry = {"barlow", "Each feature is the same in both views, and no two features are alike.", knobs},
    .needs = LOSS_NEEDS_B,
    .part = {"on the diagonal", "off the diagonal"},
    .run = run,
    .no_learning = no_learning,
};
