/* SPDX-License-Identifier: MIT
 *
 * One pair: its pictures, how it stands in the softmax, what it costs, its hardest negatives or what its two
 * items differ in.
 */
#include "view/facts.h"
#include "view/held.h"
#include "view/pairs.h"
#include "view/panels.h"
#include "view/rows.h"
#include "view/state.h"
#include "view/threshold.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double pairs_temperature(const struct scene *scene)
{
    const struct setting *tau = settings_find(&scene->now->settings, "tau");
    return tau && tau->value > 0 ? tau->value : NAN;
}

/* What makes two items the same here: where it is the two views of one, their label. */
void pair_same_name(const struct scene *scene, char name[64])
{
    if (scene->choice.threshold.relation == RELATION_VIEW && scene_label(scene) >= 0)
        snprintf(name, 64, "same %.50s", scene_column_name(scene, scene_label(scene)));
    else
        relation_name(scene, name);
}

bool pair_is_false_negative(const struct scene *scene, const struct pair_row *row)
{
    return row->same == 1 && row->a != row->b && scene->choice.pairs.list < PAIRS_AT_THRESHOLD;
}

static void draw_pictures(const struct scene *scene, const struct pen *pen, const struct pair_row *row,
                          int height)
{
    const struct inspected *seen =
        scene->now->inspected.item == row->a && row->a == row->b ? &scene->now->inspected : NULL;
    const struct dataset *data = scene->data;
    int n = row->a == row->b ? 3 : 2;
    struct raster raster = {data->height, data->width, data->channels, NULL, NULL};
    for (int i = 0; i < n; i++) {
        int each = (pen->rect.width - n + 1) / n; /* all as wide */
        struct pen place =
            pen_at(pen, (struct rect){pen->rect.x + i * (each + 1), pen->rect.y, each, height});
        if (i == 0 || n == 2) {
            item_picture(scene, &place, i == 0 ? row->a : row->b);
            continue;
        }
        raster.values = seen ? seen->view[i - 1] : NULL;
        if (raster.values)
            plot_picture(pen->canvas, place.rect, &raster, pen->theme);
        else
            pen_text(&place, 0, 0, ROLE_QUIET, scene->past ? "not kept" : "a moment");
    }
}

static void draw_mark(const struct scene *scene, const struct pen *pen, int y, const struct pair_row *row)
{
    enum mark_kind kind = marks_find(&scene->marks, row->a, row->a == row->b ? -1 : (int64_t)row->b);
    char text[48];
    if (kind == MARK_NONE)
        return;
    snprintf(text, sizeof text, "marked %s", mark_name(kind));
    pen_right(pen, y, ROLE_ACCENT, text);
}

static void draw_titles(struct scene *scene, const struct pen *pen, const struct pair_row *row)
{
    char caption[96];
    scene_caption(scene, row->a, caption, sizeof caption);
    int x = pen_printf(pen, 0, 0, ROLE_STRONG, "%u", row->a);
    pen_text(pen, x + 1, 0, ROLE_TEXT, short_caption(caption));
    draw_mark(scene, pen, 0, row);
    if (row->a == row->b) {
        uint64_t step; /* the views on the screen are drawn at each step anew */
        bool old = list_stays_at(scene, &step), pixels = scene->data->pixels != NULL;
        pen_text(pen, 0, 1, ROLE_QUIET,
                 !pixels ? "its two views"
                 : old   ? "picture, two views as of now"
                         : "picture, view 1, view 2");
        return;
    }
    scene_caption(scene, row->b, caption, sizeof caption);
    x = pen_printf(pen, 0, 1, ROLE_STRONG, "%u", row->b);
    pen_text(pen, x + 1, 1, ROLE_TEXT, short_caption(caption));
}

/* Where there is room below: the negatives themselves, side by side. */
static void draw_hard_pictures(const struct scene *scene, const struct pen *pen, int y,
                               const struct pair_row *row)
{
    enum { LEAST = 5 };
    int each = (pen->rect.width - PAIR_NEGATIVES + 1) / PAIR_NEGATIVES, height = each / 2;
    height = height < pen->rect.height - y - 1 ? height : pen->rect.height - y - 1;
    for (int k = 0; k < row->n_negatives && scene->data->pixels && height >= LEAST; k++) {
        struct pen place =
            pen_at(pen, (struct rect){pen->rect.x + k * (each + 1), pen->rect.y + y, each, height + 1});
        struct pen picture = pen_rows(&place, 0, height);
        item_picture(scene, &picture, row->negative[k]);
        pen_printf(&place, 0, height, row->negative_same[k] == 1 ? ROLE_BAD : ROLE_QUIET, "%u",
                   row->negative[k]);
    }
}

