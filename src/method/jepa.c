/* SPDX-License-Identifier: MIT
 *
 * I-JEPA, small (Assran et al. 2023, arXiv:2301.08243): prediction in latent space. The trunk up to its last
 * grid sees a part of a picture (nn/mask.h); from that, and from which cells are asked for, a predictor says
 * what a slow copy of the trunk makes of the whole picture there. Nothing is compared between pictures, and
 * no pixel is drawn again.
 *
 *   x_c = (context grid, asked?, where)  ->  conv, conv, 1x1  ->  p;  L = smooth L1 of p and LN(target grid)
 *
 * over the cells of a few target blocks (method/blocks.h). Both views are pictures in their own right. The
 * layers behind the grid are not trained. z is h.
 *
 * Prediction alone does not keep pictures apart, so the trunk's features have VICReg's variance and
 * covariance terms besides, on the mean over the cells seen (C-JEPA: Mo & Tong 2024, arXiv:2410.19560, here
 * without its term that makes two views agree). Without them it is I-JEPA.
 */
#include "method/blocks.h"
#include "method/head.h"
#include "method/knobs.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PREDICTOR, ASKED = 1, PLACE = 8 }; /* channels besides the grid's: asked for or not, where */

struct detail {
    struct head_work predictor;
    uint8_t *seen[2], *asked[2]; /* (n, cells) */
    real *x[2], *dx[2];          /* (n, cells, channels + ASKED + PLACE) */
    const real *p[2];            /* (n, cells, channels) */
    real *dp[2];
    real *a, *b, *da, *db;    /* (rows, channels): the cells asked for, of both views */
    real *row_loss;           /* (rows) */
    real *pair_loss;          /* (n) */
    real *mean[2], *dmean[2]; /* (n, channels): over the cells seen */
    real *tape, *tail_scratch;
    float layout[METHOD_MAX_CELLS], shown[5]; /* readouts */
};

static size_t cells_of(const struct method_run *run)
{
    return (size_t)run->grid.height * (size_t)run->grid.width;
}

static size_t width_of(const struct method_run *run)
{
    return (size_t)run->grid.channels + ASKED + PLACE;
}

/* ---- setting up ---- */

static bool setup(struct method_run *run, const char *head, struct err *err)
{
    struct shape grid = run->grid, in = grid;
    if (cells_of(run) < 2 || cells_of(run) > METHOD_MAX_CELLS)
        return err_set(err, "jepa predicts the cells of a small grid and this encoder has none: use one with "
                            "convolutions, such as conv-s");
    in.channels += ASKED + PLACE;
    if (!head_add_map(run, head && *head ? head : run->method->head, in, (size_t)grid.channels, "predictor",
                      false, err))
        return false;
    struct shape out = run->head[PREDICTOR].out;
    run->dim_z = shape_size(run->tail->out);
    run->detail = xcalloc(1, sizeof(struct detail));
    if (out.height != grid.height || out.width != grid.width || out.channels != grid.channels)
        return err_set(err, "head: the predictor gives %d x %d x %d; the grid is %d x %d x %d", out.height,
                       out.width, out.channels, grid.height, grid.width, grid.channels);
    return true;
}

static void release(struct method_run *run)
{
    head_release_all(run);
    free(run->detail);
    run->detail = NULL;
}

static void take(const struct method_run *run, size_t n, struct arena *arena, struct detail *d)
{
    size_t cells = n * cells_of(run), channels = (size_t)run->grid.channels;
    head_take(run, PREDICTOR, n, arena, &d->predictor);
    for (int view = 0; view < 2; view++) {
        d->seen[view] = arena_take(arena, cells, 1);
        d->asked[view] = arena_take(arena, cells, 1);
        d->x[view] = arena_take(arena, cells * width_of(run), sizeof(real));
        d->dx[view] = arena_take(arena, cells * width_of(run), sizeof(real));
        d->dp[view] = arena_take(arena, cells * channels, sizeof(real));
        d->mean[view] = arena_take(arena, n * channels, sizeof(real));
        d->dmean[view] = arena_take(arena, n * channels, sizeof(real));
    }
    real **rows[] = {&d->a, &d->b, &d->da, &d->db};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        *rows[i] = arena_take(arena, 2 * cells * channels, sizeof(real));
    d->row_loss = arena_take(arena, 2 * cells, sizeof(real));
    d->pair_loss = arena_take(arena, n, sizeof(real));
    d->tape = arena_take(arena, 2 * n * run->tail->tape_reals, sizeof(real));
    d->tail_scratch = arena_take(arena, net_scratch_size(run->tail, n), sizeof(real));
}

/* ---- who sees what ---- */

