/* SPDX-License-Identifier: MIT
 *
 * What s, *, o and a click on the legend do: one item, all of one value, only these. Everything adds to what
 * is selected; a second time takes it out again.
 */
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/legend.h"
#include "view/state.h"

#include <stdio.h>

static void say_selected(struct scene *scene, const char *what, const struct post *post)
{
    size_t n = scene_selection(scene)->count;
    if (n == 0)
        say(post, false, "nothing is selected");
    else
        say(post, false, "%s%zu of %d selected   o: only these   Esc: none", what, n, scene_items(scene));
}

static void toggle_item(struct scene *scene, const struct post *post)
{
    int item = scene->choice.item;
    struct selection wanted;
    if (scene_row(scene, item) < 0) {
        say(post, false, "no item to select: arrows pick one");
        return;
    }
    selection_copy(&wanted, scene_selection(scene));
    selection_put(&wanted, (size_t)item, !selection_has(&wanted, (size_t)item));
    selection_change(scene, &wanted);
    say_selected(scene, "", post);
}

void select_value(struct scene *scene, uint32_t code, const struct post *post)
{
    const struct legend *l = scene_legend(scene);
    struct selection wanted, same;
    selection_copy(&wanted, scene_selection(scene));
    selection_init(&same, wanted.n);
    for (size_t i = 0; i < same.n; i++)
        selection_put(&same, i, scene_code(scene, (int)i) == code);
    size_t before = wanted.count;
    selection_unite(&wanted, &same);
    if (wanted.count == before) /* all were in: out with them */
        selection_flip(&wanted, &same);
    selection_release(&same);
    selection_change(scene, &wanted);
    char what[80];
    snprintf(what, sizeof what, "%s %s%s: ", l->number ? l->title : scene_column_name(scene, l->column),
             l->number ? "from " : "", l->name[code]);
    say_selected(scene, what, post);
}

static void select_same(struct scene *scene, const struct post *post)
{
    int64_t row = scene_row(scene, scene->choice.item);
    uint32_t code = scene_code(scene, scene->choice.item);
    if (code == UINT32_MAX)
        say(post, false, row < 0 ? "no item to go by: arrows pick one" : "this item has no value here");
    else
        select_value(scene, code, post);
}

void select_none(struct scene *scene, const struct post *post)
{
    struct selection none;
    selection_init(&none, scene_selection(scene)->n);
    selection_change(scene, &none);
    say(post, false, "nothing is selected   u: undo");
}

static void only_these(struct scene *scene, const struct post *post)
{
    struct choice *c = &scene->choice;
    if (c->isolated) {
        c->isolated = false;
        say(post, false, "all are shown");
        return;
    }
    if (scene_selection(scene)->count == 0)
        select_same(scene, post);
    if (scene_selection(scene)->count == 0)
        return;
    selection_release(&scene->shown);
    selection_copy(&scene->shown, scene_selection(scene));
    c->isolated = true;
    say(post, false, "only the %zu selected are shown   o: all", scene->shown.count);
}

bool act_select(struct scene *scene, enum action action, const struct post *post)
{
    switch (action) {
    case ACTION_SELECT: toggle_item(scene, post); return true;
    case ACTION_SELECT_SAME: select_same(scene, post); return true;
    case ACTION_ONLY: only_these(scene, post); return true;
    default: return false;
    }
}
