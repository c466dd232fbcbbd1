/* SPDX-License-Identifier: MIT
 *
 * Knobs that a loss and the methods that train with it share, so that each is described once: initialisers
 * for their const tables. The argument is the default.
 */
#ifndef NF_LOSS_KNOBS_H
#define NF_LOSS_KNOBS_H

#include "base/registry.h"

/* Turned by steps, from low to high. */
#define KNOB_LINEAR(NAME, LABEL, VALUE, LOW, HIGH, STEP, HELP)                                               \
    {                                                                                                        \
        .name = (NAME), .label = (LABEL), .help = (HELP), .min = (LOW), .max = (HIGH), .value = (VALUE),     \
        .step = (STEP), .unit = ""                                                                           \
    }
/* Turned by factors of 1.25. */
#define KNOB_LOG(NAME, LABEL, VALUE, LOW, HIGH, HELP)                                                        \
    {                                                                                                        \
        .name = (NAME), .label = (LABEL), .help = (HELP), .min = (LOW), .max = (HIGH), .value = (VALUE),     \
        .step = 1.25, .log = true, .unit = ""                                                                \
    }

#define KNOB_TAU(VALUE)                                                                                      \
    KNOB_LOG("tau", "temperature", VALUE, 0.01, 10,                                                          \
             "What similarities are divided by before the softmax: low pushes the nearest negatives "        \
             "hardest, high pushes all alike (Chen et al. 2020).")
#define KNOB_TAU_PLUS(VALUE)                                                                                 \
    KNOB_LINEAR("tau_plus", "class prior", VALUE, 0, 0.9, 0.05,                                              \
                "Share of the negatives that are in truth of the anchor's kind: 1 / number of classes; 0: "  \
                "NT-Xent (Chuang et al. 2020).")
#define KNOB_BETA(VALUE)                                                                                     \
    KNOB_LINEAR("beta", "hardness", VALUE, 0, 10, 0.25,                                                      \
                "How much more a near negative counts than a far one; 0: all alike (Robinson et al. 2021: "  \
                "0.5 to 2).")
#define KNOB_MARGIN(VALUE)                                                                                   \
    KNOB_LOG("margin", "margin", VALUE, 0.05, 20,                                                            \
             "What is not alike pushes until it is this far apart (Hadsell et al. 2006).")
#define KNOB_TRIPLET_MARGIN(VALUE)                                                                           \
    KNOB_LINEAR("alpha", "margin", VALUE, 0, 4, 0.05,                                                        \
                "By how much a positive must be nearer than a negative, in squared distance of unit rows "   \
                "(FaceNet: 0.2).")
#define KNOB_ALIGN_POWER(VALUE)                                                                              \
    KNOB_LINEAR("alpha", "alignment power", VALUE, 0.5, 4, 0.5,                                              \
                "The distance of a pair is taken to this power (Wang & Isola 2020: 2).")
#define KNOB_UNIFORM_RATE(VALUE)                                                                             \
    KNOB_LOG("t", "uniformity rate", VALUE, 0.1, 20,                                                         \
             "How near two pictures must be to push each other away: high, only the nearest (2).")
#define KNOB_UNIFORM_WEIGHT(VALUE)                                                                           \
    KNOB_LINEAR("lambda", "uniformity term", VALUE, 0, 10, 0.1,                                              \
                "How much spreading counts beside alignment; at 0 nothing keeps pictures apart (1).")
#define KNOB_REDUNDANCY(VALUE)                                                                               \
    KNOB_LINEAR("lambda", "redundancy term", VALUE, 0, 10, 0.005,                                            \
                "What a correlation of two features costs beside one that is missing; the fewer features, "  \
                "the more (Zbontar et al. 2021: 0.005 at 8192).")
#define KNOB_LOSS_SCALE(VALUE)                                                                               \
    KNOB_LOG("scale", "scale", VALUE, 0.001, 10,                                                             \
             "The loss is multiplied by it; Adam does not care, SGD does.")
#define KNOB_INVARIANCE(VALUE)                                                                               \
    KNOB_LINEAR("lambda", "invariance term", VALUE, 0, 100, 1,                                               \
                "How much the two views' agreement counts (Bardes et al. 2022: 25).")
#define KNOB_VARIANCE(VALUE)                                                                                 \
    KNOB_LINEAR("mu", "variance term", VALUE, 0, 100, 1,                                                     \
                "How much a feature that hardly varies costs; at 0 all rows become one (25).")
#define KNOB_COVARIANCE(VALUE)                                                                               \
    KNOB_LINEAR("nu", "covariance term", VALUE, 0, 100, 1, "How much features that go together cost (1).")
#define KNOB_TAU_S(VALUE)                                                                                    \
    KNOB_LOG("tau_s", "student temp.", VALUE, 0.01, 10,                                                      \
             "What the student's logits are divided by (Caron et al. 2021: 0.1).")
#define KNOB_TAU_T(VALUE)                                                                                    \
    KNOB_LOG("tau_t", "teacher temp.", VALUE, 0.01, 10,                                                      \
             "What the teacher's are divided by: below the student's, or nothing is sharpened.")

#endif
