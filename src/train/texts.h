/* SPDX-License-Identifier: MIT
 *
 * A learner's text encoder by itself, as one block that a snapshot carries: so that a text can be asked of
 * any moment of a run, past ones too, without the learner. Bytes are immutable; any thread may read them.
 */
#ifndef NF_TRAIN_TEXTS_H
#define NF_TRAIN_TEXTS_H

#include "train/learner.h"

/* Only the rows of the vocabulary that are used. NULL where the method reads no text. Owned: one reference.
 */
struct saved_state *texts_save(const struct learner *learner);

/* The text's row z (dim_z); how many of its words are known. False, and nothing written, where the encoder is
 * of another width. */
bool texts_embed(struct saved_state *saved, const char *text, float *z, size_t dim_z,
                 struct words_known *words);

#endif
