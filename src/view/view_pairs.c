/* SPDX-License-Identifier: MIT
 *
 * View 2: pairs as things one can look at. Lists of the last batch's hardest positives and negatives and of
 * held-out pairs, and beside them the pair that is highlighted: its pictures, how it stands in the softmax,
 * what it costs, its hardest negatives.
 */
#include "base/check.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/pairs.h"
#include "view/panels.h"
#include "view/rows.h"
#include "view/state.h"
#include "view/threshold.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const list_names[] = {"this item",        "hardest positives", "hardest negatives",
                                         "false negatives?", "false positives?",  "at the threshold",
                                         "wrong way"};
static const char *const sort_names[] = {"as listed", "similarity up", "similarity down", "softmax up",
                                         "loss share down"};
static const char *const only_names[] = {"all", "that are the same", "that are not"};
static const struct view_option pairs_options[] = {
    {"list",
     "This item: its two views, then everything it is pushed away from in the last batch, nearest first. "
     "Positives are the two views of one picture of the last batch; negatives views of two, pushed apart. "
     "False "
     "negatives are the same and pushed apart all the same. The last two lists are of held-out pictures in "
     "h.",
     offsetof(struct choice, pairs.list), 0, PAIR_LISTS - 1, 1, list_names},
    {"sort", "Order of the rows; as listed: by what the list is about.", offsetof(struct choice, pairs.sort),
     0, 4, 1, sort_names},
    {"only", "Which pairs are shown.", offsetof(struct choice, pairs.only), 0, 2, 1, only_names},
    {"same means", "What counts as the same: for all error rates, and for false negatives.",
     offsetof(struct choice, threshold.relation), 0, RELATIONS - 1, 1, relation_names},
    {NULL, NULL, 0, 0, 0, 0, NULL},
};

enum { WIDE = 62 /* cells of a list that has room for all its numbers */ };

/* ---- what is listed ---- */

/* The data set row whose own list the first one is; -1: none. */
static int64_t own_row(const struct scene *scene)
{
    int of = scene->choice.pairs.of;
    return of == NO_ITEM ? scene_row(scene, scene->choice.item) : of;
}

static const struct pairs_result *pairs_of(const struct scene *scene)
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
static int ordered(const struct scene *scene, const struct pair_row *row[PAIRS_LISTED])
{
    const struct pairs_result *p = pairs_of(scene);
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

static const struct pair_row *highlighted(const struct scene *scene)
{
    const struct pair_row *row[PAIRS_LISTED];
    int n = ordered(scene, row), at = scene->choice.pairs.row;
    return n == 0 ? NULL : row[at < n ? at : n - 1];
}

static bool pair_here(struct scene *scene, struct pair_ref *pair)
{
    const struct pair_row *row = highlighted(scene);
    const struct pairs_choice *c = &scene->choice.pairs;
    bool awaited = !row && c->list == PAIRS_ITEM && c->of != NO_ITEM; /* its views have to be asked for */
    if (row || awaited)
        *pair = row ? (struct pair_ref){row->a, row->b} : (struct pair_ref){c->of, c->of};
    return row || awaited;
}

/* ---- drawing ---- */

/* "hardest negatives"; of the first list whose it is, where that is not the item looked at. */
static const char *list_name(const struct scene *scene, int list, char text[32])
{
    const struct pairs_choice *c = &scene->choice.pairs;
    snprintf(text, 32, "%s", list_names[list]);
    if (list == PAIRS_ITEM && c->of != NO_ITEM)
        snprintf(text, 32, "item %d", c->of);
    return text;
}

static void draw_lists(const struct scene *scene, const struct pen *pen)
{
    char name[32];
    int x = 0, list = scene->choice.pairs.list;
    if (pen->rect.width < 112) {
        x = pen_text(pen, 0, 0, ROLE_ACCENT, list_name(scene, list, name));
        pen_printf(pen, x + 2, 0, ROLE_QUIET, "list %d of %d: arrows right and left, S sorts", list + 1,
                   PAIR_LISTS);
        return;
    }
    for (int i = 0; i < PAIR_LISTS; i++)
        x = pen_text(pen, x, 0, i == list ? ROLE_ACCENT : ROLE_QUIET, list_name(scene, i, name)) + 3;
}

/* "0.74  rank 3  p 0.41": what fits of a row's numbers. */
static void row_numbers(const struct scene *scene, const struct pen *pen, const struct pair_row *row,
                        char *text, size_t size)
{
    char s[32], p[32], share[32];
    bool wide = pen->rect.width >= WIDE;
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

/* Both items, or the one whose views they are; of the item's own list the other one, as it is the first in
 * all. */
static void draw_row(struct scene *scene, const struct pen *pen, int y, const struct pair_row *row)
{
    char numbers[64];
    row_numbers(scene, pen, row, numbers, sizeof numbers);
    int right = pen->rect.width - text_width(numbers);
    bool one = row->a == row->b || scene->choice.pairs.list == PAIRS_ITEM;
    int each = one ? right - 3 : (right - 3) / 2, x = one ? 0 : each + 1;
    bool wrong = pair_is_false_negative(scene, row);
    struct pen p = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, each, pen->rect.height});
    if (!one)
        item_row_draw(scene, &p, y, &(struct item_row){row->item_a, row->a, "", ROLE_TEXT});
    pen_text(pen, x, y, wrong ? ROLE_BAD : ROLE_ACCENT, pair_sign(scene, row));
    p.rect.x += x + 2;
    const char *what = !one || row->same != 1                   ? ""
                       : row->a != row->b                       ? "false"
                       : scene->choice.pairs.list == PAIRS_ITEM ? "its positive"
                                                                : "";
    item_row_draw(scene, &p, y,
                  &(struct item_row){row->item_b, row->b, what, wrong && one ? ROLE_BAD : ROLE_TEXT});
    pen_text(pen, right, y, ROLE_TEXT, numbers);
}

