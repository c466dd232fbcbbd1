/* SPDX-License-Identifier: MIT */
#include "share/snapshot.h"

#include "base/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct saved_state {
    atomic_size_t references;
    uint64_t step;
    size_t length;
    char bytes[];
};

struct saved_state *saved_state_new(uint64_t step, size_t bytes)
{
    struct saved_state *state = xcalloc(1, sizeof *state + bytes);
    atomic_init(&state->references, 1);
    state->step = step;
    state->length = bytes;
    return state;
}

struct saved_state *saved_state_ref(struct saved_state *state)
{
    atomic_fetch_add_explicit(&state->references, 1, memory_order_relaxed);
    return state;
}

void saved_state_unref(struct saved_state *state)
{
    if (state && atomic_fetch_sub_explicit(&state->references, 1, memory_order_acq_rel) == 1)
        free(state);
}

uint64_t saved_state_step(const struct saved_state *state)
{
    return state->step;
}

void *saved_state_bytes(struct saved_state *state, size_t *length)
{
    *length = state->length;
    return state->bytes;
}

/* Lays arrays one after the other behind the struct; called once with base NULL to count. */
struct layout {
    char *base;
    size_t used;
};

static void *lay(struct layout *layout, size_t n, size_t size)
{
    layout->used = (layout->used + 63) & ~(size_t)63;
    char *place = layout->base ? layout->base + layout->used : NULL;
    layout->used += n * size;
    return n && size ? place : NULL;
}

static void lay_out(struct snapshot *s, const struct snapshot_sizes *z, struct layout *layout)
{
    lay(layout, 1, sizeof *s);
    s->item = lay(layout, z->n_probe, sizeof *s->item);
    s->h = z->h ? z->h : lay(layout, z->n_probe * z->dim_h, sizeof *s->h);
    s->z = lay(layout, z->n_probe * z->dim_z, sizeof *s->z);
    s->bank_item = lay(layout, z->n_bank, sizeof *s->bank_item);
    s->bank_h = lay(layout, z->n_bank * z->dim_h, sizeof *s->bank_h);
    s->batch_item = lay(layout, z->n_batch, sizeof *s->batch_item);
    for (int view = 0; view < 2; view++) {
        s->batch_z[view] = lay(layout, z->n_batch * z->dim_z, sizeof(float));
        s->inspected.view[view] = lay(layout, z->view_values, sizeof(float));
        s->inspected.z[view] = lay(layout, z->view_values ? z->dim_z : 0, sizeof(float));
    }
    s->pair_loss = lay(layout, z->pairs ? z->n_batch : 0, sizeof(float));
    s->pair_weight = lay(layout, z->pairs ? z->n_batch : 0, sizeof(float));
    for (int i = 0; i < READOUTS_MAX; i++)
        s->readout[i].value = lay(layout, z->readout_values[i], sizeof(float));
}

struct snapshot *snapshot_new(const struct snapshot_sizes *sizes)
{
    struct snapshot counted = {0};
    struct layout layout = {0};
    lay_out(&counted, sizes, &layout);
    struct snapshot *s = xaligned(layout.used, 1);
    size_t bytes = layout.used;
    layout = (struct layout){.base = (char *)s};
    lay_out(s, sizes, &layout);
    atomic_init(&s->references, 1);
    s->own_h = sizes->h;
    s->bytes = bytes + (sizes->h ? sizes->n_probe * sizes->dim_h * sizeof *sizes->h : 0);
    s->n_probe = sizes->n_probe;
    s->dim_h = sizes->dim_h;
    s->dim_z = sizes->dim_z;
    s->n_bank = sizes->n_bank;
    s->n_batch = sizes->n_batch;
    s->inspected.item = UINT32_MAX;
    return s;
}

/* The arrays are const for readers; until publication their maker writes. */
static void copy(const void *to, const void *from, size_t bytes)
{
    if (to && from && bytes > 0)
        memcpy((void *)(uintptr_t)to, from, bytes);
}

const struct carried *snapshot_carried(const struct snapshot *snapshot, uint32_t seq)
{
    const struct carried *carried = &snapshot->carried[seq % CARRIED_KEPT];
    return seq != 0 && carried->seq == seq ? carried : NULL;
}

bool kept_batch_has_losses(const struct kept_batch *batch)
{
    return batch->n > 0 && batch->loss && isfinite(batch->loss[0]);
}

void snapshot_take_batch(struct snapshot *snapshot, const struct kept_batch *batch)
{
    CHECK(snapshot->n_batch == batch->n && snapshot->dim_z == batch->dim_z);
    copy(snapshot->batch_item, batch->item, batch->n * sizeof *batch->item);
    for (int view = 0; view < 2; view++)
        copy(snapshot->batch_z[view], batch->z[view], batch->n * batch->dim_z * sizeof(float));
    copy(snapshot->pair_loss, batch->loss, batch->n * sizeof(float));
    copy(snapshot->pair_weight, batch->weight, batch->n * sizeof(float));
}

/* The count is the one thing a reader may write: it is atomic and not part of what was published. */
static struct snapshot *counted(const struct snapshot *snapshot)
{
    return (struct snapshot *)(uintptr_t)snapshot;
}

struct snapshot *snapshot_ref(const struct snapshot *snapshot)
{
    struct snapshot *s = counted(snapshot);
    atomic_fetch_add_explicit(&s->references, 1, memory_order_relaxed);
    return s;
}

void snapshot_unref(const struct snapshot *snapshot)
{
    struct snapshot *s = counted(snapshot);
    if (!s || atomic_fetch_sub_explicit(&s->references, 1, memory_order_acq_rel) != 1)
        return;
    series_unref(s->steps);
    series_unref(s->measured);
    series_unref(s->events);
    saved_state_unref(s->state);
    saved_state_unref(s->text);
    free((float *)(uintptr_t)s->own_h);
    free(s);
}

bool snapshot_same_items(const struct snapshot *a, const struct snapshot *b)
{
    size_t n = a->n_probe;
    return b->n_probe == n && (n == 0 || memcmp(a->item, b->item, n * sizeof *a->item) == 0);
}

double snapshot_draws(const struct snapshot *snapshot)
{
    const struct setting *draws = settings_find(&snapshot->settings, "draws");
    return draws && draws->value > 0 ? (double)draws->value : (double)snapshot->seed;
}

/* The i-th branching of its run, or NULL. */
static const struct event *branching(const struct snapshot *snapshot, size_t i)
{
    size_t n = snapshot->events ? series_count(snapshot->events) : 0;
    for (size_t j = 0; j < n; j++) {
        const struct event *event = series_at(snapshot->events, j);
        if (event->kind == EVENT_BRANCH && i-- == 0)
            return event;
    }
    return NULL;
}

uint64_t snapshot_parted(const struct snapshot *a, const struct snapshot *b)
{
    for (size_t i = 0;; i++) {
        const struct event *of_a = branching(a, i), *of_b = branching(b, i);
        if (of_a && of_b && of_a->step == of_b->step && strcmp(of_a->text, of_b->text) == 0)
            continue;
        uint64_t step_a = of_a ? of_a->step : UINT64_MAX, step_b = of_b ? of_b->step : UINT64_MAX;
        return step_a < step_b ? step_a : step_b;
    }
}

const struct event *snapshot_branched(const struct snapshot *snapshot)
{
    for (size_t i = snapshot->events ? series_count(snapshot->events) : 0; i > 0; i--) {
        const struct event *event = series_at(snapshot->events, i - 1);
        if (event->kind == EVENT_BRANCH)
            return event;
    }
    return NULL;
}
