/* SPDX-License-Identifier: MIT
 *
 * The parts of reading a folder of pictures, which a table of embeddings uses too: the list of its files,
 * their pixels, and the join with items.csv.
 */
#ifndef NF_DATA_IMAGEDIR_H
#define NF_DATA_IMAGEDIR_H

#include "data/source.h"

struct picture_list {
    char **file; /* relative to the root, depth first in byte order */
    size_t n, room, n_other;
};

/* All pictures in a folder, four folders deep. To be released whatever it says. */
bool picture_list_read(struct picture_list *list, const char *root, struct err *err);
void picture_list_add(struct picture_list *list, const char *relative);
void picture_list_release(struct picture_list *list);

/* Sets the size of data's pictures and their pixels: those of list->n == data->n files below root, all fitted
 * to the size that more than half of them have; where there is none to a square, as long as the shorter side
 * of the middle one of them; `longest` at most. Nothing is stretched: of a picture of another shape the
 * middle is learnt from (resize and centre-crop, as is usual: a net would read black bars); to be looked at
 * it is whole, in the middle of black. data->note says what was fitted. */
enum pictures_fit { PICTURES_MIDDLE, PICTURES_WHOLE };
bool pictures_load(struct dataset *data, const char *root, const struct picture_list *list, int longest,
                   enum pictures_fit fit, struct err *err);

/* Columns of ROOT/items.csv, where there is one, onto the pictures: its column `file` (or filename, path,
 * image) holds the relative path, or the bare name where that is unique. A row without a picture, a picture
 * named twice or more rows than pictures are errors with their line; a picture without a row has blank cells.
 */
bool join_items_csv(struct dataset *data, const char *root, const struct picture_list *list, struct err *err);

#endif
