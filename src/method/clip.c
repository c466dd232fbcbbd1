/* SPDX-License-Identifier: MIT
 *
 * CLIP (Radford et al. 2021, arXiv:2103.00020): each picture finds its caption in the batch, and each caption
 * its picture; equal captions share the match. Colours are named in captions, so views keep them.
 */
#include "method/captions.h"
#include "method/knobs.h"

static const struct knob knobs[] = {
    KNOB_LOGIT_SCALE(2.659260036932778), KNOB_VOCABULARY, KNOB_NEGATIVES, {.name = NULL}};

const struct method method_clip = {
    .entry = {"clip",
              "Each picture finds its caption among the batch's captions, and each caption its picture.",
              knobs},
    .loss = "clip",
    .head = "linear 32",
    .brings = "text encoder, logit scale",
    .paper = "Radford et al. 2021, arXiv:2103.00020",
    .defaults = captions_defaults,
    .contrast = {POSITIVES_VIEW, NEGATIVES_CAPTIONS},
    .repels_by = "negatives",
    .flow = &captions,
    .start = captions_start,
    .after_step = captions_clamp,
};
