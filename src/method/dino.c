/* SPDX-License-Identifier: MIT
 *
 * DINO (Caron et al. 2021, arXiv:2104.14294) with two global views: the student's distribution over K
 * prototypes follows the one that a slow copy, the teacher, gives of the other view. The teacher's logits are
 * centred (a running mean is taken off, against collapse to one prototype) and sharpened (a low temperature,
 * against collapse to all alike). The centre moves after the loss. z is what the prototypes are compared
 * with.
 */
#include "base/check.h"
#include "method/knobs.h"
#include "method/two_views.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct knob knobs[] = {
    KNOB_TAU_S(0.1),
    KNOB_TAU_T(0.04),
    KNOB_MOMENTUM(0.97, " (rising to 1 over a schedule that ends)"),
    {.name = "center-m",
     .label = "centre momentum",
     .help = "Share of itself that the centre keeps each step (Caron et al. 2021: 0.9).",
     .min = 0,
     .max = 0.999,
     .value = 0.9,
     .step = 0.01,
     .unit = ""},
    {.name = "freeze",
     .label = "prototypes rest",
     .help = "Steps at the start in which the prototypes are held, so that the trunk begins with still ones.",
     .min = 0,
     .max = 1e6,
     .value = 20,
     .step = 10,
     .whole = true,
     .unit = "steps"},
    {.name = "clip",
     .label = "gradient limit",
     .help = "A tensor's gradient is cut to this length (Caron et al. 2021: 3); 0: it is left as it is.",
     .min = 0,
     .max = 1000,
     .value = 3,
     .step = 0.5,
     .unit = ""},
    KNOB_SWITCH("centring", "centring", "Off: the teacher's mean is not taken off; one prototype takes all."),
    KNOB_SWITCH("sharpening", "sharpening",
                "Off: the teacher's temperature is the student's; all prototypes become alike."),
    KNOB_EMA,
    {.name = NULL},
};

enum { MAX_SHOWN = 512 };

struct own {
    size_t center; /* tensor (K) */
    float usage[MAX_SHOWN], center_norm, mean_entropy;
};

static bool begin(struct method_run *run, struct err *err)
{
    (void)err;
    struct own *own = run->own = xcalloc(1, sizeof *own);
    int dims[4] = {(int)head_width(run, 1)};
    own->center = params_add(run->params, "center", dims, TENSOR_STATE, INIT_ZERO, 1, 1);
    return true;
}

static void end(struct method_run *run)
{
    free(run->own);
    run->own = NULL;
}

static void inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io)
{
    (void)batch, (void)view;
    const struct own *own = run->own;
    io->center = method_has(run, "centring") ? params_value(run->params, own->center) : NULL;
    if (!method_has(run, "sharpening"))
        *method_loss_knob(run, "tau_t") = *method_loss_knob(run, "tau_s");
}

/* A tensor's gradient is no longer than `most` (Caron et al. 2021: 3). */
static void clip(struct params *params, const struct tensor *tensor, double most)
{
    real *grad = params->grad + tensor->offset;
    double square = 0;
    for (size_t i = 0; i < tensor->count; i++)
        square += (double)grad[i] * (double)grad[i];
    real share = (real)(most / sqrt(square));
    for (size_t i = 0; i < tensor->count && square > most * most; i++)
        grad[i] *= share;
}

static void before_update(struct method_run *run, struct method_batch *batch)
{
    double most = method_knob(run, "clip", 0);
    for (size_t t = 0; t < run->params->n_tensors && most > 0; t++)
        if (run->params->tensor[t].role != TENSOR_STATE)
            clip(run->params, &run->params->tensor[t], most);
    if ((double)(batch->step - batch->since) >= method_knob(run, "freeze", 0))
        return;
    for (size_t t = run->head_tensor[1][0]; t < run->head_tensor[1][1]; t++) {
        const struct tensor *tensor = &run->params->tensor[t];
        memset(run->params->grad + tensor->offset, 0, tensor->count * sizeof(real));
    }
}

