/* SPDX-License-Identifier: MIT
 *
 * The pairs of a batch of two views: how each positive stands among its negatives, and the pairs that are
 * most of something. Similarity is the score of math/score.h. Any thread.
 */
#ifndef NF_SPACE_PAIRS_H
#define NF_SPACE_PAIRS_H

#include "base/parallel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the most of something ---- */

struct ranked_pair {
    uint32_t a, b;
    float key;
};
/* The `max` pairs of greatest key, ties to the one that came first. */
struct ranking {
    struct ranked_pair *pair; /* (max) owned */
    size_t n, max, offered;
};
void ranking_init(struct ranking *ranking, size_t max);
void ranking_release(struct ranking *ranking);
void ranking_offer(struct ranking *ranking, uint32_t a, uint32_t b, float key); /* NaN is left out */

/* ---- a batch ---- */

/* View v of item i is row v * n + i. */
struct batch_views {
    size_t n, d;
    float *unit; /* (2 n, d) */
    bool *valid; /* (2 n) */
    double
        *weight; /* (2 n) sum over all other rows of e^((s - 1) / temperature); NaN without a temperature */
    size_t *anchor; /* (n) the row that stands for an item: that of its two views to which a view of another
                       item lies nearest, whose hardest negative is the harder; the first where they tie */
    float temperature;
};
/* z: two matrices (n, d), raw. False when cancelled: then nothing is held. */
bool batch_views_init(struct batch_views *views, const float *const z[2], size_t n, size_t d,
                      float temperature, struct progress *progress);
void batch_views_release(struct batch_views *views);

float batch_similarity(const struct batch_views *views, size_t row, size_t other); /* NaN: no direction */
/* Softmax probability of `other` for the anchor `row`. */
double batch_probability(const struct batch_views *views, size_t row, size_t other);

/* The positive pair i, seen from both of its views. */
struct positive {
    float similarity;
    uint32_t rank, of;  /* 1: nearest; the worse of the two anchors */
    double probability; /* in the row of the item's anchor; NaN without a temperature */
    double loss;        /* mean of -log of both its views' */
};
struct positive batch_positive(const struct batch_views *views, size_t i);
/* The view of item j that is the more alike to a row: its row. */
size_t batch_nearer_view(const struct batch_views *views, size_t row, size_t j);

#endif
