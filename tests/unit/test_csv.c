/* SPDX-License-Identifier: MIT */
#include "data/csv.h"
#include "support/cmocka.h"

#include <string.h>

static struct csv parsed(const char *text)
{
    struct csv csv;
    struct err err;
    if (!csv_parse(text, strlen(text), &csv, &err))
        fail_msg("%s", err.text);
    return csv;
}

static void refused(const char *text, const char *why)
{
    struct csv csv;
    struct err err;
    assert_false(csv_parse(text, strlen(text), &csv, &err));
    assert_non_null(strstr(err.text, why));
    assert_null(csv.storage);
}

static void cells_and_lines(void **state)
{
    (void)state;
    struct csv csv = parsed("id,Label\r\n0,cat\r\n\r\n1,\"a \"\"big\"\", dog\"\r\n2,\"two\nlines\"\n3,end");
    assert_int_equal(csv.columns, 2);
    assert_int_equal(csv.rows, 4);
    assert_int_equal(csv_find(&csv, "label"), 1);
    assert_int_equal(csv_find(&csv, "nix"), -1);
    assert_string_equal(csv.cell[1], "cat");
    assert_string_equal(csv.cell[3], "a \"big\", dog");
    assert_string_equal(csv.cell[5], "two\nlines");
    assert_string_equal(csv.cell[7], "end");
    assert_int_equal(csv.line[1], 4);
    assert_int_equal(csv.line[3], 7); /* the quoted newline counts */
    csv_release(&csv);
}

static void tabs_and_byte_order_mark(void **state)
{
    (void)state;
    struct csv csv = parsed("\xef\xbb\xbf"
                            "a\tb\tc,d\n1,5\tx\ty\n");
    assert_int_equal(csv.columns, 3);
    assert_string_equal(csv.name[2], "c,d");
    assert_string_equal(csv.cell[0], "1,5");
    csv_release(&csv);
}

static void blank_cells_stay(void **state)
{
    (void)state;
    struct csv csv = parsed("a,b,c\n,,\nx,\"\",\n");
    assert_int_equal(csv.rows, 2);
    assert_string_equal(csv.cell[2], "");
    assert_string_equal(csv.cell[4], "");
    csv_release(&csv);
}

static void damage_is_named_with_its_line(void **state)
{
    (void)state;
    refused("", "empty");
    refused("\n\n", "empty");
    refused("a,b\n1,2\n3\n", "line 3: 1 columns where the first line has 2");
    refused("a,b\n1,\"2\n", "line 2: a quote is opened");
    refused("a,b\n1,\"2\"x\n", "line 2: text after a closing quote");
    refused("a,A\n1,2\n", "two columns are called");
    struct csv csv;
    struct err err;
    assert_false(csv_parse("a\0b", 3, &csv, &err));
    assert_non_null(strstr(err.text, "byte 1 is zero"));
    assert_false(csv_read("/nonexistent/items.csv", &csv, &err));
    assert_non_null(strstr(err.text, "/nonexistent/items.csv"));
}

static void fields_are_quoted_where_needed(void **state)
{
    (void)state;
    struct strbuf out = {0};
    csv_put(&out, "plain");
    csv_put(&out, ",");
    csv_put(&out, "a\"b");
    csv_put(&out, "c\nd");
    assert_string_equal(out.text, "plain\",\"\"a\"\"b\"\"c\nd\"");
    strbuf_release(&out);
}

/* What somebody wrote into the data is not run by whoever opens an export. */
static void no_cell_is_a_formula(void **state)
{
    (void)state;
    static const char *const cells[][2] = {{"=1+1", "'=1+1"},
                                           {"@SUM(A1)", "'@SUM(A1)"},
                                           {"-x", "'-x"},
                                           {"+49 30", "'+49 30"},
                                           {"-3", "-3"},
                                           {"+2.5e-3", "+2.5e-3"},
                                           {"a=b", "a=b"},
                                           {"", ""},
                                           {"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        struct strbuf out = {0};
        csv_put_shown(&out, cells[i][0]);
        assert_string_equal(strbuf_text(&out), cells[i][1]);
        strbuf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_and_lines),
        cmocka_unit_test(tabs_and_byte_order_mark),
        cmocka_unit_test(blank_cells_stay),
        cmocka_unit_test(damage_is_named_with_its_line),
        cmocka_unit_test(fields_are_quoted_where_needed),
        cmocka_unit_test(no_cell_is_a_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
