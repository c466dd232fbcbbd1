/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"

#include "support/cmocka.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

static void count_visit(void *ctx, size_t i, int worker)
{
    unsigned char *visits = ctx;
    CHECK(worker >= 0);
    visits[i]++;
}

static void every_task_runs_once(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 5; threads++) {
        struct pool *pool = pool_new(threads, 0);
        assert_int_equal(pool_threads(pool), threads);
        for (size_t n = 0; n < 200; n++) {
            unsigned char visits[200] = {0};
            pool_run(pool, n, count_visit, visits);
            for (size_t i = 0; i < 200; i++)
                assert_int_equal(visits[i], i < n);
        }
        pool_free(pool);
    }
    unsigned char one[3] = {0};
    pool_run(NULL, 3, count_visit, one);
    assert_int_equal(one[2], 1);
}

static void pools_come_and_go(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        pool_free(pool_new(3, 0));
    pool_free(NULL);
}

/* What the jobs of one test write; read after the queue has been freed, or behind the atomics. */
struct log {
    atomic_int ran, dropped, started;
    int order[8], n;
};

struct task {
    struct log *log;
    int value;
};

static void note(void *argument, struct progress *progress)
{
    struct task *task = argument;
    task->log->order[task->log->n++] = task->value;
    atomic_fetch_add(&task->log->ran, 1);
    progress_step(progress, 1);
}

static void forget(void *argument)
{
    struct task *task = argument;
    atomic_fetch_add(&task->log->dropped, 1);
    free(task);
}

static struct job job_for(struct log *log, int value, void (*run)(void *, struct progress *))
{
    struct task *task = xcalloc(1, sizeof *task);
    *task = (struct task){log, value};
    return (struct job){.run = run, .drop = forget, .argument = task};
}

