/* SPDX-License-Identifier: MIT
 *
 * What else the counts of an audit tell: which groups stand apart from the rest, what a score means in each
 * group, and what thresholds chosen on dev cost on eval.
 */
#include "base/check.h"
#include "view/audit.h"
#include "view/facts.h"
#include "view/rows.h"

#include <math.h>
#include <stdio.h>

/* What is left below row y, for a sentence. */
static void say_below(const struct pen *pen, int y, const char *text)
{
    struct pen rest = pen_rows(pen, y, pen->rect.height - y);
    if (rest.rect.height > 0)
        pen_wrap(&rest, 0, ROLE_QUIET, text);
}

/* ---- which groups stand apart ---- */

enum { NAME = 15, TO_RATE = 28, TO_REST = 41, TO_TIMES = 50, TO_P = 60, TO_Q = 72 };

static void number_at(const struct pen *pen, int end, int y, enum role role, const char *format, double value)
{
    char text[32] = "–";
    if (isfinite(value))
        snprintf(text, sizeof text, format, value);
    pen_ending(pen, end, y, role, text);
}

static void draw_apart(const struct scene *scene, const struct pen *pen, int y, const struct audit *audit,
                       enum audit_metric metric, int g)
{
    const struct audit_value *rate = audit_find(audit, metric, g, g);
    struct sure_rate rest = audit_rest(audit, metric, g);
    double others = rest.n > 0 ? rest.x / rest.n : NAN;
    char text[48];
    enum role role = audit_role(rate);
    bool here = audit_chosen(scene, audit).g == g && audit_chosen(scene, audit).h == g;
    pen_within(pen, 0, y, NAME, here ? ROLE_ACCENT : ROLE_TEXT, audit_result_of(scene)->name[g]);
    audit_rate_text(rate->value, text);
    pen_ending(pen, TO_RATE, y, role, text);
    audit_rate_text(others, text);
    pen_ending(pen, TO_REST, y, role, text);
    number_at(pen, TO_TIMES, y, role, "%.3g×", others > 0 ? rate->value / others : NAN);
    number_at(pen, TO_P, y, role, "%.2g", rate->p);
    number_at(pen, TO_Q, y, rate->q < 0.05 ? ROLE_STRONG : role, "%.2g", rate->q);
}

