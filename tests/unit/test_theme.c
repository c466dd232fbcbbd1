/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "ui/theme.h"

#include <math.h>
#include <string.h>

#include "support/cmocka.h"

static const struct theme dark = {GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};
static const struct theme light = {GROUND_LIGHT, DEPTH_256, GLYPHS_BRAILLE};
static const struct theme mono = {GROUND_DARK, DEPTH_MONO, GLYPHS_ASCII};

static double channel(colour c, int shift)
{
    double v = (c >> shift & 0xff) / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(colour c)
{
    return 0.2126 * channel(c, 16) + 0.7152 * channel(c, 8) + 0.0722 * channel(c, 0);
}

/* WCAG 2 contrast. */
static double contrast(colour a, colour b)
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static void categories_stand_out_from_their_ground(void **state)
{
    (void)state;
    for (size_t i = 0; i < 7; i++) {
        assert_true(contrast(theme_category(&dark, i, COLOUR_DEFAULT).fg, 0x1e1e1e) >= 3.5);
        assert_true(contrast(theme_category(&light, i, COLOUR_DEFAULT).fg, 0xffffff) >= 3.5);
    }
    assert_int_equal(theme_category(&dark, 7, COLOUR_DEFAULT).fg, COLOUR_DEFAULT);
    assert_int_equal(theme_category(&dark, 8, COLOUR_DEFAULT).fg, theme_style(&dark, ROLE_QUIET).fg);
    assert_int_equal(theme_category(&dark, 2, 0x123456).fg, 0x123456);
}

static void without_colour_nothing_is_coloured(void **state)
{
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++)
        assert_int_equal(theme_style(&mono, (enum role)role).fg, COLOUR_DEFAULT);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(theme_category(&mono, i, 0xff0000).fg, COLOUR_DEFAULT);
}

static void the_ramp_moves_away_from_the_ground(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        double a = i / 20.0, b = (i + 1) / 20.0;
        assert_true(luminance(theme_ramp(&dark, b)) > luminance(theme_ramp(&dark, a)));
        assert_true(luminance(theme_ramp(&light, b)) < luminance(theme_ramp(&light, a)));
    }
    assert_true(contrast(theme_ramp(&dark, 0), 0x101014) >= 3); /* digits in it are read */
    assert_true(contrast(theme_ramp(&light, 0), 0xffffff) >= 3);
    assert_int_equal(theme_ramp(&dark, (double)NAN), theme_ramp(&dark, 0));
    assert_int_equal(theme_ramp(&dark, 7), theme_ramp(&dark, 1));
}

static void every_glyph_has_an_ascii_way_out(void **state)
{
    (void)state;
    for (int i = 0; i < GLYPH_COUNT; i++) {
        assert_in_range(theme_glyph(&mono, (enum glyph)i), 33, 126);
        assert_int_equal(strlen(theme_glyph_text(&mono, (enum glyph)i)), 1);
        assert_int_equal(text_width(theme_glyph_text(&dark, (enum glyph)i)), 1);
    }
}

static void letters_are_unique_and_remind_of_their_names(void **state)
{
    (void)state;
    const char *shapes[] = {"disc", "square", "triangle", "flower", "cross", "ring", "bar", "moon"};
    char letters[80];
    theme_letters(shapes, NULL, 8, letters);
    assert_memory_equal(letters, "dstfcrbm", 8);
    theme_letters(shapes, "o\0\0\0x", 5, letters);
    assert_memory_equal(letters, "ostfx", 5);

    const char *same[80];
    for (int i = 0; i < 80; i++)
        same[i] = "aa";
    theme_letters(same, NULL, 80, letters);
    for (int i = 0; i < 62; i++)
        assert_null(memchr(letters + i + 1, letters[i], (size_t)(79 - i)));
    assert_int_equal(letters[79], '+');
    const char *odd[] = {"", "日本", "!!"};
    theme_letters(odd, NULL, 3, letters);
    assert_memory_equal(letters, "abc", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(categories_stand_out_from_their_ground),
        cmocka_unit_test(without_colour_nothing_is_coloured),
        cmocka_unit_test(the_ramp_moves_away_from_the_ground),
        cmocka_unit_test(every_glyph_has_an_ascii_way_out),
        cmocka_unit_test(letters_are_unique_and_remind_of_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
