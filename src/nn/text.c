/* SPDX-License-Identifier: MIT */
#include "nn/text.h"

#include "base/check.h"

#include <stdio.h>
#include <string.h>

bool text_encoder_init(struct text_encoder *text, size_t room, size_t width, const char *net,
                       const char *prefix, struct params *params, struct err *err)
{
    char name[48];
    size_t n_tensors = params->n_tensors, count = params->count;
    *text = (struct text_encoder){.room = room, .width = width};
    snprintf(name, sizeof name, "%.30s.vocabulary", prefix);
    text->vocabulary =
        params_add(params, name, (int[4]){(int)room, TOKEN_BYTES}, TENSOR_STATE, INIT_ZERO, 1, 1);
    snprintf(name, sizeof name, "%.30s.token", prefix);
    text->token =
        params_add(params, name, (int[4]){(int)room, (int)width}, TENSOR_WEIGHT, INIT_SPHERE, 1, width);
    if (net_init(&text->net, net, (struct shape){1, 1, (int)width}, false, prefix, params, err))
        return true;
    params->n_tensors = n_tensors;
    params->count = count;
    return err_within(err, "%s", prefix);
}

void text_encoder_release(struct text_encoder *text)
{
    net_release(&text->net);
    *text = (struct text_encoder){0};
}

size_t text_encoder_learn(const struct text_encoder *text, struct params *params, const char *const *caption,
                          size_t n)
{
    return vocabulary_learn(caption, n, text->room, params_value(params, text->vocabulary));
}

void text_take(const struct text_encoder *text, size_t n, struct arena *arena, struct text_work *work)
{
    work->row = arena_take(arena, n * TEXT_MAX_TOKENS, sizeof *work->row);
    work->count = arena_take(arena, n, sizeof *work->count);
    work->bag = arena_take(arena, n * text->width, sizeof(real));
    work->dbag = arena_take(arena, n * text->width, sizeof(real));
    work->tape = arena_take(arena, n * text->net.tape_reals, sizeof(real));
    work->dtape = arena_take(arena, n * text->net.dtape_reals, sizeof(real));
    work->scratch = arena_take(arena, net_scratch_size(&text->net, n), sizeof(real));
}

static size_t read_text(const struct text_encoder *text, const struct params *params, const char *caption,
                        uint32_t row[TEXT_MAX_TOKENS])
{
    return vocabulary_read(params_value(params, text->vocabulary), text->room, caption, row);
}

static void fill_bag(const struct text_encoder *text, const real *table, const uint32_t *row, size_t count,
                     real *bag)
{
    memset(bag, 0, text->width * sizeof *bag);
    for (size_t k = 0; k < count; k++)
        for (size_t j = 0; j < text->width; j++)
            bag[j] += table[row[k] * text->width + j];
    for (size_t j = 0; j < text->width && count > 0; j++)
        bag[j] /= (real)count;
}

const real *text_forward(const struct text_encoder *text, const struct params *params, size_t n,
                         const char *const *caption, struct text_work *work, bool training)
{
    const real *table = params_value(params, text->token);
    for (size_t i = 0; i < n; i++) {
        uint32_t *row = work->row + i * TEXT_MAX_TOKENS;
        work->count[i] = read_text(text, params, caption[i], row);
        fill_bag(text, table, row, work->count[i], work->bag + i * text->width);
    }
    return net_forward(&text->net, params->value, n, work->bag, work->tape, work->scratch, training);
}

void text_backward(const struct text_encoder *text, struct params *params, size_t n, const real *dz,
                   const struct text_work *work)
{
    struct net_memory memory = {params->value, params->grad, work->tape, work->dtape, work->scratch};
    real *grad = params->grad + params->tensor[text->token].offset;
    net_backward(&text->net, &memory, n, work->bag, dz, work->dbag);
    for (size_t i = 0; i < n; i++) {
        const uint32_t *row = work->row + i * TEXT_MAX_TOKENS;
        const real *dbag = work->dbag + i * text->width, each = (real)1 / (real)work->count[i];
        for (size_t k = 0; k < work->count[i]; k++)
            for (size_t j = 0; j < text->width; j++)
                grad[row[k] * text->width + j] += each * dbag[j];
    }
}

void text_embed(const struct text_encoder *text, const struct params *params, const char *const *caption,
                size_t n, float *z)
{
    enum { ROWS = 64 };
    struct arena arena = {0};
    struct text_work work;
    text_take(text, ROWS, &arena, &work);
    size_t d = shape_size(text->net.out);
    for (size_t first = 0; first < n; first += ROWS) {
        size_t count = n - first < ROWS ? n - first : ROWS;
        const real *out = text_forward(text, params, count, caption + first, &work, false);
        for (size_t i = 0; i < count * d; i++)
            z[first * d + i] = (float)out[i];
    }
    arena_release(&arena);
}

struct words_known text_words(const struct text_encoder *text, const struct params *params,
                              const char *caption)
{
    return vocabulary_words(params_value(params, text->vocabulary), text->room, caption);
}
