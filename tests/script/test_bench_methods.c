/* SPDX-License-Identifier: MIT
 *
 * nearfar bench methods: a row for every method and yardstick, whole files, refusals in one line.
 */
#include "support/cmocka.h"
#include "support/process.h"

#include <stdlib.h>
#include <string.h>

static const char *const quick[] = {"--set",     "batch=16", "--set",     "bank=40",
                                    "--set",     "query=30", "--encoder", "conv 4, relu, gap, linear 8",
                                    "--threads", "1",        NULL};

#define BENCH(...)                                                                                           \
    RUN("bench", "methods", "tiles:n=100", quick[0], quick[1], quick[2], quick[3], quick[4], quick[5],       \
        quick[6], quick[7], quick[8], quick[9], __VA_ARGS__)

static size_t lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void every_method_has_a_row_beside_three_yardsticks(void **state)
{
    (void)state;
    struct process p = BENCH("--steps", "3", "--seeds", "2", "-o", in_folder("all.md"));
    assert_int_equal(p.exit_code, 0);
    char *table = read_text(in_folder("all.md"));
    assert_non_null(strstr(table, "| raw pixels |"));
    assert_non_null(strstr(table, "| untrained net |"));
    assert_non_null(strstr(table, "| chance |"));
    assert_non_null(strstr(table, "| simclr |"));
    assert_non_null(strstr(table, "| byol |"));
    assert_non_null(strstr(table, "shape ridge %"));
    assert_non_null(strstr(table, " ± "));
    free(table);
    process_release(&p);
}

static void the_same_run_gives_the_same_figures_as_csv(void **state)
{
    (void)state;
    char *text[2];
    for (int i = 0; i < 2; i++) {
        const char *path = in_folder(i ? "two.csv" : "one.csv");
        struct process p = BENCH("--steps", "3", "--seeds", "1", "--methods", "simclr,moco", "-o", path);
        assert_int_equal(p.exit_code, 0);
        text[i] = read_text(path);
        process_release(&p);
    }
    assert_int_equal(lines(text[0]), 1 + 3 + 2);
    assert_true(strncmp(text[0], "method,knn_shape,knn_shape_sd,ridge_shape,", 42) == 0);
    char *speed = strstr(text[0], "pairs/s"), *row = strstr(text[0], "\nmoco,");
    assert_true(speed && row);
    assert_true(strncmp(row, strstr(text[1], "\nmoco,"), 60) == 0); /* its figures, not its speed */
    free(text[0]);
    free(text[1]);
}

static void what_cannot_be_written_or_trained_is_refused_at_once(void **state)
{
    (void)state;
    struct process p = BENCH("-o", in_folder("table.txt"));
    assert_int_equal(p.exit_code, 2);
    assert_non_null(strstr(p.err, ".md or .csv"));
    process_release(&p);
    p = BENCH("--methods", "simclr,nonsense");
    assert_int_equal(p.exit_code, 2);
    assert_non_null(strstr(p.err, "no method 'nonsense'"));
    process_release(&p);
    p = BENCH("--encoder", "nonsense");
    assert_int_equal(p.exit_code, 2);
    assert_int_equal(lines(p.err), 1);
    assert_non_null(strstr(p.err, "no layer 'nonsense'"));
    process_release(&p);
    p = BENCH("--set", "head=linear 8, nonsense");
    assert_int_equal(p.exit_code, 2);
    assert_int_equal(lines(p.err), 1);
    process_release(&p);
    p = RUN("bench", "methods");
    assert_int_equal(p.exit_code, 2);
    assert_int_equal(lines(p.err), 1);
    process_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_has_a_row_beside_three_yardsticks),
        cmocka_unit_test(the_same_run_gives_the_same_figures_as_csv),
        cmocka_unit_test(what_cannot_be_written_or_trained_is_refused_at_once),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
