/* SPDX-License-Identifier: MIT
 *
 * Inside train/: the numbers of a config as one table, so that parsing, listing and printing are single
 * loops over it. Static const data.
 */
#ifndef NF_TRAIN_CONFIG_FIELDS_H
#define NF_TRAIN_CONFIG_FIELDS_H

#include "train/config.h"

enum field_kind { FIELD_INT, FIELD_U64, FIELD_SIZE, FIELD_DOUBLE };

struct field {
    struct knob knob;
    enum field_kind kind;
    size_t offset; /* into struct config */
    bool start;    /* decides the split: only before a session starts */
    bool front;    /* shown before the views */
    bool inner;    /* stored with a run, but nothing to turn */
};

enum { CONFIG_FIELDS = 15 };
extern const struct field config_fields[CONFIG_FIELDS];

const struct field *config_field(const char *name); /* NULL if none */
double config_field_value(const struct config *config, const struct field *field);
void config_field_set(struct config *config, const struct field *field, double value);

/* Words a setting may be, NULL-ended, in the order of their enums. */
extern const char *const optimizer_names[];
extern const char *const schedule_names[];

/* Places in changed_at: fields, knobs of the method, these, then the augmentations. */
enum config_slot {
    SLOT_KNOBS = CONFIG_FIELDS,
    SLOT_METHOD = SLOT_KNOBS + METHOD_MAX_KNOBS,
    SLOT_ENCODER,
    SLOT_HEAD,
    SLOT_OPTIMIZER,
    SLOT_SCHEDULE,
    SLOT_SEED,
    SLOT_AUGMENT,
};
/* Of the setting of that name, or -1; `restart`: does it take effect with R only. */
int config_slot(const struct config *config, const char *name, bool *restart);
int config_slot_of_augment(const struct augment *kind);

/* The shortest decimal that reads back to the same double. */
void config_number(double value, char *text, size_t size);

#endif
