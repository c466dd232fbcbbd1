/* SPDX-License-Identifier: MIT
 *
 * The contrastive loss of DrLIM (Hadsell, Chopra & LeCun 2006, eq. 4), on rows as they are: pairs that are
 * alike pull like a spring, others push like one until they are `margin` apart.
 *
 *   D = |a - b|,  l = D^2 / 2 (alike) or max(0, margin - D)^2 / 2 (not)
 *   dl/da = a - b (alike), -(margin - D) / D (a - b) (not, D < margin);  dl/db the opposite
 *
 * Pairs: row i of a with row i of b, `same` says which are alike, the mean over all. Batch (what the method
 * trains on): row i of a with every row of b, alike where it is row i; the mean of the mean over either kind,
 * as one in n is alike. At D = 0 the direction away is not defined and the gradient is zero. Other libraries'
 * forms of this name scale rows to unit length, or use the hinge without the square.
 */
#include "loss/knobs.h"
#include "loss/loss.h"

#include <math.h>
#include <string.h>

/* What a row's pairs come to; index 1: alike. */
struct tally {
    double loss, distance[2], count[2];
    size_t active;
};

struct work {
    const struct loss_io *io;
    bool batch;
    int side; /* 0: rows of a, which also tally; 1: rows of b */
    double margin;
    struct tally *tally; /* (n) */
};

static double distance(const real *x, const real *y, size_t d)
{
    double square = 0;
    for (size_t j = 0; j < d; j++)
        square += ((double)x[j] - (double)y[j]) * ((double)x[j] - (double)y[j]);
    return sqrt(square);
}

/* One pair of `weight` in the loss; adds its gradient to dx unless that is NULL. Returns its own loss. */
static double pair(const struct work *w, const real *x, const real *y, bool alike, double weight,
                   struct tally *tally, real *dx)
{
    size_t d = w->io->d;
    double apart = distance(x, y, d), short_of = w->margin - apart;
    bool active = alike || !(short_of <= 0); /* a distance that is not a number is not hidden */
    double loss = !active ? 0 : (alike ? apart * apart : short_of * short_of) / 2;
    double pull = alike ? 1 : active && apart > 0 ? -short_of / apart : 0;
    tally->loss += weight * loss;
    tally->distance[alike] += apart;
    tally->count[alike]++;
    tally->active += active;
    for (size_t j = 0; dx && j < d; j++)
        dx[j] += (real)(weight * pull * ((double)x[j] - (double)y[j]));
    return loss;
}

static void work_row(void *ctx, size_t i, int worker)
{
    (void)worker;
    const struct work *w = ctx;
    const struct loss_io *io = w->io;
    size_t n = io->n, d = io->d, first = w->batch ? 0 : i, last = w->batch ? n : i + 1;
    const real *x = (w->side ? io->b : io->a) + i * d, *y = w->side ? io->a : io->b;
    real *dx = w->side ? io->db : io->da;
    double half = 0.5 / (double)n;
    struct tally tally = {0};
    if (dx)
        memset(dx + i * d, 0, d * sizeof(real));
    for (size_t j = first; j < last; j++) {
        bool alike = w->batch ? i == j : io->same[i];
        double weight = !w->batch ? 2 * half : alike ? half : half / ((double)n - 1);
        double loss = pair(w, x, y + j * d, alike, weight, &tally, dx ? dx + i * d : NULL);
        if (i == j && w->side == 0 && io->pair_loss)
            io->pair_loss[i] = (real)loss;
    }
    if (w->side == 0)
        w->tally[i] = tally;
}

static void gather(const struct work *w, struct loss_io *io)
{
    struct tally sum = {0};
    for (size_t i = 0; i < io->n; i++) {
        const struct tally *tally = &w->tally[i];
        sum.loss += tally->loss;
        sum.active += tally->active;
        for (int k = 0; k < 2; k++) {
            sum.distance[k] += tally->distance[k];
            sum.count[k] += tally->count[k];
        }
    }
    io->loss = sum.loss;
    io->rows_used = (size_t)(sum.count[0] + sum.count[1]);
    io->rows_active = sum.active;
    io->positive_mean = -sum.distance[1] / sum.count[1]; /* none: 0/0, not a number */
    io->negative_mean = -sum.distance[0] / sum.count[0];
    io->pair_weight = NULL;
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    struct work w = {.io = io, .batch = !io->same, .margin = knob[0]};
    w.tally = arena_take(scratch, io->n, sizeof *w.tally);
    pool_run(pool, io->n, work_row, &w);
    gather(&w, io);
    w.side = 1;
    if (io->db)
        pool_run(pool, io->n, work_row, &w);
}

static double pairs_no_learning(const struct loss_io *io, const double *knob)
{
    (void)io, (void)knob;
    return (double)NAN; /* it depends on how many pairs are alike */
}

static double batch_no_learning(const struct loss_io *io, const double *knob)
{
    return io->n > 1 ? knob[0] * knob[0] / 4 : 0;
}

static const struct knob knobs[] = {KNOB_MARGIN(1.5), {.name = NULL}};

const struct loss loss_contrastive = {
    .entry = {"contrastive", "Pairs that are alike pull, others push until they are a margin apart.", knobs},
    .needs = LOSS_NEEDS_B | LOSS_NEEDS_SAME,
    .active = "active pairs",
    .run = run,
    .no_learning = pairs_no_learning,
};

const struct loss loss_drlim = {
    .entry = {"drlim",
              "The same over a batch: each view pulls the other view of its picture, and pushes the rest.",
              knobs},
    .needs = LOSS_NEEDS_B,
    .active = "active pairs",
    .run = run,
    .no_learning = batch_no_learning,
};
