/* SPDX-License-Identifier: MIT
 *
 * The whole program without a terminal: keys in, screens out, always the same.
 */
#include "support/cmocka.h"
#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL                                                                                                \
    "tiles:n=150", "--set", "batch=16", "--set", "bank=40", "--set", "query=30", "--every", "5",             \
        "--encoder", "conv 8 /2, norm, relu, gap, linear 16"

static struct process play(const char *script, const char *size, const char *threads)
{
    struct process p =
        RUN(SMALL, "--script", write_text("script", script), "--size", size, "--threads", threads);
    if (p.exit_code != 0)
        fail_msg("exit %d: %s", p.exit_code, p.err);
    return p;
}

static void test_same_script_same_screens(void **state)
{
    (void)state;
    static const char script[] =
        "dump\nsteps 3\ndump\nkey Tab Down Down\ndump\nkey 6\ndump\nkey 1 ? \ndump\n";
    struct process a = play(script, "120x40", "1"), b = play(script, "120x40", "3");
    assert_string_equal(a.out, b.out);
    assert_non_null(strstr(a.out, "map"));
    process_release(&a);
    process_release(&b);
}

static void test_back_in_time_and_live_again(void **state)
{
    (void)state;
    struct process p = play("steps 2\nsteps 2\nkey ,\ndump past\nkey .\ndump live\n", "120x40", "2");
    char *live = strstr(p.out, "== live ==");
    assert_non_null(live);
    *live = '\0';
    assert_non_null(strstr(p.out, "step 2"));
    assert_non_null(strstr(live + 1, "step 4"));
    process_release(&p);
}

/* A screen that is slower than the trainer loses no measured step: the same timeline on any machine. */
static void test_every_measured_step_is_kept(void **state)
{
    (void)state;
    struct process p = RUN(SMALL, "--set", "every=1", "--script",
                           write_text("script", "steps 12\nkey ,\ndump\nkey ,\ndump\nkey , , , ,\ndump\n"),
                           "--size", "120x40");
    assert_int_equal(p.exit_code, 0);
    assert_non_null(strstr(p.out, "past step 11"));
    assert_non_null(strstr(p.out, "past step 10"));
    assert_non_null(strstr(p.out, "past step 6"));
    process_release(&p);
}

/* View 5 audits the run itself; Enter shows pairs, Esc the table again. */
static void test_audit_of_a_run(void **state)
{
    (void)state;
    static const char script[] = "steps 3\nkey 5\ndump table\nkey Enter Down\ndump pairs\nkey Esc Right S "
                                 "Down Down Right Esc\ndump label\n";
    struct process a = play(script, "80x24", "1"), b = play(script, "80x24", "2");
    assert_string_equal(a.out, b.out);
    assert_non_null(strstr(a.out, "same = same identity    groups: light"));
    assert_non_null(strstr(a.out, "step 3, frozen for this audit"));
    assert_non_null(strstr(a.out, "most alike of different in"));
    assert_non_null(strstr(a.out, "same = same shape    groups: light"));
    process_release(&a);
    process_release(&b);
}

static void test_a_text_in_quotes_ranks_the_items(void **state)
{
    (void)state;
    static const char script[] =
        "steps 2\nsteps 2\nkey /\ntype \"small red star\"\nkey Enter\ndump best\nkey n\n"
        "dump next\nkey 3\ndump near\nkey 1 ,\nkey N\ndump past\n";
    struct process p =
        RUN(SMALL, "--method", "clip", "--script", write_text("script", script), "--size", "120x40");
    assert_int_equal(p.exit_code, 0);
    assert_non_null(strstr(p.out, "1 of 30 by similarity to \"small red star\""));
    assert_non_null(strstr(p.out, "2 of 30 by similarity to \"small red star\""));
    assert_non_null(strstr(p.out, "a text lies in z alone"));
    char *past = strstr(p.out, "== past ==");
    assert_true(past && strstr(past, "of 30 by similarity to"));
    process_release(&p);
    p = RUN(SMALL, "--script", write_text("script", script), "--size", "120x40");
    assert_non_null(strstr(p.out, "no text encoder"));
    process_release(&p);
}

/* Another method measures other things: its rows stand in the same table. */
static void test_a_run_that_changed_its_method_is_saved(void **state)
{
    (void)state;
    struct process p = play(
        "steps 6\ntype :method clip\nkey Enter\nsteps 6\ntype :method simclr\nkey Enter\nsteps 6\ndump\n",
        "120x40", "2");
    assert_non_null(strstr(p.out, "step 18"));
    process_release(&p);
    p = RUN("--continue", "--script",
            write_text("script", "steps 6\ntype :method clip\nkey Enter\nsteps 6\ndump\n"), "--size",
            "120x40");
    if (p.exit_code != 0 || !strstr(p.out, "step 30"))
        fail_msg("exit %d: %s%s", p.exit_code, p.err, p.out);
    process_release(&p);
}

