/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "base/file.h"
#include "data/image.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const char corpus[] = "tests/fuzz/corpus/image/";

static uint8_t *corpus_file(const char *name, size_t *length)
{
    char path[128];
    struct err err;
    snprintf(path, sizeof path, "%s%s", corpus, name);
    uint8_t *bytes = (uint8_t *)file_read(path, 1 << 20, length, &err);
    if (!bytes)
        fail_msg("%s", err.text);
    return bytes;
}

static void refused(const void *bytes, size_t length, const char *why)
{
    struct image image;
    struct err err;
    if (image_load(bytes, length, &image, &err))
        fail_msg("read, and should say '%s'", why);
    if (!strstr(err.text, why))
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_null(image.pixels);
}

/* All corpus pictures show the same ramp: (x + y) * 12 in red, its complement in green, half of it in blue.
 */
static void every_kind_reads(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int channels, tolerance;
    } kinds[] = {{"rgb.png", 3, 0},   {"rgba.png", 3, 0},  {"palette.png", 3, 40}, {"plain.bmp", 3, 0},
                 {"alpha.bmp", 3, 0}, {"base.jpg", 3, 40}, {"prog.jpg", 3, 40},    {"restart.jpg", 3, 40}};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        size_t length;
        struct image image;
        struct err err;
        uint8_t *bytes = corpus_file(kinds[i].name, &length);
        if (!image_load(bytes, length, &image, &err))
            fail_msg("%s: %s", kinds[i].name, err.text);
        assert_true(image.width == 9 && image.height == 7 && image.channels == kinds[i].channels);
        const uint8_t *p = image.pixels + 3 * (3 * 9 + 5);
        assert_in_range(p[0], 96 - kinds[i].tolerance, 96 + kinds[i].tolerance);
        assert_in_range(p[1], 159 - kinds[i].tolerance, 159 + kinds[i].tolerance);
        image_release(&image);
        free(bytes);
    }
}

static void grey_stays_grey(void **state)
{
    (void)state;
    static const char *const names[] = {"grey.png", "la.png", "bits.png", "grey.jpg", "adam7.png"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        size_t length;
        struct image image;
        struct err err;
        uint8_t *bytes = corpus_file(names[i], &length);
        if (!image_load(bytes, length, &image, &err))
            fail_msg("%s: %s", names[i], err.text);
        assert_int_equal(image.channels, 1);
        image_release(&image);
        free(bytes);
    }
}

/* A PNG with this header and these packed scan lines. */
static size_t build_png(uint8_t *png, const uint8_t header[13], const uint8_t *lines, size_t n)
{
    uint8_t packed[512];
    uLongf packed_size = sizeof packed;
    assert_int_equal(compress(packed, &packed_size, lines, n), Z_OK);
    memcpy(png, "\x89PNG\r\n\x1a\n", 8);
    size_t length = png_chunk(png, 8, "IHDR", header, 13);
    length = png_chunk(png, length, "IDAT", packed, packed_size);
    return png_chunk(png, length, "IEND", NULL, 0);
}

static void alpha_lies_on_white(void **state)
{
    (void)state;
    uint8_t png[256];
    const uint8_t header[13] = {0, 0, 0, 2, 0, 0, 0, 1, 8, 6};
    const uint8_t line[] = {0, 200, 100, 0, 255, 200, 100, 0, 0};
    struct image image;
    struct err err;
    size_t length = build_png(png, header, line, sizeof line);
    assert_true(image_load(png, length, &image, &err));
    const uint8_t expected[] = {200, 100, 0, 255, 255, 255};
    assert_memory_equal(image.pixels, expected, 6);
    image_release(&image);
}

static void png_that_lies(void **state)
{
    (void)state;
    uint8_t png[512];
    const uint8_t lines[600] = {0};
    const uint8_t huge[13] = {0, 0, 0x20, 0, 0, 0, 0x20, 0, 16, 6};  /* 8192x8192, 16 bits, RGBA */
    const uint8_t absurd[13] = {0, 0x74, 0, 0, 0, 0x74, 0, 0, 8, 2}; /* 7.6 million a side */
    const uint8_t nothing[13] = {0, 0, 0, 0, 0, 0, 0, 1, 8, 2};
    const uint8_t strange[13] = {0, 0, 0, 4, 0, 0, 0, 4, 3, 2};
    refused(png, build_png(png, huge, lines, sizeof lines), "claims 8192x8192");
    refused(png, build_png(png, absurd, lines, sizeof lines), "more than 8192 a side");
    refused(png, build_png(png, nothing, lines, sizeof lines), "nothing to see");
    refused(png, build_png(png, strange, lines, sizeof lines), "header is damaged");
    const uint8_t small[13] = {0, 0, 0, 4, 0, 0, 0, 4, 8, 2};
    size_t length = build_png(png, small, lines, 20);
    refused(png, length, "damaged"); /* fewer scan lines than promised */
    length = build_png(png, small, lines, 52);
    png[20] ^= 1;
    refused(png, length, "checksum");
    refused(png, length - 12, "");
}

