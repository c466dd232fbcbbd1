/* SPDX-License-Identifier: MIT
 *
 * One file descriptor that becomes readable when the screen thread has something to do: input, a changed
 * window size, a return from a stop, a moment that was set. One a process (a signal handler has no other way
 * to find it); the screen thread only.
 */
#ifndef NF_UI_WAKE_H
#define NF_UI_WAKE_H

#include <stdbool.h>

struct wake {
    int poll, signals, timer, tty; /* epoll, eventfd, timerfd, the terminal (borrowed) */
    double timer_at;               /* what the timer is set to, clock_seconds; 0: off */
    bool writing;                  /* also wakes when the terminal takes more bytes */
};

/* False (errno set) if the system has no descriptors left. Takes SIGWINCH and SIGCONT. */
bool wake_open(struct wake *wake, int tty);
void wake_close(struct wake *wake);

/* Takes note of what happened since: the window changed; the program was continued. Empties the descriptor of
 * all but input. */
void wake_read(struct wake *wake, bool *resized, bool *continued);

/* At clock_seconds() >= when at the latest; 0: no more. */
void wake_at(struct wake *wake, double when);
void wake_on_writable(struct wake *wake, bool on);
/* The terminal is gone: its end of file would wake for ever. */
void wake_without_tty(struct wake *wake);

#endif
