/* SPDX-License-Identifier: MIT
 *
 * SupCon (Khosla et al. 2020, arXiv:2004.11362): all views of a label attract each other, all others repel;
 * L_out. With labels off it is SimCLR.
 */
#include "method/knobs.h"
#include "method/labelled.h"
#include "method/two_views.h"

static const char *const losses[] = {"supcon", "supcon-in", NULL};

static const struct knob knobs[] = {
    KNOB_TAU(0.1),
    KNOB_LOSS("loss", losses,
              "supcon: each positive has a share of its own (L_out, the better one of Khosla et al. 2020); "
              "supcon-in: their sum has."),
    KNOB_LABELS,
    KNOB_NEGATIVES,
    {.name = NULL}};

const struct method method_supcon = {
    .entry = {"supcon", "All pictures of a label attract each other, those of other labels repel.", knobs},
    .loss = "supcon",
    .head = "linear %d, relu, linear 32",
    .paper = "Khosla et al. 2020, arXiv:2004.11362",
    .contrast = {POSITIVES_LABEL, NEGATIVES_BATCH},
    .repels_by = "negatives",
    .flow = &two_views,
    .form = FORM_BOTH,
    .inputs = labelled_inputs,
};