static const char *why_empty(const struct scene *scene)
{
    const struct pairs_result *p = pairs_of(scene);
    uint32_t bin;
    if (scene->choice.pairs.list == PAIRS_AT_THRESHOLD && !threshold_bin_now(scene, &bin))
        return "where the threshold lies is not known: 4 shows why; t types one";
    if (!p)
        return "the pairs are being compared";
    bool of_batch = scene->choice.pairs.list < PAIRS_AT_THRESHOLD;
    if (scene->elsewhere && scene->now->n_batch > 0 && scene->choice.pairs.list == PAIRS_ITEM)
        return "nothing trains here, so no views of it are drawn; the pairs of the last batch: arrows right";
    if (of_batch && scene->elsewhere && scene->past && scene->newest && scene->newest->n_batch > 0)
        return "the batch of this step was not kept: > goes to the last";
    if (of_batch && scene->elsewhere && scene->now->n_batch == 0)
        return "nothing trains here, so there is no batch of pairs; the last two lists are of these items: "
               "arrows "
               "left";
    if (of_batch && scene->now->n_batch == 0)
        return scene->past             ? "the batch of this step was not kept: > goes to live"
               : scene->now->step == 0 ? "no batch yet: pairs come with the first step (. trains one)"
                                       : "the last batch is not known: . trains a step and shows its pairs";
    if (scene->choice.pairs.list == PAIRS_ITEM)
        return scene->past ? "its views of this step were not kept: > goes to live"
                           : "a moment: its two views";
    if (scene->choice.pairs.list == PAIRS_WRONG_WAY && p->before_step == UINT64_MAX)
        return "no earlier step to compare with: train on, or p pins one";
    return scene->choice.pairs.only ? "none of them: S, only" : "there is none";
}

static int verdict_rows(const struct scene *scene, const struct pairs_result *p)
{
    return p && scene->choice.pairs.list == PAIRS_ITEM && p->n > 1 ? 2 : 0;
}

/* Whether the hardest negative is one. */
static void draw_hardest(const struct pen *pen, const struct pair_row *hardest, const char *name)
{
    char s[32];
    bool wide = pen->rect.width >= WIDE;
    const char *pushed = wide && !isnan(hardest->probability) ? ", pushed apart" : "";
    format_number(pen->theme, (double)hardest->similarity, 2, s);
    pen_printf(pen, 0, 0, hardest->same == 1 ? ROLE_BAD : ROLE_TEXT,
               hardest->same == 1   ? wide ? "its hardest negative, %u at %s, is false: %s%s"
                                           : "hardest negative %u at %s, false: %s%s"
               : hardest->same == 0 ? wide ? "its hardest negative, %u at %s, is a true one: not %s%.0s"
                                           : "hardest negative %u at %s: not %s%.0s"
                                    : "hardest negative %u at %s; %s: not known%.0s",
               hardest->b, s, name, pushed);
}

