/* SPDX-License-Identifier: MIT */
#include "view/pair_list.h"

#include "view/facts.h"
#include "view/held.h"
#include "view/pair_verdict.h"
#include "view/pairs.h"
#include "view/rows.h"
#include "view/threshold.h"

#include <math.h>
#include <stdio.h>

const char *const pair_list_names[] = {"this item",        "hardest positives", "hardest negatives",
                                       "false negatives?", "false positives?",  "at the threshold",
                                       "wrong way"};

/* ---- which lists there are ---- */

bool pair_list_can(const struct scene *scene, int list)
{
    if (!scene->elsewhere || list == PAIRS_AT_THRESHOLD)
        return true;
    if (list == PAIRS_WRONG_WAY)
        return scene->n_kept > 1;
    const struct snapshot *last = scene->newest ? scene->newest : scene->now;
    return list != PAIRS_ITEM && last && last->n_batch > 0;
}

const struct lists pair_lists = {PAIR_LISTS, pair_list_can};

/* ---- what is listed ---- */

/* The data set row whose own list the first one is; -1: none. */
static int64_t own_row(const struct scene *scene)
{
    int of = scene->choice.pairs.of;
    return of == NO_ITEM ? scene_row(scene, scene->choice.item) : of;
}

const struct pairs_result *pair_list_answer(const struct scene *scene)
{
    const struct result *r = list_answer(scene, REQUEST_PAIRS);
    bool fits = r && (int)r->pairs.asked.list == scene->choice.pairs.list &&
                r->pairs.asked.label == scene_label(scene);
    if (fits && r->pairs.asked.list == PAIRS_ITEM && r->pairs.looks)
        fits = (int64_t)r->pairs.looked_at.a == own_row(scene);
    return fits ? &r->pairs : NULL;
}

/* What the rows are sorted by, greater first. */
static float sort_key(const struct pair_row *row, int sort)
{
    float key = sort == 1   ? -row->similarity
                : sort == 2 ? row->similarity
                : sort == 3 ? -row->probability
                            : row->share;
    return isnan(key) ? -INFINITY : key;
}

/* The rows shown, in their order; how many. */
int pair_list_rows(const struct scene *scene, const struct pair_row *row[PAIRS_LISTED])
{
    const struct pairs_result *p = pair_list_answer(scene);
    const struct pairs_choice *c = &scene->choice.pairs;
    int n = 0;
    for (size_t i = 0; p && i < p->n; i++) {
        if (c->only > 0 && p->row[i].same != (c->only == 1))
            continue;
        int at = n++;
        for (; c->sort > 0 && at > 0 && sort_key(row[at - 1], c->sort) < sort_key(&p->row[i], c->sort); at--)
            row[at] = row[at - 1];
        row[at] = &p->row[i];
    }
    return n;
}

const struct pair_row *pair_list_at(const struct scene *scene)
{
    const struct pair_row *row[PAIRS_LISTED];
    int n = pair_list_rows(scene, row), at = scene->choice.pairs.row;
    return n == 0 ? NULL : row[at < n ? at : n - 1];
}

/* ---- drawing ---- */

/* Of those that have another name where the batch is not pushed apart. */
static const char *plain_name(int list)
{
    return list == PAIRS_NEGATIVE         ? "nearest pairs"
           : list == PAIRS_FALSE_NEGATIVE ? "nearest, the same"
           : list == PAIRS_FALSE_POSITIVE ? "nearest, not so"
                                          : pair_list_names[list];
}

const char *pair_list_name(const struct scene *scene, int list, char text[32])
{
    const struct pairs_choice *c = &scene->choice.pairs;
    bool pushes = scene->now && scene->now->settings.contrast.negatives == NEGATIVES_BATCH;
    snprintf(text, 32, "%s", pushes ? pair_list_names[list] : plain_name(list));
    if (list == PAIRS_ITEM && c->of != NO_ITEM)
        snprintf(text, 32, "item %d", c->of);
    return text;
}

