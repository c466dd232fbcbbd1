/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "ui/dots.h"
#include "ui/plot.h"

#include <math.h>
#include <stdlib.h>

struct rgb {
    float c[3]; /* 0..1 */
};

/* A picture shrunk or grown to what a rect of cells can show. */
struct small {
    int width, height;
    struct rgb *pixel; /* (height, width) */
};

static float sample(const struct raster *raster, int row, int column, int channel)
{
    int c = channel < raster->channels ? channel : raster->channels - 1;
    if (raster->channels == 2)
        c = 0; /* grey and opacity */
    size_t at = ((size_t)row * (size_t)raster->width + (size_t)column) * (size_t)raster->channels + (size_t)c;
    float value = raster->values ? raster->values[at] : (float)raster->bytes[at] / 255.0f;
    return value > 0 ? value < 1 ? value : 1 : 0;
}

/* Mean over [x0, x1) x [y0, y1), pixels counted by how much of them lies in it. */
static struct rgb box_mean(const struct raster *raster, float x0, float x1, float y0, float y1)
{
    struct rgb sum = {{0, 0, 0}};
    float weight = 0;
    for (int row = (int)y0; row < raster->height && (float)row < y1; row++)
        for (int column = (int)x0; column < raster->width && (float)column < x1; column++) {
            float across = fminf(x1, (float)column + 1) - fmaxf(x0, (float)column);
            float down = fminf(y1, (float)row + 1) - fmaxf(y0, (float)row);
            for (int c = 0; c < 3; c++)
                sum.c[c] += across * down * sample(raster, row, column, c);
            weight += across * down;
        }
    for (int c = 0; c < 3; c++)
        sum.c[c] /= weight > 0 ? weight : 1;
    return sum;
}

static void shrink(const struct raster *raster, struct small *small)
{
    float sx = (float)raster->width / (float)small->width, sy = (float)raster->height / (float)small->height;
    small->pixel = xcalloc((size_t)small->width * (size_t)small->height, sizeof *small->pixel);
    for (int y = 0; y < small->height; y++)
        for (int x = 0; x < small->width; x++)
            small->pixel[y * small->width + x] =
                box_mean(raster, (float)x * sx, (float)(x + 1) * sx, (float)y * sy, (float)(y + 1) * sy);
}

static float brightness(struct rgb p)
{
    return 0.2126f * p.c[0] + 0.7152f * p.c[1] + 0.0722f * p.c[2];
}

static colour to_colour(struct rgb p)
{
    colour out = 0;
    for (int c = 0; c < 3; c++)
        out = out << 8 | (colour)lrintf(p.c[c] * 255);
    return out;
}

static struct rgb pixel_at(const struct small *small, int x, int y)
{
    return small->pixel[(y < small->height ? y : small->height - 1) * small->width + x];
}

/* Upper half in the foreground, lower half in the background; an odd last row leaves its lower half bare. */
static void draw_halves(struct canvas *canvas, struct rect rect, const struct small *small)
{
    enum { UPPER_HALF = 0x2580, FULL = 0x2588 };
    for (int y = 0; y < small->height; y += 2)
        for (int x = 0; x < small->width; x++) {
            colour upper = to_colour(pixel_at(small, x, y)), lower = to_colour(pixel_at(small, x, y + 1));
            bool bare = y + 1 == small->height;
            struct style style = {upper, bare || upper == lower ? COLOUR_DEFAULT : lower, 0};
            canvas_put(canvas, rect, rect.x + x, rect.y + y / 2, upper == lower && !bare ? FULL : UPPER_HALF,
                       style);
        }
}

/* Halfway between the darkest and the brightest. */
static float middle_brightness(const struct small *small)
{
    float low = 1, high = 0;
    for (int i = 0; i < small->width * small->height; i++) {
        float b = brightness(small->pixel[i]);
        low = fminf(low, b);
        high = fmaxf(high, b);
    }
    return (low + high) / 2;
}

/* Of 16 colours the one that tells the hue of what is lit in a cell: as bright as it goes, grey stays the
 * terminal's own. On a light ground the ink is what is dark, and that has no hue. */
