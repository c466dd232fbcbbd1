/* SPDX-License-Identifier: MIT
 *
 * Latent prediction (I-JEPA: Assran et al. 2023, arXiv:2301.08243; its code takes the smooth L1): a predicts
 * b, which is layer-normed per row, without scale and shift, and gets no gradient.
 *
 *   e = a - LN(b),  L = mean over all n d entries of e^2 / (2 beta) where |e| < beta, |e| - beta / 2
 * elsewhere dL/da = clamp(e / beta, -1, 1) / (n d)
 *
 * The norm of the target hides a collapse in scale: look at the spread of h.
 */
#include "loss/knobs.h"
#include "loss/rows.h"
#include "loss/target.h"

#include <math.h>

static const double eps = 1e-5; /* added to the variance */

static real *take(struct arena *arena, size_t d)
{
    return arena_take(arena, d, sizeof(real));
}

static size_t scratch_bytes(size_t n, size_t d, size_t n_queue)
{
    (void)n_queue;
    struct arena dry = arena_dry();
    take(&dry, d);
    return dry.used + target_scratch(n);
}

/* Biased variance, as LayerNorm has it. */
static void layer_norm(const real *x, size_t d, real *out)
{
    double mean = 0, variance = 0;
    for (size_t j = 0; j < d; j++)
        mean += (double)x[j] / (double)d;
    for (size_t j = 0; j < d; j++)
        variance += ((double)x[j] - mean) * ((double)x[j] - mean) / (double)d;
    for (size_t j = 0; j < d; j++)
        out[j] = (real)(((double)x[j] - mean) / sqrt(variance + eps));
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
    real *target = take(scratch, d);
    io->loss = 0;
    for (size_t i = 0; i < io->n; i++) {
        layer_norm(io->b + i * d, d, target);
        double sum = row(io->a + i * d, target, d, knob[0], count, io->da ? io->da + i * d : NULL);
        io->loss += sum / count;
        if (io->pair_loss)
            io->pair_loss[i] = (real)(sum / (double)d);
    }
    io->pair_weight = NULL;
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    target_run(way, 0.5, io, knob, pool, scratch);
}

static double no_learning(size_t n, size_t d, size_t n_queue, const double *knob)
{
    (void)n, (void)d, (void)n_queue, (void)knob;
    return 0;
}

static const struct knob knobs[] = {
    KNOB_LOG("beta", "smooth L1 width", 1, 0.01, 10,
             "Errors below it count squared, larger ones by their size alone (I-JEPA: 1)."),
    {.name = NULL}};

const struct loss loss_smooth_l1 = {
    .entry = {"smooth-l1", "A prediction of features comes near the normed features of the target network.",
              knobs},
    .used_by = "jepa",
    .needs = LOSS_NEEDS_B,
    .target_b = true,
    .run = run,
    .scratch_bytes = scratch_bytes,
    .no_learning = no_learning,
};
