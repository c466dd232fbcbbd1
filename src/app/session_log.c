/* SPDX-License-Identifier: MIT
 *
 * commands.txt of a live run: appended to while the session goes on, replaced whole at its end.
 */
#include "app/session.h"

#include "base/file.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const double step_every = 2; /* seconds between two steps noted: what a kill may cost of training */

/* Where the log lies; false where this session has none. */
static bool log_path(const struct session *session, char path[RUN_PATH_SIZE])
{
    const struct feed *feed = session->feed;
    if (!feed || !feed->learns || !feed->folder)
        return false;
    run_path(path, feed->folder, RUN_COMMANDS);
    return true;
}

/* Is it time to say how far training is? */
static bool step_is_due(struct session *session, double now)
{
    const struct snapshot *newest = session->newest;
    if (!newest || newest->step == session->log_step || now - session->log_at < step_every)
        return false;
    session->log_at = now;
    session->log_step = newest->step;
    return true;
}

static bool open_journal(struct session *session, const char *path, struct err *err)
{
    if (session->journal >= 0)
        return true;
    if (!folder_make(session->feed->folder, err))
        return false;
    session->journal = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    return session->journal >= 0 || err_set(err, "%s: %s", path, strerror(errno));
}

/* Whole lines in one call each time. Not flushed to the disk: what the system has been given outlives this
 * process however it ends, and to wait for a disk at every key would be felt; a machine that loses its power
 * loses the last half minute. */
static bool append(struct session *session, const char *path, const struct strbuf *text, struct err *err)
{
    if (!open_journal(session, path, err))
        return false;
    ssize_t n = write(session->journal, text->text, text->length);
    if (n == (ssize_t)text->length)
        return true;
    return err_set(err, "%s: %s", path, n < 0 ? strerror(errno) : "the disk is full");
}

void session_append_log(struct session *session, double now)
{
    char path[RUN_PATH_SIZE];
    struct strbuf text = {0};
    struct err err;
    if (session->steady || session->log_failed || !log_path(session, path))
        return;
    const struct snapshot *newest = step_is_due(session, now) ? session->newest : NULL;
    if (command_log_news(&session->log, newest, &text) && !append(session, path, &text, &err)) {
        err_within(&err, "what is typed is not kept");
        session_say(session, true, err.text);
        session->log_failed = true;
    }
    strbuf_release(&text);
}

/* The trainer has ended, a little further than the screen has seen. */
static void take_last(struct session *session)
{
    struct snapshot *last = mailbox_take(session->mailbox);
    if (!last)
        return;
    command_log_settle(&session->log, last);
    snapshot_unref(session->ended);
    session->ended = last;
}

bool session_keep_log(struct session *session, struct err *err)
{
    char path[RUN_PATH_SIZE];
    struct strbuf text = {0};
    bool fine = true, begun = session->journal >= 0;
    if (begun)
        close(session->journal);
    session->journal = -1;
    take_last(session);
    if (!log_path(session, path))
        return true;
    if (run_is_there(session->feed->folder)) {
        command_log_print(&session->log, session->ended ? session->ended : session->newest, &text);
        fine = file_write(path, text.text, text.length, err);
    } else if (begun) { /* nothing was learned: there is nothing to do again */
        unlink(path);
        rmdir(session->feed->folder);
    }
    strbuf_release(&text);
    return fine;
}
