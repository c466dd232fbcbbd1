/* SPDX-License-Identifier: MIT
 * Looking without learning: embeddings of clean or given pictures, and one item's two views.
 */
#include "base/check.h"
#include "train/learner_parts.h"

#include <math.h>
#include <string.h>

/* Up to EMBED_ROWS pictures: dataset rows or floats, one of the two. */
struct block {
    struct learner *learner;
    const uint32_t *item;
    const float *picture;
    size_t n;
};

static void load_row(const struct block *block, struct worker *worker, size_t row, real *x)
{
    const struct learner *learner = block->learner;
    size_t values = learner->picture_values;
    if (row >= block->n) {
        memset(x, 0, values * sizeof(real));
        return;
    }
    const float *picture = worker->picture;
    if (block->item)
        picture_plain(dataset_pixels(learner->data, block->item[row]), values, worker->picture);
    else
        picture = block->picture + row * values;
    trunk_input(picture, values, x);
}

static void embed_task(void *ctx, size_t micro, int index)
{
    const struct block *block = ctx;
    struct learner *learner = block->learner;
    struct worker *worker = &learner->worker[index];
    for (size_t i = 0; i < learner->micro; i++)
        load_row(block, worker, micro * learner->micro + i, worker->x + i * learner->picture_values);
    size_t judged = learner->config.method->target_judged ? learner->method.trunk_twin.shift : 0;
    const real *h = net_forward(&learner->trunk, learner->params.value + judged, learner->micro, worker->x,
                                worker->tape, worker->scratch, false);
    memcpy(learner->embed_h + micro * learner->micro * learner->dim_h, h,
           learner->micro * learner->dim_h * sizeof(real));
}

void to_floats(const real *from, size_t n, float *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (float)from[i];
}

static void embed_block(struct block *block, float *h, float *z)
{
    struct learner *learner = block->learner;
    pool_run(learner->pool, (block->n + learner->micro - 1) / learner->micro, embed_task, block);
    if (h)
        to_floats(learner->embed_h, block->n * learner->dim_h, h);
    arena_reset(&learner->project_arena);
    learner->config.method->flow->project(&learner->method, block->n, learner->embed_h, learner->embed_z,
                                          &learner->project_arena);
    if (z)
        to_floats(learner->embed_z, block->n * learner->method.dim_z, z);
}

static void embed(struct learner *learner, const uint32_t *items, const float *pictures, size_t n, float *h,
                  float *z)
{
    for (size_t first = 0; first < n; first += EMBED_ROWS) {
        size_t count = n - first < EMBED_ROWS ? n - first : EMBED_ROWS;
        struct block block = {learner, items ? items + first : NULL,
                              pictures ? pictures + first * learner->picture_values : NULL, count};
        embed_block(&block, h ? h + first * learner->dim_h : NULL,
                    z ? z + first * learner->method.dim_z : NULL);
    }
}

void learner_embed(struct learner *learner, const uint32_t *items, size_t n, float *h, float *z)
{
    embed(learner, items, NULL, n, h, z);
}

void learner_embed_pictures(struct learner *learner, const float *pictures, size_t n, float *h, float *z)
{
    embed(learner, NULL, pictures, n, h, z);
}

/* ---- texts ---- */

static const struct text_encoder *text_of(const struct learner *learner)
{
    const struct method_flow *flow = learner->method.method->flow;
    return flow->text ? flow->text(&learner->method) : NULL;
}

bool learner_reads_text(const struct learner *learner)
{
    return text_of(learner) != NULL;
}

struct words_known learner_words(const struct learner *learner, const char *text)
{
    return text_words(text_of(learner), &learner->params, text);
}

void learner_embed_texts(const struct learner *learner, const char *const *text, size_t n, float *z)
{
    text_embed(text_of(learner), &learner->params, text, n, z);
}

/* ---- one item's two views ---- */

/* NaN: one of them has no direction. */
static double cosine(const real *a, const real *b, size_t d)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < d; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : (double)NAN;
}

/* Its place in the last batch, or n. */
static size_t place_in_batch(const struct method_batch *batch, uint32_t item)
{
    size_t i = 0;
    while (i < batch->n && batch->item[i] != item)
        i++;
    return i;
}

/* How many views of other pairs than the one at `own` are nearer to the anchor than its other view is? */
static size_t count_nearer(const struct method_batch *batch, const real *anchor, size_t own, size_t d,
                           double similarity)
{
    size_t nearer = 0;
    for (size_t i = 0; i < batch->n; i++)
        for (int view = 0; view < 2 && i != own; view++)
            nearer += cosine(anchor, batch->z[view] + i * d, d) > similarity;
    return nearer;
}

/* An item of the last batch is shown as that batch had it; another one takes the last pair's place. Its rank
 * is the worse of its two views'. */
static void compare_with_batch(const struct learner *learner, struct inspected *inspected)
{
    const struct method_batch *batch = &learner->batch;
    size_t d = learner->method.dim_z, own = place_in_batch(batch, inspected->item);
    const real *anchor = own < batch->n ? batch->z[0] + own * d : learner->embed_z;
    const real *other = own < batch->n ? batch->z[1] + own * d : learner->embed_z + d;
    double similarity = cosine(anchor, other, d);
    if (own == batch->n)
        own--;
    size_t nearer = count_nearer(batch, anchor, own, d, similarity),
           back = count_nearer(batch, other, own, d, similarity);
    for (size_t i = 0; i < d; i++) {
        ((float *)(uintptr_t)inspected->z[0])[i] = (float)anchor[i];
        ((float *)(uintptr_t)inspected->z[1])[i] = (float)other[i];
    }
    inspected->similarity = (float)similarity;
    inspected->rank = (uint32_t)((nearer > back ? nearer : back) + 1);
    inspected->of = (uint32_t)(2 * batch->n - 1);
}

void learner_inspect(struct learner *learner, uint32_t item, float *views, struct inspected *inspected)
{
    CHECK(item < learner->data->n);
    const struct dataset *data = learner->data;
    size_t values = learner->picture_values, d = learner->method.dim_z;
    uint64_t step = learner->step ? learner->step - 1 : 0;
    for (uint64_t view = 0; view < 2; view++)
        recipe_apply(&learner->config.recipe,
                     (struct view_key){config_draws(&learner->config), step, item, view},
                     dataset_pixels(data, item), data->height, data->width, data->channels,
                     views + view * values, learner->worker[0].augment_scratch);
    struct block block = {learner, NULL, views, 2};
    embed_block(&block, NULL, NULL);
    *inspected = (struct inspected){.item = item, .rank = 1, .of = 1};
    inspected->view[0] = views;
    inspected->view[1] = views + values;
    for (size_t view = 0; view < 2; view++) {
        float *z = views + 2 * values + view * d;
        for (size_t i = 0; i < d; i++)
            z[i] = (float)learner->embed_z[view * d + i];
        inspected->z[view] = z;
    }
    inspected->similarity = (float)cosine(learner->embed_z, learner->embed_z + d, d);
    if (learner->batch.n > 0)
        compare_with_batch(learner, inspected);
}
