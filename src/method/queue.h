/* SPDX-License-Identifier: MIT
 *
 * A queue of keys of earlier batches (He et al. 2020, arXiv:1911.05722, section 3.1): tensors "queue" (size,
 * d) of unit rows, "queue.item" (size) with the picture each key is of, "queue.step" (size) with the step it
 * was made at, "queue.next" (1) with the place the next key goes to. All of it is carried by the checkpoint.
 * The oldest key makes room for the newest.
 *
 * It begins empty. Published code begins with random directions, which any constant output tells from the
 * positive at once: on small nets the output was constant before the queue was full, and all its keys alike
 * (measured on tiles: std x sqrt d 0.01 at step 200).
 */
#ifndef NF_METHOD_QUEUE_H
#define NF_METHOD_QUEUE_H

#include "method/method.h"

struct queue {
    size_t keys, item, step, next; /* tensors in params */
    size_t size, dim;
};

void queue_add(struct queue *queue, struct params *params, size_t size, size_t dim);

/* The keys that may stand against this batch into `keys` (size, dim), oldest place first: none of a picture
 * that is in the batch, for that would be a positive called negative. `newest`: only so many of the last; 0:
 * all. Returns how many. */
size_t queue_negatives(const struct queue *queue, const struct params *params,
                       const struct method_batch *batch, size_t newest, real *keys);

/* After the step: the batch's keys (n, dim) of both views, made unit, view 0 first. */
void queue_put(const struct queue *queue, struct params *params, const struct method_batch *batch,
               const real *const keys[2]);

/* How many keys are of each age, in steps; how full the queue is. Kept
 * in `value`, which has room for QUEUE_READOUT_VALUES. Returns how many readouts. */
enum { QUEUE_BINS = 32, QUEUE_READOUT_VALUES = QUEUE_BINS + 1 };
size_t queue_readouts(const struct queue *queue, const struct params *params, uint64_t step, float *value,
                      struct readout *out, size_t max);

#endif
