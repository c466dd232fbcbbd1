/* SPDX-License-Identifier: MIT
 * What commands do.
 */
#include "base/check.h"
#include "base/clock.h"
#include "train/config_fields.h"
#include "train/trainer_parts.h"

#include <stdio.h>
#include <string.h>

/* ---- series ---- */

/* Every row of a series starts with its step. */
static struct series *fresh_series(const struct series *from, size_t row_bytes, uint64_t last_step)
{
    struct series *to = series_new(row_bytes);
    size_t n = from ? series_count(from) : 0;
    for (size_t i = 0; i < n; i++) {
        const void *row = series_at(from, i);
        if (*(const uint64_t *)row <= last_step)
            series_append(to, row);
    }
    return to;
}

static void replace(struct series **series, size_t row_bytes, uint64_t last_step, bool keep)
{
    struct series *fresh = fresh_series(keep ? *series : NULL, row_bytes, last_step);
    series_unref(*series);
    *series = fresh;
}

void trainer_begin_series(struct trainer *trainer, uint64_t last_step)
{
    bool keep = trainer->steps != NULL && last_step > 0;
    replace(&trainer->steps, sizeof(struct step_row), last_step, keep);
    replace(&trainer->measured, sizeof(struct measures), last_step, keep);
    replace(&trainer->events, sizeof(struct event), last_step, keep);
}

/* ---- going back ---- */

bool trainer_go_back(struct trainer *trainer)
{
    struct err err;
    if (!trainer->good || !learner_restore(trainer->learner, trainer->good, &err))
        return false;
    trainer->next = *learner_config(trainer->learner);
    trainer->embedded = false;
    saved_state_unref(trainer->candidate);
    trainer->candidate = NULL;
    trainer_begin_series(trainer, learner_steps(trainer->learner));
    return true;
}

static void recall(struct trainer *trainer)
{
    if (trainer->status != TRAIN_FAILED || !trainer->learner) {
        trainer_say(trainer, "nothing failed: there is nothing to go back from");
        return;
    }
    trainer->status = TRAIN_PAUSED;
    trainer->failed_at = 0;
    trainer_say(trainer, "at step %llu, with its settings: Space goes on",
                (unsigned long long)learner_steps(trainer->learner));
}

static void reset_marks(struct trainer *trainer)
{
    for (size_t i = 0; i < SETTINGS_MAX; i++)
        trainer->next.changed_at[i] = -1;
    watch_forget(&trainer->watch);
    trainer->until = trainer->single_steps = trainer->catch_up = trainer->failed_at = 0;
    saved_state_unref(trainer->good);
    saved_state_unref(trainer->candidate);
    saved_state_unref(trainer->published_state);
    trainer->good = trainer->candidate = trainer->published_state = NULL;
}

/* If the new settings make no network, the old run is put back as it was. */
static void restart(struct trainer *trainer, bool paused)
{
    struct err err, again;
    struct config wanted = trainer->next, before = *learner_config(trainer->learner);
    struct saved_state *state = learner_save(trainer->learner);
    for (size_t i = 0; i < SETTINGS_MAX; i++)
        wanted.changed_at[i] = -1;
    wanted.method_since = 0;
    if (!trainer_build(trainer, &wanted, &err)) {
        CHECK(trainer_build(trainer, &before, &again) && learner_restore(trainer->learner, state, &again));
        saved_state_unref(state);
        trainer_say(trainer, "no restart: %.200s", err.text);
        return;
    }
    saved_state_unref(state);
    reset_marks(trainer);
    trainer_begin_series(trainer, 0);
    trainer->run++;
    trainer_event(trainer, EVENT_START, "%s, seed %llu", wanted.method->entry.name,
                  (unsigned long long)wanted.seed);
    trainer->status = paused ? TRAIN_PAUSED : TRAIN_RUNNING;
    trainer->due = clock_seconds();
    trainer_keep_state(trainer);
    trainer_measure(trainer);
}

/* ---- another method on the running encoder ---- */

