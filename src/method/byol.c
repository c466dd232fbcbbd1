/* SPDX-License-Identifier: MIT
 *
 * BYOL (Grill et al. 2020, arXiv:2006.07733): a prediction of one view's z turns towards the other view's z
 * through a target network, which follows by EMA. No negatives. Both directions are added.
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    KNOB_MOMENTUM(0.5, " (rising to 1 over a schedule that ends)"),
    KNOB_PREDICTOR,
    KNOB_STOP_GRADIENT,
    KNOB_EMA,
    KNOB_NORMALISATION,
    {.name = NULL},
};

/* A target that moves fast: within a few hundred steps a slow one only tells of the net that nothing had
 * taught (measured on tiles, 600 steps: shape at 0.75 with m 0.5, 0.58 with 0.9, 0.62 with 0.99). */
static const char *const defaults[] = {"lr", "6e-3", NULL};

const struct method method_byol = {
    .entry = {"byol",
              "A prediction of one view turns towards a slow copy's other view; there are no negatives.",
              knobs},
    .loss = "byol",
    .head = "linear 128, batchnorm, relu, linear 64, batchnorm",
    .predictor = "linear 64, batchnorm, relu, linear %d",
    .paper = "Grill et al. 2020, arXiv:2006.07733",
    .defaults = defaults,
    .flow = &two_views,
    .form = FORM_SUM,
    .target = true,
    .target_rises = true,
};
