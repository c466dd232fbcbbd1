/* SPDX-License-Identifier: MIT */
#include "nn/params.h"

#include "base/check.h"
#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN_REALS = 16, MAX_TENSOR = 1 << 28 };

static size_t count_of(struct tensor *tensor, const int dims[4])
{
    size_t count = 1;
    for (int i = 0; i < 4 && dims[i]; i++) {
        CHECK(dims[i] > 0 && count <= MAX_TENSOR / (size_t)dims[i]);
        count *= (size_t)dims[i];
        tensor->dims[tensor->n_dims++] = dims[i];
    }
    CHECK(tensor->n_dims > 0);
    return count;
}

size_t params_add(struct params *params, const char *name, const int dims[4], enum tensor_role role,
                  enum tensor_init init, size_t fan_in, size_t fan_out)
{
    CHECK(!params->value && params_find(params, name) < 0);
    params->tensor = xrealloc(params->tensor, params->n_tensors + 1, sizeof *params->tensor);
    struct tensor *tensor = &params->tensor[params->n_tensors];
    *tensor = (struct tensor){.role = role, .init = init, .fan_in = fan_in, .fan_out = fan_out};
    int length = snprintf(tensor->name, sizeof tensor->name, "%s", name);
    CHECK(length > 0 && (size_t)length < sizeof tensor->name);
    tensor->count = count_of(tensor, dims);
    tensor->offset = params->count;
    params->count += (tensor->count + ALIGN_REALS - 1) / ALIGN_REALS * ALIGN_REALS;
    return params->n_tensors++;
}

void params_allocate(struct params *params)
{
    CHECK(!params->value);
    params->value = xaligned(params->count, sizeof(real));
    params->grad = xaligned(params->count, sizeof(real));
    params->m = xaligned(params->count, sizeof(real));
    params->v = xaligned(params->count, sizeof(real));
}

static void fill(real *value, size_t n, real with)
{
    for (size_t i = 0; i < n; i++)
        value[i] = with;
}

static void fill_normal(real *value, size_t n, double deviation, struct rng *rng)
{
    for (size_t i = 0; i < n; i++)
        value[i] = (real)(deviation * rng_normal(rng));
}

static void fill_sphere(real *value, size_t rows, size_t width, struct rng *rng)
{
    for (size_t r = 0; r < rows; r++, value += width) {
        fill_normal(value, width, 1, rng);
        double norm2 = 0;
        for (size_t i = 0; i < width; i++)
            norm2 += (double)value[i] * (double)value[i];
        real scale = (real)(1 / sqrt(fmax(norm2, 1e-30)));
        for (size_t i = 0; i < width; i++)
            value[i] *= scale;
    }
}

static void init_tensor(const struct tensor *tensor, real *value, struct rng rng)
{
    double fans = (double)(tensor->fan_in + tensor->fan_out);
    switch (tensor->init) {
    case INIT_ZERO: fill(value, tensor->count, 0); break;
    case INIT_ONE: fill(value, tensor->count, 1); break;
    case INIT_HE: fill_normal(value, tensor->count, sqrt(2.0 / (double)tensor->fan_in), &rng); break;
    case INIT_XAVIER:
        for (size_t i = 0; i < tensor->count; i++) /* a uniform of variance s^2 reaches to s sqrt 3 */
            value[i] = (real)(sqrt(6.0 / fans) * (2 * rng_uniform(&rng) - 1));
        break;
    case INIT_SPHERE:
        fill_sphere(value, tensor->count / (size_t)tensor->dims[tensor->n_dims - 1],
                    (size_t)tensor->dims[tensor->n_dims - 1], &rng);
        break;
    }
}

void params_init(struct params *params, uint64_t seed)
{
    CHECK(params->value);
    for (size_t i = 0; i < params->n_tensors; i++)
        init_tensor(&params->tensor[i], params_value(params, i), rng_at(seed, RNG_WEIGHTS, 0, i, 0));
}

void params_release(struct params *params)
{
    free(params->tensor);
    free(params->value);
    free(params->grad);
    free(params->m);
    free(params->v);
    *params = (struct params){0};
}

int params_find(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->n_tensors; i++)
        if (strcmp(params->tensor[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* x - x is 0 for every finite x and NaN otherwise, and so is a sum of such terms: no branch in the loop. */
static bool all_finite(const real *value, size_t n)
{
    real sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += value[i] - value[i];
    return sum == 0;
}

const char *params_first_not_finite(const struct params *params, const real *block)
{
    for (size_t i = 0; i < params->n_tensors; i++) {
        const struct tensor *tensor = &params->tensor[i];
        if (!all_finite(block + tensor->offset, tensor->count))
            return tensor->name;
    }
    return NULL;
}
