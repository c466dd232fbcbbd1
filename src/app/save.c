/* SPDX-License-Identifier: MIT */
#include "app/save.h"

#include "base/check.h"
#include "base/file.h"
#include "data/npy.h"
#include "run/checkpoint.h"
#include "run/past.h"
#include "run/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_MAX = 200 };

bool save_checkpoint(const char *folder, struct learner *learner, struct err *err)
{
    char path[RUN_PATH_SIZE], lines[CONFIG_TEXT_SIZE], step[24], *rest = lines, *line;
    const char *texts[TEXTS_MAX + 3] = {"step", step};
    size_t n = 2;
    snprintf(step, sizeof step, "%llu", (unsigned long long)learner_steps(learner));
    config_print(learner_config(learner), lines, sizeof lines);
    while ((line = strsep(&rest, "\n")) && n + 2 <= TEXTS_MAX) {
        char *value = strchr(line, '=');
        if (!value)
            continue;
        *value = '\0';
        texts[n++] = line;
        texts[n++] = value + 1;
    }
    run_path(path, folder, RUN_CHECKPOINT);
    return checkpoint_write(path, learner_params(learner), texts, err);
}

bool save_probe(const char *folder, const struct dataset *data, const uint32_t *items, size_t n,
                const float *h, size_t dim, struct err *err)
{
    char path[RUN_PATH_SIZE];
    run_path(path, folder, RUN_ITEMS);
    if (!items_write(path, data, items, n, err))
        return false;
    run_path(path, folder, RUN_EMBEDDINGS);
    return npy_write(path, h, n, dim, err);
}

static void add_yardsticks(struct record *record, const struct dataset *data, const struct measures *measures)
{
    for (int i = 0; i < measures->n; i++) {
        const struct measure *measure = &measures->item[i];
        struct record_yardstick y = {
            .pixels = measure->pixels, .untrained = measure->untrained, .chance = measure->chance};
        if (isnan(y.pixels) && isnan(y.untrained) && isnan(y.chance))
            continue;
        measure_name(data, measure, y.name, sizeof y.name);
        record_add_yardstick(record, &y);
    }
}

static void add_events(struct record *record, const struct record_parts *parts)
{
    for (size_t i = 0, n = parts->events ? series_count(parts->events) : 0; i < n; i++) {
        const struct event *event = series_at(parts->events, i);
        if (event->kind == EVENT_SETTING || event->kind == EVENT_COLLAPSE || event->kind == EVENT_FAILED)
            record_add_event(record, event->step, event->text);
    }
}

bool save_record(const char *folder, const struct setup *setup, const struct learner *learner,
                 const struct record_parts *parts, struct err *err)
{
    struct record record;
    char path[RUN_PATH_SIZE];
    const struct config *config = learner_config(learner);
    record_of(&record, setup, config, learner_steps(learner));
    add_events(&record, parts);
    if (parts->measures)
        add_yardsticks(&record, &setup->data, parts->measures);
    run_path(path, folder, RUN_CONFIG);
    bool fine = record_write(path, &record, err);
    record_release(&record);
    return fine;
}

/* ---- and back ---- */

struct found_step {
    uint64_t step;
    bool there;
};

static void find_step(void *ctx, const char *key, const char *value)
{
    struct found_step *found = ctx;
    char *end;
    if (strcmp(key, "step") != 0 || *value < '0' || *value > '9')
        return;
    found->step = strtoull(value, &end, 10);
    found->there = *end == '\0' && found->step <= (uint64_t)1 << 53;
}

static bool read_checkpoint(const char *folder, struct params *params, uint64_t *step, struct err *err)
{
    char path[RUN_PATH_SIZE];
    struct found_step found = {0};
    struct checkpoint_texts texts = {find_step, &found};
    run_path(path, folder, RUN_CHECKPOINT);
    if (!checkpoint_read(path, params, &texts, err))
        return false;
    if (!found.there)
        return err_set(err, "%s: does not say at which step it was written", path);
    *step = found.step;
    return true;
}

bool load_checkpoint(const char *folder, struct learner *learner, struct err *err)
{
    uint64_t step = 0;
    if (!read_checkpoint(folder, learner_params_edit(learner), &step, err))
        return false;
    learner_set_steps(learner, step);
    return true;
}

bool load_step(const char *folder, uint64_t *step, struct err *err)
{
    return read_checkpoint(folder, NULL, step, err);
}

bool load_record(const char *folder, struct record *record, struct err *err)
{
    char path[RUN_PATH_SIZE];
    run_path(path, folder, RUN_CONFIG);
    return record_read(path, record, err);
}

void record_events(const struct record *record, const char *folder, struct series *events)
{
    past_read_events(folder, events);
    if (series_count(events) > 0)
        return;
    for (size_t i = 0; i < record->n_events; i++) {
        struct event event = {.step = record->event[i].step, .kind = EVENT_SETTING};
        snprintf(event.text, sizeof event.text, "%s", record->event[i].text);
        series_append(events, &event);
    }
}
