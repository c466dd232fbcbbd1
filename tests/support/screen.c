/* SPDX-License-Identifier: MIT */
#include "support/screen.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

struct screen {
    VTerm *vt;
    VTermScreen *grid;
    int rows, columns;
    struct screen_modes modes;
    char tail[16]; /* last bytes fed: a mode may be cut in two */
};

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct screen *screen = user;
    if (property == VTERM_PROP_ALTSCREEN)
        screen->modes.alternate = value->boolean;
    if (property == VTERM_PROP_CURSORVISIBLE)
        screen->modes.cursor_hidden = !value->boolean;
    if (property == VTERM_PROP_MOUSE)
        screen->modes.mouse = value->number != VTERM_PROP_MOUSE_NONE;
    return 1;
}

struct screen *screen_new(int rows, int columns)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    struct screen *screen = xcalloc(1, sizeof *screen);
    screen->rows = rows;
    screen->columns = columns;
    screen->vt = vterm_new(rows, columns);
    vterm_set_utf8(screen->vt, 1);
    screen->grid = vterm_obtain_screen(screen->vt);
    vterm_screen_set_callbacks(screen->grid, &callbacks, screen);
    vterm_screen_enable_altscreen(screen->grid, 1);
    vterm_screen_reset(screen->grid, 1);
    return screen;
}

void screen_free(struct screen *screen)
{
    vterm_free(screen->vt);
    free(screen);
}

void screen_resize(struct screen *screen, int rows, int columns)
{
    screen->rows = rows;
    screen->columns = columns;
    vterm_set_size(screen->vt, rows, columns);
}

/* libvterm keeps the paste mode to itself: look for it in the bytes. */
static void note_paste(struct screen *screen, const char *bytes, size_t n)
{
    struct strbuf all = {0};
    strbuf_puts(&all, screen->tail);
    for (size_t i = 0; i < n; i++)
        strbuf_add(&all, bytes[i] ? &bytes[i] : " ", 1);
    for (const char *p = all.text; p && (p = strstr(p, "\033[?2004")); p += 7)
        if (p[7])
            screen->modes.paste = p[7] == 'h';
    size_t keep = all.length < sizeof screen->tail - 1 ? all.length : sizeof screen->tail - 1;
    memcpy(screen->tail, all.text + all.length - keep, keep);
    screen->tail[keep] = '\0';
    strbuf_release(&all);
}

void screen_feed(struct screen *screen, const char *bytes, size_t n)
{
    if (n == 0)
        return;
    note_paste(screen, bytes, n);
    vterm_input_write(screen->vt, bytes, n);
}

size_t screen_answers(struct screen *screen, char *bytes, size_t size)
{
    return vterm_output_read(screen->vt, bytes, size);
}

static int32_t pen_colour(const VTermColor *value)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(value) || VTERM_COLOR_IS_DEFAULT_BG(value))
        return PEN_DEFAULT;
    if (VTERM_COLOR_IS_INDEXED(value))
        return value->indexed.idx;
    return PEN_RGB | value->rgb.red << 16 | value->rgb.green << 8 | value->rgb.blue;
}

struct shown_cell screen_cell(const struct screen *screen, int x, int y)
{
    VTermScreenCell cell;
    CHECK(vterm_screen_get_cell(screen->grid, (VTermPos){.row = y, .col = x}, &cell));
    struct shown_cell shown = {cell.chars[0], {pen_colour(&cell.fg), pen_colour(&cell.bg), 0}};
    if (shown.glyph == 0)
        shown.glyph = ' ';
    if (shown.glyph == (uint32_t)-1)
        shown.glyph = CELL_COVERED;
    shown.pen.attr = (uint8_t)((cell.attrs.bold ? ATTR_BOLD : 0) | (cell.attrs.reverse ? ATTR_REVERSE : 0) |
                               (cell.attrs.underline ? ATTR_UNDERLINE : 0));
    return shown;
}

static void add_row(const struct screen *screen, int y, struct strbuf *out)
{
    for (int x = 0; x < screen->columns; x++) {
        char bytes[5];
        uint32_t glyph = screen_cell(screen, x, y).glyph;
        if (glyph != CELL_COVERED)
            strbuf_add(out, bytes, glyph_to_utf8(glyph, bytes));
    }
}

bool screen_has(const struct screen *screen, const char *text)
{
    bool found = false;
    for (int y = 0; y < screen->rows && !found; y++) {
        struct strbuf row = {0};
        add_row(screen, y, &row);
        found = strstr(strbuf_text(&row), text) != NULL;
        strbuf_release(&row);
    }
    return found;
}

void screen_text(const struct screen *screen, struct strbuf *out)
{
    for (int y = 0; y < screen->rows; y++) {
        add_row(screen, y, out);
        strbuf_puts(out, "\n");
    }
}

int screen_step(const struct screen *screen)
{
    struct strbuf text = {0};
    screen_text(screen, &text);
    int step = -1;
    for (const char *at = strbuf_text(&text); step < 0 && (at = strstr(at, " step ")); at++)
        if (at[6] >= '0' && at[6] <= '9') /* the hint of keys says "step" too */
            step = atoi(at + 6);
    strbuf_release(&text);
    return step;
}

bool screen_is_blank(const struct screen *screen)
{
    for (int y = 0; y < screen->rows; y++)
        for (int x = 0; x < screen->columns; x++)
            if (screen_cell(screen, x, y).glyph != ' ')
                return false;
    return true;
}

struct screen_modes screen_modes(const struct screen *screen)
{
    return screen->modes;
}
