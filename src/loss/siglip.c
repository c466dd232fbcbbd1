/* SPDX-License-Identifier: MIT
 *
 * SigLIP (Zhai et al. 2023, arXiv:2303.15343, algorithm 1): every pair of a picture and a text is a yes-or-no
 * question of its own, without a softmax over the batch.
 *
 *   l_ij = e^t x_i.w_j + b,  Y_ij = 1 where they belong together, -1 elsewhere
 *   L = -(1/n) sum_ij log sigma(Y_ij l_ij): divided by n, not n^2
 *   G = -Y sigma(-Y l) / n,  g_x = e^t G w,  g_w = e^t G^T x,  g_t = sum of G (l - b),  g_b = sum of G
 *
 * With labels (one a caption) all rows of a label belong together. Both directions are always in it.
 */
#include "loss/across.h"
#include "loss/knobs.h"
#include "math/vexp.h"

#include <math.h>

enum { T, OFFSET, SLICES = 2000 };

/* log(1 + e^x) without overflow. */
static double softplus(double x)
{
    return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}

static double sigmoid(double x)
{
    double e = exp(-fabs(x));
    return (x > 0 ? 1 : e) / (1 + e);
}

static void read_row(void *ctx, size_t i, real *s)
{
    struct side *side = ctx;
    const struct across *across = side->across;
    across_survey(side, i, s);
    side->row_loss[i] = side->row_weight[i] = side->slope_t[i] = side->slope_b[i] = 0;
    for (size_t j = 0; j < across->n; j++) {
        double y = across_match(across, i, j) ? 1 : -1, scaled = across->scale * (double)s[j];
        double against = -y * (scaled + across->offset), g = -y * sigmoid(against);
        side->row_loss[i] += softplus(against);
        side->slope_t[i] += g * scaled;
        side->slope_b[i] += g;
    }
}

static void weigh_row(void *ctx, size_t i, real *s)
{
    const struct side *side = ctx;
    const struct across *across = side->across;
    real scale = (real)across->scale, offset = (real)across->offset, weight = scale / (real)across->n;
    for (size_t j = 0; j < across->n; j++) {
        real y = across_match(across, i, j) ? 1 : -1;
        s[j] = -y * weight / (1 + vexp(y * (scale * s[j] + offset)));
    }
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    struct across across;
    across_take(&across, scratch, io->n, io->d);
    across.scale = exp(knob[T]);
    across.offset = knob[OFFSET];
    across_open(&across, io, pool);
    pairing_read(&across.side[0].pairing, read_row, &across.side[0]);
    io->pair_weight = NULL;
    across_gather(&across, io, 1);
    across_gradients(&across, weigh_row, io);
}

/* With rows at random on the sphere: there a similarity cos x has the density sin(x)^(d - 2) in x; on a line
 * (d = 1) it is 1 or -1. */
static double no_learning(const struct loss_io *io, const double *knob)
{
    const double pi = 3.14159265358979323846;
    double scale = exp(knob[T]), mass = 0, own = 0, other = 0;
    for (int i = 0; i < SLICES; i++) {
        double x = io->d > 1 ? (i + 0.5) * pi / SLICES : i % 2 * pi, s = cos(x);
        double weight = io->d > 1 ? pow(sin(x), (double)io->d - 2) : 1;
        double logit = scale * s + knob[OFFSET];
        mass += weight;
        own += weight * softplus(-logit);
        other += weight * softplus(logit);
    }
    return (own + ((double)io->n - 1) * other) / mass;
}

static const struct knob knobs[] = {
    KNOB_LINEAR("t", "logit scale, log", 2.302585092994046, 0, 4.605170185988092, 0.1,
                "The log of what similarities are multiplied by; learned, ln 10 at the start."),
    KNOB_LINEAR(
        "b", "logit offset", -10, -20, 20, 0.5,
        "What is added to the logits, learned: about minus the log of the batch says that matches are rare."),
    {.name = NULL},
};

const struct loss loss_siglip = {
    .entry = {"siglip", "Each pair of a picture and a text is a question by itself: do they belong together?",
              knobs},
    .needs = LOSS_NEEDS_B,
    .run = run,
    .no_learning = no_learning,
};