/* "0.74  rank 3  p 0.41": what fits of a row's numbers. */
static void row_numbers(const struct scene *scene, const struct pen *pen, const struct pair_row *row,
                        char *text, size_t size)
{
    char s[32], p[32], share[32];
    bool wide = pen->rect.width >= PAIR_LIST_WIDE;
    format_number(pen->theme, (double)row->similarity, 2, s);
    format_number(pen->theme, (double)row->probability, 2, p);
    format_number(pen->theme, 100 * (double)row->share, 1, share);
    if (scene->choice.pairs.list == PAIRS_POSITIVE)
        snprintf(text, size, wide ? "%6s %5u %6s %6s %%" : "%6s %5u %6s", s, row->rank, p, share);
    else if (scene->choice.pairs.list == PAIRS_WRONG_WAY)
        snprintf(text, size, "%6s %+6.2f", s, (double)row->similarity - (double)row->before);
    else if (scene->choice.pairs.list == PAIRS_AT_THRESHOLD)
        snprintf(text, size, "%6s", s);
    else if (scene->choice.pairs.list == PAIRS_ITEM) /* its place is that of the row */
        snprintf(text, size, "%6s %6s", s, p);
    else
        snprintf(text, size, wide ? "%6s %5u %6s" : "%5s %4u", s, row->rank, p);
}

static const char *numbers_head(const struct scene *scene, bool wide)
{
    switch (scene->choice.pairs.list) {
    case PAIRS_POSITIVE: return wide ? " alike  rank softmax    loss" : " alike  rank softmax";
    case PAIRS_WRONG_WAY: return " alike  moved";
    case PAIRS_AT_THRESHOLD: return " alike";
    case PAIRS_ITEM: return " alike softmax";
    default: return wide ? " alike  rank softmax" : "alike rank";
    }
}

/* Between the two: "m" marked, "=" the same under the relation. */
static const char *pair_sign(const struct scene *scene, const struct pair_row *row)
{
    bool own = row->a == row->b;
    if (marks_find(&scene->marks, row->a, own ? -1 : (int64_t)row->b) != MARK_NONE)
        return "m";
    return row->same == 1 && !own ? "=" : "";
}

/* What a row of an item's own list is: "its positive", "false". */
static const char *own_word(const struct scene *scene, const struct pair_row *row)
{
    if (scene->choice.pairs.list != PAIRS_ITEM)
        return "";
    if (row->training == PAIR_PULLED)
        return row->a == row->b ? "its positive" : "positive";
    return row->same != 1 ? "" : row->training == PAIR_PUSHED ? "false" : "same";
}

/* Both items, or the one whose views they are; of the item's own list the other one, as it is the first in
 * all. */
static void draw_row(struct scene *scene, const struct pen *pen, int y, const struct pair_row *row)
{
    char numbers[64];
    row_numbers(scene, pen, row, numbers, sizeof numbers);
    int right = pen->rect.width - text_width(numbers);
    bool one = row->a == row->b || scene->choice.pairs.list == PAIRS_ITEM;
    int each = one ? right - 3 : (right - 3) / 2, x = one ? 0 : each + 1;
    bool wrong = pair_is_false_negative(row);
    struct pen p = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, each, pen->rect.height});
    if (!one)
        item_row_draw(scene, &p, y, &(struct item_row){row->item_a, row->a, "", ROLE_TEXT});
    pen_text(pen, x, y, wrong ? ROLE_BAD : ROLE_ACCENT, pair_sign(scene, row));
    p.rect.x += x + 2;
    const char *what = one ? own_word(scene, row) : "";
    item_row_draw(scene, &p, y,
                  &(struct item_row){row->item_b, row->b, what, wrong && one ? ROLE_BAD : ROLE_TEXT});
    pen_text(pen, right, y, ROLE_TEXT, numbers);
}

