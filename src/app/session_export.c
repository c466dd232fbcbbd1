/* SPDX-License-Identifier: MIT
 *
 * Exports of a session: begun as jobs, told when they are done, and waited for at the end.
 */
#include "app/session.h"

#include "app/export.h"
#include "app/signals.h"
#include "base/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the run of a moment is called: a branch of this session, or the folder that is explored. */
static void name_run(const struct session *session, const struct snapshot *moment, struct export_work *work)
{
    const struct feed *feed = session->feed;
    if (!feed->folder)
        return;
    snprintf(work->folder, sizeof work->folder, "%s", feed->folder);
    const char *slash = strrchr(feed->folder, '/');
    snprintf(work->run, sizeof work->run, "%.39s", slash && slash[1] ? slash + 1 : feed->folder);
    for (size_t i = 0; feed->learns && i < session->n_branches; i++)
        if (session->branch[i].run == moment->run)
            snprintf(work->run, sizeof work->run, "%s", session->branch[i].name);
}

/* The numbers on the screen, where they are of this moment and answer just that. */
static const struct result *known_values(const struct session *session, const struct snapshot *moment,
                                         const struct values_question *asked)
{
    const struct result *found = session->found[REQUEST_VALUES];
    bool same = found && found->step == moment->step && found->run == moment->run &&
                found->values.n == moment->n_probe && found->values.label == asked->label &&
                (found->values.quantities & asked->quantities) == asked->quantities &&
                (asked->item == NO_ITEM || found->values.item == asked->item);
    return same ? found : NULL;
}

void session_export(void *ctx, const struct export_order *order)
{
    struct session *session = ctx;
    if (session->exporting || !session->shown) {
        session_say(session, true, "the export before is still being written; a moment");
        return;
    }
    const struct snapshot *moment = session_meant(session);
    struct export_work work = {.order = *order,
                               .scene = session_request_scene(session),
                               .snapshot = moment,
                               .values = known_values(session, moment, &order->values.values),
                               .marks = &session->scene.marks};
    name_run(session, moment, &work);
    session->exporting = true;
    export_start(session->jobs, session->inbox, SLOT_EXPORTED, &work);
    session_say(session, false, "writing");
}

void session_update_export(struct session *session)
{
    struct export_done *done = inbox_take(session->inbox, SLOT_EXPORTED);
    if (!done)
        return;
    session_say(session, !done->fine, done->text);
    session->exporting = false;
    free(done);
}

/* Time for the disk to answer where somebody else ends the program; a person may wait as long as it takes. */
static const double patience = 5, silence = 0.5; /* seconds */

static struct export_done *await(struct session *session, bool hurry)
{
    double began = clock_seconds();
    struct export_done *done;
    for (bool told = false; !(done = inbox_take(session->inbox, SLOT_EXPORTED));) {
        double waited = clock_seconds() - began;
        if (!told && waited > silence)
            told = fprintf(stderr, "the export is being written; Ctrl-C leaves it\n") > 0;
        if (hurry ? waited > patience : signals_caught() != 0)
            job_queue_cancel(session->jobs); /* again and again: another job may have been before it */
        poll(NULL, 0, 5);
    }
    return done;
}

bool session_finish_export(struct session *session, struct err *err)
{
    if (!session->exporting)
        return true;
    struct export_done *done = await(session, signals_caught() != 0);
    bool fine = done->fine || err_set(err, "%s", done->text);
    if (fine)
        fprintf(stderr, "%s\n", done->text);
    session->exporting = false;
    free(done);
    return fine;
}
