/* SPDX-License-Identifier: MIT
 *
 * Writing a training to its run folder and taking it from there. The thread that owns the learner.
 */
#ifndef NF_APP_SAVE_H
#define NF_APP_SAVE_H

#include "app/setup.h"
#include "train/measures.h"

/* A checkpoint of this moment; the config's lines are its texts. */
bool save_checkpoint(const char *folder, struct learner *learner, struct err *err);
/* embeddings.npy and items.csv: h (n, dim) of these rows of the data. */
bool save_probe(const char *folder, const struct dataset *data, const uint32_t *items, size_t n,
                const float *h, size_t dim, struct err *err);
/* config.json. `events` (rows of struct event) and `measures` may be NULL. */
struct record_parts {
    const struct series *events;
    const struct measures *measures; /* their yardsticks */
};
bool save_record(const char *folder, const struct setup *setup, const struct learner *learner,
                 const struct record_parts *parts, struct err *err);

/* Reads the checkpoint of a run into a learner made from its record. */
bool load_checkpoint(const char *folder, struct learner *learner, struct err *err);
/* The step its checkpoint stands for, without reading tensors into anything. */
bool load_step(const char *folder, uint64_t *step, struct err *err);
bool load_record(const char *folder, struct record *record, struct err *err);

/* What happened to a run, appended: of events.csv, or of its record where it was written before there was
 * one. */
void record_events(const struct record *record, const char *folder, struct series *events);

#endif
