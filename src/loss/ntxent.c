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
 *
 * Decoupled (Yeh et al. 2022, arXiv:2110.06848, eq. 6 with weight 1) leaves the positive out of the sum too:
 * a pair that is near already pulls as hard as one that is not, and the loss may fall below 0. (Not the
 * "debiased" loss, which others abbreviate alike.)
 */
#include "loss/knobs.h"
#include "loss/views.h"
#include "math/vexp.h"

#include <math.h>

struct work {
    struct views views;
    bool decoupled;
    real tau, scale;
    real *center; /* (rows) tau times the log of row i's sum */
};

static void take(struct work *w, struct arena *arena, size_t n, size_t d)
{
    views_take(&w->views, arena, n, d);
    w->center = arena_take(arena, 2 * n, sizeof(real));
}

static void read_row(void *ctx, size_t i, real *s)
{
    struct work *w = ctx;
    size_t p = views_partner(&w->views, i);
    real positive = s[p];
    size_t n_others = rows_drop(s, w->views.rows, i > p ? i : p); /* the higher first: the last entry moves */
    n_others = rows_drop(s, n_others, i > p ? p : i);
    real nearest = rows_max(s, n_others);
    real top = positive > nearest && !w->decoupled ? positive : nearest;
    double sum = rows_sum_exp(s, n_others, top, w->scale);
    if (!w->decoupled)
        sum += rows_sum_exp(&positive, 1, top, w->scale);
    else if (n_others == 0) /* a picture alone has nothing to be told from */
        sum = 1, top = positive, w->views.used[i] = false;
    w->views.row_loss[i] = log(sum) - ((double)positive - (double)top) * (double)w->scale;
    w->views.row_weight[i] = -expm1(-w->views.row_loss[i]);
    w->views.positive[i] = positive;
    w->views.hit[i] = rows_nearer(positive, nearest);
    w->center[i] = top + w->tau * (real)log(sum);
}

static void weigh_row(void *ctx, size_t i, real *s)
{
    const struct work *w = ctx;
    size_t rows = w->views.rows, p = views_partner(&w->views, i);
    real own = w->center[i], scale = w->scale, share = w->views.used[i] ? scale / (real)rows : 0;
    for (size_t j = 0; j < rows; j++)
        s[j] = share * (vexp((s[j] - own) * scale) + vexp((s[j] - w->center[j]) * scale));
    s[i] = 0;
    s[p] = (w->decoupled ? 0 : s[p]) - 2 * share;
}

static void find_partner(struct loss_io *io, bool decoupled, double tau, struct pool *pool,
                         struct arena *scratch)
{
    struct work w;
    take(&w, scratch, io->n, io->d);
    w.decoupled = decoupled;
    w.tau = (real)tau;
    w.scale = (real)(1 / tau);
    views_open(&w.views, io, pool);
    pairing_read(&w.views.pairing, read_row, &w);
    views_gather(&w.views, io);
    views_gradients(&w.views, weigh_row, &w, io);
}

static void ntxent_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    find_partner(io, false, knob[0], pool, scratch);
}

static void decoupled_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    io->pair_weight = NULL; /* every positive pulls alike */
    find_partner(io, true, knob[0], pool, scratch);
}

static double ntxent_no_learning(const struct loss_io *io, const double *knob)
{
    (void)knob;
    return log(2 * (double)io->n - 1);
}

static double decoupled_no_learning(const struct loss_io *io, const double *knob)
{
    (void)knob;
    return io->n > 1 ? log(2 * (double)io->n - 2) : 0;
}

static const struct knob knobs[] = {KNOB_TAU(0.2), {.name = NULL}};

const struct loss loss_ntxent = {
    .entry = {"ntxent",
              "Each view finds the other view of its picture among all other pictures of the batch.", knobs},
    .used_by = "simclr",
    .needs = LOSS_NEEDS_B,
    .run = ntxent_run,
    .no_learning = ntxent_no_learning,
};

const struct loss loss_decoupled = {
    .entry = {"decoupled", "NT-Xent with the positive left out of the sum: near pairs still pull in full.",
              knobs},
    .needs = LOSS_NEEDS_B,
    .run = decoupled_run,
    .no_learning = decoupled_no_learning,
};
