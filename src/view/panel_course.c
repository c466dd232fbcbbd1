/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "space/compare.h"
#include "space/sensitivity.h"
#include "view/act.h"
#include "view/course.h"
#include "view/differs.h"
#include "view/facts.h"
#include "view/layout.h"
#include "view/rows.h"
#include "view/threshold.h"
#include "view/work.h"

#include <math.h>
#include <stdio.h>

enum { MOST_LINES = COURSE_MOST_GROUPS, CHART_WIDTH = 34, CHART_HEIGHT = 6, NEIGHBOURS = 10 };
enum { THEN = 19, NOW = 24 /* where these columns end */ };

/* ---- what is asked ---- */

/* The group column of the data, else what the map is coloured by. */
static int group_column(const struct scene *scene)
{
    const struct dataset *data = scene->data;
    return dataset_is_category(data, data->group) ? data->group : scene->choice.column;
}

static int relation_column(const struct scene *scene)
{
    const struct dataset *data = scene->data;
    bool label = scene->choice.threshold.relation == RELATION_LABEL;
    return dataset_is_category(data, data->identity) && !label ? data->identity : scene_label(scene);
}

/* The false match rate all views are locked to, else 1 %. */
static float rate_asked(const struct scene *scene)
{
    const struct threshold_choice *t = &scene->choice.threshold;
    return t->lock == LOCK_FMR ? (float)t->target : 0.01F;
}

bool course_possible(const struct scene *scene)
{
    return scene->now && scene_items(scene) >= 2 && dataset_is_category(scene->data, group_column(scene)) &&
           dataset_is_category(scene->data, relation_column(scene));
}

static struct course_question question(const struct scene *scene)
{
    return (struct course_question){group_column(scene), relation_column(scene), rate_asked(scene)};
}

static const struct course_result *course_of(const struct scene *scene)
{
    const struct result *r = scene->found[REQUEST_COURSE];
    struct course_question asked = question(scene);
    bool same = r && r->course.asked.group == asked.group && r->course.asked.relation == asked.relation &&
                r->course.asked.fmr == asked.fmr;
    return same ? &r->course : NULL;
}

static const struct compare_result *compare_of(const struct scene *scene, const struct moments *m)
{
    const struct result *r = scene->found[REQUEST_COMPARE];
    bool same = r && m->then && r->compare.asked.group == group_column(scene) &&
                r->compare.asked.relation == relation_column(scene) &&
                r->compare.asked.fmr == rate_asked(scene) && r->compare.before_step == m->then->step;
    return same ? &r->compare : NULL;
}

void course_wants(struct scene *scene, const struct post *post, const struct moments *m)
{
    struct request request = {.kind = REQUEST_COURSE, .snapshot = scene->now};
    int most = scene_items(scene) - 1;
    if (!course_possible(scene))
        return;
    if (!course_of(scene) || !still_fresh(scene, scene->found[REQUEST_COURSE])) {
        request_spread(scene, &request, COURSE_MOMENTS);
        request.course = question(scene);
        scene_ask(scene, &request, post);
    }
    if (!m->then || (compare_of(scene, m) && still_fresh(scene, scene->found[REQUEST_COMPARE])))
        return;
    request = (struct request){.kind = REQUEST_COMPARE, .snapshot = m->now, .other = {m->then}};
    request.compare = (struct compare_question){group_column(scene), relation_column(scene),
                                                rate_asked(scene), NEIGHBOURS < most ? NEIGHBOURS : most};
    scene_ask(scene, &request, post);
}

/* ---- charts ---- */

/* Lines of a chart: those of the groups, or some of the others. */
static const struct course_chart {
    const char *title;
    bool groups; /* of each group, `line` being that of the first */
    int line[2]; /* else these; -1: one only */
    bool share;  /* of 0 to 1, told in % */
    float guide; /* NaN: none */
} charts[] = {
    {"missed (FNMR)", true, {COURSE_GROUP + 1, -1}, true, NAN},
    {"false match (FMR)", true, {COURSE_GROUP, -1}, true, NAN},
    {"worst / best: missed, false", false, {COURSE_FNMR_RATIO, COURSE_FMR_RATIO}, false, 1},
    {"threshold", false, {COURSE_THRESHOLD, -1}, false, NAN},
    {"group by probe, shuffled", false, {COURSE_PROBE, COURSE_CONTROL}, true, NAN},
    {"hubs: skew of 10 nearest", false, {COURSE_HUB_SKEW, -1}, false, 0},
};

