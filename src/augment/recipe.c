/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"

#include "base/check.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 128, NAMES_SIZE = 240 };

/* What one word says; a part it leaves out is not `has`. */
struct word {
    char sign; /* '+', '-' or 0 */
    const struct augment *kind;
    bool has_strength, has_probability;
    double low, high, probability;
};

static const struct knob *strength_knob(const struct augment *kind)
{
    return knob_count(kind->entry.knobs) ? &kind->entry.knobs[0] : NULL;
}

static struct augment_step default_step(const struct augment *kind)
{
    const struct knob *knob = strength_knob(kind);
    struct augment_step step = {.kind = kind, .probability = kind->probability};
    if (knob)
        step.low = kind->low, step.high = knob->value;
    return step;
}

static size_t find(const struct recipe *recipe, const struct augment *kind)
{
    size_t i = 0;
    while (i < recipe->n && recipe->step[i].kind != kind)
        i++;
    return i;
}

const struct augment_step *recipe_find(const struct recipe *recipe, const char *name)
{
    for (size_t i = 0; i < recipe->n; i++)
        if (strcmp(recipe->step[i].kind->entry.name, name) == 0)
            return &recipe->step[i];
    return NULL;
}

/* ---- reading ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',';
}

/* Copies the next word and moves on; false at the end. One that does not fit is cut, for is_cut to see. */
static bool next_word(const char **text, char word[WORD_SIZE])
{
    const char *p = *text;
    while (is_blank(*p))
        p++;
    size_t n = 0;
    for (; *p && !is_blank(*p); p++)
        if (n < WORD_SIZE - 1)
            word[n++] = *p;
    word[n] = '\0';
    *text = p;
    return n > 0;
}

static bool is_cut(const char *word)
{
    return strlen(word) == WORD_SIZE - 1;
}

static bool read_number(const char *text, double *value)
{
    if (!text_to_double(text, value))
        return false;
    *value += 0.0; /* no negative zero */
    return true;
}

static bool read_strength(const char *text, struct word *word, struct err *err)
{
    const char *name = word->kind->entry.name;
    const struct knob *knob = strength_knob(word->kind);
    if (!knob)
        return err_set(err, "%s=%.40s: %s has no strength; how often it happens is %s@0.5", name, text, name,
                       name);
    char first[WORD_SIZE];
    snprintf(first, sizeof first, "%s", text);
    char *dots = strstr(first, "..");
    if (dots)
        *dots = '\0';
    if (!read_number(first, &word->low) || !read_number(dots ? dots + 2 : first, &word->high))
        return err_set(err, "%s=%.40s: not a number or a range; write %s=%g or %s=%g..%g", name, text, name,
                       knob->value, name, word->kind->low, knob->value);
    if (word->low > word->high)
        return err_set(err, "%s=%.40s: the range is upside down; write %s=%g..%g", name, text, name,
                       word->high, word->low);
    if (word->low < knob->min || word->high > knob->max)
        return err_set(err, "%s=%.40s: out of range; %s takes %g to %g%s%s", name, text, name, knob->min,
                       knob->max, *knob->unit ? " " : "", knob->unit);
    word->has_strength = true;
    return true;
}

static bool read_probability(const char *text, struct word *word, struct err *err)
{
    if (!read_number(text, &word->probability) || word->probability < 0 || word->probability > 1)
        return err_set(err, "%s@%.40s: after @ stands how often it happens, from 0 to 1",
                       word->kind->entry.name, text);
    word->has_probability = true;
    return true;
}

static const struct augment *kind_find(const char *name, struct err *err)
{
    const struct augment *kind;
    for (size_t i = 0; (kind = augment_at(i)); i++)
        if (strcmp(kind->entry.name, name) == 0)
            return kind;
    char names[NAMES_SIZE];
    axis_names(&augment_axis, names, sizeof names);
    err_set(err, "no augmentation is called '%.40s'; there are %s, or none alone", name, names);
    return NULL;
}

/* Cuts text at the first c and gives what stood after it, or NULL. */
static char *cut_at(char *text, char c)
{
    char *at = strchr(text, c);
    if (at)
        *at++ = '\0';
    return at;
}

static bool read_word(char *text, struct word *word, struct err *err)
{
    *word = (struct word){0};
    if (*text == '+' || *text == '-')
        word->sign = *text++;
    char *probability = cut_at(text, '@'), *strength = cut_at(text, '=');
    word->kind = kind_find(text, err);
    if (!word->kind)
        return false;
    if (word->sign == '-' && (probability || strength))
        return err_set(err, "-%s: removing takes only the name", text);
    if (strength && !read_strength(strength, word, err))
        return false;
    return !probability || read_probability(probability, word, err);
}

static bool remove_step(struct recipe *recipe, const struct word *word, struct err *err)
{
    size_t i = find(recipe, word->kind);
    if (i == recipe->n) {
        char text[NAMES_SIZE];
        recipe_print(recipe, text, sizeof text);
        return err_set(err, "-%s: the recipe has none; it is: %s", word->kind->entry.name, text);
    }
    recipe->n--;
    memmove(&recipe->step[i], &recipe->step[i + 1], (recipe->n - i) * sizeof recipe->step[0]);
    return true;
}