/* States of the method before cannot be gone back to without it. */
static void forget_states(struct trainer *trainer)
{
    saved_state_unref(trainer->good);
    saved_state_unref(trainer->candidate);
    trainer->good = trainer->candidate = NULL;
    trainer->watch.collapse[0] = '\0';
    trainer_keep_state(trainer);
}

static bool make_learner(struct trainer *trainer, const char *name, struct err *err)
{
    const struct trainer_options *options = &trainer->options;
    struct learner *old = trainer->learner;
    struct config wanted = *learner_config(old);
    if (!config_change(&wanted, "method", name, learner_steps(old), false, err))
        return false;
    struct learner *learner = learner_new(&wanted, options->data, options->split, trainer->pool, err);
    if (!learner)
        return false;
    probe_refit(trainer->probe, learner);
    watch_release(&trainer->watch); /* two views are alike in another z now */
    probe_untrained(trainer->probe, learner);
    learner_take_trunk(learner, old);
    learner_free(old);
    recent_forget(&trainer->recent); /* their z is of other heads */
    trainer->learner = learner;
    trainer->embedded = false;
    return true;
}

/* Settings that wait for a restart go on waiting. */
static void switch_method(struct trainer *trainer, const char *name)
{
    struct err err;
    uint64_t step = learner_steps(trainer->learner);
    const struct method *before = learner_config(trainer->learner)->method;
    if (strcmp(name, before->entry.name) == 0) {
        trainer_say(trainer, "method: it is %s already", name);
        return;
    }
    if (!make_learner(trainer, name, &err)) {
        trainer_say(trainer, "method stays %s: %s", before->entry.name, err.text);
        return;
    }
    const struct method *now = learner_config(trainer->learner)->method;
    char parts[160];
    method_parts(now, parts, sizeof parts);
    CHECK(config_change(&trainer->next, "method", name, step, true, &err));
    trainer->next.method_since = step;
    forget_states(trainer);
    trainer_event(trainer, EVENT_SETTING, "method %s → %s: trunk goes on, new %s", before->entry.name,
                  now->entry.name, parts);
    trainer_say(trainer,
                "%s from step %llu on: the trunk goes on with its moments; new: %s   R: from the start",
                now->entry.name, (unsigned long long)step, parts);
}

/* ---- settings ---- */

static void setting_text(const struct config *config, const char *name, char *label, char *text, size_t size)
{
    struct settings settings;
    config_settings(config, 3, &settings);
    const struct setting *setting = settings_find(&settings, name);
    snprintf(label, size, "%s", setting ? setting->label : name);
    snprintf(text, size, "%.90s", setting ? setting->text : "");
}

static void note_change(struct trainer *trainer, const struct config *before, const char *name)
{
    char label[96], old[96], new[96];
    setting_text(before, name, label, old, sizeof old);
    setting_text(&trainer->next, name, label, new, sizeof new);
    if (strcmp(old, new) != 0)
        trainer_event(trainer, EVENT_SETTING, "%.24s %.40s → %.40s", label, old, new);
    else if (strcmp(name, "augment") == 0)
        trainer_event(trainer, EVENT_SETTING, "augmentations changed");
}

/* With the next restart: kept in the settings as they stand, while the learner goes on as it is. */
static void set_for_later(struct trainer *trainer, const struct command *command)
{
    struct err err;
    uint64_t step = learner_steps(trainer->learner);
    if (config_change(&trainer->next, command->name, command->text, step, true, &err))
        trainer_say(trainer, "%s is %s from the next start on: press R", command->name, command->text);
    else
        trainer_say(trainer, "%s", err.text);
}

static bool waits_for_restart(const struct trainer *trainer, const char *name)
{
    bool restart;
    config_slot(&trainer->next, name, &restart);
    return restart;
}

