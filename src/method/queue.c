/* SPDX-License-Identifier: MIT */
#include "method/queue.h"

#include "base/check.h"
#include "loss/rows.h"

#include <math.h>
#include <string.h>

/* ---- tensors ---- */

static size_t add(struct params *params, const char *name, size_t rows, size_t width, enum tensor_init init)
{
    return params_add(params, name, (int[4]){(int)rows, (int)width}, TENSOR_STATE, init, 1, 1);
}

void queue_add(struct queue *queue, struct params *params, size_t size, size_t dim)
{
    *queue = (struct queue){.size = size, .dim = dim};
    queue->keys = add(params, "queue", size, dim, INIT_ZERO);
    queue->item = add(params, "queue.item", size, 0, INIT_ZERO); /* the picture's row + 1; 0: none */
    queue->step = add(params, "queue.step", size, 0, INIT_ZERO);
    queue->next = add(params, "queue.next", 1, 0, INIT_ZERO);
}

static size_t next_place(const struct queue *queue, const struct params *params)
{
    size_t next = (size_t)params_value(params, queue->next)[0];
    CHECK(next < queue->size);
    return next;
}

/* ---- against a batch ---- */

static bool in_batch(const struct method_batch *batch, real item)
{
    for (size_t i = 0; i < batch->n; i++)
        if ((real)(batch->item[i] + 1) == item)
            return true;
    return false;
}

size_t queue_negatives(const struct queue *queue, const struct params *params,
                       const struct method_batch *batch, size_t newest, real *keys)
{
    const real *key = params_value(params, queue->keys), *item = params_value(params, queue->item);
    size_t next = next_place(queue, params), n = 0;
    size_t from = newest && newest < queue->size ? queue->size - newest : 0;
    for (size_t i = from; i < queue->size; i++) {
        size_t place = (next + i) % queue->size;
        if (item[place] == 0 || in_batch(batch, item[place]))
            continue;
        memcpy(keys + n++ * queue->dim, key + place * queue->dim, queue->dim * sizeof(real));
    }
    return n;
}

void queue_put(const struct queue *queue, struct params *params, const struct method_batch *batch,
               const real *const keys[2])
{
    real *key = params_value(params, queue->keys), *item = params_value(params, queue->item);
    real *step = params_value(params, queue->step), norm;
    size_t place = next_place(queue, params);
    for (int view = 0; view < 2; view++)
        for (size_t i = 0; i < batch->n; i++) {
            rows_normalise(keys[view] + i * queue->dim, 1, queue->dim, key + place * queue->dim, &norm);
            item[place] = (real)(batch->item[i] + 1);
            step[place] = (real)(batch->step + 1);
            place = (place + 1) % queue->size;
        }
    params_value(params, queue->next)[0] = (real)place;
}

/* ---- what is shown ---- */

size_t queue_readouts(const struct queue *queue, const struct params *params, uint64_t step, float *value,
                      struct readout *out, size_t max)
{
    const real *item = params_value(params, queue->item), *made = params_value(params, queue->step);
    double oldest = 1;
    size_t filled = 0;
    if (max < 2)
        return 0;
    for (size_t i = 0; i < queue->size; i++)
        if (item[i] > 0) {
            filled++;
            oldest = fmax(oldest, (double)step - (double)made[i] + 1);
        }
    memset(value, 0, QUEUE_READOUT_VALUES * sizeof *value);
    for (size_t i = 0; i < queue->size; i++)
        if (item[i] > 0)
            value[(size_t)(((double)step - (double)made[i]) / oldest * QUEUE_BINS)]++;
    value[QUEUE_BINS] = (float)(100.0 * (double)filled / (double)queue->size);
    out[0] = readout_vector("age of the queue's keys", "steps", value, QUEUE_BINS);
    out[0].kind = READOUT_HISTOGRAM;
    out[0].low = 0;
    out[0].high = oldest;
    out[1] = readout_scalar("queue filled", "%", value + QUEUE_BINS);
    return 2;
}
