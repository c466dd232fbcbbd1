/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "ui/dots.h"
#include "ui/grid.h"
#include "ui/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 1024,         /* points a pass: their places stay in the nearest cache */
    PICKED_WEIGHT = 1024, /* a picked point beats the raised ones of its cell */
    SLOTS_MAX = 64,       /* codes counted one by one; those beyond share the last slot */
    DENSITY_STEPS = 8     /* colours of the ramp: few, so that a frame stays small */
};

/* What a pass over the points leaves behind. Cells are the rect's; a place is a dot of a cell. */
struct tally {
    const struct scatter *scatter;
    const struct theme *theme;
    struct rect rect;
    struct dots dots;
    size_t slots;    /* n_codes and one for points without a code, at most SLOTS_MAX */
    uint32_t *count; /* (cells, slots) */
    uint32_t
        *raised; /* (cells, slots) those that decide how a cell looks; NULL without raised or picked points */
    uint8_t *bits;   /* (cells) */
    uint8_t *picked; /* (cells) 1 where one of the points is picked, NULL without picked points */
    uint32_t *place; /* (cells, dots a cell) points a dot: density only, else NULL */
    uint8_t bit_of_dot[8];
};

static int log_of(int dots)
{
    return dots == 4 ? 2 : dots == 2 ? 1 : 0;
}

static struct grid grid_of(const struct scatter *scatter, struct rect rect, struct dots dots)
{
    float row = scatter->units_per_row, column = row / 2 / (scatter->widened > 0 ? scatter->widened : 1);
    return (struct grid){.left = scatter->x_centre - column * (float)rect.width / 2,
                         .top = scatter->y_centre + row * (float)rect.height / 2,
                         .columns_per_unit = 1 / column,
                         .rows_per_unit = 1 / row,
                         .width = rect.width,
                         .height = rect.height,
                         .log_across = log_of(dots.across),
                         .log_down = log_of(dots.down)};
}

static size_t slot_of(const struct tally *tally, size_t i)
{
    const struct scatter *scatter = tally->scatter;
    size_t code = scatter->code ? scatter->code[i] : UINT32_MAX;
    return code < tally->slots - 1 ? code : tally->slots - 1;
}

static void count_mark(struct tally *tally, size_t i, size_t cell, uint8_t dot)
{
    const struct scatter *scatter = tally->scatter;
    size_t slot = cell * tally->slots + slot_of(tally, i);
    tally->bits[cell] |= tally->bit_of_dot[dot];
    tally->count[slot]++;
    if (!tally->raised)
        return;
    tally->raised[slot] += scatter->raised && scatter->raised[i];
    tally->raised[slot] += scatter->picked && scatter->picked[i] ? PICKED_WEIGHT : 0;
}

static void count_point(struct tally *tally, size_t i, size_t cell, uint8_t dot)
{
    size_t a_cell = (size_t)tally->dots.across * (size_t)tally->dots.down;
    if (tally->place)
        tally->place[cell * a_cell + dot]++;
    else
        count_mark(tally, i, cell, dot);
    if (tally->picked)
        tally->picked[cell] |= tally->scatter->picked[i];
}

static void count_points(struct tally *tally)
{
    const struct scatter *scatter = tally->scatter;
    struct grid grid = grid_of(scatter, tally->rect, tally->dots);
    CHECK(tally->place || (tally->bits && tally->count));
    int32_t cell[BLOCK];
    uint8_t dot[BLOCK];
    for (size_t at = 0; at < scatter->n; at += BLOCK) {
        size_t n = scatter->n - at < BLOCK ? scatter->n - at : BLOCK;
        grid_cells(&grid, scatter->x + at, scatter->y + at, n, cell, dot);
        for (size_t i = 0; i < n; i++) {
            if (cell[i] < 0 || (scatter->hidden && scatter->hidden[at + i]))
                continue;
            count_point(tally, at + i, (size_t)cell[i], dot[i]);
        }
    }
}

static uint32_t total_of(const uint32_t *count, size_t slots)
{
    uint32_t total = 0;
    for (size_t s = 0; s < slots; s++)
        total += count[s];
    return total;
}

static size_t majority_of(const uint32_t *count, size_t slots)
{
    size_t best = 0;
    for (size_t s = 1; s < slots; s++)
        if (count[s] > count[best])
            best = s;
    return best;
}

/* A slot with the odds of its share of the cell, the same at every draw: rare classes keep their part of the
 * map, and nothing flickers while counts are steady. */
