/* SPDX-License-Identifier: MIT
 *
 * Colour jitter under one knob: strength s gives brightness, contrast and saturation a factor from
 * U[max(0, 1 - s), 1 + s] each and turns the hue by U[-s, s] of a full turn (half a turn at most: that is
 * every hue), in random order, clipped after each. The ratio of 1 between hue and the rest is MoCo v1's (He
 * et al. 2020: 0.4 0.4 0.4 0.4); SimCLR turns the hue by a quarter of s. Measured on the built-in tiles at s
 * 0.4, 320 steps of 128 pairs: with a quarter the hue stays readable at 0.99 and shape reaches 0.90, with
 * this 0.62 and 0.98: six hues a sixth of a turn apart survive a tenth.
 */
#include "augment/color.h"

#include <math.h>

enum { OPERATIONS = 4 };

static void operate(struct picture *picture, uint32_t operation, double amount)
{
    switch (operation) {
    case 0: color_brightness(picture, amount); break;
    case 1: color_contrast(picture, amount); break;
    case 2: color_saturation(picture, amount); break;
    default: color_hue(picture, amount); break;
    }
}

static void paint(struct picture *picture, double strength, struct rng *rng)
{
    uint32_t order[OPERATIONS];
    double amount[OPERATIONS];
    for (int i = 0; i < OPERATIONS - 1; i++)
        amount[i] = color_factor(strength, rng);
    double turns = fmin(strength, 0.5);
    amount[OPERATIONS - 1] = rng_between(rng, -turns, turns);
    rng_permutation(rng, order, OPERATIONS);
    for (int i = 0; i < OPERATIONS; i++)
        operate(picture, order[i], amount[order[i]]);
}

static const struct knob knobs[] = {
    {.name = "jitter",
     .label = "colour jitter",
     .help =
         "Brightness, contrast and saturation change by up to this share, hue by up to so much of a turn.",
     .min = 0,
     .max = 1,
     .value = 0.4,
     .step = 0.05,
     .unit = ""},
    {0}};

const struct augment augment_jitter = {
    .entry = {"jitter", "brightness, contrast, saturation and hue change, in random order", knobs},
    .low = 0.4,
    .probability = 0.8,
    .has_identity = true,
    .identity = 0,
    .paint = paint,
};
