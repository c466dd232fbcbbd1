/* SPDX-License-Identifier: MIT */
#include "app/history.h"
#include "share/inbox.h"
#include "support/cmocka.h"

#include <string.h>

static struct snapshot *at_step(uint64_t run, uint64_t step)
{
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = 100, .dim_h = 10});
    s->step = step;
    s->run = run;
    return s;
}

static void add(struct history *history, uint64_t run, uint64_t step)
{
    struct snapshot *s = at_step(run, step);
    history_add(history, s);
    snapshot_unref(s);
}

static void test_moves_and_comes_back_live(void **state)
{
    (void)state;
    struct history *h = history_new(1 << 30);
    assert_null(history_move(h, -1));
    for (uint64_t step = 0; step <= 5; step++)
        add(h, 0, step);
    assert_true(history_is_live(h));
    assert_int_equal(history_move(h, -1)->step, 4);
    assert_false(history_is_live(h));
    add(h, 0, 6); /* training went on: where the screen stands does not move */
    assert_int_equal(history_at(h)->step, 4);
    assert_int_equal(history_move(h, 1)->step, 5);
    assert_int_equal(history_move(h, 1)->step, 6);
    assert_true(history_is_live(h));
    for (int i = 0; i < 10; i++)
        history_move(h, -1);
    assert_int_equal(history_at(h)->step, 0);
    history_free(h);
}

static void test_budget_keeps_first_newest_and_where_one_stands(void **state)
{
    (void)state;
    struct snapshot *one = at_step(0, 0);
    size_t budget = 20 * one->bytes, stood_at;
    snapshot_unref(one);
    struct history *h = history_new(budget);
    for (uint64_t step = 0; step < 15; step++)
        add(h, 0, step);
    for (int i = 0; i < 9; i++)
        history_move(h, -1);
    stood_at = history_at(h)->step;
    for (uint64_t step = 15; step < 1000; step++)
        add(h, 0, step);
    assert_true(history_count(h) <= 21 && history_count(h) > 10);
    assert_int_equal(history_first(h)->step, 0);
    assert_int_equal(history_at(h)->step, stood_at);
    history_go_live(h);
    assert_int_equal(history_at(h)->step, 999);
    uint64_t before = 999; /* close together now, far apart long ago */
    uint64_t recent_gap = before - history_move(h, -1)->step;
    assert_true(recent_gap < 200);
    history_free(h);
}

static void test_marked_steps_stay(void **state)
{
    (void)state;
    struct snapshot *one = at_step(0, 0);
    struct history *h = history_new(20 * one->bytes);
    snapshot_unref(one);
    for (uint64_t step = 0; step < 15; step++)
        add(h, 0, step);
    assert_true(history_mark(h, 3) && history_is_marked(h, 3));
    assert_true(history_mark(h, 4) && history_mark(h, 4)); /* and taken back */
    assert_false(history_mark(h, 77));
    history_hold(h, 11); /* stays as well, and nobody marked it */
    history_hold(h, 77);
    for (uint64_t step = 15; step < 1000; step++)
        add(h, 0, step);
    assert_true(history_is_marked(h, 3));
    assert_non_null(history_find(h, 11));
    assert_null(history_find(h, 4));
    assert_false(history_is_marked(h, 11));
    assert_int_equal(history_move_to_step(h, 3)->step, 3);
    assert_int_equal(history_move_to_step(h, 4)->step, 3); /* of two as near the earlier */
    assert_false(history_is_live(h));
    const struct snapshot *const *kept = history_kept(h);
    for (size_t i = 1; i < history_count(h); i++) {
        uint64_t before = kept[i - 1]->step, after = kept[i]->step;
        assert_true(before < after);
        assert_int_equal(history_move_to_step(h, (before + after) / 2)->step, before);
        assert_int_equal(history_move_to_step(h, (before + after) / 2 + 1)->step, after);
    }
    assert_int_equal(history_move_to_step(h, 5000)->step, 999);
    assert_true(history_is_live(h));
    history_free(h);
}

/* What a run shows between its measurings is up to the machine: every so many steps. */
static struct history *measured_every_10(uint64_t shown_every, uint64_t last, size_t room)
{
    struct snapshot *one = at_step(0, 0);
    struct history *h = history_new(room * one->bytes);
    snapshot_unref(one);
    for (uint64_t step = 0; step <= last; step++) {
        if (step % 10 != 0 && step % shown_every != 0)
            continue;
        struct snapshot *s = at_step(0, step);
        s->measures.n = 1;
        s->measures.step = step / 10 * 10;
        history_add(h, s);
        snapshot_unref(s);
    }
    return h;
}

