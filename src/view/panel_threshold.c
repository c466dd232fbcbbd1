/* SPDX-License-Identifier: MIT
 *
 * The threshold as a panel: how similar pairs are that are the same and pairs that are not, where the
 * threshold cuts, and what it gets wrong.
 */
#include "base/check.h"
#include "view/panels.h"
#include "view/threshold.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 10, BARS_MAX = 400 };

/* A rate with what it is made of. */
struct match_share {
    double rate;
    uint64_t n, of;
};

struct histogram {
    const struct match_table *table;
    uint32_t low, high; /* bins shown, low first */
    int width;
};

/* Up to 1, and down to where all but a few in a thousand lie above; those stand in the first column. */
static struct histogram histogram_of(const struct match_table *table, int width)
{
    struct histogram h = {table, threshold_lowest(table), table->n_bins, width < BARS_MAX ? width : BARS_MAX};
    return h;
}

static uint32_t bin_at(const struct histogram *h, int column)
{
    return h->low + (uint32_t)((uint64_t)(h->high - h->low) * (uint64_t)column / (uint64_t)h->width);
}

static int column_of(const struct histogram *h, uint32_t bin)
{
    if (bin <= h->low)
        return 0;
    int column = (int)((uint64_t)(bin - h->low) * (uint64_t)h->width / (h->high - h->low));
    return column < h->width ? column : h->width - 1;
}

/* Bars of one kind; those on the wrong side of the threshold in the colour of errors. */
static void draw_bars(const struct scene *scene, const struct pen *pen, const struct histogram *h,
                      enum pair_kind kind, uint32_t bin)
{
    float value[BARS_MAX] = {0}, wrong[BARS_MAX] = {0};
    const uint64_t *above = h->table->above[kind];
    for (int c = 0; c < h->width; c++) {
        double n = (double)(above[c == 0 ? 0 : bin_at(h, c)] - above[bin_at(h, c + 1)]);
        value[c] = (float)(scene->choice.threshold.log_counts ? log1p(n) : n);
        bool match = bin_at(h, c) >= bin;
        wrong[c] = match == (kind == PAIR_IMPOSTOR) ? value[c] : 0;
    }
    struct rect bars = {pen->rect.x + LABEL, pen->rect.y, h->width, pen->rect.height};
    enum role right =
        pen->theme->depth == DEPTH_MONO ? ROLE_QUIET : ROLE_TEXT; /* errors stand out without colour */
    plot_bars(pen->canvas, bars, value, (size_t)h->width, theme_style(pen->theme, right), pen->theme);
    for (int c = 0; c < h->width; c++)
        for (int y = 0; wrong[c] > 0 && y < bars.height; y++) {
            int at = (bars.y + y) * pen->canvas->width + bars.x + c;
            bool inside = bars.x + c < pen->canvas->width && bars.y + y < pen->canvas->height;
            if (inside && pen->canvas->cell[at].glyph > ' ')
                pen->canvas->cell[at].style = theme_style(pen->theme, ROLE_BAD);
        }
    pen_text(pen, 0, pen->rect.height - 1, ROLE_TEXT, kind == PAIR_GENUINE ? "same" : "different");
}

/* The ends of the range, and the threshold under its column. */
static void draw_axis(const struct pen *pen, const struct histogram *h, uint32_t bin)
{
    char low[32], now[32];
    format_threshold(pen->theme, threshold_of_bin(h->low, h->table->n_bins), 2, low);
    int x = pen_printf(pen, LABEL, 0, ROLE_QUIET, h->low > 0 ? "to %s" : "%s", low),
        at = LABEL + column_of(h, bin);
    format_threshold(pen->theme, threshold_of_bin(bin, h->table->n_bins), 3, now);
    int right = LABEL + h->width, width = 1 + text_width(now);
    bool fits_right = at + width < right - 4;
    if (at > x && (fits_right || at < right - 2))
        pen_text(pen, right - 1, 0, ROLE_QUIET, "1");
    pen_glyph(pen, at, 0, ROLE_ACCENT, GLYPH_MARK);
    pen_text(pen, fits_right ? at + 1 : at - width + 1 > x ? at - width + 1 : x + 1, 0, ROLE_ACCENT, now);
}

