/* SPDX-License-Identifier: MIT */
#include "method/captions.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "base/text_rows.h"
#include "nn/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD, TOKEN_WIDTH = 32, NO_TENSOR = -1 };
enum { SHOWN_SCALE, SHOWN_GAP, SHOWN_OFFSET, SHOWN_COUNT };
static const double scale_max = 4.605170185988092; /* ln 100 */

const char *const captions_defaults[] = {"augment", "crop=0.5..1 flip rotate=23 noise=0.05", NULL};

struct detail {
    struct text_encoder text;
    size_t scale;
    int offset; /* index in params, or NO_TENSOR */
    struct head_work head;
    struct text_work words;
    int32_t *label;                      /* (n) equal for equal captions */
    const real *w;                       /* (n, dim_z) */
    real *dz[2], *dw[2];                 /* (n, dim_z) */
    real *pair_loss[2], *pair_weight[2]; /* (n) */
    double *mean;                        /* (dim_z) */
    double gap;                          /* between the mean directions of pictures and captions */
    float shown[SHOWN_COUNT];            /* readouts */
};

/* ---- setting up ---- */

static bool has_offset(const struct method_run *run)
{
    return knob_find(run->method->entry.knobs, "b") != NULL;
}

static bool add_text(struct method_run *run, struct detail *detail, struct err *err)
{
    struct strbuf net = {0};
    strbuf_printf(&net, "linear %zu", run->dim_z);
    size_t room = (size_t)method_knob(run, "vocabulary", 1024);
    bool fine =
        text_encoder_init(&detail->text, room, TOKEN_WIDTH, strbuf_text(&net), "text", run->params, err);
    strbuf_release(&net);
    return fine;
}

static bool setup(struct method_run *run, const char *head, struct err *err)
{
    if (!head_add(run, head && *head ? head : run->method->head, run->dim_h, "head", false, err))
        return false;
    run->dim_z = head_width(run, HEAD);
    struct detail *detail = run->detail = xcalloc(1, sizeof *detail);
    if (!add_text(run, detail, err))
        return false;
    const int one[4] = {1};
    detail->scale = params_add(run->params, "logit.scale", one, TENSOR_BIAS, INIT_ZERO, 1, 1);
    detail->offset = NO_TENSOR;
    if (has_offset(run))
        detail->offset = (int)params_add(run->params, "logit.offset", one, TENSOR_BIAS, INIT_ZERO, 1, 1);
    return true;
}

static void release(struct method_run *run)
{
    struct detail *detail = run->detail;
    head_release_all(run);
    if (detail)
        text_encoder_release(&detail->text);
    free(detail);
    run->detail = NULL;
}

void captions_start(struct method_run *run)
{
    const struct detail *detail = run->detail;
    text_encoder_learn(&detail->text, run->params, run->caption, run->n_captions);
    *params_value(run->params, detail->scale) = (real)method_knob(run, "t", 0);
    if (detail->offset != NO_TENSOR)
        *params_value(run->params, (size_t)detail->offset) = (real)method_knob(run, "b", 0);
}

/* ---- memory ---- */

static void take(const struct method_run *run, size_t n, struct arena *arena, struct detail *detail)
{
    head_take(run, HEAD, n, arena, &detail->head);
    text_take(&detail->text, n, arena, &detail->words);
    detail->label = arena_take(arena, n, sizeof *detail->label);
    detail->mean = arena_take(arena, run->dim_z, sizeof *detail->mean);
    for (int view = 0; view < 2; view++) {
        detail->dz[view] = arena_take(arena, n * run->dim_z, sizeof(real));
        detail->dw[view] = arena_take(arena, n * run->dim_z, sizeof(real));
        detail->pair_loss[view] = arena_take(arena, n, sizeof(real));
        detail->pair_weight[view] = arena_take(arena, n, sizeof(real));
    }
}

/* With negatives off a picture and its caption only attract (the cosine of both, either way). */
static const struct loss *loss_at_work(const struct method_run *run)
{
    return loss_find(method_has(run, "negatives") ? run->method->loss : "cosine");
}

/* ---- forward ---- */

static void forward(struct method_run *run, struct method_batch *batch)
{
    struct detail *detail = run->detail;
    take(run, batch->n, batch->arena, detail);
    head_forward(run, &detail->head, batch->n, batch->h, batch->pool, batch->z);
    if (batch->caption)
        detail->w = text_forward(&detail->text, run->params, batch->n, batch->caption, &detail->words, true);
}

/* Each row's label is the first row with its caption; a blank one belongs with no other. */
static void label_captions(const struct method_batch *batch, int32_t *label)
{
    struct text_row *sorted = text_rows_sorted(batch->caption, batch->n, 1);
    for (size_t i = 0, first = 0; i < batch->n; i++) {
        if (!text_rows_again(sorted, i))
            first = i;
        label[sorted[i].row] = *sorted[i].text ? (int32_t)sorted[first].row : -1;
    }
    free(sorted);
}

/* ---- loss ---- */

static bool loss_of_view(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io,
                         struct err *err)
{
    struct detail *detail = run->detail;
    const struct loss *loss = loss_at_work(run);
    *io = (struct loss_io){.n = batch->n,
                           .d = run->dim_z,
                           .symmetric = true,
                           .a = batch->z[view],
                           .b = detail->w,
                           .labels = detail->label,
                           .da = detail->dz[view],
                           .db = detail->dw[view],
                           .pair_loss = detail->pair_loss[view],
                           .pair_weight = detail->pair_weight[view]};
    method_loss_knobs(run, loss);
    const struct knob *knobs = loss->entry.knobs, *t = knob_find(knobs, "t"), *b = knob_find(knobs, "b");
    if (t)
        run->loss_knob[t - knobs] = (double)*params_value(run->params, detail->scale);
    if (b && detail->offset != NO_TENSOR)
        run->loss_knob[b - knobs] = (double)*params_value(run->params, (size_t)detail->offset);
    struct arena_mark mark = arena_mark(batch->arena);
    bool fine = loss_run(loss, io, run->loss_knob, batch->pool, batch->arena, err);
    arena_back(batch->arena, mark);
    return fine;
}

