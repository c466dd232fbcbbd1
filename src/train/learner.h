/* SPDX-License-Identifier: MIT
 *
 * Training without a thread of its own: one object, one call a step. The trainer thread, `nearfar train`,
 * tests and the bench all drive this. One caller thread at a time; work is spread over the pool, and the same
 * config gives the same bits for any number of threads (16 shards of fixed micro-batches, gradients added in
 * a fixed tree).
 *
 * A step: (1) augment both views and run the trunk, micro-batch by micro-batch; (2) heads and loss on the
 * whole batch; (3) their backward; (4) trunk backward, micro-batch by micro-batch; (5) reduction and
 * optimiser.
 */
#ifndef NF_TRAIN_LEARNER_H
#define NF_TRAIN_LEARNER_H

#include "share/series.h"
#include "share/snapshot.h"
#include "train/config.h"

struct learner;

/* data, split and pool are lent and must outlive it. Owned. NULL and err when the config does not fit the
 * data. */
struct learner *learner_new(const struct config *config, const struct dataset *data,
                            const struct split *split, struct pool *pool, struct err *err);
/* Would it be made? Builds its nets alone, so that a wrong layer is refused before anything is begun. */
bool learner_fits(const struct config *config, const struct dataset *data, const struct split *split,
                  struct err *err);
void learner_free(struct learner *learner);

/* One step. False when a loss or gradient is not finite: err says which quantity and step; parameters are
 * still those before the step. */
bool learner_step(struct learner *learner, struct step_row *row, struct err *err);
uint64_t learner_steps(const struct learner *learner); /* done so far */

/* A fresh learner of another method goes on with the trunk of `from`, same data and encoder: its weights,
 * their moments and the steps done. Heads, queue and centre stay new, target networks begin as the trunk is
 * now, and config.method_since is this step. */
void learner_take_trunk(struct learner *learner, const struct learner *from);

const struct config *learner_config(const struct learner *learner);
/* Between two steps; what needs a restart is refused, and so is a method (learner_take_trunk). */
bool learner_set(struct learner *learner, const char *name, const char *value, struct err *err);

const struct params *learner_params(const struct learner *learner);
size_t learner_dim_h(const struct learner *learner);
size_t learner_dim_z(const struct learner *learner);
bool learner_recomputes(const struct learner *learner); /* the activations did not fit */

/* Everything a restart needs: values, moments, states, step, config. learner_restore takes what learner_save
 * gave, from the same data and network. */
struct saved_state *learner_save(const struct learner *learner);
bool learner_restore(struct learner *learner, struct saved_state *state, struct err *err);
/* What was trained with there. Lent: by the state. */
const struct config *learner_saved_config(struct saved_state *state);
/* For a checkpoint on disk (which items and views a step sees follows from seed, step and batch): read it
 * into learner_params_edit, then say how many steps it stands for. */
struct params *learner_params_edit(struct learner *learner);
void learner_set_steps(struct learner *learner, uint64_t steps);

/* What the last batch was; lent until the next step. n pairs. */
struct batch_view {
    size_t n, dim_z;
    const uint32_t *item;
    const real *z[2];
    const float *pair_loss, *pair_weight;
};
struct batch_view learner_batch(const struct learner *learner);
/* What a screen and a file have of the net's own numbers (which are doubles in a build with REAL=double). */
void to_floats(const real *from, size_t n, float *to);
/* Its row, or NULL before the first step (and after a restore). Lent until the next step. */
const struct step_row *learner_row(const struct learner *learner);

/* Clean pictures of the given items through the online trunk (jepa: the target): h (n, dim_h); z too unless
 * NULL. h may be NULL too. */
void learner_embed(struct learner *learner, const uint32_t *items, size_t n, float *h, float *z);
/* The same for pictures given as floats (n, height, width, channels) in [0, 1]. */
void learner_embed_pictures(struct learner *learner, const float *pictures, size_t n, float *h, float *z);

/* Texts into z (n, dim_z), where the method learns from captions: only if learner_reads_text. */
bool learner_reads_text(const struct learner *learner);
struct words_known learner_words(const struct learner *learner, const char *text);
void learner_embed_texts(const struct learner *learner, const char *const *text, size_t n, float *z);

/* Two views of an item as drawn at this step, and how their embeddings compare with the last batch. Fills all
 * of `inspected`; `views` has room for two pictures and two rows of z. */
void learner_inspect(struct learner *learner, uint32_t item, float *views, struct inspected *inspected);

size_t learner_readouts(const struct learner *learner, struct readout *out, size_t max);

#endif
