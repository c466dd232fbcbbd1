/* SPDX-License-Identifier: MIT */
#include "view/mark.h"

#include "data/source.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/state.h"

#include <stdio.h>
#include <string.h>

/* The item looked at with the one other that is selected, or both that are. */
static bool selected_pair(struct scene *scene, struct pair_ref *pair)
{
    const struct selection *selected = scene_selection(scene);
    size_t first = selection_next(selected, 0), second = selection_next(selected, first + 1);
    int item = scene->choice.item;
    if (selected->count == 1 && (int)first != item)
        second = (size_t)(item < 0 ? 0 : item);
    else if (selected->count != 2)
        return false;
    *pair = (struct pair_ref){scene_row(scene, (int)first), scene_row(scene, (int)second)};
    return pair->a >= 0 && pair->b >= 0;
}

/* What m is about now: b < 0 for one item; false if there is nothing. */
static bool mark_target(struct scene *scene, struct pair_ref *target)
{
    const struct view *view = view_at((size_t)scene->choice.view);
    if ((view->pair && view->pair(scene, target) && target->a >= 0) || selected_pair(scene, target))
        return true;
    *target = (struct pair_ref){scene_row(scene, scene->choice.item), -1};
    return target->a >= 0;
}

static bool is_pair(const struct pair_ref *target)
{
    return target->b >= 0 && target->a != target->b;
}

/* One item can only be labelled wrongly; two can be anything but that. */
static bool fits(enum mark_kind kind, const struct pair_ref *target)
{
    return kind == MARK_NONE || (kind == MARK_WRONG_LABEL) == !is_pair(target);
}

static void target_text(const struct pair_ref *target, char *text, size_t size)
{
    if (is_pair(target))
        snprintf(text, size, "items %lld and %lld", (long long)target->a, (long long)target->b);
    else
        snprintf(text, size, "item %lld", (long long)target->a);
}

static void put(struct scene *scene, struct pair_ref target, enum mark_kind kind, const struct post *post)
{
    char text[80];
    target_text(&target, text, sizeof text);
    if (!fits(kind, &target)) {
        say(post, true, "%s is said of %s; %s", mark_name(kind),
            kind == MARK_WRONG_LABEL ? "one item" : "two",
            kind == MARK_WRONG_LABEL ? "Esc drops what is selected" : "select another with s first");
        return;
    }
    mark_put(scene, &(struct mark){kind, target.a, is_pair(&target) ? target.b : -1});
    if (kind == MARK_NONE)
        say(post, false, "%s: no mark   u: undo", text);
    else
        say(post, false, "%s: %s   kept in %.80s, u: undo", text, mark_name(kind),
            scene->marks_at ? path_base(scene->marks_at) : "no file");
}

void mark_open(struct scene *scene, const struct post *post)
{
    struct pair_ref target;
    if (!mark_target(scene, &target)) {
        say(post, false, "nothing to mark: arrows pick an item, s selects a second one");
        return;
    }
    overlay_open(scene, OVERLAY_MARK, "");
    screen_state(scene)->marks = target;
    enum mark_kind now = marks_find(&scene->marks, target.a, is_pair(&target) ? target.b : -1);
    screen_state(scene)->mark_row = now != MARK_NONE ? now : is_pair(&target) ? MARK_SAME : MARK_WRONG_LABEL;
}

void mark_key(struct scene *scene, struct key key, const struct post *post)
{
    static const char letters[MARK_KINDS + 1] = "nsdxw"; /* duplicate: x, as d is different */
    int *row = &screen_state(scene)->mark_row;
    enum action action = action_of_key(key);
    const char *letter = key.code > 0 && key.code < 128 ? strchr(letters, (int)key.code) : NULL;
    if (key.code == KEYC_MOUSE)
        return;
    if (letter && *letter) {
        scene->overlay = OVERLAY_NONE;
        put(scene, screen_state(scene)->marks, (enum mark_kind)(letter - letters), post);
    } else if (action == ACTION_DOWN || action == ACTION_MARK || key.code == KEYC_TAB) {
        *row = (*row + 1) % MARK_KINDS;
    } else if (action == ACTION_UP || key.code == KEYC_BACK_TAB) {
        *row = (*row + MARK_KINDS - 1) % MARK_KINDS;
    } else {
        scene->overlay = OVERLAY_NONE;
        if (action == ACTION_ENTER)
            put(scene, screen_state(scene)->marks, (enum mark_kind) * row, post);
    }
}

void mark_line(struct scene *scene, const char *name, const struct post *post)
{
    enum mark_kind kind = MARK_NONE;
    struct pair_ref target;
    while (kind < MARK_KINDS && strcmp(mark_name(kind), name) != 0)
        kind++;
    if (kind == MARK_KINDS)
        say(post, true, "mark: same, different, duplicate, wrong label, none");
    else if (mark_target(scene, &target))
        put(scene, target, kind, post);
}

void mark_draw(struct scene *scene, const struct pen *pen)
{
    static const char *const help[MARK_KINDS] = {"n  no mark", "s  same: belong together",
                                                 "d  different: do not", "x  duplicate: one picture twice",
                                                 "w  wrong label: of this one item"};
    const struct pair_ref target = screen_state(scene)->marks;
    char text[80];
    target_text(&target, text, sizeof text);
    pen_printf(pen, 1, 0, ROLE_ACCENT, "mark %s", text);
    enum mark_kind now = marks_find(&scene->marks, target.a, is_pair(&target) ? target.b : -1);
    for (int kind = MARK_NONE; kind < MARK_KINDS; kind++) {
        bool here = kind == screen_state(scene)->mark_row;
        enum role role = here ? ROLE_ACCENT : fits((enum mark_kind)kind, &target) ? ROLE_TEXT : ROLE_QUIET;
        if (here)
            pen_glyph(pen, 1, 2 + kind, ROLE_ACCENT, GLYPH_RIGHT);
        int x = pen_text(pen, 3, 2 + kind, role, help[kind]);
        if (kind == (int)now)
            pen_text(pen, x + 2, 2 + kind, ROLE_QUIET, "now");
    }
    struct pen below = pen_rows(pen, 3 + MARK_KINDS, pen->rect.height - 5 - MARK_KINDS);
    if (!is_pair(&target))
        pen_wrap(&below, 0, ROLE_QUIET, " Same, different and duplicate are said of two: s selects another.");
    static const char *const keys[] = {"m", "next", "Enter", "take", "Esc", "back", NULL};
    pen_hints(pen, pen->rect.height - 1, keys, 2);
}