/* Adds share times the unit rows of x to `mean` (d). */
static void add_directions(const real *x, size_t n, size_t d, double share, double *mean)
{
    for (size_t i = 0; i < n; i++) {
        double length = 0;
        for (size_t j = 0; j < d; j++)
            length += (double)x[i * d + j] * (double)x[i * d + j];
        double scale = length > 0 ? share / sqrt(length) : 0;
        for (size_t j = 0; j < d; j++)
            mean[j] += scale * (double)x[i * d + j];
    }
}

/* How far apart pictures and captions lie as wholes (Liang et al. 2022, arXiv:2203.02053). */
static double modality_gap(const struct method_run *run, const struct method_batch *batch)
{
    const struct detail *detail = run->detail;
    size_t n = batch->n, d = run->dim_z;
    double sum = 0;
    memset(detail->mean, 0, d * sizeof *detail->mean);
    add_directions(batch->z[0], n, d, 0.5 / (double)n, detail->mean);
    add_directions(batch->z[1], n, d, 0.5 / (double)n, detail->mean);
    add_directions(detail->w, n, d, -1 / (double)n, detail->mean);
    for (size_t j = 0; j < d; j++)
        sum += detail->mean[j] * detail->mean[j];
    return sqrt(sum);
}

static void halve(real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] /= 2;
}

static bool loss_of(struct method_run *run, struct method_batch *batch, struct err *err)
{
    struct detail *detail = run->detail;
    const char *name = run->method->entry.name;
    struct loss_io second;
    if (!batch->caption)
        return err_set(err,
                       "%s learns from captions and these pictures have none: add a column 'caption' to "
                       "items.csv, or choose another method",
                       name);
    label_captions(batch, detail->label);
    if (!loss_of_view(run, batch, 0, &batch->result, err) || !loss_of_view(run, batch, 1, &second, err))
        return false;
    loss_merge(&second, 0.5, &batch->result);
    for (int view = 0; view < 2; view++) {
        halve(detail->dz[view], batch->n * run->dim_z);
        halve(detail->dw[view], batch->n * run->dim_z);
    }
    detail->gap = modality_gap(run, batch);
    batch->no_learning = loss_at_work(run)->no_learning(&batch->result, run->loss_knob);
    return true;
}

/* ---- backward ---- */

static void backward(struct method_run *run, struct method_batch *batch)
{
    struct detail *detail = run->detail;
    const real *dz[2] = {detail->dz[0], detail->dz[1]};
    real *grad = run->params->grad;
    head_backward(run, &detail->head, batch->n, batch->h, dz, batch->pool, batch->dh);
    for (size_t i = 0; i < batch->n * run->dim_z; i++)
        detail->dw[0][i] += detail->dw[1][i];
    text_backward(&detail->text, run->params, batch->n, detail->dw[0], &detail->words);
    grad[run->params->tensor[detail->scale].offset] += (real)batch->result.grad_t;
    if (detail->offset != NO_TENSOR)
        grad[run->params->tensor[detail->offset].offset] += (real)batch->result.grad_b;
}

/* ---- after the step ---- */

static void settle(struct method_run *run, struct method_batch *batch)
{
    const struct detail *detail = run->detail;
    head_settle(run, &detail->head, batch->n);
}

void captions_clamp(struct method_run *run, struct method_batch *batch)
{
    (void)batch;
    real *t = params_value(run->params, ((const struct detail *)run->detail)->scale);
    *t = (real)fmin(fmax((double)*t, 0), scale_max);
}

static void project(const struct method_run *run, size_t n, const real *h, real *z, struct arena *arena)
{
    head_project(run, HEAD, n, h, z, arena);
}

static const struct text_encoder *text_of(const struct method_run *run)
{
    return &((const struct detail *)run->detail)->text;
}

/* ---- what it shows ---- */

static size_t readouts(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max)
{
    (void)batch;
    struct detail *detail = run->detail;
    float *shown = detail->shown;
    bool offset = detail->offset != NO_TENSOR;
    if (max < SHOWN_COUNT)
        return 0;
    shown[SHOWN_SCALE] = (float)exp((double)*params_value(run->params, detail->scale));
    shown[SHOWN_GAP] = (float)detail->gap;
    shown[SHOWN_OFFSET] = offset ? (float)*params_value(run->params, (size_t)detail->offset) : 0;
    out[0] = readout_scalar("logit scale", "", &shown[SHOWN_SCALE]);
    readout_guide(&out[0], 100, "its limit");
    out[1] = readout_scalar("pictures to captions", "", &shown[SHOWN_GAP]);
    readout_guide(&out[1], 0, "no gap");
    out[2] = readout_scalar("logit offset", "", &shown[SHOWN_OFFSET]);
    snprintf(out[0].note, sizeof out[0].note, "similarities are multiplied by it; learned");
    snprintf(out[1].note, sizeof out[1].note, "distance of their mean directions in z");
    snprintf(out[2].note, sizeof out[2].note, "added to logits: how rare a match is; learned");
    return offset ? 3 : 2;
}

const struct method_flow captions = {
    .setup = setup,
    .release = release,
    .forward = forward,
    .loss_of = loss_of,
    .backward = backward,
    .settle = settle,
    .project = project,
    .text = text_of,
    .readouts = readouts,
};
