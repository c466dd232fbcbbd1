/* SPDX-License-Identifier: MIT */
#include "ui/theme.h"

#include "base/check.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Values of the 256-colour cube or grey ramp wherever possible: the same picture on 256 and 16 million
 * colours, in half the bytes. The 16-colour column holds the canonical values ui/palette knows by number. */
struct role_look {
    colour dark, light; /* COLOUR_DEFAULT: the terminal's own */
    colour ansi[2];     /* on dark, on light: yellow, green and cyan cannot be read on white */
    uint8_t attr;       /* with colour */
    uint8_t mono;       /* without */
};

enum { OWN = COLOUR_DEFAULT };
static const struct role_look roles[ROLE_COUNT] = {
    [ROLE_TEXT] = {OWN, OWN, {OWN, OWN}, 0, 0},
    [ROLE_QUIET] = {0x8a8a8a, 0x6c6c6c, {0x7f7f7f, 0x7f7f7f}, 0, ATTR_DIM},
    [ROLE_STRONG] = {OWN, OWN, {OWN, OWN}, ATTR_BOLD, ATTR_BOLD},
    [ROLE_ACCENT] = {0xffaf00, 0xaf5f00, {0xcdcd00, 0x0000ee}, ATTR_BOLD, ATTR_BOLD | ATTR_UNDERLINE},
    [ROLE_GOOD] = {0x5fd7af, 0x00875f, {0x00cd00, OWN}, 0, ATTR_BOLD},
    [ROLE_BAD] = {0xff875f, 0xaf0000, {0xff0000, 0xcd0000}, 0, ATTR_BOLD},
    [ROLE_WARN] = {0xffd75f, 0x875f00, {0xcdcd00, 0xcd00cd}, ATTR_BOLD, ATTR_BOLD},
    [ROLE_EARLIER] = {0x6c6c6c, 0x8a8a8a, {0x7f7f7f, 0x7f7f7f}, 0, ATTR_DIM},
    [ROLE_KEY] = {OWN, OWN, {OWN, OWN}, ATTR_BOLD, ATTR_BOLD},
};

static colour pick(const struct theme *theme, colour dark, colour light, const colour ansi[2])
{
    bool on_dark = theme->ground == GROUND_DARK;
    if (theme->depth == DEPTH_16)
        return ansi[!on_dark];
    return on_dark ? dark : light;
}

struct style theme_style(const struct theme *theme, enum role role)
{
    CHECK((unsigned)role < ROLE_COUNT);
    const struct role_look *look = &roles[role];
    if (theme->depth == DEPTH_MONO)
        return (struct style){COLOUR_DEFAULT, COLOUR_DEFAULT, look->mono};
    return (struct style){pick(theme, look->dark, look->light, look->ansi), COLOUR_DEFAULT, look->attr};
}

/* After Okabe & Ito (2008): orange, sky blue, bluish green, yellow, blue, vermillion, reddish purple, moved
 * to entries of the 256-colour cube with contrast >= 3.5 on the ground and no closer to each other than
 * theirs (OKLab, least of normal, protan, deutan and tritan sight after Machado et al. 2009: 0.07; on a light
 * ground 0.08); of 16 colours those that can be read. The eighth is the terminal's foreground. */
enum { CATEGORY_COLOURS = 7 };
static const struct {
    colour dark, light, ansi[2];
} categories[CATEGORY_COLOURS] = {
    {0xffaf00, 0x875f00, {0xcdcd00, 0xcd00cd}}, {0x5fafff, 0x0087ff, {0x00cdcd, 0x5c5cff}},
    {0x00875f, 0x00875f, {0x00cd00, 0x7f7f7f}}, {0xffff5f, 0x878700, {0xffff00, 0xff00ff}},
    {0x0087d7, 0x0000ff, {0x5c5cff, 0x0000ee}}, {0xd75f00, 0x870000, {0xff0000, 0xcd0000}},
    {0xd787af, 0xff00af, {0xcd00cd, 0xff0000}},
};

