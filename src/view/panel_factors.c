/* SPDX-License-Identifier: MIT */
#include "base/strbuf.h"
#include "space/sensitivity.h"
#include "view/course.h"
#include "view/rows.h"

#include <math.h>
#include <stdio.h>

enum { KEPT = 30, MOVED = 21, FALSE_RATIO = 11, MISSED_RATIO = 1, TOLD = 3, WIDEST = 100 };

/* Text that ends so many cells before the right edge. */
static void right_before(const struct pen *pen, int gap, int y, enum role role, const char *text)
{
    struct rect r = pen->rect;
    struct pen left = pen_at(pen, (struct rect){r.x, r.y, r.width - gap, r.height});
    pen_right(&left, y, role, text);
}

static void ratio_at(const struct pen *pen, int gap, int y, double ratio, bool evidence, enum role role)
{
    char text[40];
    snprintf(text, sizeof text,
             isnan(ratio) ? "–"
             : ratio < 10 ? "%.2f%s"
                          : "%.0f%s",
             ratio, evidence ? "!" : " ");
    right_before(pen, gap, y, role, text);
}

/* The base's own ratios, which every row starts from. */
static void draw_base(const struct pen *pen, const struct sensitivity *s)
{
    const struct sensitivity_row *row = s->row;
    while (row < s->row + s->n && row->failed[0])
        row++;
    if (row == s->row + s->n)
        return;
    char wrong[32], missed[32];
    pen_printf(pen, 0, 1, ROLE_TEXT, "base: false %s%s, missed %s%s",
               format_number(pen->theme, row->moved.ratio[PAIR_IMPOSTOR].a, 2, wrong),
               s->evidence[PAIR_IMPOSTOR] ? "!" : "",
               format_number(pen->theme, row->moved.ratio[PAIR_GENUINE].a, 2, missed),
               s->evidence[PAIR_GENUINE] ? "!" : "");
    pen_text(pen, 0, 2, ROLE_QUIET, "! evidence   bold: beyond the seeds");
}

static void draw_heading(const struct pen *pen)
{
    right_before(pen, KEPT, 1, ROLE_QUIET, "nearest");
    right_before(pen, MOVED, 1, ROLE_QUIET, "matches");
    right_before(pen, MISSED_RATIO, 1, ROLE_QUIET, "worst / best group");
    right_before(pen, KEPT, 2, ROLE_QUIET, "kept %");
    right_before(pen, MOVED, 2, ROLE_QUIET, "other %");
    right_before(pen, FALSE_RATIO, 2, ROLE_QUIET, "false");
    right_before(pen, MISSED_RATIO, 2, ROLE_QUIET, "missed");
}

/* What is beyond the seeds is bold: the share of matches, and each ratio by itself. */
static void draw_row(const struct pen *pen, int y, const struct sensitivity_row *row,
                     const struct seed_floor *floor)
{
    char kept[32], moved[32];
    bool stands_out = sensitivity_stands_out(row, floor);
    enum role role = stands_out ? ROLE_TEXT : ROLE_QUIET;
    pen_text(pen, 0, y, ROLE_QUIET, row->kind);
    struct rect r = pen->rect;
    struct pen name = pen_at(pen, (struct rect){r.x, r.y, r.width - KEPT - 5, r.height});
    pen_text(&name, 14, y, sensitivity_is_floor(row) ? ROLE_ACCENT : role, row->what);
    if (row->failed[0]) {
        right_before(pen, MISSED_RATIO, y, ROLE_BAD, "not trained");
        return;
    }
    right_before(pen, KEPT, y, role, format_percent(pen->theme, row->moved.overlap, kept));
    right_before(pen, MOVED, y, stands_out ? ROLE_STRONG : role,
                 format_percent(pen->theme, row->moved.match_churn, moved));
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        ratio_at(pen, kind == PAIR_IMPOSTOR ? FALSE_RATIO : MISSED_RATIO, y, row->moved.ratio[kind].b,
                 row->evidence[kind],
                 sensitivity_ratio_is_of_seeds(row, (enum pair_kind)kind, floor) ? ROLE_QUIET : ROLE_STRONG);
}

/* The line below which nothing moved further than a seed; at the right the ratios of the base and the seeds.
 */
