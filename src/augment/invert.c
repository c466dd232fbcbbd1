/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"

static void paint(struct picture *picture, double strength, struct rng *rng)
{
    (void)strength, (void)rng;
    size_t n = (size_t)picture->height * (size_t)picture->width * (size_t)picture->channels;
    float *restrict pixel = picture->pixel;
    for (size_t i = 0; i < n; i++)
        pixel[i] = 1 - pixel[i];
}

const struct augment augment_invert = {
    .entry = {"invert", "light and dark change places", NULL},
    .probability = 0.1,
    .paint = paint,
};
