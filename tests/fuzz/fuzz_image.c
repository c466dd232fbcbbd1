/* SPDX-License-Identifier: MIT
 *
 * The project's own image_load: as it is, and again with the checksums of its PNG chunks made right, which an
 * attacker can do and a fuzzer cannot.
 */
#include "data/image.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void load(const uint8_t *bytes, size_t size)
{
    struct image image;
    struct err err;
    uint8_t fitted[12 * 9 * 3];
    if (!image_load(bytes, size, &image, &err))
        return;
    image_fit(&image, 9, 12, size % 2 ? 1 : 3, fitted);
    image_release(&image);
}

static size_t size_at(const uint8_t *p)
{
    return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

static void mend_checksums(uint8_t *png, size_t size)
{
    for (size_t at = 8; size >= 12 && at <= size - 12;) {
        size_t length = size_at(png + at);
        if (length > size - at - 12)
            return;
        uint32_t sum = (uint32_t)crc32(crc32(0, NULL, 0), png + at + 4, (uInt)(length + 4));
        for (int k = 0; k < 4; k++)
            png[at + 8 + length + k] = (uint8_t)(sum >> (24 - 8 * k));
        at += 12 + length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    load(bytes, size);
    if (size < 8 || bytes[0] != 0x89)
        return 0;
    uint8_t *copy = malloc(size);
    memcpy(copy, bytes, size);
    mend_checksums(copy, size);
    load(copy, size);
    free(copy);
    return 0;
}
