/* SPDX-License-Identifier: MIT
 *
 * SimCLR (Chen et al. 2020, arXiv:2002.05709): two views of each picture, one head, NT-Xent. No target
 * network, no queue.
 */
#include "method/knobs.h"
#include "method/two_views.h"

static const char *const losses[] = {"ntxent", "decoupled", NULL};

static const struct knob knobs[] = {
    KNOB_TAU(0.2),
    KNOB_LOSS("loss", losses,
              "decoupled: the positive is not among what it is compared with, so that an easy one goes on "
              "pulling (Yeh et al. 2022)."),
    KNOB_NEGATIVES,
    {.name = NULL}};

const struct method method_simclr = {
    .entry = {"simclr",
              "Two views of a picture attract, all other pictures of the batch repel: NT-Xent on one head.",
              knobs},
    .loss = "ntxent",
    .head = "linear %d, relu, linear 32",
    .paper = "Chen et al. 2020, arXiv:2002.05709",
    .contrast = {POSITIVES_VIEW, NEGATIVES_BATCH},
    .repels_by = "negatives",
    .flow = &two_views,
    .form = FORM_BOTH,
};
