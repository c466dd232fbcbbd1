/* SPDX-License-Identifier: MIT
 *
 * nearfar loss against figures of an independent implementation (float64 autograd).
 */
#include "support/cmocka.h"
#include "support/losses.h"
#include "support/program.h"

#include "data/npy.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N = FIXTURE_N, D = FIXTURE_D };

static void assert_near(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-4 * fmax(1e-3, fabs(wanted))))
        fail_msg("%.9g is not %.9g", got, wanted);
}

static void write_table(const struct program *program, const char *name, const float *values, size_t rows,
                        size_t columns)
{
    char path[256];
    struct err err;
    assert_true(npy_write(program_path(program, name, path, sizeof path), values, rows, columns, &err));
}

static int setup(void **state)
{
    static struct program program;
    struct fixture f;
    float a[N * D], b[N * D];
    fixture_init(&f);
    for (int i = 0; i < N * D; i++) {
        a[i] = (float)f.a[i];
        b[i] = (float)f.b[i];
    }
    program_init(&program);
    write_table(&program, "a.npy", a, N, D);
    write_table(&program, "b.npy", b, N, D);
    write_table(&program, "short.npy", b, N - 1, D);
    a[5] = NAN;
    write_table(&program, "broken.npy", a, N, D);
    *state = &program;
    return 0;
}

static int teardown(void **state)
{
    program_release(*state);
    return 0;
}

static double field(const char *text, const char *key)
{
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    assert_true(json_is_number(json_object_get(root, key)));
    double value = json_number_value(json_object_get(root, key));
    json_decref(root);
    return value;
}

static void check_gradient(const struct program *program, const char *name, double first, double norm)
{
    char path[256];
    struct table table;
    struct err err;
    double sum = 0;
    assert_true(npy_read(program_path(program, name, path, sizeof path), &table, &err));
    assert_true(table.rows == N && table.columns == D);
    for (int i = 0; i < N * D; i++)
        sum += table.values[i] * table.values[i];
    assert_near(table.values[0], first);
    assert_near(sqrt(sum), norm);
    table_release(&table);
}

static void golden_rows(void **state)
{
    static const struct {
        const char *arguments;
        double loss, da00, da, db00, db;
    } row[] = {
        {"loss ntxent --set tau=0.5", 1.426945361, -0.109697213, 0.369980108, 0.062471556, 0.399618772},
        {"loss simclr --set tau=0.1", 0.863790087, -0.271835862, 1.449041162, 0.268398932, 1.403240894},
        {"loss --method simclr --set tau=0.1", 0.863790087, -0.271835862, 1.449041162, 0.268398932,
         1.403240894},
        {"loss simclr --symmetric --set tau=.1", 0.863790087, -0.271835862, 1.449041162, 0.268398932,
         1.403240894},
    };
    struct program *program = *state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char arguments[256];
        snprintf(arguments, sizeof arguments, "%s a.npy b.npy --grad-a ga.npy --grad-b gb.npy --json",
                 row[i].arguments);
        program_run(program, arguments);
        assert_int_equal(program->status, 0);
        assert_string_equal(program->err, "");
        assert_near(field(program->out, "loss"), row[i].loss);
        assert_int_equal((int)field(program->out, "rows_used"), 2 * N);
        assert_true(field(program->out, "grad_t") == 0 && field(program->out, "grad_b") == 0);
        check_gradient(program, "ga.npy", row[i].da00, row[i].da);
        check_gradient(program, "gb.npy", row[i].db00, row[i].db);
    }
}

static void plain_output_names_the_no_learning_value(void **state)
{
    struct program *program = *state;
    program_run(program, "loss ntxent a.npy b.npy");
    assert_int_equal(program->status, 0);
    assert_non_null(strstr(program->out, "loss "));
    assert_non_null(strstr(program->out, "no learning 2.39789527"));
}

static void bad_input_is_refused_in_one_line(void **state)
{
    static const char *const bad[][2] = {
        {"loss", "NAME"},
        {"loss nothing a.npy b.npy", "no such objective"},
        {"loss ntxent a.npy", "two tables"},
        {"loss ntxent a.npy b.npy a.npy", ""},
        {"loss ntxent a.npy missing.npy --grad-a ga2.npy", "missing.npy"},
        {"loss ntxent a.npy short.npy --grad-a ga2.npy", "short.npy"},
        {"loss ntxent broken.npy b.npy --grad-a ga2.npy", "row 1, column 1"},
        {"loss ntxent a.npy b.npy --set tau=0", "between 0.01 and 10"},
        {"loss ntxent a.npy b.npy --set tau=nan", "tau"},
        {"loss ntxent a.npy b.npy --set margin=1", "margin"},
        {"loss ntxent a.npy b.npy --labels short.npy", "short.npy"},
        {"loss ntxent a.npy --grad-b gb2.npy", "second table"},
        {"loss --method simclr", "missing"},
    };
    struct program *program = *state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        program_run(program, bad[i][0]);
        if (program->status != 2)
            fail_msg("%s: exit %d", bad[i][0], program->status);
        assert_string_equal(program->out, "");
        if (!strstr(program->err, bad[i][1]))
            fail_msg("%s: says %s", bad[i][0], program->err);
        assert_ptr_equal(strchr(program->err, '\n'), program->err + strlen(program->err) - 1);
        assert_false(program_has(program, "ga2.npy"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_rows),
        cmocka_unit_test(plain_output_names_the_no_learning_value),
        cmocka_unit_test(bad_input_is_refused_in_one_line),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
