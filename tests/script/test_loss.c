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

/* Labels, same, queue and centre of the fixture; the queue is not of unit length. */
static void write_inputs(const struct program *program, const struct fixture *f)
{
    float labels[N], same[N], queue[FIXTURE_QUEUE * D], center[D];
    for (int i = 0; i < N; i++) {
        labels[i] = (float)f->labels[i];
        same[i] = f->same[i];
    }
    for (int k = 0; k < FIXTURE_QUEUE * D; k++)
        queue[k] = (float)f->queue[k] * 3;
    for (int k = 0; k < D; k++)
        center[k] = (float)f->center[k];
    write_table(program, "labels.npy", labels, N, 1);
    write_table(program, "same.npy", same, N, 1);
    write_table(program, "queue.npy", queue, FIXTURE_QUEUE, D);
    write_table(program, "center.npy", center, 1, D);
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
    write_inputs(&program, &f);
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

/* "tau=0.5 beta=1" as the options that say it. */
static void put_settings(const char *set, char *text, size_t size)
{
    size_t length = strlen(text);
    while (*set) {
        int span = (int)strcspn(set, " ");
        length += (size_t)snprintf(text + length, size - length, " --set %.*s", span, set);
        set += span;
        set += strspn(set, " ");
    }
}

static void golden_rows(void **state)
{
    struct program *program = *state;
    for (const struct golden_loss *row = golden_losses; row->name; row++) {
        char arguments[400];
        snprintf(arguments, sizeof arguments,
                 "loss %s a.npy b.npy --same same.npy --queue queue.npy --center center.npy %s "
                 "--grad-a ga.npy --grad-b gb.npy --json",
                 row->name, row->labels ? "--labels labels.npy" : "");
        put_settings(row->set, arguments, sizeof arguments);
        program_run(program, arguments);
        assert_string_equal(program->err, "");
        assert_int_equal(program->status, 0);
        assert_near(field(program->out, "loss"), row->loss);
        assert_near(field(program->out, "grad_t"), row->grad_t);
        assert_near(field(program->out, "grad_b"), row->grad_b);
        assert_int_equal((int)field(program->out, "rows_used"), (int)row->used);
        assert_int_equal((int)field(program->out, "rows_active"), (int)row->active);
        assert_int_equal((int)field(program->out, "rows_zero"), 0);
        check_gradient(program, "ga.npy", row->da00, row->da);
        check_gradient(program, "gb.npy", row->db00, row->db);
    }
}

static void an_objective_goes_by_its_methods_name_too(void **state)
{
    static const char *const names[] = {"ntxent", "simclr", "--method simclr", "simclr --symmetric"};
    struct program *program = *state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char arguments[120];
        snprintf(arguments, sizeof arguments, "loss %s a.npy b.npy --set tau=.1 --json", names[i]);
        program_run(program, arguments);
        assert_int_equal(program->status, 0);
        assert_near(field(program->out, "loss"), 0.863790087);
        assert_near(field(program->out, "no_learning"), log(2 * N - 1));
    }
}

static void one_table_and_both_directions(void **state)
{
    struct program *program = *state;
    program_run(program, "loss triplet a.npy --labels labels.npy --grad-a ga.npy --json");
    assert_int_equal(program->status, 0);
    assert_near(field(program->out, "loss"), 0.152281551);
    check_gradient(program, "ga.npy", 0.182985431, 0.745338706);
    program_run(program, "loss uniformity a.npy");
    assert_non_null(strstr(program->out, "loss -2.20883"));
    program_run(program, "loss byol a.npy b.npy --symmetric --json");
    assert_near(field(program->out, "loss"), 2 * 0.317267130);
    program_run(program, "loss vicreg a.npy b.npy --json");
    assert_near(field(program->out, "invariance"), 25 * 0.170991884);
    assert_near(field(program->out, "variance"), 25 * 0.372023444);
    assert_near(field(program->out, "covariance"), 0.355231014);
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
        {"loss ntxent a.npy b.npy --set tau=0", "from 0.01 to 10"},
        {"loss ntxent a.npy b.npy --set tau=nan", "tau"},
        {"loss ntxent a.npy b.npy --set margin=1", "margin"},
        {"loss ntxent a.npy b.npy --labels short.npy", "short.npy"},
        {"loss supcon a.npy b.npy", "needs labels"},
        {"loss triplet a.npy b.npy", "needs labels"},
        {"loss contrastive a.npy b.npy", "needs same"},
        {"loss contrastive a.npy b.npy --same labels.npy", "0 to 1"},
        {"loss moco a.npy", "two tables"},
        {"loss moco a.npy b.npy --queue labels.npy", "labels.npy"},
        {"loss dino a.npy b.npy --center same.npy", "same.npy"},
        {"loss clip a.npy b.npy --set tau=1", "tau"},
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
        cmocka_unit_test(an_objective_goes_by_its_methods_name_too),
        cmocka_unit_test(one_table_and_both_directions),
        cmocka_unit_test(plain_output_names_the_no_learning_value),
        cmocka_unit_test(bad_input_is_refused_in_one_line),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
