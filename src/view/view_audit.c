/* SPDX-License-Identifier: MIT
 *
 * View 5: what a threshold does, to whom, and whether the difference is real; the pairs behind every number.
 * The step that is audited stays while training goes on.
 */
#include "view/act.h"
#include "view/audit.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/rows.h"
#include "view/threshold.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum {
    TABLE_WIDTH = 78,
    WIDE_TABLE = 90,
    BESIDE = 34,
    ENOUGH = 10 /* rows for one thing more */,
    PLACES = 7
};
enum { TWO_BESIDE = 96 /* columns for two next to each other */ };

static const char *const group_names[] = {"the group column"};
static const char *const cross_names[] = {"none"};
static const char *const same_names[AUDIT_SAMES] = {"identity", "label", "same picture", "pairs of a file"};
static const char *const split_names[] = {"all items", "dev half"};
static const char *const tag_names[] = {"not applied", "applied"};
static const char *const step_names[] = {"frozen", "newest"};
static const char *const more_names[AUDIT_PANELS] = {"pairs",          "DET",       "matrix",
                                                     "what if",        "summaries", "neighbours",
                                                     "standing apart", "meaning",   "performance"};

static const struct view_option audit_options[] = {
    {"groups",
     "Whose error rates are compared: any column of categories. The group column: that of the data, where it "
     "has none what the map is coloured by.",
     offsetof(struct choice, audit.group), -1, 0, 0, group_names},
    {"crossed with", "A second column: each pair of values is a group. Small groups are shown first in grey.",
     offsetof(struct choice, audit.cross), -1, 0, 0, cross_names},
    {"same means",
     "Which pairs are genuine (mated): of one identity, of one label, or the two views of one picture of the "
     "last batch (in z); or as a list of pairs says (:pairs FILE). It decides what an error is.",
     offsetof(struct choice, audit.relation), 0, AUDIT_SAMES - 1, 1, same_names},
    {"false match of",
     "Which impostor pairs are a group's: both items in it (within), at least one, or queries of it.",
     offsetof(struct choice, audit.convention), 0, 2, 1, audit_conventions},
    {"threshold chosen on",
     "All items: those it is reported on, so exploratory. Dev half: half of the identities, by lot or as a "
     "split column of dev and eval says; rates are of the other half.",
     offsetof(struct choice, audit.split), 0, 1, 1, split_names},
    {"marks",
     "What m said. Applied: a wrongly labelled item and the later of two duplicates are in no pair, and two "
     "that are the same or different count as that. Both rates stand below the table.",
     offsetof(struct choice, audit.tags), 0, 1, 1, tag_names},
    {"step", "Frozen: the numbers stay while training goes on. Newest: audited anew at each step.",
     offsetof(struct choice, audit.follow), 0, 1, 1, step_names},
    {"also shown",
     "First beside the table (Tab): pairs behind the number, DET curves, the matrix of groups, "
     "thresholds of each group's own, other summaries, neighbours by group, groups that stand apart, what a "
     "score means by group, what thresholds of dev cost on eval.",
     offsetof(struct choice, audit.more), 0, AUDIT_PANELS - 1, 1, more_names},
    {NULL, NULL, 0, 0, 0, 0, NULL},
};

/* ---- where what stands ---- */

struct places {
    struct rect table, place[PLACES]; /* what is chosen, then what comes after it; height 0: no room */
};

static struct rect narrowed(struct rect r, int width)
{
    r.width = r.width > width ? width : r.width;
    return r;
}

/* What stands in place i: what is chosen, then the others, most asked for first. */
static enum audit_panel panel_in(const struct scene *scene, const struct audit *audit, int i)
{
    const enum audit_panel curve = audit->n_epc > 0 ? AUDIT_PERFORMANCE : AUDIT_MEANING,
                           other = audit->n_epc > 0 ? AUDIT_MEANING : AUDIT_PERFORMANCE,
                           order[AUDIT_PANELS] = {AUDIT_PAIRS_BEHIND, AUDIT_DET,     curve,
                                                  AUDIT_MATRIX,       AUDIT_WHAT_IF, AUDIT_APART,
                                                  AUDIT_SUMMARIES,    other,         AUDIT_NEAR},
                           first = scene->choice.audit.more;
    for (int k = 0, left = i; k < AUDIT_PANELS; k++)
        if (order[k] != first && left-- == 1)
            return order[k];
    return first;
}

