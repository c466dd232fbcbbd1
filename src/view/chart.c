/* SPDX-License-Identifier: MIT
 *
 * The charts: how well an attribute is read, and the loss, over the steps of this run and of the runs before
 * it in grey. Of a run much longer than the chart is wide the mean of what falls on a dot is drawn, over a
 * band from the lowest to the highest.
 */
#include "base/check.h"
#include "view/facts.h"
#include "view/panels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 1024, LOOKED_AT = 32768 };

struct line {
    float x[POINTS], y[POINTS];
    size_t n;
};

struct lines {
    struct line line[EARLIER_RUNS + 2]; /* this run behind those before it */
    struct line band;                   /* of this run where its line is of means; else empty */
    struct curve curve[EARLIER_RUNS + 3];
    size_t n, n_curves, dots; /* dots: as many as the chart is wide */
    float x_high, y_low, y_high;
};

/* Value of a row of the series at its step; `of`: the column, or the term of a measure of the space. */
typedef void read_row(const void *row, int of, float *x, float *y);

static void read_readable(const void *row, int column, float *x, float *y)
{
    const struct measures *m = row;
    *x = (float)m->step;
    *y = NAN;
    for (int i = 0; i < m->n; i++) {
        enum term t = m->item[i].term;
        if (m->item[i].column == column && (t == TERM_knn || t == TERM_rank1 || t == TERM_r2))
            *y = m->item[i].value;
    }
}

static void read_space(const void *row, int term, float *x, float *y)
{
    const struct measures *m = row;
    *x = (float)m->step;
    *y = NAN;
    for (int i = 0; i < m->n; i++)
        if (m->item[i].column == NO_COLUMN && m->item[i].term == (enum term)term)
            *y = m->item[i].value;
}

static void read_loss(const void *row, int of, float *x, float *y)
{
    (void)of;
    const struct step_row *step = row;
    *x = (float)step->step;
    *y = step->loss;
}

static void read_positive(const void *row, int of, float *x, float *y)
{
    read_loss(row, of, x, y);
    *y = ((const struct step_row *)row)->positive;
}

static void read_negative(const void *row, int of, float *x, float *y)
{
    read_loss(row, of, x, y);
    *y = ((const struct step_row *)row)->negative;
}

/* Else its rows are measurings. */
static bool reads_steps(read_row *read)
{
    return read == read_loss || read == read_positive;
}

static void line_add(struct line *line, float x, float y)
{
    if (line->n < POINTS) {
        line->x[line->n] = x;
        line->y[line->n++] = y;
    }
}

/* A run longer than there are points shows the lowest and the highest of each stretch. */
static void read_series(struct line *line, const struct series *series, read_row *read, int of)
{
    size_t n = series ? series_count(series) : 0;
    size_t stretch = n > POINTS ? (n + POINTS / 2 - 1) / (POINTS / 2) : 1;
    size_t stride = n > LOOKED_AT ? n / LOOKED_AT : 1;
    line->n = 0;
    for (size_t i = 0; i < n; i += stretch) {
        float x = 0, y, low = INFINITY, high = -INFINITY, first = NAN;
        for (size_t k = i; k < n && k < i + stretch; k += stride) {
            read(series_at(series, k), of, &x, &y);
            first = k == i ? x : first;
            low = fminf(low, y);
            high = fmaxf(high, y);
        }
        line_add(line, first, isfinite(low) ? low : NAN);
        if (stretch > 1)
            line_add(line, x, isfinite(high) ? high : NAN);
    }
}

/* Points a dot from which on a line would be a smear. */
static bool is_dense(const struct lines *lines, const struct series *series)
{
    enum { DENSE = 8 };
    return series && series_count(series) > DENSE * lines->dots;
}

/* A point a dot: the mean of the rows there. */
static void read_means(struct line *line, const struct series *series, size_t dots, read_row *read, int of)
{
    size_t n = series_count(series), stride = n > LOOKED_AT ? n / LOOKED_AT : 1;
    line->n = 0;
    for (size_t dot = 0; dot < dots; dot++) {
        size_t from = n * dot / dots, to = n * (dot + 1) / dots, counted = 0;
        float x = 0, y, first = 0;
        double sum = 0;
        for (size_t k = from; k < to; k += stride) {
            read(series_at(series, k), of, &x, &y);
            first = k == from ? x : first;
            sum += isfinite(y) ? (double)y : 0;
            counted += isfinite(y);
        }
        line_add(line, (first + x) / 2, counted ? (float)(sum / (double)counted) : NAN);
    }
}