static void draw_cells(const struct method_run *run, uint64_t seed, uint64_t step, uint32_t item, int view,
                       uint8_t *seen, uint8_t *asked)
{
    struct blocks_rule rule = {run->grid.height, run->grid.width, (int)method_knob(run, "blocks", 4),
                               method_knob(run, "area", 0.35)};
    struct rng rng = rng_at(seed, RNG_METHOD, step, item, (uint64_t)view);
    blocks_draw(&rule, &rng, seen, asked);
}

static void hide(const struct method_run *run, uint64_t seed, uint64_t step, uint32_t item, int view,
                 uint8_t *seen)
{
    uint8_t asked[METHOD_MAX_CELLS];
    draw_cells(run, seed, step, item, view, seen, asked);
}

/* ---- forward ---- */

/* Sine and cosine of half a turn and a whole one, of y and of x. */
static void place_code(struct shape grid, size_t cell, real *code)
{
    const double pi = 3.14159265358979323846;
    size_t row = cell / (size_t)grid.width, column = cell % (size_t)grid.width;
    double at[2] = {((double)row + 0.5) / grid.height, ((double)column + 0.5) / grid.width};
    for (int axis = 0; axis < 2; axis++)
        for (int k = 1; k <= 2; k++) {
            *code++ = (real)sin(pi * k * at[axis]);
            *code++ = (real)cos(pi * k * at[axis]);
        }
}

static void fill_input(const struct method_run *run, const real *h, const uint8_t *asked, size_t n, real *x)
{
    size_t channels = (size_t)run->grid.channels, cells = cells_of(run);
    for (size_t i = 0; i < n * cells; i++, x += width_of(run)) {
        memcpy(x, h + i * channels, channels * sizeof *x);
        x[channels] = asked[i];
        place_code(run->grid, i % cells, x + channels + ASKED);
    }
}

static void forward(struct method_run *run, struct method_batch *batch)
{
    struct detail *d = run->detail;
    size_t n = batch->n, cells = cells_of(run);
    const real *target = run->params->value + run->trunk_twin.shift;
    take(run, n, batch->arena, d);
    for (int view = 0; view < 2; view++) {
        for (size_t i = 0; i < n; i++)
            draw_cells(run, batch->seed, batch->step, batch->item[i], view, d->seen[view] + i * cells,
                       d->asked[view] + i * cells);
        fill_input(run, batch->h[view], d->asked[view], n, d->x[view]);
        batch->z[view] =
            net_forward(run->tail, target, n, batch->target_h[view],
                        d->tape + (size_t)view * n * run->tail->tape_reals, d->tail_scratch, false);
    }
    head_forward(run, &d->predictor, n, (const real *const[2]){d->x[0], d->x[1]}, batch->pool, d->p);
}

/* ---- loss ---- */

/* The cells asked for, of both views, between a map and rows that stand close. */
static size_t gather(const struct method_run *run, size_t n, const struct detail *d, const real *const map[2],
                     real *rows)
{
    size_t channels = (size_t)run->grid.channels, count = 0;
    for (int view = 0; view < 2; view++)
        for (size_t i = 0; i < n * cells_of(run); i++)
            if (d->asked[view][i])
                memcpy(rows + count++ * channels, map[view] + i * channels, channels * sizeof *rows);
    return count;
}

static void scatter(const struct method_run *run, size_t n, const struct detail *d, const real *rows,
                    real *const map[2])
{
    size_t channels = (size_t)run->grid.channels, count = 0;
    for (int view = 0; view < 2; view++) {
        memset(map[view], 0, n * cells_of(run) * channels * sizeof(real));
        for (size_t i = 0; i < n * cells_of(run); i++)
            if (d->asked[view][i])
                memcpy(map[view] + i * channels, rows + count++ * channels, channels * sizeof(real));
    }
}

/* Each picture's loss: the mean over its cells. */
static void share_loss(const struct method_run *run, size_t n, const struct detail *d)
{
    size_t cells = cells_of(run), *count = xcalloc(n, sizeof *count), row = 0;
    memset(d->pair_loss, 0, n * sizeof(real));
    for (int view = 0; view < 2; view++)
        for (size_t i = 0; i < n * cells; i++)
            if (d->asked[view][i]) {
                d->pair_loss[i / cells] += d->row_loss[row++];
                count[i / cells]++;
            }
    for (size_t i = 0; i < n; i++)
        d->pair_loss[i] /= (real)count[i];
    free(count);
}

/* ---- what keeps pictures apart ---- */

static bool spreads(const struct method_run *run)
{
    return method_has(run, "variance");
}

static size_t count_seen(const uint8_t *seen, size_t cells)
{
    size_t n = 0;
    for (size_t c = 0; c < cells; c++)
        n += seen[c];
    return n;
}

