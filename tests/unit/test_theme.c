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
    assert_int_equal(theme_category(&dark, 2, 0x3498db).fg, 0x3498db);
    assert_true(contrast(theme_category(&dark, 2, 0x123456).fg, 0x101014) >= 3); /* its own, but seen */
    assert_true(contrast(theme_category(&light, 2, 0xf0e442).fg, 0xffffff) >= 3);
}

/* Text 4.5 : 1, curves 3 : 1, as WCAG 2 asks; of 16 colours each may be another in the terminal's palette. */
static void every_role_can_be_read_on_its_ground(void **state)
{
    (void)state;
    static const struct theme few[] = {{GROUND_DARK, DEPTH_16, GLYPHS_BRAILLE},
                                       {GROUND_LIGHT, DEPTH_16, GLYPHS_BRAILLE}};
    for (int role = 0; role < ROLE_COUNT; role++) {
        colour on_dark = theme_style(&dark, (enum role)role).fg;
        colour on_light = theme_style(&light, (enum role)role).fg;
        double least = role == ROLE_EARLIER ? 3 : 4.5;
        assert_true(on_dark == COLOUR_DEFAULT || contrast(on_dark, 0x1e1e1e) >= least);
        assert_true(on_light == COLOUR_DEFAULT || contrast(on_light, 0xffffff) >= least);
        for (int i = 0; i < 2; i++) {
            colour fg = theme_style(&few[i], (enum role)role).fg;
            assert_true(fg == COLOUR_DEFAULT || contrast(fg, i ? 0xffffff : 0x000000) >= 3.9);
        }
    }
    for (size_t rank = 0; rank < 7; rank++)
        for (int i = 0; i < 2; i++)
            assert_true(contrast(theme_category(&few[i], rank, COLOUR_DEFAULT).fg, i ? 0xffffff : 0) >= 3);
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

    const char *numbered[] = {"class 4", "class 0", "class 12"};
    theme_letters(numbered, NULL, 3, letters);
    assert_memory_equal(letters, "401", 3);

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
        cmocka_unit_test(every_role_can_be_read_on_its_ground),
        cmocka_unit_test(without_colour_nothing_is_coloured),
        cmocka_unit_test(the_ramp_moves_away_from_the_ground),
        cmocka_unit_test(every_glyph_has_an_ascii_way_out),
        cmocka_unit_test(letters_are_unique_and_remind_of_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
