/* SPDX-License-Identifier: MIT */
#include "ui/wake.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* What the handlers can reach. */
static struct {
    volatile sig_atomic_t fd, resized, continued;
    struct sigaction before_winch, before_cont;
} caught = {.fd = -1};

static void on_signal(int number)
{
    int kept = errno;
    uint64_t one = 1;
    if (number == SIGWINCH)
        caught.resized = 1;
    else
        caught.continued = 1;
    ssize_t wrote = write(caught.fd, &one, sizeof one);
    (void)wrote; /* a full counter is readable too */
    errno = kept;
}

static bool watch(const struct wake *wake, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(wake->poll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool wake_open(struct wake *wake, int tty)
{
    *wake = (struct wake){.tty = tty};
    wake->poll = epoll_create1(EPOLL_CLOEXEC);
    wake->signals = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    wake->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (wake->poll < 0 || wake->signals < 0 || wake->timer < 0 || !watch(wake, tty) ||
        !watch(wake, wake->signals) || !watch(wake, wake->timer)) {
        wake_close(wake);
        return false;
    }
    caught.fd = wake->signals;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGWINCH, &action, &caught.before_winch);
    sigaction(SIGCONT, &action, &caught.before_cont);
    return true;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

void wake_close(struct wake *wake)
{
    if (caught.fd == wake->signals && caught.fd >= 0) {
        sigaction(SIGWINCH, &caught.before_winch, NULL);
        sigaction(SIGCONT, &caught.before_cont, NULL);
        caught.fd = -1;
    }
    close_if_open(wake->poll);
    close_if_open(wake->signals);
    close_if_open(wake->timer);
}

/* A signal that comes between the two lines is answered by this look at the latest: it was set, and is. */
static bool take_flag(volatile sig_atomic_t *flag)
{
    bool was = *flag;
    if (was)
        *flag = 0;
    return was;
}

void wake_read(struct wake *wake, bool *resized, bool *continued)
{
    uint64_t count;
    if (read(wake->signals, &count, sizeof count) > 0) {
        *resized = take_flag(&caught.resized);
        *continued = take_flag(&caught.continued);
    }
    if (read(wake->timer, &count, sizeof count) > 0)
        wake->timer_at = 0;
}

void wake_at(struct wake *wake, double when)
{
    if (when == wake->timer_at)
        return;
    double wait = when > 0 ? when - clock_seconds() : 0;
    struct itimerspec spec = {{0, 0}, {0, 0}};
    if (when > 0 && wait < 1e-6)
        wait = 1e-6; /* 0 would turn it off */
    spec.it_value.tv_sec = (time_t)wait;
    spec.it_value.tv_nsec = (long)((wait - (double)(time_t)wait) * 1e9);
    timerfd_settime(wake->timer, 0, &spec, NULL);
    wake->timer_at = when;
}

void wake_on_writable(struct wake *wake, bool on)
{
    if (on == wake->writing || wake->tty < 0)
        return;
    struct epoll_event event = {.events = EPOLLIN | (on ? EPOLLOUT : 0u), .data.fd = wake->tty};
    epoll_ctl(wake->poll, EPOLL_CTL_MOD, wake->tty, &event);
    wake->writing = on;
}

void wake_without_tty(struct wake *wake)
{
    if (wake->tty >= 0)
        epoll_ctl(wake->poll, EPOLL_CTL_DEL, wake->tty, NULL);
    wake->tty = -1;
}
