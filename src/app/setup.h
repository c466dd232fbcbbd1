/* SPDX-License-Identifier: MIT
 *
 * What a training starts from: pictures, who of them trains, and the config, as the command line or a stored
 * run says. Owned by the subcommand; everything is lent to learner and trainer and must outlive them.
 */
#ifndef NF_APP_SETUP_H
#define NF_APP_SETUP_H

#include "app/options.h"
#include "run/record.h"
#include "train/config.h"

struct setup {
    struct dataset data;
    struct split split;
    struct config config;
    char note[400]; /* what was lowered or does nothing on these pictures; "" if nothing */
};

/* --method, --encoder, --augment, --set, --every: what decides a run. */
extern const struct option training_options[];

/* Opens `spec` and applies the options. On false nothing is held. */
bool setup_open(struct setup *setup, const char *spec, const struct options *options, struct err *err);
/* The same from a run's record; `spec` NULL: the data it names, which must be the same as then. */
bool setup_resume(struct setup *setup, const struct record *record, const char *spec, struct err *err);
void setup_release(struct setup *setup);

/* Whether --set names this setting. */
bool setup_sets(const struct options *options, const char *name);

/* The pictures alone: `spec` with those --set pairs that are knobs of a format. */
bool setup_data(struct dataset *data, const char *spec, const struct options *options, struct err *err);
/* For who trains nothing: false and err where --set names what is no setting of the data. */
bool setup_only_data(const struct options *options, struct err *err);

/* A record of this config on this data; and back. */
void record_of(struct record *record, const struct setup *setup, const struct config *config, uint64_t steps);
bool record_config(const struct record *record, const struct dataset *data, struct config *config,
                   struct err *err);

#endif
