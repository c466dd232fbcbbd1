/* SPDX-License-Identifier: MIT
 *
 * What a run folder keeps of its way: written and read again, within its bounds; what makes no sense in it is
 * no past.
 */
#include "run/past.h"

#include "base/file.h"
#include "run/batch.h"
#include "run/run.h"
#include "support/cmocka.h"
#include "support/process.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { N = 3, D = 2, BATCH = 4 };

static void put(const char *file, const char *text)
{
    char path[RUN_PATH_SIZE];
    struct err err;
    run_path(path, temporary_path(), file);
    assert_true(file_write(path, text, strlen(text), &err));
}

static bool is_there(const char *file)
{
    char path[RUN_PATH_SIZE];
    run_path(path, temporary_path(), file);
    return access(path, F_OK) == 0;
}

static void write_steps(const uint64_t *step, size_t n)
{
    static const float h[N * D] = {0, 1, 2, 3, 4, 5};
    struct past_moment moment[64];
    struct past past = {n, N, D, moment};
    struct err err;
    for (size_t i = 0; i < n; i++)
        moment[i] = (struct past_moment){step[i], step[i] == 20, h};
    assert_true(past_write(temporary_path(), &past, &err));
}

static size_t count_steps(size_t rows)
{
    struct past past;
    past_read(&past, temporary_path(), rows);
    size_t n = past.n_moments;
    past_release(&past);
    return n;
}

static void kept_steps_come_back(void **state)
{
    (void)state;
    static const uint64_t first[] = {10, 20, 40}, second[] = {40, 80};
    struct past past;
    write_steps(first, 3);
    past_read(&past, temporary_path(), N);
    assert_int_equal(past.n_moments, 3);
    assert_int_equal(past.d, D);
    assert_int_equal(past.moment[2].step, 40);
    assert_true(past.moment[2].h[5] == 5);
    assert_true(past_is_marked(&past, 20));
    assert_false(past_is_marked(&past, 10));
    assert_false(past_is_marked(&past, 30));
    past_release(&past);
    write_steps(second, 2); /* in their place */
    assert_int_equal(count_steps(N), 2);
    assert_false(is_there("steps/10.npy"));
    past_remove(temporary_path());
    assert_false(is_there("steps"));
    assert_int_equal(count_steps(N), 0);
}

static void they_are_bounded(void **state)
{
    (void)state;
    uint64_t step[64];
    for (size_t i = 0; i < 64; i++)
        step[i] = i + 1;
    write_steps(step, 64);
    assert_int_equal(count_steps(N), PAST_MOST);
    assert_int_equal(past_room(N, D), PAST_MOST);
    assert_int_equal(past_room(1 << 20, 64), 0);
    assert_int_equal(past_room(1 << 10, 1 << 10), 4);
    past_remove(temporary_path());
}

static void odd_steps_are_left_out(void **state)
{
    (void)state;
    static const uint64_t step[] = {10, 20};
    write_steps(step, 2);
    assert_int_equal(count_steps(N + 1), 0); /* of other items */
    put("steps.csv", "step,marked\n20,0\n10,0\n20,1\n99,0\n../../x,0\n");
    assert_int_equal(count_steps(N), 1); /* steps rise and are there */
    put("steps/20.npy", "no table");
    assert_int_equal(count_steps(N), 1);
    put("steps.csv", "step\n10\n");
    assert_int_equal(count_steps(N), 0);
    put("steps.csv", "");
    assert_int_equal(count_steps(N), 0);
}

static void events_come_back_clean(void **state)
{
    (void)state;
    struct series *written = series_new(sizeof(struct event)), *read = series_new(sizeof(struct event));
    struct err err;
    struct event event = {.step = 7, .kind = EVENT_COLLAPSE, .text = "few, \"very\" few"};
    series_append(written, &event);
    assert_true(past_write_events(temporary_path(), written, &err));
    past_read_events(temporary_path(), read);
    assert_int_equal(series_count(read), 1);
    const struct event *back = series_at(read, 0);
    assert_int_equal(back->step, 7);
    assert_int_equal(back->kind, EVENT_COLLAPSE);
    assert_string_equal(back->text, event.text);
    put("events.csv", "step,kind,text\n1,what,x\n2,saved,a\x1b[31mb\n");
    past_read_events(temporary_path(), read);
    assert_int_equal(series_count(read), 2); /* the first is of no kind */
    back = series_at(read, 1);
    assert_null(strchr(back->text, '\x1b'));
    series_unref(written);
    series_unref(read);
}

static struct snapshot *with_batch(void)
{
    struct snapshot_sizes sizes = {.n_probe = 1, .dim_h = 1, .dim_z = D, .n_batch = BATCH, .pairs = true};
    struct snapshot *s = snapshot_new(&sizes);
    for (uint32_t i = 0; i < BATCH; i++) {
        ((uint32_t *)(uintptr_t)s->batch_item)[i] = 10 + i;
        ((float *)(uintptr_t)s->pair_loss)[i] = (float)i / 3;
        for (uint32_t j = 0; j < D; j++)
            ((float *)(uintptr_t)s->batch_z[1])[i * D + j] = (float)(i * D + j) / 7;
    }
    return s;
}

static void the_batch_comes_back(void **state)
{
    (void)state;
    struct snapshot *s = with_batch();
    struct kept_batch batch;
    struct err err;
    struct kept_batch last = {s->n_batch,   s->dim_z,      s->batch_item, {s->batch_z[0], s->batch_z[1]},
                              s->pair_loss, s->pair_weight};
    assert_true(batch_write(temporary_path(), &last, &err));
    batch_read(&batch, temporary_path(), 14);
    assert_int_equal(batch.n, BATCH);
    assert_int_equal(batch.dim_z, D);
    assert_memory_equal(batch.item, s->batch_item, BATCH * sizeof *batch.item);
    assert_memory_equal(batch.loss, s->pair_loss, BATCH * sizeof *batch.loss);
    assert_memory_equal(batch.z[1], s->batch_z[1], BATCH * D * sizeof(float));
    batch_release(&batch);
    last.n = 0; /* another method has begun: none is there, and none stays */
    assert_true(batch_write(temporary_path(), &last, &err));
    batch_read(&batch, temporary_path(), 14);
    assert_int_equal(batch.n, 0);
    last.n = BATCH;
    assert_true(batch_write(temporary_path(), &last, &err));
    batch_read(&batch, temporary_path(), 13); /* one of its items is not there */
    assert_int_equal(batch.n, 0);
    put("batch.npy", "no table");
    batch_read(&batch, temporary_path(), 14);
    assert_int_equal(batch.n, 0);
    snapshot_unref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_steps_come_back),   cmocka_unit_test(they_are_bounded),
        cmocka_unit_test(odd_steps_are_left_out), cmocka_unit_test(events_come_back_clean),
        cmocka_unit_test(the_batch_comes_back),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
