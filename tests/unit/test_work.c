/* SPDX-License-Identifier: MIT
 *
 * Work that takes long: told of, stopped by hand, begun again, and cancelled when nobody asks any more. The
 * worker's part is a handler that waits to be let go, so that nothing here depends on time.
 */
#include "answer/requests.h"
#include "support/answers.h"
#include "support/cmocka.h"

#include "view/work.h"

#include <poll.h>
#include <sched.h>
#include <string.h>

/* ---- the requests ---- */

static atomic_int begun, let_go;

/* A quarter is done; then it waits to be let go or cancelled, and has a result all the same. */
static struct result *wait_here(const struct request *request, const struct request_scene *scene,
                                struct progress *progress)
{
    (void)scene;
    progress_expect(progress, 2);
    progress_begin(progress, 10);
    progress_step(progress, 5);
    struct result *result = result_new(REQUEST_GRAPH, 0);
    result->graph.asked = request->graph;
    atomic_fetch_add(&begun, 1);
    while (!progress_cancelled(progress) && !atomic_load(&let_go))
        sched_yield();
    return result;
}

struct bench {
    struct mailbox *mailbox;
    struct inbox *inbox;
    struct requests *requests;
    struct snapshot *s;
    struct request request;
    struct request_scene scene;
};

static void bench_init(struct bench *b, bool live)
{
    atomic_store(&begun, 0);
    atomic_store(&let_go, 0);
    b->mailbox = mailbox_new();
    b->inbox = inbox_new(b->mailbox);
    b->requests = requests_new(0, b->inbox);
    requests_handler(b->requests, REQUEST_GRAPH, wait_here);
    b->s = snapshot_new(&(struct snapshot_sizes){.n_probe = 4, .dim_h = 2});
    b->request = (struct request){.kind = REQUEST_GRAPH, .snapshot = b->s, .graph = {.k = 1}};
    b->scene = (struct request_scene){.live = live};
}

static void bench_release(struct bench *b)
{
    requests_free(b->requests);
    inbox_free(b->inbox);
    mailbox_free(b->mailbox);
    snapshot_unref(b->s);
}

static void post(struct bench *b, int k)
{
    b->request.graph.k = k;
    requests_post(b->requests, &b->request, &b->scene);
}

static void until_begun(int times)
{
    while (atomic_load(&begun) < times)
        sched_yield();
}

static struct work_state state_of(struct bench *b)
{
    return requests_state(b->requests, REQUEST_GRAPH, 1e9);
}

/* Until nothing is worked; the last result, or NULL. Owned. */
static struct result *until_idle(struct bench *b)
{
    struct result *last = NULL;
    while (!requests_idle(b->requests)) {
        struct pollfd wake = {mailbox_wake_fd(b->mailbox), POLLIN, 0};
        struct result *result = requests_take(b->requests, REQUEST_GRAPH);
        if (result) {
            result_unref(last);
            last = result;
        }
        if (!requests_idle(b->requests))
            assert_true(poll(&wake, 1, 60000) > 0);
        snapshot_unref(mailbox_take(b->mailbox));
    }
    return last;
}

static void how_far_it_is_is_told(void **unused)
{
    (void)unused;
    struct bench b;
    bench_init(&b, false);
    assert_int_equal(state_of(&b).is, WORK_NONE);
    post(&b, 1);
    until_begun(1);
    assert_int_equal(state_of(&b).is, WORK_RUNS);
    assert_true(state_of(&b).share == 0.25); /* half of the first of two parts */
    assert_true(state_of(&b).left < 0);      /* nothing was done since the first look */
    atomic_store(&let_go, 1);
    struct result *result = until_idle(&b);
    assert_non_null(result);
    assert_int_equal(state_of(&b).is, WORK_NONE);
    result_unref(result);
    bench_release(&b);
}

