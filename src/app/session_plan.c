/* SPDX-License-Identifier: MIT
 *
 * The branch to come: what is turned while the screen stands in the past is kept here until b begins it, and
 * the run that is live does not hear of it.
 */
#include "app/session.h"

#include "train/learner.h"

#include <stdio.h>
#include <string.h>

/* As the trainer will: the settings of the state, and the changes one after the other. */
static void make_plan(const struct session *session, struct branch_plan *plan)
{
    struct err ignored;
    int channels = session->scene.data->channels;
    struct config config = *learner_saved_config(plan->from->state);
    config_settings(&config, channels, &plan->was);
    for (int i = 0; i < session->n_planned; i++)
        config_change(&config, session->planned[i].name, session->planned[i].text, plan->from->step, false,
                      &ignored);
    config_settings(&config, channels, &plan->settings);
}

void session_update_plan(struct session *session)
{
    struct branch_plan *plan = &session->plan;
    bool past =
        session->feed && session->feed->learns && session->shown && !history_is_live(session->history);
    session->scene.plan = past ? plan : NULL;
    if (!past)
        return;
    plan->was.n = plan->settings.n = 0;
    plan->from = history_state_before(session->history, session->shown->step);
    if (plan->from)
        make_plan(session, plan);
}

/* What can be said of it before it is carried out. */
static bool may_be(const struct session *session, const struct setting_change *change, struct err *err)
{
    struct config config = *learner_saved_config(session->plan.from->state);
    const struct method *method = config.method;
    if (!config_change(&config, change->name, change->text, session->plan.from->step, false, err))
        return false;
    return config.method == method ||
           err_set(err, "a branch keeps the method it has: G goes to live, where M brings another");
}

static void forget(struct session *session, int i)
{
    session->n_planned--;
    memmove(session->planned + i, session->planned + i + 1,
            (size_t)(session->n_planned - i) * sizeof *session->planned);
}

/* The last word on a setting counts. */
static void note(struct session *session, const struct setting_change *change)
{
    for (int i = 0; i < session->n_planned; i++)
        if (strcmp(session->planned[i].name, change->name) == 0)
            forget(session, i--);
    if (session->n_planned == SETTINGS_MAX)
        forget(session, 0);
    session->planned[session->n_planned++] = *change;
}

/* Back at what it was: no change. */
static void drop_what_changes_nothing(struct session *session)
{
    const struct setting_change *last = &session->planned[session->n_planned - 1];
    const struct setting *was = settings_find(&session->plan.was, last->name);
    const struct setting *is = settings_find(&session->plan.settings, last->name);
    if (was && is && strcmp(was->text, is->text) == 0)
        forget(session, session->n_planned - 1);
}

bool session_plan(struct session *session, const struct setting_change *change)
{
    struct err err;
    session_update_plan(session);
    const char *why = !session->scene.plan  ? "nothing is planned here: go back to a step first"
                      : !session->plan.from ? "no state is kept at or before this step: go on a little"
                      : may_be(session, change, &err) ? NULL
                                                      : err.text;
    if (why) {
        session_say(session, true, why);
        return false;
    }
    note(session, change);
    session_update_plan(session);
    drop_what_changes_nothing(session);
    return true;
}