int course_charts(void)
{
    return (int)ARRAY_LEN(charts);
}

struct course_lines {
    struct curve curve[MOST_LINES];
    float x[COURSE_MOMENTS + 1], low, high;
    size_t n;
};

static struct style line_style(const struct theme *theme, const struct course_chart *chart, size_t i)
{
    if (chart->groups)
        return theme_category(theme, i, COLOUR_DEFAULT);
    return theme_style(theme, i == 0 ? ROLE_ACCENT : ROLE_QUIET);
}

static const float *values_of(const struct course_result *r, int line)
{
    return r->value + (size_t)line * (COURSE_MOMENTS + 1);
}

static void add_line(struct course_lines *lines, const struct course_result *r, int line, struct style style)
{
    const float *y = values_of(r, line);
    lines->curve[lines->n++] = (struct curve){lines->x, y, r->n, style};
    for (size_t i = 0; i < r->n; i++)
        if (isfinite(y[i])) {
            lines->low = fminf(lines->low, y[i]);
            lines->high = fmaxf(lines->high, y[i]);
        }
}

static void make_lines(struct course_lines *lines, const struct course_result *r, const struct theme *theme,
                       const struct course_chart *chart)
{
    *lines = (struct course_lines){.low = INFINITY, .high = -INFINITY};
    for (size_t i = 0; i < r->n; i++)
        lines->x[i] = (float)r->step[i];
    for (size_t g = 0; g < r->n_groups && chart->groups && g < MOST_LINES; g++)
        add_line(lines, r, chart->line[0] + 2 * (int)g, line_style(theme, chart, g));
    for (size_t i = 0; i < 2 && !chart->groups && chart->line[i] >= 0; i++)
        add_line(lines, r, chart->line[i], line_style(theme, chart, i));
}

/* Where the title's words end, the last values in the colours of their lines. */
static void draw_last(const struct pen *pen, const struct course_result *r, const struct course_chart *chart,
                      const struct course_lines *lines, int x)
{
    for (size_t i = 0; i < lines->n; i++) {
        char text[32];
        float last = lines->curve[i].y[r->n - 1];
        format_number(pen->theme, (chart->share ? 100 : 1) * (double)last,
                      chart->share ? (fabsf(last) < 0.0995F ? 1 : 0) : 2, text);
        if (x + 1 + text_width(text) <= pen->rect.width)
            x = pen_styled(pen, x + 1, 0, lines->curve[i].style, text);
    }
    if (chart->share && x + 2 <= pen->rect.width)
        pen_text(pen, x + 1, 0, ROLE_QUIET, "%");
}

static void letters_of(const struct course_result *r, char letter[MOST_LINES])
{
    const char *name[MOST_LINES];
    for (size_t g = 0; g < r->n_groups; g++)
        name[g] = r->name[g];
    theme_letters(name, NULL, r->n_groups, letter);
}

/* Each line's letter where it ends, so that it is known without its colour. */
static void draw_letters(const struct pen *pen, const struct course_result *r,
                         const struct course_lines *lines)
{
    char letter[MOST_LINES];
    int rows = pen->rect.height - 2;
    letters_of(r, letter);
    for (size_t g = 0; g < lines->n && rows > 0; g++) {
        float last = lines->curve[g].y[r->n - 1], share = (lines->high - last) / (lines->high - lines->low);
        char text[] = {letter[g], '\0'};
        if (isfinite(share))
            pen_styled(pen, pen->rect.width - 1, 1 + (int)lroundf(share * (float)(rows - 1)),
                       lines->curve[g].style, text);
    }
}

/* Events as ticks. */
static size_t event_steps(const struct scene *scene, float *step, size_t most)
{
    size_t n = scene->now->events ? series_count(scene->now->events) : 0, found = 0;
    for (size_t i = n > 256 ? n - 256 : 0; i < n && found < most; i++) {
        const struct event *e = series_at(scene->now->events, i);
        if (e->kind != EVENT_SAVED && e->kind != EVENT_START && e->step <= scene->now->step)
            step[found++] = (float)e->step;
    }
    return found;
}

