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

static void write_value(const struct scene *scene, const struct measure *m, char text[32])
{
    bool share = m->column >= 0;
    int decimals = share ? 0 : m->term == TERM_lr ? 4 : 2; /* steps are small */
    format_number(scene->theme, (share ? 100 : 1) * (double)m->value, decimals, text);
}

static struct difference difference_of(const struct scene *scene, const struct moments *m,
                                       const struct measure *was, const struct measure *is)
{
    struct difference row = {.name = ""};
    double by = fabs((double)is->value - (double)was->value);
    measure_name(scene, is, row.name, sizeof row.name);
    write_value(scene, was, row.then);
    write_value(scene, is, row.now);
    for (int i = 0; i < m->n_chances; i++) {
        const struct measure *chance = measures_find(&m->chance[i]->measures, is->term, is->column);
        row.as_chance = row.as_chance || !chance || !(by > fabs((double)chance->value - (double)was->value));
        if (chance && i == 0)
            write_value(scene, chance, row.chance);
    }
    bool same = strcmp(row.then, row.now) == 0;
    row.wobbles = same ? 0 : by / (sqrt(2) * wobble_of(m, is));
    return row;
}

/* Not known how far it wobbles: no. */
static bool is_beyond(const struct difference *row)
{
    return row->wobbles >= WOBBLES;
}

static int rank(const struct difference *row)
{
    return !is_beyond(row) ? 2 : row->as_chance ? 1 : 0;
}

static bool comes_before(const struct difference *a, const struct difference *b)
{
    return rank(a) < rank(b) || (rank(a) == rank(b) && rank(a) < 2 && a->wobbles > b->wobbles);
}

static void put_in_order(struct differences *found, const struct difference *row)
{
    int at = found->n++;
    for (; at > 0 && comes_before(row, &found->row[at - 1]); at--)
        found->row[at] = found->row[at - 1];
    found->row[at] = *row;
    found->beyond += rank(row) < 2;
    found->clear += rank(row) < 1;
}

void differs_measures(const struct scene *scene, const struct moments *m, struct differences *found)
{
    found->n = found->beyond = found->clear = 0;
    for (int i = 0; i < m->now->measures.n; i++) {
        const struct measure *is = &m->now->measures.item[i];
        const struct measure *was = measures_find(&m->then->measures, is->term, is->column);
        if (!was || is->term == TERM_knn_moved)
            continue;
        struct difference row = difference_of(scene, m, was, is);
        put_in_order(found, &row);
    }
}

static bool is_at(uint64_t step, uint64_t run, const struct snapshot *s)
{
    return step == s->step && run == s->run;
}

/* Of a threshold's counts. */
static void write_cut(const struct scene *scene, const struct match_counts *counts, char text[32])
{
    struct match_table table = counts_table(counts);
    format_threshold(scene->theme, threshold_of_bin(threshold_at_fmr(&table, 0.01), table.n_bins), 3, text);
}

/* Then, by chance if there is that, and now. */
bool differs_cut(const struct scene *scene, const struct moments *m, struct difference *row)
{
    const struct result *r = scene->found[REQUEST_DRIFT];
    const struct drift_result *d = r ? &r->drift : NULL;
    size_t n = m->n_chances ? 3 : 2;
    if (!d || d->n != n || !is_at(d->step[0], d->run[0], m->then) ||
        !is_at(d->step[n - 1], d->run[n - 1], m->now) ||
        (m->n_chances && !is_at(d->step[1], d->run[1], m->chance[0])))
        return false;
    *row = (struct difference){.name = "threshold at FMR 1 %", .wobbles = NAN};
    write_cut(scene, &d->counts[0], row->then);
    write_cut(scene, &d->counts[n - 1], row->now);
    if (m->n_chances)
        write_cut(scene, &d->counts[1], row->chance);
    return true;
}

bool differs_kept(const struct scene *scene, const struct moments *m, struct difference *row)
{
    const struct result *r = scene->found[REQUEST_SHARED];
    const struct shared_result *s = r && is_at(r->step, r->run, m->then) ? &r->shared : NULL;
    if (!s || s->n != (m->n_chances ? 2U : 1U) || !is_at(s->step[0], s->run[0], m->now) ||
        (m->n_chances && !is_at(s->step[1], s->run[1], m->chance[0])))
        return false;
    *row = (struct difference){.wobbles = NAN};
    snprintf(row->name, sizeof row->name, m->branch ? "neighbours in common" : "neighbours kept");
    format_number(scene->theme, (double)s->mean_jaccard[0], 2, row->now);
    if (m->n_chances)
        format_number(scene->theme, (double)s->mean_jaccard[1], 2, row->chance);
    return true;
}

void differs_wants(struct scene *scene, const struct moments *m, const struct post *post)
{
    int most = scene_items(scene) - 1, k = CHANGE_K < most ? CHANGE_K : most;
    if (!m->then || k < 1)
        return;
    struct request request = {.kind = REQUEST_SHARED, .snapshot = m->then, .other = {m->now, m->chance[0]}};
    request.shared.graph = (struct graph_question){SPACE_H, METRIC_COSINE, k};
    scene_ask(scene, &request, post);
    request = (struct request){.kind = REQUEST_DRIFT, .snapshot = m->now, .other = {m->then, m->chance[0]}};
    request.drift =
        (struct drift_question){(enum relation)scene->choice.threshold.relation, SPACE_H, scene_label(scene)};
    scene_ask(scene, &request, post);
}

