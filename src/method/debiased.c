/* SPDX-License-Identifier: MIT
 *
 * Debiased contrastive learning (Chuang et al. 2020, arXiv:2007.00224): SimCLR that takes off the share of
 * the negatives that are in truth of the anchor's kind. With its hardness above 0 it is the hard-negative
 * form (Robinson et al. 2021, arXiv:2010.04592).
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    KNOB_TAU(0.2),
    {.name = "tau_plus",
     .label = "class prior",
     .help =
         "Share of the negatives that are in truth of the anchor's kind: 1 / number of classes; 0: SimCLR.",
     .min = 0,
     .max = 0.9,
     .value = 0.1,
     .step = 0.05,
     .unit = ""},
    {.name = "beta",
     .label = "hardness",
     .help = "How much more a near negative counts than a far one; 0: all alike (Robinson et al.: 0.5 to 2).",
     .min = 0,
     .max = 10,
     .value = 0,
     .step = 0.25,
     .unit = ""},
    KNOB_NEGATIVES,
    {.name = NULL},
};

const struct method method_debiased = {
    .entry = {"debiased", "SimCLR corrected for negatives that are in truth of the anchor's own kind.",
              knobs},
    .loss = "debiased",
    .head = "linear %d, relu, linear 32",
    .paper = "Chuang et al. 2020, arXiv:2007.00224",
    .flow = &two_views,
    .form = FORM_BOTH,
};
