/* SPDX-License-Identifier: MIT
 *
 * The kept steps of a training in its run folder, for the one who goes on with it.
 */
#include "app/session.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not the first, which follows from the seed, and not the newest, which is the run itself. */
static void gather(const struct session *session, struct past *past)
{
    const struct snapshot *const *kept = history_kept(session->history);
    const struct snapshot *newest = session->newest;
    size_t n = history_count(session->history);
    *past = (struct past){.n = newest->n_probe, .d = newest->dim_h};
    past->moment = xcalloc(n + 1, sizeof *past->moment);
    for (size_t i = 0; i < n; i++) {
        const struct snapshot *s = kept[i];
        if (s->step > 0 && s->step < newest->step && s->n_probe == past->n && s->dim_h == past->d)
            past->moment[past->n_moments++] =
                (struct past_moment){s->step, history_is_marked(session->history, s->step), s->h};
    }
}

/* The marked stay; of the others those that fit beside them, spread evenly. */
static void thin_out(struct past *past)
{
    size_t room = past_room(past->n, past->d), marked = 0, seen = 0, out = 0;
    for (size_t i = 0; i < past->n_moments; i++)
        marked += past->moment[i].marked;
    size_t others = past->n_moments - marked, left = room > marked ? room - marked : 0;
    left = left < others ? left : others;
    for (size_t i = 0; i < past->n_moments; i++) {
        bool stays = past->moment[i].marked;
        if (!stays) {
            stays = others > 0 && (seen + 1) * left / others > seen * left / others;
            seen++;
        }
        if (stays)
            past->moment[out++] = past->moment[i];
    }
    past->n_moments = out;
}

/* Is there a training, and something kept of it? */
static bool there_is(const struct session *session)
{
    const struct feed *feed = session->feed;
    const struct snapshot *newest = session->newest;
    return feed && feed->learns && newest && newest->n_probe > 0 && newest->step > 0;
}

bool session_keep_steps(struct session *session, struct err *err)
{
    struct past past;
    if (!there_is(session) || !run_is_there(session->feed->folder))
        return true;
    gather(session, &past);
    thin_out(&past);
    bool fine = past_write(session->feed->folder, &past, err);
    free(past.moment); /* the rows are the snapshots' */
    return fine;
}

/* ---- behind the screen ---- */

struct keeping {
    struct past past; /* rows owned */
    char folder[RUN_PATH_SIZE];
};

/* What cannot be written is said at the end of the session, when it is tried again. */
static void keeping_run(void *argument, struct progress *progress)
{
    struct keeping *keeping = argument;
    struct err ignored;
    (void)progress;
    past_write(keeping->folder, &keeping->past, &ignored);
}

static void keeping_free(void *argument)
{
    struct keeping *keeping = argument;
    past_release(&keeping->past);
    free(keeping);
}

void session_keep_steps_now_and_then(struct session *session, double now)
{
    static const double every = 60; /* seconds */
    if (session->steady || now - session->steps_at < every)
        return;
    bool first = session->steps_at == 0;
    session->steps_at = now;
    if (!first && there_is(session) && run_is_there(session->feed->folder)) /* the trainer has written it */
        session_start_keeping(session);
}

void session_start_keeping(struct session *session)
{
    if (!there_is(session))
        return;
    struct keeping *keeping = xcalloc(1, sizeof *keeping);
    struct past *past = &keeping->past;
    snprintf(keeping->folder, sizeof keeping->folder, "%s", session->feed->folder);
    gather(session, past);
    thin_out(past);
    for (size_t i = 0; i < past->n_moments; i++) {
        float *h = xaligned(past->n * past->d, sizeof *h);
        memcpy(h, past->moment[i].h, past->n * past->d * sizeof *h);
        past->moment[i].h = h;
    }
    job_queue_put(session->jobs, (struct job){.run = keeping_run, .drop = keeping_free, .argument = keeping});
}
