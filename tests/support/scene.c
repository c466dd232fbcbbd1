/* SPDX-License-Identifier: MIT */
#include "support/scene.h"

#include "support/answers.h"

#include "base/check.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "method/method.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 32, STEPS = 120, DIM = 64, NEAR = 20, BATCH = 64, SELECTED = 412 };

static const char *const shapes[] = {"disc", "square", "triangle", "flower", "cross", "ring", "bar", "moon"};
static const char shape_letters[] = "ostfxrbm";
static const char *const hues[] = {"red", "yellow", "green", "cyan", "blue", "magenta"};
static const uint32_t hue_colours[] = {0xe41a1c, 0xe6c700, 0x2ca02c, 0x17becf, 0x3b6fd4, 0xc03fc0};
static const char *const grounds[] = {"plain", "stripes", "dots", "waves"};
static const char *const lights[] = {"bright", "dim"};

static uint64_t draw(size_t item, unsigned purpose, uint64_t n)
{
    return rng_hash(item * 1000003 + 17, purpose) % n;
}

static void add_category(struct dataset *d, const char *name, const char *const *values, size_t n,
                         unsigned purpose)
{
    struct column *c = dataset_add_column(d, name, COLUMN_CATEGORY);
    for (size_t v = 0; v < n; v++)
        column_code(c, values[v]);
    for (size_t i = 0; i < d->n; i++)
        c->code[i] = (uint32_t)draw(i, purpose, n);
}

static void add_columns(struct dataset *d)
{
    add_category(d, "shape", shapes, ARRAY_LEN(shapes), 1);
    add_category(d, "hue", hues, ARRAY_LEN(hues), 2);
    add_category(d, "ground", grounds, ARRAY_LEN(grounds), 3);
    add_category(d, "light", lights, ARRAY_LEN(lights), 4);
    struct column *angle = dataset_add_column(d, "angle", COLUMN_NUMBER);
    for (size_t i = 0; i < d->n; i++)
        angle->number[i] = (float)draw(i, 5, 360);
    struct column *who = dataset_add_column(d, "identity", COLUMN_CATEGORY);
    for (size_t i = 0; i < d->n; i++) {
        char name[16];
        snprintf(name, sizeof name, "id%03zu", i / 5);
        who->code[i] = column_code(who, name);
    }
    dataset_add_column(d, "caption", COLUMN_TEXT);
    struct column *shape = &d->column[0], *hue = &d->column[1], *caption = &d->column[6];
    for (size_t i = 0; i < d->n; i++) {
        char text[80];
        snprintf(text, sizeof text, "a %s%s %s", draw(i, 6, 3) ? "" : "small ", hue->value[hue->code[i]],
                 shape->value[shape->code[i]]);
        free(caption->text[i]);
        caption->text[i] = xstrdup(text);
    }
    shape->letter = xcalloc(sizeof shape_letters, 1);
    memcpy(shape->letter, shape_letters, ARRAY_LEN(shapes));
    hue->colour = xcalloc(ARRAY_LEN(hues), sizeof *hue->colour);
    memcpy(hue->colour, hue_colours, sizeof hue_colours);
    d->label = 0;
    d->identity = 5;
    d->caption = 6;
}

/* A disc of the item's hue on grey. */
static void paint(struct dataset *d, size_t i)
{
    uint32_t rgb = d->n_columns ? hue_colours[d->column[1].code[i]] : 0x8090a0;
    uint8_t *p = d->pixels + i * SIDE * SIDE * (size_t)d->channels;
    int cx = 12 + (int)draw(i, 7, 8), cy = 12 + (int)draw(i, 8, 8), r = 6 + (int)draw(i, 9, 5);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            for (int c = 0; c < d->channels; c++) {
                bool in = (x - cx) * (x - cx) + (y - cy) * (y - cy) <= r * r;
                *p++ = in ? (uint8_t)(rgb >> (16 - 8 * c)) : (uint8_t)(60 + 2 * y);
            }
}

