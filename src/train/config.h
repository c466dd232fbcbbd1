/* SPDX-License-Identifier: MIT
 *
 * All that decides a run, by value: the same config, data and seed give the same bytes. config_set is the one
 * parser of settings, for --set, --augment, live commands and a stored config.json alike.
 */
#ifndef NF_TRAIN_CONFIG_H
#define NF_TRAIN_CONFIG_H

#include "augment/augment.h"
#include "data/dataset.h"
#include "method/method.h"
#include "nn/optim.h"
#include "share/settings.h"

struct config {
    uint64_t seed;
    const struct method *method;          /* lent: static */
    double method_knob[METHOD_MAX_KNOBS]; /* in the order of its list */
    struct recipe recipe;
    char encoder[NET_TEXT_SIZE], head[NET_TEXT_SIZE]; /* head "" : the method's default */
    double train_share;                               /* of identities */
    int batch;                                        /* pairs a step */
    enum optim_kind optimizer;
    double lr, weight_decay, momentum;
    enum schedule_kind schedule;
    double warmup;         /* steps */
    uint64_t total_steps;  /* of the schedule */
    int every;             /* steps between two measurings */
    int bank, query;       /* probe sizes */
    size_t activations_mb; /* past this the forward is computed again */
    /* when each setting was last changed live: step or -1, in the order of config_settings */
    int64_t changed_at[SETTINGS_MAX];
};

/* Defaults for these pictures: conv-s, simclr, the recipe that suits their channels. */
void config_default(struct config *config, const struct dataset *data);

/* "tau"="0.2", "batch"="256", "encoder"="conv-m", "augment"="crop=0.3..1 flip", "jitter"="0.4",
 * "method"="simclr" ... Says in err what would have been right; the config is unchanged on false. */
bool config_set(struct config *config, const char *name, const char *value, struct err *err);
/* The same while it trains, at `step`: refuses what needs a restart unless `restart`, and marks it. */
bool config_change(struct config *config, const char *name, const char *value, uint64_t step, bool restart,
                   struct err *err);

/* The list a screen shows. */
void config_settings(const struct config *config, int channels, struct settings *settings);

/* Lowers what the data cannot give (a batch larger than the training items) and says so in `note` ("" if
 * nothing). */
bool config_fit(struct config *config, const struct dataset *data, const struct split *split, char *note,
                size_t size, struct err *err);

#endif
