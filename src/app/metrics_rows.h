/* SPDX-License-Identifier: MIT
 *
 * What a run folder's metrics.csv says, as the curves of a session. Any thread.
 */
#ifndef NF_APP_METRICS_ROWS_H
#define NF_APP_METRICS_ROWS_H

#include "app/moment.h"
#include "run/record.h"

struct metrics_source {
    const char *folder;
    const struct dataset *data;
    const struct record *record; /* for the yardsticks */
    bool shown; /* the numbers of the step are among the measures: nothing that trains knows them */
};

/* Appends the rows behind step `after` (UINT64_MAX: from the first) up to `end`; `last` is the last of them.
 * What was measured at `end` itself is in `last` alone: it is measured again there. Returns its step, or
 * `after`: there is none, or the table cannot be read just now. */
uint64_t metrics_rows(const struct metrics_source *source, uint64_t after, uint64_t end,
                      const struct moment_series *series, struct measures *last);

#endif
