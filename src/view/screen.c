/* SPDX-License-Identifier: MIT
 *
 * The whole screen: its frame, the view in it, what lies over it; and the way of a key to what it does.
 */
#include "base/check.h"
#include "base/strbuf.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/mark.h"
#include "view/method_picker.h"
#include "view/panels.h"
#include "view/points.h"
#include "view/rows.h"
#include "view/state.h"
#include "view/view_options.h"

#include <stdio.h>
#include <string.h>

struct layout scene_layout(const struct scene *scene, const struct canvas *canvas)
{
    return layout_make(canvas->width, canvas->height, scene_has_course(scene));
}

static const struct view *current_view(const struct scene *scene)
{
    size_t i = scene->choice.view >= 0 ? (size_t)scene->choice.view : 0;
    return view_at(i < view_count() ? i : 0);
}

/* How many items the line means so far, or what is wrong with it, or what it exports, behind it. */
static void draw_count(struct scene *scene, const struct pen *pen, int x)
{
    char text[240];
    const char *asked = scene->overlay == OVERLAY_SEARCH ? scene->line : line_asks(scene->line);
    search_count(scene, asked, text, sizeof text);
    if (scene->overlay == OVERLAY_COMMAND && !*text)
        export_words(scene, scene->line, pen->rect.width - x - 1, text, sizeof text);
    if (text_width(text) <= pen->rect.width - x - 1)
        pen_right(pen, 0, ROLE_QUIET, text);
    else
        pen_text(pen, x, 0, ROLE_QUIET, text);
}

/* Cells of the line before a byte of it. */
static int cells_before(const struct scene *scene, size_t at)
{
    size_t length = strlen(scene->line);
    char before[sizeof scene->line];
    at = at < length ? at : length;
    memcpy(before, scene->line, at);
    before[at] = '\0';
    return text_width(before);
}

/* What is typed, with the cell of the cursor reversed, or all that the next character replaces. */
static void draw_line(struct scene *scene, const struct pen *pen, const char *prompt)
{
    const struct proposal *p = &screen_state(scene)->proposal;
    bool marked = p->to > p->from;
    canvas_fill(pen->canvas, pen->rect, ' ', style_plain);
    int x = pen_text(pen, 0, 0, ROLE_ACCENT, prompt), end = pen_text(pen, x, 0, ROLE_TEXT, scene->line) + 2;
    draw_count(scene, pen, end);
    int from = x + cells_before(scene, marked ? p->from : scene->line_cursor);
    int to = marked ? x + cells_before(scene, p->to) : from + 1;
    struct rect r = pen->rect;
    struct pen field = pen_at(pen, rect_clip((struct rect){r.x + from, r.y, to - from, 1}, r));
    row_highlight(&field, 0);
}

static void picker_row(struct scene *scene, const struct pen *pen, int y, int at)
{
    bool here = at == picker_at(scene);
    bool computed = (size_t)at >= scene->data->n_columns;
    const struct column *c = computed ? NULL : &scene->data->column[at];
    char count[32];
    if (here)
        pen_glyph(pen, 1, y, ROLE_ACCENT, GLYPH_RIGHT);
    int x = pen_text(pen, 3, y, here ? ROLE_ACCENT : ROLE_TEXT, picker_name(scene, at)) + 1;
    x = pen->rect.width < 36 ? (x < 14 ? 14 : x) : x < 18 ? 18 : x;
    if (computed) {
        const char *unit = quantity_entry((enum quantity)(at - (int)scene->data->n_columns))->unit;
        if (x + text_width(unit) <= pen->rect.width) /* else ? says it in full */
            pen_text(pen, x, y, ROLE_QUIET, unit);
    } else if (c->kind == COLUMN_CATEGORY)
        pen_printf(pen, x, y, ROLE_QUIET, "%s value%s", format_count(c->n_values, count),
                   c->n_values == 1 ? "" : "s");
    else
        pen_text(pen, x, y, ROLE_QUIET, "number");
}

static bool picker_shows(const struct scene *scene, int at)
{
    const char *name = picker_name(scene, at);
    return name && strstr(name, scene->line);
}

static void draw_picker(struct scene *scene, const struct pen *pen)
{
    int n = (int)scene->data->n_columns + QUANTITY_COUNT, y = 2, here = 0, rows = pen->rect.height - 3;
    pen_text(pen, 0, 0, ROLE_ACCENT, "colour by");
    if (screen_state(scene)->filtering)
        pen_printf(pen, 12, 0, ROLE_TEXT, "/%s", scene->line);
    for (int at = 0; at < picker_at(scene); at++)
        here += picker_shows(scene, at);
    int skip = here >= rows ? here - rows + 1 : 0;
    for (int at = 0; at < n && y < 2 + rows; at++)
        if (picker_shows(scene, at) && skip-- <= 0)
            picker_row(scene, pen, y++, at);
    static const char *const keys[] = {"c", "next", "Enter", "take", "Esc", "back", "/", "filter", NULL};
    pen_hints(pen, pen->rect.height - 1, keys, 2);
}

