/* SPDX-License-Identifier: MIT
 *
 * Help: what keys, settings and numbers mean in the view it was called from, then every key of the one table.
 * What is typed after / narrows it, over the numbers of all views.
 */
#include "base/check.h"
#include "share/terms.h"
#include "view/act.h"
#include "view/panels.h"
#include "view/state.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { KEY_COLUMN = 18, NARROW_KEYS = 9 };

/* Rows are counted as they are written, so that the same walk draws and measures. */
struct page {
    const struct pen *pen;
    const char *filter;
    int row, first; /* row of the text; first shown */
};

static bool contains(const char *text, const char *part)
{
    size_t n = strlen(part);
    for (; n > 0 && *text; text++) {
        size_t i = 0;
        while (i < n && tolower((unsigned char)text[i]) == tolower((unsigned char)part[i]))
            i++;
        if (i == n)
            return true;
    }
    return n == 0;
}

/* Text from column x on, wrapped; each row takes one of the page. */
static void page_text(struct page *page, int x, enum role role, const char *text)
{
    struct rect r = page->pen->rect;
    int y = page->row - page->first;
    struct pen column = pen_at(page->pen, (struct rect){r.x + x, r.y, r.width - x, r.height});
    page->row += pen_wrap(&column, y, role, text) - y;
}

static void page_row(struct page *page, const char *left, enum role role, const char *text)
{
    int column = page->pen->rect.width < 60 ? NARROW_KEYS : KEY_COLUMN;
    pen_text(page->pen, 1, page->row - page->first, role, left);
    page->row += 1 + text_width(left) >= column;
    page_text(page, column, ROLE_TEXT, text);
}

static void page_heading(struct page *page, const char *text)
{
    page->row += page->row > 0;
    pen_text(page->pen, 0, page->row++ - page->first, ROLE_ACCENT, text);
}

/* What people set out to do, from any view. */
static void recipes_part(struct page *page, const struct scene *scene)
{
    static const struct {
        const char *needs, *what, *how;
    } recipe[] = {
#define RECIPE(needs, what, how) {needs, what, how},
#include "view/recipes.def"
#undef RECIPE
    };
    bool heading = false;
    for (size_t i = 0; i < ARRAY_LEN(recipe); i++) {
        if ((!contains(recipe[i].what, page->filter) && !contains(recipe[i].how, page->filter)) ||
            !keys_work(scene, recipe[i].needs))
            continue;
        if (!heading)
            page_heading(page, "how to");
        heading = true;
        page_row(page, recipe[i].what, ROLE_STRONG, recipe[i].how);
    }
}

static void view_keys_part(struct page *page, const struct scene *scene, const struct view *view)
{
    bool heading = false;
    for (const struct key_help *k = view->keys; k && k->key; k++) {
        if (!k->help || (!contains(k->help, page->filter) && !contains(k->key, page->filter)) ||
            !keys_work(scene, k->key))
            continue;
        if (!heading)
            page_heading(page, "keys here");
        heading = true;
        page_row(page, k->key, ROLE_KEY, k->help);
    }
}

static void options_part(struct page *page, const struct view *view)
{
    bool heading = false;
    for (const struct view_option *o = view->options; o && o->label; o++) {
        if (!contains(o->help, page->filter) && !contains(o->label, page->filter))
            continue;
        if (!heading)
            page_heading(page, "settings here: S");
        heading = true;
        page_row(page, o->label, ROLE_STRONG, o->help);
    }
}

static void keys_part(struct page *page)
{
    const char *group = "";
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const struct action_entry *e = action_entry((enum action)a);
        if (!contains(e->help, page->filter) && !contains(e->name, page->filter) &&
            !contains(e->keys, page->filter))
            continue;
        if (strcmp(group, e->group) != 0) {
            char heading[80];
            snprintf(heading, sizeof heading, "keys everywhere: %s", e->group);
            page_heading(page, heading);
        }
        group = e->group;
        char left[64];
        snprintf(left, sizeof left, "%s%s", *e->keys ? e->keys : ":", *e->keys ? "" : e->name);
        page_row(page, left, ROLE_KEY, e->help);
    }
}

/* "0..1, high is good". */
static void range_text(const struct term_entry *t, char *text, size_t size)
{
    char low[32] = "", high[32] = "";
    if (isfinite(t->low))
        snprintf(low, sizeof low, "%g", t->low);
    if (isfinite(t->high))
        snprintf(high, sizeof high, "%g", t->high);
    const char *good = t->better == BETTER_HIGH  ? "high is good"
                       : t->better == BETTER_LOW ? "low is good"
                                                 : "neither high nor low is good";
    if (*low || *high)
        snprintf(text, size, "%s to %s%s%s, %s", *low ? low : "open", *high ? high : "open",
                 *t->unit ? " " : "", t->unit, good);
    else
        snprintf(text, size, "%s%s%s", t->unit, *t->unit ? ", " : "", good);
}

static void term_rows(struct page *page, const struct term_entry *t)
{
    char range[120];
    range_text(t, range, sizeof range);
    pen_text(page->pen, 1, page->row - page->first, ROLE_STRONG, t->name);
    int x = 3 + text_width(t->name) > 36 ? 3 + text_width(t->name) : 36;
    pen_text(page->pen, x, page->row++ - page->first, ROLE_QUIET, range);
    page_text(page, 3, ROLE_TEXT, t->meaning);
}

static bool shown_by(const struct view *view, int term)
{
    for (const int *t = view->terms; t && *t >= 0; t++)
        if (*t == term)
            return true;
    return false;
}

