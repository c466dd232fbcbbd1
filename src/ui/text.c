/* SPDX-License-Identifier: MIT */
#include "ui/text.h"

#include "base/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct range {
    uint32_t first, last;
};

/* Unicode 15, East_Asian_Width W and F and Emoji_Presentation, neighbours joined where nothing lies between.
 */
static const struct range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},   {0x23f0, 0x23f0},
    {0x23f3, 0x23f3},   {0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267f, 0x267f},
    {0x2693, 0x2693},   {0x26a1, 0x26a1},   {0x26aa, 0x26ab},   {0x26bd, 0x26be},   {0x26c4, 0x26c5},
    {0x26ce, 0x26ce},   {0x26d4, 0x26d4},   {0x26ea, 0x26ea},   {0x26f2, 0x26f3},   {0x26f5, 0x26f5},
    {0x26fa, 0x26fa},   {0x26fd, 0x26fd},   {0x2705, 0x2705},   {0x270a, 0x270b},   {0x2728, 0x2728},
    {0x274c, 0x274c},   {0x274e, 0x274e},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27b0, 0x27b0},   {0x27bf, 0x27bf},   {0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},   {0x2b55, 0x2b55},
    {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
    {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f200, 0x1f320},
    {0x1f32d, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff},
    {0x20000, 0x3fffd}};

/* Combining marks of the scripts in wide use, joiners, variation selectors, marks of direction. */
static const struct range invisible[] = {
    {0x00ad, 0x00ad},  {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf},
    {0x05c1, 0x05c2},  {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x0900, 0x0902},
    {0x093c, 0x093c},  {0x0941, 0x0948}, {0x094d, 0x094d}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a},
    {0x0e47, 0x0e4e},  {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x206f},  {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
    {0xe0001, 0xe01ef}};

static bool in_ranges(const struct range *ranges, size_t n, uint32_t glyph)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (glyph > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && glyph >= ranges[low].first;
}

int glyph_width(uint32_t glyph)
{
    bool drawn_with = (glyph >= 0x2500 && glyph < 0x25fd) || (glyph >= 0x2800 && glyph < 0x2900);
    if (glyph < 0xad || drawn_with)
        return 1;
    if (in_ranges(invisible, ARRAY_LEN(invisible), glyph))
        return 0;
    return in_ranges(wide, ARRAY_LEN(wide), glyph) ? 2 : 1;
}

enum { ELLIPSIS = 0x2026 };

/* Bytes of a sequence by its first byte, 0 if none starts so. */
static int sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool shown(uint32_t glyph, int length)
{
    static const uint32_t least[5] = {0, 0x20, 0x80, 0x800, 0x10000};
    bool control = glyph >= 0x7f && glyph < 0xa0;
    bool surrogate = glyph >= 0xd800 && glyph < 0xe000;
    return glyph >= least[length] && glyph <= 0x10ffff && !control && !surrogate;
}

uint32_t text_next(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    if (*p == 0)
        return 0;
    int length = sequence_length(*p);
    uint32_t glyph = length < 2 ? *p : *p & (0x7fu >> length);
    int have = 1;
    while (have < length && (p[have] & 0xc0) == 0x80)
        glyph = glyph << 6 | (p[have++] & 0x3fu);
    if (have < length) { /* foreign text is clean when it comes in (base/strbuf): a cut of our own */
        *text += have;
        return ELLIPSIS;
    }
    bool good = length > 0 && shown(glyph, length);
    *text += good ? length : 1;
    return good ? glyph : '?';
}

size_t glyph_to_utf8(uint32_t glyph, char bytes[5])
{
    size_t n = glyph < 0x80 ? 1 : glyph < 0x800 ? 2 : glyph < 0x10000 ? 3 : 4;
    static const unsigned char lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; glyph >>= 6)
        bytes[i] = (char)(0x80 | (glyph & 0x3f));
    bytes[0] = (char)(lead[n] | glyph);
    bytes[n] = '\0';
    return n;
}

int text_width(const char *text)
{
    int width = 0;
    for (uint32_t glyph; (glyph = text_next(&text));)
        width += glyph_width(glyph);
    return width;
}

const char *text_column(const char *text, int width, char *to, size_t size)
{
    int most = width < 0 ? -width : width, gap = most - text_width(text), used = 0;
    CHECK(size > 4 * (size_t)most);
    char *at = to;
    for (int i = 0; i < gap && width > 0; i++)
        *at++ = ' ';
    for (uint32_t glyph; (glyph = text_next(&text)) && (gap >= 0 || used + glyph_width(glyph) < most);
         used += glyph_width(glyph))
        if ((size_t)(at - to) + 8 < size) /* any number of marks may stand on one character */
            at += glyph_to_utf8(glyph, at);
    if (gap < 0) {
        at += glyph_to_utf8(ELLIPSIS, at);
        used++;
    }
    for (; width < 0 && used < most; used++)
        *at++ = ' ';
    *at = '\0';
    return to;
}

const char *text_list(const char *list, int width, char *to, size_t size)
{
    int parts = *list != '\0', have = 0;
    for (const char *at = list; (at = strstr(at, "; ")); at += 2)
        parts++;
    to[0] = '\0';
    for (const char *end = list; have < parts; end += 2) {
        char more[16] = "", text[512];
        end += strcspn(end, ";");
        if (++have < parts)
            snprintf(more, sizeof more, " +%d", parts - have);
        snprintf(text, sizeof text, "%.*s%s", (int)(end - list), list, more);
        if (text_width(text) > width || strlen(text) >= size)
            break;
        snprintf(to, size, "%s", text);
    }
    return to;
}
