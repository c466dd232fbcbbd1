/* SPDX-License-Identifier: MIT */
#include "base/strbuf.h"
#include "data/dataset.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct dataset opened(const char *spec)
{
    struct dataset data;
    struct err err;
    if (!dataset_open(&data, spec, NULL, &err))
        fail_msg("%s", err.text);
    return data;
}

static void refused(struct folder *folder, const char *spec, const char *why)
{
    struct dataset data;
    struct err err;
    assert_false(dataset_open(&data, spec, NULL, &err));
    if (!strstr(err.text, why))
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_null(data.pixels);
    folder_release(folder);
}

static void assert_cell(const struct dataset *data, const char *column, size_t item, const char *expected)
{
    char cell[64];
    dataset_cell(data, dataset_find_column(data, column), item, cell, sizeof cell);
    assert_string_equal(cell, expected);
}

static void subfolders_are_labels(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    folder_put_png(&folder, "dog/1.png", 16, 12, 3);
    folder_put_png(&folder, "cat/2.png", 16, 12, 3);
    folder_put_png(&folder, "cat/1.PNG", 16, 12, 3);
    folder_put_text(&folder, ".hidden.png", "not read");
    char pipe[300];
    snprintf(pipe, sizeof pipe, "%s/cat/3.png", folder.path);
    assert_int_equal(mkfifo(pipe, 0600), 0); /* not waited for, and no reason to refuse the rest */
    struct dataset data = opened(folder.path);
    assert_true(data.n == 3 && data.width == 16 && data.height == 12 && data.channels == 3);
    assert_cell(&data, "label", 0, "cat");
    assert_cell(&data, "label", 2, "dog");
    assert_cell(&data, "file", 1, "cat/2.png");
    assert_int_equal(data.label, dataset_find_column(&data, "label"));
    assert_string_equal(data.note, "");
    dataset_release(&data);
    folder_release(&folder);
}

static void split_folders_split(void **state)
{
    (void)state;
    struct folder folder;
    struct split split;
    struct err err;
    folder_init(&folder);
    folder_put_png(&folder, "train/cat/1.png", 8, 8, 1);
    folder_put_png(&folder, "train/dog/2.png", 8, 8, 1);
    folder_put_png(&folder, "val/cat/3.png", 8, 8, 1);
    struct dataset data = opened(folder.path);
    assert_cell(&data, "label", 2, "cat");
    assert_true(split_make(&split, &data, 0.5, 1, &err));
    assert_true(split.n_train == 2 && split.n_eval == 1 && split.eval[0] == 2);
    split_release(&split);
    dataset_release(&data);
    folder_release(&folder);
}

static void mixed_sizes_are_fitted_and_it_is_said(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    folder_put_png(&folder, "a.png", 10, 10, 1);
    folder_put_png(&folder, "b.png", 200, 100, 3);
    folder_put_png(&folder, "c.png", 200, 100, 3);
    folder_put_text(&folder, "README", "x");
    struct dataset data = opened(folder.path);
    assert_true(data.width == 64 && data.height == 32 && data.channels == 3);
    assert_string_equal(data.note,
                        "3 of 3 pictures fitted to 64x32 (1 of another shape: their middle), 1 grey ones "
                        "beside colour, 1 files that are no pictures left out");
    dataset_release(&data);
    char spec[100];
    snprintf(spec, sizeof spec, "%s:size=16", folder.path);
    data = opened(spec);
    assert_true(data.width == 16 && data.height == 8);
    assert_string_equal(data.args, spec);
    dataset_release(&data);
    folder_release(&folder);
}

/* No size is that of most: a square, which stretches nothing. */
static void of_many_shapes_the_middle_is_learnt_from(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    folder_put_png(&folder, "a.png", 60, 20, 1);
    folder_put_png(&folder, "b.png", 20, 60, 1);
    folder_put_png(&folder, "c.png", 20, 20, 1);
    folder_put_png(&folder, "d.png", 40, 40, 1);
    struct dataset data = opened(folder.path);
    assert_true(data.width == 20 && data.height == 20);
    assert_string_equal(data.note, "3 of 4 pictures fitted to 20x20 (2 of another shape: their middle)");
    dataset_release(&data);
    folder_put_png(&folder, "e.png", 120, 40, 1); /* of seven four are wide, as one when averaged down */
    folder_put_png(&folder, "f.png", 30, 10, 1);
    folder_put_png(&folder, "g.png", 60, 20, 1);
    char spec[100];
    snprintf(spec, sizeof spec, "%s:size=30", folder.path);
    data = opened(spec);
    assert_true(data.width == 30 && data.height == 10);
    dataset_release(&data);
    folder_release(&folder);
}