void panel_audit_apart(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    static const struct {
        int end;
        const char *text;
    } heads[] = {{TO_RATE, "its rate"},
                 {TO_REST, "of the rest"},
                 {TO_TIMES, "times"},
                 {TO_P, "p"},
                 {TO_Q, "p in list"}};
    bool missed = scene->choice.audit.missed;
    int n = (int)audit->n_groups, rows = pen->rect.height - 2;
    int top = rows_from(n, rows, audit_chosen(scene, audit).g), y = 2;
    pen_printf(pen, 0, 0, ROLE_STRONG, "which groups stand apart: %s", missed ? "missed" : "false match");
    if (n < 3) {
        say_below(pen, 1, "The other of two groups is the rest: the ratio says it.");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        pen_ending(pen, heads[i].end, 1, ROLE_QUIET, heads[i].text);
    for (int g = top; g < n && y < pen->rect.height; g++, y++)
        draw_apart(scene, pen, y, audit, missed ? METRIC_FNMR : METRIC_FMR, g);
    if (pen->rect.height - y >= 3)
        say_below(
            pen, y + 1,
            "Where to look, no claims: p in list is adjusted by Benjamini and Hochberg, so that of those "
            "below 0.05 one in twenty is there by chance.");
}

/* ---- what a score means ---- */

enum { SCORE = 12, SHARE = 10, SHARE_MOST = 16 };

static void draw_band(const struct pen *pen, int y, const struct audit *audit, const uint32_t *edge, int each,
                      int columns)
{
    char from[32];
    pen_ending(pen, SCORE - 3, y, ROLE_TEXT, format_number(pen->theme, audit_tau(audit, edge[0]), 3, from));
    for (int g = 0; g < columns; g++) {
        char percent[32], text[48] = "–";
        double share = match_genuine_share(&audit->of[1 + g], edge[0], edge[1], NULL);
        if (!isnan(share))
            snprintf(text, sizeof text, "%s %%", format_percent(pen->theme, share, percent));
        pen_ending(pen, SCORE + (g + 1) * each - 1, y, ROLE_TEXT, text);
    }
}

void panel_audit_meaning(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    uint32_t edge[MATCH_BANDS + 1];
    int n = (int)audit->n_groups, each = n > 0 ? (pen->rect.width - SCORE) / n : SHARE, y = 2;
    each = each < SHARE ? SHARE : each > SHARE_MOST ? SHARE_MOST : each;
    int columns = (pen->rect.width - SCORE) / each;
    columns = columns < n ? columns : n;
    pen_text(pen, 0, 0, ROLE_STRONG, "what a score means: share of genuine pairs");
    if (audit->of[0].above[PAIR_GENUINE][0] < MATCH_BANDS) {
        say_below(pen, 1, "There are too few genuine pairs to tell.");
        return;
    }
    match_bands(&audit->of[0], edge);
    pen_ending(pen, SCORE - 3, 1, ROLE_QUIET, "from");
    for (int g = 0; g < columns; g++) {
        const char *name = audit_result_of(scene)->name[g];
        int width = text_width(name) < each - 1 ? text_width(name) : each - 1;
        pen_within(pen, SCORE + (g + 1) * each - 1 - width, 1, width, ROLE_QUIET, name);
    }
    for (int band = MATCH_BANDS - 1; band >= 0 && y < pen->rect.height; band--)
        if (edge[band] < edge[band + 1]) /* tied: in the band below */
            draw_band(pen, y++, audit, &edge[band], each, columns);
    if (pen->rect.height - y >= 4)
        say_below(pen, y + 1,
                  "Each row goes up to the row above and holds a tenth of all genuine pairs. Where shares of "
                  "one row differ, the same score means less in the group of the lower one; shares depend on "
                  "how many pairs of a group are genuine at all.");
}

/* ---- what a threshold chosen on dev costs on eval ---- */

static void draw_costs(const struct pen *pen, const struct audit *audit)
{
    float weight[AUDIT_EPC], cost[2][AUDIT_EPC], top = 0;
    for (size_t i = 0; i < audit->n_epc; i++) {
        weight[i] = (float)audit->epc[i].weight;
        cost[0][i] = (float)audit->epc[i].least;
        cost[1][i] = (float)audit->epc[i].cost;
        top = fmaxf(top, cost[1][i]);
    }
    const struct curve curve[] = {{weight, cost[0], audit->n_epc, theme_style(pen->theme, ROLE_TEXT)},
                                  {weight, cost[1], audit->n_epc, theme_style(pen->theme, ROLE_ACCENT)}};
    char high[32];
    struct chart chart = {.x_high = 1,
                          .y_high = top > 0 ? top : 1,
                          .y_low_text = "0",
                          .y_high_text = high,
                          .curve = curve,
                          .n_curves = ARRAY_LEN(curve)};
    snprintf(high, sizeof high, "%.3g", (double)chart.y_high);
    plot_chart(pen->canvas, pen->rect, &chart, pen->theme);
}

void panel_audit_performance(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    enum { LEAST = 8 };
    (void)scene;
    int end = pen_text(pen, 0, 0, ROLE_STRONG, "expected performance");
    if (pen->rect.width - end >= 28)
        pen_text(pen, end, 0, ROLE_QUIET, ": cost over weight of FMR");
    if (audit->n_epc == 0 || isnan(audit->epc[0].cost)) {
        say_below(pen, 1,
                  audit->n_epc
                      ? "One of the two rates is undefined on eval: there is no cost."
                      : "It needs thresholds that are chosen on other items: S, threshold chosen on: "
                        "dev half.");
        return;
    }
    const struct epc_point *half = &audit->epc[audit->n_epc / 2];
    int below = pen->rect.height >= LEAST + 2 ? 2 : 0;
    struct pen plot = pen_rows(pen, 1, pen->rect.height - 1 - below);
    draw_costs(&plot, audit);
    if (!below)
        return;
    int x = pen_text(pen, 0, pen->rect.height - 2, ROLE_ACCENT, "threshold of dev");
    pen_text(pen, x + 2, pen->rect.height - 2, ROLE_TEXT, "least possible");
    pen_right(pen, pen->rect.height - 2, ROLE_QUIET, "1");
    pen_printf(pen, 0, pen->rect.height - 1, ROLE_QUIET, "at weight %.2g: cost %.4f, least %.4f",
               half->weight, half->cost, half->least);
}
