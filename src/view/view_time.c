/* SPDX-License-Identifier: MIT
 *
 * View 7: the run as a line one can walk along. Kept steps, events and branches, and what is different now
 * from the step it is compared with.
 */
#include "base/check.h"
#include "space/sensitivity.h"
#include "view/act.h"
#include "view/course.h"
#include "view/differs.h"
#include "view/facts.h"
#include "view/panels.h"
#include "view/rows.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { STRIP = 4, SETTINGS_ROWS = 17, PAGE = 100 /* steps */ };

/* ---- the line ---- */

static uint64_t step_at(const struct scene *scene, int width, int x)
{
    double share = width > 1 ? (double)x / (width - 1) : 0;
    return (uint64_t)llround(fmin(fmax(share, 0), 1) * (double)scene_last_step(scene));
}

static void draw_events_on_line(const struct scene *scene, const struct pen *pen, uint64_t last)
{
    size_t n = scene->now->events ? series_count(scene->now->events) : 0;
    for (size_t i = n > 512 ? n - 512 : 0; i < n; i++) {
        const struct event *e = series_at(scene->now->events, i);
        bool bad = e->kind == EVENT_FAILED || e->kind == EVENT_COLLAPSE;
        if (e->kind != EVENT_SAVED && e->step <= last)
            pen_glyph(pen, step_place(e->step, last, pen->rect.width), 1, bad ? ROLE_BAD : ROLE_ACCENT,
                      GLYPH_MARK);
    }
}

/* Kept steps as dots, events below, where one stands and what it is compared with. */
static void draw_line(const struct scene *scene, const struct pen *pen)
{
    char now[48], last_text[32], count[32];
    uint64_t last = scene_last_step(scene);
    int width = pen->rect.width;
    for (int i = 0; i < width; i++)
        pen_glyph(pen, i, 0, ROLE_QUIET,
                  i == 0          ? GLYPH_LINE_START
                  : i < width - 1 ? GLYPH_LINE
                                  : GLYPH_LINE_END);
    for (size_t i = 0; i < scene->n_kept; i++)
        pen_glyph(pen, step_place(scene->kept[i]->step, last, width), 0, ROLE_TEXT, GLYPH_DOT);
    draw_events_on_line(scene, pen, last);
    struct moments m = scene_moments(scene);
    if (m.then && !m.branch && m.then != scene->now && m.then->run == scene->now->run)
        pen_text(pen, step_place(m.then->step, last, width), 0, ROLE_STRONG, scene->pinned ? "A" : "a");
    int at = step_place(scene->now->step, last, width);
    pen_glyph(pen, at, 0, ROLE_ACCENT, GLYPH_FAR);
    snprintf(now, sizeof now, scene->past || scene->elsewhere ? "step %s" : "step %s, live",
             format_count(scene->now->step, count));
    snprintf(last_text, sizeof last_text, "%s", format_count(last, count));
    int x = at - text_width(now) / 2;
    x = x < 0 ? 0 : x > width - text_width(now) ? width - text_width(now) : x;
    pen_text(pen, x, 2, ROLE_ACCENT, now);
    if (x > 2)
        pen_text(pen, 0, 2, ROLE_QUIET, "0");
    if (x + text_width(now) + 1 < width - text_width(last_text))
        pen_right(pen, 2, ROLE_QUIET, last_text);
}

/* ---- events ---- */

static int count_events(const struct scene *scene)
{
    return scene->now && scene->now->events ? (int)series_count(scene->now->events) : 0;
}

/* The newest first. */
static const struct event *event_row(const struct scene *scene, int i)
{
    CHECK(scene->now && scene->now->events);
    return series_at(scene->now->events, (size_t)(count_events(scene) - 1 - i));
}

static void heading(const struct scene *scene, const struct pen *pen, int list, const char *text)
{
    pen_text(pen, 0, 0, scene->choice.time.list == list ? ROLE_ACCENT : ROLE_STRONG, text);
}

