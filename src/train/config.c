/* SPDX-License-Identifier: MIT */
#include "train/config.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "train/config_fields.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- defaults ---- */

void config_default(struct config *config, const struct dataset *data)
{
    *config = (struct config){
        .seed = 1, .method = method_at(0), .optimizer = OPTIM_ADAMW, .schedule = SCHEDULE_CONSTANT};
    for (size_t i = 0; i < CONFIG_FIELDS; i++)
        config_field_set(config, &config_fields[i], config_fields[i].knob.value);
    for (size_t i = 0; i < knob_count(config->method->entry.knobs); i++)
        config->method_knob[i] = config->method->entry.knobs[i].value;
    snprintf(config->encoder, sizeof config->encoder, "%s", net_presets[0].name);
    recipe_default(&config->recipe, data->name, data->channels);
    config->usual = config->recipe;
    for (size_t i = 0; i < SETTINGS_MAX; i++)
        config->changed_at[i] = -1;
}

/* ---- one setting of each kind ---- */

static bool set_choice(int *to, const char *const *names, const char *name, const char *value,
                       struct err *err)
{
    char known[80] = "";
    size_t used = 0;
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], value) == 0) {
            *to = i;
            return true;
        }
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", names[i]);
    }
    return err_set(err, "%s=%.40s: unknown; there are %s", name, value, known);
}

static bool set_text(char *to, size_t size, const char *name, const char *value, struct err *err)
{
    if (strlen(value) >= size)
        return err_set(err, "%s: longer than %zu characters", name, size - 1);
    snprintf(to, size, "%s", value);
    return true;
}

/* ---- a method, and what it needs otherwise than usual ---- */

/* Of a method's list of pairs; NULL if it has none for this setting. */
static const char *own_default(const struct method *method, const char *name)
{
    for (const char *const *pair = method->defaults; pair && pair[0]; pair += 2)
        if (strcmp(pair[0], name) == 0)
            return pair[1];
    return NULL;
}

static bool to_default(struct config *config, const struct method *method, const char *name, struct err *err)
{
    char number[40];
    const char *own = own_default(method, name);
    const struct field *field = config_field(name);
    if (own)
        return config_set(config, name, own, err);
    if (!field) {
        CHECK(strcmp(name, "augment") == 0);
        config->recipe = config->usual;
        return true;
    }
    config_number(field->knob.value, number, sizeof number);
    return config_set(config, name, number, err);
}

static bool same_settings(const struct config *a, const struct config *b)
{
    char one[CONFIG_TEXT_SIZE], other[CONFIG_TEXT_SIZE];
    config_print(a, one, sizeof one);
    config_print(b, other, sizeof other);
    return strcmp(one, other) == 0;
}

/* What stands at the old method's default goes to the new one's; what somebody has set stays. */
static bool move_default(struct config *config, const struct method *from, const struct method *to,
                         const char *name, struct err *err)
{
    struct config before = *config;
    if (!to_default(&before, from, name, err))
        return false;
    return !same_settings(&before, config) || to_default(config, to, name, err);
}

static bool move_defaults(struct config *config, const struct method *from, const struct method *to,
                          struct err *err)
{
    const char *const *list[] = {from->defaults, to->defaults};
    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        for (const char *const *pair = list[i]; pair && pair[0]; pair += 2) {
            bool twice = i == 1 && own_default(from, pair[0]);
            if (!twice && !move_default(config, from, to, pair[0], err))
                return false;
        }
    return true;
}

static bool set_method(struct config *config, const char *value, struct err *err)
{
    const struct method *method = (const struct method *)axis_find(&method_axis, value);
    const struct method *before = config->method;
    if (!method) {
        char names[200];
        axis_names(&method_axis, names, sizeof names);
        return err_set(err, "method=%.40s: unknown; there are %s", value, names);
    }
    if (method == before)
        return true;
    config->method = method;
    for (size_t i = 0; i < METHOD_MAX_KNOBS; i++) {
        config->method_knob[i] = i < knob_count(method->entry.knobs) ? method->entry.knobs[i].value : 0;
        config->changed_at[SLOT_KNOBS + i] = -1;
    }
    return move_defaults(config, before, method, err);
}

static bool set_seed(struct config *config, const char *value, struct err *err)
{
    char *end;
    errno = 0;
    unsigned long long seed = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || errno)
        return err_set(err, "seed=%.40s: a whole number from 0 to 18446744073709551615 is needed", value);
    config->seed = seed;
    return true;
}

/* ---- a step of the recipe by name ---- */

static struct augment_step *find_step(struct recipe *recipe, const struct augment *kind)
{
    for (size_t i = 0; i < recipe->n; i++)
        if (recipe->step[i].kind == kind)
            return &recipe->step[i];
    return NULL;
}

/* 0 turns off what has no strength 0 of its own. */
static bool is_off(const struct augment *kind, const char *value)
{
    double number;
    if (strcmp(value, "off") == 0)
        return true;
    bool zero = text_to_double(value, &number) && number == 0;
    return zero && (knob_count(kind->entry.knobs) == 0 || kind->entry.knobs[0].min > 0);
}

/* The edit of a recipe that says the same: "+name", "+name@0.5" or "+name=0.4". */
static bool edit_step(struct recipe *recipe, const struct augment *kind, const char *value, struct err *err)
{
    double number;
    char word[128];
    bool on = strcmp(value, "on") == 0;
    if (knob_count(kind->entry.knobs) == 0 && text_to_double(value, &number) && number == 1)
        on = true;
    if (strpbrk(value, " ,\t\r\n") || strlen(value) > 64)
        return err_set(err, "%s=%.64s: one value, a range lo..hi, on or off is needed", kind->entry.name,
                       value);
    snprintf(word, sizeof word, "+%s%s%s", kind->entry.name, on || *value == '@' ? "" : "=", on ? "" : value);
    return recipe_parse(recipe, word, err);
}

