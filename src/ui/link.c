/* SPDX-License-Identifier: MIT */
#include "ui/link.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { FRAMES_OPEN = 2, OVERDUE_MAX = 3 };
static const double answer_seconds = 1;

void link_init(struct link *link, int tty)
{
    *link = (struct link){.tty = tty};
}

void link_release(struct link *link)
{
    strbuf_release(&link->waiting);
}

bool link_flush(struct link *link)
{
    while (link->sent < link->waiting.length) {
        ssize_t wrote = write(link->tty, link->waiting.text + link->sent, link->waiting.length - link->sent);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0 && errno == EAGAIN)
            return false;
        if (wrote <= 0)
            break; /* gone; reading will say so */
        link->sent += (size_t)wrote;
    }
    link->waiting.length = link->sent = 0;
    return true;
}

void link_send(struct link *link, const char *bytes, size_t n)
{
    strbuf_add(&link->waiting, bytes, n);
    link_flush(link);
}

void link_drain(struct link *link, double seconds)
{
    double end = clock_seconds() + seconds;
    while (!link_flush(link)) {
        double left = end - clock_seconds();
        struct pollfd fd = {link->tty, POLLOUT, 0};
        if (left <= 0 || poll(&fd, 1, (int)(left * 1000) + 1) == 0)
            return;
    }
}

bool link_ready(struct link *link, double now)
{
    if (!link_flush(link))
        return false;
    if (link->mute || link->unanswered < FRAMES_OPEN)
        return true;
    if (now < link->last + answer_seconds)
        return false;
    link->unanswered = FRAMES_OPEN - 1;
    link->mute = !link->answers && ++link->overdue >= OVERDUE_MAX;
    return true;
}

double link_retry(const struct link *link)
{
    return link->unanswered >= FRAMES_OPEN && !link->mute ? link->last + answer_seconds : 0;
}

void link_frame(struct link *link, const struct strbuf *bytes, double now)
{
    static const char before[] = "\033[?2026h", after[] = "\033[?2026l", ask[] = "\033[5n";
    strbuf_add(&link->waiting, before, sizeof before - 1);
    strbuf_add(&link->waiting, bytes->text, bytes->length);
    strbuf_add(&link->waiting, after, sizeof after - 1);
    if (!link->mute) {
        strbuf_add(&link->waiting, ask, sizeof ask - 1);
        link->unanswered++;
    }
    link->last = now;
    link_flush(link);
}

void link_answered(struct link *link)
{
    link->answers = true;
    link->overdue = 0;
    if (link->unanswered > 0)
        link->unanswered--;
}
