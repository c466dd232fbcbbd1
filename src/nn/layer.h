/* SPDX-License-Identifier: MIT
 *
 * A layer: a pure function of its input and parameters, with its backward by hand. One file and one line in
 * layers.def. Maps are (n, height, width, channels); a vector is (n, 1, 1, channels).
 *
 * Contract of backward: dx is overwritten, parameter gradients are ADDED to. It may read x, y and cache as
 * forward left them. A layer keeps no state outside params and cache, so any thread may run it on its own
 * micro-batch. A trunk holds only per-image layers (image i's output depends on image i alone); whole-batch
 * layers (BatchNorm) are for heads.
 */
#ifndef NF_NN_LAYER_H
#define NF_NN_LAYER_H

#include "base/err.h"
#include "base/registry.h"
#include "math/blas.h"
#include "nn/params.h"

#include <stdbool.h>
#include <stddef.h>

struct mask;

struct shape {
    int height, width, channels;
};

static inline size_t shape_size(struct shape s)
{
    return (size_t)s.height * (size_t)s.width * (size_t)s.channels;
}

enum { LAYER_MAX_TENSORS = 16 };

struct layer {
    const struct layer_kind *kind; /* lent: static */
    struct shape in, out;
    int argument[4];                  /* as parsed: channels, kernel, groups, ... */
    bool bare;                        /* a norm follows: no bias; set before setup */
    size_t tensor[LAYER_MAX_TENSORS]; /* indices into params, n_tensors of them */
    size_t offset[LAYER_MAX_TENSORS]; /* where each begins in a block of values or gradients */
    size_t n_tensors;
    size_t cache_reals;   /* per image: what backward needs besides x and y */
    size_t scratch_reals; /* per image of a micro-batch, for forward or backward, whichever is more */
    size_t scratch_fixed; /* and once, whatever n: packed weights, tiles */
    size_t flops;         /* of forward, per image (multiply and add counted apart) */
    void *detail;         /* a composite layer's own chain; owned, released by kind->release */
};

/* One call's data. All pointers lent; n images. */
struct pass {
    const real *params; /* values of the whole params block */
    real *grads;        /* same layout; backward adds */
    size_t n;
    const real *x;
    real *y;       /* forward writes, backward reads */
    real *cache;   /* (n * cache_reals) */
    real *scratch; /* (scratch_fixed + n * scratch_reals) */
    const real *dy;
    real *dx;                /* NULL: the input needs no gradient (first layer) */
    bool training;           /* BatchNorm: batch statistics (true) or running ones */
    const struct mask *mask; /* of these n images (nn/mask.h); NULL: all of them is seen */
};

struct layer_kind {
    struct entry entry;
    bool whole_batch; /* looks at other images: heads only */
    /* Words after the name ("64", "/2"); sets out, tensors (params_add), cache, scratch, flops. `prefix`
     * names its tensors ("trunk.3"). */
    bool (*setup)(struct layer *layer, const char *words, const char *prefix, struct params *params,
                  struct err *err);
    void (*print)(const struct layer *layer, char *text, size_t size); /* the words back, name included */
    void (*forward)(const struct layer *layer, struct pass *pass);
    void (*backward)(const struct layer *layer, struct pass *pass);
    /* After a training step: what is carried to the next one (running statistics, of role TENSOR_STATE in
     * `values`) from the cache of a forward. NULL: nothing. */
    void (*settle)(const struct layer *layer, real *values, size_t n, const real *cache);
    void (*release)(struct layer *layer); /* NULL where detail is NULL */
};

extern const struct axis layer_axis;
const struct layer_kind *layer_at(size_t i);

#endif
