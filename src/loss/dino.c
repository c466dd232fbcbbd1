/* SPDX-License-Identifier: MIT
 *
 * DINO (Caron et al. 2021, arXiv:2104.14294, eq. 2 and algorithm 1): the student's distribution over K
 * prototypes follows the teacher's, which is centred (c is taken off) and sharpened (tau_t < tau_s).
 *
 *   q = softmax((b - c) / tau_t),  p = softmax(a / tau_s),  L = mean of H(q, p) = -sum_k q_k log p_k
 *   dL/da = (p - q) / (tau_s n)
 *
 * a and b are logits as they are; the teacher gets no gradient. H(q, p) = H(q) + KL(q | p): the two parts
 * tell collapse to one prototype (H(q) goes to 0) from collapse to none (H(q) stays at ln K). Both ways: the
 * mean.
 */
#include "loss/knobs.h"
#include "loss/rows.h"
#include "loss/target.h"

#include <math.h>

enum { TAU_S, TAU_T };

struct work {
    double *p, *q; /* (d) one row's distributions */
};

static struct work take(struct arena *arena, size_t d)
{
    struct work w;
    w.p = arena_take(arena, d, sizeof(double));
    w.q = arena_take(arena, d, sizeof(double));
    return w;
}

/* p = softmax((x - c) / tau); returns the log of the sum, so that log p_j = (x_j - c_j) / tau - it. */
static double softmax(const real *x, const real *c, size_t d, double tau, double *p)
{
    double top = -INFINITY, sum = 0;
    for (size_t j = 0; j < d; j++) {
        p[j] = ((double)x[j] - (c ? (double)c[j] : 0)) / tau;
        top = p[j] > top ? p[j] : top;
    }
    for (size_t j = 0; j < d; j++)
        sum += p[j] = exp(p[j] - top);
    for (size_t j = 0; j < d; j++)
        p[j] /= sum;
    /* cppcheck-suppress invalidFunctionArg; the top logit alone gives 1 */
    return top + log(sum);
}

static double entropy(const double *q, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum -= q[j] > 0 ? q[j] * log(q[j]) : 0;
    return sum;
}

static void row(struct loss_io *io, const double *knob, const struct work *w, size_t i)
{
    size_t d = io->d;
    const real *a = io->a + i * d, *b = io->b + i * d;
    double log_sum = softmax(a, NULL, d, knob[TAU_S], w->p), cross = 0;
    softmax(b, io->center, d, knob[TAU_T], w->q);
    for (size_t j = 0; j < d; j++)
        cross += w->q[j] * (log_sum - (double)a[j] / knob[TAU_S]);
    double own = entropy(w->q, d);
    io->loss += cross / (double)io->n;
    io->part[0] += own / (double)io->n;
    io->part[1] += (cross - own) / (double)io->n;
    if (io->pair_loss)
        io->pair_loss[i] = (real)cross;
    for (size_t j = 0; io->da && j < d; j++)
        io->da[i * d + j] = (real)((w->p[j] - w->q[j]) / (knob[TAU_S] * (double)io->n));
}

static void way(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    (void)pool;
    struct work w = take(scratch, io->d);
    io->loss = io->part[0] = io->part[1] = 0;
    io->pair_weight = NULL;
    for (size_t i = 0; i < io->n; i++)
        row(io, knob, &w, i);
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    target_run(way, 0.5, io, knob, pool, scratch);
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    (void)knob;
    return log((double)io->d);
}

static const struct knob knobs[] = {KNOB_TAU_S(0.1), KNOB_TAU_T(0.04), {.name = NULL}};

const struct loss loss_dino = {
    .entry = {"dino", "The student's distribution over prototypes follows the centred, sharpened teacher's.",
              knobs},
    .needs = LOSS_NEEDS_B,
    .target_b = true,
    .part = {"teacher entropy", "divergence"},
    .healthy = {{0.05, 0.99}},
    .run = run,
    .no_learning = no_learning,
};
