/* SPDX-License-Identifier: MIT
 *
 * nearfar audit --sensitivity: every factor has a row, finished trainings are not done again, the bytes do
 * not depend on threads, and what stopped goes on.
 */
#include "support/cmocka.h"
#include "support/process.h"

#include "base/strbuf.h"

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char data[] = "tiles:n=200,group-share=0.4";

#define SENSITIVITY(FOLDER, STEPS, ...)                                                                      \
    "audit", data, "--sensitivity", "--quick", "--seeds", "1", "--steps", STEPS, "--set", "batch=8",         \
        "--set", "bank=40", "--set", "query=80", "--encoder", "conv 4, relu, gap, linear 8", "--target",     \
        "fmr=0.05", "-o", FOLDER, ##__VA_ARGS__

static void expect(struct process *p, int code, const char *text)
{
    if (p->exit_code != code || (text && !strstr(p->out, text) && !strstr(p->err, text)))
        fail_msg("exit %d, not %d with '%s':\n%s%s", p->exit_code, code, text ? text : "", p->out, p->err);
    process_release(p);
}

static json_t *read_json(const char *path)
{
    json_t *object = json_load_file(path, 0, NULL);
    assert_non_null(object);
    return object;
}

static json_t *row_of(json_t *object, const char *what)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(object, "rows"), i, row)
    {
        const char *text = json_string_value(json_object_get(row, "what"));
        if (strncmp(text, what, strlen(what)) == 0)
            return row;
    }
    fail_msg("no row '%s'", what);
    return NULL;
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static int train_once(void **state)
{
    if (temporary_folder(state))
        return 1;
    struct process p = RUN(SENSITIVITY(in_folder("s"), "3"));
    expect(&p, 0, "floor: 1 other seed");
    return 0;
}

static void every_factor_has_a_row(void **state)
{
    (void)state;
    static const char *const wanted[] = {"seed 2",
                                         "training identities drawn anew",
                                         "group-share",
                                         "correlation",
                                         "without crop",
                                         "without jitter",
                                         "method vicreg",
                                         "tau 0.1",
                                         "tau 0.4",
                                         "eer",
                                         "fmr 0.5",
                                         "fmr 0.005",
                                         "the base's threshold"};
    json_t *object = read_json(in_folder("s/sensitivity.json"));
    double before = INFINITY;
    size_t i;
    json_t *row;
    for (i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_null(json_object_get(row_of(object, wanted[i]), "failed"));
    json_array_foreach(json_object_get(object, "rows"), i, row)
    {
        double moved = number(row, "match_churn");
        assert_true(moved >= 0 && moved <= 1 && moved <= before);
        assert_int_equal(json_array_size(json_object_get(row, "groups")), 3); /* all, bright, dim */
        before = moved;
    }
    assert_true(number(row_of(object, "eer"), "overlap") == 1); /* the same space */
    assert_true(number(row_of(object, "seed 2"), "overlap") < 1);
    double most = number(json_object_get(object, "floor"), "match_churn_most");
    assert_true(most == number(row_of(object, "seed 2"), "match_churn"));
    json_decref(object);
}

/* The base's rates are those of `nearfar audit` of its space. */
static void rates_are_those_of_an_audit(void **state)
{
    (void)state;
    struct process p = RUN("audit", in_folder("s/spaces/base.npy"), "--items", in_folder("s/items.csv"),
                           "--group", "light", "--target", "fmr=0.05", "-o", in_folder("audited"));
    expect(&p, 0, NULL);
    json_t *audit = read_json(in_folder("audited/audit.json"));
    json_t *object = read_json(in_folder("s/sensitivity.json")), *value;
    json_t *groups = json_object_get(row_of(object, "seed 2"), "groups");
    size_t i, checked = 0;
    json_array_foreach(json_object_get(audit, "values"), i, value)
    {
        const char *metric = json_string_value(json_object_get(value, "metric"));
        const char *cell = json_string_value(json_object_get(value, "cell"));
        int g = strcmp(cell, "all") == 0             ? 0
                : strcmp(cell, "bright:bright") == 0 ? 1
                : strcmp(cell, "dim:dim") == 0       ? 2
                                                     : -1;
        if (g < 0 || (strcmp(metric, "fmr") != 0 && strcmp(metric, "fnmr") != 0))
            continue;
        json_t *change = json_object_get(json_array_get(groups, (size_t)g), metric);
        assert_true(fabs(number(change, "base") - number(value, "value")) < 1e-12);
        checked++;
    }
    assert_int_equal(checked, 6);
    json_decref(audit);
    json_decref(object);
}

static void finished_trainings_are_not_done_again(void **state)
{
    (void)state;
    char *before = read_text(in_folder("s/sensitivity.json"));
    unlink(in_folder("s/base/checkpoint.safetensors"));
    unlink(in_folder("s/crop-off/config.json")); /* as if it had been stopped there */
    unlink(in_folder("s/crop-off/checkpoint.safetensors"));
    struct process p = RUN(SENSITIVITY(in_folder("s"), "3", "--threads", "1"));
    expect(&p, 0, NULL);
    char *after = read_text(in_folder("s/sensitivity.json"));
    assert_string_equal(before, after);
    assert_false(file_exists(in_folder("s/base/checkpoint.safetensors")));
    assert_true(file_exists(in_folder("s/crop-off/checkpoint.safetensors")));
    p = RUN(SENSITIVITY(in_folder("s"), "4"));
    expect(&p, 2, "holds a training with other settings");
    free(before);
    free(after);
}

static void the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    struct process p = RUN(SENSITIVITY(in_folder("three"), "3", "--threads", "3"));
    expect(&p, 0, NULL);
    assert_true(same_file(in_folder("s/sensitivity.json"), in_folder("three/sensitivity.json")));
    assert_true(same_file(in_folder("s/sensitivity.csv"), in_folder("three/sensitivity.csv")));
    assert_true(same_file(in_folder("s/spaces/tau-0.1.npy"), in_folder("three/spaces/tau-0.1.npy")));
}

