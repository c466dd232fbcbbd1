/* SPDX-License-Identifier: MIT
 *
 * What curses' database says of a terminal. terminfo.c is the only file that includes curses' headers.
 */
#ifndef NF_UI_TERMINFO_H
#define NF_UI_TERMINFO_H

#include "base/err.h"

struct terminfo {
    int colours;               /* -1: none */
    bool truecolour;           /* the entry says so (RGB, Tc) */
    char enter[64], leave[64]; /* the second screen: to it and back; "" where there is none */
};

/* Reads the entry, or that of xterm where the database does not know the name, as at the end of many an ssh;
 * those terminals all understand it. False for one that cannot place text or is not ANSI. */
bool terminfo_read(const char *name, int tty, struct terminfo *info, struct err *err);

#endif