static void draw_events(struct scene *scene, const struct pen *pen)
{
    const struct time_choice *c = &scene->choice.time;
    int n = count_events(scene), room = pen->rect.height - 1, at = c->list == TIME_EVENTS ? c->row : 0;
    heading(scene, pen, TIME_EVENTS, "events");
    for (int i = rows_from(n, room, at), y = 1; i < n && y <= room; i++, y++) {
        const struct event *e = event_row(scene, i);
        char count[32];
        bool bad = e->kind == EVENT_FAILED || e->kind == EVENT_COLLAPSE;
        pen_printf(pen, 0, y, ROLE_QUIET, "%8s", format_count(e->step, count));
        pen_text(pen, 10, y, bad ? ROLE_BAD : ROLE_TEXT, e->text);
        if (c->list == TIME_EVENTS && i == at)
            row_highlight(pen, y);
    }
}

/* ---- branches ---- */

/* How far it has come: "to step 480   shape 96 %", "to 480   shape 96 %", the first half of it, or nothing.
 */
static void draw_reached(const struct scene *scene, const struct pen *pen, int y, int room,
                         const struct branch *b)
{
    static const char *const forms[] = {"to step %s   %s", "to %s   %s", "to step %s"};
    char text[120], reads[80] = "", count[32], percent[32];
    const struct measure *m = b->newest->measures.n ? &b->newest->measures.item[0] : NULL;
    bool labelled = m && m->column >= 0;
    format_count(b->newest->step, count);
    if (labelled)
        snprintf(reads, sizeof reads, "%.40s %s %%", scene_column_name(scene, m->column),
                 format_percent(pen->theme, (double)m->value, percent));
    for (size_t i = labelled ? 0 : 2; i < ARRAY_LEN(forms); i++) {
        snprintf(text, sizeof text, forms[i], count, reads);
        if (text_width(text) > room)
            continue;
        pen_right(pen, y, ROLE_TEXT, text);
        return;
    }
}

static void draw_branch(const struct scene *scene, const struct pen *pen, int y, const struct branch *b)
{
    int x = pen_text(pen, 0, y, b->here ? ROLE_STRONG : ROLE_TEXT, b->name);
    x = pen_text(pen, x + 1, y, ROLE_QUIET, b->what);
    if (b->newest)
        draw_reached(scene, pen, y, pen->rect.width - x - 2, b);
}

/* Where b begins one. */
static void branches_hint(const struct scene *scene, const struct pen *pen)
{
    char text[64];
    if (scene->elsewhere)
        return;
    if (scene->plan && scene->plan->from)
        snprintf(text, sizeof text, "b: from step %llu", (unsigned long long)scene->plan->from->step);
    else
        snprintf(text, sizeof text, "%s",
                 pen->rect.width >= 40 ? "b branches here, Enter shows" : "b: branch here");
    pen_right(pen, 0, ROLE_QUIET, text);
}

static void draw_branches(struct scene *scene, const struct pen *pen)
{
    const struct time_choice *c = &scene->choice.time;
    int n = (int)scene->n_branches, room = pen->rect.height - 1, at = c->list == TIME_BRANCHES ? c->row : 0;
    heading(scene, pen, TIME_BRANCHES, "branches");
    branches_hint(scene, pen);
    for (int i = rows_from(n, room, at), y = 1; i < n && y <= room; i++, y++) {
        draw_branch(scene, pen, y, &scene->branch[i]);
        if (c->list == TIME_BRANCHES && i == at)
            row_highlight(pen, y);
    }
}

/* ---- the view ---- */

struct places {
    struct rect line, events, branches, curves, change, settings;
};

/* Where events and branches leave room: the curves of this run and of those before it. */
static struct rect curves_place(struct rect left)
{
    enum { LISTS_NEED = 22, CURVES = 24 };
    int rows = left.height - LISTS_NEED < CURVES ? left.height - LISTS_NEED : CURVES;
    rows = rows < 7 ? 0 : rows;
    return (struct rect){left.x, left.y + left.height - rows, left.width, rows};
}

