/* SPDX-License-Identifier: MIT
 *
 * The flow of every method that compares two views of a picture: h -> projection head -> z -> predictor, if
 * there is one -> p, and a loss between p of one view and what the other view gives: its own p (FORM_BOTH),
 * or a target t without gradient: the EMA network's z (BYOL, MoCo), its predictor's (DINO), or the online z
 * (SimSiam).
 *
 * The safeguards it knows by their knobs' names, each on where a method does not list it:
 *   predictor       off: p is z
 *   stop-gradient   off: t is the online z and has a gradient too
 *   ema             off: the target network is the online one of this step (m = 0)
 *   negatives       off: views only attract (cosine of p and t); nothing repels
 *   normalisation   off: heads are made without their batchnorm layers (with R)
 */
#ifndef NF_METHOD_TWO_VIEWS_H
#define NF_METHOD_TWO_VIEWS_H

#include "method/head.h"

extern const struct method_flow two_views;

/* What a method may look at after forward (run->detail). Matrices lie in the arena. */
struct two_views {
    struct head_work head, predictor, target_head, target_predictor;
    size_t dim_p;                        /* width of p and t */
    const real *p[2], *t[2];             /* (n, dim_p) of each view */
    real *dp[2], *dt[2], *dz[2];         /* their gradients; dz (n, dim_z) */
    real *pair_loss[2], *pair_weight[2]; /* (n) of each direction */
    float shown[3 + LOSS_PARTS];         /* its readouts */
};

#endif
