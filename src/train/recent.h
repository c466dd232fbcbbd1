/* SPDX-License-Identifier: MIT
 *
 * The last batches of a training, each as it was embedded at its own step: how steady is what one batch shows
 * of an item? Which batches they are follows from the step alone, never from the clock or from what is looked
 * at, so a session that is played again says the same. A step's views are copied at unit length; the rest is
 * computed when somebody looks. The trainer's thread.
 */
#ifndef NF_TRAIN_RECENT_H
#define NF_TRAIN_RECENT_H

#include "data/dataset.h"
#include "train/learner.h"

enum { RECENT_BYTES = 16 << 20 /* of views; of large batches there are fewer */ };

struct recent_batch {
    uint64_t step; /* after which it was the last one */
    size_t n;
    uint32_t *item; /* (n) owned */
    float *unit;    /* (2 n, d) owned: view v of pair i is row v * n + i, of unit length */
    bool *valid;    /* (2 n) owned: it has a direction */
};
/* Zeroed: none yet. */
struct recent {
    size_t n, at, d; /* the last is batch[at - 1]; a ring */
    struct recent_batch batch[RECENT_BATCHES];
};

/* One that does not follow the last by a step, or is of another size, begins anew. */
void recent_add(struct recent *recent, const struct batch_view *batch, uint64_t step);
void recent_forget(struct recent *recent); /* another net goes on from here */
void recent_release(struct recent *recent);

/* Labels whose pictures training pulls together, (n) by row of the data; NULL: it pulls views of one picture
 * alone. Lent. */
const uint32_t *labels_pulled(const struct contrast *contrast, const struct dataset *data);

/* Who is the hardest negative of the item looked at, by its two views as they are now, in each of the
 * batches: from its anchor (space/pairs.h), among those it is not pulled towards, ties to the one that comes
 * first. Of a batch that it is no part of, the last pair is left out, in whose place it is shown. Fills in
 * seen->lately; nothing is known where the last batch is not of this step. */
void recent_look(const struct recent *recent, uint64_t step, const uint32_t *pulled, struct inspected *seen);

#endif
