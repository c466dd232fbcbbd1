/* SPDX-License-Identifier: MIT
 *
 * A session file brings the same screen about: what was drawn when it was written is what is drawn when it is
 * opened, of a table, of a timeline of tables, of a run.
 */
#include "support/cmocka.h"

#include "base/file.h"
#include "data/npy.h"
#include "support/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct program p;
enum { N = 90, D = 5 };

/* Three heaps that part from step to step. */
static void put_table(const char *name, int step)
{
    float rows[N * D];
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < D; j++)
            rows[i * D + j] = (i % 3 == j ? (float)step : 0) +
                              (float)((i * 7 + j * 13 + i * j * (size_t)(3 + step)) % 17) / 9;
    program_put_table(&p, name, rows, N, D);
}

static int setup(void **state)
{
    char path[256], items[N * 24] = "kind,paint\n";
    (void)state;
    program_init(&p);
    setenv("XDG_STATE_HOME", program_path(&p, "state", path, sizeof path), 1);
    mkdir(program_path(&p, "tables", path, sizeof path), 0755);
    put_table("tables/step_1.npy", 1);
    put_table("tables/step_2.npy", 2);
    put_table("tables/step_5.npy", 3);
    put_table("q.npy", 2);
    for (size_t i = 0; i < N; i++)
        snprintf(items + strlen(items), sizeof items - strlen(items), "%c,%s\n", "abc"[i % 3],
                 i % 2 ? "red" : "blue");
    program_put(&p, "tables/items.csv", items);
    program_run(&p, "train tiles:n=200 -o run --method clip --steps 4 --every 2 --set batch=16 "
                    "--encoder 'conv 8 /2, gap, linear 8'");
    return p.status;
}

static int teardown(void **state)
{
    (void)state;
    program_release(&p);
    return 0;
}

/* A line begun and left: nothing is said any more. */
#define ASIDE "type :\nkey Esc\n"

/* The dump of the last run. Owned. */
static char *screen(void)
{
    char *from = strstr(p.out, "== x ==");
    if (!from)
        fail_msg("no dump: %s", p.err);
    return strdup(from ? from : "");
}

/* The start of the first line that differs; the end where none does. */
static size_t first_difference(const char *a, const char *b)
{
    size_t line = 0, i = 0;
    for (; a[i] && a[i] == b[i]; i++)
        line = a[i] == '\n' ? i + 1 : line;
    return a[i] || b[i] ? line : i;
}

/* Plays `keys`, writes the session and dumps; opens the file and dumps. */
static void comes_back(const char *what, const char *keys, const char *size)
{
    char script[1200], line[1400], path[256];
    remove(program_path(&p, "kept.json", path, sizeof path));
    snprintf(script, sizeof script, "%stype :w kept.json\nkey Enter\n" ASIDE "dump x\n", keys);
    program_put(&p, "s", script);
    snprintf(line, sizeof line, "%s --script s --size %s --color never", what, size);
    program_run(&p, line);
    assert_int_equal(p.status, 0);
    char *before = screen();
    program_put(&p, "s", ASIDE "dump x\n");
    snprintf(line, sizeof line, "kept.json --script s --size %s --color never", size);
    program_run(&p, line);
    char *after = screen();
    if (p.status != 0)
        fail_msg("%s", p.err);
    size_t at = first_difference(before, after);
    if (before[at] || after[at])
        fail_msg("%s%s %s\nwas: %.200s\nis:  %.200s", keys, what, size, before + at, after + at);
    free(before);
    free(after);
}

static const char *const kept[] = {
    /* the map: axes, turn, zoom, marks, names, panel, item, what is selected, named and shown alone */
    "type :axes 1 2\nkey Enter\ntype :turn 20 30\nkey Enter\ntype :zoom 2.5\nkey Enter\n"
    "type :draw dots\nkey Enter\ntype :names on\nkey Enter\ntype :item 9\nkey Enter\nkey Tab\n"
    "type :select hub > 5\nkey Enter\ntype :name few\nkey Enter\ntype :only @few\nkey Enter\n",
    /* another colour, a quantity, a frozen basis, z */
    "type :basis frozen\nkey Enter\ntype :colour hub\nkey Enter\nkey z\n",
    /* the list walked, its row, k and metric; a predicate to go on with */
    "type :search hub > 3\nkey Enter\nkey 3 Right Right Down Down\n"
    "type :option near neighbours 5\nkey Enter\ntype :option near metric 1\nkey Enter\n",
    "key 3 Left Down Down Down z\n",
    /* pairs: list, order, filter, row */
    "key 2 Left Left\ntype :option pairs sort 1\nkey Enter\ntype :option pairs only 2\nkey Enter\n"
    "key Down Down\n",
    /* the threshold and the chart that is looked at */
    "type :threshold fnmr 5%\nkey Enter\nkey 4 Down z\n",
    /* the pairs behind a cell of the audit */
    "key 5 Down Enter Down\n",
    "key 7 Tab Tab Tab Down\n",
};

