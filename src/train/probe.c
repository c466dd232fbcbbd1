/* SPDX-License-Identifier: MIT
 * The probe: which pictures are watched, how they are drawn, what the net makes of them, and what raw pixels
 * alone would say.
 */
#include "train/probe.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- drawing it ---- */

enum { DRAW_QUERY, DRAW_BANK };
enum { MOVED_LEAST = 256 };

static int by_row(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* n of the given items, fixed by seed, in random order: any first part is a sample too. */
static uint32_t *draw_items(const uint32_t *from, size_t n_from, size_t n, uint64_t seed, uint64_t which)
{
    uint32_t *order = xcalloc(n_from, sizeof *order);
    struct rng rng = rng_at(seed, RNG_PROBE, 0, which, 0);
    rng_permutation(&rng, order, n_from);
    for (size_t i = 0; i < n_from; i++)
        order[i] = from[order[i]];
    return xrealloc(order, n, sizeof *order);
}

static void take_z(struct probe *probe)
{
    probe->z = xaligned(probe->n_query * probe->dim_z, sizeof(float));
    for (int view = 0; view < 2; view++)
        probe->pair_z[view] = xaligned(PROBE_PAIRS * probe->dim_z, sizeof(float));
}

static void release_z(struct probe *probe)
{
    free(probe->z);
    free(probe->pair_z[0]);
    free(probe->pair_z[1]);
}

static void take_memory(struct probe *probe)
{
    size_t threads = (size_t)pool_threads(probe->pool);
    probe->h = xaligned(probe->n_query * probe->dim_h, sizeof(float));
    probe->moved_h = xaligned(probe->n_moved * probe->dim_h, sizeof(float));
    probe->bank_h = xaligned(probe->n_bank * probe->dim_h, sizeof(float));
    take_z(probe);
    probe->picture = xaligned(PROBE_CHUNK * probe->values, sizeof(float));
    probe->scratch = xaligned(threads * 2 * probe->values, sizeof(float));
}

static void release_memory(struct probe *probe)
{
    free(probe->h);
    free(probe->moved_h);
    free(probe->bank_h);
    release_z(probe);
    free(probe->picture);
    free(probe->scratch);
}

struct probe *probe_draw(const struct learner *learner, const struct dataset *data, const struct split *split,
                         size_t n_bank, size_t n_query, struct pool *pool, struct err *err)
{
    if (split->n_train < 2 || split->n_eval < 1)
        return err_set(err, "%s: %zu pictures train and %zu are held out: too few to measure", data->name,
                       split->n_train, split->n_eval),
               NULL;
    struct probe *probe = xcalloc(1, sizeof *probe);
    probe->data = data;
    probe->pool = pool;
    probe->seed = config_split_seed(learner_config(learner));
    probe->n_bank = n_bank < split->n_train ? n_bank : split->n_train;
    probe->n_query = n_query < split->n_eval ? n_query : split->n_eval;
    probe->n_moved = probe->n_query / 4 > MOVED_LEAST ? probe->n_query / 4 : MOVED_LEAST;
    probe->n_moved = probe->n_moved < probe->n_query ? probe->n_moved : probe->n_query;
    probe->query = draw_items(split->eval, split->n_eval, probe->n_query, probe->seed, DRAW_QUERY);
    qsort(probe->query, probe->n_query, sizeof *probe->query, by_row);
    probe->bank = draw_items(split->train, split->n_train, probe->n_bank, probe->seed, DRAW_BANK);
    probe->values = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
    probe->dim_h = learner_dim_h(learner);
    probe->dim_z = learner_dim_z(learner);
    attributes_find(probe);
    take_memory(probe);
    for (size_t i = 0; i < MEASURES_MAX; i++)
        probe->pixels[i] = probe->untrained[i] = NAN;
    for (size_t i = 0; i < PROBE_ATTRIBUTES; i++)
        probe->zero_shot_untrained[i] = NAN;
    return probe;
}

struct probe *probe_new(struct learner *untrained, const struct dataset *data, const struct split *split,
                        size_t n_bank, size_t n_query, struct pool *pool, struct err *err)
{
    struct probe *probe = probe_draw(untrained, data, split, n_bank, n_query, pool, err);
    if (!probe)
        return NULL;
    struct pixel_reading reading;
    probe_untrained(probe, untrained);
    probe_read_pixels(probe, pool, &reading);
    probe_set_pixels(probe, &reading);
    return probe;
}

void probe_free(struct probe *probe)
{
    if (!probe)
        return;
    attributes_release(probe);
    release_memory(probe);
    free(probe->query);
    free(probe->bank);
    free(probe);
}

/* ---- pictures that are drawn, not stored ---- */

static void probe_move(const struct probe *probe, size_t row, float *picture, float *scratch)
{
    const struct dataset *data = probe->data;
    struct rng rng = rng_at(probe->seed, RNG_MOVED, 0, probe->query[row], 0);
    picture_moved(dataset_pixels(data, probe->query[row]), data->height, data->width, data->channels, &rng,
                  picture, scratch);
}

/* Rows first.. of the queries: moved, or as views of a recipe. */
struct drawing {
    const struct probe *probe;
    const struct recipe *recipe; /* NULL: moved */
    size_t first;
    uint64_t view;
};

static void draw_task(void *ctx, size_t i, int worker)
{
    const struct drawing *drawing = ctx;
    const struct probe *probe = drawing->probe;
    const struct dataset *data = probe->data;
    float *picture = probe->picture + i * probe->values;
    float *scratch = probe->scratch + (size_t)worker * 2 * probe->values;
    size_t row = drawing->first + i;
    if (!drawing->recipe) {
        probe_move(probe, probe_moved_row(probe, row), picture, scratch);
        return;
    }
    struct view_key key = {probe->seed, UINT64_MAX, probe->query[row], drawing->view};
    recipe_apply(drawing->recipe, key, dataset_pixels(data, key.item), data->height, data->width,
                 data->channels, picture, scratch);
}

static void embed_drawn(struct probe *probe, struct learner *learner, const struct recipe *recipe,
                        uint64_t view, size_t n, float *h, float *z)
{
    for (size_t first = 0; first < n; first += PROBE_CHUNK) {
        size_t count = n - first < PROBE_CHUNK ? n - first : PROBE_CHUNK;
        struct drawing drawing = {probe, recipe, first, view};
        pool_run(probe->pool, count, draw_task, &drawing);
        learner_embed_pictures(learner, probe->picture, count, h ? h + first * probe->dim_h : NULL,
                               z ? z + first * probe->dim_z : NULL);
    }
}

/* ---- embedding ---- */

void probe_embed(struct probe *probe, struct learner *learner, size_t n_bank)
{
    CHECK(probe_fits(probe, learner));
    learner_embed(learner, probe->query, probe->n_query, probe->h, probe->z);
    learner_embed(learner, probe->bank, n_bank < probe->n_bank ? n_bank : probe->n_bank, probe->bank_h, NULL);
}

void probe_embed_all(struct probe *probe, struct learner *learner)
{
    const struct recipe *recipe = &learner_config(learner)->recipe;
    size_t pairs = probe->n_query < PROBE_PAIRS ? probe->n_query : PROBE_PAIRS;
    probe_embed(probe, learner, probe->n_bank);
    embed_drawn(probe, learner, NULL, 0, probe->n_moved, probe->moved_h, NULL);
    for (int view = 0; view < 2; view++)
        embed_drawn(probe, learner, recipe, (uint64_t)view, pairs, NULL, probe->pair_z[view]);
}

/* ---- raw pixels ---- */

struct pixel_rows {
    float *bank, *query, *moved;
};

static void load_pixels(const struct probe *probe, struct pixel_rows *rows)
{
    size_t values = probe->values;
    float *scratch = xaligned(2 * values, sizeof(float));
    rows->bank = xaligned(probe->n_bank * values, sizeof(float));
    rows->query = xaligned(probe->n_query * values, sizeof(float));
    rows->moved = xaligned(probe->n_moved * values, sizeof(float));
    for (size_t i = 0; i < probe->n_bank; i++)
        picture_plain(dataset_pixels(probe->data, probe->bank[i]), values, rows->bank + i * values);
    for (size_t i = 0; i < probe->n_query; i++)
        picture_plain(dataset_pixels(probe->data, probe->query[i]), values, rows->query + i * values);
    for (size_t i = 0; i < probe->n_moved; i++)
        probe_move(probe, probe_moved_row(probe, i), rows->moved + i * values, scratch);
    free(scratch);
}

static void subtract(float *rows, size_t n, const double *mean, size_t d)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            rows[i * d + j] -= (float)mean[j];
}

