/* SPDX-License-Identifier: MIT */
#include "augment/color.h"

static void paint(struct picture *picture, double strength, struct rng *rng)
{
    color_hue(picture, rng_between(rng, -strength, strength));
}

static const struct knob knobs[] = {{.name = "hue",
                                     .label = "hue",
                                     .help = "Colours turn by up to this share of the circle, either way.",
                                     .min = 0,
                                     .max = 0.5,
                                     .value = 0.1,
                                     .step = 0.01,
                                     .unit = "turns"},
                                    {0}};

const struct augment augment_hue = {
    .entry = {"hue", "colours turn along the colour circle", knobs},
    .low = 0.1,
    .probability = 0.8,
    .needs_colour = true,
    .has_identity = true,
    .identity = 0,
    .paint = paint,
};
