/* SPDX-License-Identifier: MIT */
#include "train/texts.h"

#include "base/check.h"
#include "train/learner_parts.h"

#include <string.h>

enum { NET_SIZE = 256 };

/* In front of the values: vocabulary, table, then the net's tensors in their order. */
struct header {
    size_t room, width, dim_z;
    char net[NET_SIZE];
};

static const struct text_encoder *text_of(const struct learner *learner)
{
    const struct method_flow *flow = learner->method.method->flow;
    return flow->text ? flow->text(&learner->method) : NULL;
}

/* Tensors of the net follow the table. */
static size_t net_end(const struct params *params, const struct text_encoder *text)
{
    size_t end = text->token + 1;
    while (end < params->n_tensors && strncmp(params->tensor[end].name, "text.", 5) == 0)
        end++;
    return end;
}

static size_t values_of(const struct params *params, const struct text_encoder *text, size_t room)
{
    size_t count = room * (TOKEN_BYTES + text->width);
    for (size_t i = text->token + 1; i < net_end(params, text); i++)
        count += params->tensor[i].count;
    return count;
}

struct saved_state *texts_save(const struct learner *learner)
{
    const struct params *params = &learner->params;
    const struct text_encoder *text = text_of(learner);
    if (!text)
        return NULL;
    const real *vocabulary = params_value(params, text->vocabulary),
               *token = params_value(params, text->token);
    size_t used = vocabulary_used(vocabulary, text->room), room = used ? used : 1, skip = text->room - room;
    struct header header = {.room = room, .width = text->width, .dim_z = shape_size(text->net.out)};
    net_print(&text->net, header.net, sizeof header.net);
    struct saved_state *saved =
        saved_state_new(learner->step, sizeof header + values_of(params, text, room) * sizeof(real));
    size_t length;
    char *bytes = saved_state_bytes(saved, &length);
    memcpy(bytes, &header, sizeof header);
    real *to = (real *)(void *)(bytes + sizeof header);
    memcpy(to, vocabulary + skip * TOKEN_BYTES, room * TOKEN_BYTES * sizeof(real));
    to += room * TOKEN_BYTES;
    memcpy(to, token + skip * text->width, room * text->width * sizeof(real));
    to += room * text->width;
    for (size_t i = text->token + 1; i < net_end(params, text); to += params->tensor[i++].count)
        memcpy(to, params_value(params, i), params->tensor[i].count * sizeof(real));
    return saved;
}

bool texts_embed(struct saved_state *saved, const char *text, float *z, size_t dim_z,
                 struct words_known *words)
{
    size_t length;
    struct err err;
    struct header header;
    struct text_encoder encoder;
    struct params params = {0};
    const char *bytes = saved_state_bytes(saved, &length);
    memcpy(&header, bytes, sizeof header);
    if (header.dim_z != dim_z)
        return false;
    CHECK(text_encoder_init(&encoder, header.room, header.width, header.net, "text", &params, &err));
    params_allocate(&params);
    const real *from = (const real *)(const void *)(bytes + sizeof header);
    for (size_t i = 0; i < params.n_tensors; from += params.tensor[i++].count)
        memcpy(params_value(&params, i), from, params.tensor[i].count * sizeof(real));
    text_embed(&encoder, &params, &text, 1, z);
    *words = text_words(&encoder, &params, text);
    text_encoder_release(&encoder);
    params_release(&params);
    return true;
}
