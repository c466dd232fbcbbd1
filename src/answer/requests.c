/* SPDX-License-Identifier: MIT */
#include "answer/requests.h"

#include "answer/pairs_list.h"
#include "base/check.h"
#include "base/clock.h"
#include "data/marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static request_handler *const handlers[REQUEST_KINDS] = {
#define REQUEST(ID, name, pace, what) [REQUEST_##ID] = request_##name,
#include "share/requests.def"
#undef REQUEST
};

/* A request with a hold on all it points to. */
struct work {
    struct request request;
    struct request_scene scene;
    request_handler *handler;
    struct inbox *inbox;
};

/* What lies in the inbox when a handler had nothing to give: so that the screen learns it is done. */
struct finished {
    struct result *result; /* or NULL */
};

struct lane {
    request_handler *handler;
    bool working, stopped;
    struct work *waiting;     /* the newest that came meanwhile, or NULL */
    struct asked last;        /* the last one worked, waiting or stopped */
    struct progress progress; /* of the one at work */
    double began;
    struct work_state seen;     /* last told: a share never falls */
    double told_at, told_first; /* when a share was first told, and which */
};

struct requests {
    struct job_queue *queue[2]; /* of what is quick, of what may take long */
    struct pool *pool;          /* lent, or NULL */
    struct inbox *inbox;        /* lent */
    struct lane lane[REQUEST_KINDS];
};

static void copy_set(struct request_set *set)
{
    size_t words = (set->n + 63) / 64;
    if (!set->word)
        return;
    uint64_t *own = xcalloc(words + 1, sizeof *own);
    memcpy(own, set->word, words * sizeof *own);
    set->word = own;
}

static void copy_marks(struct request_marks *marks)
{
    struct mark *own = xcalloc(marks->n + 1, sizeof *own);
    for (size_t i = 0; i < marks->n; i++)
        own[i] = marks->mark[i];
    marks->mark = own;
}

void request_hold(struct request *request)
{
    request->snapshot = snapshot_ref(request->snapshot);
    for (size_t i = 0; i < REQUEST_OTHERS && request->other[i]; i++)
        request->other[i] = snapshot_ref(request->other[i]);
    for (int i = 0; i < 2; i++)
        copy_set(&request->set[i]);
    copy_marks(&request->marks);
}

void request_scene_hold(struct request_scene *scene)
{
    scene->pairs = pairs_list_ref(scene->pairs);
    scene->untrained = scene->untrained ? snapshot_ref(scene->untrained) : NULL;
    scene->map = scene->map ? result_ref(scene->map) : NULL;
}

void request_let_go(struct request *request)
{
    snapshot_unref(request->snapshot);
    for (size_t i = 0; i < REQUEST_OTHERS; i++)
        snapshot_unref(request->other[i]);
    for (int i = 0; i < 2; i++)
        free((void *)(uintptr_t)request->set[i].word);
    free((void *)(uintptr_t)request->marks.mark);
}

void request_scene_let_go(struct request_scene *scene)
{
    snapshot_unref(scene->untrained);
    pairs_list_unref(scene->pairs);
    result_unref(scene->map);
}

static struct work *work_new(const struct requests *requests, const struct request *request,
                             const struct request_scene *scene)
{
    struct work *work = xcalloc(1, sizeof *work);
    *work = (struct work){*request, *scene, requests->lane[request->kind].handler, requests->inbox};
    work->scene.pool = request_is_long(request->kind) ? requests->pool : NULL;
    request_hold(&work->request);
    request_scene_hold(&work->scene);
    return work;
}

static void work_free(void *argument)
{
    struct work *work = argument;
    if (!work)
        return;
    request_let_go(&work->request);
    request_scene_let_go(&work->scene);
    free(work);
}

static void finished_free(struct finished *finished)
{
    if (finished)
        result_unref(finished->result);
    free(finished);
}

static void work_run(void *argument, struct progress *progress)
{
    struct work *work = argument;
    struct finished *finished = xcalloc(1, sizeof *finished);
    if (!progress_cancelled(progress))
        finished->result = work->handler(&work->request, &work->scene, progress);
    if (finished->result) {
        finished->result->step = work->request.snapshot->step;
        finished->result->run = work->request.snapshot->run;
    }
    finished_free(inbox_put(work->inbox, (int)work->request.kind, finished));
}

/* ---- the screen's side ---- */

struct requests *requests_new(int nice, struct inbox *inbox)
{
    _Static_assert((int)REQUEST_KINDS <= (int)INBOX_SLOTS, "a slot a kind");
    struct requests *requests = xcalloc(1, sizeof *requests);
    requests->inbox = inbox;
    for (size_t i = 0; i < ARRAY_LEN(requests->queue); i++)
        requests->queue[i] = job_queue_new(nice);
    for (int kind = 0; kind < REQUEST_KINDS; kind++)
        requests->lane[kind].handler = handlers[kind];
    return requests;
}

