/* SPDX-License-Identifier: MIT
 *
 * What is exported, read back: rows in their order, the nearest against a naive search, pictures pixel by
 * pixel.
 */
#include "app/export.h"

#include "base/check.h"
#include "base/file.h"
#include "data/csv.h"
#include "data/image.h"
#include "data/npy.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 40 };

struct world {
    struct fake fake;
    struct folder folder;
    struct marks marks;
};

static int setup(void **state)
{
    struct world *w = xcalloc(1, sizeof *w);
    fake_init(&w->fake, ITEMS, true, 3);
    folder_init(&w->folder);
    float *h = (float *)(uintptr_t)w->fake.now->h;
    for (size_t i = 0; i < ITEMS * w->fake.now->dim_h; i++)
        h[i] = sinf((float)i * 0.37F) + (float)(i % 5) * 0.1F;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    fake_release(&w->fake);
    folder_release(&w->folder);
    marks_release(&w->marks);
    free(w);
    return 0;
}

static struct export_done write_file(struct world *w, struct export_order *order, const char *name)
{
    struct export_done done = {false, ""};
    snprintf(order->path, sizeof order->path, "%s", folder_at(&w->folder, name));
    struct export_work work = {*order, &w->fake.data, w->fake.now, &w->marks};
    export_write(&work, NULL, &done);
    return done;
}

static void attributes_go_with_ids_in_the_order_given(void **state)
{
    struct world *w = *state;
    static const uint32_t item[] = {30, 2, 17};
    static const float value[] = {0.5F, NAN, -1};
    struct export_order order = {.item = item, .value = value, .value_name = "similar", .n = 3};
    struct export_done done = write_file(w, &order, "a.csv");
    if (!done.fine)
        fail_msg("%s", done.text);
    struct csv csv;
    struct err err;
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv.rows, 3);
    assert_string_equal(csv.name[0], "id");
    assert_string_equal(csv.name[1], "similar");
    assert_string_equal(csv.cell[0], "30");
    assert_string_equal(csv.cell[1], "0.5");
    assert_string_equal(csv.cell[csv.columns + 1], "");
    const struct column *shape = &w->fake.data.column[0];
    assert_string_equal(csv.cell[2 * csv.columns + 2], shape->value[shape->code[17]]);
    csv_release(&csv);
    done = write_file(w, &order, "a.csv");
    assert_false(done.fine);
    assert_non_null(strstr(done.text, "export! writes over it"));
    order.over = true;
    assert_true(write_file(w, &order, "a.csv").fine);
}

static double cosine(const struct world *w, size_t a, size_t b)
{
    size_t d = w->fake.now->dim_h;
    const float *h = w->fake.now->h;
    double ab = 0, aa = 0, bb = 0;
    for (size_t j = 0; j < d; j++) {
        ab += (double)h[a * d + j] * (double)h[b * d + j];
        aa += (double)h[a * d + j] * (double)h[a * d + j];
        bb += (double)h[b * d + j] * (double)h[b * d + j];
    }
    return ab / sqrt(aa * bb);
}

static void the_nearest_are_the_nearest(void **state)
{
    struct world *w = *state;
    static const uint32_t item[] = {11};
    struct export_order order = {.item = item, .n = 12, .nearest = true, .of_step = true};
    assert_true(write_file(w, &order, "near.csv").fine);
    struct csv csv;
    struct err err;
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv.rows, 12);
    assert_true(csv_find(&csv, "near") == 1 && csv_find(&csv, "rank") == 2 &&
                csv_find(&csv, "similarity") == 3 && csv_find(&csv, "step") == 4);
    bool listed[ITEMS] = {false};
    double last = 2;
    for (size_t r = 0; r < csv.rows; r++) {
        size_t id = (size_t)atoi(csv.cell[r * csv.columns]);
        double similarity = atof(csv.cell[r * csv.columns + 3]);
        assert_int_equal(atoi(csv.cell[r * csv.columns + 1]), w->fake.now->item[11]);
        assert_int_equal(atoi(csv.cell[r * csv.columns + 2]), r + 1);
        assert_int_equal(atoi(csv.cell[r * csv.columns + 4]), w->fake.now->step);
        assert_true(id != 11 && !listed[id]);
        assert_true(fabs(similarity - cosine(w, 11, id)) < 1e-5 && similarity <= last + 1e-6);
        listed[id] = true;
        last = similarity;
    }
    for (size_t i = 0; i < ITEMS; i++)
        assert_true(i == 11 || listed[i] || cosine(w, 11, i) <= last + 1e-6);
    csv_release(&csv);
    order.n = 500;
    order.over = true;
    assert_true(write_file(w, &order, "near.csv").fine);
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv.rows, ITEMS - 1);
    csv_release(&csv);
}

static void embeddings_and_pictures_are_those_of_the_items(void **state)
{
    struct world *w = *state;
    static const uint32_t item[] = {5, 39, 0, 8, 21};
    struct export_order order = {.item = item, .n = 5};
    size_t d = w->fake.now->dim_h;
    struct table table;
    struct err err;
    assert_true(write_file(w, &order, "h.npy").fine);
    assert_true(npy_read(order.path, &table, &err));
    assert_int_equal(table.rows, 5);
    assert_int_equal(table.columns, d);
    for (size_t i = 0; i < 5 * d; i++)
        assert_true((float)table.values[i] == w->fake.now->h[item[i / d] * d + i % d]);
    table_release(&table);
    assert_true(write_file(w, &order, "sheet.png").fine);
    size_t length;
    char *bytes = file_read(order.path, 1 << 20, &length, &err);
    struct image image;
    assert_true(image_load(bytes, length, &image, &err));
    assert_int_equal(image.width, 2 + 3 * 66);
    assert_int_equal(image.height, 2 + 2 * 66);
    const uint8_t *third = dataset_pixels(&w->fake.data, 0), *fifth = dataset_pixels(&w->fake.data, 21);
    for (int y = 0; y < 32; y++)
        for (int x = 0; x < 32; x++) {
            const uint8_t *a = image.pixels + ((2 + 2 * y) * image.width + 2 + 2 * 66 + 2 * x) * 3;
            const uint8_t *b = image.pixels + ((68 + 2 * y + 1) * image.width + 2 + 66 + 2 * x + 1) * 3;
            assert_memory_equal(a, third + (y * 32 + x) * 3, 3);
            assert_memory_equal(b, fifth + (y * 32 + x) * 3, 3);
        }
    image_release(&image);
    free(bytes);
}

static void what_cannot_be_written_is_said(void **state)
{
    struct world *w = *state;
    static const uint32_t item[] = {5};
    struct export_order order = {.item = item, .n = 1};
    assert_non_null(strstr(write_file(w, &order, "a.xlsx").text, "ends with .csv"));
    assert_non_null(strstr(write_file(w, &order, "no/such/folder/a.csv").text, "no/such/folder"));
    order.n = 0;
    assert_non_null(strstr(write_file(w, &order, "a.npy").text, "nothing to write"));
    marks_put(&w->marks, 3, 4, MARK_DUPLICATE);
    order.marks = true;
    assert_non_null(strstr(write_file(w, &order, "marks.csv").text, "1 marks written"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(attributes_go_with_ids_in_the_order_given),
        TEST(the_nearest_are_the_nearest),
        TEST(embeddings_and_pictures_are_those_of_the_items),
        TEST(what_cannot_be_written_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
