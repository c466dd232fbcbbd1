/* SPDX-License-Identifier: MIT
 *
 * View 4: where to cut. The threshold's panel, its ROC and DET curves, and how thresholds and errors moved
 * over training.
 */
#include "base/check.h"
#include "view/act.h"
#include "view/audit.h"
#include "view/facts.h"
#include "view/panels.h"
#include "view/threshold.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PANEL_CUT, CHART_ROC, CHART_DET, CHART_DRIFT, PARTS };

static const char *const scale_names[] = {"linear", "logarithmic"};
static const char *const off_on[] = {"off", "on"};
static const struct view_option threshold_options[] = {
    {"same means",
     "What counts as the same. Same picture: two views of one training picture of the last batch, in z. Same "
     "label or "
     "identity: two held-out pictures, in h. Every error rate depends on it.",
     offsetof(struct choice, threshold.relation), 0, RELATIONS - 1, 1, relation_names},
    {"counts", "Height of the bars: linear, or the logarithm, which shows the rare.",
     offsetof(struct choice, threshold.log_counts), 0, 1, 1, scale_names},
    {"lines on the map", "From the item looked at to those that would be called the same.",
     offsetof(struct choice, threshold.shown), 0, 1, 1, off_on},
    {NULL, NULL, 0, 0, 0, 0, NULL},
};

/* ---- curves ---- */

struct xy {
    float *x, *y;
    size_t n;
};

static struct xy xy_new(size_t n)
{
    return (struct xy){xcalloc(n + 1, sizeof(float)), xcalloc(n + 1, sizeof(float)), 0};
}

static void xy_free(struct xy *c)
{
    free(c->x);
    free(c->y);
}

static void xy_add(struct xy *c, double x, double y)
{
    c->x[c->n] = (float)x;
    c->y[c->n++] = (float)y;
}

typedef size_t curve_maker(const struct match_table *table, struct curve_point *point, size_t max);

/* The curve, and in `here` a short stroke where the threshold is on it. */
static struct xy make_curve(const struct match_table *table, curve_maker *make, uint32_t bin, struct xy *here,
                            double stroke)
{
    size_t max = table->n_bins + 2;
    struct curve_point *point = xcalloc(max, sizeof *point);
    size_t n = make(table, point, max), at = 0;
    struct xy c = xy_new(n);
    for (size_t i = 0; i < n && i < max; i++) {
        xy_add(&c, point[i].x, point[i].y);
        if (point[i].bin >= bin)
            at = i;
    }
    *here = xy_new(2);
    for (int side = -1; side <= 1 && n > 0; side += 2)
        xy_add(here, point[at].x + side * stroke, point[at].y);
    free(point);
    return c;
}

/* Chart with a title above and the ends of its x axis below. */
struct frame {
    const char *title, *x_low, *x_name, *x_high;
    int part;
};

static struct rect draw_frame(const struct scene *scene, const struct pen *pen, const struct frame *f)
{
    struct rect r = pen->rect;
    enum { MARGIN = 5 };
    pen_text(pen, 0, 0, scene->choice.threshold.chart == f->part ? ROLE_ACCENT : ROLE_STRONG, f->title);
    pen_text(pen, MARGIN + 1, r.height - 1, ROLE_QUIET, f->x_low);
    pen_text(pen, MARGIN + (r.width - MARGIN - text_width(f->x_name)) / 2, r.height - 1, ROLE_QUIET,
             f->x_name);
    pen_right(pen, r.height - 1, ROLE_QUIET, f->x_high);
    return (struct rect){r.x + MARGIN, r.y + 1, r.width - MARGIN, r.height - 2};
}

static void y_ends(const struct pen *pen, const char *high, const char *low)
{
    pen_text(pen, 4 - text_width(high), 1, ROLE_QUIET, high);
    pen_text(pen, 4 - text_width(low), pen->rect.height - 2, ROLE_QUIET, low);
}

