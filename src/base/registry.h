/* SPDX-License-Identifier: MIT
 *
 * The shape of every extension axis. A kind of thing (a loss, a method, a format, an augmentation, a layer, a
 * view) is one const struct per file whose first member is a struct entry, named in one line of the axis'
 * .def list; options, settings, help, docs and the registry tests walk the list. Static const data: any
 * thread, no owner.
 */
#ifndef NF_BASE_REGISTRY_H
#define NF_BASE_REGISTRY_H

#include "base/check.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* A number the user may turn. */
struct knob {
    const char *name;         /* the field's name, as typed after --set: "tau" */
    const char *label;        /* on the screen: "temperature" */
    const char *help;         /* one sentence: what it does and where it comes from */
    double min, max, value;   /* closed range and default */
    double step;              /* one key press: added, or multiplied by when `log` */
    bool log;                 /* turn it by factors */
    bool whole;               /* integers only */
    bool restart;             /* takes effect with R, not at the next step */
    const char *unit;         /* "" where it has none */
    bool on_off;              /* a switch: 1 is on, 0 is off, and it reads "on" or "off" */
    const char *const *words; /* a choice: what 0, 1, ... max are called, NULL-ended; NULL: a number. Runs are
                                 stored with the number, so new words come last */
};

/* A safeguard that can be taken away, to watch what it guards against: on by default. */
#define KNOB_SWITCH(NAME, LABEL, HELP)                                                                       \
    {                                                                                                        \
        .name = (NAME), .label = (LABEL), .help = (HELP), .min = 0, .max = 1, .value = 1, .step = 1,         \
        .whole = true, .on_off = true, .unit = ""                                                            \
    }

/* One of several that have names; the first by default. */
#define KNOB_CHOICE(NAME, LABEL, WORDS, HELP)                                                                \
    {                                                                                                        \
        .name = (NAME), .label = (LABEL), .help = (HELP), .min = 0, .max = (int)ARRAY_LEN(WORDS) - 2,        \
        .value = 0, .step = 1, .whole = true, .words = (WORDS), .unit = ""                                   \
    }

struct entry {
    const char *name;         /* unique within its axis; [a-z0-9-] */
    const char *help;         /* one sentence */
    const struct knob *knobs; /* ends with a NULL name; NULL for none */
};

/* A list of entries: what a .def file expands to. `at` gives the i-th entry, NULL past the end. */
struct axis {
    const char *title; /* "loss", "method", ... */
    const struct entry *(*at)(size_t i);
    /* What choosing the i-th brings with it, a sentence or two; NULL: nothing is said. */
    void (*note)(size_t i, char *text, size_t size);
};

/* The entry of that name, or NULL. */
const struct entry *axis_find(const struct axis *axis, const char *name);

/* "a, b, c" of all names, for messages that say what would have been right; cut to size with "...". */
void axis_names(const struct axis *axis, char *text, size_t size);

size_t knob_count(const struct knob *knobs);

/* The knob of that name in a list, or NULL; list may be NULL. */
const struct knob *knob_find(const struct knob *knobs, const char *name);

/* Clamps to the range and rounds where whole. NaN gives the default. */
double knob_clamp(const struct knob *knob, double value);

/* What a value of a switch or a choice is called: "on", "hard"; NULL for a number. */
const char *knob_word(const struct knob *knob, double value);

/* Reads what was typed for it: a number of its range, on or off, one of its words (or that one's number). */
bool knob_parse(const struct knob *knob, const char *text, double *value, struct err *err);

/* One key press up (+1) or down (-1) from value, clamped; a choice begins again
 * at its other end. */
double knob_turn(const struct knob *knob, double value, int direction);

#endif
