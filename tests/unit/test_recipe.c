/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"
#include "support/cmocka.h"

#include <string.h>

static struct recipe parsed(const char *text)
{
    struct recipe recipe = {0};
    struct err err = {""};
    if (!recipe_parse(&recipe, text, &err))
        fail_msg("%s", err.text);
    return recipe;
}

static void assert_prints(const struct recipe *recipe, const char *want)
{
    char text[RECIPE_TEXT_SIZE];
    recipe_print(recipe, text, sizeof text);
    assert_string_equal(text, want);
}

static void reads_what_it_prints(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"none", "none"},
        {" none ,", "none"},
        {"crop=0.3..1 flip jitter=0.4", "crop=0.3..1 flip jitter=0.4"},
        {"crop", "crop=0.3..1"},
        {"crop=.25...75", "crop=0.25..0.75"},
        {"flip@0.25,grey@1,\tnoise=5e-2\n", "flip@0.25 grey@1 noise=0.05"},
        {"flip@0.5", "flip"},
        {"rotate=-0", "rotate=0"},
        {"blur=0.1..2@0.5", "blur=0.1..2"},
        {"noise=0.1234567890123@0.333333333333333315", "noise=0.1234567890123@0.33333333333333331"},
        {"hue=0.2..0.2", "hue=0.2"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct recipe recipe = parsed(pairs[i][0]);
        char text[RECIPE_TEXT_SIZE];
        recipe_print(&recipe, text, sizeof text);
        struct recipe back = parsed(text);
        assert_memory_equal(&recipe, &back, sizeof recipe);
        if (i != 9) /* there only the round trip counts: 17 digits */
            assert_string_equal(text, pairs[i][1]);
    }
}

static void fields(void **state)
{
    (void)state;
    struct recipe recipe = parsed("crop=0.4..0.9@0.7 flip rotate=10");
    assert_int_equal(recipe.n, 3);
    assert_true(recipe.step[0].low == 0.4 && recipe.step[0].high == 0.9 && recipe.step[0].probability == 0.7);
    assert_true(recipe.step[1].low == 0 && recipe.step[1].high == 0 && recipe.step[1].probability == 0.5);
    assert_true(recipe.step[2].low == 10 && recipe.step[2].high == 10);
    assert_ptr_equal(recipe_find(&recipe, "rotate"), &recipe.step[2]);
    assert_null(recipe_find(&recipe, "blur"));
}

static void edits(void **state)
{
    (void)state;
    struct recipe recipe;
    struct err err;
    recipe_default(&recipe, "photos", 3);
    assert_true(recipe_parse(&recipe, "+blur@0.5 -grey", &err));
    assert_prints(&recipe, "crop=0.3..1 flip rotate=23 jitter=0.4 noise=0.05 blur=0.1..2");
    assert_true(recipe_parse(&recipe, "+jitter=0", &err)); /* in place, probability kept */
    assert_prints(&recipe, "crop=0.3..1 flip rotate=23 jitter=0 noise=0.05 blur=0.1..2");
    assert_true(recipe_parse(&recipe, "+flip@0.2", &err));
    assert_true(recipe_parse(&recipe, "+crop=0.6", &err));
    assert_prints(&recipe, "crop=0.6 flip@0.2 rotate=23 jitter=0 noise=0.05 blur=0.1..2");
    assert_true(recipe_parse(&recipe, "-crop -flip -rotate -jitter -noise -blur", &err));
    assert_prints(&recipe, "none");
    assert_true(recipe_parse(&recipe, "+invert -invert +grey", &err));
    assert_prints(&recipe, "grey");
    assert_true(recipe_parse(&recipe, "crop", &err));
    assert_prints(&recipe, "crop=0.3..1");
}

