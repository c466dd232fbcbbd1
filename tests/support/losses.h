/* SPDX-License-Identifier: MIT
 *
 * The two small tables that every loss is checked on against independent values (reference figures in
 * double), and a call of a loss with its own scratch.
 */
#ifndef NF_TESTS_SUPPORT_LOSSES_H
#define NF_TESTS_SUPPORT_LOSSES_H

#include "loss/loss.h"

enum { FIXTURE_N = 6, FIXTURE_D = 4, FIXTURE_REALS = FIXTURE_N * FIXTURE_D, FIXTURE_QUEUE = 8 };

/* k = 4i + j: a = sin(.7k + .11k^2 + .3), b = a + .6 cos(1.3k + .07k^2 + .1); labels 0 0 1 1 2 2; the queue
 * unit rows of cos(.9k + .2); the centre .1 sin j. */
struct fixture {
    real a[FIXTURE_REALS], b[FIXTURE_REALS], da[FIXTURE_REALS], db[FIXTURE_REALS];
    real queue[FIXTURE_QUEUE * FIXTURE_D], center[FIXTURE_D];
    int32_t labels[FIXTURE_N];
    uint8_t same[FIXTURE_N]; /* 1 0 1 0 1 0 */
    struct loss_io io;       /* points at all of the above */
};
void fixture_init(struct fixture *fixture);

/* A figure of float64 autograd on the fixture; gradients with respect to the raw rows, 0: none flows. */
struct golden_loss {
    const char *name, *set; /* "tau=0.5", blank-separated */
    bool labels;            /* given to it */
    size_t used, active;    /* terms of the mean; of them not clamped, inside the margin */
    double loss, da00, da, db00, db, grad_t, grad_b;
};
extern const struct golden_loss golden_losses[]; /* ends with a NULL name */

/* Rows of normal draws from a seed. */
void random_rows(real *rows, size_t count, uint64_t seed);
double frobenius(const real *rows, size_t count);

/* The defaults and what `set` says. */
void loss_knobs(const struct loss *loss, const char *set, double *knob);
/* knob NULL: the defaults. */
bool loss_call(const struct loss *loss, struct loss_io *io, const double *knob, struct pool *pool,
               struct err *err);

#endif
