/* SPDX-License-Identifier: MIT */
#include "app/requests.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

static request_handler *const handlers[REQUEST_KINDS] = {
#define REQUEST(ID, name) [REQUEST_##ID] = request_##name,
#include "share/requests.def"
#undef REQUEST
};

/* A request with a hold on all it points to. */
struct work {
    struct request request;
    struct request_scene scene;
    struct inbox *inbox;
};

/* What lies in the inbox when a handler had nothing to give: so that the screen learns it is done. */
struct finished {
    struct result *result; /* or NULL */
};

struct lane {
    bool working;
    struct work *waiting; /* the newest that came meanwhile, or NULL */
    struct asked last;    /* the last one worked or waiting */
};

struct requests {
    struct job_queue *queue; /* lent */
    struct inbox *inbox;     /* lent */
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

static struct work *work_new(const struct request *request, const struct request_scene *scene,
                             struct inbox *inbox)
{
    struct work *work = xcalloc(1, sizeof *work);
    *work = (struct work){*request, *scene, inbox};
    work->request.snapshot = snapshot_ref(request->snapshot);
    for (size_t i = 0; i < REQUEST_OTHERS && request->other[i]; i++)
        work->request.other[i] = snapshot_ref(request->other[i]);
    for (int i = 0; i < 2; i++)
        copy_set(&work->request.set[i]);
    work->scene.untrained = scene->untrained ? snapshot_ref(scene->untrained) : NULL;
    work->scene.map = scene->map ? result_ref(scene->map) : NULL;
    return work;
}

static void work_free(void *argument)
{
    struct work *work = argument;
    if (!work)
        return;
    snapshot_unref(work->request.snapshot);
    for (size_t i = 0; i < REQUEST_OTHERS; i++)
        snapshot_unref(work->request.other[i]);
    for (int i = 0; i < 2; i++)
        free((void *)(uintptr_t)work->request.set[i].word);
    snapshot_unref(work->scene.untrained);
    result_unref(work->scene.map);
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
    finished->result = handlers[work->request.kind](&work->request, &work->scene, progress);
    if (finished->result) {
        finished->result->step = work->request.snapshot->step;
        finished->result->run = work->request.snapshot->run;
    }
    finished_free(inbox_put(work->inbox, (int)work->request.kind, finished));
}

struct requests *requests_new(struct job_queue *queue, struct inbox *inbox)
{
    _Static_assert((int)REQUEST_KINDS <= (int)INBOX_SLOTS, "a slot a kind");
    struct requests *requests = xcalloc(1, sizeof *requests);
    requests->queue = queue;
    requests->inbox = inbox;
    return requests;
}

void requests_free(struct requests *requests)
{
    if (!requests)
        return;
    for (int kind = 0; kind < REQUEST_KINDS; kind++) {
        work_free(requests->lane[kind].waiting);
        finished_free(inbox_take(requests->inbox, kind));
    }
    free(requests);
}

static void start(struct requests *requests, struct lane *lane, struct work *work)
{
    lane->working = true;
    job_queue_put(requests->queue, (struct job){work_run, work_free, work});
}

void requests_post(struct requests *requests, const struct request *request,
                   const struct request_scene *scene)
{
    CHECK((int)request->kind < REQUEST_KINDS);
    if (!request->snapshot)
        return;
    struct lane *lane = &requests->lane[request->kind];
    if (!asked_anew(&lane->last, request))
        return;
    struct work *work = work_new(request, scene, requests->inbox);
    if (!lane->working) {
        start(requests, lane, work);
        return;
    }
    work_free(lane->waiting);
    lane->waiting = work;
}

struct result *requests_take(struct requests *requests, enum request_kind kind)
{
    struct finished *finished = inbox_take(requests->inbox, (int)kind);
    if (!finished)
        return NULL;
    struct result *result = finished->result;
    free(finished);
    struct lane *lane = &requests->lane[kind];
    lane->working = false;
    if (lane->waiting) {
        struct work *next = lane->waiting;
        lane->waiting = NULL;
        start(requests, lane, next);
    }
    return result;
}

bool requests_idle(const struct requests *requests)
{
    for (int kind = 0; kind < REQUEST_KINDS; kind++)
        if (requests->lane[kind].working || requests->lane[kind].waiting)
            return false;
    return true;
}
