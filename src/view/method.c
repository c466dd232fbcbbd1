/* SPDX-License-Identifier: MIT
 *
 * The method's own panel: whatever it shows of itself, drawn by kind. A matrix is a picture of its entries on
 * the ramp, with its range beside it; a row of values is bars from 0; a histogram bars over its range.
 */
#include "ui/plot.h"
#include "view/panels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BAR_ROWS = 2, SHOWN_COLUMNS = 256, VALUE_COLUMN = 25, WIDE = 60 };

static const char *method_name(const struct scene *scene)
{
    const struct setting *s = settings_find(&scene->now->settings, "method");
    return s ? s->text : "";
}

/* As many digits as tell it apart: 2048, 12.5, 0.034. */
static const char *value_text(const struct pen *pen, double value, char text[32])
{
    double size = fabs(value);
    return format_number(pen->theme, value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3, text);
}

static void range_of(const struct readout *r, double *low, double *high)
{
    size_t n = (size_t)r->rows * (size_t)r->columns;
    *low = r->low;
    *high = r->high;
    for (size_t i = 0; i < n; i++) {
        double value = (double)r->value[i];
        *low = isnan(r->low) && !(value >= *low) ? value : *low;
        *high = isnan(r->high) && !(value <= *high) ? value : *high;
    }
}

/* "0.013  guide 1 all alike"; the row after. */
static int draw_scalar(const struct pen *pen, int y, const struct readout *r)
{
    char value[32], guide[32];
    int x = pen_text(pen, 1, y, ROLE_TEXT, r->name) + 2;
    x = pen->rect.width >= WIDE && x < VALUE_COLUMN ? VALUE_COLUMN : x;
    x = pen_printf(pen, x, y, ROLE_STRONG, "%s%s%s", value_text(pen, (double)r->value[0], value),
                   r->unit[0] ? " " : "", r->unit);
    if (!isnan(r->guide))
        pen_printf(pen, x + 2, y, ROLE_QUIET, "%s %s", r->guide_name, value_text(pen, r->guide, guide));
    else
        pen_text(pen, x + 2, y, ROLE_QUIET, r->note);
    return y + 1;
}

static int draw_title(const struct pen *pen, int y, const struct readout *r)
{
    char low[32], high[32], guide[32];
    double from, to;
    range_of(r, &from, &to);
    int x = pen_text(pen, 1, y, ROLE_TEXT, r->name);
    x = pen_printf(pen, x + 2, y, ROLE_QUIET, "%s to %s%s%s", value_text(pen, from, low),
                   value_text(pen, to, high), r->unit[0] ? " " : "", r->unit);
    if (!isnan(r->guide))
        pen_printf(pen, x + 2, y, ROLE_QUIET, "%s %s", r->guide_name, value_text(pen, r->guide, guide));
    return y + 1;
}

/* Several values a column where there are more than columns: their mean. */
static int draw_bars(const struct pen *pen, int y, const struct readout *r)
{
    float shown[SHOWN_COLUMNS];
    int width = pen->rect.width - 2, n = r->columns < width ? r->columns : width;
    n = n < SHOWN_COLUMNS ? n : SHOWN_COLUMNS;
    y = draw_title(pen, y, r);
    if (n < 1 || y + BAR_ROWS > pen->rect.height)
        return y;
    for (int i = 0; i < n; i++) {
        int from = i * r->columns / n, to = (i + 1) * r->columns / n;
        double sum = 0;
        for (int k = from; k < to; k++)
            sum += fabs((double)r->value[k]);
        shown[i] = (float)(sum / (to - from));
    }
    struct rect place = {pen->rect.x + 1, pen->rect.y + y, n, BAR_ROWS};
    plot_bars(pen->canvas, place, shown, (size_t)n, theme_style(pen->theme, ROLE_ACCENT), pen->theme);
    return y + BAR_ROWS;
}

static int draw_matrix(const struct pen *pen, int y, const struct readout *r)
{
    float colours[READOUT_VALUES_MAX * 3];
    double low, high;
    size_t n = (size_t)r->rows * (size_t)r->columns;
    y = draw_title(pen, y, r);
    if (n > READOUT_VALUES_MAX || y + 3 > pen->rect.height)
        return y;
    range_of(r, &low, &high);
    for (size_t i = 0; i < n; i++) {
        colour ramp = theme_ramp(pen->theme, high > low ? ((double)r->value[i] - low) / (high - low) : 0);
        for (int channel = 0; channel < 3; channel++)
            colours[i * 3 + (size_t)channel] = (float)((ramp >> (16 - 8 * channel)) & 255) / 255;
    }
    int rows = (r->rows + 1) / 2, room = pen->rect.height - y;
    struct rect place = {pen->rect.x + 1, pen->rect.y + y, pen->rect.width - 2, rows < room ? rows : room};
    struct raster raster = {.height = r->rows, .width = r->columns, .channels = 3, .values = colours};
    plot_picture(pen->canvas, place, &raster, pen->theme);
    return y + place.height;
}

static int draw_readout(const struct pen *pen, int y, const struct readout *r)
{
    switch (r->kind) {
    case READOUT_SCALAR: return draw_scalar(pen, y, r);
    case READOUT_MATRIX: return draw_matrix(pen, y, r);
    default: return draw_bars(pen, y, r);
    }
}

/* The safeguards as they stand: the ones that are off say so in the colour of a warning. */
static int draw_switches(struct scene *scene, const struct pen *pen, int y)
{
    const struct settings *settings = &scene->now->settings;
    for (int i = 0; i < settings->n && y < pen->rect.height; i++) {
        const struct setting *s = &settings->item[i];
        if (strcmp(s->group, "safeguards") != 0)
            continue;
        bool off = strcmp(s->text, "off") == 0;
        int x = pen_text(pen, 1, y, off ? ROLE_WARN : ROLE_QUIET, s->label);
        pen_text(pen, x + 1, y++, off ? ROLE_WARN : ROLE_QUIET, s->text);
    }
    return y;
}

int panel_method(struct scene *scene, const struct pen *pen)
{
    bool focus = panel_has_focus(scene, PANEL_METHOD);
    int x = pen_text(pen, 0, 0, focus ? ROLE_ACCENT : ROLE_STRONG, "method");
    if (!scene->now)
        return 1;
    pen_text(pen, x + 1, 0, ROLE_TEXT, method_name(scene));
    int y = 1;
    for (int i = 0; i < scene->now->n_readouts && y < pen->rect.height; i++)
        y = draw_readout(pen, y, &scene->now->readout[i]);
    if (scene->now->n_readouts == 0)
        pen_text(pen, 1, y++, ROLE_QUIET, "nothing of its own to show");
    return y < pen->rect.height ? draw_switches(scene, pen, y + (y + 1 < pen->rect.height)) : y;
}
