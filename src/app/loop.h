/* SPDX-License-Identifier: MIT
 *
 * The screen's loop: waits for keys, for the other threads and for the clock only while something moves;
 * draws when something changed, at most ten times a second for training alone and sixty while a key is
 * active. Main thread.
 */
#ifndef NF_APP_LOOP_H
#define NF_APP_LOOP_H

#include "app/session.h"

/* Until the session quits or a signal asks to. False and err when the data could not be opened. */
bool loop_run(struct session *session, struct terminal *term, struct err *err);

#endif
