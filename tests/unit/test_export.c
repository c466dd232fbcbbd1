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
#include "train/config.h"

#include <jansson.h>
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

/* The moment lies in `now`; the requests are of it. */
static struct export_done write_file(struct world *w, struct export_order *order, const char *name)
{
    struct export_done done = {false, ""};
    snprintf(order->path, sizeof order->path, "%s", folder_at(&w->folder, name));
    order->nearest.snapshot = order->values.snapshot = w->fake.now;
    struct export_work work = {.order = *order,
                               .scene = {.data = &w->fake.data},
                               .snapshot = w->fake.now,
                               .marks = &w->marks,
                               .run = "run 2",
                               .folder = "/runs/x"};
    export_write(&work, NULL, &done);
    return done;
}

static struct export_order near_order(uint32_t item, int k, enum space_kind space, enum metric metric)
{
    struct export_order order = {.near = true, .n = (size_t)k, .of_step = true};
    order.nearest.kind = REQUEST_SPACES;
    order.nearest.spaces =
        (struct spaces_question){.item = (int)item, .k = k, .metric = metric, .space = space};
    return order;
}

static json_t *about(const struct export_order *order)
{
    char path[300];
    snprintf(path, sizeof path, "%s.json", order->path);
    json_t *root = json_load_file(path, 0, NULL);
    assert_non_null(root);
    return root;
}

static long number_in(const json_t *root, const char *key)
{
    return (long)json_integer_value(json_object_get(root, key));
}

static const char *text_in(const json_t *root, const char *key)
{
    return json_string_value(json_object_get(root, key));
}

static void attributes_go_with_ids_in_the_order_given(void **state)
{
    struct world *w = *state;
    static const uint32_t item[] = {30, 2, 17};
    struct export_order order = {.item = item, .n = 3};
    order.values.kind = REQUEST_VALUES;
    order.values.values = (struct values_question){1U << QUANTITY_similarity, 17, 0};
    struct export_done done = write_file(w, &order, "a.csv");
    if (!done.fine)
        fail_msg("%s", done.text);
    struct csv csv;
    struct err err;
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv.rows, 3);
    assert_string_equal(csv.name[0], "id");
    assert_string_equal(csv.name[1], "similar");
    assert_string_equal(csv.name[2], "shape");
    assert_string_equal(csv.name[csv.columns - 2], "run");
    assert_string_equal(csv.name[csv.columns - 1], "seed");
    assert_string_equal(csv.cell[0], "30");
    assert_true(fabs(atof(csv.cell[1]) - cosine(w, 30, 17)) < 1e-5);
    const struct column *shape = &w->fake.data.column[0];
    assert_string_equal(csv.cell[2 * csv.columns + 2], shape->value[shape->code[17]]);
    csv_release(&csv);
    done = write_file(w, &order, "a.csv");
    assert_false(done.fine);
    assert_non_null(strstr(done.text, "export! writes over it"));
    order.over = true;
    assert_true(write_file(w, &order, "a.csv").fine);
}

/* A column of the data keeps its values under a name of its own. */
static void no_two_columns_are_called_the_same(void **state)
{
    struct world *w = *state;
    static const uint32_t item[] = {4};
    struct csv csv;
    struct err err;
    struct export_order order = {.item = item, .n = 1};
    free(w->fake.data.column[0].name);
    w->fake.data.column[0].name = xstrdup("Seed");
    assert_true(write_file(w, &order, "a.csv").fine);
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv_find(&csv, "data_Seed"), 1);
    assert_int_equal(csv_find(&csv, "seed"), csv.columns - 1);
    csv_release(&csv);
}

static double apart(const float *rows, size_t d, size_t a, size_t b)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
        double by = (double)rows[a * d + j] - (double)rows[b * d + j];
        sum += by * by;
    }
    return sqrt(sum);
}

