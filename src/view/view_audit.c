/* SPDX-License-Identifier: MIT
 *
 * View 5: what a threshold does, to whom, and whether the difference is real; the pairs behind every number.
 * The step that is audited stays while training goes on.
 */
#include "base/strbuf.h"
#include "space/audit_words.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/panels.h"
#include "view/rows.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { AT_FMR_01, AT_FMR_1, AT_FMR_10, AT_FNMR_5, AT_EER, AT_COUNT };
enum { MOST_ROWS = AUDIT_MOST_GROUPS * (AUDIT_MOST_GROUPS + 1) / 2, HEADER = 5, LISTED_SMALL = 6 };
enum { TABLE_WIDTH = 78, PAIRS_WIDTH = 34, ENOUGH = 10 /* rows for one thing more */ };

static const char *const group_names[] = {"group column", "what c colours"};
static const char *const relation_names[] = {"identity", "label"};
static const char *const target_names[] = {"FMR 0.1 %", "FMR 1 %", "FMR 10 %", "FNMR 5 %", "FMR = FNMR"};
static const char *const convention_names[] = {"within", "involving", "query"};
static const char *const step_names[] = {"frozen", "newest"};
static const char *const more_names[] = {"pairs", "summaries", "what if"};

static const struct view_option audit_options[] = {
    {"groups",
     "Whose error rates are compared: the group column of the data, or what the map is coloured by (c).",
     offsetof(struct choice, audit.group), 0, 1, 1, group_names},
    {"same means",
     "Which pairs are genuine (mated): of one identity, or of one label. It decides what an error is.",
     offsetof(struct choice, audit.relation), 0, 1, 1, relation_names},
    {"threshold at", "What the threshold is set to do over all groups.",
     offsetof(struct choice, audit.target), 0, AT_COUNT - 1, 1, target_names},
    {"false match of",
     "Which impostor pairs are a group's: both items in it (within), at least one, or queries of it.",
     offsetof(struct choice, audit.convention), 0, 2, 1, convention_names},
    {"step", "Frozen: the numbers stay while training goes on. Newest: audited anew at each step.",
     offsetof(struct choice, audit.follow), 0, 1, 1, step_names},
    {"also shown", "Pairs behind the number, other summaries, or thresholds of each group's own.",
     offsetof(struct choice, audit.more), 0, 2, 1, more_names},
    {NULL, NULL, 0, 0, 0, 0, NULL},
};

/* ---- what is asked and what is there ---- */

static bool is_category(const struct dataset *data, int column)
{
    return column >= 0 && data->column[column].kind == COLUMN_CATEGORY;
}

static int group_column(const struct scene *scene)
{
    bool own = scene->choice.audit.group == 0 && is_category(scene->data, scene->data->group);
    return own ? scene->data->group : scene->choice.column;
}

static int relation_column(const struct scene *scene)
{
    const struct dataset *data = scene->data;
    bool label = scene->choice.audit.relation == 1 || !is_category(data, data->identity);
    return label ? data->label : data->identity;
}

static struct audit_question question(const struct scene *scene)
{
    static const struct {
        enum audit_target target;
        int ppm;
    } targets[] = {{AUDIT_AT_FMR, 1000},
                   {AUDIT_AT_FMR, 10000},
                   {AUDIT_AT_FMR, 100000},
                   {AUDIT_AT_FNMR, 50000},
                   {AUDIT_AT_EER, 0}};
    const struct audit_choice *c = &scene->choice.audit;
    return (struct audit_question){group_column(scene), relation_column(scene),
                                   (int)targets[c->target].target, targets[c->target].ppm, c->convention};
}

static const struct audit_result *audit_of(const struct scene *scene)
{
    const struct result *r = scene->found[REQUEST_AUDIT];
    struct audit_question asked = question(scene);
    return r && memcmp(&r->audit.asked, &asked, sizeof asked) == 0 ? &r->audit : NULL;
}

static struct audit as_audit(const struct audit_result *r)
{
    return (struct audit){.value = (struct audit_value *)(uintptr_t)r->value, .n_values = r->n_values};
}

