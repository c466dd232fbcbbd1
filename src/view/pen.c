/* SPDX-License-Identifier: MIT */
#include "view/pen.h"

#include "base/check.h"
#include "ui/dots.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct pen pen_at(const struct pen *pen, struct rect rect)
{
    return (struct pen){pen->canvas, pen->theme, rect};
}

struct pen pen_rows(const struct pen *pen, int first, int n)
{
    struct rect r = {pen->rect.x, pen->rect.y + first, pen->rect.width, n};
    return pen_at(pen, rect_clip(r, pen->rect));
}

/* What our own words use beyond ASCII, and how it reads without. */
static const struct {
    const char *unicode, *ascii;
} plain_words[] = {{"←→", "<>"}, {"·", "-"},  {"–", "-"}, {"−", "-"}, {"…", "~"},    {"→", "->"},
                   {"×", "x"},   {"±", "+-"}, {"●", "*"}, {"○", "o"}, {"▲", "^"},    {"▼", "v"},
                   {"←", "<"},   {"↑", "^"},  {"↓", "v"}, {"²", "2"}, {"°", " deg"}, {"′", "'"}};

/* The entry that the text begins with, -1. */
static int plain_word(const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(plain_words); i++)
        if (strncmp(text, plain_words[i].unicode, strlen(plain_words[i].unicode)) == 0)
            return (int)i;
    return -1;
}

static void to_ascii(const char *text, char *to, size_t size)
{
    size_t used = 0;
    while (*text && used + 6 < size) {
        int word = plain_word(text);
        if (word >= 0) {
            used += (size_t)snprintf(to + used, size - used, "%s", plain_words[word].ascii);
            text += strlen(plain_words[word].unicode);
        } else {
            uint32_t glyph = text_next(&text);
            to[used++] = (char)(glyph < 127 ? glyph : '?');
        }
    }
    to[used] = '\0';
}

int pen_styled(const struct pen *pen, int x, int y, struct style style, const char *text)
{
    char ascii[640];
    if (pen->theme->glyphs == GLYPHS_ASCII) {
        to_ascii(text, ascii, sizeof ascii);
        text = ascii;
    }
    struct rect all = pen->rect, but_one = {all.x, all.y, all.width - 1, all.height};
    int room = all.width - x;
    if (room < 1 || text_width(text) <= room)
        return canvas_text(pen->canvas, all, all.x + x, all.y + y, text, style) - all.x;
    canvas_text(pen->canvas, but_one, all.x + x, all.y + y, text, style);
    canvas_put(pen->canvas, all, all.x + all.width - 1, all.y + y, theme_glyph(pen->theme, GLYPH_ELLIPSIS),
               style);
    return all.width;
}

int pen_text(const struct pen *pen, int x, int y, enum role role, const char *text)
{
    return pen_styled(pen, x, y, theme_style(pen->theme, role), text);
}

int pen_printf(const struct pen *pen, int x, int y, enum role role, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return pen_text(pen, x, y, role, text);
}

void pen_right(const struct pen *pen, int y, enum role role, const char *text)
{
    int x = pen->rect.width - text_width(text);
    pen_text(pen, x > 0 ? x : 0, y, role, text);
}

void pen_ending(const struct pen *pen, int end, int y, enum role role, const char *text)
{
    pen_text(pen, end - text_width(text), y, role, text);
}

int pen_within(const struct pen *pen, int x, int y, int width, enum role role, const char *text)
{
    struct pen place = pen_at(pen, (struct rect){pen->rect.x + x, pen->rect.y, width, pen->rect.height});
    return x + pen_text(&place, 0, y, role, text);
}

const char *pen_fitting(const struct pen *pen, int x, const char *const *wording)
{
    while (wording[1] && x + text_width(wording[0]) > pen->rect.width)
        wording++;
    return wording[0];
}

int pen_glyph(const struct pen *pen, int x, int y, enum role role, enum glyph glyph)
{
    return pen_text(pen, x, y, role, theme_glyph_text(pen->theme, glyph));
}

/* Bytes of the longest start of text that fits in `width` cells and ends at a word's end; at least one byte.
 */
