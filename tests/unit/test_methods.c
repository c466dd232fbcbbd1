/* SPDX-License-Identifier: MIT
 *
 * What single methods add to the flow of two views, by numbers worked out again here.
 */
#include "support/cmocka.h"
#include "support/method_case.h"

#include <math.h>
#include <string.h>

static const struct method *method_named(const char *name)
{
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++)
        if (strcmp(method->entry.name, name) == 0)
            return method;
    fail_msg("no method %s", name);
    return NULL;
}

static void set(struct method_case *c, const char *name, double value)
{
    const struct knob *knobs = c->run.method->entry.knobs, *knob = knob_find(knobs, name);
    assert_non_null(knob);
    c->run.knob[knob - knobs] = value;
}

/* Its loss with one knob at this value; NULL: as it is. */
static double loss_with(const char *method, const char *knob, double value)
{
    struct method_case c;
    method_case_init(&c, method_named(method), NULL, NULL);
    if (knob)
        set(&c, knob, value);
    double loss = method_case_loss(&c);
    method_case_release(&c);
    return loss;
}

static struct readout shown(struct method_case *c, const char *name)
{
    struct readout out[READOUTS_MAX];
    const struct method *method = c->run.method;
    size_t n = method->flow->readouts(&c->run, &c->batch, out, READOUTS_MAX);
    n += method->readouts ? method->readouts(&c->run, &c->batch, out + n, READOUTS_MAX - n) : 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(out[i].name, name) == 0)
            return out[i];
    fail_msg("%s shows no %s", method->entry.name, name);
    return (struct readout){0};
}

static void switches_take_their_term_away(void **state)
{
    (void)state;
    static const struct {
        const char *method, *off, *weight;
    } rows[] = {
        {"vicreg", "variance", "mu"},
        {"vicreg", "covariance", "nu"},
        {"barlow", "decorrelation", "lambda"},
        {"align-uniform", "uniformity", "lambda"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double off = loss_with(rows[i].method, rows[i].off, 0);
        assert_true(off == loss_with(rows[i].method, rows[i].weight, 0));
        assert_true(off != loss_with(rows[i].method, NULL, 0));
    }
}

static void without_labels_supcon_is_simclr(void **state)
{
    (void)state;
    struct method_case c;
    method_case_init(&c, method_named("supcon"), NULL, NULL);
    double with = method_case_loss(&c);
    set(&c, "labels", 0);
    double off = method_case_loss(&c);
    set(&c, "labels", 1);
    c.batch.label = NULL; /* data that has none */
    double none = method_case_loss(&c);
    method_case_release(&c);
    assert_true(with != off);
    assert_true(off == none);
    assert_true(fabs(off - loss_with("simclr", "tau", 0.1)) < 1e-5);
}

static void triplets_without_labels_are_of_the_two_views(void **state)
{
    (void)state;
    struct method_case c;
    method_case_init(&c, method_named("triplet"), NULL, NULL);
    method_case_loss(&c);
    assert_int_equal(c.batch.result.rows_used,
                     3 * 4 * 3 + 2 * 1); /* three classes of two pictures, one of one */
    set(&c, "labels", 0);
    method_case_loss(&c);
    assert_int_equal(c.batch.result.rows_used, 2 * CASE_N); /* each view has the other */
    float active = shown(&c, "active triplets").value[0];
    assert_true(active == (float)c.batch.result.rows_active / (2 * CASE_N));
    method_case_release(&c);
}

static void drlim_without_repulsion_only_pulls(void **state)
{
    (void)state;
    struct method_case c;
    method_case_init(&c, method_named("drlim"), NULL, NULL);
    assert_int_equal(c.run.dim_z, 2);
    method_case_loss(&c);
    assert_int_equal(c.batch.result.rows_used, CASE_N * CASE_N);
    set(&c, "repulsion", 0);
    double loss = method_case_loss(&c), pulls = 0;
    for (int k = 0; k < 2 * CASE_N; k++)
        pulls += pow((double)c.batch.z[0][k] - (double)c.batch.z[1][k], 2) / 2 / CASE_N;
    assert_true(fabs(loss - pulls) < 1e-5 * fmax(1, pulls));
    method_case_release(&c);
}

static void debiased_shows_who_is_not_clamped(void **state)
{
    (void)state;
    struct method_case c;
    method_case_init(&c, method_named("debiased"), NULL, NULL);
    set(&c, "tau_plus", 0);
    method_case_loss(&c);
    assert_true(shown(&c, "anchors not clamped").value[0] == 1);
    assert_true(fabs(c.batch.result.loss - loss_with("simclr", "tau", 0.2)) < 1e-5);
    memcpy(c.h[1], c.h[0], sizeof c.h[0]); /* nothing is as near as the positive */
    set(&c, "tau_plus", 0.5);
    set(&c, "tau", 0.05);
    method_case_loss(&c);
    assert_true(shown(&c, "anchors not clamped").value[0] == 0);
    method_case_release(&c);
}

static double column_mean(const real *z, size_t d, size_t j)
{
    double sum = 0;
    for (size_t i = 0; i < CASE_N; i++)
        sum += (double)z[i * d + j] / CASE_N;
    return sum;
}

static double covary(const real *x, size_t i, const real *y, size_t j, size_t d)
{
    double sum = 0, mean_x = column_mean(x, d, i), mean_y = column_mean(y, d, j);
    for (size_t row = 0; row < CASE_N; row++)
        sum += ((double)x[row * d + i] - mean_x) * ((double)y[row * d + j] - mean_y) / CASE_N;
    return sum;
}

static void barlow_shows_the_correlation_of_its_views(void **state)
{
    (void)state;
    struct method_case c;
    method_case_init(&c, method_named("barlow"), "linear 5", NULL);
    method_case_backward(&c);
    struct readout matrix = shown(&c, "cross-correlation");
    assert_true(matrix.kind == READOUT_MATRIX && matrix.rows == 5 && matrix.columns == 5);
    const real *x = c.batch.z[0], *y = c.batch.z[1];
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            double both = covary(x, i, x, i, 5) * covary(y, j, y, j, 5);
            assert_true(fabs((double)matrix.value[i * 5 + j] - covary(x, i, y, j, 5) / sqrt(both)) < 1e-3);
        }
    method_case_release(&c);
}

static void vicreg_shows_the_deviation_of_each_dimension(void **state)
{
    (void)state;
    struct method_case c;
    method_case_init(&c, method_named("vicreg"), "linear 5", NULL);
    method_case_backward(&c);
    struct readout row = shown(&c, "deviation of each dimension");
    assert_true(row.kind == READOUT_VECTOR && row.columns == 5 && row.guide == 1);
    for (size_t j = 0; j < 5; j++)
        assert_true(fabs((double)row.value[j] - sqrt(covary(c.batch.z[0], j, c.batch.z[0], j, 5))) < 1e-5);
    assert_true(shown(&c, "variance").value[0] == (float)c.batch.result.part[1]);
    method_case_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(switches_take_their_term_away),
        cmocka_unit_test(without_labels_supcon_is_simclr),
        cmocka_unit_test(triplets_without_labels_are_of_the_two_views),
        cmocka_unit_test(drlim_without_repulsion_only_pulls),
        cmocka_unit_test(debiased_shows_who_is_not_clamped),
        cmocka_unit_test(barlow_shows_the_correlation_of_its_views),
        cmocka_unit_test(vicreg_shows_the_deviation_of_each_dimension),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
