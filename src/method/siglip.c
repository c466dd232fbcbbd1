/* SPDX-License-Identifier: MIT
 *
 * SigLIP (Zhai et al. 2023, arXiv:2303.15343): of every picture and caption of the batch, do they belong
 * together? Its offset starts at -10, made for batches of 32 768; here it starts where a batch of 128 is
 * balanced, at -ln 128.
 */
#include "method/captions.h"
#include "method/knobs.h"

static const struct knob knobs[] = {KNOB_LOGIT_SCALE(2.302585092994046),
                                    {.name = "b",
                                     .label = "logit offset at start",
                                     .help = "What is added to the logits before the first step; then it is "
                                             "learned. Minus the log of the batch is balanced.",
                                     .min = -20,
                                     .max = 20,
                                     .value = -4.85,
                                     .step = 0.5,
                                     .restart = true,
                                     .unit = ""},
                                    KNOB_VOCABULARY,
                                    KNOB_NEGATIVES,
                                    {.name = NULL}};

const struct method method_siglip = {
    .entry = {"siglip", "Of each picture and each caption of the batch: do they belong together?", knobs},
    .loss = "siglip",
    .head = "linear 32",
    .brings = "text encoder, logit scale and offset",
    .paper = "Zhai et al. 2023, arXiv:2303.15343",
    .defaults = captions_defaults,
    .contrast = {POSITIVES_VIEW, NEGATIVES_CAPTIONS},
    .repels_by = "negatives",
    .flow = &captions,
    .start = captions_start,
    .after_step = captions_clamp,
};
