/* SPDX-License-Identifier: MIT
 *
 * Drawing of numbers in cells: dots in braille, curves, histograms, pictures, scatter. Pure functions onto a
 * canvas; each falls back to blocks or ASCII with the theme's glyph set. One thread.
 */
#ifndef NF_UI_PLOT_H
#define NF_UI_PLOT_H

#include "ui/canvas.h"
#include "ui/theme.h"

#include <stddef.h>

/* One curve of a chart: y over x, ascending x; NaN breaks the line. */
struct curve {
    const float *x, *y;
    size_t n;
    struct style style;
};

/* A horizontal guide: a baseline, chance, the value without learning. */
struct guide {
    float y;
    enum glyph glyph;
    struct style style;
};

struct chart {
    float x_low, x_high, y_low, y_high;
    const char *y_low_text, *y_high_text; /* at the axis; drawn left of it */
    const struct curve *curve;
    size_t n_curves;
    const struct guide *guide;
    size_t n_guides;
    const float *mark; /* (n_marks) x of events, a tick on the lower edge */
    size_t n_marks;
    bool last_alone; /* a cell of the last curve shows nothing of those before: a line over a band */
};
/* Axis and curves into rect; the last curve lies on top. At least 8 x 3 cells or nothing is drawn. */
void plot_chart(struct canvas *canvas, struct rect rect, const struct chart *chart,
                const struct theme *theme);

/* Rows (height, width, channels) in [0, 1] or bytes into a rect of cells: half blocks where there is colour
 * (two colours a cell), quadrants or a shade ladder else; the aspect of the picture is kept (a cell counts 1
 * x 2). */
struct raster {
    int height, width, channels;
    const float *values;  /* or NULL */
    const uint8_t *bytes; /* or NULL */
};
/* Rows of cells that it filled. */
int plot_picture(struct canvas *canvas, struct rect rect, const struct raster *raster,
                 const struct theme *theme);

/* Scatter. */
enum scatter_mode { SCATTER_LETTERS, SCATTER_DOTS, SCATTER_DENSITY, SCATTER_PICTURES };
struct scatter {
    size_t n;
    const float *x, *y;        /* (n) in map units */
    const uint32_t *code;      /* (n) category or UINT32_MAX, or NULL */
    const char *letter;        /* (n_codes) */
    const struct style *style; /* (n_codes) */
    size_t n_codes;
    const uint8_t *hidden;                   /* (n) or NULL: not drawn */
    const uint8_t *raised;                   /* (n) or NULL: drawn last, in bold */
    const uint8_t *picked;                   /* (n) or NULL: selected, its cell is reversed */
    size_t selected;                         /* looked at, shown as [f]; SIZE_MAX: none */
    float x_centre, y_centre, units_per_row; /* the window; a column is half a row wide: equal aspect */
    bool fills;                              /* but the points are drawn over the whole width, */
    float widened;                           /* a unit across so many times as wide; 0: of equal aspect */
};
void plot_scatter(struct canvas *canvas, struct rect rect, const struct scatter *scatter,
                  enum scatter_mode mode, const struct theme *theme);
/* The window that shows every finite point with a small margin. */
void plot_scatter_fit(struct scatter *scatter, struct rect rect);
/* The same, of points whose extent is known. */
struct extent;
void plot_scatter_window(struct scatter *scatter, const struct extent *extent, struct rect rect);
/* cell[i] = row * rect.width + column of point from + i, -1 outside. */
void plot_scatter_cells(const struct scatter *scatter, struct rect rect, size_t from, size_t n,
                        int32_t *cell);
/* Cell of a point, false if outside. */
bool plot_scatter_cell(const struct scatter *scatter, struct rect rect, size_t i, int *x, int *y);
/* The drawn point nearest to a cell, SIZE_MAX if there is none. */
size_t plot_scatter_at(const struct scatter *scatter, struct rect rect, int x, int y);

/* ▁▂▃▄▅▆▇█, one column a bin, into a rect of one or more rows. */
void plot_bars(struct canvas *canvas, struct rect rect, const float *value, size_t n, struct style style,
               const struct theme *theme);
/* ▮▮▮▯▯ for a share 0..1. */
void plot_level(struct canvas *canvas, struct rect rect, int x, int y, int width, double share,
                struct style style, const struct theme *theme);

#endif
