/* SPDX-License-Identifier: MIT
 *
 * What every threshold would cost each group: a DET curve a group in braille, in steps as the counts move,
 * ended where half a false match would be; the threshold as a dot on each.
 */
#include "base/check.h"
#include "view/audit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MARGIN = 8 };

static const double ticks[] = {1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95};

/* The plot: its cells and the probits at its edges. */
struct plane {
    struct rect rect;
    double x_low, x_high, y_low, y_high;
};

struct det {
    float *x, *y;
    size_t n;
    double end_x, end_y; /* its limit on the left */
    double at_x, at_y;   /* the threshold; NaN: beyond what can be told */
};

/* Steps: first to the side, then down. A point that no dot would tell from the last is left out. */
static void add_step(struct det *d, double x, double y)
{
    if (d->n > 0 && fabs(d->x[d->n - 1] - x) + fabs(d->y[d->n - 1] - y) < 0.005)
        return;
    if (d->n > 0) {
        d->x[d->n] = (float)x;
        d->y[d->n] = d->y[d->n - 1];
        d->n++;
    }
    d->x[d->n] = (float)x;
    d->y[d->n++] = (float)y;
}

static struct det det_of(const struct match_table *table, uint32_t bin)
{
    size_t max = table->n_bins + 2;
    struct curve_point *point = xcalloc(max, sizeof *point);
    size_t n = match_det(table, point, max);
    struct det d = {
        xcalloc(2 * n + 2, sizeof(float)), xcalloc(2 * n + 2, sizeof(float)), 0, NAN, NAN, NAN, NAN};
    double limit = match_probit(0.5 / (double)table->above[PAIR_IMPOSTOR][0]);
    for (size_t i = 0; i < n; i++) {
        if (point[i].x <= limit) {
            d.end_y = point[i].y;
            d.end_x = point[i].x;
            continue; /* no false match: only that there are few is known */
        }
        if (point[i].bin >= bin) {
            d.at_x = point[i].x;
            d.at_y = point[i].y;
        }
        add_step(&d, point[i].x, point[i].y);
    }
    free(point);
    return d;
}

static struct style style_of(const struct pen *pen, size_t g)
{
    return theme_category(pen->theme, g, (colour)COLOUR_DEFAULT);
}

/* From tick to tick around what the curves hold. */
static void fit(double low, double high, double *from, double *to)
{
    *from = match_probit(ticks[0]);
    *to = match_probit(0.98);
    for (size_t i = 0; i < ARRAY_LEN(ticks); i++)
        if (match_probit(ticks[i]) <= low + 0.05)
            *from = match_probit(ticks[i]);
    for (size_t i = ARRAY_LEN(ticks); i-- > 0;)
        if (match_probit(ticks[i]) >= high - 0.05)
            *to = match_probit(ticks[i]) + 0.05;
}

/* False matches matter up to a half. */
static struct plane plane_of(const struct det *d, size_t n, struct rect rect)
{
    double low[2] = {0, 1}, high[2] = {0, -1}; /* probits of x, y */
    for (size_t g = 0; g < n; g++)
        for (size_t i = 0; i < d[g].n && (double)d[g].x[i] < 0.05; i++) {
            low[0] = fmin(low[0], (double)d[g].x[i]);
            low[1] = fmin(low[1], (double)d[g].y[i]);
            high[1] = fmax(high[1], (double)d[g].y[i]);
        }
    struct plane p = {.rect = rect};
    fit(low[0], high[0], &p.x_low, &p.x_high);
    fit(low[1], high[1], &p.y_low, &p.y_high);
    return p;
}

static int column_of(const struct plane *p, double x)
{
    int column = 1 + (int)((x - p->x_low) / (p->x_high - p->x_low) * (p->rect.width - 1));
    return p->rect.x + (column < p->rect.width ? column : p->rect.width - 1);
}

static int row_of(const struct plane *p, double y)
{
    int row = (int)((p->y_high - y) / (p->y_high - p->y_low) * p->rect.height);
    return p->rect.y + (row < p->rect.height ? row : p->rect.height - 1);
}