static size_t mixed_of(const uint32_t *count, size_t slots, int x, int y)
{
    uint32_t hash = (uint32_t)x * 0x9e3779b1u ^ (uint32_t)y * 0x85ebca77u;
    hash = (hash ^ hash >> 15) * 0x2c1b3c6du;
    hash ^= hash >> 13;
    uint64_t pick = (uint64_t)hash * total_of(count, slots) >> 32;
    size_t s = 0;
    while (s + 1 < slots && pick >= count[s])
        pick -= count[s++];
    return s;
}

static struct style slot_style(const struct tally *tally, size_t slot)
{
    const struct scatter *scatter = tally->scatter;
    return slot < scatter->n_codes && scatter->style ? scatter->style[slot]
                                                     : theme_style(tally->theme, ROLE_TEXT);
}

static uint32_t slot_letter(const struct tally *tally, size_t slot)
{
    const struct scatter *scatter = tally->scatter;
    if (slot < scatter->n_codes && scatter->letter)
        return (unsigned char)scatter->letter[slot];
    return theme_glyph(tally->theme, GLYPH_DOT);
}

/* Picked cells stand out without colour too. */
static struct style picked_style(const struct tally *tally, size_t cell, struct style style)
{
    if (tally->picked && tally->picked[cell])
        style.attr = (uint8_t)((style.attr | ATTR_REVERSE) & ~ATTR_DIM);
    return style;
}

/* The counts that decide how a cell looks: of the raised points where there are any. */
static const uint32_t *deciding(const struct tally *tally, size_t cell, bool *raised)
{
    const uint32_t *high = tally->raised ? tally->raised + cell * tally->slots : NULL;
    *raised = high && total_of(high, tally->slots) > 0;
    return *raised ? high : tally->count + cell * tally->slots;
}

static void draw_letter(struct canvas *canvas, const struct tally *tally, size_t cell, int x, int y)
{
    bool raised;
    const uint32_t *count = deciding(tally, cell, &raised);
    size_t slot = majority_of(count, tally->slots);
    struct style style = slot_style(tally, slot);
    if (total_of(tally->count + cell * tally->slots, tally->slots) > 1)
        style.attr = (uint8_t)((style.attr | ATTR_BOLD) & ~ATTR_DIM);
    if (raised && !(tally->picked && tally->picked[cell]))
        style.attr = (uint8_t)((style.attr | ATTR_BOLD | ATTR_UNDERLINE) & ~ATTR_DIM);
    canvas_put(canvas, tally->rect, x, y, slot_letter(tally, slot), picked_style(tally, cell, style));
}

static void draw_dots(struct canvas *canvas, const struct tally *tally, size_t cell, int x, int y)
{
    bool raised;
    const uint32_t *count = deciding(tally, cell, &raised);
    struct style style =
        slot_style(tally, mixed_of(count, tally->slots, x - tally->rect.x, y - tally->rect.y));
    if (raised)
        style.attr |= ATTR_BOLD;
    canvas_put(canvas, tally->rect, x, y, dots_glyph(tally->theme, tally->bits[cell]),
               picked_style(tally, cell, style));
}

static void draw_cells(struct canvas *canvas, const struct tally *tally,
                       void (*draw)(struct canvas *, const struct tally *, size_t, int, int))
{
    struct rect rect = tally->rect;
    for (int y = 0; y < rect.height; y++)
        for (int x = 0; x < rect.width; x++) {
            size_t cell = (size_t)y * (size_t)rect.width + (size_t)x;
            if (tally->bits[cell])
                draw(canvas, tally, cell, rect.x + x, rect.y + y);
        }
}

/* How many points make the last step of the ramp: 99.5 % of the places that have any hold no more, rounded up
 * to a power of two so that the ramp does not breathe while points move. */
static double ramp_top(const uint32_t *place, size_t n)
{
    size_t with_log[33] = {0}, used = 0, below = 0;
    for (size_t i = 0; i < n; i++)
        if (place[i]) {
            with_log[(size_t)ceil(log2(place[i]))]++;
            used++;
        }
    double top = 0;
    while (top < 32 && (below += with_log[(size_t)top]) * 200 < used * 199)
        top++;
    return top > 1 ? top : 1;
}

static double density_share(uint32_t count, double top)
{
    double share = fmin(log2(1.0 + count) / (top + 1), 1);
    return ceil(share * DENSITY_STEPS) / DENSITY_STEPS;
}

