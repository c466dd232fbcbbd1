/* SPDX-License-Identifier: MIT */
#include "augment/color.h"

#include <math.h>

enum { LANES = 16 };

/* Rec. 601, as in the reference recipes */
static const double luma[3] = {0.299, 0.587, 0.114};

static float clip(float v)
{
    v = v > 0 ? v : 0;
    return v < 1 ? v : 1;
}

static size_t plane_size(const struct picture *picture)
{
    return (size_t)picture->height * (size_t)picture->width;
}

double color_factor(double strength, struct rng *rng)
{
    return rng_between(rng, fmax(0, 1 - strength), 1 + strength);
}

void color_brightness(struct picture *picture, double factor)
{
    size_t n = plane_size(picture) * (size_t)picture->channels;
    float *restrict pixel = picture->pixel, f = (float)factor;
    for (size_t i = 0; i < n; i++)
        pixel[i] = clip(pixel[i] * f);
}

/* Sixteen sums side by side: a vector loop whose order does not depend on the machine. */
float color_plane_mean(const struct picture *picture, int channel)
{
    size_t n = plane_size(picture), i = 0;
    const float *plane = picture->pixel + (size_t)channel * n;
    float sums[LANES] = {0}, sum = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            sums[lane] += plane[i + lane];
    for (; i < n; i++)
        sum += plane[i];
    for (size_t lane = 0; lane < LANES; lane++)
        sum += sums[lane];
    return sum / (float)n;
}

static float mean_luma(const struct picture *picture)
{
    if (picture->channels == 1)
        return color_plane_mean(picture, 0);
    double mean = 0;
    for (int c = 0; c < 3; c++)
        mean += luma[c] * color_plane_mean(picture, c);
    return (float)mean;
}

void color_contrast(struct picture *picture, double factor)
{
    size_t n = plane_size(picture) * (size_t)picture->channels;
    float *restrict pixel = picture->pixel, f = (float)factor, mean = mean_luma(picture);
    for (size_t i = 0; i < n; i++)
        pixel[i] = clip(mean + f * (pixel[i] - mean));
}

/* Every pixel through one 3 x 3 matrix. */
static void mix_channels(struct picture *picture, const double matrix[9])
{
    if (picture->channels != 3)
        return;
    size_t n = plane_size(picture);
    float *restrict red = picture->pixel, *restrict green = red + n, *restrict blue = green + n;
    float m[9];
    for (int i = 0; i < 9; i++)
        m[i] = (float)matrix[i];
    for (size_t i = 0; i < n; i++) {
        float r = red[i], g = green[i], b = blue[i];
        red[i] = clip(m[0] * r + m[1] * g + m[2] * b);
        green[i] = clip(m[3] * r + m[4] * g + m[5] * b);
        blue[i] = clip(m[6] * r + m[7] * g + m[8] * b);
    }
}

void color_saturation(struct picture *picture, double factor)
{
    double matrix[9];
    for (int i = 0; i < 9; i++)
        matrix[i] = (1 - factor) * luma[i % 3] + (i % 4 == 0 ? factor : 0);
    mix_channels(picture, matrix);
}

/* With Y the luma, I = .596 r - .274 g - .322 b and Q = .211 r - .523 g + .312 b (FCC 1953), turning (I, Q)
 * and going back to RGB is one matrix, cos A + sin B + luma C: luma stays, and so does every grey. */
void color_hue(struct picture *picture, double turns)
{
    static const double iq[6] = {0.595716, -0.274453, -0.321263, 0.211456, -0.522591, 0.311135};
    static const double back[6] = {0.9563, 0.6210, -0.2721, -0.6474, -1.1070, 1.7046};
    double c = cos(turns * 6.28318530717958647692), s = sin(-turns * 6.28318530717958647692), matrix[9];
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++) {
            double i = iq[column], q = iq[3 + column];
            matrix[3 * row + column] =
                luma[column] + back[2 * row] * (c * i - s * q) + back[2 * row + 1] * (s * i + c * q);
        }
    mix_channels(picture, matrix);
}
