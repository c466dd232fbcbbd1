/* SPDX-License-Identifier: MIT
 *
 * BYOL (Grill et al. 2020, arXiv:2006.07733): a prediction of one view's z turns towards the other view's z
 * through a target network, which follows by EMA. No negatives. Both directions are added.
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    KNOB_MOMENTUM(0.9, " (rising to 1 over a schedule that ends)"),
    KNOB_PREDICTOR,
    KNOB_PREDICTOR_RATE(10),
    KNOB_STOP_GRADIENT,
    KNOB_EMA,
    KNOB_NORMALISATION,
    {.name = NULL},
};

static const char *const defaults[] = {"steps", "1000", NULL};

const struct method method_byol = {
    .entry = {"byol",
              "A prediction of one view turns towards a slow copy's other view; there are no negatives.",
              knobs},
    .loss = "byol",
    .head = "linear 256, batchnorm, relu, linear 64, batchnorm",
    .predictor = "linear 128, batchnorm, relu, linear %d",
    .paper = "Grill et al. 2020, arXiv:2006.07733",
    .defaults = defaults,
    .flow = &two_views,
    .form = FORM_SUM,
    .target = true,
    .target_rises = true,
};
