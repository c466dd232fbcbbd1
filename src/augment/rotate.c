/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"

static struct affine warp(double degrees, double aspect, struct rng *rng)
{
    return affine_turn(rng_between(rng, -degrees, degrees) * 3.14159265358979323846 / 180, aspect);
}

static const struct knob knobs[] = {{.name = "rotate",
                                     .label = "rotate",
                                     .help = "Turned by up to so many degrees either way.",
                                     .min = 0,
                                     .max = 180,
                                     .value = 23,
                                     .step = 1,
                                     .unit = "degrees"},
                                    {0}};

const struct augment augment_rotate = {
    .entry = {"rotate", "the picture is turned about its centre", knobs},
    .low = 23,
    .probability = 1,
    .has_identity = true,
    .identity = 0,
    .warp = warp,
};
