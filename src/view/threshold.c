/* SPDX-License-Identifier: MIT */
#include "view/threshold.h"

#include "base/strbuf.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/held.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const relation_names[] = {"same picture", "same label", "same identity"};

/* ---- as text ---- */

/* "0.1%", "0.001", "1/1000" or "1 in 1000". */
static bool parse_rate(const char *text, double *rate)
{
    char number[THRESHOLD_TEXT], rest[THRESHOLD_TEXT] = "";
    double below;
    snprintf(number, sizeof number, "%s", text + strspn(text, " "));
    size_t n = strcspn(number, "%/ ");
    snprintf(rest, sizeof rest, "%s", number + n);
    number[n] = '\0';
    if (!text_to_double(number, rate))
        return false;
    const char *tail = rest + strspn(rest, " ");
    if (strcmp(tail, "%") == 0) {
        *rate /= 100;
    } else if (*tail == '/' || strncmp(tail, "in ", 3) == 0) {
        tail += *tail == '/' ? 1 : 3;
        if (!text_to_double(tail + strspn(tail, " "), &below) || below <= 0)
            return false;
        *rate /= below;
    } else if (*tail) {
        return false;
    }
    return *rate >= 0 && *rate <= 1;
}

bool threshold_parse(const char *text, struct threshold_choice *to)
{
    double value;
    struct threshold_choice t = *to;
    text += strspn(text, " ");
    if (strcmp(text, "eer") == 0) {
        t.lock = LOCK_EER;
        value = 0;
    } else if (strncmp(text, "fmr ", 4) == 0 && parse_rate(text + 4, &value)) {
        t.lock = LOCK_FMR;
    } else if (strncmp(text, "fnmr ", 5) == 0 && parse_rate(text + 5, &value)) {
        t.lock = LOCK_FNMR;
    } else if (text_to_double(text, &value) && value >= -1 && value <= 1) {
        t.lock = LOCK_VALUE;
    } else {
        return false;
    }
    t.target = value;
    *to = t;
    return true;
}

void threshold_print(const struct threshold_choice *t, char text[THRESHOLD_TEXT])
{
    if (t->lock == LOCK_EER)
        snprintf(text, THRESHOLD_TEXT, "eer");
    else if (t->lock == LOCK_VALUE)
        snprintf(text, THRESHOLD_TEXT, "%.10g", t->target);
    else
        snprintf(text, THRESHOLD_TEXT, "%s %.6g%%", t->lock == LOCK_FMR ? "fmr" : "fnmr", 100 * t->target);
}

/* ---- where it is ---- */

struct match_table counts_table(const struct match_counts *counts)
{
    struct match_table table = {.n_bins = counts->n_bins};
    for (int kind = 0; kind < 2; kind++) {
        table.above[kind] = (uint64_t *)(uintptr_t)counts->above[kind];
        table.sums[kind] = (struct score_sums){counts->sum[kind], counts->sum_squares[kind]};
    }
    return table;
}

bool threshold_table(const struct scene *scene, struct match_table *table)
{
    const struct result *r = scene->found[REQUEST_MATCHES];
    const struct view *view = view_at((size_t)scene->choice.view);
    if (view->counted)
        return view->counted(scene, table);
    if (!r || r->matches.counts.n_bins == 0 ||
        !relation_is(scene, r->matches.asked.relation, r->matches.asked.label))
        return false;
    *table = counts_table(&r->matches.counts);
    return true;
}

uint32_t threshold_bin_of(const struct threshold_choice *t, const struct match_table *table)
{
    switch (t->lock) {
    case LOCK_FMR: return threshold_at_fmr(table, t->target);
    case LOCK_FNMR: return threshold_at_fnmr(table, t->target);
    case LOCK_EER: return threshold_at_eer(table);
    default: return threshold_bin(t->target, table->n_bins);
    }
}

bool threshold_bin_now(const struct scene *scene, uint32_t *bin)
{
    struct match_table table = {.n_bins = SCORES_BINS};
    bool known = threshold_table(scene, &table) || scene->choice.threshold.lock == LOCK_VALUE;
    if (known)
        *bin = threshold_bin_of(&scene->choice.threshold, &table);
    return known;
}

static bool nearly_all(const struct match_table *table, uint32_t bin)
{
    for (int kind = 0; kind < 2; kind++)
        if (table->above[kind][bin] < table->above[kind][0] - table->above[kind][0] / 256)
            return false;
    return true;
}

uint32_t threshold_lowest(const struct match_table *table)
{
    uint32_t coarse = table->n_bins / 40, low = 0;
    for (uint32_t b = 0; b + coarse < table->n_bins; b += coarse)
        if (nearly_all(table, b + coarse))
            low = b + coarse;
    return low;
}