static const struct audit_value *value_of(const struct audit_result *r, enum audit_metric metric, int g,
                                          int h)
{
    struct audit audit = as_audit(r);
    return audit_find(&audit, metric, g, h);
}

static const struct audit_value *first_of(const struct audit_result *r, enum audit_metric metric)
{
    for (size_t i = 0; i < r->n_values; i++)
        if (r->value[i].metric == metric)
            return &r->value[i];
    return NULL;
}

struct group_pair {
    int g, h;
};

/* Groups, then pairs of groups. */
static int list_cells(const struct audit_result *r, struct group_pair cell[MOST_ROWS])
{
    int n = 0, groups = (int)r->n_groups;
    for (int g = 0; g < groups; g++)
        cell[n++] = (struct group_pair){g, g};
    for (int g = 0; g < groups; g++)
        for (int h = g + 1; h < groups; h++)
            cell[n++] = (struct group_pair){g, h};
    return n;
}

static struct group_pair chosen_cell(const struct scene *scene, const struct audit_result *r)
{
    struct group_pair cell[MOST_ROWS] = {{0, 0}};
    int n = list_cells(r, cell), row = scene->choice.audit.row;
    return cell[row < n ? row : n > 0 ? n - 1 : 0];
}

/* The pairs behind the highlighted number. */
static size_t listed_pairs(const struct scene *scene, const struct audit_result *r,
                           const struct audit_pair **pair)
{
    struct group_pair c = chosen_cell(scene, r);
    size_t list = scores_cell(r->n_groups, (size_t)c.g, (size_t)c.h) * 2 +
                  (scene->choice.audit.missed ? PAIR_GENUINE : 0);
    *pair = r->pair + list * AUDIT_PAIRS;
    return r->n_pairs[list];
}

/* ---- the table ---- */

static void names_of(const struct scene *scene, const struct audit_result *r,
                     const char *group[AUDIT_MOST_GROUPS], struct audit_names *names)
{
    for (size_t g = 0; g < r->n_groups; g++)
        group[g] = r->name[g];
    *names =
        (struct audit_names){group, scene_column_name(scene, r->asked.relation),
                             r->by_unit ? "identity" : "item", r->by_unit ? "identities" : "items", false};
}

static void draw_titles(struct scene *scene, const struct pen *pen, const struct audit_result *r)
{
    char items[32], units[32], step[32];
    const struct result *found = scene->found[REQUEST_AUDIT];
    bool frozen = scene->choice.audit.follow == 0;
    int x = pen_printf(pen, 0, 0, ROLE_STRONG, "audit   ");
    x = pen_printf(pen, x, 0, ROLE_TEXT, "step %s%s", format_count(found->step, step),
                   frozen ? ", frozen for this audit" : "");
    pen_printf(pen, x, 0, ROLE_QUIET, r->by_unit ? "   %s items, %s identities" : "   %s items",
               format_count(r->n_items, items), format_count(r->n_units, units));
    pen_printf(pen, 0, 1, ROLE_TEXT, "same = same %s    groups: %s    FMR %s%s    cosine in h",
               scene_column_name(scene, r->asked.relation), scene_column_name(scene, r->asked.group),
               convention_names[r->asked.convention], r->asked.convention == FMR_WITHIN ? " a group" : "");
    x = isfinite(r->threshold) ? pen_printf(pen, 0, 2, ROLE_TEXT, "threshold %.3f", r->threshold)
                               : pen_printf(pen, 0, 2, ROLE_BAD, "threshold above 1: nothing matches");
    pen_printf(pen, x, 2, ROLE_QUIET, ", set at %s on these items, so exploratory",
               target_names[scene->choice.audit.target]);
}

enum { AT_ITEMS = 16, AT_UNITS = 24, AT_FMR = 30, AT_FMR_CI = 42, AT_MISSED = 57, AT_MISSED_CI = 66 };

