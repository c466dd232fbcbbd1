/* SPDX-License-Identifier: MIT
 *
 * Alignment and uniformity (Wang & Isola 2020, arXiv:2005.10242): the two forces of contrastive learning,
 * each by itself. Views of a picture come together; all pictures spread evenly on the sphere.
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    KNOB_ALIGN_POWER(2),
    KNOB_UNIFORM_RATE(2),
    KNOB_UNIFORM_WEIGHT(1),
    KNOB_SWITCH("uniformity", "uniformity", "Off: nothing spreads the pictures; all fall into one point."),
    {.name = NULL},
};

static void inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io)
{
    (void)batch, (void)view, (void)io;
    if (!method_has(run, "uniformity"))
        *method_loss_knob(run, "lambda") = 0;
}

const struct method method_align_uniform = {
    .entry = {"align-uniform", "Views of a picture come together, all pictures spread evenly on the sphere.",
              knobs},
    .loss = "align-uniform",
    .head = "linear %d, relu, linear 32",
    .paper = "Wang & Isola 2020, arXiv:2005.10242",
    .contrast = {POSITIVES_VIEW, NEGATIVES_BATCH},
    .repels_by = "uniformity",
    .flow = &two_views,
    .form = FORM_BOTH,
    .inputs = inputs,
};
