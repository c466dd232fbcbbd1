/* SPDX-License-Identifier: MIT
 *
 * What a training without a screen keeps of its way, as a live one does: events, h at some steps, the last
 * batch. `nearfar explore RUN` then has a timeline. Which steps follows from how many there were, never from
 * time: every so many measurings, the more of them the further it goes, within the room of run/past.h. So a
 * run that was resumed has the same. One thread.
 */
#ifndef NF_APP_WAY_H
#define NF_APP_WAY_H

#include "run/past.h"
#include "run/record.h"
#include "train/watch.h"

struct way {
    const struct dataset *data; /* lent */
    struct series *events;      /* reference held */
    struct watch watch;
    struct past past; /* rows owned */
    uint64_t every;
};

/* A new run begins with an event that says so; one that is resumed with way_resume. */
void way_begin(struct way *way, const struct learner *learner, const struct dataset *data, bool resumed);
/* What the folder has of the way up to this step, at which the probe was just measured. */
void way_resume(struct way *way, const char *folder, const struct record *record,
                const struct learner *learner, const struct probe *probe);
/* The probe was just measured. */
void way_measured(struct way *way, const struct learner *learner, const struct probe *probe,
                  const struct measures *measures);
bool way_save(const struct way *way, const char *folder, const struct learner *learner, struct err *err);
void way_release(struct way *way);

#endif
