/* SPDX-License-Identifier: MIT */
#include "app/options.h"

#include "base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct option some_options[] = {
    {"steps", 0, OPTION_WHOLE, "N", 0, 1000, "how many"},
    {"share", 0, OPTION_NUMBER, "X", 0, 1, "a share"},
    {"set", 0, OPTION_TEXT, "K=V", 0, 0, "a setting"},
    {"output", 'o', OPTION_TEXT, "FILE", 0, 0, "where to"},
    {"history", 0, OPTION_BYTES, "SIZE", 1024, 1e9, "how much"},
    {"color", 0, OPTION_CHOICE, "auto|never|always", 0, 0, "when"},
    {"json", 0, OPTION_FLAG, NULL, 0, 0, "as JSON"},
    {0},
};

static const struct subcommand subject = {
    .entry = {"subject", "Does nothing.", NULL},
    .usage = "DATA -o FILE",
    .option = {some_options, common_options},
    .min_operands = 1,
    .max_operands = 2,
};

#define PARSE(options, err, ...)                                                                             \
    options_parse(options, &subject, (int)(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)),                \
                  (char *[]){__VA_ARGS__}, err)

static char data[] = "data", steps[] = "--steps", set[] = "--set", json[] = "--json";

static void test_reads_every_kind(void **state)
{
    (void)state;
    struct options o;
    struct err err;
    char a[] = "10", b[] = "--share=0.5", c[] = "tau=0.2", d[] = "batch=32", e[] = "-oout", f[] = "--history",
         g[] = "64M", h[] = "--color", i[] = "never";
    assert_true(PARSE(&o, &err, data, steps, a, b, set, c, set, d, e, f, g, h, i, json));
    assert_int_equal(o.n_operands, 1);
    assert_string_equal(o.operand[0], "data");
    assert_true(option_number(&o, "steps", 0) == 10);
    assert_true(option_number(&o, "share", 0) == 0.5);
    assert_string_equal(option_text(&o, "output", ""), "out");
    assert_true(option_number(&o, "history", 0) == 64.0 * 1024 * 1024);
    assert_int_equal(option_choice(&o, "color", 0), 1);
    assert_true(option_given(&o, "json"));
    assert_string_equal(option_repeated(&o, "set", 0), "tau=0.2");
    assert_string_equal(option_repeated(&o, "set", 1), "batch=32");
    assert_null(option_repeated(&o, "set", 2));
    assert_true(option_number(&o, "seed", 7) == 7);
}

static void test_says_what_is_wrong(void **state)
{
    (void)state;
    struct options o;
    struct err err;
    char none[] = "--stesp", x[] = "ten", big[] = "1001", half[] = "1.5", color[] = "--color=red",
         j[] = "--json=1", size[] = "--history=1X", letter[] = "-q", other[] = "b", third[] = "c";
    assert_false(PARSE(&o, &err, data, none));
    assert_non_null(strstr(err.text, "--steps is"));
    assert_false(PARSE(&o, &err, data, steps, x));
    assert_false(PARSE(&o, &err, data, steps, big));
    assert_non_null(strstr(err.text, "between 0 and 1000"));
    assert_false(PARSE(&o, &err, data, steps, half));
    assert_false(PARSE(&o, &err, data, color));
    assert_non_null(strstr(err.text, "auto|never|always"));
    assert_false(PARSE(&o, &err, data, j));
    assert_false(PARSE(&o, &err, data, size));
    assert_false(PARSE(&o, &err, data, letter));
    assert_false(PARSE(&o, &err, data, steps));
    assert_non_null(strstr(err.text, "wants a value"));
    assert_false(PARSE(&o, &err, data, other, third));
    assert_false(PARSE(&o, &err, json));
    assert_non_null(strstr(err.text, "missing"));
}

static void test_dashes_end_options(void **state)
{
    (void)state;
    struct options o;
    struct err err;
    char end[] = "--", dash[] = "-";
    assert_true(PARSE(&o, &err, dash, end, json));
    assert_string_equal(o.operand[0], "-");
    assert_string_equal(o.operand[1], "--json");
    assert_false(option_given(&o, "json"));
}

static void test_help_needs_no_operand_and_names_all(void **state)
{
    (void)state;
    struct options o;
    struct err err;
    char help[] = "--help";
    assert_true(PARSE(&o, &err, help));
    assert_true(o.help);
    struct strbuf text = {0};
    options_help(&subject, &text);
    for (size_t i = 0; some_options[i].name; i++)
        assert_non_null(strstr(strbuf_text(&text), some_options[i].name));
    strbuf_release(&text);
}

static void test_pairs(void **state)
{
    (void)state;
    char name[8];
    const char *value;
    struct err err;
    assert_true(split_pair("a=b=c", name, sizeof name, &value, &err));
    assert_string_equal(name, "a");
    assert_string_equal(value, "b=c");
    assert_false(split_pair("=b", name, sizeof name, &value, &err));
    assert_false(split_pair("ab", name, sizeof name, &value, &err));
    assert_false(split_pair("abcdefgh=1", name, sizeof name, &value, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_every_kind),
        cmocka_unit_test(test_says_what_is_wrong),
        cmocka_unit_test(test_dashes_end_options),
        cmocka_unit_test(test_help_needs_no_operand_and_names_all),
        cmocka_unit_test(test_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
