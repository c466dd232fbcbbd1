/* SPDX-License-Identifier: MIT */
#include "share/mailbox.h"

#include "base/check.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct mailbox {
    _Atomic(struct snapshot *) newest;
    int fd;
};

struct mailbox *mailbox_new(void)
{
    struct mailbox *mailbox = xcalloc(1, sizeof *mailbox);
    atomic_init(&mailbox->newest, NULL);
    mailbox->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (mailbox->fd < 0)
        system_refused("no more descriptors", errno);
    return mailbox;
}

void mailbox_free(struct mailbox *mailbox)
{
    if (!mailbox)
        return;
    snapshot_unref(atomic_load(&mailbox->newest));
    close(mailbox->fd);
    free(mailbox);
}

int mailbox_wake_fd(const struct mailbox *mailbox)
{
    return mailbox->fd;
}

void mailbox_wake(struct mailbox *mailbox)
{
    int kept = errno;
    uint64_t one = 1;
    ssize_t n = write(mailbox->fd, &one, sizeof one); /* full: it is readable already, which is all we want */
    (void)n;
    errno = kept;
}

void mailbox_publish(struct mailbox *mailbox, struct snapshot *snapshot)
{
    snapshot_unref(atomic_exchange_explicit(&mailbox->newest, snapshot, memory_order_acq_rel));
    mailbox_wake(mailbox);
}

bool mailbox_is_full(const struct mailbox *mailbox)
{
    return atomic_load_explicit(&mailbox->newest, memory_order_acquire) != NULL;
}

void mailbox_hush(struct mailbox *mailbox)
{
    uint64_t wakes;
    ssize_t n = read(mailbox->fd, &wakes, sizeof wakes);
    (void)n;
}

/* The fd is emptied first: a publish between the two calls wakes the screen once more, and none is lost. */
struct snapshot *mailbox_take(struct mailbox *mailbox)
{
    mailbox_hush(mailbox);
    return atomic_exchange_explicit(&mailbox->newest, NULL, memory_order_acq_rel);
}

enum { COMMANDS_ROOM = 64 };

struct commands {
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct command ring[COMMANDS_ROOM]; /* under lock, like the rest */
    size_t first, n;
    uint32_t last_seq;
};

void command_release(const struct command *command)
{
    snapshot_unref(command->from);
    free(command->change);
}

struct commands *commands_new(void)
{
    struct commands *commands = xcalloc(1, sizeof *commands);
    pthread_mutex_init(&commands->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&commands->some, &attributes);
    pthread_condattr_destroy(&attributes);
    return commands;
}

void commands_free(struct commands *commands)
{
    if (!commands)
        return;
    for (size_t i = 0; i < commands->n; i++) /* never carried out */
        command_release(&commands->ring[(commands->first + i) % COMMANDS_ROOM]);
    pthread_cond_destroy(&commands->some);
    pthread_mutex_destroy(&commands->lock);
    free(commands);
}

uint32_t commands_put(struct commands *commands, const struct command *command)
{
    uint32_t seq = 0;
    pthread_mutex_lock(&commands->lock);
    if (commands->n < COMMANDS_ROOM) {
        struct command *slot = &commands->ring[(commands->first + commands->n++) % COMMANDS_ROOM];
        *slot = *command;
        seq = slot->seq = ++commands->last_seq;
        pthread_cond_signal(&commands->some);
    }
    pthread_mutex_unlock(&commands->lock);
    return seq;
}

bool commands_take(struct commands *commands, struct command *command)
{
    pthread_mutex_lock(&commands->lock);
    bool some = commands->n > 0;
    if (some) {
        *command = commands->ring[commands->first];
        commands->first = (commands->first + 1) % COMMANDS_ROOM;
        commands->n--;
    }
    pthread_mutex_unlock(&commands->lock);
    return some;
}

void commands_wait(struct commands *commands, double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    double end = (double)until.tv_nsec * 1e-9 + (seconds > 0 ? seconds : 0);
    until.tv_sec += (time_t)end;
    until.tv_nsec = (long)((end - (double)(time_t)end) * 1e9);
    pthread_mutex_lock(&commands->lock);
    int over = 0;
    while (commands->n == 0 && over == 0)
        over = pthread_cond_timedwait(&commands->some, &commands->lock, &until);
    pthread_mutex_unlock(&commands->lock);
}
