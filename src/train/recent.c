/* SPDX-License-Identifier: MIT */
#include "train/recent.h"

#include "base/check.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void batch_release(struct recent_batch *b)
{
    free(b->item);
    free(b->unit);
    free(b->valid);
    *b = (struct recent_batch){0};
}

void recent_release(struct recent *recent)
{
    for (size_t i = 0; i < RECENT_BATCHES; i++)
        batch_release(&recent->batch[i]);
    recent_forget(recent);
}

void recent_forget(struct recent *recent)
{
    recent->n = recent->at = 0;
}

/* As many as fit, one at least. */
static size_t room_for(size_t n, size_t d)
{
    size_t bytes = 2 * n * d * sizeof(float), most = bytes > 0 ? RECENT_BYTES / bytes : RECENT_BATCHES;
    return most < 1 ? 1 : most < RECENT_BATCHES ? most : RECENT_BATCHES;
}

/* Memory for it; what was there is kept for the next of its size. */
static void batch_make(struct recent_batch *b, size_t n, size_t d)
{
    if (b->n == n)
        return;
    batch_release(b);
    b->n = n;
    b->item = xcalloc(n + 1, sizeof *b->item);
    b->unit = xcalloc(2 * n * d + 1, sizeof *b->unit);
    b->valid = xcalloc(2 * n + 1, sizeof *b->valid);
}

void recent_add(struct recent *recent, const struct batch_view *batch, uint64_t step)
{
    const struct recent_batch *last = recent->n > 0 ? &recent->batch[recent->at - 1] : NULL;
    size_t n = batch->n, d = batch->dim_z, room = room_for(n, d);
    if (n == 0)
        return;
    if (recent->d != d)
        recent_release(recent);
    if (last && recent->n > 0 && (step != last->step + 1 || n != last->n))
        recent_forget(recent);
    recent->d = d;
    recent->at = recent->at < room ? recent->at + 1 : 1;
    recent->n = recent->n < room ? recent->n + 1 : room;
    struct recent_batch *b = &recent->batch[recent->at - 1];
    batch_make(b, n, d);
    b->step = step;
    memcpy(b->item, batch->item, n * sizeof *b->item);
    for (size_t view = 0; view < 2; view++) {
        float *rows = b->unit + view * n * d;
        to_floats(batch->z[view], n * d, rows);
        score_normalise(rows, n, d, rows, b->valid + view * n);
    }
}

const uint32_t *labels_pulled(const struct contrast *contrast, const struct dataset *data)
{
    bool by_label = contrast->positives == POSITIVES_LABEL && dataset_is_category(data, data->label);
    return by_label ? data->column[data->label].code : NULL;
}

/* An item against one batch. */
struct looking {
    const struct recent_batch *batch;
    size_t others; /* of the batch: without the pair in whose place it stands */
    size_t d;
    uint32_t item;
    const uint32_t *pulled;
};

static float score_of(const struct looking *l, const float *unit, size_t row)
{
    return l->batch->valid[row] ? score_pair(unit, l->batch->unit + row * l->d, l->d) : -INFINITY;
}

/* The nearer view of pair i. */
static float nearer_view(const struct looking *l, const float *unit, size_t i)
{
    return fmaxf(score_of(l, unit, i), score_of(l, unit, l->batch->n + i));
}

/* To any view of another item: by it one of the two views is the anchor. */
static float nearest_other(const struct looking *l, const float *unit)
{
    float nearest = -INFINITY;
    for (size_t i = 0; i < l->others; i++)
        if (l->batch->item[i] != l->item)
            nearest = fmaxf(nearest, nearer_view(l, unit, i));
    return nearest;
}

static bool pulls(const struct looking *l, uint32_t other)
{
    const uint32_t *code = l->pulled;
    return other == l->item || (code && code[other] != NO_VALUE && code[other] == code[l->item]);
}

static uint32_t hardest_from(const struct looking *l, const float *anchor)
{
    float most = -INFINITY;
    uint32_t hardest = UINT32_MAX;
    for (size_t i = 0; i < l->others; i++) {
        float score = pulls(l, l->batch->item[i]) ? -INFINITY : nearer_view(l, anchor, i);
        if (score > most) {
            most = score;
            hardest = l->batch->item[i];
        }
    }
    return hardest;
}

static bool stands_in(const struct recent_batch *batch, size_t n, uint32_t item)
{
    bool stands = false;
    for (size_t i = 0; i < n && !stands; i++)
        stands = batch->item[i] == item;
    return stands;
}

/* The k-th of those there are, the earliest first. */
static const struct recent_batch *batch_at(const struct recent *recent, size_t k)
{
    size_t room = room_for(recent->batch[recent->at - 1].n, recent->d);
    return &recent->batch[(recent->at + room - recent->n + k) % room];
}

static struct looking look_at(const struct recent *recent, size_t k, uint32_t item, const uint32_t *pulled)
{
    const struct recent_batch *batch = batch_at(recent, k);
    bool own = stands_in(batch, batch->n, item);
    return (struct looking){batch, own ? batch->n : batch->n - 1, recent->d, item, pulled};
}

/* By the one of its two views that is its anchor. */
static uint32_t hardest_of(const struct looking *l, const float *unit, const bool *valid)
{
    float first = valid[0] ? nearest_other(l, unit) : -INFINITY;
    bool second = valid[1] && nearest_other(l, unit + l->d) > first;
    return valid[second] ? hardest_from(l, unit + second * l->d) : UINT32_MAX;
}

void recent_look(const struct recent *recent, uint64_t step, const uint32_t *pulled, struct inspected *seen)
{
    size_t n = recent->n, d = recent->d;
    struct hardest_lately *out = &seen->lately;
    *out = (struct hardest_lately){.n = 0};
    if (n == 0 || recent->batch[recent->at - 1].step != step)
        return;
    bool valid[2];
    float *unit = xcalloc(2 * d + 1, sizeof *unit);
    for (size_t view = 0; view < 2; view++)
        score_normalise(seen->z[view], 1, d, unit + view * d, valid + view);
    for (size_t k = 0; k < n; k++) {
        struct looking l = look_at(recent, k, seen->item, pulled);
        out->item[k] = hardest_of(&l, unit, valid);
    }
    for (size_t k = 0; k < n && out->item[n - 1] != UINT32_MAX; k++) {
        struct looking l = look_at(recent, k, seen->item, pulled);
        out->stood += stands_in(l.batch, l.others, out->item[n - 1]);
    }
    out->n = (uint32_t)n;
    free(unit);
}
