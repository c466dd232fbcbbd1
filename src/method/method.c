/* SPDX-License-Identifier: MIT */
#include "method/method.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>

#define METHOD(name) extern const struct method method_##name;
#include "method/methods.def"
#undef METHOD

static const struct method *const methods[] = {
#define METHOD(name) &method_##name,
#include "method/methods.def"
#undef METHOD
};

const struct method *method_at(size_t i)
{
    return i < ARRAY_LEN(methods) ? methods[i] : NULL;
}

static const struct entry *entry_at(size_t i)
{
    const struct method *method = method_at(i);
    return method ? &method->entry : NULL;
}

void method_parts(const struct method *method, char *text, size_t size)
{
    snprintf(text, size, "%s%s%s%s%s", method->hide ? "predictor" : "head",
             method->predictor ? ", predictor" : "", method->target ? ", target network" : "",
             method->brings ? ", " : "", method->brings ? method->brings : "");
}

static void note(size_t i, char *text, size_t size)
{
    char parts[160];
    const struct method *method = methods[i];
    method_parts(method, parts, sizeof parts);
    snprintf(text, size, "New: %s.%s%s Source: %s.", parts, method->flow->text ? " Needs captions." : "",
             method->defaults ? " Settings at their usual values become its own." : "", method->paper);
}

const struct axis method_axis = {.title = "method", .at = entry_at, .note = note};

/* ---- knobs ---- */

static double knob_value(const struct method *method, const double *value, const char *name, double otherwise)
{
    const struct knob *knobs = method->entry.knobs, *knob = knob_find(knobs, name);
    return knob ? value[knob - knobs] : otherwise;
}

double method_knob(const struct method_run *run, const char *name, double otherwise)
{
    return knob_value(run->method, run->knob, name, otherwise);
}

struct contrast method_contrast(const struct method *method, const double *knob)
{
    struct contrast contrast = method->contrast;
    if (knob_value(method, knob, "labels", 1) <= 0)
        contrast.positives = POSITIVES_VIEW;
    if (method->repels_by && knob_value(method, knob, method->repels_by, 1) <= 0)
        contrast.negatives = NEGATIVES_NONE;
    return contrast;
}

bool method_has(const struct method_run *run, const char *name)
{
    return method_knob(run, name, 1) > 0;
}

/* The i-th of those there are to choose; NULL past the end. */
static const struct loss *method_loss_choice(const struct method *method, size_t i)
{
    const struct knob *knob = knob_find(method->entry.knobs, "loss");
    if (!knob)
        return i == 0 ? loss_find(method->loss) : NULL;
    return (double)i <= knob->max ? loss_find(knob->words[i]) : NULL;
}

const struct loss *method_loss(const struct method_run *run)
{
    return method_loss_choice(run->method, (size_t)method_knob(run, "loss", 0));
}

void method_loss_knobs(struct method_run *run, const struct loss *loss)
{
    const struct knob *knobs = loss->entry.knobs;
    CHECK(knob_count(knobs) <= METHOD_MAX_KNOBS);
    for (size_t i = 0; i < knob_count(knobs); i++)
        run->loss_knob[i] = method_knob(run, knobs[i].name, knobs[i].value);
}

double *method_loss_knob(struct method_run *run, const char *name)
{
    const struct loss *loss = method_loss(run);
    const struct knob *knob = loss_knob(loss, name);
    CHECK(knob);
    return &run->loss_knob[knob - loss->entry.knobs];
}

/* ---- target networks ---- */

double method_momentum(const struct method_run *run, const struct method_batch *batch)
{
    const double pi = 3.14159265358979323846;
    double m = method_knob(run, "m", 0);
    if (!method_has(run, "ema"))
        return 0;
    if (!run->method->target_rises)
        return m;
    return 1 - (1 - m) * (cos(pi * batch->done) + 1) / 2; /* Grill et al. 2020, section 3.3 */
}

void method_target_start(const struct method_run *run)
{
    if (run->trunk_twin.shift)
        twin_start(run->params, &run->trunk_twin);
    for (size_t i = 0; i < run->n_heads; i++)
        if (run->head_twin[i].shift)
            twin_start(run->params, &run->head_twin[i]);
}

void method_start(struct method_run *run)
{
    method_target_start(run);
    if (run->method->start)
        run->method->start(run);
}

void method_target_follow(const struct method_run *run, const struct method_batch *batch)
{
    double keep = method_momentum(run, batch);
    if (run->trunk_twin.shift)
        twin_follow(run->params, &run->trunk_twin, keep, batch->pool);
    for (size_t i = 0; i < run->n_heads; i++)
        if (run->head_twin[i].shift)
            twin_follow(run->params, &run->head_twin[i], keep, batch->pool);
}
