/* SPDX-License-Identifier: MIT */
#include "view/differs.h"

#include "view/act.h"
#include "view/facts.h"
#include "view/threshold.h"

#include <stdio.h>
#include <string.h>

enum { CHANGE_K = 10, COLUMN = 9 };

/* ---- which two ---- */

static bool can_compare(const struct snapshot *a, const struct snapshot *b)
{
    bool one = a == b || (a && b && a->run == b->run && a->step == b->step);
    return a && b && !one && a->n_probe == b->n_probe && a->n_probe > 0;
}

static const struct branch *highlighted(const struct scene *scene)
{
    const struct time_choice *c = &scene->choice.time;
    bool some = c->list == TIME_BRANCHES && c->row >= 0 && c->row < (int)scene->n_branches;
    return some && !scene->branch[c->row].here ? &scene->branch[c->row] : NULL;
}

/* The run that was on the screen before this one. */
static const struct branch *left(const struct scene *scene)
{
    return scene->n_branches > 1 ? &scene->branch[scene->n_branches - 2] : NULL;
}

static bool beside_branch(const struct branch *branch, struct moments *m)
{
    if (!branch || !can_compare(branch->level, branch->mine))
        return false;
    *m = (struct moments){branch->level, branch->mine, branch};
    return true;
}

/* The branch has just begun, and is not yet where the run it left ended. */
static bool comes(const struct scene *scene, const struct branch *other)
{
    return other && other->newest && !scene->past && scene->now && scene->now->step < other->newest->step;
}

struct moments scene_moments(const struct scene *scene)
{
    struct moments m = {NULL, NULL, NULL};
    const struct snapshot *before = scene_before(scene);
    if (beside_branch(highlighted(scene), &m))
        return m;
    if (before && before == scene->pinned)
        return (struct moments){before, scene->now, NULL};
    if (beside_branch(left(scene), &m))
        return m;
    if (comes(scene, left(scene))) /* another comparison would be taken for this one */
        return (struct moments){NULL, NULL, left(scene)};
    if (scene->past && can_compare(scene->now, scene->newest))
        return (struct moments){scene->now, scene->newest, NULL};
    if (before)
        m = (struct moments){before, scene->now, NULL};
    return m;
}

/* ---- what is different ---- */

static void change_row(const struct pen *pen, int y, const char *name, const char *then, const char *now)
{
    pen_text(pen, 0, y, ROLE_TEXT, name);
    struct rect r = pen->rect;
    struct pen left = pen_at(pen, (struct rect){r.x, r.y, r.width - COLUMN - 1, r.height});
    struct pen right = pen_at(pen, (struct rect){r.x, r.y, r.width - 1, r.height});
    pen_right(&left, y, ROLE_QUIET, then);
    pen_right(&right, y, ROLE_STRONG, now);
}

