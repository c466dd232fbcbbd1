/* SPDX-License-Identifier: MIT
 *
 * Inside nn/: the geometry of a convolution and the part of its backward that makes dW (conv_weights.c).
 * Maps are (height, width, channels), weights (kernel, kernel, channels, out) = (depth, out).
 */
#ifndef NF_NN_CONV_H
#define NF_NN_CONV_H

#include "nn/layer.h"

struct conv {
    size_t kernel, stride, pad;
    size_t height, width, channels;    /* in */
    size_t out_height, out_width, out; /* out: channels */
    size_t points;                     /* out_height * out_width */
    size_t depth;                      /* kernel * kernel * channels: a patch */
};

/* Points of a map with its border of zeros, and reals from one of its rows to the next for `channels`. */
static inline size_t conv_bordered_points(const struct conv *c)
{
    return (c->height + 2 * c->pad) * (c->width + 2 * c->pad);
}
static inline size_t conv_bordered_row(const struct conv *c, size_t channels)
{
    return (c->width + 2 * c->pad) * channels;
}

/* Channels first..first+count of one map with a border of zeros: (height + 2 pad, width + 2 pad, count).
 * `count` is KERNEL_OUTER or all channels. */
void conv_border(const struct conv *c, const real *restrict map, size_t first, size_t count,
                 real *restrict bordered);

/* dW += patches(X)' dY for n images. */
size_t conv_weights_scratch(const struct conv *c);
void conv_weights(const struct conv *c, size_t n, const real *x, const real *dy, real *dw, real *scratch);

#endif
