/* SPDX-License-Identifier: MIT
 *
 * The table of the audit: what was compared, where the threshold is, rates by group and between groups with
 * their intervals, and what follows from them.
 */
#include "base/check.h"
#include "view/audit.h"
#include "view/facts.h"
#include "view/rows.h"
#include "view/threshold.h"

#include <math.h>
#include <stdio.h>

enum { SLIDER = 3, HEADING, HEADER, VERDICTS = 9 /* rows kept for what follows */, SLIDER_LEFT = 6 };
/* Where columns end, right of the names; these have what a wider table has more. */
enum {
    NAMES = 15,
    TO_ITEMS = 22,
    TO_UNITS = 28,
    TO_FMR = 40,
    TO_FMR_CI = 54,
    TO_MISSED = 65,
    TO_MISSED_CI = 77
};

static int column(const struct pen *pen, int at)
{
    return at + (pen->rect.width > TO_MISSED_CI + 1 ? pen->rect.width - TO_MISSED_CI - 1 : 0);
}

/* ---- what was compared ---- */

/* "set at FMR 1 %", "given", and on which items. */
static void threshold_words(const struct scene *scene, char text[160])
{
    const struct threshold_choice *t = &scene->choice.threshold;
    char lock[64];
    if (t->lock == LOCK_VALUE)
        snprintf(lock, sizeof lock, "given");
    else if (t->lock == LOCK_EER)
        snprintf(lock, sizeof lock, "set where FMR = FNMR");
    else
        snprintf(lock, sizeof lock, "set at %s %.3g %%", t->lock == LOCK_FMR ? "FMR" : "FNMR",
                 100 * t->target);
    snprintf(text, 160,
             audit_result_of(scene)->asked.split ? "%s on dev, rates of the rest" : "%s, exploratory", lock);
}

static void draw_overall(const struct pen *pen, int x, const struct audit *audit)
{
    char text[160], fmr[48], fnmr[48];
    audit_rate_text(audit_find(audit, METRIC_FMR, ALL_GROUPS, ALL_GROUPS)->value, fmr);
    audit_rate_text(audit_find(audit, METRIC_FNMR, ALL_GROUPS, ALL_GROUPS)->value, fnmr);
    snprintf(text, sizeof text, "all %s, missed %s", fmr, fnmr);
    if (x + 2 + text_width(text) <= pen->rect.width)
        pen_right(pen, 2, ROLE_TEXT, text);
}

/* What is above or below the threshold. */
static const char *score_name(const struct scene *scene)
{
    int relation = audit_result_of(scene)->asked.relation;
    if (relation == RELATION_LISTED && scene->pairs.scored)
        return "scores of the file";
    return relation == RELATION_VIEW ? "cosine in z" : "cosine in h";
}

static void draw_titles(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    char items[32], units[32], step[32], same[64], groups[80], words[160], tags[80] = "";
    const struct audit_result *r = audit_result_of(scene);
    int x = pen_text(pen, 0, 0, ROLE_STRONG, "audit   ");
    if (!scene_has_steps(scene))
        x = pen_text(pen, x, 0, ROLE_TEXT, "the table");
    else
        x = pen_printf(pen, x, 0, ROLE_TEXT, "step %s%s", format_count(audit_step(scene), step),
                       scene->choice.audit.follow != 0 ? ""
                       : r->n_tags                     ? ", frozen"
                                                       : ", frozen for this audit");
    x = pen_printf(pen, x, 0, ROLE_QUIET, audit->by_unit ? "   %s items, %s identities" : "   %s items",
                   format_count(audit->n_items, items), format_count(audit->n_units, units));
    if (r->n_tags)
        snprintf(tags, sizeof tags, "   %zu mark%s %s", r->n_tags, r->n_tags == 1 ? "" : "s",
                 scene->choice.audit.tags ? "applied" : "not applied");
    pen_text(pen, x, 0, ROLE_ACCENT, tags);
    audit_relation_name(scene, same);
    audit_groups_name(scene, groups);
    static const char *const wordings[] = {"same = %s    groups: %s    FMR %s%s    %s",
                                           "same = %s  groups: %s  FMR %s%s  %s",
                                           "same = %s  groups: %s  FMR %s%.0s  %s"};
    for (size_t i = 0; i < ARRAY_LEN(wordings); i++) {
        snprintf(words, sizeof words, wordings[i], same, groups, audit_conventions[audit->convention],
                 audit->convention == FMR_WITHIN ? " a group" : "", score_name(scene));
        if (text_width(words) <= pen->rect.width)
            break;
    }
    pen_text(pen, 0, 1, ROLE_TEXT, words);
    threshold_words(scene, words);
    double tau = threshold_of_bin(audit->bin, (uint32_t)audit->n_bins);
    x = isfinite(tau) ? pen_printf(pen, 0, 2, ROLE_TEXT, "threshold %.3f", tau)
                      : pen_printf(pen, 0, 2, ROLE_BAD, "threshold above 1: nothing matches");
    x = pen_printf(pen, x, 2, ROLE_QUIET, " %s", words);
    draw_overall(pen, x, audit);
}