/* How many are none, and which of them is the hardest. */
static void draw_false(const struct pen *pen, const struct pairs_result *p)
{
    const struct pair_row *first = NULL;
    size_t wrong = 0, listed = p->n - 1;
    const char *of = p->n < p->of ? "hardest" : "negatives"; /* the list may be cut */
    char s[32];
    for (size_t i = 1; i < p->n; i++) {
        first = p->row[i].same == 1 && !first ? &p->row[i] : first;
        wrong += p->row[i].same == 1;
    }
    if (!first) {
        pen_printf(pen, 0, 1, ROLE_QUIET, "none of its %zu is false; → → → lists those that are", listed);
        return;
    }
    bool wide = pen->rect.width >= WIDE;
    int x = pen_printf(pen, 0, 1, ROLE_QUIET, wide ? "%zu of its %zu %s%s" : "%zu of %zu%.0s%s", wrong,
                       listed, of, wrong == 1 ? " is false" : " are false");
    if (first != &p->row[1])
        pen_printf(pen, x, 1, ROLE_QUIET, ", first %u at %s", first->b,
                   format_number(pen->theme, (double)first->similarity, 2, s));
}

/* Of the item's own list: what a learner would ask first. Rows taken. */
static int draw_verdict(const struct scene *scene, const struct pen *pen, const struct pairs_result *p)
{
    char name[64];
    if (verdict_rows(scene, p) == 0)
        return 0;
    pair_same_name(scene, name);
    draw_hardest(pen, &p->row[1], name);
    draw_false(pen, p);
    return verdict_rows(scene, p);
}

/* "64 of 1 200 pairs   = same shape", and what the numbers of the rows are. */
static void draw_head(const struct scene *scene, const struct pen *pen, int n, size_t of)
{
    char count[32], name[64], sign[80];
    const char *numbers = numbers_head(scene, pen->rect.width >= WIDE);
    bool own = scene->choice.pairs.list == PAIRS_ITEM && scene->choice.pairs.only == 0;
    int x = own ? pen_printf(pen, 0, 0, ROLE_QUIET, "1 positive, %s negatives", format_count(of - 1, count))
                : pen_printf(pen, 0, 0, ROLE_QUIET, "%d of %s pairs", n, format_count(of, count));
    x += 3;
    pair_same_name(scene, name);
    bool pushed = scene->choice.pairs.list < PAIRS_AT_THRESHOLD && scene->choice.pairs.list != PAIRS_POSITIVE;
    snprintf(sign, sizeof sign, "= %s%s", name, pushed ? ": false" : "");
    if (x + 1 + text_width(sign) + text_width(numbers) < pen->rect.width)
        pen_text(pen, x, 0, ROLE_QUIET, sign);
    pen_right(pen, 0, ROLE_QUIET, numbers);
}

static void draw_list(struct scene *scene, const struct pen *pen)
{
    const struct pair_row *row[PAIRS_LISTED];
    const struct pairs_result *p = pairs_of(scene);
    int n = ordered(scene, row), room = pen->rect.height - 1, at = scene->choice.pairs.row;
    at = at < n ? at : n - 1;
    if (n == 0) {
        pen_wrap(&(struct pen){pen->canvas, pen->theme,
                               rect_clip((struct rect){pen->rect.x, pen->rect.y + 1, pen->rect.width, room},
                                         pen->rect)},
                 0, ROLE_QUIET, why_empty(scene));
        return;
    }
    int top = draw_verdict(scene, pen, p);
    struct pen rows = pen_rows(pen, top, pen->rect.height - top);
    room -= top;
    draw_head(scene, &rows, n, p->of);
    for (int i = rows_from(n, room, at), y = 1; i < n && y <= room; i++, y++) {
        draw_row(scene, &rows, y, row[i]);
        if (i == at)
            row_highlight(&rows, y);
    }
}

/* ---- the view ---- */

enum { BESIDE = 60 /* columns from which on the pair stands beside the list; else Enter shows it */ };

static struct rect list_place(const struct scene *scene, struct rect r)
{
    int width = scene->choice.large ? 0
                : r.width < BESIDE  ? r.width
                : r.width >= 170    ? r.width / 2
                : r.width >= 110    ? r.width * 3 / 5
                                    : r.width * 5 / 8;
    return (struct rect){r.x + 1, r.y + 1, width > 2 ? width - 2 : 0, r.height - 1};
}

static void pairs_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct pen pen = {canvas, scene->theme, {rect.x + 1, rect.y, rect.width - 2, 1}};
    struct rect list = list_place(scene, rect);
    const struct pair_row *row = scene->now ? highlighted(scene) : NULL;
    if (!scene->now)
        return;
    draw_lists(scene, &pen);
    struct pen p = pen_at(&pen, list);
    if (list.width > 0)
        draw_list(scene, &p);
    if (list.width > 0 && rect.width < BESIDE)
        return;
    int x = list.width > 0 ? list.x + list.width + 1 : rect.x;
    for (int y = 0; list.width > 0 && y < list.height; y++)
        canvas_put(canvas, rect, x - 1, list.y + y, theme_glyph(scene->theme, GLYPH_VERTICAL),
                   theme_style(scene->theme, ROLE_QUIET));
    p = pen_at(&pen, (struct rect){x + 1, rect.y + 1, rect.x + rect.width - x - 2, rect.height - 1});
    if (row)
        panel_pair(scene, &p, row);
}