static void plot_with_point(const struct pen *pen, struct rect rect, const struct chart *chart,
                            const struct xy *line, const struct xy *here)
{
    struct curve curves[] = {{line->x, line->y, line->n, theme_style(pen->theme, ROLE_TEXT)},
                             {here->x, here->y, here->n, theme_style(pen->theme, ROLE_ACCENT)}};
    struct chart whole = *chart;
    whole.curve = curves;
    whole.n_curves = 2;
    plot_chart(pen->canvas, rect, &whole, pen->theme);
}

static void draw_roc(const struct scene *scene, const struct pen *pen, const struct match_table *table,
                     uint32_t bin)
{
    struct xy here, line = make_curve(table, match_roc, bin, &here, 0.02);
    char title[64], found[32];
    format_percent(pen->theme, matches_recall(matches_at(table, bin)), found);
    snprintf(title, sizeof title, pen->rect.width >= 34 ? "ROC: finds %s %% of the same" : "ROC: finds %s %%",
             found);
    struct frame f = {title, "0", "FMR", "1", CHART_ROC};
    struct chart chart = {
        .x_low = 0, .x_high = 1, .y_low = 0, .y_high = 1, .y_low_text = "", .y_high_text = ""};
    plot_with_point(pen, draw_frame(scene, pen, &f), &chart, &line, &here);
    y_ends(pen, "1", "0");
    xy_free(&line);
    xy_free(&here);
}

/* Probit axes from 0.05 % to 95 %. */
static void draw_det(const struct scene *scene, const struct pen *pen, const struct match_table *table,
                     uint32_t bin)
{
    struct xy here, line = make_curve(table, match_det, bin, &here, 0.08);
    struct frame f = {pen->rect.width >= 34 ? "DET: FNMR over FMR, probit axes" : "DET, probit axes", ".05%",
                      "FMR", "95%", CHART_DET};
    struct chart chart = {.x_low = -3.29F,
                          .x_high = 1.645F,
                          .y_low = -3.29F,
                          .y_high = 1.645F,
                          .y_low_text = "",
                          .y_high_text = ""};
    plot_with_point(pen, draw_frame(scene, pen, &f), &chart, &line, &here);
    y_ends(pen, "95%", ".05%");
    xy_free(&line);
    xy_free(&here);
}

/* ---- over training ---- */

/* Three lines over the kept steps. */
struct drift {
    struct xy fixed;     /* the threshold that does what is wanted: at a fixed FMR */
    struct xy fmr, fnmr; /* errors of today's threshold, had it been frozen */
    float last;
};

static struct threshold_choice fixed_rate(const struct threshold_choice *t)
{
    struct threshold_choice fixed = *t;
    if (t->lock != LOCK_FMR) {
        fixed.lock = LOCK_FMR;
        fixed.target = 0.01;
    }
    return fixed;
}

static struct drift drift_of(const struct scene *scene, const struct drift_result *r, uint32_t bin)
{
    struct drift d = {xy_new(r->n), xy_new(r->n), xy_new(r->n), 0};
    struct threshold_choice fixed = fixed_rate(&scene->choice.threshold);
    for (size_t i = 0; i < r->n; i++) {
        struct match_table table = counts_table(&r->counts[i]);
        struct matches m = matches_at(&table, bin);
        double step = (double)r->step[i];
        xy_add(&d.fixed, step, threshold_of_bin(threshold_bin_of(&fixed, &table), table.n_bins));
        xy_add(&d.fmr, step, matches_fmr(m));
        xy_add(&d.fnmr, step, matches_fnmr(m));
        d.last = (float)step;
    }
    return d;
}

static void drift_title(const struct scene *scene, const struct pen *pen, uint32_t bin, int row)
{
    char rate[32], at[32];
    struct threshold_choice fixed = fixed_rate(&scene->choice.threshold);
    format_number(pen->theme, 100 * fixed.target, fixed.target < 0.01 ? 2 : 0, rate);
    format_threshold(pen->theme, threshold_of_bin(bin, SCORES_BINS), 2, at);
    int x = pen_printf(pen, 6, row, ROLE_ACCENT, "at FMR %s %%", rate);
    x = pen_printf(pen, x + 1, row, ROLE_TEXT, "FNMR");
    x = pen_printf(pen, x + 1, row, ROLE_BAD, "FMR");
    if (x + 10 <= pen->rect.width)
        pen_printf(pen, x + 1, row, ROLE_QUIET, "at %s", at);
}

