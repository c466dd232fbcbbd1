/* SPDX-License-Identifier: MIT
 *
 * The words after a layer's name: up to two numbers, "/S" a stride, "xN" a repetition. One small parser for
 * all layers, so that every kind refuses the same nonsense in the same way. Also tensor names.
 */
#ifndef NF_NN_WORDS_H
#define NF_NN_WORDS_H

#include "base/err.h"
#include "nn/layer.h"

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_MAX_CHANNELS = 4096, WORDS_MAX_REPEAT = 8 };

/* What a layer takes; `usage` is shown when something else is there. */
struct words_rule {
    const char *usage;
    size_t min_numbers, max_numbers; /* at most 2 */
    bool stride, repeat;
};

struct words {
    int number[2];
    size_t n_numbers;
    int stride, repeat; /* 1 where not given */
};

bool words_parse(const char *text, const struct words_rule *rule, struct words *words, struct err *err);

/* Refuses weight matrices (in, out) that no training of this kind needs. */
bool layer_weights_fit(size_t in, size_t out, struct err *err);

/* Declares "<prefix>.<name>" and notes its index in the layer. */
void layer_add_tensor(struct layer *layer, struct params *params, const char *prefix, const char *name,
                      const int dims[4], enum tensor_role role, enum tensor_init init, size_t fan_in);

/* Values (or gradients) of the layer's i-th tensor in a block. */
static inline const real *layer_tensor(const struct layer *layer, const struct pass *pass, size_t i)
{
    return pass->params + layer->offset[i];
}
static inline real *layer_grad(const struct layer *layer, const struct pass *pass, size_t i)
{
    return pass->grads + layer->offset[i];
}

#endif