static int draw_settings(const struct pen *pen, int y, const struct moments *m)
{
    const struct settings *then = &m->then->settings, *now = &m->now->settings;
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

static int draw_measures(const struct scene *scene, const struct pen *pen, int y, const struct moments *m)
{
    for (int i = 0; i < m->now->measures.n && y < pen->rect.height - 3; i++) {
        const struct measure *is = &m->now->measures.item[i];
        const struct measure *was = measures_find(&m->then->measures, is->term, is->column);
        char name[64], then[32], now[32];
        bool share = is->column >= 0;
        if (!was || is->term == TERM_knn_moved)
            continue;
        format_number(pen->theme, (share ? 100 : 1) * (double)was->value, share ? 0 : 2, then);
        format_number(pen->theme, (share ? 100 : 1) * (double)is->value, share ? 0 : 2, now);
        measure_name(scene, is, name, sizeof name);
        change_row(pen, y++, name, then, now);
    }
    return y;
}

static bool is_of(const struct result *r, const struct snapshot *now)
{
    return r && r->step == now->step && r->run == now->run;
}

/* Where an FMR of one in a hundred lies, then and now. */
static int draw_cut(const struct scene *scene, const struct pen *pen, int y, const struct moments *m)
{
    const struct result *r = scene->found[REQUEST_DRIFT];
    char then[32], now[32];
    if (!is_of(r, m->now) || r->drift.n != 2 || r->drift.step[0] != m->then->step ||
        r->drift.run[0] != m->then->run)
        return y;
    struct match_table a = counts_table(&r->drift.counts[0]), b = counts_table(&r->drift.counts[1]);
    format_threshold(pen->theme, threshold_of_bin(threshold_at_fmr(&a, 0.01), a.n_bins), 3, then);
    format_threshold(pen->theme, threshold_of_bin(threshold_at_fmr(&b, 0.01), b.n_bins), 3, now);
    change_row(pen, y, "threshold at FMR 1 %", then, now);
    return y + 1;
}

static const struct graph_result *graph_of(const struct scene *scene, const struct moments *m)
{
    const struct result *r = scene->found[REQUEST_GRAPH];
    bool same = is_of(r, m->now) && r->graph.before_step == m->then->step &&
                r->graph.before_run == m->then->run && r->graph.n == m->now->n_probe;
    return same ? &r->graph : NULL;
}

static int draw_kept(const struct scene *scene, const struct pen *pen, int y, const struct moments *m)
{
    const struct graph_result *g = graph_of(scene, m);
    char now[32];
    if (!g)
        return y;
    format_number(pen->theme, (double)g->mean_jaccard, 2, now);
    change_row(pen, y, m->branch ? "neighbours in common" : "neighbours kept", "", now);
    return y + 1;
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

void panel_differs(struct scene *scene, const struct pen *pen)
{
    struct moments m = scene_moments(scene);
    if (!m.then || !m.now) {
        struct pen rest = pen_rows(pen, 1, pen->rect.height - 1);
        pen_text(pen, 0, 0, ROLE_STRONG, m.branch ? "what differs" : "what changed");
        pen_wrap(&rest, 0, ROLE_QUIET,
                 m.branch ? "a moment: at the first step behind the branch that both runs have"
                          : "p pins this step as A: then every view shows what changed since");
        return;
    }
    int y = m.branch ? head_of_branch(scene, pen, &m) : head_of_run(scene, pen, &m);
    y = draw_settings(pen, y, &m);
    y = draw_measures(scene, pen, y, &m);
    y = draw_kept(scene, pen, y, &m);
    draw_cut(scene, pen, y, &m);
}

void differs_wants(struct scene *scene, const struct moments *m, const struct post *post)
{
    int most = scene_items(scene) - 1, k = CHANGE_K < most ? CHANGE_K : most;
    if (!m->then || k < 1)
        return;
    struct request request = {.kind = REQUEST_GRAPH, .snapshot = m->now, .other = {m->then}};
    request.graph = (struct graph_question){SPACE_H, METRIC_COSINE, k};
    scene_ask(scene, &request, post);
    request = (struct request){.kind = REQUEST_DRIFT, .snapshot = m->now, .other = {m->then}};
    request.drift =
        (struct drift_question){(enum relation)scene->choice.threshold.relation, SPACE_H, scene_label(scene)};
    scene_ask(scene, &request, post);
}

/* ---- in sentences ---- */

void differs_words(const struct scene *scene, struct strbuf *out)
{
    struct moments m = scene_moments(scene);
    char differs[200];
    if (!m.then || !m.now)
        return;
    if (m.branch)
        strbuf_printf(out, "%s at step %llu compared with %s at step %llu:", run_name(scene),
                      (unsigned long long)m.now->step, m.branch->name, (unsigned long long)m.then->step);
    else
        strbuf_printf(out, "Step %llu compared with step %llu:", (unsigned long long)m.now->step,
                      (unsigned long long)m.then->step);
    settings_difference(&m.then->settings, &m.now->settings, differs, sizeof differs);
    strbuf_printf(out, " %s;", *differs ? differs : "same settings");
    for (int i = 0; i < m.now->measures.n; i++) {
        const struct measure *is = &m.now->measures.item[i];
        const struct measure *was = measures_find(&m.then->measures, is->term, is->column);
        if (was && is->column >= 0 && is->term != TERM_knn_moved)
            strbuf_printf(out, " %s %.2f -> %.2f;", scene_column_name(scene, is->column), (double)was->value,
                          (double)is->value);
    }
    const struct graph_result *g = graph_of(scene, &m);
    if (g)
        strbuf_printf(out, " of the 10 nearest %.2f are the same.", (double)g->mean_jaccard);
    strbuf_puts(out, "\n");
}
