/* SPDX-License-Identifier: MIT
 *
 * View 1: the map with its legend and honesty line, the slot beside it, and what fits below.
 */
#include "view/change.h"
#include "view/facts.h"
#include "view/panels.h"
#include "view/points.h"

#include <string.h>

enum { THREE_CHARTS = 150 /* columns */ };

/* item, numbers, settings or method, as chosen. */
static void panel_slot(struct scene *scene, const struct pen *pen)
{
    if (scene->choice.panel == PANEL_NUMBERS)
        panel_numbers(scene, pen);
    else if (scene->choice.panel == PANEL_SETTINGS)
        panel_settings(scene, pen);
    else if (scene->choice.panel == PANEL_METHOD)
        panel_method(scene, pen);
    else
        panel_item(scene, pen);
}

bool panel_has_focus(const struct scene *scene, enum panel panel)
{
    const struct view *view = view_at((size_t)scene->choice.view);
    bool training = view && strcmp(view->entry.name, "training") == 0;
    if (view && strcmp(view->entry.name, "time") == 0)
        return panel == PANEL_SETTINGS && scene->choice.time.list == TIME_SETTINGS;
    if (view && !training && strcmp(view->entry.name, "map") != 0) /* it has panels of its own */
        return false;
    enum panel now = scene->choice.panel;
    return (training && now != PANEL_NUMBERS && now != PANEL_METHOD ? PANEL_SETTINGS : now) == panel;
}

static void edge(const struct pen *pen)
{
    for (int y = 0; y < pen->rect.height; y++)
        pen_glyph(pen, 0, y, ROLE_QUIET, GLYPH_VERTICAL);
}

static void rule(const struct pen *pen)
{
    for (int x = 1; x < pen->rect.width - 1; x++)
        pen_glyph(pen, x, 0, ROLE_QUIET, GLYPH_HORIZONTAL);
}

static void lines_between(const struct pen *pen, const struct layout *l)
{
    struct pen p;
    for (int i = 0; i < 3; i++)
        if (l->edge[i].height) {
            p = pen_at(pen, l->edge[i]);
            edge(&p);
        }
    p = pen_at(pen, l->rule);
    rule(&p);
}

/* Where what Tab leads to has a place of its own, the slot keeps the item. */
static void draw_slot(struct scene *scene, const struct pen *pen, const struct layout *l)
{
    struct pen slot = pen_at(pen, l->slot);
    bool settings = scene->choice.panel == PANEL_SETTINGS && !l->settings.height;
    if (l->numbers.height && !settings)
        panel_item(scene, &slot);
    else
        panel_slot(scene, &slot);
}

static void draw_parts(struct scene *scene, const struct pen *pen, const struct layout *l)
{
    struct pen p = pen_at(pen, l->numbers);
    if (l->size == LAYOUT_LARGE) /* its margin is the edge's: it stands in line with what is above it */
        p.rect.x--;
    if (l->numbers.height)
        panel_numbers(scene, &p);
    p = pen_at(pen, l->settings);
    if (l->settings.height)
        panel_settings(scene, &p);
    p = pen_at(pen, l->threshold);
    if (l->threshold.height)
        panel_threshold(scene, &p);
    p = pen_at(pen, l->charts);
    if (l->charts.height)
        charts_draw(scene, &p, l->size != LAYOUT_SMALL, THREE_CHARTS);
}

/* Without a slot (a narrow screen) a panel stands in the map's place. */
static void draw_map_place(struct scene *scene, const struct pen *pen, const struct layout *l)
{
    struct pen p = pen_at(pen, l->map);
    bool panel = !l->slot.width && scene->choice.panel != PANEL_MAP && scene->choice.panel != PANEL_ITEM;
    if (panel) {
        p = pen_at(pen, (struct rect){l->map.x + 1, l->map.y, l->map.width - 2, l->map.height});
        panel_slot(scene, &p);
    } else
        panel_map(scene, &p);
}

