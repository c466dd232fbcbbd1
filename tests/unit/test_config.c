/* SPDX-License-Identifier: MIT */
#include "train/config.h"

#include "support/cmocka.h"

#include <string.h>

static struct config fresh(int channels)
{
    struct dataset data = {.name = (char[]){"tiles"}, .channels = channels};
    struct config config;
    config_default(&config, &data);
    return config;
}

static void refuses(const char *name, const char *value, const char *says)
{
    struct config config = fresh(3), before = config;
    struct err err = {""};
    if (config_set(&config, name, value, &err))
        fail_msg("%s=%s was taken", name, value);
    if (!strstr(err.text, says))
        fail_msg("%s=%s: '%s' does not say '%s'", name, value, err.text, says);
    assert_memory_equal(&config, &before, sizeof config);
}

static void wrong_values_say_what_is_right(void **state)
{
    (void)state;
    refuses("lr", "fast", "not a number");
    refuses("lr", "-1", "goes from 0");
    refuses("lr", "nan", "not a number");
    refuses("batch", "1", "goes from 2");
    refuses("batch", "2.5", "whole");
    refuses("tau", "0", "out of range");
    refuses("method", "magic", "simclr");
    refuses("optimizer", "adam", "adamw, sgd");
    refuses("schedule", "", "cosine, constant");
    refuses("seed", "-1", "whole number");
    refuses("seed", "99999999999999999999", "whole number");
    refuses("seed", "1x", "whole number");
    refuses("jitter", "0.4 flip", "one value");
    refuses("jitter", "purple", "not a number");
    refuses("temperatur", "1", "no such setting");
    refuses("augment", "crop=9", "crop");
    char longest[NET_TEXT_SIZE + 10];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    refuses("encoder", longest, "longer");
    refuses("crop", longest, "one value");
    refuses(longest, "1", "no such setting");
}

static const struct setting *find(const struct config *config, const char *name, struct settings *settings)
{
    config_settings(config, 3, settings);
    const struct setting *setting = settings_find(settings, name);
    if (!setting)
        fail_msg("%s is not listed", name);
    return setting;
}

/* Every setting of the list reads back what it shows, and says so again. */
static void listed_texts_read_back(void **state)
{
    (void)state;
    struct config config = fresh(3);
    struct settings before, after;
    struct err err;
    config_settings(&config, 3, &before);
    assert_true(before.n > 20);
    for (int i = 0; i < before.n; i++) {
        const char *text = before.item[i].text;
        if (!config_set(&config, before.item[i].name, text, &err))
            fail_msg("%s", err.text);
        assert_string_equal(find(&config, before.item[i].name, &after)->text, text);
    }
}

static void printed_lines_give_it_back(void **state)
{
    (void)state;
    struct config config = fresh(3), again = fresh(3);
    struct err err;
    char text[CONFIG_TEXT_SIZE], twice[CONFIG_TEXT_SIZE], *rest = twice, *line;
    assert_true(config_set(&config, "lr", "0.00123456789012345", &err));
    assert_true(config_set(&config, "tau", "0.07", &err));
    assert_true(config_set(&config, "seed", "18446744073709551615", &err));
    assert_true(config_set(&config, "augment", "crop=0.25..0.9 flip@0.3 noise=0.03", &err));
    assert_true(config_set(&config, "encoder", "conv 8, norm, relu, gap, linear 16", &err));
    config_print(&config, text, sizeof text);
    strcpy(twice, text);
    while ((line = strsep(&rest, "\n")) && *line) {
        char *value = strchr(line, '=');
        *value = '\0';
        assert_true(config_set(&again, line, value + 1, &err));
    }
    config_print(&again, twice, sizeof twice);
    assert_string_equal(twice, text);
    assert_true(again.lr == config.lr && again.seed == config.seed);
}

static const struct augment_step *step_of(const struct config *config, const char *name)
{
    return recipe_find(&config->recipe, name);
}

