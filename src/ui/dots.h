/* SPDX-License-Identifier: MIT
 *
 * What fits into one cell: braille (2 x 4 dots), quadrants (2 x 2) or one character, by the theme's glyph
 * set. And the ladders of shades. Pure; shared by the plots.
 */
#ifndef NF_UI_DOTS_H
#define NF_UI_DOTS_H

#include "ui/theme.h"

#include <stdint.h>

struct dots {
    int across, down; /* dots a cell */
};
struct dots dots_of(const struct theme *theme);

/* The bit of the dot in column `across`, row `down` of its cell. */
uint8_t dots_bit(const struct theme *theme, int across, int down);
/* The glyph of a set of them; 0 for none. */
uint32_t dots_glyph(const struct theme *theme, uint8_t bits);
/* Bits 1 2 / 4 8. */
uint32_t quadrant_glyph(unsigned bits);

/* 0..1 to a glyph that covers so much of its cell: " .:-=+*#%@", or " ░▒▓█" beyond ASCII; 0 for blank. */
uint32_t shade_glyph(const struct theme *theme, double share);
/* Eighths of a cell filled from below, 0..8; ASCII knows blank, '.', ':' and '#'. */
uint32_t eighth_glyph(const struct theme *theme, int eighths);

#endif
