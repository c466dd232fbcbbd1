/* SPDX-License-Identifier: MIT
 *
 * Values above a threshold are inverted (BYOL, Grill et al. 2020, appendix B: 128 of 255).
 */
#include "augment/augment.h"

static void paint(struct picture *picture, double threshold, struct rng *rng)
{
    (void)rng;
    size_t n = (size_t)picture->height * (size_t)picture->width * (size_t)picture->channels;
    float *restrict pixel = picture->pixel, limit = (float)threshold;
    for (size_t i = 0; i < n; i++)
        pixel[i] = pixel[i] > limit ? 1 - pixel[i] : pixel[i];
}

static const struct knob knobs[] = {{.name = "solarise",
                                     .label = "solarise above",
                                     .help = "Values above this are inverted; 1 leaves all as they are.",
                                     .min = 0,
                                     .max = 1,
                                     .value = 0.5,
                                     .step = 0.05,
                                     .unit = ""},
                                    {0}};

const struct augment augment_solarise = {
    .entry = {"solarise", "the light parts are inverted", knobs},
    .low = 0.5,
    .probability = 0.2,
    .has_identity = true,
    .identity = 1,
    .paint = paint,
};
