/* SPDX-License-Identifier: MIT
 *
 * A folder for one test, gone when it ends.
 */
#ifndef NF_TESTS_FOLDER_H
#define NF_TESTS_FOLDER_H

#include <stddef.h>
#include <stdint.h>

struct folder {
    char path[64];
    char joined[256]; /* what folder_at gave last */
};

void folder_init(struct folder *folder);
void folder_release(struct folder *folder); /* with all that is in it */

/* "<folder>/name"; lent until the next call. */
const char *folder_at(struct folder *folder, const char *name);
/* Writes a file; folders in `name` are made. */
void folder_put(struct folder *folder, const char *name, const void *bytes, size_t length);
void folder_put_text(struct folder *folder, const char *name, const char *text);
/* A PNG of the size: a ramp, so that it is not all one colour. */
void folder_put_png(struct folder *folder, const char *name, int width, int height, int channels);

/* A PNG chunk with its checksum, appended at bytes + length; returns the new length. */
size_t png_chunk(uint8_t *bytes, size_t length, const char *type, const void *data, size_t n);

#endif
