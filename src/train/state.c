/* SPDX-License-Identifier: MIT
 * A learner's whole state in one block: step, settings, values and moments. Only ever read by the process
 * that wrote it; what goes to disk is a checkpoint.
 */
#include "base/check.h"
#include "train/learner_parts.h"

#include <string.h>

struct header {
    uint64_t step;
    size_t count, n_tensors; /* of the parameters, to know another network */
    struct config config;
};

static size_t block_bytes(const struct learner *learner)
{
    return learner->params.count * sizeof(real);
}

static size_t header_bytes(void)
{
    return (sizeof(struct header) + 63) & ~(size_t)63;
}

struct saved_state *learner_save(const struct learner *learner)
{
    size_t block = block_bytes(learner), length;
    struct header header = {learner->step, learner->params.count, learner->params.n_tensors, learner->config};
    struct saved_state *state = saved_state_new(learner->step, header_bytes() + 3 * block);
    char *at = saved_state_bytes(state, &length);
    memcpy(at, &header, sizeof header);
    at += header_bytes();
    memcpy(at, learner->params.value, block);
    memcpy(at + block, learner->params.m, block);
    memcpy(at + 2 * block, learner->params.v, block);
    return state;
}

const struct config *learner_saved_config(struct saved_state *state)
{
    size_t length;
    const struct header *header = saved_state_bytes(state, &length);
    CHECK(length >= sizeof *header);
    return &header->config;
}

static bool fits(const struct learner *learner, const struct header *header, size_t length, struct err *err)
{
    bool same = length == header_bytes() + 3 * block_bytes(learner) &&
                header->count == learner->params.count && header->n_tensors == learner->params.n_tensors &&
                header->config.method == learner->config.method &&
                strcmp(header->config.encoder, learner->config.encoder) == 0 &&
                strcmp(header->config.head, learner->config.head) == 0;
    if (!same)
        return err_set(err, "the saved state is of another network (%s, %s): restart with its settings",
                       header->config.encoder, header->config.method->entry.name);
    if ((size_t)header->config.batch > learner->split->n_train)
        return err_set(err, "the saved state has a batch of %d, but only %zu pictures train",
                       header->config.batch, learner->split->n_train);
    return true;
}

bool learner_restore(struct learner *learner, struct saved_state *state, struct err *err)
{
    size_t length, block = block_bytes(learner);
    const char *at = saved_state_bytes(state, &length);
    struct header header;
    CHECK(length >= sizeof header);
    memcpy(&header, at, sizeof header);
    if (!fits(learner, &header, length, err))
        return false;
    at += header_bytes();
    memcpy(learner->params.value, at, block);
    memcpy(learner->params.m, at + block, block);
    memcpy(learner->params.v, at + 2 * block, block);
    learner->config = header.config;
    memcpy(learner->method.knob, header.config.method_knob, sizeof learner->method.knob);
    plan_release(&learner->plan);
    plan_init(learner);
    learner_set_steps(learner, header.step);
    return true;
}

struct params *learner_params_edit(struct learner *learner)
{
    return &learner->params;
}

void learner_set_steps(struct learner *learner, uint64_t steps)
{
    learner->step = steps;
    learner->order_epoch = UINT64_MAX;
    learner->batch.n = 0;
}
