/* SPDX-License-Identifier: MIT
 *
 * What stands beside the table of the audit: rates of all pairs of groups as a matrix, thresholds of each
 * group's own, other summaries.
 */
#include "base/check.h"
#include "view/audit.h"
#include "view/facts.h"
#include "view/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- group x group ---- */

enum { NAME = 15, COLUMN = 11, WIDEST = 18 };

/* A group's name in `width` cells that end at `end`, cut where it is longer. */
static void name_at(const struct pen *pen, int end, int y, int width, enum role role, const char *name)
{
    int w = text_width(name) < width ? text_width(name) : width;
    pen_within(pen, end - w, y, w, role, name);
}

/* Cells of a column of the matrix. */
static int column_width(const struct pen *pen, int n)
{
    int width = (pen->rect.width - NAME) / (n > 0 ? n : 1);
    return width < COLUMN ? COLUMN : width > WIDEST ? WIDEST : width;
}

/* x: the column after. */
static void draw_matrix_cell(const struct scene *scene, const struct pen *pen, int x, int y,
                             const struct audit *audit, struct audit_cell c)
{
    char text[48];
    struct audit_cell chosen = audit_chosen(scene, audit);
    const struct audit_value *value =
        audit_find(audit, scene->choice.audit.missed ? METRIC_FNMR : METRIC_FMR, c.g, c.h);
    audit_rate_text(value->value, text);
    bool here = (chosen.g == c.g && chosen.h == c.h) || (chosen.g == c.h && chosen.h == c.g);
    pen_ending(pen, x - 1, y, here ? ROLE_ACCENT : audit_role(value), text);
}

/* Crossed groups in two rows: "dim ×", "disc". */
static void draw_column_head(const struct pen *pen, int end, int width, const char *name)
{
    const char *cross = strstr(name, "× ");
    char upper[48] = "";
    size_t first = cross ? (size_t)(cross - name) + strlen("×") : 0;
    snprintf(upper, sizeof upper, "%.*s", (int)first, name);
    name_at(pen, end, 1, width, ROLE_QUIET, upper);
    name_at(pen, end, 2, width, ROLE_QUIET, cross ? cross + strlen("× ") : name);
}

static void draw_matrix(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    const struct audit_result *r = audit_result_of(scene);
    int n = (int)audit->n_groups, each = column_width(pen, n), rows = pen->rect.height - 3;
    int columns = (pen->rect.width - NAME) / each;
    struct audit_cell chosen = audit_chosen(scene, audit);
    columns = columns < 1 ? 1 : columns > n ? n : columns;
    int left = rows_from(n, columns, chosen.h), top = rows_from(n, rows, chosen.g);
    pen_printf(pen, 0, 0, ROLE_STRONG,
               pen->rect.width < 46 ? "%s, diagonal: %s" : "%s between groups, diagonal: %s",
               scene->choice.audit.missed ? "missed" : "false match",
               scene->choice.audit.missed ? "within" : audit_conventions[audit->convention]);
    for (int h = 0; h < columns; h++)
        draw_column_head(pen, NAME + (h + 1) * each - 1, each - 2, r->name[left + h]);
    for (int g = 0; g < rows && top + g < n; g++) {
        struct pen head = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, NAME - 1, pen->rect.height});
        pen_text(&head, 0, 3 + g, ROLE_TEXT, r->name[top + g]);
        for (int h = 0; h < columns; h++)
            draw_matrix_cell(scene, pen, NAME + (h + 1) * each, 3 + g, audit,
                             (struct audit_cell){top + g, left + h});
    }
}

/* ---- what if ---- */

struct strategy {
    const char *title;
    enum audit_metric first; /* threshold, FMR, FNMR of each group; METRIC_FMR: the one threshold */
};

struct paid {
    double threshold, fmr, fnmr;
};

static struct paid paid_by(const struct audit *audit, const struct strategy *s, int g)
{
    if (s->first == METRIC_FMR)
        return (struct paid){audit_tau(audit, audit->bin), audit_find(audit, METRIC_FMR, g, g)->value,
                             audit_find(audit, METRIC_FNMR, g, g)->value};
    const struct audit_value *own = audit_find(audit, s->first, g, g);
    return (struct paid){own->value, own[1].value, own[2].value};
}

/* Highest over lowest of the groups, "–" where there is none. */
static void gap_text(double low, double high, char text[32])
{
    if (low > 0 && low <= high && isfinite(high))
        snprintf(text, 32, high / low < 10 ? "%.1f×" : "%.0f×", high / low);
    else
        snprintf(text, 32, "–");
}

static void draw_paid(const struct pen *pen, int y, const char *name, const struct paid *paid)
{
    char text[48];
    pen_within(pen, 18, y, 11, ROLE_TEXT, name);
    if (isinf(paid->threshold))
        snprintf(text, sizeof text, "none");
    else
        format_number(pen->theme, paid->threshold, 3, text);
    pen_ending(pen, 36, y, ROLE_TEXT, text);
    audit_rate_text(paid->fmr, text);
    pen_ending(pen, 48, y, ROLE_TEXT, text);
    audit_rate_text(paid->fnmr, text);
    pen_ending(pen, 60, y, ROLE_TEXT, text);
}

