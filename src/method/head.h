/* SPDX-License-Identifier: MIT
 *
 * What methods share: a head (a net on h or on z) over both views of a batch. Each view goes through by
 * itself and whole, so that statistics over the batch are per view; the two views are the two pieces of work,
 * each with its own tape and its own gradient, which are added in order, so bits do not depend on threads.
 * A head may have a target network, an EMA copy that is only run forward.
 */
#ifndef NF_METHOD_HEAD_H
#define NF_METHOD_HEAD_H

#include "method/method.h"

/* Adds a head of inputs `in` wide: `text` is a net with %d for that width. Its tensors are
 * "<prefix>.<layer>.weight" and so on, and "target.<prefix>..." where it has a target. Returns through
 * run->head[run->n_heads - 1]. */
bool head_add(struct method_run *run, const char *text, size_t in, const char *prefix, bool target,
              struct err *err);
/* The same for a map: %d stands for `width`. */
bool head_add_map(struct method_run *run, const char *text, struct shape in, size_t width, const char *prefix,
                  bool target, struct err *err);
void head_release_all(struct method_run *run);
size_t head_width(const struct method_run *run, size_t head); /* of its output */

/* One head at work on a batch of n: the online net, or its target. */
struct head_work {
    size_t head;  /* index into run->head */
    size_t shift; /* of the values it runs on: 0 online, else the target's */
    real *tape[2], *dtape[2], *scratch[2];
    real *grads; /* of the second view: a whole block, of which the head's range is used */
};
void head_take(const struct method_run *run, size_t head, size_t n, struct arena *arena,
               struct head_work *work);
/* For forward only; the head must have a target. */
void head_take_target(const struct method_run *run, size_t head, size_t n, struct arena *arena,
                      struct head_work *work);

/* x (n, in) of both views to z (n, out), which lies in the tapes. */
void head_forward(const struct method_run *run, const struct head_work *work, size_t n,
                  const real *const x[2], struct pool *pool, const real *z[2]);
/* dz (n, out) to dx (n, in), and to the gradients in run->params, which are added to. */
void head_backward(struct method_run *run, const struct head_work *work, size_t n, const real *const x[2],
                   const real *const dz[2], struct pool *pool, real *const dx[2]);

/* After the step, while the tapes still hold it: running statistics take in the first view, then the second.
 */
void head_settle(struct method_run *run, const struct head_work *work, size_t n);

/* The online net in evaluation mode, any n, a block of rows at a time; takes from the arena no more than
 * head_take does for n. */
void head_project(const struct method_run *run, size_t head, size_t n, const real *x, real *z,
                  struct arena *arena);

#endif
