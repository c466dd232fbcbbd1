/* SPDX-License-Identifier: MIT */
#include "base/registry.h"

#include "base/strbuf.h"

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

const char *knob_word(const struct knob *knob, double value)
{
    if (knob->on_off)
        return value > 0 ? "on" : "off";
    return knob->words ? knob->words[(size_t)knob_clamp(knob, value)] : NULL;
}

static bool parse_switch(const struct knob *knob, const char *text, double *value, struct err *err)
{
    bool on = strcmp(text, "on") == 0 || strcmp(text, "1") == 0;
    if (!on && strcmp(text, "off") != 0 && strcmp(text, "0") != 0)
        return err_set(err, "%s=%.40s: it is on or off", knob->name, text);
    *value = on;
    return true;
}

static bool parse_word(const struct knob *knob, const char *text, double *value, struct err *err)
{
    char known[120] = "";
    size_t used = 0;
    for (int i = 0; knob->words[i]; i++) {
        if (strcmp(knob->words[i], text) == 0) {
            *value = i;
            return true;
        }
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", knob->words[i]);
        CHECK(used < sizeof known);
    }
    if (text_to_double(text, value) && *value == knob_clamp(knob, *value))
        return true;
    return err_set(err, "%s=%.40s: unknown; there are %s", knob->name, text, known);
}

bool knob_parse(const struct knob *knob, const char *text, double *value, struct err *err)
{
    double number;
    if (knob->on_off)
        return parse_switch(knob, text, value, err);
    if (knob->words)
        return parse_word(knob, text, value, err);
    if (!text_to_double(text, &number))
        return err_set(err, "%s=%.40s: not a number; try %s=%g", knob->name, text, knob->name, knob->value);
    if (!(number >= knob->min && number <= knob->max))
        return err_set(err, "%s=%.40s: out of range; it goes from %.15g to %.15g", knob->name, text,
                       knob->min, knob->max);
    if (knob->whole && number != knob_clamp(knob, number))
        return err_set(err, "%s=%.40s: a whole number is needed", knob->name, text);
    *value = number;
    return true;
}

static double next_word(const struct knob *knob, double value, int direction)
{
    double next = value + direction;
    return next < knob->min ? knob->max : next > knob->max ? knob->min : next;
}

static double two_digits(double value)
{
    double unit = pow(10, floor(log10(value)) - 1);
    return unit < 1 ? round(value / unit) / round(1 / unit) : round(value / unit) * unit;
}

double knob_turn(const struct knob *knob, double value, int direction)
{
    if (knob->words)
        return next_word(knob, value, direction);
    double next = knob->log ? value * pow(knob->step, direction) : value + direction * knob->step;
    if (!knob->log && knob->step > 0) /* land on the grid, not on 0.30000000000000004 */
        next = round(next / knob->step) * knob->step;
    else if (knob->log && !knob->whole && next > 0) /* nor on 0.0524288 */
        next = two_digits(next);
    return knob_clamp(knob, next);
}
