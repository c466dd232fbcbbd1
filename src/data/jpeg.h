/* SPDX-License-Identifier: MIT
 *
 * JPEG through libjpeg-turbo: stb_image reads outside its tables on hostile ones, which no walk of the file
 * can foresee. Any thread.
 */
#ifndef NF_DATA_JPEG_H
#define NF_DATA_JPEG_H

#include "data/image.h"

/* Fills a zeroed image, owned by the caller, with 1 or 3 channels. A stream with damage in it is refused. */
bool jpeg_decode(const unsigned char *bytes, size_t length, struct image *image, struct err *err);

#endif
