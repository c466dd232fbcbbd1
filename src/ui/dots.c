/* SPDX-License-Identifier: MIT */
#include "ui/dots.h"

#include "base/check.h"

struct dots dots_of(const struct theme *theme)
{
    static const struct dots dots[] = {
        [GLYPHS_ASCII] = {1, 1}, [GLYPHS_BLOCKS] = {2, 2}, [GLYPHS_BRAILLE] = {2, 4}};
    return dots[theme->glyphs];
}

uint8_t dots_bit(const struct theme *theme, int across, int down)
{
    static const uint8_t braille[4][2] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    if (theme->glyphs == GLYPHS_BRAILLE)
        return braille[down & 3][across & 1];
    return (uint8_t)(1 << ((down & 1) * 2 + (across & 1)));
}

uint32_t quadrant_glyph(unsigned bits)
{
    static const uint16_t quadrants[16] = {0,      0x2598, 0x259d, 0x2580, 0x2596, 0x258c, 0x259e, 0x259b,
                                           0x2597, 0x259a, 0x2590, 0x259c, 0x2584, 0x2599, 0x259f, 0x2588};
    return quadrants[bits & 15];
}

uint32_t dots_glyph(const struct theme *theme, uint8_t bits)
{
    if (bits == 0)
        return 0;
    if (theme->glyphs == GLYPHS_BRAILLE)
        return 0x2800u + bits;
    return theme->glyphs == GLYPHS_BLOCKS ? quadrant_glyph(bits) : '*';
}

uint32_t shade_glyph(const struct theme *theme, double share)
{
    static const uint32_t ascii[] = {0, '.', ':', '-', '=', '+', '*', '#', '%', '@'};
    static const uint32_t blocks[] = {0, 0x2591, 0x2592, 0x2593, 0x2588};
    bool plain = theme->glyphs == GLYPHS_ASCII;
    size_t n = plain ? ARRAY_LEN(ascii) : ARRAY_LEN(blocks);
    double at = share > 0 ? share < 1 ? share * (double)n : (double)(n - 1) : 0;
    return plain ? ascii[(size_t)at] : blocks[(size_t)at];
}

uint32_t eighth_glyph(const struct theme *theme, int eighths)
{
    static const uint32_t ascii[9] = {0, '.', '.', ':', ':', ':', '#', '#', '#'};
    int filled = eighths < 0 ? 0 : eighths > 8 ? 8 : eighths;
    if (theme->glyphs == GLYPHS_ASCII)
        return ascii[filled];
    return filled ? 0x2580u + (uint32_t)filled : 0;
}
