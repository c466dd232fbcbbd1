/* SPDX-License-Identifier: MIT
 *
 * config.json: what was trained on what, with which settings, on which machine; all that is needed to do it
 * again. A plain record of texts and numbers: run/ knows nothing of the learner, app/ fills it from a config
 * and makes a config of it. Any thread; the owner releases.
 */
#ifndef NF_RUN_RECORD_H
#define NF_RUN_RECORD_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { RECORD_VERSION = 1, RECORD_KNOBS_MAX = 96, RECORD_LIST_MAX = 4096 };

/* A setting by the name that --set takes. */
struct record_knob {
    char name[24];
    double value;
};

/* What happened to the settings on the way: a knob turned live, a schedule extended. */
struct record_event {
    uint64_t step;
    char text[120];
};

/* The yardsticks of one column of metrics.csv, NAN where it has none. */
struct record_yardstick {
    char name[120];
    double pixels, untrained, chance;
};

struct record {
    char *program;
    struct {
        char *name, *args, sha256[65];
        size_t n;
    } dataset;
    char *split_rule;
    char *encoder, *head, *method, *optimizer, *augment;
    struct record_knob knob[RECORD_KNOBS_MAX];
    size_t n_knobs;
    uint64_t seed, steps; /* steps done when it was written */
    struct {
        char *kind;
        double warmup;
        uint64_t total;
    } schedule;
    struct {
        int bank, query, every;
    } probe;
    struct record_event *event;
    size_t n_events;
    struct record_yardstick *yardstick;
    size_t n_yardsticks;
    struct {
        char *cpu, *blas, *blas_core, *arch;
    } machine;
};

void record_release(struct record *record);
void record_add_knob(struct record *record, const char *name, double value);
void record_add_event(struct record *record, uint64_t step, const char *text);
void record_add_yardstick(struct record *record, const struct record_yardstick *yardstick);

bool record_write(const char *path, const struct record *record, struct err *err);
bool record_read(const char *path, struct record *record, struct err *err);
bool record_parse(const char *text, size_t length, struct record *record, struct err *err);

#endif
