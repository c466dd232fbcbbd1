/* SPDX-License-Identifier: MIT
 *
 * The run folder: what is in it and how a training writes it as it goes.
 *
 *   config.json             what was trained on what (run/record.h)
 *   metrics.csv             one row a measuring; no time in it, so the same run gives the same bytes
 *   timing.csv              the same steps with seconds and pairs/s
 *   checkpoint.safetensors  what training goes on from (run/checkpoint.h)
 *   embeddings.npy          h of the probe, float32, not normalised; rows in the order of
 *   items.csv               what is known of each probe item
 *   events.csv, steps.csv   what happened, and steps/N.npy: h at kept steps (run/past.h)
 *   batch.npy               the last batch (run/batch.h)
 *   called.csv              what a live run is called among those of its sessions (run/called.h)
 *   session.json            the screen of a live run (app/session_file.h), where w was pressed
 *   commands.txt            what was typed at which step of a live run; nearfar --play does it again
 *   marks.csv               what a person said of items and pairs (data/marks.h), if anything
 *
 * A file is replaced whole; the two tables grow by whole rows. So a run that is killed at any moment can be
 * read and resumed from its last checkpoint. One thread.
 */
#ifndef NF_RUN_RUN_H
#define NF_RUN_RUN_H

#include "base/err.h"
#include "data/dataset.h"
#include "share/series.h"

#include <stdint.h>

enum { RUN_PATH_SIZE = 4096 };

#define RUN_CONFIG     "config.json"
#define RUN_METRICS    "metrics.csv"
#define RUN_TIMING     "timing.csv"
#define RUN_CHECKPOINT "checkpoint.safetensors"
#define RUN_EMBEDDINGS "embeddings.npy"
#define RUN_ITEMS      "items.csv"
#define RUN_MARKS      "marks.csv"
#define RUN_COMMANDS   "commands.txt"
#define RUN_SESSION    "session.json"
#define RUN_EVENTS     "events.csv"
#define RUN_STEPS      "steps.csv"
#define RUN_BATCH      "batch.npy"
#define RUN_CALLED     "called.csv"
#define RUN_EXPLORED   "explore.json" /* the same of a run that is explored */
#define RUN_LOCK       "lock"         /* empty; locked while a program goes on with the run */

/* folder/file; cut if it does not fit, which then fails to open. */
void run_path(char path[RUN_PATH_SIZE], const char *folder, const char *file);
bool run_is_there(const char *folder); /* it has a config.json, metrics.csv or checkpoint */

/* Every file above, what a killed program left half-written of one, and the folder unless anything else is in
 * it. */
void run_remove_folder(const char *folder);

enum run_start {
    RUN_NEW,    /* refuse a folder that holds a run */
    RUN_OVER,   /* remove the files of the run that is there */
    RUN_ANEW,   /* begin the two tables anew and leave the rest: for a run that is written more than once */
    RUN_RESUME, /* go on with it: rows after from_step are cut */
};

struct run_writer;

/* Makes the folder if needed. NULL and err when it cannot be or may not be. Owned: run_end. */
struct run_writer *run_begin(const char *folder, enum run_start start, uint64_t from_step, struct err *err);
/* What a step was, on `pairs` pairs: kept until the next measures. */
void run_step(struct run_writer *writer, const struct step_row *row, size_t pairs);
/* For a run whose method may change on the way, before its first row: the columns are those of `all`, or
 * those the table has already; what a row lacks of them is blank, and what they lack of a row is left out. */
void run_columns(struct run_writer *writer, const struct dataset *data, const struct measures *all);
/* A row of metrics.csv and one of timing.csv, of the last step and these measures. */
bool run_measures(struct run_writer *writer, const struct dataset *data, const struct measures *measures,
                  struct err *err);
bool run_end(struct run_writer *writer, struct err *err); /* flush, fsync, close; frees it */

/* The name of a measure as a column of metrics.csv: "knn_shape", "rank". */
void measure_name(const struct dataset *data, const struct measure *measure, char *name, size_t size);

/* items.csv of the given rows: id (the row in the dataset), then columns in dataset order. */
bool items_write(const char *path, const struct dataset *data, const uint32_t *items, size_t n,
                 struct err *err);

#endif
