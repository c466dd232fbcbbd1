/* SPDX-License-Identifier: MIT
 *
 * What a log that is played says besides keys (command_log.h writes it, script.h plays it):
 *
 *   log 2                    its version
 *   pace N                   training is measured as at so many steps a second
 *   look STEP of run N       the screen stands at that kept moment; "look live": at the newest
 *   from STEP of run N       the branch that the next key begins goes on from there
 *
 * Which moments a log names is read before it is played, so that training stops there and they are kept.
 * Screen thread.
 */
#ifndef NF_APP_PLAYED_H
#define NF_APP_PLAYED_H

#include "app/session.h"

struct named_moment {
    struct log_moment moment;
    bool state; /* a branch begins there */
};

struct played {
    struct named_moment *named;
    size_t n;
};

void played_read(struct played *played, const char *text);
void played_release(struct played *played);
/* The first moment it names of a run behind `after` and up to `until`, or NULL; lent. */
const struct named_moment *played_next(const struct played *played, uint64_t run, uint64_t after,
                                       uint64_t until);
/* Is that what this order is? Then it is done: false and err where it cannot be. */
bool played_knows(const char *order);
bool played_obey(struct session *session, const char *order, const char *argument, struct err *err);

#endif
