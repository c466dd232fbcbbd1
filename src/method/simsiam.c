/* SPDX-License-Identifier: MIT
 *
 * SimSiam (Chen & He 2021, arXiv:2011.10566): a prediction of one view's z turns towards the other view's z,
 * which is held still. One network, no negatives; the head's output is normalised over the batch.
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    KNOB_PREDICTOR,
    KNOB_PREDICTOR_RATE(10),
    KNOB_SWITCH("predictor-schedule", "pred. schedule",
                "Off: the predictor's rate stays and does not follow the schedule (Chen & He 2021)."),
    KNOB_STOP_GRADIENT,
    KNOB_NORMALISATION,
    {.name = NULL},
};

static const char *const defaults[] = {"steps", "600", NULL};

const struct method method_simsiam = {
    .entry = {"simsiam", "A prediction of one view turns towards the other view, which is held still.",
              knobs},
    .loss = "simsiam",
    .head = "linear 256, batchnorm, relu, linear 64, batchnorm",
    .predictor = "linear 128, batchnorm, relu, linear %d",
    .paper = "Chen & He 2021, arXiv:2011.10566",
    .defaults = defaults,
    .flow = &two_views,
    .form = FORM_MEAN,
};
