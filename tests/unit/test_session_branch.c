/* SPDX-License-Identifier: MIT
 *
 * Runs of a session that follow each other more quickly than the screen hears of them.
 */
#include "app/session.h"
#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

/* A session of a training that keeps three steps with their states. */
static struct session *session_of_a_run(struct feed *feed)
{
    struct session *session = calloc(1, sizeof *session);
    *feed = (struct feed){.learns = true};
    session->feed = feed;
    session->commands = commands_new();
    session->history_budget = 1 << 20;
    session->history = history_new(session->history_budget);
    return session;
}

static void session_free(struct session *session)
{
    session_branches_release(session);
    history_free(session->history);
    snapshot_unref(session->newest);
    command_log_release(&session->log);
    commands_free(session->commands);
    free(session);
}

/* As the session takes a snapshot of a run: `seq` is the last command that the trainer has carried out. */
static void take(struct session *session, uint64_t run, uint64_t step, uint32_t seq)
{
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = 10, .dim_h = 2});
    s->run = run;
    s->step = step;
    s->command_seq = seq;
    s->state = saved_state_new(step, 8);
    if (session->n_branches == 0 || session->branch[session->n_branches - 1].run != run)
        session_new_run(session, s);
    history_add(session->history, s);
    snapshot_unref(session->newest);
    session->newest = session->shown = s;
}

static void a_restart_does_not_take_the_branchs_history(void **state)
{
    (void)state;
    struct feed feed;
    struct session *session = session_of_a_run(&feed);
    for (uint64_t step = 0; step < 3; step++)
        take(session, 0, step, 0);
    uint32_t restart = session_command(session, &(struct command){.kind = COMMAND_RESTART});
    session_branch(session); /* before the first look at the restarted run */
    take(session, 1, 0, restart);
    assert_int_equal(history_count(session->history), 1);
    take(session, 2, 2, session->command_seq);
    assert_int_equal(history_count(session->history), 3);
    assert_int_equal(history_kept(session->history)[0]->run, 0);
    assert_int_equal(history_kept(session->history)[2]->run, 2);
    assert_int_equal(session->n_branches, 3);
    session_free(session);
}

static void a_restart_does_not_take_the_name_of_the_run_gone_on_with(void **state)
{
    (void)state;
    struct feed feed;
    struct session *session = session_of_a_run(&feed);
    take(session, 0, 0, 0);
    take(session, 0, 1, 0);
    session_name_branch(session, "plain");
    take(session, 1, 0, 0);
    uint32_t restart = session_command(session, &(struct command){.kind = COMMAND_RESTART});
    session_switch(session, 0);
    take(session, 2, 0, restart);
    assert_string_equal(session->branch[2].name, "run 3");
    take(session, 3, 1, session->command_seq);
    assert_int_equal(session->n_branches, 3); /* it takes the place of the one it goes on from */
    assert_string_equal(session->branch[2].name, "plain");
    session_free(session);
}

/* events.csv of a run may say anything. */
static void a_branch_event_of_one_word(void **state)
{
    (void)state;
    struct feed feed;
    struct session *session = session_of_a_run(&feed);
    struct event event = {.kind = EVENT_BRANCH, .step = 7};
    memset(event.text, 'x', sizeof event.text - 1);
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = 10, .dim_h = 2});
    s->events = series_new(sizeof event);
    series_append(s->events, &event);
    session_new_run(session, s);
    assert_string_equal(session->branch[0].what, "from step 7: ");
    snapshot_unref(s);
    session_free(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_does_not_take_the_branchs_history),
        cmocka_unit_test(a_restart_does_not_take_the_name_of_the_run_gone_on_with),
        cmocka_unit_test(a_branch_event_of_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
