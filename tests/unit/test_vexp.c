/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "math/vexp.h"

static void agrees_with_exp(void **state)
{
    (void)state;
    double worst = 0;
    for (int i = -870000; i <= 880000; i++) {
        float x = (float)i * 1e-4f;
        double wanted = exp((double)x);
        worst = fmax(worst, fabs((double)vexpf(x) - wanted) / wanted);
    }
    assert_true(worst < 1.5e-7);
    assert_true(vexpf(0) == 1);
}

static void stays_finite_and_keeps_nan(void **state)
{
    (void)state;
    assert_true(vexpf(-INFINITY) == vexpf(-87) && vexpf(-1e30f) > 0);
    assert_true(vexpf(INFINITY) == vexpf(88) && isfinite(vexpf(1e30f)));
    assert_true(isnan(vexpf(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_exp),
        cmocka_unit_test(stays_finite_and_keeps_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