/* 2000x2000 of nothing packs 4 million bytes into 4 KB: a size of 10x10 in the header does not get them out.
 */
static void png_bomb(void **state)
{
    (void)state;
    enum { UNPACKED = 40 << 20 };
    uint8_t *zeros = xcalloc(UNPACKED, 1);
    uLongf packed_size = compressBound(UNPACKED);
    uint8_t *packed = xcalloc(packed_size, 1), *png = xcalloc(packed_size + 100, 1);
    const uint8_t header[13] = {0, 0, 0, 10, 0, 0, 0, 10, 8, 2};
    assert_int_equal(compress2(packed, &packed_size, zeros, UNPACKED, 9), Z_OK);
    memcpy(png, "\x89PNG\r\n\x1a\n", 8);
    size_t length = png_chunk(png, 8, "IHDR", header, 13);
    length = png_chunk(png, length, "IDAT", packed, packed_size);
    length = png_chunk(png, length, "IEND", NULL, 0);
    refused(png, length, "damaged");
    free(zeros);
    free(packed);
    free(png);
}

static uint8_t *find_marker(uint8_t *jpeg, size_t length, uint8_t marker)
{
    for (size_t i = 0; i + 1 < length; i++)
        if (jpeg[i] == 0xff && jpeg[i + 1] == marker)
            return jpeg + i;
    fail_msg("no marker %02x", marker);
    return NULL;
}

static void jpeg_that_lies(void **state)
{
    (void)state;
    size_t length;
    uint8_t *jpeg = corpus_file("base.jpg", &length);
    uint8_t *copy = xcalloc(length, 1);
    memcpy(copy, jpeg, length); /* what overran stb_image: more codes than a table has room for */
    memset(find_marker(copy, length, 0xc4) + 5 + 3, 255, 13);
    refused(copy, length, "more codes than there can be");
    memcpy(copy, jpeg, length);
    memset(find_marker(copy, length, 0xc0) + 5, 0x20, 4); /* 8224x8224 */
    refused(copy, length, "more than 8192 a side");
    memcpy(copy, jpeg, length);
    memcpy(find_marker(copy, length, 0xc0) + 5, "\x1f\xff\x1f\xff", 4); /* 8191x8191 in 600 bytes */
    refused(copy, length, "it is damaged");
    memcpy(copy, jpeg, length);
    find_marker(copy, length, 0xc0)[9] = 4;
    refused(copy, length, "colour components");
    refused(jpeg, length - 2, "truncated");
    refused(jpeg, length / 2, "");
    refused(jpeg, 3, "truncated");
    free(copy);
    free(jpeg);
}

/* The scan of `jpeg` so many times over. */
static uint8_t *with_scans(uint8_t *jpeg, size_t length, size_t times, size_t *made)
{
    size_t head = (size_t)(find_marker(jpeg, length, 0xda) - jpeg), scan = length - 2 - head;
    uint8_t *out = xcalloc(head + times * scan + 2, 1);
    memcpy(out, jpeg, head);
    for (size_t i = 0; i < times; i++)
        memcpy(out + head + i * scan, jpeg + head, scan);
    memcpy(out + head + times * scan, jpeg + length - 2, 2);
    *made = head + times * scan + 2;
    return out;
}

/* A few bytes a scan, and each goes over all pixels: hours of work in a small file. */
static void jpeg_of_many_scans(void **state)
{
    (void)state;
    size_t length, made;
    uint8_t *jpeg = corpus_file("base.jpg", &length);
    uint8_t *many = with_scans(jpeg, length, 101, &made);
    refused(many, made, "scans");
    free(many);
    uint8_t *frame = find_marker(jpeg, length, 0xc0);
    frame[5] = frame[7] = 0x20; /* 8192 x 8192 */
    frame[6] = frame[8] = 0;
    many = with_scans(jpeg, length, 17, &made);
    refused(many, made, "scans");
    free(many);
    free(jpeg);
}

static void what_is_no_picture(void **state)
{
    (void)state;
    refused("", 0, "not a PNG, JPEG or BMP");
    refused("GIF89a", 6, "not a PNG, JPEG or BMP");
    refused("<html>not found</html>", 22, "not a PNG, JPEG or BMP");
    refused("\x89PNG\r\n\x1a\n", 8, "truncated");
    refused("BM            ", 14, "truncated");
}

static void saved_and_read_again(void **state)
{
    (void)state;
    struct folder folder;
    struct image image = {.height = 5, .width = 7}, again;
    struct err err;
    uint8_t pixels[5 * 7 * 3];
    folder_init(&folder);
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i * 37);
    image.pixels = pixels;
    for (image.channels = 1; image.channels <= 3; image.channels += 2) {
        size_t length;
        assert_true(image_save_png(folder_at(&folder, "p.png"), &image, &err));
        char *bytes = file_read(folder.joined, 1 << 16, &length, &err);
        assert_true(image_load(bytes, length, &again, &err));
        assert_true(again.height == 5 && again.width == 7 && again.channels == image.channels);
        assert_memory_equal(again.pixels, pixels, 35 * (size_t)image.channels);
        image_release(&again);
        free(bytes);
    }
    folder_release(&folder);
    image.channels = 3;
    assert_false(image_save_png("/nonexistent/p.png", &image, &err));
}

