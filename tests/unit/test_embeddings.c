/* SPDX-License-Identifier: MIT
 *
 * Tables of embeddings made elsewhere: which columns are the embedding, what is known of the items, and what
 * is said where the two do not fit.
 */
#include "base/file.h"
#include "data/embeddings.h"
#include "data/npy.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <math.h>
#include <string.h>

static struct embeddings parsed(const char *text)
{
    struct embeddings e;
    struct err err;
    if (!embeddings_parse_csv(&e, text, strlen(text), &err))
        fail_msg("%s", err.text);
    return e;
}

static void is_table(const char *text, size_t n, size_t d, const float *rows)
{
    struct embeddings e = parsed(text);
    assert_int_equal(e.n, n);
    assert_int_equal(e.d, d);
    for (size_t i = 0; i < n * d; i++)
        assert_true(e.rows[i] == rows[i] || (isnan(e.rows[i]) && isnan(rows[i])));
    embeddings_release(&e);
}

static void numbered_columns_are_the_embedding(void **state)
{
    (void)state;
    is_table("id,e0,e1,label\n7,1,2,x\n8,3,4,y\n", 2, 2, (const float[]){1, 2, 3, 4});
    is_table("size\tdim1\tdim2\tdim3\n9\t1\t2\t3\n", 1, 3, (const float[]){1, 2, 3});
    is_table("0,1,2\n5,6,7\n", 1, 3, (const float[]){5, 6, 7}); /* pandas names columns so */
}

static void without_a_series_all_numbers_are(void **state)
{
    (void)state;
    is_table("id,width,name,height\n1,10,a,20\n2,11,b,21\n", 2, 2, (const float[]){10, 20, 11, 21});
}

static void a_first_line_of_numbers_is_a_row(void **state)
{
    (void)state;
    is_table("0.5,1\n-2,3e1\n", 2, 2, (const float[]){0.5F, 1, -2, 30});
    is_table("1\t2\n", 1, 2, (const float[]){1, 2});
    is_table("nan,1\n2,inf\n", 2, 2, (const float[]){NAN, 1, 2, INFINITY});
}

static void refuses(const char *text, const char *why)
{
    struct embeddings e;
    struct err err;
    assert_false(embeddings_parse_csv(&e, text, strlen(text), &err));
    if (!strstr(err.text, why))
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_null(e.rows);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    refuses("e0,e1\n1,2\n3,x\n", "line 3: 'x' in column 2 is not a number");
    refuses("name,colour\na,red\n", "call them e0, e1");
    refuses("e0,e1\n", "no rows");
    refuses("name,colour\n", "no rows");
    refuses("", "empty");
}

/* ---- items ---- */

static struct folder folder;

static bool open_items(struct dataset *data, const char *table, const struct items_source *source,
                       struct err *err)
{
    struct embeddings e;
    char path[256];
    snprintf(path, sizeof path, "%s", folder_at(&folder, table));
    if (!embeddings_read(&e, path, err))
        return false;
    bool fine = embeddings_items(data, &e, table, source, err);
    embeddings_release(&e);
    return fine;
}

static void columns_of_the_table_itself_are_kept(void **state)
{
    (void)state;
    struct dataset data;
    struct err err;
    folder_put_text(&folder, "own.csv", "id,e0,e1,label,title\n7,1,2,x,one\n8,3,4,y,two\n");
    assert_true(open_items(&data, "own.csv", &(struct items_source){0}, &err));
    assert_int_equal(data.n, 2);
    assert_null(data.pixels);
    assert_string_equal(data.column[data.label].name, "label");
    assert_string_equal(data.column[data.caption].text[1], "two");
    assert_int_equal(dataset_find_column(&data, "e0"), NO_COLUMN);
    assert_string_equal(data.name, "own.csv");
    dataset_release(&data);
}