static void what_was_looked_at(void **state)
{
    (void)state;
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        comes_back("explore tables/step_5.npy --items tables/items.csv", kept[i], sizes[i % 3]);
        comes_back("explore tables", kept[i], sizes[(i + 1) % 3]);
        comes_back("explore run", kept[i], sizes[(i + 2) % 3]);
    }
}

#define TRAINING "tiles:n=200 --every 2 --set batch=16 --encoder 'conv 8 /2, gap, linear 8' --set query=60"

/* The views of held-out items, and the pairs of the last batch. */
static void what_was_looked_at_in_a_training(void **state)
{
    (void)state;
    char keys[700];
    const char *const of_items[] = {kept[4], kept[5], "key 5 Down\n", "key 2 Right\n",
                                    "key 2 Right Right Right\n"};
    for (size_t i = 0; i < sizeof of_items / sizeof *of_items; i++) {
        snprintf(keys, sizeof keys, "steps 6\n%s", of_items[i]);
        comes_back(TRAINING, keys, "120x40");
    }
}

/* Kept steps, those that are marked, and events are there again; and a step of then looks as it did. */
static void a_run_gone_on_with_has_its_timeline(void **state)
{
    (void)state;
    comes_back(TRAINING, "steps 4\ntype :set tau 0.3\nkey Enter\nsteps 4\nkey 7\n", "120x40");
    assert_non_null(strstr(p.out, "temperature"));
    program_put(&p, "s",
                "steps 8\nkey 7 , , m G\ntype :w kept.json\nkey Enter\nkey , ,\nkey 3\n" ASIDE "dump x\n");
    program_run(&p, TRAINING " --script s --size 120x40 --color never");
    assert_int_equal(p.status, 0);
    char *before = screen(), *after;
    program_put(&p, "s", "key , ,\nkey 3\n" ASIDE "dump x\nkey 7 m\ndump m\n");
    program_run(&p, "kept.json --script s --size 120x40 --color never");
    assert_int_equal(p.status, 0);
    assert_non_null(strstr(p.out, "step 4 may be thinned out"));
    after = screen();
    char *list = before, *again = after;
    for (int row = 0; row < 13; row++) { /* the first column is the list in h */
        if (row > 3)
            assert_memory_equal(list, again, 28);
        list = strchr(list, '\n') + 1;
        again = strchr(again, '\n') + 1;
    }
    assert_non_null(strstr(before, "lost since step 2"));
    assert_non_null(strstr(after, "lost since step 2"));
    free(before);
    free(after);
}

/* A run that is gone on with has the curves it had, and its tables grow by what is new alone. */
static void a_run_gone_on_with_has_its_curves(void **state)
{
    (void)state;
    char path[600], *run, *end;
    size_t length, rows = 0;
    struct err err;
    program_put(&p, "s", "steps 6\ntype :w kept.json\nkey Enter\n");
    program_run(&p, TRAINING " --script s --size 120x40");
    assert_int_equal(p.status, 0);
    program_put(&p, "s", "dump before\nsteps 4\ntype :w kept.json\nkey Enter\n");
    program_run(&p, "kept.json --script s --size 120x40 --color never");
    assert_int_equal(p.status, 0);
    assert_null(strstr(p.out, "loss –"));
    char *text = file_read(program_path(&p, "kept.json", path, sizeof path), 1 << 20, &length, &err);
    assert_non_null(text);
    run = strstr(text, "\"run\": \"");
    assert_non_null(run);
    run += strlen("\"run\": \"");
    end = strchr(run, '"');
    snprintf(path, sizeof path, "%.*s/metrics.csv", (int)(end - run), run);
    free(text);
    text = file_read(path, 1 << 20, &length, &err);
    assert_non_null(text);
    for (char *at = text; *at; at++)
        rows += *at == '\n';
    free(text);
    assert_int_equal(rows, 1 + 6); /* the head; steps 0, 2 ... 10 */
}