static void items_csv_brings_attributes(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    folder_put_png(&folder, "x/1.png", 8, 8, 1);
    folder_put_png(&folder, "x/2.png", 8, 8, 1);
    folder_put_png(&folder, "3.png", 8, 8, 1);
    folder_put_text(&folder, "items.csv",
                    "id,File,label,group,weight,identity\n7,2.png,b,old,1.5,p1\n8,3.png,a,young,,p1\n");
    struct dataset data = opened(folder.path);
    assert_cell(&data, "file", 0, "3.png");
    assert_cell(&data, "label", 0, "a");
    assert_cell(&data, "label", 1, ""); /* no row for it */
    assert_cell(&data, "weight", 2, "1.5");
    assert_cell(&data, "item", 2, "7");
    assert_int_equal(data.column[dataset_find_column(&data, "weight")].kind, COLUMN_NUMBER);
    /* names, not values */
    assert_int_equal(data.column[dataset_find_column(&data, "item")].kind, COLUMN_TEXT);
    assert_int_equal(data.column[dataset_find_column(&data, "file")].kind, COLUMN_TEXT);
    assert_int_equal(data.column[data.identity].kind, COLUMN_CATEGORY);
    assert_int_equal(data.column[data.group].n_values, 2);
    dataset_release(&data);
    folder_release(&folder);
}

/* The first picture's two ids are one number as floats; so many are numbers, not categories. */
static void the_digest_knows_long_ids_apart(void **state)
{
    (void)state;
    enum { PICTURES = 12 };
    char sha256[2][65];
    struct folder folder;
    folder_init(&folder);
    for (int i = 0; i < 2; i++) {
        struct strbuf items = {0};
        strbuf_puts(&items, "file,code\n");
        for (int k = 0; k < PICTURES; k++) {
            char name[16];
            snprintf(name, sizeof name, "%d.png", k);
            folder_put_png(&folder, name, 8, 8, 1);
            strbuf_printf(&items, "%s,%lld\n", name, 9000000000000LL + 2 * k + (k == 0 && i));
        }
        folder_put_text(&folder, "items.csv", strbuf_text(&items));
        strbuf_release(&items);
        struct dataset data = opened(folder.path);
        snprintf(sha256[i], sizeof sha256[i], "%s", data.sha256);
        dataset_release(&data);
    }
    assert_string_not_equal(sha256[0], sha256[1]);
    folder_release(&folder);
}

static void items_csv_that_does_not_match(void **state)
{
    (void)state;
    static const struct {
        const char *table, *why;
    } cases[] = {
        {"file,label\n1.png,a\nnix.png,b\n", "items.csv: line 3: no picture 'nix.png'"},
        {"file,label\n1.png,a\n1.png,b\n", "line 3: '1.png' was already on line 2"},
        {"name,label\n1.png,a\n", "no column called 'file'"},
        {"file,label\n1.png\n", "line 2: 1 columns"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct folder folder;
        folder_init(&folder);
        folder_put_png(&folder, "1.png", 8, 8, 1);
        folder_put_text(&folder, "items.csv", cases[i].table);
        refused(&folder, folder.path, cases[i].why);
    }
}

static void what_is_no_picture_is_named(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    folder_put_png(&folder, "good.png", 8, 8, 1);
    folder_put_text(&folder, "evil\x1b[31m.png", "<html>");
    refused(&folder, folder.path, "evil?[31m.png: not a PNG, JPEG or BMP");
    folder_init(&folder);
    folder_put_text(&folder, "anim.gif", "GIF89a");
    refused(&folder, folder.path, "anim.gif: this kind of picture is not read: convert it");
}

static void empty_folder_and_one_picture(void **state)
{
    (void)state;
    struct folder folder;
    struct split split;
    struct err err;
    folder_init(&folder);
    refused(&folder, folder.path, "no pictures in this folder: put PNG");
    folder_init(&folder);
    folder_put_png(&folder, "only.png", 8, 8, 1);
    struct dataset data = opened(folder.path);
    assert_false(split_make(&split, &data, 0.6, 1, &err));
    assert_non_null(strstr(err.text, "1 picture; training needs at least 2"));
    dataset_release(&data);
    char path[100];
    snprintf(path, sizeof path, "%s/only.png", folder.path);
    refused(&folder, path, "give the folder it is in");
}

static void the_sample_pictures(void **state)
{
    (void)state;
    struct dataset data = opened("assets/sample"), drawn = opened("tiles:n=60,seed=7,group-share=0.25");
    assert_true(data.n == 60 && data.height == 32 && data.channels == 3);
    assert_string_equal(data.note, "");
    assert_string_equal(data.column[data.label].name, "label");
    assert_int_equal(data.column[data.identity].n_values, 12);
    for (size_t k = 0; k < 60 * 32 * 32 * 3;
         k++) /* `make assets` draws them anew; another libm may round one up */
        assert_in_range(data.pixels[k] + 1, drawn.pixels[k], drawn.pixels[k] + 2);
    assert_cell(&data, "light", 7, drawn.column[drawn.group].value[drawn.column[drawn.group].code[7]]);
    dataset_release(&data);
    dataset_release(&drawn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subfolders_are_labels),
        cmocka_unit_test(split_folders_split),
        cmocka_unit_test(mixed_sizes_are_fitted_and_it_is_said),
        cmocka_unit_test(of_many_shapes_the_middle_is_learnt_from),
        cmocka_unit_test(items_csv_brings_attributes),
        cmocka_unit_test(the_digest_knows_long_ids_apart),
        cmocka_unit_test(items_csv_that_does_not_match),
        cmocka_unit_test(what_is_no_picture_is_named),
        cmocka_unit_test(the_sample_pictures),
        cmocka_unit_test(empty_folder_and_one_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
