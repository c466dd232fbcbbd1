/* SPDX-License-Identifier: MIT
 *
 * View 2: pairs as things one can look at. Lists of the last batch's hardest positives and negatives and of
 * held-out pairs, and beside them the pair that is highlighted: its pictures, how it stands in the softmax,
 * what it costs, its hardest negatives.
 */
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/pair_list.h"
#include "view/pair_verdict.h"
#include "view/pairs.h"
#include "view/rows.h"
#include "view/threshold.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

static const char *const sort_names[] = {"as listed", "similarity up", "similarity down", "softmax up",
                                         "loss share down"};
static const char *const only_names[] = {"all", "that are the same", "that are not"};
static const struct view_option pairs_options[] = {
    {"list",
     "This item: its two views, then every other picture of the last batch, nearest first. Positives are "
     "views that are pulled together: of one picture, or of one label where the method learns from it. "
     "Negatives are views of two pictures that are pushed apart; false ones are the same all the same. A "
     "method without negatives has the nearest pairs there. The last two lists are of held-out pictures in "
     "h.",
     offsetof(struct choice, pairs.list), 0, PAIR_LISTS - 1, 1, pair_list_names},
    {"sort", "Order of the rows; as listed: by what the list is about.", offsetof(struct choice, pairs.sort),
     0, 4, 1, sort_names},
    {"only", "Which pairs are shown.", offsetof(struct choice, pairs.only), 0, 2, 1, only_names},
    {"same means", "What counts as the same: for all error rates, and for false negatives.",
     offsetof(struct choice, threshold.relation), 0, RELATIONS - 1, 1, relation_names},
    {NULL, NULL, 0, 0, 0, 0, NULL},
};

static const char *option_name(const struct scene *scene, const struct view_option *option, int value,
                               char text[32])
{
    return option == &pairs_options[0] ? pair_list_name(scene, value, text) : NULL;
}

/* ---- the list that is shown ---- */

static bool pair_here(struct scene *scene, struct pair_ref *pair)
{
    const struct pair_row *row = pair_list_at(scene);
    const struct pairs_choice *c = &scene->choice.pairs;
    bool awaited = !row && c->list == PAIRS_ITEM && c->of != NO_ITEM; /* its views have to be asked for */
    if (row || awaited)
        *pair = row ? (struct pair_ref){row->a, row->b} : (struct pair_ref){c->of, c->of};
    return row || awaited;
}

static void draw_lists(const struct scene *scene, const struct pen *pen)
{
    char name[32];
    int x = 0, list = scene->choice.pairs.list, at = 0, n = 0;
    bool narrow = pen->rect.width < 112;
    for (int i = 0; i < PAIR_LISTS; i++) {
        if (!pair_list_can(scene, i))
            continue;
        n++;
        at = i == list ? n : at;
        if (!narrow || i == list)
            x = pen_text(pen, x, 0, i == list ? ROLE_ACCENT : ROLE_QUIET, pair_list_name(scene, i, name)) + 3;
    }
    if (narrow && n > 1)
        pen_printf(pen, x - 1, 0, ROLE_QUIET, "list %d of %d: arrows right and left, S sorts", at, n);
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
    const struct pair_row *row = scene->now ? pair_list_at(scene) : NULL;
    if (!scene->now)
        return;
    draw_lists(scene, &pen);
    struct pen p = pen_at(&pen, list);
    if (list.width > 0)
        pair_list_draw(scene, &p);
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

void pairs_of_item(struct scene *scene, uint32_t row, int item)
{
    struct pairs_choice *c = &scene->choice.pairs;
    if (item >= 0)
        item_put(scene, item);
    if (c->list != PAIRS_ITEM)
        c->from = c->list;
    c->of = item >= 0 ? NO_ITEM : (int)row;
    c->list = PAIRS_ITEM;
    c->item = scene->choice.item;
    c->row = 0;
    scene->choice.large = false;
}

/* Can an item's own list be shown? Where there is no batch or nothing trains, its neighbours are. */
static bool has_own_lists(const struct scene *scene)
{
    return scene->now->n_batch > 0 && pair_list_can(scene, PAIRS_ITEM);
}

/* The own list of one of the highlighted pair: of an item's list the other one, else the one for which the
 * other is the harder. */
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
    if (!has_own_lists(scene)) {
        act(scene, ACTION_VIEW_NEAR, (struct key){0}, post);
        return;
    }
    pairs_of_item(scene, row, item);
}

