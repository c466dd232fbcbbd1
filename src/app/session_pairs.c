/* SPDX-License-Identifier: MIT
 *
 * The list of pairs that a session's audit view may look at: read beside the screen, kept here.
 */
#include "answer/pairs_list.h"
#include "app/session.h"
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

struct pairs_job {
    char path[200];
    const struct dataset *data; /* lent: outlives the queue */
    struct inbox *inbox;
};

/* What the job leaves in the inbox. */
struct pairs_read {
    struct pairs_list *list; /* NULL: err says why */
    char path[200];
    struct err err;
};

static void pairs_read_free(struct pairs_read *read)
{
    if (read)
        pairs_list_unref(read->list);
    free(read);
}

static void run(void *argument, struct progress *progress)
{
    struct pairs_job *job = argument;
    struct pairs_read *read = xcalloc(1, sizeof *read);
    (void)progress;
    snprintf(read->path, sizeof read->path, "%s", job->path);
    read->list = pairs_list_read(job->path, job->data, &read->err);
    pairs_read_free(inbox_put(job->inbox, SLOT_PAIRS, read));
}

void session_read_pairs(struct session *session, const char *path)
{
    if (!session->feed || session->reading_pairs)
        return;
    struct pairs_job *job = xcalloc(1, sizeof *job);
    *job = (struct pairs_job){.data = session->feed->data, .inbox = session->inbox};
    snprintf(job->path, sizeof job->path, "%s", path);
    session->reading_pairs = true;
    job_queue_put(session->jobs, (struct job){.run = run, .drop = free, .argument = job});
}

void session_take_pairs(struct session *session, struct pairs_list *pairs)
{
    struct scene_pairs *shown = &session->scene.pairs;
    pairs_list_unref(session->pairs);
    session->pairs = pairs;
    *shown = (struct scene_pairs){.n = pairs->n, .scored = pairs->scored, .digest = pairs->digest};
    snprintf(shown->name, sizeof shown->name, "%s", pairs->name);
    session->scene.choice.audit.relation = AUDIT_SAME_LISTED;
    session->dirty = true;
}

void session_update_pairs(struct session *session)
{
    struct pairs_read *read = inbox_take(session->inbox, SLOT_PAIRS);
    char text[160];
    if (!read)
        return;
    session->reading_pairs = false;
    if (read->list) {
        session_take_pairs(session, read->list);
        snprintf(session->scene.pairs.path, sizeof session->scene.pairs.path, "%s", read->path);
        snprintf(text, sizeof text, "%zu pairs of %s: 5 audits them; S, same means, chooses another relation",
                 read->list->n, read->list->name);
        read->list = NULL;
        session_say(session, false, text);
    } else {
        session_say(session, true, read->err.text);
    }
    pairs_read_free(read);
}

void session_pairs_release(struct session *session)
{
    pairs_read_free(inbox_take(session->inbox, SLOT_PAIRS));
    pairs_list_unref(session->pairs);
}
