/* SPDX-License-Identifier: MIT
 *
 * View 7: the run as a line one can walk along. Kept steps, events and branches, and what is different now
 * from the step it is compared with.
 */
#include "base/check.h"
#include "space/sensitivity.h"
#include "view/act.h"
#include "view/course.h"
#include "view/facts.h"
#include "view/panels.h"
#include "view/rows.h"
#include "view/threshold.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { STRIP = 4, CHANGE_K = 10, SETTINGS_ROWS = 17 };

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
    const struct snapshot *before = scene_before(scene);
    if (before && before->run == scene->now->run)
        pen_text(pen, step_place(before->step, last, width), 0, ROLE_STRONG, scene->pinned ? "A" : "a");
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

static void draw_branch(const struct scene *scene, const struct pen *pen, int y, const struct branch *b)
{
    char value[48] = "", count[32];
    const struct measure *m = b->newest && b->newest->measures.n ? &b->newest->measures.item[0] : NULL;
    if (m && m->column >= 0)
        snprintf(value, sizeof value, "%s %s %%", scene_column_name(scene, m->column),
                 format_percent(pen->theme, (double)m->value, count));
    int right = pen->rect.width - text_width(value);
    struct pen left = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, right - 1, pen->rect.height});
    int x = pen_text(&left, 0, y, b->here ? ROLE_STRONG : ROLE_TEXT, b->name);
    if (b->newest)
        x = pen_printf(&left, x + 1, y, ROLE_QUIET, "to step %s", format_count(b->newest->step, count));
    pen_text(&left, x + 1, y, ROLE_QUIET, b->what);
    pen_text(pen, right, y, ROLE_TEXT, value);
}

static void draw_branches(struct scene *scene, const struct pen *pen)
{
    const struct time_choice *c = &scene->choice.time;
    int n = (int)scene->n_branches, room = pen->rect.height - 1, at = c->list == TIME_BRANCHES ? c->row : 0;
    heading(scene, pen, TIME_BRANCHES, "branches");
    pen_right(pen, 0, ROLE_QUIET,
              scene->elsewhere        ? ""
              : pen->rect.width >= 40 ? "b branches here, Enter goes on"
                                      : "b: branch here");
    for (int i = rows_from(n, room, at), y = 1; i < n && y <= room; i++, y++) {
        draw_branch(scene, pen, y, &scene->branch[i]);
        if (c->list == TIME_BRANCHES && i == at)
            row_highlight(pen, y);
    }
}

/* ---- what is different ---- */

static void change_row(const struct pen *pen, int y, const char *name, const char *then, const char *now)
{
    pen_text(pen, 0, y, ROLE_TEXT, name);
    struct rect r = pen->rect;
    struct pen left = pen_at(pen, (struct rect){r.x, r.y, r.width - 10, r.height});
    struct pen right = pen_at(pen, (struct rect){r.x, r.y, r.width - 1, r.height});
    pen_right(&left, y, ROLE_QUIET, then);
    pen_right(&right, y, ROLE_STRONG, now);
}

/* What now is compared with here: the highlighted branch at the same step, else what all views compare with.
 */
static const struct branch *highlighted_branch(const struct scene *scene)
{
    const struct time_choice *c = &scene->choice.time;
    bool branch = c->list == TIME_BRANCHES && c->row >= 0 && c->row < (int)scene->n_branches;
    const struct branch *b = branch ? &scene->branch[c->row] : NULL;
    return b && !b->here && b->level && b->level->n_probe == scene->now->n_probe ? b : NULL;
}

static const struct snapshot *compared(const struct scene *scene)
{
    const struct branch *b = highlighted_branch(scene);
    return b ? b->level : scene_before(scene);
}

static int draw_settings(const struct pen *pen, int y, const struct settings *then,
                         const struct settings *now)
{
    for (int i = 0; i < now->n && y < pen->rect.height - 3; i++) {
        const struct setting *is = &now->item[i], *was = settings_find(then, is->name);
        if (was && strcmp(was->text, is->text) != 0)
            change_row(pen, y++, is->label, was->text, is->text);
    }
    return y;
}

/* "shape %", "size R² %"; the rest are in the term's own unit. */
static void measure_name(const struct scene *scene, const struct measure *m, char *name, size_t size)
{
    if (m->column >= 0)
        snprintf(name, size, "%.50s%s %%", scene_column_name(scene, m->column),
                 m->term == TERM_r2 ? " R²" : "");
    else
        snprintf(name, size, "%s", term_entry(m->term)->name);
}

