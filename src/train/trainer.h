/* SPDX-License-Identifier: MIT
 *
 * The training thread: drains commands, steps, measures, publishes snapshots. It never waits for the screen
 * (unless it is steady), never prints, never exits the process; a failure is a status and a message in the
 * last snapshot.
 */
#ifndef NF_TRAIN_TRAINER_H
#define NF_TRAIN_TRAINER_H

#include "share/mailbox.h"
#include "train/learner.h"

struct trainer;

/* Called on the trainer's thread when a run is to be written (COMMAND_SAVE, the end, a failure). */
typedef bool trainer_save(void *ctx, struct learner *learner, const struct snapshot *snapshot,
                          struct err *err);

struct trainer_options {
    const struct dataset *data; /* lent, like the next two; outlive the trainer */
    const struct split *split;
    struct mailbox *mailbox;
    struct commands *commands;
    struct config config;
    int n_threads, nice;
    double pace;          /* steps a second; 0: full speed */
    uint64_t paced_every; /* steps between two measurings instead of config.every while a pace leaves time for
                             them, until the user sets `every`; 0: never */
    uint64_t until;       /* pause there; 0: never */
    bool steady; /* a snapshot at each measuring and none by the clock, each taken before the next is made:
                    what a script sees is the same on any machine. At full speed, until COMMAND_LIVE */
    struct saved_state *resume; /* or NULL; a reference is taken */
    const struct series *steps, *measured,
        *events;                    /* the resumed run's, up to its state; lent, or NULL: not known */
    const struct measures *then;    /* measured at its state, where that is its step; lent, or NULL */
    const struct kept_batch *batch; /* its last, or NULL: not known; lent */
    const struct past_moment *past; /* (n_past) its kept steps before its state, of the same probe; lent */
    size_t n_past, past_rows, past_columns; /* what each is */
    uint64_t runs_before;                   /* of sessions before: its first is called behind them */
    trainer_save *save;
    void *save_ctx;
    bool saves; /* now and then by itself, so that one who is killed has a run; not while it is steady */
};

struct trainer *trainer_start(const struct trainer_options *options);
/* Posts COMMAND_STOP if nobody has, waits for the end, frees. False and err if the last save failed. */
bool trainer_join(struct trainer *trainer, struct err *err);

#endif
