/* SPDX-License-Identifier: MIT
 *
 * A thread that publishes moments which somebody else makes: it looks for the next one, hands it over once
 * the screen has taken the one before, and looks again every half second when there is none. It ends with
 * COMMAND_STOP and takes no other command.
 */
#ifndef NF_APP_FOLLOW_H
#define NF_APP_FOLLOW_H

#include "share/mailbox.h"

struct follower;

/* The next moment in order, owned by the caller, or NULL: there is nothing new. The thread's; `first`: until
 * it has said NULL once. */
typedef struct snapshot *follow_look(void *ctx, bool first);

/* Everything is lent until follow_end. A moment is published with `more` while others lie ready behind it.
 */
struct follower *follow_begin(struct mailbox *mailbox, struct commands *commands, follow_look *look,
                              void *ctx);
void follow_end(struct follower *follower); /* NULL is fine */

#endif