static void draw_heading(const struct pen *pen, bool units)
{
    for (int x = 0; x < pen->rect.width; x++)
        pen_glyph(pen, x, 3, ROLE_QUIET, GLYPH_HORIZONTAL);
    static const struct {
        int at;
        const char *text;
    } heads[] = {{AT_ITEMS + 1, "items"},
                 {AT_FMR, "false match"},
                 {AT_FMR_CI + 7, "95 %"},
                 {AT_MISSED, "missed"},
                 {AT_MISSED_CI + 4, "95 %"}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        pen_text(pen, heads[i].at, 4, ROLE_QUIET, heads[i].text);
    if (units)
        pen_text(pen, AT_UNITS + 1, 4, ROLE_QUIET, "ids");
}

static enum role role_of(const struct audit_value *value)
{
    return value->status == AUDIT_OK ? ROLE_TEXT : ROLE_QUIET;
}

/* "1 in 1 020" where rare, "8.1 %" else. */
static void rate_text(double rate, char *text, size_t size)
{
    char count[32];
    if (isnan(rate))
        snprintf(text, size, "–");
    else if (rate > 0 && rate < 0.02)
        snprintf(text, size, "1 in %s", format_count((unsigned long long)llround(1 / rate), count));
    else
        snprintf(text, size, rate >= 0.0995 ? "%.0f %%" : "%.1f %%", 100 * rate);
}

/* The interval in the unit of its rate: "780–1 330", "6–10". */
static void interval_text(const struct audit_value *value, char *text, size_t size)
{
    char low[32], high[32];
    if (isnan(value->ci.low))
        snprintf(text, size, value->status == AUDIT_FEW_UNITS ? "too few" : "–");
    else if (value->status == AUDIT_ZERO)
        snprintf(text, size, "%.2g %% or more", 100 * value->ci.high);
    else if (value->value > 0 && value->value < 0.02)
        snprintf(text, size, "%s–%s", format_count((unsigned long long)llround(1 / value->ci.high), low),
                 format_count((unsigned long long)llround(1 / value->ci.low), high));
    else
        snprintf(text, size, value->ci.low < 0.0995 ? "%.1f–%.1f" : "%.0f–%.0f", 100 * value->ci.low,
                 100 * value->ci.high);
}

static void right_at(const struct pen *pen, int end, int y, enum role role, const char *text)
{
    pen_text(pen, end - text_width(text), y, role, text);
}

static void draw_rate(const struct pen *pen, int y, const struct audit_value *value, bool missed, bool here)
{
    char rate[48], range[64];
    rate_text(value->value, rate, sizeof rate);
    interval_text(value, range, sizeof range);
    enum role role = here ? ROLE_ACCENT : role_of(value);
    right_at(pen, missed ? AT_MISSED + 6 : AT_FMR + 11, y, role, rate);
    right_at(pen, missed ? AT_MISSED_CI + 9 : AT_FMR_CI + 13, y, role_of(value), range);
}

static void draw_cell(struct scene *scene, const struct pen *pen, int y, const struct audit_result *r,
                      struct group_pair c, bool here)
{
    const struct audit_value *fmr = value_of(r, METRIC_FMR, c.g, c.h),
                             *fnmr = value_of(r, METRIC_FNMR, c.g, c.h);
    const char *group[AUDIT_MOST_GROUPS];
    struct audit_names names;
    struct strbuf name = {0};
    char items[32];
    bool missed = scene->choice.audit.missed;
    names_of(scene, r, group, &names);
    words_cell(&name, fmr, &names);
    struct pen left = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, AT_ITEMS - 1, pen->rect.height});
    pen_text(&left, 0, y, here ? ROLE_ACCENT : ROLE_TEXT, strbuf_text(&name));
    const struct audit_value *more = fmr->n_items >= fnmr->n_items ? fmr : fnmr;
    right_at(pen, AT_ITEMS + 6, y, ROLE_TEXT, format_count(more->n_items, items));
    if (r->by_unit)
        right_at(pen, AT_UNITS + 4, y, ROLE_TEXT, format_count(more->n_units, items));
    draw_rate(pen, y, fmr, false, here && !missed);
    draw_rate(pen, y, fnmr, true, here && missed);
    if (here)
        row_highlight(pen, y);
    strbuf_release(&name);
}

