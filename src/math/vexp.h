/* SPDX-License-Identifier: MIT
 *
 * e^x written so that a loop over it vectorises: no call, no branch, no table (the C library's expf takes one
 * number at a time). Cody & Waite reduction and the single-precision polynomial of Moshier's Cephes; within 2
 * units in the last place on [-87, 88], clamped to that range outside it, NaN for NaN. In double it is exp().
 */
#ifndef NF_MATH_VEXP_H
#define NF_MATH_VEXP_H

#include "math/blas.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline float vexpf(float x)
{
    const float round_to_whole = 12582912.0f; /* 1.5 * 2^23: adding it leaves the nearest whole number */
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    float shifted = x * 1.44269504f + round_to_whole;
    float k = shifted - round_to_whole;
    float r = x - k * 0.693359375f + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    uint32_t bits;
    float power;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 127u) << 23; /* 2^k */
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

static inline real vexp(real x)
{
#ifdef REAL_DOUBLE
    return exp(x);
#else
    return vexpf(x);
#endif
}

#endif
