/* SPDX-License-Identifier: MIT
 *
 * Colours, letters and glyphs: what a role looks like on a light or a dark ground, with or without colour,
 * with or without Unicode. Seven category colours safe for colour-blind eyes (after Okabe & Ito 2008),
 * cividis for ramps. Const.
 */
#ifndef NF_UI_THEME_H
#define NF_UI_THEME_H

#include "ui/canvas.h"

#include <stddef.h>

enum ground { GROUND_DARK, GROUND_LIGHT };
enum depth { DEPTH_MONO, DEPTH_16, DEPTH_256, DEPTH_TRUE };
enum glyph_set { GLYPHS_ASCII, GLYPHS_BLOCKS, GLYPHS_BRAILLE };

enum role {
    ROLE_TEXT,
    ROLE_QUIET,  /* secondary text, frames, axes: dim */
    ROLE_STRONG, /* headline values */
    ROLE_ACCENT, /* the one accent: selection, current tab, what a key would do */
    ROLE_GOOD,
    ROLE_BAD,
    ROLE_WARN,    /* never by colour alone: a sign stands beside */
    ROLE_EARLIER, /* curves of earlier runs */
    ROLE_KEY,     /* a key in a hint */
    ROLE_COUNT
};

struct theme {
    enum ground ground;
    enum depth depth;
    enum glyph_set glyphs;
};

struct style theme_style(const struct theme *theme, enum role role);

/* Category `rank` by size, 0 the largest: the seven largest have a colour, the eighth the default foreground,
 * the rest are dimmed "(other)". `own`: a colour the attribute brings, or COLOUR_DEFAULT. */
struct style theme_category(const struct theme *theme, size_t rank, colour own);
/* cividis (Nunez et al. 2018) for 0..1; 1 stands farthest from the ground, 0 still differs from it. */
colour theme_ramp(const struct theme *theme, double share);

/* Glyphs with an ASCII way out. */
enum glyph {
    GLYPH_UP,
    GLYPH_DOWN,
    GLYPH_SAME, /* ▲ ▼ = */
    GLYPH_VERTICAL,
    GLYPH_HORIZONTAL, /* │ ─ */
    GLYPH_LEFT,
    GLYPH_RIGHT, /* ◂ ▸ */
    GLYPH_BAR_FULL,
    GLYPH_BAR_EMPTY, /* ▮ ▯ */
    GLYPH_NEAR,
    GLYPH_FAR, /* ● ○ */
    GLYPH_PLAY,
    GLYPH_PAUSE, /* ▶ ⏸ as "‖" */
    GLYPH_DOT,
    GLYPH_GUIDE,
    GLYPH_CHANCE, /* • ┄ . */
    GLYPH_MARK,
    GLYPH_LINE,
    GLYPH_LINE_START,
    GLYPH_LINE_END, /* ▲ ━ ┝ ┥ */
    GLYPH_ELLIPSIS,
    GLYPH_MINUS,
    GLYPH_TIMES,
    GLYPH_PLUSMINUS,
    GLYPH_COUNT
};
uint32_t theme_glyph(const struct theme *theme, enum glyph glyph);
const char *theme_glyph_text(const struct theme *theme, enum glyph glyph); /* the same as UTF-8 */

/* A letter for each value of an attribute: its own if it brings one (own, or 0 there; may be NULL), else from
 * its name; unique for the first 62, '+' for those beyond. letters (n). */
void theme_letters(const char *const *names, const char *own, size_t n, char *letters);

#endif