static void make_data(struct fake *f, size_t n, bool labelled, int channels)
{
    struct dataset *d = &f->data;
    *d = (struct dataset){.n = n, .height = SIDE, .width = SIDE, .channels = channels, .label = NO_COLUMN};
    d->group = d->identity = d->caption = d->split = NO_COLUMN;
    d->name = xstrdup("tiles");
    d->args = xstrdup("tiles:n=1000,seed=1");
    if (labelled)
        add_columns(d);
    d->pixels = xcalloc(n, (size_t)(SIDE * SIDE * channels));
    for (size_t i = 0; i < n; i++)
        paint(d, i);
}

static const struct knob tau = {.name = "tau",
                                .label = "temperature",
                                .help = "Divides similarities before the softmax: small ones look at the "
                                        "nearest negatives only.",
                                .min = 0.01,
                                .max = 1,
                                .value = 0.2,
                                .step = 1.25,
                                .log = true,
                                .unit = ""};
static const struct knob lr = {.name = "lr",
                               .label = "learning rate",
                               .help = "Step size of the optimiser.",
                               .min = 0,
                               .max = 1,
                               .value = 0.002,
                               .step = 2,
                               .log = true,
                               .unit = ""};
static const struct knob batch = {.name = "batch",
                                  .label = "batch",
                                  .help = "Pictures a step.",
                                  .min = 2,
                                  .max = 8192,
                                  .value = 256,
                                  .step = 2,
                                  .log = true,
                                  .whole = true,
                                  .unit = ""};
static const struct knob crop = {.name = "crop",
                                 .label = "crop",
                                 .help = "Share of the picture that is kept.",
                                 .min = 0.05,
                                 .max = 1,
                                 .value = 0.3,
                                 .step = 0.05,
                                 .unit = ""};
static const struct knob rotate = {.name = "rotate",
                                   .label = "rotate",
                                   .help = "Largest turn.",
                                   .min = 0,
                                   .max = 180,
                                   .value = 23,
                                   .step = 1,
                                   .unit = "degrees"};
static const struct knob jitter = {.name = "jitter",
                                   .label = "colour jitter",
                                   .help = "Brightness, contrast, saturation and hue change.",
                                   .min = 0,
                                   .max = 1,
                                   .value = 0.4,
                                   .step = 0.1,
                                   .unit = ""};
static const struct knob noise = {.name = "noise",
                                  .label = "noise",
                                  .help = "Grain.",
                                  .min = 0,
                                  .max = 0.5,
                                  .value = 0.05,
                                  .step = 0.05,
                                  .unit = ""};

static struct setting *add_setting(struct settings *s, const char *name, const char *label, const char *group,
                                   enum setting_kind kind, const char *text)
{
    struct setting *setting = &s->item[s->n++];
    *setting = (struct setting){.kind = kind, .changed_at = -1};
    snprintf(setting->name, sizeof setting->name, "%s", name);
    snprintf(setting->label, sizeof setting->label, "%s", label);
    snprintf(setting->group, sizeof setting->group, "%s", group);
    snprintf(setting->text, sizeof setting->text, "%s", text);
    return setting;
}

static void add_knob(struct settings *s, const struct knob *knob, const char *group, enum setting_kind kind,
                     double low, double value)
{
    char text[40];
    if (kind == SETTING_RANGE)
        snprintf(text, sizeof text, "%g..%g", low, value);
    else
        snprintf(text, sizeof text, "%g", value);
    struct setting *setting = add_setting(s, knob->name, knob->label, group, kind, text);
    setting->knob = knob;
    setting->low = low;
    setting->value = value;
}

static void make_settings(struct settings *s)
{
    s->contrast = (struct contrast){POSITIVES_VIEW, NEGATIVES_BATCH};
    add_knob(s, &tau, "learning", SETTING_NUMBER, 0, 0.2);
    add_knob(s, &lr, "learning", SETTING_NUMBER, 0, 0.002);
    add_knob(s, &batch, "learning", SETTING_NUMBER, 0, 256);
    add_knob(s, &crop, "views", SETTING_RANGE, 0.3, 1);
    add_setting(s, "flip", "flip", "views", SETTING_SWITCH, "on")->value = 1;
    add_knob(s, &rotate, "views", SETTING_RANGE, -23, 23);
    add_knob(s, &jitter, "views", SETTING_NUMBER, 0, 0.4);
    add_knob(s, &noise, "views", SETTING_NUMBER, 0, 0.05);
    struct setting *method = add_setting(s, "method", "method", "method", SETTING_CHOICE, "simclr");
    method->restart = true;
    method->axis = &method_axis;
    add_setting(s, "encoder", "encoder", "network", SETTING_CHOICE, "conv-s")->restart = true;
}

