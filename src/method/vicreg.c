/* SPDX-License-Identifier: MIT
 *
 * VICReg (Bardes et al. 2022, arXiv:2105.04906): no negatives and no second network. The views agree
 * (invariance), each feature of z keeps a deviation of 1 over the batch (variance), and features do not go
 * together (covariance). Either of the last two can be taken away: without variance everything collapses,
 * without covariance all features come to say the same.
 */
#include "base/check.h"
#include "loss/columns.h"
#include "method/knobs.h"
#include "method/two_views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct knob knobs[] = {
    KNOB_INVARIANCE(25),
    KNOB_VARIANCE(25),
    KNOB_COVARIANCE(1),
    KNOB_SWITCH("variance", "variance term",
                "Off: features may stop varying; all pictures become one point."),
    KNOB_SWITCH("covariance", "covariance term",
                "Off: features may all say the same; few dimensions are left of z."),
    KNOB_NORMALISATION,
    {.name = NULL},
};

struct own {
    double *mean, *variance; /* (dim_z) of both views, for what is shown */
    float *deviation;
};

static bool begin(struct method_run *run, struct err *err)
{
    (void)err;
    struct own *own = run->own = xcalloc(1, sizeof *own);
    own->mean = xcalloc(run->dim_z, sizeof *own->mean);
    own->variance = xcalloc(run->dim_z, sizeof *own->variance);
    own->deviation = xcalloc(run->dim_z, sizeof *own->deviation);
    return true;
}

static void end(struct method_run *run)
{
    struct own *own = run->own;
    if (own) {
        free(own->mean);
        free(own->variance);
        free(own->deviation);
    }
    free(own);
    run->own = NULL;
}

static void inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io)
{
    (void)batch, (void)view, (void)io;
    if (!method_has(run, "variance"))
        *method_loss_knob(run, "mu") = 0;
    if (!method_has(run, "covariance"))
        *method_loss_knob(run, "nu") = 0;
}

static size_t readouts(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max)
{
    struct own *own = run->own;
    size_t d = run->dim_z;
    if (max < 1 || d > READOUT_VALUES_MAX)
        return 0;
    columns_moments(batch->z[0], batch->n, d, own->mean, own->variance);
    for (size_t j = 0; j < d; j++)
        own->deviation[j] = (float)sqrt(own->variance[j]);
    out[0] = readout_vector("deviation of each dimension", "", own->deviation, (int)d);
    readout_guide(&out[0], 1, "wanted");
    snprintf(out[0].note, sizeof out[0].note, "of z over the batch's first views; 0: it says nothing");
    return 1;
}

const struct method method_vicreg = {
    .entry = {"vicreg", "Views agree, each feature keeps its spread, and no two features go together.",
              knobs},
    .loss = "vicreg",
    .head = "linear 128, batchnorm, relu, linear 64",
    .paper = "Bardes et al. 2022, arXiv:2105.04906",
    .flow = &two_views,
    .form = FORM_BOTH,
    .begin = begin,
    .end = end,
    .inputs = inputs,
    .readouts = readouts,
};
