/* SPDX-License-Identifier: MIT */
#include "app/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

/* A signal handler knows nothing but what is global: these two. Any thread that does not block signals may be
 * the one that runs it: the matrix library has such. */
static volatile sig_atomic_t caught;
static struct mailbox *volatile woken;

static void note(int number)
{
    int before = errno;
    struct mailbox *wake = woken;
    caught = number;
    if (wake)
        mailbox_wake(wake);
    errno = before;
}

/* What was ignored when the program began stays so: nohup, and a script's jobs in the background. */
static void handle_ends(void (*handler)(int))
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = handler}, before;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(ends[i], &action, NULL);
}

void signals_catch(struct mailbox *wake)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    woken = wake;
    handle_ends(note);
    sigaction(SIGPIPE, &ignore, NULL); /* a reader that went away is an error of the write */
}

void signals_release(void)
{
    handle_ends(SIG_DFL);
}

int signals_caught(void)
{
    return caught;
}