/* All rows minus the mean of the bank. */
static void centre(const struct probe *probe, struct pixel_rows *rows)
{
    size_t d = probe->values;
    double *mean = xcalloc(d, sizeof *mean);
    for (size_t i = 0; i < probe->n_bank; i++)
        for (size_t j = 0; j < d; j++)
            mean[j] += (double)rows->bank[i * d + j] / (double)probe->n_bank;
    subtract(rows->bank, probe->n_bank, mean, d);
    subtract(rows->query, probe->n_query, mean, d);
    subtract(rows->moved, probe->n_moved, mean, d);
    free(mean);
}

/* The better of uncentred and centred. */
void probe_read_pixels(const struct probe *probe, struct pool *pool, struct pixel_reading *reading)
{
    struct pixel_rows rows;
    float centred[MEASURES_MAX];
    for (size_t i = 0; i < MEASURES_MAX; i++)
        reading->value[i] = centred[i] = NAN;
    load_pixels(probe, &rows);
    struct reading space = {rows.bank, rows.query, rows.moved, probe->values};
    attributes_read(probe, &space, pool, reading->value);
    centre(probe, &rows);
    attributes_read(probe, &space, pool, centred);
    for (size_t i = 0; i < 2 * probe->n_attributes; i++)
        reading->value[i] = fmaxf(reading->value[i], centred[i]);
    free(rows.bank);
    free(rows.query);
    free(rows.moved);
}

