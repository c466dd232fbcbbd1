/* SPDX-License-Identifier: MIT
 *
 * What the two halves of reading a folder of pictures share: the list of its files and the join with
 * items.csv.
 */
#ifndef NF_DATA_IMAGEDIR_H
#define NF_DATA_IMAGEDIR_H

#include "data/source.h"

struct picture_list {
    char **file; /* relative to the root, depth first in byte order */
    size_t n, room, n_other;
};

void picture_list_release(struct picture_list *list);

/* Columns of ROOT/items.csv, where there is one, onto the pictures: its column `file` (or filename, path,
 * image) holds the relative path, or the bare name where that is unique. A row without a picture, a picture
 * named twice or more rows than pictures are errors with their line; a picture without a row has blank cells.
 */
bool join_items_csv(struct dataset *data, const char *root, const struct picture_list *list, struct err *err);

#endif
