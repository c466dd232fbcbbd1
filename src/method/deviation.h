/* SPDX-License-Identifier: MIT
 *
 * For methods that look at z as it is, not at its direction: the standard deviation of each dimension of z
 * over the batch's first views, which is what falls when they collapse. run->own is this and nothing else.
 */
#ifndef NF_METHOD_DEVIATION_H
#define NF_METHOD_DEVIATION_H

#include "method/method.h"

/* A method's begin and end. */
bool deviation_begin(struct method_run *run, struct err *err);
void deviation_end(struct method_run *run);
/* Fills in a vector of dim_z values; false where there is no room for it. The guide is the caller's. */
bool deviation_read(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                    size_t max);

#endif
