/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <string.h>

enum { PLANE = 1024, ROW = 3 * PLANE + 1 };

static void build(uint8_t *file, int rows, int labels)
{
    for (int i = 0; i < rows; i++) {
        uint8_t *row = file + i * (3 * PLANE + labels);
        for (int k = 0; k < labels; k++)
            row[k] = (uint8_t)(2 * i + k);
        for (int c = 0; c < 3; c++)
            memset(row + labels + c * PLANE, 10 * (c + 1) + i, PLANE);
    }
}

static void a_folder_of_ten(void **state)
{
    (void)state;
    static uint8_t file[3 * ROW];
    struct folder folder;
    struct dataset data;
    struct split split;
    struct err err;
    folder_init(&folder);
    build(file, 3, 1);
    folder_put(&folder, "data_batch_1.bin", file, 3 * ROW);
    folder_put(&folder, "test_batch.bin", file, ROW);
    folder_put_text(&folder, "batches.meta.txt", "airplane\nautomobile\nbird\n");
    if (!dataset_open(&data, folder.path, NULL, &err))
        fail_msg("%s", err.text);
    assert_true(data.n == 4 && data.channels == 3 && data.height == 32);
    const uint8_t *pixel = dataset_pixels(&data, 2) + 3 * 77;
    assert_true(pixel[0] == 12 && pixel[1] == 22 && pixel[2] == 32); /* planes became pixels */
    char cell[24];
    dataset_cell(&data, data.label, 1, cell, sizeof cell);
    assert_string_equal(cell, "bird");
    dataset_cell(&data, data.label, 2, cell, sizeof cell);
    assert_string_equal(cell, "4"); /* no name for it: its number */
    assert_true(split_make(&split, &data, 0.5, 1, &err));
    assert_true(split.n_eval == 1 && split.eval[0] == 3);
    split_release(&split);
    dataset_release(&data);
    folder_release(&folder);
}

static void one_batch_of_a_hundred(void **state)
{
    (void)state;
    static uint8_t file[2 * (ROW + 1)];
    struct dataset data;
    struct err err;
    build(file, 2, 2);
    assert_true(dataset_parse(&data, "cifar", file, sizeof file, &err));
    assert_int_equal(data.n, 2);
    char coarse[24], fine[24];
    dataset_cell(&data, dataset_find_column(&data, "coarse"), 1, coarse, sizeof coarse);
    dataset_cell(&data, data.label, 1, fine, sizeof fine);
    assert_string_equal(coarse, "2");
    assert_string_equal(fine, "3");
    dataset_release(&data);
}

static void what_is_not_whole_rows_is_refused(void **state)
{
    (void)state;
    static uint8_t file[2 * ROW];
    struct folder folder;
    struct dataset data;
    struct err err;
    build(file, 2, 1);
    assert_false(dataset_parse(&data, "cifar", file, 2 * ROW - 1, &err));
    assert_non_null(strstr(err.text, "truncated"));
    assert_false(dataset_parse(&data, "cifar", file, 0, &err));
    folder_init(&folder);
    folder_put(&folder, "data_batch_1.bin", file, 2 * ROW);
    folder_put(&folder, "train.bin", file, ROW + 1);
    assert_false(dataset_open(&data, folder.path, NULL, &err));
    assert_non_null(strstr(err.text, "train.bin: CIFAR-100 beside CIFAR-10"));
    folder_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_of_ten),
        cmocka_unit_test(one_batch_of_a_hundred),
        cmocka_unit_test(what_is_not_whole_rows_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
