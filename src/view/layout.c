/* SPDX-License-Identifier: MIT */
#include "view/layout.h"

static struct rect rect_of(int x, int y, int width, int height)
{
    bool some = width > 0 && height > 0;
    return some ? (struct rect){x, y, width, height} : (struct rect){0, 0, 0, 0};
}

/* Takes the lowest row that is left. */
static struct rect row_below(int columns, int *bottom)
{
    return rect_of(0, --*bottom, columns, 1);
}

static void small_body(struct layout *l, int columns, int rows, int bottom)
{
    int charts = l->course && rows >= 20 ? 4 + (rows - 24 > 0 ? (rows - 24) / 4 : 0) : 0;
    bottom -= charts;
    l->charts = rect_of(0, bottom, columns, charts);
    if (rows >= 14)
        l->honesty = row_below(columns, &bottom);
    if (rows >= 15)
        l->legend = row_below(columns, &bottom);
    int height = bottom - 2;
    int width = columns >= 64 ? columns * 5 / 8 : columns;
    l->map = rect_of(0, 2, width, height);
    if (width < columns) {
        l->edge[0] = rect_of(width, 2, 1, height);
        l->slot = rect_of(width + 1, 2, columns - width - 2, height);
    }
}

static void upper_block(struct layout *l, int map_width, int slot_width, int bottom)
{
    int legend = bottom - 1;
    l->map_title = rect_of(0, 2, map_width, 1);
    l->map = rect_of(0, 3, map_width, legend - 3);
    l->legend = rect_of(0, legend, map_width, 1);
    l->edge[0] = rect_of(map_width, 2, 1, bottom - 2);
    l->slot = rect_of(map_width + 1, 2, slot_width, bottom - 2);
}

static void medium_body(struct layout *l, int columns, int rows, int bottom)
{
    int lower = 10 + (rows - 40 > 0 ? (rows - 40) / 4 : 0);
    int top = bottom - lower;
    int slot = 42 + (columns > 120 ? (columns - 120) / 4 : 0);
    l->rule = rect_of(0, top - 1, columns, 1);
    upper_block(l, columns - slot - 2, slot, top - 1);
    int settings = columns >= 118 ? 30 : 27, right = columns - settings - 1;
    l->numbers = rect_of(0, top, 45, lower);
    if (!l->course) {
        l->edge[1] = rect_of(46, top, 1, lower);
        l->threshold = rect_of(48, top, columns - 49, lower);
        return;
    }
    l->charts = rect_of(46, top, right - 1 - 46, lower);
    l->edge[1] = rect_of(right - 1, top, 1, lower);
    l->settings = rect_of(right, top, settings, lower);
}

static void large_body(struct layout *l, int columns, int rows, int bottom)
{
    enum { CUT = 12, NUMBERS = 11 };
    int lower = l->course ? rows * 2 / 7 : 0, top = bottom - lower, end = l->course ? top - 1 : top;
    int side = 51 + (columns - 200) / 4, cut = l->course ? CUT : (end - 2) / 2;
    if (side < 46)
        side = 46;
    upper_block(l, columns - 2 * side - 3, side, end);
    int x = columns - side - 1, height = end - 2 - cut - 1;
    int numbers = NUMBERS + (height - 21 > 0 ? (height - 21) / 2 : 0), y = 2 + cut + 1;
    l->edge[1] = rect_of(x - 1, 2, 1, end - 2);
    l->threshold = rect_of(x, 2, side, cut);
    l->numbers = rect_of(x, y, side, l->course ? numbers : height);
    if (!l->course)
        return;
    l->rule = rect_of(0, top - 1, columns, 1);
    l->settings = rect_of(x, y + numbers + 1, side, height - numbers - 1);
    l->charts = rect_of(0, top, columns - 1, lower);
}

static enum layout_size size_of(int columns, int rows)
{
    if (columns < 40 || rows < 12)
        return LAYOUT_LINE;
    if (columns >= 170 && rows >= 50)
        return LAYOUT_LARGE;
    return columns >= 110 && rows >= 34 ? LAYOUT_MEDIUM : LAYOUT_SMALL;
}

struct layout layout_make(int columns, int rows, bool course)
{
    struct layout l = {.size = size_of(columns, rows), .course = course};
    l.tabs = rect_of(0, 0, columns, 1);
    if (l.size == LAYOUT_LINE)
        return l;
    int bottom = rows;
    l.headline = rect_of(0, 1, columns, 1);
    l.keys = row_below(columns, &bottom);
    if (l.size != LAYOUT_SMALL)
        l.message = row_below(columns, &bottom);
    if (rows >= 16)
        l.hint = row_below(columns, &bottom);
    l.sentence = row_below(columns, &bottom);
    if (l.size != LAYOUT_SMALL && course)
        l.timeline = row_below(columns, &bottom);
    l.body = rect_of(0, 2, columns, bottom - 2);
    if (l.size == LAYOUT_SMALL)
        small_body(&l, columns, rows, bottom);
    else if (l.size == LAYOUT_MEDIUM)
        medium_body(&l, columns, rows, bottom);
    else
        large_body(&l, columns, rows, bottom);
    return l;
}

struct rect layout_message(const struct layout *layout)
{
    if (layout->size == LAYOUT_LINE)
        return layout->tabs;
    if (layout->message.height)
        return layout->message;
    return layout->hint.height ? layout->hint : layout->sentence;
}

struct rect layout_column(struct rect rect, int n, int i, int gap)
{
    int room = rect.width - gap * (n - 1);
    int first = room * i / n, next = room * (i + 1) / n;
    return rect_of(rect.x + first + gap * i, rect.y, next - first, rect.height);
}
