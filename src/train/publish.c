/* SPDX-License-Identifier: MIT
 * What the trainer tells: measures, events, snapshots, and the run when it is to be written.
 */
#include "base/check.h"
#include "base/clock.h"
#include "base/strbuf.h"
#include "train/texts.h"
#include "train/trainer_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

void trainer_say(struct trainer *trainer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(trainer->message, sizeof trainer->message, format, arguments);
    va_end(arguments);
    text_whole(trainer->message);
    trainer->message_seq++;
}

void trainer_event(struct trainer *trainer, enum event_kind kind, const char *format, ...)
{
    char text[sizeof((struct event *)0)->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    event_add(trainer->events, trainer->learner ? learner_steps(trainer->learner) : 0, kind, "%s", text);
}

/* ---- measures ---- */

/* Of a run that goes on: what is of its last batch, which is gone, is as it was then. */
static void recall_batch(struct trainer *trainer)
{
    const struct measures *then = trainer->options.then;
    for (int i = 0;
         trainer->run == 0 && then && then->step == trainer->measures.step && i < trainer->measures.n; i++) {
        struct measure *m = &trainer->measures.item[i];
        const struct measure *was = measures_find(then, m->term, m->column);
        if (isnan(m->value) && was)
            m->value = was->value;
    }
}

void trainer_measure(struct trainer *trainer)
{
    if (learner_steps(trainer->learner) == 0)
        probe_measures_untrained(trainer->probe, &trainer->measures);
    else
        probe_measure(trainer->probe, trainer->learner, &trainer->measures);
    trainer->embedded = true;
    recall_batch(trainer);
    series_append(trainer->measured, &trainer->measures);
    struct watched now = {trainer->learner, trainer->probe, trainer->options.data, &trainer->measures};
    watch_look(&trainer->watch, &now, trainer->events);
}

void trainer_keep_state(struct trainer *trainer)
{
    saved_state_unref(trainer->candidate);
    trainer->candidate = learner_save(trainer->learner);
}

/* ---- snapshots ---- */

/* Time spent only to be looked at: three hundredths at full speed, up to half where the pace leaves it idle.
 */
bool trainer_publish_due(const struct trainer *trainer)
{
    if (trainer->options.steady)
        return trainer->embedded;
    double share = trainer_pace(trainer) > 0 ? 0.5 : 0.03;
    double rest = trainer->embedded ? 0 : trainer->display_seconds / share;
    return clock_seconds() - trainer->published_at >= fmax(0.045, rest);
}

/* The arrays are const for readers; until publication their maker writes. */
static void *writable(const void *array)
{
    return (void *)(uintptr_t)array;
}

static void copy(const void *to, const void *from, size_t n, size_t size)
{
    if (n > 0)
        memcpy(writable(to), from, n * size);
}

static size_t values_in(const struct readout *readout)
{
    return (size_t)readout->rows * (size_t)readout->columns;
}

/* What the method shows; each keeps its place in the snapshot's memory. */
static void copy_readouts(struct snapshot *snapshot, const struct readout *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float *place = snapshot->readout[i].value;
        copy(place, from[i].value, values_in(&from[i]), sizeof(float));
        snapshot->readout[i] = from[i];
        snapshot->readout[i].value = place;
    }
    snapshot->n_readouts = (int)n;
}

static struct snapshot_sizes sizes_for(const struct trainer *trainer, const struct batch_view *batch,
                                       const struct readout *readout, size_t n_readouts)
{
    struct snapshot_sizes sizes = {0};
    if (!trainer->probe || !trainer->learner)
        return sizes;
    const struct dataset *data = trainer->options.data;
    probe_items(trainer->probe, &sizes.n_probe);
    probe_bank_items(trainer->probe, &sizes.n_bank);
    sizes.n_bank = sizes.n_bank < MAP_BANK ? sizes.n_bank : MAP_BANK;
    sizes.dim_h = learner_dim_h(trainer->learner);
    sizes.dim_z = learner_dim_z(trainer->learner);
    sizes.n_batch = batch->n;
    sizes.pairs = batch->pair_loss != NULL;
    for (size_t i = 0; i < n_readouts; i++)
        sizes.readout_values[i] = values_in(&readout[i]);
    if (trainer->inspected != UINT32_MAX)
        sizes.view_values = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
    return sizes;
}

static void copy_probe(struct snapshot *snapshot, const struct probe *probe)
{
    size_t n;
    copy(snapshot->item, probe_items(probe, &n), snapshot->n_probe, sizeof(uint32_t));
    copy(snapshot->bank_item, probe_bank_items(probe, &n), snapshot->n_bank, sizeof(uint32_t));
    copy(snapshot->h, probe_h(probe), snapshot->n_probe * snapshot->dim_h, sizeof(float));
    copy(snapshot->z, probe_z(probe), snapshot->n_probe * snapshot->dim_z, sizeof(float));
    copy(snapshot->bank_h, probe_bank_h(probe), snapshot->n_bank * snapshot->dim_h, sizeof(float));
}

