/* SPDX-License-Identifier: MIT
 *
 * A grid of cells that views draw on; no terminal is involved. Colours are roles or 24-bit values; what they
 * become on a 256-, 16- or no-colour terminal is decided when the canvas is presented (ui/term.h). Everything
 * clips. One thread; owned by the loop, lent to views for one draw.
 */
#ifndef NF_UI_CANVAS_H
#define NF_UI_CANVAS_H

#include "base/strbuf.h"
#include "ui/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { ATTR_BOLD = 1, ATTR_DIM = 2, ATTR_REVERSE = 4, ATTR_UNDERLINE = 8 };

/* 0xRRGGBB, or COLOUR_DEFAULT: the terminal's own foreground or background. */
typedef uint32_t colour;
enum { COLOUR_DEFAULT = 0xff000000u };

struct style {
    colour fg, bg;
    uint8_t attr;
};

struct cell {
    uint32_t glyph; /* Unicode; 0: blank; CELL_COVERED: right half of a wide glyph */
    struct style style;
};
enum { CELL_COVERED = 0xffffffffu };

struct canvas {
    int width, height; /* in cells */
    struct cell *cell; /* (height, width) */
};

struct rect {
    int x, y, width, height;
};

void canvas_init(struct canvas *canvas, int width, int height); /* blank, default colours */
void canvas_release(struct canvas *canvas);
void canvas_resize(struct canvas *canvas, int width, int height); /* blank again */
void canvas_clear(struct canvas *canvas);

extern const struct style style_plain;

static inline struct rect canvas_rect(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas->width, canvas->height};
}
struct rect rect_clip(struct rect inner, struct rect outer); /* width, height >= 0 */
bool rect_has(struct rect rect, int x, int y);

/* One cell, clipped to `clip` and to the canvas. */
void canvas_put(struct canvas *canvas, struct rect clip, int x, int y, uint32_t glyph, struct style style);

/* UTF-8 text from (x, y), clipped; wide glyphs take two cells, a broken byte shows '?'. Returns the column
 * after it (as if it had not been clipped). */
int canvas_text(struct canvas *canvas, struct rect clip, int x, int y, const char *text, struct style style);
/* Ends at the clip's right edge. */
void canvas_text_right(struct canvas *canvas, struct rect clip, int y, const char *text, struct style style);
void canvas_fill(struct canvas *canvas, struct rect rect, uint32_t glyph, struct style style);

/* The canvas as text, trailing blanks cut; if `styles`, "---", one letter a cell for its style ('.' plain)
 * and a key of the letters below: golden files. */
void canvas_dump(const struct canvas *canvas, bool styles, struct strbuf *out);

#endif
