/* SPDX-License-Identifier: MIT */
#include "support/params.h"

void small_params(struct params *params)
{
    *params = (struct params){0};
    params_add(params, "trunk.0.weight", (int[4]){2, 3}, TENSOR_WEIGHT, INIT_HE, 3, 2);
    params_add(params, "trunk.0.bias", (int[4]){2}, TENSOR_BIAS, INIT_ZERO, 3, 2);
    params_add(params, "queue", (int[4]){4}, TENSOR_STATE, INIT_ZERO, 1, 1);
    params_allocate(params);
    for (size_t i = 0; i < params->n_tensors; i++)
        for (size_t k = 0; k < params->tensor[i].count; k++) {
            size_t at = params->tensor[i].offset + k;
            real x = (real)(i * 100 + k) + (real)0.125;
            params->value[at] = x;
            params->m[at] = -x;
            params->v[at] = x * x;
        }
}
