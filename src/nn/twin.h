/* SPDX-License-Identifier: MIT
 *
 * A copy of some tensors that no gradient trains: the target network of MoCo, BYOL, DINO and JEPA. Its
 * tensors are named "target.<original's name>", are of role TENSOR_STATE, and lie as the originals do, so
 * that a net of the originals runs on the copy when its block of values begins `shift` reals later. It
 * follows the originals by an exponential moving average. Running statistics of a norm are not averaged: the
 * copy keeps its own (as all published code does). One thread drives.
 */
#ifndef NF_NN_TWIN_H
#define NF_NN_TWIN_H

#include "base/parallel.h"
#include "nn/params.h"

struct twin {
    size_t first, end; /* the originals' indices in params */
    size_t copy;       /* index of the first copy */
    size_t shift;      /* reals from an original to its copy; 0: there is none */
};

/* Declares copies of the tensors first..end-1; only before params_allocate. */
struct twin twin_add(struct params *params, size_t first, size_t end);
/* The copy becomes the original. */
void twin_start(const struct params *params, const struct twin *twin);
/* copy = keep * copy + (1 - keep) * original, for what is trained; keep 0 makes them equal. */
void twin_follow(const struct params *params, const struct twin *twin, double keep, struct pool *pool);
/* |original - copy| / |original| over what is trained; 0 where all are 0. */
double twin_distance(const struct params *params, const struct twin *twin);

#endif
