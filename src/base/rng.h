/* SPDX-License-Identifier: MIT
 *
 * Randomness without state: a draw is a hash of (seed, purpose, step, item, view) and its index, so that any
 * step of a run can be replayed from its numbers alone, in any order, on any number of threads. The mixer is
 * SplitMix64's finaliser (Steele, Lea, Flood 2014) over a Weyl sequence. Values are the same on every
 * machine.
 */
#ifndef NF_BASE_RNG_H
#define NF_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* One purpose, one stream: two uses never share draws. The numbers are part of the run format; only append.
 */
enum rng_purpose {
    RNG_WEIGHTS = 1, /* initial weights: item = tensor index */
    RNG_BATCH = 2,   /* which items a step sees */
    RNG_AUGMENT = 3, /* an item's view in a step */
    RNG_PROBE = 4,   /* which items are watched */
    RNG_MOVED = 5,   /* how a moved probe is moved */
    RNG_SPLIT = 6,   /* who trains */
    RNG_TILES = 7,   /* the built-in pictures */
    RNG_SAMPLE = 8,  /* any other sampling for display */
    RNG_METHOD = 9,  /* queue, target, mask draws of a method */
};

struct rng {
    uint64_t key, counter;
};

struct rng rng_at(uint64_t seed, enum rng_purpose purpose, uint64_t step, uint64_t item, uint64_t view);

uint64_t rng_u64(struct rng *rng);
double rng_uniform(struct rng *rng);                          /* [0, 1), 53 bits */
double rng_between(struct rng *rng, double low, double high); /* [low, high) */
double rng_normal(struct rng *rng);                           /* mean 0, standard deviation 1; Box-Muller */
uint64_t rng_below(struct rng *rng, uint64_t n);              /* 0..n-1 without bias; n > 0 */
void rng_permutation(struct rng *rng, uint32_t *order,
                     size_t n); /* order[0..n-1] = a permutation of 0..n-1 */

/* The hash itself, for stable picks (a colour for a cell, a split by identity). */
uint64_t rng_hash(uint64_t a, uint64_t b);

#endif
