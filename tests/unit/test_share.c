/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "share/mailbox.h"
#include "share/request.h"
#include "share/wobble.h"

#include "support/cmocka.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static void terms_are_complete(void **state)
{
    (void)state;
    for (int i = 0; i < TERM_COUNT; i++) {
        const struct term_entry *t = term_entry(i);
        assert_true(t->name[0] && strlen(t->meaning) > 20 && t->low < t->high);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(term_entry(j)->id, t->id);
    }
}

static void series_rows_never_move(void **state)
{
    (void)state;
    struct series *s = series_new(sizeof(uint64_t));
    const void *first = NULL;
    for (uint64_t i = 0; i < 5000; i++) {
        series_append(s, &i);
        if (i == 0)
            first = series_at(s, 0);
        assert_int_equal(series_count(s), i + 1);
    }
    assert_ptr_equal(series_at(s, 0), first);
    for (uint64_t i = 0; i < 5000; i++)
        assert_true(*(const uint64_t *)series_at(s, i) == i);
    series_unref(series_ref(s));
    series_unref(s);
    series_unref(NULL);
}

static const struct snapshot_sizes sizes = {
    .n_probe = 10, .dim_h = 7, .dim_z = 3, .n_bank = 5, .n_batch = 4, .view_values = 27, .pairs = true};

static void measured(struct series *s, uint64_t step, double value)
{
    struct measures row = {.step = step, .n = 1};
    row.item[0] = (struct measure){TERM_rank, -1, (float)value, 0, 0, 0};
    series_append(s, &row);
}

/* The residuals by hand: of 0 1 0 1 0 1 each inner one is 1 from the line of its neighbours, so that every
 * stray is 1 / sqrt(1/4 + 1/4 + 1). */
static void wobble_is_what_is_off_the_course(void **state)
{
    (void)state;
    struct series *s = series_new(sizeof(struct measures));
    double one = 1.4826 / sqrt(1.5);
    for (int i = 0; i < 4; i++)
        measured(s, (uint64_t)i, i % 2);
    assert_true(isnan(measures_wobble(s, 3, TERM_rank, -1))); /* four do not tell */
    measured(s, 4, 0);
    assert_true(fabs(measures_wobble(s, 4, TERM_rank, -1) - one) < 1e-6);
    assert_true(isnan(measures_wobble(s, 3, TERM_rank, -1))); /* what comes later is not looked at */
    assert_true(isnan(measures_wobble(s, 4, TERM_rank, 2)) && isnan(measures_wobble(s, 4, TERM_std, -1)));
    measured(s, 4, 0); /* measured again at one step: once */
    measured(s, 5, NAN);
    assert_true(fabs(measures_wobble(s, 5, TERM_rank, -1) - one) < 1e-6);
    series_unref(s);
}

/* Steady learning, at uneven steps too, is none; nor is one jump; and only the last twelve count. */
static void wobble_passes_over_learning_and_jumps(void **state)
{
    (void)state;
    static const uint64_t at[] = {0, 10, 15, 40, 100, 110, 200};
    struct series *line = series_new(sizeof(struct measures)), *jump = series_new(sizeof(struct measures));
    for (size_t i = 0; i < ARRAY_LEN(at); i++)
        measured(line, at[i], 3 + 0.25 * (double)at[i]);
    assert_true(measures_wobble(line, 200, TERM_rank, -1) < 1e-4);
    for (uint64_t i = 0; i < 40; i++)
        measured(jump, i, i < 20 ? (double)(i % 2) : i < 34 ? 5 : 9);
    assert_true(measures_wobble(jump, 39, TERM_rank, -1) < 1e-12);
    assert_true(measures_wobble(jump, 19, TERM_rank, -1) > 1);
    series_unref(line);
    series_unref(jump);
}

static void snapshot_is_laid_out_apart(void **state)
{
    (void)state;
    struct snapshot *s = snapshot_new(&sizes);
    assert_true(s->n_probe == 10 && s->bytes > sizeof *s);
    memset((void *)(uintptr_t)s->h, 1, 10 * 7 * sizeof(float));
    memset((void *)(uintptr_t)s->inspected.view[1], 2, 27 * sizeof(float));
    assert_true(s->z[0] == 0 && s->item[9] == 0 && s->batch_z[1][11] == 0 && s->pair_weight[3] == 0);
    snapshot_unref(s);
    struct snapshot *bare = snapshot_new(&(struct snapshot_sizes){.n_probe = 2, .dim_h = 4});
    assert_null(bare->z);
    assert_null(bare->bank_h);
    assert_null(bare->pair_loss);
    snapshot_unref(bare);
    snapshot_unref(NULL);
}

static bool readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) == 1;
}

static void mailbox_keeps_the_newest(void **state)
{
    (void)state;
    struct mailbox *m = mailbox_new();
    assert_false(readable(mailbox_wake_fd(m)));
    assert_null(mailbox_take(m));
    for (uint64_t step = 1; step <= 3; step++) {
        struct snapshot *s = snapshot_new(&sizes);
        s->step = step;
        mailbox_publish(m, s);
    }
    assert_true(readable(mailbox_wake_fd(m)));
    struct snapshot *s = mailbox_take(m);
    assert_int_equal(s->step, 3);
    snapshot_unref(s);
    assert_null(mailbox_take(m));
    mailbox_publish(m, snapshot_new(&sizes)); /* freed with the box */
    mailbox_free(m);
}

