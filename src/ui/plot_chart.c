/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "ui/dots.h"
#include "ui/plot.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_WIDTH = 8, LEAST_HEIGHT = 3 };

/* The area inside the axis as a grid of dots. */
struct sheet {
    const struct theme *theme;
    const struct chart *chart;
    struct rect rect;
    struct dots dots;
    int width, height;   /* in dots */
    float *low, *high;   /* (width) rows of the curve being drawn, high above low; low > high: none */
    uint8_t *bits;       /* (rect cells) */
    struct style *style; /* (rect cells) of the last curve there */
};

static float share_of(float value, float low, float high)
{
    return high > low ? (value - low) / (high - low) : 0.5f;
}

static float dot_column(const struct sheet *sheet, float x)
{
    return share_of(x, sheet->chart->x_low, sheet->chart->x_high) * (float)(sheet->width - 1);
}

static float dot_row(const struct sheet *sheet, float y)
{
    return (1 - share_of(y, sheet->chart->y_low, sheet->chart->y_high)) * (float)(sheet->height - 1);
}

static void stretch(struct sheet *sheet, int column, float row)
{
    if (column < 0 || column >= sheet->width)
        return;
    sheet->low[column] = fminf(sheet->low[column], row);
    sheet->high[column] = fmaxf(sheet->high[column], row);
}

/* A straight piece: every column it crosses is stretched to its rows at the column's borders. */
static void stretch_segment(struct sheet *sheet, float u0, float v0, float u1, float v1)
{
    int first = (int)lroundf(fmaxf(u0, -1)), last = (int)lroundf(fminf(u1, (float)sheet->width));
    for (int c = first; c <= last && u1 > u0; c++) {
        float from = fmaxf(((float)c - 0.5f - u0) / (u1 - u0), 0);
        float to = fminf(((float)c + 0.5f - u0) / (u1 - u0), 1);
        stretch(sheet, c, v0 + (v1 - v0) * from);
        stretch(sheet, c, v0 + (v1 - v0) * to);
    }
}

static void measure_curve(struct sheet *sheet, const struct curve *curve)
{
    bool joined = false;
    float u0 = 0, v0 = 0;
    for (size_t i = 0; i < curve->n; i++) {
        bool there = isfinite(curve->x[i]) && isfinite(curve->y[i]);
        if (there) {
            /* far outside is as good as just outside, and fits an int */
            float u = fmaxf(fminf(dot_column(sheet, curve->x[i]), 1e6f), -1e6f);
            float v = dot_row(sheet, curve->y[i]);
            stretch(sheet, (int)lroundf(u), v);
            if (joined)
                stretch_segment(sheet, u0, v0, u, v);
            u0 = u, v0 = v;
        }
        joined = there;
    }
}

static int clamp(float row, int least, int most)
{
    return (int)fmaxf(fminf(rintf(row), (float)most), (float)least);
}

static void set_dot(struct sheet *sheet, int column, int row, const struct curve *curve)
{
    const struct dots *dots = &sheet->dots;
    struct style style = curve->style;
    style.attr &= (uint8_t)~ATTR_UNDERLINE; /* it would be a line of its own below the dots */
    int cell = row / dots->down * sheet->rect.width + column / dots->across;
    bool alone = sheet->chart->last_alone && curve == &sheet->chart->curve[sheet->chart->n_curves - 1];
    if (alone && sheet->style[cell].fg != style.fg)
        sheet->bits[cell] = 0;
    sheet->bits[cell] |= dots_bit(sheet->theme, column % dots->across, row % dots->down);
    sheet->style[cell] = style;
}

static void draw_curve(struct sheet *sheet, const struct curve *curve)
{
    for (int c = 0; c < sheet->width; c++) {
        sheet->low[c] = INFINITY;
        sheet->high[c] = -INFINITY;
    }
    measure_curve(sheet, curve);
    for (int c = 0; c < sheet->width; c++) {
        if (sheet->low[c] > sheet->high[c])
            continue;
        int first = clamp(sheet->low[c], 0, sheet->height),
            last = clamp(sheet->high[c], -1, sheet->height - 1);
        for (int row = first; row <= last; row++)
            set_dot(sheet, c, row, curve);
    }
}