static void add_measure(struct measures *m, enum term term, int column, float value, float pixels,
                        float untrained, float chance)
{
    m->item[m->n++] = (struct measure){term, column, value, pixels, untrained, chance};
}

/* As in the design's mock-up at step 120, on the way there from the untrained net. */
static void make_measures(struct measures *m, uint64_t step, bool labelled)
{
    float way = 1 - expf(-(float)step / 30);
    float wave = 0.01F * sinf((float)step * 3.14159265F / 30); /* 0 at every thirtieth step */
    *m = (struct measures){.step = step};
    if (labelled) {
        add_measure(m, TERM_knn, 0, 0.81F + 0.153F * way, 0.76F, 0.81F, 0.125F);
        add_measure(m, TERM_knn, 1, 1 - 0.316F * way, 1, 1, 1 / 6.0F);
        add_measure(m, TERM_knn, 2, 0.24F + wave, 0.24F, 0.24F, 0.25F);
        add_measure(m, TERM_knn, 3, 0.69F + 0.02F * way + wave, 0.69F, 0.68F, 0.5F);
        add_measure(m, TERM_r2, 4, 0.02F + 0.04F * way + wave, 0.01F, 0.02F, 0);
        add_measure(m, TERM_rank1, 5, 0.2F + 0.2F * way, 0.21F, 0.2F, 0.005F);
    }
    add_measure(m, TERM_alignment, NO_COLUMN, 0.19F, NAN, NAN, NAN);
    add_measure(m, TERM_uniformity, NO_COLUMN, -2.9F * way, NAN, NAN, NAN);
    add_measure(m, TERM_rank, NO_COLUMN, 29, NAN, NAN, NAN);
    add_measure(m, TERM_std, NO_COLUMN, 0.9F, NAN, NAN, NAN);
}

static void make_series(struct snapshot *s, bool labelled)
{
    s->steps = series_new(sizeof(struct step_row));
    s->measured = series_new(sizeof(struct measures));
    s->events = series_new(sizeof(struct event));
    for (uint64_t step = 1; step <= STEPS; step++) {
        float wave = 0.1F * sinf((float)step * 1.7F);
        struct step_row row = {
            .step = step, .no_learning = 6.24F, .lr = 0.002F, .grad_norm = 1, .seconds = 0.1};
        row.loss = 3.6F + 2.6F * expf(-(float)step / 25) + wave;
        row.positive = 0.91F;
        row.negative = 0.05F;
        row.pretext = 0.62F;
        series_append(s->steps, &row);
    }
    for (uint64_t step = 0; step <= STEPS; step += MEASURED_EVERY) {
        struct measures row;
        make_measures(&row, step, labelled);
        series_append(s->measured, &row);
    }
    series_append(s->events, &(struct event){0, EVENT_START, "simclr, seed 1"});
    series_append(s->events, &(struct event){22, EVENT_PASSED, "passes untrained net"});
}

static void make_views(struct fake *f)
{
    float *view[2];
    uint32_t item = f->scene.choice.item >= 0 ? (uint32_t)f->scene.choice.item : 0;
    size_t values = (size_t)(SIDE * SIDE * f->data.channels);
    const uint8_t *pixels = dataset_pixels(&f->data, item);
    for (int v = 0; v < 2; v++) {
        view[v] = (float *)(uintptr_t)f->now->inspected.view[v];
        for (size_t i = 0; i < values; i++)
            view[v][i] = (float)pixels[(i + (size_t)(v + 1) * 300) % values] / 255 * (v ? 0.7F : 1);
    }
    f->now->inspected.item = item;
    f->now->inspected.similarity = 0.91F;
    f->now->inspected.rank = 1;
    f->now->inspected.of = 511;
}

