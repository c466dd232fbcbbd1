/* SPDX-License-Identifier: MIT
 *
 * The contrastive loss of DrLIM (Hadsell, Chopra & LeCun 2006, eq. 4), on rows as they are: pairs that are
 * alike pull like a spring, others push like one until they are `margin` apart.
 *
 *   D_i = |a_i - b_i|,  l_i = D^2 / 2 (alike) or max(0, margin - D)^2 / 2 (not),  mean over the pairs
 *   dl/da = a - b (alike), -(margin - D) / D (a - b) (not, D < margin);  dl/db the opposite
 *
 * At D = 0 the direction away is not defined and the gradient is zero. Other libraries' forms of this name
 * scale rows to unit length, or use the hinge without the square.
 */
#include "loss/knobs.h"
#include "loss/loss.h"

#include <math.h>

static size_t scratch_bytes(size_t n, size_t d, size_t n_queue)
{
    (void)n, (void)d, (void)n_queue;
    return 0;
}

static double distance(const real *a, const real *b, size_t d)
{
    double square = 0;
    for (size_t j = 0; j < d; j++)
        square += ((double)a[j] - (double)b[j]) * ((double)a[j] - (double)b[j]);
    return sqrt(square);
}

struct tally {
    double loss, sum[2], count[2]; /* distances of pairs that are not alike (0), that are (1) */
    size_t active;
};

static void pair(struct loss_io *io, size_t i, double margin, struct tally *tally)
{
    size_t d = io->d;
    const real *a = io->a + i * d, *b = io->b + i * d;
    bool alike = io->same[i];
    double apart = distance(a, b, d), short_of = margin - apart;
    bool active = alike || !(short_of <= 0);
    double loss = !active ? 0 : (alike ? apart * apart : short_of * short_of) / 2;
    double pull = alike ? 1 : active && apart > 0 ? -short_of / apart : 0;
    tally->loss += loss;
    tally->sum[alike] += apart;
    tally->count[alike]++;
    tally->active += active;
    if (io->pair_loss)
        io->pair_loss[i] = (real)loss;
    for (size_t j = 0; j < d; j++) {
        double step = pull * ((double)a[j] - (double)b[j]) / (double)io->n;
        if (io->da)
            io->da[i * d + j] = (real)step;
        if (io->db)
            io->db[i * d + j] = (real)-step;
    }
}

static void run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    (void)pool, (void)scratch;
    struct tally tally = {0};
    for (size_t i = 0; i < io->n; i++)
        pair(io, i, knob[0], &tally);
    io->loss = tally.loss / (double)io->n;
    io->rows_active = tally.active;
    io->positive_mean = -tally.sum[1] / tally.count[1]; /* none: 0/0, not a number */
    io->negative_mean = -tally.sum[0] / tally.count[0];
    io->pair_weight = NULL;
}

static double no_learning(size_t n, size_t d, size_t n_queue, const double *knob)
{
    (void)n, (void)d, (void)n_queue, (void)knob;
    return (double)NAN; /* it depends on how many pairs are alike */
}

const struct knob knobs_contrastive[] = {
    {.name = "margin",
     .label = "margin",
     .help = "Pairs that are not alike push each other until they are this far apart (Hadsell et al. 2006).",
     .min = 0.05,
     .max = 20,
     .value = 1.5,
     .step = 1.25,
     .log = true,
     .unit = ""},
    {.name = NULL},
};

const struct loss loss_contrastive = {
    .entry = {"contrastive", "Pairs that are alike pull, others push until they are a margin apart.",
              knobs_contrastive},
    .used_by = "drlim",
    .needs = LOSS_NEEDS_B | LOSS_NEEDS_SAME,
    .run = run,
    .scratch_bytes = scratch_bytes,
    .no_learning = no_learning,
};
