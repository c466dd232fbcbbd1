/* SPDX-License-Identifier: MIT
 *
 * A folder of tables as a timeline: in the order of its numbers, followed while it grows; what does not fit
 * is said and left out.
 */
#include "app/feed.h"
#include "app/moment.h"
#include "base/check.h"
#include "data/npy.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct subcommand command_explore;

struct watched {
    struct folder folder;
    struct feed *feed;
    struct mailbox *mailbox;
    struct commands *commands;
    struct options options;
};

static void put_table(struct watched *w, const char *name, size_t n, float value)
{
    struct err err;
    float rows[32];
    for (size_t i = 0; i < 2 * n; i++)
        rows[i] = value + (float)(i % 5);
    assert_true(npy_write(folder_at(&w->folder, name), rows, n, 2, &err));
}

static struct snapshot *next(struct watched *w)
{
    struct snapshot *s;
    struct pollfd wake = {.fd = mailbox_wake_fd(w->mailbox), .events = POLLIN};
    while (!(s = mailbox_take(w->mailbox)))
        if (poll(&wake, 1, 60000) < 1)
            fail_msg("no table came");
    return s;
}

static void expect(struct watched *w, uint64_t step, float first_value, bool more)
{
    struct snapshot *s = next(w);
    assert_int_equal(s->step, step);
    assert_true(s->h[0] == first_value);
    assert_int_equal(s->n_probe, 6);
    assert_int_equal(s->item[5], 5);
    assert_int_equal(s->status, TRAIN_ELSEWHERE);
    assert_int_equal(s->more, more);
    assert_int_equal(w->feed->kind->settled(w->feed, s, 0), !more);
    snapshot_unref(s);
}

static bool begin(struct watched *w, struct err *err)
{
    static char path[256];
    char *arguments[] = {path, NULL};
    snprintf(path, sizeof path, "%s", w->folder.path);
    assert_true(options_parse(&w->options, &command_explore, 1, arguments, err));
    w->feed = feed_open(&w->options, NULL, err);
    if (!w->feed)
        return false;
    struct feed_links links = {&w->options, w->mailbox, w->commands, true};
    w->feed->kind->start(w->feed, &links);
    return true;
}

static int setup(void **state)
{
    struct watched *w = xcalloc(1, sizeof *w);
    folder_init(&w->folder);
    w->mailbox = mailbox_new();
    w->commands = commands_new();
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct watched *w = *state;
    char folder[RUN_PATH_SIZE];
    struct err err;
    if (w->feed)
        w->feed->kind->end(w->feed, folder, &err);
    feed_free(w->feed);
    mailbox_free(w->mailbox);
    commands_free(w->commands);
    folder_release(&w->folder);
    free(w);
    return 0;
}

static void tables_come_by_number_and_are_followed(void **state)
{
    struct watched *w = *state;
    struct err err;
    put_table(w, "epoch_10.npy", 6, 10);
    put_table(w, "epoch_9.npy", 6, 9);
    put_table(w, "epoch_2.npy", 6, 2);
    folder_put_text(&w->folder, "items.csv", "label\na\nb\na\nb\na\nb\n");
    folder_put_text(&w->folder, "notes.txt", "not a table");
    assert_true(begin(w, &err));
    assert_false(w->feed->learns);
    assert_string_equal(w->feed->data->column[w->feed->data->label].name, "label");
    expect(w, 2, 2, true);
    expect(w, 9, 9, true);
    expect(w, 10, 10, false);
    put_table(w, "epoch_11.npy", 6, 11);
    expect(w, 11, 11, false);
}

static void what_does_not_fit_is_said(void **state)
{
    struct watched *w = *state;
    struct err err;
    put_table(w, "a1.npy", 6, 1);
    put_table(w, "a2.npy", 4, 2);
    folder_put_text(&w->folder, "a3.npy", "no table at all");
    put_table(w, "a4.npy", 6, 4);
    assert_true(begin(w, &err));
    expect(w, 1, 1, true);
    struct snapshot *s = next(w);
    assert_int_equal(s->step, 4);
    assert_int_equal(s->message_seq, 2);
    assert_non_null(strstr(s->message, "a3.npy"));
    assert_false(s->more);
    snapshot_unref(s);
}

