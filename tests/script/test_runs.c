/* SPDX-License-Identifier: MIT
 *
 * Run folders on the screen: what a finished run still knows of its training.
 */
#include "support/cmocka.h"

#include "base/file.h"
#include "support/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRAINING "tiles:n=200 --every 2 --set batch=16 --encoder 'conv 8 /2, gap, linear 8' --set query=60"

static struct program p;

static void put(const char *name, const char *text)
{
    char path[256];
    FILE *file = fopen(program_path(&p, name, path, sizeof path), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void same_file(const char *a, const char *b)
{
    char path[256];
    size_t n_a, n_b;
    struct err err;
    char *bytes_a = file_read(program_path(&p, a, path, sizeof path), 1 << 20, &n_a, &err);
    char *bytes_b = file_read(program_path(&p, b, path, sizeof path), 1 << 20, &n_b, &err);
    assert_non_null(bytes_a);
    assert_non_null(bytes_b);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(bytes_a, bytes_b, n_a);
    free(bytes_a);
    free(bytes_b);
}

static int setup(void **state)
{
    char path[256];
    (void)state;
    program_init(&p);
    setenv("XDG_STATE_HOME", program_path(&p, "state", path, sizeof path), 1);
    put("s", "type :export live.npy all\nkey Enter\nsteps 6\n");
    program_run(&p, TRAINING " --script s");
    if (p.status == 0)
        program_run(&p, "train " TRAINING " -o run --steps 6");
    return p.status;
}

static int teardown(void **state)
{
    (void)state;
    program_release(&p);
    return 0;
}

/* Made anew from seed and settings: the bytes that the training began with. */
static void a_finished_run_begins_with_its_untrained_net(void **state)
{
    (void)state;
    put("s", "dump map\nkey 7 g\ntype :export then.npy all\nkey Enter\nkey G\nkey 3\ndump near\n");
    program_run(&p, "explore run --script s --size 120x40 --color never");
    assert_int_equal(p.status, 0);
    same_file("live.npy", "then.npy");
    char *near = strstr(p.out, "== near ==");
    assert_non_null(near);
    assert_null(strstr(p.out, "step 0 is not there"));
    assert_non_null(strstr(near, "untrained net"));
    assert_non_null(strstr(near, "lost since step 0"));
    assert_non_null(strstr(near, "least stable"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finished_run_begins_with_its_untrained_net),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
