/* SPDX-License-Identifier: MIT
 *
 * A few built-in pictures and a net that trains in milliseconds.
 */
#ifndef TESTS_SUPPORT_TINY_H
#define TESTS_SUPPORT_TINY_H

#include "train/learner.h"

struct tiny {
    struct dataset data;
    struct split split;
    struct config config;
    struct pool *pool;
};

/* n tiles, 60 % of them training; batch 16, a net of two convolutions, `threads` workers. */
void tiny_init(struct tiny *tiny, int n, int threads);
/* The same with n grey pictures of 8 x 8, five of each identity, four kinds of stripes as label: for what
 * runs under a sanitizer. */
void tiny_init_small(struct tiny *tiny, int n, int threads);
void tiny_release(struct tiny *tiny);
void tiny_threads(struct tiny *tiny, int threads);
void tiny_set(struct tiny *tiny, const char *name, const char *value);
struct learner *tiny_learner(const struct tiny *tiny);
/* So many steps; fails the test if one does. The last row. */
struct step_row tiny_train(struct learner *learner, int steps);

#endif
