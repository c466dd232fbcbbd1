/* SPDX-License-Identifier: MIT
 *
 * The line to a terminal: bytes wait here while it takes no more (the screen never blocks), and frames are
 * paced by its answers: each asks "how are you" (ESC [ 5 n), two may be open. A terminal that never answers
 * gets a frame a second at first and is then written to freely. The screen thread only.
 */
#ifndef NF_UI_LINK_H
#define NF_UI_LINK_H

#include "base/strbuf.h"

struct link {
    int tty;               /* borrowed; non-blocking */
    struct strbuf waiting; /* bytes [sent, length) are still to go */
    size_t sent;
    int unanswered, overdue; /* frames; how often none was answered in time */
    bool answers, mute;      /* it has answered once; it is taken never to */
    double last;             /* when the last frame went, clock_seconds */
};

void link_init(struct link *link, int tty);
void link_release(struct link *link);

/* Sends what can be sent now and keeps the rest. */
void link_send(struct link *link, const char *bytes, size_t n);
/* True if nothing waits any more. */
bool link_flush(struct link *link);
/* Waits for the line, up to so many seconds: before the terminal is given back. */
void link_drain(struct link *link, double seconds);

/* May a frame go now? If not, it may at link_retry at the latest. */
bool link_ready(struct link *link, double now);
double link_retry(const struct link *link);
/* Sends a frame between the marks that keep it from being shown in parts. */
void link_frame(struct link *link, const struct strbuf *bytes, double now);
void link_answered(struct link *link);

#endif
