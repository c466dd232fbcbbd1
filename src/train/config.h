/* SPDX-License-Identifier: MIT
 *
 * All that decides a run, by value: the same config, data and seed give the same bytes. config_set is the one
 * parser of settings, for --set, --augment, live commands and a stored config.json alike. One thread at a
 * time; nothing to release.
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
    uint64_t method_since; /* the step at which this method took over a running encoder; 0: from the start */
    struct recipe recipe;
    struct recipe usual; /* the default for these pictures, for methods that bring none */
    char encoder[NET_TEXT_SIZE], head[NET_TEXT_SIZE]; /* head "": the method's default */
    double train_share;                               /* of identities */
    uint64_t split_seed;                              /* who trains and who is watched; 0: seed */
    uint64_t resample; /* training identities drawn anew with replacement by this seed; 0: each once */
    uint64_t draws;    /* seed of which pairs and views are drawn; 0: seed */
    int batch;         /* pairs a step */
    enum optim_kind optimizer;
    double lr, weight_decay, momentum;
    enum schedule_kind schedule;
    double warmup;         /* steps */
    uint64_t total_steps;  /* of the schedule */
    int every;             /* steps between two measurings */
    int bank, query;       /* probe sizes */
    size_t activations_mb; /* past this the forward is computed again */
    int64_t
        changed_at[SETTINGS_MAX]; /* step at which each was last changed live, or -1; by config's own order */
};

/* Defaults for these pictures: conv-s, simclr, the recipe that suits their channels, a constant rate (a run
 * of known length sets "schedule"="cosine" and "steps"). */
void config_default(struct config *config, const struct dataset *data);

/* Names: seed, method (which brings its knobs, and its defaults for what stands at the last method's), its
 * knobs ("tau"; a switch: "on", "off"), augment (a whole list or an edit of it), every augmentation
 * ("jitter" "0.4", "crop" "0.3..1", "flip" "off"), encoder, head, optimizer, schedule, and the numbers batch,
 * lr, weight-decay, momentum, warmup, steps, every, bank, query, train-share, activations, draws;
 * split-seed and resample, of runs that are compared. Says in err what
 * would have been right; the config is unchanged on false. */
bool config_set(struct config *config, const char *name, const char *value, struct err *err);
/* The same while it trains, at `step`: refuses what needs a restart unless `restart`, and marks it. What is
 * fixed once the data is split (train-share) is refused always. */
bool config_change(struct config *config, const char *name, const char *value, uint64_t step, bool restart,
                   struct err *err);

/* The list a screen shows: first what a person turns most. */
void config_settings(const struct config *config, int channels, struct settings *settings);

/* All of it as "name=value" lines, exact to the bit; config_set of every line on a default config gives it
 * back. `size` of CONFIG_TEXT_SIZE is enough. */
enum { CONFIG_TEXT_SIZE = 2 * NET_TEXT_SIZE + RECIPE_TEXT_SIZE + 2048 };
void config_print(const struct config *config, char *text, size_t size);

/* Who trains and who is held out, as the config says: split_make and split_resample. */
bool config_split(const struct config *config, const struct dataset *data, struct split *split,
                  struct err *err);
uint64_t config_split_seed(const struct config *config);
uint64_t config_draws(const struct config *config); /* the seed of pairs and views */

/* Lowers what the data cannot give (a batch larger than the training items) and says so in `note` ("" if
 * nothing). False when there is nothing to tell apart. */
bool config_fit(struct config *config, const struct dataset *data, const struct split *split, char *note,
                size_t size, struct err *err);

#endif
