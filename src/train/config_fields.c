/* SPDX-License-Identifier: MIT */
#include "train/config_fields.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2^53: every whole number up to it is a double. */
static const double largest_whole = 9007199254740992.0;

#define AT(member) offsetof(struct config, member)
const struct field config_fields[CONFIG_FIELDS] = {
    {{"lr", "learning rate", "Step size of the optimiser; 4e-3 suits AdamW on these small nets.", 0, 1e30,
      4e-3, 1.25, true, false, false, ""},
     FIELD_DOUBLE,
     AT(lr),
     false,
     true},
    {{"batch", "batch", "Pictures a step, two views of each; every other one is a negative.", 2, 8192, 128, 2,
      true, true, false, "pairs"},
     FIELD_INT,
     AT(batch),
     false,
     true},
    {{"weight-decay", "weight decay", "Pulls weights towards 0 (not biases and norms).", 0, 1, 1e-4, 1e-4,
      false, false, false, ""},
     FIELD_DOUBLE,
     AT(weight_decay),
     false,
     false},
    {{"momentum", "momentum", "Of SGD; AdamW has its own .9 and .999.", 0, 0.9999, 0.9, 0.01, false, false,
      false, ""},
     FIELD_DOUBLE,
     AT(momentum),
     false,
     false},
    {{"warmup", "warm-up", "Steps over which the learning rate rises from 0.", 0, 1e6, 10, 5, false, true,
      false, "steps"},
     FIELD_DOUBLE,
     AT(warmup),
     false,
     false},
    {{"steps", "schedule ends", "Steps after which a cosine schedule has come down to 0.", 1, largest_whole,
      400, 2, true, true, false, "steps"},
     FIELD_U64,
     AT(total_steps),
     false,
     false},
    {{"every", "measured every", "Steps between two measurings of the probe.", 1, 1e6, 50, 10, false, true,
      false, "steps"},
     FIELD_INT,
     AT(every),
     false,
     false},
    {{"bank", "bank", "Training pictures among which the probe looks for its nearest.", 2, 1e6, 2000, 2, true,
      true, true, "pictures"},
     FIELD_INT,
     AT(bank),
     false,
     false},
    {{"query", "probe", "Held-out pictures that are measured and drawn on the map.", 1, 1e6, 1000, 2, true,
      true, true, "pictures"},
     FIELD_INT,
     AT(query),
     false,
     false},
    {{"train-share", "training share", "Share of the identities that train; the rest is held out.", 0.01,
      0.99, 0.6, 0.05, false, false, true, ""},
     FIELD_DOUBLE,
     AT(train_share),
     true,
     false},
    {{"activations", "activation memory", "Past it the forward pass is computed again instead of kept.", 0,
      1e6, 160, 2, true, true, false, "MB"},
     FIELD_SIZE,
     AT(activations_mb),
     false,
     false},
};
#undef AT

const char *const optimizer_names[] = {"adamw", "sgd", NULL};
const char *const schedule_names[] = {"cosine", "constant", NULL};

const struct field *config_field(const char *name)
{
    for (size_t i = 0; i < CONFIG_FIELDS; i++)
        if (strcmp(config_fields[i].knob.name, name) == 0)
            return &config_fields[i];
    return NULL;
}

double config_field_value(const struct config *config, const struct field *field)
{
    const char *at = (const char *)config + field->offset;
    switch (field->kind) {
    case FIELD_INT: return *(const int *)(const void *)at;
    case FIELD_U64: return (double)*(const uint64_t *)(const void *)at;
    case FIELD_SIZE: return (double)*(const size_t *)(const void *)at;
    default: return *(const double *)(const void *)at;
    }
}

void config_field_set(struct config *config, const struct field *field, double value)
{
    void *at = (char *)config + field->offset;
    switch (field->kind) {
    case FIELD_INT: *(int *)at = (int)value; break;
    case FIELD_U64: *(uint64_t *)at = (uint64_t)value; break;
    case FIELD_SIZE: *(size_t *)at = (size_t)value; break;
    default: *(double *)at = value;
    }
}

static const struct {
    const char *name;
    enum config_slot slot;
    bool restart;
} words[] = {
    {"method", SLOT_METHOD, true},       {"encoder", SLOT_ENCODER, true},    {"head", SLOT_HEAD, true},
    {"optimizer", SLOT_OPTIMIZER, true}, {"schedule", SLOT_SCHEDULE, false}, {"seed", SLOT_SEED, true},
    {"augment", SLOT_AUGMENT, false},
};

int config_slot_of_augment(const struct augment *kind)
{
    for (size_t i = 0; augment_at(i); i++)
        if (augment_at(i) == kind) {
            CHECK(SLOT_AUGMENT + 1 + i < SETTINGS_MAX);
            return SLOT_AUGMENT + 1 + (int)i;
        }
    return -1;
}

int config_slot(const struct config *config, const char *name, bool *restart)
{
    const struct field *field = config_field(name);
    const struct knob *knobs = config->method->entry.knobs, *knob = knob_find(knobs, name);
    *restart = field ? field->knob.restart : knob && knob->restart;
    if (field)
        return (int)(field - config_fields);
    if (knob)
        return SLOT_KNOBS + (int)(knob - knobs);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].name, name) == 0) {
            *restart = words[i].restart;
            return (int)words[i].slot;
        }
    const struct augment *kind = (const struct augment *)axis_find(&augment_axis, name);
    return kind ? config_slot_of_augment(kind) : -1;
}

void config_number(double value, char *text, size_t size)
{
    if (value == floor(value) && fabs(value) < 1e15) {
        snprintf(text, size, "%.0f", value);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}