static double channel(colour c, int shift)
{
    double v = (c >> shift & 0xff) / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* WCAG 2: relative luminance. */
static double luminance(colour c)
{
    return 0.2126 * channel(c, 16) + 0.7152 * channel(c, 8) + 0.0722 * channel(c, 0);
}

static unsigned blend(colour a, colour b, int shift, double t)
{
    double from = a >> shift & 0xff, to = b >> shift & 0xff;
    return (unsigned)lround(from + (to - from) * t) << shift;
}

/* The colour an attribute brings, moved away from the ground until it can be seen there (3 : 1). */
static colour legible(const struct theme *theme, colour own)
{
    bool on_dark = theme->ground == GROUND_DARK;
    double ground = luminance(on_dark ? 0x101014 : 0xffffff);
    colour end = on_dark ? 0xffffff : 0x000000, seen = own;
    for (int step = 0; step <= 20; step++) {
        double t = step / 20.0;
        seen = blend(own, end, 16, t) | blend(own, end, 8, t) | blend(own, end, 0, t);
        double here = luminance(seen);
        if ((fmax(here, ground) + 0.05) / (fmin(here, ground) + 0.05) >= 3)
            break;
    }
    return seen;
}

struct style theme_category(const struct theme *theme, size_t rank, colour own)
{
    struct style style = style_plain;
    if (rank > CATEGORY_COLOURS)
        return theme_style(theme, ROLE_QUIET);
    if (theme->depth == DEPTH_MONO)
        return style;
    if (own != COLOUR_DEFAULT)
        style.fg = legible(theme, own);
    else if (rank < CATEGORY_COLOURS)
        style.fg = pick(theme, categories[rank].dark, categories[rank].light, categories[rank].ansi);
    return style;
}

/* cividis in ten steps (Nunez, Anderton & Renslow 2018, as in viridisLite). */
static const colour cividis[] = {0x00204d, 0x00336f, 0x39486b, 0x575c6d, 0x707173,
                                 0x8a8779, 0xa69d75, 0xc4b56c, 0xe4cf5b, 0xffea46};

colour theme_ramp(const struct theme *theme, double share)
{
    /* 1 stands farthest from the ground: bright on dark, dark on light; 0 can still be read on it (3 : 1) */
    double low = theme->ground == GROUND_DARK ? 0.37 : 0.6, high = theme->ground == GROUND_DARK ? 1.0 : 0.0;
    double s = share > 0 ? share < 1 ? share : 1 : 0; /* NaN: 0 */
    size_t last = ARRAY_LEN(cividis) - 1;
    double at = (low + s * (high - low)) * (double)last;
    size_t i = (size_t)at < last - 1 ? (size_t)at : last - 1;
    double t = at - (double)i;
    colour a = cividis[i], b = cividis[i + 1];
    return blend(a, b, 16, t) | blend(a, b, 8, t) | blend(a, b, 0, t);
}

/* Code points for terminals with Unicode, and with ASCII only. */
static const struct {
    const char *unicode, *ascii;
} glyphs[GLYPH_COUNT] = {
    [GLYPH_UP] = {"▲", "^"},         [GLYPH_DOWN] = {"▼", "v"},       [GLYPH_SAME] = {"=", "="},
    [GLYPH_VERTICAL] = {"│", "|"},   [GLYPH_HORIZONTAL] = {"─", "-"}, [GLYPH_LEFT] = {"◂", "<"},
    [GLYPH_RIGHT] = {"▸", ">"},      [GLYPH_BAR_FULL] = {"▮", "#"},   [GLYPH_BAR_EMPTY] = {"▯", "."},
    [GLYPH_NEAR] = {"●", "*"},       [GLYPH_FAR] = {"○", "o"},        [GLYPH_PLAY] = {"▶", ">"},
    [GLYPH_PAUSE] = {"‖", "="},      [GLYPH_DOT] = {"•", "*"},        [GLYPH_GUIDE] = {"┄", "-"},
    [GLYPH_CHANCE] = {".", "."},     [GLYPH_MARK] = {"▲", "^"},       [GLYPH_LINE] = {"━", "-"},
    [GLYPH_LINE_START] = {"┝", "|"}, [GLYPH_LINE_END] = {"┥", "|"},   [GLYPH_ELLIPSIS] = {"…", "~"},
    [GLYPH_MINUS] = {"−", "-"},      [GLYPH_TIMES] = {"×", "x"},      [GLYPH_PLUSMINUS] = {"±", "~"},
};

const char *theme_glyph_text(const struct theme *theme, enum glyph glyph)
{
    CHECK((unsigned)glyph < GLYPH_COUNT);
    return theme->glyphs == GLYPHS_ASCII ? glyphs[glyph].ascii : glyphs[glyph].unicode;
}

uint32_t theme_glyph(const struct theme *theme, enum glyph glyph)
{
    const char *text = theme_glyph_text(theme, glyph);
    return text_next(&text);
}

static bool taken(const bool used[128], char letter)
{
    return used[(unsigned char)letter & 127];
}

/* The first free one of `letters` that may stand for a value, or 0. */
static char first_free(const char *letters, const bool used[128], bool upper)
{
    for (; *letters; letters++) {
        unsigned char byte = (unsigned char)*letters;
        char letter = (char)(upper ? toupper(byte) : tolower(byte));
        if (byte < 128 && isalnum(byte) && !taken(used, letter))
            return letter;
    }
    return 0;
}

static char letter_for(const char *name, const bool used[128])
{
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    char letter = first_free(name, used, false);
    if (!letter)
        letter = first_free(name, used, true);
    for (const char *p = all; !letter && *p; p++)
        letter = taken(used, *p) ? 0 : *p;
    return letter ? letter : '+';
}

static bool all_digits_at(const char *const *names, size_t n, size_t at)
{
    size_t i = 0;
    while (i < n && isdigit((unsigned char)names[i][at]))
        i++;
    return i == n;
}

/* Bytes that all begin with and that tell none apart: "k" of k0, k1, "class " of class a, class b. Whole
 * words only: of red and rose it is none. */
static size_t shared_beginning(const char *const *names, size_t n)
{
    size_t at = 0;
    for (size_t i = 1; i < n; i++) {
        size_t same = 0;
        while (names[i][same] && names[i][same] == names[0][same])
            same++;
        at = i == 1 || same < at ? same : at;
    }
    for (; at > 0; at--) {
        unsigned char last = (unsigned char)names[0][at - 1];
        if ((last < 128 && !isalnum(last)) || (!isdigit(last) && all_digits_at(names, n, at)))
            break;
    }
    return at;
}

void theme_letters(const char *const *names, const char *own, size_t n, char *letters)
{
    bool used[128] = {false};
    size_t shared = shared_beginning(names, n);
    for (size_t i = 0; i < n; i++) {
        char wish = own ? own[i] : 0;
        letters[i] = wish > ' ' && wish < 127 && !taken(used, wish) ? wish : 0;
        used[(unsigned char)letters[i]] = letters[i] != 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (letters[i])
            continue;
        letters[i] = letter_for(names[i] + shared, used);
        used[(unsigned char)letters[i]] = letters[i] != '+';
    }
}
