/* SPDX-License-Identifier: MIT
 *
 * What a session leaves behind and begins from: the log of what was typed, the session file, marks.
 */
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL                                                                                                \
    "tiles:n=150", "--set", "batch=16", "--set", "bank=40", "--set", "query=30", "--every", "5",             \
        "--encoder", "conv 8 /2, norm, relu, gap, linear 16", "--size", "120x40"

static struct process fine(struct process p)
{
    if (p.exit_code != 0)
        fail_msg("exit %d: %s", p.exit_code, p.err);
    return p;
}

/* The run folder of the only session there is. */
static char *run_file(const char *session, const char *name)
{
    static char path[600];
    char *text = read_text(session), *run = text ? strstr(text, "\"run\": \"") : NULL;
    assert_non_null(run);
    run += strlen("\"run\": \"");
    snprintf(path, sizeof path, "%.*s/%s", (int)strcspn(run, "\""), run, name);
    free(text);
    return path;
}

/* Settings, selections and marks, at steps of their own; played again they give the same bytes. */
static void test_the_log_does_it_again(void **state)
{
    (void)state;
    char script[900];
    const char *session = in_folder("first.json");
    snprintf(script, sizeof script,
             "steps 3\nkey s m w\nsteps 4\ntype :set tau 0.5\nkey Enter\nsteps 5\nkey c c Enter\n"
             "mouse press 20 8\nmouse drag 40 12\nmouse release 40 12\ntype :w %s\nkey Enter\ndump end\n",
             session);
    struct process p = fine(RUN(SMALL, "--script", write_text("script", script)));
    const char *log = run_file(session, "commands.txt");
    char *lines = read_text(log), *marks = read_text(run_file(session, "marks.csv"));
    assert_non_null(lines);
    assert_non_null(strstr(lines, "@3 key s\n@3 key m\n@3 key w\n"));
    assert_non_null(strstr(lines, "@7 key Enter\n"));
    assert_non_null(strstr(lines, "@12 mouse drag 40 12\n"));
    assert_non_null(strstr(marks, "wrong label,"));
    log = run_file(session, "commands.txt");
    char kept[600];
    snprintf(kept, sizeof kept, "%s", log);
    remove(session);
    struct process a = fine(RUN(SMALL, "--play", kept, "--batch", "--threads", "1"));
    struct process b = fine(RUN(SMALL, "--play", kept, "--batch", "--threads", "2"));
    assert_string_equal(a.out, b.out);
    assert_non_null(strstr(a.out, "at step 12"));
    assert_non_null(strstr(a.out, "Selected are"));
    char *again = read_text(run_file(session, "commands.txt"));
    assert_string_equal(lines, again);
    free(lines);
    free(again);
    free(marks);
    process_release(&p);
    process_release(&a);
    process_release(&b);
}

/* R begins again where the script trains it, and nowhere else: so does the log of it, at the step at which it
 * was typed. Nor does Space or a pace set it running. */
static void test_a_new_start_is_played(void **state)
{
    (void)state;
    char script[400], kept[600];
    const char *session = in_folder("anew.json");
    snprintf(script, sizeof script,
             "steps 7\nkey R Space\ntype :pace full\nkey Enter\ndump anew\ntype :set tau 0.5\nkey Enter\n"
             "steps 5\nkey 6\ntype :w %s\nkey Enter\n",
             session);
    struct process p = fine(RUN(SMALL, "--script", write_text("script", script)));
    assert_non_null(strstr(p.out, "paused step 0"));
    snprintf(kept, sizeof kept, "%s", run_file(session, "commands.txt"));
    char *lines = read_text(kept);
    assert_non_null(strstr(lines, "@7 key R\n@0 key Space\n"));
    assert_non_null(strstr(lines, "@5 key 6\n"));
    remove(session);
    struct process a = fine(RUN(SMALL, "--play", kept, "--batch", "--threads", "1"));
    struct process b = fine(RUN(SMALL, "--play", kept, "--batch", "--threads", "2"));
    assert_string_equal(a.out, b.out);
    assert_non_null(strstr(a.out, "at step 5"));
    char *again = read_text(run_file(session, "commands.txt"));
    assert_string_equal(lines, again);
    free(lines);
    free(again);
    process_release(&p);
    process_release(&a);
    process_release(&b);
}

