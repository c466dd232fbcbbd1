/* SPDX-License-Identifier: MIT */
#include "nn/twin.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static size_t add_copy(struct params *params, size_t original)
{
    struct tensor from = params->tensor[original]; /* by value: adding moves the table */
    char name[sizeof from.name + 8];
    snprintf(name, sizeof name, "target.%s", from.name);
    return params_add(params, name, from.dims, TENSOR_STATE, INIT_ZERO, from.fan_in, from.fan_out);
}

struct twin twin_add(struct params *params, size_t first, size_t end)
{
    CHECK(first < end && end <= params->n_tensors);
    struct twin twin = {.first = first, .end = end, .copy = params->n_tensors};
    for (size_t i = first; i < end; i++)
        add_copy(params, i);
    twin.shift = params->tensor[twin.copy].offset - params->tensor[first].offset;
    for (size_t i = first; i < end; i++)
        CHECK(params->tensor[i].offset + twin.shift == params->tensor[twin.copy + i - first].offset);
    return twin;
}

void twin_start(const struct params *params, const struct twin *twin)
{
    for (size_t i = twin->first; i < twin->end; i++) {
        real *original = params_value(params, i);
        memcpy(original + twin->shift, original, params->tensor[i].count * sizeof(real));
    }
}

struct following {
    const struct params *params;
    const struct twin *twin;
    real keep;
};

/* Element by element, so it does not matter which thread takes which tensor. */
static void follow_tensor(void *ctx, size_t i, int worker)
{
    (void)worker;
    const struct following *f = ctx;
    const struct tensor *tensor = &f->params->tensor[f->twin->first + i];
    if (tensor->role == TENSOR_STATE)
        return;
    const real *restrict original = f->params->value + tensor->offset;
    real *restrict copy = f->params->value + tensor->offset + f->twin->shift;
    const real keep = f->keep, move = 1 - f->keep;
    for (size_t k = 0; k < tensor->count; k++)
        copy[k] = keep * copy[k] + move * original[k];
}

void twin_follow(const struct params *params, const struct twin *twin, double keep, struct pool *pool)
{
    struct following following = {params, twin, (real)keep};
    pool_run(pool, twin->end - twin->first, follow_tensor, &following);
}

double twin_distance(const struct params *params, const struct twin *twin)
{
    double apart = 0, length = 0;
    for (size_t i = twin->first; i < twin->end; i++) {
        const struct tensor *tensor = &params->tensor[i];
        const real *original = params->value + tensor->offset, *copy = original + twin->shift;
        for (size_t k = 0; tensor->role != TENSOR_STATE && k < tensor->count; k++) {
            double d = (double)original[k] - (double)copy[k];
            apart += d * d;
            length += (double)original[k] * (double)original[k];
        }
    }
    return length > 0 ? sqrt(apart / length) : 0;
}
