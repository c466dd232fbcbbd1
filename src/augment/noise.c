/* SPDX-License-Identifier: MIT
 *
 * Noise that is nearly normal and cheap: a 32-bit hash of the pixel's number (C. Wellons' lowbias32, with the
 * key added before and between its rounds) whose four bytes, each uniform, are summed and scaled to standard
 * deviation 1. The sum has mean 510, variance 4 (256^2 - 1) / 12 and ends at 3.45 standard deviations.
 */
#include "augment/augment.h"

#include <math.h>

static uint32_t hash(uint32_t x, uint32_t key_a, uint32_t key_b)
{
    x += key_a;
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x += key_b;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
}

static int byte_sum(uint32_t x)
{
    uint32_t pairs = (x & 0x00ff00ffu) + ((x >> 8) & 0x00ff00ffu);
    return (int)((pairs & 0xffffu) + (pairs >> 16));
}

static void paint(struct picture *picture, double deviation, struct rng *rng)
{
    uint32_t n = (uint32_t)picture->height * (uint32_t)picture->width * (uint32_t)picture->channels;
    uint64_t key = rng_u64(rng);
    uint32_t key_a = (uint32_t)key, key_b = (uint32_t)(key >> 32);
    float *restrict pixel = picture->pixel;
    float scale = (float)(deviation / sqrt((256.0 * 256.0 - 1) / 3));
    for (uint32_t i = 0; i < n; i++) {
        float v = pixel[i] + scale * (float)(byte_sum(hash(i, key_a, key_b)) - 510);
        v = v > 0 ? v : 0;
        pixel[i] = v < 1 ? v : 1;
    }
}

static const struct knob knobs[] = {
    {.name = "noise",
     .label = "noise",
     .help = "Standard deviation of what is added to each value; black to white is 1.",
     .min = 0,
     .max = 0.5,
     .value = 0.05,
     .step = 0.01,
     .unit = ""},
    {0}};

const struct augment augment_noise = {
    .entry = {"noise", "grain: every value is changed a little, by itself", knobs},
    .low = 0.05,
    .probability = 1,
    .has_identity = true,
    .identity = 0,
    .paint = paint,
};
