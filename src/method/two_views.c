/* SPDX-License-Identifier: MIT */
#include "method/two_views.h"

#include "base/check.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD, PREDICTOR };

/* ---- which safeguards stand ---- */

/* What a step does, as the switches stand. */
struct course {
    const struct loss *loss;
    enum method_form form;
    bool predicts; /* p is not z */
    bool stops;    /* t has no gradient */
    bool attracts; /* negatives are off: a loss that only attracts, symmetric in its sides */
};

static struct course course_of(const struct method_run *run)
{
    const struct method *method = run->method;
    bool attracts = !method_has(run, "negatives");
    return (struct course){
        .loss = attracts ? loss_find("cosine") : method_loss(run),
        .form = attracts ? FORM_MEAN : method->form,
        .predicts = method->predictor && method_has(run, "predictor"),
        .stops = method->form != FORM_BOTH && method_has(run, "stop-gradient"),
        .attracts = attracts,
    };
}

/* ---- setting up ---- */

/* The text without its batchnorm layers. */
static void leave_out_norms(struct strbuf *out, const char *text)
{
    static const char norm[] = ", batchnorm";
    const char *at;
    for (; (at = strstr(text, norm)); text = at + strlen(norm))
        strbuf_add(out, text, (size_t)(at - text));
    strbuf_puts(out, text);
}

static bool add_head(struct method_run *run, const char *text, size_t in, const char *prefix, bool target,
                     struct err *err)
{
    struct strbuf plain = {0};
    if (!method_has(run, "normalisation")) {
        leave_out_norms(&plain, text);
        text = strbuf_text(&plain);
    }
    bool fine = head_add(run, text, in, prefix, target, err);
    strbuf_release(&plain);
    return fine;
}

static bool setup(struct method_run *run, const char *head, struct err *err)
{
    const struct method *method = run->method;
    if (!add_head(run, head && *head ? head : method->head, run->dim_h, "head", method->target, err))
        return false;
    run->dim_z = head_width(run, HEAD);
    if (method->predictor && !add_head(run, method->predictor, run->dim_z, "predictor",
                                       method->target && method->target_predicts, err))
        return false;
    run->detail = xcalloc(1, sizeof(struct two_views));
    return !method->begin || method->begin(run, err);
}

static void release(struct method_run *run)
{
    if (run->method->end)
        run->method->end(run);
    head_release_all(run);
    free(run->detail);
    run->detail = NULL;
}

/* ---- memory ---- */

static void take_heads(const struct method_run *run, size_t n, struct arena *arena, struct two_views *tv)
{
    const struct method *method = run->method;
    head_take(run, HEAD, n, arena, &tv->head);
    if (method->predictor)
        head_take(run, PREDICTOR, n, arena, &tv->predictor);
    if (method->target)
        head_take_target(run, HEAD, n, arena, &tv->target_head);
    if (method->target && method->target_predicts)
        head_take_target(run, PREDICTOR, n, arena, &tv->target_predictor);
}

static void take(const struct method_run *run, size_t n, struct arena *arena, struct two_views *tv)
{
    tv->dim_p = run->method->predictor ? head_width(run, PREDICTOR) : run->dim_z;
    take_heads(run, n, arena, tv);
    for (int view = 0; view < 2; view++) {
        tv->dp[view] = arena_take(arena, n * tv->dim_p, sizeof(real));
        tv->dt[view] = arena_take(arena, n * tv->dim_p, sizeof(real));
        tv->dz[view] = arena_take(arena, n * run->dim_z, sizeof(real));
        tv->pair_loss[view] = arena_take(arena, n, sizeof(real));
        tv->pair_weight[view] = arena_take(arena, n, sizeof(real));
    }
}

/* ---- forward ---- */

static void forward_target(struct method_run *run, struct method_batch *batch, struct two_views *tv)
{
    head_forward(run, &tv->target_head, batch->n, batch->target_h, batch->pool, tv->t);
    if (!run->method->target_predicts)
        return;
    const real *z[2] = {tv->t[0], tv->t[1]};
    head_forward(run, &tv->target_predictor, batch->n, z, batch->pool, tv->t);
}

