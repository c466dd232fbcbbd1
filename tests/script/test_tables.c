/* SPDX-License-Identifier: MIT
 *
 * neighbours and project as a script meets them: what is printed, what is written, what is refused.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/file.h"
#include "data/npy.h"
#include "support/program.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct program p;

static int setup(void **state)
{
    (void)state;
    program_init(&p);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    program_release(&p);
    return 0;
}

static void ends(int status, const char *out, const char *err)
{
    if (p.status != status || !strstr(p.out, out) || !strstr(p.err, err))
        fail_msg("%d: %s\n%s", p.status, p.out, p.err);
}

static void neighbours_are_a_table(void **state)
{
    (void)state;
    program_put(&p, "n.csv", "e0,e1\n0,1\n0,2\n3,0\n3,4\n");
    program_run(&p, "neighbours n.csv --k 2");
    ends(0, "query,rank,neighbour,similarity\n0,1,1,1\n0,2,3,0.8", "");
    program_run(&p, "neighbours n.csv --k 9 --metric euclidean -o out.csv");
    ends(0, "", "");
    assert_true(program_has(&p, "out.csv"));
    program_run(&p, "neighbours n.csv --k 9 --metric euclidean");
    ends(0, "query,rank,neighbour,distance\n0,1,1,1\n0,2,2,3.16227766\n0,3,3,4.24264069\n1,1,0,1\n", "");
}

static void lists_larger_than_memory_are_refused(void **state)
{
    (void)state;
    enum { N = 1000000 };
    float *rows = calloc(N, sizeof *rows);
    program_put_table(&p, "many.npy", rows, N, 1);
    free(rows);
    program_run(&p, "neighbours many.npy -k 100000");
    ends(1, "", "100000 neighbours of each of 1000000 rows need 800.0 GB of memory");
}

static void rows_without_direction_are_told(void **state)
{
    (void)state;
    program_put(&p, "z.tsv", "1\t0\n0\t0\n1\t1\n");
    program_run(&p, "neighbours z.tsv");
    ends(0, "0,1,2,0.7071067", "1 of 3 rows have no neighbours");
    assert_null(strstr(p.out, "\n1,1"));
    program_put(&p, "one.csv", "e0,e1\n1,2\n");
    program_run(&p, "neighbours one.csv");
    ends(0, "query,rank,neighbour,similarity\n", "");
}

static void projection_explains_and_writes(void **state)
{
    (void)state;
    char path[256];
    struct table table;
    struct err err;
    program_put(&p, "p.csv", "1,5\n2,3\n3,1\n4,-1\n5,-3\n");
    program_run(&p, "project p.csv --components 1 -o xy.npy --json");
    ends(0, "\"n\": 5, \"d\": 2, \"fitted\": 5, \"components\": 1, \"total_variance\": 12.5", "");
    ends(0, "\"explained_variance_ratio\": [1]", "");
    assert_true(npy_read(program_path(&p, "xy.npy", path, sizeof path), &table, &err));
    assert_true(table.rows == 5 && table.columns == 1 && fabs(table.values[0] - 2 * sqrt(5)) < 1e-5);
    table_release(&table);
    program_run(&p, "project p.csv");
    ends(0, "100.0 %", "");
    program_put(&p, "large.csv", "e0,e1\n3e38,0\n-3e38,0\n0,1\n");
    program_run(&p, "project large.csv --json");
    ends(1, "", "large.csv: its numbers are too large for their squares");
}

/* Two pictures, say: a covariance of their columns would take gigabytes, their inner products nothing. */
static void few_rows_of_many_columns_are_projected(void **state)
{
    (void)state;
    enum { COLUMNS = 20000 };
    char path[256];
    struct err err;
    float *rows = xcalloc(2 * COLUMNS, sizeof *rows);
    rows[7] = -2;
    assert_true(npy_write(program_path(&p, "wide.npy", path, sizeof path), rows, 2, COLUMNS, &err));
    program_run(&p, "project wide.npy --json -o xy.npy");
    ends(0,
         "{\"n\": 2, \"d\": 20000, \"fitted\": 2, \"components\": 2, \"total_variance\": 2, "
         "\"explained_variance\": [2, 0], \"explained_variance_ratio\": [1, 0]}\n",
         "");
    struct matrix xy;
    assert_true(npy_read_floats(program_path(&p, "xy.npy", path, sizeof path), &xy, &err));
    assert_true(xy.values[0] == -1 && xy.values[2] == 1);
    matrix_release(&xy);
    program_run(&p, "neighbours wide.npy --k 1");
    ends(0, "query,rank,neighbour", "");
    free(rows);
}

/* Neither side is small: that is said before a minute is spent. */
static void too_large_to_project_is_refused(void **state)
{
    (void)state;
    enum { SIDE = 16385 };
    char path[256];
    FILE *file = fopen(program_path(&p, "large.npy", path, sizeof path), "wb");
    assert_non_null(file);
    char head[128];
    memset(head, ' ', sizeof head);
    memcpy(head, "\x93NUMPY\x01\x00\x76\x00", 10);
    int n = snprintf(head + 10, sizeof head - 10,
                     "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, %d), }", SIDE, SIDE);
    head[10 + n] = ' ';
    head[127] = '\n';
    fwrite(head, 1, sizeof head, file);
    assert_int_equal(ftruncate(fileno(file), (off_t)sizeof head + (off_t)SIDE * SIDE), 0);
    fclose(file);
    program_run(&p, "project large.npy");
    ends(1, "", "large.npy: 16385 rows of 16385 columns need");
}