static void look_into(struct scene *scene, const struct post *post)
{
    const struct pair_row *row = pair_list_at(scene);
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
    int list = c->list, n = pair_list_rows(scene, row);
    if (lists_walked(scene, &pair_lists, action, n, &c->list, &c->row)) {
        if (row_moved(action, 0, 2) < 0 && c->list == list)
            say(post, false, "there is no other list here: the others need a batch or an earlier step");
        else if (n < 2 && c->list == list)
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
    int n = pair_list_rows(scene, row), at = c->row < n ? c->row : n - 1;
    struct list_place list = {list_place(scene, rect), n, at, 0};
    int top = pair_list_top(scene);
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
    struct pairs_choice *c = &scene->choice.pairs;
    if (!pair_list_can(scene, c->list))
        c->list = list_next(scene, &pair_lists, c->list, 1);
    enum pair_list list = (enum pair_list)c->list;
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
    char name[32], text[STEADY_WORDINGS][240];
    const struct pair_row *row[PAIRS_LISTED];
    const struct pairs_result *p = pair_list_answer(scene);
    int n = pair_list_rows(scene, row), from = rows_from(n, TOLD, scene->choice.pairs.row);
    if (n == 0) {
        strbuf_printf(out, "No pairs are listed: %s.\n", pair_list_why_empty(scene));
        return;
    }
    if (scene->choice.pairs.list == PAIRS_ITEM && p->seated)
        strbuf_printf(out, "Item %u is %s.\n", p->looked_at.a, pair_seated_words(p)[0]);
    const char *steady =
        scene->choice.pairs.list == PAIRS_ITEM ? pair_steady_words(scene, p, SENTENCE_SIZE, text) : "";
    if (*steady)
        strbuf_printf(out, "Steadiness: %s.\n", steady);
    strbuf_printf(out, "Listed are %d of %zu pairs, %s; from the %d. on:\n", n, p->of,
                  pair_list_name(scene, scene->choice.pairs.list, name), from + 1);
    for (int i = from; i < n && i < from + TOLD; i++)
        pair_words(scene, row[i], out);
}

/* What the next keys would do in the list that is shown. */
static bool pairs_hint(struct scene *scene, char *text, size_t size)
{
    char name[32], next[48] = "";
    const struct pairs_choice *c = &scene->choice.pairs;
    const struct pair_row *row = pair_list_at(scene);
    if (!row)
        return false;
    uint64_t step;
    const char *own = has_own_lists(scene) ? "list" : "nearest";
    unsigned of = c->list == PAIRS_ITEM ? row->b : row->a;
    bool itself = c->list == PAIRS_ITEM && row->a == row->b; /* this is its own list */
    int after = list_next(scene, &pair_lists, c->list, 1);
    if (after != c->list)
        snprintf(next, sizeof next, "   Tab: %s", pair_list_name(scene, after, name));
    if (scene->choice.large && itself)
        snprintf(text, size, "up, down: the next pair   m: mark   Esc: back");
    else if (scene->choice.large)
        snprintf(text, size, "Enter: %u's own %s   m: mark   Esc: back", of, own);
    else if (list_changes(scene))
        snprintf(text, size, "each step has new pairs: arrows hold the list, Space all   Enter: large");
    else if (itself || list_stays_at(scene, &step)) /* of which step is said before it */
        snprintf(text, size, "Enter: large   m: mark%s", next);
    else
        snprintf(text, size, "Enter: large, again: %u's own %s   m: mark%s", of, own, next);
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
    .option_name = option_name,
    .keys = pairs_keys,
    .terms = pairs_terms,
    .hint = pairs_hint,
    .tip_still = "try: Enter: the pair large, m marks it; ( and ) move the threshold",
    .tip = "try: right: other lists; each step has new pairs, Space holds the training",
};
