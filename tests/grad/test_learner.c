/* SPDX-License-Identifier: MIT
 * The gradient of a whole step, views to loss through trunk and head, against finite differences: what the
 * phases, shards and the reduction tree make of the layers' gradients.
 */
#include "train/learner_parts.h"

#include "support/cmocka.h"
#include "support/tiny.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double step_width = 1e-6;

/* The loss of the first step with the weights as they are; the rate is 0, so they stay. */
static double loss_here(struct learner *learner)
{
    struct step_row row;
    struct err err;
    learner_set_steps(learner, 0);
    if (!learner_step(learner, &row, &err))
        fail_msg("%s", err.text);
    return learner->batch.result.loss;
}

static double slope(struct learner *learner, size_t i)
{
    real *value = &learner_params_edit(learner)->value[i], kept = *value;
    *value = kept + step_width;
    double above = loss_here(learner);
    *value = kept - step_width;
    double below = loss_here(learner);
    *value = kept;
    return (above - below) / (2 * step_width);
}

/* `per_tensor` weights spread over each tensor. */
static void check_tensor(struct learner *learner, const struct tensor *tensor, const real *grad,
                         size_t per_tensor)
{
    for (size_t k = 0; k < per_tensor && k < tensor->count; k++) {
        size_t i = tensor->offset + (k * 7919 + 3) % tensor->count;
        double expected = slope(learner, i), got = (double)grad[i];
        if (fabs(got - expected) > 1e-6 + 1e-5 * fabs(expected))
            fail_msg("%s[%zu]: %.9g, by differences %.9g", tensor->name, i - tensor->offset, got, expected);
    }
}

static void check(const char *encoder, const char *head, const char *batch, const char *activations)
{
    struct tiny tiny;
    tiny_init_small(&tiny, 100, 2);
    tiny_set(&tiny, "encoder", encoder);
    tiny_set(&tiny, "head", head);
    tiny_set(&tiny, "batch", batch);
    tiny_set(&tiny, "activations", activations);
    tiny_set(&tiny, "lr", "0");
    struct learner *learner = tiny_learner(&tiny);
    const struct params *params = learner_params(learner);
    loss_here(learner);
    real *grad = malloc(params->count * sizeof *grad);
    assert_non_null(grad);
    memcpy(grad, params->grad, params->count * sizeof *grad);
    double length = 0;
    for (size_t i = 0; i < params->count; i++)
        length += (double)grad[i] * (double)grad[i];
    assert_true(fabs(sqrt(length) - (double)learner_row(learner)->grad_norm) < 1e-5 * sqrt(length));
    for (size_t t = 0; t < params->n_tensors; t++)
        if (params->tensor[t].role != TENSOR_STATE)
            check_tensor(learner, &params->tensor[t], grad, 6);
    free(grad);
    learner_free(learner);
    tiny_release(&tiny);
}

static void a_whole_step(void **state)
{
    (void)state;
    check("conv 8, norm, relu, pool, conv 8, norm, relu, gap, linear 12", "linear 12, relu, linear 8", "20",
          "160");
}

static void with_padding_and_recomputation(void **state)
{
    (void)state;
    check("conv 4, norm, relu, gap, linear 6", "", "13", "0");
}

static void with_a_residual_block(void **state)
{
    (void)state;
    check("block 8, block 8 /2, gap, linear 6", "", "8", "160");
}

int main(void)
{
    blas_single_thread();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_step),
        cmocka_unit_test(with_padding_and_recomputation),
        cmocka_unit_test(with_a_residual_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