static void draw_floor(const struct pen *pen, int y, const struct seed_floor *floor)
{
    char mean[32], most[32], text[120];
    for (int x = 0; x < pen->rect.width; x++)
        pen_glyph(pen, x, y, ROLE_ACCENT, GLYPH_HORIZONTAL);
    format_percent(pen->theme, floor->mean, mean);
    format_percent(pen->theme, floor->most, most);
    snprintf(text, sizeof text, " floor: %zu other seed%s, mean %s %%, most %s %% ", floor->n,
             floor->n == 1 ? "" : "s", mean, most);
    pen_text(pen, 14, y, ROLE_ACCENT, text);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
        const struct interval *ratio = &floor->ratio[kind];
        snprintf(text, sizeof text, ratio->high < 10 ? " %.2f–%.2f" : " %.0f–%.0f", ratio->low, ratio->high);
        if (!isnan(ratio->low))
            right_before(pen, kind == PAIR_IMPOSTOR ? FALSE_RATIO : MISSED_RATIO, y, ROLE_ACCENT, text);
    }
}

static void put_change(struct strbuf *text, const struct sensitivity *s, const struct sensitivity_row *row,
                       int kind)
{
    for (size_t g = 0; g < s->n_groups; g++) {
        const struct change *rate = &row->moved.group[g].rate[kind];
        strbuf_printf(text, "%s %s %.3g to %.3g %%", g ? ";" : "", s->group[g], 100 * rate->a, 100 * rate->b);
        if (!isnan(rate->ci.low))
            strbuf_printf(text, " (%+.2g to %+.2g)", 100 * rate->ci.low, 100 * rate->ci.high);
        double seeds = sensitivity_floor_rate(s, (enum pair_kind)kind, g);
        if (!isnan(seeds))
            strbuf_printf(text, ", seeds ±%.2g", 100 * seeds);
    }
}

/* The highlighted one: what it does to each group, with intervals. */
static void tell(const struct pen *pen, const struct sensitivity *s, const struct sensitivity_row *row)
{
    struct strbuf text = {0};
    if (row->failed[0]) {
        strbuf_printf(&text, "not trained: %s", row->failed);
    } else {
        strbuf_puts(&text, "Missed:");
        put_change(&text, s, row, PAIR_GENUINE);
        strbuf_puts(&text, ". False match:");
        put_change(&text, s, row, PAIR_IMPOSTOR);
    }
    pen_wrap(pen, 0, ROLE_TEXT, strbuf_text(&text));
    strbuf_release(&text);
}

static void draw_title(const struct pen *pen, const struct sensitivity *s)
{
    int x = pen_text(pen, 0, 0, ROLE_STRONG, "what moves the audit");
    struct pen rest =
        pen_at(pen, (struct rect){pen->rect.x + x + 2, pen->rect.y, pen->rect.width - x - 2, 1});
    pen_text(&rest, 0, 0, ROLE_QUIET, s->title);
}

/* Rows and, among them, the floor: line `i` of the list. */
static void draw_line(const struct pen *pen, int y, const struct sensitivity *s, int i, int floor_at, int row,
                      const struct seed_floor *floor)
{
    int at = i - (i > floor_at);
    if (i == floor_at) {
        draw_floor(pen, y, floor);
        return;
    }
    draw_row(pen, y, &s->row[at], floor);
    if (at == row)
        row_highlight(pen, y);
}

void panel_factors(struct scene *scene, const struct pen *whole, int row)
{
    struct pen narrow = *whole, *pen = &narrow;
    const struct sensitivity *s = scene->sensitivity;
    if (!s) {
        pen_wrap(pen, 1, ROLE_QUIET,
                 "nearfar audit DATA --sensitivity -o DIR trains with one thing varied at a time; nearfar "
                 "explore DIR shows here how far each moves the audit");
        return;
    }
    narrow.rect.width = narrow.rect.width < WIDEST ? narrow.rect.width : WIDEST;
    struct seed_floor floor = sensitivity_floor(s);
    int n = (int)s->n + 1, floor_at = 0, room = pen->rect.height - 3 - TOLD;
    while (floor_at < (int)s->n && sensitivity_stands_out(&s->row[floor_at], &floor))
        floor_at++;
    row = row < (int)s->n ? row : (int)s->n - 1;
    draw_title(whole, s);
    draw_base(pen, s);
    draw_heading(pen);
    int first = rows_from(n, room, row + (row >= floor_at));
    for (int i = 0; i < room && first + i < n; i++)
        draw_line(pen, 3 + i, s, first + i, floor_at, row, &floor);
    struct pen told = pen_rows(pen, pen->rect.height - TOLD, TOLD);
    if (row >= 0 && room > 0)
        tell(&told, s, &s->row[row]);
}