/* How many trainings of a folder have a config.json of fewer steps; the first one's name. */
static size_t begun(const char *folder, uint64_t steps, char name[64])
{
    static const char *const runs[] = {"base", "seed-2", "resample", "group-share-0.5", "correlation-0.5"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s/config.json", folder, runs[i]);
        json_t *record = json_load_file(in_folder(path), 0, NULL);
        json_int_t at = json_integer_value(json_object_get(record, "steps"));
        if (at > 0 && (uint64_t)at < steps && n++ == 0)
            snprintf(name, 64, "%s", runs[i]);
        json_decref(record);
    }
    return n;
}

/* A row that only this test would write: what is gone on with keeps it, what begins anew does not. */
static void put_marker(const char *path)
{
    FILE *file = fopen(path, "r+");
    char line[4096];
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file)); /* names */
    long at = ftell(file);
    assert_non_null(fgets(line, sizeof line, file)); /* step 0 */
    char *comma = strchr(line, ',');
    assert_non_null(comma);
    comma[1] = '7';
    fseek(file, at, SEEK_SET);
    fputs(line, file);
    fclose(file);
}

static void interrupted_it_goes_on_where_it_was(void **state)
{
    (void)state;
    struct process p = RUN(SENSITIVITY(in_folder("whole"), "24", "--every", "1", "--threads", "2"));
    expect(&p, 0, NULL);
    struct started s = process_start(
        (const char *const[]){SENSITIVITY(in_folder("cut"), "24", "--every", "1", "--threads", "2"), NULL});
    assert_true(wait_for_text(in_folder("cut/base/metrics.csv"), "\n4,"));
    kill(s.pid, SIGINT);
    p = process_wait(&s);
    expect(&p, 3, "stopped: ");
    assert_false(file_exists(in_folder("cut/sensitivity.json")));
    char name[64], path[128];
    size_t n = begun("cut", 24, name);
    assert_true(n > 0);
    snprintf(path, sizeof path, "cut/%s/metrics.csv", name);
    put_marker(in_folder(path));
    char *marked = read_text(in_folder(path));
    p = RUN(SENSITIVITY(in_folder("cut"), "24", "--every", "1", "--threads", "2"));
    expect(&p, 0, NULL);
    char *after = read_text(in_folder(path));
    assert_memory_equal(after, marked, (size_t)(strstr(marked, "\n1,") - marked));
    assert_true(same_file(in_folder("cut/sensitivity.json"), in_folder("whole/sensitivity.json")));
    assert_int_equal(begun("cut", 24, name), 0);
    free(marked);
    free(after);
}