static void fitting_averages(void **state)
{
    (void)state;
    uint8_t pixels[] = {0, 10, 20, 30, 40, 50, 100, 110, 120, 130, 140, 150}, to[36];
    struct image grey = {.height = 2, .width = 6, .channels = 1, .pixels = pixels};
    image_fit(&grey, 1, 2, 1, to);
    assert_true(to[0] == 60 && to[1] == 90);
    image_fit(&grey, 1, 4, 1, to); /* one and a half pixels each */
    assert_in_range(to[0], 53, 54);
    image_fit(&grey, 2, 6, 1, to);
    assert_memory_equal(to, pixels, 12);
    image_fit(&grey, 1, 1, 3, to);
    assert_true(to[0] == 75 && to[1] == 75 && to[2] == 75);
    image_fit(&grey, 4, 3, 3, to); /* grows one way, shrinks the other */
    assert_true(to[0] == 5 && to[3 * 9] == 105);
    struct image colour = {.height = 1, .width = 1, .channels = 3, .pixels = (uint8_t[]){255, 0, 0}};
    image_fit(&colour, 1, 1, 1, to);
    assert_int_equal(to[0], 76);
}

/* Wide, high, of the same shape, and so thin that a line of it is left. */
static void what_keeps_its_shape_has_room_beside_it(void **state)
{
    (void)state;
    uint8_t pixels[24], to[64];
    memset(pixels, 200, sizeof pixels);
    struct image wide = {.height = 2, .width = 4, .channels = 1, .pixels = pixels};
    image_fit_within(&wide, 4, 4, 1, to);
    static const uint8_t bars[] = {0, 0, 0, 0, 200, 200, 200, 200, 200, 200, 200, 200, 0, 0, 0, 0};
    assert_memory_equal(to, bars, 16);
    struct image high = {.height = 4, .width = 2, .channels = 3, .pixels = pixels};
    image_fit_within(&high, 4, 4, 3, to);
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 4; x++)
            assert_int_equal(to[(y * 4 + x) * 3 + 1], x == 1 || x == 2 ? 200 : 0);
    struct image same = {.height = 2, .width = 2, .channels = 1, .pixels = pixels};
    image_fit_within(&same, 4, 4, 1, to);
    assert_int_equal(to[0], 200);
    struct image thin = {.height = 1, .width = 24, .channels = 1, .pixels = pixels};
    image_fit_within(&thin, 4, 4, 1, to);
    assert_true(to[0] == 0 && to[4] == 200 && to[8] == 0);
}

/* Wide, high, of the same shape, and so thin that a pixel of it is left: no side is stretched. */
static void of_another_shape_the_middle_is_taken(void **state)
{
    (void)state;
    uint8_t to[48];
    uint8_t rising[] = {0, 10, 20, 30, 40, 50, 60, 70};
    struct image wide = {.height = 2, .width = 4, .channels = 1, .pixels = rising};
    image_fit_middle(&wide, 2, 2, 1, to);
    static const uint8_t columns[] = {10, 20, 50, 60};
    assert_memory_equal(to, columns, 4);
    struct image high = {.height = 4, .width = 2, .channels = 1, .pixels = rising};
    image_fit_middle(&high, 2, 2, 1, to);
    static const uint8_t rows[] = {20, 30, 40, 50};
    assert_memory_equal(to, rows, 4);
    image_fit_middle(&high, 1, 1, 3, to);
    assert_true(to[0] == 35 && to[1] == 35 && to[2] == 35);
    image_fit_middle(&wide, 1, 2, 1, to); /* the same shape: all of it */
    assert_true(to[0] == 25 && to[1] == 45);
    struct image thin = {.height = 1, .width = 8, .channels = 1, .pixels = rising};
    image_fit_middle(&thin, 4, 4, 1, to);
    for (int i = 0; i < 16; i++)
        assert_int_equal(to[i], 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_reads),
        cmocka_unit_test(grey_stays_grey),
        cmocka_unit_test(what_keeps_its_shape_has_room_beside_it),
        cmocka_unit_test(of_another_shape_the_middle_is_taken),
        cmocka_unit_test(alpha_lies_on_white),
        cmocka_unit_test(png_that_lies),
        cmocka_unit_test(png_bomb),
        cmocka_unit_test(jpeg_that_lies),
        cmocka_unit_test(jpeg_of_many_scans),
        cmocka_unit_test(what_is_no_picture),
        cmocka_unit_test(saved_and_read_again),
        cmocka_unit_test(fitting_averages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