/* Off keeps the step's place in the order, at probability 0; a later value turns it on again. */
static bool set_step(struct config *config, const struct augment *kind, const char *value, struct err *err)
{
    struct augment_step *step = find_step(&config->recipe, kind);
    if (is_off(kind, value)) {
        if (step)
            step->probability = 0;
        return true;
    }
    bool was_off = step && step->probability <= 0;
    if (!edit_step(&config->recipe, kind, value, err))
        return false;
    if (was_off && !strchr(value, '@'))
        find_step(&config->recipe, kind)->probability = kind->probability;
    return true;
}

/* ---- the one parser ---- */

static bool unknown(const struct config *config, const char *name, struct err *err)
{
    struct strbuf known = {0};
    for (size_t i = 0; i < CONFIG_FIELDS && !config_fields[i].inner; i++)
        strbuf_printf(&known, "%s, ", config_fields[i].knob.name);
    for (size_t i = 0; i < knob_count(config->method->entry.knobs); i++)
        strbuf_printf(&known, "%s, ", config->method->entry.knobs[i].name);
    char augments[200];
    axis_names(&augment_axis, augments, sizeof augments);
    err_set(
        err,
        "%.40s: no such setting; there are %sseed, method, encoder, head, optimizer, schedule, augment, %s",
        name, strbuf_text(&known), augments);
    strbuf_release(&known);
    return false;
}

static bool set_word(struct config *config, int slot, const char *value, struct err *err)
{
    int choice = 0;
    switch (slot) {
    case SLOT_METHOD: return set_method(config, value, err);
    case SLOT_ENCODER: return set_text(config->encoder, sizeof config->encoder, "encoder", value, err);
    case SLOT_HEAD: return set_text(config->head, sizeof config->head, "head", value, err);
    case SLOT_SEED: return set_seed(config, value, err);
    case SLOT_AUGMENT: return recipe_parse(&config->recipe, value, err);
    case SLOT_OPTIMIZER:
        if (!set_choice(&choice, optimizer_names, "optimizer", value, err))
            return false;
        config->optimizer = (enum optim_kind)choice;
        return true;
    default:
        if (!set_choice(&choice, schedule_names, "schedule", value, err))
            return false;
        config->schedule = (enum schedule_kind)choice;
        return true;
    }
}

bool config_set(struct config *config, const char *name, const char *value, struct err *err)
{
    double number;
    bool restart;
    const struct field *field = config_field(name);
    if (field) {
        if (!knob_parse(&field->knob, value, &number, err))
            return false;
        config_field_set(config, field, number);
        return true;
    }
    const struct knob *knobs = config->method->entry.knobs, *knob = knob_find(knobs, name);
    if (knob)
        return knob_parse(knob, value, &config->method_knob[knob - knobs], err);
    const struct augment *kind = (const struct augment *)axis_find(&augment_axis, name);
    if (kind)
        return set_step(config, kind, value, err);
    int slot = config_slot(config, name, &restart);
    return slot < 0 ? unknown(config, name, err) : set_word(config, slot, value, err);
}

bool config_change(struct config *config, const char *name, const char *value, uint64_t step, bool restart,
                   struct err *err)
{
    bool needs_restart;
    const struct field *field = config_field(name);
    if (field && field->start)
        return err_set(err, "%s decides who trains: it is set when the program starts (--set %s=%s)", name,
                       name, value);
    int slot = config_slot(config, name, &needs_restart);
    if (slot >= 0 && needs_restart && !restart)
        return err_set(err, "%s takes effect with a restart: press R", name);
    if (!config_set(config, name, value, err))
        return false;
    config->changed_at[slot] = (int64_t)step;
    return true;
}

/* ---- what the data can give ---- */

uint64_t config_split_seed(const struct config *config)
{
    return config->split_seed ? config->split_seed : config->seed;
}

uint64_t config_draws(const struct config *config)
{
    return config->draws ? config->draws : config->seed;
}

bool config_split(const struct config *config, const struct dataset *data, struct split *split,
                  struct err *err)
{
    if (!split_make(split, data, config->train_share, config_split_seed(config), err))
        return false;
    if (config->resample)
        split_resample(split, data, config->resample);
    return true;
}

bool config_fit(struct config *config, const struct dataset *data, const struct split *split, char *note,
                size_t size, struct err *err)
{
    note[0] = '\0';
    if (!data->pixels)
        return err_set(err, "%s: no pictures in it; training needs some (explore opens tables)", data->name);
    if (split->n_train < 2)
        return err_set(err, "%s: %zu picture%s to train on; at least 2 are needed to tell apart", data->name,
                       split->n_train, split->n_train == 1 ? "" : "s");
    if (config->method->flow->text && data->caption == NO_COLUMN)
        return err_set(
            err,
            "%s: %s learns from captions and there are none: add a column 'caption' to items.csv, or "
            "choose another method",
            data->name, config->method->entry.name);
    if ((size_t)config->batch <= split->n_train)
        return true;
    config->batch = (int)split->n_train;
    if (config->batch == 2)
        snprintf(note, size,
                 "%s: %zu pictures; a batch needs 2 different ones besides the anchor's: batch set to 2",
                 data->name, data->n);
    else
        snprintf(note, size, "%s: %zu pictures train; a batch holds each once: batch set to %d", data->name,
                 split->n_train, config->batch);
    return true;
}
