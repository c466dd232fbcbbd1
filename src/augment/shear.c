/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"

static struct affine warp(double slope, double aspect, struct rng *rng)
{
    return (struct affine){{1, rng_between(rng, -slope, slope) / aspect, 0, 0, 1, 0}};
}

static const struct knob knobs[] = {{.name = "shear",
                                     .label = "shear",
                                     .help = "Upright lines lean by up to so many pixels a pixel of height.",
                                     .min = 0,
                                     .max = 1,
                                     .value = 0.2,
                                     .step = 0.05,
                                     .unit = ""},
                                    {0}};

const struct augment augment_shear = {
    .entry = {"shear", "the picture leans left or right", knobs},
    .low = 0.2,
    .probability = 1,
    .has_identity = true,
    .identity = 0,
    .warp = warp,
};
