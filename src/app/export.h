/* SPDX-License-Identifier: MIT
 *
 * Writing what is selected or highlighted to a file, in the analysis worker: .csv attributes, .npy embeddings
 * (float32, not normalised, rows in the order given), .png a contact sheet of the pictures in that order,
 * left to right, each with the number of its row of the data. Beside FILE lies FILE.json, which says of which
 * run, step and space it is, with which settings (those that are not the defaults), who could have been among
 * its rows ("pool") and which rows of the data they are.
 *
 * The nearest of something are worked as the near view works them, on the moment that is exported. What they
 * are near to is no row among them (ranks begin with 1, as in `nearfar neighbours`); of a .csv the column
 * near names it, and a contact sheet begins with it, framed.
 */
#ifndef NF_APP_EXPORT_H
#define NF_APP_EXPORT_H

#include "answer/requests.h"
#include "run/run.h"
#include "share/inbox.h"
#include "view/view.h"

/* Everything in it is copied or held. */
struct export_work {
    struct export_order order;       /* what it points to is the work's */
    struct request_scene scene;      /* the data is lent: it outlives the worker */
    const struct snapshot *snapshot; /* the moment: a reference is taken */
    const struct result *values;     /* answered of that moment already; NULL: worked anew */
    const struct marks *marks;       /* copied */
    char run[40];                    /* its name: "run 2"; "": there is none, and no seed */
    char folder[RUN_PATH_SIZE];      /* of the run; "" */
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
