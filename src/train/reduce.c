/* SPDX-License-Identifier: MIT
 * Sixteen gradients into one, in a fixed tree: ((0+8)+(4+12))+..., cut into ranges of elements, so that the
 * sum has the same bits for any number of threads.
 */
#include "train/learner_parts.h"

#include <math.h>

static void add_range(real *to, const real *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

static void sum_shards(const struct learner *learner, size_t first, size_t n)
{
    size_t count = learner->trunk_count;
    for (size_t half = SHARDS / 2; half > 0; half /= 2)
        for (size_t s = 0; s < half; s++)
            add_range(learner->shard_grad + s * count + first,
                      learner->shard_grad + (s + half) * count + first, n);
    add_range(learner->params.grad + first, learner->shard_grad + first, n);
}

static void reduce_block(void *ctx, size_t block, int worker)
{
    (void)worker;
    const struct learner *learner = ctx;
    size_t first = block * REDUCE_BLOCK, end = first + REDUCE_BLOCK;
    if (end > learner->params.count)
        end = learner->params.count;
    if (first < learner->trunk_count)
        sum_shards(learner, first, (end < learner->trunk_count ? end : learner->trunk_count) - first);
    double square = 0;
    for (size_t i = first; i < end; i++)
        square += (double)learner->params.grad[i] * (double)learner->params.grad[i];
    learner->block_square[block] = square;
}

double reduce_gradients(struct learner *learner)
{
    size_t blocks = (learner->params.count + REDUCE_BLOCK - 1) / REDUCE_BLOCK;
    pool_run(learner->pool, blocks, reduce_block, learner);
    double sum = 0;
    for (size_t i = 0; i < blocks; i++)
        sum += learner->block_square[i];
    return sqrt(sum);
}
