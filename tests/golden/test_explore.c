/* SPDX-License-Identifier: MIT
 *
 * What the program itself shows of a table, of a folder of tables and of a finished run, at three sizes, in
 * colour (with styles) and without.
 */
#include "base/check.h"
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

/* What was dumped under a name, up to the next dump. Lent. */
static char *dumped(char *text, const char *name, char **next)
{
    char head[64];
    snprintf(head, sizeof head, "== %s ==\n", name);
    char *at = strstr(text, head);
    if (!at)
        fail_msg("%s was not dumped", name);
    at += strlen(head);
    char *end = strstr(at, "\n== ");
    *next = end ? end + 1 : at + strlen(at);
    return at;
}

static void check_views(const char *kind, const char *size, bool styles)
{
    static const char *const views[] = {"map",   "pairs",    "near", "threshold",
                                        "audit", "training", "time", "help"};
    char golden[128], *text = p.out, *next, kept;
    for (size_t i = 0; i < ARRAY_LEN(views); i++, text = next) {
        text = dumped(text, views[i], &next);
        kept = *next;
        *next = '\0';
        snprintf(golden, sizeof golden, "views/%s-%s%s-%s", kind, views[i], styles ? "" : "-mono", size);
        golden_text(golden, text);
        *next = kept;
    }
}

/* One visit to every view at each size, in colour and without. */
static void every_view(const char *kind, const char *arguments)
{
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    char path[256], line[400];
    for (size_t i = 0; i < 3; i++)
        for (int styles = 0; styles < 2; styles++) {
            const char *dump = styles ? "dump+" : "dump";
            FILE *script = fopen(program_path(&p, "s", path, sizeof path), "w");
            assert_non_null(script);
            fprintf(script, "key 1\n%s map\nkey 2\n%s pairs\nkey 3\n%s near\nkey 4\n%s threshold\n", dump,
                    dump, dump, dump);
            fprintf(script, "key 5\n%s audit\nkey 6\n%s training\nkey 7\n%s time\nkey ?\n%s help\n", dump,
                    dump, dump, dump);
            fclose(script);
            snprintf(line, sizeof line, "explore %s --script s --size %s %s", arguments, sizes[i],
                     styles ? "" : "--color never");
            program_run(&p, line);
            if (p.status != 0)
                fail_msg("explore %s: %s", arguments, p.err);
            check_views(kind, sizes[i], styles);
        }
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

static void every_view_of_a_table(void **state)
{
    (void)state;
    every_view("table", "emb.npy --items items.csv");
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
    remove(program_path(&p, "run/checkpoint.safetensors", path, sizeof path));
    remove(program_path(&p, "run/batch.npy", path, sizeof path));
    every_view("run", "run"); /* of the net only what its seed gives */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_with_a_map_and_queries),
        cmocka_unit_test(a_timeline_of_tables),
        cmocka_unit_test(every_view_of_a_table),
        cmocka_unit_test(a_finished_run),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
