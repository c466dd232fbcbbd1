/* SPDX-License-Identifier: MIT
 *
 * Inside nn/: GroupNorm of one image, for the layers that have one inside.
 */
#ifndef NF_NN_NORM_H
#define NF_NN_NORM_H

#include "nn/channels.h"
#include "nn/layer.h"

/* Statistics of image i into the pass' cache; its scale and shift into the front of the pass' scratch: (2,
 * channels). Hidden points are left out. */
void norm_begin_image(const struct layer *layer, const struct pass *pass, size_t i);
/* The same scale and shift again, from the cache, into scale_shift (2, channels). */
void norm_again(const struct layer *layer, const struct pass *pass, size_t i, real *scale_shift);
/* dy (points, channels) of image i to its dx, which may be dy, or NULL; parameter gradients are added to. */
void norm_backward_image(const struct layer *layer, const struct pass *pass, size_t i, const real *dy,
                         real *dx);

#endif