void threshold_put(struct scene *scene, const struct threshold_choice *threshold, bool moved)
{
    char from[THRESHOLD_TEXT], to[THRESHOLD_TEXT];
    threshold_print(&scene->choice.threshold, from);
    threshold_print(threshold, to);
    threshold_changed(scene, from, to, moved);
    list_let_go(scene); /* of pairs at the threshold */
    scene->choice.threshold = *threshold;
    scene->choice.threshold.shown = 1;
}

void threshold_move(struct scene *scene, int bins)
{
    struct threshold_choice to = scene->choice.threshold;
    uint32_t bin;
    if (!threshold_bin_now(scene, &bin))
        return;
    int at = (int)bin + bins;
    at = at < 0 ? 0 : at > SCORES_BINS ? SCORES_BINS : at;
    to.lock = LOCK_VALUE;
    to.target = at == SCORES_BINS ? 1 : threshold_of_bin((uint32_t)at, SCORES_BINS);
    threshold_put(scene, &to, true);
}

/* ---- words and wishes ---- */

const char *threshold_value_words(double threshold, char text[32])
{
    snprintf(text, 32, isfinite(threshold) ? "%.3f" : "above 1", threshold);
    return text;
}

const char *threshold_rate_words(double rate, int decimals, char text[32])
{
    if (isnan(rate))
        snprintf(text, 32, "undefined");
    else
        snprintf(text, 32, "%.*f %%", decimals, 100 * rate);
    return text;
}

static void say_lock(const struct threshold_choice *t, const struct post *post)
{
    double percent = 100 * t->target;
    if (t->lock == LOCK_FMR)
        say(post, false, "locked: the lowest threshold with an FMR of at most %.6g %%; it follows training",
            percent);
    else if (t->lock == LOCK_FNMR)
        say(post, false, "locked: the highest threshold with an FNMR of at most %.6g %%; it follows training",
            percent);
    else
        say(post, false, "locked where FMR and FNMR are equal; it follows training");
}

void threshold_say(const struct scene *scene, const struct post *post)
{
    struct match_table table;
    uint32_t bin;
    char name[64], value[32], fmr[32], fnmr[32], step[32] = "";
    relation_name(scene, name);
    if (scene_has_steps(scene))
        snprintf(step, sizeof step, " at step %llu", (unsigned long long)scene->now->step);
    if (view_at((size_t)scene->choice.view)->counted)
        snprintf(name, sizeof name, "the same");
    if (!threshold_bin_now(scene, &bin)) {
        say(post, false, "the pairs are being counted");
    } else if (scene->choice.threshold.lock != LOCK_VALUE && !scene->past &&
               scene->now->status == TRAIN_RUNNING) { /* figures would age on the screen */
        say_lock(&scene->choice.threshold, post);
    } else if (!threshold_table(scene, &table)) {
        say(post, false, "threshold %s%s", threshold_value_words(threshold_of_bin(bin, SCORES_BINS), value),
            step);
    } else {
        struct matches m = matches_at(&table, bin);
        say(post, false, /* the numbers first: narrow screens cut the end off */
            "threshold %s%s: FMR %s, FNMR %s: called the same, are not; called different, are %s",
            threshold_value_words(threshold_of_bin(bin, SCORES_BINS), value), step,
            threshold_rate_words(matches_fmr(m), 2, fmr), threshold_rate_words(matches_fnmr(m), 1, fnmr),
            name);
    }
}

bool relation_is(const struct scene *scene, enum relation relation, int label)
{
    return (int)relation == scene->choice.threshold.relation &&
           (relation != RELATION_LABEL || label == scene_label(scene));
}

void relation_name(const struct scene *scene, char text[64])
{
    int relation = scene->choice.threshold.relation;
    int column = relation == RELATION_LABEL ? scene_label(scene) : scene->data->identity;
    if (relation == RELATION_VIEW)
        snprintf(text, 64, "same picture (two views, z)");
    else
        snprintf(text, 64, "same %.50s", column >= 0 ? scene_column_name(scene, column) : "(no such column)");
}

void threshold_wants(struct scene *scene, const struct post *post)
{
    const struct threshold_choice *t = &scene->choice.threshold;
    struct request request = {.kind = REQUEST_MATCHES, .snapshot = scene->now};
    request.matches = (struct matches_question){(enum relation)t->relation, SPACE_H, scene_label(scene)};
    scene_ask(scene, &request, post);
    request = (struct request){.kind = REQUEST_LINKS, .snapshot = scene->now, .links = {scene->choice.item}};
    if (scene->choice.item >= 0)
        scene_ask(scene, &request, post);
}