/* ---- after a branch in the past with another setting ---- */

#define BRANCHING                                                                                            \
    "tiles:n=200", "--every", "2", "--set", "batch=16", "--set", "query=60", "--encoder",                    \
        "conv 8 /2, gap, linear 8", "--size", "120x40", "--color", "never"

/* Thirty steps, ten back, another temperature, and so many steps from there. */
static struct process branch_off(const char *session, int steps)
{
    char script[700];
    snprintf(script, sizeof script,
             "steps 30\nkey 7 , , , , ,\ntype :set tau 0.05\nkey Enter b\nsteps %d\n"
             "type :w %s\nkey Enter\ndump end\n",
             steps, session);
    return fine(RUN(BRANCHING, "--script", write_text("script", script)));
}

static void expect_same(const char *one_session, const char *other_session, const char *file)
{
    char one[600];
    snprintf(one, sizeof one, "%s", run_file(one_session, file));
    if (!same_file(one, run_file(other_session, file)))
        fail_msg("%s differs", file);
}

/* Gone on with, by its file and again by --continue, a branch is what it would have been in one go: weights,
 * curves and kept steps to the byte; and says what it branched from. */
static void test_a_branch_is_gone_on_with(void **state)
{
    (void)state;
    static const char *const files[] = {
        "checkpoint.safetensors", "metrics.csv", "embeddings.npy", "batch.npy", "steps.csv", "steps/20.npy"};
    char whole[300], parts[300];
    snprintf(whole, sizeof whole, "%s", in_folder("whole.json"));
    snprintf(parts, sizeof parts, "%s", in_folder("parts.json"));
    struct process p = branch_off(whole, 16);
    assert_non_null(strstr(p.out, "branch: temperature 0.2 → 0.05"));
    process_release(&p);
    p = branch_off(parts, 10);
    process_release(&p);
    const char *on = "key 7\ndump way\nkey S\ndump set\nsteps 2\n";
    p = fine(RUN(parts, "--size", "120x40", "--color", "never", "--script", write_text("script", on)));
    assert_non_null(strstr(p.out, "20  branch: temperature 0.2 → 0.05"));
    assert_non_null(strstr(p.out, "from step 20: temperature 0.2 → 0.05"));
    assert_non_null(strstr(p.out, "run 2")); /* as it was called before */
    assert_non_null(strstr(strstr(p.out, "== set =="), " 0.05 "));
    process_release(&p);
    p = fine(RUN("--continue", "--size", "120x40", "--color", "never", "--script",
                 write_text("script", "key 7\nsteps 4\ndump way\n")));
    assert_non_null(strstr(p.out, "paused step 36"));
    assert_non_null(strstr(p.out, "from step 20: temperature 0.2 → 0.05"));
    process_release(&p);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        expect_same(whole, parts, files[i]);
}

/* A run is called what it was called, and the next ones are counted on from there. */
static void test_names_stay(void **state)
{
    (void)state;
    const char *session = in_folder("named.json");
    char script[300];
    struct process p = branch_off(session, 4);
    process_release(&p);
    snprintf(script, sizeof script, "steps 2\ntype :branch cold, slow\nkey Enter\ntype :w %s\nkey Enter\n",
             session);
    p = fine(RUN(session, "--size", "120x40", "--script", write_text("script", script)));
    process_release(&p);
    p = fine(RUN(session, "--size", "120x40", "--color", "never", "--script",
                 write_text("script", "key 7\ndump one\nsteps 2\nkey b\nsteps 2\ndump two\n")));
    assert_non_null(strstr(p.out, "cold, slow"));
    assert_null(strstr(p.out, "run 1"));
    char *two = strstr(p.out, "== two ==");
    assert_non_null(strstr(two, "cold, slow"));
    assert_non_null(strstr(two, "run 3"));
    process_release(&p);
}