/* The numbers of the view; or, where a filter looks for them, those of all others. */
static void terms_part(struct page *page, const struct view *view, bool here)
{
    bool heading = false;
    for (int i = 0; i < TERM_COUNT; i++) {
        const struct term_entry *t = term_entry((enum term)i);
        bool asked = contains(t->name, page->filter) || contains(t->meaning, page->filter) ||
                     contains(t->id, page->filter);
        if (!asked || shown_by(view, i) != here)
            continue;
        if (!heading)
            page_heading(page, here ? "numbers here" : "numbers of other views");
        heading = true;
        term_rows(page, t);
    }
}

/* What the map can be coloured by besides the attributes, and a predicate can ask for. */
static void quantities_part(struct page *page)
{
    bool heading = false;
    for (int i = 0; i < QUANTITY_COUNT; i++) {
        const struct quantity_entry *q = quantity_entry((enum quantity)i);
        if (!contains(q->name, page->filter) && !contains(q->meaning, page->filter))
            continue;
        if (!heading)
            page_heading(page, "numbers of every item: c colours by them, / asks for them");
        heading = true;
        page_row(page, q->name, ROLE_STRONG, q->meaning);
    }
}

/* The methods there are, each in a sentence. */
static void methods_part(struct page *page, const struct scene *scene)
{
    const struct setting *s = scene->now ? settings_find(&scene->now->settings, "method") : NULL;
    const struct entry *entry;
    bool heading = false;
    for (size_t i = 0; s && s->axis && (entry = s->axis->at(i)); i++) {
        if (!contains(entry->name, page->filter) && !contains(entry->help, page->filter))
            continue;
        if (!heading)
            page_heading(page, "methods of learning: M");
        heading = true;
        page_row(page, entry->name, ROLE_STRONG, entry->help);
    }
}

/* What can be typed after `:` besides the actions' names. */
static void words_part(struct page *page)
{
    const char *name, *help;
    bool heading = false;
    for (size_t i = 0; (name = command_word(i, &help)); i++) {
        char left[40];
        if (!contains(help, page->filter) && !contains(name, page->filter))
            continue;
        if (!heading)
            page_heading(page, "words after : (Tab completes)");
        heading = true;
        snprintf(left, sizeof left, ":%s", name);
        page_row(page, left, ROLE_KEY, help);
    }
}

/* Of the method at work. */
static void safeguards_part(struct page *page, const struct scene *scene)
{
    bool heading = false;
    for (int i = 0; scene->now && i < scene->now->settings.n; i++) {
        const struct setting *s = &scene->now->settings.item[i];
        if (strcmp(s->group, "safeguards") != 0 || !s->knob ||
            (!contains(s->label, page->filter) && !contains(s->knob->help, page->filter)))
            continue;
        if (!heading)
            page_heading(page, "safeguards of this method: S switches them");
        heading = true;
        page_row(page, s->label, ROLE_STRONG, s->knob->help);
    }
}

static void protocol_part(struct page *page, const struct scene *scene)
{
    if (*page->filter || (!*scene->protocol && !*scene->split_rule))
        return;
    page_heading(page, "how these numbers were measured");
    if (*scene->split_rule)
        page_text(page, 1, ROLE_TEXT, scene->split_rule);
    if (*scene->protocol)
        page_text(page, 1, ROLE_TEXT, scene->protocol);
}

static void marks_part(struct page *page, const struct scene *scene)
{
    char text[4200];
    if (*page->filter && !contains("marks", page->filter))
        return;
    if (scene->marks_at)
        snprintf(text, sizeof text, "%zu made, kept in %s; :export FILE.csv marks writes them elsewhere",
                 scene->marks.n, scene->marks_at);
    else
        snprintf(text, sizeof text, "%zu made, kept in no file; :export FILE.csv marks writes them",
                 scene->marks.n);
    page_heading(page, "marks: m");
    page_text(page, 1, ROLE_TEXT, text);
}

static void panel_help(struct scene *scene, const struct pen *pen)
{
    struct choice *choice = &scene->choice;
    const struct view *view = view_at((size_t)choice->view);
    int height = pen->rect.height;
    pen_printf(pen, 0, 0, ROLE_STRONG, "help: %s", view->entry.help);
    if (*choice->help_filter)
        pen_printf(pen, 0, 1, ROLE_ACCENT, "/%s", choice->help_filter);
    else
        pen_text(pen, 0, 1, ROLE_QUIET,
                 "arrows, PgUp PgDn: scroll   /: search, all numbers too   Esc or ?: back");
    struct pen text = pen_rows(pen, 3, height - 3);
    int rows = screen_state(scene)->help_rows;
    if (choice->help_row > rows - (height - 3))
        choice->help_row = rows - (height - 3);
    if (choice->help_row < 0)
        choice->help_row = 0;
    struct page page = {&text, choice->help_filter, 0, choice->help_row};
    recipes_part(&page, scene);
    view_keys_part(&page, scene, view);
    terms_part(&page, view, true);
    options_part(&page, view);
    keys_part(&page);
    words_part(&page);
    safeguards_part(&page, scene);
    methods_part(&page, scene);
    quantities_part(&page);
    marks_part(&page, scene);
    protocol_part(&page, scene);
    if (*choice->help_filter)
        terms_part(&page, view, false);
    if (page.row == 0)
        pen_printf(&text, 0, 0, ROLE_QUIET, "nothing about \"%s\"", choice->help_filter);
    screen_state(scene)->help_rows = page.row;
}

static void help_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct pen pen = {canvas, scene->theme, {rect.x + 1, rect.y, rect.width - 2, rect.height}};
    panel_help(scene, &pen);
}

extern const struct view view_help;
const struct view view_help = {
    .entry = {"help", "every key, and what every number means", NULL},
    .draw = help_draw,
};
