/* SPDX-License-Identifier: MIT
 *
 * Writing into a rect of the canvas: a canvas, a theme and a place that belong together for one draw. x and y
 * are relative to the rect; everything clips. Also the few formats of numbers that all panels share. By
 * value; screen thread.
 */
#ifndef NF_VIEW_PEN_H
#define NF_VIEW_PEN_H

#include "ui/canvas.h"
#include "ui/theme.h"

struct pen {
    struct canvas *canvas;
    const struct theme *theme;
    struct rect rect;
};

struct pen pen_at(const struct pen *pen, struct rect rect);                          /* another place */
struct pen pen_rows(const struct pen *pen, int first, int n);                        /* some rows of it */
int pen_text(const struct pen *pen, int x, int y, enum role role, const char *text); /* the column after */
int pen_printf(const struct pen *pen, int x, int y, enum role role, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int pen_styled(const struct pen *pen, int x, int y, struct style style, const char *text);
void pen_right(const struct pen *pen, int y, enum role role, const char *text);
void pen_ending(const struct pen *pen, int end, int y, enum role role,
                const char *text); /* before column end */
/* In `width` cells, cut where it is longer; the column after. */
int pen_within(const struct pen *pen, int x, int y, int width, enum role role, const char *text);
/* Of some wordings, longest first and ended by NULL, the first that fits beside the left x cells; else the
 * last. */
const char *pen_fitting(const struct pen *pen, int x, const char *const *wording);
int pen_glyph(const struct pen *pen, int x, int y, enum role role, enum glyph glyph);
/* A straight line in the dots of the rect's cells, between two cells' middles: x and y each. */
void pen_line(const struct pen *pen, const int from[2], const int to[2], struct style style);
/* Words wrapped to the rect from row y on; the row after. */
int pen_wrap(const struct pen *pen, int y, enum role role, const char *text);
/* "Space pause   , . step": pairs of key and what it does, keys in their own role; stops where the next pair
 * would not fit. `pairs` alternates key and text and ends with NULL; NULL entries never stand inside. */
void pen_hints(const struct pen *pen, int y, const char *const *pairs, int gap);

/* -2.94 with the theme's minus; "–" where NaN, "not finite" where infinite. */
const char *format_number(const struct theme *theme, double value, int decimals, char text[32]);
/* Infinite, it is one that no score reaches: "above 1". */
const char *format_threshold(const struct theme *theme, double threshold, int decimals, char text[32]);
/* 96 for 0.96, 0.3 for 0.003, "–" where not known. */
const char *format_percent(const struct theme *theme, double share, char text[32]);
/* "12 400". */
const char *format_count(unsigned long long n, char text[32]);

#endif