static struct places places_of(const struct scene *scene, struct rect r)
{
    struct places p = {.line = {r.x + 2, r.y + 1, r.width - 4, STRIP - 1}};
    struct rect rest = {r.x + 1, r.y + STRIP + 1, r.width - 2, r.height - STRIP - 1};
    int side = r.width >= 110 ? r.width * 2 / 5 : 38;
    side = side < rest.width ? side : rest.width;
    struct rect left = {rest.x, rest.y, rest.width - side - 2, rest.height};
    p.curves = curves_place(left);
    left.height -= p.curves.height + (p.curves.height > 0);
    int below = left.height / 3 < 4 ? 4 : left.height / 3;
    p.change = (struct rect){rest.x + rest.width - side, rest.y, side, rest.height};
    p.settings = (struct rect){0, 0, 0, 0};
    if (scene->choice.time.list == TIME_SETTINGS || p.change.height >= 2 * SETTINGS_ROWS) {
        int rows = p.change.height >= 2 * SETTINGS_ROWS ? SETTINGS_ROWS : p.change.height;
        p.settings = (struct rect){p.change.x, p.change.y + p.change.height - rows, side, rows};
        p.change.height -= rows;
    }
    p.events = (struct rect){left.x, left.y, left.width, left.height - below - 1};
    p.branches = (struct rect){left.x, left.y + left.height - below, left.width, below};
    return p;
}

static void draw_curves(struct scene *scene, const struct pen *pen)
{
    int column = scene_headline_column(scene), n = column == NO_COLUMN ? 1 : 2;
    struct pen p = pen_at(pen, layout_column(pen->rect, n, 0, 2));
    if (n == 2)
        chart_readable(scene, &p, column, true);
    p = pen_at(pen, layout_column(pen->rect, n, n - 1, 2));
    chart_loss(scene, &p, true);
}

static void draw_run_settings(struct scene *scene, const struct pen *pen)
{
    panel_settings(scene, pen);
}

/* The audit over time and across choices takes the place of the lists. */
static bool draw_audit(struct scene *scene, const struct pen *pen, const struct places *places)
{
    const struct time_choice *c = &scene->choice.time;
    struct rect left = places->events, right = places->change;
    left.height = right.height = places->curves.y + places->curves.height - left.y;
    if (c->list != TIME_GROUPS && c->list != TIME_FACTORS)
        return false;
    if (c->list == TIME_FACTORS)
        left.width = right.x + right.width - left.x;
    struct pen p = pen_at(pen, rect_clip(left, pen->rect));
    if (p.rect.height < 4 || p.rect.width < 20)
        return true;
    if (c->list == TIME_FACTORS) {
        panel_factors(scene, &p, c->row);
        return true;
    }
    panel_course(scene, &p, c->row);
    p = pen_at(pen, rect_clip(right, pen->rect));
    struct moments m = scene_moments(scene);
    if (p.rect.height > 4)
        panel_compare(scene, &p, &m);
    return true;
}

static void time_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct pen pen = {canvas, scene->theme, rect};
    struct places places = places_of(scene, rect);
    if (!scene->now)
        return;
    struct {
        void (*draw)(struct scene *, const struct pen *);
        struct rect rect;
    } part[] = {{draw_events, places.events},
                {draw_branches, places.branches},
                {draw_curves, places.curves},
                {panel_differs, places.change},
                {draw_run_settings, places.settings}};
    struct pen p = pen_at(&pen, rect_clip(places.line, rect));
    if (p.rect.height > 0 && p.rect.width > 8)
        draw_line(scene, &p);
    if (draw_audit(scene, &pen, &places))
        return;
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        p = pen_at(&pen, rect_clip(part[i].rect, rect));
        if (p.rect.height > 0 && p.rect.width > 8)
            part[i].draw(scene, &p);
    }
}

static void go_to(const struct post *post, uint64_t step)
{
    if (post->travel_to)
        post->travel_to(post->ctx, step);
}

static int rows_of_list(const struct scene *scene)
{
    switch (scene->now ? scene->choice.time.list : TIME_SETTINGS) {
    case TIME_EVENTS: return count_events(scene);
    case TIME_BRANCHES: return (int)scene->n_branches;
    case TIME_GROUPS: return course_charts();
    case TIME_FACTORS: return scene->sensitivity ? (int)scene->sensitivity->n : 0;
    default: return 0;
    }
}

static void look_into(struct scene *scene, const struct post *post)
{
    struct time_choice *c = &scene->choice.time;
    if (c->list == TIME_EVENTS && c->row < count_events(scene)) {
        go_to(post, event_row(scene, c->row)->step);
        c->come_to =
            scene->now->step; /* this one stays highlighted, though the kept step may lie before it */
    } else if (c->list == TIME_BRANCHES && c->row < (int)scene->n_branches && post->switch_branch)
        post->switch_branch(post->ctx, (size_t)c->row);
    else if (c->list == TIME_FACTORS && c->row < rows_of_list(scene))
        say(post, false, "%s: its training is the run %s of this folder, which nearfar explore opens",
            scene->sensitivity->row[c->row].what, scene->sensitivity->row[c->row].name);
    else
        say(post, false, "nothing is highlighted in this list: Tab goes to the next");
}

