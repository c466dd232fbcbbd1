/* SPDX-License-Identifier: MIT
 *
 * One pair: its pictures, how it stands in the softmax, what it costs, its hardest negatives or what its two
 * items differ in.
 */
#include "view/facts.h"
#include "view/held.h"
#include "view/pair_list.h"
#include "view/pair_verdict.h"
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
    const struct settings *settings = &scene->now->settings;
    const struct setting *tau = settings_find(settings, "tau");
    bool over_batch = settings->contrast.negatives == NEGATIVES_BATCH;
    return over_batch && tau && tau->value > 0 ? tau->value : NAN;
}

/* What makes two items the same here: where it is the two views of one, their label. */
void pair_same_name(const struct scene *scene, char name[64])
{
    if (scene->choice.threshold.relation == RELATION_VIEW && scene_label(scene) >= 0)
        snprintf(name, 64, "same %.50s", scene_column_name(scene, scene_label(scene)));
    else
        relation_name(scene, name);
}

const char *views_word(float similarity)
{
    return isnan(similarity)    ? "without direction"
           : similarity >= 0.8F ? "alike"
           : similarity >= 0.4F ? "partly alike"
                                : "unlike";
}

bool pair_is_false_negative(const struct pair_row *row)
{
    return row->same == 1 && row->training == PAIR_PUSHED;
}

/* Are the other pictures of the batch negatives? */
static bool pushes(const struct pairs_result *p)
{
    return p->contrast.negatives == NEGATIVES_BATCH;
}

static void draw_pictures(const struct scene *scene, const struct pen *pen, const struct pair_row *row,
                          int height)
{
    const struct inspected *seen =
        scene->now->inspected.item == row->a && row->a == row->b ? &scene->now->inspected : NULL;
    const struct dataset *data = scene->data;
    int n = row->a != row->b ? 2 : scene->elsewhere ? 1 : 3; /* where nothing trains no views are drawn */
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
                 !pixels            ? "its two views"
                 : scene->elsewhere ? "picture"
                 : old              ? "picture, two views as of now"
                                    : "picture, view 1, view 2");
        return;
    }
    scene_caption(scene, row->b, caption, sizeof caption);
    x = pen_printf(pen, 0, 1, ROLE_STRONG, "%u", row->b);
    pen_text(pen, x + 1, 1, ROLE_TEXT, short_caption(caption));
}

/* Where there is room below: the negatives themselves, side by side. */
static void draw_hard_pictures(const struct scene *scene, const struct pen *pen, int y,
                               const struct pair_row *row, bool wrong)
{
    enum { LEAST = 5 };
    int each = (pen->rect.width - PAIR_NEGATIVES + 1) / PAIR_NEGATIVES, height = each / 2;
    height = height < pen->rect.height - y - 1 ? height : pen->rect.height - y - 1;
    for (int k = 0; k < row->n_negatives && scene->data->pixels && height >= LEAST; k++) {
        struct pen place =
            pen_at(pen, (struct rect){pen->rect.x + k * (each + 1), pen->rect.y + y, each, height + 1});
        struct pen picture = pen_rows(&place, 0, height);
        item_picture(scene, &picture, row->negative[k]);
        pen_printf(&place, 0, height, wrong && row->negative_same[k] == 1 ? ROLE_BAD : ROLE_QUIET, "%u",
                   row->negative[k]);
    }
}

static void draw_hard_head(const struct pen *pen, int y, const struct pair_row *row,
                           const struct pairs_result *p)
{
    char text[2][64];
    const char *what = pushes(p) ? "hardest negatives of" : "most alike to";
    snprintf(text[0], sizeof text[0], "%s %u, in this batch", what, row->a);
    snprintf(text[1], sizeof text[1], "%s %u", what, row->a);
    const char *const wording[] = {text[0], text[1], NULL};
    pen_text(pen, 0, y, ROLE_STRONG, pen_fitting(pen, 0, wording));
}

/* "1 of 3 is a false negative (same shape)"; where nothing is pushed apart "1 of 3: same shape". */
static void draw_hard_count(const struct scene *scene, const struct pen *pen, int y, int same,
                            const struct pair_row *row, const struct pairs_result *p)
{
    char name[64], text[3][120];
    const char *const wording[] = {text[0], text[1], text[2], NULL};
    const char *is = p->seated ? "would be" : same == 1 ? "is" : "are";
    pair_same_name(scene, name);
    snprintf(text[0], sizeof text[0], "%d of %d: %s", same, row->n_negatives, name);
    snprintf(text[1], sizeof text[1], "%d of %d the same", same, row->n_negatives);
    snprintf(text[2], sizeof text[2], "%d of %d %s false", same, row->n_negatives, is);
    if (pushes(p)) {
        snprintf(text[1], sizeof text[1], "%d of %d %s %sfalse negative%s", same, row->n_negatives, is,
                 same == 1 ? "a " : "", same == 1 ? "" : "s");
        snprintf(text[0], sizeof text[0], "%s (%s)", text[1], name);
    }
    pen_text(pen, 0, y, same && pushes(p) ? ROLE_BAD : ROLE_QUIET, pen_fitting(pen, 0, wording));
}