/* "1.0 %", below one percent with two digits: "0.095 %". */
static void rate_text(const struct pen *pen, double rate, char text[48])
{
    char count[32];
    int decimals = rate <= 0 || rate >= 0.00995 ? 1 : rate < 0.0000995 ? 4 : rate < 0.000995 ? 3 : 2;
    if (isnan(rate))
        snprintf(text, 48, "undefined");
    else
        snprintf(text, 48, "%s %%", format_number(pen->theme, 100 * rate, decimals, count));
}

/* "FMR: 14 of 1 471, 1 in 105", as much as there is room for. */
static void error_row(const struct pen *pen, int y, const char *what, const char *name,
                      struct match_share wrong)
{
    char text[48], counts[96], one_in[64] = "", a[32], b[32];
    rate_text(pen, wrong.rate, text);
    pen_text(pen, 0, y, ROLE_TEXT, what);
    int x = pen_printf(pen, 27, y, ROLE_STRONG, "%10s", text) + 2;
    if (wrong.rate > 0 && wrong.rate < 0.0995)
        snprintf(one_in, sizeof one_in, " · 1 in %s",
                 format_count((unsigned long long)llround(1 / wrong.rate), a));
    snprintf(counts, sizeof counts, "%s: %s of %s", name, format_count(wrong.n, a),
             format_count(wrong.of, b));
    if (x + text_width(counts) > pen->rect.width)
        return;
    x = pen_text(pen, x, y, ROLE_QUIET, counts);
    if (x + text_width(one_in) <= pen->rect.width)
        pen_text(pen, x, y, ROLE_QUIET, one_in);
}

static void draw_rates(const struct pen *pen, const struct match_table *table, uint32_t bin)
{
    struct matches m = matches_at(table, bin);
    error_row(pen, 0, "called same, are different", "FMR",
              (struct match_share){matches_fmr(m), m.matched[PAIR_IMPOSTOR], m.n[PAIR_IMPOSTOR]});
    error_row(pen, 1, "called different, are same", "FNMR",
              (struct match_share){matches_fnmr(m), m.n[PAIR_GENUINE] - m.matched[PAIR_GENUINE],
                                   m.n[PAIR_GENUINE]});
    char a[32], b[32], c[32], d[32];
    bool wide = pen->rect.width >= 60;
    pen_printf(pen, 0, 2, ROLE_TEXT,
               wide ? "called same at all %s %%   precision %s %%   recall %s %%   F1 %s"
                    : "same %s %%  precision %s %%  recall %s %%  F1 %s",
               format_number(pen->theme, 100 * matches_rate(m), 1, a),
               format_percent(pen->theme, matches_precision(m), b),
               format_percent(pen->theme, matches_recall(m), c),
               format_number(pen->theme, matches_f1(m), 2, d));
    uint32_t eer = threshold_at_eer(table);
    struct matches e = matches_at(table, eer);
    double rate = 0.5 * (matches_fmr(e) + matches_fnmr(e)); /* NaN where one kind of pairs is not there */
    pen_printf(pen, 0, 3, ROLE_TEXT,
               wide ? "equal errors %s %% at %s   AUC %s   d′ %s" : "EER %s %% at %s  AUC %s  d′ %s",
               format_number(pen->theme, 100 * rate, 1, a),
               format_threshold(pen->theme, isnan(rate) ? NAN : threshold_of_bin(eer, table->n_bins), 2, b),
               format_number(pen->theme, match_auc(table), 3, c),
               format_number(pen->theme, match_dprime(table), 2, d));
}

/* A table without attributes says of no pair that it is the same. */
static bool without_relation(const struct scene *scene)
{
    return scene->elsewhere && scene->choice.threshold.relation == RELATION_VIEW &&
           (!scene->now || scene->now->n_batch == 0);
}

