/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "base/parallel.h"

#include "base/check.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- threads ---- */

enum { ALTERNATE_STACK_BYTES = 64 * 1024, THREAD_STACK_BYTES = 8 * 1024 * 1024 };

struct thread {
    pthread_t id;
    char name[16];
    int nice;
    void (*body)(void *);
    void *argument;
};

static void *thread_main(void *p)
{
    struct thread *thread = p;
    pthread_setname_np(pthread_self(), thread->name);
    if (thread->nice)
        setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), thread->nice); /* refused: runs as it is */
    stack_t stack = {.ss_sp = xcalloc(ALTERNATE_STACK_BYTES, 1), .ss_size = ALTERNATE_STACK_BYTES};
    sigaltstack(&stack, NULL);
    thread->body(thread->argument);
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    free(stack.ss_sp);
    return NULL;
}

struct thread *thread_start(const char *name, int nice, void (*body)(void *), void *argument)
{
    struct thread *thread = xcalloc(1, sizeof *thread);
    *thread = (struct thread){.nice = nice, .body = body, .argument = argument};
    snprintf(thread->name, sizeof thread->name, "%s", name);
    /* faults must stay deliverable: blocking SIGSEGV would turn a crash into a silent kill */
    sigset_t all, before;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&thread->id, &attributes, thread_main, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (failed)
        system_refused("no more threads", failed);
    return thread;
}

void thread_join(struct thread *thread)
{
    if (!thread)
        return;
    pthread_join(thread->id, NULL);
    free(thread);
}

int cores_available(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? n : 1;
}

/* ---- pool ---- */

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    /* under lock */
    unsigned long round; /* loops started so far; a worker that has seen fewer has work */
    int busy;            /* workers not yet finished with this round */
    bool stop;
    pool_task *task;
    void *ctx;
    size_t n;
    /* not under lock */
    atomic_size_t next;
    int n_threads;
    struct thread **threads; /* n_threads - 1 */
    struct worker {
        struct pool *pool;
        int index;
    } * workers;
};

static void work_off(struct pool *pool, pool_task *task, void *ctx, size_t n, int worker)
{
    for (;;) {
        size_t i = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (i >= n)
            return;
        task(ctx, i, worker);
    }
}

static void worker_body(void *p)
{
    struct worker *self = p;
    struct pool *pool = self->pool;
    unsigned long seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->stop && pool->round == seen)
            pthread_cond_wait(&pool->start, &pool->lock);
        if (pool->stop)
            break;
        seen = pool->round;
        pool_task *task = pool->task;
        void *ctx = pool->ctx;
        size_t n = pool->n;
        pthread_mutex_unlock(&pool->lock);
        work_off(pool, task, ctx, n, self->index);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
}

struct pool *pool_new(int n_threads, int nice)
{
    CHECK(n_threads >= 1 && n_threads <= 1024);
    struct pool *pool = xcalloc(1, sizeof *pool);
    pool->n_threads = n_threads;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->start, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->threads = xcalloc((size_t)n_threads, sizeof(struct thread *));
    pool->workers = xcalloc((size_t)n_threads, sizeof *pool->workers);
    for (int i = 1; i < n_threads; i++) {
        pool->workers[i] = (struct worker){pool, i};
        pool->threads[i] = thread_start("nf-pool", nice, worker_body, &pool->workers[i]);
    }
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stop = true;
    pthread_cond_broadcast(&pool->start);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 1; i < pool->n_threads; i++)
        thread_join(pool->threads[i]);
    pthread_cond_destroy(&pool->start);
    pthread_cond_destroy(&pool->done);
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool->workers);
    free(pool);
}

int pool_threads(const struct pool *pool)
{
    return pool ? pool->n_threads : 1;
}

