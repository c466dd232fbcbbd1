/* SPDX-License-Identifier: MIT
 *
 * nearfar audit --sensitivity: trains one base configuration and others that differ from it in one thing,
 * several at once with a thread each, into a folder that can be gone on with:
 *
 *   DIR/base/, DIR/seed-2/, ...      run folders, as nearfar train writes them
 *   DIR/spaces/base.npy, ...         h of the base's held-out pictures under each encoder
 *   DIR/items.csv                    what is known of these pictures
 *   DIR/sensitivity.json, .csv, .md  what came of it
 *
 * Main thread, but where it says otherwise; the same bytes for any number of threads.
 */
#ifndef NF_APP_SENSITIVITY_H
#define NF_APP_SENSITIVITY_H

#include "app/audit_input.h"
#include "app/setup.h"
#include "base/parallel.h"
#include "base/strbuf.h"
#include "space/sensitivity.h"

#include <jansson.h>

#define SENSITIVITY_JSON "sensitivity.json"

extern const struct option sensitivity_options[];

/* A training of the plan. */
struct planned_run {
    char name[40]; /* of its folder */
    struct config config;
    char data[600];    /* what it learns from, where not from the base's pictures; "" */
    bool done;         /* its space is there */
    uint64_t from;     /* steps that were taken before it was stopped */
    struct err failed; /* why not; text "" else */
    float *rows;       /* (n_items, d) h of the base's held-out pictures */
    size_t d;
};

/* A row of the table to come: the space of a run, at a threshold chosen its own way. */
struct planned_row {
    char kind[20], what[96];
    size_t run; /* index */
    enum audit_target target;
    double at;
};

enum { SENSITIVITY_RUNS = 48 };

struct sensitivity_plan {
    const struct options *options;
    struct setup base;
    uint64_t steps, seeds;
    struct planned_run run[SENSITIVITY_RUNS]; /* the first is the base */
    size_t n_runs;
    struct planned_row row[SENSITIVITY_ROWS];
    size_t n_rows;
    char left_out[400]; /* what cannot be varied here, and why */
    enum audit_target target;
    double at;
    int group, relation; /* columns of the data */
    uint32_t *item;      /* (n_items) held-out pictures of the base, as its probe draws them */
    size_t n_items;
    float *picture; /* (n_items, height, width, channels) */
    const char *folder;
    struct progress finished; /* trainings */
    size_t n_todo, steps_todo;
    double started;
};

/* Fills runs and rows from the list of factors (sensitivity_factors.c: a line adds one). */
bool sensitivity_plan_make(struct sensitivity_plan *plan, struct err *err);

/* The training of run `i`, all of it or from where it was stopped: false when cancelled (then it can be gone
 * on with) or when its folder cannot be written; what cannot be trained is noted in run->failed. Any thread,
 * different runs at once. */
bool sensitivity_train(struct sensitivity_plan *plan, size_t i, struct progress *progress, struct err *err);
/* Takes run i from the folder where it is finished, or how far it is. False and err where the folder holds
 * something else. */
bool sensitivity_take(struct sensitivity_plan *plan, size_t i, struct err *err);

/* sensitivity.json, .csv and .md. */
bool sensitivity_write(const struct sensitivity *sensitivity, const struct sensitivity_plan *plan,
                       struct err *err);
void sensitivity_print(const struct sensitivity *sensitivity, struct strbuf *out);
json_t *sensitivity_json(const struct sensitivity *sensitivity); /* owned */
/* What sensitivity.json says, checked. On false nothing is held. */
bool sensitivity_parse(struct sensitivity *sensitivity, const char *text, size_t length, struct err *err);
bool sensitivity_read(struct sensitivity *sensitivity, const char *folder, struct err *err);
bool sensitivity_is_there(const char *folder);

/* The subcommand. */
enum exit_code run_sensitivity(const struct options *options);

#endif
