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
    {.knob = {.name = "lr",
              .label = "learning rate",
              .help = "Step size of the optimiser; 4e-3 suits AdamW on these small nets.",
              .min = 0,
              .max = 1e30,
              .value = 4e-3,
              .step = 1.25,
              .log = true,
              .unit = ""},
     .kind = FIELD_DOUBLE,
     .offset = AT(lr),
     .front = true},
    {.knob = {.name = "batch",
              .label = "batch",
              .help = "Pictures a step, two views of each; every other one is a negative.",
              .min = 2,
              .max = 8192,
              .value = 128,
              .step = 2,
              .log = true,
              .whole = true,
              .unit = "pairs"},
     .kind = FIELD_INT,
     .offset = AT(batch),
     .front = true},
    {.knob = {.name = "weight-decay",
              .label = "weight decay",
              .help = "Pulls weights towards 0 (not biases and norms).",
              .min = 0,
              .max = 1,
              .value = 1e-4,
              .step = 1e-4,
              .unit = ""},
     .kind = FIELD_DOUBLE,
     .offset = AT(weight_decay)},
    {.knob = {.name = "momentum",
              .label = "momentum",
              .help = "Of SGD; AdamW has its own .9 and .999.",
              .min = 0,
              .max = 0.9999,
              .value = 0.9,
              .step = 0.01,
              .unit = ""},
     .kind = FIELD_DOUBLE,
     .offset = AT(momentum)},
    {.knob = {.name = "warmup",
              .label = "warm-up",
              .help = "Steps over which the learning rate rises from 0.",
              .min = 0,
              .max = 1e6,
              .value = 10,
              .step = 5,
              .whole = true,
              .unit = "steps"},
     .kind = FIELD_DOUBLE,
     .offset = AT(warmup)},
    {.knob = {.name = "steps",
              .label = "schedule ends",
              .help = "Steps after which a cosine schedule has come down to 0.",
              .min = 1,
              .max = largest_whole,
              .value = 400,
              .step = 2,
              .log = true,
              .whole = true,
              .unit = "steps"},
     .kind = FIELD_U64,
     .offset = AT(total_steps)},
    {.knob = {.name = "every",
              .label = "measured every",
              .help = "Steps between two measurings of the probe.",
              .min = 1,
              .max = 1e6,
              .value = 50,
              .step = 10,
              .whole = true,
              .unit = "steps"},
     .kind = FIELD_INT,
     .offset = AT(every)},
    {.knob = {.name = "bank",
              .label = "bank",
              .help = "Training pictures among which the probe looks for its nearest.",
              .min = 2,
              .max = 1e6,
              .value = 2000,
              .step = 2,
              .log = true,
              .whole = true,
              .restart = true,
              .unit = "pictures"},
     .kind = FIELD_INT,
     .offset = AT(bank)},
    {.knob = {.name = "query",
              .label = "probe",
              .help = "Held-out pictures that are measured and drawn on the map.",
              .min = 1,
              .max = 1e6,
              .value = 1000,
              .step = 2,
              .log = true,
              .whole = true,
              .restart = true,
              .unit = "pictures"},
     .kind = FIELD_INT,
     .offset = AT(query)},
    {.knob = {.name = "train-share",
              .label = "training share",
              .help = "Share of the identities that train; the rest is held out.",
              .min = 0.01,
              .max = 0.99,
              .value = 0.6,
              .step = 0.05,
              .restart = true,
              .unit = ""},
     .kind = FIELD_DOUBLE,
     .offset = AT(train_share),
     .start = true},
    {.knob = {.name = "activations",
              .label = "activation memory",
              .help = "Past it the forward pass is computed again instead of kept.",
              .min = 0,
              .max = 1e6,
              .value = 160,
              .step = 2,
              .log = true,
              .whole = true,
              .unit = "MB"},
     .kind = FIELD_SIZE,
     .offset = AT(activations_mb)},
    {.knob = {.name = "draws",
              .label = "draws",
              .help = "Seed of which pairs and views are drawn; 0: the seed. A branch with another one and "
                      "nothing else shows what chance does.",
              .min = 0,
              .max = largest_whole,
              .value = 0,
              .step = 1,
              .whole = true,
              .unit = ""},
     .kind = FIELD_U64,
     .offset = AT(draws)},
    {.knob = {.name = "method-since",
              .label = "method since",
              .help = "The step at which the method took over a running encoder.",
              .min = 0,
              .max = largest_whole,
              .value = 0,
              .step = 1,
              .whole = true,
              .restart = true,
              .unit = "steps"},
     .kind = FIELD_U64,
     .offset = AT(method_since),
     .inner = true},
    {.knob = {.name = "split-seed",
              .label = "split seed",
              .help =
                  "Decides who trains and who is watched; 0: the seed does. Two seeds with one split seed "
                  "can be compared.",
              .min = 0,
              .max = largest_whole,
              .value = 0,
              .step = 1,
              .whole = true,
              .restart = true,
              .unit = ""},
     .kind = FIELD_U64,
     .offset = AT(split_seed),
     .start = true,
     .inner = true},
    {.knob = {.name = "resample",
              .label = "resample",
              .help = "Identities that train are drawn anew with replacement by this seed; 0: each once.",
              .min = 0,
              .max = largest_whole,
              .value = 0,
              .step = 1,
              .whole = true,
              .restart = true,
              .unit = ""},
     .kind = FIELD_U64,
     .offset = AT(resample),
     .start = true,
     .inner = true},
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
    {"method", SLOT_METHOD, false},      {"encoder", SLOT_ENCODER, true},    {"head", SLOT_HEAD, true},
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
