/* SPDX-License-Identifier: MIT
 *
 * Cosine regression: a prediction a turns towards a target b that is held still. No negatives.
 *
 *   BYOL (Grill et al. 2020, arXiv:2006.07733, eq. 2): 2 - 2 cos(a_i, b_i), mean over i; both ways: their sum
 *   SimSiam (Chen & He 2021, arXiv:2011.10566, eq. 1): -cos(a_i, b_i), mean over i; both ways: half of each
 *   dL/du_i = -f t_i / n with u, t the unit rows and f = 2 (BYOL) or 1 (SimSiam)
 *
 * The best value is also the value at collapse: look at the spread of the rows beside it.
 */
#include "loss/rows.h"
#include "loss/target.h"

#include <math.h>

struct work {
    real *u, *t, *norm, *other_norm; /* (n, d), (n, d), (n), (n) */
};

static struct work take(struct arena *arena, size_t n, size_t d)
{
    struct work w;
    w.u = arena_take(arena, n * d, sizeof(real));
    w.t = arena_take(arena, n * d, sizeof(real));
    w.norm = arena_take(arena, n, sizeof(real));
    w.other_norm = arena_take(arena, n, sizeof(real));
    return w;
}

/* offset - factor cos, mean. */
static void regress(struct loss_io *io, double offset, double factor, struct arena *scratch)
{
    struct work w = take(scratch, io->n, io->d);
    size_t d = io->d;
    io->rows_zero = rows_normalise(io->a, io->n, d, w.u, w.norm);
    io->rows_zero += rows_normalise(io->b, io->n, d, w.t, w.other_norm);
    double sum = 0;
    for (size_t i = 0; i < io->n; i++) {
        double cosine = rows_dot(w.u + i * d, w.t + i * d, d);
        sum += cosine;
        if (io->pair_loss)
            io->pair_loss[i] = (real)(offset - factor * cosine);
    }
    io->positive_mean = sum / (double)io->n;
    io->loss = offset - factor * io->positive_mean;
    io->pair_weight = NULL;
    if (!io->da)
        return;
    for (size_t i = 0; i < io->n * d; i++)
        w.t[i] *= (real)(-factor / (double)io->n);
    rows_normalise_backward(w.u, w.norm, w.t, io->n, d, io->da);
}

static void byol_way(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    (void)knob, (void)pool;
    regress(io, 2, 2, scratch);
}

static void simsiam_way(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    (void)knob, (void)pool;
    regress(io, 0, 1, scratch);
}

static void byol_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    target_run(byol_way, 1, io, knob, pool, scratch);
}

static void simsiam_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    target_run(simsiam_way, 0.5, io, knob, pool, scratch);
}

static double byol_no_learning(const struct loss_io *io, const double *knob)
{
    (void)io, (void)knob;
    return 0;
}

static double simsiam_no_learning(const struct loss_io *io, const double *knob)
{
    (void)io, (void)knob;
    return -1;
}

const struct loss loss_byol = {
    .entry = {"byol", "A prediction of one view turns towards the target network's other view.", NULL},
    .used_by = "cosine",
    .needs = LOSS_NEEDS_B,
    .target_b = true,
    .run = byol_run,
    .no_learning = byol_no_learning,
};

const struct loss loss_simsiam = {
    .entry = {"simsiam", "A prediction of one view turns towards the other view, which is held still.", NULL},
    .needs = LOSS_NEEDS_B,
    .target_b = true,
    .run = simsiam_run,
    .no_learning = simsiam_no_learning,
};