/* Rows that it fills; 0: all there are. */
static int rows_wanted(enum audit_panel panel, int groups)
{
    switch (panel) {
    case AUDIT_MATRIX: return groups + 3;
    case AUDIT_WHAT_IF: return 5 * groups + 4;
    case AUDIT_SUMMARIES: return 12;
    case AUDIT_APART: return groups < 3 ? 2 : groups + 5;
    default: return 0;
    }
}

static int place(struct places *p, int n, struct rect rect)
{
    p->place[n] = rect;
    return n + 1;
}

/* Right of the table: one above others, two next to each other where it is wide. */
static int places_beside(struct places *p, struct rect r)
{
    int upper = r.height >= 36 ? r.height / 2 : r.height,
        n = place(p, 0, (struct rect){r.x, r.y, r.width, upper});
    struct rect lower = {r.x, r.y + upper + 1, r.width, r.height - upper - 1};
    if (lower.height < ENOUGH)
        return n;
    int half = r.width >= TWO_BESIDE ? (r.width - 3) * 11 / 20 : r.width;
    n = place(p, n, (struct rect){lower.x, lower.y, half, lower.height});
    if (half < r.width)
        n = place(p, n, (struct rect){lower.x + half + 3, lower.y, r.width - half - 3, lower.height});
    return n;
}

/* Below the table, each as high as it needs, the last what is left. */
static void places_below(const struct scene *scene, const struct audit *audit, struct places *p, int n,
                         struct rect r)
{
    while (n < PLACES && r.height >= ENOUGH) {
        int wanted = rows_wanted(panel_in(scene, audit, n), (int)audit->n_groups), least = ENOUGH / 2;
        int height = wanted > 0 && wanted + 1 + least <= r.height ? wanted : r.height;
        n = place(p, n, (struct rect){r.x, r.y, r.width, height});
        r.y += height + 1;
        r.height -= height + 1;
    }
}

/* `used`: rows that the table fills. */
static struct places places_of(const struct scene *scene, const struct audit *audit, struct rect rect,
                               int used)
{
    struct rect all = {rect.x + 1, rect.y, rect.width - 2, rect.height};
    int table = all.width >= WIDE_TABLE + 2 + TWO_BESIDE ? WIDE_TABLE : TABLE_WIDTH, n = 0;
    struct places p = {narrowed(all, table), {{0, 0, 0, 0}}};
    if (scene->choice.large) {
        p.table = (struct rect){0, 0, 0, 0};
        p.place[0] = all;
        return p;
    }
    struct rect beside = {all.x + table + 2, all.y, all.width - table - 2, all.height};
    if (beside.width >= BESIDE)
        n = places_beside(&p, beside);
    struct rect below = {all.x, all.y + used + 1, p.table.width, all.height - used - 1};
    places_below(scene, audit, &p, n, below);
    return p;
}

/* On a small screen what Tab or Enter opened takes the verdicts' place. */
static bool in_place_of_verdicts(const struct scene *scene, struct rect rect)
{
    const struct audit_choice *c = &scene->choice.audit;
    return !scene->choice.large && rect.width - 2 < TABLE_WIDTH + 2 + BESIDE && rect.height < 30 &&
           (c->open || c->more != AUDIT_PAIRS_BEHIND);
}

