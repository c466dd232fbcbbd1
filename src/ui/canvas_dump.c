/* SPDX-License-Identifier: MIT */
#include "ui/canvas.h"

#include <string.h>

/* The styles met so far; more than there are letters share the last. */
struct style_letters {
    struct style style[52];
    int n;
};

static bool same_style(struct style a, struct style b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

static char style_letter(struct style_letters *seen, struct style style)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (same_style(style, style_plain))
        return '.';
    int i = 0;
    while (i < seen->n && !same_style(seen->style[i], style))
        i++;
    if (i == seen->n && seen->n < (int)(sizeof letters - 1))
        seen->style[seen->n++] = style;
    return letters[i < seen->n ? i : seen->n - 1];
}

static void add_glyph(uint32_t glyph, struct strbuf *out)
{
    char bytes[5];
    if (glyph != CELL_COVERED)
        strbuf_add(out, bytes, glyph_to_utf8(glyph ? glyph : ' ', bytes));
}

/* Columns of a row up to its last cell that shows something. */
static int used_width(const struct cell *row, int width, bool styles)
{
    while (width > 0 && row[width - 1].glyph == 0 &&
           (!styles || same_style(row[width - 1].style, style_plain)))
        width--;
    return width;
}

static void dump_colour(const char *name, colour value, struct strbuf *out)
{
    if (value != COLOUR_DEFAULT)
        strbuf_printf(out, " %s=%06x", name, (unsigned)value);
}

static void dump_key(const struct style_letters *seen, struct strbuf *out)
{
    static const char *const names[] = {"bold", "dim", "reverse", "underline"};
    for (int i = 0; i < seen->n; i++) {
        struct style style = seen->style[i];
        struct style_letters one = *seen;
        strbuf_printf(out, "%c", style_letter(&one, style));
        dump_colour("fg", style.fg, out);
        dump_colour("bg", style.bg, out);
        for (int bit = 0; bit < 4; bit++)
            if (style.attr & 1 << bit)
                strbuf_printf(out, " %s", names[bit]);
        strbuf_puts(out, "\n");
    }
}

static void dump_styles(const struct canvas *canvas, struct strbuf *out)
{
    struct style_letters seen = {.n = 0};
    for (int y = 0; y < canvas->height; y++) {
        const struct cell *row = canvas->cell + (size_t)y * (size_t)canvas->width;
        int used = used_width(row, canvas->width, true);
        for (int x = 0; x < used; x++) {
            char letter = style_letter(&seen, row[x].style);
            strbuf_add(out, row[x].glyph == 0 && letter == '.' ? " " : &letter, 1);
        }
        strbuf_puts(out, "\n");
    }
    dump_key(&seen, out);
}

void canvas_dump(const struct canvas *canvas, bool styles, struct strbuf *out)
{
    for (int y = 0; y < canvas->height; y++) {
        const struct cell *row = canvas->cell + (size_t)y * (size_t)canvas->width;
        int used = used_width(row, canvas->width, false);
        for (int x = 0; x < used; x++)
            add_glyph(row[x].glyph, out);
        strbuf_puts(out, "\n");
    }
    if (styles) {
        strbuf_puts(out, "---\n");
        dump_styles(canvas, out);
    }
}
