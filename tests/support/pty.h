/* SPDX-License-Identifier: MIT
 *
 * A program in a terminal of our own: a pty whose other end is libvterm. Nothing here sleeps: it waits for
 * what the screen shows, up to a limit. One thread; a test owns it.
 */
#ifndef NF_TESTS_PTY_H
#define NF_TESTS_PTY_H

#include "support/screen.h"

#include <sys/types.h>

struct pty_options {
    int rows, columns;
    const char *term;               /* TERM */
    const char *const *environment; /* "NAME=value" ..., NULL at the end; "NAME" unsets; may be NULL */
    double bytes_per_second;        /* 0: as fast as it goes */
    double delay;                   /* seconds until what the program writes is shown and answered */
    bool mute;                      /* the terminal answers nothing */
    bool light;                     /* it says its background is white */
};

struct pty;

struct pty *pty_start(const struct pty_options *options, const char *const *argv);
void pty_free(struct pty *pty); /* kills what still runs */

void pty_send(struct pty *pty, const char *text);
void pty_signal(struct pty *pty, int number);
void pty_resize(struct pty *pty, int rows, int columns);
void pty_hang_up(struct pty *pty); /* closes the line */

/* Until the screen shows the text / no longer does / so much time has passed; false if it had to give up. */
bool pty_wait(struct pty *pty, const char *text, double seconds);
bool pty_wait_gone(struct pty *pty, const char *text, double seconds);
/* Reads for so long, whatever comes; returns the bytes. */
size_t pty_listen(struct pty *pty, double seconds);
/* Until the program stopped (SIGTSTP) or ended. */
bool pty_wait_stopped(struct pty *pty, double seconds);
/* Until the program has ended: its exit status, 128 + signal if one killed it, -1 if it still runs. */
int pty_end(struct pty *pty, double seconds);

const struct screen *pty_screen(const struct pty *pty);
size_t pty_bytes(const struct pty *pty); /* written by the program so far */
pid_t pty_pid(const struct pty *pty);
/* Line discipline as a shell wants it: lines, echo, signals. */
bool pty_cooked(const struct pty *pty);

/* Seconds from sending the key until the program's answer is shown: the screen has `text`. < 0: never. */
double pty_latency(struct pty *pty, const char *key, const char *text, double seconds);
/* The same until it writes anything: of a screen that otherwise stands still. */
double pty_answer(struct pty *pty, const char *key, double seconds);

#endif
