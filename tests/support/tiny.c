/* SPDX-License-Identifier: MIT */
#include "support/tiny.h"

#include "base/check.h"
#include "base/rng.h"

#include "support/cmocka.h"

#include <stdio.h>

/* What follows from the data. */
static void set_up(struct tiny *tiny, int threads)
{
    struct err err;
    if (!split_make(&tiny->split, &tiny->data, 0.6, 1, &err))
        fail_msg("%s", err.text);
    config_default(&tiny->config, &tiny->data);
    tiny_set(tiny, "encoder", "conv 8, norm, relu, pool, conv 8, norm, relu, pool, gap, linear 16");
    tiny_set(tiny, "batch", "16");
    tiny->pool = pool_new(threads, 0);
}

void tiny_init(struct tiny *tiny, int n, int threads)
{
    struct err err;
    struct data_options none = {.n = 0};
    char spec[40];
    *tiny = (struct tiny){0};
    snprintf(spec, sizeof spec, "tiles:n=%d", n);
    if (!dataset_open(&tiny->data, spec, &none, &err))
        fail_msg("%s", err.text);
    set_up(tiny, threads);
}

/* ---- stripes ---- */

enum { SIDE = 8, KINDS = 4, DRAWINGS = 5 };

static void draw_stripes(uint8_t *pixel, int kind, struct rng *rng)
{
    int shift = (int)rng_below(rng, 4);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            int along[KINDS] = {x, y, x + y, x - y + SIDE};
            bool bright = (along[kind] + shift) % 4 < 2;
            pixel[y * SIDE + x] = (uint8_t)((bright ? 170 : 60) + (int)rng_below(rng, 40));
        }
}

static void draw_small(struct dataset *data)
{
    static const char *const kinds[KINDS] = {"upright", "lying", "falling", "rising"};
    struct column *label = dataset_add_column(data, "label", COLUMN_CATEGORY);
    for (size_t i = 0; i < data->n; i++) {
        struct rng rng = rng_at(1, RNG_SAMPLE, 0, i, 0);
        size_t kind = i / DRAWINGS % KINDS;
        label->code[i] = column_code(label, kinds[kind]);
        draw_stripes(data->pixels + i * SIDE * SIDE, (int)kind, &rng);
    }
    dataset_add_column(data, "identity", COLUMN_CATEGORY);
    dataset_add_column(data, "mean", COLUMN_NUMBER);
    dataset_add_column(data, "caption", COLUMN_TEXT);
    for (size_t i = 0; i < data->n; i++) {
        char name[16], caption[40];
        snprintf(name, sizeof name, "%zu", i / DRAWINGS);
        data->column[1].code[i] = column_code(&data->column[1], name);
        data->column[2].number[i] = (float)data->pixels[i * SIDE * SIDE];
        snprintf(caption, sizeof caption, "%s stripes", kinds[i / DRAWINGS % KINDS]);
        column_set_text(&data->column[3], i, caption);
    }
}

void tiny_init_small(struct tiny *tiny, int n, int threads)
{
    struct err err;
    *tiny = (struct tiny){0};
    struct dataset *data = &tiny->data;
    *data = (struct dataset){.n = (size_t)n, .height = SIDE, .width = SIDE, .channels = 1};
    data->label = data->group = data->identity = data->caption = data->split = NO_COLUMN;
    data->name = xstrdup("stripes");
    data->args = xstrdup("stripes");
    if (!dataset_add_pixels(data, &err))
        fail_msg("%s", err.text);
    draw_small(data);
    dataset_name_specials(data);
    set_up(tiny, threads);
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