static void jobs_run_in_order_and_are_all_dropped(void **state)
{
    (void)state;
    struct log log = {0};
    struct job_queue *queue = job_queue_new(0);
    for (int i = 0; i < 5; i++)
        job_queue_put(queue, job_for(&log, i, note));
    while (job_queue_waiting(queue) > 0)
        clock_sleep(1e-4);
    job_queue_free(queue);
    assert_int_equal(atomic_load(&log.ran), 5);
    assert_int_equal(atomic_load(&log.dropped), 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(log.order[i], i);
}

static void until_cancelled(void *argument, struct progress *progress)
{
    struct task *task = argument;
    progress_begin(progress, 4);
    progress_step(progress, 1);
    atomic_store(&task->log->started, 1);
    while (!progress_cancelled(progress))
        clock_sleep(1e-4);
}

static void a_running_job_can_be_cancelled(void **state)
{
    (void)state;
    struct log log = {0};
    struct job_queue *queue = job_queue_new(0);
    assert_true(job_queue_share_done(queue) < 0);
    job_queue_put(queue, job_for(&log, 0, until_cancelled));
    job_queue_put(queue, job_for(&log, 1, note));
    while (!atomic_load(&log.started))
        clock_sleep(1e-4);
    assert_true(job_queue_share_done(queue) == 0.25);
    job_queue_cancel(queue);
    while (job_queue_waiting(queue) > 0)
        clock_sleep(1e-4);
    job_queue_free(queue);
    assert_int_equal(atomic_load(&log.ran), 1); /* the next one still ran */
    assert_int_equal(atomic_load(&log.dropped), 2);
}

static void freeing_a_queue_cancels_and_drops(void **state)
{
    (void)state;
    struct log log = {0};
    struct job_queue *queue = job_queue_new(0);
    job_queue_put(queue, job_for(&log, 0, until_cancelled));
    for (int i = 0; i < 3; i++)
        job_queue_put(queue, job_for(&log, i, note));
    job_queue_free(queue);
    assert_int_equal(atomic_load(&log.dropped), 4);
    job_queue_free(NULL);
}

/* Parts follow one another; more of them than were expected count all the same. */
static void progress_is_the_share_of_all_parts(void **state)
{
    (void)state;
    struct progress progress = {0};
    assert_true(progress_share(&progress) < 0);
    progress_expect(&progress, 1);
    progress_expect(&progress, 1);
    progress_begin(&progress, 10);
    assert_true(progress_share(&progress) == 0);
    progress_step(&progress, 5);
    assert_true(progress_share(&progress) == 0.25);
    progress_step(&progress, 50);
    assert_true(progress_share(&progress) == 0.5);
    progress_begin(&progress, 2);
    assert_true(progress_share(&progress) == 0.5);
    progress_begin(&progress, 2);
    progress_step(&progress, 1);
    assert_true(progress_share(&progress) == 2.5 / 3);
    progress_cancel(&progress);
    progress_clear(&progress);
    assert_true(!progress_cancelled(&progress) && progress_share(&progress) < 0);
    progress_expect(NULL, 1);
    progress_weigh(NULL, 1);
    progress_begin(NULL, 1);
    progress_step(NULL, 1);
    assert_false(progress_cancelled(NULL));
}

/* One part of four that counts for three, then one that counts for itself. */
static void a_longer_part_counts_for_several(void **state)
{
    (void)state;
    struct progress progress = {0};
    progress_expect(&progress, 4);
    progress_weigh(&progress, 3);
    progress_begin(&progress, 6);
    progress_step(&progress, 3);
    assert_true(progress_share(&progress) == 1.5 / 4);
    progress_step(&progress, 3);
    progress_begin(&progress, 2);
    assert_true(progress_share(&progress) == .75);
    progress_step(&progress, 1);
    assert_true(progress_share(&progress) == 3.5 / 4);
}

static void note_cancelled(void *argument, struct progress *progress)
{
    struct task *task = argument;
    if (progress_cancelled(progress))
        atomic_fetch_add(&task->log->ran, 1);
}

/* Its owner cancels it while it waits: it is told, and the running one is not. */
static void a_waiting_job_can_be_cancelled(void **state)
{
    (void)state;
    struct log log = {0};
    struct progress own = {0};
    struct job_queue *queue = job_queue_new(0);
    job_queue_put(queue, job_for(&log, 0, until_cancelled));
    struct job second = job_for(&log, 1, note_cancelled);
    second.progress = &own;
    job_queue_put(queue, second);
    while (!atomic_load(&log.started))
        clock_sleep(1e-4);
    progress_cancel(&own);
    assert_int_equal(job_queue_waiting(queue), 2);
    job_queue_cancel(queue);
    while (job_queue_waiting(queue) > 0)
        clock_sleep(1e-4);
    job_queue_free(queue);
    assert_int_equal(atomic_load(&log.ran), 1);
    assert_int_equal(atomic_load(&log.dropped), 2);
}

/* What the system denies is said as that, not as a mistake of the program. */
static void a_thread_that_is_denied_is_told_of(void **state)
{
    (void)state;
#ifdef SANITIZED
    skip(); /* it needs more memory than any limit leaves */
#endif
    int ends[2], status;
    char text[200] = "";
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        static const struct rlimit little = {1 << 20, 1 << 20};
        dup2(ends[1], STDERR_FILENO);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        setrlimit(RLIMIT_AS, &little);
        pool_new(64, 0); /* stacks of threads that were are used again */
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    close(ends[0]);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(text, "no more threads: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once),
        cmocka_unit_test(pools_come_and_go),
        cmocka_unit_test(jobs_run_in_order_and_are_all_dropped),
        cmocka_unit_test(a_running_job_can_be_cancelled),
        cmocka_unit_test(freeing_a_queue_cancels_and_drops),
        cmocka_unit_test(progress_is_the_share_of_all_parts),
        cmocka_unit_test(a_longer_part_counts_for_several),
        cmocka_unit_test(a_waiting_job_can_be_cancelled),
        cmocka_unit_test(a_thread_that_is_denied_is_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
