/* SPDX-License-Identifier: MIT
 *
 * Fixture T8: eight unit vectors in the plane, four identities of two, two groups of four; all numbers of the
 * threshold and audit tests that are worked by hand are about it.
 */
#ifndef NF_TESTS_T8_H
#define NF_TESTS_T8_H

#include "space/scores.h"

enum { T8_N = 8, T8_A = 0, T8_B = 1 };

static const uint32_t t8_group[T8_N] = {0, 0, 0, 0, 1, 1, 1, 1};
static const uint32_t t8_identity[T8_N] = {0, 0, 1, 1, 2, 2, 3, 3};

/* Rows (8, 2) at 0 10 | 40 64 | 90 95 | 112 127 degrees; `moved`: T8', where item 4 stands at 50. */
static inline void t8_rows(float rows[T8_N * 2], int moved)
{
    static const double degrees[T8_N] = {0, 10, 40, 64, 90, 95, 112, 127};
    for (int i = 0; i < T8_N; i++) {
        double angle = (moved && i == 4 ? 50 : degrees[i]) * 3.14159265358979323846 / 180;
        rows[2 * i] = (float)cos(angle);
        rows[2 * i + 1] = (float)sin(angle);
    }
}

static inline struct score_items t8_items(const float *rows)
{
    return (struct score_items){rows, T8_N, 2, t8_group, t8_identity, 2};
}

#endif
