/* SPDX-License-Identifier: MIT */
#include "augment/color.h"

static void paint(struct picture *picture, double strength, struct rng *rng)
{
    color_brightness(picture, color_factor(strength, rng));
}

static const struct knob knobs[] = {{.name = "brightness",
                                     .label = "brightness",
                                     .help = "Pixels are multiplied by a factor up to this far from 1.",
                                     .min = 0,
                                     .max = 1,
                                     .value = 0.4,
                                     .step = 0.05,
                                     .unit = ""},
                                    {0}};

const struct augment augment_brightness = {
    .entry = {"brightness", "lighter or darker by a factor", knobs},
    .low = 0.4,
    .probability = 0.8,
    .has_identity = true,
    .identity = 0,
    .paint = paint,
};