/* What is most alike to a and not pulled towards it; the row after. */
static int draw_hard(struct scene *scene, const struct pen *pen, int y, const struct pair_row *row,
                     const struct pairs_result *p)
{
    int all = 0;
    if (row->n_negatives == 0)
        return y;
    draw_hard_head(pen, y++, row, p);
    for (int k = 0; k < row->n_negatives && y < pen->rect.height; k++, y++) {
        char value[48], s[32];
        bool same = row->negative_same[k] == 1;
        format_number(pen->theme, (double)row->negative_similarity[k], 2, s);
        snprintf(value, sizeof value, "%s%s", same ? "same " : "", s);
        item_row_draw(
            scene, pen, y,
            &(struct item_row){NO_ITEM, row->negative[k], value, same && pushes(p) ? ROLE_BAD : ROLE_TEXT});
        all += same;
    }
    if (y < pen->rect.height)
        draw_hard_count(scene, pen, y++, all, row, p);
    return y;
}

/* What the numbers of a pair say, in words; the row after. */
static int draw_positive_words(const struct scene *scene, const struct pen *pen, int y,
                               const struct pair_row *row, const struct pairs_result *answer)
{
    char s[32], p[32], share[32], t[32];
    bool wide = pen->rect.width >= 36;
    format_number(pen->theme, (double)row->similarity, 2, s);
    format_number(pen->theme, (double)row->probability, 3, p);
    if (wide)
        pen_printf(pen, 0, y++, ROLE_TEXT, "views %s %s in z, rank %u of %u", views_word(row->similarity), s,
                   row->rank, row->of);
    else
        pen_printf(pen, 0, y++, ROLE_TEXT, "views %s in z, rank %u/%u", s, row->rank, row->of);
    if (!isnan(row->probability))
        pen_printf(pen, 0, y++, ROLE_TEXT, wide ? "softmax %s at temperature %s" : "softmax %s (temp. %s)", p,
                   format_number(pen->theme, pairs_temperature(scene), 2, t));
    if (!isnan(row->share))
        pen_printf(pen, 0, y++, ROLE_TEXT,
                   !wide            ? "loss %s (%s %% of all)"
                   : answer->seated ? "its loss would be %s: %s %% of the batch's"
                                    : "loss %s: %s %% of this batch's",
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
    bool pushed = row->training == PAIR_PUSHED, wide = width >= 36;
    const char *what = !wide ? "" : pushed ? " negatives" : " others";
    if (row->rank == 1)
        snprintf(text, size, "%s%s of %u's %u%s", wide ? "the " : "", pushed ? "hardest" : "nearest", row->a,
                 row->of, what);
    else
        snprintf(text, size, "%u. of %u's %u%s", row->rank, row->a, row->of, what);
    return text;
}

/* What training makes of the two, and whether they are the same. */
static void draw_training(const struct scene *scene, const struct pen *pen, int y, const struct pair_row *row,
                          const struct pairs_result *p)
{
    char name[64], text[2][120];
    bool wrong = pair_is_false_negative(row);
    pair_same_name(scene, name);
    if (row->same < 0 && row->training != PAIR_PULLED)
        return;
    snprintf(text[1], sizeof text[1], "%s%s", row->same == 1 ? "" : "not ", name);
    snprintf(text[0], sizeof text[0], "%s", text[1]);
    if (wrong) {
        snprintf(text[1], sizeof text[1], "%s: %s", p->seated ? "would be false" : "a false negative", name);
        snprintf(text[0], sizeof text[0], "%s: %s%s",
                 p->seated ? "would be a false negative" : "a false negative", name,
                 p->seated || isnan(row->probability) ? "" : ", yet pushed apart");
    } else if (row->training == PAIR_PULLED) {
        snprintf(text[0], sizeof text[0], "a positive: of one %s, pulled together",
                 scene_column_name(scene, scene->data->label));
        snprintf(text[1], sizeof text[1], "a positive: pulled together");
    } else if (row->same == 1 && scene->choice.pairs.list < PAIRS_AT_THRESHOLD) {
        snprintf(text[0], sizeof text[0], "%s; %s", name, pushed_words(&p->contrast));
    }
    const char *const wording[] = {text[0], text[1], NULL};
    pen_text(pen, 0, y, wrong ? ROLE_BAD : ROLE_TEXT, pen_fitting(pen, 0, wording));
}

static int draw_other_words(const struct scene *scene, const struct pen *pen, int y,
                            const struct pair_row *row, const struct pairs_result *answer)
{
    char s[32], p[32], place[64];
    bool batch = scene->choice.pairs.list < PAIRS_AT_THRESHOLD;
    const char *space = !batch ? "h" : pen->rect.width >= 36 ? "z, at the nearer view" : "z, nearer view";
    format_number(pen->theme, (double)row->similarity, 2, s);
    format_number(pen->theme, (double)row->probability, 3, p);
    pen_printf(pen, 0, y++, ROLE_TEXT, "alike %s in %s", s, space);
    if (scene->choice.pairs.list == PAIRS_WRONG_WAY)
        pen_printf(pen, 0, y++, ROLE_TEXT, "was %s at step %llu",
                   format_number(pen->theme, (double)row->before, 2, p),
                   (unsigned long long)answer->before_step);
    else if (batch && !isnan(row->probability))
        pen_printf(pen, 0, y++, ROLE_TEXT,
                   row->training == PAIR_PUSHED ? "softmax %s: its push" : "softmax %s", p);
    if (row->rank > 0)
        pen_text(pen, 0, y++, ROLE_TEXT, pair_place(row, pen->rect.width, place, sizeof place));
    draw_training(scene, pen, y++, row, answer);
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
    const struct pairs_result *p = pair_list_answer(scene);
    draw_titles(scene, pen, row);
    int y = 2, each = pen->rect.width / (row->a == row->b ? 3 : 2) / 2;
    int words = !large ? 11 : pen->rect.height < 28 ? 12 : 21;
    int room = pen->rect.height - words, height = each < room ? each : room;
    if (scene->data->pixels && height >= 3) {
        struct pen place = pen_rows(pen, y, height);
        draw_pictures(scene, &place, row, height);
        y += height;
    }
    y = row->a == row->b ? draw_positive_words(scene, pen, y, row, p)
                         : draw_other_words(scene, pen, y, row, p);
    if (row->n_negatives > 0)
        y = draw_hard(scene, pen, y + (pen->rect.height - y > 6), row, p);
    if (row->n_negatives > 0 && row->a == row->b)
        draw_hard_pictures(scene, pen, y + 1, row, pushes(p));
    else
        draw_attributes(scene, pen, y + 1, row);
}

void panel_pair_of_item(struct scene *scene, const struct pen *pen)
{
    const struct result *r = scene->found[REQUEST_PAIRS];
    if (!r || !r->pairs.looks || (int64_t)r->pairs.looked_at.a != scene_row(scene, scene->choice.item))
        return;
    const struct pair_row *row = &r->pairs.looked_at;
    char p[32], t[32], share[32], count[32], text[STEADY_WORDINGS][240];
    int y = 0;
    if (r->pairs.seated)
        pen_printf(pen, 0, y++, ROLE_QUIET,
                   "as if it stood in the batch of step %s:", format_count(r->step, count));
    if (!isnan(row->probability))
        pen_printf(pen, 0, y++, ROLE_TEXT, "softmax %s at temperature %s",
                   format_number(pen->theme, (double)row->probability, 2, p),
                   format_number(pen->theme, pairs_temperature(scene), 2, t));
    if (!isnan(row->share))
        pen_printf(pen, 0, y++, ROLE_TEXT, "share of this batch's loss %s %%",
                   format_number(pen->theme, 100 * (double)row->share, 1, share));
    y = draw_hard(scene, pen, y + 1, row, &r->pairs);
    if (y < pen->rect.height)
        pen_text(pen, 0, y++, ROLE_QUIET, pair_steady_words(scene, &r->pairs, pen->rect.width, text));
    draw_hard_pictures(scene, pen, y + 1, row, pushes(&r->pairs));
}

/* "Items 412, a small red moon, and 65, a red moon: alike 0.64, a false negative (same shape)." */
void pair_words(const struct scene *scene, const struct pair_row *row, struct strbuf *out)
{
    char a[96], b[96], name[64], place[64];
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
        strbuf_printf(out, pair_is_false_negative(row) ? ", a false negative: %s" : ", %s", name);
    else if (row->same == 0)
        strbuf_printf(out, ", not %s", name);
    if (row->rank > 0)
        strbuf_printf(out, ", %s", pair_place(row, 80, place, sizeof place));
    strbuf_puts(out, ".\n");
}