static void make_snapshot(struct fake *f, bool labelled)
{
    struct snapshot_sizes sizes = {
        .n_probe = f->data.n, .dim_h = DIM, .dim_z = 32, .n_batch = labelled ? BATCH : 0, .pairs = true};
    sizes.view_values = (size_t)(SIDE * SIDE * f->data.channels);
    struct snapshot *s = f->now = snapshot_new(&sizes);
    uint32_t *item = (uint32_t *)(uintptr_t)s->item;
    for (size_t i = 0; i < f->data.n; i++)
        item[i] = (uint32_t)i;
    s->step = STEPS;
    s->status = TRAIN_RUNNING;
    s->seed = 1;
    s->pace = 10;
    s->steps_per_s = 10;
    s->pairs_per_s = 2560;
    make_settings(&s->settings);
    make_measures(&s->measures, STEPS, labelled);
    make_series(s, labelled);
}

/* One cloud a shape, on a ring. */
static void make_map(struct fake *f)
{
    size_t n = f->data.n;
    f->map = result_new(REQUEST_MAP, 2 * n * sizeof(float));
    float *x = (float *)(void *)f->map->bytes, *y = x + n;
    for (size_t i = 0; i < n; i++) {
        struct rng rng = rng_at(7, RNG_SAMPLE, 0, i, 0);
        double turn = f->data.n_columns ? 0.785 * f->data.column[0].code[i] : 0;
        x[i] = (float)(1.5 * cos(turn) + 0.35 * rng_normal(&rng));
        y[i] = (float)(sin(turn) + 0.25 * rng_normal(&rng));
    }
    f->map->map =
        (struct map_result){.n = n, .x = x, .y = y, .axes = f->scene.choice.axes, .component = {0, 1}};
    f->map->map.column = f->scene.choice.column;
    f->map->map.variance = 0.43F;
    f->map->map.fidelity = 0.21F;
    f->map->map.fidelity_chance = 0.01F;
    f->map->map.readable = 0.63F;
    f->map->step = STEPS;
}

static void make_near(struct fake *f)
{
    size_t n = f->data.n, k = n - 1 < NEAR ? n - 1 : NEAR;
    f->near = result_new(REQUEST_NEAR, k * (sizeof(uint32_t) + sizeof(float) + 1));
    uint32_t *index = (uint32_t *)(void *)f->near->bytes;
    float *similarity = (float *)(index + k);
    uint8_t *on_map = (uint8_t *)(similarity + k);
    for (size_t i = 0; i < k; i++) {
        index[i] = (uint32_t)(((size_t)f->scene.choice.item + 1 + i * 37) % n);
        similarity[i] = 0.97F - 0.01F * (float)i;
        on_map[i] = draw(i, 11, 2) == 0;
    }
    f->near->near = (struct near_result){f->scene.choice.item, k, index, similarity, on_map};
}

static void on_command(void *ctx, const struct command *command)
{
    struct posted *p = ctx;
    p->command[p->n_commands++ % FAKE_POSTED] = *command;
}

static void on_request(void *ctx, const struct request *request)
{
    struct posted *p = ctx;
    if (!asked_anew(&p->asked[request->kind], request)) /* as the session's requests */
        return;
    p->request[p->n_requests++ % FAKE_POSTED] = *request;
}

static void on_say(void *ctx, bool bad, const char *text)
{
    struct posted *p = ctx;
    p->bad = bad;
    snprintf(p->said, sizeof p->said, "%s", text);
}

static void on_quit(void *ctx)
{
    ((struct posted *)ctx)->n_quits++;
}

static void on_copy(void *ctx, const char *text)
{
    struct posted *p = ctx;
    snprintf(p->copied, sizeof p->copied, "%s", text);
}

static void on_travel(void *ctx, enum action action)
{
    (void)action;
    ((struct posted *)ctx)->n_travels++;
}

static void on_travel_to(void *ctx, uint64_t step)
{
    ((struct posted *)ctx)->step = step;
}