static void draw_title(const struct scene *scene, const struct pen *pen)
{
    char name[64], lock[THRESHOLD_TEXT], text[200], n[32], of[32];
    const struct threshold_choice *t = &scene->choice.threshold;
    const struct result *r = scene->found[REQUEST_MATCHES];
    relation_name(scene, name);
    threshold_print(t, lock);
    if (t->lock == LOCK_VALUE)
        snprintf(lock, sizeof lock, "fixed at %.6g", t->target);
    else if (t->lock != LOCK_EER) /* scores are discrete: just that rate is seldom there */
        snprintf(lock, sizeof lock, "%s at most %.6g %%", t->lock == LOCK_FMR ? "FMR" : "FNMR",
                 100 * t->target);
    int x = pen_text(pen, 0, 0, ROLE_STRONG, "threshold");
    if (without_relation(scene))
        return;
    static const char *const wordings[] = {" on %s, cosine · \"same\" = %s · %s%s",
                                           " on %s, cosine · %s · %.0s%s", " on %s · %s · %.0s%s"};
    for (size_t i = 0; i < ARRAY_LEN(wordings); i++) {
        snprintf(text, sizeof text, wordings[i], t->relation == RELATION_VIEW ? "z" : "h", name,
                 t->lock == LOCK_VALUE ? "" : "locked: ", lock);
        if (x + text_width(text) + 14 <= pen->rect.width)
            break;
    }
    x = pen_text(pen, x, 0, ROLE_QUIET, text);
    if (!r || r->matches.n_items == 0)
        return;
    if (r->matches.n_items < r->matches.of)
        snprintf(text, sizeof text, " · %s of %s items", format_count(r->matches.n_items, n),
                 format_count(r->matches.of, of));
    else
        snprintf(text, sizeof text, " · %s items", format_count(r->matches.n_items, n));
    if (x + text_width(text) <= pen->rect.width)
        pen_text(pen, x, 0, ROLE_QUIET, text);
}

/* Why there is nothing to show. */
static const char *why_empty(const struct scene *scene)
{
    const struct result *r = scene->found[REQUEST_MATCHES];
    const struct threshold_choice *t = &scene->choice.threshold;
    if (!r || !relation_is(scene, r->matches.asked.relation, r->matches.asked.label))
        return "the pairs are being counted";
    if (without_relation(scene))
        return "which pairs are the same? a column label or identity of --items FILE would say";
    return t->relation == RELATION_VIEW ? "no batch yet: the two views of a picture come with the first step"
                                        : "this data has no such column: S, same means";
}

static int bars_height(const struct pen *pen)
{
    int room = (pen->rect.height - 6) / 2;
    return room < 1 ? 1 : room > 10 ? 10 : room;
}

void panel_threshold(struct scene *scene, const struct pen *pen)
{
    struct match_table table;
    uint32_t bin;
    draw_title(scene, pen);
    if (!threshold_table(scene, &table) || !threshold_bin_now(scene, &bin)) {
        pen_text(pen, 0, 2, ROLE_QUIET, why_empty(scene));
        return;
    }
    int each = bars_height(pen);
    struct histogram h = histogram_of(&table, pen->rect.width - LABEL);
    if (h.width < 8)
        return;
    struct pen p = pen_rows(pen, 1, each);
    draw_bars(scene, &p, &h, PAIR_IMPOSTOR, bin);
    p = pen_rows(pen, 1 + each, each);
    draw_bars(scene, &p, &h, PAIR_GENUINE, bin);
    p = pen_rows(pen, 1 + 2 * each, 1);
    draw_axis(&p, &h, bin);
    p = pen_rows(pen, 2 + 2 * each, 4);
    draw_rates(&p, &table, bin);
}

bool panel_threshold_drag(struct scene *scene, const struct pen *pen, struct mouse mouse)
{
    struct match_table table;
    struct threshold_choice to = scene->choice.threshold;
    int each = bars_height(pen), y = mouse.y - pen->rect.y;
    if (!threshold_table(scene, &table) || y < 1 || y > 1 + 2 * each)
        return false;
    struct histogram h = histogram_of(&table, pen->rect.width - LABEL);
    int column = mouse.x - pen->rect.x - LABEL;
    if (h.width < 8 || column < 0 || column > h.width)
        return false;
    to.lock = LOCK_VALUE;
    to.target = column == h.width ? 1 : threshold_of_bin(bin_at(&h, column), table.n_bins);
    threshold_put(scene, &to, true);
    return true;
}
