/* SPDX-License-Identifier: MIT
 *
 * Inside train/: the trainer's own memory. trainer.c is the thread and its loop, carry_out.c does what
 * commands say, publish.c measures and makes snapshots. Everything here belongs to the trainer's thread.
 */
#ifndef NF_TRAIN_TRAINER_PARTS_H
#define NF_TRAIN_TRAINER_PARTS_H

#include "train/measures.h"
#include "train/recent.h"
#include "train/trainer.h"
#include "train/watch.h"

enum {
    MAP_BANK = 512,       /* bank items a snapshot carries: enough for class axes */
    STATE_EVERY = 20,     /* snapshots between two that can be restarted from */
    SAVE_REST_LEAST = 30, /* seconds between two times that the run is written by itself, at least, */
    SAVE_REST_SHARE = 50, /* and so many times what writing it took */
};

struct pixel_thread; /* reads the raw-pixel yardstick beside the training; in trainer.c */

struct trainer {
    struct trainer_options options;
    struct thread *thread;
    struct pool *pool;
    struct learner *learner; /* NULL: it could not be made */
    struct probe *probe;
    struct pixel_thread *pixels; /* NULL once its reading is in */
    struct config next;          /* settings as they stand: what a restart takes */
    /* what is shared: counted, append-only */
    struct series *steps, *measured, *events;
    struct measures measures; /* the latest */
    enum train_status status;
    char message[240];
    uint32_t message_seq, command_seq;
    struct carried carried[CARRIED_KEPT];
    uint64_t failed_at; /* 0: it has not */
    uint64_t run, until;
    uint64_t catch_up;     /* of a branch: how far the run it left is; up to there it keeps no pace */
    uint64_t single_steps; /* left of COMMAND_STEP */
    uint32_t inspected;    /* dataset row, UINT32_MAX none */
    struct saved_state *published_state;  /* the last that went with a snapshot, or NULL */
    struct saved_state *good, *candidate; /* a candidate is good once a step has gone well from it */
    unsigned published;
    bool embedded; /* the probe's embeddings are of this very step */
    struct watch watch;
    struct recent recent;
    bool stop, save_failed;
    atomic_bool ended;   /* the thread has done its last work: read by trainer_join */
    atomic_bool leaving; /* set by whoever joins: no snapshot is waited for any more */
    struct err save_err;
    /* clock: pace and display only */
    double asked_pace; /* which measurings go by: that of a steady trainer, too, which keeps none */
    double saved_at, save_seconds; /* of the run as it was written last; saved_at 0: not yet */
    uint64_t saved_step, saved_run;
    double pace, due, published_at, display_seconds, last_step_at, step_interval;
};

/* publish.c */
void trainer_say(struct trainer *trainer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void trainer_event(struct trainer *trainer, enum event_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void trainer_measure(struct trainer *trainer); /* a row of measured, events of what it shows */
void trainer_publish(struct trainer *trainer);
void trainer_publish_past(
    struct trainer *trainer); /* of the run that is resumed: its untrained net, kept steps */
bool trainer_publish_due(const struct trainer *trainer);
void trainer_keep_state(struct trainer *trainer); /* takes a candidate */
void trainer_save_run(struct trainer *trainer);
/* While somebody looks on, at a measuring or a standstill: the first time at once, then seldom, so that a
 * session that is killed has a run to go on with. It leaves no event: the run is the same without. */
void trainer_save_now_and_then(struct trainer *trainer);
double trainer_save_due(const struct trainer *trainer); /* in so many seconds; INFINITY: nothing is new */

/* carry_out.c */
void trainer_begin_series(struct trainer *trainer,
                          uint64_t last_step); /* fresh ones with the rows up to there */
bool trainer_go_back(struct trainer *trainer); /* to the last good state */
void trainer_carry_out(struct trainer *trainer, const struct command *command);

/* branch.c */
void trainer_branch(struct trainer *trainer, const struct command *command);

/* trainer.c */
double trainer_pace(const struct trainer *trainer); /* steps a second that are kept now; 0: full speed */
bool trainer_build(struct trainer *trainer, const struct config *config, struct err *err);

#endif
