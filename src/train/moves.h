/* SPDX-License-Identifier: MIT
 *
 * What moved between two measurings: held-out items that have other neighbours altogether, and the pair of
 * views whose similarity fell most. The trainer's thread.
 */
#ifndef NF_TRAIN_MOVES_H
#define NF_TRAIN_MOVES_H

#include "train/probe.h"

enum { MOVES_ITEMS = 1000, MOVES_K = 10 };

/* The probe as the measuring before left it. Zeroed: there was none. */
struct moves {
    bool any;
    uint64_t step;
    size_t n;                 /* items: the first of the probe's, at most MOVES_ITEMS */
    uint32_t *near;           /* (n, MOVES_K) in h among them, cosine; owned */
    float alike[PROBE_PAIRS]; /* of each pair's two views in z; the views are the same at every measuring */
    size_t n_pairs;
};

struct moved {
    uint64_t since;    /* the step it is compared with */
    size_t n, flipped; /* items; those that share none of their MOVES_K nearest with then */
    uint32_t item;     /* of the pair that fell most: a data set row */
    float before, now; /* its similarity; equal where none fell */
};

/* Reads the probe as it was just measured and keeps it. False where there is nothing earlier to compare with:
 * at first, and after a step back. */
bool moves_read(struct moves *moves, const struct probe *probe, uint64_t step, struct moved *moved);
void moves_release(struct moves *moves);

#endif
