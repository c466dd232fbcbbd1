/* SPDX-License-Identifier: MIT
 *
 * Where a session's items and snapshots come from. A kind of feed is a const table: a training
 * (feed_training.c), tables of embeddings (feed_tables.c), a run folder (feed_run.c). It is opened in the
 * analysis worker, because that takes time, and is the session's from then on: screen thread. Its snapshots
 * come from a thread of its own through the session's mailbox. It outlives the scene, and the threads it
 * starts end before it does.
 */
#ifndef NF_APP_FEED_H
#define NF_APP_FEED_H

#include "answer/requests.h"
#include "app/options.h"
#include "data/dataset.h"
#include "run/called.h"
#include "run/past.h"
#include "run/run.h"
#include "share/mailbox.h"

struct feed;
struct sensitivity;

/* What a feed is given to work with: lent until it has ended. */
struct feed_links {
    const struct options *options;
    struct mailbox *mailbox;
    struct commands *commands;
    bool steady; /* nothing may move by time */
};

struct feed_kind {
    /* From now on snapshots come. */
    void (*start)(struct feed *feed, const struct feed_links *links);
    /* Nothing more comes until somebody acts: every command up to command_seq is carried out. */
    bool (*settled)(const struct feed *feed, const struct snapshot *newest, uint32_t command_seq);
    /* Ends its thread, writing first what would be lost. False and err if that failed. `folder` is the run it
     * wrote, "" if it wrote none. Also where it was never started. */
    bool (*end)(struct feed *feed, char folder[RUN_PATH_SIZE], struct err *err);
    void (*free)(struct feed *feed);
};

/* The part all kinds share; a kind's own struct begins with it. */
struct feed {
    const struct feed_kind *kind;
    const struct dataset *data;          /* what snapshot->item counts; lent until it is freed */
    const char *split_rule;              /* beside the headline and in help; lent */
    const char *folder;                  /* of the run, which may be yet to come; NULL: there is no run */
    const char *marks, *marks_otherwise; /* file of what is said of its items, and the one where that
                                            cannot be written; lent, or NULL */
    struct queries queries;              /* n 0: none; lent until it is freed */
    int xy[2];          /* columns that are the map to begin with, where they are not equal */
    char protocol[120]; /* how numbers are measured; "" */
    char note[400];     /* to be said at the start; "" */
    const struct sensitivity *sensitivity; /* what moves the audit of these trainings; or NULL. Lent */
    struct called called;                  /* of a run that is gone on with; runs 0: it is none */
    const struct past *past;               /* its kept steps as the run folder has them; lent, or NULL */
    bool learns;                           /* commands go to a trainer; else nothing trains here */
    bool fresh;                            /* the story of the first seconds fits it */
};

/* Finds out what the command line asks for and opens it. NULL and err if it cannot be, or when cancelled;
 * progress may be NULL. Owned: feed_free. */
struct feed *feed_open(const struct options *options, struct progress *progress, struct err *err);
void feed_free(struct feed *feed); /* NULL is fine */

/* The kinds' own doors, for feed_open. */
struct feed *feed_training_open(const struct options *options, struct err *err);
struct feed *feed_tables_open(const struct options *options, struct progress *progress, struct err *err);
struct feed *feed_run_open(const struct options *options, struct err *err);
bool feed_tables_sniff(const char *path); /* a table of embeddings, or a folder of them */

/* Niceness of a trainer and its steps a second unless told otherwise. */
enum { TRAINER_NICE = 19, DEFAULT_PACE = 10 };

#endif
