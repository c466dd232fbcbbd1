/* SPDX-License-Identifier: MIT
 *
 * What lies on the map over its points: the names of the values where their items are, and pictures in place
 * of letters. Neither covers its own kind; what has no room is left out.
 */
#include "base/check.h"
#include "view/facts.h"
#include "view/panels.h"
#include "view/points.h"
#include "view/rows.h"
#include "view/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST_PICTURE = 6, LARGEST_PICTURE = 20, BLOCK = 1024 /* points a pass */ };

/* Cells of the map that are taken. */
struct taken {
    struct rect map;
    bool *cell;
};

static bool take(struct taken *taken, struct rect r)
{
    if (r.x < taken->map.x || r.y < taken->map.y || r.x + r.width > taken->map.x + taken->map.width ||
        r.y + r.height > taken->map.y + taken->map.height)
        return false;
    for (int pass = 0; pass < 2; pass++)
        for (int y = r.y; y < r.y + r.height; y++)
            for (int x = r.x; x < r.x + r.width; x++) {
                bool *cell = &taken->cell[(y - taken->map.y) * taken->map.width + x - taken->map.x];
                if (pass == 0 && *cell)
                    return false;
                *cell = *cell || pass == 1;
            }
    return true;
}

static struct taken taken_make(struct rect map)
{
    return (struct taken){map, xcalloc((size_t)map.width * (size_t)map.height + 1, sizeof(bool))};
}

/* ---- names of values ---- */

/* Mean cell of the drawn points of each code; count 0 where there are none in sight. */
struct middle {
    double x, y;
    size_t count, all; /* in sight, and with those outside the window */
};

/* A name stands for a crowd, not for the few at the edge of what is zoomed into. */
static bool worth_a_name(const struct middle *m)
{
    return m->count * 20 > m->all;
}

static void find_middles(const struct points *points, struct rect map, struct middle middle[LEGEND_CODES])
{
    int32_t cell[BLOCK];
    size_t n;
    memset(middle, 0, LEGEND_CODES * sizeof *middle);
    for (size_t at = 0; at < points->scatter.n; at += n) {
        n = points->scatter.n - at < BLOCK ? points->scatter.n - at : BLOCK;
        plot_scatter_cells(&points->scatter, map, at, n, cell);
        for (size_t i = 0; i < n; i++) {
            uint32_t code = points->code[at + i];
            if (code >= LEGEND_CODES || points->hidden[at + i])
                continue;
            middle[code].all++;
            if (cell[i] < 0)
                continue;
            int column = map.x + cell[i] % map.width, row = map.y + cell[i] / map.width;
            middle[code].x += column;
            middle[code].y += row;
            middle[code].count++;
        }
    }
    for (int c = 0; c < LEGEND_CODES; c++)
        if (middle[c].count) {
            middle[c].x /= (double)middle[c].count;
            middle[c].y /= (double)middle[c].count;
        }
}

/* At its middle, else a row or more below or above it. */
static bool place_name(struct taken *taken, const struct middle *m, int width, struct rect *at)
{
    static const int rows[] = {0, 1, -1, 2, -2, 3, -3};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        *at = (struct rect){(int)m->x - width / 2, (int)m->y + rows[i], width, 1};
        if (take(taken, *at))
            return true;
    }
    return false;
}

/* The brackets of the selected item stay in sight. */
static void take_selected(struct taken *taken, const struct scatter *scatter)
{
    int x, y;
    if (scatter->selected < scatter->n && plot_scatter_cell(scatter, taken->map, scatter->selected, &x, &y))
        for (int dx = -1; dx <= 1; dx++)
            take(taken, (struct rect){x + dx, y, 1, 1});
}

void map_names(struct scene *scene, const struct pen *pen, const struct points *points)
{
    const struct legend *l = scene_legend(scene);
    struct middle middle[LEGEND_CODES];
    if (l->number || l->n < 2)
        return;
    struct taken taken = taken_make(pen->rect);
    find_middles(points, pen->rect, middle);
    take_selected(&taken, &points->scatter);
    for (size_t c = 0; c < l->n - l->other; c++) { /* the largest first, as the legend has them */
        struct rect at;
        if (!worth_a_name(&middle[c]) || !place_name(&taken, &middle[c], text_width(l->name[c]) + 2, &at))
            continue;
        struct style style = legend_style(l, scene->data, pen->theme, c);
        char text[LEGEND_NAME + 2];
        style.attr = (uint8_t)((style.attr | ATTR_BOLD | ATTR_REVERSE) & ~ATTR_DIM);
        snprintf(text, sizeof text, " %s ", l->name[c]);
        canvas_text(pen->canvas, pen->rect, at.x, at.y, text, style);
    }
    free(taken.cell);
}

/* ---- pictures ---- */

static size_t in_sight(const struct points *points, struct rect map)
{
    size_t n = 0;
    int x, y;
    for (size_t i = 0; i < points->scatter.n; i++)
        n += !points->hidden[i] && plot_scatter_cell(&points->scatter, map, i, &x, &y);
    return n;
}

/* So that about all that are in sight would fit if they lay even. */
static int picture_width(struct rect map, size_t n)
{
    double each = n ? sqrt(2.0 * map.width * map.height / (double)n) : LARGEST_PICTURE;
    return each < SMALLEST_PICTURE  ? SMALLEST_PICTURE
           : each > LARGEST_PICTURE ? LARGEST_PICTURE
                                    : (int)each / 2 * 2;
}

static bool put_picture(struct scene *scene, const struct pen *pen, const struct points *points, size_t i,
                        struct taken *taken, int width)
{
    int x, y;
    if (points->hidden[i] || !plot_scatter_cell(&points->scatter, pen->rect, i, &x, &y))
        return false;
    struct rect at = {x - width / 2, y - width / 4, width, width / 2};
    if (!take(taken, at))
        return false;
    struct pen place = pen_at(pen, at);
    canvas_fill(pen->canvas, at, ' ', style_plain);
    item_picture(scene, &place, scene_row(scene, (int)i));
    return true;
}

void map_pictures(struct scene *scene, const struct pen *pen, const struct points *points)
{
    size_t n = points->scatter.n, sight = in_sight(points, pen->rect), drawn = 0;
    struct taken taken = taken_make(pen->rect);
    int width = picture_width(pen->rect, sight);
    size_t first = points->scatter.selected;
    if (first < n)
        drawn += put_picture(scene, pen, points, first, &taken, width);
    for (int picked = 1; picked >= 0; picked--) /* what is selected before the rest */
        for (size_t i = 0; i < n; i++)
            if (i != first && (points->picked && points->picked[i]) == picked)
                drawn += put_picture(scene, pen, points, i, &taken, width);
    char text[80];
    snprintf(text, sizeof text, " %zu of %zu pictured, + zooms in ", drawn, sight);
    if (drawn < sight)
        pen_right(pen, pen->rect.height - 1, ROLE_QUIET, text);
    free(taken.cell);
}
