/* SPDX-License-Identifier: MIT
 *
 * batch.npy: the last batch of a run, so that its pairs are there for one who goes on with it or explores it.
 * A row a pair: item, loss, weight (NaN where the method has none), then z of the first view and z of the
 * second. Items are whole numbers in float, so data of more than 2^24 items has none. What is missing or
 * makes no sense is no batch. One thread.
 */
#ifndef NF_RUN_BATCH_H
#define NF_RUN_BATCH_H

#include "base/err.h"
#include "share/snapshot.h"

/* Nothing is written where there is none. */
bool batch_write(const char *folder, const struct kept_batch *batch, struct err *err);
/* Of data of n_items. n 0: there is none. Owned: batch_release. */
void batch_read(struct kept_batch *batch, const char *folder, size_t n_items);
void batch_release(struct kept_batch *batch);

#endif
