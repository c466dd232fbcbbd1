/* SPDX-License-Identifier: MIT */
#include "view/axes.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "view/act.h"
#include "view/facts.h"
#include "view/state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TURN_STEP = 5, MOST_COMPONENTS = 8 };

static const char *const basis_names[] = {"refit", "frozen", "selected"};

static bool turned(const int turn[2])
{
    return turn[0] != 0 || turn[1] != 0;
}

static void set_axes(struct choice *c, enum axes_kind axes, int first, int second)
{
    c->axes = axes;
    c->component[0] = first;
    c->component[1] = second;
    c->turn[0] = c->turn[1] = 0;
}

static bool classes_possible(const struct scene *scene)
{
    int column = scene->choice.column;
    const struct column *c = column >= 0 ? &scene->data->column[column] : NULL;
    return c && c->kind == COLUMN_CATEGORY && c->n_values >= 3 && c->n_values <= 32;
}

static void say_axes(const struct scene *scene, const struct post *post)
{
    const struct choice *c = &scene->choice;
    if (c->axes == AXES_CLASS)
        say(post, false, "axes: class axes of %s", scene_column_name(scene, c->column));
    else if (c->axes == AXES_COLUMNS)
        say(post, false, "axes: the columns %s, left to right, and %s, upwards",
            scene_column_name(scene, c->component[0]), scene_column_name(scene, c->component[1]));
    else if (!turned(c->turn))
        say(post, false, "axes: components %d and %d of %s", c->component[0] + 1, c->component[1] + 1,
            c->axes == AXES_PIXELS ? "the pixels" : "h");
}

/* Classes, components 1 2, 3 4, then 1 to 3 to be turned, pixels, what was made elsewhere, and around. */
void axes_next(struct scene *scene, const struct post *post)
{
    struct choice *c = &scene->choice;
    bool third = c->component[1] != 1, three = c->axes == AXES_PCA && turned(c->turn);
    if (c->axes == AXES_CLASS)
        set_axes(c, AXES_PCA, 0, 1);
    else if (c->axes == AXES_PCA && !third && !three)
        set_axes(c, AXES_PCA, 2, 3);
    else if (c->axes == AXES_PCA && !three)
        axes_turn_line(scene, "25 15", post);
    else if (c->axes == AXES_PCA && scene->data->pixels)
        set_axes(c, AXES_PIXELS, 0, 1);
    else if (c->axes != AXES_COLUMNS && c->xy[0] != NO_COLUMN)
        set_axes(c, AXES_COLUMNS, c->xy[0], c->xy[1]);
    else
        set_axes(c, classes_possible(scene) ? AXES_CLASS : AXES_PCA, 0, 1);
    say_axes(scene, post);
}

/* ---- typed ---- */

/* A selection that has a name, or what is selected; NULL: there is none. */
static const struct selection *named_set(struct scene *scene, const char *name)
{
    struct screen *s = screen_state(scene);
    if (strcmp(name, "selected") == 0)
        return scene_selection(scene)->count ? scene_selection(scene) : NULL;
    for (int i = 0; i < s->n_named; i++)
        if (strcmp(s->named[i].name, name) == 0 && s->named[i].set.count)
            return &s->named[i].set;
    return NULL;
}

static void keep_set(struct scene *scene, int i, const char *name, const struct selection *set)
{
    struct named *kept = &screen_state(scene)->map_set[i];
    selection_release(&kept->set);
    selection_copy(&kept->set, set);
    snprintf(kept->name, sizeof kept->name, "%s", name);
}

/* The direction from one set's mean to another's. */
static void axes_between(struct scene *scene, const char *line, const struct post *post)
{
    char from[NAME_SIZE], to[NAME_SIZE], tail;
    const struct selection *set[2] = {NULL, NULL};
    if (sscanf(line, "@%23s @%23s%c", from, to, &tail) == 2) {
        set[0] = named_set(scene, from);
        set[1] = named_set(scene, to);
    }
    if (!set[0] || !set[1]) {
        say(post, true, "axes @one @other: two selections with names; :name odd names what is selected");
        return;
    }
    keep_set(scene, 0, from, set[0]);
    keep_set(scene, 1, to, set[1]);
    set_axes(&scene->choice, AXES_SETS, 0, 1);
    say(post, false, "across, over the whole width: @%s to @%s (means); up: what varies most besides", from,
        to);
}