void probe_set_pixels(struct probe *probe, const struct pixel_reading *reading)
{
    for (size_t i = 0; i < MEASURES_MAX; i++)
        probe->pixels[i] = reading->value[i];
}

void probe_fill_pixels(const struct probe *probe, struct measures *measures)
{
    for (size_t i = 0; i < 2 * probe->n_attributes && i < (size_t)measures->n; i++)
        if (measures->item[i].column == probe->attribute[i / 2].column)
            measures->item[i].pixels = probe->pixels[i];
}

/* ---- what it is ---- */

void probe_refit(struct probe *probe, const struct learner *learner)
{
    CHECK(probe->dim_h == learner_dim_h(learner));
    release_z(probe);
    probe->dim_z = learner_dim_z(learner);
    take_z(probe);
}

bool probe_fits(const struct probe *probe, const struct learner *learner)
{
    return learner_dim_h(learner) == probe->dim_h && learner_dim_z(learner) == probe->dim_z;
}

const uint32_t *probe_items(const struct probe *probe, size_t *n)
{
    *n = probe->n_query;
    return probe->query;
}

const uint32_t *probe_bank_items(const struct probe *probe, size_t *n)
{
    *n = probe->n_bank;
    return probe->bank;
}

const float *probe_h(const struct probe *probe)
{
    return probe->h;
}

const float *probe_z(const struct probe *probe)
{
    return probe->z;
}

const float *probe_bank_h(const struct probe *probe)
{
    return probe->bank_h;
}

/* "12 000": digits in groups of three. */
static const char *grouped(size_t n, char text[32])
{
    if (n >= 1000)
        snprintf(text, 32, "%zu %03zu", n / 1000, n % 1000);
    else
        snprintf(text, 32, "%zu", n);
    return text;
}

void probe_protocol(const struct probe *probe, char *text, size_t size)
{
    char bank[32], query[32];
    snprintf(text, size, "knn %d nearest, cosine on h, T 0.07, bank %s training items, %s held-out", PROBE_K,
             grouped(probe->n_bank, bank), grouped(probe->n_query, query));
}