static void draw_words(struct scene *scene, const struct pen *pen)
{
    struct strbuf text = {0};
    scene_words(scene, &text);
    struct pen p =
        pen_at(pen, (struct rect){pen->rect.x + 2, pen->rect.y, pen->rect.width - 4, pen->rect.height});
    int y = -scene->choice.help_row;
    for (char *line = text.text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        y = *line ? pen_wrap(&p, y, ROLE_TEXT, line) : y + 1;
    }
    screen_state(scene)->help_rows = y + scene->choice.help_row;
    strbuf_release(&text);
}

static void draw_message(struct scene *scene, const struct pen *pen)
{
    if (scene->overlay == OVERLAY_COMMAND || scene->overlay == OVERLAY_SEARCH) {
        draw_line(scene, pen, scene->overlay == OVERLAY_COMMAND ? ":" : "/");
        return;
    }
    bool quit = scene->overlay == OVERLAY_QUIT;
    if (scene->overlay == OVERLAY_AREA)
        area_message(scene, scene->message, sizeof scene->message);
    if (!quit && !*scene->message)
        return;
    canvas_fill(pen->canvas, pen->rect, ' ', style_plain);
    if (quit)
        pen_text(pen, 1, 0, ROLE_ACCENT,
                 pen->rect.width >= 74
                     ? "Quit? The run is written first.  q or Enter: quit   any other key: go on"
                     : "Quit? The run is written.  q: yes");
    else
        pen_text(pen, 1, 0, scene->message_bad ? ROLE_BAD : ROLE_ACCENT, scene->message);
}

/* The right side of the view, a third of it and so many columns at least; all of it where only a strip of the
 * view would be left. */
static struct rect right_place(const struct layout *l, int least)
{
    enum { STRIP = 24 };
    int width = l->body.width / 3 < least ? least : l->body.width / 3;
    width = width + STRIP < l->body.width ? width : l->body.width;
    return (struct rect){l->body.x + l->body.width - width, l->body.y, width, l->body.height};
}

/* Where something opens over the view, `least` columns wide: beside the map in the place of the item; else at
 * the right, behind a line. */
static struct pen opened(const struct scene *scene, const struct pen *pen, const struct layout *l, int least)
{
    bool map = scene->choice.view == 0 && !scene->choice.large;
    struct rect r = map && l->slot.width >= least ? l->slot : right_place(l, least);
    bool line = !map || r.x != l->slot.x;
    canvas_fill(pen->canvas, r, ' ', style_plain);
    for (int y = 0; y < r.height && r.x > 0 && line; y++)
        canvas_put(pen->canvas, r, r.x, r.y + y, theme_glyph(pen->theme, GLYPH_VERTICAL),
                   theme_style(pen->theme, ROLE_QUIET));
    return pen_at(pen, line ? (struct rect){r.x + 1, r.y, r.width - 2, r.height} : r);
}

static void draw_opened(struct scene *scene, const struct pen *pen, const struct layout *l)
{
    enum { LIST = 28, OPTIONS = 38, METHODS = 42, METHODS_ALONE = 72 };
    struct pen place;
    switch (scene->overlay) {
    case OVERLAY_COLUMN:
        place = opened(scene, pen, l, LIST);
        draw_picker(scene, &place);
        break;
    case OVERLAY_METHOD:
        place = opened(scene, pen, l, l->size == LAYOUT_SMALL ? METHODS_ALONE : METHODS);
        method_picker_draw(scene, &place);
        break;
    case OVERLAY_MARK:
        place = opened(scene, pen, l, LIST);
        mark_draw(scene, &place);
        break;
    case OVERLAY_OPTIONS:
        place = opened(scene, pen, l, OPTIONS);
        view_options_draw(scene, &place);
        break;
    default: break;
    }
}

static void draw_body(struct scene *scene, const struct pen *pen, const struct layout *l)
{
    if (scene->overlay == OVERLAY_HELP) {
        const struct view *help = view_at(view_count() - 1);
        help->draw(scene, pen->canvas, l->body);
        return;
    }
    if (scene->overlay == OVERLAY_WORDS) {
        struct pen body = pen_at(pen, l->body);
        draw_words(scene, &body);
        return;
    }
    current_view(scene)->draw(scene, pen->canvas, l->body);
    draw_opened(scene, pen, l);
}

static void draw_frame(struct scene *scene, const struct pen *pen, const struct layout *l)
{
    struct {
        void (*draw)(struct scene *, const struct pen *);
        struct rect rect;
    } part[] = {{panel_tabs, l->tabs},         {panel_headline, l->headline}, {panel_timeline, l->timeline},
                {panel_sentence, l->sentence}, {panel_hint, l->hint},         {panel_keys, l->keys}};
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        struct pen p = pen_at(pen, part[i].rect);
        if (part[i].rect.height)
            part[i].draw(scene, &p);
    }
}

