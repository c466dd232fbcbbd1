/* SPDX-License-Identifier: MIT
 *
 * From a canvas to the bytes that make a terminal show it: only cells that changed, only attributes that
 * changed, the shorter way to the next cell. Knows what the terminal shows and the few ANSI codes every
 * terminal since the VT100 shares (cursor, erase to the end of the line, attributes); touches no terminal.
 * Owner: term_curses; one thread.
 */
#ifndef NF_UI_FRAME_H
#define NF_UI_FRAME_H

#include "base/strbuf.h"
#include "ui/canvas.h"
#include "ui/theme.h"

/* Colours and attributes as the terminal gets them. */
struct pen {
    int32_t fg, bg; /* -1: default; 0..255: palette; PEN_RGB | 0xRRGGBB */
    uint8_t attr;
};
enum { PEN_DEFAULT = -1, PEN_RGB = 1 << 24 };

struct shown_cell {
    uint32_t glyph; /* ' ' for blank; CELL_COVERED; 0: nobody knows */
    struct pen pen;
};

struct frame {
    /* the terminal's abilities; may change between frames */
    enum depth depth;
    int colours; /* 8: bright ones by boldness; else as depth says */
    bool utf8;   /* else bytes above 126 become ASCII */
    bool narrow; /* of Unicode only Latin-1: the rest becomes ASCII */
    /* what it shows */
    int width, height;
    struct shown_cell *shown; /* (height, width) */
    struct pen pen;
    int x, y;     /* cursor; x < 0: not known */
    int next_row; /* where a frame that was cut goes on */
    struct style last_style;
    struct pen last_pen; /* of last_style, if last_known */
    bool last_known;
};

void frame_init(struct frame *frame);
void frame_release(struct frame *frame);
/* The next write clears the screen and sends everything. */
void frame_forget(struct frame *frame);

/* Adds what is needed to `out`, nothing if nothing changed. False if it stopped at about `budget` bytes: the
 * rest comes with the next call, rows in turn. */
bool frame_write(struct frame *frame, const struct canvas *canvas, size_t budget, struct strbuf *out);

#endif
