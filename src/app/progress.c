/* SPDX-License-Identifier: MIT */
#include "app/progress.h"

#include "app/signals.h"
#include "base/clock.h"

#include <poll.h>
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

bool watch_work_saying(void (*say)(void *ctx, double share, char *text, size_t size),
                       void (*work)(void *ctx, struct progress *progress), void *ctx)
{
    enum { LONGEST_LOOK = 50 }; /* milliseconds between two looks; the first come quicker */
    struct progress_line line = progress_line_begin();
    struct job_queue *queue = job_queue_new(0);
    bool cancelled = false;
    job_queue_put(queue, (struct job){.run = work, .argument = ctx});
    for (int look = 1; job_queue_waiting(queue) > 0; look = look < LONGEST_LOOK ? look + 1 : look) {
        char text[160];
        double share = job_queue_share_done(queue);
        if (progress_line_due(&line)) {
            say(ctx, share > 0 ? share : 0, text, sizeof text);
            progress_line_show(&line, text);
        }
        poll(NULL, 0, look);
        if (signals_caught() && !cancelled) {
            job_queue_cancel(queue);
            cancelled = true;
        }
    }
    job_queue_free(queue);
    progress_line_end(&line);
    return !cancelled;
}

struct named_work {
    const char *what;
    void (*work)(void *ctx, struct progress *progress);
    void *ctx;
};

static void say_share(void *ctx, double share, char *text, size_t size)
{
    const struct named_work *named = ctx;
    snprintf(text, size, "%s %.0f %%", named->what, 100 * share);
}

static void do_named(void *ctx, struct progress *progress)
{
    const struct named_work *named = ctx;
    named->work(named->ctx, progress);
}

bool watch_work(const char *what, void (*work)(void *ctx, struct progress *progress), void *ctx)
{
    struct named_work named = {what, work, ctx};
    return watch_work_saying(say_share, do_named, &named);
}