/* Gone it stays what it was; written anew it does too, which is said. */
static void what_was_read_may_change(void **state)
{
    struct watched *w = *state;
    struct err err;
    put_table(w, "a1.npy", 6, 1);
    put_table(w, "a2.npy", 6, 2);
    assert_true(begin(w, &err));
    expect(w, 1, 1, true);
    expect(w, 2, 2, false);
    assert_int_equal(remove(folder_at(&w->folder, "a1.npy")), 0);
    put_table(w, "a2.npy", 6, 7);
    struct snapshot *s = next(w);
    assert_int_equal(s->step, 2);
    assert_true(s->h[0] == 2);
    assert_non_null(strstr(s->message, "a2.npy was written anew"));
    snapshot_unref(s);
    put_table(w, "a3.npy", 6, 3);
    expect(w, 3, 3, false);
}

static void names_without_numbers_are_counted(void **state)
{
    struct watched *w = *state;
    struct err err;
    put_table(w, "late.npy", 6, 5);
    put_table(w, "early.npy", 6, 4);
    assert_true(begin(w, &err));
    expect(w, 0, 4, true);
    expect(w, 1, 5, false);
}

static void a_folder_without_tables_is_refused(void **state)
{
    struct watched *w = *state;
    struct err err;
    assert_false(begin(w, &err));
    assert_non_null(strstr(err.text, "no tables in this folder"));
}

/* ---- the numbers of a moment ---- */

static void attributes_are_read_from_the_others(void **state)
{
    (void)state;
    enum { N = 60 };
    struct dataset data = dataset_empty;
    struct moment_series series;
    float rows[N * 2];
    data.n = N;
    struct column *apart = dataset_add_column(&data, "apart", COLUMN_CATEGORY);
    for (size_t i = 0; i < N; i++) {
        apart->code[i] = column_code(apart, i % 2 ? "east" : "north");
        rows[2 * i] = i % 2 ? 1 : 0.01F * (float)(i % 7);
        rows[2 * i + 1] = i % 2 ? 0.01F * (float)(i % 5) : 1;
    }
    moment_series_init(&series);
    struct moment moment = {.rows = rows, .n = N, .d = 2, .step = 3};
    struct snapshot *s = moment_new(&moment, &data, &series, true);
    const struct measure *m = measures_find(&s->measures, TERM_knn, 0);
    assert_non_null(m);
    assert_true(m->value == 1 && m->chance == 0.5F && isnan(m->pixels));
    assert_int_equal(series_count(series.measured), 1);
    assert_int_equal(s->measures.step, 3);
    snapshot_unref(s);
    moment_series_release(&series);
    dataset_release(&data);
}

/* A sample in equal steps of ten would meet one value alone. */
static void values_in_turn_are_all_in_the_sample(void **state)
{
    (void)state;
    enum { N = 10 * MOMENT_SAMPLE };
    struct dataset data = dataset_empty;
    struct moment_series series;
    float *rows = xcalloc(2 * N, sizeof *rows);
    data.n = N;
    struct column *turn = dataset_add_column(&data, "turn", COLUMN_CATEGORY);
    for (size_t i = 0; i < N; i++) {
        turn->code[i] = column_code(turn, i % 10 < 5 ? "a" : "b");
        rows[2 * i + (i % 10 < 5)] = 1;
    }
    moment_series_init(&series);
    struct moment moment = {.rows = rows, .n = N, .d = 2};
    struct snapshot *s = moment_new(&moment, &data, &series, true);
    const struct measure *m = measures_find(&s->measures, TERM_knn, 0);
    assert_non_null(m);
    assert_true(m->value == 1 && m->chance == 0.5F);
    snapshot_unref(s);
    moment_series_release(&series);
    dataset_release(&data);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_come_by_number_and_are_followed, setup, teardown),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_read_may_change, setup, teardown),
        cmocka_unit_test_setup_teardown(names_without_numbers_are_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_folder_without_tables_is_refused, setup, teardown),
        cmocka_unit_test(attributes_are_read_from_the_others),
        cmocka_unit_test(values_in_turn_are_all_in_the_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
