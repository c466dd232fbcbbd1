/* SPDX-License-Identifier: MIT
 *
 * What is worth an event at a measuring: a yardstick passed, a sign of collapse, many items with other
 * neighbours, a pair of views that moved apart. The same with a screen and without. One thread.
 */
#ifndef NF_TRAIN_WATCH_H
#define NF_TRAIN_WATCH_H

#include "train/moves.h"

/* What was told already, and the measuring before. Zeroed: nothing. */
struct watch {
    bool passed_untrained, passed_pixels;
    char collapse[120]; /* while it lasts; "" none */
    struct moves moves;
    bool flipping; /* it told of flipped neighbours */
    bool parting;  /* and of views that moved apart */
};

/* A measuring that was just taken. */
struct watched {
    const struct learner *learner;
    const struct probe *probe;
    const struct dataset *data;
    const struct measures *measures;
};
/* Appends what there is to tell to `events`. */
void watch_look(struct watch *watch, const struct watched *now, struct series *events);
/* Of a run that goes on: what an event told is not told again. */
void watch_recall(struct watch *watch, const struct event *event);
void watch_forget(struct watch *watch); /* another run begins: what was told, not the measuring before */
void watch_release(struct watch *watch);

/* Appends an event of this step. */
void event_add(struct series *events, uint64_t step, enum event_kind kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