/* The log of it, on any number of threads: the same run and the same log. */
static void test_a_branch_is_played(void **state)
{
    (void)state;
    static const char *const files[] = {"checkpoint.safetensors", "metrics.csv", "events.csv", "steps.csv",
                                        "commands.txt"};
    char kept[sizeof files / sizeof *files][600];
    const char *session = in_folder("played.json");
    struct process p = branch_off(session, 10);
    process_release(&p);
    char *was[sizeof files / sizeof *files];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        was[i] = read_text(run_file(session, files[i]));
        snprintf(kept[i], sizeof kept[i], "%s", run_file(session, files[i]));
    }
    assert_non_null(strstr(was[4], "@30 from 20 of run 1\n@30 key b\n"));
    for (int threads = 1; threads <= 2; threads++) {
        remove(session);
        p = fine(RUN(BRANCHING, "--play", kept[4], "--batch", "--threads", threads == 1 ? "1" : "2"));
        process_release(&p);
        for (size_t i = 0; i < sizeof files / sizeof *files; i++)
            if (!same_file(kept[i], run_file(session, files[i])))
                fail_msg("%s differs, %d threads", files[i], threads);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        free(was[i]);
}

/* Plays a script, then the log it left, on one thread and on two: the files of both runs are the same. */
static char *expect_played_alike(const char *script)
{
    static const char *const files[] = {
        "commands.txt", "checkpoint.safetensors", "metrics.csv", "events.csv", "steps.csv", "config.json"};
    enum { FILES = sizeof files / sizeof *files };
    char kept[FILES][600], text[1200];
    const char *session = in_folder("alike.json");
    snprintf(text, sizeof text, "%stype :w %s\nkey Enter\n", script, session);
    struct process p = fine(RUN(BRANCHING, "--script", write_text("script", text)));
    process_release(&p);
    for (size_t i = 0; i < FILES; i++)
        snprintf(kept[i], sizeof kept[i], "%s", run_file(session, files[i]));
    for (int threads = 1; threads <= 2; threads++) {
        remove(session);
        p = fine(RUN(BRANCHING, "--play", kept[0], "--batch", "--threads", threads == 1 ? "1" : "2"));
        process_release(&p);
        for (size_t i = 0; i < FILES; i++)
            if (!same_file(kept[i], run_file(session, files[i])))
                fail_msg("%s differs, %d threads, after %s", files[i], threads, script);
    }
    remove(session);
    return read_text(kept[0]);
}

/* In the past the trainer stands where it stood: what is written or branched there is at that step. */
static void test_what_is_typed_in_the_past_is_played(void **state)
{
    (void)state;
    char *log = expect_played_alike("steps 30\nkey 7 , , , w y\nsteps 5\nkey w G\n");
    assert_non_null(strstr(log, "@30 key ,\n@30 look 26 of run 1\n@30 key ,\n"));
    assert_non_null(strstr(log, "@30 key w\n@30 key y\n"));
    assert_non_null(strstr(log, "@35 key w\n@35 key G\n"));
    free(log);
}

/* A step by hand, and one where nothing was typed, are moments of the history; so are those on the way. */
static void test_where_training_stood_is_played(void **state)
{
    (void)state;
    char *log = expect_played_alike("steps 7\nkey . .\nsteps 4\nsteps 4\nkey 7\nsteps 3\n");
    assert_non_null(strstr(log, "@8 key .\n@9\n@13\n@17 key 7\n"));
    free(log);
}

/* From a step that is not measured: it has its state where the log says that a branch begins there. */
static void test_a_branch_from_between_two_measurings_is_played(void **state)
{
    (void)state;
    char *log = expect_played_alike("steps 9\n" /* one of twenty snapshots has a state */
                                    "key . . . . . . . . . . . . . . . . . . . . . . . . . . .\n"
                                    "key , b\nsteps 6\nkey B Up Enter\nsteps 3\n");
    assert_non_null(strstr(log, "from "));
    free(log);
}

