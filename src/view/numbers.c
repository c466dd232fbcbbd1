/* SPDX-License-Identifier: MIT
 *
 * Every number with its yardsticks.
 */
#include "view/facts.h"
#include "view/panels.h"

#include "base/check.h"

#include <stdio.h>
#include <string.h>

/* Where the columns of the table end; 0: there is no such column. */
struct table {
    int name, now, pixels, untrained, chance;
};

/* Of a table made elsewhere there are neither pixels nor an untrained net; names have their room. */
static bool only_chance(const struct measures *measures)
{
    for (int i = 0; i < measures->n; i++)
        if (!isnan(measures->item[i].pixels) || !isnan(measures->item[i].untrained))
            return false;
    return true;
}

static struct table table_for(const struct measures *measures, int width)
{
    if (only_chance(measures)) {
        int name = width - 18 < 26 ? width - 18 : 26;
        return (struct table){name, name + 6, 0, 0, name + 16};
    }
    if (width < 34)
        return (struct table){9, 13, 19, 24, 28};
    if (width < 44)
        return (struct table){11, 16, 24, 30, 37};
    return (struct table){12, 17, 26, 32, 39};
}

static void table_head(const struct scene *scene, const struct pen *pen, const struct table *t, int y)
{
    enum role role = panel_has_focus(scene, PANEL_NUMBERS) ? ROLE_ACCENT : ROLE_QUIET;
    bool narrow = pen->rect.width < 34;
    pen_text(pen, 1, y, role, narrow ? "readable" : "readable %");
    pen_ending(pen, t->now, y, ROLE_QUIET, "now");
    if (t->untrained > 0) {
        pen_ending(pen, t->pixels, y, ROLE_QUIET, narrow ? "pix" : "pixels");
        pen_ending(pen, t->untrained, y, ROLE_QUIET, narrow ? "net" : "untr.");
    }
    pen_ending(pen, t->chance, y, ROLE_QUIET, narrow ? "ch." : "chance");
}

static void verdict_glyph(const struct pen *pen, int x, int y, enum verdict verdict)
{
    static const enum glyph glyphs[] = {GLYPH_SAME, GLYPH_UP, GLYPH_DOWN, GLYPH_SAME};
    static const enum role roles[] = {ROLE_QUIET, ROLE_GOOD, ROLE_BAD, ROLE_QUIET};
    if (verdict != VERDICT_NONE)
        pen_glyph(pen, x, y, roles[verdict], glyphs[verdict]);
}

static void table_row(const struct scene *scene, const struct pen *pen, const struct table *t, int y,
                      const struct measure *m)
{
    char text[32];
    bool headline = m->column == scene_headline_column(scene);
    struct pen name = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, t->name, pen->rect.height});
    pen_printf(&name, 1, y, ROLE_TEXT, "%s%s", scene_column_name(scene, m->column),
               m->term == TERM_r2 ? " R²" : "");
    pen_ending(pen, t->now, y, headline ? ROLE_STRONG : ROLE_TEXT,
               format_percent(pen->theme, (double)m->value, text));
    verdict_glyph(pen, t->now + 1, y, measure_verdict(m));
    if (t->untrained > 0) {
        pen_ending(pen, t->pixels, y, ROLE_QUIET, format_percent(pen->theme, (double)m->pixels, text));
        pen_ending(pen, t->untrained, y, ROLE_QUIET, format_percent(pen->theme, (double)m->untrained, text));
    }
    pen_ending(pen, t->chance, y, ROLE_QUIET, format_percent(pen->theme, (double)m->chance, text));
}

/* The measured attributes, those of kind knn first, from row y on and at most to `end`; the row after. */
static int attributes(const struct scene *scene, const struct pen *pen, int y, int end)
{
    static const enum term order[] = {TERM_knn, TERM_rank1, TERM_r2};
    const struct measures *measures = &scene->now->measures;
    struct table t = table_for(measures, pen->rect.width);
    if (scene_headline_column(scene) == NO_COLUMN) /* none is measured */
        return y;
    table_head(scene, pen, &t, y++);
    for (size_t o = 0; o < ARRAY_LEN(order); o++)
        for (int i = 0; i < measures->n && y < end; i++)
            if (measures->item[i].term == order[o] && measures->item[i].column != NO_COLUMN)
                table_row(scene, pen, &t, y++, &measures->item[i]);
    return y;
}

