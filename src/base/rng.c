/* SPDX-License-Identifier: MIT */
#include "base/rng.h"

#include "base/check.h"

#include <math.h>

static const uint64_t weyl = 0x9e3779b97f4a7c15u;

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint64_t rng_hash(uint64_t a, uint64_t b)
{
    return mix(mix(a + weyl) ^ (b + weyl));
}

struct rng rng_at(uint64_t seed, enum rng_purpose purpose, uint64_t step, uint64_t item, uint64_t view)
{
    uint64_t key = rng_hash(seed, (uint64_t)purpose);
    key = rng_hash(key, step);
    key = rng_hash(key, item);
    key = rng_hash(key, view);
    return (struct rng){.key = key};
}

uint64_t rng_u64(struct rng *rng)
{
    return mix(rng->key + weyl * ++rng->counter);
}

double rng_uniform(struct rng *rng)
{
    return (double)(rng_u64(rng) >> 11) * 0x1p-53;
}

double rng_between(struct rng *rng, double low, double high)
{
    return low + (high - low) * rng_uniform(rng);
}

double rng_normal(struct rng *rng)
{
    double u = 1.0 - rng_uniform(rng);
    double v = rng_uniform(rng);
    return sqrt(-2.0 * log(u)) * cos(2.0 * 3.14159265358979323846 * v);
}

uint64_t rng_below(struct rng *rng, uint64_t n)
{
    CHECK(n > 0);
    uint64_t limit =
        UINT64_MAX - UINT64_MAX % n; /* refuse the ragged end, or small values would be likelier */
    uint64_t x;
    do
        x = rng_u64(rng);
    while (x >= limit);
    return x % n;
}

void rng_permutation(struct rng *rng, uint32_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t j = (size_t)rng_below(rng, i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
}