/* A kept step back or on; at the live end there is nothing beyond. */
static void scrub(const struct scene *scene, int by, const struct post *post)
{
    if (post->travel && (by < 0 || scene->past))
        post->travel(post->ctx, by < 0 ? ACTION_STEP_BACK : ACTION_STEP);
}

/* So many steps, to the nearest kept one; at the live end there is nothing beyond. */
static void page(const struct scene *scene, int64_t by, const struct post *post)
{
    int64_t step = (scene->now ? (int64_t)scene->now->step : 0) + by;
    if (by < 0 || scene->past)
        go_to(post, step > 0 ? (uint64_t)step : 0);
}

/* A page that would be empty is no page: Tab goes past it. */
static bool list_has_something(const struct scene *scene, int list)
{
    switch (list) {
    case TIME_SETTINGS: return !scene->elsewhere;
    case TIME_GROUPS: return course_possible(scene);
    case TIME_FACTORS: return scene->sensitivity != NULL;
    default: return true;
    }
}

static void other_list(struct scene *scene, int by)
{
    struct time_choice *c = &scene->choice.time;
    do
        c->list = (c->list + TIME_LISTS + by) % TIME_LISTS;
    while (!list_has_something(scene, c->list));
    c->row = 0;
}

/* One level back: to the events. */
static bool leave_list(struct time_choice *c)
{
    if (c->list < TIME_SETTINGS)
        return false;
    c->list = TIME_EVENTS;
    c->row = 0;
    return true;
}

static void branch_and_compare(struct scene *scene, const struct post *post)
{
    if (!post->branch)
        return;
    post->branch(post->ctx, NULL);
    differs_of_branch(scene);
}

static bool time_act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    (void)key;
    struct time_choice *c = &scene->choice.time;
    int n = rows_of_list(scene);
    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN: c->row = row_moved(action, c->row, n); return true;
    case ACTION_NEXT_PANEL: other_list(scene, 1); return true;
    case ACTION_PREVIOUS_PANEL: other_list(scene, -1); return true;
    case ACTION_SETTINGS: c->list = TIME_SETTINGS; return true;
    case ACTION_BACK: return leave_list(c);
    case ACTION_BRANCH: branch_and_compare(scene, post); return true;
    case ACTION_LEFT: scrub(scene, -1, post); return true;
    case ACTION_RIGHT: scrub(scene, 1, post); return true;
    case ACTION_PAGE_UP: page(scene, -PAGE, post); return true;
    case ACTION_PAGE_DOWN: page(scene, PAGE, post); return true;
    case ACTION_FIRST: go_to(post, 0); return true;
    case ACTION_LAST: go_to(post, UINT64_MAX); return true;
    case ACTION_ENTER: look_into(scene, post); return true;
    case ACTION_MARK:
        if (post->mark_step)
            post->mark_step(post->ctx);
        return post->mark_step != NULL;
    default: return false;
    }
}

static bool time_mouse(struct scene *scene, struct mouse mouse, struct rect rect, const struct post *post)
{
    struct places p = places_of(scene, rect);
    struct time_choice *c = &scene->choice.time;
    bool press = mouse.what == MOUSE_PRESS;
    if (!scene->now)
        return false;
    if (mouse_is_wheel(mouse)) {
        scrub(scene, mouse.what == MOUSE_WHEEL_UP ? -1 : 1, post);
        return true;
    }
    if (rect_has(p.line, mouse.x, mouse.y) && (press || mouse.what == MOUSE_DRAG)) {
        go_to(post, step_at(scene, p.line.width, mouse.x - p.line.x));
        return true;
    }
    for (int list = TIME_EVENTS; list < TIME_SETTINGS && press && c->list < TIME_GROUPS; list++) {
        bool events = list == TIME_EVENTS;
        struct list_place place = {events ? p.events : p.branches,
                                   events ? count_events(scene) : (int)scene->n_branches,
                                   c->list == list ? c->row : 0, 0};
        int row = row_pointed(&place, mouse);
        if (row < 0)
            continue;
        bool again = c->list == list && c->row == row;
        c->list = list;
        c->row = row;
        if (again)
            look_into(scene, post);
        return true;
    }
    return false;
}