/* ---- the threshold on a line ---- */

struct slider {
    uint32_t low, n_bins;
    int left, width;
};

static bool slider_of(const struct scene *scene, const struct pen *pen, struct slider *s)
{
    struct match_table table;
    if (!audit_counted(scene, &table))
        return false;
    *s = (struct slider){threshold_lowest(&table), table.n_bins, SLIDER_LEFT,
                         pen->rect.width - SLIDER_LEFT - 2};
    return s->width > 8;
}

static void draw_slider(const struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    struct slider s;
    char low[32];
    if (!slider_of(scene, pen, &s))
        return;
    double share = audit->bin <= s.low ? 0 : (double)(audit->bin - s.low) / (s.n_bins - s.low);
    int at = s.left + (int)(share * (s.width - 1));
    format_threshold(pen->theme, threshold_of_bin(s.low, s.n_bins), 2, low);
    pen_text(pen, 0, SLIDER, ROLE_QUIET, low);
    for (int x = s.left; x < s.left + s.width; x++)
        pen_glyph(pen, x, SLIDER, ROLE_QUIET, GLYPH_HORIZONTAL);
    pen_text(pen, s.left + s.width + 1, SLIDER, ROLE_QUIET, "1");
    pen_glyph(pen, at, SLIDER, ROLE_ACCENT, GLYPH_NEAR);
}

bool panel_audit_drag(struct scene *scene, const struct pen *pen, struct mouse mouse)
{
    struct slider s;
    struct threshold_choice to = scene->choice.threshold;
    int x = mouse.x - pen->rect.x;
    if (mouse.y != pen->rect.y + SLIDER || !slider_of(scene, pen, &s) || x < s.left || x >= s.left + s.width)
        return false;
    double bin = s.low + (double)(s.n_bins - s.low) * (x - s.left) / (s.width - 1);
    to.lock = LOCK_VALUE;
    to.target = bin >= s.n_bins ? 1 : threshold_of_bin((uint32_t)bin, s.n_bins);
    threshold_put(scene, &to, true);
    return true;
}

/* ---- the table ---- */

static void draw_heading(const struct pen *pen, const struct audit *audit)
{
    char fmr[40];
    snprintf(fmr, sizeof fmr, "false match, %s", audit_conventions[audit->convention]);
    if (text_width(fmr) > TO_FMR + 8 - TO_UNITS)
        snprintf(fmr, sizeof fmr, "FMR, %s", audit_conventions[audit->convention]);
    pen_ending(pen, column(pen, TO_ITEMS), HEADING, ROLE_QUIET, "items");
    if (audit->by_unit)
        pen_ending(pen, column(pen, TO_UNITS), HEADING, ROLE_QUIET, "ids");
    pen_ending(pen, column(pen, TO_FMR) + 9, HEADING, ROLE_QUIET, fmr);
    pen_ending(pen, column(pen, TO_FMR_CI), HEADING, ROLE_QUIET, "95 %");
    pen_ending(pen, column(pen, TO_MISSED), HEADING, ROLE_QUIET, "missed");
    pen_ending(pen, column(pen, TO_MISSED_CI), HEADING, ROLE_QUIET, "95 %");
}

