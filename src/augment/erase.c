/* SPDX-License-Identifier: MIT
 *
 * A random box is painted over (Cutout, DeVries & Taylor 2017; Random Erasing, Zhong et al. 2017). It takes
 * the picture's mean colour, so that it brings no brightness of its own. Its shape is drawn from those that
 * fit, as a crop's is, so that the share of the area is what was asked for, but for whole pixels.
 */
#include "augment/color.h"

#include <math.h>

struct box {
    int x, y, width, height;
};

/* Log aspect uniform in [-ln 2, ln 2] where the box then fits, wholly inside the picture. */
static struct box draw_box(const struct picture *picture, double area, struct rng *rng)
{
    double limit = fmin(log(2), -log(area));
    double root = exp(0.5 * rng_between(rng, -limit, limit)), side = sqrt(area);
    struct box box;
    box.width = (int)lround(fmin(side * root, 1) * picture->width);
    box.height = (int)lround(fmin(side / root, 1) * picture->height);
    box.x = (int)rng_below(rng, (uint64_t)(picture->width - box.width) + 1);
    box.y = (int)rng_below(rng, (uint64_t)(picture->height - box.height) + 1);
    return box;
}

static void paint(struct picture *picture, double area, struct rng *rng)
{
    struct box box = draw_box(picture, area, rng);
    size_t width = (size_t)picture->width, plane = width * (size_t)picture->height;
    for (int c = 0; c < picture->channels; c++) {
        float mean = color_plane_mean(picture, c);
        float *corner = picture->pixel + (size_t)c * plane + (size_t)box.y * width + box.x;
        for (int y = 0; y < box.height; y++)
            for (int x = 0; x < box.width; x++)
                corner[(size_t)y * width + (size_t)x] = mean;
    }
}

static const struct knob knobs[] = {{.name = "erase",
                                     .label = "erase",
                                     .help = "Share of the picture's area under the box.",
                                     .min = 0,
                                     .max = 0.8,
                                     .value = 0.2,
                                     .step = 0.05,
                                     .unit = ""},
                                    {0}};

const struct augment augment_erase = {
    .entry = {"erase", "a box of the picture's mean colour hides a part of it", knobs},
    .low = 0.05,
    .probability = 0.5,
    .has_identity = true,
    .identity = 0,
    .paint = paint,
};