static void draw_whole(struct scene *scene, const struct pen *pen, struct rect rect,
                       const struct audit *audit)
{
    struct places p = places_of(scene, audit, rect, rect.height);
    struct pen table = pen_at(pen, p.table);
    if (p.table.height > 0) {
        int used = panel_audit_table(scene, &table, audit);
        p = places_of(scene, audit, rect, used);
    }
    for (int i = 0; i < PLACES; i++) {
        struct pen place = pen_at(pen, p.place[i]);
        if (place.rect.height > 0)
            panel_audit(scene, &place, audit, panel_in(scene, audit, i));
    }
}

static void audit_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct pen pen = {canvas, scene->theme, rect};
    const struct audit *audit = scene->now ? audit_shown(scene) : NULL;
    if (!audit) {
        struct pen words =
            pen_at(&pen, rect_clip((struct rect){rect.x + 1, rect.y, rect.width - 2, 6}, rect));
        char text[AUDIT_WHY];
        pen_text(&words, 0, 0, ROLE_STRONG, "audit");
        pen_wrap(&words, 2, ROLE_QUIET, audit_why_nothing(scene, text));
        return;
    }
    if (in_place_of_verdicts(scene, rect)) {
        struct pen upper = pen_at(&pen, (struct rect){rect.x + 1, rect.y, rect.width - 2, rect.height});
        struct pen lower = pen_at(&pen, panel_audit_lower(&upper, audit));
        panel_audit_table(scene, &upper, audit);
        canvas_fill(canvas, lower.rect, ' ', style_plain);
        panel_audit(scene, &lower, audit, scene->choice.audit.more);
        return;
    }
    draw_whole(scene, &pen, rect, audit);
}

/* ---- keys ---- */

static void look_at_row(struct scene *scene, uint32_t row, const struct post *post)
{
    for (size_t i = 0; i < scene->now->n_probe; i++)
        if (scene->now->item[i] == row) {
            item_put(scene, (int)i);
            say(post, false, "item %u is looked at: 1 shows it on the map, 3 what is near it", row);
            return;
        }
}

static bool walk_pairs(struct scene *scene, const struct audit *audit, enum action action,
                       const struct post *post)
{
    const struct scored_pair *pair;
    struct audit_choice *c = &scene->choice.audit;
    size_t n = audit_listed(scene, audit, &pair);
    int moved = row_moved(action, c->pair, (int)n);
    if (moved >= 0)
        c->pair = moved;
    else if (action == ACTION_BACK)
        c->open = 0;
    else if (action == ACTION_ENTER && (size_t)c->pair < n)
        look_at_row(scene, audit_result_of(scene)->row[pair[c->pair].a], post);
    else
        return false;
    return true;
}

static bool walk_panels(struct scene *scene, enum action action)
{
    struct audit_choice *c = &scene->choice.audit;
    if (action != ACTION_NEXT_PANEL && action != ACTION_PREVIOUS_PANEL)
        return false;
    c->more = (c->more + (action == ACTION_NEXT_PANEL ? 1 : AUDIT_PANELS - 1)) % AUDIT_PANELS;
    c->open = 0;
    return true;
}

static bool audit_act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    (void)key;
    const struct audit *audit = scene->now ? audit_shown(scene) : NULL;
    struct audit_choice *c = &scene->choice.audit;
    struct audit_cell cell[AUDIT_ROWS];
    bool walks = walk_panels(scene, action);
    bool moves = row_moved(action, 0, 1) >= 0 || action == ACTION_LEFT || action == ACTION_RIGHT ||
                 action == ACTION_ENTER;
    if (!audit && (moves || walks)) /* no key that is named may go unanswered */
        say(post, false, "there is no audit to walk through yet: the view says what it waits for");
    if (!audit || walks)
        return walks || moves;
    if (c->open)
        return walk_pairs(scene, audit, action, post);
    int moved = row_moved(action, c->row, audit_cells(audit, cell));
    if (moved >= 0)
        c->row = moved;
    else if (action == ACTION_LEFT || action == ACTION_RIGHT)
        c->missed = action == ACTION_RIGHT;
    else if (action == ACTION_ENTER)
        c->open = 1;
    else
        return false;
    c->pair = 0;
    if (c->open)
        c->more = AUDIT_PAIRS_BEHIND;
    return true;
}