static void read_line(struct lines *lines, const struct series *series, read_row *read, int of)
{
    struct line *line = &lines->line[lines->n++];
    if (is_dense(lines, series))
        read_means(line, series, lines->dots, read, of);
    else
        read_series(line, series, read, of);
}

static void grow(struct lines *lines, const struct line *line)
{
    for (size_t i = 0; i < line->n; i++) {
        lines->x_high = fmaxf(lines->x_high, line->x[i]);
        if (isfinite(line->y[i])) {
            lines->y_low = fminf(lines->y_low, line->y[i]);
            lines->y_high = fmaxf(lines->y_high, line->y[i]);
        }
    }
}

static void add_curve(struct lines *lines, const struct line *line, const struct theme *theme, enum role role)
{
    struct style style = theme_style(theme, role);
    style.attr = 0; /* dots underlined or in bold would be others */
    lines->curve[lines->n_curves++] = (struct curve){line->x, line->y, line->n, style};
    grow(lines, line);
}

/* For a chart of so many columns. A band is grey as earlier runs are: beside them there is none. */
static struct lines *lines_make(const struct scene *scene, const struct pen *pen, int width, read_row *read,
                                int of)
{
    struct lines *lines = xcalloc(1, sizeof *lines);
    lines->dots = width > 8 ? 2 * (size_t)width : 16;
    lines->dots = lines->dots < POINTS ? lines->dots : POINTS;
    bool steps = reads_steps(read);
    lines->y_low = INFINITY;
    lines->y_high = -INFINITY;
    size_t n_earlier = scene->n_earlier < EARLIER_RUNS ? scene->n_earlier : EARLIER_RUNS;
    for (size_t i = 0; i < n_earlier; i++) {
        const struct earlier_run *run = &scene->earlier[i];
        read_line(lines, steps ? run->steps : run->measured, read, of);
        add_curve(lines, &lines->line[i], pen->theme, ROLE_EARLIER);
    }
    const struct snapshot *now = scene->now;
    const struct series *series = now ? (steps ? now->steps : now->measured) : NULL;
    if (n_earlier == 0 && is_dense(lines, series)) {
        read_series(&lines->band, series, read, of);
        add_curve(lines, &lines->band, pen->theme, ROLE_EARLIER);
    }
    read_line(lines, series, read, of);
    add_curve(lines, &lines->line[lines->n - 1], pen->theme, ROLE_ACCENT);
    return lines;
}

/* The chart proper, right of a margin with our own labels. */
static void plot(const struct pen *pen, const struct lines *lines, struct chart *chart, int margin)
{
    struct rect r = {pen->rect.x + margin, pen->rect.y, pen->rect.width - margin, pen->rect.height};
    chart->x_low = 0;
    chart->x_high = fmaxf(lines->x_high, 10);
    chart->curve = lines->curve;
    chart->n_curves = lines->n_curves;
    chart->last_alone = lines->band.n > 0;
    plot_chart(pen->canvas, r, chart, pen->theme);
}

static void label(const struct pen *pen, int margin, int y, const char *text)
{
    struct pen left = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, margin, pen->rect.height});
    pen_right(&left, y, ROLE_QUIET, text);
}

/* "colour jitter 0.40; draws 0": the newest of the earlier runs. */
static const char *earlier_text(const struct scene *scene)
{
    size_t n = scene->n_earlier < EARLIER_RUNS ? scene->n_earlier : EARLIER_RUNS;
    return n ? scene->earlier[n - 1].differs : "";
}

static struct pen below_title(const struct pen *pen, bool titled)
{
    return titled ? pen_rows(pen, 1, pen->rect.height - 1) : *pen;
}

/* "grey: " and what is: the earlier runs, or the band. */
static void grey_title(const struct pen *pen, int x, const char *grey, const struct lines *lines)
{
    char fits[128];
    int room = pen->rect.width - x;
    if (*text_list(grey, room - 9, fits, sizeof fits))
        pen_printf(pen, x, 0, ROLE_QUIET, " · grey: %s", fits);
    else if (*grey && room >= 21)
        pen_text(pen, x, 0, ROLE_QUIET, " · grey: earlier runs");
    else if (lines->band.n && room >= 31)
        pen_text(pen, x, 0, ROLE_QUIET, " · mean; grey: low to high");
}