static void put_at(const struct pen *pen, const struct plane *p, double x, double y, struct style style,
                   const char *text)
{
    if (x >= p->x_low && x <= p->x_high && y >= p->y_low && y <= p->y_high)
        pen_styled(pen, column_of(p, x) - pen->rect.x, row_of(p, y) - pen->rect.y, style, text);
}

static void draw_ticks(const struct pen *pen, const struct plane *p)
{
    int last = -1;
    for (size_t i = 0; i < ARRAY_LEN(ticks); i++) {
        char label[16];
        double tick = match_probit(ticks[i]);
        int x = column_of(p, tick) - pen->rect.x, y = row_of(p, tick) - pen->rect.y;
        snprintf(label, sizeof label, "%g%%", 100 * ticks[i]);
        if (tick >= p->y_low && tick <= p->y_high)
            pen_text(pen, MARGIN - 1 - text_width(label), y, ROLE_QUIET, label);
        if (tick < p->x_low || tick > p->x_high || x <= last + 1 || x + text_width(label) > pen->rect.width)
            continue;
        pen_text(pen, x, pen->rect.height - 2, ROLE_QUIET, label);
        last = x + text_width(label);
    }
}

/* Letters of the groups with the limits of their curves; as many as fit. */
static void draw_legend(const struct scene *scene, const struct pen *pen, const struct audit *audit,
                        const char *letter)
{
    const struct audit_result *r = audit_result_of(scene);
    int x = 0;
    for (size_t g = 0; g < audit->n_groups; g++) {
        char text[AUDIT_NAME + 4];
        snprintf(text, sizeof text, "%c %s", letter[g], r->name[g]);
        if (x + text_width(text) > pen->rect.width)
            break;
        x = pen_styled(pen, x, pen->rect.height - 1, style_of(pen, g), text) + 2;
    }
    if (x + 34 <= pen->rect.width)
        pen_right(pen, pen->rect.height - 1, ROLE_QUIET, "letter: its limit, half an error");
}

void panel_audit_det(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    size_t n = audit->n_groups;
    struct det d[AUDIT_MOST_GROUPS];
    struct curve curve[AUDIT_MOST_GROUPS];
    const char *name[AUDIT_MOST_GROUPS];
    char letter[AUDIT_MOST_GROUPS];
    struct rect plot = {pen->rect.x + MARGIN, pen->rect.y + 1, pen->rect.width - MARGIN,
                        pen->rect.height - 3};
    pen_printf(pen, 0, 0, ROLE_STRONG, "DET: missed over false match (%s), probit axes",
               audit_conventions[audit->convention]);
    if (plot.width < 12 || plot.height < 4)
        return;
    for (size_t g = 0; g < n; g++) {
        d[g] = det_of(&audit->of[1 + g], audit->bin);
        curve[g] = (struct curve){d[g].x, d[g].y, d[g].n, style_of(pen, g)};
        name[g] = audit_result_of(scene)->name[g];
    }
    theme_letters(name, NULL, n, letter);
    struct plane p = plane_of(d, n, plot);
    struct chart chart = {.x_low = (float)p.x_low,
                          .x_high = (float)p.x_high,
                          .y_low = (float)p.y_low,
                          .y_high = (float)p.y_high,
                          .y_low_text = "",
                          .y_high_text = "",
                          .curve = curve,
                          .n_curves = n};
    plot_chart(pen->canvas, plot, &chart, pen->theme);
    draw_ticks(pen, &p);
    for (size_t g = 0; g < n; g++) {
        char text[2] = {letter[g], '\0'};
        put_at(pen, &p, fmax(d[g].end_x, p.x_low), fmin(d[g].end_y, p.y_high), style_of(pen, g), text);
        put_at(pen, &p, d[g].at_x, d[g].at_y, style_of(pen, g), theme_glyph_text(pen->theme, GLYPH_NEAR));
        free(d[g].x);
        free(d[g].y);
    }
    draw_legend(scene, pen, audit, letter);
}