static void draw_chart(struct scene *scene, const struct pen *pen, const struct course_result *r,
                       const struct course_chart *what)
{
    struct course_lines lines;
    char low[32], high[32];
    float mark[64];
    make_lines(&lines, r, pen->theme, what);
    int x = pen_text(pen, 0, 0, ROLE_TEXT, what->title);
    draw_last(pen, r, what, &lines, x);
    if (!isfinite(lines.low)) {
        pen_text(pen, 2, 1, ROLE_QUIET, "undefined at every step");
        return;
    }
    if (what->share && lines.low < lines.high / 2)
        lines.low = 0;
    if (lines.high - lines.low < 1e-6F)
        lines.high = lines.low + 1e-3F;
    double scale = what->share ? 100 : 1, span = scale * (double)(lines.high - lines.low);
    int decimals = span >= 10 ? 0 : span >= 1 ? 1 : span >= 0.1 ? 2 : 3;
    format_number(pen->theme, scale * (double)lines.low, decimals, low);
    format_number(pen->theme, scale * (double)lines.high, decimals, high);
    struct guide guide = {what->guide, GLYPH_GUIDE, theme_style(pen->theme, ROLE_QUIET)};
    struct chart chart = {.x_low = lines.x[0],
                          .x_high = fmaxf(lines.x[r->n - 1], lines.x[0] + 1),
                          .y_low = lines.low,
                          .y_high = lines.high,
                          .y_low_text = low,
                          .y_high_text = high,
                          .curve = lines.curve,
                          .n_curves = lines.n,
                          .guide = &guide,
                          .n_guides = isfinite(what->guide),
                          .mark = mark,
                          .n_marks = event_steps(scene, mark, ARRAY_LEN(mark))};
    struct rect rect = {pen->rect.x, pen->rect.y + 1, pen->rect.width - 1, pen->rect.height - 2};
    plot_chart(pen->canvas, rect, &chart, pen->theme);
    if (what->groups)
        draw_letters(pen, r, &lines);
}

static void draw_groups(const struct pen *pen, const struct course_result *r, float fmr)
{
    char rate[32];
    format_number(pen->theme, 100 * (double)fmr, fmr < 0.0095F ? 2 : 0, rate);
    int x = pen_printf(pen, 0, 0, ROLE_STRONG, "groups at FMR %s %%", rate);
    char letter[MOST_LINES];
    letters_of(r, letter);
    for (size_t g = 0; g < r->n_groups; g++) {
        char text[AUDIT_NAME + 4];
        snprintf(text, sizeof text, "%c %s", letter[g], r->name[g]);
        if (x + 2 + text_width(text) <= pen->rect.width)
            x = pen_styled(pen, x + 2, 0, theme_category(pen->theme, g, COLOUR_DEFAULT), text);
    }
    if (r->n_items < r->of && x + 18 < pen->rect.width)
        pen_printf(pen, x + 2, 0, ROLE_QUIET, "%zu of %zu items", r->n_items, r->of);
}

static const char *why_nothing(const struct scene *scene, const struct course_result *r, char text[120])
{
    char working[WORK_TEXT];
    if (!course_possible(scene))
        return "no groups to follow: c colours by a category; what is the same comes from an identity or "
               "label";
    if (!r) {
        snprintf(text, 120, "counting pairs at every kept step: %s",
                 work_text(scene, REQUEST_COURSE, working));
        return text;
    }
    if (r->n_groups > COURSE_MOST_GROUPS)
        return "too many groups to follow: c colours by a column with at most 12 values";
    return "one kept step: a live run, or a folder of tables, has more";
}

void panel_course(struct scene *scene, const struct pen *pen, int first)
{
    const struct course_result *r = course_of(scene);
    if (!r || r->n < 2) {
        char text[120];
        pen_wrap(pen, 1, ROLE_QUIET, why_nothing(scene, r, text));
        return;
    }
    int columns = pen->rect.width / CHART_WIDTH, rows = (pen->rect.height - 1) / CHART_HEIGHT;
    columns = columns < 1 ? 1 : columns > 3 ? 3 : columns;
    int needed = (course_charts() + columns - 1) / columns;
    rows = rows < 1 ? 1 : rows > needed ? needed : rows;
    int from = rows_from(needed, rows, first / columns), height = (pen->rect.height - 1) / rows;
    draw_groups(pen, r, rate_asked(scene));
    for (int i = 0; i < rows * columns && from * columns + i < course_charts(); i++) {
        struct rect row = {pen->rect.x, pen->rect.y + 1 + i / columns * height, pen->rect.width, height};
        struct pen place = pen_at(pen, layout_column(row, columns, i % columns, 2));
        draw_chart(scene, &place, r, &charts[from * columns + i]);
    }
}

/* ---- two moments ---- */

