/* SPDX-License-Identifier: MIT
 *
 * CLIP (Radford et al. 2021, arXiv:2103.00020, figure 3): each picture finds its text among the batch's texts
 * and each text its picture.
 *
 *   l_ij = e^t x_i.w_j,  L = (cross-entropy of rows + cross-entropy of columns) / 2
 *   G = (P_row + P_col - 2 Q) / (2n),  g_x = e^t G w,  g_w = e^t G^T x,  g_t = sum of G l
 *
 * Q is the identity or, with labels (one a caption), shared evenly by all rows of the same label: else a true
 * match of an equal caption would count as a negative, and the loss could not fall below the log of the
 * number of duplicates. Both directions are always in it.
 */
#include "loss/across.h"
#include "loss/knobs.h"
#include "math/vexp.h"

#include <math.h>

enum { T, SCALE };

/* Of the positives of row i, relative to the nearest of all: their number, sum of similarities below it, sum
 * of e^(logit). */
struct positives {
    double count, below, exp;
};

static struct positives positives_of(const struct across *across, size_t i, const real *s, real top)
{
    struct positives sum = {0, 0, 0};
    for (size_t j = 0; j < across->n; j++)
        if (across_match(across, i, j)) {
            sum.count++;
            sum.below += (double)(s[j] - top);
            sum.exp += (double)vexp((s[j] - top) * (real)across->scale);
        }
    return sum;
}

static void read_row(void *ctx, size_t i, real *s)
{
    struct side *side = ctx;
    const struct across *across = side->across;
    across_survey(side, i, s);
    real top = rows_max(s, across->n), scale = (real)across->scale;
    struct positives positives = positives_of(across, i, s, top);
    double sum = 0, sum_below = 0, own = positives.below / positives.count;
    for (size_t j = 0; j < across->n; j++) {
        real below = s[j] - top, e = vexp(below * scale);
        sum += (double)e;
        sum_below += (double)(e * below);
    }
    /* cppcheck-suppress invalidFunctionArg; the top row alone gives 1 */
    double log_sum = log(sum);
    side->row_loss[i] = log_sum - across->scale * own;
    side->center[i] = top + (real)(log_sum / across->scale);
    side->row_weight[i] = 1 - positives.exp / sum;
    side->share[i] = (real)(1 / positives.count);
    side->slope_t[i] = across->scale * (sum_below / sum - own); /* mean logit less that of the positives */
    side->slope_b[i] = 0;
}

static void weigh_row(void *ctx, size_t i, real *s)
{
    const struct side *side = ctx;
    const struct across *across = side->across;
    const real *other = side->across->side[side == &across->side[0]].center;
    real scale = (real)across->scale, own = side->center[i], weight = scale / (2 * (real)across->n);
    real target = 2 * weight * side->share[i];
    for (size_t j = 0; j < across->n; j++) {
        real both = vexp((s[j] - own) * scale) + vexp((s[j] - other[j]) * scale);
        s[j] = weight * both - (across_match(across, i, j) ? target : 0);
    }
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    struct across across;
    across_take(&across, scratch, io->n, io->d);
    across.scale = knob[SCALE] > 0 ? knob[SCALE] : exp(knob[T]);
    across_open(&across, io, pool);
    for (int k = 0; k < 2; k++)
        pairing_read(&across.side[k].pairing, read_row, &across.side[k]);
    across_gather(&across, io, 2);
    across_gradients(&across, weigh_row, io);
}

static double no_learning(const struct loss_io *io, const double *knob)
{
    (void)knob;
    return log((double)io->n);
}

static const struct knob knobs[] = {
    KNOB_LINEAR("t", "logit scale, log", 2.659260036932778, 0, 4.605170185988092, 0.1,
                "The log of what similarities are multiplied by; learned, ln(1 / 0.07) at the start, at most "
                "ln 100."),
    KNOB_LINEAR("scale", "logit scale", 0, 0, 100, 1,
                "What similarities are multiplied by, in the place of e^t; 0: e^t."),
    {.name = NULL},
};

const struct loss loss_clip = {
    .entry = {"clip", "Each picture finds its text in the batch, and each text its picture.", knobs},
    .needs = LOSS_NEEDS_B,
    .run = run,
    .no_learning = no_learning,
};