static size_t line_length(const char *text, int width)
{
    size_t best = 0;
    int used = 0;
    for (const char *at = text; *at;) {
        if (*at == ' ')
            best = (size_t)(at - text);
        const char *next = at;
        used += glyph_width(text_next(&next));
        if (used > width)
            return best ? best : (at > text ? (size_t)(at - text) : 1);
        at = next;
    }
    return strlen(text);
}

int pen_wrap(const struct pen *pen, int y, enum role role, const char *text)
{
    while (*text && pen->rect.width > 0) {
        size_t n = line_length(text, pen->rect.width);
        bool last = y == pen->rect.height - 1; /* what does not fit is cut there, which shows */
        pen_printf(pen, 0, y++, role, "%.*s", last ? (int)strlen(text) : (int)n, text);
        text += n;
        while (*text == ' ')
            text++;
    }
    return y;
}

void pen_hints(const struct pen *pen, int y, const char *const *pairs, int gap)
{
    int x = 1;
    for (; pairs[0]; pairs += 2) {
        int width = text_width(pairs[0]) + 1 + text_width(pairs[1]);
        if (x + width > pen->rect.width)
            continue;
        x = pen_text(pen, x, y, ROLE_KEY, pairs[0]) + 1;
        x = pen_text(pen, x, y, ROLE_QUIET, pairs[1]) + gap;
    }
}

/* The hyphen that printf writes becomes the theme's minus. */
static const char *with_minus(const struct theme *theme, char text[32])
{
    if (text[0] == '-') {
        char rest[32];
        memcpy(rest, text, 32);
        snprintf(text, 32, "%s%.24s", theme_glyph_text(theme, GLYPH_MINUS), rest + 1);
    }
    return text;
}

const char *format_number(const struct theme *theme, double value, int decimals, char text[32])
{
    if (isnan(value))
        snprintf(text, 32, "%s", theme->glyphs == GLYPHS_ASCII ? "-" : "–");
    else if (isinf(value))
        snprintf(text, 32, "not finite");
    else if (fabs(value) >= 1e7)
        snprintf(text, 32, "%.2e", value);
    else
        snprintf(text, 32, "%.*f", decimals, value);
    return isfinite(value) ? with_minus(theme, text) : text;
}

const char *format_threshold(const struct theme *theme, double threshold, int decimals, char text[32])
{
    if (!isinf(threshold))
        return format_number(theme, threshold, decimals, text);
    snprintf(text, 32, "above 1");
    return text;
}

const char *format_percent(const struct theme *theme, double share, char text[32])
{
    bool small = share > 0 && share < 0.005; /* "0" would say none */
    return format_number(theme, small ? 100 * share : round(100 * share), small, text); /* halves up */
}

const char *format_count(unsigned long long n, char text[32])
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%llu", n), to = 0;
    for (int i = 0; i < length && to < 30; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[to++] = ' ';
        text[to++] = digits[i];
    }
    text[to] = '\0';
    return text;
}

void pen_line(const struct pen *pen, const int from[2], const int to[2], struct style style)
{
    struct dots dots = dots_of(pen->theme);
    double x0 = (from[0] + 0.5) * dots.across, y0 = (from[1] + 0.5) * dots.down;
    double x1 = (to[0] + 0.5) * dots.across, y1 = (to[1] + 0.5) * dots.down;
    int steps = (int)fmax(fabs(x1 - x0), fabs(y1 - y0));
    int cell_x = -1, cell_y = -1;
    uint8_t bits = 0;
    for (int i = 0; i <= steps; i++) {
        double share = steps ? (double)i / steps : 0;
        int x = (int)(x0 + share * (x1 - x0)), y = (int)(y0 + share * (y1 - y0));
        if (x / dots.across != cell_x || y / dots.down != cell_y)
            bits = 0;
        cell_x = x / dots.across;
        cell_y = y / dots.down;
        bits |= dots_bit(pen->theme, x % dots.across, y % dots.down);
        canvas_put(pen->canvas, pen->rect, pen->rect.x + cell_x, pen->rect.y + cell_y,
                   dots_glyph(pen->theme, bits), style);
    }
}