/* The own list of one of the highlighted pair: of an item's list the other one, else the one for which the
 * other is the harder. Where there is no batch, its neighbours. */
static void look_at_item(struct scene *scene, const struct pair_row *pair, const struct post *post)
{
    struct pairs_choice *c = &scene->choice.pairs;
    bool other = c->list == PAIRS_ITEM;
    uint32_t row = other ? pair->b : pair->a;
    int item = other ? pair->item_b : pair->item_a;
    if (other && pair->a == pair->b) {
        say(post, false, "this is the own list of item %u; Esc goes back", row);
        return;
    }
    if (item >= 0)
        item_put(scene, item);
    if (scene->now->n_batch == 0) {
        act(scene, ACTION_VIEW_NEAR, (struct key){0}, post);
        return;
    }
    if (c->list != PAIRS_ITEM)
        c->from = c->list;
    c->of = item >= 0 ? NO_ITEM : (int)row;
    c->list = PAIRS_ITEM;
    c->item = scene->choice.item;
    c->row = 0;
    scene->choice.large = false;
}

static void look_into(struct scene *scene, const struct post *post)
{
    const struct pair_row *row = highlighted(scene);
    if (!row)
        say(post, false, "no pair is listed here: the list says why");
    else if (scene->choice.large)
        look_at_item(scene, row, post);
    else
        scene->choice.large = true;
}

/* Esc: from a list that was opened by Enter to where it was opened. */
static bool go_back(struct scene *scene)
{
    struct pairs_choice *c = &scene->choice.pairs;
    bool opened = c->list == PAIRS_ITEM && c->from != PAIRS_ITEM && !scene->choice.large;
    if (opened) {
        c->list = c->from;
        c->of = NO_ITEM;
        c->from = PAIRS_ITEM;
        c->row = 0;
    }
    return opened;
}

static bool pairs_act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    (void)key;
    const struct pair_row *row[PAIRS_LISTED];
    struct pairs_choice *c = &scene->choice.pairs;
    int list = c->list, n = ordered(scene, row);
    if (lists_walked(action, PAIR_LISTS, n, &c->list, &c->row)) {
        if (n < 2 && c->list == list)
            say(post, false, "there is no other pair in this list");
        c->row = c->list == list ? c->row : 0;
        c->of = c->list == PAIRS_ITEM && list == PAIRS_ITEM ? c->of : NO_ITEM;
    } else if (action == ACTION_ENTER) {
        look_into(scene, post);
    } else if (action != ACTION_BACK || !go_back(scene)) {
        return false;
    }
    list_hold(scene, REQUEST_PAIRS);
    return true;
}

static bool pairs_mouse(struct scene *scene, struct mouse mouse, struct rect rect, const struct post *post)
{
    (void)post;
    const struct pair_row *row[PAIRS_LISTED];
    struct pairs_choice *c = &scene->choice.pairs;
    int n = ordered(scene, row), at = c->row < n ? c->row : n - 1;
    struct list_place list = {list_place(scene, rect), n, at, 0};
    int top = verdict_rows(scene, pairs_of(scene));
    list.rect.y += top;
    list.rect.height -= top;
    bool wheel = mouse_is_wheel(mouse);
    if (wheel) /* anywhere: over the pair it walks too */
        list.rect = (struct rect){mouse.x, mouse.y, 1, 1};
    int to = row_pointed(&list, mouse);
    if (to >= 0) {
        if (!wheel && to == c->row) /* a second click opens it */
            scene->choice.large = true;
        c->row = to;
        list_hold(scene, REQUEST_PAIRS);
    }
    return wheel || to >= 0;
}

static void ask(struct scene *scene, enum pair_list list, float threshold, const struct post *post)
{
    struct request request = {.kind = REQUEST_PAIRS, .snapshot = scene->now};
    if (list == PAIRS_WRONG_WAY)
        request.other[0] = scene_before(scene);
    request.pairs = (struct pairs_question){list,
                                            (enum relation)scene->choice.threshold.relation,
                                            (float)pairs_temperature(scene),
                                            threshold,
                                            list == PAIRS_ITEM ? scene->now->inspected.item : UINT32_MAX,
                                            scene_label(scene)};
    scene_ask(scene, &request, post);
}