static int draw_measures(const struct scene *scene, const struct pen *pen, int y,
                         const struct snapshot *before)
{
    for (int i = 0; i < scene->now->measures.n && y < pen->rect.height - 3; i++) {
        const struct measure *m = &scene->now->measures.item[i];
        const struct measure *was = measures_find(&before->measures, m->term, m->column);
        char name[64], then[32], now[32];
        bool share = m->column >= 0;
        if (!was || m->term == TERM_knn_moved)
            continue;
        format_number(pen->theme, (share ? 100 : 1) * (double)was->value, share ? 0 : 2, then);
        format_number(pen->theme, (share ? 100 : 1) * (double)m->value, share ? 0 : 2, now);
        measure_name(scene, m, name, sizeof name);
        change_row(pen, y++, name, then, now);
    }
    return y;
}

/* Where an FMR of one in a hundred lies, then and now. */
static int draw_cut(const struct scene *scene, const struct pen *pen, int y, const struct snapshot *before)
{
    const struct result *r = scene->found[REQUEST_DRIFT];
    char then[32], now[32];
    if (!r || r->drift.n != 2 || r->drift.step[0] != before->step || r->drift.run[0] != before->run)
        return y;
    struct match_table a = counts_table(&r->drift.counts[0]), b = counts_table(&r->drift.counts[1]);
    format_number(pen->theme, threshold_of_bin(threshold_at_fmr(&a, 0.01), a.n_bins), 3, then);
    format_number(pen->theme, threshold_of_bin(threshold_at_fmr(&b, 0.01), b.n_bins), 3, now);
    change_row(pen, y, "threshold at FMR 1 %", then, now);
    return y + 1;
}

static int draw_kept(const struct scene *scene, const struct pen *pen, int y, const struct snapshot *before)
{
    const struct result *r = scene->found[REQUEST_GRAPH];
    char now[32];
    if (!r || r->graph.before_step != before->step || r->graph.before_run != before->run ||
        r->graph.n != (size_t)scene_items(scene))
        return y;
    format_number(pen->theme, (double)r->graph.mean_jaccard, 2, now);
    change_row(pen, y, "neighbours kept", "", now);
    return y + 1;
}

static void draw_change(struct scene *scene, const struct pen *pen)
{
    const struct snapshot *before = compared(scene);
    const struct branch *branch = highlighted_branch(scene);
    char then[48], now[32], count[32];
    if (!before) {
        struct pen rest = pen_rows(pen, 1, pen->rect.height - 1);
        pen_text(pen, 0, 0, ROLE_STRONG, "what changed");
        pen_wrap(&rest, 0, ROLE_QUIET, "p pins this step as A: then every view shows what changed since");
        return;
    }
    snprintf(then, sizeof then, "%s%s",
             scene->pinned == before ? "A "
             : branch                ? ""
                                     : "step ",
             branch ? branch->name : format_count(before->step, count));
    change_row(pen, 0, branch ? "what differs" : "what changed", then, branch ? "here" : "now");
    int y = 1;
    if (branch) {
        snprintf(then, sizeof then, "%s", format_count(before->step, count));
        change_row(pen, y++, "at step", then, format_count(scene->now->step, now));
    }
    y = draw_settings(pen, y, &before->settings, &scene->now->settings);
    y = draw_measures(scene, pen, y, before);
    y = draw_kept(scene, pen, y, before);
    draw_cut(scene, pen, y, before);
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
    if (p.rect.height > 4)
        panel_compare(scene, &p, compared(scene));
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
                {draw_change, places.change},
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
    const struct time_choice *c = &scene->choice.time;
    if (c->list == TIME_EVENTS && c->row < count_events(scene))
        go_to(post, event_row(scene, c->row)->step);
    else if (c->list == TIME_BRANCHES && c->row < (int)scene->n_branches && post->switch_branch)
        post->switch_branch(post->ctx, (size_t)c->row);
    else if (c->list == TIME_FACTORS && c->row < rows_of_list(scene))
        say(post, false, "%s: its training is the run %s of this folder, which nearfar explore opens",
            scene->sensitivity->row[c->row].what, scene->sensitivity->row[c->row].name);
}

/* Kept steps back or on; at the live end there is nothing beyond. */
static void scrub(const struct scene *scene, int by, const struct post *post)
{
    enum action action = by < 0 ? ACTION_STEP_BACK : ACTION_STEP;
    for (int i = 0; i < (by < 0 ? -by : by) && post->travel; i++)
        if (by < 0 || scene->past)
            post->travel(post->ctx, action);
}

static void other_list(struct time_choice *c, int by)
{
    c->list = (c->list + TIME_LISTS + by) % TIME_LISTS;
    c->row = 0;
}

static bool leave_settings(struct time_choice *c)
{
    bool there = c->list == TIME_SETTINGS;
    if (there)
        other_list(c, 1);
    return there;
}

