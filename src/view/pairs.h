/* SPDX-License-Identifier: MIT
 *
 * One pair, as a panel and in words, and what the map borrows from the view of pairs. Screen thread.
 */
#ifndef NF_VIEW_PAIRS_H
#define NF_VIEW_PAIRS_H

#include "view/pen.h"
#include "view/view.h"

/* View 2 shows the own list of a data set row; item: its place on the map, or NO_ITEM. */
void pairs_of_item(struct scene *scene, uint32_t row, int item);
/* Asks for how the item looked at stands in the last batch. */
void pairs_want_item(struct scene *scene, const struct post *post);
/* The pair of the list that is chosen: of one item its two views, else two items. */
void panel_pair(struct scene *scene, const struct pen *pen, const struct pair_row *row);
/* "Items 412, a small red moon, and 65, a red moon: similarity 0.64, a false negative: same shape." */
void pair_words(const struct scene *scene, const struct pair_row *row, struct strbuf *out);
/* Two of a batch that are the same and pushed apart all the same. */
/* How alike the two views of an item are: "partly alike". */
const char *views_word(float similarity);
bool pair_is_false_negative(const struct pair_row *row);
/* What makes two items the same here: "same shape"; where it is the two views of one, their label. */
void pair_same_name(const struct scene *scene, char name[64]);
/* The item's two views in the softmax and its hardest negatives; nothing while they are not known. */
void panel_pair_of_item(struct scene *scene, const struct pen *pen);
/* Of the softmax over the batch; NaN where the method has none. */
double pairs_temperature(const struct scene *scene);

#endif
