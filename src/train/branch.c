/* SPDX-License-Identifier: MIT
 * Going on from an earlier moment of this run or of another one.
 */
#include "base/clock.h"
#include "train/trainer_parts.h"

#include <stdio.h>
#include <string.h>

/* Settings as they stood, as far as they can be changed without another network. */
static void keep_settings(struct trainer *trainer, const struct config *wanted)
{
    struct settings before, after;
    struct err not_live;
    int channels = trainer->options.data->channels;
    config_settings(learner_config(trainer->learner), channels, &before);
    config_settings(wanted, channels, &after);
    for (int i = 0; i < after.n; i++) {
        const struct setting *to = &after.item[i], *from = settings_find(&before, to->name);
        if (from && strcmp(from->text, to->text) != 0)
            learner_set(trainer->learner, to->name, to->text, &not_live);
    }
}

/* What the branch is to have of its own; false: not all of it can be. */
static bool take_changes(struct trainer *trainer, const struct command *command, struct err *err)
{
    bool all = true;
    struct err refused;
    for (int i = 0; i < command->n_changes; i++)
        if (!learner_set(trainer->learner, command->change[i].name, command->change[i].text, &refused)) {
            *err = refused;
            all = false;
        }
    return all;
}

/* "temperature 0.2 → 0.5, batch 256 → 128"; "same settings". */
static void what_differs(const struct trainer *trainer, const struct config *before, char *text, size_t size)
{
    struct settings was, is;
    int channels = trainer->options.data->channels;
    config_settings(before, channels, &was);
    config_settings(learner_config(trainer->learner), channels, &is);
    settings_difference(&was, &is, text, size);
    if (!*text)
        snprintf(text, size, "same settings");
}

/* The rows of that moment's run up to the step: the new run's curves begin with them. */
static void take_series(struct trainer *trainer, const struct snapshot *from, uint64_t step)
{
    struct {
        struct series **mine, *its;
    } all[] = {{&trainer->steps, from->steps},
               {&trainer->measured, from->measured},
               {&trainer->events, from->events}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct series *before = *all[i].mine;
        *all[i].mine = series_ref(all[i].its);
        series_unref(before);
    }
    trainer_begin_series(trainer, step);
}

static void take_measures(struct trainer *trainer)
{
    size_t n = series_count(trainer->measured);
    if (n > 0) {
        trainer->measures = *(const struct measures *)series_at(trainer->measured, n - 1);
        probe_fill_pixels(trainer->probe, &trainer->measures);
    } else {
        trainer_measure(trainer); /* of step 0, whose numbers are known: it embeds nothing */
    }
    trainer->embedded = false;
}

/* A run of its own from here on, at full speed to step `left`. */
static void begin_run(struct trainer *trainer, bool paused, uint64_t left)
{
    trainer->next = *learner_config(trainer->learner);
    saved_state_unref(trainer->good);
    saved_state_unref(trainer->published_state);
    trainer->good = trainer->published_state = NULL;
    recent_forget(&trainer->recent);
    trainer->until = trainer->single_steps = trainer->failed_at = 0;
    trainer->catch_up = trainer->pace > 0 && left > learner_steps(trainer->learner) ? left : 0;
    trainer->run++;
    trainer->status = paused ? TRAIN_PAUSED : TRAIN_RUNNING;
    trainer->due = clock_seconds();
    trainer->last_step_at = 0;
}

/* "Full speed to step 350; Space pauses". */
static void what_next(const struct trainer *trainer, char *text, size_t size)
{
    unsigned long long to = trainer->catch_up;
    if (trainer->status == TRAIN_PAUSED)
        snprintf(text, size, "Space trains it");
    else if (to)
        snprintf(text, size, "Full speed to step %llu; Space pauses", to);
    else
        snprintf(text, size, "Training goes on; Space pauses");
}

void trainer_branch(struct trainer *trainer, const struct command *command)
{
    struct err err;
    struct config wanted = trainer->next;
    const struct snapshot *from = command->from;
    char differs[160], next[64];
    uint64_t left = *command->text ? 0 : command->to ? command->to : learner_steps(trainer->learner);
    if (!from || !from->state || !learner_restore(trainer->learner, from->state, &err)) {
        trainer_say(trainer, "no branch: %.200s", from && from->state ? err.text : "no state is kept there");
        return;
    }
    uint64_t step = learner_steps(trainer->learner);
    const struct config before = *learner_config(trainer->learner);
    take_series(trainer, from, step);
    if (command->number > 0)
        keep_settings(trainer, &wanted);
    bool all = take_changes(trainer, command, &err);
    what_differs(trainer, &before, differs, sizeof differs);
    begin_run(trainer, command->paused, left);
    trainer_event(trainer, EVENT_BRANCH, "branch: %.100s", differs);
    trainer_keep_state(trainer);
    take_measures(trainer);
    what_next(trainer, next, sizeof next);
    char name[40];
    unsigned long long number = trainer->options.runs_before + trainer->run + 1;
    snprintf(name, sizeof name, "run %llu", number);
    trainer_say(trainer, "%.39s from step %llu: %.100s. %.90s", *command->text ? command->text : name,
                (unsigned long long)step, differs, all ? next : err.text);
}
