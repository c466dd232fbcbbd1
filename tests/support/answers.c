/* SPDX-License-Identifier: MIT */
#include "support/answers.h"

#include "answer/requests.h"
#include "base/rng.h"
#include "train/recent.h"
#include "view/held.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BEFORE = 60 };

static void *writable(const void *array)
{
    return (void *)(uintptr_t)array;
}

/* Item i lies where its code says, give or take `noise`. */
static void put_cloud(float *row, size_t d, uint32_t code, double noise, struct rng *rng)
{
    for (size_t j = 0; j < d; j++)
        row[j] = (float)(cos(0.9 * (double)(j + 1) * (code + 1)) + noise * rng_normal(rng));
}

static uint32_t code_of(const struct fake *f, uint32_t row)
{
    return f->data.n_columns ? f->data.column[0].code[row] : 0;
}

static void embed(const struct fake *f, struct snapshot *s, double noise)
{
    for (uint32_t i = 0; i < s->n_probe; i++) {
        struct rng rng = rng_at(11, RNG_SAMPLE, 0, i, 0);
        put_cloud((float *)writable(s->h) + i * s->dim_h, s->dim_h, code_of(f, s->item[i]), noise, &rng);
        put_cloud((float *)writable(s->z) + i * s->dim_z, s->dim_z, code_of(f, s->item[i]), noise, &rng);
    }
}

/* Every 13th item twice, a little apart; losses of a pattern. */
static void make_batch(struct fake *f)
{
    struct snapshot *s = f->now;
    size_t d = s->dim_z;
    for (uint32_t i = 0; i < s->n_batch; i++) {
        ((uint32_t *)writable(s->batch_item))[i] = i * 13 % (uint32_t)f->data.n;
        for (unsigned view = 0; view < 2; view++) {
            struct rng rng = rng_at(12, RNG_SAMPLE, 0, i, 0), own = rng_at(12, RNG_SAMPLE, 1, i, view);
            float *row = (float *)writable(s->batch_z[view]) + i * d;
            put_cloud(row, d, code_of(f, s->batch_item[i]), 0.8, &rng);
            for (size_t j = 0; j < d; j++)
                row[j] += (float)(0.5 * rng_normal(&own));
        }
    }
    for (unsigned view = 0; view < 2 && s->inspected.z[0]; view++) {
        struct rng rng = rng_at(12, RNG_SAMPLE, 2, 0, view);
        put_cloud((float *)writable(s->inspected.z[view]), d, code_of(f, s->inspected.item), 0.8, &rng);
    }
    for (size_t i = 0; i < s->n_batch; i++) {
        ((float *)writable(s->pair_loss))[i] = 2 + (float)(i % 5) / 4;
        ((float *)writable(s->pair_weight))[i] = 0.5F + (float)(i % 5) / 10;
    }
}

/* One as it might have been `ago` steps before the snapshot's own, which is the one of no step ago. */
static void batch_of_step(const struct fake *f, uint32_t ago, uint32_t *item, real *const z[2])
{
    const struct snapshot *s = f->now;
    size_t n = s->n_batch, d = s->dim_z;
    float *row = calloc(d, sizeof *row);
    for (uint32_t i = 0; i < n && row; i++) {
        item[i] = ago ? (i * 13 + 29 * ago) % (uint32_t)f->data.n : s->batch_item[i];
        for (unsigned view = 0; view < 2; view++) {
            struct rng rng = rng_at(12, RNG_SAMPLE, 2 + ago, i, view);
            put_cloud(row, d, code_of(f, item[i]), 0.8, &rng);
            const float *from = ago ? row : s->batch_z[view] + i * d;
            for (size_t j = 0; j < d; j++)
                z[view][i * d + j] = (real)from[j];
        }
    }
    free(row);
}

/* A dozen batches up to the snapshot's. */
static void make_lately(struct fake *f)
{
    struct snapshot *s = f->now;
    struct recent recent = {0};
    size_t n = s->n_batch, values = n * s->dim_z;
    uint32_t *item = calloc(n + 1, sizeof *item);
    real *z = calloc(2 * values + 1, sizeof *z);
    for (uint32_t ago = 12; ago-- > 0 && item && z && n > 0;) {
        batch_of_step(f, ago, item, (real *const[2]){z, z + values});
        struct batch_view batch = {.n = n, .dim_z = s->dim_z, .item = item, .z = {z, z + values}};
        recent_add(&recent, &batch, s->step - ago);
    }
    if (s->inspected.z[0])
        recent_look(&recent, s->step, NULL, &s->inspected);
    recent_release(&recent);
    free(item);
    free(z);
}

static struct snapshot *earlier(const struct fake *f)
{
    struct snapshot_sizes sizes = {
        .n_probe = f->now->n_probe, .dim_h = f->now->dim_h, .dim_z = f->now->dim_z};
    struct snapshot *s = snapshot_new(&sizes);
    memcpy(writable(s->item), f->now->item, s->n_probe * sizeof *s->item);
    s->step = BEFORE;
    s->status = TRAIN_RUNNING;
    s->steps = series_ref(f->now->steps);
    s->measured = series_ref(f->now->measured);
    s->measures = *(const struct measures *)series_at(s->measured, BEFORE / MEASURED_EVERY);
    s->events = series_ref(f->now->events);
    return s;
}

void fake_embed(struct fake *f)
{
    f->before = earlier(f);
    embed(f, f->before, 1.2);
    embed(f, f->now, 0.8);
    make_batch(f);
    make_lately(f);
    f->kept[0] = f->before;
    f->kept[1] = f->now;
    f->scene.kept = f->kept;
    f->scene.n_kept = 2;
}

static request_handler *const handlers[REQUEST_KINDS] = {
#define REQUEST(ID, name, pace, what) [REQUEST_##ID] = request_##name,
#include "share/requests.def"
#undef REQUEST
};

void fake_answer(struct fake *f)
{
    struct request_scene scene = {&f->data, f->before, f->map, NULL, NULL, false, NULL};
    f->posted.n_requests = 0;
    screen_wants(&f->scene, &f->post);
    for (size_t i = 0; i < f->posted.n_requests; i++) {
        const struct request *request = &f->posted.request[i];
        if (request->kind == REQUEST_MAP || request->kind == REQUEST_NEAR)
            continue;
        result_unref(f->answer[request->kind]);
        struct result *result = f->answer[request->kind] = handlers[request->kind](request, &scene, NULL);
        if (result) {
            result->step = request->snapshot->step;
            result->run = request->snapshot->run;
        }
        f->scene.found[request->kind] = f->answer[request->kind];
    }
    lists_drawn(&f->scene); /* as the screen does at its next frame */
}

void fake_answers_release(struct fake *f)
{
    for (int kind = 0; kind < REQUEST_KINDS; kind++)
        result_unref(f->answer[kind]);
    snapshot_unref(f->before);
}
