/* SPDX-License-Identifier: MIT */
#include "app/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

static const double between = 0.1; /* seconds */

struct progress_line progress_line_begin(void)
{
    return (struct progress_line){.terminal = isatty(STDERR_FILENO) == 1, .last = clock_seconds() - between};
}

bool progress_line_due(struct progress_line *line)
{
    return line->terminal && clock_seconds() - line->last >= between;
}

void progress_line_show(struct progress_line *line, const char *text)
{
    if (!line->terminal)
        return;
    fprintf(stderr, "\r\033[K%s", text);
    fflush(stderr);
    line->shown = true;
    line->last = clock_seconds();
}

void progress_line_end(struct progress_line *line)
{
    if (line->shown)
        fputs("\r\033[K", stderr);
    line->shown = false;
}