/* Of a, with b's place among them where it is one; the row after. */
static int draw_hard(struct scene *scene, const struct pen *pen, int y, const struct pair_row *row)
{
    int wrong = 0;
    if (row->n_negatives == 0)
        return y;
    pen_printf(pen, 0, y++, ROLE_STRONG,
               pen->rect.width >= 46 ? "hardest negatives of %u, in this batch" : "hardest negatives of %u",
               row->a);
    for (int k = 0; k < row->n_negatives && y < pen->rect.height; k++, y++) {
        char value[48], s[32];
        format_number(pen->theme, (double)row->negative_similarity[k], 2, s);
        snprintf(value, sizeof value, "%s%s", row->negative_same[k] == 1 ? "same " : "", s);
        item_row_draw(scene, pen, y,
                      &(struct item_row){NO_ITEM, row->negative[k], value,
                                         row->negative_same[k] == 1 ? ROLE_BAD : ROLE_TEXT});
        wrong += row->negative_same[k] == 1;
    }
    char name[64];
    pair_same_name(scene, name);
    if (y < pen->rect.height) {
        enum role role = wrong ? ROLE_BAD : ROLE_QUIET;
        int x = pen_printf(pen, 0, y++, role, "%d of %d %s", wrong, row->n_negatives,
                           wrong == 1 ? "is a false negative" : "are false negatives");
        if (x + 3 + text_width(name) <= pen->rect.width)
            pen_printf(pen, x, y - 1, role, " (%s)", name);
    }
    return y;
}

/* What the numbers of a pair say, in words; the row after. */
static int draw_positive_words(const struct scene *scene, const struct pen *pen, int y,
                               const struct pair_row *row)
{
    char s[32], p[32], share[32], t[32];
    bool wide = pen->rect.width >= 36;
    format_number(pen->theme, (double)row->similarity, 2, s);
    format_number(pen->theme, (double)row->probability, 3, p);
    pen_printf(pen, 0, y++, ROLE_TEXT,
               wide ? "views alike %s in z, rank %u of %u views" : "alike %s in z, rank %u/%u", s, row->rank,
               row->of);
    if (!isnan(row->probability))
        pen_printf(pen, 0, y++, ROLE_TEXT, wide ? "softmax %s at temperature %s" : "softmax %s (temp. %s)", p,
                   format_number(pen->theme, pairs_temperature(scene), 2, t));
    if (!isnan(row->share))
        pen_printf(pen, 0, y++, ROLE_TEXT, wide ? "loss %s: %s %% of this batch's" : "loss %s (%s %% of all)",
                   format_number(pen->theme, (double)row->loss, 2, t),
                   format_number(pen->theme, 100 * (double)row->share, 2, share));
    if (!isnan(row->weight))
        pen_printf(pen, 0, y++, ROLE_TEXT, "gradient weight %s %%",
                   format_number(pen->theme, 100 * (double)row->weight, 2, t));
    return y;
}

/* "the hardest of 412's 127 negatives", shorter where it does not fit. */
static const char *pair_place(const struct pair_row *row, int width, char *text, size_t size)
{
    const char *what = width >= 36 ? " negatives" : "";
    if (row->rank == 1)
        snprintf(text, size, "%s of %u's %u%s", width >= 36 ? "the hardest" : "hardest", row->a, row->of,
                 what);
    else
        snprintf(text, size, "%u. of %u's %u%s", row->rank, row->a, row->of, what);
    return text;
}

static int draw_other_words(const struct scene *scene, const struct pen *pen, int y,
                            const struct pair_row *row)
{
    char s[32], p[32], name[64], place[64];
    bool batch = scene->choice.pairs.list < PAIRS_AT_THRESHOLD;
    const char *space = !batch ? "h" : pen->rect.width >= 36 ? "z (closest views)" : "z, at closest";
    format_number(pen->theme, (double)row->similarity, 2, s);
    format_number(pen->theme, (double)row->probability, 3, p);
    pen_printf(pen, 0, y++, ROLE_TEXT, "alike %s in %s", s, space);
    if (scene->choice.pairs.list == PAIRS_WRONG_WAY)
        pen_printf(pen, 0, y++, ROLE_TEXT, "was %s at step %llu",
                   format_number(pen->theme, (double)row->before, 2, p),
                   (unsigned long long)list_answer(scene, REQUEST_PAIRS)->pairs.before_step);
    else if (batch && !isnan(row->probability))
        pen_printf(pen, 0, y++, ROLE_TEXT, "softmax %s: its push", p);
    if (row->rank > 0)
        pen_text(pen, 0, y++, ROLE_TEXT, pair_place(row, pen->rect.width, place, sizeof place));
    pair_same_name(scene, name);
    if (row->same == 1 && batch)
        pen_printf(pen, 0, y++, ROLE_BAD,
                   pen->rect.width >= 48 && !isnan(row->probability)
                       ? "a false negative: %s, yet pushed apart"
                       : "a false negative: %s",
                   name);
    else if (row->same >= 0)
        pen_printf(pen, 0, y++, ROLE_TEXT, "%s%s", row->same ? "" : "not ", name);
    return y;
}