static void test_two_runs_keep_the_same_steps(void **state)
{
    (void)state;
    struct history *a = measured_every_10(3, 600, 40), *b = measured_every_10(7, 431, 40);
    size_t common = 0;
    uint64_t newest = 0;
    for (size_t i = 0, j = 0; i < history_count(a) && j < history_count(b);) {
        uint64_t x = history_kept(a)[i]->step, y = history_kept(b)[j]->step;
        common += x == y;
        newest = x == y ? x : newest;
        i += x <= y;
        j += y <= x;
    }
    assert_true(newest >= 400); /* they can be compared near the shorter one's end */
    assert_true(common >= 15);
    history_free(a);
    history_free(b);
}

static void test_a_fork_begins_with_what_was(void **state)
{
    (void)state;
    struct history *h = history_new(1 << 30);
    for (uint64_t step = 0; step <= 6; step++) {
        struct snapshot *s = at_step(0, step);
        s->state = step % 3 == 0 ? saved_state_new(step, 8) : NULL;
        history_add(h, s);
        snapshot_unref(s);
    }
    assert_int_equal(history_state_before(h, 5)->step, 3);
    assert_int_equal(history_state_before(h, UINT64_MAX)->step, 6);
    struct history *fork = history_fork(h, 3);
    add(fork, 1, 3); /* the branch's own first takes the place of the last */
    add(fork, 1, 4);
    assert_int_equal(history_count(fork), 5);
    assert_int_equal(history_kept(fork)[2]->run, 0);
    assert_int_equal(history_kept(fork)[3]->run, 1);
    add(fork, 2, 0); /* a restart */
    assert_int_equal(history_count(fork), 1);
    assert_int_equal(history_count(h), 7);
    history_free(fork);
    history_free(h);
}

static void test_another_run_begins_anew(void **state)
{
    (void)state;
    struct history *h = history_new(1 << 30);
    add(h, 0, 0);
    add(h, 0, 10);
    history_move(h, -1);
    add(h, 1, 0);
    assert_int_equal(history_count(h), 1);
    assert_true(history_is_live(h));
    assert_int_equal(history_at(h)->run, 1);
    add(h, 1, 0); /* the same step again: the newer one stays */
    assert_int_equal(history_count(h), 1);
    history_free(h);
}

static void test_events(void **state)
{
    (void)state;
    struct history *h = history_new(1 << 30);
    struct series *events = series_new(sizeof(struct event));
    series_append(events, &(struct event){.step = 1});
    series_append(events, &(struct event){.step = 3});
    series_append(events, &(struct event){.step = 12});
    for (uint64_t step = 0; step <= 20; step += 2) {
        struct snapshot *s = at_step(0, step);
        s->events = series_ref(events);
        history_add(h, s);
        snapshot_unref(s);
    }
    assert_int_equal(history_move_to_event(h, -1)->step, 12);
    assert_int_equal(history_move_to_event(h, -1)->step, 4); /* the first kept at or after 3 */
    assert_int_equal(history_move_to_event(h, -1)->step, 2);
    assert_int_equal(history_move_to_event(h, -1)->step, 2);
    assert_int_equal(history_move_to_event(h, 1)->step, 4);
    assert_int_equal(history_move_to_event(h, 1)->step, 12);
    assert_int_equal(history_move_to_event(h, 1)->step, 20);
    assert_true(history_is_live(h));
    series_unref(events);
    history_free(h);
}

static void test_inbox_keeps_the_newest(void **state)
{
    (void)state;
    struct mailbox *mailbox = mailbox_new();
    struct inbox *inbox = inbox_new(mailbox);
    int a, b;
    assert_null(inbox_take(inbox, 0));
    assert_null(inbox_put(inbox, 0, &a));
    assert_ptr_equal(inbox_put(inbox, 0, &b), &a);
    assert_null(inbox_take(inbox, 1));
    assert_ptr_equal(inbox_take(inbox, 0), &b);
    assert_null(inbox_take(inbox, 0));
    inbox_free(inbox);
    mailbox_free(mailbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves_and_comes_back_live),
        cmocka_unit_test(test_budget_keeps_first_newest_and_where_one_stands),
        cmocka_unit_test(test_marked_steps_stay),
        cmocka_unit_test(test_two_runs_keep_the_same_steps),
        cmocka_unit_test(test_a_fork_begins_with_what_was),
        cmocka_unit_test(test_another_run_begins_anew),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_inbox_keeps_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
