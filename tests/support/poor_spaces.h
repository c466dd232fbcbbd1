/* SPDX-License-Identifier: MIT
 *
 * Spaces of which numbers go wrong: one item, duplicates, ties, all in one point, no direction, not finite;
 * and an oracle for their scores that shares nothing with the program but the definition.
 */
#ifndef NF_TESTS_POOR_SPACES_H
#define NF_TESTS_POOR_SPACES_H

#include "data/dataset.h"
#include "share/snapshot.h"

enum { POOR_ITEMS = 40, POOR_DIM = 3, POOR_LABELS = 4 };

enum poor_space {
    POOR_ONE,        /* a single item */
    POOR_TWO,        /* two equal items */
    POOR_COLLAPSED,  /* all equal */
    POOR_NOTHING,    /* all zero */
    POOR_ANTIPODES,  /* two points opposite each other */
    POOR_LATTICE,    /* few directions, many exact ties */
    POOR_DUPLICATES, /* five points, each many times */
    POOR_BROKEN,     /* a zero, a NaN and an infinite row among others */
    POOR_NOT,        /* nothing wrong with it */
    POOR_SPACES
};

/* What is known of the items: one column "shape", their label; blank for one of them. */
extern const uint32_t *const poor_code;
extern const struct dataset poor_data;

/* h and z (the same rows) of the probe, items 0, 1, ...; `seed` draws what is drawn. Owned by the caller. */
struct snapshot *poor_snapshot(enum poor_space space, uint64_t seed);

/* A batch of one drawing after another: view v of item i is row i of batch_z[v], drawn with seed + v. Owned
 * by the caller. */
struct snapshot *poor_batch(enum poor_space space, uint64_t seed);

/* The score by its definition: unit length in double, rounded to float, one fmaf chain, clamped. NaN: one of
 * the two has no direction. */
float poor_score(const float *a, const float *b);
/* The distance, its square one fmaf chain in float. NaN: one of the two is not finite. */
float poor_distance(const float *a, const float *b);

/* The others of `item`, nearest first, ties to the lower index; those without a score are left out. Returns
 * how many. */
size_t poor_ranked(const struct snapshot *s, size_t item, bool by_distance, uint32_t others[POOR_ITEMS]);

#endif
