/* SPDX-License-Identifier: MIT
 *
 * Where the analysis worker leaves what it has finished for the screen: a few slots, each holding the newest
 * thing of its kind. Putting wakes the mailbox's fd, so the screen has one thing to wait for. Putting: any
 * thread; taking: the screen.
 */
#ifndef NF_SHARE_INBOX_H
#define NF_SHARE_INBOX_H

#include "share/mailbox.h"

enum { INBOX_SLOTS = 24 };

struct inbox;

struct inbox *inbox_new(struct mailbox *wake); /* lent: outlives the inbox */
void inbox_free(struct inbox *inbox);          /* what lies in it must have been taken */
/* Returns what was displaced, which is the caller's again, or NULL. */
void *inbox_put(struct inbox *inbox, int slot, void *thing);
void *inbox_take(struct inbox *inbox, int slot); /* NULL: nothing new */

#endif
