/* SPDX-License-Identifier: MIT */
#include "ui/frame.h"

#include "base/check.h"
#include "ui/palette.h"

#include <stdlib.h>

enum {
    REPRINT_MAX = 3, /* cells it is shorter to print again than to jump over */
    ERASE_MIN = 4    /* blanks it is shorter to erase than to print */
};

static const struct pen pen_default = {PEN_DEFAULT, PEN_DEFAULT, 0};

void frame_init(struct frame *frame)
{
    *frame = (struct frame){.depth = DEPTH_MONO, .colours = 0, .pen = pen_default, .x = -1};
}

void frame_release(struct frame *frame)
{
    free(frame->shown);
    *frame = (struct frame){0};
}

void frame_forget(struct frame *frame)
{
    frame->width = frame->height = 0; /* no canvas fits: the next one starts over */
}

/* ---- canvas cells to terminal cells ---- */

static int32_t pen_colour(const struct frame *frame, colour value)
{
    if (value == COLOUR_DEFAULT || frame->depth == DEPTH_MONO)
        return PEN_DEFAULT;
    if (frame->depth == DEPTH_16)
        return palette_16(value);
    if (frame->depth == DEPTH_256)
        return palette_256(value);
    int exact = palette_exact(value); /* half the bytes */
    return exact >= 0 ? exact : (int32_t)(PEN_RGB | value);
}

/* Eight colours: the bright ones are bold, bright black is dim text. */
static void dull(struct pen *pen)
{
    if (pen->bg >= 8)
        pen->bg -= 8;
    if (pen->fg == 8) {
        pen->fg = PEN_DEFAULT;
        pen->attr |= ATTR_DIM;
    } else if (pen->fg > 8) {
        pen->fg -= 8;
        pen->attr |= ATTR_BOLD;
    }
}

/* Neighbours mostly share their style: the last answer is kept. */
static struct pen pen_of(struct frame *frame, struct style style)
{
    struct style *last = &frame->last_style;
    if (frame->last_known && last->fg == style.fg && last->bg == style.bg && last->attr == style.attr)
        return frame->last_pen;
    struct pen pen = {pen_colour(frame, style.fg), pen_colour(frame, style.bg), style.attr};
    if (frame->colours == 8)
        dull(&pen);
    *last = style;
    frame->last_pen = pen;
    frame->last_known = true;
    return pen;
}

/* What stands for a glyph the terminal cannot show. */
static uint32_t ascii_of(uint32_t glyph)
{
    static const struct {
        uint32_t first, last;
        char ascii;
    } stand_in[] = {
        {0xd7, 0xd7, 'x'},     {0xb1, 0xb1, '~'},      {0xb0, 0xb0, 'o'},     {0x2010, 0x2015, '-'},
        {0x2016, 0x2016, '|'}, {0x2018, 0x2019, '\''}, {0x201c, 0x201d, '"'}, {0x2032, 0x2032, '\''},
        {0x2022, 0x2022, '*'}, {0x2026, 0x2026, '~'},  {0x2190, 0x2190, '<'}, {0x2191, 0x2191, '^'},
        {0x2192, 0x2192, '>'}, {0x2193, 0x2193, 'v'},  {0x2212, 0x2212, '-'}, {0x2264, 0x2264, '<'},
        {0x2265, 0x2265, '>'}, {0x2500, 0x2501, '-'},  {0x2504, 0x2505, '-'}, {0x2502, 0x2503, '|'},
        {0x250c, 0x257f, '+'}, {0x2580, 0x259f, '#'},  {0x25ae, 0x25ae, '#'}, {0x25af, 0x25af, '.'},
        {0x25b2, 0x25b3, '^'}, {0x25b6, 0x25b8, '>'},  {0x25bc, 0x25bd, 'v'}, {0x25c0, 0x25c2, '<'},
        {0x25cb, 0x25cb, 'o'}, {0x25cf, 0x25cf, '*'},  {0x2800, 0x28ff, '*'}};
    for (size_t i = 0; i < ARRAY_LEN(stand_in); i++)
        if (glyph >= stand_in[i].first && glyph <= stand_in[i].last)
            return (unsigned char)stand_in[i].ascii;
    return '?';
}

