/* SPDX-License-Identifier: MIT */
#include "view/differs.h"

#include "view/facts.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN = 9, WIDEST = 60 /* beyond it the eye loses the row */ };

static void write_row(const struct pen *pen, int y, const struct difference *row, bool quiet)
{
    struct rect r = pen->rect;
    int room = r.width - COLUMN - 2 - text_width(row->then);
    pen_within(pen, 0, y, room, quiet ? ROLE_QUIET : ROLE_TEXT, row->name);
    struct pen left = pen_at(pen, (struct rect){r.x, r.y, r.width - COLUMN - 1, r.height});
    struct pen right = pen_at(pen, (struct rect){r.x, r.y, r.width - 1, r.height});
    pen_right(&left, y, ROLE_QUIET, row->then);
    pen_right(&right, y, quiet ? ROLE_QUIET : ROLE_STRONG, row->now);
}

static void change_row(const struct pen *pen, int y, const char *name, const char *then, const char *now)
{
    struct difference row;
    snprintf(row.name, sizeof row.name, "%.63s", name);
    snprintf(row.then, sizeof row.then, "%.31s", then);
    snprintf(row.now, sizeof row.now, "%.31s", now);
    write_row(pen, y, &row, false);
}

static int draw_settings(const struct pen *pen, int y, const struct moments *m)
{
    const struct settings *then = &m->then->settings, *now = &m->now->settings;
    for (int i = 0; i < now->n && y < pen->rect.height; i++) {
        const struct setting *is = &now->item[i], *was = settings_find(then, is->name);
        if (was && strcmp(was->text, is->text) != 0)
            change_row(pen, y++, is->label, was->text, is->text);
    }
    return y;
}

/* The neighbours and the threshold are not measures of the training: they are worked for these two. */
static int draw_worked(const struct scene *scene, const struct pen *pen, int y, const struct moments *m)
{
    struct difference row;
    if (differs_kept(scene, m, &row))
        write_row(pen, y++, &row, false);
    if (differs_cut(scene, m, &row))
        write_row(pen, y++, &row, false);
    return y;
}

/* What the rows below are. */
static int draw_verdict(const struct pen *pen, int y, const char *text)
{
    pen_text(pen, 0, y, ROLE_QUIET, text);
    return y + 1;
}

/* One run of each is no experiment: where the rest is to be had. */
static void draw_chance(const struct pen *pen, int y, const struct moments *m)
{
    char text[200] = "only what was drawn differs: what chance does", count[32];
    struct pen rest = pen_rows(pen, y + 1, pen->rect.height - y - 1);
    const struct event *began = snapshot_branched(m->now);
    if (!differs_by_chance(m))
        snprintf(text, sizeof text,
                 "one run each. By chance alone: step %s of %s again, :set draws 2, b, nothing else",
                 format_count(began ? began->step : 0, count), m->branch->name);
    if (rest.rect.height >= 2)
        pen_wrap(&rest, 0, ROLE_QUIET, text);
}

/* Those that differ by more than they wobble, then the others, quietly. */
static int draw_measures(const struct scene *scene, const struct pen *pen, int y, const struct moments *m)
{
    struct difference row[MEASURES_MAX];
    int beyond, n = differs_measures(scene, m, row, &beyond);
    bool judged = differs_judged(row, n);
    if (beyond)
        y = draw_verdict(pen, y,
                         differs_by_chance(m) ? "beyond the wobble, by chance alone:" : "beyond the wobble:");
    for (int i = 0; i < n && y < pen->rect.height; i++) {
        if (i == beyond && judged)
            y = draw_verdict(pen, y, beyond ? "no more than they wobble:" : "nothing is beyond the wobble:");
        write_row(pen, y++, &row[i], judged && i >= beyond);
    }
    return y;
}

/* ---- the heading ---- */

static const char *run_name(const struct scene *scene)
{
    const struct branch *here = scene->n_branches ? &scene->branch[scene->n_branches - 1] : NULL;
    return here && text_width(here->name) < COLUMN ? here->name : "here";
}

/* "what differs at step 220     run 1    run 2", and where there is no such step how far the two are. */
static int head_of_branch(const struct scene *scene, const struct pen *pen, const struct moments *m)
{
    char title[80], then[48], now[48];
    bool level = m->then->step == m->now->step;
    snprintf(then, sizeof then, "%s", m->branch->name);
    snprintf(title, sizeof title, level ? "what differs at step %s" : "what differs",
             format_count(m->now->step, now));
    if (text_width(title) > pen->rect.width - COLUMN - 3 - text_width(then))
        snprintf(title, sizeof title, "at step %s", now);
    change_row(pen, 0, "", then, run_name(scene));
    pen_text(pen, 0, 0, ROLE_STRONG, title);
    if (level)
        return 1;
    change_row(pen, 1, "at step", format_count(m->then->step, then), format_count(m->now->step, now));
    return 2;
}

static const char *in_words(const struct scene *scene, const struct moments *m)
{
    if (m->then == scene->pinned)
        return "A is pinned; p: no more";
    if (m->then == scene->now)
        return "from here to the end; p pins a step";
    return "since half-way (a); p pins a step";
}

static int head_of_run(const struct scene *scene, const struct pen *pen, const struct moments *m)
{
    char then[48], now[48], count[32];
    bool pinned = m->then == scene->pinned;
    snprintf(then, sizeof then, "%s%s", pinned ? "A " : "step ", format_count(m->then->step, count));
    snprintf(now, sizeof now, "%s", format_count(m->now->step, count));
    change_row(pen, 0, "", then, now);
    pen_text(pen, 0, 0, ROLE_STRONG, "what changed");
    pen_text(pen, 0, 1, ROLE_QUIET, in_words(scene, m));
    return 2;
}

static void draw_nothing_yet(const struct scene *scene, const struct pen *pen, const struct branch *branch)
{
    char text[160] = "p pins this step as A: then every view shows what changed since";
    struct pen rest = pen_rows(pen, 1, pen->rect.height - 1);
    pen_text(pen, 0, 0, ROLE_STRONG, branch ? "what differs" : "what changed");
    differs_line(scene, text, sizeof text);
    pen_wrap(&rest, 0, ROLE_QUIET, text);
}

void panel_differs(struct scene *scene, const struct pen *place)
{
    struct moments m = scene_moments(scene);
    struct rect r = place->rect;
    struct pen narrow = pen_at(place, (struct rect){r.x, r.y, r.width < WIDEST ? r.width : WIDEST, r.height});
    const struct pen *pen = &narrow;
    if (!m.then || !m.now) {
        draw_nothing_yet(scene, pen, m.branch);
        return;
    }
    int y = m.branch ? head_of_branch(scene, pen, &m) : head_of_run(scene, pen, &m);
    y = draw_settings(pen, y, &m);
    y = draw_worked(scene, pen, y, &m);
    y = draw_measures(scene, pen, y, &m);
    if (m.branch && m.then->step == m.now->step)
        draw_chance(pen, y, &m);
}
