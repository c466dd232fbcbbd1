/* SPDX-License-Identifier: MIT
 *
 * Neighbouring layers worked as one, so that what lies between them is never written to memory: a kept batch
 * of activations is read and written at the speed of the RAM, and each map left out is time saved.
 *   norm, relu         keeps the input of the norm and the output
 *   norm, relu, pool   keeps the input of the norm and the pooled output; backward finds the maxima again
 */
#ifndef NF_NN_FUSED_H
#define NF_NN_FUSED_H

#include "nn/layer.h"

/* If the `n` layers from `first` begin with such a run: turns *first into the fused layer (text, names and
 * numbers stay the same) and returns how many layers it stands for; else 1. */
size_t layer_fuse(struct layer *first, size_t n);

#endif