/* "umap_1 umap_2": two columns of numbers; a name may hold spaces, so each is tried. */
static bool axes_of_columns(struct scene *scene, const char *line)
{
    char x[80];
    for (const char *space = strchr(line, ' '); space; space = strchr(space + 1, ' ')) {
        snprintf(x, sizeof x, "%.*s", (int)(space - line), line);
        int a = dataset_number_column(scene->data, x), b = dataset_number_column(scene->data, space + 1);
        if (a < 0 || b < 0 || a == b)
            continue;
        scene->choice.xy[0] = a;
        scene->choice.xy[1] = b;
        set_axes(&scene->choice, AXES_COLUMNS, a, b);
        return true;
    }
    return false;
}

void axes_line(struct scene *scene, const char *line, const struct post *post)
{
    int a, b;
    char tail;
    struct choice *c = &scene->choice;
    if (strcmp(line, "class") == 0)
        set_axes(c, AXES_CLASS, 0, 1);
    else if (strcmp(line, "pixels") == 0)
        set_axes(c, AXES_PIXELS, 0, 1);
    else if (strcmp(line, "pca") == 0)
        set_axes(c, AXES_PCA, 0, 1);
    else if (*line == '@')
        axes_between(scene, line, post);
    else if (sscanf(line, "%3d %3d%c", &a, &b, &tail) == 2 && a >= 1 && b >= 1 && a != b &&
             a <= MOST_COMPONENTS && b <= MOST_COMPONENTS)
        set_axes(c, AXES_PCA, a - 1, b - 1);
    else if (!axes_of_columns(scene, line))
        say(post, true,
            "axes: class, pca, pixels, two components from 1 to 8 (1 3), two columns of numbers (x y), or "
            "two "
            "selections (@a @b)");
}

void axes_basis_line(struct scene *scene, const char *line, const struct post *post)
{
    int basis = 0;
    while (basis < (int)ARRAY_LEN(basis_names) && strcmp(basis_names[basis], line) != 0)
        basis++;
    if (basis == ARRAY_LEN(basis_names)) {
        say(post, true, "basis: refit (anew at each step), frozen (as it is now), selected (fitted on them)");
        return;
    }
    const struct selection *selected = scene_selection(scene);
    if (basis == BASIS_SELECTED && selected->count < 3) {
        say(post, true, "basis: fitting on what is selected needs three items or more");
        return;
    }
    if (basis == BASIS_SELECTED)
        keep_set(scene, 0, "selected", selected);
    scene->choice.basis = basis;
    if (basis == BASIS_SELECTED && scene->choice.axes == AXES_SETS)
        set_axes(&scene->choice, AXES_PCA, 0, 1);
    say(post, false,
        basis == BASIS_REFIT    ? "axes are fitted anew at each step"
        : basis == BASIS_FROZEN ? "axes stay as they are now: what moves is the space, not the map"
                                : "axes are fitted on the %zu selected and drawn for all",
        selected->count);
}

void axes_turn_line(struct scene *scene, const char *line, const struct post *post)
{
    int yaw, pitch;
    char tail;
    struct choice *c = &scene->choice;
    if (sscanf(line, "%4d %4d%c", &yaw, &pitch, &tail) != 2) {
        say(post, true, "turn: two angles in degrees, as in turn 30 20; 0 0 is the plane");
        return;
    }
    if (c->axes != AXES_PCA || c->component[0] != 0 || c->component[1] != 1)
        set_axes(c, c->axes == AXES_PIXELS ? AXES_PIXELS : AXES_PCA, 0, 1);
    c->turn[0] = yaw % 360;
    c->turn[1] = pitch % 360;
    say(post, false, "components 1, 2, 3 turned by %d and %d degrees", c->turn[0], c->turn[1]);
    if (turned(c->turn))
        scene->overlay = OVERLAY_TURN;
}

void axes_turn_key(struct scene *scene, struct key key, const struct post *post)
{
    static const struct {
        enum action action;
        int yaw, pitch;
    } moves[] = {{ACTION_LEFT, -TURN_STEP, 0},
                 {ACTION_RIGHT, TURN_STEP, 0},
                 {ACTION_UP, 0, TURN_STEP},
                 {ACTION_DOWN, 0, -TURN_STEP}};
    struct choice *c = &scene->choice;
    enum action action = action_of_key(key);
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (moves[i].action == action) {
            c->turn[0] = (c->turn[0] + moves[i].yaw) % 360;
            c->turn[1] = (c->turn[1] + moves[i].pitch) % 360;
            say(post, false, "turned by %d and %d degrees   arrows turn, 0: the plane, Enter: keep",
                c->turn[0], c->turn[1]);
            return;
        }
    if (key.code == KEYC_MOUSE)
        return;
    scene->overlay = OVERLAY_NONE;
    if (action == ACTION_FIT)
        c->turn[0] = c->turn[1] = 0;
    else if (action != ACTION_ENTER && action != ACTION_BACK)
        act(scene, action, key, post); /* anything else ends the turning and does what it does */
}