static void draw_guide(struct canvas *canvas, const struct sheet *sheet, const struct guide *guide)
{
    float row = rintf(dot_row(sheet, guide->y));
    if (!(row >= 0 && row < (float)sheet->height))
        return;
    int y = sheet->rect.y + (int)row / sheet->dots.down;
    for (int x = sheet->rect.x; x < sheet->rect.x + sheet->rect.width; x += 2)
        canvas_put(canvas, sheet->rect, x, y, theme_glyph(sheet->theme, guide->glyph), guide->style);
}

static void draw_marks(struct canvas *canvas, const struct sheet *sheet)
{
    struct style style = theme_style(sheet->theme, ROLE_ACCENT);
    for (size_t i = 0; i < sheet->chart->n_marks; i++) {
        float column = rintf(dot_column(sheet, sheet->chart->mark[i]));
        if (column >= 0 && column < (float)sheet->width)
            canvas_put(canvas, sheet->rect, sheet->rect.x + (int)column / sheet->dots.across,
                       sheet->rect.y + sheet->rect.height - 1, theme_glyph(sheet->theme, GLYPH_MARK), style);
    }
}

static void draw_dots(struct canvas *canvas, const struct sheet *sheet)
{
    struct rect rect = sheet->rect;
    for (int i = 0; i < rect.width * rect.height; i++)
        if (sheet->bits[i])
            canvas_put(canvas, rect, rect.x + i % rect.width, rect.y + i / rect.width,
                       dots_glyph(sheet->theme, sheet->bits[i]), sheet->style[i]);
}

/* Labels and the axis; returns what is left for the curves. */
static struct rect draw_axis(struct canvas *canvas, struct rect rect, const struct chart *chart,
                             const struct theme *theme)
{
    struct style style = theme_style(theme, ROLE_QUIET);
    int high = text_width(chart->y_high_text), low = text_width(chart->y_low_text);
    int margin = high > low ? high : low;
    if (margin > rect.width / 2)
        margin = rect.width / 2;
    struct rect labels = {rect.x, rect.y, margin, rect.height};
    canvas_text_right(canvas, labels, rect.y, chart->y_high_text, style);
    canvas_text_right(canvas, labels, rect.y + rect.height - 1, chart->y_low_text, style);
    for (int y = rect.y; y < rect.y + rect.height; y++)
        canvas_put(canvas, rect, rect.x + margin, y, theme_glyph(theme, GLYPH_VERTICAL), style);
    return (struct rect){rect.x + margin + 1, rect.y, rect.width - margin - 1, rect.height};
}

void plot_chart(struct canvas *canvas, struct rect rect, const struct chart *chart, const struct theme *theme)
{
    if (rect.width < LEAST_WIDTH || rect.height < LEAST_HEIGHT)
        return;
    struct rect inner = draw_axis(canvas, rect, chart, theme);
    struct sheet sheet = {.theme = theme, .chart = chart, .rect = inner, .dots = dots_of(theme)};
    size_t cells = (size_t)inner.width * (size_t)inner.height;
    sheet.width = inner.width * sheet.dots.across;
    sheet.height = inner.height * sheet.dots.down;
    sheet.low = xcalloc((size_t)sheet.width, sizeof *sheet.low);
    sheet.high = xcalloc((size_t)sheet.width, sizeof *sheet.high);
    sheet.bits = xcalloc(cells, sizeof *sheet.bits);
    sheet.style = xcalloc(cells, sizeof *sheet.style);
    for (size_t i = 0; i < chart->n_guides; i++)
        draw_guide(canvas, &sheet, &chart->guide[i]);
    draw_marks(canvas, &sheet);
    for (size_t i = 0; i < chart->n_curves; i++)
        draw_curve(&sheet, &chart->curve[i]);
    draw_dots(canvas, &sheet);
    free(sheet.low);
    free(sheet.high);
    free(sheet.bits);
    free(sheet.style);
}
