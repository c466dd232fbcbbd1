/* SPDX-License-Identifier: MIT
 *
 * VICReg (Bardes et al. 2022, arXiv:2105.04906): no negatives and no second network. The views agree
 * (invariance), each feature of z keeps a deviation of 1 over the batch (variance), and features do not go
 * together (covariance). Either of the last two can be taken away: without variance everything collapses,
 * without covariance all features come to say the same.
 */
#include "method/deviation.h"
#include "method/knobs.h"
#include "method/two_views.h"

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
    if (!deviation_read(run, batch, out, max))
        return 0;
    readout_guide(out, 1, "wanted");
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
    .raw = true,
    .begin = deviation_begin,
    .end = deviation_end,
    .inputs = inputs,
    .readouts = readouts,
};