static void draw_large(struct scene *scene, const struct pen *pen)
{
    struct rect r = pen->rect;
    struct pen p = pen_at(pen, (struct rect){r.x + 1, r.y, r.width - 2, r.height});
    if (scene->choice.panel == PANEL_NUMBERS) {
        panel_numbers_whole(scene, &p);
    } else if (scene->choice.panel != PANEL_MAP) {
        panel_slot(scene, &p);
    } else {
        struct pen row = pen_rows(pen, 0, 1);
        panel_map_title(scene, &row);
        row = pen_rows(pen, r.height - 1, 1);
        panel_legend(scene, &row);
        p = pen_at(pen, (struct rect){r.x, r.y + 1, r.width, r.height - 2});
        panel_map(scene, &p);
    }
}

static void map_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct layout l = scene_layout(scene, canvas);
    struct pen pen = {canvas, scene->theme, rect}, p;
    if (scene->choice.large) {
        draw_large(scene, &pen);
        return;
    }
    lines_between(&pen, &l);
    p = pen_at(&pen, l.map_title);
    if (l.map_title.height)
        panel_map_title(scene, &p);
    p = pen_at(&pen, l.honesty);
    if (l.honesty.height)
        panel_honesty(scene, &p);
    p = pen_at(&pen, l.legend);
    if (l.legend.height)
        panel_legend(scene, &p);
    draw_map_place(scene, &pen, &l);
    if (l.slot.width)
        draw_slot(scene, &pen, &l);
    draw_parts(scene, &pen, &l);
}

/* The neighbour in a direction, `times` times over. */
static void walk(struct scene *scene, int dx, int dy, int times)
{
    const struct points *points = points_of(scene, (struct rect){0, 0, 80, 24});
    if (!points)
        return;
    int item = scene->choice.item;
    for (int k = 0; k < times; k++)
        item = points_towards(points, item, dx, dy);
    item_put(scene, item);
}

static bool map_act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    (void)key;
    (void)post;
    switch (action) {
    case ACTION_LEFT: walk(scene, -1, 0, 1); return true;
    case ACTION_RIGHT: walk(scene, 1, 0, 1); return true;
    case ACTION_UP: walk(scene, 0, -1, 1); return true;
    case ACTION_DOWN: walk(scene, 0, 1, 1); return true;
    case ACTION_PAGE_UP: walk(scene, 0, -1, 10); return true;
    case ACTION_PAGE_DOWN: walk(scene, 0, 1, 10); return true;
    case ACTION_FIRST: item_put(scene, 0); return true;
    case ACTION_LAST: item_put(scene, scene_items(scene) - 1); return true;
    case ACTION_ENTER:
        scene->choice.panel = PANEL_ITEM;
        scene->choice.large = true;
        return true;
    default: return false;
    }
}

static const struct key_help map_keys[] = {
    {"Space", "pause", NULL},
    {", .", "step", NULL},
    {"1-7", "views", NULL},
    {"arrows", "item",
     "the nearest item that way; a click too. Its picture, two views and neighbours stand beside"},
    {"Tab", "panel", "beside the map: the item, the numbers, the settings, the method; z: large"},
    {"S", "settings",
     "settings of the training; R trains again from the start with them. Safeguards are switches among them: "
     "take one away and watch what collapses"},
    {"M", "method", "another method of learning, with what it brings along"},
    {"Enter", "item", "the item large; 3 has its nearest in every space"},
    {"z", "large", NULL},
    {"c", "colour", NULL},
    {"< >", "event", NULL},
    {"p", "pin A", NULL},
    {"+ - 0", NULL, "zoom in, out, everything; the wheel too"},
    {"a c d", NULL, "axes, colour by, draw as"},
    {"s * v o", NULL, "select: this item, all of its value, in a box; o shows only them"},
    {NULL, NULL, NULL},
};
static const int map_terms[] = {TERM_knn,       TERM_r2,         TERM_rank1, TERM_knn_map, TERM_fidelity,
                                TERM_alignment, TERM_uniformity, TERM_rank,  TERM_loss,    TERM_no_learning,
                                TERM_std,       TERM_similarity, -1};

extern const struct view view_map;
const struct view view_map = {
    .entry = {"map", "the space as a map, coloured by an attribute", NULL},
    .draw = map_draw,
    .act = map_act,
    .keys = map_keys,
    .terms = map_terms,
};
