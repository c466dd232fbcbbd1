/* SPDX-License-Identifier: MIT
 *
 * Every number the program shows has one entry in terms.def: what it means, its unit, its range and which way
 * is good. Help, :describe, docs and reports read it here, so that no two screens explain a number
 * differently.
 */
#ifndef NF_SHARE_TERMS_H
#define NF_SHARE_TERMS_H

enum term {
#define TERM(id, name, unit, low, high, better, meaning) TERM_##id,
#include "share/terms.def"
#undef TERM
    TERM_COUNT
};

enum better { BETTER_NONE, BETTER_HIGH, BETTER_LOW };

struct term_entry {
    const char *id;   /* column of metrics.csv and key of JSON: "knn" */
    const char *name; /* on the screen: "readable from 20 nearest" */
    const char *unit; /* "%", "nats", "" */
    double low, high; /* range; INFINITY where open */
    enum better better;
    const char *meaning; /* one or two plain sentences */
};

const struct term_entry *term_entry(enum term term);

#endif
