/* SPDX-License-Identifier: MIT
 *
 * Every method of the list: gradients of its heads and of h against central differences in double.
 */
#include "support/cmocka.h"
#include "support/method_case.h"

#include <math.h>

static const double step = 1e-6, tolerance = 1e-6;

static void check_entry(struct method_case *c, real *x, real by_hand, const char *what)
{
    real kept = *x;
    *x = kept + (real)step;
    double up = method_case_loss(c);
    *x = kept - (real)step;
    double down = method_case_loss(c);
    *x = kept;
    double numeric = (up - down) / (2 * step);
    if (!(fabs(numeric - (double)by_hand) <= tolerance * fmax(1, fabs(numeric))))
        fail_msg("%s, %s: by hand %.9g, by differences %.9g", c->run.method->entry.name, what,
                 (double)by_hand, numeric);
}

static void check_method(const struct method *method, const char *head)
{
    struct method_case c;
    method_case_init(&c, method, head, NULL);
    method_case_unstop(&c);
    method_case_backward(&c);
    for (int view = 0; view < 2; view++)
        for (int i = 0; i < CASE_N * CASE_H; i++)
            check_entry(&c, &c.h[view][i], c.dh[view][i],
                        view ? "h of the second view" : "h of the first view");
    for (size_t t = 0; t < c.params.n_tensors; t++) {
        const struct tensor *tensor = &c.params.tensor[t];
        for (size_t i = 0; i < tensor->count && tensor->role != TENSOR_STATE; i++)
            check_entry(&c, c.params.value + tensor->offset + i, c.params.grad[tensor->offset + i],
                        tensor->name);
    }
    method_case_release(&c);
}

static void gradients_match_differences(void **state)
{
    (void)state;
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++)
        check_method(method, NULL);
}

static void gradients_match_through_batch_statistics(void **state)
{
    (void)state;
    check_method(method_at(0), "linear %d, batchnorm, relu, linear 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_differences),
        cmocka_unit_test(gradients_match_through_batch_statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