static void what_is_stopped_stays_so_until_it_is_begun_again(void **unused)
{
    (void)unused;
    struct bench b;
    bench_init(&b, false);
    post(&b, 1);
    until_begun(1);
    state_of(&b); /* as every frame */
    requests_stop(b.requests, REQUEST_GRAPH);
    assert_null(until_idle(&b)); /* half of a result is none */
    assert_int_equal(state_of(&b).is, WORK_STOPPED);
    assert_true(state_of(&b).share == 0.25);
    post(&b, 1);
    requests_keep(b.requests, 1U << REQUEST_GRAPH);
    assert_true(requests_idle(b.requests));
    requests_again(b.requests, REQUEST_GRAPH);
    atomic_store(&let_go, 1);
    post(&b, 1);
    struct result *result = until_idle(&b);
    assert_non_null(result);
    result_unref(result);
    bench_release(&b);
}

static void another_question_ends_what_was_stopped(void **unused)
{
    (void)unused;
    struct bench b;
    bench_init(&b, false);
    post(&b, 1);
    until_begun(1);
    requests_stop(b.requests, REQUEST_GRAPH);
    atomic_store(&let_go, 1);
    post(&b, 2); /* the worker may still be at the first */
    struct result *result = until_idle(&b);
    assert_int_equal(result->graph.asked.k, 2);
    assert_int_equal(state_of(&b).is, WORK_NONE);
    result_unref(result);
    bench_release(&b);
}

static void another_question_cancels_at_once(void **unused)
{
    (void)unused;
    struct bench b;
    bench_init(&b, false);
    post(&b, 1);
    until_begun(1);
    post(&b, 2); /* nobody lets the first one go */
    until_begun(1);
    post(&b, 3);
    while (!requests_take(b.requests, REQUEST_GRAPH) && atomic_load(&begun) < 2)
        sched_yield();
    atomic_store(&let_go, 1);
    struct result *result = until_idle(&b);
    assert_int_equal(result->graph.asked.k, 3);
    result_unref(result);
    bench_release(&b);
}

static void a_live_moment_is_worked_to_its_end(void **unused)
{
    (void)unused;
    struct bench b;
    bench_init(&b, true);
    post(&b, 1);
    until_begun(1);
    struct snapshot *later = snapshot_new(&(struct snapshot_sizes){.n_probe = 4, .dim_h = 2});
    later->step = b.s->step + 1;
    b.request.snapshot = later;
    post(&b, 1);
    assert_int_equal(atomic_load(&begun), 1);
    assert_int_equal(state_of(&b).is, WORK_RUNS);
    atomic_store(&let_go, 1);
    struct result *result = until_idle(&b);
    assert_int_equal(atomic_load(&begun), 2); /* the first came through, then the newest */
    result_unref(result);
    snapshot_unref(later);
    bench_release(&b);
}

static void stopped_live_work_does_not_begin_with_the_next_step(void **unused)
{
    (void)unused;
    struct bench b;
    bench_init(&b, true);
    post(&b, 1);
    until_begun(1);
    requests_stop(b.requests, REQUEST_GRAPH);
    assert_null(until_idle(&b));
    struct snapshot *later = snapshot_new(&(struct snapshot_sizes){.n_probe = 4, .dim_h = 2});
    later->step = b.s->step + 1;
    b.request.snapshot = later;
    post(&b, 1);
    assert_true(requests_idle(b.requests));
    snapshot_unref(later);
    bench_release(&b);
}

static void what_nobody_asks_any_more_is_cancelled_and_asked_anew(void **unused)
{
    (void)unused;
    struct bench b;
    bench_init(&b, true);
    post(&b, 1);
    until_begun(1);
    requests_keep(b.requests, 1U << REQUEST_GRAPH);
    assert_int_equal(state_of(&b).is, WORK_RUNS);
    requests_keep(b.requests, 1U << REQUEST_MAP);
    assert_int_equal(state_of(&b).is, WORK_NONE);
    assert_null(until_idle(&b));
    atomic_store(&let_go, 1);
    post(&b, 1); /* the same question */
    struct result *result = until_idle(&b);
    assert_non_null(result);
    requests_keep(b.requests, 0); /* what is finished stays known */
    post(&b, 1);
    assert_true(requests_idle(b.requests));
    result_unref(result);
    bench_release(&b);
}

