/* SPDX-License-Identifier: MIT
 *
 * Whose neighbours are whose: shares by group against chance, purity, exposure, hubs and their false matches,
 * whether the group can be read from the space, and how two groups differ along the map's axis.
 */
#include "view/audit.h"
#include "view/facts.h"
#include "view/rows.h"
#include "view/state.h"
#include "view/work.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { NAME = 15, COLUMN = 15 };

static double number_of(const struct audit *audit, enum audit_metric metric, int g)
{
    const struct audit_value *value = audit_find(audit, metric, g, g);
    return value ? value->value : NAN;
}

/* printf, wrapped; the row after. */
__attribute__((format(printf, 4, 5))) static int wrapf(const struct pen *pen, int y, enum role role,
                                                       const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return pen_wrap(pen, y, role, text);
}

/* "16 % 0.90× ▲": the share, over the base rate, and whether that is outside what chance shows. */
static void draw_share(const struct pen *pen, int end, int y, const struct audit *audit, int g, int h)
{
    const struct audit_value *share = NULL, *lift = NULL;
    char text[64], percent[32];
    for (size_t i = 0; i < audit->n_values; i++) { /* not symmetric: audit_find would take either order */
        const struct audit_value *value = &audit->value[i];
        if (value->g == g && value->h == h && value->metric == METRIC_COMPOSITION)
            share = value;
        if (value->g == g && value->h == h && value->metric == METRIC_LIFT)
            lift = value;
    }
    if (!share || !lift || isnan(lift->value)) {
        pen_ending(pen, end, y, ROLE_QUIET, "–");
        return;
    }
    bool above = lift->value > lift->by_chance, below = lift->value < lift->by_chance_low;
    enum glyph sign = above ? GLYPH_UP : below ? GLYPH_DOWN : GLYPH_SAME;
    snprintf(text, sizeof text, "%s %% %.2f× %s", format_percent(pen->theme, share->value, percent),
             lift->value, theme_glyph_text(pen->theme, sign));
    pen_ending(pen, end, y, above || below ? ROLE_TEXT : ROLE_QUIET, text);
}

static int draw_shares(const struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    const struct audit_result *r = audit_result_of(scene);
    int n = (int)audit->n_groups, columns = (pen->rect.width - NAME) / COLUMN, y = 2;
    struct audit_cell chosen = audit_chosen(scene, audit);
    columns = columns < 1 ? 1 : columns > n ? n : columns;
    int left = rows_from(n, columns, chosen.h), rows = pen->rect.height / 2 > n ? n : pen->rect.height / 2;
    int top = rows_from(n, rows, chosen.g);
    for (int h = 0; h < columns; h++) {
        char name[AUDIT_NAME];
        snprintf(name, sizeof name, "%.14s", r->name[left + h]);
        pen_ending(pen, NAME + (h + 1) * COLUMN - 1, 1, ROLE_QUIET, name);
    }
    for (int g = 0; g < rows; g++, y++) {
        struct pen head = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, NAME - 1, pen->rect.height});
        pen_text(&head, 0, y, ROLE_TEXT, r->name[top + g]);
        for (int h = 0; h < columns; h++)
            draw_share(pen, NAME + (h + 1) * COLUMN - 1, y, audit, top + g, left + h);
    }
    return y;
}

/* Of the chosen groups: how many of their nearest are genuine, how often they are neighbours. */
static int draw_groups(const struct scene *scene, const struct pen *pen, int y, const struct audit *audit)
{
    struct audit_cell c = audit_chosen(scene, audit);
    const int groups[] = {c.g, c.h};
    for (int i = 0; i < (c.g == c.h ? 1 : 2); i++) {
        char purity[32], cap[32], first[32], exposure[32];
        y = wrapf(pen, y, ROLE_TEXT, "%s: nearest the same %s %% (at most %s), at rank 1 %s %%, exposure %s",
                  audit_result_of(scene)->name[groups[i]],
                  format_percent(pen->theme, number_of(audit, METRIC_PURITY, groups[i]), purity),
                  format_percent(pen->theme, number_of(audit, METRIC_PURITY_CAP, groups[i]), cap),
                  format_percent(pen->theme, number_of(audit, METRIC_RANK_1, groups[i]), first),
                  format_number(pen->theme, number_of(audit, METRIC_EXPOSURE, groups[i]), 2, exposure));
    }
    return y;
}

/* ", p 0.03": how often groups dealt anew show as much; "" where that was not asked. */
static const char *p_text(const struct audit_value *value, char text[48])
{
    text[0] = '\0';
    if (value && !isnan(value->p))
        snprintf(text, 48, ", p %.2g%s", value->p,
                 value->p <= value->least_p * (1 + 1e-9) ? " (least possible)" : "");
    return text;
}

