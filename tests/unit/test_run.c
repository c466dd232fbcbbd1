/* SPDX-License-Identifier: MIT */
#include "run/run.h"

#include "base/file.h"
#include "base/strbuf.h"
#include "data/csv.h"
#include "run/record.h"
#include "support/cmocka.h"
#include "support/process.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *content(const char *file)
{
    char path[RUN_PATH_SIZE];
    size_t length;
    struct err err;
    run_path(path, temporary_path(), file);
    char *text = file_read(path, 1 << 20, &length, &err);
    assert_non_null(text);
    return text;
}

static void write_rows(struct run_writer *writer, const struct dataset *data, uint64_t from, uint64_t to)
{
    struct err err;
    for (uint64_t step = from; step <= to; step += 10) {
        struct step_row row = {
            .step = step, .loss = 1.0f / (float)(step + 1), .no_learning = NAN, .seconds = 0.5};
        struct measures measures = {.step = step, .n = 2};
        measures.item[0] = (struct measure){TERM_knn, 0, 0.1f * (float)step, NAN, NAN, NAN};
        measures.item[1] = (struct measure){TERM_rank, -1, NAN, NAN, NAN, NAN};
        run_step(writer, &row, 256);
        assert_true(run_measures(writer, data, &measures, &err));
    }
}

static void test_rows_are_cut_on_resume(void **state)
{
    (void)state;
    struct column column = {.name = (char[]){"shape, drawn"}, .kind = COLUMN_TEXT};
    struct dataset data = {.column = &column, .n_columns = 1};
    struct err err;
    struct run_writer *writer = run_begin(temporary_path(), RUN_NEW, 0, &err);
    write_rows(writer, &data, 0, 40);
    assert_true(run_end(writer, &err));
    char *whole = content(RUN_METRICS);
    assert_int_equal(strncmp(whole, "step,loss,no_learning,lr,", 25), 0);
    assert_non_null(strstr(whole, ",\"knn_shape, drawn\",rank\n"));

    char path[RUN_PATH_SIZE]; /* as a kill leaves it: half a row at the end */
    run_path(path, temporary_path(), RUN_METRICS);
    FILE *f = fopen(path, "ab");
    fputs("50,0.01", f);
    fclose(f);
    writer = run_begin(temporary_path(), RUN_RESUME, 25, &err);
    write_rows(writer, &data, 30, 40);
    assert_true(run_end(writer, &err));
    char *again = content(RUN_METRICS), *timing = content(RUN_TIMING);
    assert_string_equal(again, whole);
    assert_non_null(strstr(timing, "40,2.500,512.0\n"));
    free(whole);
    free(again);
    free(timing);
}

static void test_a_run_is_not_overwritten_unasked(void **state)
{
    (void)state;
    struct err err;
    char path[RUN_PATH_SIZE];
    run_path(path, temporary_path(), RUN_CONFIG);
    assert_true(file_write(path, "{}", 2, &err));
    assert_true(run_is_there(temporary_path()));
    assert_null(run_begin(temporary_path(), RUN_NEW, 0, &err));
    assert_non_null(strstr(err.text, "--force"));
    struct run_writer *writer = run_begin(temporary_path(), RUN_OVER, 0, &err);
    assert_non_null(writer);
    assert_true(run_end(writer, &err));
    assert_int_not_equal(access(path, F_OK), 0);
}

static void test_other_columns_are_refused(void **state)
{
    (void)state;
    struct dataset data = {0};
    struct measures one = {.step = 10, .n = 1}, two = {.step = 20, .n = 2};
    one.item[0] = two.item[0] = (struct measure){TERM_rank, -1, 1, NAN, NAN, NAN};
    two.item[1] = (struct measure){TERM_std, -1, 1, NAN, NAN, NAN};
    struct err err;
    struct run_writer *writer = run_begin(temporary_path(), RUN_OVER, 0, &err);
    assert_true(run_measures(writer, &data, &one, &err));
    assert_false(run_measures(writer, &data, &two, &err));
    assert_true(run_end(writer, &err));
}

static void test_items(void **state)
{
    (void)state;
    char plain[] = "plain", quoted[] = "a \"red\" star, small", blank[] = "";
    char *captions[] = {plain, quoted, blank};
    struct column column = {.name = (char[]){"caption"}, .kind = COLUMN_TEXT, .text = captions};
    struct dataset data = {.n = 3, .column = &column, .n_columns = 1};
    struct err err;
    char path[RUN_PATH_SIZE];
    run_path(path, temporary_path(), RUN_ITEMS);
    assert_true(items_write(path, &data, (uint32_t[]){1, 0, 2}, 3, &err));
    char *text = content(RUN_ITEMS);
    assert_string_equal(text, "id,caption\n1,\"a \"\"red\"\" star, small\"\n0,plain\n2,\n");
    free(text);

    struct csv csv; /* names of columns are the same in capitals */
    column.name = (char[]){"ID"};
    assert_true(items_write(path, &data, (uint32_t[]){1}, 1, &err));
    if (!csv_read(path, &csv, &err))
        fail_msg("%s", err.text);
    assert_int_equal(csv.columns, 2);
    csv_release(&csv);
}

