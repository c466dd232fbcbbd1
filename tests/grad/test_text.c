/* SPDX-License-Identifier: MIT
 *
 * The text encoder against finite differences, in double: rows of the table that several texts share, and
 * twice in one text, among them.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "nn/text.h"

#include <math.h>
#include <string.h>

enum { TEXTS = 4, OUT = 5 };

static const char *const captions[TEXTS] = {"a red star", "a small red disc", "red, red and red", "qqq"};

struct bench {
    struct params params;
    struct text_encoder text;
    struct text_work work;
    struct arena arena;
    real weight[TEXTS * OUT];
};

static double loss(struct bench *b)
{
    const real *z = text_forward(&b->text, &b->params, TEXTS, captions, &b->work, true);
    double sum = 0;
    for (size_t i = 0; i < (size_t)TEXTS * OUT; i++)
        sum += b->weight[i] * z[i];
    return sum;
}

static void gradients_match_differences(void **state)
{
    (void)state;
    struct bench b = {0};
    struct err err;
    assert_true(text_encoder_init(&b.text, 32, 6, "linear 7, gelu, linear 5", "text", &b.params, &err));
    params_allocate(&b.params);
    params_init(&b.params, 3);
    text_encoder_learn(&b.text, &b.params, captions, 3);
    text_take(&b.text, TEXTS, &b.arena, &b.work);
    for (size_t i = 0; i < (size_t)TEXTS * OUT; i++) {
        struct rng rng = rng_at(1, RNG_SAMPLE, 0, i, 0);
        b.weight[i] = rng_normal(&rng);
    }
    loss(&b);
    text_backward(&b.text, &b.params, TEXTS, b.weight, &b.work);
    size_t moved = 0;
    for (size_t t = 0; t < b.params.n_tensors; t++) {
        const struct tensor *tensor = &b.params.tensor[t];
        for (size_t i = tensor->offset; tensor->role != TENSOR_STATE && i < tensor->offset + tensor->count;
             i++) {
            const double width = 1e-6;
            real *value = &b.params.value[i], kept = *value;
            *value = kept + width;
            double up = loss(&b);
            *value = kept - width;
            double numeric = (up - loss(&b)) / (2 * width);
            *value = kept;
            if (!(fabs(numeric - b.params.grad[i]) <= 1e-6 * fmax(1, fabs(numeric))))
                fail_msg("%s[%zu]: by hand %.9g, by differences %.9g", tensor->name, i - tensor->offset,
                         b.params.grad[i], numeric);
            moved += fabs(numeric) > 1e-3;
        }
    }
    assert_true(moved > 60);
    text_encoder_release(&b.text);
    params_release(&b.params);
    arena_release(&b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gradients_match_differences)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
