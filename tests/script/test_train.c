/* SPDX-License-Identifier: MIT
 *
 * nearfar train and embed as processes: the same bytes, resume, Ctrl-C, a kill, exit codes.
 */
#include "support/cmocka.h"
#include "support/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Small enough for a fraction of a second. */
#define SMALL                                                                                                \
    "--seed", "3", "--set", "batch=16", "--set", "bank=40", "--set", "query=30", "--every", "5",             \
        "--encoder", "conv 8 /2, norm, relu, gap, linear 16"
static const char data[] = "tiles:n=150";

static void expect(struct process *program, int code, const char *in_err)
{
    if (program->exit_code != code || (in_err && !strstr(program->err, in_err)))
        fail_msg("exit %d (wanted %d), stderr: %s", program->exit_code, code, program->err);
    process_release(program);
}

static void expect_same_run(const char *a, const char *b)
{
    static const char *const files[] = {"metrics.csv",    "checkpoint.safetensors",
                                        "embeddings.npy", "items.csv",
                                        "events.csv",     "steps.csv",
                                        "batch.npy",      "steps/10.npy"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char x[300], y[300];
        snprintf(x, sizeof x, "%s/%s", a, files[i]);
        snprintf(y, sizeof y, "%s/%s", b, files[i]);
        if (!same_file(x, y))
            fail_msg("%s and %s differ", x, y);
    }
}

static void train_whole(const char *folder, const char *threads)
{
    struct process p = RUN("train", data, "-o", folder, "--steps", "20", "--threads", threads, SMALL);
    expect(&p, 0, NULL);
}

static void test_same_bytes_for_any_threads(void **state)
{
    (void)state;
    train_whole(in_folder("t1"), "1");
    train_whole(in_folder("t2"), "2");
    train_whole(in_folder("t3"), "3");
    expect_same_run(in_folder("t1"), in_folder("t2"));
    expect_same_run(in_folder("t1"), in_folder("t3"));
}

static void test_resumed_is_as_uninterrupted(void **state)
{
    (void)state;
    train_whole(in_folder("whole"), "2");
    struct process p = RUN("train", data, "-o", in_folder("parts"), "--steps", "20", "--stop-at", "7", SMALL);
    expect(&p, 0, NULL);
    p = RUN("train", "--resume", in_folder("parts"), "--stop-at", "12");
    expect(&p, 0, NULL);
    p = RUN("train", "--resume", in_folder("parts"), "--steps", "20", "--threads", "1");
    expect(&p, 0, NULL);
    expect_same_run(in_folder("whole"), in_folder("parts"));
}

static void test_interrupted_is_saved_and_goes_on(void **state)
{
    (void)state;
    struct started s = START("train", data, "-o", in_folder("long"), "--steps", "100000", SMALL);
    assert_true(wait_for_text(in_folder("long/metrics.csv"), "\n10,"));
    kill(s.pid, SIGINT);
    struct process p = process_wait(&s);
    expect(&p, 0, "saved");
    p = RUN("train", "--resume", in_folder("long"), "--stop-at", "0", "--json");
    unsigned long step = 0;
    assert_non_null(strstr(p.out, "\"steps\":"));
    step = strtoul(strstr(p.out, "\"steps\":") + 8, NULL, 10);
    assert_true(step >= 10 && step < 100000);
    expect(&p, 0, NULL);
}

static void test_killed_leaves_a_whole_run(void **state)
{
    (void)state;
    struct started s = START("train", data, "-o", in_folder("killed"), "--steps", "100000", SMALL);
    assert_true(wait_for_text(in_folder("killed/metrics.csv"), "\n15,"));
    kill(s.pid, SIGKILL);
    struct process p = process_wait(&s);
    assert_int_equal(p.signal, SIGKILL);
    process_release(&p);
    /* from its last checkpoint on it is as the run that was not killed */
    p = RUN("train", "--resume", in_folder("killed"), "--stop-at", "20");
    expect(&p, 0, NULL);
    p = RUN("train", data, "-o", in_folder("not-killed"), "--steps", "100000", "--stop-at", "20", SMALL);
    expect(&p, 0, NULL);
    expect_same_run(in_folder("killed"), in_folder("not-killed"));
}

/* Events, h at some steps and the last batch, of which there is room for so many; what a run had before is
 * not there after --force. */
static void test_the_way_is_kept(void **state)
{
    (void)state;
    struct process p =
        RUN("train", data, "-o", in_folder("way"), "--steps", "80", "--every", "2", "--set", "batch=16",
            "--set", "bank=40", "--set", "query=30", "--encoder", "conv 8 /2, norm, relu, gap, linear 16");
    expect(&p, 0, NULL);
    char *steps = read_text(in_folder("way/steps.csv")), *events = read_text(in_folder("way/events.csv"));
    /* 40 measurings: every second one, and the last is the run itself */
    assert_string_equal(steps, "step,marked\n4,0\n8,0\n12,0\n16,0\n20,0\n24,0\n28,0\n32,0\n36,0\n40,0\n"
                               "44,0\n48,0\n52,0\n56,0\n60,0\n64,0\n68,0\n72,0\n76,0\n");
    assert_non_null(strstr(events, "step,kind,text\n0,start,\"simclr, seed 1\"\n"));
    assert_true(file_exists(in_folder("way/steps/76.npy")));
    assert_false(file_exists(in_folder("way/steps/78.npy")));
    assert_false(file_exists(in_folder("way/steps/2.npy")));
    free(steps);
    free(events);
    p = RUN("train", data, "-o", in_folder("way"), "--steps", "10", "--force", SMALL);
    expect(&p, 0, NULL);
    steps = read_text(in_folder("way/steps.csv"));
    assert_string_equal(steps, "step,marked\n5,0\n");
    assert_false(file_exists(in_folder("way/steps/76.npy")));
    free(steps);
}