static void on_pin(void *ctx)
{
    ((struct posted *)ctx)->n_pins++;
}

static void on_export(void *ctx, const struct export_order *order)
{
    struct posted *p = ctx;
    size_t n = order->n;
    p->exported = *order;
    for (size_t i = 0; order->item && i < n && i < FAKE_ITEMS; i++)
        p->exported_item[i] = order->item[i];
}

static void on_branch(void *ctx, const char *name)
{
    struct posted *p = ctx;
    p->n_branches++;
    snprintf(p->said, sizeof p->said, "%s", name ? name : "");
}

static void on_switch(void *ctx, size_t i)
{
    ((struct posted *)ctx)->switched = i + 1;
}

static void on_terminal(void *ctx, enum action action)
{
    ((struct posted *)ctx)->terminal = action;
}

void fake_init(struct fake *f, size_t n, bool labelled, int channels)
{
    memset(f, 0, sizeof *f);
    make_data(f, n, labelled, channels);
    f->theme = (struct theme){GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};
    make_snapshot(f, labelled);
    scene_init(&f->scene, &f->data, &f->theme);
    f->scene.choice.item = n > SELECTED ? SELECTED : 0;
    make_views(f);
    make_map(f);
    make_near(f);
    f->scene.now = f->now;
    f->scene.map = f->map;
    f->scene.found[REQUEST_NEAR] = f->near;
    f->scene.split_rule = "60 % of 200 identities train";
    f->scene.protocol = "20 nearest, cosine on h, T 0.07, bank 2 000 training items, 1 000 held-out";
    f->post = (struct post){.ctx = &f->posted,
                            .command = on_command,
                            .request = on_request,
                            .say = on_say,
                            .quit = on_quit,
                            .copy = on_copy,
                            .travel = on_travel,
                            .travel_to = on_travel_to,
                            .pin = on_pin,
                            .export = on_export,
                            .branch = on_branch,
                            .switch_branch = on_switch,
                            .terminal = on_terminal};
}

void fake_release(struct fake *f)
{
    scene_release(&f->scene);
    fake_answers_release(f);
    snapshot_unref(f->now);
    result_unref(f->map);
    result_unref(f->near);
    dataset_release(&f->data);
}

void fake_key(struct fake *f, const char *name)
{
    struct canvas canvas;
    canvas_init(&canvas, 80, 24);
    struct key key = {.code = key_by_name(name)};
    CHECK(key.code != KEY_NONE);
    screen_key(&f->scene, key, &canvas, &f->post);
    canvas_release(&canvas);
}

void fake_type(struct fake *f, const char *text)
{
    char one[2] = "";
    for (; *text; text++) {
        one[0] = *text;
        fake_key(f, *text == ' ' ? "Space" : one);
    }
}

void fake_mouse(struct fake *f, struct mouse mouse)
{
    struct canvas canvas;
    canvas_init(&canvas, 80, 24);
    struct key key = {.code = KEYC_MOUSE, .mouse = mouse};
    screen_key(&f->scene, key, &canvas, &f->post);
    canvas_release(&canvas);
}

void fake_line(struct fake *f, const char *text)
{
    fake_type(f, text);
    fake_key(f, "Enter");
}

void fake_click(struct fake *f, int x, int y)
{
    fake_mouse(f, (struct mouse){x, y, MOUSE_PRESS});
}

bool fake_shows(struct fake *f, const char *part)
{
    struct canvas canvas;
    struct strbuf text = {0};
    canvas_init(&canvas, 80, 24);
    screen_draw(&f->scene, &canvas);
    canvas_dump(&canvas, false, &text);
    bool there = strstr(strbuf_text(&text), part) != NULL;
    strbuf_release(&text);
    canvas_release(&canvas);
    return there;
}

struct command fake_command(const struct fake *f)
{
    if (f->posted.n_commands == 0)
        return (struct command){.kind = COMMAND_STOP};
    return f->posted.command[(f->posted.n_commands - 1) % FAKE_POSTED];
}

struct measure *fake_measure(struct fake *f, enum term term, int column)
{
    return (struct measure *)(uintptr_t)measures_find(&f->now->measures, term, column);
}
