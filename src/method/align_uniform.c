/* SPDX-License-Identifier: MIT
 *
 * Alignment and uniformity (Wang & Isola 2020, arXiv:2005.10242): the two forces of contrastive learning,
 * each by itself. Views of a picture come together; all pictures spread evenly on the sphere.
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const struct knob knobs[] = {
    {.name = "alpha",
     .label = "alignment power",
     .help = "The distance of a pair is taken to this power (Wang & Isola 2020: 2).",
     .min = 0.5,
     .max = 4,
     .value = 2,
     .step = 0.5,
     .unit = ""},
    {.name = "t",
     .label = "uniformity rate",
     .help = "How near two pictures must be to push each other away: high, only the nearest (2).",
     .min = 0.1,
     .max = 20,
     .value = 2,
     .step = 1.25,
     .log = true,
     .unit = ""},
    {.name = "lambda",
     .label = "uniformity weight",
     .help = "How much spreading counts beside alignment (1).",
     .min = 0,
     .max = 10,
     .value = 1,
     .step = 0.1,
     .unit = ""},
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
    .flow = &two_views,
    .form = FORM_BOTH,
    .inputs = inputs,
};