void differs_see_chance(struct scene *scene, const struct post *post)
{
    struct moments m = scene_moments(scene);
    uint64_t parted = m.branch && m.now ? snapshot_parted(m.then, m.now) : UINT64_MAX;
    if (parted == UINT64_MAX || !post->chance) {
        say(post, true,
            "chance: a branch is held against it; 7, PgUp, S and b make one, which is then compared");
        return;
    }
    post->chance(post->ctx, (size_t)(m.branch - scene->branch), parted);
    differs_of_branch(scene);
}

void differs_of_branch(struct scene *scene)
{
    scene->choice.time.list = TIME_BRANCHES;
    scene->choice.time.row = (int)scene->n_branches;
}

/* ---- in words ---- */

const char *differs_name(const struct scene *scene, const struct moments *m)
{
    return m->other ? m->other->name : scene->n_branches ? scene->branch[scene->n_branches - 1].name : "here";
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

/* ": views apart 0.35 → 0.33, shape % 88 → 97, 3 more". */
static void say_rows(const struct difference *row, int n, struct strbuf *out)
{
    int told = 0, differ = 0;
    for (int i = 0; i < n; i++) {
        bool same = strcmp(row[i].then, row[i].now) == 0;
        differ += !same;
        if (!same && told < TOLD)
            strbuf_printf(out, "%s%s %s → %s", told++ ? ", " : ": ", row[i].name, row[i].then, row[i].now);
    }
    if (differ > told)
        strbuf_printf(out, ", %d more", differ - told);
}

bool differs_judged(const struct differences *found)
{
    bool differ = false, known = false;
    for (int i = 0; i < found->n; i++)
        if (strcmp(found->row[i].then, found->row[i].now) != 0) {
            differ = true;
            known = known || !isnan(found->row[i].wobbles);
        }
    return known || !differ;
}

/* The one furthest in its wobbles, NULL where none differs. */
static const struct difference *furthest(const struct differences *found)
{
    const struct difference *most = NULL;
    for (int i = 0; i < found->n; i++)
        if (found->row[i].wobbles > (most ? most->wobbles : 0))
            most = &found->row[i];
    return most;
}

/* Of those beyond the wobble the ones that lead. */
static void say_beyond(const struct moments *m, const struct differences *found, struct strbuf *out)
{
    bool clear = found->clear > 0;
    if (!clear)
        strbuf_puts(out, " nothing is beyond chance");
    say_rows(found->row, clear ? found->clear : found->beyond, out);
    strbuf_puts(out, !clear                 ? " beyond the wobble, as chance is"
                     : m->n_chances         ? " beyond the wobble and chance"
                     : moments_by_chance(m) ? " beyond the wobble, by chance alone"
                                            : " beyond the wobble");
}

static void say_line(const struct scene *scene, const struct moments *m, struct strbuf *out)
{
    struct differences found;
    differs_measures(scene, m, &found);
    const struct difference *most = furthest(&found);
    say_steps(m, out);
    if (found.beyond) {
        say_beyond(m, &found, out);
    } else if (!differs_judged(&found)) {
        say_rows(found.row, found.n, out);
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
    snprintf(text, size, "what differs from %s is told from step %llu on (now %llu)", branch->name,
             (unsigned long long)branch->meets, (unsigned long long)scene->now->step);
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

static void say_all(const struct scene *scene, const struct moments *m, struct strbuf *out)
{
    struct differences found;
    differs_measures(scene, m, &found);
    for (int i = 0; i < found.n; i++) {
        const struct difference *row = &found.row[i];
        strbuf_printf(out, "%s%s %s → %s", i ? "; " : "", row->name, row->then, row->now);
        if (*row->chance)
            strbuf_printf(out, " (by chance %s)", row->chance);
    }
    if (found.n)
        strbuf_puts(out, ".\n");
}

static void say_worked(const struct scene *scene, const struct moments *m, struct strbuf *out)
{
    struct difference row;
    if (differs_cut(scene, m, &row)) {
        strbuf_printf(out, "%s %s → %s", row.name, row.then, row.now);
        strbuf_printf(out, *row.chance ? " (by chance %s). " : ". ", row.chance);
    }
    if (differs_kept(scene, m, &row)) {
        strbuf_printf(out, "Of the %d nearest %s are the same", CHANGE_K, row.now);
        strbuf_printf(out, *row.chance ? " (by chance %s).\n" : ".\n", row.chance);
    }
}

void differs_words(const struct scene *scene, struct strbuf *out)
{
    struct moments m = scene_moments(scene);
    char differs[200];
    if (!m.then || !m.now)
        return;
    settings_difference(&m.then->settings, &m.now->settings, differs, sizeof differs);
    strbuf_printf(out, "%s%s.\n", *differs ? "Settings: " : "Same settings", differs);
    if (m.n_chances)
        strbuf_printf(out, "By chance: in %s nothing but what is drawn differs from %s.\n",
                      m.chance_of[0]->name, m.branch->name);
    if (m.branch)
        strbuf_printf(out, "What differs, %s → %s, ", m.branch->name, differs_name(scene, &m));
    else
        strbuf_puts(out, "What changed ");
    say_line(scene, &m, out);
    strbuf_puts(out, ".\n");
    say_all(scene, &m, out);
    say_worked(scene, &m, out);
}
