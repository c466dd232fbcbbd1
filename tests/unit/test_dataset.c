/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"

#include "base/check.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void refused(const char *spec, const char *why)
{
    struct dataset data;
    struct err err;
    assert_false(dataset_open(&data, spec, NULL, &err));
    if (!strstr(err.text, why))
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_true(data.pixels == NULL && data.column == NULL);
}

static void a_slip_is_answered_with_what_is_right(void **state)
{
    (void)state;
    refused("tyles", "tyles: no such file, folder or name; built in are tiles and fashion-mnist");
    refused("tiles:n=4", "n=4 is outside 20 to 100000");
    refused("tiles:nn=40", "tiles has no knob 'nn'; it has: n, seed, ground-texture");
    refused("tiles:n=x", "n=x: not a number");
    refused("tiles:n=40,", "not knob=value");
    refused("fashion-mnist:n=5", "it has: none");
    refused("src/data/dataset.h", "not a data set nearfar knows");
    refused("tiles:averyveryveryverylongname=1", "not knob=value");
}

static void options_beside_the_spec(void **state)
{
    (void)state;
    struct data_options options = {.item = {{"n", 100}, {"seed", 7}}, .n = 2};
    struct dataset data;
    struct err err;
    assert_true(dataset_open(&data, "tiles:n=60", &options, &err));
    assert_int_equal(data.n, 60); /* what stands in the spec counts */
    assert_string_equal(data.args, "tiles:n=60,seed=7");
    dataset_release(&data);
}

static struct dataset table(size_t n)
{
    return (struct dataset){.n = n,
                            .label = NO_COLUMN,
                            .group = NO_COLUMN,
                            .identity = NO_COLUMN,
                            .caption = NO_COLUMN,
                            .split = NO_COLUMN};
}

static void add_texts(struct dataset *data, const char *name, const char *const *cells)
{
    struct column *column = dataset_add_column(data, name, COLUMN_TEXT);
    for (size_t i = 0; i < data->n; i++)
        column_set_text(column, i, cells[i]);
}

static void long_numbers_keep_their_text(void **state)
{
    (void)state;
    enum { N = 12 }; /* fewer whole numbers would be a category */
    struct dataset data = table(N);
    char cell[64], id[N][32];
    const char *ids[N], *sizes[N];
    for (int i = 0; i < N; i++) {
        snprintf(id[i], sizeof id[i], "%lld", 9000000000001LL + i);
        ids[i] = i == 2 ? "" : id[i];
        sizes[i] = i == 0 ? "1.50" : "2";
    }
    add_texts(&data, "id", ids);
    add_texts(&data, "size", sizes);
    dataset_sort_kinds(&data, 9, NULL);
    assert_int_equal(data.column[0].kind, COLUMN_NUMBER);
    dataset_cell(&data, 0, 0, cell, sizeof cell);
    assert_string_equal(cell, "9000000000001");
    dataset_cell(&data, 0, 1, cell, sizeof cell);
    assert_string_equal(cell, "9000000000002");
    dataset_cell(&data, 0, 2, cell, sizeof cell);
    assert_string_equal(cell, "");
    dataset_cell(&data, 1, 0, cell, sizeof cell);
    assert_string_equal(cell, "1.5");
    dataset_release(&data);
}

/* Two values that differ in their last letter alone, far behind what any screen shows. */
static void long_values_are_kept_apart(void **state)
{
    (void)state;
    enum { LONG = 3000 };
    char *a = xcalloc(LONG + 1, 1), *b = xcalloc(LONG + 1, 1), number[NUMBER_TEXT], cell[256];
    memset(a, 'x', LONG);
    memset(b, 'x', LONG);
    b[LONG - 1] = 'y';
    struct dataset data = table(4);
    add_texts(&data, "kind", (const char *[]){a, b, a, b});
    dataset_sort_kinds(&data, 9, NULL);
    assert_int_equal(data.column[0].kind, COLUMN_CATEGORY);
    assert_int_equal(data.column[0].n_values, 2);
    assert_string_equal(dataset_whole_cell(&data, 0, 3, number), b);
    struct column *coded = dataset_add_column(&data, "coded", COLUMN_CATEGORY);
    assert_int_not_equal(column_code(coded, a), column_code(coded, b));
    dataset_cell(&data, 0, 3, cell, sizeof cell);
    assert_int_equal(strlen(cell), sizeof cell - 1);
    dataset_release(&data);
    free(a);
    free(b);
}