static void copy_batch(struct snapshot *snapshot, const struct batch_view *batch)
{
    copy(snapshot->batch_item, batch->item, batch->n, sizeof(uint32_t));
    for (int view = 0; view < 2 && batch->n; view++)
        to_floats(batch->z[view], batch->n * batch->dim_z, writable(snapshot->batch_z[view]));
    if (batch->pair_loss)
        copy(snapshot->pair_loss, batch->pair_loss, batch->n, sizeof(float));
    if (batch->pair_loss && batch->pair_weight)
        copy(snapshot->pair_weight, batch->pair_weight, batch->n, sizeof(float));
}

/* The two views are drawn behind each other, then put where the snapshot has room for each. */
static void inspect(struct trainer *trainer, struct snapshot *snapshot)
{
    const struct dataset *data = trainer->options.data;
    size_t values = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
    const float *place[2] = {snapshot->inspected.view[0], snapshot->inspected.view[1]};
    const float *place_z[2] = {snapshot->inspected.z[0], snapshot->inspected.z[1]};
    float *views = xaligned(2 * (values + snapshot->dim_z), sizeof(float));
    learner_inspect(trainer->learner, trainer->inspected, views, &snapshot->inspected);
    for (size_t view = 0; view < 2; view++) {
        copy(place[view], views + view * values, values, sizeof(float));
        snapshot->inspected.view[view] = place[view];
        copy(place_z[view], views + 2 * values + view * snapshot->dim_z, snapshot->dim_z, sizeof(float));
        snapshot->inspected.z[view] = place_z[view];
    }
    recent_look(&trainer->recent, snapshot->step, labels_pulled(&snapshot->settings.contrast, data),
                &snapshot->inspected);
    free(views);
}

/* Of a run that goes on and has not yet made a step: the batch it had. */
static const struct kept_batch *kept_batch(const struct trainer *trainer, const struct batch_view *batch)
{
    const struct kept_batch *kept = trainer->options.batch;
    const struct saved_state *resume = trainer->options.resume;
    bool fits = kept && resume && trainer->learner && batch->n == 0 && trainer->run == 0 &&
                learner_steps(trainer->learner) == saved_state_step(resume) &&
                learner_dim_z(trainer->learner) == kept->dim_z && trainer->probe;
    return fits && kept->n > 0 ? kept : NULL;
}

static void fill_status(const struct trainer *trainer, struct snapshot *snapshot)
{
    double rate = trainer->step_interval > 0 ? 1 / trainer->step_interval : 0;
    snapshot->step = trainer->learner ? learner_steps(trainer->learner) : 0;
    snapshot->command_seq = trainer->command_seq;
    memcpy(snapshot->carried, trainer->carried, sizeof snapshot->carried);
    snapshot->failed_at = trainer->failed_at;
    snapshot->status = trainer->status;
    memcpy(snapshot->message, trainer->message, sizeof snapshot->message);
    snapshot->message_bad = trainer->save_failed;
    memcpy(snapshot->collapse, trainer->watch.collapse, sizeof snapshot->collapse);
    snapshot->message_seq = trainer->message_seq;
    snapshot->seed = trainer->next.seed;
    snapshot->run = trainer->run;
    snapshot->pace = trainer_pace(trainer);
    snapshot->catch_up = trainer->catch_up > snapshot->step ? trainer->catch_up : 0;
    snapshot->steps_per_s = rate;
    snapshot->pairs_per_s = rate * trainer->next.batch;
    config_settings(&trainer->next, trainer->options.data->channels, &snapshot->settings);
    snapshot->measures = trainer->measures;
    snapshot->steps = series_ref(trainer->steps);
    snapshot->measured = series_ref(trainer->measured);
    snapshot->events = series_ref(trainer->events);
}

static bool is_of_step(const struct saved_state *state, uint64_t step)
{
    return state && saved_state_step(state) == step;
}

/* A state that there is goes with every snapshot of its step (the last of them is the one that is kept); else
 * one is taken now and then. */
static struct saved_state *state_to_publish(struct trainer *trainer)
{
    uint64_t step = learner_steps(trainer->learner);
    if (is_of_step(trainer->candidate, step))
        return saved_state_ref(trainer->candidate);
    if (is_of_step(trainer->published_state, step))
        return saved_state_ref(trainer->published_state);
    if (trainer->published++ % STATE_EVERY != 0)
        return NULL;
    saved_state_unref(trainer->published_state);
    trainer->published_state = learner_save(trainer->learner);
    return saved_state_ref(trainer->published_state);
}

