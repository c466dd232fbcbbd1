/* SPDX-License-Identifier: MIT
 *
 * What `train` says when it is done, for people and for scripts.
 */
#ifndef NF_APP_REPORT_H
#define NF_APP_REPORT_H

#include "data/dataset.h"
#include "share/series.h"

struct train_report {
    const char *folder;
    const struct dataset *data;
    uint64_t steps;
    double seconds, pairs_per_s;
    float loss;                      /* of the last step, NAN: none was made */
    const struct measures *measures; /* the last evaluation */
    const char *protocol;            /* of it */
    bool stopped;                    /* before what was asked for */
};

void report_print(const struct train_report *report);      /* a few lines on stdout */
void report_print_json(const struct train_report *report); /* one line on stdout */

#endif
