/* SPDX-License-Identifier: MIT
 * The training thread and its loop: commands, a step when one is due, sleep otherwise.
 */
#include "train/trainer.h"

#include "base/check.h"
#include "base/clock.h"
#include "train/trainer_parts.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- the raw-pixel yardstick, read beside the training ---- */

struct pixel_thread {
    struct thread *thread;
    const struct probe *probe; /* lent: kept until the thread was joined */
    struct pixel_reading reading;
    atomic_bool done;
};

static void pixels_body(void *argument)
{
    struct pixel_thread *pixels = argument;
    probe_read_pixels(pixels->probe, NULL, &pixels->reading);
    atomic_store_explicit(&pixels->done, true, memory_order_release);
}

static void trainer_pixels_start(struct trainer *trainer)
{
    struct pixel_thread *pixels = xcalloc(1, sizeof *pixels);
    pixels->probe = trainer->probe;
    atomic_init(&pixels->done, false);
    pixels->thread = thread_start("nf-pixels", trainer->options.nice, pixels_body, pixels);
    trainer->pixels = pixels;
}

/* The latest measures get the yardstick at once; rows of the series before it stay as they are. */
static void fill_in(struct trainer *trainer, const struct pixel_reading *reading)
{
    probe_set_pixels(trainer->probe, reading);
    probe_fill_pixels(trainer->probe, &trainer->measures);
    trainer->embedded = false;
}

static void trainer_pixels_collect(struct trainer *trainer, bool wait)
{
    struct pixel_thread *pixels = trainer->pixels;
    if (!pixels || (!wait && !atomic_load_explicit(&pixels->done, memory_order_acquire)))
        return;
    thread_join(pixels->thread);
    fill_in(trainer, &pixels->reading);
    free(pixels);
    trainer->pixels = NULL;
    trainer_publish(trainer);
}

/* Of a probe that goes: waited for, since it is lent the probe, and read by nobody. */
static void pixels_drop(struct trainer *trainer)
{
    if (!trainer->pixels)
        return;
    thread_join(trainer->pixels->thread);
    free(trainer->pixels);
    trainer->pixels = NULL;
}

/* ---- making what is trained ---- */

static bool probe_still_fits(const struct trainer *trainer, const struct config *before)
{
    const struct config *now = learner_config(trainer->learner);
    const struct probe *probe = trainer->probe;
    return probe && before->seed == now->seed && before->bank == now->bank && before->query == now->query &&
           probe_fits(probe, trainer->learner);
}

/* A learner of this config at step 0 and its probe, with the untrained yardstick. */
bool trainer_build(struct trainer *trainer, const struct config *config, struct err *err)
{
    const struct trainer_options *options = &trainer->options;
    struct config before = *config;
    if (trainer->learner)
        before = *learner_config(trainer->learner);
    learner_free(trainer->learner);
    trainer->learner = learner_new(config, options->data, options->split, trainer->pool, err);
    if (!trainer->learner)
        return false;
    trainer->next = *config;
    trainer->embedded = false;
    if (!probe_still_fits(trainer, &before)) {
        pixels_drop(trainer);
        probe_free(trainer->probe);
        trainer->probe = probe_draw(trainer->learner, options->data, options->split, (size_t)config->bank,
                                    (size_t)config->query, trainer->pool, err);
        if (!trainer->probe)
            return false;
        if (trainer->status == TRAIN_PREPARING) /* else it would be taken for one of the run before */
            trainer_publish(trainer);           /* the first map, before anything is measured */
        trainer_pixels_start(trainer);
    }
    probe_untrained(trainer->probe, trainer->learner);
    return true;
}

static void take_events(struct trainer *trainer)
{
    const struct series *events = trainer->options.events;
    for (size_t i = 0; events && i < series_count(events); i++) {
        const struct event *event = series_at(events, i);
        series_append(trainer->events, event);
        watch_recall(&trainer->watch, event);
    }
}

