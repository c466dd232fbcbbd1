/* SPDX-License-Identifier: MIT */
#include "loss/knobs.h"

#define TEMPERATURE(default_value)                                                                           \
    {                                                                                                        \
        .name = "tau", .label = "temperature",                                                               \
        .help = "What similarities are divided by before the softmax: low pushes the nearest negatives "     \
                "hardest, high pushes all alike (Chen et al. 2020).",                                        \
        .min = 0.01, .max = 10, .value = (default_value), .step = 1.25, .log = true, .unit = ""              \
    }

#define CLASS_PRIOR                                                                                          \
    {                                                                                                        \
        .name = "tau_plus", .label = "class prior",                                                          \
        .help = "Share of the negatives that are in truth of the anchor's kind: 1 / number of classes; 0: "  \
                "NT-Xent (Chuang et al. 2020).",                                                             \
        .min = 0, .max = 0.9, .value = 0.1, .step = 0.05, .unit = ""                                         \
    }

#define HARDNESS(default_value)                                                                              \
    {                                                                                                        \
        .name = "beta", .label = "hardness",                                                                 \
        .help = "How much more a near negative counts than a far one; 0: all alike (Robinson et al. 2021: "  \
                "0.5 to 2).",                                                                                \
        .min = 0, .max = 10, .value = (default_value), .step = 0.25, .unit = ""                              \
    }

const struct knob knobs_temperature[] = {TEMPERATURE(0.2), {.name = NULL}};
const struct knob knobs_supcon[] = {TEMPERATURE(0.1), {.name = NULL}};
const struct knob knobs_debiased[] = {TEMPERATURE(0.5), CLASS_PRIOR, HARDNESS(0), {.name = NULL}};
const struct knob knobs_hard_negative[] = {TEMPERATURE(0.5), CLASS_PRIOR, HARDNESS(1), {.name = NULL}};