/* Each picture's mean over the cells that the trunk sees. */
static void pool_seen(const struct method_run *run, const struct method_batch *batch, int view,
                      const struct detail *d)
{
    size_t cells = cells_of(run), channels = (size_t)run->grid.channels;
    memset(d->mean[view], 0, batch->n * channels * sizeof(real));
    for (size_t i = 0; i < batch->n; i++) {
        const uint8_t *seen = d->seen[view] + i * cells;
        real share = 1 / (real)count_seen(seen, cells), *mean = d->mean[view] + i * channels;
        for (size_t c = 0; c < cells; c++)
            for (size_t k = 0; seen[c] && k < channels; k++)
                mean[k] += share * batch->h[view][(i * cells + c) * channels + k];
    }
}

static void add_spread(const struct method_run *run, struct method_batch *batch, int view,
                       const struct detail *d)
{
    size_t cells = cells_of(run), channels = (size_t)run->grid.channels;
    for (size_t i = 0; i < batch->n; i++) {
        const uint8_t *seen = d->seen[view] + i * cells;
        real share = 1 / (real)count_seen(seen, cells), *dmean = d->dmean[view] + i * channels;
        for (size_t c = 0; c < cells; c++)
            for (size_t k = 0; seen[c] && k < channels; k++)
                batch->dh[view][(i * cells + c) * channels + k] += share * dmean[k];
    }
}

/* Adds variance and covariance of those means to the loss. */
static bool spread_of(struct method_run *run, struct method_batch *batch, struct err *err)
{
    struct detail *d = run->detail;
    const struct loss *vicreg = loss_find("vicreg");
    const double knob[] = {0, method_knob(run, "mu", 0), method_knob(run, "nu", 0)};
    struct loss_io io = {.n = batch->n,
                         .d = (size_t)run->grid.channels,
                         .a = d->mean[0],
                         .b = d->mean[1],
                         .da = d->dmean[0],
                         .db = d->dmean[1]};
    pool_seen(run, batch, 0, d);
    pool_seen(run, batch, 1, d);
    if (!loss_run(vicreg, &io, knob, batch->pool, batch->arena, err))
        return false;
    batch->result.loss += io.loss;
    batch->no_learning += vicreg->no_learning(&io, knob);
    d->shown[3] = (float)io.part[1];
    d->shown[4] = (float)io.part[2];
    return true;
}

static bool loss_of(struct method_run *run, struct method_batch *batch, struct err *err)
{
    struct detail *d = run->detail;
    const struct loss *loss = loss_find(run->method->loss);
    size_t rows = gather(run, batch->n, d, d->p, d->a);
    gather(run, batch->n, d, batch->target_h, d->b);
    batch->result = (struct loss_io){.n = rows,
                                     .d = (size_t)run->grid.channels,
                                     .a = d->a,
                                     .b = d->b,
                                     .da = d->da,
                                     .db = d->db,
                                     .pair_loss = d->row_loss};
    method_loss_knobs(run, loss);
    if (!loss_run(loss, &batch->result, run->loss_knob, batch->pool, batch->arena, err))
        return false;
    share_loss(run, batch->n, d);
    batch->result.pair_loss = d->pair_loss;
    batch->no_learning = loss->no_learning(&batch->result, run->loss_knob);
    d->shown[3] = d->shown[4] = 0;
    return !spreads(run) || spread_of(run, batch, err);
}

/* ---- backward ---- */

static void backward(struct method_run *run, struct method_batch *batch)
{
    struct detail *d = run->detail;
    size_t channels = (size_t)run->grid.channels, width = width_of(run);
    scatter(run, batch->n, d, d->da, d->dp);
    if (batch->target_dh[0])
        scatter(run, batch->n, d, d->db, batch->target_dh);
    head_backward(run, &d->predictor, batch->n, (const real *const[2]){d->x[0], d->x[1]},
                  (const real *const[2]){d->dp[0], d->dp[1]}, batch->pool, d->dx);
    for (int view = 0; view < 2; view++)
        for (size_t i = 0; i < batch->n * cells_of(run); i++)
            memcpy(batch->dh[view] + i * channels, d->dx[view] + i * width, channels * sizeof(real));
    for (int view = 0; view < 2 && spreads(run); view++)
        add_spread(run, batch, view, d);
}

static void project(const struct method_run *run, size_t n, const real *h, real *z, struct arena *arena)
{
    (void)arena;
    memcpy(z, h, n * run->dim_z * sizeof *z);
}

/* ---- what it shows ---- */

enum { LAYOUT_NOTHING, LAYOUT_ASKED, LAYOUT_SEEN };