void requests_free(struct requests *requests)
{
    if (!requests)
        return;
    for (int kind = 0; kind < REQUEST_KINDS; kind++)
        progress_cancel(&requests->lane[kind].progress);
    for (size_t i = 0; i < ARRAY_LEN(requests->queue); i++)
        job_queue_free(requests->queue[i]);
    for (int kind = 0; kind < REQUEST_KINDS; kind++) {
        work_free(requests->lane[kind].waiting);
        finished_free(inbox_take(requests->inbox, kind));
    }
    free(requests);
}

void requests_share(struct requests *requests, struct pool *pool)
{
    requests->pool = pool;
}

void requests_handler(struct requests *requests, enum request_kind kind, request_handler *handler)
{
    requests->lane[kind].handler = handler;
}

static void start(struct requests *requests, struct lane *lane, struct work *work)
{
    lane->working = true;
    lane->began = clock_seconds();
    lane->seen = (struct work_state){.share = -1, .left = -1};
    progress_clear(&lane->progress);
    job_queue_put(requests->queue[request_is_long(work->request.kind)],
                  (struct job){work_run, work_free, work, &lane->progress});
}

static void drop_waiting(struct lane *lane)
{
    work_free(lane->waiting);
    lane->waiting = NULL;
}

void requests_post(struct requests *requests, const struct request *request,
                   const struct request_scene *scene)
{
    CHECK((int)request->kind < REQUEST_KINDS);
    if (!request->snapshot)
        return;
    struct lane *lane = &requests->lane[request->kind];
    bool as_stopped = lane->stopped && scene->live && asked_alike(&lane->last, request);
    if (as_stopped || !asked_anew(&lane->last, request))
        return;
    lane->stopped = false;
    struct work *work = work_new(requests, request, scene);
    if (!lane->working) {
        start(requests, lane, work);
        return;
    }
    drop_waiting(lane);
    lane->waiting = work;
    if (!scene->live)
        progress_cancel(&lane->progress);
}

/* What was cancelled may be half done. */
static struct result *whole(struct lane *lane, struct finished *finished)
{
    struct result *result = finished->result;
    if (progress_cancelled(&lane->progress)) {
        result_unref(result);
        result = NULL;
    }
    free(finished);
    return result;
}

struct result *requests_take(struct requests *requests, enum request_kind kind)
{
    struct finished *finished = inbox_take(requests->inbox, (int)kind);
    if (!finished)
        return NULL;
    struct lane *lane = &requests->lane[kind];
    struct result *result = whole(lane, finished);
    lane->working = false;
    if (lane->waiting) {
        struct work *next = lane->waiting;
        lane->waiting = NULL;
        start(requests, lane, next);
    }
    return result;
}

/* Is it worked on for somebody? */
static bool wanted(struct lane *lane)
{
    return lane->waiting || (lane->working && !progress_cancelled(&lane->progress));
}

void requests_keep(struct requests *requests, unsigned asked)
{
    for (int kind = 0; kind < REQUEST_KINDS; kind++) {
        struct lane *lane = &requests->lane[kind];
        if (asked >> kind & 1 || (!wanted(lane) && !lane->stopped))
            continue;
        progress_cancel(&lane->progress);
        drop_waiting(lane);
        lane->stopped = false;
        lane->last.any = false;
    }
}

void requests_stop(struct requests *requests, enum request_kind kind)
{
    struct lane *lane = &requests->lane[kind];
    if (!wanted(lane))
        return;
    progress_cancel(&lane->progress);
    drop_waiting(lane);
    lane->stopped = true;
}

void requests_again(struct requests *requests, enum request_kind kind)
{
    struct lane *lane = &requests->lane[kind];
    if (lane->stopped)
        lane->last.any = false;
    lane->stopped = false;
}

/* From what was done since a share was first told: what lies before it tells nothing. */
static double seconds_left(struct lane *lane, double share, double now)
{
    enum { ENOUGH = 100 }; /* a hundredth of all */
    if (lane->seen.share < 0) {
        lane->told_at = now;
        lane->told_first = share;
    }
    double done = share - lane->told_first;
    return done * ENOUGH >= 1 ? (now - lane->told_at) * (1 - share) / done : -1;
}

struct work_state requests_state(struct requests *requests, enum request_kind kind, double now)
{
    struct lane *lane = &requests->lane[kind];
    lane->seen.is = lane->stopped ? WORK_STOPPED : wanted(lane) ? WORK_RUNS : WORK_NONE;
    if (lane->seen.is != WORK_RUNS)
        return lane->seen;
    double share = progress_share(&lane->progress);
    lane->seen.seconds = now - lane->began;
    if (share < 0)
        return lane->seen;
    lane->seen.left = seconds_left(lane, share, now);
    lane->seen.share = fmax(lane->seen.share, share);
    return lane->seen;
}

bool requests_idle(const struct requests *requests)
{
    for (int kind = 0; kind < REQUEST_KINDS; kind++)
        if (requests->lane[kind].working || requests->lane[kind].waiting)
            return false;
    return true;
}