static int draw_readable(const struct pen *pen, int y, const struct audit *audit)
{
    const struct audit_value *probe = audit_first(audit, METRIC_PROBE_BACC),
                             *apart = audit_find(audit, METRIC_SILHOUETTE, ALL_GROUPS, ALL_GROUPS);
    char read[32], shuffled[32], silhouette[32], p[48];
    y = wrapf(pen, y, ROLE_TEXT, "the group is read by a linear map: %s %%, dealt anew %s %%%s",
              format_percent(pen->theme, number_of(audit, METRIC_PROBE_BACC, ALL_GROUPS), read),
              format_percent(pen->theme, number_of(audit, METRIC_PROBE_CONTROL, ALL_GROUPS), shuffled),
              p_text(probe, p));
    y = wrapf(pen, y, ROLE_TEXT, "groups as clusters (silhouette): %s; 0 as one, 1 apart%s",
              format_number(pen->theme, number_of(audit, METRIC_SILHOUETTE, ALL_GROUPS), 2, silhouette),
              p_text(apart, p));
    return y;
}

static int draw_axis(struct scene *scene, const struct pen *pen, int y, const struct groups_result *r)
{
    const struct audit_result *names = audit_result_of(scene);
    char effect[32];
    if (r->n_axis[0] == 0 || r->n_axis[1] == 0 || r->asked.g == r->asked.h) {
        y = pen_wrap(pen, y, ROLE_QUIET,
                     r->asked.g == r->asked.h
                         ? "a pair of groups: how they differ along the map's axis of two sets"
                         : ":axes @one @other, two named selections: how these groups differ along it");
        return y;
    }
    const struct named *set = screen_state(scene)->map_set;
    y = wrapf(pen, y, ROLE_TEXT, "%s to %s, %s over %s: effect %s, p %.2g%s (least possible %.2g)",
              set[1].name, set[0].name, names->name[r->asked.g], names->name[r->asked.h],
              format_number(pen->theme, r->effect, 2, effect), r->p, r->exact ? ", exact" : ", sampled",
              r->least_p);
    return y;
}

static void draw_hubs(const struct scene *scene, const struct pen *pen, int y, const struct groups_result *r)
{
    double skew = number_of(r->audit, METRIC_HUB_SKEW, ALL_GROUPS), theirs = 0;
    char none[32], share[32], skewed[32];
    for (size_t i = 0; i < r->n_hubs; i++)
        theirs += r->hub[i].matches;
    y = wrapf(pen, y, ROLE_STRONG,
              "hubs (skew %s, %s %% nobody's): these %zu are %s %% of the ends of false matches",
              format_number(pen->theme, skew, 1, skewed),
              format_percent(pen->theme, number_of(r->audit, METRIC_ANTIHUB, ALL_GROUPS), none), r->n_hubs,
              format_percent(pen->theme, r->n_matches ? theirs / (double)r->n_matches : NAN, share));
    for (size_t i = 0; i < r->n_hubs && y < pen->rect.height; i++, y++) {
        const struct hub_row *hub = &r->hub[i];
        char caption[96];
        scene_caption(scene, hub->row, caption, sizeof caption);
        struct pen left =
            pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, pen->rect.width - 27, pen->rect.height});
        pen_printf(&left, 0, y, ROLE_TEXT, "%5u %s · %s", hub->row, short_caption(caption),
                   audit_result_of(scene)->name[hub->group]);
        pen_printf(pen, pen->rect.width - 26, y, ROLE_QUIET, "near %3u, %5u false", hub->occurrence,
                   hub->matches);
    }
}

void panel_audit_near(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    const struct groups_result *r = audit_groups_of(scene);
    pen_printf(pen, 0, 0, ROLE_STRONG,
               pen->rect.width >= 62 ? "neighbours: among the %d nearest of a group, those of another"
                                     : "neighbours: the %d nearest in h",
               GROUPS_K);
    if (!r && scene->choice.audit.relation == AUDIT_SAME_LISTED) {
        pen_wrap(&(struct pen){pen->canvas,
                               pen->theme,
                               {pen->rect.x, pen->rect.y + 1, pen->rect.width, pen->rect.height - 1}},
                 0, ROLE_QUIET, "a list of pairs says nothing of neighbours: S, same means");
        return;
    }
    if (!r) {
        char working[WORK_TEXT];
        pen_printf(pen, 0, 1, ROLE_QUIET, "looking for neighbours: %s",
                   work_text(scene, REQUEST_GROUPS, working));
        return;
    }
    int y = draw_shares(scene, pen, r->audit);
    if (pen->rect.height - y > 12) {
        y = pen_wrap(pen, y, ROLE_QUIET,
                     "times the base rate; ▲ ▼ = above, below, within what chance shows for equal labels");
        y++;
    }
    y = draw_groups(scene, pen, y, audit->n_groups == r->audit->n_groups ? r->audit : audit);
    y = draw_readable(pen, y, r->audit);
    y = draw_axis(scene, pen, y, r);
    if (y + 1 < pen->rect.height)
        draw_hubs(scene, pen, y, r);
}
