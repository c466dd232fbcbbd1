/* SPDX-License-Identifier: MIT
 *
 * Source: PNG specification (W3C, second edition), 5 and 11; no row filter: the pictures are small.
 */
#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/image.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void put32(unsigned char *to, uint32_t value)
{
    for (int k = 0; k < 4; k++)
        to[k] = (unsigned char)(value >> (24 - 8 * k));
}

static void put_chunk(struct strbuf *png, const char *type, const unsigned char *data, size_t length)
{
    unsigned char word[4];
    put32(word, (uint32_t)length);
    strbuf_add(png, (const char *)word, 4);
    size_t start = png->length;
    strbuf_add(png, type, 4);
    if (length > 0)
        strbuf_add(png, (const char *)data, length);
    put32(word, (uint32_t)crc32(crc32(0, NULL, 0), (const Bytef *)png->text + start, (uInt)(length + 4)));
    strbuf_add(png, (const char *)word, 4);
}

static void put_header(struct strbuf *png, const struct image *image)
{
    unsigned char header[13] = {[8] = 8, [9] = image->channels == 3 ? 2 : 0};
    put32(header, (uint32_t)image->width);
    put32(header + 4, (uint32_t)image->height);
    strbuf_add(png, "\x89PNG\r\n\x1a\n", 8);
    put_chunk(png, "IHDR", header, sizeof header);
}

void image_png(const struct image *image, struct strbuf *png)
{
    CHECK(image->width > 0 && image->height > 0 && (image->channels == 1 || image->channels == 3));
    CHECK(image->width <= IMAGE_MAX_SIDE && image->height <= IMAGE_MAX_SIDE);
    size_t row = (size_t)image->width * (size_t)image->channels, height = (size_t)image->height;
    unsigned char *lines = xcalloc(height, row + 1); /* each with its filter byte, 0: none */
    for (size_t y = 0; y < height; y++)
        memcpy(lines + y * (row + 1) + 1, image->pixels + y * row, row);
    uLongf packed_size = compressBound((uLong)(height * (row + 1)));
    unsigned char *packed = xcalloc(packed_size, 1);
    CHECK(compress2(packed, &packed_size, lines, (uLong)(height * (row + 1)), 9) == Z_OK);
    put_header(png, image);
    put_chunk(png, "IDAT", packed, packed_size);
    put_chunk(png, "IEND", NULL, 0);
    free(packed);
    free(lines);
}

bool image_save_png(const char *path, const struct image *image, struct err *err)
{
    struct strbuf png = {0};
    image_png(image, &png);
    bool fine = file_write(path, png.text, png.length, err);
    strbuf_release(&png);
    return fine;
}