static void ids_keep_their_leading_zeros(void **state)
{
    (void)state;
    struct dataset data = table(6);
    char cell[32];
    add_texts(&data, "code", (const char *[]){"00014", "00015", "7", "0", "-012", "0.5"});
    dataset_sort_kinds(&data, 4, NULL);
    assert_int_equal(data.column[0].kind, COLUMN_NUMBER);
    assert_true(data.column[0].number[0] == 14 && data.column[0].number[4] == -12);
    dataset_cell(&data, 0, 0, cell, sizeof cell);
    assert_string_equal(cell, "00014");
    dataset_cell(&data, 0, 4, cell, sizeof cell);
    assert_string_equal(cell, "-012");
    dataset_release(&data);
}

static void columns_find_their_kind(void **state)
{
    (void)state;
    struct dataset data = table(6);
    add_texts(&data, "age", (const char *[]){"1.5", "2", "", "-3e2", "5", "6"});
    add_texts(&data, "colour", (const char *[]){"red", "blue", "red", "", "blue", "red"});
    add_texts(&data, "smiling", (const char *[]){"0", "1", "1", "0", "", "1"});
    add_texts(&data, "word", (const char *[]){"a", "b", "c", "d", "e", "f"});
    add_texts(&data, "identity", (const char *[]){"p1", "p2", "p3", "p4", "p5", "p5"});
    add_texts(&data, "label", (const char *[]){"11", "12", "13", "14", "15", "99"});
    add_texts(&data, "blank", (const char *[]){"", "", "", "", "", ""});
    add_texts(&data, "hex", (const char *[]){"0x1", "0x2", "0x3", "0x4", "0x5", "nan"});
    dataset_sort_kinds(&data, 4, NULL);
    const enum column_kind expected[] = {COLUMN_NUMBER,   COLUMN_CATEGORY, COLUMN_CATEGORY, COLUMN_TEXT,
                                         COLUMN_CATEGORY, COLUMN_CATEGORY, COLUMN_TEXT,     COLUMN_TEXT};
    for (size_t c = 0; c < data.n_columns; c++)
        assert_int_equal(data.column[c].kind, expected[c]);
    assert_true(isnan(data.column[0].number[2]) && data.column[0].number[3] == -300);
    assert_string_equal(data.column[1].value[0], "red"); /* by first appearance */
    assert_int_equal(data.column[1].code[3], NO_VALUE);
    assert_int_equal(data.column[1].code[4], 1);
    dataset_name_specials(&data);
    assert_int_equal(data.identity, 4);
    assert_int_equal(data.label, 5);
    dataset_release(&data);
}

static void names_are_clean_and_unique(void **state)
{
    (void)state;
    struct dataset data = table(1);
    dataset_add_column(&data, "a\x1b[2J", COLUMN_TEXT);
    dataset_add_column(&data, "x", COLUMN_NUMBER);
    dataset_add_column(&data, "X", COLUMN_NUMBER);
    dataset_add_column(&data, "", COLUMN_NUMBER);
    assert_string_equal(data.column[0].name, "a?[2J");
    assert_string_equal(data.column[2].name, "X-2");
    assert_string_equal(data.column[3].name, "column");
    struct column *c = dataset_add_column(&data, "c", COLUMN_CATEGORY);
    assert_int_equal(column_code(c, "one"), 0);
    assert_int_equal(column_code(c, "two"), 1);
    assert_int_equal(column_code(c, "one"), 0);
    assert_int_equal(column_code(c, ""), NO_VALUE);
    column_set_text(&data.column[0], 0, "e\x07vil");
    char cell[8];
    dataset_cell(&data, 0, 0, cell, sizeof cell);
    assert_string_equal(cell, "e?vil");
    dataset_cell(&data, 1, 0, cell, sizeof cell);
    assert_string_equal(cell, "");
    dataset_cell(&data, 77, 0, cell, sizeof cell);
    assert_string_equal(cell, "");
    dataset_drop_column(&data, 1);
    assert_int_equal(dataset_find_column(&data, "c"), 3);
    dataset_release(&data);
}

static void split_by_column(void **state)
{
    (void)state;
    struct dataset data = table(5);
    struct split split;
    struct err err;
    add_texts(&data, "split", (const char *[]){"train", "test", "Train", "", "test"});
    add_texts(&data, "identity", (const char *[]){"a", "b", "c", "d", "a"});
    dataset_sort_kinds(&data, 8, NULL);
    dataset_name_specials(&data);
    assert_true(split_make(&split, &data, 0.6, 1, &err));
    assert_true(split.n_train == 4 && split.n_eval == 1 &&
                split.eval[0] == 1); /* a's test item went with a */
    assert_non_null(strstr(split.rule, "1 moved to train"));
    split_release(&split);
    dataset_release(&data);
}

