/* SPDX-License-Identifier: MIT
 *
 * What every loss of the list promises, whichever it is.
 */
#include "support/cmocka.h"
#include "support/losses.h"

#include "loss/rows.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static void names_and_knobs_are_fit_to_show(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t i = 0; (loss = loss_at(i)); i++) {
        assert_ptr_equal(loss_find(loss->entry.name), loss);
        assert_true(strlen(loss->entry.help) > 20);
        for (const char *c = loss->entry.name; *c; c++)
            assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '-');
        for (const struct knob *knob = loss->entry.knobs; knob && knob->name; knob++) {
            assert_true(knob->label && knob->help && knob->unit && strlen(knob->help) > 20);
            assert_true(knob->min <= knob->value && knob->value <= knob->max);
            assert_true(knob->log ? knob->min > 0 && knob->step > 1 : knob->step > 0);
        }
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(loss->entry.name, loss_at(j)->entry.name);
    }
    assert_null(loss_find("no-such-loss"));
    assert_null(loss_find(""));
}

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    enum { N = 150, D = 24 };
    static real a[N * D], b[N * D], queue[N * D], da[2][N * D], db[2][N * D];
    random_rows(a, N * D, 1);
    random_rows(b, N * D, 2);
    int32_t labels[N];
    uint8_t same[N];
    for (int i = 0; i < N; i++) {
        labels[i] = i % 7;
        same[i] = i % 3 == 0;
    }
    real length[N];
    random_rows(queue, N * D, 3);
    rows_normalise(queue, N, D, queue, length);
    struct pool *pool = pool_new(3, 0);
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        double value[2];
        for (int k = 0; k < 2; k++) {
            struct err err;
            struct loss_io io = {.n = N,
                                 .d = D,
                                 .a = a,
                                 .b = b,
                                 .labels = labels,
                                 .same = same,
                                 .queue = queue,
                                 .n_queue = N,
                                 .da = da[k],
                                 .db = db[k]};
            assert_true(loss_call(loss, &io, NULL, k ? pool : NULL, &err));
            value[k] = io.loss;
        }
        assert_memory_equal(&value[0], &value[1], sizeof value[0]);
        assert_memory_equal(da[0], da[1], sizeof da[0]);
        assert_memory_equal(db[0], db[1], sizeof db[0]);
    }
    pool_free(pool);
}

static void empty_tables_are_refused(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f;
        struct err err = {""};
        fixture_init(&f);
        f.io.n = 0;
        assert_false(loss_call(loss, &f.io, NULL, NULL, &err));
        assert_non_null(strstr(err.text, loss->entry.name));
        fixture_init(&f);
        f.io.a = NULL;
        assert_false(loss_call(loss, &f.io, NULL, NULL, &err));
    }
}

static void equal_rows_give_no_infinities(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f;
        struct err err;
        for (int zero = 0; zero < 2; zero++) {
            fixture_init(&f);
            for (int i = 0; i < FIXTURE_REALS; i++)
                f.a[i] = f.b[i] = zero ? 0 : (real)0.5;
            assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
            assert_true(isfinite(f.io.loss));
            assert_true(isfinite(frobenius(f.da, FIXTURE_REALS)) && isfinite(frobenius(f.db, FIXTURE_REALS)));
        }
    }
}

static void a_nan_is_not_hidden(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f;
        struct err err;
        fixture_init(&f);
        f.a[7] = (real)NAN;
        assert_true(loss_call(loss, &f.io, NULL, NULL, &err));
        assert_false(isfinite(f.io.loss));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_knobs_are_fit_to_show),
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(empty_tables_are_refused),
        cmocka_unit_test(equal_rows_give_no_infinities),
        cmocka_unit_test(a_nan_is_not_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
