/* SPDX-License-Identifier: MIT
 *
 * Triplets (FaceNet: Schroff et al. 2015, arXiv:1503.03832): an anchor is nearer to a positive of its label
 * than to the nearest negative beyond it, by a margin. Rows are both views; triplets are mined in the batch.
 */
#include "method/knobs.h"
#include "method/labelled.h"
#include "method/two_views.h"

static const char *const losses[] = {"triplet-semihard", "triplet-hard", "triplet-soft", NULL};

static const struct knob knobs[] = {
    KNOB_TRIPLET_MARGIN(0.2),
    KNOB_LOSS("mining", losses,
              "Which negative an anchor meets: the nearest beyond its positive, within the margin (semihard, "
              "semi-hard); the hardest, with the hardest positive (triplet-hard); the same without an end "
              "(triplet-soft)."),
    KNOB_LABELS,
    KNOB_NEGATIVES,
    {.name = NULL}};

const struct method method_triplet = {
    .entry = {"triplet", "An anchor is nearer to its label's pictures than to others, by a margin.", knobs},
    .loss = "triplet",
    .head = "linear %d, relu, linear 32",
    .paper = "Schroff et al. 2015, arXiv:1503.03832",
    .contrast = {POSITIVES_LABEL, NEGATIVES_BATCH},
    .repels_by = "negatives",
    .flow = &two_views,
    .form = FORM_BOTH,
    .inputs = labelled_inputs,
};
