/* SPDX-License-Identifier: MIT
 *
 * Debiased contrastive learning (Chuang et al. 2020, arXiv:2007.00224): SimCLR that takes off the share of
 * the negatives that are in truth of the anchor's kind. With its hardness above 0 it is the hard-negative
 * form (Robinson et al. 2021, arXiv:2010.04592).
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    KNOB_TAU(0.2), KNOB_TAU_PLUS(0.1), KNOB_BETA(0), KNOB_NEGATIVES, {.name = NULL}};

const struct method method_debiased = {
    .entry = {"debiased", "SimCLR corrected for negatives that are in truth of the anchor's own kind.",
              knobs},
    .loss = "debiased",
    .head = "linear %d, relu, linear 32",
    .paper = "Chuang et al. 2020, arXiv:2007.00224",
    .contrast = {POSITIVES_VIEW, NEGATIVES_BATCH},
    .repels_by = "negatives",
    .flow = &two_views,
    .form = FORM_BOTH,
};
