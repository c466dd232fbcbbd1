/* SPDX-License-Identifier: MIT
 * A config as the flat list that screens show and as the lines that give it back.
 */
#include "base/check.h"
#include "base/strbuf.h"
#include "train/config_fields.h"

#include <stdio.h>
#include <string.h>

struct listing {
    const struct config *config;
    struct settings *out;
};

static struct setting *add(struct listing *list, const char *name, const char *label, const char *group,
                           int slot)
{
    CHECK(list->out->n < SETTINGS_MAX);
    struct setting *setting = &list->out->item[list->out->n++];
    *setting = (struct setting){.changed_at = list->config->changed_at[slot]};
    snprintf(setting->name, sizeof setting->name, "%s", name);
    snprintf(setting->label, sizeof setting->label, "%s", label);
    snprintf(setting->group, sizeof setting->group, "%s", group);
    return setting;
}

static void add_knob(struct listing *list, const struct knob *knob, double value, const char *group, int slot)
{
    struct setting *setting = add(list, knob->name, knob->label, group, slot);
    setting->kind = knob->on_off ? SETTING_SWITCH : SETTING_NUMBER;
    setting->knob = knob;
    setting->value = setting->low = value;
    setting->restart = knob->restart;
    const char *word = knob_word(knob, value);
    if (word)
        snprintf(setting->text, sizeof setting->text, "%s", word);
    else
        config_number(value, setting->text, sizeof setting->text);
}

static void add_word(struct listing *list, const char *name, const char *label, const char *group,
                     const char *text)
{
    bool restart;
    int slot = config_slot(list->config, name, &restart);
    struct setting *setting = add(list, name, label, group, slot);
    setting->kind =
        slot == SLOT_ENCODER || slot == SLOT_HEAD || slot == SLOT_SEED ? SETTING_TEXT : SETTING_CHOICE;
    setting->restart = restart;
    setting->axis = slot == SLOT_METHOD ? &method_axis : NULL;
    snprintf(setting->text, sizeof setting->text, "%s", text);
}

static void add_fields(struct listing *list, bool front)
{
    for (int i = 0; i < CONFIG_FIELDS; i++)
        if (config_fields[i].front == front && !config_fields[i].inner)
            add_knob(list, &config_fields[i].knob, config_field_value(list->config, &config_fields[i]),
                     front ? "learning" : "network", i);
}

/* The method's numbers, or its safeguards. */
static void add_knobs(struct listing *list, bool on_off)
{
    const struct knob *knobs = list->config->method->entry.knobs;
    for (size_t i = 0; i < knob_count(knobs); i++)
        if (knobs[i].on_off == on_off)
            add_knob(list, &knobs[i], list->config->method_knob[i], on_off ? "safeguards" : "learning",
                     SLOT_KNOBS + (int)i);
}

static void strength_text(const struct augment_step *step, char *text, size_t size)
{
    char low[32], high[32];
    config_number(step->low, low, sizeof low);
    config_number(step->high, high, sizeof high);
    if (step->low == step->high)
        snprintf(text, size, "%s", high);
    else
        snprintf(text, size, "%s..%s", low, high);
}

static enum setting_kind step_kind(const struct augment *kind, const struct augment_step *step)
{
    const struct knob *knob = kind->entry.knobs;
    if (knob_count(knob) == 0)
        return SETTING_SWITCH;
    bool range = step ? step->low != step->high : kind->low != knob->value;
    return range ? SETTING_RANGE : SETTING_NUMBER;
}

/* `step` NULL: not in the recipe, listed as off. */
static void add_step(struct listing *list, const struct augment *kind, const struct augment_step *step,
                     int channels)
{
    const struct knob *knob = knob_count(kind->entry.knobs) ? kind->entry.knobs : NULL;
    struct setting *setting = add(list, kind->entry.name, knob ? knob->label : kind->entry.name, "views",
                                  config_slot_of_augment(kind));
    bool off = !step || step->probability <= 0;
    setting->knob = knob;
    setting->kind = step_kind(kind, step);
    setting->low = step ? step->low : kind->low;
    setting->value = step ? step->high : knob ? knob->value : 0;
    setting->idle = kind->needs_colour && channels == 1;
    if (setting->kind == SETTING_SWITCH)
        setting->low = setting->value = !off;
    if (off)
        snprintf(setting->text, sizeof setting->text, "off");
    else if (setting->kind == SETTING_SWITCH)
        snprintf(setting->text, sizeof setting->text, "on");
    else
        strength_text(step, setting->text, sizeof setting->text);
}

static void add_recipe(struct listing *list, int channels)
{
    const struct recipe *recipe = &list->config->recipe;
    for (size_t i = 0; i < recipe->n; i++)
        add_step(list, recipe->step[i].kind, &recipe->step[i], channels);
}

static void add_unused(struct listing *list, int channels)
{
    for (size_t i = 0; augment_at(i); i++)
        if (!recipe_find(&list->config->recipe, augment_at(i)->entry.name))
            add_step(list, augment_at(i), NULL, channels);
}

void config_settings(const struct config *config, int channels, struct settings *settings)
{
    struct listing list = {config, settings};
    char seed[24];
    settings->n = 0;
    settings->contrast = method_contrast(config->method, config->method_knob);
    add_knobs(&list, false);
    add_fields(&list, true);
    add_knobs(&list, true);
    add_recipe(&list, channels);
    add_word(&list, "method", "method", "method", config->method->entry.name);
    add_unused(&list, channels);
    add_word(&list, "encoder", "encoder", "network", config->encoder);
    add_word(&list, "head", "head", "network", config->head);
    add_word(&list, "optimizer", "optimiser", "network", optimizer_names[config->optimizer]);
    add_word(&list, "schedule", "schedule", "network", schedule_names[config->schedule]);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)config->seed);
    add_word(&list, "seed", "seed", "network", seed);
    add_fields(&list, false);
}

static void print_number(struct strbuf *out, const struct knob *knob, double value)
{
    char text[40];
    config_number(value, text, sizeof text);
    strbuf_printf(out, "%s=%s\n", knob->name, text);
}

void config_print(const struct config *config, char *text, size_t size)
{
    struct strbuf out = {0};
    char recipe[RECIPE_TEXT_SIZE];
    const struct knob *knobs = config->method->entry.knobs;
    strbuf_printf(&out, "seed=%llu\nmethod=%s\n", (unsigned long long)config->seed,
                  config->method->entry.name);
    for (size_t i = 0; i < knob_count(knobs); i++)
        print_number(&out, &knobs[i], config->method_knob[i]);
    for (size_t i = 0; i < CONFIG_FIELDS; i++)
        print_number(&out, &config_fields[i].knob, config_field_value(config, &config_fields[i]));
    recipe_print(&config->recipe, recipe, sizeof recipe);
    strbuf_printf(&out, "encoder=%s\nhead=%s\noptimizer=%s\nschedule=%s\naugment=%s\n", config->encoder,
                  config->head, optimizer_names[config->optimizer], schedule_names[config->schedule], recipe);
    CHECK(out.length < size);
    memcpy(text, out.text, out.length + 1);
    strbuf_release(&out);
}