/* What is said of a training there is what `compare` says of the two spaces. */
static void compare_says_the_same(void **state)
{
    (void)state;
    struct process p = RUN("compare", in_folder("s/spaces/base.npy"), in_folder("s/spaces/jitter-off.npy"),
                           "--items", in_folder("s/items.csv"), "--group", "light", "--target", "fmr=0.05",
                           "--floor", in_folder("s/spaces/seed-2.npy"), "--json");
    assert_int_equal(p.exit_code, 0);
    json_t *said = json_loads(p.out, 0, NULL), *object = read_json(in_folder("s/sensitivity.json"));
    json_t *row = row_of(object, "without jitter"), *seed = row_of(object, "seed 2");
    static const char *const keys[] = {"jaccard", "overlap", "cka_debiased", "churn", "match_churn"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *floor = json_object_get(json_object_get(said, "floor"), keys[i]);
        assert_true(fabs(number(said, keys[i]) - number(row, keys[i])) < 1e-8);
        assert_true(fabs(json_number_value(json_array_get(floor, 1)) - number(seed, keys[i])) < 1e-8);
    }
    json_t *dim = json_array_get(json_object_get(said, "groups"), 1);
    json_t *change = json_object_get(json_array_get(json_object_get(row, "groups"), 2), "fnmr");
    assert_string_equal(json_string_value(json_object_get(dim, "group")), "dim");
    for (size_t i = 0; i < 2; i++) {
        double bound = json_number_value(json_array_get(json_object_get(dim, "fnmr"), 2 + i));
        assert_true(fabs(bound - json_number_value(json_array_get(json_object_get(change, "ci95"), i))) <
                    1e-8);
    }
    json_decref(said);
    json_decref(object);
    process_release(&p);
}

/* Runs beside A that differ in the seed alone are its floor; other pictures are refused; items are matched by
 * id where only some are in both. */
static void runs_find_their_floor(void **state)
{
    (void)state;
    struct process p = RUN("compare", in_folder("s/base"), in_folder("s/crop-off"), "--group", "light");
    expect(&p, 0, "of 1 other seed");
    p = RUN("compare", in_folder("s/base"), in_folder("s/correlation-0.5"));
    expect(&p, 2, "are of different pictures");
    p = RUN("train", data, "-o", in_folder("other"), "--steps", "2", "--seed", "5", "--set", "batch=8",
            "--set", "bank=40", "--set", "query=60", "--encoder", "conv 4, relu, gap, linear 8");
    expect(&p, 0, NULL);
    p = RUN("compare", in_folder("other"), in_folder("s/base"));
    expect(&p, 0, "items that all of them have");
    p = RUN("compare", in_folder("other"), in_folder("s/base"));
    expect(&p, 0, "split-seed=5");
}

/* explore opens the folder at the table, over the base's run. */
static void explore_shows_the_table(void **state)
{
    (void)state;
    FILE *file = fopen(in_folder("keys"), "w");
    assert_non_null(file);
    fputs("dump first\nkey Down Shift-Tab\ndump groups\n", file);
    fclose(file);
    struct process p =
        RUN("explore", in_folder("s"), "--script", in_folder("keys"), "--size", "120x40", "--color", "never");
    static const char *const shown[] = {"what moves the audit", "floor: 1 other seed", "without jitter",
                                        "base: false", "step 0 to 3"};
    assert_int_equal(p.exit_code, 0);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (!strstr(p.out, shown[i]))
            fail_msg("no '%s' in\n%s", shown[i], p.out);
    process_release(&p);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct process p = RUN("audit", data, "--sensitivity");
    expect(&p, 2, "-o DIR");
    p = RUN(SENSITIVITY(in_folder("no"), "3", "--group", "colour"));
    expect(&p, 2, "no such column");
    p = RUN(SENSITIVITY(in_folder("no"), "3", "--group", "caption"));
    expect(&p, 2, "not a category");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_factor_has_a_row),
        cmocka_unit_test(rates_are_those_of_an_audit),
        cmocka_unit_test(finished_trainings_are_not_done_again),
        cmocka_unit_test(the_same_for_any_number_of_threads),
        cmocka_unit_test(interrupted_it_goes_on_where_it_was),
        cmocka_unit_test(compare_says_the_same),
        cmocka_unit_test(runs_find_their_floor),
        cmocka_unit_test(explore_shows_the_table),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, train_once, temporary_folder_remove);
}
