/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <string.h>
#include <zlib.h>

/* An IDX file of unsigned bytes counting up from `first`. */
static size_t build(uint8_t *file, const uint32_t *size, int dimensions, size_t n, int first)
{
    memcpy(file, "\0\0\x08", 3);
    file[3] = (uint8_t)dimensions;
    for (int d = 0; d < dimensions; d++)
        for (int k = 0; k < 4; k++)
            file[4 + 4 * d + k] = (uint8_t)(size[d] >> (24 - 8 * k));
    for (size_t i = 0; i < n; i++)
        file[4 + 4 * dimensions + i] = (uint8_t)(first + (int)i);
    return 4 + 4 * (size_t)dimensions + n;
}

static size_t packed(const uint8_t *from, size_t length, uint8_t *to, size_t room)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)from,
                  .avail_in = (uInt)length,
                  .next_out = to,
                  .avail_out = (uInt)room};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return z.total_out;
}

static void put_images(struct folder *folder, const char *name, uint32_t n, bool gzip)
{
    uint8_t file[256], small[512];
    size_t length = build(file, (const uint32_t[]){n, 2, 3}, 3, 6 * n, 0);
    if (gzip)
        folder_put(folder, name, small, packed(file, length, small, sizeof small));
    else
        folder_put(folder, name, file, length);
}

/* Two gzip files end to end are one (RFC 1952, 2.2). */
static void joined_gzip_is_read_to_its_end(void **state)
{
    (void)state;
    struct folder folder;
    struct dataset data;
    struct err err;
    uint8_t file[256], small[1024];
    size_t length = build(file, (const uint32_t[]){4, 2, 3}, 3, 24, 0), half = length / 2;
    size_t used = packed(file, half, small, sizeof small);
    used += packed(file + half, length - half, small + used, sizeof small - used);
    folder_init(&folder);
    folder_put(&folder, "x-images-idx3-ubyte.gz", small, used);
    if (!dataset_open(&data, folder_at(&folder, "x-images-idx3-ubyte.gz"), NULL, &err))
        fail_msg("%s", err.text);
    assert_int_equal(data.n, 4);
    for (int i = 0; i < 24; i++)
        assert_int_equal(data.pixels[i], i);
    dataset_release(&data);
    folder_release(&folder);
}

static void put_labels(struct folder *folder, const char *name, uint32_t n)
{
    uint8_t file[64];
    size_t length = build(file, &n, 1, n, 5);
    folder_put(folder, name, file, length);
}

static void a_file_with_its_labels(void **state)
{
    (void)state;
    struct folder folder;
    struct dataset data;
    struct err err;
    folder_init(&folder);
    put_images(&folder, "x-images-idx3-ubyte.gz", 4, true);
    put_labels(&folder, "x-labels-idx1-ubyte", 4);
    if (!dataset_open(&data, folder_at(&folder, "x-images-idx3-ubyte.gz"), NULL, &err))
        fail_msg("%s", err.text);
    assert_int_equal(data.n, 4);
    assert_true(data.height == 2 && data.width == 3 && data.channels == 1);
    assert_int_equal(dataset_pixels(&data, 3)[5], 23);
    char cell[16];
    dataset_cell(&data, data.label, 2, cell, sizeof cell);
    assert_string_equal(cell, "7");
    assert_int_equal(strlen(data.sha256), 64);
    dataset_release(&data);
    folder_release(&folder);
}

static void a_folder_keeps_its_usual_split(void **state)
{
    (void)state;
    struct folder folder;
    struct dataset data;
    struct split split;
    struct err err;
    folder_init(&folder);
    put_images(&folder, "t10k-images-idx3-ubyte", 2, false);
    put_labels(&folder, "t10k-labels-idx1-ubyte", 2);
    put_images(&folder, "train-images-idx3-ubyte", 5, false);
    put_images(&folder, "train-images-idx3-ubyte.gz", 5, true); /* the same packed: read once */
    put_labels(&folder, "train-labels-idx1-ubyte", 5);
    if (!dataset_open(&data, folder.path, NULL, &err))
        fail_msg("%s", err.text);
    assert_int_equal(data.n, 7);
    assert_true(split_make(&split, &data, 0.6, 1, &err));
    assert_int_equal(split.n_train, 5);
    assert_int_equal(split.eval[0], 5);
    split_release(&split);
    dataset_release(&data);
    folder_release(&folder);
}

static void refused(struct folder *folder, const char *name, const char *why)
{
    struct dataset data;
    struct err err;
    assert_false(dataset_open(&data, folder_at(folder, name), NULL, &err));
    if (!strstr(err.text, why) || !strstr(err.text, name))
        fail_msg("'%s' does not say '%s' of '%s'", err.text, why, name);
    assert_null(data.pixels);
}

static void labels_that_do_not_match(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    put_images(&folder, "a-images-idx3-ubyte", 4, false);
    put_labels(&folder, "a-labels-idx1-ubyte", 3);
    refused(&folder, "a-images-idx3-ubyte", "3 labels for 4 pictures");
    put_images(&folder, "b-images-idx3-ubyte", 4, false);
    put_images(&folder, "b-labels-idx1-ubyte", 4, false);
    refused(&folder, "b-images-idx3-ubyte", "labels have one dimension");
    refused(&folder, "a-labels-idx1-ubyte", "these are labels");
    folder_release(&folder);
}

static void lying_and_truncated_headers(void **state)
{
    (void)state;
    struct folder folder;
    uint8_t file[64], small[128];
    folder_init(&folder);
    size_t length = build(file, (const uint32_t[]){60000, 28, 28}, 3, 9, 0);
    folder_put(&folder, "short.idx3-ubyte", file, length);
    refused(&folder, "short.idx3-ubyte", "truncated");
    folder_put(&folder, "short.idx3-ubyte.gz", small, packed(file, length, small, sizeof small));
    refused(&folder, "short.idx3-ubyte.gz", "truncated");
    length = build(file, (const uint32_t[]){UINT32_MAX, UINT32_MAX, UINT32_MAX}, 3, 9, 0);
    folder_put(&folder, "huge.idx3-ubyte", file, length);
    refused(&folder, "huge.idx3-ubyte", "claims more than");
    length = build(file, (const uint32_t[]){2, 2, 2}, 3, 9, 0);
    folder_put(&folder, "long.idx3-ubyte", file, length);
    refused(&folder, "long.idx3-ubyte", "more bytes than the 8");
    length = build(file, (const uint32_t[]){0, 2, 2}, 3, 0, 0);
    folder_put(&folder, "none.idx3-ubyte", file, length);
    refused(&folder, "none.idx3-ubyte", "size of 0");
    file[2] = 0x0d;
    folder_put(&folder, "float.idx3-ubyte", file, length);
    refused(&folder, "float.idx3-ubyte", "only unsigned bytes");
    folder_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_with_its_labels),         cmocka_unit_test(joined_gzip_is_read_to_its_end),
        cmocka_unit_test(a_folder_keeps_its_usual_split), cmocka_unit_test(labels_that_do_not_match),
        cmocka_unit_test(lying_and_truncated_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
