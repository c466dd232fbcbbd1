/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"

static struct affine warp(double share, double aspect, struct rng *rng)
{
    (void)aspect;
    double x = 2 * rng_between(rng, -share, share); /* a side is 2 units long */
    double y = 2 * rng_between(rng, -share, share);
    return (struct affine){{1, 0, x, 0, 1, y}};
}

static const struct knob knobs[] = {{.name = "shift",
                                     .label = "shift",
                                     .help = "Moved by up to this share of each side, either way.",
                                     .min = 0,
                                     .max = 0.5,
                                     .value = 0.1,
                                     .step = 0.01,
                                     .unit = ""},
                                    {0}};

const struct augment augment_shift = {
    .entry = {"shift", "the picture is moved sideways, up or down", knobs},
    .low = 0.1,
    .probability = 1,
    .has_identity = true,
    .identity = 0,
    .warp = warp,
};