/* Which runs there were, and the one that was gone back to. */
static void test_starts_and_switches_are_played(void **state)
{
    (void)state;
    char *log = expect_played_alike("steps 12\nkey R s\nsteps 5\nkey w , b\nsteps 5\nkey B Up Up Enter\n"
                                    "steps 4\nkey w\n");
    assert_non_null(strstr(log, "@12 key R\n@0 key s\n"));
    free(log);
}

/* One written before logs had versions does what it did; a newer one is refused. */
static void test_logs_of_other_versions(void **state)
{
    (void)state;
    const char *session = in_folder("older.json");
    char log[700];
    snprintf(log, sizeof log,
             "# nearfar --play FILE does this again: the step, then what was typed at it\nresize 120x40\n"
             "@20 key 7\n@20 key ,\n@18 key ,\n@16 key b\n@20 key :\ntype w %s\n@20 key Enter\n@24\n",
             session);
    struct process p = fine(RUN(BRANCHING, "--play", write_text("older", log), "--batch"));
    assert_non_null(strstr(p.out, "at step 24"));
    char *events = read_text(run_file(session, "events.csv"));
    assert_non_null(strstr(events, "16,branch,branch: same settings"));
    free(events);
    process_release(&p);
    p = RUN(BRANCHING, "--play", write_text("newer", "log 3\n"), "--batch");
    assert_int_equal(p.exit_code, 2);
    assert_non_null(strstr(p.err, "line 1: a log of version 3; this program plays those up to 2"));
    process_release(&p);
}

/* Where it was written, or that it was not, stays to be read when the trainer has written its part. */
static void test_what_came_of_writing_is_read(void **state)
{
    (void)state;
    char script[400];
    const char *session = in_folder("told.json");
    snprintf(script, sizeof script,
             "steps 4\ntype :w %s\nkey Enter\ndump fine\ntype :w %s/x.json\nkey Enter\ndump bad\n", session,
             in_folder("nowhere"));
    struct process p =
        fine(RUN(SMALL, "--size", "200x60", "--color", "never", "--script", write_text("script", script)));
    char *bad = strstr(p.out, "== bad ==");
    assert_non_null(bad);
    *bad = '\0';
    assert_non_null(strstr(p.out, "session written; nearfar "));
    assert_non_null(strstr(bad + 1, "nowhere/x.json: cannot be written: No such file or directory"));
    process_release(&p);
}

static void test_a_session_is_restored(void **state)
{
    (void)state;
    char script[900];
    const char *session = in_folder("kept.json");
    snprintf(script, sizeof script,
             "steps 4\ntype :select shape == star\nkey Enter\ntype :name stars\nkey Enter\nkey o\n"
             "type :colour hue\nkey Enter\ntype :axes 1 3\nkey Enter\nkey G\n"
             "type :threshold fnmr 7%%\nkey Enter\ntype :w %s\nkey Enter\n",
             session);
    struct process p = fine(RUN(SMALL, "--script", write_text("script", script)));
    process_release(&p);
    char *text = read_text(session);
    assert_non_null(strstr(text, "\"colour hue\""));
    assert_non_null(strstr(text, "\"threshold fnmr 7%\""));
    struct process a =
        fine(RUN(session, "--size", "120x40", "--script", write_text("script", "dump\nkey 4\ndump\n")));
    assert_non_null(strstr(a.out, "locked: FNMR at most 7 %"));
    assert_non_null(strstr(a.out, "step 4"));
    assert_non_null(strstr(a.out, "hue from its 20 nearest"));
    assert_non_null(strstr(a.out, " selected"));
    assert_non_null(strstr(a.out, "components 1, 3"));
    /* written again it says the same */
    const char *second = in_folder("second.json");
    snprintf(script, sizeof script, "type :w %s\nkey Enter\ntype :select @stars\nkey Enter\ndump\n", second);
    struct process b = fine(RUN(session, "--size", "120x40", "--script", write_text("script", script)));
    char *again = read_text(second);
    assert_string_equal(text, again);
    free(text);
    free(again);
    process_release(&a);
    process_release(&b);
}

