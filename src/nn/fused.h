/* SPDX-License-Identifier: MIT
 *
 * Neighbouring layers worked as one, so that what lies between them is never written to memory: a kept batch
 * of activations is read and written at the speed of the RAM, and each map left out is time saved.
 *   norm, relu         keeps the input of the norm and the output
 *   norm, relu, pool   keeps the input of the norm and the pooled output; backward finds the maxima again
 *   a pair             keeps the output of the second of two layers
 */
#ifndef NF_NN_FUSED_H
#define NF_NN_FUSED_H

#include "nn/layer.h"

/* If the `n` layers from `first` begin with such a run: turns *first into the fused layer (text, names and
 * numbers stay the same) and returns how many layers it stands for; else 1. */
size_t layer_fuse(struct layer *first, size_t n);

/* Is the output of the first quicker made again than kept, if the second follows? So it is for a convolution
 * of few channels before a fused layer, and for a fused layer before global pooling. */
bool layer_pairs(const struct layer *first, const struct layer *second);
/* Turns *first into one layer that stands for both and keeps the second's output alone (pair.c). */
void layer_pair(struct layer *first);
/* The two, lent, where the layer is a pair. */
bool layer_of_pair(const struct layer *layer, const struct layer **first, const struct layer **second);

#endif