/* The first picture's cells; returns the share of all cells that is seen. */
static double read_layout(const struct method_run *run, const struct method_batch *batch, struct detail *d)
{
    size_t cells = cells_of(run), n_seen = 0;
    uint8_t seen[METHOD_MAX_CELLS] = {0}, asked[METHOD_MAX_CELLS] = {0};
    for (size_t i = batch->n; i-- > 0;) {
        draw_cells(run, batch->seed, batch->step, batch->item[i], 0, seen, asked);
        for (size_t c = 0; c < cells; c++)
            n_seen += seen[c];
    }
    for (size_t c = 0; c < cells; c++)
        d->layout[c] = seen[c] ? LAYOUT_SEEN : asked[c] ? LAYOUT_ASKED : LAYOUT_NOTHING;
    return (double)n_seen / (double)(batch->n * cells);
}

/* Standard deviation of a feature over all cells of the batch, mean over the features: before the norm, which
 * would hide that everything has become the same. */
static double target_spread(const struct method_run *run, const struct method_batch *batch)
{
    size_t channels = (size_t)run->grid.channels, cells = batch->n * cells_of(run);
    double spread = 0;
    for (size_t c = 0; c < channels; c++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < cells; i++) {
            double value = (double)batch->target_h[0][i * channels + c];
            sum += value;
            squares += value * value;
        }
        double mean = sum / (double)cells;
        spread += sqrt(fmax(0, squares / (double)cells - mean * mean)) / (double)channels;
    }
    return spread;
}

static size_t readouts(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max)
{
    struct detail *d = run->detail;
    struct readout all[] = {
        readout_matrix("blocks of a picture", "", d->layout, run->grid.height, run->grid.width),
        readout_scalar("cells the trunk sees", "", &d->shown[0]),
        readout_scalar("spread of target features", "", &d->shown[1]),
        readout_scalar("distance to target", "", &d->shown[2]),
        readout_scalar("variance term", "", &d->shown[3]),
        readout_scalar("covariance term", "", &d->shown[4]),
    };
    size_t n = ARRAY_LEN(all) < max ? ARRAY_LEN(all) : max;
    d->shown[0] = (float)read_layout(run, batch, d);
    d->shown[1] = (float)target_spread(run, batch);
    d->shown[2] = (float)twin_distance(run->params, &run->trunk_twin);
    all[0].low = LAYOUT_NOTHING;
    all[0].high = LAYOUT_SEEN;
    snprintf(all[0].note, sizeof all[0].note, "bright: seen, middle: to be predicted, dark: neither");
    readout_guide(&all[2], 0, "collapsed");
    readout_healthy(&all[2], 0.2, (double)NAN);
    snprintf(all[3].note, sizeof all[3].note, "0 = the same weights");
    memcpy(out, all, n * sizeof *out);
    return n;
}

static const struct method_flow flow = {
    .setup = setup,
    .release = release,
    .forward = forward,
    .loss_of = loss_of,
    .backward = backward,
    .project = project,
    .readouts = readouts,
};

static const struct knob knobs[] = {
    KNOB_MOMENTUM(0.98, " (rising to 1 over a schedule that ends)"),
    KNOB_EMA,
    KNOB_STOP_GRADIENT,
    KNOB_SWITCH("normalisation", "target norm",
                "Off: the target is features as they are, and may shrink to nothing."),
    {.name = "blocks",
     .label = "target blocks",
     .help = "How many blocks of a picture are to be predicted; they may overlap (I-JEPA: 4).",
     .min = 1,
     .max = 16,
     .value = 4,
     .step = 1,
     .whole = true,
     .unit = ""},
    {.name = "area",
     .label = "block area",
     .help =
         "The largest share of the grid that a target block takes; the smallest is 3/4 of it (I-JEPA: 0.2).",
     .min = 0.02,
     .max = 0.9,
     .value = 0.35,
     .step = 0.05,
     .unit = ""},
    KNOB_VARIANCE(25),
    KNOB_COVARIANCE(10),
    KNOB_SWITCH("variance", "variance terms", "Off: prediction alone, as in I-JEPA."),
    {.name = NULL},
};

/* Without colours: a hue is the same all over a picture, and predicting it asks for nothing else. With more
 * steps than these the features turn to what is easier to predict than shape. */
static const char *const defaults[] = {"augment", "crop=0.5..1 flip rotate=23 grey@1", "steps", "200", NULL};

const struct method method_jepa = {
    .entry = {"jepa",
              "From a part of a picture, what a slow copy of the trunk makes of the rest is predicted.",
              knobs},
    .loss = "smooth-l1",
    .head = "conv 32, relu, conv 32, relu, conv %d 1",
    .paper = "Assran et al. 2023, arXiv:2301.08243",
    .defaults = defaults,
    .flow = &flow,
    .target = true,
    .target_rises = true,
    .target_judged = true,
    .raw = true,
    .hide = hide,
};