/* The curves of the run that goes on; what passed a yardstick then does not pass it again. */
static void take_curves(struct trainer *trainer)
{
    const struct series *steps = trainer->options.steps, *measured = trainer->options.measured;
    struct watch *watch = &trainer->watch;
    for (size_t i = 0; steps && i < series_count(steps); i++)
        series_append(trainer->steps, series_at(steps, i));
    for (size_t i = 0; measured && i < series_count(measured); i++) {
        const struct measures *row = series_at(measured, i);
        const struct measure *head = &row->item[0];
        series_append(trainer->measured, row);
        bool known = row->n > 0 && row->step > 0;
        watch->passed_untrained = watch->passed_untrained || (known && head->value > head->untrained);
        watch->passed_pixels = watch->passed_pixels || (known && head->value > head->pixels);
    }
    take_events(trainer);
}

static bool prepare(struct trainer *trainer, struct err *err)
{
    const struct trainer_options *options = &trainer->options;
    trainer->pool = pool_new(options->n_threads, options->nice);
    trainer_publish(trainer);
    if (!trainer_build(trainer, &options->config, err))
        return false;
    if (options->resume) {
        take_curves(trainer);
        trainer_publish_past(trainer);
        if (!learner_restore(trainer->learner, options->resume, err))
            return false;
        trainer->next = *learner_config(trainer->learner);
        trainer->embedded = false;
    }
    if (series_count(trainer->events) == 0)
        trainer_event(trainer, EVENT_START, "%s, seed %llu", trainer->next.method->entry.name,
                      (unsigned long long)trainer->next.seed);
    trainer->status = TRAIN_RUNNING;
    trainer_keep_state(trainer);
    trainer_measure(trainer);
    trainer_publish(trainer);
    return true;
}

/* ---- one step ---- */

static void failed(struct trainer *trainer, const struct err *err)
{
    uint64_t step = learner_steps(trainer->learner);
    trainer->failed_at = step + 1;
    bool back = trainer_go_back(trainer);
    trainer_event(trainer, EVENT_FAILED, "%.110s", err->text);
    if (back)
        trainer_say(trainer, "%s; the last good state is step %llu", err->text,
                    (unsigned long long)learner_steps(trainer->learner));
    else
        trainer_say(trainer, "%s; the parameters are those of step %llu", err->text,
                    (unsigned long long)step);
    trainer->status = TRAIN_FAILED;
    trainer_save_run(trainer);
    trainer_publish(trainer);
}

/* What a branch goes over has been seen: the eye waits for where the two can be compared. */
double trainer_pace(const struct trainer *trainer)
{
    bool behind = trainer->learner && learner_steps(trainer->learner) < trainer->catch_up;
    return behind ? 0 : trainer->pace;
}

static void keep_time(struct trainer *trainer)
{
    double now = clock_seconds(), interval = now - trainer->last_step_at;
    if (trainer->last_step_at > 0 && interval < 2)
        trainer->step_interval =
            trainer->step_interval > 0 ? 0.9 * trainer->step_interval + 0.1 * interval : interval;
    trainer->last_step_at = now;
    double pace = trainer_pace(trainer);
    if (pace <= 0)
        return;
    trainer->due += 1 / pace;
    if (trainer->due < now - 1) /* too slow for this pace: do not try to catch up for ever */
        trainer->due = now;
}

/* By the step and the pace that was asked for, never by the clock. */
static bool measuring_due(const struct trainer *trainer, uint64_t step)
{
    uint64_t paced = trainer->options.paced_every;
    uint64_t every = trainer->asked_pace > 0 && paced ? paced : (uint64_t)trainer->next.every;
    return step % every == 0;
}

static void arrive(struct trainer *trainer)
{
    trainer_say(trainer, "caught up at step %llu: from here on at its pace",
                (unsigned long long)trainer->catch_up);
    trainer->catch_up = 0;
}

static void after_step(struct trainer *trainer)
{
    uint64_t step = learner_steps(trainer->learner);
    bool arrived = step == trainer->catch_up;
    if (arrived)
        arrive(trainer);
    trainer->embedded = false;
    if (measuring_due(trainer, step)) {
        trainer_measure(trainer);
        trainer_keep_state(trainer);
        trainer_save_now_and_then(trainer);
    }
    bool halt = trainer->until && step >= trainer->until;
    if (halt)
        trainer->status = TRAIN_DONE;
    if (trainer->single_steps && --trainer->single_steps == 0 && !halt) {
        trainer->status = TRAIN_PAUSED;
        halt = true;
    }
    if (halt || arrived || trainer_publish_due(trainer))
        trainer_publish(trainer);
}