static void spaces_are_compared(void **state)
{
    (void)state;
    program_put(&p, "a.csv", "e0,e1\n1,0\n1,0.1\n0,1\n0.1,1\n-1,0\n-1,0.1\n");
    program_put(&p, "turned.csv", "e0,e1\n0,1\n-0.1,1\n-1,0\n-1,0.1\n0,-1\n-0.1,-1\n");
    program_put(&p, "other.csv", "e0,e1\n1,0\n0,1\n-1,0\n1,0.1\n0.1,1\n-1,0.1\n");
    program_run(&p, "compare a.csv turned.csv --k 1 --json");
    ends(0,
         "{\"items\": 6, \"dimensions\": [2, 2], \"k\": 1, \"cka_biased\": 1, \"jaccard\": 1, "
         "\"cka_debiased\": 1",
         "");
    program_run(&p, "compare a.csv other.csv --k 1 --json");
    ends(0, "\"jaccard\": 0, ", "");
    program_put(&p, "few.csv", "e0,e1\n1,0\n");
    program_run(&p, "compare a.csv few.csv");
    ends(2, "", "a.csv has 6 items, few.csv has 1: compare spaces of the same items");
    program_put(&p, "two.csv", "e0,e1\n1,0\n0,1\n"); /* too few for CKA */
    program_run(&p, "compare two.csv two.csv");
    ends(0, "spaces alike                  -   ", "");
    assert_null(strstr(p.out, "nan"));
}

/* A run of somebody else's: the names in its files are not to be trusted. */
static void names_of_a_foreign_run_are_cleaned(void **state)
{
    (void)state;
    static const char *const runs[] = {"a.run", "b.run"};
    for (int i = 0; i < 2; i++) {
        const float rows[] = {1, 0, 0, 1, -1, 0};
        char path[256], name[64];
        struct err err;
        assert_true(folder_make(program_path(&p, runs[i], path, sizeof path), &err));
        snprintf(name, sizeof name, "%s/embeddings.npy", runs[i]);
        program_put_table(&p, name, rows, 3, 2);
        snprintf(name, sizeof name, "%s/items.csv", runs[i]);
        program_put(&p, name, "id\n0\n1\n2\n");
        snprintf(name, sizeof name, "%s/config.json", runs[i]);
        program_put(&p, name, "{}");
        snprintf(name, sizeof name, "%s/metrics.csv", runs[i]);
        program_put(&p, name, "step,\"knn_\033]0;x\a \"\"q\"\"\"\n5,0.25\n");
    }
    program_run(&p, "compare a.run b.run --k 1 --json");
    ends(0, "\"knn_?]0;x? \\\"q\\\"\": [0.25, 0.25]", "");
    program_run(&p, "compare a.run b.run --k 1");
    ends(0, "knn_?]0;x? \"q\" ", "");
    assert_null(strchr(p.out, '\033'));
}

static void what_is_no_table_is_refused_in_one_line(void **state)
{
    (void)state;
    program_put(&p, "x.npz", "PK\3\4");
    program_run(&p, "neighbours x.npz -o never.csv");
    ends(2, "", "archives of arrays are not read; convert it: python3 -c");
    assert_false(program_has(&p, "never.csv"));
    assert_true(strchr(p.err, '\n') == p.err + strlen(p.err) - 1);
    program_put(&p, "called_so.npy", "PK\3\4");
    program_run(&p, "project called_so.npy");
    ends(2, "", "called_so.npy: archives of arrays are not read; convert it: python3 -c");
    program_run(&p, "project nothing.npy");
    ends(2, "", "nothing.npy: no such file");
    program_put(&p, "p.csv", "1,5\n2,3\n");
    program_run(&p, "project p.csv -o nowhere/xy.npy");
    ends(1, "", "nowhere/xy.npy");
}

/* What is told of spaces that are hardly any. */
static void poor_tables_are_described(void **state)
{
    (void)state;
    program_put(&p, "one.csv", "e0,e1,e2\n1,2,3\n");
    program_put(&p, "two.csv", "e0,e1,e2\n1,2,3\n3,1,2\n");
    program_put(&p, "same.csv", "e0,e1,e2\n1,2,3\n1,2,3\n1,2,3\n");
    program_put(&p, "zeros.csv", "e0,e1,e2\n0,0,0\n0,0,0\n0,0,0\n");
    program_run(&p, "explore one.csv --describe");
    ends(0, "The map shows 1 item ", "");
    assert_null(strstr(p.out, "Collapse"));
    program_run(&p, "explore two.csv --describe");
    ends(0, "Nearest to it in h: item 1", "");
    assert_null(strstr(p.out, "Collapse")); /* any two lie on a line */
    program_run(&p, "explore same.csv --describe");
    ends(0, "Collapse: all pictures land on one point", "");
    program_run(&p, "explore zeros.csv --describe");
    ends(0, "Nothing is near it: rows that are zero or not finite have no direction.", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_are_a_table),
        cmocka_unit_test(lists_larger_than_memory_are_refused),
        cmocka_unit_test(rows_without_direction_are_told),
        cmocka_unit_test(projection_explains_and_writes),
        cmocka_unit_test(few_rows_of_many_columns_are_projected),
        cmocka_unit_test(too_large_to_project_is_refused),
        cmocka_unit_test(spaces_are_compared),
        cmocka_unit_test(names_of_a_foreign_run_are_cleaned),
        cmocka_unit_test(poor_tables_are_described),
        cmocka_unit_test(what_is_no_table_is_refused_in_one_line),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
