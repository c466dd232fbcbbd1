/* SPDX-License-Identifier: MIT
 *
 * Inline SVG: rates of groups with their intervals on a logarithmic axis, DET curves, expected performance.
 */
#include "app/audit_report.h"

#include "base/check.h"
#include "math/normal.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 720, LEFT = 160, RIGHT = 20, ROW = 28, TOP = 12, SIDE = 420 };

/* After Okabe and Ito, those that are too pale for a line on white (3 : 1) darkened. */
static const char *const colours[] = {"#0072b2", "#d55e00", "#00875f",     "#b5588a",
                                      "#8a6100", "#2f7fa8", "currentColor"};
/* One fewer than colours: the eighth group has the first colour, and a stroke of its own. */
static const char *const dashes[] = {"", "6 3", "2 3", "8 3 2 3", "1 2", "12 4"};

static void text(struct strbuf *out, double x, double y, const char *anchor, const char *words)
{
    strbuf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    html_escape(out, words, strlen(words));
    strbuf_puts(out, "</text>");
}

/* ---- rates with intervals ---- */

struct axis_range {
    double low, high; /* powers of ten */
};

static const struct audit_value *rate_of(const struct audit_report *report, enum audit_metric metric,
                                         size_t g)
{
    return audit_find(report->audit, metric, (int)g, (int)g);
}

static struct axis_range range_of(const struct audit_report *report, enum audit_metric metric)
{
    double low = 1, high = 1e-9;
    for (size_t g = 0; g < report->table->n_groups; g++) {
        const struct audit_value *value = rate_of(report, metric, g);
        double least = value->ci.low > 0 ? value->ci.low : value->value;
        low = least > 0 ? fmin(low, least) : low;
        high = fmax(high, isnan(value->ci.high) ? (value->value > 0 ? value->value : 1e-9) : value->ci.high);
    }
    return (struct axis_range){pow(10, floor(log10(low))), pow(10, ceil(log10(fmax(high, low * 1.01))))};
}

static double place(struct axis_range range, double rate)
{
    double share = (log10(fmax(rate, range.low)) - log10(range.low)) / (log10(range.high) - log10(range.low));
    return LEFT + share * (WIDTH - LEFT - RIGHT);
}

static void draw_axis(struct strbuf *out, struct axis_range range, double bottom)
{
    int decades = (int)lround(log10(range.high / range.low));
    for (int i = 0; i <= decades; i++) {
        char label[32];
        double tick = range.low * pow(10, i), x = place(range, tick);
        strbuf_printf(out, "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.1f\"/>", x, TOP, x,
                      bottom);
        snprintf(label, sizeof label, "%g %%", 100 * tick);
        text(out, x, bottom + 16, "middle", label);
    }
}

static void draw_rate(struct strbuf *out, const struct audit_value *value, struct axis_range range, double y)
{
    const char *ink = value->status == AUDIT_OK ? "#0072b2" : "#767676";
    if (!isnan(value->ci.low))
        strbuf_printf(
            out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"3\"/>",
            place(range, value->ci.low), y, place(range, value->ci.high), y, ink);
    if (value->value > 0)
        strbuf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6\" fill=\"%s\"/>",
                      place(range, value->value), y, ink);
    else
        text(out, LEFT + 4, y + 4, "start", isnan(value->value) ? "undefined" : "0");
}

void figure_rates(const struct audit_report *report, enum audit_metric metric, struct strbuf *out)
{
    struct axis_range range = range_of(report, metric);
    size_t n = report->table->n_groups;
    double bottom = TOP + (double)n * ROW;
    const char *what = metric == METRIC_FMR ? "False match rate" : "False non-match rate";
    strbuf_printf(out, "<svg role=\"img\" viewBox=\"0 0 %d %.0f\" width=\"%d\"><title>%s by group</title>",
                  WIDTH, bottom + 24, WIDTH, what);
    draw_axis(out, range, bottom);
    for (size_t g = 0; g < n; g++) {
        double y = TOP + ((double)g + 0.5) * ROW;
        text(out, LEFT - 8, y + 4, "end", report->table->names.group[g]);
        draw_rate(out, rate_of(report, metric, g), range, y);
    }
    strbuf_printf(
        out,
        "</svg><figcaption>%s by group with its 95 %% interval, logarithmic; grey: too few errors or "
        "units to rank by.</figcaption>",
        what);
}

/* ---- DET ---- */

static double det_place(double rate)
{
    const double low = normal_quantile(1e-4), high = normal_quantile(0.99);
    return fmin(1, fmax(0, (normal_quantile(rate) - low) / (high - low)));
}

static double det_x(double probit)
{
    return 60 + (SIDE - 70) * det_place(normal_cdf(probit));
}

static double det_y(double probit)
{
    return SIDE - 40 - (SIDE - 50) * det_place(normal_cdf(probit));
}

static void draw_det_axes(struct strbuf *out)
{
    static const double ticks[] = {1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95};
    for (size_t i = 0; i < ARRAY_LEN(ticks); i++) {
        char label[16];
        double p = normal_quantile(ticks[i]), x = det_x(p), y = det_y(p);
        snprintf(label, sizeof label, "%g", 100 * ticks[i]);
        strbuf_printf(out, "<path class=\"grid\" d=\"M%.1f 10V%d M60 %.1fH%d\"/>", x, SIDE - 40, y,
                      SIDE - 10);
        text(out, x, SIDE - 24, "middle", label);
        text(out, 54, y + 4, "end", label);
    }
    text(out, SIDE / 2.0, SIDE - 6, "middle", "false match rate, %");
    strbuf_printf(out,
                  "<text transform=\"translate(12 %d) rotate(-90)\" text-anchor=\"middle\">false non-match "
                  "rate, %%</text>",
                  SIDE / 2);
}

