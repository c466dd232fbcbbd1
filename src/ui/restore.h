/* SPDX-License-Identifier: MIT
 *
 * The terminal as it was, whatever ends the program: crash, failed CHECK, exit, a signal nobody else handles.
 * What that takes is laid down beforehand, because a signal handler may only write and set modes. One
 * terminal a process (a handler has no other way to find it); the screen thread arms and disarms.
 */
#ifndef NF_UI_RESTORE_H
#define NF_UI_RESTORE_H

#include <stddef.h>
#include <termios.h>

/* From now on the signals that end a program, exit and check_failed write `bytes` to fd and set its modes
 * first. SIGTERM, SIGHUP and SIGINT only where they have their default action: a handler the program
 * installed before stays. */
void restore_arm(int fd, const struct termios *modes, const char *bytes, size_t n);

/* Takes the handlers back too. */
void restore_disarm(void);

#endif