/* The first groups; worst / best is of all. */
static int draw_strategy(const struct scene *scene, const struct pen *pen, int y, const struct strategy *s,
                         int n_drawn)
{
    const struct audit_result *r = audit_result_of(scene);
    double low[2] = {INFINITY, INFINITY}, high[2] = {0, 0};
    char text[48];
    pen_text(pen, 0, y, ROLE_QUIET, s->title);
    for (int g = 0; g < (int)r->audit->n_groups; g++) {
        struct paid paid = paid_by(r->audit, s, g);
        const double rate[] = {paid.fmr, paid.fnmr};
        if (g < n_drawn)
            draw_paid(pen, y++, r->name[g], &paid);
        for (int i = 0; i < 2; i++) {
            low[i] = fmin(low[i], rate[i]);
            high[i] = fmax(high[i], rate[i]);
        }
    }
    for (int i = 0; i < 2; i++) {
        gap_text(low[i], high[i], text);
        pen_ending(pen, i ? 76 : 69, y - 1, ROLE_QUIET, text);
    }
    return y;
}

static void draw_what_if(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    static const struct strategy strategies[] = {{"one for all (now)", METRIC_FMR},
                                                 {"equal FMR", METRIC_EQUAL_FMR_THRESHOLD},
                                                 {"equal FNMR", METRIC_EQUAL_FNMR_THRESHOLD},
                                                 {"equal match rate", METRIC_EQUAL_RATE_THRESHOLD},
                                                 {"least cost", METRIC_LEAST_COST_THRESHOLD}};
    char fmr[32];
    snprintf(fmr, sizeof fmr, "FMR %s", audit_conventions[audit->convention]);
    pen_text(pen, 0, 0, ROLE_STRONG, "what if: not applied");
    pen_ending(pen, 36, 0, ROLE_QUIET, "threshold");
    pen_ending(pen, 48, 0, ROLE_QUIET, audit->convention == FMR_INVOLVING ? "FMR invol." : fmr);
    pen_ending(pen, 60, 0, ROLE_QUIET, "missed");
    pen_ending(pen, 76, 0, ROLE_QUIET, "worst / best");
    int y = 1, n = (int)audit->n_groups, room = (pen->rect.height - 2) / (int)ARRAY_LEN(strategies);
    bool most_fit = n * ((int)ARRAY_LEN(strategies) - 1) < pen->rect.height;
    int n_drawn = n <= room || most_fit ? n : room < 1 ? 1 : room;
    for (size_t i = 0; i < ARRAY_LEN(strategies) && y + n_drawn <= pen->rect.height; i++)
        y = draw_strategy(scene, pen, y, &strategies[i], n_drawn);
    if (n_drawn < n && y < pen->rect.height)
        pen_printf(pen, 18, y++, ROLE_QUIET,
                   scene->choice.large ? "%d of %d groups" : "%d of %d groups; z: more", n_drawn, n);
    if (y + 1 < pen->rect.height) {
        struct pen words = pen_rows(pen, y + 1, pen->rect.height - y - 1);
        pen_wrap(
            &words, 0, ROLE_QUIET,
            "Thresholds by group use the group when a decision is made; that may be neither possible nor "
            "allowed.");
    }
}

/* ---- one number each ---- */

static const struct audit_value *first_of(const struct audit *audit, enum audit_metric metric)
{
    for (size_t i = 0; i < audit->n_values; i++)
        if (audit->value[i].metric == metric)
            return &audit->value[i];
    return NULL;
}

static void draw_summaries(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    (void)scene;
    pen_printf(pen, 0, 0, ROLE_STRONG, "other summaries, FMR %s", audit_conventions[audit->convention]);
    for (int m = METRIC_FMR_RATIO, y = 1; m <= METRIC_IR && y < pen->rect.height; m++, y++) {
        const struct audit_value *value = first_of(audit, m);
        char number[32] = "–";
        if (value && !isnan(value->value))
            snprintf(number, sizeof number, "%.3g", value->value);
        pen_text(pen, 0, y, ROLE_QUIET, metric_name(m));
        pen_ending(pen, 22, y, ROLE_TEXT, number);
        int x = pen_printf(pen, 24, y, ROLE_QUIET, "equal: %s", metric_ideal(m));
        if (pen->rect.width > 90)
            pen_text(pen, x + 2, y, ROLE_QUIET, metric_meaning(m));
    }
}

void panel_audit(struct scene *scene, const struct pen *pen, const struct audit *audit,
                 enum audit_panel panel)
{
    switch (panel) {
    case AUDIT_PAIRS_BEHIND: panel_audit_pairs(scene, pen, audit); break;
    case AUDIT_DET: panel_audit_det(scene, pen, audit); break;
    case AUDIT_MATRIX: draw_matrix(scene, pen, audit); break;
    case AUDIT_WHAT_IF: draw_what_if(scene, pen, audit); break;
    case AUDIT_SUMMARIES: draw_summaries(scene, pen, audit); break;
    case AUDIT_NEAR: panel_audit_near(scene, pen, audit); break;
    case AUDIT_APART: panel_audit_apart(scene, pen, audit); break;
    case AUDIT_MEANING: panel_audit_meaning(scene, pen, audit); break;
    case AUDIT_PERFORMANCE: panel_audit_performance(scene, pen, audit); break;
    case AUDIT_PANELS: break;
    }
}
