/* SPDX-License-Identifier: MIT */
#include "view/differs.h"

#include "share/wobble.h"
#include "view/act.h"
#include "view/facts.h"
#include "view/threshold.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGE_K = 10 };

/* ---- which two ---- */

static bool can_compare(const struct snapshot *a, const struct snapshot *b)
{
    bool one = a == b || (a && b && a->run == b->run && a->step == b->step);
    return a && b && !one && a->n_probe > 0 && snapshot_same_items(a, b);
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

/* A run of another seed draws a probe of its own: no row of the two is of one item. */
static bool watches_others(const struct scene *scene, const struct branch *branch)
{
    return branch && branch->newest && scene->now && scene->now->n_probe > 0 && branch->newest->n_probe > 0 &&
           !snapshot_same_items(branch->newest, scene->now);
}

/* The branch has just begun, and is not yet where the run it left ended. */
static bool comes(const struct scene *scene, const struct branch *other)
{
    return other && other->newest && !watches_others(scene, other) && !scene->past && scene->now &&
           scene->now->step < other->newest->step;
}

struct moments scene_moments(const struct scene *scene)
{
    struct moments m = {NULL, NULL, NULL};
    const struct snapshot *before = scene_before(scene);
    if (beside_branch(highlighted(scene), &m))
        return m;
    if (watches_others(scene, highlighted(scene)))
        return (struct moments){NULL, NULL, highlighted(scene)};
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

/* "shape %", "size R² %"; the rest are in the term's own unit. */
static void measure_name(const struct scene *scene, const struct measure *m, char *name, size_t size)
{
    if (m->column >= 0)
        snprintf(name, size, "%.50s%s %%", scene_column_name(scene, m->column),
                 m->term == TERM_r2 ? " R²" : "");
    else
        snprintf(name, size, "%s", term_entry(m->term)->name);
}

/* Of a branch that of the run it left, which went on as it had: what the branch does after it began is the
 * very difference. Else of the later moment. */
static double wobble_of(const struct moments *m, const struct measure *is)
{
    const struct snapshot *s = m->branch ? m->then : m->now;
    return measures_wobble(s->measured, s->step, is->term, is->column);
}

static struct difference difference_of(const struct scene *scene, const struct moments *m,
                                       const struct measure *was, const struct measure *is)
{
    struct difference row;
    bool share = is->column >= 0;
    double by = fabs((double)is->value - (double)was->value);
    measure_name(scene, is, row.name, sizeof row.name);
    format_number(scene->theme, (share ? 100 : 1) * (double)was->value, share ? 0 : 2, row.then);
    format_number(scene->theme, (share ? 100 : 1) * (double)is->value, share ? 0 : 2, row.now);
    bool same = strcmp(row.then, row.now) == 0;
    row.wobbles = same ? 0 : by / (sqrt(2) * wobble_of(m, is));
    return row;
}

static bool is_beyond(const struct difference *row)
{
    return row->wobbles >= WOBBLES; /* not known: no */
}

/* Among those beyond: before the first that is nearer. */
static void put_in_order(struct difference *row, int n, int *beyond)
{
    struct difference last = row[n];
    int at = *beyond;
    if (!is_beyond(&last))
        return;
    while (at > 0 && row[at - 1].wobbles < last.wobbles)
        at--;
    memmove(row + at + 1, row + at, (size_t)(n - at) * sizeof *row);
    row[at] = last;
    ++*beyond;
}

int differs_measures(const struct scene *scene, const struct moments *m, struct difference row[MEASURES_MAX],
                     int *beyond)
{
    int n = 0;
    *beyond = 0;
    for (int i = 0; i < m->now->measures.n; i++) {
        const struct measure *is = &m->now->measures.item[i];
        const struct measure *was = measures_find(&m->then->measures, is->term, is->column);
        if (!was || is->term == TERM_knn_moved)
            continue;
        row[n] = difference_of(scene, m, was, is);
        put_in_order(row, n++, beyond);
    }
    return n;
}

static bool is_of(const struct result *r, const struct snapshot *now)
{
    return r && r->step == now->step && r->run == now->run;
}

bool differs_cut(const struct scene *scene, const struct moments *m, struct difference *row)
{
    const struct result *r = scene->found[REQUEST_DRIFT];
    if (!is_of(r, m->now) || r->drift.n != 2 || r->drift.step[0] != m->then->step ||
        r->drift.run[0] != m->then->run)
        return false;
    struct match_table a = counts_table(&r->drift.counts[0]), b = counts_table(&r->drift.counts[1]);
    *row = (struct difference){.name = "threshold at FMR 1 %", .wobbles = NAN};
    format_threshold(scene->theme, threshold_of_bin(threshold_at_fmr(&a, 0.01), a.n_bins), 3, row->then);
    format_threshold(scene->theme, threshold_of_bin(threshold_at_fmr(&b, 0.01), b.n_bins), 3, row->now);
    return true;
}

static const struct graph_result *graph_of(const struct scene *scene, const struct moments *m)
{
    const struct result *r = scene->found[REQUEST_GRAPH];
    bool same = is_of(r, m->now) && r->graph.before_step == m->then->step &&
                r->graph.before_run == m->then->run && r->graph.n == m->now->n_probe;
    return same ? &r->graph : NULL;
}

bool differs_kept(const struct scene *scene, const struct moments *m, struct difference *row)
{
    const struct graph_result *g = graph_of(scene, m);
    if (!g)
        return false;
    *row = (struct difference){.wobbles = NAN};
    snprintf(row->name, sizeof row->name, m->branch ? "neighbours in common" : "neighbours kept");
    format_number(scene->theme, (double)g->mean_jaccard, 2, row->now);
    return true;
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

/* ---- in words ---- */

static const char *now_name(const struct scene *scene)
{
    return scene->n_branches ? scene->branch[scene->n_branches - 1].name : "here";
}

/* "at step 450", "from step 40 to 120". */
static void say_steps(const struct moments *m, struct strbuf *out)
{
    unsigned long long then = m->then->step, now = m->now->step;
    if (m->branch && then == now)
        strbuf_printf(out, "at step %llu", now);
    else
        strbuf_printf(out, "from step %llu to %llu", then, now);
}

enum { TOLD = 2 }; /* of the differences, as many as a line of help has room for */

/* ": views apart 0.35 -> 0.33, shape % 88 -> 97, 3 more". */
static void say_rows(const struct difference *row, int n, struct strbuf *out)
{
    int told = 0, differ = 0;
    for (int i = 0; i < n; i++) {
        bool same = strcmp(row[i].then, row[i].now) == 0;
        differ += !same;
        if (!same && told < TOLD)
            strbuf_printf(out, "%s%s %s -> %s", told++ ? ", " : ": ", row[i].name, row[i].then, row[i].now);
    }
    if (differ > told)
        strbuf_printf(out, ", %d more", differ - told);
}

bool differs_judged(const struct difference *row, int n)
{
    bool differ = false, known = false;
    for (int i = 0; i < n; i++)
        if (strcmp(row[i].then, row[i].now) != 0) {
            differ = true;
            known = known || !isnan(row[i].wobbles);
        }
    return known || !differ;
}

bool differs_by_chance(const struct moments *m)
{
    char differs[200];
    settings_difference(&m->then->settings, &m->now->settings, differs, sizeof differs);
    return m->branch && strncmp(differs, "draws ", 6) == 0 && !strchr(differs, ',');
}

/* The one furthest in its wobbles, NULL where none differs. */
static const struct difference *furthest(const struct difference *row, int n)
{
    const struct difference *most = NULL;
    for (int i = 0; i < n; i++)
        if (row[i].wobbles > (most ? most->wobbles : 0))
            most = &row[i];
    return most;
}

static void say_line(const struct scene *scene, const struct moments *m, struct strbuf *out)
{
    struct difference row[MEASURES_MAX];
    int beyond, n = differs_measures(scene, m, row, &beyond);
    const struct difference *most = furthest(row, n);
    say_steps(m, out);
    if (beyond) {
        say_rows(row, beyond, out);
        strbuf_puts(out, differs_by_chance(m) ? " beyond the wobble, by chance alone" : " beyond the wobble");
    } else if (!differs_judged(row, n)) {
        say_rows(row, n, out);
        strbuf_puts(out, "; how far they wobble is not known yet");
    } else if (most) {
        strbuf_puts(out, " nothing is beyond the wobble; furthest");
        say_rows(most, 1, out);
    } else {
        strbuf_puts(out, " every measure is the same");
    }
}

/* Until when it takes, or why it never will. */
static bool say_when(const struct scene *scene, const struct branch *branch, char *text, size_t size)
{
    if (watches_others(scene, branch)) {
        snprintf(text, size, "%s watches other items: another seed draws them anew (:set draws 2 does not)",
                 branch->name);
        return true;
    }
    if (!branch || !branch->meets || !scene->now)
        return false;
    snprintf(text, size, "what differs is told at step %llu, which %s has kept (now %llu)",
             (unsigned long long)branch->meets, branch->name, (unsigned long long)scene->now->step);
    return true;
}

bool differs_line(const struct scene *scene, char *text, size_t size)
{
    struct moments m = scene_moments(scene);
    struct strbuf out = {0};
    if (!m.then || !m.now)
        return say_when(scene, m.branch, text, size);
    say_line(scene, &m, &out);
    if (m.branch && !m.branch->meets && m.branch->newest)
        strbuf_printf(&out, "; %s ends at %llu", m.branch->name, (unsigned long long)m.branch->newest->step);
    snprintf(text, size, "%s", strbuf_text(&out));
    strbuf_release(&out);
    return true;
}

void differs_words(const struct scene *scene, struct strbuf *out)
{
    struct moments m = scene_moments(scene);
    struct difference row[MEASURES_MAX];
    char differs[200];
    int beyond;
    if (!m.then || !m.now)
        return;
    settings_difference(&m.then->settings, &m.now->settings, differs, sizeof differs);
    strbuf_printf(out, "%s%s.\n", *differs ? "Settings: " : "Same settings", differs);
    if (m.branch)
        strbuf_printf(out, "What differs, %s -> %s, ", m.branch->name, now_name(scene));
    else
        strbuf_puts(out, "What changed ");
    say_line(scene, &m, out);
    strbuf_puts(out, ".\n");
    for (int i = 0, n = differs_measures(scene, &m, row, &beyond); i < n; i++)
        strbuf_printf(out, "%s%s %s -> %s%s", i ? "; " : "", row[i].name, row[i].then, row[i].now,
                      i + 1 < n ? "" : ".\n");
    if (differs_cut(scene, &m, row))
        strbuf_printf(out, "%s %s -> %s. ", row->name, row->then, row->now);
    if (differs_kept(scene, &m, row))
        strbuf_printf(out, "Of the %d nearest %s are the same.\n", CHANGE_K, row->now);
}