static void draw_rate(const struct pen *pen, int y, const struct audit_value *value, bool looked_up,
                      bool missed, bool here)
{
    char rate[48], range[64];
    audit_rate_text(value->value, rate);
    audit_interval_text(value, looked_up, range);
    pen_ending(pen, column(pen, missed ? TO_MISSED : TO_FMR), y, here ? ROLE_ACCENT : audit_role(value),
               rate);
    pen_ending(pen, column(pen, missed ? TO_MISSED_CI : TO_FMR_CI), y, audit_role(value), range);
}

static void draw_cell(struct scene *scene, const struct pen *pen, int y, const struct audit *audit,
                      struct audit_cell c, bool here)
{
    const struct audit_value *fmr = audit_find(audit, METRIC_FMR, c.g, c.h),
                             *fnmr = audit_find(audit, METRIC_FNMR, c.g, c.h);
    char items[32], name[2 * AUDIT_NAME + 8];
    bool missed = scene->choice.audit.missed;
    audit_cell_name(audit_result_of(scene), c, name);
    struct pen left =
        pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, column(pen, NAMES), pen->rect.height});
    pen_text(&left, 0, y, here ? ROLE_ACCENT : ROLE_TEXT, name);
    const struct audit_value *more = fmr->n_items >= fnmr->n_items ? fmr : fnmr;
    pen_ending(pen, column(pen, TO_ITEMS), y, ROLE_TEXT, format_count(more->n_items, items));
    if (audit->by_unit)
        pen_ending(pen, column(pen, TO_UNITS), y, ROLE_TEXT, format_count(more->n_units, items));
    draw_rate(pen, y, fmr, audit->looked_up, false, here && !missed);
    draw_rate(pen, y, fnmr, audit->looked_up, true, here && missed);
    if (here)
        row_highlight(pen, y);
}

/* ---- what follows from it ---- */

/* What may be said of a ratio; true: there is evidence of a difference. */
static bool verdict_words(const struct scene *scene, const struct audit *audit, enum audit_metric metric,
                          struct strbuf *out)
{
    const struct audit_result *r = audit_result_of(scene);
    const char *group[AUDIT_MOST_GROUPS];
    for (size_t g = 0; g < r->n_groups; g++)
        group[g] = r->name[g];
    struct audit_names names = {group,
                                "",
                                audit->by_unit ? "identity" : "item",
                                audit->by_unit ? "identities" : "items",
                                false,
                                metric == METRIC_FMR_RATIO ? audit_conventions[audit->convention] : NULL};
    const struct audit_value *ratio = NULL;
    for (size_t i = 0; !ratio && i < audit->n_values; i++)
        if (audit->value[i].metric == metric)
            ratio = &audit->value[i];
    words_ratio(out, ratio, &names);
    return audit_is_evidence(ratio, 1);
}

static int draw_verdict(struct scene *scene, const struct pen *pen, int y, const struct audit *audit,
                        enum audit_metric metric)
{
    struct strbuf text = {0};
    bool evidence = verdict_words(scene, audit, metric, &text);
    y = pen_wrap(pen, y, evidence ? ROLE_STRONG : ROLE_TEXT, strbuf_text(&text));
    strbuf_release(&text);
    return y;
}

static void cell_words(const struct scene *scene, const struct audit *audit, struct audit_cell c,
                       struct strbuf *out)
{
    static const enum audit_metric metrics[] = {METRIC_FMR, METRIC_FNMR};
    char name[2 * AUDIT_NAME + 8], rate[48];
    audit_cell_name(audit_result_of(scene), c, name);
    strbuf_printf(out, "%s:", name);
    for (size_t m = 0; m < ARRAY_LEN(metrics); m++) {
        const struct audit_value *value = audit_find(audit, metrics[m], c.g, c.h);
        audit_rate_text(value->value, rate);
        strbuf_printf(out, "%s %s %s (%.0f of %.0f pairs)", m ? "," : "", m ? "missed" : "false match",
                      value->status == AUDIT_UNDEFINED ? "undefined" : rate, value->x, value->n);
    }
    strbuf_puts(out, ".\n");
}

