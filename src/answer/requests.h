/* SPDX-License-Identifier: MIT
 *
 * What views ask for, worked in the analysis workers: one handler a kind; one worker for what is quick, one
 * for what may take long. Of each kind one request is worked at a time and the newest that came meanwhile
 * waits; one that equals the last is not worked again. Work whose question nobody asks any more is cancelled,
 * and its result is dropped. Screen thread, but for the handlers.
 */
#ifndef NF_ANSWER_REQUESTS_H
#define NF_ANSWER_REQUESTS_H

#include "base/parallel.h"
#include "data/dataset.h"
#include "share/inbox.h"
#include "share/request.h"

struct pairs_list;

/* Vectors to rank the items by, from elsewhere. */
struct queries {
    size_t n, d;
    const float *rows; /* (n, d) as the items' h */
};

/* What a handler may read: immutable, or its own. */
struct request_scene {
    const struct dataset *data;
    const struct snapshot *untrained; /* of this run's step 0, of tables the first; or NULL */
    const struct result *map;         /* the newest map, to align with and to look up; or NULL */
    const struct queries *queries;    /* vectors of h to rank by, or NULL */
    const struct pairs_list *pairs;   /* for an audit, or NULL */
    bool live;         /* the moment moves on by itself: work on an earlier one is brought to its end */
    struct pool *pool; /* set by requests: for long work where nothing trains beside it, or NULL */
};

/* Runs in the worker. NULL when cancelled or when the request makes no sense for this snapshot. */
typedef struct result *request_handler(const struct request *request, const struct request_scene *scene,
                                       struct progress *progress);
#define REQUEST(ID, name, pace, what) request_handler request_##name;
#include "share/requests.def"
#undef REQUEST

/* What they point to, for work on another thread: references are held, the rest is copied, until they are let
 * go. */
void request_hold(struct request *request);
void request_let_go(struct request *request);
void request_scene_hold(struct request_scene *scene);
void request_scene_let_go(struct request_scene *scene);

struct requests;

struct requests *requests_new(int nice, struct inbox *inbox); /* lent */
void requests_free(struct requests *requests); /* cancels what runs and waits for it; NULL is fine */
void requests_share(struct requests *requests, struct pool *pool); /* lent: long work is cut over it */
/* Another handler of a kind, for tests. */
void requests_handler(struct requests *requests, enum request_kind kind, request_handler *handler);

/* References are taken of everything. Nothing happens where just that was asked last, or was stopped. */
void requests_post(struct requests *requests, const struct request *request,
                   const struct request_scene *scene);
/* A finished result of the kind, owned, or NULL; the next waiting request is started. */
struct result *requests_take(struct requests *requests, enum request_kind kind);
/* What is asked for now, bit k: enum request_kind; all else is cancelled and, asked again, begun again. */
void requests_keep(struct requests *requests, unsigned kinds);
/* By hand: not begun again until another question is asked, or requests_again. */
void requests_stop(struct requests *requests, enum request_kind kind);
void requests_again(struct requests *requests, enum request_kind kind);
struct work_state requests_state(struct requests *requests, enum request_kind kind, double now);
bool requests_idle(const struct requests *requests);

#endif