/* The wheel moves the threshold, a press or drag on its line too; a click on a row chooses it, again opens.
 */
static bool audit_mouse(struct scene *scene, struct mouse mouse, struct rect rect, const struct post *post)
{
    const struct audit *audit = scene->now ? audit_shown(scene) : NULL;
    struct audit_choice *c = &scene->choice.audit;
    (void)post;
    if (!audit)
        return false;
    struct pen pen = {NULL, scene->theme, places_of(scene, audit, rect, rect.height).table};
    if (mouse.what == MOUSE_WHEEL_UP || mouse.what == MOUSE_WHEEL_DOWN) {
        threshold_move(scene, mouse.what == MOUSE_WHEEL_UP ? THRESHOLD_STEP : -THRESHOLD_STEP);
        return true;
    }
    if ((mouse.what == MOUSE_PRESS || mouse.what == MOUSE_DRAG) && panel_audit_drag(scene, &pen, mouse))
        return true;
    int row = rect_has(pen.rect, mouse.x, mouse.y) ? panel_audit_row_at(scene, &pen, audit, mouse.y) : -1;
    if (mouse.what != MOUSE_PRESS || row < 0)
        return false;
    c->missed = panel_audit_is_missed(&pen, mouse.x);
    c->open = c->row == row && !c->open;
    c->more = c->open ? AUDIT_PAIRS_BEHIND : c->more;
    c->row = row;
    c->pair = 0;
    return true;
}

/* What the next keys do with the pair that is walked to; else, where the threshold view calls other pairs the
 * same, that it does. */
static bool audit_hint(struct scene *scene, char *text, size_t size)
{
    char here[64], there[64];
    struct pair_ref pair;
    if (!scene->now || !audit_shown(scene))
        return false;
    if (scene->choice.audit.open && audit_pair_of(scene, &pair)) {
        snprintf(text, size, "Enter: look at item %lld   m: tag the pair   Esc: the table",
                 (long long)pair.a);
        return true;
    }
    if (scene->choice.threshold.relation == RELATION_VIEW)
        return false;
    audit_relation_name(scene, here);
    relation_name(scene, there);
    if (strcmp(here, there) == 0)
        return false;
    snprintf(text, size, "%.20s here, %.20s in 4 (S)   ( ) threshold   Enter: its pairs", here, there);
    return true;
}

static const struct key_help audit_keys[] = {
    {"↑↓", "group", "another group or pair of groups; PgUp PgDn ten, g G the first and the last"},
    {"←→", "error", "false matches or misses of it"},
    {"Enter", "its pairs", "the pairs behind the number; arrows walk them, Esc: back"},
    {"( )", "threshold", "lower or higher, one look-up: every number follows at once; t types it or a rate"},
    {"Tab", "panel",
     "pairs, DET, matrix, what if, summaries, neighbours, standing apart, what a score means, expected "
     "performance; z: large"},
    {"m", "tag",
     "on a pair: same, different, duplicate; of one item: wrong label; the rates with marks stand beside"},
    {"S", "groups", "groups, crossed groups, what same means, whose false matches, dev and eval"},
    {NULL, NULL, NULL},
};
static const int audit_terms[] = {TERM_fmr, TERM_fnmr, TERM_eer, TERM_auc, TERM_similarity, -1};

extern const struct view view_audit;
const struct view view_audit = {
    .entry = {"audit", "whom the errors of a threshold fall on", NULL},
    .draw = audit_draw,
    .act = audit_act,
    .wants = audit_wants,
    .pair = audit_pair_of,
    .mouse = audit_mouse,
    .words = audit_words,
    .counted = audit_counted,
    .options = audit_options,
    .keys = audit_keys,
    .terms = audit_terms,
    .hint = audit_hint,
    .tip = "try: ( and ) move the threshold, Enter: pairs behind a number, Tab: more",
};