static void the_nearest_are_the_nearest(void **state)
{
    struct world *w = *state;
    struct export_order order = near_order(11, 12, SPACE_H, METRIC_COSINE);
    struct export_done done = write_file(w, &order, "near.csv");
    if (!done.fine)
        fail_msg("%s", done.text);
    assert_non_null(strstr(done.text, " by cosine in h at step 120 → "));
    struct csv csv;
    struct err err;
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv.rows, 12);
    static const char *const first[] = {"id", "near", "rank", "similarity", "shape"};
    static const char *const last_ones[] = {"space", "metric", "step", "run", "seed"};
    for (size_t c = 0; c < 5; c++) {
        assert_string_equal(csv.name[c], first[c]);
        assert_string_equal(csv.name[csv.columns - 5 + c], last_ones[c]);
    }
    bool listed[ITEMS] = {false};
    double last = 2;
    for (size_t r = 0; r < csv.rows; r++) {
        char *const *cell = csv.cell + r * csv.columns;
        size_t id = (size_t)atoi(cell[0]);
        double similarity = atof(cell[3]);
        assert_int_equal(atoi(cell[1]), w->fake.now->item[11]);
        assert_int_equal(atoi(cell[2]), r + 1);
        char *const *behind = cell + csv.columns - 5;
        assert_string_equal(behind[0], "h");
        assert_string_equal(behind[1], "cosine");
        assert_int_equal(atoi(behind[2]), w->fake.now->step);
        assert_string_equal(behind[3], "run 2");
        assert_int_equal(atoi(behind[4]), w->fake.now->seed);
        assert_true(id != 11 && !listed[id]);
        assert_true(fabs(similarity - cosine(w, 11, id)) < 1e-5 && similarity <= last + 1e-6);
        listed[id] = true;
        last = similarity;
    }
    for (size_t i = 0; i < ITEMS; i++)
        assert_true(i == 11 || listed[i] || cosine(w, 11, i) <= last + 1e-6);
    csv_release(&csv);
    order = near_order(11, 500, SPACE_H, METRIC_COSINE);
    order.over = true;
    assert_true(write_file(w, &order, "near.csv").fine);
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv.rows, ITEMS - 1);
    csv_release(&csv);
}

/* By distance, and in z: what is asked for is what is written, in the table, the rows and beside them. */
static void the_metric_and_the_space_are_those_asked_for(void **state)
{
    struct world *w = *state;
    const struct snapshot *s = w->fake.now;
    struct csv csv;
    struct table table;
    struct err err;
    struct export_order order = near_order(7, 5, SPACE_Z, METRIC_EUCLIDEAN);
    float *z = (float *)(uintptr_t)s->z;
    assert_non_null(z);
    for (size_t i = 0; i < ITEMS * s->dim_z; i++)
        z[i] = cosf((float)i * 0.61F) * (float)(1 + i % 7);
    assert_true(write_file(w, &order, "near.csv").fine);
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv.rows, 5);
    assert_string_equal(csv.name[3], "distance");
    assert_string_equal(csv.cell[csv_find(&csv, "space")], "z");
    assert_string_equal(csv.cell[csv_find(&csv, "metric")], "euclidean");
    json_t *root = about(&order);
    assert_int_equal(number_in(root, "near"), 7);
    assert_int_equal(number_in(root, "step"), 120);
    assert_int_equal(number_in(root, "seed"), (long)s->seed);
    assert_int_equal(number_in(root, "n"), 5);
    assert_string_equal(text_in(root, "space"), "z");
    assert_string_equal(text_in(root, "metric"), "euclidean");
    assert_string_equal(text_in(root, "run"), "run 2");
    assert_string_equal(text_in(root, "folder"), "/runs/x");
    assert_string_equal(text_in(root, "file"), "near.csv");
    assert_string_equal(text_in(json_object_get(root, "dataset"), "sha256"), w->fake.data.sha256);
    struct export_order same = near_order(7, 5, SPACE_Z, METRIC_EUCLIDEAN);
    assert_true(write_file(w, &same, "near.npy").fine);
    assert_true(npy_read(same.path, &table, &err));
    assert_true(table.rows == 5 && table.columns == s->dim_z);
    double last = 0;
    for (size_t r = 0; r < 5; r++) {
        size_t id = (size_t)atoi(csv.cell[r * csv.columns]);
        double distance = atof(csv.cell[r * csv.columns + 3]);
        assert_true(fabs(distance - apart(z, s->dim_z, 7, id)) < 1e-4 && distance >= last);
        last = distance;
        assert_int_equal(json_integer_value(json_array_get(json_object_get(root, "id"), r)), id);
        assert_true(fabs(json_number_value(json_array_get(json_object_get(root, "distance"), r)) - distance) <
                    1e-6);
        for (size_t j = 0; j < s->dim_z; j++)
            assert_true((float)table.values[r * s->dim_z + j] == z[id * s->dim_z + j]);
    }
    size_t nearer = 0;
    for (size_t i = 0; i < ITEMS; i++)
        nearer += i != 7 && apart(z, s->dim_z, 7, i) < last - 1e-6;
    assert_int_equal(nearer, 4);
    json_decref(root);
    table_release(&table);
    csv_release(&csv);
}

