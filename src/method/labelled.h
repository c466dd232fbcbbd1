/* SPDX-License-Identifier: MIT
 *
 * For methods that learn from the label: what counts as a positive. With the switch "labels" off, or data
 * without a label, only the other view of the same picture does. Labels are those of the training pictures;
 * a bank of them then knows the label by design.
 */
#ifndef NF_METHOD_LABELLED_H
#define NF_METHOD_LABELLED_H

#include "method/method.h"

#define KNOB_LABELS KNOB_SWITCH("labels", "labels", "Off: a picture's only positive is its own other view.")

/* For `inputs` of a method; sets io->labels and takes both views as rows. */
void labelled_inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io);

#endif
