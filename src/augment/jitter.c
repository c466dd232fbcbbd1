/* SPDX-License-Identifier: MIT
 *
 * Colour jitter under one knob (SimCLR appendix A): strength s gives brightness, contrast and saturation a
 * factor from U[max(0, 1 - s), 1 + s] each and turns the hue by U[-s/4, s/4] of a full turn, in random order,
 * clipped after each.
 */
#include "augment/color.h"

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
    amount[OPERATIONS - 1] = rng_between(rng, -strength / 4, strength / 4);
    rng_permutation(rng, order, OPERATIONS);
    for (int i = 0; i < OPERATIONS; i++)
        operate(picture, order[i], amount[order[i]]);
}

static const struct knob knobs[] = {
    {.name = "jitter",
     .label = "colour jitter",
     .help =
         "Brightness, contrast and saturation change by up to this share, hue by a quarter of it in turns.",
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