/* Another temperature and no more is said; who was never asked is not in the pool. */
static void what_is_beside_it_says_settings_and_pool(void **state)
{
    struct world *w = *state;
    struct snapshot *now = w->fake.now;
    struct config config;
    struct err err;
    config_default(&config, &w->fake.data);
    assert_true(config_set(&config, "method", "moco", &err) && config_set(&config, "tau", "0.35", &err));
    config_settings(&config, w->fake.data.channels, &now->settings);
    w->fake.data.n++; /* one that is not watched */
    struct export_order order = near_order(7, 5, SPACE_H, METRIC_COSINE);
    assert_true(write_file(w, &order, "near.csv").fine);
    w->fake.data.n--;
    json_t *root = about(&order), *settings = json_object_get(root, "settings");
    assert_int_equal(json_object_size(settings), 2);
    assert_string_equal(text_in(settings, "method"), "moco");
    assert_string_equal(text_in(settings, "tau"), "0.35");
    json_t *pool = json_object_get(root, "pool"), *id = json_object_get(pool, "id");
    assert_int_equal(number_in(pool, "n"), ITEMS - 1);
    assert_int_equal(number_in(pool, "of"), ITEMS + 1);
    assert_int_equal(json_array_size(id), ITEMS - 1);
    for (size_t i = 0; i < ITEMS - 1; i++)
        assert_int_equal(json_integer_value(json_array_get(id, i)), now->item[i < 7 ? i : i + 1]);
    json_decref(root);
    static const uint32_t item[] = {5};
    struct export_order one = {.item = item, .n = 1};
    assert_true(write_file(w, &one, "one.csv").fine);
    root = about(&one);
    pool = json_object_get(root, "pool");
    assert_int_equal(number_in(pool, "n"), ITEMS);
    assert_null(json_object_get(pool, "id")); /* all there are */
    json_decref(root);
}

/* Several taken together are none of them. */
static void near_to_several(void **state)
{
    struct world *w = *state;
    uint64_t word = 1U << 3 | 1U << 9;
    struct csv csv;
    struct err err;
    struct export_order order = near_order(0, 6, SPACE_H, METRIC_COSINE);
    order.nearest.spaces.of = NEAR_SET;
    order.nearest.set[0] = (struct request_set){&word, ITEMS};
    assert_true(write_file(w, &order, "near.csv").fine);
    assert_true(csv_read(order.path, &csv, &err));
    assert_int_equal(csv.rows, 6);
    for (size_t r = 0; r < csv.rows; r++) {
        long id = atol(csv.cell[r * csv.columns]);
        assert_true(id != 3 && id != 9);
        assert_string_equal(csv.cell[r * csv.columns + 1], "selected");
    }
    json_t *root = about(&order), *near = json_object_get(root, "near");
    assert_int_equal(json_array_size(near), 2);
    assert_int_equal(json_integer_value(json_array_get(near, 1)), 9);
    json_decref(root);
    csv_release(&csv);
}

static void load_sheet(const struct export_order *order, struct image *image)
{
    struct err err;
    size_t length;
    char *bytes = file_read(order->path, 1 << 24, &length, &err);
    assert_non_null(bytes);
    assert_true(image_load(bytes, length, image, &err));
    free(bytes);
}

/* Its picture stands there, each pixel `scale` high and wide. */
static void assert_picture(const struct world *w, const struct image *sheet, int left, int top, size_t item)
{
    const uint8_t *picture = dataset_pixels(&w->fake.data, item);
    for (int y = 0; y < 64; y++)
        for (int x = 0; x < 64; x++)
            assert_memory_equal(sheet->pixels + ((top + y) * sheet->width + left + x) * 3,
                                picture + (y / 2 * 32 + x / 2) * 3, 3);
}

