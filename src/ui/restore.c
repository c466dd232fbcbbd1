/* SPDX-License-Identifier: MIT */
#include "ui/restore.h"

#include "base/check.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int crashes[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT, SIGSYS, SIGTRAP,
                              SIGQUIT, SIGXCPU, SIGXFSZ, SIGTERM, SIGHUP,  SIGINT};
enum { POLITE = 3, /* the last of them: others may handle those */ STACK_BYTES = 1 << 16 };

/* The one thing a signal handler can reach. */
static struct {
    _Alignas(64) char stack[STACK_BYTES]; /* a stack overflow needs another stack */
    size_t n;
    struct sigaction before[ARRAY_LEN(crashes)];
    volatile sig_atomic_t armed;
    int fd;
    struct termios modes;
    bool at_exit, taken[ARRAY_LEN(crashes)];
    char bytes[256];
} saved;

/* Safe in a handler; nothing if not armed. */
static void restore_now(void)
{
    if (!saved.armed)
        return;
    saved.armed = 0;
    for (size_t done = 0; done < saved.n;) {
        ssize_t wrote = write(saved.fd, saved.bytes + done, saved.n - done);
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    tcsetattr(saved.fd, TCSANOW, &saved.modes);
}

/* Restores, then lets the signal do what it did before: it is blocked until this returns. */
static void on_crash(int number)
{
    int kept = errno;
    restore_now();
    for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
        if (crashes[i] == number)
            sigaction(number, &saved.before[i], NULL);
    raise(number);
    errno = kept;
}

static void take_signals(void)
{
    stack_t stack = {.ss_sp = saved.stack, .ss_size = sizeof saved.stack};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < ARRAY_LEN(crashes); i++) {
        bool polite = i >= ARRAY_LEN(crashes) - POLITE;
        sigaction(crashes[i], NULL, &saved.before[i]);
        saved.taken[i] = polite ? saved.before[i].sa_handler == SIG_DFL
                                : saved.before[i].sa_handler != SIG_IGN; /* that ends nothing */
        if (saved.taken[i])
            sigaction(crashes[i], &action, NULL);
    }
}

void restore_arm(int fd, const struct termios *modes, const char *bytes, size_t n)
{
    CHECK(n <= sizeof saved.bytes);
    bool first = !saved.taken[0];
    saved.fd = fd;
    saved.modes = *modes;
    saved.n = n;
    memcpy(saved.bytes, bytes, n);
    saved.armed = 1;
    if (first)
        take_signals();
    if (!saved.at_exit)
        atexit(restore_now);
    saved.at_exit = true;
    check_set_restore(restore_now);
}

void restore_disarm(void)
{
    saved.armed = 0;
    check_set_restore(NULL);
    for (size_t i = 0; i < ARRAY_LEN(crashes); i++) {
        if (saved.taken[i])
            sigaction(crashes[i], &saved.before[i], NULL);
        saved.taken[i] = false;
    }
}
