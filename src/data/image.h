/* SPDX-License-Identifier: MIT
 *
 * One picture file into pixels: PNG, JPEG or BMP. The decoders (stb_image, libjpeg-turbo) see a file only
 * after image_walk has held what it claims against its length. Any thread.
 */
#ifndef NF_DATA_IMAGE_H
#define NF_DATA_IMAGE_H

#include "base/err.h"
#include "base/strbuf.h"

#include <stddef.h>
#include <stdint.h>

enum { IMAGE_MAX_SIDE = 8192 };

struct image {
    int height, width, channels; /* channels as in the file: 1 or 3 (alpha is laid on white) */
    uint8_t *pixels;             /* (height, width, channels); owned, free() */
};

bool image_load(const void *bytes, size_t length, struct image *image, struct err *err);
void image_release(struct image *image);

/* Area-averaged (or bilinear when growing) to (height, width, channels): to (h, w, channels). */
void image_fit(const struct image *image, int height, int width, int channels, uint8_t *to);
/* The same of its middle, as much as has the shape of what is filled. */
void image_fit_middle(const struct image *image, int height, int width, int channels, uint8_t *to);
/* The same, as large as its shape allows, in the middle of black. */
void image_fit_within(const struct image *image, int height, int width, int channels, uint8_t *to);

/* As an 8-bit PNG (1 or 3 channels): appended. */
void image_png(const struct image *image, struct strbuf *png);
/* Writes an 8-bit PNG (1 or 3 channels), whole or not at all. */
bool image_save_png(const char *path, const struct image *image, struct err *err);

#endif
