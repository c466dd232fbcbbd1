/* SPDX-License-Identifier: MIT
 *
 * Knobs that several methods list, so that each is described once: initialisers for their const tables. A
 * switch takes a safeguard away (method/two_views.h says what each does).
 */
#ifndef NF_METHOD_KNOBS_H
#define NF_METHOD_KNOBS_H

#include "loss/knobs.h"

#define KNOB_MOMENTUM(VALUE, RISES)                                                                          \
    {                                                                                                        \
        .name = "m", .label = "target momentum",                                                             \
        .help = "Share of itself that the target network keeps each step" RISES                              \
                ": half of it is new after ln 2 / (1 - m) steps.",                                           \
        .min = 0, .max = 1, .value = (VALUE), .step = 0.01, .unit = ""                                       \
    }

/* WORDS: names in losses.def of losses with the same inputs, the method's own first. */
#define KNOB_LOSS(LABEL, WORDS, HELP) KNOB_CHOICE("loss", LABEL, WORDS, HELP)

#define KNOB_EMA                                                                                             \
    KNOB_SWITCH("ema", "slow target", "Off: the target is the online network of this very step (m = 0).")
#define KNOB_PREDICTOR                                                                                       \
    KNOB_SWITCH("predictor", "predictor",                                                                    \
                "Off: the two sides are compared without the extra net on the online one.")
#define KNOB_PREDICTOR_RATE(VALUE)                                                                           \
    {                                                                                                        \
        .name = "predictor-rate", .label = "predictor rate",                                                 \
        .help = "Times the learning rate: a predictor that keeps up with z is what holds collapse off "      \
                "(Tian et al. 2021, arXiv:2102.06810).",                                                     \
        .min = 0, .max = 100, .value = (VALUE), .step = 1, .unit = ""                                        \
    }
#define KNOB_STOP_GRADIENT                                                                                   \
    KNOB_SWITCH("stop-gradient", "stop-gradient",                                                            \
                "Off: the target side is the online network too and is moved towards the other.")
#define KNOB_NEGATIVES                                                                                       \
    KNOB_SWITCH("negatives", "negatives", "Off: views of a picture attract and nothing repels.")
#define KNOB_NORMALISATION                                                                                   \
    {                                                                                                        \
        .name = "normalisation", .label = "norm in heads",                                                   \
        .help = "Off: heads are made without their batchnorm layers.", .min = 0, .max = 1, .value = 1,       \
        .step = 1, .whole = true, .restart = true, .on_off = true, .unit = ""                                \
    }

#endif
