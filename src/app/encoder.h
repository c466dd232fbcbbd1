/* SPDX-License-Identifier: MIT
 *
 * The encoder of a run as its checkpoint has it, to be applied and not to be trained: nearfar embed, and what
 * a finished run shows of z and of texts. One thread at a time.
 */
#ifndef NF_APP_ENCODER_H
#define NF_APP_ENCODER_H

#include "data/dataset.h"
#include "run/record.h"
#include "train/learner.h"

struct encoder {
    struct config config;
    struct split all; /* nobody trains here: the learner only wants to know its pictures */
    struct pool *pool;
    struct learner *learner;
};

/* `record` is the run's; `data`, pictures of the size it was trained on, is lent until encoder_close. `run`
 * NULL: as it was before its first step, which follows from seed and settings. On false nothing is held. */
bool encoder_open(struct encoder *encoder, const char *run, const struct record *record,
                  const struct dataset *data, int threads, struct err *err);
void encoder_close(struct encoder *encoder);

#endif