static void refusals_say_what_to_do(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "write none for no augmentation"},
        {" , ", "write none for no augmentation"},
        {"blurr", "no augmentation is called 'blurr'; there are crop, flip, rotate"},
        {"crop none", "no augmentation is called 'none'"},
        {"none crop", "no augmentation is called 'none'"},
        {"=3", "no augmentation is called ''"},
        {"+", "no augmentation is called ''"},
        {"flip=0.5", "flip has no strength; how often it happens is flip@0.5"},
        {"crop=x", "crop=x: not a number or a range; write crop=1 or crop=0.3..1"},
        {"crop=0.3..", "not a number or a range"},
        {"crop=", "not a number or a range"},
        {"noise=nan", "not a number or a range"},
        {"crop=0.9..0.3", "upside down; write crop=0.3..0.9"},
        {"rotate=181", "rotate=181: out of range; rotate takes 0 to 180 degrees"},
        {"crop=0..1", "out of range; crop takes 0.05 to 1"},
        {"flip@2", "flip@2: after @ stands how often it happens, from 0 to 1"},
        {"flip@", "after @ stands"},
        {"flip@0.5=3", "after @ stands"},
        {"flip crop flip", "'flip' is there twice"},
        {"+flip crop", "'crop': either every word starts with + or -"},
        {"crop -flip", "'-flip': either every word starts with + or -"},
        {"-blur", "-blur: the recipe has none; it is: crop=0.5..1 grey"},
        {"-crop=0.3", "-crop: removing takes only the name"},
        {"+blur -hue", "-hue: the recipe has none"},
    };
    struct recipe recipe = parsed("crop=0.5..1 grey"), before = recipe;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {""};
        assert_false(recipe_parse(&recipe, cases[i][0], &err));
        if (!strstr(err.text, cases[i][1]) || strncmp(err.text, "augment: ", 9) != 0)
            fail_msg("'%s' gave: %s", cases[i][0], err.text);
        assert_memory_equal(&recipe, &before, sizeof recipe);
    }
}

static void long_words_are_refused(void **state)
{
    (void)state;
    char text[400] = "crop=0.5";
    memset(text + 8, '0', 300);
    memcpy(text + 308, "@0.2", 5);
    struct recipe recipe = {0};
    struct err err;
    assert_false(recipe_parse(&recipe, text, &err));
    assert_non_null(strstr(err.text, "no step is that long"));
}

static void every_kind_at_once(void **state)
{
    (void)state;
    char text[RECIPE_TEXT_SIZE] = "", printed[RECIPE_TEXT_SIZE];
    const struct augment *kind;
    size_t n = 0;
    for (; (kind = augment_at(n)); n++) {
        strcat(text, kind->entry.name);
        strcat(text, "@0.12345678901234567 ");
    }
    struct recipe recipe = parsed(text);
    assert_int_equal(recipe.n, n);
    recipe_print(&recipe, printed, sizeof printed);
    struct recipe back = parsed(printed);
    assert_memory_equal(&recipe, &back, sizeof recipe);
}

static void print_is_cut_to_size(void **state)
{
    (void)state;
    struct recipe recipe = parsed("crop=0.3..1 flip jitter=0.4");
    char text[16];
    for (size_t size = 1; size <= sizeof text; size++) {
        memset(text, 'x', sizeof text);
        recipe_print(&recipe, text, size);
        assert_int_equal(strlen(text), size - 1);
        assert_memory_equal(text, "crop=0.3..1 flip jitter=0.4", size - 1);
    }
}

static void defaults(void **state)
{
    (void)state;
    struct recipe recipe;
    recipe_default(&recipe, "photos", 3);
    assert_prints(&recipe, "crop=0.3..1 flip rotate=23 jitter=0.4 grey noise=0.05");
    recipe_default(&recipe, "tiles", 3);
    assert_prints(&recipe, "crop=0.5..1 flip rotate=23 jitter=0.5@1 noise=0.05");
    recipe_default(&recipe, "fashion-mnist", 1);
    assert_non_null(recipe_find(&recipe, "flip"));
    recipe_default(&recipe, "emnist", 1); /* letters are not mirrored */
    assert_null(recipe_find(&recipe, "flip"));
}

static void idle_steps_on_grey(void **state)
{
    (void)state;
    char text[128];
    struct recipe recipe = parsed("crop jitter saturation hue grey");
    recipe_idle_steps(&recipe, 1, text, sizeof text);
    assert_string_equal(text, "saturation, hue and grey do nothing on grey pictures");
    recipe_idle_steps(&recipe, 3, text, sizeof text);
    assert_string_equal(text, "");
    recipe = parsed("crop grey");
    recipe_idle_steps(&recipe, 1, text, sizeof text);
    assert_string_equal(text, "grey does nothing on grey pictures");
    recipe = parsed("crop jitter");
    recipe_idle_steps(&recipe, 1, text, sizeof text);
    assert_string_equal(text, "");
    recipe = parsed("hue grey");
    recipe_idle_steps(&recipe, 1, text, 8);
    assert_string_equal(text, "hue and");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_prints),
        cmocka_unit_test(fields),
        cmocka_unit_test(edits),
        cmocka_unit_test(refusals_say_what_to_do),
        cmocka_unit_test(long_words_are_refused),
        cmocka_unit_test(every_kind_at_once),
        cmocka_unit_test(print_is_cut_to_size),
        cmocka_unit_test(defaults),
        cmocka_unit_test(idle_steps_on_grey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