void audit_words(struct scene *scene, struct strbuf *out)
{
    const struct audit *audit = scene->now ? audit_shown(scene) : NULL;
    struct audit_cell cell[AUDIT_ROWS];
    char same[64], groups[80], value[32];
    if (!audit) {
        char text[AUDIT_WHY];
        strbuf_printf(out, "%s\n", audit_why_nothing(scene, text));
        return;
    }
    audit_relation_name(scene, same);
    audit_groups_name(scene, groups);
    strbuf_printf(out, "Audit of step %llu: same is %s, groups by %s, FMR %s, threshold %s.\n",
                  (unsigned long long)audit_step(scene), same, groups, audit_conventions[audit->convention],
                  threshold_value_words(audit_tau(audit, audit->bin), value));
    int n = audit_cells(audit, cell);
    for (int i = 0; i < n && i < (int)audit->n_groups; i++)
        cell_words(scene, audit, cell[i], out);
    for (int m = METRIC_FMR_RATIO; m <= METRIC_FNMR_RATIO; m++) {
        verdict_words(scene, audit, m, out);
        strbuf_puts(out, "\n");
    }
}

/* What the marks change, both shown. */
static int draw_tags(struct scene *scene, const struct pen *pen, int y)
{
    const struct audit_result *r = audit_result_of(scene);
    static const enum audit_metric metrics[] = {METRIC_FMR, METRIC_FNMR};
    const struct audit *bare = audit_with(scene, false), *tagged = audit_with(scene, true);
    if (!bare || !tagged)
        return y;
    for (size_t m = 0; m < ARRAY_LEN(metrics); m++) {
        char with[48], without[48], name[2 * AUDIT_NAME + 8];
        struct audit_cell c = audit_chosen(scene, bare);
        audit_cell_name(r, c, name);
        audit_rate_text(audit_find(tagged, metrics[m], c.g, c.h)->value, with);
        audit_rate_text(audit_find(bare, metrics[m], c.g, c.h)->value, without);
        pen_printf(pen, 0, y++, ROLE_ACCENT, "%s in %s: %s without the %zu mark%s, %s with",
                   m == 0 ? "FMR" : "FNMR", name, without, r->n_tags, r->n_tags == 1 ? "" : "s", with);
    }
    return y;
}

/* Rows of cells above the verdicts. */
static int rows_shown(const struct pen *pen, int n)
{
    int room = pen->rect.height - HEADER - VERDICTS;
    return room < 1 ? 1 : room > n ? n : room;
}

int panel_audit_row_at(const struct scene *scene, const struct pen *pen, const struct audit *audit, int y)
{
    struct audit_cell cell[AUDIT_ROWS];
    int n = audit_cells(audit, cell), room = rows_shown(pen, n);
    int row = y - pen->rect.y - HEADER;
    return row >= 0 && row < room ? rows_from(n, room, scene->choice.audit.row) + row : -1;
}

bool panel_audit_is_missed(const struct pen *pen, int x)
{
    return x - pen->rect.x >= column(pen, TO_FMR_CI) + 2;
}

struct rect panel_audit_lower(const struct pen *pen, const struct audit *audit)
{
    struct audit_cell cell[AUDIT_ROWS];
    int used = HEADER + rows_shown(pen, audit_cells(audit, cell)), space = pen->rect.height - used > 8;
    return (struct rect){pen->rect.x, pen->rect.y + used + space, pen->rect.width,
                         pen->rect.height - used - space};
}

int panel_audit_table(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    struct audit_cell cell[AUDIT_ROWS];
    int n = audit_cells(audit, cell), room = rows_shown(pen, n);
    int first = rows_from(n, room, scene->choice.audit.row);
    draw_titles(scene, pen, audit);
    draw_slider(scene, pen, audit);
    draw_heading(pen, audit);
    for (int i = 0; i < room && first + i < n; i++)
        draw_cell(scene, pen, HEADER + i, audit, cell[first + i], first + i == scene->choice.audit.row);
    int below = HEADER + room, y = pen->rect.height - below > 6 ? 1 : 0;
    struct pen rest = pen_rows(pen, below, pen->rect.height - below);
    y = draw_verdict(scene, &rest, y, audit, METRIC_FMR_RATIO);
    y = draw_verdict(scene, &rest, y, audit, METRIC_FNMR_RATIO);
    return below + draw_tags(scene, &rest, y);
}