/* As many identities as train are drawn from them; an identity's items are there as often as it was drawn. */
static void training_identities_drawn_anew(void **state)
{
    (void)state;
    enum { N = 60, EACH = 3 };
    struct dataset data = table(N);
    struct split split, again;
    struct err err;
    const char *name[N];
    char names[N][8];
    size_t times[N] = {0}, n = 0, twice = 0;
    for (int i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i / EACH);
        name[i] = names[i];
    }
    add_texts(&data, "identity", name);
    dataset_sort_kinds(&data, 30, NULL);
    dataset_name_specials(&data);
    assert_true(split_make(&split, &data, 0.5, 1, &err) && split_make(&again, &data, 0.5, 1, &err));
    split_resample(&again, &data, 9);
    assert_int_equal(again.n_train, split.n_train);
    assert_memory_equal(again.eval, split.eval, split.n_eval * sizeof *split.eval);
    for (size_t k = 0; k < again.n_train; k++) {
        times[again.train[k]]++;
        assert_true(k == 0 || again.train[k - 1] <= again.train[k]);
    }
    for (size_t i = 0; i < N; i++) {
        bool trains = false;
        for (size_t k = 0; k < split.n_train; k++)
            trains |= split.train[k] == i;
        assert_true(trains || times[i] == 0);
        assert_int_equal(times[i], times[i / EACH * EACH]);
        n += times[i];
        twice += times[i] > 1;
    }
    assert_int_equal(n, split.n_train);
    assert_true(twice > 0);
    assert_non_null(strstr(again.rule, "drawn anew"));
    split_release(&split);
    split_release(&again);
    dataset_release(&data);
}

static void a_column_with_one_side_says_nothing(void **state)
{
    (void)state;
    struct dataset data = table(4);
    struct split split;
    struct err err;
    add_texts(&data, "split", (const char *[]){"train", "train", "train", "train"});
    dataset_sort_kinds(&data, 8, NULL);
    dataset_name_specials(&data);
    assert_true(split_make(&split, &data, 0.5, 1, &err));
    assert_true(split.n_train == 2 && split.n_eval == 2);
    assert_string_equal(split.rule, "50 % of 4 pictures train");
    split_release(&split);
    dataset_release(&data);
}

static void split_by_identity_stays_with_the_names(void **state)
{
    (void)state;
    struct dataset data = table(6), turned = table(6);
    struct split a, b;
    struct err err;
    add_texts(&data, "identity", (const char *[]){"u", "v", "w", "x", "", ""});
    add_texts(&turned, "identity", (const char *[]){"x", "w", "v", "u", "", ""});
    dataset_sort_kinds(&data, 8, NULL);
    dataset_sort_kinds(&turned, 8, NULL);
    dataset_name_specials(&data);
    dataset_name_specials(&turned);
    assert_true(split_make(&a, &data, 0.5, 3, &err) && split_make(&b, &turned, 0.5, 3, &err));
    bool in_a[6] = {false}, in_b[6] = {false};
    for (size_t k = 0; k < a.n_train; k++)
        in_a[a.train[k]] = true;
    for (size_t k = 0; k < b.n_train; k++)
        in_b[b.train[k]] = true;
    for (int i = 0; i < 4; i++)
        assert_int_equal(in_a[i], in_b[3 - i]);
    split_release(&a);
    split_release(&b);
    assert_true(split_make(&a, &data, 1.0, 3, &err)); /* somebody is held out all the same */
    assert_int_equal(a.n_eval, 1);
    split_release(&a);
    dataset_release(&data);
    dataset_release(&turned);
}

static void a_path_with_a_colon(void **state)
{
    (void)state;
    struct folder folder;
    struct dataset data;
    struct err err;
    char spec[128];
    folder_init(&folder);
    folder_put_png(&folder, "a:size=1/1.png", 20, 20, 1);
    snprintf(spec, sizeof spec, "%s/a:size=1", folder.path); /* a folder of that name is there: no knob */
    assert_true(dataset_open(&data, spec, NULL, &err));
    assert_int_equal(data.width, 20);
    assert_string_equal(data.name, "a:size=1");
    dataset_release(&data);
    snprintf(spec, sizeof spec, "%s/a:size=1:size=8", folder.path);
    assert_true(dataset_open(&data, spec, NULL, &err));
    assert_int_equal(data.width, 8);
    dataset_release(&data);
    folder_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_is_answered_with_what_is_right),
        cmocka_unit_test(options_beside_the_spec),
        cmocka_unit_test(ids_keep_their_leading_zeros),
        cmocka_unit_test(columns_find_their_kind),
        cmocka_unit_test(long_numbers_keep_their_text),
        cmocka_unit_test(long_values_are_kept_apart),
        cmocka_unit_test(names_are_clean_and_unique),
        cmocka_unit_test(split_by_column),
        cmocka_unit_test(training_identities_drawn_anew),
        cmocka_unit_test(a_column_with_one_side_says_nothing),
        cmocka_unit_test(split_by_identity_stays_with_the_names),
        cmocka_unit_test(a_path_with_a_colon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