/* What is long does not keep what is quick waiting. */
static void an_item_is_answered_beside_long_work(void **unused)
{
    (void)unused;
    struct bench b;
    struct dataset data = {.n = 4};
    bench_init(&b, false);
    b.scene.data = &data;
    for (uint32_t i = 0; i < 4; i++)
        ((float *)(uintptr_t)b.s->h)[2 * i + i % 2] = 1;
    post(&b, 1);
    until_begun(1);
    struct request near = {.kind = REQUEST_NEAR, .snapshot = b.s, .near = {.item = 0, .k = 1}};
    requests_post(b.requests, &near, &b.scene);
    struct result *result;
    while (!(result = requests_take(b.requests, REQUEST_NEAR)))
        sched_yield();
    assert_int_equal(result->near.index[0], 2);
    assert_int_equal(state_of(&b).is, WORK_RUNS);
    result_unref(result);
    bench_release(&b); /* ends the other one in the middle of it */
}

/* ---- on the screen ---- */

static void on_work(void *ctx, enum request_kind kind, bool again)
{
    int *seen = ctx;
    seen[kind] = again ? 2 : 1;
}

static void open_near(struct fake *f)
{
    fake_init(f, FAKE_ITEMS, true, 3);
    fake_key(f, "3");
}

static void the_screen_says_how_far_and_what_stops_it(void **unused)
{
    (void)unused;
    struct fake f;
    open_near(&f);
    struct work_state *work = &f.scene.work[REQUEST_GRAPH];
    assert_true(fake_shows(&f, "a moment"));
    *work = (struct work_state){WORK_RUNS, 0.3, 0.1, 1};
    assert_false(fake_shows(&f, "Esc stops it")); /* not worth a word yet */
    *work = (struct work_state){WORK_RUNS, 2, 0.349, 11.2};
    assert_true(fake_shows(&f, "neighbours of all items: 34 %, 12 s left   Esc stops it"));
    *work = (struct work_state){WORK_RUNS, 200, 0.1, 1800};
    assert_true(fake_shows(&f, "10 %, 30 min left   Esc"));
    *work = (struct work_state){WORK_RUNS, 3.5, -1, -1};
    assert_true(fake_shows(&f, "3 s so far   Esc"));
    *work = (struct work_state){WORK_STOPPED, 3.5, 0.5, -1};
    assert_true(fake_shows(&f, "stopped at 50 %   r begins again"));
    assert_true(fake_shows(&f, "stopped at 50 %, r: again")); /* in the list's place */
    fake_release(&f);
}

static void escape_stops_and_r_begins_again(void **unused)
{
    (void)unused;
    struct fake f;
    open_near(&f);
    int seen[REQUEST_KINDS] = {0};
    struct post post = f.post;
    post.ctx = seen;
    post.work = on_work;
    struct work_state *work = &f.scene.work[REQUEST_GRAPH];
    f.scene.choice.large = true;
    *work = (struct work_state){WORK_RUNS, 0.1, -1, -1};
    assert_false(work_act(&f.scene, ACTION_BACK, &post)); /* one level back, as ever */
    *work = (struct work_state){WORK_RUNS, 1, 0.1, -1};
    assert_false(work_act(&f.scene, ACTION_ENTER, &post));
    assert_true(work_act(&f.scene, ACTION_BACK, &post));
    assert_int_equal(seen[REQUEST_GRAPH], 1);
    assert_true(f.scene.choice.large);
    *work = (struct work_state){WORK_STOPPED, 1, 0.1, -1};
    assert_false(work_act(&f.scene, ACTION_BACK, &post));
    assert_true(work_act(&f.scene, ACTION_AGAIN, &post));
    assert_int_equal(seen[REQUEST_GRAPH], 2);
    assert_int_equal(seen[REQUEST_MAP], 0);
    fake_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_far_it_is_is_told),
        cmocka_unit_test(what_is_stopped_stays_so_until_it_is_begun_again),
        cmocka_unit_test(another_question_ends_what_was_stopped),
        cmocka_unit_test(another_question_cancels_at_once),
        cmocka_unit_test(a_live_moment_is_worked_to_its_end),
        cmocka_unit_test(stopped_live_work_does_not_begin_with_the_next_step),
        cmocka_unit_test(what_nobody_asks_any_more_is_cancelled_and_asked_anew),
        cmocka_unit_test(an_item_is_answered_beside_long_work),
        cmocka_unit_test(the_screen_says_how_far_and_what_stops_it),
        cmocka_unit_test(escape_stops_and_r_begins_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