static uint32_t glyph_of(const struct frame *frame, uint32_t glyph)
{
    bool ascii = !frame->utf8 || frame->narrow;
    if (glyph == 0)
        return ' ';
    if (!ascii || glyph < 127)
        return glyph;
    if (glyph == CELL_COVERED)
        return ' ';
    return frame->utf8 && glyph >= 0xa1 && glyph <= 0xff ? glyph : ascii_of(glyph);
}

/* Blanks look alike whatever their foreground. */
static struct shown_cell shown_of(struct frame *frame, const struct cell *cell)
{
    struct shown_cell shown = {glyph_of(frame, cell->glyph), pen_of(frame, cell->style)};
    if (shown.glyph == ' ' && !(shown.pen.attr & (ATTR_REVERSE | ATTR_UNDERLINE))) {
        shown.pen.fg = PEN_DEFAULT;
        shown.pen.attr = 0;
    }
    return shown;
}

static bool same_pen(struct pen a, struct pen b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

static bool same_cell(struct shown_cell a, struct shown_cell b)
{
    return a.glyph == b.glyph && same_pen(a.pen, b.pen);
}

/* ---- terminal cells to bytes ---- */

/* ";" and a number up to 255; printf would take most of a frame's time. Returns the end. */
static char *add_code(char *p, unsigned number)
{
    *p++ = ';';
    if (number >= 100)
        *p++ = (char)('0' + number / 100);
    if (number >= 10)
        *p++ = (char)('0' + number / 10 % 10);
    *p++ = (char)('0' + number % 10);
    return p;
}

static char *add_colour(char *p, int32_t value, unsigned base)
{
    unsigned index = (unsigned)value;
    if (value == PEN_DEFAULT)
        return add_code(p, base + 9);
    if (value & PEN_RGB) {
        p = add_code(add_code(p, base + 8), 2);
        return add_code(add_code(add_code(p, index >> 16 & 0xff), index >> 8 & 0xff), index & 0xff);
    }
    if (index < 16)
        return add_code(p, index < 8 ? base + index : base + 60 + index - 8);
    return add_code(add_code(add_code(p, base + 8), 5), index);
}

static char *add_attributes(char *p, uint8_t added)
{
    static const struct {
        uint8_t bit, code;
    } attributes[] = {{ATTR_BOLD, 1}, {ATTR_DIM, 2}, {ATTR_UNDERLINE, 4}, {ATTR_REVERSE, 7}};
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
        if (added & attributes[i].bit)
            p = add_code(p, attributes[i].code);
    return p;
}

static void set_pen(struct frame *frame, struct pen pen, struct strbuf *out)
{
    if (same_pen(frame->pen, pen))
        return;
    char codes[80] = "\033[", *p = codes + 1; /* the '[' gives way to the first ';' and comes back below */
    if (frame->pen.attr & ~pen.attr) {        /* attributes are taken back all at once; nothing means 0 */
        *p++ = ';';
        frame->pen = pen_default;
    }
    p = add_attributes(p, pen.attr & ~frame->pen.attr);
    if (pen.fg != frame->pen.fg)
        p = add_colour(p, pen.fg, 30);
    if (pen.bg != frame->pen.bg)
        p = add_colour(p, pen.bg, 40);
    frame->pen = pen;
    codes[1] = '[';
    *p++ = 'm';
    strbuf_add(out, codes, (size_t)(p - codes));
}

/* A blank needs the right ground and nothing that would show on it. */
static bool pen_shows(const struct frame *frame, struct shown_cell cell)
{
    if (same_pen(frame->pen, cell.pen))
        return true;
    return cell.glyph == ' ' && cell.pen.attr == 0 && frame->pen.bg == cell.pen.bg &&
           !(frame->pen.attr & (ATTR_REVERSE | ATTR_UNDERLINE));
}

static void put_cell(struct frame *frame, struct shown_cell cell, struct strbuf *out)
{
    char bytes[5];
    if (!pen_shows(frame, cell))
        set_pen(frame, cell.pen, out);
    strbuf_add(out, bytes, glyph_to_utf8(cell.glyph, bytes));
    /* after a wide glyph, and past the last column, terminals disagree about where the cursor is */
    frame->x = glyph_width(cell.glyph) == 1 && frame->x + 1 < frame->width ? frame->x + 1 : -1;
}

/* True if the few cells before x could be printed again with the pen as it is: done. */
static bool reprint(struct frame *frame, int x, int y, struct strbuf *out)
{
    const struct shown_cell *row = frame->shown + (size_t)y * (size_t)frame->width;
    if (frame->y != y || frame->x < 0 || x < frame->x || x - frame->x > REPRINT_MAX)
        return false;
    for (int i = frame->x; i < x; i++)
        if (row[i].glyph == 0 || row[i].glyph >= 0x80 || !pen_shows(frame, row[i]))
            return false;
    while (frame->x < x)
        put_cell(frame, row[frame->x], out);
    return true;
}

static void move_to(struct frame *frame, int x, int y, struct strbuf *out)
{
    bool known = frame->x >= 0;
    if (reprint(frame, x, y, out))
        return;
    if (known && y == frame->y && x > frame->x)
        strbuf_printf(out, "\033[%dC", x - frame->x);
    else if (known && x == 0 && y == frame->y + 1)
        strbuf_puts(out, "\r\n");
    else if (x == 0)
        strbuf_printf(out, "\033[%dH", y + 1);
    else
        strbuf_printf(out, "\033[%d;%dH", y + 1, x + 1);
    frame->x = x;
    frame->y = y;
}

static const struct shown_cell blank = {' ', {PEN_DEFAULT, PEN_DEFAULT, 0}};

/* First column from which the canvas row is nothing but blank on the default ground. */
static int blank_from(struct frame *frame, const struct cell *row)
{
    int x = frame->width;
    while (x > 0 && same_cell(shown_of(frame, &row[x - 1]), blank))
        x--;
    return x;
}

static void erase_rest(struct frame *frame, int x, int y, struct strbuf *out)
{
    struct shown_cell *row = frame->shown + (size_t)y * (size_t)frame->width;
    move_to(frame, x, y, out);
    set_pen(frame, pen_default, out);
    strbuf_puts(out, "\033[K");
    for (; x < frame->width; x++)
        row[x] = blank;
}

static void write_row(struct frame *frame, const struct canvas *canvas, int y, struct strbuf *out)
{
    const struct cell *row = canvas->cell + (size_t)y * (size_t)canvas->width;
    struct shown_cell *shown = frame->shown + (size_t)y * (size_t)frame->width;
    int tail = blank_from(frame, row);
    for (int x = 0; x < frame->width; x++) {
        struct shown_cell cell = shown_of(frame, &row[x]);
        if (same_cell(cell, shown[x]))
            continue;
        if (x >= tail && frame->width - x >= ERASE_MIN) {
            erase_rest(frame, x, y, out);
            return;
        }
        shown[x] = cell;
        if (cell.glyph == CELL_COVERED)
            continue;
        move_to(frame, x, y, out);
        put_cell(frame, cell, out);
    }
}

static void start_over(struct frame *frame, const struct canvas *canvas, struct strbuf *out)
{
    size_t n = (size_t)canvas->width * (size_t)canvas->height;
    frame->shown = xrealloc(frame->shown, n, sizeof *frame->shown);
    frame->width = canvas->width;
    frame->height = canvas->height;
    for (size_t i = 0; i < n; i++)
        frame->shown[i] = blank;
    frame->pen = pen_default;
    frame->last_known = false; /* the depth may be another */
    frame->x = frame->y = frame->next_row = 0;
    strbuf_puts(out, "\033[m\033[H\033[J");
}

bool frame_write(struct frame *frame, const struct canvas *canvas, size_t budget, struct strbuf *out)
{
    if (canvas->width == 0 || canvas->height == 0)
        return true;
    if (canvas->width != frame->width || canvas->height != frame->height)
        start_over(frame, canvas, out);
    for (int i = 0; i < frame->height; i++) {
        if (out->length >= budget)
            return false;
        write_row(frame, canvas, frame->next_row, out);
        frame->next_row = (frame->next_row + 1) % frame->height;
    }
    return true;
}
