/* SPDX-License-Identifier: MIT */
#include "view/sentence.h"

#include "ui/text.h"
#include "view/pen.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Wordings from the longest to the shortest; the first that fits is taken. */
struct wordings {
    int width;
    bool done;
    char *text;
};

static void wording(struct wordings *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void wording(struct wordings *w, const char *format, ...)
{
    if (w->done)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(w->text, SENTENCE_SIZE, format, args);
    va_end(args);
    for (char *start = w->text; start; start = strstr(start, ". "), start = start ? start + 2 : NULL)
        *start = (char)toupper((unsigned char)*start);
    w->done = text_width(w->text) <= w->width;
}

static int percent(float share)
{
    return (int)lround(100 * (double)share);
}

/* 0 at chance, 1 where every value is right: comparable between attributes of 2 and of 8 values. */
static float above_chance(float value, float chance)
{
    return isfinite(value) && chance < 1 ? (value - chance) / (1 - chance) : 0;
}

enum verdict verdict_of(float value, float pixels, float untrained, float chance, float margin)
{
    if (!isfinite(value) || (isnan(pixels) && isnan(untrained) && isnan(chance)))
        return VERDICT_NONE;
    float best = fmaxf(fmaxf(pixels, untrained), chance); /* fmax passes over NaN */
    if (value > best + margin)
        return VERDICT_UP;
    float before = isnan(untrained) ? best : untrained;
    return value < before - margin ? VERDICT_DOWN : VERDICT_SAME;
}

static enum verdict column_verdict(const struct sentence_column *c)
{
    return verdict_of(c->value, c->pixels, c->untrained, c->chance, 0.01F);
}

/* The attribute that is read best, by `field` of it, leaving out the one at `but` (n: none); -1 if none is
 * known. */
static int best_by(const struct sentence_facts *f, float (*field)(const struct sentence_column *), int but)
{
    int best = -1;
    float top = 0;
    for (int i = 0; i < f->n; i++) {
        const struct sentence_column *c = &f->column[i];
        float now = above_chance(field(c), c->chance);
        if (i == but || !isfinite(field(c)) || (best >= 0 && now <= top))
            continue;
        best = i;
        top = now;
    }
    return best;
}

static float field_value(const struct sentence_column *c)
{
    return c->value;
}

/* The attribute that lost most since before training, at least a tenth; -1 if none. */
static int most_lost(const struct sentence_facts *f)
{
    int most = -1;
    float loss = 0.1F;
    for (int i = 0; i < f->n; i++) {
        float fell = f->column[i].untrained - f->column[i].value;
        if (isfinite(fell) && fell >= loss) {
            most = i;
            loss = fell;
        }
    }
    return most;
}

/* "same shape", "same shape and same hue", "mostly same hue", "" if nothing is read. */
static void what_near_means(const struct sentence_facts *f, char *text, size_t size)
{
    int first = best_by(f, field_value, f->n);
    text[0] = '\0';
    if (first < 0)
        return;
    float share = above_chance(f->column[first].value, f->column[first].chance);
    if (share < 0.35F)
        return;
    int second = best_by(f, field_value, first);
    bool both = second >= 0 && above_chance(f->column[second].value, f->column[second].chance) >= 0.75F;
    if (share < 0.75F)
        snprintf(text, size, "mostly same %s", f->column[first].name);
    else if (both)
        snprintf(text, size, "same %s, same %s", f->column[first].name, f->column[second].name);
    else
        snprintf(text, size, "same %s", f->column[first].name);
}

/* Neighbourhoods that mean nothing: one point, or one line. */
static void say_ruin(const struct sentence_facts *f, char text[SENTENCE_SIZE])
{
    bool well = f->sign && !*f->sign; /* the training knows its method, and warns of nothing */
    text[0] = '\0';
    if (well)
        return;
    if (isfinite(f->std) && f->std < 0.1F)
        snprintf(text, SENTENCE_SIZE, "all pictures land on one point (std x sqrt d %.2f)", (double)f->std);
    else if (isfinite(f->rank) && f->rank < 2)
        snprintf(text, SENTENCE_SIZE, "all pictures land on one line (%.1f dimensions used)",
                 (double)f->rank);
}

void sentence_collapse(const struct sentence_facts *f, char text[SENTENCE_SIZE])
{
    say_ruin(f, text);
    if (f->sign && *f->sign)
        snprintf(text, SENTENCE_SIZE, "%s", f->sign);
}

static void say_status(const struct sentence_facts *f, struct wordings *w)
{
    const char *message = f->message ? f->message : "";
    if (f->status == TRAIN_FAILED) {
        wording(w, "Training stopped: %s. Shown is the last good state.", message);
        wording(w, "Training stopped: %s", message);
    } else if (f->reading) {
        wording(w, "Reading %s.", f->reading);
        wording(w, "Reading.");
    } else if (!f->known) {
        wording(w, "%s", *message ? message : "Preparing: pictures, the untrained net, the yardsticks.");
        wording(w, "Preparing.");
    }
}

static void say_collapse(const struct sentence_facts *f, struct wordings *w)
{
    char ruin[SENTENCE_SIZE], sign[SENTENCE_SIZE];
    say_ruin(f, ruin);
    sentence_collapse(f, sign);
    if (*ruin) {
        wording(w, "Collapse: %.200s. Near means nothing now, whatever the loss says.", sign);
        wording(w, "Collapse: %.200s. Near means nothing.", sign);
        wording(w, "Collapse: %.200s.", sign);
    } else if (*sign) {
        wording(w, "A sign of collapse: %.200s. Look at the method's panel and its safeguards (S).", sign);
        wording(w, "A sign of collapse: %.200s.", sign);
        wording(w, "Collapse? %.200s", sign);
    }
}

/* No attribute to name: say what the space itself is like. */
static void say_without_label(const struct sentence_facts *f, struct wordings *w)
{
    if (f->n > 0)
        return;
    char spread[32];
    snprintf(spread, sizeof spread, "%s%.1f", f->uniformity < -0.05F ? "−" : "", fabs((double)f->uniformity));
    if (!isfinite(f->alignment) || !isfinite(f->uniformity)) {
        wording(w, "Near means: alike to the network. There is no attribute to say in what.");
        wording(w, "No attribute says what near means.");
        return;
    }
    wording(
        w,
        "Two views of one picture are %.2f apart (0 alike, 2 unrelated); pictures spread %s (random −3.9, "
        "collapsed 0). No attribute says in what near ones are alike.",
        (double)f->alignment, spread);
    wording(w, "Two views of one picture are %.2f apart (0 alike, 2 unrelated), spread %s.",
            (double)f->alignment, spread);
    wording(w, "Views %.2f apart (0 alike, 2 unrelated), spread %s.", (double)f->alignment, spread);
}

/* No yardstick but chance. */
static void say_elsewhere(const struct sentence_facts *f, struct wordings *w)
{
    int best = best_by(f, field_value, f->n);
    if (f->status != TRAIN_ELSEWHERE || best < 0)
        return;
    const struct sentence_column *c = &f->column[f->label >= 0 ? f->label : best];
    if (!isnan(c->untrained)) /* a run, with all that was measured */
        return;
    int now = percent(c->value), by = percent(c->chance);
    if (now <= by + 1) {
        wording(w, "Near means little: %s is read at %d %% from the 20 nearest, chance %d.", c->name, now,
                by);
        wording(w, "Near means little: %s %d, chance %d.", c->name, now, by);
    }
    wording(w, "Near means same %s: read at %d %% from the 20 nearest, chance %d.", c->name, now, by);
    wording(w, "Near means same %s (%d, chance %d).", c->name, now, by);
}

static void say_before(const struct sentence_facts *f, struct wordings *w)
{
    int best = best_by(f, field_value, f->n);
    if (f->step > 0 || best < 0)
        return;
    const struct sentence_column *c = &f->column[best];
    if (f->now > 0) {
        unsigned long long now = f->now;
        wording(w,
                "Step %llu. By the untrained net near meant same %s (%d %%, chance %d); nothing is measured "
                "since.",
                now, c->name, percent(c->value), percent(c->chance));
        wording(w, "Step %llu. Before learning near meant same %s (%d, chance %d).", now, c->name,
                percent(c->value), percent(c->chance));
    }
    wording(w, "Before learning: by the untrained net near means same %s (%d %% of the time, chance %d).",
            c->name, percent(c->value), percent(c->chance));
    wording(w, "Before learning: near means same %s (%d, chance %d).", c->name, percent(c->value),
            percent(c->chance));
}

static bool yardsticks_known(const struct sentence_column *c)
{
    return isfinite(c->value) && isfinite(c->pixels) && isfinite(c->untrained) && isfinite(c->chance);
}

static void say_passed(const struct sentence_facts *f, struct wordings *w)
{
    const struct sentence_column *c = &f->column[f->label];
    if (!yardsticks_known(c))
        return;
    int now = percent(c->value), net = percent(c->untrained), raw = percent(c->pixels),
        by = percent(c->chance);
    unsigned long long step = f->step;
    wording(
        w,
        "Step %llu: %s is read better than by the untrained net or from pixels (%d against %d and %d, chance "
        "%d).",
        step, c->name, now, net, raw, by);
    wording(w, "Step %llu: %s beats untrained net and pixels (%d against %d, %d; chance %d).", step, c->name,
            now, net, raw, by);
    wording(w, "%s %d beats net %d, pixels %d, chance %d.", c->name, now, net, raw, by);
}

static void say_lost(const struct sentence_facts *f, int lost, const char *means, struct wordings *w)
{
    const struct sentence_column *c = &f->column[lost];
    const char *name = c->name;
    int was = percent(c->untrained), now = percent(c->value), by = percent(c->chance);
    if (c->colours && f->colour_steps) {
        wording(w,
                "Near now means: %s. %s was readable %d %% of the time, now %d (chance %d): the two views "
                "disagree "
                "about it, so the loss rewards forgetting it.",
                means, name, was, now, by);
        wording(w,
                "Near now means: %s. %s was readable %d %% of the time, now %d (chance %d): the two views "
                "disagree "
                "about it.",
                means, name, was, now, by);
    }
    wording(w, "Near now means: %s. %s was readable at %d %%, now at %d (chance %d).", means, name, was, now,
            by);
    wording(w, "Near means: %s. %s was read at %d %%, now %d.", means, name, was, now);
    wording(w, "Near means: %s.", means);
}

/* The label is not learned yet: what happens instead. */
static void say_not_yet(const struct sentence_facts *f, const char *means, struct wordings *w)
{
    int lost = most_lost(f);
    unsigned long long step = f->step;
    if (lost >= 0 && lost != f->label) {
        const struct sentence_column *c = &f->column[lost];
        bool hidden = c->colours && f->colour_steps;
        int was = percent(c->untrained), now = percent(c->value), by = percent(c->chance);
        const char *why = hidden ? ": the two views disagree about it" : "";
        wording(w, "Step %llu. %s stops helping%s (untrained net %d %%, now %d, chance %d).", step, c->name,
                why, was, now, by);
        wording(w, "Step %llu. %s stops helping%s.", step, c->name, why);
        wording(w, "%s fades: %d %%, now %d.", c->name, was, now);
    }
    if (f->label >= 0 && yardsticks_known(&f->column[f->label])) {
        const struct sentence_column *c = &f->column[f->label];
        int now = percent(c->value), net = percent(c->untrained), raw = percent(c->pixels);
        wording(w,
                "Step %llu: near means %s. %s is not learned yet: %d %% against pixels %d, untrained net %d.",
                step, means, c->name, now, raw, net);
        wording(w, "Near means %s. %s %d: pixels %d, untrained net %d.", means, c->name, now, raw, net);
    }
    wording(w, "Step %llu: near means %s.", step, means);
    wording(w, "Near means %s.", means);
}

static void say_means(const struct sentence_facts *f, struct wordings *w)
{
    char means[160];
    what_near_means(f, means, sizeof means);
    if (!*means) {
        wording(
            w, "Step %llu: near means none of the attributes yet; each is read little better than by chance.",
            (unsigned long long)f->step);
        wording(w, "Near means none of the attributes yet.");
    }
    const struct sentence_column *label = f->label >= 0 ? &f->column[f->label] : NULL;
    bool learned = label && column_verdict(label) == VERDICT_UP;
    int lost = most_lost(f);
    if (!learned)
        say_not_yet(f, means, w);
    else if (above_chance(label->value, label->chance) < 0.88F)
        say_passed(f, w);
    if (lost >= 0)
        say_lost(f, lost, means, w);
    if (label && yardsticks_known(label))
        wording(w, "Near now means: %s (%s %d %%; pixels %d, untrained net %d, chance %d).", means,
                label->name, percent(label->value), percent(label->pixels), percent(label->untrained),
                percent(label->chance));
    wording(w, "Near now means: %s.", means);
}

/* Cuts what no wording could fit. */
static void cut(struct wordings *w)
{
    if (w->done || w->width < 1)
        return;
    char *at = w->text;
    const char *next = at;
    for (int used = 0; used < w->width - 1 && *next; at = w->text + (next - w->text))
        used += glyph_width(text_next(&next));
    snprintf(at, SENTENCE_SIZE - (size_t)(at - w->text), "%s", "…");
}

void sentence_make(const struct sentence_facts *facts, int width, char text[SENTENCE_SIZE])
{
    struct wordings w = {.width = width, .text = text};
    text[0] = '\0';
    say_status(facts, &w);
    if (!*text)
        say_collapse(facts, &w);
    if (!*text)
        say_without_label(facts, &w);
    if (!*text)
        say_elsewhere(facts, &w);
    if (!*text)
        say_before(facts, &w);
    if (!*text)
        say_means(facts, &w);
    cut(&w);
}

void sentence_intro(const struct sentence_story *story, int width, char text[SENTENCE_SIZE])
{
    struct wordings w = {.width = width, .text = text};
    bool ordered = story->order >= 0.5F;
    char items[32];
    format_count(story->items, items);
    text[0] = '\0';
    if (story->seconds < 2.5 && *story->coloured && ordered) {
        wording(&w, "Before learning. %s pictures by their pixels: near means same %s.", items,
                story->coloured);
        wording(&w, "Before learning: near means same %s.", story->coloured);
    } else if (story->seconds < 2.5) {
        wording(&w, "Before learning. %s pictures by their pixels.", items);
    } else if (*story->label && !isnan(story->order)) {
        const char *much = ordered ? "some" : "no";
        wording(
            &w,
            "By %s there is %s order. The network is told one thing only: these two are the same picture.",
            story->label, much);
        wording(&w, "By %s there is %s order. All it is told: these two are one picture.", story->label,
                much);
        wording(&w, "By %s there is %s order.", story->label, much);
    } else {
        wording(&w, "The network is told one thing only: these two are the same picture.");
        wording(&w, "All it is told: these two are one picture.");
    }
    cut(&w);
}