static void compare_line(const struct pen *pen, int y, const char *name, double value, bool share)
{
    char text[32];
    format_number(pen->theme, share ? 100 * value : value, share ? 0 : 2, text);
    pen_text(pen, 0, y, ROLE_TEXT, name);
    struct rect r = pen->rect;
    struct pen left = pen_at(pen, (struct rect){r.x, r.y, r.width - 2, r.height});
    pen_right(&left, y, ROLE_STRONG, text);
    if (share)
        pen_right(pen, y, ROLE_QUIET, "%");
}

/* "missed  dim   86 to 76   -17 to -3": bold where the interval leaves 0 out. */
static void rate_line(const struct pen *pen, int y, const char *kind, const char *group,
                      const struct change *rate)
{
    char a[32], b[32], low[32], high[32], range[80] = "";
    int decimals = fmax(rate->a, rate->b) < 0.0995 ? 1 : 0;
    bool sure = rate->ci.low > 0 || rate->ci.high < 0;
    format_number(pen->theme, 100 * rate->a, decimals, a);
    format_number(pen->theme, 100 * rate->b, decimals, b);
    int digits = fmax(fabs(rate->ci.low), fabs(rate->ci.high)) < 0.0995;
    format_number(pen->theme, 100 * rate->ci.low, digits, low);
    format_number(pen->theme, 100 * rate->ci.high, digits, high);
    snprintf(range, sizeof range, "%s to %s", low, high);
    int x = pen_printf(pen, 0, y, ROLE_QUIET, "%-7s", kind);
    struct pen name = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, x + 8, pen->rect.height});
    pen_text(&name, x, y, ROLE_TEXT, group);
    struct rect r = pen->rect;
    struct pen then = pen_at(pen, (struct rect){r.x, r.y, THEN, r.height}),
               now = pen_at(pen, (struct rect){r.x, r.y, NOW, r.height});
    pen_right(&then, y, ROLE_QUIET, a);
    pen_right(&now, y, ROLE_TEXT, b);
    pen_right(pen, y, sure ? ROLE_STRONG : ROLE_QUIET, isnan(rate->ci.low) ? "–" : range);
}

static void draw_rates(const struct pen *pen, int y, const struct compare_result *r)
{
    static const struct {
        int kind;
        const char *name;
    } kinds[] = {{PAIR_GENUINE, "missed"}, {PAIR_IMPOSTOR, "false"}};
    pen_text(pen, 0, y, ROLE_QUIET, "%");
    struct rect p = pen->rect;
    struct pen then = pen_at(pen, (struct rect){p.x, p.y, THEN, p.height}),
               now = pen_at(pen, (struct rect){p.x, p.y, NOW, p.height});
    pen_right(&then, y, ROLE_QUIET, "then");
    pen_right(&now, y, ROLE_QUIET, "now");
    pen_right(pen, y++, ROLE_QUIET, "change, 95 %");
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
        for (size_t g = 0; g < r->comparison->n_groups && y < p.height; g++)
            rate_line(pen, y++, kinds[k].name, r->name[g], &r->comparison->group[g].rate[kinds[k].kind]);
}

static int draw_floor(const struct scene *scene, const struct pen *pen, int y)
{
    char most[32];
    if (!scene->sensitivity)
        return y;
    struct seed_floor floor = sensitivity_floor(scene->sensitivity);
    format_percent(pen->theme, floor.most, most);
    pen_printf(pen, 0, y, ROLE_QUIET, "%zu other seeds: up to %s %%", floor.n, most);
    return y + 1;
}

void panel_compare(struct scene *scene, const struct pen *pen, const struct moments *m)
{
    const struct compare_result *r = compare_of(scene, m);
    char then[32], now[32];
    if (!m->then) {
        pen_wrap(pen, 0, ROLE_QUIET, "p pins this step as A: then it is compared with now");
        return;
    }
    const char *name = m->then == scene->pinned ? "A, " : "";
    format_count(m->then->step, then);
    format_count(m->now->step, now);
    if (m->branch)
        pen_printf(pen, 0, 0, ROLE_STRONG, "%s at %s to %s at %s", m->branch->name, then,
                   differs_name(scene, m), now);
    else
        pen_printf(pen, 0, 0, ROLE_STRONG, "%sstep %s to %s", name, then, now);
    if (!r || r->comparison->n_groups > COURSE_MOST_GROUPS)
        return;
    const struct comparison *c = r->comparison;
    compare_line(pen, 1, "nearest kept, of 10", c->overlap, true);
    compare_line(pen, 2, "spaces alike (CKA)", c->cka, false);
    compare_line(pen, 3, "matches changed", c->match_churn, true);
    int y = draw_floor(scene, pen, 4);
    draw_rates(pen, y, r);
}
