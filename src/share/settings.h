/* SPDX-License-Identifier: MIT
 *
 * The settings of a run as a screen shows them: a flat list, by value, made by the learner from its config. A
 * view asks for a change with a command that names the setting and gives its new value as text; the one
 * parser for such texts is config_set (train/config.h), the same that the command line uses.
 */
#ifndef NF_SHARE_SETTINGS_H
#define NF_SHARE_SETTINGS_H

#include "base/contrast.h"
#include "base/registry.h"

#include <stdbool.h>
#include <stdint.h>

enum { SETTINGS_MAX = 64 };

enum setting_kind { SETTING_NUMBER, SETTING_RANGE, SETTING_SWITCH, SETTING_CHOICE, SETTING_TEXT };

struct setting {
    char name[24], label[24]; /* as config_set takes it; as the screen says it */
    char group[16];           /* "learning", "safeguards", "views", "method", "network" */
    enum setting_kind kind;
    const struct knob *knob; /* range and step: static; NULL for CHOICE and TEXT */
    const struct axis *axis; /* CHOICE: what there is to choose, where that is a list of entries; else NULL */
    double low, value;       /* NUMBER, SWITCH: value; RANGE: low..value */
    char text[96];           /* as shown and as config_set reads it back: "0.20", "0.3..1", "simclr" */
    int64_t changed_at;      /* step at which it was changed live; -1: as at the start */
    bool restart;            /* takes effect with R only */
    bool idle;               /* does nothing on these pictures (colour steps on grey) */
};

struct settings {
    struct setting item[SETTINGS_MAX];
    int n;
    struct contrast contrast; /* what the method makes of a batch with them */
};

/* One of them given another value, as config_set reads it. */
struct setting_change {
    char name[24], text[96];
};

/* The setting of that name, or NULL. Lent. */
const struct setting *settings_find(const struct settings *settings, const char *name);
/* "temperature 0.2 → 0.5, batch 256 → 128": what is another in `now`, as much of it as there is room for,
 * and how much more there is: "temperature 0.2 → 0.5 +1"; "" if nothing is. size >= 8. */
void settings_difference(const struct settings *was, const struct settings *now, char *text, size_t size);
/* "temperature 0.2; batch 256": what `was` had of it; likewise. */
void settings_had(const struct settings *was, const struct settings *now, char *text, size_t size);

#endif