/* ---- what follows from it ---- */

static int draw_verdict(struct scene *scene, const struct pen *pen, int y, const struct audit_result *r,
                        enum audit_metric metric)
{
    const char *group[AUDIT_MOST_GROUPS];
    struct audit_names names;
    struct strbuf text = {0};
    const struct audit_value *ratio = first_of(r, metric);
    names_of(scene, r, group, &names);
    words_ratio(&text, ratio, &names);
    y = pen_wrap(pen, y, audit_is_evidence(ratio, 1) ? ROLE_STRONG : ROLE_TEXT, strbuf_text(&text));
    strbuf_release(&text);
    return y;
}

/* ---- pairs behind the number ---- */

static void draw_pairs(struct scene *scene, const struct pen *pen, const struct audit_result *r)
{
    const struct audit_pair *pair;
    const struct audit_choice *c = &scene->choice.audit;
    struct group_pair cell = chosen_cell(scene, r);
    int n = (int)listed_pairs(scene, r, &pair), room = pen->rect.height - 1;
    pen_printf(pen, 0, 0, c->open ? ROLE_ACCENT : ROLE_STRONG, "%s in %s%s%s",
               c->missed ? "least alike of the same" : "most alike of different", r->name[cell.g],
               cell.g == cell.h ? "" : " × ", cell.g == cell.h ? "" : r->name[cell.h]);
    if (n == 0)
        pen_text(pen, 0, 1, ROLE_QUIET, "there are no such pairs");
    for (int i = rows_from(n, room, c->pair), y = 1; i < n && y <= room; i++, y++) {
        char a[64], b[64], value[32];
        bool error = pair[i].error;
        scene_caption(scene, scene_row(scene, (int)pair[i].a), a, sizeof a);
        scene_caption(scene, scene_row(scene, (int)pair[i].b), b, sizeof b);
        format_number(pen->theme, (double)pair[i].similarity, 3, value);
        struct pen left =
            pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, pen->rect.width - 7, pen->rect.height});
        pen_printf(&left, 0, y, error ? ROLE_TEXT : ROLE_QUIET, "%s · %s", short_caption(a),
                   short_caption(b));
        pen_right(pen, y, error ? ROLE_BAD : ROLE_QUIET, value);
        if (c->open && i == c->pair)
            row_highlight(pen, y);
    }
}

static void draw_pictures(struct scene *scene, const struct pen *pen, const struct audit_result *r)
{
    const struct audit_pair *pair;
    size_t n = listed_pairs(scene, r, &pair), at = (size_t)scene->choice.audit.pair;
    if (at >= n || !scene->data->pixels)
        return;
    for (int side = 0; side < 2; side++) {
        int64_t row = scene_row(scene, (int)(side ? pair[at].b : pair[at].a));
        struct pen place = pen_at(pen, layout_column(pen->rect, 2, side, 2));
        struct pen picture = pen_at(
            &place, (struct rect){place.rect.x, place.rect.y, place.rect.width, place.rect.height - 1});
        item_picture(scene, &picture, row);
        pen_printf(&place, 0, place.rect.height - 1, ROLE_QUIET, "item %lld", (long long)row);
    }
}

static void draw_summaries(const struct pen *pen, const struct audit_result *r)
{
    pen_text(pen, 0, 0, ROLE_STRONG, "other summaries");
    for (int m = METRIC_FMR_RATIO, y = 1; m <= METRIC_IR && y < pen->rect.height; m++, y++) {
        const struct audit_value *value = first_of(r, m);
        char number[32] = "–";
        if (value && !isnan(value->value))
            snprintf(number, sizeof number, "%.3g", value->value);
        pen_text(pen, 0, y, ROLE_QUIET, metric_name(m));
        right_at(pen, 22, y, ROLE_TEXT, number);
        pen_printf(pen, 24, y, ROLE_QUIET, "equal: %s", metric_ideal(m));
    }
}

