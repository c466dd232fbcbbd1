/* SPDX-License-Identifier: MIT
 *
 * What views ask for, worked in the analysis worker: one handler a kind. Of each kind one request is worked
 * at a time and the newest that came meanwhile waits; one that equals the last is not worked again. Screen
 * thread, but for the handlers.
 */
#ifndef NF_APP_REQUESTS_H
#define NF_APP_REQUESTS_H

#include "base/parallel.h"
#include "data/dataset.h"
#include "share/inbox.h"
#include "share/request.h"

/* What a handler may read: immutable, or its own. */
struct request_scene {
    const struct dataset *data;
    const struct snapshot *untrained; /* of this run's step 0, or NULL */
    const struct result *map;         /* the newest map, to align with and to look up; or NULL */
    const struct queries *queries;    /* vectors of h to rank by, or NULL */
};

/* Runs in the worker. NULL when cancelled or when the request makes no sense for this snapshot. */
typedef struct result *request_handler(const struct request *request, const struct request_scene *scene,
                                       struct progress *progress);
#define REQUEST(ID, name) request_handler request_##name;
#include "share/requests.def"
#undef REQUEST

struct requests;

struct requests *requests_new(struct job_queue *queue, struct inbox *inbox);
void requests_free(struct requests *requests); /* the queue must have been freed: nothing runs any more */

/* References are taken of everything. */
void requests_post(struct requests *requests, const struct request *request,
                   const struct request_scene *scene);
/* A finished result of the kind, owned, or NULL; the next waiting request is started. */
struct result *requests_take(struct requests *requests, enum request_kind kind);
bool requests_idle(const struct requests *requests);

#endif