static float own(const struct scene *scene, enum term term)
{
    const struct measure *m = scene_measure(scene, term, NO_COLUMN);
    return m ? m->value : NAN;
}

enum { VALUE = 13, YARDSTICK = 19 };

static void line(const struct pen *pen, int y, const char *name, const char *value, const char *yardstick)
{
    pen_text(pen, 1, y, ROLE_TEXT, name);
    int x = pen_text(pen, VALUE, y, ROLE_TEXT, value), width = text_width(yardstick);
    int at = x + 2 > YARDSTICK ? x + 2 : YARDSTICK;
    if (at + width > pen->rect.width)
        at = x + 1;
    if (at + width <= pen->rect.width)
        pen_text(pen, at, y, ROLE_QUIET, yardstick);
}

static void collapse_line(const struct scene *scene, const struct pen *pen, int x, int y)
{
    struct sentence_facts facts;
    char sign[SENTENCE_SIZE];
    scene_sentence_facts(scene, &facts);
    sentence_collapse(&facts, sign);
    if (*sign)
        pen_printf(pen, x, y, ROLE_WARN, "collapse: %s", sign);
    else
        pen_text(pen, x, y, ROLE_QUIET, "collapse: none");
}

static void dimensions_line(const struct scene *scene, const struct pen *pen, int y)
{
    char value[32], text[80];
    format_number(pen->theme, (double)own(scene, TERM_rank), 0, value);
    snprintf(text, sizeof text, "%s of %zu used", value, scene->now->dim_h);
    pen_text(pen, 1, y, ROLE_TEXT, "dimensions");
    int x = pen_text(pen, VALUE, y, ROLE_TEXT, text);
    if (pen->rect.width - x >= 16)
        collapse_line(scene, pen, x + 2, y);
}

static const struct step_row *last_step(const struct scene *scene)
{
    size_t n = scene->now && scene->now->steps ? series_count(scene->now->steps) : 0;
    return n ? series_at(scene->now->steps, n - 1) : NULL;
}

/* What the space is like, up to row `end`. */
static int space_lines(const struct scene *scene, const struct pen *pen, int y, int end)
{
    char value[32], text[64];
    bool wide = pen->rect.width >= 40;
    if (y < end && (!scene->elsewhere || !isnan(own(scene, TERM_alignment))))
        line(pen, y++, "views apart", format_number(pen->theme, (double)own(scene, TERM_alignment), 2, value),
             wide ? "0 = alike, 2 = unrelated" : "0 = alike");
    if (y < end)
        line(pen, y++, "spread", format_number(pen->theme, (double)own(scene, TERM_uniformity), 1, value),
             wide ? "random −3.9, collapsed 0" : "random −3.9");
    if (y < end)
        dimensions_line(scene, pen, y++);
    if (y < end && !wide)
        collapse_line(scene, pen, 1, y++);
    const struct step_row *row = last_step(scene);
    if (y < end && row) {
        char none[32];
        snprintf(text, sizeof text, "no learning %s",
                 format_number(pen->theme, (double)row->no_learning, 1, none));
        line(pen, y++, "loss", format_number(pen->theme, (double)row->loss, 2, value), text);
    }
    return y;
}

static int pair_lines(const struct scene *scene, const struct pen *pen, int y, int end)
{
    const struct step_row *row = last_step(scene);
    char a[32];
    if (!row)
        return y;
    bool distances = step_of_distances(row);
    if (y < end)
        line(pen, y++, "positives", format_number(pen->theme, (double)row->positive, 2, a),
             distances ? "minus the distance in z" : "similarity in z, 1 = same");
    if (y < end)
        line(pen, y++, "negatives", format_number(pen->theme, (double)row->negative, 2, a),
             distances ? "0 = in one point" : "0 = unrelated");
    if (y < end)
        line(pen, y++, "own view", format_percent(pen->theme, (double)row->pretext, a),
             "% are first in the batch");
    return y;
}

void panel_numbers(struct scene *scene, const struct pen *pen)
{
    int height = pen->rect.height;
    if (!scene->now || scene->now->measures.n == 0) {
        pen_text(pen, 1, 0, ROLE_QUIET, "numbers: with the first measuring");
        return;
    }
    int space = pen->rect.width >= 40 ? 4 : 5, gap = height >= 10;
    int y = attributes(scene, pen, 0, height - space - gap > 2 ? height - space - gap : height);
    y = space_lines(scene, pen, y > 0 ? y + gap : 0, height);
    if (height - y > 4)
        y = pair_lines(scene, pen, y, height);
    if (height - y > 2 && *scene->protocol) {
        struct rect r = pen->rect; /* one in, like the rows above */
        struct pen rest = pen_at(pen, (struct rect){r.x + 1, r.y + y + 1, r.width - 1, height - y - 1});
        pen_wrap(&rest, 0, ROLE_QUIET, scene->protocol);
    }
}

