/* SPDX-License-Identifier: MIT */
#include "ui/keys.h"

#include <stdio.h>
#include <string.h>

#include "support/cmocka.h"

/* Calls `each` for every key of an action. */
static size_t keys_of(enum action action, void (*each)(enum action, const char *))
{
    char copy[64], *rest = copy;
    snprintf(copy, sizeof copy, "%s", action_entry(action)->keys);
    size_t n = 0;
    for (char *name; (name = strtok_r(rest, " ", &rest)); n++)
        each(action, name);
    return n;
}

static void key_goes_both_ways(enum action action, const char *name)
{
    struct key key = {.code = key_by_name(name)};
    char text[32];
    key_name(key, text, sizeof text);
    assert_string_equal(text, name);
    assert_int_equal(action_of_key(key), action); /* also: no key is in two rows */
}

static void every_key_of_the_table_has_one_meaning_and_one_name(void **state)
{
    (void)state;
    for (int i = 1; i < ACTION_COUNT; i++) {
        keys_of((enum action)i, key_goes_both_ways);
        assert_int_equal(action_find(action_entry((enum action)i)->name), i);
        assert_true(strlen(action_entry((enum action)i)->help) > 3);
    }
}

static void every_key_is_on_a_plain_keyboard(void **state)
{
    (void)state; /* [ ] { } \ | @ ~ ` # need AltGr in Germany, France or the North */
    for (int i = 1; i < ACTION_COUNT; i++)
        assert_null(strpbrk(action_entry((enum action)i)->keys, "[]{}\\|@~`#"));
}

static void unknown_names_and_keys_are_none(void **state)
{
    (void)state;
    assert_int_equal(key_by_name("Hyper"), KEY_NONE);
    assert_int_equal(key_by_name("ab"), KEY_NONE);
    assert_int_equal(key_by_name(""), KEY_NONE);
    assert_int_equal(key_by_name("\xff"), KEY_NONE);
    assert_int_equal(key_by_name("?"), '?');
    assert_int_equal(key_by_name("é"), 0xe9);
    assert_int_equal(action_of_key((struct key){.code = KEY_NONE}), ACTION_NONE);
    assert_int_equal(action_of_key((struct key){.code = 0x2022}), ACTION_NONE);
    assert_int_equal(action_find("no-such-thing"), ACTION_NONE);
}

static void views_stand_in_the_order_of_their_keys(void **state)
{
    (void)state;
    for (int i = 0; i < 7; i++)
        assert_int_equal(action_of_key((struct key){.code = (uint32_t)('1' + i)}), ACTION_VIEW_MAP + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_table_has_one_meaning_and_one_name),
        cmocka_unit_test(every_key_is_on_a_plain_keyboard),
        cmocka_unit_test(unknown_names_and_keys_are_none),
        cmocka_unit_test(views_stand_in_the_order_of_their_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