static struct style ink(const struct small *small, int x, int y, unsigned lit, const struct theme *theme)
{
    static const float hueless = 0.2f; /* of its brightest channel */
    struct rgb sum = {{0, 0, 0}};
    struct style style = style_plain;
    for (unsigned i = 0; i < 4; i++)
        for (int c = 0; c < 3 && lit >> i & 1; c++)
            sum.c[c] += pixel_at(small, x + (int)(i & 1), y + (int)(i >> 1)).c[c];
    float high = fmaxf(sum.c[0], fmaxf(sum.c[1], sum.c[2])), low = fminf(sum.c[0], fminf(sum.c[1], sum.c[2]));
    if (theme->depth == DEPTH_MONO || theme->ground == GROUND_LIGHT || high - low <= hueless * high)
        return style;
    for (int c = 0; c < 3; c++)
        sum.c[c] = (sum.c[c] - low) / (high - low);
    style.fg = to_colour(sum);
    return style;
}

static void draw_quadrants(struct canvas *canvas, struct rect rect, const struct small *small,
                           const struct theme *theme)
{
    float middle = middle_brightness(small);
    for (int y = 0; y + 1 < small->height; y += 2)
        for (int x = 0; x + 1 < small->width; x += 2) {
            unsigned bits = 0;
            for (unsigned i = 0; i < 4; i++)
                bits |= (brightness(pixel_at(small, x + (int)(i & 1), y + (int)(i >> 1))) > middle) << i;
            struct style style = ink(small, x, y, bits, theme);
            if (theme->ground == GROUND_LIGHT)
                bits = ~bits; /* ink where it is dark */
            canvas_put(canvas, rect, rect.x + x / 2, rect.y + y / 2, quadrant_glyph(bits), style);
        }
}

/* The same hue as bright as it goes: how dark a pixel is, its glyph says already. */
static struct rgb lit(struct rgb p)
{
    float most = fmaxf(p.c[0], fmaxf(p.c[1], p.c[2]));
    return most > 0 ? (struct rgb){{p.c[0] / most, p.c[1] / most, p.c[2] / most}} : p;
}

static void draw_shades(struct canvas *canvas, struct rect rect, const struct small *small,
                        const struct theme *theme)
{
    for (int y = 0; y < small->height; y++)
        for (int x = 0; x < small->width; x++) {
            struct rgb p = pixel_at(small, x, y);
            float b = theme->ground == GROUND_LIGHT ? 1 - brightness(p) : brightness(p);
            struct style style = style_plain;
            if (theme->depth != DEPTH_MONO)
                style.fg = to_colour(theme->ground == GROUND_LIGHT ? p : lit(p));
            canvas_put(canvas, rect, rect.x + x, rect.y + y, shade_glyph(theme, b), style);
        }
}

/* The largest size in samples with the picture's aspect, `across` samples a cell across and `down` down. */
static void fit(const struct raster *raster, struct rect rect, int across, int down, struct small *small)
{
    float cells_x = (float)raster->width, cells_y = (float)raster->height / 2;
    float scale = fminf((float)rect.width / cells_x, (float)rect.height / cells_y);
    int width = (int)lrintf(cells_x * scale), height = (int)lrintf(cells_y * scale * (float)down);
    small->width = (width < 1 ? 1 : width) * across;
    small->height = height < 1 ? 1 : height;
}

int plot_picture(struct canvas *canvas, struct rect rect, const struct raster *raster,
                 const struct theme *theme)
{
    if (rect.width < 1 || rect.height < 1 || raster->width < 1 || raster->height < 1 || raster->channels < 1)
        return 0;
    struct small small;
    bool shades = theme->glyphs == GLYPHS_ASCII, quadrants = !shades && theme->depth <= DEPTH_16;
    fit(raster, rect, quadrants ? 2 : 1, shades ? 1 : 2, &small);
    if (quadrants)
        small.height += small.height & 1;
    shrink(raster, &small);
    if (shades)
        draw_shades(canvas, rect, &small, theme);
    else if (quadrants)
        draw_quadrants(canvas, rect, &small, theme);
    else
        draw_halves(canvas, rect, &small);
    free(small.pixel);
    return shades ? small.height : (small.height + 1) / 2;
}