/* A number of the whole space, beside the untrained net's. */
static int quality_row(const struct pen *pen, int y, const struct measure *m)
{
    char now[32], net[32];
    pen_text(pen, 1, y, ROLE_TEXT, term_entry(m->term)->name);
    pen_text(pen, 40, y, ROLE_STRONG, format_number(pen->theme, (double)m->value, 2, now));
    if (!isnan(m->untrained))
        pen_printf(pen, 46, y, ROLE_QUIET, "net %s", format_number(pen->theme, (double)m->untrained, 2, net));
    return y + 1;
}

/* Name, value with yardsticks, and what it means, for every measure. */
static int whole_row(const struct scene *scene, const struct pen *pen, int y, const struct measure *m)
{
    const struct term_entry *term = term_entry(m->term);
    char now[32], pixels[32], net[32], chance[32];
    struct pen name = pen_at(pen, (struct rect){pen->rect.x + 1, pen->rect.y, 38, pen->rect.height});
    if (m->column == NO_COLUMN)
        return quality_row(pen, y, m);
    pen_printf(&name, 0, y, ROLE_TEXT, "%s: %s", scene_column_name(scene, m->column), term->name);
    pen_text(pen, 40, y, ROLE_STRONG, format_percent(pen->theme, (double)m->value, now));
    verdict_glyph(pen, 44, y, measure_verdict(m));
    bool learned = !isnan(m->pixels) || !isnan(m->untrained); /* a table has neither */
    if (learned)
        pen_printf(pen, 46, y, ROLE_QUIET, "pixels %s, net %s, chance %s",
                   format_percent(pen->theme, (double)m->pixels, pixels),
                   format_percent(pen->theme, (double)m->untrained, net),
                   format_percent(pen->theme, (double)m->chance, chance));
    else if (!isnan(m->chance))
        pen_printf(pen, 46, y, ROLE_QUIET, "chance %s",
                   format_percent(pen->theme, (double)m->chance, chance));
    return y + 1;
}

static bool last_of_kind(const struct measures *measures, int i)
{
    return i + 1 == measures->n || measures->item[i].term != measures->item[i + 1].term;
}

/* Whether every kind of number can have its meaning below it. */
static bool meanings_fit(const struct pen *pen, const struct measures *measures)
{
    int rows = 2 + measures->n, width = pen->rect.width - 8; /* a line ends at a word */
    for (int i = 0; i < measures->n && width > 0; i++)
        if (last_of_kind(measures, i))
            rows += 1 + text_width(term_entry(measures->item[i].term)->meaning) / width;
    return rows <= pen->rect.height;
}

void panel_numbers_whole(struct scene *scene, const struct pen *pen)
{
    if (!scene->now || scene->now->measures.n == 0) {
        panel_numbers(scene, pen);
        return;
    }
    char step[32];
    const struct measures *measures = &scene->now->measures;
    if (!scene_has_steps(scene))
        pen_text(pen, 0, 0, ROLE_ACCENT, "numbers");
    else
        pen_printf(pen, 0, 0, ROLE_ACCENT, "numbers of step %s", format_count(measures->step, step));
    int y = 2;
    bool meant = meanings_fit(pen, measures);
    struct pen words =
        pen_at(pen, (struct rect){pen->rect.x + 3, pen->rect.y, pen->rect.width - 3, pen->rect.height});
    for (int i = 0; i < measures->n && y < pen->rect.height; i++) {
        y = whole_row(scene, pen, y, &measures->item[i]);
        if (meant && last_of_kind(measures, i))
            y = pen_wrap(&words, y, ROLE_QUIET, term_entry(measures->item[i].term)->meaning);
    }
    y = pair_lines(scene, pen, y + 1, pen->rect.height);
    if (y + 1 < pen->rect.height) {
        struct pen rest = pen_rows(pen, y + 1, pen->rect.height - y - 1);
        pen_wrap(&rest, 0, ROLE_QUIET, scene->protocol);
    }
}