void screen_draw(struct scene *scene, struct canvas *canvas)
{
    canvas_clear(canvas);
    if (canvas->width < 1 || canvas->height < 1)
        return;
    lists_drawn(scene);
    struct layout l = scene_layout(scene, canvas);
    struct pen pen = {canvas, scene->theme, canvas_rect(canvas)}, message = pen_at(&pen, layout_message(&l));
    screen_state(scene)->large = l.size == LAYOUT_LARGE;
    screen_state(scene)->cuts = l.threshold.height > 0;
    if (l.size == LAYOUT_LINE) {
        struct pen line = pen_at(&pen, l.tabs);
        panel_line(scene, &line);
        draw_message(scene, &message);
        return;
    }
    draw_body(scene, &pen, &l);
    draw_frame(scene, &pen, &l);
    draw_message(scene, &message);
    if (scene->overlay == OVERLAY_COMMAND || scene->overlay == OVERLAY_SEARCH) {
        struct pen keys = pen_at(&pen, l.keys);
        completion_draw(scene, &keys, message.rect);
    }
}

static void click_map(struct scene *scene, struct mouse mouse, const struct layout *l)
{
    const struct points *points = points_of(scene, l->map);
    if (!points)
        return;
    size_t item = plot_scatter_at(&points->scatter, l->map, mouse.x, mouse.y);
    if (item != SIZE_MAX)
        item_put(scene, (int)item);
}

static void click(struct scene *scene, struct mouse mouse, const struct layout *l, const struct post *post)
{
    int tab = rect_has(l->tabs, mouse.x, mouse.y) ? tab_at(scene, l->tabs.width, mouse.x) : -1;
    bool map = scene->choice.view == 0 && !scene->choice.large;
    if (tab >= 0) {
        act(scene, (enum action)(ACTION_VIEW_MAP + tab), (struct key){0}, post);
    } else if (map && rect_has(l->legend, mouse.x, mouse.y)) {
        int code = legend_at(scene, l->legend.width, mouse.x - l->legend.x);
        if (code >= 0)
            select_value(scene, (uint32_t)code, post);
    } else if (map && rect_has(l->map, mouse.x, mouse.y)) {
        click_map(scene, mouse, l);
    }
}

static void act_mouse(struct scene *scene, struct mouse mouse, const struct canvas *canvas,
                      const struct post *post)
{
    struct layout l = scene_layout(scene, canvas);
    bool wheel = mouse.what == MOUSE_WHEEL_UP || mouse.what == MOUSE_WHEEL_DOWN;
    bool up = mouse.what == MOUSE_WHEEL_UP;
    const struct view *view = current_view(scene);
    if (view->mouse && rect_has(l.body, mouse.x, mouse.y) && view->mouse(scene, mouse, l.body, post))
        return;
    bool map = scene->choice.view == 0 && !scene->choice.large;
    if (map && area_mouse(scene, mouse, l.map, post))
        return;
    if (mouse.what == MOUSE_PRESS)
        click(scene, mouse, &l, post);
    else if (wheel && panel_has_focus(scene, PANEL_SETTINGS) && !rect_has(l.map, mouse.x, mouse.y))
        act_settings(scene, up ? ACTION_UP : ACTION_DOWN, post);
    else if (wheel && map) /* elsewhere it would zoom what is not seen */
        act(scene, up ? ACTION_ZOOM_IN : ACTION_ZOOM_OUT, (struct key){0}, post);
}

/* Any key skips ahead; those that would only undo that do nothing more. True: the key is used up. */
static bool skip_intro(struct scene *scene, struct key key, const struct post *post)
{
    enum action action = action_of_key(key);
    bool held = intro_time(scene) < 5;
    if (key.code == KEYC_RESIZE || key.code == KEYC_PASTE ||
        (key.code == KEYC_MOUSE && key.mouse.what != MOUSE_PRESS))
        return false;
    intro_end(scene, post);
    scene->intro_seconds = -1;
    return held && (action == ACTION_PAUSE || action == ACTION_ENTER || action == ACTION_BACK);
}

void screen_key(struct scene *scene, struct key key, struct canvas *canvas, const struct post *post)
{
    if (key.code == KEY_NONE || key.code == KEYC_RESIZE || key.code == KEYC_PASTE)
        return;
    if (scene->intro_seconds >= 0 && skip_intro(scene, key, post))
        return;
    if (scene->overlay != OVERLAY_NONE)
        overlay_key(scene, key, post);
    else if (key.code == KEYC_MOUSE)
        act_mouse(scene, key.mouse, canvas, post);
    else
        act(scene, action_of_key(key), key, post);
}
