/* SPDX-License-Identifier: MIT
 *
 * Supervised contrastive loss (Khosla et al. 2020, arXiv:2004.11362): all rows of an anchor's class are its
 * positives, P_i. Both views are anchors; a row of unknown class has the other view of its picture alone.
 *
 *   L_out (eq. 2): l_i = -1/|P_i| sum_{p in P_i} s_ip / tau + log sum_{k != i} e^(s_ik / tau)
 *   L_in  (eq. 3): l_i = -log(1/|P_i| sum_{p in P_i} e^(s_ip / tau)) + log sum_{k != i} e^(s_ik / tau)
 *   G = (S - T) / (n tau), S the softmax over k != i, T 1/|P_i| on P_i (out) or the softmax over P_i (in)
 *
 * L_out is the paper's choice and the default: L_in lets a near positive excuse a far one. The mean is over
 * the n anchors with a positive; without b the rows of a alone are the batch and may have none. (The paper's
 * code multiplies by tau / 0.07; another library's SupCon is L_in - log |P_i|.)
 */
#include "loss/knobs.h"
#include "loss/views.h"
#include "math/vexp.h"

#include <math.h>

struct work {
    struct views views;
    const int32_t *labels;
    bool in;
    real tau, scale, share;
    real *center;    /* (rows) tau times the log of row i's sum */
    real *positives; /* (rows) out: 1/|P_i|; in: tau times the log of the sum over P_i */
    double *negative_sum, *negative_count; /* (rows) of similarities with rows that are no positives */
};

static void take(struct work *w, struct arena *arena, size_t n, size_t d)
{
    views_take(&w->views, arena, n, d);
    w->center = arena_take(arena, 2 * n, sizeof(real));
    w->positives = arena_take(arena, 2 * n, sizeof(real));
    w->negative_sum = arena_take(arena, 2 * n, sizeof(double));
    w->negative_count = arena_take(arena, 2 * n, sizeof(double));
}

/* What a row holds besides the row itself: of negatives (0) and of positives (1). */
struct parts {
    double count[2], sum[2]; /* sum of similarities */
    real nearest[2];
    double log_sum[2]; /* log of the sum of e^(s / tau) */
};

static struct parts survey(const struct work *w, size_t i, const real *s)
{
    struct parts parts = {.nearest = {-INFINITY, -INFINITY}};
    double sum_exp[2] = {0};
    for (size_t j = 0; j < w->views.rows; j++) {
        bool k = views_positive(&w->views, w->labels, i, j);
        if (j == i)
            continue;
        parts.count[k]++;
        parts.sum[k] += (double)s[j];
        parts.nearest[k] = s[j] > parts.nearest[k] ? s[j] : parts.nearest[k];
    }
    for (size_t j = 0; j < w->views.rows; j++) {
        bool k = views_positive(&w->views, w->labels, i, j);
        if (j != i)
            sum_exp[k] += (double)vexp((s[j] - parts.nearest[k]) * w->scale);
    }
    for (int k = 0; k < 2; k++)
        parts.log_sum[k] = (double)parts.nearest[k] * (double)w->scale + log(sum_exp[k]);
    return parts;
}

/* log(e^x + e^y); x may be -INFINITY. */
static double log_add(double x, double y)
{
    double top = x > y ? x : y;
    return top + log(exp(x - top) + exp(y - top));
}

static void read_row(void *ctx, size_t i, real *s)
{
    struct work *w = ctx;
    struct parts parts = survey(w, i, s);
    w->views.used[i] = parts.count[1] > 0;
    w->views.row_loss[i] = w->views.row_weight[i] = w->center[i] = w->positives[i] = 0;
    w->negative_sum[i] = parts.sum[0];
    w->negative_count[i] = parts.count[0];
    if (!w->views.used[i])
        return;
    double all = log_add(parts.log_sum[0], parts.log_sum[1]), mean = parts.sum[1] / parts.count[1];
    double pull = w->in ? parts.log_sum[1] - log(parts.count[1]) : mean * (double)w->scale;
    w->views.row_loss[i] = all - pull;
    w->views.positive[i] = (real)mean;
    w->views.row_weight[i] = -expm1(parts.log_sum[1] - all);
    w->views.hit[i] = rows_nearer(parts.nearest[1], parts.nearest[0]);
    w->center[i] = (real)all * w->tau;
    w->positives[i] = w->in ? (real)parts.log_sum[1] * w->tau : (real)(1 / parts.count[1]);
}

/* Row i's S or T and row j's, added, for the pair at similarity s; a row that is no anchor adds nothing. */
static real both_softmax(const struct work *w, const real *center, size_t i, size_t j, real s)
{
    real one = w->views.used[i] ? vexp((s - center[i]) * w->scale) : 0;
    return one + (w->views.used[j] ? vexp((s - center[j]) * w->scale) : 0);
}

static void weigh_row(void *ctx, size_t i, real *s)
{
    const struct work *w = ctx;
    for (size_t j = 0; j < w->views.rows; j++) {
        real weight = both_softmax(w, w->center, i, j, s[j]);
        if (views_positive(&w->views, w->labels, i, j))
            weight -= w->in ? both_softmax(w, w->positives, i, j, s[j]) : w->positives[i] + w->positives[j];
        s[j] = w->share * weight;
    }
    s[i] = 0;
}

static double mean_negative(const struct work *w)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < w->views.rows; i++) {
        sum += w->negative_sum[i];
        count += w->negative_count[i];
    }
    return sum / count; /* none: 0/0, not a number */
}

static void find_class(struct loss_io *io, bool in, double tau, struct pool *pool, struct arena *scratch)
{
    struct work w;
    take(&w, scratch, io->n, io->d);
    w.labels = io->labels;
    w.in = in;
    w.tau = (real)tau;
    w.scale = (real)(1 / tau);
    views_open(&w.views, io, pool);
    pairing_read(&w.views.pairing, read_row, &w);
    views_gather(&w.views, io);
    io->negative_mean = mean_negative(&w);
    w.share = w.scale / (real)(io->rows_used ? io->rows_used : 1);
    views_gradients(&w.views, weigh_row, &w, io);
}

static void out_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    find_class(io, false, knob[0], pool, scratch);
}

static void in_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    find_class(io, true, knob[0], pool, scratch);
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    (void)knob;
    size_t others = (io->b ? 2 : 1) * io->n - 1;
    return others ? log((double)others) : 0;
}

static const struct knob knobs[] = {KNOB_TAU(0.1), {.name = NULL}};

const struct loss loss_supcon = {
    .entry = {"supcon", "Each view finds all views of its class among the batch, each of them: L_out.",
              knobs},
    .used_by = "supcon-out",
    .needs = LOSS_NEEDS_LABELS,
    .run = out_run,
    .no_learning = no_learning,
};

const struct loss loss_supcon_in = {
    .entry = {"supcon-in", "Each view finds some view of its class among the batch: L_in.", knobs},
    .needs = LOSS_NEEDS_LABELS,
    .run = in_run,
    .no_learning = no_learning,
};