static void commands_are_bounded_and_ordered(void **state)
{
    (void)state;
    struct commands *c = commands_new();
    struct command command = {.kind = COMMAND_SET}, out;
    assert_false(commands_take(c, &out));
    for (uint32_t i = 1; i <= 64; i++)
        assert_int_equal(commands_put(c, &command), i);
    assert_int_equal(commands_put(c, &command), 0); /* full: said, not waited for */
    for (uint32_t i = 1; i <= 64; i++) {
        assert_true(commands_take(c, &out));
        assert_int_equal(out.seq, i);
    }
    commands_wait(c, 0);
    double before = clock_seconds();
    commands_wait(c, 0.01);
    assert_true(clock_seconds() - before >= 0.009);
    commands_free(c);
}

/* Soak: a writer publishes snapshots whose values all equal their step while a reader takes them; nothing may
 * be torn, and the sanitizers look for races and leaks. */
struct soak {
    struct mailbox *mailbox;
    struct series *series;
    struct commands *commands;
};

enum { SOAK_ROUNDS = 3000 };

static void soak_writer(void *p)
{
    struct soak *soak = p;
    for (uint64_t step = 1; step <= SOAK_ROUNDS; step++) {
        struct snapshot *s = snapshot_new(&sizes);
        s->step = step;
        float *h = (float *)(uintptr_t)s->h;
        for (size_t i = 0; i < 70; i++)
            h[i] = (float)step;
        series_append(soak->series, &step);
        s->steps = series_ref(soak->series);
        mailbox_publish(soak->mailbox, s);
        struct command command;
        while (commands_take(soak->commands, &command))
            CHECK(command.seq > 0);
    }
}

static void soak_check(const struct snapshot *s)
{
    for (size_t i = 0; i < 70; i++)
        assert_true(s->h[i] == (float)s->step);
    size_t n = series_count(s->steps);
    assert_true(n >= s->step);
    assert_true(*(const uint64_t *)series_at(s->steps, n - 1) == n);
}

static void soak(void **state)
{
    (void)state;
    struct soak soak = {mailbox_new(), series_new(sizeof(uint64_t)), commands_new()};
    struct thread *writer = thread_start("soak", 0, soak_writer, &soak);
    uint64_t last = 0;
    while (last < SOAK_ROUNDS) {
        struct pollfd p = {.fd = mailbox_wake_fd(soak.mailbox), .events = POLLIN};
        poll(&p, 1, 10);
        commands_put(soak.commands, &(struct command){.kind = COMMAND_RUN});
        struct snapshot *s = mailbox_take(soak.mailbox);
        if (!s)
            continue;
        assert_true(s->step > last);
        last = s->step;
        soak_check(s);
        snapshot_unref(s);
    }
    thread_join(writer);
    mailbox_free(soak.mailbox);
    series_unref(soak.series);
    commands_free(soak.commands);
}

static void results_and_states_are_counted(void **state)
{
    (void)state;
    struct result *r = result_new(REQUEST_NEAR, 100);
    result_ref(r);
    result_unref(r);
    assert_int_equal(r->kind, REQUEST_NEAR);
    result_unref(r);
    result_unref(NULL);
    struct saved_state *s = saved_state_new(7, 12);
    size_t length;
    memset(saved_state_bytes(s, &length), 1, 12);
    assert_int_equal(length, 12);
    assert_int_equal(saved_state_step(saved_state_ref(s)), 7);
    saved_state_unref(s);
    saved_state_unref(s);
}

static void put_setting(struct settings *settings, const char *label, const char *text)
{
    struct setting *one = &settings->item[settings->n++];
    snprintf(one->name, sizeof one->name, "%s", label);
    snprintf(one->label, sizeof one->label, "%s", label);
    snprintf(one->text, sizeof one->text, "%s", text);
}

/* All that differs is told, or how much more there is. */
static void what_settings_differ_in_is_told_whole(void **state)
{
    (void)state;
    static struct settings was, now;
    static const char *const label[] = {"temperature", "batch", "draws"}, *const a[] = {"0.2", "256", "0"},
                             *const b[] = {"0.5", "256", "7"};
    char text[64];
    for (size_t i = 0; i < 3; i++) {
        put_setting(&was, label[i], a[i]);
        put_setting(&now, label[i], b[i]);
    }
    settings_had(&was, &now, text, sizeof text);
    assert_string_equal(text, "temperature 0.2; draws 0");
    settings_difference(&was, &now, text, sizeof text);
    assert_string_equal(text, "temperature 0.2 → 0.5, draws 0 → 7");
    settings_difference(&was, &now, text, 36);
    assert_string_equal(text, "temperature 0.2 → 0.5 +1");
    settings_had(&was, &was, text, sizeof text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_settings_differ_in_is_told_whole),
        cmocka_unit_test(terms_are_complete),
        cmocka_unit_test(series_rows_never_move),
        cmocka_unit_test(wobble_is_what_is_off_the_course),
        cmocka_unit_test(wobble_passes_over_learning_and_jumps),
        cmocka_unit_test(snapshot_is_laid_out_apart),
        cmocka_unit_test(mailbox_keeps_the_newest),
        cmocka_unit_test(commands_are_bounded_and_ordered),
        cmocka_unit_test(soak),
        cmocka_unit_test(results_and_states_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