static void train_one(struct trainer *trainer)
{
    struct step_row row;
    struct err err;
    if (!learner_step(trainer->learner, &row, &err)) {
        failed(trainer, &err);
        return;
    }
    if (trainer->candidate) { /* the step went well from it */
        saved_state_unref(trainer->good);
        trainer->good = trainer->candidate;
        trainer->candidate = NULL;
    }
    struct batch_view batch = learner_batch(trainer->learner);
    recent_add(&trainer->recent, &batch, learner_steps(trainer->learner));
    series_append(trainer->steps, &row);
    keep_time(trainer);
    after_step(trainer);
}

/* ---- the loop ---- */

/* Seconds until there is something to do besides commands. */
static double time_left(const struct trainer *trainer)
{
    if (trainer->status != TRAIN_RUNNING)
        return fmin(trainer->pixels ? 0.05 : 3600, 0.01 + trainer_save_due(trainer));
    if (trainer_pace(trainer) <= 0 || trainer->single_steps)
        return 0;
    return fmax(0, trainer->due - clock_seconds());
}

/* What has come in; does it show at once? A steady trainer makes no moment of a step only because the screen
 * looks at another item just then: which step that is the clock says. */
static bool obey_commands(struct trainer *trainer)
{
    bool shows = false;
    struct command command;
    while (!trainer->stop && commands_take(trainer->options.commands, &command)) {
        bool waits = trainer->options.steady && command.kind == COMMAND_INSPECT;
        trainer_carry_out(trainer, &command);
        shows = shows || !waits || trainer->status != TRAIN_RUNNING;
    }
    return shows;
}

static void loop(struct trainer *trainer)
{
    while (!trainer->stop) {
        bool shows = obey_commands(trainer);
        if (trainer->stop)
            break;
        if (shows)
            trainer_publish(trainer);
        trainer_pixels_collect(trainer, trainer->options.steady);
        if (trainer->status != TRAIN_RUNNING)
            trainer_save_now_and_then(trainer);
        double left = time_left(trainer);
        if (left > 0)
            commands_wait(trainer->options.commands, left);
        else
            train_one(trainer);
    }
}

static void body(void *argument)
{
    struct trainer *trainer = argument;
    struct err err;
    if (!prepare(trainer, &err)) {
        trainer->status = TRAIN_FAILED;
        trainer_say(trainer, "%s", err.text);
        trainer_publish(trainer);
    }
    loop(trainer);
    if (trainer->learner)
        trainer_save_run(trainer);
    trainer_pixels_collect(trainer, true);
    trainer_publish(trainer); /* the last word: where it ended */
    atomic_store(&trainer->ended, true);
}

/* ---- from outside ---- */

struct trainer *trainer_start(const struct trainer_options *options)
{
    struct trainer *trainer = xcalloc(1, sizeof *trainer);
    trainer->options = *options;
    trainer->next = options->config;
    trainer->pace = trainer->asked_pace = options->steady ? 0 : options->pace;
    trainer->until = options->until;
    trainer->inspected = UINT32_MAX;
    trainer->status = TRAIN_PREPARING;
    atomic_init(&trainer->ended, false);
    atomic_init(&trainer->leaving, false);
    if (options->resume)
        saved_state_ref(options->resume);
    trainer_begin_series(trainer, 0);
    trainer->thread = thread_start("nf-trainer", options->nice, body, trainer);
    return trainer;
}

bool trainer_join(struct trainer *trainer, struct err *err)
{
    struct command stop = {.kind = COMMAND_STOP};
    atomic_store(&trainer->leaving, true);
    while (!atomic_load(&trainer->ended) && !commands_put(trainer->options.commands, &stop))
        clock_sleep(0.002); /* the queue is full: it is being worked off */
    thread_join(trainer->thread);
    bool fine = !trainer->save_failed;
    if (!fine)
        *err = trainer->save_err;
    watch_release(&trainer->watch);
    recent_release(&trainer->recent);
    probe_free(trainer->probe);
    learner_free(trainer->learner);
    pool_free(trainer->pool);
    saved_state_unref(trainer->good);
    saved_state_unref(trainer->candidate);
    saved_state_unref(trainer->published_state);
    saved_state_unref(trainer->options.resume);
    series_unref(trainer->steps);
    series_unref(trainer->measured);
    series_unref(trainer->events);
    free(trainer);
    return fine;
}
