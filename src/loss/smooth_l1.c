/* SPDX-License-Identifier: MIT
 *
 * Latent prediction (I-JEPA: Assran et al. 2023, arXiv:2301.08243; its code takes the smooth L1): a predicts
 * b, which is layer-normed per row, without scale and shift, and gets no gradient.
 *
 *   e = a - LN(b),  L = mean over all n d entries of e^2 / (2 beta) where |e| < beta, else |e| - beta / 2
 *   dL/da = clamp(e / beta, -1, 1) / (n d)
 *
 * The norm of the target hides a collapse in scale: look at the spread of h. Both safeguards can be taken
 * away: without the norm the target is b as it is, without stop-gradient b moves towards the prediction, with
 * -dL/da through the norm.
 */
#include "loss/knobs.h"
#include "loss/rows.h"
#include "loss/target.h"

#include <math.h>

static const double eps = 1e-5; /* added to the variance */

enum { BETA, STOP_GRADIENT, NORMALISATION };

struct work {
    real *target, *error; /* (d) of one row */
};

static struct work take(struct arena *arena, size_t d)
{
    return (struct work){.target = arena_take(arena, d, sizeof(real)),
                         .error = arena_take(arena, d, sizeof(real))};
}

/* Biased variance, as LayerNorm has it; returns the deviation that it divided by. Not `normed`: a copy. */
static double layer_norm(const real *x, size_t d, bool normed, real *out)
{
    double mean = 0, variance = 0;
    for (size_t j = 0; normed && j < d; j++)
        mean += (double)x[j] / (double)d;
    for (size_t j = 0; normed && j < d; j++)
        variance += ((double)x[j] - mean) * ((double)x[j] - mean) / (double)d;
    double deviation = normed ? sqrt(variance + eps) : 1;
    for (size_t j = 0; j < d; j++)
        out[j] = (real)(((double)x[j] - mean) / deviation);
    return deviation;
}

/* Adds share * J^T g to dx, J of the norm whose output is `out`: (g - mean g - out mean(g out)) / deviation.
 */
static void layer_norm_backward(const real *out, const real *g, size_t d, bool normed, double deviation,
                                double share, real *dx)
{
    double mean = 0, along = 0;
    for (size_t j = 0; normed && j < d; j++) {
        mean += (double)g[j] / (double)d;
        along += (double)g[j] * (double)out[j] / (double)d;
    }
    for (size_t j = 0; j < d; j++)
        dx[j] += (real)(share * ((double)g[j] - mean - (double)out[j] * along) / deviation);
}

/* Sum over the row; its gradient, divided by the count of all entries, to da. */
static double row(const real *a, const real *target, size_t d, double beta, double count, real *da)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
        double e = (double)a[j] - (double)target[j], size = fabs(e);
        sum += size < beta ? e * e / (2 * beta) : size - beta / 2;
        if (da)
            da[j] = (real)((size < beta ? e / beta : copysign(1, e)) / count);
    }
    return sum;
}

static void way(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    (void)pool;
    size_t d = io->d;
    double count = (double)io->n * (double)d;
    struct work w = take(scratch, d);
    io->loss = 0;
    for (size_t i = 0; i < io->n; i++) {
        layer_norm(io->b + i * d, d, knob[NORMALISATION] > 0, w.target);
        double sum = row(io->a + i * d, w.target, d, knob[BETA], count, io->da ? io->da + i * d : NULL);
        io->loss += sum / count;
        if (io->pair_loss)
            io->pair_loss[i] = (real)(sum / (double)d);
    }
    io->pair_weight = NULL;
}

/* What the direction from a to b, taken `share` times, moves b by. */
static void flow(const struct loss_io *io, const real *a, const real *b, double share, const double *knob,
                 const struct work *w, real *db)
{
    size_t d = io->d;
    bool normed = knob[NORMALISATION] > 0;
    for (size_t i = 0; i < io->n; i++) {
        double deviation = layer_norm(b + i * d, d, normed, w->target);
        row(a + i * d, w->target, d, knob[BETA], (double)io->n * (double)d, w->error);
        layer_norm_backward(w->target, w->error, d, normed, deviation, -share, db + i * d);
    }
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    double share = io->symmetric ? 0.5 : 1;
    target_run(way, 0.5, io, knob, pool, scratch);
    arena_back(scratch, mark);
    struct work w = take(scratch, io->d);
    if (knob[STOP_GRADIENT] <= 0 && io->db)
        flow(io, io->a, io->b, share, knob, &w, io->db);
    if (knob[STOP_GRADIENT] <= 0 && io->da && io->symmetric)
        flow(io, io->b, io->a, share, knob, &w, io->da);
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    (void)io, (void)knob;
    return 0;
}

static const struct knob knobs[] = {
    KNOB_LOG("beta", "smooth L1 width", 1, 0.01, 10,
             "Errors below it count squared, larger ones by their size alone (I-JEPA: 1)."),
    KNOB_SWITCH("stop-gradient", "stop-gradient", "Off: the target moves towards the prediction too."),
    KNOB_SWITCH("normalisation", "target norm",
                "Off: the target is features as they are, and may shrink to nothing."),
    {.name = NULL}};

const struct loss loss_smooth_l1 = {
    .entry = {"smooth-l1", "A prediction of features comes near the normed features of the target network.",
              knobs},
    .used_by = "jepa",
    .needs = LOSS_NEEDS_B,
    .target_b = true,
    .run = run,
    .no_learning = no_learning,
};
