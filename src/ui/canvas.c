/* SPDX-License-Identifier: MIT */
#include "ui/canvas.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

const struct style style_plain = {COLOUR_DEFAULT, COLOUR_DEFAULT, 0};

void canvas_init(struct canvas *canvas, int width, int height)
{
    *canvas = (struct canvas){0};
    canvas_resize(canvas, width, height);
}

void canvas_release(struct canvas *canvas)
{
    free(canvas->cell);
    *canvas = (struct canvas){0};
}

void canvas_resize(struct canvas *canvas, int width, int height)
{
    CHECK(width >= 0 && height >= 0);
    canvas->cell = xrealloc(canvas->cell, (size_t)width * (size_t)height, sizeof *canvas->cell);
    canvas->width = width;
    canvas->height = height;
    canvas_clear(canvas);
}

void canvas_clear(struct canvas *canvas)
{
    size_t n = (size_t)canvas->width * (size_t)canvas->height;
    for (size_t i = 0; i < n; i++)
        canvas->cell[i] = (struct cell){0, style_plain};
}

static int largest(int a, int b)
{
    return a > b ? a : b;
}

static int smallest(int a, int b)
{
    return a < b ? a : b;
}

struct rect rect_clip(struct rect inner, struct rect outer)
{
    int left = largest(inner.x, outer.x), top = largest(inner.y, outer.y);
    int right = smallest(inner.x + inner.width, outer.x + outer.width);
    int bottom = smallest(inner.y + inner.height, outer.y + outer.height);
    return (struct rect){left, top, largest(right - left, 0), largest(bottom - top, 0)};
}

bool rect_has(struct rect rect, int x, int y)
{
    return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

/* The other half of a wide glyph that loses one becomes a blank. */
static void free_cell(struct cell *row, int width, int x)
{
    if (row[x].glyph == CELL_COVERED && x > 0)
        row[x - 1].glyph = 0;
    if (x + 1 < width && row[x + 1].glyph == CELL_COVERED)
        row[x + 1].glyph = 0;
}

void canvas_put(struct canvas *canvas, struct rect clip, int x, int y, uint32_t glyph, struct style style)
{
    struct rect area = rect_clip(clip, canvas_rect(canvas));
    int cells = glyph_width(glyph);
    if (!rect_has(area, x, y) || cells == 0)
        return;
    struct cell *row = canvas->cell + (size_t)y * (size_t)canvas->width;
    bool halved = cells == 2 && !rect_has(area, x + 1, y);
    free_cell(row, canvas->width, x);
    row[x] = (struct cell){halved || glyph == ' ' ? 0 : glyph, style};
    if (cells == 2 && !halved) {
        free_cell(row, canvas->width, x + 1);
        row[x].glyph = glyph;
        row[x + 1] = (struct cell){CELL_COVERED, style};
    }
}

int canvas_text(struct canvas *canvas, struct rect clip, int x, int y, const char *text, struct style style)
{
    for (uint32_t glyph; (glyph = text_next(&text)); x += glyph_width(glyph))
        canvas_put(canvas, clip, x, y, glyph, style);
    return x;
}

void canvas_text_right(struct canvas *canvas, struct rect clip, int y, const char *text, struct style style)
{
    canvas_text(canvas, clip, clip.x + clip.width - text_width(text), y, text, style);
}

void canvas_fill(struct canvas *canvas, struct rect rect, uint32_t glyph, struct style style)
{
    struct rect area = rect_clip(rect, canvas_rect(canvas));
    for (int y = area.y; y < area.y + area.height; y++)
        for (int x = area.x; x < area.x + area.width; x++)
            canvas_put(canvas, area, x, y, glyph ? glyph : ' ', style);
}
