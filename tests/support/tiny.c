/* SPDX-License-Identifier: MIT */
#include "support/tiny.h"

#include "support/cmocka.h"

#include <stdio.h>

void tiny_init(struct tiny *tiny, int n, int threads)
{
    struct err err;
    struct data_options none = {.n = 0};
    char spec[40];
    *tiny = (struct tiny){0};
    snprintf(spec, sizeof spec, "tiles:n=%d", n);
    if (!dataset_open(&tiny->data, spec, &none, &err))
        fail_msg("%s", err.text);
    if (!split_make(&tiny->split, &tiny->data, 0.6, 1, &err))
        fail_msg("%s", err.text);
    config_default(&tiny->config, &tiny->data);
    tiny_set(tiny, "encoder", "conv 8, norm, relu, pool, conv 8, norm, relu, pool, gap, linear 16");
    tiny_set(tiny, "batch", "16");
    tiny->pool = pool_new(threads, 0);
}

void tiny_release(struct tiny *tiny)
{
    pool_free(tiny->pool);
    split_release(&tiny->split);
    dataset_release(&tiny->data);
}

void tiny_threads(struct tiny *tiny, int threads)
{
    pool_free(tiny->pool);
    tiny->pool = pool_new(threads, 0);
}

void tiny_set(struct tiny *tiny, const char *name, const char *value)
{
    struct err err;
    if (!config_set(&tiny->config, name, value, &err))
        fail_msg("%s", err.text);
}

struct learner *tiny_learner(const struct tiny *tiny)
{
    struct err err;
    struct learner *learner = learner_new(&tiny->config, &tiny->data, &tiny->split, tiny->pool, &err);
    if (!learner)
        fail_msg("%s", err.text);
    return learner;
}

struct step_row tiny_train(struct learner *learner, int steps)
{
    struct step_row row = {0};
    struct err err;
    for (int i = 0; i < steps; i++)
        if (!learner_step(learner, &row, &err))
            fail_msg("%s", err.text);
    return row;
}
