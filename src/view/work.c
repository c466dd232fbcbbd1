/* SPDX-License-Identifier: MIT */
#include "view/work.h"

#include "view/act.h"
#include "view/matcher.h"

#include <math.h>
#include <stdio.h>

static const double told_after = 0.5; /* seconds: what is done by then was no waiting */

static bool takes_long(const struct work_state *work)
{
    return work->is == WORK_RUNS && work->seconds >= told_after;
}

static void share_text(const struct work_state *work, char text[WORK_TEXT])
{
    double share = fmin(99, floor(100 * work->share)), left = ceil(work->left);
    if (work->share < 0)
        snprintf(text, WORK_TEXT, "%.0f s so far", floor(work->seconds));
    else if (work->left < 0)
        snprintf(text, WORK_TEXT, "%.0f %%", share);
    else if (left < 120)
        snprintf(text, WORK_TEXT, "%.0f %%, %.0f s left", share, left);
    else
        snprintf(text, WORK_TEXT, "%.0f %%, %.0f min left", share, ceil(left / 60));
}

static void stopped_text(const struct work_state *work, const char *again, char text[WORK_TEXT])
{
    if (work->share < 0)
        snprintf(text, WORK_TEXT, "stopped%s", again);
    else
        snprintf(text, WORK_TEXT, "stopped at %.0f %%%s", fmin(99, floor(100 * work->share)), again);
}

const char *work_text(const struct scene *scene, enum request_kind kind, char text[WORK_TEXT])
{
    const struct work_state *work = &scene->work[kind];
    if (work->is == WORK_STOPPED)
        stopped_text(work, ", r: again", text);
    else if (takes_long(work))
        share_text(work, text);
    else
        snprintf(text, WORK_TEXT, "a moment");
    return text;
}

/* The one told of: what runs before what was stopped, of these the first. */
static int told(const struct scene *scene)
{
    int stopped = REQUEST_KINDS;
    for (int kind = REQUEST_KINDS; kind-- > 0;)
        stopped = scene->work[kind].is == WORK_STOPPED ? kind : stopped;
    for (int kind = 0; kind < REQUEST_KINDS; kind++)
        if (takes_long(&scene->work[kind]))
            return kind;
    return stopped;
}

bool work_hint(const struct scene *scene, char *text, size_t size)
{
    int kind = told(scene);
    char share[WORK_TEXT];
    if (*scene->screen->waiting && scene_matching(scene) >= 0) {
        snprintf(text, size, "search: %.0f %%   Esc stops it", floor(100 * scene_matching(scene)));
        return true;
    }
    if (kind == REQUEST_KINDS)
        return false;
    const struct work_state *work = &scene->work[kind];
    bool stopped = work->is == WORK_STOPPED;
    if (stopped)
        stopped_text(work, "", share);
    else
        share_text(work, share);
    snprintf(text, size, "%s: %s   %s", request_what((enum request_kind)kind), share,
             stopped ? "r begins again" : "Esc stops it");
    return true;
}

bool work_act(const struct scene *scene, enum action action, const struct post *post)
{
    bool again = action == ACTION_AGAIN, any = false;
    if (action == ACTION_BACK && *scene->screen->waiting && scene_matching(scene) >= 0) {
        scene->screen->waiting[0] = '\0';
        say(post, false, "the search is stopped");
        return true;
    }
    if (!post->work || (action != ACTION_BACK && !again))
        return false;
    for (int kind = 0; kind < REQUEST_KINDS; kind++) {
        const struct work_state *work = &scene->work[kind];
        if (again ? work->is != WORK_STOPPED : !takes_long(work))
            continue;
        post->work(post->ctx, (enum request_kind)kind, again);
        any = true;
    }
    if (again && !any)
        say(post, false, "nothing was stopped: r begins again what Esc has stopped");
    return any || again;
}