static void draw_drift(const struct scene *scene, const struct pen *pen, uint32_t bin)
{
    const struct result *r = scene->found[REQUEST_DRIFT];
    char high[32] = "";
    bool there = r && relation_is(scene, r->drift.asked.relation, r->drift.asked.label) && r->drift.n > 1;
    struct drift d = {0};
    if (there)
        d = drift_of(scene, &r->drift, bin);
    if (there)
        format_count((unsigned long long)d.last, high);
    struct frame f = {pen->rect.width >= 34 ? "over training: threshold and errors" : "over training", "0",
                      "step", high, CHART_DRIFT};
    struct rect rect = draw_frame(scene, pen, &f);
    rect.y++; /* the legend's row */
    rect.height--;
    if (!there) {
        pen_text(pen, 1, pen->rect.height / 2, ROLE_QUIET, "needs two kept steps");
        return;
    }
    struct curve curves[] = {{d.fmr.x, d.fmr.y, d.fmr.n, theme_style(pen->theme, ROLE_BAD)},
                             {d.fnmr.x, d.fnmr.y, d.fnmr.n, theme_style(pen->theme, ROLE_TEXT)},
                             {d.fixed.x, d.fixed.y, d.fixed.n, theme_style(pen->theme, ROLE_ACCENT)}};
    struct chart chart = {.x_low = 0,
                          .x_high = d.last,
                          .y_low = 0,
                          .y_high = 1,
                          .y_low_text = "",
                          .y_high_text = "",
                          .curve = curves,
                          .n_curves = 3};
    plot_chart(pen->canvas, rect, &chart, pen->theme);
    struct pen below = pen_rows(pen, 1, pen->rect.height - 1);
    y_ends(&below, "1", "0");
    drift_title(scene, pen, bin, 1);
    xy_free(&d.fixed);
    xy_free(&d.fmr);
    xy_free(&d.fnmr);
}

/* ---- the view ---- */

static void draw_part(struct scene *scene, const struct pen *pen, int part)
{
    struct match_table table;
    uint32_t bin;
    if (part == PANEL_CUT) {
        panel_threshold(scene, pen);
        return;
    }
    if (!threshold_table(scene, &table) || !threshold_bin_now(scene, &bin) || pen->rect.width < 14 ||
        pen->rect.height < 5)
        return;
    if (part == CHART_ROC)
        draw_roc(scene, pen, &table, bin);
    else if (part == CHART_DET)
        draw_det(scene, pen, &table, bin);
    else
        draw_drift(scene, pen, bin);
}

/* One table has no steps to draw its errors over: the other charts take the room. */
static int parts_of(const struct scene *scene)
{
    return scene_has_course(scene) ? PARTS : CHART_DRIFT;
}

/* The highlighted one; the first where what was highlighted is not drawn. */
static int part_chosen(const struct scene *scene)
{
    int chart = scene->choice.threshold.chart;
    return chart < parts_of(scene) ? chart : PANEL_CUT;
}

static struct rect part_place(const struct scene *scene, struct rect r, int part)
{
    struct rect inner = {r.x + 1, r.y, r.width - 2, r.height};
    if (scene->choice.large)
        return part == part_chosen(scene) ? inner : (struct rect){0, 0, 0, 0};
    int charts = r.height < 17 ? 0 : r.height < 30 ? r.height - 10 : r.height / 2;
    struct rect upper = {inner.x, inner.y, inner.width, inner.height - charts - (charts > 10)};
    struct rect lower = {inner.x, inner.y + inner.height - charts, inner.width, charts};
    return part == PANEL_CUT ? upper : layout_column(lower, parts_of(scene) - 1, part - 1, 2);
}