/* In steps, as the counts move; a point only where it is seen to move. It ends where one error in 2 n would
 * be. */
static void draw_det(struct strbuf *out, const struct match_table *table, size_t g)
{
    size_t n = match_det(table, NULL, 0);
    struct curve_point *point = xcalloc(n + 1, sizeof *point);
    match_det(table, point, n);
    double x = 0, y = 0;
    for (size_t i = 0; i < n; i++) {
        double to_x = det_x(point[i].x), to_y = det_y(point[i].y);
        if (i == 0)
            strbuf_printf(out, "<path d=\"M%.1f %.1f", to_x, to_y);
        else if (fabs(to_x - x) + fabs(to_y - y) < 1)
            continue;
        else
            strbuf_printf(out, "H%.1fV%.1f", to_x, to_y);
        x = to_x;
        y = to_y;
    }
    if (n > 0)
        strbuf_printf(out, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>",
                      colours[g % ARRAY_LEN(colours)], dashes[g % ARRAY_LEN(dashes)]);
    free(point);
}

static void draw_threshold(struct strbuf *out, const struct audit_report *report, size_t g)
{
    const struct audit_value *fmr = rate_of(report, METRIC_FMR, g), *fnmr = rate_of(report, METRIC_FNMR, g);
    if (fmr->n > 0 && fnmr->n > 0)
        strbuf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>",
                      det_x(normal_quantile(fmax(fmr->value, 1e-9))),
                      det_y(normal_quantile(fmax(fnmr->value, 1e-9))), colours[g % ARRAY_LEN(colours)]);
}

void figure_det(const struct audit_report *report, struct strbuf *out)
{
    size_t n = report->table->n_groups;
    strbuf_printf(out,
                  "<svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\"><title>DET curves by group</title>",
                  SIDE + 220, SIDE, SIDE + 220);
    draw_det_axes(out);
    for (size_t g = 0; g < n; g++) {
        double y = 30 + (double)g * 20;
        draw_det(out, &report->audit->of[1 + g], g);
        draw_threshold(out, report, g);
        strbuf_printf(out,
                      "<line x1=\"%d\" y1=\"%.0f\" x2=\"%d\" y2=\"%.0f\" stroke=\"%s\" stroke-width=\"2\" "
                      "stroke-dasharray=\"%s\"/>",
                      SIDE + 10, y, SIDE + 50, y, colours[g % ARRAY_LEN(colours)],
                      dashes[g % ARRAY_LEN(dashes)]);
        text(out, SIDE + 58, y + 4, "start", report->table->names.group[g]);
    }
    strbuf_puts(out,
                "</svg><figcaption>What each group pays at every threshold; the dot is the threshold of this "
                "report. A curve ends where half an error would be.</figcaption>");
}

/* ---- expected performance ---- */

enum { CURVE_HEIGHT = 240 };

static void draw_costs(struct strbuf *out, const struct audit *audit, bool least, double top)
{
    for (size_t i = 0; i < audit->n_epc; i++) {
        double cost = least ? audit->epc[i].least : audit->epc[i].cost;
        strbuf_printf(out, "%s%.1f %.1f", i ? "L" : "<path d=\"M", 60 + (SIDE - 70) * audit->epc[i].weight,
                      CURVE_HEIGHT - 40 - (CURVE_HEIGHT - 60) * cost / top);
    }
    strbuf_printf(out, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>",
                  colours[least], dashes[least]);
}

static void draw_cost_axes(struct strbuf *out, double top)
{
    for (int i = 0; i <= 4; i++) {
        char label[16];
        double x = 60 + (SIDE - 70) * 0.25 * i, y = CURVE_HEIGHT - 40 - (CURVE_HEIGHT - 60) * 0.25 * i;
        strbuf_printf(out, "<path class=\"grid\" d=\"M%.1f 20V%d M60 %.1fH%d\"/>", x, CURVE_HEIGHT - 40, y,
                      SIDE - 10);
        snprintf(label, sizeof label, "%g", 0.25 * i);
        text(out, x, CURVE_HEIGHT - 24, "middle", label);
        snprintf(label, sizeof label, "%.3g", 0.25 * i * top);
        text(out, 54, y + 4, "end", label);
    }
    text(out, SIDE / 2.0, CURVE_HEIGHT - 6, "middle", "weight of the false match rate");
}

void figure_performance(const struct audit_report *report, struct strbuf *out)
{
    const struct audit *audit = report->audit;
    static const char *const names[] = {"at the threshold of dev", "least there could be"};
    double top = 0;
    for (size_t i = 0; i < audit->n_epc; i++)
        top = fmax(top, audit->epc[i].cost);
    strbuf_printf(out,
                  "<svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\"><title>Expected performance</title>",
                  SIDE + 220, CURVE_HEIGHT, SIDE + 220);
    double unit = pow(10, floor(log10(top > 0 ? top : 1)));
    top = top > 0 ? ceil(top / unit) * unit : 1;
    draw_cost_axes(out, top);
    for (int least = 1; least >= 0; least--) {
        draw_costs(out, audit, least, top);
        strbuf_printf(out,
                      "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\" "
                      "stroke-dasharray=\"%s\"/>",
                      SIDE + 10, 30 + 20 * least, SIDE + 50, 30 + 20 * least, colours[least], dashes[least]);
        text(out, SIDE + 58, 34 + 20 * least, "start", names[least]);
    }
    strbuf_puts(out,
                "</svg><figcaption>Cost on eval of the threshold that is least on dev, by the weight of the "
                "false match rate.</figcaption>");
}