static void forward(struct method_run *run, struct method_batch *batch)
{
    struct two_views *tv = run->detail;
    struct course course = course_of(run);
    take(run, batch->n, batch->arena, tv);
    head_forward(run, &tv->head, batch->n, batch->h, batch->pool, batch->z);
    for (int view = 0; view < 2; view++)
        tv->p[view] = tv->t[view] = batch->z[view];
    if (course.predicts)
        head_forward(run, &tv->predictor, batch->n, batch->z, batch->pool, tv->p);
    if (run->method->target && course.stops)
        forward_target(run, batch, tv);
}

/* ---- loss ---- */

static struct loss_io io_of(const struct method_batch *batch, const struct two_views *tv)
{
    return (struct loss_io){.n = batch->n, .d = tv->dim_p, .labels = batch->label};
}

/* Runs it; what it took from the arena is free again, as are the inputs' own pieces. */
static bool run_loss(struct method_run *run, struct method_batch *batch, const struct course *course,
                     int view, struct loss_io *io, struct err *err)
{
    struct arena_mark mark = arena_mark(batch->arena);
    method_loss_knobs(run, course->loss);
    if (run->method->inputs && !course->attracts)
        run->method->inputs(run, batch, view, io);
    bool fine = loss_run(course->loss, io, run->loss_knob, batch->pool, batch->arena, err);
    arena_back(batch->arena, mark);
    return fine;
}

static void scale(real *x, size_t n, real by)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= by;
}

static bool loss_both(struct method_run *run, struct method_batch *batch, const struct course *course,
                      struct err *err)
{
    struct two_views *tv = run->detail;
    struct loss_io io = io_of(batch, tv);
    io.a = tv->p[0];
    io.b = tv->p[1];
    io.da = tv->dp[0];
    io.db = tv->dp[1];
    io.pair_loss = tv->pair_loss[0];
    io.pair_weight = tv->pair_weight[0];
    if (!run_loss(run, batch, course, 0, &io, err))
        return false;
    batch->result = io;
    return true;
}

/* p of `view` against t of the other one. Without stop-gradient the loss is run once more with its sides
 * exchanged, which gives t's gradient, because cosine regression is symmetric in them. */
static bool loss_one_way(struct method_run *run, struct method_batch *batch, const struct course *course,
                         int view, struct loss_io *io, struct err *err)
{
    struct two_views *tv = run->detail;
    *io = io_of(batch, tv);
    io->a = tv->p[view];
    io->b = tv->t[1 - view];
    io->da = tv->dp[view];
    io->pair_loss = tv->pair_loss[view];
    io->pair_weight = tv->pair_weight[view];
    if (!run_loss(run, batch, course, view, io, err))
        return false;
    if (course->stops)
        return true;
    struct loss_io back = io_of(batch, tv);
    back.a = tv->t[1 - view];
    back.b = tv->p[view];
    back.da = tv->dt[1 - view];
    return run_loss(run, batch, course, view, &back, err);
}

static bool loss_each_way(struct method_run *run, struct method_batch *batch, const struct course *course,
                          struct err *err)
{
    struct two_views *tv = run->detail;
    struct loss_io second;
    double share = course->form == FORM_SUM ? 1 : 0.5;
    if (!loss_one_way(run, batch, course, 0, &batch->result, err) ||
        !loss_one_way(run, batch, course, 1, &second, err))
        return false;
    loss_merge(&second, share, &batch->result);
    for (int view = 0; view < 2; view++) {
        scale(tv->dp[view], batch->n * tv->dim_p, (real)share);
        if (!course->stops)
            scale(tv->dt[view], batch->n * tv->dim_p, (real)share);
    }
    return true;
}

static bool loss_of(struct method_run *run, struct method_batch *batch, struct err *err)
{
    struct course course = course_of(run);
    bool both = course.form == FORM_BOTH;
    if (!(both ? loss_both(run, batch, &course, err) : loss_each_way(run, batch, &course, err)))
        return false;
    double none = course.loss->no_learning(&batch->result, run->loss_knob);
    batch->no_learning = course.form == FORM_SUM ? 2 * none : none;
    return true;
}

