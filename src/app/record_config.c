/* SPDX-License-Identifier: MIT
 *
 * A config as config.json stores it, and back. Both ways go through the "name=value" lines of config_print
 * and config_set, so a setting added to the config is stored without a line here.
 */
#include "app/machine.h"
#include "app/setup.h"
#include "app/version.h"
#include "base/check.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The settings that have a place of their own in the record; all others are knobs. */
static bool store_text(struct record *record, const char *name, const char *value)
{
    const struct {
        const char *name;
        char **place;
    } texts[] = {{"method", &record->method},
                 {"encoder", &record->encoder},
                 {"head", &record->head},
                 {"optimizer", &record->optimizer},
                 {"schedule", &record->schedule.kind},
                 {"augment", &record->augment}};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].place = xstrdup(value);
            return true;
        }
    return false;
}

static bool store_number(struct record *record, const char *name, double value)
{
    const struct {
        const char *name;
        int *place;
    } counts[] = {
        {"bank", &record->probe.bank}, {"query", &record->probe.query}, {"every", &record->probe.every}};
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        if (strcmp(name, counts[i].name) == 0) {
            *counts[i].place = (int)value;
            return true;
        }
    if (strcmp(name, "warmup") == 0)
        record->schedule.warmup = value;
    else if (strcmp(name, "steps") == 0)
        record->schedule.total = (uint64_t)value;
    else
        return false;
    return true;
}

static void store(struct record *record, const char *name, const char *value)
{
    double number = 0;
    if (store_text(record, name, value))
        return;
    if (strcmp(name, "seed") == 0) {
        record->seed = strtoull(value, NULL, 10);
        return;
    }
    CHECK(text_to_double(value, &number));
    if (!store_number(record, name, number))
        record_add_knob(record, name, number);
}

static void store_config(struct record *record, const struct config *config)
{
    char lines[CONFIG_TEXT_SIZE], *rest = lines, *line;
    config_print(config, lines, sizeof lines);
    while ((line = strsep(&rest, "\n"))) {
        char *value = strchr(line, '=');
        if (!value)
            continue;
        *value = '\0';
        store(record, line, value + 1);
    }
}

/* A path is stored whole, so that the run can be resumed from another folder. */
static char *lasting_args(const char *args)
{
    char whole[PATH_MAX];
    return xstrdup(realpath(args, whole) ? whole : args);
}

void record_of(struct record *record, const struct setup *setup, const struct config *config, uint64_t steps)
{
    *record = (struct record){.program = xstrdup("nearfar " NEARFAR_VERSION), .steps = steps};
    store_config(record, config);
    record->dataset.name = xstrdup(setup->data.name);
    record->dataset.args = lasting_args(setup->data.args);
    record->dataset.n = setup->data.n;
    snprintf(record->dataset.sha256, sizeof record->dataset.sha256, "%s", setup->data.sha256);
    record->split_rule = xstrdup(setup->split.rule);
    machine_describe(record);
}

static bool restore_number(struct config *config, const char *name, double value, struct err *err)
{
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    return config_set(config, name, text, err);
}

static bool restore_numbers(const struct record *record, struct config *config, struct err *err)
{
    const struct record_knob fixed[] = {{"warmup", record->schedule.warmup},
                                        {"steps", (double)record->schedule.total},
                                        {"bank", record->probe.bank},
                                        {"query", record->probe.query},
                                        {"every", record->probe.every}};
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        if (!restore_number(config, fixed[i].name, fixed[i].value, err))
            return false;
    for (size_t i = 0; i < record->n_knobs; i++)
        if (!restore_number(config, record->knob[i].name, record->knob[i].value, err))
            return false;
    return true;
}

bool record_config(const struct record *record, const struct dataset *data, struct config *config,
                   struct err *err)
{
    char seed[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)record->seed);
    config_default(config, data);
    bool fine = config_set(config, "seed", seed, err) && config_set(config, "method", record->method, err) &&
                config_set(config, "encoder", record->encoder, err) &&
                config_set(config, "head", record->head, err) &&
                config_set(config, "augment", record->augment, err) &&
                config_set(config, "schedule", record->schedule.kind, err) &&
                (!record->optimizer[0] || config_set(config, "optimizer", record->optimizer, err)) &&
                restore_numbers(record, config, err);
    return fine || err_within(err, "%s", "config.json");
}
