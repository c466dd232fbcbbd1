/* SPDX-License-Identifier: MIT */
#include "share/inbox.h"

#include "base/check.h"

#include <stdlib.h>

struct inbox {
    struct mailbox *wake;
    _Atomic(void *) slot[INBOX_SLOTS];
};

struct inbox *inbox_new(struct mailbox *wake)
{
    struct inbox *inbox = xcalloc(1, sizeof *inbox);
    inbox->wake = wake;
    for (int i = 0; i < INBOX_SLOTS; i++)
        atomic_init(&inbox->slot[i], NULL);
    return inbox;
}

void inbox_free(struct inbox *inbox)
{
    free(inbox);
}

void *inbox_put(struct inbox *inbox, int slot, void *thing)
{
    CHECK(slot >= 0 && slot < INBOX_SLOTS);
    void *before = atomic_exchange_explicit(&inbox->slot[slot], thing, memory_order_acq_rel);
    mailbox_wake(inbox->wake);
    return before;
}

void *inbox_take(struct inbox *inbox, int slot)
{
    return atomic_exchange_explicit(&inbox->slot[slot], NULL, memory_order_acq_rel);
}