static void a_step_of_the_recipe_by_name(void **state)
{
    (void)state;
    struct config config = fresh(3);
    struct err err;
    size_t n = config.recipe.n;
    double probability = step_of(&config, "jitter")->probability;
    assert_true(config_set(&config, "jitter", "0.25", &err));
    assert_true(step_of(&config, "jitter")->high == 0.25 &&
                step_of(&config, "jitter")->probability == probability);
    assert_true(config_set(&config, "jitter", "0", &err));
    assert_true(step_of(&config, "jitter")->high == 0);
    assert_true(config_set(&config, "jitter", "off", &err));
    assert_true(step_of(&config, "jitter")->probability == 0);
    assert_true(config_set(&config, "jitter", "0.5", &err)); /* a value turns it on again, in its place */
    assert_true(step_of(&config, "jitter")->probability > 0 && step_of(&config, "jitter")->high == 0.5);
    assert_true(config_set(&config, "crop", "0.2..0.8", &err));
    assert_true(step_of(&config, "crop")->low == 0.2 && step_of(&config, "crop")->high == 0.8);
    assert_true(config_set(&config, "crop", "0", &err)); /* no crop of size 0: off */
    assert_true(step_of(&config, "crop")->probability == 0);
    assert_true(config_set(&config, "flip", "off", &err) && step_of(&config, "flip")->probability == 0);
    assert_true(config_set(&config, "flip", "on", &err) && step_of(&config, "flip")->probability > 0);
    assert_true(config_set(&config, "flip", "@0.25", &err) && step_of(&config, "flip")->probability == 0.25);
    assert_int_equal(config.recipe.n, n);
    assert_true(config_set(&config, "blur", "1", &err)); /* one that was not in it */
    assert_int_equal(config.recipe.n, n + 1);
    assert_true(config_set(&config, "solarise", "off", &err)); /* nothing to turn off */
    assert_int_equal(config.recipe.n, n + 1);
}

static void live_changes_are_marked(void **state)
{
    (void)state;
    struct config config = fresh(3);
    struct settings settings;
    struct err err;
    assert_int_equal(find(&config, "tau", &settings)->changed_at, -1);
    assert_true(config_change(&config, "tau", "0.1", 120, false, &err));
    assert_true(config_change(&config, "jitter", "off", 130, false, &err));
    assert_int_equal(find(&config, "tau", &settings)->changed_at, 120);
    assert_int_equal(find(&config, "jitter", &settings)->changed_at, 130);
    assert_string_equal(find(&config, "jitter", &settings)->text, "off");
    assert_int_equal(find(&config, "lr", &settings)->changed_at, -1);
}

static void what_needs_a_restart_says_press_r(void **state)
{
    (void)state;
    static const char *const names[] = {"encoder", "head", "optimizer", "seed", "bank", "query"};
    static const char *const values[] = {"conv-m", "linear 8", "sgd", "7", "500", "300"};
    for (int i = 0; i < 6; i++) {
        struct config config = fresh(3), before = config;
        struct settings settings;
        struct err err;
        assert_false(config_change(&config, names[i], values[i], 10, false, &err));
        assert_non_null(strstr(err.text, "press R"));
        assert_memory_equal(&config, &before, sizeof config);
        assert_true(find(&config, names[i], &settings)->restart);
        assert_true(config_change(&config, names[i], values[i], 10, true, &err));
        assert_string_equal(find(&config, names[i], &settings)->text, values[i]);
    }
    struct config config = fresh(3);
    struct err err;
    assert_false(config_change(&config, "train-share", "0.5", 10, true, &err));
    assert_non_null(strstr(err.text, "--set train-share"));
}

static void colour_steps_are_idle_on_grey(void **state)
{
    (void)state;
    struct config config = fresh(3);
    struct settings settings;
    config_settings(&config, 1, &settings);
    assert_true(settings_find(&settings, "grey")->idle && settings_find(&settings, "hue")->idle);
    assert_false(settings_find(&settings, "crop")->idle);
    config_settings(&config, 3, &settings);
    assert_false(settings_find(&settings, "grey")->idle);
}

static void a_batch_fits_the_data(void **state)
{
    (void)state;
    struct config config = fresh(3);
    uint8_t pixel = 0;
    uint32_t items[3] = {0, 1, 2};
    struct dataset data = {.name = (char[]){"images/"}, .n = 3, .pixels = &pixel};
    struct split split = {.train = items, .n_train = 2};
    struct err err;
    char note[200];
    assert_true(config_fit(&config, &data, &split, note, sizeof note, &err));
    assert_int_equal(config.batch, 2);
    assert_string_equal(
        note, "images/: 3 pictures; a batch needs 2 different ones besides the anchor's: batch set to 2");
    assert_true(config_fit(&config, &data, &split, note, sizeof note, &err));
    assert_string_equal(note, "");
    split.n_train = 1;
    assert_false(config_fit(&config, &data, &split, note, sizeof note, &err));
    data.pixels = NULL;
    split.n_train = 2;
    assert_false(config_fit(&config, &data, &split, note, sizeof note, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_values_say_what_is_right), cmocka_unit_test(listed_texts_read_back),
        cmocka_unit_test(printed_lines_give_it_back),     cmocka_unit_test(a_step_of_the_recipe_by_name),
        cmocka_unit_test(live_changes_are_marked),        cmocka_unit_test(what_needs_a_restart_says_press_r),
        cmocka_unit_test(colour_steps_are_idle_on_grey),  cmocka_unit_test(a_batch_fits_the_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