/* Attributes of both, those that differ in the accent. */
static void draw_attributes(const struct scene *scene, const struct pen *pen, int y,
                            const struct pair_row *row)
{
    for (size_t c = 0; c < scene->data->n_columns && y < pen->rect.height; c++) {
        char a[48], b[48];
        if ((int)c == scene->data->caption || (int)c == scene->data->split)
            continue;
        dataset_cell(scene->data, (int)c, row->a, a, sizeof a);
        dataset_cell(scene->data, (int)c, row->b, b, sizeof b);
        bool differs = strcmp(a, b) != 0;
        pen_text(pen, 0, y, ROLE_QUIET, scene->data->column[c].name);
        int x = pen->rect.width >= 44 ? 12 : 9, second = x + (pen->rect.width - x) / 2;
        struct pen left = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, second - 1, pen->rect.height});
        pen_printf(&left, x, y, differs ? ROLE_ACCENT : ROLE_TEXT, "%s", a);
        if (row->a != row->b)
            pen_printf(pen, second, y, differs ? ROLE_ACCENT : ROLE_TEXT, "%s", b);
        y++;
    }
}

void panel_pair(struct scene *scene, const struct pen *pen, const struct pair_row *row)
{
    bool large = scene->choice.large;
    draw_titles(scene, pen, row);
    int y = 2, each = pen->rect.width / (row->a == row->b ? 3 : 2) / 2;
    int words = !large ? 11 : pen->rect.height < 28 ? 12 : 21;
    int room = pen->rect.height - words, height = each < room ? each : room;
    if (scene->data->pixels && height >= 3) {
        struct pen p = pen_rows(pen, y, height);
        draw_pictures(scene, &p, row, height);
        y += height;
    }
    y = row->a == row->b ? draw_positive_words(scene, pen, y, row) : draw_other_words(scene, pen, y, row);
    if (row->n_negatives > 0)
        y = draw_hard(scene, pen, y + (pen->rect.height - y > 6), row);
    if (row->n_negatives > 0 && row->a == row->b)
        draw_hard_pictures(scene, pen, y + 1, row);
    else
        draw_attributes(scene, pen, y + 1, row);
}

void panel_pair_of_item(struct scene *scene, const struct pen *pen)
{
    const struct result *r = scene->found[REQUEST_PAIRS];
    if (!r || !r->pairs.looks || (int64_t)r->pairs.looked_at.a != scene_row(scene, scene->choice.item))
        return;
    const struct pair_row *row = &r->pairs.looked_at;
    char p[32], t[32], share[32];
    int y = 0;
    if (!isnan(row->probability))
        pen_printf(pen, 0, y++, ROLE_TEXT, "softmax %s at temperature %s",
                   format_number(pen->theme, (double)row->probability, 2, p),
                   format_number(pen->theme, pairs_temperature(scene), 2, t));
    if (!isnan(row->share))
        pen_printf(pen, 0, y++, ROLE_TEXT, "share of this batch's loss %s %%",
                   format_number(pen->theme, 100 * (double)row->share, 1, share));
    y = draw_hard(scene, pen, y + 1, row);
    draw_hard_pictures(scene, pen, y + 1, row);
}

/* "Items 412, a small red moon, and 65, a red moon: alike 0.64, a false negative (same shape)." */
void pair_words(const struct scene *scene, const struct pair_row *row, struct strbuf *out)
{
    char a[96], b[96], name[64], place[64];
    bool batch = scene->choice.pairs.list < PAIRS_AT_THRESHOLD;
    scene_caption(scene, row->a, a, sizeof a);
    scene_caption(scene, row->b, b, sizeof b);
    pair_same_name(scene, name);
    if (row->a == row->b) {
        strbuf_printf(out, "The two views of item %u, %s: similarity %.2f in z, rank %u of %u.\n", row->a, a,
                      (double)row->similarity, row->rank, row->of);
        return;
    }
    strbuf_printf(out, "Items %u, %s, and %u, %s: similarity %.2f", row->a, a, row->b, b,
                  (double)row->similarity);
    if (row->same == 1)
        strbuf_printf(out, batch ? ", a false negative: %s" : ", %s", name);
    else if (row->same == 0)
        strbuf_printf(out, ", not %s", name);
    if (row->rank > 0)
        strbuf_printf(out, ", %s", pair_place(row, 80, place, sizeof place));
    strbuf_puts(out, ".\n");
}
