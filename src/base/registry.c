/* SPDX-License-Identifier: MIT */
#include "base/registry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct entry *axis_find(const struct axis *axis, const char *name)
{
    const struct entry *entry;
    for (size_t i = 0; (entry = axis->at(i)); i++)
        if (strcmp(entry->name, name) == 0)
            return entry;
    return NULL;
}

void axis_names(const struct axis *axis, char *text, size_t size)
{
    const struct entry *entry;
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; (entry = axis->at(i)) && used < size; i++) {
        int n = snprintf(text + used, size - used, "%s%s", i ? ", " : "", entry->name);
        used += (size_t)n;
    }
    if (used >= size && size > 4)
        memcpy(text + size - 4, "...", 4);
}

size_t knob_count(const struct knob *knobs)
{
    size_t n = 0;
    while (knobs && knobs[n].name)
        n++;
    return n;
}

const struct knob *knob_find(const struct knob *knobs, const char *name)
{
    for (size_t i = 0; knobs && knobs[i].name; i++)
        if (strcmp(knobs[i].name, name) == 0)
            return &knobs[i];
    return NULL;
}

double knob_clamp(const struct knob *knob, double value)
{
    if (isnan(value))
        return knob->value;
    if (knob->whole)
        value = round(value);
    return fmin(fmax(value, knob->min), knob->max);
}

double knob_turn(const struct knob *knob, double value, int direction)
{
    double next = knob->log ? value * pow(knob->step, direction) : value + direction * knob->step;
    if (!knob->log && knob->step > 0) /* land on the grid, not on 0.30000000000000004 */
        next = round(next / knob->step) * knob->step;
    return knob_clamp(knob, next);
}
