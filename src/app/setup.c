/* SPDX-License-Identifier: MIT */
#include "app/setup.h"

#include "base/check.h"
#include "train/learner.h"

#include <stdio.h>
#include <string.h>

const struct option training_options[] = {
    {"method", 0, OPTION_TEXT, "NAME", 0, 0, "method of learning (simclr)"},
    {"augment", 0, OPTION_TEXT, "LIST", 0, 0,
     "what two views may differ in: name[=value|lo..hi][@p] ...; none; or an edit: \"+blur@0.5 -grey\""},
    {"encoder", 0, OPTION_TEXT, "NET", 0, 0,
     "a preset (conv-s) or layers: \"conv 16, norm, relu, pool, gap, linear 64\""},
    {"set", 0, OPTION_TEXT, "NAME=VALUE", 0, 0, "any setting by name (tau=0.2, batch=128); may be repeated"},
    {"every", 0, OPTION_WHOLE, "N", 1, 1000000, "steps between two measurings (50)"},
    {0},
};

/* ---- data ---- */

/* "seed" is left to the training: the pictures' own is given as tiles:seed=2. */
static bool is_data_knob(const char *name)
{
    for (size_t i = 0; format_at(i); i++)
        if (strcmp(name, "seed") != 0 && knob_find(format_at(i)->entry.knobs, name))
            return true;
    return false;
}

static bool data_options_of(struct data_options *data, const struct options *options, struct err *err)
{
    *data = (struct data_options){.n = 0};
    const char *pair, *value;
    for (size_t i = 0; (pair = option_repeated(options, "set", i)); i++) {
        struct data_option *item = &data->item[data->n];
        char name[64];
        if (!split_pair(pair, name, sizeof name, &value, err))
            return err_within(err, "--set");
        if (!is_data_knob(name))
            continue;
        if (data->n == ARRAY_LEN(data->item) || strlen(name) >= sizeof item->name)
            return err_set(err, "--set %s: too many settings of the data", pair);
        if (!text_to_double(value, &item->value))
            return err_set(err, "--set %s: %s is not a number", pair, value);
        memcpy(item->name, name, strlen(name) + 1);
        data->n++;
    }
    return true;
}

bool setup_only_data(const struct options *options, struct err *err)
{
    const char *pair, *value;
    char name[64];
    for (size_t i = 0; (pair = option_repeated(options, "set", i)); i++) {
        if (!split_pair(pair, name, sizeof name, &value, err))
            return err_within(err, "--set");
        if (!is_data_knob(name))
            return err_set(err, "--set %s: no setting of the data is called '%s'", pair, name);
    }
    return true;
}

bool setup_data(struct dataset *data, const char *spec, const struct options *options, struct err *err)
{
    struct data_options data_options;
    *data = (struct dataset){0};
    return data_options_of(&data_options, options, err) && dataset_open(data, spec, &data_options, err);
}

/* ---- config ---- */

bool setup_sets(const struct options *options, const char *wanted)
{
    const char *pair;
    size_t length = strlen(wanted);
    for (size_t i = 0; (pair = option_repeated(options, "set", i)); i++)
        if (strncmp(pair, wanted, length) == 0 && pair[length] == '=')
            return true;
    return false;
}

/* The method comes first, because its knobs can only be set once it is chosen. */
static bool apply_options(struct config *config, const struct options *options, struct err *err)
{
    static const char *const direct[] = {"seed", "method", "encoder", "augment", "every"};
    const char *value, *pair;
    char name[64];
    for (size_t i = 0; i < ARRAY_LEN(direct); i++) {
        value = option_text(options, direct[i], NULL);
        if (value && !config_set(config, direct[i], value, err))
            return false;
    }
    for (size_t i = 0; (pair = option_repeated(options, "set", i)); i++) {
        if (!split_pair(pair, name, sizeof name, &value, err))
            return err_within(err, "--set");
        if (!is_data_knob(name) && !config_set(config, name, value, err))
            return false;
    }
    return true;
}

static bool fit(struct setup *setup, struct err *err)
{
    const struct config *config = &setup->config;
    char idle[200];
    if (!config_split(config, &setup->data, &setup->split, err))
        return false;
    char note[sizeof setup->note - sizeof idle];
    if (!config_fit(&setup->config, &setup->data, &setup->split, note, sizeof note, err) ||
        !learner_fits(config, &setup->data, &setup->split, err))
        return false;
    recipe_idle_steps(&config->recipe, setup->data.channels, idle, sizeof idle);
    snprintf(setup->note, sizeof setup->note, "%s%s%s", note, note[0] && idle[0] ? "; " : "", idle);
    return true;
}

bool setup_open(struct setup *setup, const char *spec, const struct options *options, struct err *err)
{
    *setup = (struct setup){0};
    bool fine = setup_data(&setup->data, spec, options, err);
    if (fine) {
        config_default(&setup->config, &setup->data);
        fine = apply_options(&setup->config, options, err) && fit(setup, err);
    }
    if (!fine)
        setup_release(setup);
    return fine;
}

static bool same_data(const struct record *record, const struct dataset *data, struct err *err)
{
    if (strcmp(record->dataset.sha256, data->sha256) == 0)
        return true;
    return err_set(err,
                   "%s: not the pictures this run was trained on (%zu items then, %zu now, other contents)",
                   data->args, record->dataset.n, data->n);
}

bool setup_resume(struct setup *setup, const struct record *record, const char *spec, struct err *err)
{
    static const struct data_options none;
    *setup = (struct setup){0};
    bool fine = dataset_open(&setup->data, spec ? spec : record->dataset.args, &none, err) &&
                same_data(record, &setup->data, err) &&
                record_config(record, &setup->data, &setup->config, err) && fit(setup, err);
    if (!fine)
        setup_release(setup);
    return fine;
}

void setup_release(struct setup *setup)
{
    split_release(&setup->split);
    dataset_release(&setup->data);
    *setup = (struct setup){0};
}