static void draw_what_if(const struct pen *pen, const struct audit_result *r)
{
    static const char *const titles[] = {"equal FMR", "equal FNMR", "equal match rate", "least cost"};
    pen_text(pen, 0, 0, ROLE_STRONG, "what if: thresholds by group, not applied");
    right_at(pen, 46, 0, ROLE_QUIET, "FMR");
    right_at(pen, 54, 0, ROLE_QUIET, "missed");
    int y = 1;
    for (int i = 0; i < 4; i++)
        for (int g = 0; g < (int)r->n_groups && y < pen->rect.height; g++, y++) {
            const struct audit_value *tau = value_of(r, METRIC_EQUAL_FMR_THRESHOLD + 3 * i, g, g);
            char fmr[48], fnmr[48];
            rate_text(tau[1].value, fmr, sizeof fmr);
            rate_text(tau[2].value, fnmr, sizeof fnmr);
            pen_text(pen, 0, y, ROLE_QUIET, g == 0 ? titles[i] : "");
            pen_printf(pen, 17, y, ROLE_TEXT, "%-10.10s %.3f", r->name[g], tau->value);
            right_at(pen, 46, y, ROLE_TEXT, fmr);
            right_at(pen, 54, y, ROLE_TEXT, fnmr);
        }
}

static void draw_more(struct scene *scene, const struct pen *pen, const struct audit_result *r)
{
    switch (scene->choice.audit.more) {
    case 1: draw_summaries(pen, r); return;
    case 2: draw_what_if(pen, r); return;
    default: break;
    }
    int pictures = pen->rect.height >= 24 ? 10 : pen->rect.height >= 14 ? 6 : 0;
    struct rect rect = pen->rect;
    struct pen list = pen_at(pen, (struct rect){rect.x, rect.y, rect.width, rect.height - pictures});
    struct pen below =
        pen_at(pen, (struct rect){rect.x, rect.y + rect.height - pictures, rect.width, pictures});
    draw_pairs(scene, &list, r);
    if (pictures)
        draw_pictures(scene, &below, r);
}

/* ---- the whole ---- */

static const char *why_nothing(const struct scene *scene)
{
    if (!scene->now || scene_items(scene) < 2)
        return "nothing to audit yet: there are no items";
    if (!is_category(scene->data, group_column(scene)))
        return "no groups: c colours by a category, S says whose rates are compared";
    if (!is_category(scene->data, relation_column(scene)))
        return "nothing says which pairs are the same: the data has neither identity nor label";
    return "counting pairs: a moment";
}

/* What there is room for under the verdicts: pairs where they are not beside, else what is not beside. */
static void draw_below(struct scene *scene, const struct pen *pen, const struct audit_result *r,
                       bool pairs_below)
{
    if (pairs_below)
        draw_more(scene, pen, r);
    else if (scene->choice.audit.more == 2)
        draw_summaries(pen, r);
    else
        draw_what_if(pen, r);
}

/* Room for the cells, then the verdicts, then pairs where the screen is small. */
static void draw_table(struct scene *scene, const struct pen *pen, const struct audit_result *r,
                       bool pairs_below)
{
    struct group_pair cell[MOST_ROWS];
    int n = list_cells(r, cell), height = pen->rect.height;
    bool open = pairs_below && scene->choice.audit.open;
    int below = open ? height - HEADER - 2 : 7, room = height - HEADER - below;
    room = room < 1 ? 1 : room > n ? n : room;
    int first = rows_from(n, room, scene->choice.audit.row);
    draw_titles(scene, pen, r);
    draw_heading(pen, r->by_unit);
    for (int i = 0; i < room && first + i < n; i++)
        draw_cell(scene, pen, HEADER + i, r, cell[first + i], first + i == scene->choice.audit.row);
    struct pen rest = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y + HEADER + room, pen->rect.width,
                                                height - HEADER - room});
    if (open || (pairs_below && scene->choice.audit.more)) {
        draw_more(scene, &rest, r);
        return;
    }
    int y = draw_verdict(scene, &rest, room < height - HEADER - 6, r, METRIC_FMR_RATIO);
    y = draw_verdict(scene, &rest, y, r, METRIC_FNMR_RATIO);
    rest = pen_rows(&rest, y + 1, rest.rect.height - y - 2);
    if (rest.rect.height >= ENOUGH)
        draw_below(scene, &rest, r, pairs_below);
    pen_text(pen, 0, height - 1, ROLE_QUIET,
             "Enter: the pairs   ← → which error   S groups, threshold, what if");
}

