/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"

static struct affine warp(double strength, double aspect, struct rng *rng)
{
    (void)strength, (void)aspect, (void)rng;
    return (struct affine){{-1, 0, 0, 0, 1, 0}};
}

const struct augment augment_flip = {
    .entry = {"flip", "left and right change places", NULL},
    .probability = 0.5,
    .warp = warp,
};