static void what_it_was_ranked_by(void **state)
{
    (void)state;
    comes_back("explore tables --queries q.npy", "type :search query 7\nkey Enter\nkey 3 Down\n", "120x40");
    comes_back("explore run", "type /\"small red star\"\nkey Enter\nkey n\nkey 3 Right Down\n", "120x40");
    assert_non_null(strstr(p.out, "\"small red star\" · the 8 nearest"));
    program_put(&p, "s", "key n\ndump x\n"); /* the search goes on */
    program_run(&p, "kept.json --script s --size 120x40 --color never");
    assert_non_null(strstr(p.out, "3 of 80 by similarity to \"small red star\""));
}

/* Latin-1, a line's end, and longer than any buffer that was thought to be enough. */
static void a_path_that_is_no_text(void **state)
{
    (void)state;
    char folder[512] = "gr\xfc\xdf\n%41", path[1024], line[1200];
    assert_int_equal(mkdir(program_path(&p, folder, path, sizeof path), 0755), 0);
    for (int i = 0; i < 2; i++) {
        memset(folder + strlen(folder) + 1, 'x', 200);
        folder[strlen(folder)] = '/';
        assert_int_equal(mkdir(program_path(&p, folder, path, sizeof path), 0755), 0);
    }
    strcat(folder, "/t.npy");
    put_table("tables/t.npy", 3);
    assert_int_equal(rename(program_path(&p, "tables/t.npy", line, sizeof line),
                            program_path(&p, folder, path, sizeof path)),
                     0);
    snprintf(line, sizeof line, "explore '%s' --items tables/items.csv", folder);
    comes_back(line, "key 3 Down\n", "120x40");
    program_put(&p, "p\xe4rs.csv", "id_a,id_b,same\n0,3,1\n1,4,0\n2,5,1\n");
    comes_back("explore tables/step_5.npy --items tables/items.csv --pairs p\xe4rs.csv", "key 5\n", "120x40");
    assert_non_null(strstr(p.out, "listed in p"));
}

static void the_moment_and_what_is_pinned(void **state)
{
    (void)state;
    comes_back("explore tables", "key ,\n", "80x24");
    comes_back("explore tables", "key , , p . .\nkey 3 Right Right Right Right Down\n", "120x40");
    comes_back("explore tables",
               "type :select kind == a\nkey Enter\ntype :name aa\nkey Enter\ntype :select kind == b\n"
               "key Enter\ntype :name bb\nkey Enter\ntype :axes @aa @bb\nkey Enter\n",
               "120x40");
}

/* What brought it about is no change of the user's; rows that are not there are not looked at. */
static void nothing_is_undone_and_nothing_breaks(void **state)
{
    (void)state;
    program_put(&p, "s", "type :colour paint\nkey Enter\ntype :w kept.json\nkey Enter\n");
    program_run(&p, "explore tables --script s --size 120x40");
    program_put(&p, "s", "key u\ndump x\n");
    program_run(&p, "kept.json --script s --size 120x40 --color never");
    assert_int_equal(p.status, 0);
    assert_non_null(strstr(p.out, "paint from its"));
    for (int view = 1; view <= 7; view++) {
        char script[600];
        snprintf(script, sizeof script,
                 "key %d\ntype :cursor pairs-row 1000000\nkey Enter\ntype :cursor near-list 6\nkey Enter\n"
                 "type :cursor near-row 1000000\nkey Enter\ntype :cursor audit-open 1\nkey Enter\n"
                 "type :cursor audit-row 1000000\nkey Enter\ntype :cursor audit-pair 1000000\nkey Enter\n"
                 "type :cursor time-row 1000000\nkey Enter\ndump a\nkey z\ndump b\nkey Up Enter\ndump c\n",
                 view);
        program_put(&p, "s", script);
        program_run(&p, "explore run --script s --size 120x40 --color never");
        assert_int_equal(p.status, 0);
    }
    program_put(&p, "s", "type :cursor near-row x\nkey Enter\ndump x\n");
    program_run(&p, "explore run --script s --size 120x40 --color never");
    assert_non_null(strstr(p.out, "cursor: NAME NUMBER"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_looked_at),
        cmocka_unit_test(what_was_looked_at_in_a_training),
        cmocka_unit_test(a_run_gone_on_with_has_its_curves),
        cmocka_unit_test(a_run_gone_on_with_has_its_timeline),
        cmocka_unit_test(what_it_was_ranked_by),
        cmocka_unit_test(a_path_that_is_no_text),
        cmocka_unit_test(the_moment_and_what_is_pinned),
        cmocka_unit_test(nothing_is_undone_and_nothing_breaks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
