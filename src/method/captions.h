/* SPDX-License-Identifier: MIT
 *
 * The flow of methods that compare pictures with their captions: h -> projection head -> z, caption -> text
 * encoder (nn/text.h) -> w, and a loss of all z against all w (CLIP, SigLIP). Both views of a picture meet
 * its caption; the loss is the mean of the two. Equal captions belong together.
 *
 * Tensors besides head and text: "logit.scale", the log t of what similarities are multiplied by, and
 * "logit.offset", b, for a loss that has the knob b; both learned and free of weight decay. Their knobs say
 * where they start. After each step t is put back between 0 and ln 100 (Radford et al. 2021, section 2.5).
 */
#ifndef NF_METHOD_CAPTIONS_H
#define NF_METHOD_CAPTIONS_H

#include "method/head.h"

extern const struct method_flow captions;
extern const char *const captions_defaults[]; /* views that keep what captions name: colours */

/* After params_init: the vocabulary of run->caption, and where t and b start. The method's `start`. */
void captions_start(struct method_run *run);
/* The method's after_step. */
void captions_clamp(struct method_run *run, struct method_batch *batch);

/* Knobs of a method of this flow, besides the start of t and b. */
#define KNOB_VOCABULARY                                                                                      \
    {                                                                                                        \
        .name = "vocabulary", .label = "words and word parts",                                               \
        .help = "How many words and letter trigrams of the captions have a row of their own: the most "      \
                "frequent ones.",                                                                            \
        .min = 16, .max = 65536, .value = 1024, .step = 2, .log = true, .whole = true, .restart = true,      \
        .unit = ""                                                                                           \
    }

#define KNOB_LOGIT_SCALE(VALUE)                                                                              \
    {                                                                                                        \
        .name = "t", .label = "logit scale at start, log",                                                   \
        .help =                                                                                              \
            "The log of what similarities are multiplied by, before the first step; then it is learned.",    \
        .min = 0, .max = 4.605170185988092, .value = (VALUE), .step = 0.1, .restart = true, .unit = ""       \
    }

#endif