const char *pair_list_why_empty(const struct scene *scene)
{
    const struct pairs_result *p = pair_list_answer(scene);
    uint32_t bin;
    if (scene->choice.pairs.list == PAIRS_AT_THRESHOLD && !threshold_bin_now(scene, &bin))
        return "where the threshold lies is not known: 4 shows why; t types one";
    if (!p)
        return "the pairs are being compared";
    bool of_batch = scene->choice.pairs.list < PAIRS_AT_THRESHOLD;
    if (of_batch && scene->elsewhere && scene->past && scene->newest && scene->newest->n_batch > 0)
        return "the batch of this step was not kept: > goes to the last";
    if (of_batch && scene->now->n_batch == 0)
        return scene->past             ? "the batch of this step was not kept: > goes to live"
               : scene->now->step == 0 ? "no batch yet: pairs come with the first step (. trains one)"
                                       : "the last batch is not known: . trains a step and shows its pairs";
    if (scene->choice.pairs.list == PAIRS_ITEM)
        return scene->past ? "its views of this step were not kept: > goes to live"
                           : "a moment: its two views";
    if (scene->choice.pairs.list == PAIRS_WRONG_WAY && p->before_step == UINT64_MAX)
        return "no earlier step to compare with: train on, or p pins one";
    if (scene->choice.pairs.list == PAIRS_FALSE_NEGATIVE && p->contrast.positives == POSITIVES_LABEL)
        return "there is none: what is of one label is pulled together here, not pushed apart";
    return scene->choice.pairs.only ? "none of them: S, only" : "there is none";
}

int pair_list_top(const struct scene *scene)
{
    const struct pairs_result *p = pair_list_answer(scene);
    return p && scene->choice.pairs.list == PAIRS_ITEM ? pair_verdict_rows(p) : 0;
}

/* "1 positive, 63 negatives", of an item's own list. */
static int draw_own_count(const struct pen *pen, const struct pairs_result *p)
{
    char pulled[32], others[32];
    const char *what = p->contrast.negatives == NEGATIVES_BATCH ? "negatives" : "others";
    return pen_printf(pen, 0, 0, ROLE_QUIET, "%s positive%s, %s %s", format_count(p->pulled, pulled),
                      p->pulled == 1 ? "" : "s", format_count(p->of - p->pulled, others), what);
}

/* "64 of 1 200 pairs   = same shape", and what the numbers of the rows are. */
static void draw_head(const struct scene *scene, const struct pen *pen, int n, const struct pairs_result *p)
{
    char count[32], name[64], sign[80];
    const char *numbers = numbers_head(scene, pen->rect.width >= PAIR_LIST_WIDE);
    bool own = scene->choice.pairs.list == PAIRS_ITEM && scene->choice.pairs.only == 0;
    int x = own ? draw_own_count(pen, p)
                : pen_printf(pen, 0, 0, ROLE_QUIET, "%d of %s pairs", n, format_count(p->of, count));
    x += 3;
    pair_same_name(scene, name);
    bool pushed = scene->choice.pairs.list < PAIRS_AT_THRESHOLD &&
                  scene->choice.pairs.list != PAIRS_POSITIVE && p->contrast.negatives == NEGATIVES_BATCH &&
                  p->contrast.positives == POSITIVES_VIEW;
    snprintf(sign, sizeof sign, "= %s%s", name, pushed ? ": false" : "");
    if (x + 1 + text_width(sign) + text_width(numbers) < pen->rect.width)
        pen_text(pen, x, 0, ROLE_QUIET, sign);
    pen_right(pen, 0, ROLE_QUIET, numbers);
}

void pair_list_draw(struct scene *scene, const struct pen *pen)
{
    const struct pair_row *row[PAIRS_LISTED];
    const struct pairs_result *p = pair_list_answer(scene);
    int n = pair_list_rows(scene, row), room = pen->rect.height - 1, at = scene->choice.pairs.row;
    at = at < n ? at : n - 1;
    if (n == 0) {
        pen_wrap(&(struct pen){pen->canvas, pen->theme,
                               rect_clip((struct rect){pen->rect.x, pen->rect.y + 1, pen->rect.width, room},
                                         pen->rect)},
                 0, ROLE_QUIET, pair_list_why_empty(scene));
        return;
    }
    int top = pair_list_top(scene);
    if (top > 0)
        pair_verdict_draw(scene, pen, p);
    struct pen rows = pen_rows(pen, top, pen->rect.height - top);
    room -= top;
    draw_head(scene, &rows, n, p);
    for (int i = rows_from(n, room, at), y = 1; i < n && y <= room; i++, y++) {
        draw_row(scene, &rows, y, row[i]);
        if (i == at)
            row_highlight(&rows, y);
    }
}
