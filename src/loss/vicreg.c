/* SPDX-License-Identifier: MIT
 *
 * VICReg (Bardes et al. 2022, arXiv:2105.04906, eq. 6): the two views agree, every feature keeps a deviation
 * of at least 1 over the batch, and features do not go together. Rows are not normalised.
 *
 *   L = lambda mean (a - b)^2 + mu (hinge(a) + hinge(b)) / 2 + nu (cov(a) + cov(b))
 *   hinge = mean_j max(0, 1 - s_j),  s_j = sqrt(var_j + 1e-4),  cov = sum_{i != j} C_ij^2 / d
 *   dL/da = 2 lambda (a - b) / (nd) - mu/2 [s < 1] / s (a - mean) / ((n - 1) d)
 *           + 4 nu (a - mean) C_off / (d (n - 1)),  variance and C over n - 1
 *
 * As the official code has it: the first mean is over features too, the hinges are halved. (One library adds
 * the hinges: twice the weight.) All rows equal: mu (1 - 0.01).
 */
#include "loss/columns.h"
#include "loss/knobs.h"
#include "loss/loss.h"

#include <math.h>

enum { LAMBDA, MU, NU };

static const double eps = 1e-4; /* added to the variance */

struct work {
    real *x;                  /* (n, d) a view without its mean */
    double *mean, *deviation; /* (d) */
    real *c;                  /* (d, d) */
};

static void take(struct work *w, struct arena *arena, size_t n, size_t d)
{
    w->x = arena_take(arena, n * d, sizeof(real));
    w->mean = arena_take(arena, d, sizeof(double));
    w->deviation = arena_take(arena, d, sizeof(double));
    w->c = arena_take(arena, d * d, sizeof(real));
}

/* One row has no variance: it counts as 0. */
static double degrees(size_t n)
{
    return n > 1 ? (double)n - 1 : 1;
}

static double hinge(struct work *w, const real *z, size_t n, size_t d)
{
    double sum = 0;
    columns_moments(z, n, d, w->mean, w->deviation);
    for (size_t j = 0; j < d; j++) {
        w->deviation[j] = sqrt(w->deviation[j] * (double)n / degrees(n) + eps);
        sum += w->deviation[j] >= 1 ? 0 : 1 - w->deviation[j];
    }
    return sum / (double)d;
}

/* Leaves C without its diagonal. */
static double covariance(struct work *w, size_t n, size_t d)
{
    double sum = 0;
    gemm(true, false, d, d, n, (real)(1 / degrees(n)), w->x, d, w->x, d, 0, w->c, d);
    for (size_t i = 0; i < d; i++) {
        w->c[i * d + i] = 0;
        for (size_t j = 0; j < d; j++)
            sum += (double)w->c[i * d + j] * (double)w->c[i * d + j];
    }
    return sum / (double)d;
}

/* Variance and covariance of one view: adds to the parts, writes their gradient to dz. */
static void spread(struct work *w, const real *z, const double *knob, struct loss_io *io, real *dz)
{
    size_t n = io->n, d = io->d;
    double free = degrees(n) * (double)d;
    io->part[1] += knob[MU] * hinge(w, z, n, d) / 2;
    columns_standardise(z, n, d, w->mean, NULL, w->x);
    io->part[2] += knob[NU] * covariance(w, n, d);
    if (!dz)
        return;
    gemm(false, false, n, d, d, (real)(4 * knob[NU] / free), w->x, d, w->c, d, 0, dz, d);
    for (size_t k = 0; k < n * d; k++) {
        double s = w->deviation[k % d];
        if (s < 1)
            dz[k] -= (real)(knob[MU] / 2 / s / free * (double)w->x[k]);
    }
}

static void agree(const double *knob, struct loss_io *io)
{
    double sum = 0, count = (double)io->n * (double)io->d;
    for (size_t i = 0; i < io->n; i++) {
        double row = 0;
        for (size_t k = i * io->d; k < (i + 1) * io->d; k++) {
            double off = (double)io->a[k] - (double)io->b[k], pull = 2 * knob[LAMBDA] * off / count;
            row += off * off;
            if (io->da)
                io->da[k] += (real)pull;
            if (io->db)
                io->db[k] -= (real)pull;
        }
        sum += row;
        if (io->pair_loss)
            io->pair_loss[i] = (real)(knob[LAMBDA] * row / (double)io->d);
    }
    io->part[0] = knob[LAMBDA] * sum / count;
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    (void)pool;
    struct work w;
    take(&w, scratch, io->n, io->d);
    io->part[1] = io->part[2] = 0;
    spread(&w, io->a, knob, io, io->da);
    spread(&w, io->b, knob, io, io->db);
    agree(knob, io);
    io->loss = io->part[0] + io->part[1] + io->part[2];
    io->pair_weight = NULL;
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    (void)io;
    return knob[MU] * (1 - sqrt(eps));
}

static const struct knob knobs[] = {
    KNOB_INVARIANCE(25), KNOB_VARIANCE(25), KNOB_COVARIANCE(1), {.name = NULL}};

const struct loss loss_vicreg = {
    .entry = {"vicreg", "The views agree, each feature keeps its spread, and no two features go together.",
              knobs},
    .needs = LOSS_NEEDS_B,
    .part = {"invariance", "variance", "covariance"},
    .run = run,
    .no_learning = no_learning,
};