enum { CELL_WIDE = 64 + 8, CELL_HIGH = 64 + 4 + 10 + 8, EDGE = 8 };

/* The item first, in a frame, then the nearest in their order; what is ahead in a line is left of it. */
static void a_sheet_of_the_nearest_begins_with_the_item(void **state)
{
    struct world *w = *state;
    struct image sheet;
    struct export_order order = near_order(7, 5, SPACE_H, METRIC_COSINE);
    assert_true(write_file(w, &order, "near.png").fine);
    load_sheet(&order, &sheet);
    json_t *root = about(&order), *id = json_object_get(root, "id");
    int columns = (sheet.width - 2 * EDGE + 8) / CELL_WIDE;
    assert_int_equal(json_array_size(id), 5);
    assert_picture(w, &sheet, EDGE, EDGE, 7);
    for (int i = 1; i <= 5; i++)
        assert_picture(w, &sheet, EDGE + i % columns * CELL_WIDE, EDGE + i / columns * CELL_HIGH,
                       (size_t)json_integer_value(json_array_get(id, (size_t)i - 1)));
    assert_int_equal(sheet.pixels[(7 * sheet.width + 20) * 3], 255); /* the frame */
    assert_int_not_equal(sheet.pixels[(7 * sheet.width + 20 + CELL_WIDE) * 3], 255);
    json_decref(root);
    image_release(&sheet);
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
    json_t *root = about(&order);
    assert_int_equal(json_integer_value(json_array_get(json_object_get(root, "id"), 3)), 8);
    json_decref(root);
    assert_true(write_file(w, &order, "sheet.png").fine);
    struct image sheet;
    load_sheet(&order, &sheet);
    assert_int_equal(sheet.width, 2 * EDGE + 3 * CELL_WIDE - 8);
    assert_int_equal(sheet.height, 2 * EDGE + 2 * CELL_HIGH - 8);
    assert_picture(w, &sheet, EDGE + 2 * CELL_WIDE, EDGE, 0);
    assert_picture(w, &sheet, EDGE + CELL_WIDE, EDGE + CELL_HIGH, 21);
    image_release(&sheet);
}

static void what_cannot_be_written_is_said(void **state)
{
    struct world *w = *state;
    static const uint32_t item[] = {5};
    struct export_order order = {.item = item, .n = 1};
    assert_non_null(strstr(write_file(w, &order, "a.xlsx").text, "ends with .csv"));
    assert_non_null(strstr(write_file(w, &order, "no/such/folder/a.csv").text, "no/such/folder"));
    order.nearest.spaces.space = SPACE_UNTRAINED;
    assert_non_null(strstr(write_file(w, &order, "a.npy").text, "there is no untrained at step 120"));
    order.n = 0;
    assert_non_null(strstr(write_file(w, &order, "a.npy").text, "nothing to write"));
    order.values.kind = REQUEST_VALUES; /* nor are numbers of nothing */
    order.values.values = (struct values_question){1U << QUANTITY_similarity, 17, 0};
    assert_non_null(strstr(write_file(w, &order, "a.csv").text, "nothing to write"));
    struct export_order near = near_order(5, 3, SPACE_UNTRAINED, METRIC_COSINE);
    assert_non_null(strstr(write_file(w, &near, "a.csv").text, "nothing is near it in untrained"));
    marks_put(&w->marks, 3, 4, MARK_DUPLICATE);
    order.marks = true;
    assert_non_null(strstr(write_file(w, &order, "marks.csv").text, "1 marks written"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(attributes_go_with_ids_in_the_order_given),
        TEST(no_two_columns_are_called_the_same),
        TEST(the_nearest_are_the_nearest),
        TEST(the_metric_and_the_space_are_those_asked_for),
        TEST(what_is_beside_it_says_settings_and_pool),
        TEST(near_to_several),
        TEST(a_sheet_of_the_nearest_begins_with_the_item),
        TEST(embeddings_and_pictures_are_those_of_the_items),
        TEST(what_cannot_be_written_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
