/* SPDX-License-Identifier: MIT
 *
 * Losses whose second table is a target: it comes from another network, or is held still, and gets no
 * gradient. One direction is written once; the other is the same with the tables exchanged.
 */
#ifndef NF_LOSS_TARGET_H
#define NF_LOSS_TARGET_H

#include "loss/loss.h"

/* a learns from b: sets the loss and what is reported, and da unless it is NULL; db is not its business. */
typedef void target_way(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch);

/* a from b, or (symmetric) both ways: `weight` times their sum. */
void target_run(target_way *way, double weight, struct loss_io *io, const double *knob, struct pool *pool,
                struct arena *scratch);

#endif
