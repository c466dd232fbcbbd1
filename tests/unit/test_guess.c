/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "support/cmocka.h"
#include "ui/guess.h"

#include <stdlib.h>

static const struct terminfo colours256 = {.colours = 256}, colours8 = {.colours = 8}, none = {.colours = -1};

static int forget_environment(void **state)
{
    (void)state;
    unsetenv("NO_COLOR");
    unsetenv("COLORTERM");
    unsetenv("COLORFGBG");
    return 0;
}

static enum depth depth_of(unsigned color, const char *name, const struct terminfo *info)
{
    struct term_options options = {.color = color};
    return guess_theme(&options, name, info, true).depth;
}

static void colours_follow_terminfo_then_the_environment_then_options(void **state)
{
    (void)state;
    assert_int_equal(depth_of(COLOR_AUTO, "xterm-256color", &colours256), DEPTH_256);
    assert_int_equal(depth_of(COLOR_AUTO, "xterm", &colours8), DEPTH_16);
    assert_int_equal(depth_of(COLOR_AUTO, "vt100", &none), DEPTH_MONO);
    assert_int_equal(depth_of(COLOR_AUTO, "xterm-direct", &colours256), DEPTH_TRUE);
    setenv("COLORTERM", "truecolor", 1);
    assert_int_equal(depth_of(COLOR_AUTO, "xterm-256color", &colours256), DEPTH_TRUE);
    assert_int_equal(depth_of(COLOR_AUTO, "linux", &colours8), DEPTH_16); /* inherited from elsewhere */
    setenv("NO_COLOR", "1", 1);
    assert_int_equal(depth_of(COLOR_AUTO, "xterm-256color", &colours256), DEPTH_MONO);
    assert_int_equal(depth_of(COLOR_256, "xterm-256color", &colours256), DEPTH_256);
    assert_int_equal(depth_of(COLOR_NEVER, "xterm-256color", &colours256), DEPTH_MONO);
    setenv("NO_COLOR", "", 1); /* set to nothing means nothing */
    assert_int_equal(depth_of(COLOR_AUTO, "xterm-256color", &colours256), DEPTH_TRUE);
}

static void the_ground_is_read_from_rxvts_variable(void **state)
{
    (void)state;
    struct term_options options = {.color = COLOR_AUTO};
    static const struct {
        const char *value;
        enum ground ground;
    } cases[] = {{"0;15", GROUND_LIGHT},
                 {"15;0", GROUND_DARK},
                 {"0;default;7", GROUND_LIGHT},
                 {"15;8", GROUND_DARK},
                 {"nonsense", GROUND_DARK}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        setenv("COLORFGBG", cases[i].value, 1);
        assert_int_equal(guess_theme(&options, "rxvt", &colours256, true).ground, cases[i].ground);
    }
    options.ground = THEME_LIGHT;
    setenv("COLORFGBG", "15;0", 1);
    assert_int_equal(guess_theme(&options, "rxvt", &colours256, true).ground, GROUND_LIGHT);
}

static void glyphs_follow_the_locale_and_the_console(void **state)
{
    (void)state;
    struct term_options options = {.color = COLOR_AUTO};
    assert_int_equal(guess_theme(&options, "xterm", &colours8, true).glyphs, GLYPHS_BRAILLE);
    assert_int_equal(guess_theme(&options, "xterm", &colours8, false).glyphs, GLYPHS_ASCII);
    assert_int_equal(guess_theme(&options, "linux", &colours8, true).glyphs, GLYPHS_ASCII);
    options.glyphs = GLYPHS_ONLY_BLOCKS;
    assert_int_equal(guess_theme(&options, "linux", &colours8, false).glyphs, GLYPHS_BLOCKS);
    options.glyphs = GLYPHS_ALL;
    assert_int_equal(guess_theme(&options, "linux", &colours8, false).glyphs, GLYPHS_BRAILLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(colours_follow_terminfo_then_the_environment_then_options, forget_environment),
        cmocka_unit_test_setup(the_ground_is_read_from_rxvts_variable, forget_environment),
        cmocka_unit_test_setup(glyphs_follow_the_locale_and_the_console, forget_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