static void readable_title(const struct scene *scene, const struct pen *pen, int column,
                           const struct lines *lines)
{
    const char *name = scene_column_name(scene, column);
    const char *guide = theme_glyph_text(pen->theme, GLYPH_GUIDE);
    const struct measure *m = scene_main_measure(scene, column);
    bool wide = pen->rect.width >= 44;
    int x = pen_printf(pen, wide ? 1 : 4, 0, ROLE_TEXT, wide ? "%% %s readable" : "%% %s", name);
    if (wide && m && isfinite(m->pixels))
        x = pen_printf(pen, x, 0, ROLE_QUIET, " · %s pixels", guide);
    if (wide && m && isfinite(m->chance))
        x = pen_text(pen, x, 0, ROLE_QUIET, " · . chance");
    grey_title(pen, x, earlier_text(scene), lines);
}

void chart_readable(struct scene *scene, const struct pen *pen, int column, bool titled)
{
    if (column == NO_COLUMN || pen->rect.width < 14)
        return;
    int margin = titled ? 4 : 7;
    struct lines *lines = lines_make(scene, pen, pen->rect.width - margin - 1, read_readable, column);
    const struct measure *m = scene_main_measure(scene, column);
    struct guide guide[2];
    struct chart chart = {.y_low = 0, .y_high = 1, .y_low_text = "", .y_high_text = "", .guide = guide};
    if (m && isfinite(m->pixels))
        guide[chart.n_guides++] = (struct guide){m->pixels, GLYPH_GUIDE, theme_style(pen->theme, ROLE_QUIET)};
    if (m && isfinite(m->chance))
        guide[chart.n_guides++] =
            (struct guide){m->chance, GLYPH_CHANCE, theme_style(pen->theme, ROLE_QUIET)};
    if (titled)
        readable_title(scene, pen, column, lines);
    struct pen p = below_title(pen, titled);
    plot(&p, lines, &chart, margin);
    label(&p, margin, 0, titled ? "100" : "% 100");
    if (!titled && p.rect.height > 2) {
        struct pen name = pen_at(&p, (struct rect){p.rect.x + 1, p.rect.y + 1, margin - 2, 1});
        pen_text(&name, 0, 0, ROLE_QUIET, scene_column_name(scene, column));
    }
    label(&p, margin, p.rect.height - 1, "0");
    free(lines);
}

/* The line breaks where a change of temperature, batch or method gave the loss another scale. */
static void break_scale(struct lines *lines, const struct scene *scene)
{
    static const char *const scales[] = {"temperature", "batch", "method"};
    const struct series *events = scene->now ? scene->now->events : NULL;
    size_t n = events ? series_count(events) : 0;
    struct line *line = &lines->line[lines->n - 1];
    for (size_t i = n > 256 ? n - 256 : 0; i < n; i++) {
        const struct event *e = series_at(events, i);
        bool scale = false;
        for (size_t k = 0; k < ARRAY_LEN(scales) && e->kind == EVENT_SETTING; k++)
            scale = scale || strncmp(e->text, scales[k], strlen(scales[k])) == 0;
        for (size_t at = 0; scale && at < line->n; at++)
            if (line->x[at] > (float)e->step) {
                line->y[at] = NAN;
                break;
            }
    }
}

static float no_learning(const struct scene *scene)
{
    size_t n = scene->now && scene->now->steps ? series_count(scene->now->steps) : 0;
    return n ? ((const struct step_row *)series_at(scene->now->steps, n - 1))->no_learning : NAN;
}

static float loss_now(const struct scene *scene)
{
    size_t n = scene->now && scene->now->steps ? series_count(scene->now->steps) : 0;
    return n ? ((const struct step_row *)series_at(scene->now->steps, n - 1))->loss : NAN;
}

static void loss_title(const struct scene *scene, const struct pen *pen, const struct lines *lines,
                       bool titled)
{
    char none[32], now[32], text[160];
    format_number(pen->theme, (double)no_learning(scene), 1, none);
    format_number(pen->theme, (double)loss_now(scene), 2, now);
    if (!titled) {
        snprintf(text, sizeof text, pen->rect.width >= 38 ? " loss %s; no learning = %s" : " loss %s", now,
                 none);
        pen_right(pen, 0, ROLE_QUIET, text);
        return;
    }
    if (pen->rect.width < 34) {
        pen_printf(pen, 4, 0, ROLE_TEXT, "loss %s", now);
        return;
    }
    int x = pen_printf(pen, 1, 0, ROLE_TEXT, "loss %s", now);
    x = pen_printf(pen, x, 0, ROLE_QUIET, " · %s no learning %s", theme_glyph_text(pen->theme, GLYPH_GUIDE),
                   none);
    grey_title(pen, x, earlier_text(scene)[0] ? "earlier runs" : "", lines);
}

