/* SPDX-License-Identifier: MIT
 *
 * What happened over training, step by step: append-only and shared. The trainer appends, any thread reads: a
 * reader takes the count first and may then read every row below it for as long as it holds a reference. Rows
 * never move or change. All rows of one series have the same size.
 */
#ifndef NF_SHARE_SERIES_H
#define NF_SHARE_SERIES_H

#include "share/terms.h"

#include <stddef.h>
#include <stdint.h>

struct series;

struct series *series_new(size_t row_bytes);
struct series *series_ref(struct series *series);
void series_unref(struct series *series);

void series_append(struct series *series, const void *row);   /* one writer */
size_t series_count(const struct series *series);             /* acquire: rows below are complete */
const void *series_at(const struct series *series, size_t i); /* lent; i < a count already read */

/* One row a step. */
struct step_row {
    uint64_t step; /* steps done when this was written: 1 after the first */
    float loss, no_learning, lr, grad_norm, positive, negative, pretext;
    double seconds; /* wall time of the step */
};

enum { MEASURES_MAX = 40 };

/* One measured number with its yardsticks, NaN where it has none. */
struct measure {
    enum term term;
    int column; /* dataset column it is about, or -1 */
    float value, pixels, untrained, chance;
};

/* One row a measuring. */
struct measures {
    uint64_t step;
    int n;
    struct measure item[MEASURES_MAX];
};

/* The one for (term, column), or NULL. Lent. */
const struct measure *measures_find(const struct measures *measures, enum term term, int column);

enum event_kind {
    EVENT_START,
    EVENT_SETTING,  /* a knob was changed */
    EVENT_PASSED,   /* a measure passed a yardstick */
    EVENT_COLLAPSE, /* a collapse sign shows */
    EVENT_FLIPPED,  /* many items have other neighbours altogether */
    EVENT_APART,    /* two views of one item are much less alike */
    EVENT_FAILED,   /* not finite */
    EVENT_SAVED,
    EVENT_BRANCH, /* a run goes on from here with other settings */
};

struct event {
    uint64_t step;
    enum event_kind kind;
    char text[120]; /* "passes untrained net", "temperature 0.20 → 0.05" */
};

#endif
