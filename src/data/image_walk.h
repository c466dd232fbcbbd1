/* SPDX-License-Identifier: MIT
 *
 * What a picture file says of itself, read without decoding it and held against its length, so that the
 * decoder never sees a file that lies about its tables or sizes. Any thread.
 */
#ifndef NF_DATA_IMAGE_WALK_H
#define NF_DATA_IMAGE_WALK_H

#include "base/err.h"

#include <stddef.h>

enum image_kind { IMAGE_UNKNOWN, IMAGE_PNG, IMAGE_JPEG, IMAGE_BMP };

struct image_facts {
    enum image_kind kind;
    size_t width, height;
    int channels;     /* as stored, 1 to 4; a palette counts as 3 */
    size_t raw_bytes; /* of the unpacked scan lines before any conversion */
};

/* By its first bytes. */
enum image_kind image_kind_of(const unsigned char *bytes, size_t length);

/* False where the file is not a PNG, JPEG or BMP that is whole, of sane size and self-consistent. */
bool image_walk(const unsigned char *bytes, size_t length, struct image_facts *facts, struct err *err);

#endif
