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
        if (loss->target_b)
            assert_true(frobenius(f.db, FIXTURE_REALS) == 0);
        else
            check_gradient(loss, &f.io, NULL, f.b, f.db);
    }
}

static void gradients_match_where_blocks_end(void **state)
{
    (void)state;
    enum { N = 70, D = 3 }; /* a whole block and a part */
    real a[N * D], b[N * D], da[N * D], db[N * D];
    random_rows(a, N * D, 1);
    random_rows(b, N * D, 2);
    int32_t labels[N];
    uint8_t same[N];
    for (int i = 0; i < N; i++) {
        labels[i] = i % 5 - 1;
        same[i] = i % 3 == 0;
    }
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct loss_io io = {
            .n = N, .d = D, .a = a, .b = b, .labels = labels, .same = same, .da = da, .db = db};
        struct err err;
        assert_true(loss_call(loss, &io, NULL, NULL, &err));
        check_gradient(loss, &io, NULL, a, da);
        if (!loss->target_b)
            check_gradient(loss, &io, NULL, b, db);
    }
}

/* Inputs that choose another form: all pairs of a batch; unknown classes; texts one to one. */
static void gradients_match_without_what_may_be_missing(void **state)
{
    (void)state;
    static const char *const names[] = {"drlim", "clip", "siglip", "moco", "dino"};
    for (int symmetric = 0; symmetric < 2; symmetric++)
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            struct fixture f;
            struct err err;
            const struct loss *loss = loss_find(names[i]);
            fixture_init(&f);
            f.io.same = NULL;
            f.io.labels = NULL;
            f.io.queue = NULL;
            f.io.n_queue = 0;
            f.io.center = NULL;
            f.io.symmetric = symmetric && !loss->target_b;
            assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
            check_gradient(loss, &f.io, NULL, f.a, f.da);
            if (!loss->target_b)
                check_gradient(loss, &f.io, NULL, f.b, f.db);
        }
}

static void gradients_match_over_both_views(void **state)
{
    (void)state;
    static const char *const names[] = {"triplet", "triplet-hard", "triplet-soft", "uniformity"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct fixture f;
        struct err err;
        const struct loss *loss = loss_find(names[i]);
        fixture_init(&f);
        f.io.symmetric = true;
        assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
        assert_true(frobenius(f.db, FIXTURE_REALS) > 0.1);
        check_gradient(loss, &f.io, NULL, f.a, f.da);
        check_gradient(loss, &f.io, NULL, f.b, f.db);
    }
}

static void assert_relative(const char *what, double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-8 * fmax(0.1, fabs(wanted)))) /* the figures have 9 decimals */
        fail_msg("%s: %.12g is not %.12g", what, got, wanted);
}

static void golden_figures(void **state)
{
    (void)state;
    for (const struct golden_loss *row = golden_losses; row->name; row++) {
        struct fixture f;
        struct err err;
        double knob[16];
        const struct loss *loss = loss_find(row->name);
        assert_non_null(loss);
        fixture_init(&f);
        f.io.labels = row->labels ? f.labels : NULL;
        loss_knobs(loss, row->set, knob);
        assert_true(loss_call(loss, &f.io, knob, NULL, &err));
        assert_relative(row->name, f.io.loss, row->loss);
        assert_relative(row->name, (double)f.da[0], row->da00);
        assert_relative(row->name, frobenius(f.da, FIXTURE_REALS), row->da);
        assert_relative(row->name, (double)f.db[0], row->db00);
        assert_relative(row->name, frobenius(f.db, FIXTURE_REALS), row->db);
        assert_relative(row->name, f.io.grad_t, row->grad_t);
        assert_relative(row->name, f.io.grad_b, row->grad_b);
        assert_int_equal(f.io.rows_used, row->used);
        assert_int_equal(f.io.rows_active, row->active);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_differences),
        cmocka_unit_test(gradients_match_where_blocks_end),
        cmocka_unit_test(gradients_match_without_what_may_be_missing),
        cmocka_unit_test(gradients_match_over_both_views),
        cmocka_unit_test(golden_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
