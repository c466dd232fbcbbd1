/* SPDX-License-Identifier: MIT
 *
 * Triplets (FaceNet: Schroff et al. 2015, arXiv:1503.03832): an anchor is nearer to a positive of its label
 * than to the nearest negative beyond it, by a margin. Rows are both views; triplets are mined in the batch.
 */
#include "method/knobs.h"
#include "method/labelled.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    {.name = "alpha",
     .label = "margin",
     .help = "By how much a positive must be nearer than a negative, in squared distance (FaceNet: 0.2).",
     .min = 0,
     .max = 4,
     .value = 0.2,
     .step = 0.05,
     .unit = ""},
    KNOB_LABELS,
    KNOB_NEGATIVES,
    {.name = NULL},
};

const struct method method_triplet = {
    .entry = {"triplet", "An anchor is nearer to its label's pictures than to others, by a margin.", knobs},
    .loss = "triplet",
    .head = "linear %d, relu, linear 32",
    .paper = "Schroff et al. 2015, arXiv:1503.03832",
    .flow = &two_views,
    .form = FORM_BOTH,
    .own_bytes = labelled_bytes,
    .inputs = labelled_inputs,
};
