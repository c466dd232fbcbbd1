/* SPDX-License-Identifier: MIT
 *
 * nearfar bench methods DATA: every method on equal terms, side by side in one table. Main thread; takes
 * minutes. Ctrl-C ends it after the step it is at, and the table holds the runs that were finished.
 */
#ifndef NF_APP_BENCH_METHODS_H
#define NF_APP_BENCH_METHODS_H

#include "app/options.h"

extern const struct option bench_methods_options[];
enum exit_code bench_methods(const struct options *options);

/* ---- the table, in app/methods_table.c ---- */

#include "data/dataset.h"
#include "method/method.h"
#include "share/series.h"

/* One training. */
struct trial {
    const struct method *method; /* lent: static */
    uint64_t seed;
    struct measures measures; /* at its end, ridge probes included */
    struct measures start;    /* of the same net before its first step */
    double pairs_per_s;       /* of steps alone: measuring is not counted */
    double reached;           /* steps until the headline was at the target; NAN: never */
};

struct methods_table {
    const struct dataset *data;
    const struct trial *trial; /* (n) grouped by method */
    size_t n;
    struct measures pixels; /* TERM_ridge on raw pixels */
    double target;
    const char *title; /* what was done: a sentence or two above the table */
};

/* `path` NULL: Markdown on stdout. Else by its ending, .md or .csv; written whole. */
bool methods_table_write(const struct methods_table *table, const char *path, struct err *err);
bool methods_table_path_fits(const char *path, struct err *err);

#endif
