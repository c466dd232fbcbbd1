/* SPDX-License-Identifier: MIT */
#include "app/follow.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"

#include <stdlib.h>

static const double between_looks = 0.5, between_takes = 0.005; /* seconds */

struct follower {
    struct mailbox *mailbox;
    struct commands *commands;
    follow_look *look;
    void *ctx;
    struct thread *thread;
    bool stopped; /* the thread's */
};

static void rest(struct follower *f, double seconds)
{
    struct command command;
    commands_wait(f->commands, seconds);
    while (commands_take(f->commands, &command))
        f->stopped = f->stopped || command.kind == COMMAND_STOP;
}

/* One that is not taken would be lost. */
static void hand_over(struct follower *f, struct snapshot *snapshot, bool more)
{
    snapshot->more = more;
    while (!f->stopped && mailbox_is_full(f->mailbox))
        rest(f, between_takes);
    if (f->stopped)
        snapshot_unref(snapshot);
    else
        mailbox_publish(f->mailbox, snapshot);
}

static void body(void *argument)
{
    struct follower *f = argument;
    bool first = true;
    struct snapshot *next = f->look(f->ctx, first);
    while (!f->stopped) {
        struct snapshot *now = next;
        next = f->look(f->ctx, first);
        first = first && next;
        if (now)
            hand_over(f, now, next != NULL);
        if (!next)
            rest(f, between_looks);
    }
    snapshot_unref(next);
}

struct follower *follow_begin(struct mailbox *mailbox, struct commands *commands, follow_look *look,
                              void *ctx)
{
    struct follower *f = xcalloc(1, sizeof *f);
    *f = (struct follower){.mailbox = mailbox, .commands = commands, .look = look, .ctx = ctx};
    f->thread = thread_start("nf-follow", 0, body, f);
    return f;
}

void follow_end(struct follower *f)
{
    struct command stop = {.kind = COMMAND_STOP};
    if (!f)
        return;
    while (commands_put(f->commands, &stop) == 0)
        clock_sleep(0.002); /* full of what nobody needs: the thread empties it at its next look */
    thread_join(f->thread);
    free(f);
}
