/* SPDX-License-Identifier: MIT */
#include "view/area.h"

#include "base/check.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/points.h"
#include "view/state.h"

#include <stdio.h>
#include <stdlib.h>

static struct area *area_of(struct scene *scene)
{
    return &screen_state(scene)->area;
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static bool between(int value, int a, int b)
{
    return (value >= a && value <= b) || (value >= b && value <= a);
}

/* Within or on the edge of the corners joined in their order, the last to the first (even-odd rule). */
static bool in_lasso(const struct area *area, int x, int y)
{
    bool inside = false;
    for (int i = 0, j = area->n - 1; i < area->n; j = i++) {
        struct cell_place a = area->corner[i], b = area->corner[j];
        int cross = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
        if (cross == 0 && between(x, a.x, b.x) && between(y, a.y, b.y))
            return true;
        if ((a.y > y) != (b.y > y) && (cross > 0) == (b.y > a.y))
            inside = !inside;
    }
    return inside;
}

static bool in_area(const struct area *area, int x, int y)
{
    if (area->lasso)
        return in_lasso(area, x, y);
    return between(x, area->corner[0].x, area->cursor.x) && between(y, area->corner[0].y, area->cursor.y);
}

/* Cells of the map that are inside, each asked once. Owned. */
static bool *cells_inside(const struct area *area, struct rect map)
{
    bool *inside = xcalloc((size_t)map.width * (size_t)map.height + 1, sizeof *inside);
    for (int y = 0; y < map.height; y++)
        for (int x = 0; x < map.width; x++)
            inside[y * map.width + x] = in_area(area, x, y);
    return inside;
}

/* The drawn points inside are counted, and put into `set` where it is not NULL. False while there is no map.
 */
static bool collect(struct scene *scene, struct selection *set, size_t *count)
{
    enum { BLOCK = 1024 }; /* points a pass */
    struct rect map = screen_state(scene)->map_rect;
    const struct points *points = points_of(scene, map);
    *count = 0;
    if (!points)
        return false;
    bool *inside = cells_inside(area_of(scene), map);
    int32_t cell[BLOCK];
    size_t all = points->scatter.n, n;
    if (set)
        selection_init(set, all);
    for (size_t at = 0; at < all; at += n) {
        n = all - at < BLOCK ? all - at : BLOCK;
        plot_scatter_cells(&points->scatter, map, at, n, cell);
        for (size_t i = 0; i < n; i++)
            if (cell[i] >= 0 && inside[cell[i]] && !points->hidden[at + i]) {
                ++*count;
                if (set)
                    selection_put(set, at + i, true);
            }
    }
    free(inside);
    return true;
}

static void close_area(struct scene *scene)
{
    scene->overlay = OVERLAY_NONE;
    area_of(scene)->pressed = area_of(scene)->dragged = false;
}

static void take(struct scene *scene, const struct post *post)
{
    struct selection inside, wanted;
    size_t n;
    bool some = collect(scene, &inside, &n);
    close_area(scene);
    if (!some)
        return;
    selection_copy(&wanted, scene_selection(scene));
    selection_unite(&wanted, &inside);
    selection_release(&inside);
    selection_change(scene, &wanted);
    say(post, false, "%zu inside, %zu of %d selected   o: only these   Esc: none", n,
        scene_selection(scene)->count, scene_items(scene));
}

/* Where the item looked at is drawn, else the middle. */
static struct cell_place start_of(struct scene *scene)
{
    struct rect map = screen_state(scene)->map_rect;
    const struct points *points = points_of(scene, map);
    struct cell_place at = {map.width / 2, map.height / 2};
    int x, y;
    if (!points)
        return at;
    if (points->scatter.selected < points->scatter.n &&
        plot_scatter_cell(&points->scatter, map, points->scatter.selected, &x, &y))
        at = (struct cell_place){x - map.x, y - map.y};
    return at;
}

static void open_at(struct scene *scene, struct cell_place at)
{
    *area_of(scene) = (struct area){.corner = {at}, .cursor = at, .n = 1};
    scene->overlay = OVERLAY_AREA;
    scene->message[0] = '\0';
}

void area_begin(struct scene *scene, const struct post *post)
{
    if (scene->choice.view != 0 || !scene->map || screen_state(scene)->map_rect.width < 1)
        say(post, false, "boxes are drawn on the map: 1, then v");
    else
        open_at(scene, start_of(scene));
}

/* ---- keys ---- */

static void put_corner(struct area *area)
{
    if (!area->lasso)
        area->corner[0] = area->cursor;
    else if (area->n < AREA_CORNERS)
        area->corner[area->n++] = area->cursor;
}

static void move(struct area *area, struct rect map, enum action action)
{
    static const struct {
        enum action action;
        int x, y;
    } moves[] = {{ACTION_LEFT, -1, 0},     {ACTION_RIGHT, 1, 0},     {ACTION_UP, 0, -1},
                 {ACTION_DOWN, 0, 1},      {ACTION_PAGE_UP, 0, -10}, {ACTION_PAGE_DOWN, 0, 10},
                 {ACTION_FIRST, -9999, 0}, {ACTION_LAST, 9999, 0}};
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (moves[i].action == action) {
            area->cursor.x = clamp(area->cursor.x + moves[i].x, 0, map.width - 1);
            area->cursor.y = clamp(area->cursor.y + moves[i].y, 0, map.height - 1);
        }
}

static void drag(struct scene *scene, struct mouse mouse)
{
    struct area *area = area_of(scene);
    struct rect map = screen_state(scene)->map_rect;
    area->cursor = (struct cell_place){clamp(mouse.x - map.x, 0, map.width - 1),
                                       clamp(mouse.y - map.y, 0, map.height - 1)};
    area->dragged = true;
    if (area->lasso)
        put_corner(area);
}

static void mouse_key(struct scene *scene, struct mouse mouse, const struct post *post)
{
    struct area *area = area_of(scene);
    if (mouse.what == MOUSE_DRAG || mouse.what == MOUSE_PRESS)
        drag(scene, mouse);
    if (mouse.what == MOUSE_PRESS)
        put_corner(area);
    if (mouse.what == MOUSE_RELEASE && area->dragged)
        take(scene, post);
}

void area_key(struct scene *scene, struct key key, const struct post *post)
{
    struct area *area = area_of(scene);
    enum action action = action_of_key(key);
    if (key.code == KEYC_MOUSE)
        mouse_key(scene, key.mouse, post);
    else if (key.code == ' ')
        put_corner(area);
    else if (action == ACTION_BOX) {
        area->lasso = !area->lasso;
        area->n = 1;
    } else if (action == ACTION_ENTER) {
        if (area->lasso)
            put_corner(area);
        take(scene, post);
    } else if (action == ACTION_BACK || action == ACTION_QUIT || action == ACTION_CLOSE)
        close_area(scene);
    else
        move(area, screen_state(scene)->map_rect, action);
}

bool area_mouse(struct scene *scene, struct mouse mouse, struct rect map, const struct post *post)
{
    struct area *area = area_of(scene);
    (void)post;
    if (mouse.what == MOUSE_PRESS) {
        area->pressed = rect_has(map, mouse.x, mouse.y);
        area->corner[0] = (struct cell_place){mouse.x - map.x, mouse.y - map.y};
    }
    bool begins = mouse.what == MOUSE_DRAG && area->pressed && scene->map;
    if (mouse.what == MOUSE_RELEASE || begins)
        area->pressed = false;
    if (begins) {
        screen_state(scene)->map_rect = map;
        open_at(scene, area->corner[0]);
        drag(scene, mouse);
    }
    return begins;
}

/* ---- drawing ---- */

static void draw_box(const struct pen *pen, struct cell_place a, struct cell_place b)
{
    int left = a.x < b.x ? a.x : b.x, right = a.x < b.x ? b.x : a.x;
    int top = a.y < b.y ? a.y : b.y, bottom = a.y < b.y ? b.y : a.y;
    for (int x = left; x <= right; x++) {
        pen_glyph(pen, x, top, ROLE_ACCENT, GLYPH_HORIZONTAL);
        pen_glyph(pen, x, bottom, ROLE_ACCENT, GLYPH_HORIZONTAL);
    }
    for (int y = top; y <= bottom; y++) {
        bool end = y == top || y == bottom;
        enum glyph glyph = GLYPH_VERTICAL;
        if (end)
            pen_text(pen, left, y, ROLE_ACCENT, "+");
        else
            pen_glyph(pen, left, y, ROLE_ACCENT, glyph);
        if (end)
            pen_text(pen, right, y, ROLE_ACCENT, "+");
        else
            pen_glyph(pen, right, y, ROLE_ACCENT, glyph);
    }
}

static void draw_line(const struct pen *pen, struct cell_place a, struct cell_place b)
{
    int steps = abs(b.x - a.x) > abs(b.y - a.y) ? abs(b.x - a.x) : abs(b.y - a.y);
    for (int i = 0; i <= steps; i++) {
        int x = a.x + (steps ? (b.x - a.x) * i / steps : 0), y = a.y + (steps ? (b.y - a.y) * i / steps : 0);
        pen_glyph(pen, x, y, ROLE_ACCENT, GLYPH_DOT);
    }
}

void area_draw(struct scene *scene, const struct pen *map)
{
    const struct area *area = area_of(scene);
    screen_state(scene)->map_rect = map->rect;
    if (scene->overlay != OVERLAY_AREA)
        return;
    struct cell_place last = area->corner[area->n - 1];
    if (!area->lasso) {
        draw_box(map, area->corner[0], area->cursor);
        return;
    }
    for (int i = 0; i + 1 < area->n; i++)
        draw_line(map, area->corner[i], area->corner[i + 1]);
    draw_line(map, last, area->cursor);
    pen_text(map, area->cursor.x, area->cursor.y, ROLE_ACCENT, "+");
}

void area_message(struct scene *scene, char *text, size_t size)
{
    size_t inside;
    const struct area *area = area_of(scene);
    collect(scene, NULL, &inside);
    snprintf(text, size,
             area->lasso ? "lasso: %zu inside  arrows move  Space corner  Enter take  v box  Esc back"
                         : "box: %zu inside  arrows stretch  Space from here  Enter take  v lasso  Esc back",
             inside);
}
