/* SPDX-License-Identifier: MIT */
#include "augment/color.h"

static void paint(struct picture *picture, double strength, struct rng *rng)
{
    (void)strength, (void)rng;
    color_saturation(picture, 0);
}

const struct augment augment_grey = {
    .entry = {"grey", "the picture loses its colours", NULL},
    .probability = 0.2,
    .needs_colour = true,
    .paint = paint,
};