static void threshold_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct pen pen = {canvas, scene->theme, rect};
    for (int part = 0; part < parts_of(scene); part++) {
        struct pen p = pen_at(&pen, part_place(scene, rect, part));
        if (p.rect.width > 0 && p.rect.height > 0)
            draw_part(scene, &p, part);
    }
}

/* Those nearest to it, whatever list was looked at there last. */
static void to_pairs(struct scene *scene, const struct post *post)
{
    act(scene, ACTION_VIEW_PAIRS, (struct key){0}, post);
    scene->choice.pairs.list = PAIRS_AT_THRESHOLD;
    scene->choice.pairs.row = 0;
}

static bool threshold_act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    (void)key;
    int *chart = &scene->choice.threshold.chart, parts = parts_of(scene);
    uint32_t bin;
    bool own = action <= ACTION_PAGE_DOWN || action == ACTION_NEXT_PANEL || action == ACTION_LARGE;
    if (own && !threshold_bin_now(scene, &bin)) {
        say(post, false, "no pairs are counted yet: the view says what it needs");
        return action != ACTION_LARGE;
    }
    switch (action) {
    case ACTION_LEFT: threshold_move(scene, -THRESHOLD_STEP); return true;
    case ACTION_RIGHT: threshold_move(scene, THRESHOLD_STEP); return true;
    case ACTION_DOWN: threshold_move(scene, -1); return true;
    case ACTION_UP: threshold_move(scene, 1); return true;
    case ACTION_PAGE_DOWN: threshold_move(scene, -10 * THRESHOLD_STEP); return true;
    case ACTION_PAGE_UP: threshold_move(scene, 10 * THRESHOLD_STEP); return true;
    case ACTION_NEXT_PANEL: *chart = (part_chosen(scene) + 1) % parts; return true;
    case ACTION_PREVIOUS_PANEL: *chart = (part_chosen(scene) + parts - 1) % parts; return true;
    case ACTION_ENTER: to_pairs(scene, post); return true;
    default: return false;
    }
}

static bool threshold_mouse(struct scene *scene, struct mouse mouse, struct rect rect,
                            const struct post *post)
{
    struct pen pen = {NULL, scene->theme, part_place(scene, rect, PANEL_CUT)};
    if (mouse.what == MOUSE_WHEEL_UP || mouse.what == MOUSE_WHEEL_DOWN) {
        threshold_move(scene, mouse.what == MOUSE_WHEEL_UP ? THRESHOLD_STEP : -THRESHOLD_STEP);
        return true;
    }
    for (int part = CHART_ROC; part < parts_of(scene) && mouse.what == MOUSE_PRESS; part++)
        if (rect_has(part_place(scene, rect, part), mouse.x, mouse.y))
            scene->choice.threshold.chart = part;
    bool drags = mouse.what == MOUSE_PRESS || mouse.what == MOUSE_DRAG;
    (void)post;
    return drags && panel_threshold_drag(scene, &pen, mouse);
}

static void want_drift(struct scene *scene, const struct post *post)
{
    struct request request = {.kind = REQUEST_DRIFT, .snapshot = scene->now};
    const struct threshold_choice *t = &scene->choice.threshold;
    const struct result *last = scene->found[REQUEST_DRIFT];
    if (last && relation_is(scene, last->drift.asked.relation, last->drift.asked.label) &&
        still_fresh(scene, last))
        return;
    request_spread(scene, &request, DRIFT_MOMENTS);
    request.drift = (struct drift_question){(enum relation)t->relation, SPACE_H, scene_label(scene)};
    scene_ask(scene, &request, post);
}

static void wants(struct scene *scene, const struct post *post)
{
    threshold_wants(scene, post);
    if (scene_has_course(scene))
        want_drift(scene, post);
}