static void fill(struct record *r)
{
    *r = (struct record){.program = strdup("nearfar 0"),
                         .split_rule = strdup("60 %"),
                         .encoder = strdup("conv-s"),
                         .head = strdup(""),
                         .method = strdup("simclr"),
                         .optimizer = strdup("adamw"),
                         .augment = strdup("crop=0.3..1 flip@0.5"),
                         .seed = 9007199254740991u,
                         .steps = 40};
    r->dataset.name = strdup("odd \x1b name");
    r->dataset.args = strdup("tiles:n=5");
    r->dataset.n = 5;
    strcpy(r->dataset.sha256, "abc");
    r->schedule.kind = strdup("cosine");
    r->schedule.warmup = 10;
    r->schedule.total = 400;
    r->probe.bank = 2000;
    r->probe.query = 1000;
    r->probe.every = 50;
    record_add_knob(r, "tau", 0.2);
    record_add_knob(r, "lr", 1.0 / 3);
    record_add_knob(r, "batch", 256);
    record_add_event(r, 12, "temperature 0.20 → 0.05");
    struct record_yardstick y = {.name = "knn_shape", .pixels = 0.76, .untrained = NAN, .chance = 0.125};
    record_add_yardstick(r, &y);
}

static void test_record_round_trip(void **state)
{
    (void)state;
    struct record a, b;
    struct err err;
    char path[RUN_PATH_SIZE];
    fill(&a);
    run_path(path, temporary_path(), RUN_CONFIG);
    assert_true(record_write(path, &a, &err));
    if (!record_read(path, &b, &err))
        fail_msg("%s", err.text);
    assert_string_equal(b.dataset.name, "odd ? name");
    assert_string_equal(b.augment, a.augment);
    assert_true(b.seed == a.seed && b.steps == 40 && b.dataset.n == 5 && b.schedule.total == 400);
    assert_int_equal(b.n_knobs, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(b.knob[i].name, a.knob[i].name);
        assert_true(b.knob[i].value == a.knob[i].value); /* to the bit: 1/3 */
    }
    assert_int_equal(b.n_events, 1);
    assert_string_equal(b.event[0].text, a.event[0].text);
    assert_true(b.yardstick[0].pixels == 0.76 && isnan(b.yardstick[0].untrained));
    record_release(&a);
    record_release(&b);
}

/* A long day's changes: what is written can be read, without the oldest. */
static void test_no_record_has_too_many_events(void **state)
{
    (void)state;
    struct record a, b;
    struct err err;
    char path[RUN_PATH_SIZE];
    fill(&a);
    for (uint64_t i = 0; i < RECORD_LIST_MAX; i++)
        record_add_event(&a, 100 + i, "batch 64 → 128");
    run_path(path, temporary_path(), RUN_CONFIG);
    assert_true(record_write(path, &a, &err));
    if (!record_read(path, &b, &err))
        fail_msg("%s", err.text);
    assert_int_equal(b.n_events, RECORD_LIST_MAX);
    assert_int_equal(b.event[0].step, 100);
    assert_int_equal(b.event[RECORD_LIST_MAX - 1].step, 100 + RECORD_LIST_MAX - 1);
    record_release(&a);
    record_release(&b);
}

static void test_bad_records_say_what(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "line 1"},
        {"{", "line 1"},
        {"[]", "version"},
        {"{\"version\":2,\"schedule\":{\"warmup\":1}}", "version 2"},
        {"{\"version\":1}", "warmup"},
        {"{\"version\":1,\"schedule\":{\"warmup\":1}}", "missing"},
        {"{\"version\":1,\"schedule\":{\"warmup\":1},\"dataset\":{\"name\":\"a\"}}", "dataset.args"},
    };
    struct record record;
    struct err err;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(record_parse(bad[i].text, strlen(bad[i].text), &record, &err));
        if (!strstr(err.text, bad[i].says))
            fail_msg("%s: says '%s'", bad[i].text, err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_cut_on_resume),
        cmocka_unit_test(test_a_run_is_not_overwritten_unasked),
        cmocka_unit_test(test_other_columns_are_refused),
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_record_round_trip),
        cmocka_unit_test(test_no_record_has_too_many_events),
        cmocka_unit_test(test_bad_records_say_what),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
