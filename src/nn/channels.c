/* SPDX-License-Identifier: MIT */
#include "nn/channels.h"

#include "nn/kernel.h"

#include <math.h>

void add_reals(real *restrict to, const real *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

/* ---- sums for each channel: a register of channels at a time, what is left over one by one ---- */

enum { LANES = KERNEL_LANES, CHAINS = 4 };

static inline kernel_vec load(const real *p)
{
    return *(const kernel_loose *)p;
}

/* Adds four chains in a fixed order. */
static inline void store_sum(real *to, const kernel_vec chain[CHAINS])
{
    *(kernel_loose *)to = (chain[0] + chain[1]) + (chain[2] + chain[3]);
}

static void column_sums(size_t points, size_t channels, const real *x, real *sums)
{
    size_t c = 0;
    for (; c + LANES <= channels; c += LANES) {
        kernel_vec chain[CHAINS] = {{0}};
        size_t p = 0;
        for (; p + CHAINS <= points; p += CHAINS)
            for (size_t k = 0; k < CHAINS; k++)
                chain[k] += load(x + (p + k) * channels + c);
        for (; p < points; p++)
            chain[0] += load(x + p * channels + c);
        store_sum(sums + c, chain);
    }
    for (; c < channels; c++) {
        sums[c] = 0;
        for (size_t p = 0; p < points; p++)
            sums[c] += x[p * channels + c];
    }
}

/* Sums of (x - center)^2. */
static void column_squares(size_t points, size_t channels, const real *x, const real *center, real *sums)
{
    size_t c = 0;
    for (; c + LANES <= channels; c += LANES) {
        kernel_vec chain[CHAINS] = {{0}}, middle = load(center + c);
        size_t p = 0;
        for (; p + CHAINS <= points; p += CHAINS)
            for (size_t k = 0; k < CHAINS; k++) {
                kernel_vec away = load(x + (p + k) * channels + c) - middle;
                chain[k] += away * away;
            }
        for (; p < points; p++) {
            kernel_vec away = load(x + p * channels + c) - middle;
            chain[0] += away * away;
        }
        store_sum(sums + c, chain);
    }
    for (; c < channels; c++) {
        sums[c] = 0;
        for (size_t p = 0; p < points; p++)
            sums[c] += (x[p * channels + c] - center[c]) * (x[p * channels + c] - center[c]);
    }
}

/* Sums of dy, and of dy (x - center). */
static void column_products(const struct channels_norm *norm, const real *x, const real *dy,
                            const real *center, real *plain, real *weighted)
{
    size_t c = 0, points = norm->points, channels = norm->channels;
    for (; c + LANES <= channels; c += LANES) {
        kernel_vec chain[CHAINS] = {{0}}, away[CHAINS] = {{0}}, middle = load(center + c);
        size_t p = 0;
        for (; p + CHAINS <= points; p += CHAINS)
            for (size_t k = 0; k < CHAINS; k++) {
                kernel_vec g = load(dy + (p + k) * channels + c);
                chain[k] += g;
                away[k] += g * (load(x + (p + k) * channels + c) - middle);
            }
        for (; p < points; p++) {
            kernel_vec g = load(dy + p * channels + c);
            chain[0] += g;
            away[0] += g * (load(x + p * channels + c) - middle);
        }
        store_sum(plain + c, chain);
        store_sum(weighted + c, away);
    }
    for (; c < channels; c++) {
        plain[c] = weighted[c] = 0;
        for (size_t p = 0; p < points; p++) {
            plain[c] += dy[p * channels + c];
            weighted[c] += dy[p * channels + c] * (x[p * channels + c] - center[c]);
        }
    }
}

static real sum_of(const real *values, size_t n)
{
    real sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

/* A value of each group to each of its channels. */
static void spread(size_t channels, size_t groups, const real *of_group, real *of_channel)
{
    for (size_t g = 0, width = channels / groups; g < groups; g++)
        for (size_t c = g * width; c < (g + 1) * width; c++)
            of_channel[c] = of_group[g];
}

/* ---- normalisation ---- */

/* Two passes: the mean first, or the variance of a map far from 0 would be lost in float. */
void channels_moments(size_t points, size_t channels, size_t groups, const real *x, real *room, real *mean,
                      real *rstd)
{
    size_t width = channels / groups;
    const real each = (real)1 / (real)(points * width), eps = (real)CHANNELS_EPSILON;
    real *sums = room, *center = room + channels;
    column_sums(points, channels, x, sums);
    for (size_t g = 0; g < groups; g++)
        mean[g] = sum_of(sums + g * width, width) * each;
    spread(channels, groups, mean, center);
    column_squares(points, channels, x, center, sums);
    for (size_t g = 0; g < groups; g++)
        rstd[g] = 1 / (real)sqrt(sum_of(sums + g * width, width) * each + eps);
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

void channels_apply(size_t points, size_t channels, const real *restrict scale_shift, const real *restrict x,
                    real *restrict y)
{
    const real *restrict scale = scale_shift, *restrict shift = scale_shift + channels;
    for (size_t p = 0; p < points; p++, x += channels, y += channels)
        for (size_t c = 0; c < channels; c++)
            y[c] = scale[c] * x[c] + shift[c];
}

void channels_gradient_sums(const struct channels_norm *norm, const real *x, const real *dy, real *sums)
{
    size_t channels = norm->channels;
    real *plain = sums, *weighted = sums + channels, *each = sums + 2 * channels;
    spread(channels, norm->groups, norm->mean, each);
    column_products(norm, x, dy, each, plain, weighted);
    spread(channels, norm->groups, norm->rstd, each);
    for (size_t c = 0; c < channels; c++)
        weighted[c] *= each[c];
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

void channels_gradient(const struct channels_norm *norm, const real *restrict coefficients,
                       const real *restrict x, const real *dy, real *dx)
{
    size_t channels = norm->channels;
    const real *restrict a = coefficients, *restrict b = a + channels, *restrict c = b + channels;
    for (size_t p = 0; p < norm->points; p++, x += channels, dy += channels, dx += channels)
#pragma GCC ivdep
        for (size_t j = 0; j < channels; j++) /* dx may be dy itself, never anything that overlaps it else */
            dx[j] = a[j] * dy[j] + (b[j] * x[j] + c[j]);
}
