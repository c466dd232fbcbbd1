/* SPDX-License-Identifier: MIT */
#include "app/way.h"

#include "app/save.h"
#include "base/check.h"
#include "run/batch.h"

#include <stdlib.h>
#include <string.h>

void way_begin(struct way *way, const struct learner *learner, const struct dataset *data, bool resumed)
{
    const struct config *config = learner_config(learner);
    *way = (struct way){.data = data, .every = (uint64_t)config->every};
    way->events = series_new(sizeof(struct event));
    if (!resumed)
        event_add(way->events, 0, EVENT_START, "%s, seed %llu", config->method->entry.name,
                  (unsigned long long)config->seed);
}

/* ---- kept steps ---- */

/* Of so many measurings one is kept, when the training is at `step`. */
static uint64_t stride_at(const struct way *way, uint64_t step)
{
    uint64_t stride = 1;
    size_t room = past_room(way->past.n, way->past.d);
    while (step / way->every / stride > room)
        stride *= 2;
    return stride;
}

static void drop_odd_ones(struct past *past, uint64_t span)
{
    size_t out = 0;
    for (size_t i = 0; i < past->n_moments; i++) {
        if (past->moment[i].step % span == 0)
            past->moment[out++] = past->moment[i];
        else
            free((void *)(uintptr_t)past->moment[i].h);
    }
    past->n_moments = out;
}

/* The first follows from the seed. */
static void keep(struct way *way, uint64_t step, const struct probe *probe, size_t d)
{
    struct past *past = &way->past;
    probe_items(probe, &past->n);
    past->d = d;
    if (step == 0 || past_room(past->n, past->d) == 0)
        return;
    uint64_t span = way->every * stride_at(way, step);
    drop_odd_ones(past, span);
    if (step % span != 0)
        return;
    float *h = xaligned(past->n * d, sizeof *h);
    memcpy(h, probe_h(probe), past->n * d * sizeof *h);
    past->moment = xrealloc(past->moment, past->n_moments + 1, sizeof *past->moment);
    past->moment[past->n_moments++] = (struct past_moment){.step = step, .h = h};
}

/* ---- the way ---- */

/* Events of steps that will be made again are told again. */
static void recall_events(struct way *way, const char *folder, const struct record *record, uint64_t step)
{
    struct series *all = series_new(sizeof(struct event));
    record_events(record, folder, all);
    for (size_t i = 0; i < series_count(all); i++) {
        const struct event *event = series_at(all, i);
        if (event->step > step)
            continue;
        series_append(way->events, event);
        watch_recall(&way->watch, event);
    }
    series_unref(all);
}

void way_resume(struct way *way, const char *folder, const struct record *record,
                const struct learner *learner, const struct probe *probe)
{
    struct moved ignored;
    size_t n;
    uint64_t step = learner_steps(learner);
    recall_events(way, folder, record, step);
    probe_items(probe, &n);
    past_read(&way->past, folder, n);
    if (way->past.n_moments > 0 && way->past.d != learner_dim_h(learner))
        past_release(&way->past);
    past_cut(&way->past, step ? step - 1 : 0);
    keep(way, step, probe, learner_dim_h(learner));
    moves_read(&way->watch.moves, probe, step, &ignored); /* what the next is compared with */
}

void way_measured(struct way *way, const struct learner *learner, const struct probe *probe,
                  const struct measures *measures)
{
    struct watched now = {learner, probe, way->data, measures};
    watch_look(&way->watch, &now, way->events);
    keep(way, measures->step, probe, learner_dim_h(learner));
}

static bool save_batch(const char *folder, const struct learner *learner, struct err *err)
{
    struct batch_view last = learner_batch(learner);
    size_t values = last.n * last.dim_z;
    float *z = xcalloc(2 * values + 1, sizeof *z);
    for (int view = 0; view < 2 && last.n; view++)
        to_floats(last.z[view], values, z + (size_t)view * values);
    struct kept_batch batch = {last.n,          last.dim_z,     last.item,
                               {z, z + values}, last.pair_loss, last.pair_weight};
    bool fine = batch_write(folder, &batch, err);
    free(z);
    return fine;
}

/* The step it stands at is the run itself. */
bool way_save(const struct way *way, const char *folder, const struct learner *learner, struct err *err)
{
    struct past past = way->past;
    if (past.n_moments > 0 && past.moment[past.n_moments - 1].step == learner_steps(learner))
        past.n_moments--;
    return past_write_events(folder, way->events, err) && past_write(folder, &past, err) &&
           save_batch(folder, learner, err);
}

void way_release(struct way *way)
{
    series_unref(way->events);
    watch_release(&way->watch);
    past_release(&way->past);
}