static bool put_step(struct recipe *recipe, const struct word *word, struct err *err)
{
    size_t i = find(recipe, word->kind);
    if (i < recipe->n && !word->sign)
        return err_set(err, "'%s' is there twice; each kind of step can stand once", word->kind->entry.name);
    if (i == recipe->n)
        recipe->step[recipe->n++] = default_step(word->kind);
    struct augment_step *step = &recipe->step[i];
    if (word->has_strength)
        step->low = word->low, step->high = word->high;
    if (word->has_probability)
        step->probability = word->probability;
    return true;
}

static bool parse_words(struct recipe *recipe, const char *text, struct err *err)
{
    struct recipe made = {0};
    char buffer[WORD_SIZE];
    struct word word;
    bool editing = false;
    for (size_t n = 0; next_word(&text, buffer); n++) {
        char shown[WORD_SIZE];
        memcpy(shown, buffer, sizeof shown);
        if (is_cut(buffer))
            return err_set(err, "'%.40s...': no step is that long", buffer);
        if (!read_word(buffer, &word, err))
            return false;
        if (n == 0) {
            editing = word.sign != 0;
            if (editing)
                made = *recipe;
        }
        if (editing != (word.sign != 0))
            return err_set(err, "'%.40s': either every word starts with + or - (an edit) or none does",
                           shown);
        if (word.sign == '-' ? !remove_step(&made, &word, err) : !put_step(&made, &word, err))
            return false;
    }
    *recipe = made;
    return true;
}

bool recipe_parse(struct recipe *recipe, const char *text, struct err *err)
{
    char word[WORD_SIZE];
    const char *rest = text;
    if (!next_word(&rest, word))
        return err_set(err, "augment: nothing is named; write none for no augmentation");
    if (strcmp(word, "none") == 0 && !next_word(&rest, word)) {
        *recipe = (struct recipe){0};
        return true;
    }
    return parse_words(recipe, text, err) || err_within(err, "augment");
}

/* ---- writing ---- */

/* The shortest of the two usual lengths that reads back to the same number. */
static int print_number(char *text, size_t size, double value)
{
    char brief[32];
    snprintf(brief, sizeof brief, "%g", value);
    return snprintf(text, size, strtod(brief, NULL) == value ? "%g" : "%.17g", value);
}

void augment_step_print(const struct augment_step *step, char *text, size_t size)
{
    char low[32], high[32], probability[32];
    print_number(low, sizeof low, step->low);
    print_number(high, sizeof high, step->high);
    print_number(probability, sizeof probability, step->probability);
    bool strong = strength_knob(step->kind) != NULL, range = strong && step->low != step->high;
    bool rare = step->probability != step->kind->probability;
    snprintf(text, size, "%s%s%s%s%s%s%s", step->kind->entry.name, strong ? "=" : "", strong ? low : "",
             range ? ".." : "", range ? high : "", rare ? "@" : "", rare ? probability : "");
}

void recipe_print(const struct recipe *recipe, char *text, size_t size)
{
    CHECK(size > 0);
    size_t used = 0;
    snprintf(text, size, "none");
    for (size_t i = 0; i < recipe->n && used < size; i++) {
        char step[WORD_SIZE];
        augment_step_print(&recipe->step[i], step, sizeof step);
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", step);
    }
}

static const char *default_text(const char *name, int channels)
{
    /* jitter is the one colour step, on every view: with it shape is learned, without it the hue suffices */
    if (strcmp(name, "tiles") == 0)
        return "crop=0.5..1 flip rotate=23 jitter=0.5@1 noise=0.05";
    if (channels == 3)
        return "crop=0.3..1 flip rotate=23 jitter=0.4 grey noise=0.05";
    bool writing = strstr(name, "mnist") && !strstr(name, "fashion");
    return writing ? "crop=0.5..1 rotate=12 shift=0.1 shear=0.2 brightness=0.4 contrast=0.4 noise=0.03"
                   : "crop=0.7..1 flip rotate=10 shear=0.1 brightness=0.8 contrast=0.8 noise=0.03";
}

void recipe_default(struct recipe *recipe, const char *dataset_name, int channels)
{
    struct err err;
    CHECK(recipe_parse(recipe, default_text(dataset_name, channels), &err));
}

void recipe_idle_steps(const struct recipe *recipe, int channels, char *text, size_t size)
{
    CHECK(size > 0);
    text[0] = '\0';
    if (channels != 1)
        return;
    const char *idle[AUGMENT_MAX_STEPS];
    size_t n = 0, used = 0;
    for (size_t i = 0; i < recipe->n; i++)
        if (recipe->step[i].kind->needs_colour)
            idle[n++] = recipe->step[i].kind->entry.name;
    for (size_t i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s",
                                 i == 0       ? ""
                                 : i + 1 == n ? " and "
                                              : ", ",
                                 idle[i]);
    if (n > 0 && used < size)
        snprintf(text + used, size - used, " %s nothing on grey pictures", n == 1 ? "does" : "do");
}
