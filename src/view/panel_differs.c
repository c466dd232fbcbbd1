/* SPDX-License-Identifier: MIT */
#include "view/differs.h"

#include "view/facts.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN = 9, WIDEST = 60 /* beyond it the eye loses the row */, THREE_NEED = 48 };

/* Is there room for what chance made of it? */
static bool has_three(const struct pen *pen, const struct moments *m)
{
    return m->n_chances && pen->rect.width >= THREE_NEED;
}

/* A value in the column that ends so many from the right. */
static void write_column(const struct pen *pen, int y, int columns_behind, enum role role, const char *text)
{
    struct rect r = pen->rect;
    struct pen column = pen_at(pen, (struct rect){r.x, r.y, r.width - columns_behind * COLUMN - 1, r.height});
    pen_right(&column, y, role, text);
}

/* Then and now, and behind them what chance made of it, where it has a column. */
static void write_row(const struct pen *pen, int y, const struct difference *row, bool three, bool quiet)
{
    int room = pen->rect.width - (1 + three) * COLUMN - 2 - text_width(row->then);
    pen_within(pen, 0, y, room, quiet ? ROLE_QUIET : ROLE_TEXT, row->name);
    write_column(pen, y, 1 + three, ROLE_QUIET, row->then);
    write_column(pen, y, three, quiet ? ROLE_QUIET : ROLE_STRONG, row->now);
    if (three)
        write_column(pen, y, 0, ROLE_QUIET, row->chance);
}

static void change_row(const struct pen *pen, int y, bool three, const char *const text[4])
{
    struct difference row;
    snprintf(row.name, sizeof row.name, "%.63s", text[0]);
    snprintf(row.then, sizeof row.then, "%.31s", text[1]);
    snprintf(row.now, sizeof row.now, "%.31s", text[2]);
    snprintf(row.chance, sizeof row.chance, "%.31s", text[3]);
    write_row(pen, y, &row, three, false);
}

static int draw_settings(const struct pen *pen, int y, const struct moments *m)
{
    const struct settings *then = &m->then->settings, *now = &m->now->settings;
    for (int i = 0; i < now->n && y < pen->rect.height; i++) {
        const struct setting *is = &now->item[i], *was = settings_find(then, is->name);
        const struct setting *chance = m->n_chances ? settings_find(&m->chance[0]->settings, is->name) : is;
        if (!was || !chance)
            continue;
        bool by_chance = has_three(pen, m) && strcmp(was->text, chance->text) != 0;
        if (by_chance || strcmp(was->text, is->text) != 0)
            change_row(pen, y++, has_three(pen, m),
                       (const char *const[]){is->label, was->text, is->text, chance->text});
    }
    return y;
}

/* The neighbours and the threshold are not measures of the training: they are worked for these two. */
static int draw_worked(const struct scene *scene, const struct pen *pen, int y, const struct moments *m)
{
    struct difference row;
    if (differs_kept(scene, m, &row))
        write_row(pen, y++, &row, has_three(pen, m), false);
    if (differs_cut(scene, m, &row))
        write_row(pen, y++, &row, has_three(pen, m), false);
    return y;
}

/* What the rows below are. */
static int draw_verdict(const struct pen *pen, int y, const char *text)
{
    pen_text(pen, 0, y, ROLE_QUIET, text);
    return y + 1;
}

/* Of so many draws of one distribution each is as likely to be the furthest as the others. */
static void chance_words(const struct moments *m, char *text, size_t size)
{
    char more[24] = " is";
    if (m->n_chances > 1)
        snprintf(more, sizeof more, " and %d more are", m->n_chances - 1);
    snprintf(text, size,
             "%s%s %s with other draws: of each row luck goes beyond %s 1 time in %d; :chance adds one",
             m->chance_of[0]->name, more, m->branch->name, m->n_chances > 1 ? "them" : "it",
             m->n_chances + 1);
}

/* One run of each is no experiment: where the rest is to be had. */
static void draw_chance(const struct pen *pen, int y, const struct moments *m)
{
    char text[200] = "", count[32];
    struct pen rest = pen_rows(pen, y + 1, pen->rect.height - y - 1);
    uint64_t parted = snapshot_parted(m->then, m->now);
    if (m->n_chances)
        chance_words(m, text, sizeof text);
    else if (!moments_by_chance(m) && parted < UINT64_MAX)
        snprintf(text, sizeof text,
                 "one run each. :chance trains %s again from step %s with other draws and nothing else",
                 m->branch->name, format_count(parted, count));
    else if (moments_by_chance(m))
        snprintf(text, sizeof text, "only what was drawn differs: what chance does");
    if (rest.rect.height >= 2)
        pen_wrap(&rest, 0, ROLE_QUIET, text);
}

/* What the rows from here on are; NULL: what those before them were. */
static const char *verdict_at(const struct moments *m, bool wide, const struct differences *found, int i)
{
    if (i == 0 && found->clear)
        return m->n_chances && wide   ? "beyond the wobble, further than by chance:"
               : m->n_chances         ? "beyond the wobble and chance:"
               : moments_by_chance(m) ? "beyond the wobble, by chance alone:"
               : wide                 ? "beyond the wobble (3 x the noise of a measure):"
                                      : "beyond the wobble:";
    if (i == found->clear && i < found->beyond)
        return wide ? "beyond the wobble, but chance goes as far:" : "beyond the wobble, not chance:";
    if (i == found->beyond && differs_judged(found))
        return i ? "no more than they wobble:" : "nothing is beyond the wobble:";
    return NULL;
}

/* Those that differ by more than they wobble, then the others, quietly. */
static int draw_measures(const struct scene *scene, const struct pen *pen, int y, const struct moments *m)
{
    struct differences found;
    differs_measures(scene, m, &found);
    bool judged = differs_judged(&found);
    for (int i = 0; i < found.n && y < pen->rect.height; i++) {
        const char *verdict = verdict_at(m, pen->rect.width >= THREE_NEED, &found, i);
        if (verdict)
            y = draw_verdict(pen, y, verdict);
        write_row(pen, y++, &found.row[i], has_three(pen, m), judged && i >= found.clear);
    }
    return y;
}

/* ---- the heading ---- */

/* "what differs at step 220     run 1    run 2", and where there is no such step how far the two are. */
static int head_of_branch(const struct scene *scene, const struct pen *pen, const struct moments *m)
{
    char title[80], then[48], now[48];
    const char *name = differs_name(scene, m), *chance = m->n_chances ? m->chance_of[0]->name : "";
    bool level = m->then->step == m->now->step, three = has_three(pen, m);
    snprintf(then, sizeof then, "%s", m->branch->name);
    snprintf(title, sizeof title, level ? "what differs at step %s" : "what differs",
             format_count(m->now->step, now));
    if (text_width(title) > pen->rect.width - (1 + three) * COLUMN - 3 - text_width(then))
        snprintf(title, sizeof title, "at step %s", now);
    change_row(pen, 0, three,
               (const char *const[]){"", then, text_width(name) < COLUMN ? name : "here",
                                     text_width(chance) < COLUMN ? chance : "chance"});
    pen_text(pen, 0, 0, ROLE_STRONG, title);
    if (level)
        return 1;
    format_count(m->then->step, then);
    change_row(pen, 1, false, (const char *const[]){"at step", then, now, ""});
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
    change_row(pen, 0, false, (const char *const[]){"", then, now, ""});
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
