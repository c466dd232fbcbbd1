/* SPDX-License-Identifier: MIT
 *
 * The two small tables that every loss is checked on against independent values (reference figures in
 * double), and a call of a loss with its own scratch.
 */
#ifndef NF_TESTS_SUPPORT_LOSSES_H
#define NF_TESTS_SUPPORT_LOSSES_H

#include "loss/loss.h"

enum { FIXTURE_N = 6, FIXTURE_D = 4, FIXTURE_REALS = FIXTURE_N * FIXTURE_D };

/* k = 4i + j: a = sin(.7k + .11k^2 + .3), b = a + .6 cos(1.3k + .07k^2 + .1); labels 0 0 1 1 2 2. */
struct fixture {
    real a[FIXTURE_REALS], b[FIXTURE_REALS], da[FIXTURE_REALS], db[FIXTURE_REALS];
    int32_t labels[FIXTURE_N];
    uint8_t same[FIXTURE_N]; /* 1 0 1 0 1 0 */
    struct loss_io io;       /* points at all of the above */
};
void fixture_init(struct fixture *fixture);

/* Rows of normal draws from a seed. */
void random_rows(real *rows, size_t count, uint64_t seed);
double frobenius(const real *rows, size_t count);

/* knob NULL: the defaults. */
bool loss_call(const struct loss *loss, struct loss_io *io, const double *knob, struct pool *pool,
               struct err *err);

#endif