static void write_table(const char *name, size_t n)
{
    const float rows[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct err err;
    assert_true(npy_write(folder_at(&folder, name), rows, n, 2, &err));
}

static void items_join_by_order_or_by_row_number(void **state)
{
    (void)state;
    struct dataset data;
    struct err err;
    char items[256];
    write_table("t.npy", 3);
    folder_put_text(&folder, "i.csv", "row,shape\n2,star\n0,disc\n");
    snprintf(items, sizeof items, "%s", folder_at(&folder, "i.csv"));
    struct items_source source = {.items = items};
    assert_false(open_items(&data, "t.npy", &source, &err));
    assert_non_null(
        strstr(err.text, "i.csv: 2 rows, t.npy has 3; without a key the order must match: add --key"));
    source.key = "row";
    assert_true(open_items(&data, "t.npy", &source, &err));
    char cell[16];
    int shape = dataset_find_column(&data, "shape");
    const char *const expected[] = {"disc", "", "star"};
    for (size_t i = 0; i < 3; i++) {
        dataset_cell(&data, shape, i, cell, sizeof cell);
        assert_string_equal(cell, expected[i]);
    }
    dataset_release(&data);
    source.key = "nothing";
    assert_false(open_items(&data, "t.npy", &source, &err));
    assert_non_null(strstr(err.text, "no column 'nothing'"));
}

static void keys_join_two_tables(void **state)
{
    (void)state;
    struct dataset data;
    struct err err;
    char items[256], cell[16];
    folder_put_text(&folder, "k.csv", "file,e0,e1\nb.png,1,2\na.png,3,4\n");
    folder_put_text(&folder, "ki.csv", "file,shape\na.png,star\nb.png,disc\n");
    snprintf(items, sizeof items, "%s", folder_at(&folder, "ki.csv"));
    struct items_source source = {.items = items, .key = "file"};
    assert_true(open_items(&data, "k.csv", &source, &err));
    dataset_cell(&data, dataset_find_column(&data, "shape"), 0, cell, sizeof cell);
    assert_string_equal(cell, "disc");
    dataset_release(&data);
    folder_put_text(&folder, "ki.csv", "file,shape\na.png,star\na.png,disc\n");
    assert_false(open_items(&data, "k.csv", &source, &err));
    assert_non_null(strstr(err.text, "line 3: 'a.png' was already on line 2"));
    folder_put_text(&folder, "ki.csv", "file,shape\nc.png,star\n");
    assert_false(open_items(&data, "k.csv", &source, &err));
    assert_non_null(strstr(err.text, "'c.png' is not in the table"));
}

static void pictures_are_found_by_file_or_by_order(void **state)
{
    (void)state;
    struct dataset data;
    struct err err;
    char images[256], items[256];
    folder_put_png(&folder, "pics/a.png", 8, 8, 3);
    folder_put_png(&folder, "pics/b.png", 8, 8, 3);
    write_table("p.npy", 2);
    snprintf(images, sizeof images, "%s", folder_at(&folder, "pics"));
    struct items_source source = {.images = images};
    assert_true(open_items(&data, "p.npy", &source, &err));
    assert_true(data.pixels && data.height == 8 && data.channels == 3);
    dataset_release(&data);
    write_table("p3.npy", 3);
    assert_false(open_items(&data, "p3.npy", &source, &err));
    assert_non_null(strstr(err.text, "2 pictures, the table has 3 rows"));
    folder_put_text(&folder, "pi.csv", "file\nb.png\na.png\nb.png\n");
    snprintf(items, sizeof items, "%s", folder_at(&folder, "pi.csv"));
    source.items = items;
    assert_true(open_items(&data, "p3.npy", &source, &err));
    assert_memory_equal(dataset_pixels(&data, 0), dataset_pixels(&data, 2), 8 * 8 * 3);
    dataset_release(&data);
}

static bool is_black(const uint8_t *row)
{
    for (int i = 0; i < 8 * 3; i++)
        if (row[i])
            return false;
    return true;
}

/* To be looked at, not to learn from: a wide picture among square ones is as wide and half as high. */
static void pictures_keep_their_shape(void **state)
{
    (void)state;
    struct dataset data;
    struct err err;
    char images[256];
    folder_put_png(&folder, "shapes/a.png", 8, 8, 3);
    folder_put_png(&folder, "shapes/b.png", 8, 4, 3);
    folder_put_png(&folder, "shapes/c.png", 8, 8, 3);
    write_table("s.npy", 3);
    snprintf(images, sizeof images, "%s", folder_at(&folder, "shapes"));
    struct items_source source = {.images = images};
    assert_true(open_items(&data, "s.npy", &source, &err));
    const uint8_t *wide = dataset_pixels(&data, 1);
    for (int y = 0; y < 8; y++)
        assert_int_equal(is_black(wide + y * 8 * 3), y < 2 || y > 5);
    assert_false(is_black(dataset_pixels(&data, 0)));
    dataset_release(&data);
}

static void a_foreign_format_names_the_command(void **state)
{
    (void)state;
    struct embeddings e;
    struct err err;
    folder_put_text(&folder, "x.pt", "PK\3\4anything");
    assert_false(embeddings_read(&e, folder_at(&folder, "x.pt"), &err));
    assert_non_null(strstr(err.text, "PyTorch tensors are not read; convert it: python3 -c"));
    assert_non_null(strstr(err.text, "np.save('emb.npy', a)"));
    folder_put_text(&folder, "x.bin", "PAR1anything");
    assert_false(embeddings_read(&e, folder_at(&folder, "x.bin"), &err));
    assert_non_null(strstr(err.text, "read_parquet"));
    folder_put_text(&folder, "x.txt", "anything");
    assert_false(embeddings_read(&e, folder_at(&folder, "x.txt"), &err));
    assert_non_null(strstr(err.text, ".npy, .csv and .tsv are read"));
}

static int setup(void **state)
{
    (void)state;
    folder_init(&folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    folder_release(&folder);
    return 0;
}

/* Tables and what is known of their rows take the parts that were planned, and stop when asked. */
static void reading_says_how_far_it_is(void **state)
{
    (void)state;
    const float rows[] = {1, 2, 3, 4};
    struct err err;
    folder_put_text(&folder, "far.csv", "e0,e1,label\n1,2,x\n3,4,y\n");
    assert_true(npy_write(folder_at(&folder, "far.npy"), rows, 2, 2, &err));
    char items[256], path[256];
    snprintf(items, sizeof items, "%s", folder_at(&folder, "far.csv"));
    for (int npy = 0; npy < 2; npy++) {
        struct progress progress = {0};
        struct embeddings e;
        struct dataset data;
        struct items_source source = {.items = npy ? items : NULL, .progress = &progress};
        snprintf(path, sizeof path, "%s", folder_at(&folder, npy ? "far.npy" : "far.csv"));
        assert_true(embeddings_read_watched(&e, path, &progress, &err));
        assert_int_equal(progress.before + progress.weight, embeddings_parts(path));
        assert_true(embeddings_items(&data, &e, path, &source, &err));
        assert_int_equal(progress.before + progress.weight,
                         embeddings_parts(path) + (npy ? items_parts(items) : 0));
        embeddings_release(&e);
        dataset_release(&data);
        assert_true(embeddings_read(&e, path, &err));
        progress_cancel(&progress);
        assert_false(embeddings_items(&data, &e, path, &source, &err));
        assert_non_null(strstr(err.text, "stopped"));
        assert_null(data.column);
        embeddings_release(&e);
        assert_false(embeddings_read_watched(&e, path, &progress, &err));
        assert_non_null(strstr(err.text, "stopped"));
        assert_null(e.rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbered_columns_are_the_embedding),
        cmocka_unit_test(without_a_series_all_numbers_are),
        cmocka_unit_test(a_first_line_of_numbers_is_a_row),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(columns_of_the_table_itself_are_kept),
        cmocka_unit_test(items_join_by_order_or_by_row_number),
        cmocka_unit_test(keys_join_two_tables),
        cmocka_unit_test(pictures_are_found_by_file_or_by_order),
        cmocka_unit_test(pictures_keep_their_shape),
        cmocka_unit_test(a_foreign_format_names_the_command),
        cmocka_unit_test(reading_says_how_far_it_is),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
