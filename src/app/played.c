/* SPDX-License-Identifier: MIT */
#include "app/played.h"

#include "base/check.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the moments it names ---- */

static bool parse_moment(const char *text, struct log_moment *moment)
{
    unsigned long long step, run;
    char end;
    if (*text < '0' || *text > '9' || sscanf(text, "%llu of run %llu%c", &step, &run, &end) != 2 || run < 1)
        return false;
    *moment = (struct log_moment){true, step, run - 1};
    return true;
}

/* A line without "@120 ", cut in two. */
static bool names_moment(const char *line, size_t length, struct named_moment *named)
{
    char text[80];
    snprintf(text, sizeof text, "%.*s", (int)(length < sizeof text ? length : sizeof text - 1), line);
    const char *order = *text == '@' ? strchr(text, ' ') : text;
    order = order && order > text ? order + 1 : order;
    if (!order)
        return false;
    named->state = strncmp(order, "from ", 5) == 0;
    return (named->state || strncmp(order, "look ", 5) == 0) && parse_moment(order + 5, &named->moment);
}

void played_read(struct played *played, const char *text)
{
    size_t room = 0;
    *played = (struct played){0};
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        struct named_moment named;
        if (!names_moment(line, strcspn(line, "\n"), &named))
            continue;
        if (played->n == room) {
            room = room ? 2 * room : 16;
            played->named = xrealloc(played->named, room, sizeof *played->named);
        }
        played->named[played->n++] = named;
    }
}

void played_release(struct played *played)
{
    free(played->named);
    *played = (struct played){0};
}

const struct named_moment *played_next(const struct played *played, uint64_t run, uint64_t after,
                                       uint64_t until)
{
    const struct named_moment *next = NULL;
    for (size_t i = 0; i < played->n; i++) {
        const struct named_moment *named = &played->named[i];
        const struct log_moment *at = &named->moment;
        if (at->run != run || at->step <= after || at->step > until)
            continue;
        bool nearer = !next || at->step < next->moment.step;
        if (nearer || (at->step == next->moment.step && named->state))
            next = named;
    }
    return next;
}

/* ---- its orders ---- */

static bool obey_version(struct session *session, const char *argument, struct err *err)
{
    double version;
    if (!text_to_double(argument, &version) || version < 1 || version > COMMAND_LOG_VERSION)
        return err_set(err, "a log of version %.20s; this program plays those up to %d", argument,
                       COMMAND_LOG_VERSION);
    session->log_version = (int)version;
    return true;
}

static bool obey_pace(struct session *session, const char *argument, struct err *err)
{
    double pace;
    if (!text_to_double(argument, &pace) || pace < 0 || pace > 1e6)
        return err_set(err, "pace %.20s: steps a second are needed, 0 for full speed", argument);
    session_pace(session, pace);
    return true;
}

static bool obey_look(struct session *session, const char *argument, struct err *err)
{
    struct log_moment moment = {0};
    if (strcmp(argument, "live") != 0 && !parse_moment(argument, &moment))
        return err_set(err, "look %.40s: say where, as in look 20 of run 1, or look live", argument);
    session_look(session, &moment);
    return true;
}

static bool obey_from(struct session *session, const char *argument, struct err *err)
{
    return parse_moment(argument, &session->log_from) ||
           err_set(err, "from %.40s: say what the branch begins with, as in from 20 of run 1", argument);
}

static const struct {
    const char *name;
    bool (*obey)(struct session *session, const char *argument, struct err *err);
} orders[] = {{"log", obey_version}, {"pace", obey_pace}, {"look", obey_look}, {"from", obey_from}};

static size_t find(const char *order)
{
    size_t i = 0;
    while (i < ARRAY_LEN(orders) && strcmp(orders[i].name, order) != 0)
        i++;
    return i;
}

bool played_knows(const char *order)
{
    return find(order) < ARRAY_LEN(orders);
}

bool played_obey(struct session *session, const char *order, const char *argument, struct err *err)
{
    return orders[find(order)].obey(session, argument, err);
}