static struct snapshot *make_snapshot(struct trainer *trainer, bool with_state)
{
    struct batch_view batch = {0};
    if (trainer->learner)
        batch = learner_batch(trainer->learner);
    struct readout readout[READOUTS_MAX];
    size_t n_readouts = trainer->learner ? learner_readouts(trainer->learner, readout, READOUTS_MAX) : 0;
    struct snapshot_sizes sizes = sizes_for(trainer, &batch, readout, n_readouts);
    const struct kept_batch *kept = kept_batch(trainer, &batch);
    if (kept) {
        sizes.n_batch = kept->n;
        sizes.pairs = kept_batch_has_losses(kept);
    }
    struct snapshot *snapshot = snapshot_new(&sizes);
    fill_status(trainer, snapshot);
    if (sizes.n_probe == 0)
        return snapshot;
    if (!trainer->embedded)
        probe_embed(trainer->probe, trainer->learner, MAP_BANK);
    trainer->embedded = true;
    copy_probe(snapshot, trainer->probe);
    if (kept)
        snapshot_take_batch(snapshot, kept);
    else
        copy_batch(snapshot, &batch);
    copy_readouts(snapshot, readout, n_readouts);
    if (trainer->inspected != UINT32_MAX)
        inspect(trainer, snapshot);
    if (with_state)
        snapshot->state = state_to_publish(trainer);
    snapshot->text = texts_save(trainer->learner);
    return snapshot;
}

/* Until the screen has taken the last snapshot, or nobody will any more. */
static void wait_for_screen(const struct trainer *trainer)
{
    while (mailbox_is_full(trainer->options.mailbox) && !atomic_load(&trainer->leaving))
        clock_sleep(0.001);
}

/* The measures of a step that the curves have. */
static struct measures measured_at(const struct trainer *trainer, uint64_t step)
{
    struct measures none = {.step = step};
    for (size_t i = 0, n = series_count(trainer->measured); i < n; i++) {
        const struct measures *row = series_at(trainer->measured, i);
        if (row->step == step)
            return *row;
    }
    return none;
}

/* None may be passed over: each waits until the one before is taken. */
static void publish_moment(struct trainer *trainer, struct snapshot *snapshot, uint64_t step)
{
    snapshot->step = step;
    snapshot->status = TRAIN_PAUSED;
    snapshot->more = true;
    snapshot->measures = measured_at(trainer, step);
    wait_for_screen(trainer);
    mailbox_publish(trainer->options.mailbox, snapshot);
}

void trainer_publish_past(struct trainer *trainer)
{
    const struct trainer_options *o = &trainer->options;
    size_t n;
    const uint32_t *items = probe_items(trainer->probe, &n);
    publish_moment(trainer, make_snapshot(trainer, false), 0);
    if (n != o->past_rows || learner_dim_h(trainer->learner) != o->past_columns)
        return;
    for (size_t i = 0; i < o->n_past; i++) {
        struct snapshot_sizes sizes = {.n_probe = n, .dim_h = o->past_columns};
        struct snapshot *s = snapshot_new(&sizes);
        fill_status(trainer, s);
        copy(s->item, items, n, sizeof *items);
        copy(s->h, o->past[i].h, n * sizes.dim_h, sizeof(float));
        publish_moment(trainer, s, o->past[i].step);
    }
}

void trainer_publish(struct trainer *trainer)
{
    if (trainer->options.steady)
        wait_for_screen(trainer);
    double start = clock_seconds();
    bool fresh = !trainer->embedded;
    mailbox_publish(trainer->options.mailbox, make_snapshot(trainer, true));
    trainer->published_at = clock_seconds();
    if (fresh)
        trainer->display_seconds = trainer->published_at - start;
}

/* ---- the run on disk ---- */

static bool write_run(struct trainer *trainer)
{
    struct snapshot *snapshot = make_snapshot(trainer, false);
    struct err err;
    double start = clock_seconds();
    trainer->save_failed =
        !trainer->options.save(trainer->options.save_ctx, trainer->learner, snapshot, &err);
    snapshot_unref(snapshot);
    trainer->saved_at = clock_seconds();
    trainer->saved_step = learner_steps(trainer->learner);
    trainer->saved_run = trainer->run;
    trainer->save_seconds = trainer->saved_at - start;
    if (trainer->save_failed)
        trainer->save_err = err;
    return !trainer->save_failed;
}

void trainer_save_run(struct trainer *trainer)
{
    if (!trainer->options.save)
        return;
    if (write_run(trainer))
        trainer_event(trainer, EVENT_SAVED, "saved");
    else
        trainer_say(trainer, "not saved: %s", trainer->save_err.text);
}

/* Is there anything that is not written yet? */
static bool something_new(const struct trainer *trainer)
{
    if (!trainer->options.saves || trainer->options.steady || !trainer->learner || !trainer->probe)
        return false;
    uint64_t step = learner_steps(trainer->learner);
    return step > 0 && (step != trainer->saved_step || trainer->run != trainer->saved_run);
}

double trainer_save_due(const struct trainer *trainer)
{
    double rest = fmax(SAVE_REST_LEAST, SAVE_REST_SHARE * trainer->save_seconds);
    if (!something_new(trainer))
        return (double)INFINITY;
    return trainer->saved_at == 0 ? 0 : fmax(0, trainer->saved_at + rest - clock_seconds());
}

void trainer_save_now_and_then(struct trainer *trainer)
{
    bool failed_before = trainer->save_failed;
    if (trainer_save_due(trainer) > 0)
        return;
    if (!write_run(trainer) && !failed_before)
        trainer_say(trainer, "the run is not kept so far: %s", trainer->save_err.text);
}