/* Who comes to a step of the past finds the last event that had happened highlighted. */
static void highlight_event(struct scene *scene)
{
    struct time_choice *c = &scene->choice.time;
    uint64_t step = scene->now->step;
    int n = count_events(scene), row = 0;
    while (row + 1 < n && event_row(scene, row)->step > step)
        row++;
    if (scene->past && c->list == TIME_EVENTS && c->come_to != step)
        c->row = row;
    c->come_to = step;
}

static void time_wants(struct scene *scene, const struct post *post)
{
    if (scene->now)
        highlight_event(scene);
    struct moments m = scene_moments(scene);
    if (scene->choice.time.list == TIME_GROUPS)
        course_wants(scene, post, &m);
    differs_wants(scene, &m, post);
}

static void time_words(struct scene *scene, struct strbuf *out)
{
    char plan[200];
    strbuf_printf(out, "%zu steps up to %llu are kept; shown is step %llu, %s.\n", scene->n_kept,
                  (unsigned long long)scene_last_step(scene), (unsigned long long)scene->now->step,
                  scene->past ? "in the past" : "live");
    for (size_t i = 0; i < scene->n_branches; i++)
        strbuf_printf(out, "%s: %s%s.\n", scene->branch[i].name, scene->branch[i].what,
                      scene->branch[i].here ? ", the one shown" : "");
    if (plan_words(scene, plan, sizeof plan))
        strbuf_printf(out, "%s.\n", plan);
    differs_words(scene, out);
}

/* Of a list that is walked: the highlighted event whole, where a narrow list has to cut it. */
static bool long_event(struct scene *scene, char *text, size_t size)
{
    enum { FITS = 26 };
    const struct time_choice *c = &scene->choice.time;
    bool here = c->list == TIME_EVENTS && c->row > 0 && c->row < count_events(scene);
    const struct event *e = here ? event_row(scene, c->row) : NULL;
    if (!e || text_width(e->text) <= FITS)
        return false;
    snprintf(text, size, "step %llu: %s", (unsigned long long)e->step, e->text);
    return true;
}

static bool time_hint(struct scene *scene, char *text, size_t size)
{
    if (plan_words(scene, text, size))
        return true;
    struct moments m = scene_moments(scene);
    bool asked = m.branch || (scene->pinned && m.then == scene->pinned);
    return (asked && differs_line(scene, text, size)) || long_event(scene, text, size);
}

static const struct key_help time_keys[] = {
    {"←→", "step", "a kept step back or on; g the start, G live; a click on the line goes there"},
    {"PgUp", "100 back", "and PgDn 100 on: steps of the training, to the nearest kept one"},
    {":goto -200", NULL,
     "so many steps back from here; :goto 150 to that step; < > the event before, the next"},
    {"Space", NULL, "in the past: play through the kept steps, or stop"},
    {"Tab", "list",
     "events, branches (the highlighted one is compared), settings, groups over the steps, and of a folder "
     "of "
     "audit --sensitivity what moves the audit"},
    {"Enter", "event",
     "to the step of the highlighted event; or to the end of the highlighted branch, where Space trains on"},
    {"S", "settings", "settings for a branch: arrows change them; b begins it"},
    {"b", "branch",
     "train again from here, with the settings as they stand; :branch NAME names it; :chance trains the "
     "run it left again with other draws: what goes beyond that is no chance"},
    {"p", "pin A", "every view compares with this step from now on; again: no more"},
    {"m", "keep", "this step stays in the history whatever is thinned out"},
    {NULL, NULL, NULL},
};
static const int time_terms[] = {TERM_wobble, TERM_jaccard,   TERM_fmr,        TERM_fnmr,
                                 TERM_knn,    TERM_alignment, TERM_uniformity, -1};

extern const struct view view_time;
const struct view view_time = {
    .entry = {"time", "every step of the run again, and its branches", NULL},
    .draw = time_draw,
    .act = time_act,
    .wants = time_wants,
    .mouse = time_mouse,
    .words = time_words,
    .keys = time_keys,
    .terms = time_terms,
    .tip_still = "try: p pins this step: every view then shows what is different from it",
    .hint = time_hint,
    .tip = "try: PgUp: 100 steps back, S: other settings, b: a branch; both runs stay",
};
