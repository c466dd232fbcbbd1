/* SPDX-License-Identifier: MIT
 *
 * The progress line on stderr: only where stderr is a terminal, at most ten times a second, gone when the
 * work is done. Main thread.
 */
#ifndef NF_APP_PROGRESS_H
#define NF_APP_PROGRESS_H

#include "base/parallel.h"

#include <stdbool.h>

struct progress_line {
    bool terminal, shown;
    double last;
};

struct progress_line progress_line_begin(void);
/* Is it time to say something? Asked before the text is made. */
bool progress_line_due(struct progress_line *line);
void progress_line_show(struct progress_line *line, const char *text);
void progress_line_end(struct progress_line *line);

/* Runs work(ctx, progress) beside this thread, which says "WHAT 43 %" meanwhile and cancels it when a signal
 * asks the program to end (signals_catch). False if it was cancelled. */
bool watch_work(const char *what, void (*work)(void *ctx, struct progress *progress), void *ctx);
/* The same with words of its own: say(ctx, share, text, size), on this thread; share 0..1 of the work. */
bool watch_work_saying(void (*say)(void *ctx, double share, char *text, size_t size),
                       void (*work)(void *ctx, struct progress *progress), void *ctx);

#endif
