/* SPDX-License-Identifier: MIT
 *
 * Work on several threads. A pool runs one loop at a time and is called from one thread; what it computes
 * must not depend on how many threads there are: cut work by size, give every task its own output, add
 * outputs in a fixed order. Workers sleep between loops (no spinning), block every signal and may be niced.
 *
 * A job queue is one thread that works jobs in order beside the caller: the analysis worker. Its jobs report
 * progress and look at cancel.
 */
#ifndef NF_BASE_PARALLEL_H
#define NF_BASE_PARALLEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct pool;

/* n_threads counts the caller: pool_new(1, 0) starts none. Workers run at `nice` (0: as the process). Owned.
 */
struct pool *pool_new(int n_threads, int nice);
void pool_free(struct pool *pool); /* NULL is fine */
int pool_threads(const struct pool *pool);

/* task(ctx, i, worker) for every i < n, each once, in any order, worker < pool_threads(); the caller works
 * too (as worker 0) and returns when all are done. A NULL pool runs them here. */
typedef void pool_task(void *ctx, size_t i, int worker);
void pool_run(struct pool *pool, size_t n, pool_task *task, void *ctx);

/* Shared between a long piece of work and whoever watches it. Work is done in parts, one after the other: who
 * plans them says how many follow, each says how much there is to do when it begins. One that takes longer
 * than others counts for several.
 */
struct progress {
    atomic_size_t done, total; /* of the part at work */
    atomic_uint before, parts; /* done before it; how many are expected, 0: nobody said */
    atomic_uint weight, next;  /* what the part at work counts for, 0: none is; and the next, 0: for one */
    atomic_bool cancel;        /* set by the watcher; the work returns early and its result is dropped */
};

/* NULL is fine for all that the work calls. */
bool progress_cancelled(struct progress *progress);
void progress_expect(struct progress *progress, unsigned parts); /* adds */
void progress_weigh(struct progress *progress, unsigned parts);  /* the next part counts for so many */
void progress_begin(struct progress *progress, size_t total);    /* the next part */
void progress_step(struct progress *progress, size_t n_done);    /* adds */
/* For the watcher: share done of all parts, 0..1; -1: not told. */
double progress_share(struct progress *progress);
void progress_cancel(struct progress *progress);
void progress_clear(struct progress *progress); /* before it is used again */

struct job_queue;

/* A job's `run` gets its argument and its progress; `drop` releases the argument whether it ran or not. */
struct job {
    void (*run)(void *argument, struct progress *progress);
    void (*drop)(void *argument);
    void *argument;
    struct progress *progress; /* of its owner, who may cancel before it runs: it runs all the same, to say
                                  so. NULL: the queue's */
};

struct job_queue *job_queue_new(int nice);
void job_queue_free(struct job_queue *queue); /* cancels, waits for the running job, drops the rest */
void job_queue_put(struct job_queue *queue, struct job job);
void job_queue_cancel(struct job_queue *queue);    /* the running job; those that wait stay */
size_t job_queue_waiting(struct job_queue *queue); /* running ones included */
double job_queue_share_done(
    struct job_queue *queue); /* of the running job, 0..1; -1: none, or it does not say */

/* Starts a thread with every signal blocked, so that signals meet the main thread (which owns the screen), an
 * alternate signal stack for the crash handler, and the given niceness. */
struct thread;
struct thread *thread_start(const char *name, int nice, void (*body)(void *), void *argument);
void thread_join(struct thread *thread); /* waits for its end and frees it */

int cores_available(void); /* that this process may use, at least 1 */

#endif
