/* SPDX-License-Identifier: MIT
 *
 * An audit says how far it is from beginning to end, and stops when it is asked to.
 */
#include "support/cmocka.h"
#include "support/t8.h"

#include "base/check.h"
#include "base/clock.h"
#include "space/audit.h"

#include <stdlib.h>

static const bool low[T8_N] = {true, true}, high[T8_N] = {[6] = true, [7] = true},
                  middle[T8_N] = {[2] = true, true, true, true};

/* What was planned is what is worked, whatever is asked for. */
static void an_audit_is_as_long_as_it_was_planned(void **state)
{
    (void)state;
    static float rows[T8_N * 2];
    t8_rows(rows, 0);
    static const size_t ks[] = {0, 2};
    static const enum audit_target targets[] = {AUDIT_AT_THRESHOLD, AUDIT_AT_EER};
    for (unsigned kind = 0; kind < 16; kind++) {
        struct audit_input input = {.items = t8_items(rows), .unit = t8_identity};
        struct audit_settings settings = {
            .target = targets[kind & 1], .at = .8, .seed = 1, .k = ks[kind >> 1 & 1], .n_dealt = 3};
        input.dev = kind & 4 ? middle : NULL;
        input.end[0] = kind & 8 ? low : NULL;
        input.end[1] = kind & 8 ? high : NULL;
        struct progress progress = {0};
        struct audit audit;
        struct err err;
        unsigned parts = audit_parts(&input, &settings);
        progress_expect(&progress, parts);
        assert_true(audit_make(&audit, &input, &settings, NULL, &progress, &err));
        assert_int_equal(atomic_load(&progress.before) + atomic_load(&progress.weight), parts);
        assert_int_equal(atomic_load(&progress.done), atomic_load(&progress.total));
        audit_release(&audit);
    }
}

/* A share is one of the time. */
static void a_long_pass_counts_for_more_than_a_short_one(void **state)
{
    (void)state;
    struct audit_settings settings = {.target = AUDIT_AT_THRESHOLD, .k = 10, .n_dealt = 99};
    struct audit_input few = {.items = {.n = 1000, .d = 64, .n_groups = 2}}, many = few;
    many.items.n = 100000;
    unsigned tail = audit_parts(&many, &settings);
    settings.k = 0;
    unsigned pass = audit_parts(&many, &settings);
    tail -= pass;
    assert_in_range(tail, pass / 50, pass / 2);
    assert_in_range(audit_parts(&few, &settings), 1, pass / 1000);
    settings.target = AUDIT_AT_EER;
    assert_int_equal(audit_parts(&many, &settings), 2 * pass);
    assert_int_equal(audit_parts_at(&many, &settings), pass);
}

struct endless {
    struct audit_input input;
    struct audit_settings settings;
    atomic_bool made;
    struct err err;
};

static void audit_beside(void *argument, struct progress *progress)
{
    struct endless *work = argument;
    struct audit audit;
    atomic_store(&work->made, audit_make(&audit, &work->input, &work->settings, NULL, progress, &work->err));
}

/* Groups dealt anew a thousand million times would take days. */
static void what_follows_the_pass_stops_when_asked(void **state)
{
    (void)state;
    static float rows[T8_N * 2];
    t8_rows(rows, 0);
    struct progress progress = {0};
    struct endless work = {
        .input = {.items = t8_items(rows), .unit = t8_identity},
        .settings = {.target = AUDIT_AT_THRESHOLD, .at = .8, .seed = 1, .k = 2, .n_dealt = 1000000000}};
    atomic_store(&work.made, true);
    struct job_queue *queue = job_queue_new(0);
    job_queue_put(queue, (struct job){.run = audit_beside, .argument = &work, .progress = &progress});
    while (atomic_load(&progress.before) == 0)
        clock_sleep(1e-4);
    progress_cancel(&progress);
    while (job_queue_waiting(queue) > 0)
        clock_sleep(1e-4);
    job_queue_free(queue);
    assert_false(atomic_load(&work.made));
    assert_string_equal(work.err.text, "stopped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_audit_is_as_long_as_it_was_planned),
        cmocka_unit_test(a_long_pass_counts_for_more_than_a_short_one),
        cmocka_unit_test(what_follows_the_pass_stops_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