/* ---- asked for and told ---- */

void axes_ask(struct scene *scene, struct request *request)
{
    const struct choice *c = &scene->choice;
    struct screen *s = screen_state(scene);
    struct map_question *q = &request->map;
    *q = (struct map_question){.space = c->axes == AXES_PIXELS ? SPACE_PIXELS : SPACE_H,
                               .axes = c->axes,
                               .column = c->column,
                               .component = {c->component[0], c->component[1]},
                               .basis = (enum basis_kind)c->basis,
                               .turn = {c->turn[0], c->turn[1]}};
    int sets = c->axes == AXES_SETS ? 2 : c->basis == BASIS_SELECTED ? 1 : 0;
    for (int i = 0; i < sets; i++) {
        selection_resize(&s->map_set[i].set, scene->now->n_probe);
        request->set[i] = (struct request_set){s->map_set[i].set.word, s->map_set[i].set.n};
        q->set[i] = selection_hash(&s->map_set[i].set);
    }
}

/* "axes: umap_1, umap_2"; unlike ones with their ranges: "axes: size 0 to 1, angle 0 to 360". */
static size_t columns_text(const struct scene *scene, const struct map_result *map, char *text, size_t size)
{
    const char *x = scene_column_name(scene, map->component[0]);
    const char *y = scene_column_name(scene, map->component[1]);
    if (!map->unlike)
        return (size_t)snprintf(text, size, "axes: %.30s, %.30s", x, y);
    char end[4][24];
    for (int i = 0; i < 4; i++) {
        double value = (double)(i % 2 ? map->high : map->low)[i / 2];
        snprintf(end[i], sizeof *end, "%s%.3g", value < 0 ? "−" : "", fabs(value));
    }
    return (size_t)snprintf(text, size, "axes: %.20s %s to %s, %.20s %s to %s", x, end[0], end[1], y, end[2],
                            end[3]);
}

void axes_text(struct scene *scene, char *text, size_t size)
{
    const struct map_result *map = &scene->map->map;
    const struct named *set = screen_state(scene)->map_set;
    const char *name = scene_column_name(scene, map->column);
    size_t used;
    if (map->axes == AXES_CLASS && *name)
        used = (size_t)snprintf(text, size, "axes: %s", name);
    else if (map->axes == AXES_SETS)
        used = (size_t)snprintf(text, size, "axis: @%s to @%s", set[0].name, set[1].name);
    else if (map->axes == AXES_COLUMNS)
        used = columns_text(scene, map, text, size);
    else if (turned(map->turn))
        used = (size_t)snprintf(text, size, "axes: 1, 2, 3 turned %d %d", map->turn[0], map->turn[1]);
    else
        used = (size_t)snprintf(text, size, "axes: components %d, %d", map->component[0] + 1,
                                map->component[1] + 1);
    if (map->basis != BASIS_REFIT && used < size)
        snprintf(text + used, size - used, " %s", map->basis == BASIS_FROZEN ? "frozen" : "of the selected");
}

void axes_lines(struct scene *scene, struct strbuf *out)
{
    static const char *const axes[] = {"class", "pca", "pixels"};
    const struct choice *c = &scene->choice;
    const struct named *set = screen_state(scene)->map_set;
    if (c->axes == AXES_SETS)
        strbuf_printf(out, "axes @%s @%s\n", set[0].name, set[1].name);
    else if (c->axes == AXES_COLUMNS)
        strbuf_printf(out, "axes %s %s\n", scene_column_name(scene, c->component[0]),
                      scene_column_name(scene, c->component[1]));
    else if (c->axes == AXES_PCA)
        strbuf_printf(out, "axes %d %d\n", c->component[0] + 1, c->component[1] + 1);
    else
        strbuf_printf(out, "axes %s\n", axes[c->axes]);
    if (turned(c->turn))
        strbuf_printf(out, "turn %d %d\n", c->turn[0], c->turn[1]);
    if (c->basis == BASIS_FROZEN)
        strbuf_printf(out, "basis %s\n", basis_names[c->basis]);
}

unsigned axes_mark(const struct result *map)
{
    const struct map_result *m = &map->map;
    unsigned mark = (unsigned)map->step * 31 + (unsigned)map->run;
    const int parts[] = {(int)m->axes,  m->column,  m->component[0], m->component[1],
                         (int)m->basis, m->turn[0], m->turn[1]};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        mark = mark * 1000003 + (unsigned)parts[i];
    return mark;
}
