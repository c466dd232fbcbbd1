/* SPDX-License-Identifier: MIT */
#include "loss/knobs.h"

const struct knob knobs_temperature[] = {
    {.name = "tau",
     .label = "temperature",
     .help = "What similarities are divided by before the softmax: low pushes the nearest negatives hardest, "
             "high "
             "pushes all alike (Chen et al. 2020).",
     .min = 0.01,
     .max = 10,
     .value = 0.2,
     .step = 1.25,
     .log = true,
     .unit = ""},
    {.name = NULL},
};