/* The ends of the axis as they are written, no value beyond them: "3.2" below 3.26. What no learning gives is
 * above all others and is written in the title. */
static int loss_axis(struct chart *chart, const struct lines *lines, float none)
{
    float high = isfinite(lines->y_high) ? lines->y_high : 1, low = isfinite(lines->y_low) ? lines->y_low : 0;
    int decimals = fmaxf(high, none) - low < 0.5F ? 2 : 1;
    float unit = decimals == 2 ? 100 : 10;
    chart->y_low = floorf(low * unit) / unit;
    chart->y_high = high < none ? none : ceilf(high * unit) / unit;
    if (chart->y_high - chart->y_low < 1e-3F)
        chart->y_low = chart->y_high - 1;
    return decimals;
}

void chart_loss(struct scene *scene, const struct pen *pen, bool titled)
{
    if (pen->rect.width < 14)
        return;
    if (scene->elsewhere && isnan(loss_now(scene))) {
        pen_wrap(pen, 0, ROLE_QUIET,
                 "No loss: nothing trains here. nearfar explore RUN shows that of a run.");
        return;
    }
    enum { MARGIN = 5 };
    struct lines *lines = lines_make(scene, pen, pen->rect.width - MARGIN - 1, read_loss, NO_COLUMN);
    float none = no_learning(scene);
    break_scale(lines, scene);
    struct guide guide = {none, GLYPH_GUIDE, theme_style(pen->theme, ROLE_QUIET)};
    struct chart chart = {.y_low_text = "", .y_high_text = "", .guide = &guide, .n_guides = isfinite(none)};
    struct pen p = below_title(pen, titled);
    char high[32], low[32];
    int decimals = loss_axis(&chart, lines, none);
    plot(&p, lines, &chart, MARGIN);
    label(&p, MARGIN, 0, format_number(pen->theme, (double)chart.y_high, decimals, high));
    label(&p, MARGIN, p.rect.height - 1, format_number(pen->theme, (double)chart.y_low, decimals, low));
    loss_title(scene, pen, lines, titled);
    free(lines);
}

void charts_draw(struct scene *scene, const struct pen *pen, bool titled, int three)
{
    const int column[] = {scene_headline_column(scene), scene_second_column(scene)};
    bool loss = column[0] == NO_COLUMN || !scene->elsewhere || isfinite(loss_now(scene));
    bool second = column[1] != NO_COLUMN && (!loss || pen->rect.width >= three);
    int attributes = column[0] == NO_COLUMN ? 0 : 1 + second, n = attributes + loss;
    for (int i = 0; i < n; i++) {
        struct pen p = pen_at(pen, layout_column(pen->rect, n, i, 2));
        if (i < attributes)
            chart_readable(scene, &p, column[i], titled);
        else
            chart_loss(scene, &p, titled);
    }
}

/* ---- pairs ---- */

static void pairs_title(const struct pen *pen, const struct step_row *row, bool distances)
{
    char positive[32], negative[32];
    int x = pen_text(pen, 1, 0, ROLE_QUIET, distances ? "minus the distance of " : "cosine in z of ");
    x = pen_printf(pen, x, 0, ROLE_ACCENT, "positives %s",
                   format_number(pen->theme, (double)row->positive, 2, positive));
    if (isfinite(row->negative))
        pen_printf(pen, x, 0, ROLE_TEXT, "  negatives %s",
                   format_number(pen->theme, (double)row->negative, 2, negative));
}

void chart_pairs(struct scene *scene, const struct pen *pen)
{
    enum { MARGIN = 5 };
    const struct series *steps = scene->now ? scene->now->steps : NULL;
    size_t n = steps ? series_count(steps) : 0;
    if (n == 0 || pen->rect.width < 30)
        return;
    struct lines *lines = lines_make(scene, pen, pen->rect.width - MARGIN - 1, read_positive, NO_COLUMN);
    read_line(lines, steps, read_negative, NO_COLUMN);
    add_curve(lines, &lines->line[lines->n - 1], pen->theme, ROLE_TEXT);
    bool distances = step_of_distances(series_at(steps, n - 1)) && lines->y_high <= 0;
    struct chart chart = {.y_low_text = "", .y_high_text = ""};
    chart.y_low = distances ? fminf(floorf(lines->y_low), -1) : lines->y_low < 0 ? -1 : 0;
    chart.y_high = distances ? 0 : 1;
    struct pen p = below_title(pen, true);
    char low[32];
    plot(&p, lines, &chart, MARGIN);
    label(&p, MARGIN, 0, distances ? "0" : "1");
    label(&p, MARGIN, p.rect.height - 1, format_number(pen->theme, (double)chart.y_low, 0, low));
    pairs_title(pen, series_at(steps, n - 1), distances);
    free(lines);
}

