/* SPDX-License-Identifier: MIT
 *
 * Writing what is selected or highlighted to a file, in the analysis worker: .csv attributes, .npy embeddings
 * (h, float32, not normalised, rows in the order given), .png a contact sheet of the pictures in that order,
 * left to right.
 */
#ifndef NF_APP_EXPORT_H
#define NF_APP_EXPORT_H

#include "base/parallel.h"
#include "share/inbox.h"
#include "view/view.h"

/* Everything in it is copied or held. */
struct export_work {
    struct export_order order;       /* its arrays are the work's */
    const struct dataset *data;      /* lent: outlives the worker */
    const struct snapshot *snapshot; /* a reference is taken */
    const struct marks *marks;       /* copied */
};

/* The sentence about it is left in the slot, a struct export_done (free). */
struct export_done {
    bool fine;
    char text[240];
};
void export_start(struct job_queue *queue, struct inbox *inbox, int slot, const struct export_work *work);

/* The work itself, for tests: done->text says what was written or what is wrong. */
void export_write(const struct export_work *work, struct progress *progress, struct export_done *done);

#endif