static void test_a_broken_session_is_one_line(void **state)
{
    (void)state;
    static const char *const broken[] = {"{\"nearfar session\": 1",
                                         "{\"nearfar session\": 2, \"data\": \"tiles\"}",
                                         "{\"nearfar session\": 1, \"data\": 3}"};
    for (size_t i = 0; i < 3; i++) {
        struct process p = RUN(write_text("script", broken[i]), "--describe");
        assert_int_equal(p.exit_code, 2);
        assert_non_null(strstr(p.err, "script"));
        assert_ptr_equal(strchr(p.err, '\n'), p.err + strlen(p.err) - 1);
        process_release(&p);
    }
}

/* A session that somebody sent opens a screen; it writes nothing. */
static void test_a_session_writes_no_files(void **state)
{
    (void)state;
    char text[1600], exported[600], written[600];
    snprintf(exported, sizeof exported, "%s", in_folder("taken.csv"));
    snprintf(written, sizeof written, "%s", in_folder("taken.json"));
    snprintf(text, sizeof text,
             "{\"nearfar session\": 1, \"data\": \"tiles:n=150\", \"run\": \"\", \"seed\": 1, \"step\": 0,\n"
             "\"settings\": {\"batch\": \"16\", \"bank\": \"40\", \"query\": \"30\",\n"
             "\"encoder\": \"conv 8 /2, norm, relu, gap, linear 16\"}, \"selected\": [],\n"
             "\"screen\": [\"colour hue\", \":export! %s\", \"  export %s\", \"w %s\"]}\n",
             exported, exported, written);
    struct process p = fine(
        RUN(write_text("sent.json", text), "--size", "120x40", "--script", write_text("script", "dump\n")));
    assert_non_null(strstr(p.out, "hue"));
    assert_null(read_text(exported));
    assert_null(read_text(written));
    process_release(&p);
}

/* Labels that only those have that train: nothing can be read of them, and no number is waited for. */
static void test_labels_that_nobody_held_out_has(void **state)
{
    (void)state;
    struct folder folder;
    char items[1600] = "file,label,split\n", name[24];
    folder_init(&folder);
    for (int i = 0; i < 32; i++) {
        snprintf(name, sizeof name, "%02d.png", i);
        folder_put_png(&folder, name, 12 + i, 12, 3);
        snprintf(items + strlen(items), sizeof items - strlen(items), "%s,%s,%s\n", name,
                 i % 4 == 3 ? ""
                 : i % 2    ? "a"
                            : "b",
                 i % 4 == 3 ? "eval" : "train");
    }
    folder_put_text(&folder, "items.csv", items);
    struct process p = fine(RUN(folder_at(&folder, ""), "--set", "batch=8", "--encoder",
                                "conv 8 /2, norm, relu, gap, linear 16", "--describe", "--until", "2"));
    assert_non_null(strstr(p.out, "at step 2"));
    process_release(&p);
    folder_release(&folder);
}

static void test_describe_trains_and_tells(void **state)
{
    (void)state;
    struct process p = fine(RUN(SMALL, "--describe", "--until", "6"));
    assert_non_null(strstr(p.out, "at step 6"));
    assert_non_null(strstr(p.out, "The map shows 30"));
    assert_non_null(strstr(p.out, "Nearest to it in h"));
    process_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_log_does_it_again),
        cmocka_unit_test(test_a_new_start_is_played),
        cmocka_unit_test(test_a_branch_is_gone_on_with),
        cmocka_unit_test(test_names_stay),
        cmocka_unit_test(test_a_branch_is_played),
        cmocka_unit_test(test_what_is_typed_in_the_past_is_played),
        cmocka_unit_test(test_where_training_stood_is_played),
        cmocka_unit_test(test_a_branch_from_between_two_measurings_is_played),
        cmocka_unit_test(test_starts_and_switches_are_played),
        cmocka_unit_test(test_logs_of_other_versions),
        cmocka_unit_test(test_what_came_of_writing_is_read),
        cmocka_unit_test(test_a_session_is_restored),
        cmocka_unit_test(test_a_broken_session_is_one_line),
        cmocka_unit_test(test_a_session_writes_no_files),
        cmocka_unit_test(test_labels_that_nobody_held_out_has),
        cmocka_unit_test(test_describe_trains_and_tells),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
