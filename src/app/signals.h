/* SPDX-License-Identifier: MIT
 *
 * Signals that ask the program to end: they are noted, the loop is woken, and whoever runs finishes what it
 * is at and saves. A second SIGINT while saving changes nothing; SIGQUIT still kills. Main thread.
 */
#ifndef NF_APP_SIGNALS_H
#define NF_APP_SIGNALS_H

#include "share/mailbox.h"

/* SIGINT, SIGTERM and SIGHUP from now on; `wake` (may be NULL) is woken by each and must outlive the
 * process's last signal or be replaced by NULL first. */
void signals_catch(struct mailbox *wake);
/* From now on they end the process at once: there is nothing left to save. */
void signals_release(void);
int signals_caught(void); /* the last one, 0: none */

#endif