/* A method that learns slowly is trained for longer, unless somebody says how long. */
static void test_a_method_has_its_own_length(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *setting, *total;
    } cases[] = {{"own", "tau=0.2", "\"total\": 400"},
                 {"slow", "method=simsiam", "\"total\": 600"},
                 {"said", "steps=30", "\"total\": 30"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char config[300];
        const char *folder = in_folder(cases[i].folder);
        struct process p =
            RUN("train", data, "-o", folder, "--stop-at", "1", "--set", cases[i].setting, SMALL);
        snprintf(config, sizeof config, "%s/config.json", folder);
        expect(&p, 0, NULL);
        char *text = read_text(config);
        if (!strstr(text, cases[i].total))
            fail_msg("%s: %s is not in %s", cases[i].setting, cases[i].total, text);
        free(text);
    }
}

static void test_not_finite_stops_and_saves(void **state)
{
    (void)state;
    struct process p = RUN("train", data, "-o", in_folder("nan"), "--steps", "50", "--set", "lr=1e30",
                           "--set", "warmup=3", SMALL);
    expect(&p, 1, "the run is saved as it was before");
    p = RUN("train", "--resume", in_folder("nan"), "--stop-at", "0");
    expect(&p, 0, NULL);
}

static void test_extend(void **state)
{
    (void)state;
    train_whole(in_folder("short"), "2");
    struct process p = RUN("train", "--resume", in_folder("short"), "--steps", "25");
    expect(&p, 2, "--extend");
    p = RUN("train", "--resume", in_folder("short"), "--steps", "25", "--extend");
    expect(&p, 0, NULL);
    char *config = read_text(in_folder("short/config.json"));
    assert_non_null(strstr(config, "schedule extended from 20 to 25 steps"));
    assert_non_null(strstr(config, "\"steps\": 25"));
    free(config);
    p = RUN("train", "--resume", in_folder("short"), "--steps", "5");
    expect(&p, 2, "already");
    p = RUN("train", "--resume", in_folder("short"), "--set", "tau=1");
    expect(&p, 2, "--set does not go with --resume");
}

static void test_json_is_the_last_line(void **state)
{
    (void)state;
    struct process p = RUN("train", data, "-o", in_folder("json"), "--steps", "5", "--json", SMALL);
    size_t length = strlen(p.out);
    assert_true(length > 2 && p.out[length - 1] == '\n' && p.out[length - 2] == '}');
    static const char *const keys[] = {"\"steps\":5,",       "\"seconds\":",       "\"pairs_per_s\":",
                                       "\"loss\":",          "\"knn\":{\"shape\"", "\"knn_pixels\":{",
                                       "\"knn_untrained\":{"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!strstr(p.out, keys[i]))
            fail_msg("no %s in %s", keys[i], p.out);
    expect(&p, 0, NULL);
}

static void test_embed(void **state)
{
    (void)state;
    train_whole(in_folder("e"), "2");
    struct process p =
        RUN("embed", in_folder("e"), "tiles:n=40", "-o", in_folder("h.npy"), "--items", in_folder("h.csv"));
    expect(&p, 0, NULL);
    p = RUN("embed", in_folder("e"), "tiles:n=40", "-o", in_folder("h1.npy"), "--threads", "1");
    expect(&p, 0, NULL);
    assert_true(same_file(in_folder("h.npy"), in_folder("h1.npy")));
    char *table = read_text(in_folder("h.npy")), *items = read_text(in_folder("h.csv"));
    assert_non_null(strstr(table + 10, "(40, 16)"));
    assert_int_equal(strncmp(items, "id,shape,hue,", 13), 0);
    free(table);
    free(items);
    p = RUN("embed", in_folder("e"), "tiles:n=40", "-o", in_folder("z.npy"), "--space", "z");
    expect(&p, 0, NULL);
    p = RUN("embed", in_folder("nowhere"), "tiles", "-o", in_folder("x.npy"));
    expect(&p, 2, "nowhere");
    assert_false(file_exists(in_folder("x.npy")));
}

static void test_damaged_runs_are_refused(void **state)
{
    (void)state;
    train_whole(in_folder("d"), "2");
    FILE *f = fopen(in_folder("d/checkpoint.safetensors"), "r+b");
    assert_non_null(f);
    fputs("lying", f);
    fclose(f);
    struct process p = RUN("train", "--resume", in_folder("d"), "--steps", "20");
    expect(&p, 2, "checkpoint.safetensors");
    f = fopen(in_folder("d/config.json"), "wb");
    fputs("{\"version\": 7}", f);
    fclose(f);
    p = RUN("train", "--resume", in_folder("d"), "--steps", "20");
    expect(&p, 2, "config.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes_for_any_threads),
        cmocka_unit_test(test_resumed_is_as_uninterrupted),
        cmocka_unit_test(test_interrupted_is_saved_and_goes_on),
        cmocka_unit_test(test_killed_leaves_a_whole_run),
        cmocka_unit_test(test_the_way_is_kept),
        cmocka_unit_test(test_a_method_has_its_own_length),
        cmocka_unit_test(test_not_finite_stops_and_saves),
        cmocka_unit_test(test_extend),
        cmocka_unit_test(test_json_is_the_last_line),
        cmocka_unit_test(test_embed),
        cmocka_unit_test(test_damaged_runs_are_refused),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