/* ---- backward ---- */

static void add(real *to, const real *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

static void backward(struct method_run *run, struct method_batch *batch)
{
    struct two_views *tv = run->detail;
    struct course course = course_of(run);
    const real *dp[2] = {tv->dp[0], tv->dp[1]};
    real *dz[2] = {course.predicts ? tv->dz[0] : tv->dp[0], course.predicts ? tv->dz[1] : tv->dp[1]};
    if (course.predicts)
        head_backward(run, &tv->predictor, batch->n, batch->z, dp, batch->pool, dz);
    for (int view = 0; view < 2 && course.form != FORM_BOTH && !course.stops; view++)
        add(dz[view], tv->dt[view], batch->n * run->dim_z);
    head_backward(run, &tv->head, batch->n, batch->h, (const real *const[2]){dz[0], dz[1]}, batch->pool,
                  batch->dh);
}

/* ---- after the step ---- */

static void settle(struct method_run *run, struct method_batch *batch)
{
    const struct two_views *tv = run->detail;
    struct course course = course_of(run);
    head_settle(run, &tv->head, batch->n);
    if (course.predicts)
        head_settle(run, &tv->predictor, batch->n);
    if (!run->method->target || !course.stops)
        return;
    head_settle(run, &tv->target_head, batch->n);
    if (run->method->target_predicts)
        head_settle(run, &tv->target_predictor, batch->n);
}

static void project(const struct method_run *run, size_t n, const real *h, real *z, struct arena *arena)
{
    head_project(run, HEAD, n, h, z, arena);
}

/* ---- what is shown ---- */

static size_t show_target(const struct method_run *run, const struct method_batch *batch,
                          struct two_views *tv, struct readout *out)
{
    tv->shown[0] = (float)twin_distance(run->params, &run->trunk_twin);
    tv->shown[1] = (float)method_momentum(run, batch);
    out[0] = readout_scalar("distance to target", "", &tv->shown[0]);
    snprintf(out[0].note, sizeof out[0].note, "of the trunk's weights, relative; 0: the same");
    out[1] = readout_scalar("target momentum", "", &tv->shown[1]);
    return 2;
}

/* What the loss is the sum of. */
static size_t show_parts(const struct loss *loss, const struct method_batch *batch, struct two_views *tv,
                         struct readout *out, size_t max)
{
    size_t n = 0;
    double none = batch->no_learning;
    for (int i = 0; i < LOSS_PARTS && n < max; i++) {
        if (!loss->part[i])
            continue;
        tv->shown[2 + i] = (float)batch->result.part[i];
        out[n] = readout_scalar(loss->part[i], "", &tv->shown[2 + i]);
        if (loss->healthy[i].most > 0)
            readout_healthy(&out[n], loss->healthy[i].least * none, loss->healthy[i].most * none);
        n++;
    }
    return n;
}

/* How many of the terms of its mean negatives act on. */
static size_t show_active(const struct loss *loss, const struct loss_io *result, struct two_views *tv,
                          struct readout *out, size_t max)
{
    float *share = &tv->shown[2 + LOSS_PARTS];
    if (!loss->active || max < 1 || result->rows_used == 0)
        return 0;
    *share = (float)result->rows_active / (float)result->rows_used;
    out[0] = readout_scalar(loss->active, "share", share);
    out[0].low = 0;
    out[0].high = 1;
    snprintf(out[0].note, sizeof out[0].note, "negatives act on these alone");
    return 1;
}

static size_t readouts(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max)
{
    struct two_views *tv = run->detail;
    struct course course = course_of(run);
    size_t n = run->method->target && course.stops && max >= 2 ? show_target(run, batch, tv, out) : 0;
    n += show_parts(course.loss, batch, tv, out + n, max - n);
    return n + show_active(course.loss, &batch->result, tv, out + n, max - n);
}

const struct method_flow two_views = {
    .setup = setup,
    .release = release,
    .forward = forward,
    .loss_of = loss_of,
    .backward = backward,
    .settle = settle,
    .project = project,
    .readouts = readouts,
};
