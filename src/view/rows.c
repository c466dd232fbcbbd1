/* SPDX-License-Identifier: MIT */
#include "view/rows.h"

#include "base/check.h"
#include "view/facts.h"
#include "view/state.h"

#include <math.h>
#include <string.h>

enum { WIDE = 34, NARROW = 20 /* cells before the value */ };

const char *short_caption(const char *caption)
{
    if (strncmp(caption, "a ", 2) == 0)
        return caption + 2;
    return strncmp(caption, "an ", 3) == 0 ? caption + 3 : caption;
}

int decimals_apart(double first, double last)
{
    double spread = fabs(first - last);
    return spread < 0.0015 ? 4 : spread < 0.015 ? 3 : 2;
}

/* A number that items of the probe have is not known of others. */
static uint32_t code_of(struct scene *scene, const struct item_row *r)
{
    if (r->item >= 0)
        return scene_code(scene, r->item);
    bool known = r->row >= 0 && scene->choice.quantity == NO_QUANTITY;
    return known ? legend_code(scene_legend(scene), scene->data, (size_t)r->row) : UINT32_MAX;
}

/* Of the longest row number, so that what stands behind it is aligned; no more than that in a narrow list. */
static int id_width(const struct dataset *data, bool narrow)
{
    int width = 1;
    for (size_t most = data->n > 0 ? data->n - 1 : 0; most >= 10; most /= 10)
        width++;
    return narrow || width > 4 ? width : 4;
}

void item_row_draw(struct scene *scene, const struct pen *pen, int y, const struct item_row *r)
{
    const struct legend *l = scene_legend(scene);
    char caption[96];
    uint32_t code = code_of(scene, r);
    bool wide = pen->rect.width >= WIDE;
    int right = pen->rect.width - text_width(r->value);
    if (code != UINT32_MAX) {
        char letter[2] = {l->letter[code], '\0'};
        pen_styled(pen, 0, y, legend_style(l, scene->data, pen->theme, code), letter);
    }
    scene_caption(scene, r->row, caption, sizeof caption);
    struct pen left = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, right - 1, pen->rect.height});
    int end = 2, id = id_width(scene->data, right < NARROW);
    if (end + id < right) /* it is what :item takes */
        end = pen_printf(&left, 2, y, ROLE_QUIET, "%*lld", id, (long long)r->row) + (wide ? 2 : 1);
    pen_text(&left, end, y, r->role, wide ? caption : short_caption(caption));
    pen_text(pen, right, y, r->role, r->value);
}

void row_highlight(const struct pen *pen, int y)
{
    struct style accent = theme_style(pen->theme, ROLE_ACCENT);
    for (int x = 0; x < pen->rect.width; x++) {
        int column = pen->rect.x + x, row = pen->rect.y + y;
        if (column < 0 || column >= pen->canvas->width || row < 0 || row >= pen->canvas->height)
            continue;
        struct style *style = &pen->canvas->cell[row * pen->canvas->width + column].style;
        if (style->fg != accent.fg) { /* one even bar: other colours would be patches in it */
            style->fg = COLOUR_DEFAULT;
            style->attr &= (uint8_t)~ATTR_DIM;
        }
        style->attr |= ATTR_REVERSE;
    }
}

int rows_from(int n, int room, int at)
{
    int last = n - room > 0 ? n - room : 0, from = at - room / 2;
    return from < 0 ? 0 : from > last ? last : from;
}

int item_picture(const struct scene *scene, const struct pen *pen, int64_t row)
{
    const struct dataset *data = scene->data;
    if (!data->pixels || row < 0 || (size_t)row >= data->n)
        return 0;
    struct raster raster = {data->height, data->width, data->channels, NULL,
                            dataset_pixels(data, (size_t)row)};
    return plot_picture(pen->canvas, pen->rect, &raster, pen->theme);
}

int row_moved(enum action action, int row, int n)
{
    static const struct {
        enum action action;
        int by;
    } moves[] = {{ACTION_UP, -1},        {ACTION_DOWN, 1},          {ACTION_PAGE_UP, -10},
                 {ACTION_PAGE_DOWN, 10}, {ACTION_FIRST, -10000000}, {ACTION_LAST, 10000000}};
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (moves[i].action == action) {
            int to = row + moves[i].by;
            return n == 0 || to < 0 ? 0 : to < n ? to : n - 1;
        }
    return -1;
}

int list_next(const struct scene *scene, const struct lists *lists, int list, int by)
{
    do
        list = (list + lists->n + by) % lists->n;
    while (!lists->can(scene, list));
    return list;
}

bool lists_walked(const struct scene *scene, const struct lists *lists, enum action action, int n, int *list,
                  int *row)
{
    int moved = row_moved(action, *row, n);
    bool back = action == ACTION_LEFT || action == ACTION_PREVIOUS_PANEL;
    bool on = action == ACTION_RIGHT || action == ACTION_NEXT_PANEL;
    if (moved >= 0)
        *row = moved;
    else if (on || back)
        *list = list_next(scene, lists, *list, on ? 1 : -1);
    return moved >= 0 || on || back;
}

void list_heading(const struct pen *pen, bool here, const char *name, const char *values)
{
    int x = pen_text(pen, 0, 0, here ? ROLE_ACCENT : ROLE_STRONG, name);
    if (x + 1 + text_width(values) <= pen->rect.width)
        pen_right(pen, 0, ROLE_QUIET, values);
}

bool mouse_is_wheel(struct mouse mouse)
{
    return mouse.what == MOUSE_WHEEL_UP || mouse.what == MOUSE_WHEEL_DOWN;
}

int row_pointed(const struct list_place *list, struct mouse mouse)
{
    struct rect r = list->rect;
    if (!rect_has(r, mouse.x, mouse.y))
        return -1;
    if (mouse_is_wheel(mouse))
        return row_moved(mouse.what == MOUSE_WHEEL_UP ? ACTION_UP : ACTION_DOWN, list->at, list->n);
    int room = r.height - 1 - list->foot, y = mouse.y - r.y - 1;
    int row = rows_from(list->n, room, list->at) + y;
    return mouse.what == MOUSE_PRESS && y >= 0 && y < room && row < list->n ? row : -1;
}