static void set(struct trainer *trainer, const struct command *command)
{
    struct err err;
    struct config before = trainer->next;
    if (strcmp(command->name, "method") == 0) {
        switch_method(trainer, command->text);
        return;
    }
    if (waits_for_restart(trainer, command->name)) {
        set_for_later(trainer, command);
    } else if (!learner_set(trainer->learner, command->name, command->text, &err)) {
        trainer_say(trainer, "%s", err.text);
    } else {
        CHECK(config_change(&trainer->next, command->name, command->text, learner_steps(trainer->learner),
                            true, &err));
        note_change(trainer, &before, command->name);
        if (strcmp(command->name, "every") == 0)
            trainer->options.paced_every = 0;
    }
}

/* ---- the rest ---- */

static void live(struct trainer *trainer)
{
    trainer->options.steady = false;
    trainer->pace = trainer->asked_pace;
}

/* Without running: what a steady trainer is told, which keeps none. */
static void set_pace(struct trainer *trainer, double pace)
{
    trainer->asked_pace = pace;
    if (!trainer->options.steady)
        trainer->pace = pace;
}

static void keep_moment(struct trainer *trainer)
{
    saved_state_unref(trainer->published_state);
    trainer->published_state = learner_save(trainer->learner);
}

static void run(struct trainer *trainer, double pace)
{
    if (trainer->status == TRAIN_FAILED) {
        trainer_say(trainer, "it has failed: go back to the last good state first, or restart with R");
        return;
    }
    if (pace >= 0) {
        trainer->pace = trainer->asked_pace = pace;
        trainer->catch_up = 0;
    }
    if (trainer->status == TRAIN_DONE)
        trainer->until = 0;
    trainer->status = TRAIN_RUNNING;
    trainer->single_steps = 0;
    trainer->due = clock_seconds();
    trainer->last_step_at = 0;
}

static void pause(struct trainer *trainer)
{
    if (trainer->status == TRAIN_RUNNING)
        trainer->status = TRAIN_PAUSED;
    trainer->single_steps = 0;
}

static void single(struct trainer *trainer, double n)
{
    if (n < 1 || trainer->status == TRAIN_FAILED)
        return;
    run(trainer, -1);
    trainer->single_steps = (uint64_t)n;
}

static void inspect_item(struct trainer *trainer, double row)
{
    bool some = row >= 0 && row < (double)trainer->options.data->n;
    trainer->inspected = some ? (uint32_t)row : UINT32_MAX;
}

static void save(struct trainer *trainer)
{
    if (!trainer->options.save)
        trainer_say(trainer, "this run has no folder to be saved in");
    trainer_save_run(trainer); /* who asked for it says so where it was written */
}

static void carry_out(struct trainer *trainer, const struct command *command)
{
    switch (command->kind) {
    case COMMAND_RUN: run(trainer, command->number); break;
    case COMMAND_PAUSE: pause(trainer); break;
    case COMMAND_STEP: single(trainer, command->number); break;
    case COMMAND_SET: set(trainer, command); break;
    case COMMAND_RESTART: restart(trainer, command->paused); break;
    case COMMAND_INSPECT: inspect_item(trainer, command->number); break;
    case COMMAND_SAVE: save(trainer); break;
    case COMMAND_RECALL: recall(trainer); break;
    case COMMAND_BRANCH: trainer_branch(trainer, command); break;
    case COMMAND_PACE: set_pace(trainer, command->number); break;
    case COMMAND_KEEP: keep_moment(trainer); break;
    case COMMAND_LIVE: live(trainer); break;
    case COMMAND_STOP: break;
    }
}

void trainer_carry_out(struct trainer *trainer, const struct command *command)
{
    bool begun = trainer->learner && trainer->probe; /* if not, the message says why */
    struct carried *carried = &trainer->carried[command->seq % CARRIED_KEPT];
    *carried = (struct carried){command->seq, begun ? learner_steps(trainer->learner) : 0, trainer->run, 0};
    trainer->command_seq = command->seq;
    trainer->stop = trainer->stop || command->kind == COMMAND_STOP;
    if (begun)
        carry_out(trainer, command);
    carried->next_run = trainer->run;
    command_release(command);
}