static colour density_colour(const struct theme *theme, uint32_t count, double top)
{
    return count ? theme_ramp(theme, density_share(count, top)) : COLOUR_DEFAULT;
}

static void draw_density_halves(struct canvas *canvas, const struct tally *tally, double top)
{
    enum { UPPER = 0x2580, LOWER = 0x2584, FULL = 0x2588 };
    struct rect rect = tally->rect;
    for (int i = 0; i < rect.width * rect.height; i++) {
        int x = i % rect.width, y = i / rect.width;
        const uint32_t *pair = tally->place + (size_t)i * 2;
        colour upper = density_colour(tally->theme, pair[0], top);
        colour lower = density_colour(tally->theme, pair[1], top);
        if (upper == COLOUR_DEFAULT && lower == COLOUR_DEFAULT)
            continue;
        uint32_t glyph = upper == lower ? FULL : upper == COLOUR_DEFAULT ? LOWER : UPPER;
        struct style style = {upper, lower, 0};
        if (glyph != UPPER)
            style = (struct style){lower, COLOUR_DEFAULT, 0};
        canvas_put(canvas, rect, rect.x + x, rect.y + y, glyph, style);
    }
}

static void draw_density_shades(struct canvas *canvas, const struct tally *tally, double top)
{
    struct rect rect = tally->rect;
    for (int i = 0; i < rect.width * rect.height; i++) {
        if (!tally->place[i])
            continue;
        struct style style = style_plain;
        if (tally->theme->depth >= DEPTH_256)
            style.fg = density_colour(tally->theme, tally->place[i], top);
        canvas_put(canvas, rect, rect.x + i % rect.width, rect.y + i / rect.width,
                   shade_glyph(tally->theme, density_share(tally->place[i], top) * 0.999), style);
    }
}

/* On the ramp a mark of its own says where picked points are. */
static void draw_picked(struct canvas *canvas, const struct tally *tally)
{
    struct rect rect = tally->rect;
    struct style style = theme_style(tally->theme, ROLE_ACCENT);
    style.attr |= ATTR_REVERSE;
    for (int i = 0; i < rect.width * rect.height; i++)
        if (tally->picked[i])
            canvas_put(canvas, rect, rect.x + i % rect.width, rect.y + i / rect.width,
                       theme_glyph(tally->theme, GLYPH_DOT), style);
}

static void draw_density(struct canvas *canvas, struct tally *tally)
{
    bool halves = tally->theme->glyphs != GLYPHS_ASCII && tally->theme->depth >= DEPTH_256;
    tally->dots = (struct dots){1, halves ? 2 : 1};
    size_t places = (size_t)tally->rect.width * (size_t)tally->rect.height * (halves ? 2 : 1);
    tally->place = xcalloc(places, sizeof *tally->place);
    count_points(tally);
    double top = ramp_top(tally->place, places);
    if (halves)
        draw_density_halves(canvas, tally, top);
    else
        draw_density_shades(canvas, tally, top);
    if (tally->picked)
        draw_picked(canvas, tally);
    free(tally->place);
}

static void draw_marks(struct canvas *canvas, struct tally *tally, bool letters)
{
    size_t cells = (size_t)tally->rect.width * (size_t)tally->rect.height;
    tally->dots = letters ? (struct dots){1, 1} : dots_of(tally->theme);
    for (int d = 0; d < tally->dots.across * tally->dots.down; d++)
        tally->bit_of_dot[d] = dots_bit(tally->theme, d % tally->dots.across, d / tally->dots.across);
    tally->bits = xcalloc(cells, sizeof *tally->bits);
    tally->count = xcalloc(cells * tally->slots, sizeof *tally->count);
    if (tally->scatter->raised || tally->scatter->picked)
        tally->raised = xcalloc(cells * tally->slots, sizeof *tally->raised);
    count_points(tally);
    draw_cells(canvas, tally, letters ? draw_letter : draw_dots);
    free(tally->bits);
    free(tally->count);
    free(tally->raised);
}

/* The selected item as [f], over whatever is there. */
static void draw_selected(struct canvas *canvas, const struct tally *tally)
{
    const struct scatter *scatter = tally->scatter;
    int x, y;
    if (scatter->selected >= scatter->n ||
        !plot_scatter_cell(scatter, tally->rect, scatter->selected, &x, &y))
        return;
    size_t slot = slot_of(tally, scatter->selected);
    struct style style = slot_style(tally, slot), accent = theme_style(tally->theme, ROLE_ACCENT);
    style.attr = (uint8_t)((style.attr | ATTR_BOLD) & ~ATTR_DIM);
    canvas_put(canvas, tally->rect, x - 1, y, '[', accent);
    canvas_put(canvas, tally->rect, x, y, slot_letter(tally, slot), style);
    canvas_put(canvas, tally->rect, x + 1, y, ']', accent);
}