static void audit_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct pen pen = {canvas, scene->theme, {rect.x + 1, rect.y, rect.width - 2, rect.height}};
    const struct audit_result *r = audit_of(scene);
    if (!r) {
        pen_wrap(
            &(struct pen){
                canvas, scene->theme,
                rect_clip((struct rect){rect.x + 2, rect.y + rect.height / 3, rect.width - 4, 3}, rect)},
            0, ROLE_QUIET, why_nothing(scene));
        return;
    }
    bool beside = pen.rect.width >= TABLE_WIDTH + 2 + PAIRS_WIDTH;
    struct rect table = pen.rect;
    table.width = table.width > TABLE_WIDTH ? TABLE_WIDTH : table.width;
    struct pen left = pen_at(&pen, table);
    draw_table(scene, &left, r, !beside);
    if (!beside)
        return;
    struct pen right = pen_at(&pen, (struct rect){pen.rect.x + TABLE_WIDTH + 2, pen.rect.y,
                                                  pen.rect.width - TABLE_WIDTH - 2, pen.rect.height});
    draw_more(scene, &right, r);
}

/* ---- keys ---- */

static bool audit_pair_of(struct scene *scene, struct pair_ref *ref)
{
    const struct audit_result *r = audit_of(scene);
    const struct audit_pair *pair;
    size_t at = (size_t)scene->choice.audit.pair;
    if (!r || !scene->choice.audit.open || at >= listed_pairs(scene, r, &pair))
        return false;
    *ref = (struct pair_ref){scene_row(scene, (int)pair[at].a), scene_row(scene, (int)pair[at].b)};
    return true;
}

static bool walk_pairs(struct scene *scene, const struct audit_result *r, enum action action)
{
    const struct audit_pair *pair;
    struct audit_choice *c = &scene->choice.audit;
    size_t n = listed_pairs(scene, r, &pair);
    int moved = row_moved(action, c->pair, (int)n);
    if (moved >= 0)
        c->pair = moved;
    else if (action == ACTION_BACK)
        c->open = 0;
    else if (action == ACTION_ENTER && (size_t)c->pair < n)
        item_put(scene, (int)pair[c->pair].a);
    else
        return false;
    return true;
}

static bool audit_act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    (void)key;
    (void)post;
    const struct audit_result *r = audit_of(scene);
    struct audit_choice *c = &scene->choice.audit;
    struct group_pair cell[MOST_ROWS];
    if (!r)
        return false;
    if (c->open)
        return walk_pairs(scene, r, action);
    int moved = row_moved(action, c->row, list_cells(r, cell));
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
        c->more = 0;
    return true;
}

static void audit_wants(struct scene *scene, const struct post *post)
{
    const struct result *found = scene->found[REQUEST_AUDIT];
    struct request request = {.kind = REQUEST_AUDIT, .snapshot = scene->now};
    request.audit = question(scene);
    bool there = audit_of(scene) && found->run == scene->now->run;
    if (there && scene->choice.audit.follow == 0)
        return;
    if (is_category(scene->data, request.audit.group) && is_category(scene->data, request.audit.relation))
        scene_ask(scene, &request, post);
}

static const int audit_terms[] = {TERM_fmr, TERM_fnmr, TERM_eer, TERM_auc, TERM_similarity, -1};

extern const struct view view_audit;
const struct view view_audit = {
    .entry = {"audit", "whom the errors of a threshold fall on", NULL},
    .draw = audit_draw,
    .act = audit_act,
    .wants = audit_wants,
    .pair = audit_pair_of,
    .options = audit_options,
    .terms = audit_terms,
};
