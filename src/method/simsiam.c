/* SPDX-License-Identifier: MIT
 *
 * SimSiam (Chen & He 2021, arXiv:2011.10566): a prediction of one view's z turns towards the other view's z,
 * which is held still. One network, no negatives; the head's output is normalised over the batch.
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    KNOB_PREDICTOR,
    KNOB_STOP_GRADIENT,
    KNOB_NORMALISATION,
    {.name = NULL},
};

const struct method method_simsiam = {
    .entry = {"simsiam", "A prediction of one view turns towards the other view, which is held still.",
              knobs},
    .loss = "simsiam",
    .head = "linear 128, batchnorm, relu, linear 64, batchnorm",
    .predictor = "linear 32, batchnorm, relu, linear %d",
    .paper = "Chen & He 2021, arXiv:2011.10566",
    .flow = &two_views,
    .form = FORM_MEAN,
};
