/* SPDX-License-Identifier: MIT
 *
 * What methods share: a head (a net on h) over both views of a batch. Each view goes through by itself and
 * whole, so that statistics over the batch are per view; the two views are the two pieces of work, each with
 * its own tape and its own gradient, which are added in order, so bits do not depend on threads. A head with
 * whole-batch layers runs its views one after the other: such layers keep running statistics.
 */
#ifndef NF_METHOD_HEAD_H
#define NF_METHOD_HEAD_H

#include "method/method.h"

/* Adds a head to the run: `text` is a net with %d for dim_h, NULL or "" for the method's own. Its tensors are
 * "<prefix>.<layer>.weight" and so on. Sets dim_z. */
bool head_add(struct method_run *run, const char *text, const char *prefix, struct err *err);
void head_release_all(struct method_run *run);

/* One head at work on a batch of n. */
struct head_work {
    real *tape[2], *dtape[2], *scratch[2];
    real *grads; /* of the second view: a whole block, of which the head's range is used */
};
void head_take(const struct method_run *run, const struct net *head, size_t n, struct arena *arena,
               struct head_work *work);

/* x (n, in) of both views to z (n, out), which lies in the tapes. */
void head_forward(const struct method_run *run, const struct net *head, const struct head_work *work,
                  size_t n, const real *const x[2], struct pool *pool, const real *z[2]);
/* dz (n, out) to dx (n, in), and to the gradients in run->params, which are added to. */
void head_backward(struct method_run *run, const struct net *head, const struct head_work *work, size_t n,
                   const real *const x[2], const real *const dz[2], struct pool *pool, real *const dx[2]);

/* After the step, while the tapes still hold it: running statistics take in the first view, then the second.
 */
void head_settle(struct method_run *run, const struct net *head, const struct head_work *work, size_t n);

/* In evaluation mode, any n, a block of rows at a time; takes from the arena no more than head_take does for
 * n. */
void head_project(const struct method_run *run, const struct net *head, size_t n, const real *h, real *z,
                  struct arena *arena);

#endif
