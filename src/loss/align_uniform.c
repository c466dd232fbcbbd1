/* SPDX-License-Identifier: MIT
 *
 * Alignment and uniformity on the sphere (Wang & Isola 2020, arXiv:2005.10242, equations 4 and 5).
 *
 *   align = mean_i |u_i - v_i|^alpha,  u and v the unit rows of the two views
 *   uniform(u) = log mean_{i != j} e^(-t |u_i - u_j|^2) = log mean e^(2t (s_ij - 1))
 *   align-uniform = align + lambda (uniform(u) + uniform(v)) / 2
 *   d align/du_i = alpha |u_i - v_i|^(alpha - 2) (u_i - v_i) / n,  d uniform/du_i = 4t sum_j W_ij u_j
 *
 * with W the terms e^(2t (s_ij - 1)) over their sum over ordered pairs. Uniformity by itself is that of a, or
 * (symmetric) the mean of both views. It does not see lost dimensions: look at the rank beside it.
 */
#include "loss/knobs.h"
#include "loss/views.h"
#include "math/vexp.h"

#include <math.h>
#include <string.h>

/* What the loss is made of: each part's weight. */
struct mix {
    double align, uniform[2]; /* of a, of b */
    double alpha, t;
};

struct work {
    struct views views; /* row_loss: sums of a row of e^(2t (s - 1)) */
    struct pairing one; /* a view with itself */
    size_t first;       /* its first row */
    real rate, share;   /* 2t; what a term weighs in the gradient */
};

static void read_row(void *ctx, size_t i, real *s)
{
    struct work *w = ctx;
    w->views.row_loss[w->first + i] = rows_sum_exp(s, rows_drop(s, w->one.n_y, i), 1, w->rate);
}

static void weigh_row(void *ctx, size_t i, real *s)
{
    const struct work *w = ctx;
    for (size_t j = 0; j < w->one.n_y; j++)
        s[j] = w->share * vexp((s[j] - 1) * w->rate);
    s[i] = 0;
}

/* Of one view; its gradient times `weight` to g. */
static double uniformity(struct work *w, int view, double t, double weight, bool gradient)
{
    size_t n = w->views.n, d = w->views.d;
    double sum = 0;
    w->first = (size_t)view * n;
    w->one = w->views.pairing;
    w->one.n_x = w->one.n_y = n;
    w->one.x = w->one.y = w->views.u + w->first * d;
    w->rate = (real)(2 * t);
    pairing_read(&w->one, read_row, w);
    for (size_t i = 0; i < n; i++)
        sum += w->views.row_loss[w->first + i];
    if (n < 2)
        return 0;
    w->share = (real)(4 * t * weight / sum);
    if (gradient)
        pairing_pull(&w->one, weigh_row, w, w->views.g + w->first * d);
    return log(sum / ((double)n * ((double)n - 1)));
}

/* Adds the gradient of `weight` times the mean to g. */
static double alignment(struct views *v, const struct mix *mix, struct loss_io *io)
{
    size_t d = v->d, half = v->n * d;
    double sum = 0;
    for (size_t i = 0; i < v->n; i++) {
        const real *u = v->u + i * d, *other = u + half;
        double square = 0;
        for (size_t j = 0; j < d; j++)
            square += ((double)u[j] - (double)other[j]) * ((double)u[j] - (double)other[j]);
        double term = pow(square, mix->alpha / 2);
        double pull = square > 0 ? mix->align * mix->alpha * term / square / (double)v->n : 0;
        sum += term;
        for (size_t j = 0; j < d; j++) {
            real step = (real)(pull * ((double)u[j] - (double)other[j]));
            v->g[i * d + j] += step;
            v->g[half + i * d + j] -= step;
        }
        if (io->pair_loss)
            io->pair_loss[i] = (real)term;
    }
    return sum / (double)v->n;
}

static void run(struct loss_io *io, const struct mix *mix, struct pool *pool, struct arena *scratch)
{
    struct work w;
    views_take(&w.views, scratch, io->n, io->d);
    views_open(&w.views, io, pool);
    size_t half = io->n * io->d;
    memset(w.views.g, 0, 2 * half * sizeof(real));
    double uniform = 0;
    real *dz[2] = {io->da, io->db};
    for (int view = 0; view < 2; view++)
        if (mix->uniform[view] > 0)
            uniform += mix->uniform[view] * uniformity(&w, view, mix->t, mix->uniform[view], dz[view]);
    double align = io->b ? alignment(&w.views, mix, io) : 0;
    io->part[0] = mix->align * align;
    io->part[1] = uniform;
    io->loss = io->part[0] + uniform;
    io->positive_mean = io->b ? views_mean_positive(&w.views) : (double)NAN;
    io->negative_mean = views_mean_negative(&w.views);
    if (!io->b || mix->align == 0)
        io->pair_loss = NULL;
    io->pair_weight = NULL;
    views_backward(&w.views, io);
}

enum { ALPHA, T, LAMBDA };

static void alignment_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    run(io, &(struct mix){.align = 1, .alpha = knob[0]}, pool, scratch);
}

static void uniformity_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    bool both = io->symmetric && io->b;
    struct mix mix = {.uniform = {both ? 0.5 : 1, both ? 0.5 : 0}, .alpha = 2, .t = knob[0]};
    run(io, &mix, pool, scratch);
}

static void both_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    double half = knob[LAMBDA] / 2;
    struct mix mix = {.align = 1, .uniform = {half, half}, .alpha = knob[ALPHA], .t = knob[T]};
    run(io, &mix, pool, scratch);
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    (void)io, (void)knob;
    return 0;
}

static const struct knob alignment_knobs[] = {KNOB_ALIGN_POWER(2), {.name = NULL}};
static const struct knob uniformity_knobs[] = {KNOB_UNIFORM_RATE(2), {.name = NULL}};
static const struct knob both_knobs[] = {
    KNOB_ALIGN_POWER(2), KNOB_UNIFORM_RATE(2), KNOB_UNIFORM_WEIGHT(1), {.name = NULL}};

const struct loss loss_alignment = {
    .entry = {"alignment", "Mean distance of the two views of a picture on the sphere.", alignment_knobs},
    .needs = LOSS_NEEDS_B,
    .part = {"alignment", "uniformity"},
    .run = alignment_run,
    .no_learning = no_learning,
};

const struct loss loss_uniformity = {
    .entry = {"uniformity", "How evenly one table's rows lie on the sphere.", uniformity_knobs},
    .part = {"alignment", "uniformity"},
    .run = uniformity_run,
    .no_learning = no_learning,
};

const struct loss loss_align_uniform = {
    .entry = {"align-uniform", "The views of a picture come together, and all pictures spread evenly.",
              both_knobs},
    .needs = LOSS_NEEDS_B,
    .part = {"alignment", "uniformity"},
    .run = both_run,
    .no_learning = no_learning,
};
