/* SPDX-License-Identifier: MIT
 *
 * Every loss of the list: its gradient against central differences in double, and its golden figures (float64
 * autograd of an independent implementation).
 */
#include "support/cmocka.h"
#include "support/losses.h"

#include <math.h>

static const double step = 1e-6, tolerance = 1e-6;

static double value(const struct loss *loss, struct loss_io *io, const double *knob)
{
    struct err err;
    struct loss_io probe = *io;
    probe.da = probe.db = NULL;
    assert_true(loss_call(loss, &probe, knob, NULL, &err));
    return probe.loss;
}

static void check_gradient(const struct loss *loss, struct loss_io *io, const double *knob, real *x,
                           const real *dx)
{
    for (size_t i = 0; i < io->n * io->d; i++) {
        real kept = x[i];
        x[i] = kept + (real)step;
        double up = value(loss, io, knob);
        x[i] = kept - (real)step;
        double down = value(loss, io, knob);
        x[i] = kept;
        double numeric = (up - down) / (2 * step);
        if (!(fabs(numeric - (double)dx[i]) <= tolerance * fmax(1, fabs(numeric))))
            fail_msg("%s: entry %zu: by hand %.9g, by differences %.9g", loss->entry.name, i, (double)dx[i],
                     numeric);
    }
}

static void gradients_match_differences(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f;
        struct err err;
        fixture_init(&f);
        assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
        check_gradient(loss, &f.io, NULL, f.a, f.da);
        check_gradient(loss, &f.io, NULL, f.b, f.db);
    }
}

static void gradients_match_where_blocks_end(void **state)
{
    (void)state;
    enum { N = 35, D = 3 }; /* 70 rows: a whole block and a part */
    real a[N * D], b[N * D], da[N * D], db[N * D];
    random_rows(a, N * D, 1);
    random_rows(b, N * D, 2);
    struct loss_io io = {.n = N, .d = D, .a = a, .b = b, .da = da, .db = db};
    struct err err;
    const struct loss *loss = loss_find("ntxent");
    assert_true(loss_call(loss, &io, NULL, NULL, &err));
    check_gradient(loss, &io, NULL, a, da);
    check_gradient(loss, &io, NULL, b, db);
}

static void golden_figures(void **state)
{
    (void)state;
    static const struct {
        const char *loss;
        double knob[4], value, da00, da, db00, db;
    } rows[] = {
        {"ntxent", {0.5}, 1.426945361, -0.109697213, 0.369980108, 0.062471556, 0.399618772},
        {"ntxent", {0.1}, 0.863790087, -0.271835862, 1.449041162, 0.268398932, 1.403240894},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f;
        struct err err;
        fixture_init(&f);
        assert_true(loss_call(loss_find(rows[i].loss), &f.io, rows[i].knob, NULL, &err));
        assert_true(fabs(f.io.loss - rows[i].value) < 1e-9);
        assert_true(fabs((double)f.da[0] - rows[i].da00) < 1e-9);
        assert_true(fabs((double)f.db[0] - rows[i].db00) < 1e-9);
        assert_true(fabs(frobenius(f.da, FIXTURE_REALS) - rows[i].da) < 1e-9);
        assert_true(fabs(frobenius(f.db, FIXTURE_REALS) - rows[i].db) < 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_differences),
        cmocka_unit_test(gradients_match_where_blocks_end),
        cmocka_unit_test(golden_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
