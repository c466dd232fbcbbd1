/* SPDX-License-Identifier: MIT
 *
 * Runs in the state folder: the newest few stay, those that are held or that a person wrote in besides.
 */
#include "app/state_folder.h"
#include "base/file.h"
#include "support/cmocka.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char state[] = "/tmp/nearfar-test-XXXXXX";

static int make_state(void **unused)
{
    (void)unused;
    return mkdtemp(state) ? setenv("XDG_STATE_HOME", state, 1) : -1;
}

static int remove_state(void **unused)
{
    char command[64];
    (void)unused;
    snprintf(command, sizeof command, "rm -r '%s'", state);
    return system(command);
}

static void put(const char *run, const char *file)
{
    char path[RUN_PATH_SIZE];
    struct err err;
    snprintf(path, sizeof path, "%s/nearfar/%s", state, run);
    assert_true(folder_make(path, &err));
    snprintf(path, sizeof path, "%s/nearfar/%s/%s", state, run, file);
    assert_true(file_write(path, "x", 1, &err));
}

/* As if it had been written `order` seconds into some day. */
static void put_run(const char *run, int order)
{
    char path[RUN_PATH_SIZE];
    struct timespec at[2] = {{1000000000 + order, 0}, {1000000000 + order, 0}};
    put(run, RUN_CONFIG);
    put(run, RUN_COMMANDS);
    put(run, RUN_CHECKPOINT);
    put(run, RUN_CHECKPOINT FILE_PART "12-0"); /* left by one that was killed */
    snprintf(path, sizeof path, "%s/nearfar/%s/%s", state, run, RUN_CONFIG);
    assert_int_equal(utimensat(AT_FDCWD, path, at, 0), 0);
}

static bool is_there(const char *run)
{
    char path[RUN_PATH_SIZE];
    snprintf(path, sizeof path, "%s/nearfar/%s", state, run);
    return access(path, F_OK) == 0;
}

static void test_the_newest_stay(void **unused)
{
    (void)unused;
    char path[RUN_PATH_SIZE], name[32];
    int held = -1, other = -1;
    struct err err;
    put_run("live-held", 1);
    put_run("live-marked", 2);
    put("live-marked", RUN_MARKS);
    put_run("live-kept", 3);
    put("live-kept", RUN_SESSION);
    put_run("live-mine", 4);
    put("live-mine", "essay.txt"); /* what is not nearfar's is not removed */
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "live-%d", i);
        put_run(name, 20 - i); /* the names do not say which ended last */
    }
    snprintf(path, sizeof path, "%s/nearfar/live-held", state);
    assert_true(state_folder_hold(&held, path, &err));
    assert_false(state_folder_hold(&other, path, &err));
    assert_non_null(strstr(err.text, "another nearfar"));
    state_folder_prune();
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "live-%d", i);
        assert_int_equal(is_there(name), i < 8);
    }
    assert_true(is_there("live-held") && is_there("live-marked") && is_there("live-kept"));
    assert_true(is_there("live-mine/essay.txt") && !is_there("live-mine/" RUN_CONFIG));
    state_folder_let_go(&held);
    state_folder_prune();
    assert_false(is_there("live-held"));
}

static void test_the_last_that_ended_goes_on(void **unused)
{
    (void)unused;
    char path[RUN_PATH_SIZE], newest[RUN_PATH_SIZE];
    int held = -1;
    struct err err;
    put_run("live-b", 200); /* begun before the next, ended after it */
    put_run("live-c", 150);
    put("live-d", RUN_CONFIG); /* killed while it was written for the first time */
    put("live-e", RUN_COMMANDS);
    assert_true(state_folder_newest(path, &err));
    assert_non_null(strstr(path, "/live-b"));
    assert_true(state_folder_hold(&held, path, &err));
    assert_true(state_folder_newest(newest, &err));
    assert_non_null(strstr(newest, "/live-c"));
    state_folder_let_go(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_newest_stay),
        cmocka_unit_test(test_the_last_that_ended_goes_on),
    };
    return cmocka_run_group_tests(tests, make_state, remove_state);
}
