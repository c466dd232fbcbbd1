/* SPDX-License-Identifier: MIT
 *
 * Everything that is learned or carried from step to step, as named tensors in one block: weights of trunk
 * and heads, and what methods add (target network, queue, centre). Optimiser, EMA, checkpoint and resume are
 * single loops over this table and need to know no method. One thread at a time; owned by the learner.
 */
#ifndef NF_NN_PARAMS_H
#define NF_NN_PARAMS_H

#include "math/blas.h"

#include <stddef.h>
#include <stdint.h>

enum tensor_role {
    TENSOR_WEIGHT, /* trained, decays */
    TENSOR_BIAS,   /* trained, never decays (biases, norm scales and shifts, logit scale) */
    TENSOR_STATE,  /* not trained by gradient: running statistics, target network, queue, centre */
};

enum tensor_init {
    INIT_ZERO,
    INIT_ONE,
    INIT_HE,     /* normal, variance 2 / fan_in (He et al. 2015) */
    INIT_XAVIER, /* uniform, variance 2 / (fan_in + fan_out) */
    INIT_SPHERE, /* rows are random unit vectors */
};

struct tensor {
    char name[64]; /* "trunk.3.weight": also the checkpoint's key */
    int dims[4];
    int n_dims;
    size_t offset, count; /* into the blocks, in reals; offset aligned to 16 reals */
    enum tensor_role role;
    enum tensor_init init;
    size_t fan_in, fan_out;
};

struct params {
    struct tensor *tensor;
    size_t n_tensors;
    size_t count;               /* reals in each block */
    real *value, *grad, *m, *v; /* (count); NULL until params_allocate */
};

/* Declares a tensor and returns its index; only before params_allocate. dims ends with 0 or has 4. */
size_t params_add(struct params *params, const char *name, const int dims[4], enum tensor_role role,
                  enum tensor_init init, size_t fan_in, size_t fan_out);
/* One zeroed block each for value, grad, m, v; then initial values from (seed, tensor index). */
void params_allocate(struct params *params);
void params_init(struct params *params, uint64_t seed);
void params_release(struct params *params);

int params_find(const struct params *params, const char *name); /* -1 if none */
static inline real *params_value(const struct params *params, size_t tensor)
{
    return params->value + params->tensor[tensor].offset;
}

/* Name of the first tensor whose value (or grad) holds a NaN or infinity; NULL if all are finite. Lent. */
const char *params_first_not_finite(const struct params *params, const real *block);

#endif
