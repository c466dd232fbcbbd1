/* SPDX-License-Identifier: MIT */
#include "ui/guess.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool guess_console(const char *name)
{
    return strcmp(name, "linux") == 0;
}

static bool says_truecolour(const char *name)
{
    const char *value = getenv("COLORTERM");
    bool said = value && (strcasecmp(value, "truecolor") == 0 || strcasecmp(value, "24bit") == 0);
    return said || strstr(name, "-direct");
}

static enum depth guess_depth(const char *name, const struct terminfo *info)
{
    const char *no_colour = getenv("NO_COLOR"); /* no-color.org: set and not empty */
    if ((no_colour && *no_colour) || info->colours < 8)
        return DEPTH_MONO;
    if (guess_console(name))
        return DEPTH_16;
    if (info->truecolour || says_truecolour(name))
        return DEPTH_TRUE;
    return info->colours >= 256 ? DEPTH_256 : DEPTH_16;
}

/* rxvt and others say "15;0": foreground; background, of the first 16 colours. */
static enum ground guess_ground(void)
{
    const char *value = getenv("COLORFGBG"), *last = value ? strrchr(value, ';') : NULL;
    int ground = last ? atoi(last + 1) : 0;
    return ground == 7 || (ground > 8 && ground < 16) ? GROUND_LIGHT : GROUND_DARK;
}

struct theme guess_theme(const struct term_options *options, const char *name, const struct terminfo *info,
                         bool utf8)
{
    struct theme theme = {guess_ground(), guess_depth(name, info), GLYPHS_BRAILLE};
    if (guess_console(name) || !utf8)
        theme.glyphs = GLYPHS_ASCII;
    if (options->ground != THEME_AUTO)
        theme.ground = options->ground == THEME_LIGHT ? GROUND_LIGHT : GROUND_DARK;
    if (options->color != COLOR_AUTO)
        theme.depth = (enum depth)(options->color - COLOR_NEVER);
    if (options->glyphs != GLYPHS_AUTO)
        theme.glyphs = (enum glyph_set)(options->glyphs - GLYPHS_ONLY_ASCII);
    return theme;
}