/* ---- the space ---- */

/* A measure of the space with the ends of its scale and its yardstick. */
static const struct space_chart {
    enum term term;
    const char *name, *yardstick;
    float low, high; /* NaN: the highest there was, or of dimensions all there are */
    int decimals;
} space_charts[] = {
    {TERM_alignment, "views apart", "0 = alike, 2 = unrelated", 0, NAN, 2},
    {TERM_uniformity, "spread", "random −3.9, collapsed 0", -4, 0, 1},
    {TERM_rank, "dimensions used", NULL, 0, NAN, 0},
};

static const struct measure *space_measure(const struct scene *scene, const struct space_chart *c)
{
    const struct measure *m = scene_measure(scene, c->term, NO_COLUMN);
    return m && isfinite(m->value) ? m : NULL;
}

int charts_of_space(const struct scene *scene)
{
    int n = 0;
    for (size_t i = 0; i < ARRAY_LEN(space_charts); i++)
        n += space_measure(scene, &space_charts[i]) != NULL;
    return n;
}

static void space_title(const struct scene *scene, const struct pen *pen, const struct space_chart *c,
                        const struct measure *m)
{
    char now[32], net[32], text[80];
    int x = pen_printf(pen, 1, 0, ROLE_TEXT, "%s %s", c->name,
                       format_number(pen->theme, (double)m->value, c->decimals, now));
    if (isfinite(m->untrained))
        x = pen_printf(pen, x, 0, ROLE_QUIET, " · %s untrained %s", theme_glyph_text(pen->theme, GLYPH_GUIDE),
                       format_number(pen->theme, (double)m->untrained, c->decimals, net));
    snprintf(text, sizeof text, " · of %zu", scene->now->dim_h);
    if (c->yardstick)
        snprintf(text, sizeof text, " · %s", c->yardstick);
    if (x + text_width(text) <= pen->rect.width)
        pen_text(pen, x, 0, ROLE_QUIET, text);
}

static void chart_space(struct scene *scene, const struct pen *pen, const struct space_chart *c,
                        const struct measure *m)
{
    enum { MARGIN = 5 };
    if (pen->rect.width < 30)
        return;
    struct lines *lines = lines_make(scene, pen, pen->rect.width - MARGIN - 1, read_space, (int)c->term);
    struct guide guide = {m->untrained, GLYPH_GUIDE, theme_style(pen->theme, ROLE_QUIET)};
    struct chart chart = {.y_low = c->low,
                          .y_high = c->high,
                          .y_low_text = "",
                          .y_high_text = "",
                          .guide = &guide,
                          .n_guides = isfinite(m->untrained)};
    if (c->term == TERM_rank)
        chart.y_high = (float)scene->now->dim_h;
    else if (isnan(c->high)) /* a whole number of tenths, at least one */
        chart.y_high = fmaxf(ceilf(10 * lines->y_high), 1) / 10;
    struct pen p = below_title(pen, true);
    char high[32], low[32];
    plot(&p, lines, &chart, MARGIN);
    label(&p, MARGIN, 0,
          format_number(pen->theme, (double)chart.y_high, chart.y_high < 3 && c->high != 0, high));
    label(&p, MARGIN, p.rect.height - 1, format_number(pen->theme, (double)chart.y_low, 0, low));
    space_title(scene, pen, c, m);
    free(lines);
}

void charts_draw_space(struct scene *scene, const struct pen *pen)
{
    int n = charts_of_space(scene);
    for (size_t i = 0, at = 0; i < ARRAY_LEN(space_charts); i++) {
        const struct measure *m = space_measure(scene, &space_charts[i]);
        struct pen p = m ? pen_at(pen, layout_column(pen->rect, n, (int)at++, 2)) : *pen;
        if (m)
            chart_space(scene, &p, &space_charts[i], m);
    }
}