/* The run that is left is highlighted, so that what becomes of the branch is compared with it. */
static void branch_and_compare(struct scene *scene, const struct post *post)
{
    struct time_choice *c = &scene->choice.time;
    if (!post->branch)
        return;
    post->branch(post->ctx, NULL);
    c->list = TIME_BRANCHES;
    c->row = scene->n_branches > 0 ? (int)scene->n_branches - 1 : 0;
}

static bool time_act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    (void)key;
    struct time_choice *c = &scene->choice.time;
    int n = rows_of_list(scene);
    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN: c->row = row_moved(action, c->row, n); return true;
    case ACTION_NEXT_PANEL: other_list(c, 1); return true;
    case ACTION_PREVIOUS_PANEL: other_list(c, -1); return true;
    case ACTION_SETTINGS: c->list = TIME_SETTINGS; return true;
    case ACTION_BACK: return leave_settings(c);
    case ACTION_BRANCH: branch_and_compare(scene, post); return true;
    case ACTION_LEFT: scrub(scene, -1, post); return true;
    case ACTION_RIGHT: scrub(scene, 1, post); return true;
    case ACTION_PAGE_UP: scrub(scene, -10, post); return true;
    case ACTION_PAGE_DOWN: scrub(scene, 10, post); return true;
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

static void time_wants(struct scene *scene, const struct post *post)
{
    const struct snapshot *before = compared(scene);
    if (scene->choice.time.list == TIME_GROUPS)
        course_wants(scene, post, before);
    int most = scene_items(scene) - 1, k = CHANGE_K < most ? CHANGE_K : most;
    if (!before || k < 1)
        return;
    struct request request = {.kind = REQUEST_GRAPH, .snapshot = scene->now, .other = {before}};
    request.graph = (struct graph_question){SPACE_H, METRIC_COSINE, k};
    scene_ask(scene, &request, post);
    request = (struct request){.kind = REQUEST_DRIFT, .snapshot = scene->now, .other = {before}};
    request.drift =
        (struct drift_question){(enum relation)scene->choice.threshold.relation, SPACE_H, scene_label(scene)};
    scene_ask(scene, &request, post);
}

static void time_words(struct scene *scene, struct strbuf *out)
{
    const struct snapshot *before = compared(scene);
    const struct branch *branch = highlighted_branch(scene);
    strbuf_printf(out, "%zu steps up to %llu are kept; shown is step %llu, %s.\n", scene->n_kept,
                  (unsigned long long)scene_last_step(scene), (unsigned long long)scene->now->step,
                  scene->past ? "in the past" : "live");
    for (size_t i = 0; i < scene->n_branches; i++)
        strbuf_printf(out, "%s: %s%s.\n", scene->branch[i].name, scene->branch[i].what,
                      scene->branch[i].here ? ", the one shown" : "");
    if (!before)
        return;
    strbuf_printf(out, "Compared with %s%sstep %llu:", branch ? branch->name : "", branch ? ", " : "",
                  (unsigned long long)before->step);
    for (int i = 0; i < scene->now->measures.n; i++) {
        const struct measure *m = &scene->now->measures.item[i];
        const struct measure *was = measures_find(&before->measures, m->term, m->column);
        if (was && m->column >= 0 && m->term != TERM_knn_moved)
            strbuf_printf(out, " %s was %.2f, is %.2f;", scene_column_name(scene, m->column),
                          (double)was->value, (double)m->value);
    }
    strbuf_puts(out, "\n");
}

static const struct key_help time_keys[] = {
    {"←→", "step", "a kept step back or on; PgUp PgDn ten of them, g the start, G live"},
    {"< >", NULL, "the event before, the next; :goto 150 and :goto -200 go to a step"},
    {"Space", NULL, "in the past: play through the kept steps, or stop"},
    {"Tab", "list",
     "events, branches (the highlighted one is compared), settings, groups, what moves the audit"},
    {"Enter", "go there", "to the step of the highlighted event, or on with the highlighted branch"},
    {"S", "settings", "settings for a branch: arrows change them; b begins it"},
    {"b", "branch", "train again from here, with the settings as they stand; :branch NAME names it"},
    {"p", "pin A", "every view compares with this step from now on; again: no more"},
    {"m", "keep", "this step stays in the history whatever is thinned out"},
    {NULL, NULL, NULL},
};
static const int time_terms[] = {TERM_jaccard,   TERM_fmr,        TERM_fnmr, TERM_knn,
                                 TERM_alignment, TERM_uniformity, -1};

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
    .tip = "try: back with the arrows, S a setting, b: branch; both runs stay to compare",
};
