/* SPDX-License-Identifier: MIT
 *
 * Random resized crop (SimCLR; Szegedy et al. 2015): a box with a share of the picture's area, log aspect
 * uniform in [ln 3/4, ln 4/3] relative to the picture's own, anywhere inside, stretched to the whole size. A
 * box of area A fits only while |log aspect| <= -ln A, so the aspect is drawn from what both allow: area 1 is
 * the picture itself.
 */
#include "augment/augment.h"

#include <math.h>

static struct affine warp(double area, double aspect, struct rng *rng)
{
    (void)aspect;
    double limit = fmin(log(4.0 / 3.0), -log(area));
    double root = exp(0.5 * rng_between(rng, -limit, limit)), side = sqrt(area);
    double w = fmin(side * root, 1), h = fmin(side / root, 1);
    double x = rng_between(rng, w - 1, 1 - w), y = rng_between(rng, h - 1, 1 - h);
    return (struct affine){{w, 0, x, 0, h, y}};
}

static const struct knob knobs[] = {
    {.name = "crop",
     .label = "crop",
     .help = "Share of the picture's area that is kept, usually a range: 0.3..1; 1 keeps it whole.",
     .min = 0.05,
     .max = 1,
     .value = 1,
     .step = 0.05,
     .unit = ""},
    {0}};

const struct augment augment_crop = {
    .entry = {"crop", "a random part of the picture, stretched to the whole size", knobs},
    .low = 0.3,
    .probability = 1,
    .has_identity = true,
    .identity = 1,
    .warp = warp,
};
