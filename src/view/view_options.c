/* SPDX-License-Identifier: MIT */
#include "view/view_options.h"

#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/state.h"

#include <stdio.h>

static const struct view_option *options_of(const struct scene *scene)
{
    return view_at((size_t)scene->choice.view)->options;
}

static int count(const struct view_option *options)
{
    int n = 0;
    while (options && options[n].label)
        n++;
    return n;
}

static int value_of(const struct scene *scene, const struct view_option *option)
{
    return *(const int *)(const void *)((const char *)&scene->choice + option->offset);
}

/* The value as it is shown: "cosine", "8". Lent: a name, or `text`. */
static const char *view_option_text(const struct scene *scene, const struct view_option *option,
                                    char text[32])
{
    int value = value_of(scene, option);
    if (option->step == 0 && value >= 0)
        return scene_column_name(scene, value);
    const struct view *view = view_at((size_t)scene->choice.view);
    const char *name = view->option_name ? view->option_name(scene, option, value, text) : NULL;
    if (name)
        return name;
    if (option->names && value >= option->low && value <= option->high)
        return option->names[value - option->low];
    snprintf(text, 32, "%d", value);
    return text;
}

static void option_row(const struct scene *scene, const struct pen *pen, int y,
                       const struct view_option *option, bool here)
{
    char text[32];
    enum role role = here ? ROLE_ACCENT : ROLE_TEXT;
    pen_text(pen, 1, y, role, option->label);
    int x = pen->rect.width - 1 - text_width(view_option_text(scene, option, text)) - 2;
    if (here)
        pen_glyph(pen, x - 2, y, role, GLYPH_LEFT);
    pen_text(pen, x, y, role, view_option_text(scene, option, text));
    if (here)
        pen_glyph(pen, pen->rect.width - 2, y, role, GLYPH_RIGHT);
}

void view_options_draw(struct scene *scene, const struct pen *pen)
{
    const struct view_option *options = options_of(scene);
    int n = count(options), at = screen_state(scene)->option;
    pen_printf(pen, 1, 0, ROLE_STRONG, "settings of %s", view_at((size_t)scene->choice.view)->entry.name);
    for (int i = 0; i < n; i++)
        option_row(scene, pen, 2 + i, &options[i], i == at);
    struct pen help = pen_at(pen, rect_clip((struct rect){pen->rect.x + 1, pen->rect.y + 3 + n,
                                                          pen->rect.width - 2, pen->rect.height - 4 - n},
                                            pen->rect));
    if (at < n)
        pen_wrap(&help, 0, ROLE_QUIET, options[at].help);
    static const char *const keys[] = {"arrows", "choose, change", "Esc", "back", NULL};
    pen_hints(pen, pen->rect.height - 1, keys, 2);
}

/* The next column of categories, or none behind the last. */
static int next_column(const struct dataset *data, int column, int direction)
{
    int n = (int)data->n_columns;
    do
        column = (column + 1 + direction + n + 1) % (n + 1) - 1;
    while (column >= 0 && data->column[column].kind != COLUMN_CATEGORY);
    return column;
}

static void turn(struct scene *scene, const struct view_option *option, int direction)
{
    if (option->step == 0) {
        option_put(scene, option, next_column(scene->data, value_of(scene, option), direction));
        return;
    }
    int value = value_of(scene, option) + direction * option->step;
    if (value > option->high)
        value = option->names ? option->low : option->high;
    if (value < option->low)
        value = option->names ? option->high : option->low;
    option_put(scene, option, value);
}

static void close_options(struct scene *scene)
{
    scene->overlay = OVERLAY_NONE;
}

void view_options_key(struct scene *scene, struct key key, const struct post *post)
{
    const struct view_option *options = options_of(scene);
    int n = count(options), *at = &screen_state(scene)->option;
    if (n == 0) {
        close_options(scene);
        return;
    }
    *at = *at < n ? *at : 0;
    switch (action_of_key(key)) {
    case ACTION_UP: *at = (*at + n - 1) % n; break;
    case ACTION_NEXT_PANEL:
    case ACTION_DOWN: *at = (*at + 1) % n; break;
    case ACTION_LEFT: turn(scene, &options[*at], -1); break;
    case ACTION_ENTER:
    case ACTION_RIGHT: turn(scene, &options[*at], 1); break;
    case ACTION_UNDO: undo(scene, post); break;
    case ACTION_REDO: redo(scene, post); break;
    case ACTION_BACK:
    case ACTION_CLOSE:
    case ACTION_SETTINGS: close_options(scene); break;
    default:
        if (key.code != KEYC_MOUSE) { /* any other key does what it does without the list */
            close_options(scene);
            act(scene, action_of_key(key), key, post);
        }
    }
}
