/* SPDX-License-Identifier: MIT
 *
 * Gaussian blur, rows then columns, cut at three standard deviations, edges repeated.
 */
#include "augment/augment.h"

#include <math.h>

enum { MAX_DEVIATION = 5, MAX_RADIUS = 3 * MAX_DEVIATION };

/* weight[k] of the neighbours k away on either side. Returns the radius. */
static int make_weights(double deviation, float weight[MAX_RADIUS + 1])
{
    int radius = (int)ceil(3 * deviation);
    radius = radius < MAX_RADIUS ? radius : MAX_RADIUS;
    double raw[MAX_RADIUS + 1], sum = 0;
    for (int k = 0; k <= radius; k++) {
        double distance = k / deviation;
        raw[k] = exp(-0.5 * distance * distance);
        sum += k ? 2 * raw[k] : raw[k];
    }
    for (int k = 0; k <= radius; k++)
        weight[k] = (float)(raw[k] / sum);
    return radius;
}

static int clamp(int i, int n)
{
    return i < 0 ? 0 : i < n ? i : n - 1;
}

static void add_rows(float *restrict to, const float *restrict a, const float *restrict b, float weight,
                     int width)
{
    for (int x = 0; x < width; x++)
        to[x] += weight * (a[x] + b[x]);
}

/* One plane down its columns. */
static void blur_down(const float *restrict from, float *restrict to, int height, int width,
                      const float *weight, int radius)
{
    for (int y = 0; y < height; y++) {
        float *row = to + (size_t)y * (size_t)width;
        const float *middle = from + (size_t)y * (size_t)width;
        for (int x = 0; x < width; x++)
            row[x] = weight[0] * middle[x];
        for (int k = 1; k <= radius; k++)
            add_rows(row, from + (size_t)clamp(y - k, height) * (size_t)width,
                     from + (size_t)clamp(y + k, height) * (size_t)width, weight[k], width);
    }
}

static void transpose(const float *restrict from, float *restrict to, int height, int width)
{
    for (int x = 0; x < width; x++)
        for (int y = 0; y < height; y++)
            to[(size_t)x * (size_t)height + y] = from[(size_t)y * (size_t)width + x];
}

/* Along the rows is down the columns of the transposed plane, where neighbours lie side by side. Rounding may
 * carry a white picture past 1. */
static void paint(struct picture *picture, double deviation, struct rng *rng)
{
    (void)rng;
    float weight[MAX_RADIUS + 1] = {0};
    int radius = make_weights(deviation, weight), h = picture->height, w = picture->width;
    size_t n = (size_t)h * (size_t)w;
    for (int c = 0; c < picture->channels; c++) {
        float *plane = picture->pixel + (size_t)c * n, *other = picture->scratch + (size_t)c * n;
        blur_down(plane, other, h, w, weight, radius);
        transpose(other, plane, h, w);
        blur_down(plane, other, w, h, weight, radius);
        transpose(other, plane, w, h);
        for (size_t i = 0; i < n; i++)
            plane[i] = plane[i] < 1 ? plane[i] : 1;
    }
}

static const struct knob knobs[] = {{.name = "blur",
                                     .label = "blur",
                                     .help = "Standard deviation of the blur in pixels.",
                                     .min = 0,
                                     .max = MAX_DEVIATION,
                                     .value = 2,
                                     .step = 0.1,
                                     .unit = "pixels"},
                                    {0}};

const struct augment augment_blur = {
    .entry = {"blur", "fine detail is smeared", knobs},
    .low = 0.1,
    .probability = 0.5,
    .has_identity = true,
    .identity = 0,
    .paint = paint,
};