/* c = m c + (1 - m) mean of the raw logits of all teacher views (eq. 4). */
static void after_step(struct method_run *run, struct method_batch *batch)
{
    struct own *own = run->own;
    const struct two_views *tv = run->detail;
    real *center = params_value(run->params, own->center);
    double keep = method_knob(run, "center-m", 0.9);
    for (size_t j = 0; j < tv->dim_p; j++) {
        double sum = 0;
        for (int view = 0; view < 2; view++)
            for (size_t i = 0; i < batch->n; i++)
                sum += (double)tv->t[view][i * tv->dim_p + j];
        double mean = sum / (2 * (double)batch->n);
        center[j] = (real)(keep * (double)center[j] + (1 - keep) * mean);
    }
}

/* ---- what is shown ---- */

/* Adds softmax((t - c) / tau) / of to `mean`. */
static void add_distribution(const real *t, const real *c, size_t k, double tau, double of, double *mean)
{
    double top = -INFINITY, sum = 0;
    for (size_t j = 0; j < k; j++)
        top = fmax(top, (double)t[j] - (c ? (double)c[j] : 0));
    for (size_t j = 0; j < k; j++)
        sum += exp(((double)t[j] - (c ? (double)c[j] : 0) - top) / tau);
    for (size_t j = 0; j < k; j++)
        mean[j] += exp(((double)t[j] - (c ? (double)c[j] : 0) - top) / tau) / sum / of;
}

/* The teacher's distribution, mean of the last batch's views. */
static void read_usage(const struct method_run *run, const struct method_batch *batch, struct own *own)
{
    const struct two_views *tv = run->detail;
    const real *center = method_has(run, "centring") ? params_value(run->params, own->center) : NULL;
    double tau = method_knob(run, method_has(run, "sharpening") ? "tau_t" : "tau_s", 0.1);
    double mean[MAX_SHOWN] = {0}, entropy = 0;
    for (int view = 0; view < 2; view++)
        for (size_t i = 0; i < batch->n; i++)
            add_distribution(tv->t[view] + i * tv->dim_p, center, tv->dim_p, tau, 2 * (double)batch->n, mean);
    for (size_t j = 0; j < tv->dim_p; j++) {
        own->usage[j] = (float)mean[j];
        entropy -= mean[j] > 0 ? mean[j] * log(mean[j]) : 0;
    }
    own->mean_entropy = (float)entropy;
}

static void read_center(const struct method_run *run, struct own *own)
{
    const struct tensor *tensor = &run->params->tensor[own->center];
    double square = 0;
    for (size_t j = 0; j < tensor->count; j++)
        square += pow((double)params_value(run->params, own->center)[j], 2);
    own->center_norm = (float)sqrt(square);
}

static size_t readouts(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max)
{
    struct own *own = run->own;
    size_t k = head_width(run, 1);
    if (max < 3 || k > MAX_SHOWN)
        return 0;
    read_usage(run, batch, own);
    read_center(run, own);
    out[0] = readout_scalar("entropy of the mean", "nats", &own->mean_entropy);
    readout_guide(&out[0], log((double)k), "all used alike");
    readout_healthy(&out[0], 0.4 * log((double)k), NAN);
    out[1] = readout_scalar("length of the centre", "", &own->center_norm);
    out[2] = readout_vector("use of the prototypes", "share", own->usage, (int)k);
    readout_guide(&out[2], 1 / (double)k, "all used alike");
    return 3;
}

static const char *const defaults[] = {"lr", "6e-3", "steps", "1000", NULL};

const struct method method_dino = {
    .entry = {"dino", "Each view's distribution over prototypes follows a slow teacher's of the other view.",
              knobs},
    .loss = "dino",
    .head = "linear 128, batchnorm, gelu, linear 32",
    .predictor = "prototypes 256",
    .brings = "centre",
    .paper = "Caron et al. 2021, arXiv:2104.14294",
    .defaults = defaults,
    .flow = &two_views,
    .form = FORM_MEAN,
    .target = true,
    .target_predicts = true,
    .target_rises = true,
    .begin = begin,
    .end = end,
    .inputs = inputs,
    .before_update = before_update,
    .after_step = after_step,
    .readouts = readouts,
};
