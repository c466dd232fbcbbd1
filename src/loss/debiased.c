/* SPDX-License-Identifier: MIT
 *
 * Debiased (Chuang et al. 2020, arXiv:2007.00224, eq. 8) and hard-negative (HCL: Robinson et al. 2021,
 * arXiv:2010.04592, eq. 4) contrastive losses: NT-Xent whose negatives are corrected for the share tau_plus
 * of them that are in truth of the anchor's kind, and (HCL) weighted by how near they are.
 *
 *   x = s / tau, E = e^x, pos = E_ip, M = 2N - 2 negatives (the row and its partner left out)
 *   w_ij = E_ij^beta / sum over negatives of E^beta,  R_i = M sum_j w_ij E_ij  (beta 0: the plain sum)
 *   N_i = max((R_i - tau_plus M pos) / (1 - tau_plus), M e^(-1/tau)),  l_i = -log(pos / (pos + N_i))
 *   dl/dx_ij = w_ij (M E_ij (1 + beta) - beta R_i) / ((1 - tau_plus) (pos + N_i))      or 0 where clamped
 *   dl/dx_ip = -1 + (pos - tau_plus M pos / (1 - tau_plus)) / (pos + N_i)      where clamped without the
 *     middle term
 *
 * Everything is homogeneous in E: each row is taken relative to its largest x, so any tau is safe. The
 * weights w are not held still: -beta R is part of the true gradient. A row at the clamp gives its negatives
 * nothing; rows_active counts those above it.
 */
#include "loss/knobs.h"
#include "loss/views.h"
#include "math/vexp.h"

#include <math.h>

enum { TAU, TAU_PLUS, BETA };

/* Row i's part of dl/ds at a negative: e^(beta y) (linear e^y - constant), y = (s - nearest) / tau. */
struct slope {
    real nearest, linear, constant, partner;
};

struct work {
    struct views views;
    double tau, tau_plus, beta;
    struct slope *slope; /* (rows) */
    bool *clamped;       /* (rows) */
};

static void take(struct work *w, struct arena *arena, size_t n, size_t d)
{
    views_take(&w->views, arena, n, d);
    w->slope = arena_take(arena, 2 * n, sizeof *w->slope);
    w->clamped = arena_take(arena, 2 * n, sizeof(bool));
}

/* From the row's sums, relative to `top`: the loss and the slopes, unscaled. */
static void finish_row(struct work *w, size_t i, real positive, real nearest, double sum_weights,
                       double sum_weighted)
{
    double m = (double)w->views.rows - 2, top = (double)(positive > nearest ? positive : nearest);
    double pos = exp(((double)positive - top) / w->tau), below = exp(((double)nearest - top) / w->tau);
    double r = m * sum_weighted / sum_weights * below, keep = 1 - w->tau_plus;
    double rest = (r - w->tau_plus * m * pos) / keep, least = m * exp((-1 - top) / w->tau);
    bool clamped = w->clamped[i] = rest < least;
    double sum = pos + (clamped ? least : rest), share = 1 / (w->tau * (double)w->views.rows);
    double negatives = clamped ? 0 : share / (keep * sum * sum_weights);
    w->views.row_loss[i] = log(sum) - ((double)positive - top) / w->tau;
    w->slope[i].linear = (real)(negatives * m * (1 + w->beta) * below);
    w->slope[i].constant = (real)(negatives * w->beta * r);
    w->views.row_weight[i] = 1 - (pos - (clamped ? 0 : w->tau_plus * m * pos / keep)) / sum;
    w->slope[i].partner = (real)(-share * w->views.row_weight[i]);
}

static void read_row(void *ctx, size_t i, real *s)
{
    struct work *w = ctx;
    size_t p = views_partner(&w->views, i);
    real positive = s[p], scale = (real)(1 / w->tau), beta = (real)w->beta;
    size_t n_others = rows_drop(s, w->views.rows, i > p ? i : p);
    n_others = rows_drop(s, n_others, i > p ? p : i);
    real nearest = rows_max(s, n_others);
    w->slope[i] = (struct slope){.nearest = nearest};
    w->clamped[i] = false;
    w->views.row_loss[i] = w->views.row_weight[i] = 0;
    w->views.positive[i] = positive;
    w->views.hit[i] = rows_nearer(positive, nearest);
    if (n_others > 0)
        finish_row(w, i, positive, nearest, rows_sum_exp(s, n_others, nearest, scale * beta),
                   rows_sum_exp(s, n_others, nearest, scale * (1 + beta)));
}

static inline real slope_at(const struct work *w, size_t i, real s)
{
    const struct slope *slope = &w->slope[i];
    real y = (s - slope->nearest) * (real)(1 / w->tau), e = vexp(y);
    if (w->beta == 0)
        return slope->linear * e;
    return vexp(y * (real)w->beta) * (slope->linear * e - slope->constant);
}

static void weigh_row(void *ctx, size_t i, real *s)
{
    const struct work *w = ctx;
    size_t p = views_partner(&w->views, i);
    for (size_t j = 0; j < w->views.rows; j++)
        s[j] = slope_at(w, i, s[j]) + slope_at(w, j, s[j]);
    s[i] = 0;
    s[p] = w->slope[i].partner + w->slope[p].partner;
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    struct work w = {.tau = knob[TAU], .tau_plus = knob[TAU_PLUS], .beta = knob[BETA]};
    take(&w, scratch, io->n, io->d);
    views_open(&w.views, io, pool);
    pairing_read(&w.views.pairing, read_row, &w);
    views_gather(&w.views, io);
    for (size_t i = 0; i < w.views.rows; i++)
        io->rows_active -= w.clamped[i];
    views_gradients(&w.views, weigh_row, &w, io);
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    (void)knob;
    return log(2 * (double)io->n - 1);
}

static const struct knob debiased_knobs[] = {KNOB_TAU(0.5), KNOB_TAU_PLUS(0.1), KNOB_BETA(0), {.name = NULL}};
static const struct knob hcl_knobs[] = {KNOB_TAU(0.5), KNOB_TAU_PLUS(0.1), KNOB_BETA(1), {.name = NULL}};

const struct loss loss_debiased = {
    .entry = {"debiased",
              "NT-Xent whose negatives are corrected for those that are of the anchor's own kind.",
              debiased_knobs},
    .needs = LOSS_NEEDS_B,
    .active = "anchors not clamped",
    .run = run,
    .no_learning = no_learning,
};

const struct loss loss_hcl = {
    .entry = {"hcl", "The debiased loss with hard negatives: the nearer a negative, the more it counts.",
              hcl_knobs},
    .needs = LOSS_NEEDS_B,
    .active = "anchors not clamped",
    .run = run,
    .no_learning = no_learning,
};
