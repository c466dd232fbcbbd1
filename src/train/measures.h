/* SPDX-License-Identifier: MIT
 *
 * The numbers beside the training, on a probe that is fixed by seed: a bank of training items and held-out
 * queries, clean and (a quarter of them) moved. For every attribute the measure that fits its kind, beside
 * raw pixels, the untrained net and chance; plus what the space is like. Costs at most a tenth of the
 * training's throughput at the default --every. One caller thread, but where it says otherwise.
 *
 * What is read where: attributes and dimensions used on h (what the encoder gives); alignment, uniformity and
 * std on z (what the loss sees); similarities and pretext accuracy on the last batch.
 */
#ifndef NF_TRAIN_MEASURES_H
#define NF_TRAIN_MEASURES_H

#include "train/learner.h"

struct probe;

/* Draws the probe and measures pixels and the untrained net (the learner must be at step 0; a resumed run
 * makes a fresh learner of the same seed for it). n_bank and n_query are capped by the split. The probe lends
 * data and pool. Owned. */
struct probe *probe_new(struct learner *untrained, const struct dataset *data, const struct split *split,
                        size_t n_bank, size_t n_query, struct pool *pool, struct err *err);
void probe_free(struct probe *probe);

/* The same in pieces, for a program that has a first picture to show: probe_draw measures nothing;
 * probe_untrained takes a net at step 0 (again after a restart with another network); probe_read_pixels may
 * run on another thread meanwhile (its own pool or NULL; a reading of its own, given over by
 * probe_set_pixels). Until then the yardstick is NaN. */
struct probe *probe_draw(const struct learner *learner, const struct dataset *data, const struct split *split,
                         size_t n_bank, size_t n_query, struct pool *pool, struct err *err);
void probe_untrained(struct probe *probe, struct learner *untrained);
struct pixel_reading {
    float value[MEASURES_MAX];
};
void probe_read_pixels(const struct probe *probe, struct pool *pool, struct pixel_reading *reading);
void probe_set_pixels(struct probe *probe, const struct pixel_reading *reading);
/* The yardstick into measures of this probe that were taken before it was there. */
void probe_fill_pixels(const struct probe *probe, struct measures *measures);

/* Room for another method's z on the same pictures; what was measured on h stays. */
void probe_refit(struct probe *probe, const struct learner *learner);
/* Has this learner embeddings of the probe's widths? */
bool probe_fits(const struct probe *probe, const struct learner *learner);

const uint32_t *probe_items(const struct probe *probe,
                            size_t *n); /* held-out queries, dataset rows, ascending */
const uint32_t *probe_bank_items(const struct probe *probe, size_t *n);
/* Their embeddings by the last probe_measure or probe_embed: (n, dim_h), (n, dim_z), bank (n_bank, dim_h).
 * Lent. */
const float *probe_h(const struct probe *probe);
const float *probe_z(const struct probe *probe);
const float *probe_bank_h(const struct probe *probe);
/* Queries and the first n_bank of the bank only: what a map needs. */
void probe_embed(struct probe *probe, struct learner *learner, size_t n_bank);
void probe_measure(struct probe *probe, struct learner *learner, struct measures *out); /* everything */
/* The measures of the net that probe_untrained took last, which it has just embedded: nothing is read twice
 * before the first step. */
void probe_measures_untrained(struct probe *probe, struct measures *out);

/* How well a category is read among the 20 nearest on the map of its class axes, fitted on the bank and drawn
 * for the held-out items, at the last probe_measure; NaN for columns that are no category. */
double probe_map_readable(const struct probe *probe, int column);

/* The ridge probe (space/ridge.h) of each category, added to `out` as TERM_ridge: on h as the last embedding
 * of everything left it (probe_new, probe_measure), and on raw pixels, which takes seconds. */
void probe_ridge(const struct probe *probe, struct measures *out);
void probe_ridge_pixels(const struct probe *probe, struct measures *out);

/* Named signs of collapse in these measures ("all pictures land on one point: std x sqrt d 0.02"), "" if
 * none. Nothing is said of a net that has trained for fewer than 50 steps: an untrained one looks collapsed.
 * Lines: docs/maths.md and what a method calls healthy. */
struct condition {
    const struct measures *measures;
    const struct step_row *row; /* or NULL */
    size_t dim_h, dim_z;
    bool raw;                      /* the method looks at z as it is */
    const struct readout *readout; /* (n_readouts) what the method shows of itself */
    size_t n_readouts;
};
void measures_collapse(const struct condition *condition, char *text, size_t size);

/* "knn 20 nearest, cosine on h, T 0.07, bank 2 000 training items, 1 000 held-out": beside every number. */
void probe_protocol(const struct probe *probe, char *text, size_t size);

#endif