void plot_scatter(struct canvas *canvas, struct rect rect, const struct scatter *scatter,
                  enum scatter_mode mode, const struct theme *theme)
{
    if (rect.width < 1 || rect.height < 1 || !(scatter->units_per_row > 0))
        return;
    struct tally tally = {.scatter = scatter, .theme = theme, .rect = rect};
    tally.slots = scatter->n_codes + 1 < SLOTS_MAX ? scatter->n_codes + 1 : SLOTS_MAX;
    /* where colour cannot tell the codes apart, letters must */
    bool letters = mode == SCATTER_LETTERS || mode == SCATTER_PICTURES || theme->glyphs == GLYPHS_ASCII ||
                   (theme->depth == DEPTH_MONO && scatter->code);
    if (scatter->picked)
        tally.picked = xcalloc((size_t)rect.width * (size_t)rect.height, 1);
    if (mode == SCATTER_DENSITY)
        draw_density(canvas, &tally);
    else
        draw_marks(canvas, &tally, letters);
    free(tally.picked);
    draw_selected(canvas, &tally);
}

void plot_scatter_fit(struct scatter *scatter, struct rect rect)
{
    struct extent extent = grid_extent(scatter->x, scatter->y, scatter->n);
    plot_scatter_window(scatter, &extent, rect);
}

void plot_scatter_window(struct scatter *scatter, const struct extent *extent, struct rect rect)
{
    struct extent e = *extent;
    scatter->x_centre = scatter->y_centre = 0;
    scatter->units_per_row = 1;
    if (!(e.x_low <= e.x_high))
        return;
    scatter->x_centre = e.x_low / 2 + e.x_high / 2;
    scatter->y_centre = e.y_low / 2 + e.y_high / 2;
    /* a column stays free on either side for the brackets, and the last point is inside its cell */
    float columns = fmaxf((float)rect.width - 2.5f, 1), rows = fmaxf((float)rect.height - 0.5f, 0.5f);
    float units = fmaxf((e.x_high - e.x_low) / columns * 2, (e.y_high - e.y_low) / rows);
    if (units > 0 && isfinite(units))
        scatter->units_per_row = units;
    float wide = e.x_high - e.x_low;
    scatter->widened = scatter->fills && wide > 0 ? columns * scatter->units_per_row / 2 / wide : 0;
    if (!isfinite(scatter->widened))
        scatter->widened = 0;
}

void plot_scatter_cells(const struct scatter *scatter, struct rect rect, size_t from, size_t n, int32_t *cell)
{
    struct grid grid = grid_of(scatter, rect, (struct dots){1, 1});
    uint8_t dot[BLOCK];
    for (size_t at = 0; at < n; at += BLOCK) {
        size_t some = n - at < BLOCK ? n - at : BLOCK;
        grid_cells(&grid, scatter->x + from + at, scatter->y + from + at, some, cell + at, dot);
    }
}

bool plot_scatter_cell(const struct scatter *scatter, struct rect rect, size_t i, int *x, int *y)
{
    int32_t cell;
    plot_scatter_cells(scatter, rect, i, 1, &cell);
    if (cell < 0)
        return false;
    *x = rect.x + cell % rect.width;
    *y = rect.y + cell / rect.width;
    return true;
}

size_t plot_scatter_at(const struct scatter *scatter, struct rect rect, int x, int y)
{
    struct grid grid = grid_of(scatter, rect, (struct dots){1, 1});
    float u = (float)(x - rect.x) + 0.5f, v = (float)(y - rect.y) + 0.5f, best = INFINITY;
    size_t nearest = SIZE_MAX;
    for (size_t i = 0; i < scatter->n; i++) {
        float column = (scatter->x[i] - grid.left) * grid.columns_per_unit;
        float row = (grid.top - scatter->y[i]) * grid.rows_per_unit;
        bool drawn = column >= 0 && column < (float)grid.width && row >= 0 && row < (float)grid.height &&
                     !(scatter->hidden && scatter->hidden[i]);
        float across = (column - u) / 2, down = row - v;
        if (drawn && across * across + down * down < best) {
            best = across * across + down * down;
            nearest = i;
        }
    }
    return nearest;
}
