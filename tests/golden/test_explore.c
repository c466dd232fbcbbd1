/* SPDX-License-Identifier: MIT
 *
 * What the program itself shows of a table, of a folder of tables and of a finished run, at three sizes, in
 * colour (with styles) and without.
 */
#include "support/cmocka.h"
#include "support/golden.h"
#include "support/program.h"
#include "support/tables.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct program p;

static int setup(void **state)
{
    char path[256];
    (void)state;
    program_init(&p);
    tables_put(p.folder, "emb", 2);
    tables_put_items(p.folder);
    tables_put_queries(p.folder, "q");
    mkdir(program_path(&p, "tables", path, sizeof path), 0755);
    tables_put_items(path);
    tables_put(path, "epoch_1", 0.2);
    tables_put(path, "epoch_2", 0.8);
    tables_put(path, "epoch_10", 3);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    program_release(&p);
    return 0;
}

static void shot(const char *name, const char *arguments, const char *keys, const char *size, bool styles)
{
    char path[256], line[400], golden[128];
    FILE *script = fopen(program_path(&p, "s", path, sizeof path), "w");
    assert_non_null(script);
    fprintf(script, "%s%s shot\n", keys, styles ? "dump+" : "dump");
    fclose(script);
    snprintf(line, sizeof line, "explore %s --script s --size %s %s", arguments, size,
             styles ? "" : "--color never");
    program_run(&p, line);
    if (p.status != 0)
        fail_msg("explore %s: %s", arguments, p.err);
    snprintf(golden, sizeof golden, "views/explore-%s%s-%s", name, styles ? "" : "-mono", size);
    golden_text(golden, p.out);
}

static void shots(const char *name, const char *arguments, const char *keys)
{
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    for (size_t i = 0; i < 3; i++)
        for (int styles = 0; styles < 2; styles++)
            shot(name, arguments, keys, sizes[i], styles);
}

static void a_table_with_a_map_and_queries(void **state)
{
    (void)state;
    static const char table[] = "emb.npy --items items.csv --xy u,v --queries q.npy";
    shots("table", table, "type :item 2\nkey Enter\ntype :select kind == cat\nkey Enter\n");
    shots("query", table, "type /query 3\nkey Enter\nkey 3\n");
}

static void a_timeline_of_tables(void **state)
{
    (void)state;
    /* turned maps are not aligned to the one before, which depends on how many there was time to draw */
    shots("trails", "tables",
          "type :turn 30 15\nkey Enter\nkey Enter\ntype :select kind == cat\nkey Enter\n");
    shots("past", "tables", "key , 7\n");
}

/* As it was trained on any machine, but for its numbers, which are ours. */
static void a_finished_run(void **state)
{
    (void)state;
    char path[256];
    program_run(&p, "train tiles:n=600 -o run --steps 2 --every 2 --set batch=16 --set query=180 --encoder "
                    "'conv 8 /2, gap, linear 6'");
    assert_int_equal(p.status, 0);
    tables_put(program_path(&p, "run", path, sizeof path), "embeddings", 2);
    FILE *metrics = fopen(program_path(&p, "run/metrics.csv", path, sizeof path), "w");
    assert_non_null(metrics);
    fputs("step,loss,no_learning,lr,knn_shape,knn_hue,uniformity,rank\n", metrics);
    for (int k = 0; k <= 20; k++)
        fprintf(metrics, "%d,%.3f,3.4,0.002,%.3f,%.3f,-2.5,5.5\n", 50 * k, 3.4 - 0.1 * k, 0.2 + 0.035 * k,
                0.9 - 0.02 * k);
    fclose(metrics);
    shots("run", "run", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_with_a_map_and_queries),
        cmocka_unit_test(a_timeline_of_tables),
        cmocka_unit_test(a_finished_run),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
