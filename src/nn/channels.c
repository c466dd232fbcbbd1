/* SPDX-License-Identifier: MIT */
#include "nn/channels.h"

#include <math.h>
#include <string.h>

void add_reals(real *to, const real *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

/* Two passes: the mean first, or the variance of a map far from 0 would be lost in float. */
void channels_moments(size_t points, size_t channels, size_t groups, const real *x, real *sums, real *mean,
                      real *rstd)
{
    size_t width = channels / groups;
    const real each = (real)1 / (real)(points * width), eps = (real)CHANNELS_EPSILON;
    memset(sums, 0, channels * sizeof *sums);
    for (size_t p = 0; p < points; p++)
        add_reals(sums, x + p * channels, channels);
    for (size_t g = 0; g < groups; g++) {
        mean[g] = 0;
        for (size_t c = 0; c < width; c++)
            mean[g] += sums[g * width + c];
        mean[g] *= each;
    }
    memset(sums, 0, channels * sizeof *sums);
    for (size_t p = 0; p < points; p++)
        for (size_t g = 0; g < groups; g++)
            for (size_t c = g * width; c < (g + 1) * width; c++)
                sums[c] += (x[p * channels + c] - mean[g]) * (x[p * channels + c] - mean[g]);
    for (size_t g = 0; g < groups; g++) {
        real sum = 0;
        for (size_t c = 0; c < width; c++)
            sum += sums[g * width + c];
        rstd[g] = 1 / (real)sqrt(sum * each + eps);
    }
}

void channels_affine(const struct channels_norm *norm, const real *beta, real *scale_shift)
{
    size_t width = norm->channels / norm->groups;
    real *scale = scale_shift, *shift = scale_shift + norm->channels;
    for (size_t c = 0; c < norm->channels; c++) {
        scale[c] = norm->gamma[c] * norm->rstd[c / width];
        shift[c] = beta[c] - norm->mean[c / width] * scale[c];
    }
}

void channels_apply(size_t points, size_t channels, const real *scale_shift, const real *x, real *y)
{
    const real *scale = scale_shift, *shift = scale_shift + channels;
    for (size_t p = 0; p < points; p++)
        for (size_t c = 0; c < channels; c++)
            y[p * channels + c] = scale[c] * x[p * channels + c] + shift[c];
}

void channels_gradient_sums(const struct channels_norm *norm, const real *x, const real *dy, real *sums)
{
    size_t channels = norm->channels, width = channels / norm->groups;
    real *plain = sums, *weighted = sums + channels;
    memset(sums, 0, 2 * channels * sizeof *sums);
    for (size_t p = 0; p < norm->points; p++, x += channels, dy += channels)
        for (size_t g = 0; g < norm->groups; g++)
            for (size_t c = g * width; c < (g + 1) * width; c++) {
                plain[c] += dy[c];
                weighted[c] += dy[c] * (x[c] - norm->mean[g]);
            }
    for (size_t c = 0; c < channels; c++)
        weighted[c] *= norm->rstd[c / width];
}

void channels_gradient_coefficients(const struct channels_norm *norm, const real *sums, real *coefficients)
{
    size_t channels = norm->channels, width = channels / norm->groups;
    real *a = coefficients, *b = a + channels, *c = b + channels;
    const real each = (real)1 / (real)(norm->points * width);
    for (size_t g = 0; g < norm->groups; g++) {
        real plain = 0, weighted = 0, rstd = norm->rstd[g];
        for (size_t j = g * width; j < (g + 1) * width; j++) {
            plain += norm->gamma[j] * sums[j];
            weighted += norm->gamma[j] * sums[channels + j];
        }
        for (size_t j = g * width; j < (g + 1) * width; j++) {
            a[j] = norm->gamma[j] * rstd;
            b[j] = -rstd * rstd * weighted * each;
            c[j] = -rstd * plain * each - b[j] * norm->mean[g];
        }
    }
}

void channels_gradient(const struct channels_norm *norm, const real *coefficients, const real *x,
                       const real *dy, real *dx)
{
    size_t channels = norm->channels;
    const real *a = coefficients, *b = a + channels, *c = b + channels;
    for (size_t p = 0; p < norm->points; p++, x += channels, dy += channels, dx += channels)
        for (size_t j = 0; j < channels; j++)
            dx[j] = a[j] * dy[j] + (b[j] * x[j] + c[j]);
}