void pool_run(struct pool *pool, size_t n, pool_task *task, void *ctx)
{
    if (!pool || pool->n_threads == 1 || n <= 1) {
        for (size_t i = 0; i < n; i++)
            task(ctx, i, 0);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    CHECK(pool->busy == 0);
    pool->task = task;
    pool->ctx = ctx;
    pool->n = n;
    pool->busy = pool->n_threads - 1;
    pool->round++;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pthread_cond_broadcast(&pool->start);
    pthread_mutex_unlock(&pool->lock);
    work_off(pool, task, ctx, n, 0);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

/* ---- progress and the job queue ---- */

bool progress_cancelled(struct progress *progress)
{
    return progress && atomic_load_explicit(&progress->cancel, memory_order_relaxed);
}

void progress_expect(struct progress *progress, unsigned parts)
{
    if (progress)
        atomic_fetch_add(&progress->parts, parts);
}

void progress_weigh(struct progress *progress, unsigned parts)
{
    if (progress)
        atomic_store(&progress->next, parts);
}

void progress_begin(struct progress *progress, size_t total)
{
    if (!progress)
        return;
    unsigned next = atomic_exchange(&progress->next, 0);
    atomic_fetch_add(&progress->before, atomic_load(&progress->weight));
    atomic_store(&progress->done, 0);
    atomic_store(&progress->weight, next > 0 ? next : 1);
    atomic_store(&progress->total, total);
}

void progress_step(struct progress *progress, size_t n_done)
{
    if (progress)
        atomic_fetch_add_explicit(&progress->done, n_done, memory_order_relaxed);
}

double progress_share(struct progress *progress)
{
    unsigned before = atomic_load(&progress->before), parts = atomic_load(&progress->parts),
             weight = atomic_load(&progress->weight), begun = before + weight;
    size_t total = atomic_load(&progress->total), done = atomic_load(&progress->done);
    if (weight == 0 || total == 0)
        return -1;
    double of_part = done < total ? (double)done / (double)total : 1;
    return (before + weight * of_part) / (parts > begun ? parts : begun);
}

void progress_cancel(struct progress *progress)
{
    atomic_store(&progress->cancel, true);
}

void progress_clear(struct progress *progress)
{
    atomic_store(&progress->done, 0);
    atomic_store(&progress->total, 0);
    atomic_store(&progress->before, 0);
    atomic_store(&progress->parts, 0);
    atomic_store(&progress->weight, 0);
    atomic_store(&progress->next, 0);
    atomic_store(&progress->cancel, false);
}

struct job_node {
    struct job job;
    struct job_node *next;
};

struct job_queue {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job_node *first, **last; /* under lock */
    size_t waiting;                 /* under lock; the running one included */
    struct progress *running;       /* under lock: of the running job, NULL: none runs */
    bool stop;                      /* under lock */
    struct progress progress;       /* of a running job without one of its own */
    struct thread *thread;
};

static void run_one(struct job_node *node, struct progress *progress, bool stop)
{
    if (!stop)
        node->job.run(node->job.argument, progress);
    if (node->job.drop)
        node->job.drop(node->job.argument);
    free(node);
}

static struct job_node *take_node(struct job_queue *queue)
{
    struct job_node *node = queue->first;
    queue->first = node->next;
    if (!queue->first)
        queue->last = &queue->first;
    return node;
}

static void queue_body(void *p)
{
    struct job_queue *queue = p;
    pthread_mutex_lock(&queue->lock);
    for (;;) {
        while (!queue->stop && !queue->first)
            pthread_cond_wait(&queue->wake, &queue->lock);
        if (!queue->first)
            break;
        struct job_node *node = take_node(queue);
        bool stop = queue->stop;
        queue->running = node->job.progress ? node->job.progress : &queue->progress;
        progress_clear(&queue->progress);
        pthread_mutex_unlock(&queue->lock);
        run_one(node, queue->running, stop);
        pthread_mutex_lock(&queue->lock);
        queue->running = NULL;
        queue->waiting--;
    }
    pthread_mutex_unlock(&queue->lock);
}

struct job_queue *job_queue_new(int nice)
{
    struct job_queue *queue = xcalloc(1, sizeof *queue);
    queue->last = &queue->first;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->wake, NULL);
    queue->thread = thread_start("nf-analysis", nice, queue_body, queue);
    return queue;
}

void job_queue_free(struct job_queue *queue)
{
    if (!queue)
        return;
    pthread_mutex_lock(&queue->lock);
    queue->stop = true;
    if (queue->running)
        progress_cancel(queue->running);
    pthread_cond_signal(&queue->wake);
    pthread_mutex_unlock(&queue->lock);
    thread_join(queue->thread);
    pthread_cond_destroy(&queue->wake);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

void job_queue_put(struct job_queue *queue, struct job job)
{
    struct job_node *node = xcalloc(1, sizeof *node);
    node->job = job;
    pthread_mutex_lock(&queue->lock);
    *queue->last = node;
    queue->last = &node->next;
    queue->waiting++;
    pthread_cond_signal(&queue->wake);
    pthread_mutex_unlock(&queue->lock);
}

void job_queue_cancel(struct job_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    if (queue->running)
        progress_cancel(queue->running);
    pthread_mutex_unlock(&queue->lock);
}

size_t job_queue_waiting(struct job_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t n = queue->waiting;
    pthread_mutex_unlock(&queue->lock);
    return n;
}

double job_queue_share_done(struct job_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    double share = queue->running ? progress_share(queue->running) : -1;
    pthread_mutex_unlock(&queue->lock);
    return share;
}