/* Two runs side by side: the second goes on from the first one's start with another temperature. */
static void test_a_branch(void **state)
{
    (void)state;
    struct process p =
        play("steps 2\nsteps 2\nkey ,\ntype :set tau 0.05\nkey Enter b\nsteps 3\nkey 7\ndump branch\n"
             "key Tab Enter\nkey 1\ndump back\n",
             "120x40", "2");
    char *back = strstr(p.out, "== back ==");
    assert_non_null(back);
    *back = '\0';
    assert_non_null(strstr(p.out, "temperature 0.2 → 0.05"));
    assert_non_null(strstr(p.out, "run 1"));
    assert_non_null(strstr(p.out, "run 2"));
    assert_non_null(strstr(back + 1, "step 0")); /* run 1 again, from its kept state */
    process_release(&p);
}

static void test_the_views_of_a_run(void **state)
{
    (void)state;
    static const char script[] =
        "steps 3\nkey p\nsteps 3\nkey 2\ndump\nkey 3\ndump\nkey 4\ndump\nkey 7\ndump\n";
    struct process a = play(script, "120x40", "1"), b = play(script, "120x40", "3");
    assert_string_equal(a.out, b.out);
    assert_non_null(strstr(a.out, "hardest positives"));
    assert_non_null(strstr(a.out, "since A, step 3"));
    assert_non_null(strstr(a.out, "called same, are different"));
    assert_non_null(strstr(a.out, "what changed"));
    process_release(&a);
    process_release(&b);
}

static void test_any_size(void **state)
{
    (void)state;
    struct process p =
        play("steps 1\nresize 1x1\ndump\nresize 7x3\ndump\nresize 300x90\ndump\n", "80x24", "2");
    assert_non_null(strstr(p.out, "=="));
    process_release(&p);
}

/* Is something drawn in braille at the left end of a chart? */
static bool a_curve_begins_at_the_left(const char *screen)
{
    static const char axis[] = "│";
    for (const char *at = screen; (at = strstr(at, axis)); at += sizeof axis - 1) {
        const unsigned char *cell = (const unsigned char *)at + sizeof axis - 1;
        if (cell[0] == 0xe2 && cell[1] >= 0xa0 && cell[1] <= 0xa3)
            return true;
    }
    return false;
}

static void test_continued_curves_are_whole(void **state)
{
    (void)state;
    struct process p = play("steps 20\n", "80x24", "2");
    process_release(&p);
    p = RUN("--continue", "--script", write_text("script", "steps 1\nkey 6\ndump\n"), "--size", "120x40");
    assert_int_equal(p.exit_code, 0);
    assert_true(a_curve_begins_at_the_left(p.out));
    process_release(&p);
}

static void test_ended_run_is_continued(void **state)
{
    (void)state;
    struct process p = play("steps 7\n", "80x24", "2");
    process_release(&p);
    p = RUN("--continue", "--script", write_text("script", "steps 1\ndump\n"), "--size", "120x40");
    if (p.exit_code != 0 || !strstr(p.out, "step 8"))
        fail_msg("exit %d: %s%s", p.exit_code, p.err, p.out);
    process_release(&p);
}

static void test_bad_scripts(void **state)
{
    (void)state;
    struct process p = RUN(SMALL, "--script", write_text("script", "steps 1\njump\n"));
    assert_int_equal(p.exit_code, 2);
    assert_non_null(strstr(p.err, "line 2"));
    process_release(&p);
    p = RUN(SMALL, "--script", write_text("script", "key Nope\n"));
    assert_int_equal(p.exit_code, 2);
    process_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_script_same_screens),
        cmocka_unit_test(test_back_in_time_and_live_again),
        cmocka_unit_test(test_every_measured_step_is_kept),
        cmocka_unit_test(test_audit_of_a_run),
        cmocka_unit_test(test_a_branch),
        cmocka_unit_test(test_a_run_that_changed_its_method_is_saved),
        cmocka_unit_test(test_the_views_of_a_run),
        cmocka_unit_test(test_any_size),
        cmocka_unit_test(test_ended_run_is_continued),
        cmocka_unit_test(test_continued_curves_are_whole),
        cmocka_unit_test(test_bad_scripts),
        cmocka_unit_test(test_a_text_in_quotes_ranks_the_items),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
