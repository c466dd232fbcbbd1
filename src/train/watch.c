/* SPDX-License-Identifier: MIT */
#include "train/watch.h"

#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char past_untrained[] = " passes untrained net", past_pixels[] = " passes pixels";

void event_add(struct series *events, uint64_t step, enum event_kind kind, const char *format, ...)
{
    struct event event = {.step = step, .kind = kind};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(event.text, sizeof event.text, format, arguments);
    va_end(arguments);
    text_whole(event.text);
    series_append(events, &event);
}

/* The headline is the first measure: the label's, where there is one. */
static void note_passing(struct watch *watch, const struct watched *now, struct series *events)
{
    const struct measures *measures = now->measures;
    if (measures->n == 0 || measures->item[0].column < 0 || measures->step == 0)
        return;
    const struct measure *head = &measures->item[0];
    const char *name = now->data->column[head->column].name;
    if (!watch->passed_untrained && head->value > head->untrained) {
        watch->passed_untrained = true;
        event_add(events, measures->step, EVENT_PASSED, "%.60s%s", name, past_untrained);
    }
    if (!watch->passed_pixels && head->value > head->pixels) {
        watch->passed_pixels = true;
        event_add(events, measures->step, EVENT_PASSED, "%.60s%s", name, past_pixels);
    }
}

static void note_collapse(struct watch *watch, const struct watched *now, struct series *events)
{
    char text[sizeof watch->collapse];
    struct readout readout[READOUTS_MAX];
    struct condition condition = {.measures = now->measures,
                                  .row = learner_row(now->learner),
                                  .dim_h = learner_dim_h(now->learner),
                                  .dim_z = learner_dim_z(now->learner),
                                  .raw = learner_config(now->learner)->method->raw,
                                  .readout = readout,
                                  .n_readouts = learner_readouts(now->learner, readout, READOUTS_MAX)};
    measures_collapse(&condition, text, sizeof text);
    if (text[0] && !watch->collapse[0])
        event_add(events, now->measures->step, EVENT_COLLAPSE, "%s", text);
    memcpy(watch->collapse, text, sizeof text);
}

/* Each is said once while it goes on, or the events that matter drown in them. The untrained net finds all
 * views alike, which says nothing. */
static void note_moves(struct watch *watch, const struct watched *now, struct series *events)
{
    static const double many = 0.05, far = 0.5;
    struct moved moved;
    uint64_t step = now->measures->step;
    if (!moves_read(&watch->moves, now->probe, step, &moved)) {
        watch->flipping = watch->parting = false;
        return;
    }
    bool flips = (double)moved.flipped >= many * (double)moved.n;
    if (flips && !watch->flipping)
        event_add(events, step, EVENT_FLIPPED,
                  "neighbours flipped: %zu of %zu share none of %d with step %llu", moved.flipped, moved.n,
                  MOVES_K, (unsigned long long)moved.since);
    watch->flipping = flips;
    bool parts = moved.since > 0 && (double)(moved.before - moved.now) >= far;
    if (parts && !watch->parting)
        event_add(events, step, EVENT_APART, "views of item %u: cosine in z fell %.2f to %s%.2f", moved.item,
                  (double)moved.before, moved.now < 0 ? "−" : "", fabs((double)moved.now));
    watch->parting = parts;
}

void watch_look(struct watch *watch, const struct watched *now, struct series *events)
{
    note_passing(watch, now, events);
    note_collapse(watch, now, events);
    note_moves(watch, now, events);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n >= m && strcmp(text + n - m, ending) == 0;
}

void watch_recall(struct watch *watch, const struct event *event)
{
    bool passed = event->kind == EVENT_PASSED;
    watch->passed_untrained = watch->passed_untrained || (passed && ends_with(event->text, past_untrained));
    watch->passed_pixels = watch->passed_pixels || (passed && ends_with(event->text, past_pixels));
    if (event->kind == EVENT_COLLAPSE)
        memcpy(watch->collapse, event->text, sizeof watch->collapse);
}

void watch_forget(struct watch *watch)
{
    watch->passed_untrained = watch->passed_pixels = false;
    watch->collapse[0] = '\0';
}

void watch_release(struct watch *watch)
{
    moves_release(&watch->moves);
}