static void threshold_words(struct scene *scene, struct strbuf *out)
{
    struct match_table table;
    uint32_t bin;
    char name[64], lock[THRESHOLD_TEXT], a[32], b[32];
    if (!threshold_table(scene, &table) || !threshold_bin_now(scene, &bin)) {
        strbuf_puts(out, "The pairs are not counted yet.\n");
        return;
    }
    struct matches m = matches_at(&table, bin), e = matches_at(&table, threshold_at_eer(&table));
    relation_name(scene, name);
    threshold_print(&scene->choice.threshold, lock);
    strbuf_printf(out, "The threshold is %s (%s). What counts as the same: %s.\n",
                  threshold_value_words(threshold_of_bin(bin, table.n_bins), a), lock, name);
    strbuf_printf(out, "Called the same and are different: %s (FMR), %llu of %llu pairs.\n",
                  threshold_rate_words(matches_fmr(m), 2, a), (unsigned long long)m.matched[PAIR_IMPOSTOR],
                  (unsigned long long)m.n[PAIR_IMPOSTOR]);
    strbuf_printf(out, "Called different and are the same: %s (FNMR), %llu of %llu pairs.\n",
                  threshold_rate_words(matches_fnmr(m), 1, a),
                  (unsigned long long)(m.n[PAIR_GENUINE] - m.matched[PAIR_GENUINE]),
                  (unsigned long long)m.n[PAIR_GENUINE]);
    strbuf_printf(out, "Precision %s", threshold_rate_words(matches_precision(m), 0, a));
    if (m.n[PAIR_GENUINE] > 0 && m.n[PAIR_IMPOSTOR] > 0)
        strbuf_printf(out, ", F1 %.2f; equal errors %s, AUC %.3f", matches_f1(m),
                      threshold_rate_words((matches_fmr(e) + matches_fnmr(e)) / 2, 1, b), match_auc(&table));
    strbuf_puts(out, ".\n");
}

/* What else it could be locked to; and that the audit has a relation of its own, where that is another one.
 */
static bool threshold_hint(struct scene *scene, char *text, size_t size)
{
    char here[64], audits[64];
    const char *rate = scene->choice.threshold.lock == LOCK_FMR ? "eer, fnmr 5%" : "fmr 1%";
    if (scene->choice.threshold.relation == RELATION_VIEW)
        return false;
    relation_name(scene, here);
    audit_relation_name(scene, audits);
    if (strcmp(here, audits) != 0)
        snprintf(text, size, "%.20s here, %.20s in 5 (S)   t: %s   Enter: its pairs", here, audits, rate);
    else
        snprintf(text, size, "t: %s or a value   Enter: pairs at its edge   5: whom errors hit", rate);
    return true;
}

static const struct key_help threshold_keys[] = {
    {"t", "type it", "type it: 0.72, or what it is locked to: fmr 1%, fmr 1/1000, fnmr 5%, eer"},
    {"←→", "move", "lower or higher; up and down finer, PgUp PgDn ten times as far; it is a value then"},
    {"Tab", "chart", "highlights a chart for z: histograms, ROC, DET; of a run, over training"},
    {"z", "large", "the highlighted chart fills the screen; again: back"},
    {"Enter", "its pairs", "the pairs nearest to the threshold"},
    {"S", "same means", "what counts as the same, linear or logarithmic bars, lines on the map"},
    {"u", NULL, "the threshold as it was before; Ctrl-R again"},
    {NULL, NULL, NULL},
};
static const int threshold_terms[] = {TERM_fmr, TERM_fnmr, TERM_precision, TERM_recall,     TERM_f1,
                                      TERM_eer, TERM_auc,  TERM_dprime,    TERM_similarity, -1};

extern const struct view view_threshold;
const struct view view_threshold = {
    .entry = {"threshold", "where to cut: what a threshold calls the same", NULL},
    .draw = threshold_draw,
    .act = threshold_act,
    .wants = wants,
    .mouse = threshold_mouse,
    .words = threshold_words,
    .options = threshold_options,
    .keys = threshold_keys,
    .terms = threshold_terms,
    .hint = threshold_hint,
    .tip = "try: t, then fmr 1%: locked to an error rate; Enter: the pairs on its edge",
};