void pairs_want_item(struct scene *scene, const struct post *post)
{
    ask(scene, PAIRS_ITEM, 0, post);
}

static void wants(struct scene *scene, const struct post *post)
{
    enum pair_list list = (enum pair_list)scene->choice.pairs.list;
    uint32_t bin = 0;
    bool cut = list == PAIRS_AT_THRESHOLD;
    if (cut)
        threshold_wants(scene, post);
    if (!cut || threshold_bin_now(scene, &bin))
        ask(scene, list, cut ? (float)fmin(threshold_of_bin(bin, SCORES_BINS), 1) : 0, post);
}

static void pairs_words(struct scene *scene, struct strbuf *out)
{
    enum { TOLD = 5 };
    const struct pair_row *row[PAIRS_LISTED];
    const struct pairs_result *p = pairs_of(scene);
    int n = ordered(scene, row), from = rows_from(n, TOLD, scene->choice.pairs.row);
    if (n == 0) {
        strbuf_printf(out, "No pairs are listed: %s.\n", why_empty(scene));
        return;
    }
    strbuf_printf(out, "Listed are %d of %zu pairs, %s; from the %d. on:\n", n, p->of,
                  list_names[scene->choice.pairs.list], from + 1);
    for (int i = from; i < n && i < from + TOLD; i++)
        pair_words(scene, row[i], out);
}

/* What the next keys would do in the list that is shown. */
static bool pairs_hint(struct scene *scene, char *text, size_t size)
{
    char next[32];
    const struct pairs_choice *c = &scene->choice.pairs;
    const struct pair_row *row = highlighted(scene);
    if (!row)
        return false;
    uint64_t step;
    const char *own = scene->now->n_batch > 0 ? "list" : "nearest";
    unsigned of = c->list == PAIRS_ITEM ? row->b : row->a;
    bool itself = c->list == PAIRS_ITEM && row->a == row->b; /* this is its own list */
    list_name(scene, (c->list + 1) % PAIR_LISTS, next);
    if (scene->choice.large && itself)
        snprintf(text, size, "up, down: the next pair   m: mark   Esc: back");
    else if (scene->choice.large)
        snprintf(text, size, "Enter: %u's own %s   m: mark   Esc: back", of, own);
    else if (itself && !list_stays_at(scene, &step) && scene->now->status == TRAIN_RUNNING)
        snprintf(text, size, "arrows hold the list still   Enter: large   m: mark   Tab: %s", next);
    else if (itself || list_stays_at(scene, &step)) /* of which step is said before it */
        snprintf(text, size, "Enter: large   m: mark   Tab: %s", next);
    else
        snprintf(text, size, "Enter: large, again: %u's own %s   m: mark   Tab: %s", of, own, next);
    return true;
}

static const struct key_help pairs_keys[] = {
    {"←→", "list", "another list of pairs; Tab too"},
    {"↑↓", "pair", "another pair; PgUp PgDn ten, g G the first and the last"},
    {"Enter", "large",
     "the pair large, with its attributes; again: the own list of the item that is its anchor (of an item's "
     "list: of the other one); Esc: back"},
    {"Esc", NULL, "a list stays as it is while arrows walk it, and training goes on: Esc, it follows again"},
    {"Space", NULL, "holds the training: the next step has another batch"},
    {"m", "mark", "mark the pair: same, different, wrong label, duplicate"},
    {"S", "sort", "which list, sorted by what, only those that are the same or are not, and what same means"},
    {"e", NULL, "export the pair as .csv, .npy or .png; :export FILE.csv marks all that was marked"},
    {NULL, NULL, NULL},
};
static const int pairs_terms[] = {TERM_similarity, TERM_softmax,  TERM_rank_positive, TERM_loss_share,
                                  TERM_weight,     TERM_positive, TERM_negative,      -1};

extern const struct view view_pairs;
const struct view view_pairs = {
    .entry = {"pairs", "which pairs of pictures pull and push", NULL},
    .draw = pairs_draw,
    .act = pairs_act,
    .wants = wants,
    .mouse = pairs_mouse,
    .pair = pair_here,
    .words = pairs_words,
    .options = pairs_options,
    .keys = pairs_keys,
    .terms = pairs_terms,
    .hint = pairs_hint,
    .tip_still = "try: left twice: pairs at the threshold; Enter: the pair large, m marks it",
    .tip = "try: → → →: false negatives, whose hardest each is; Space holds the batch still",
};
