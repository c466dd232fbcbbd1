/* SPDX-License-Identifier: MIT
 *
 * What stands above an item's own list of pairs: whether it is in the batch at all, its hardest negative and
 * whether that is one, how many are none. Screen thread.
 */
#ifndef NF_VIEW_PAIR_VERDICT_H
#define NF_VIEW_PAIR_VERDICT_H

#include "view/pen.h"
#include "view/view.h"

int pair_verdict_rows(const struct pairs_result *pairs); /* that it takes */
void pair_verdict_draw(const struct scene *scene, const struct pen *pen, const struct pairs_result *pairs);

/* Of an item that is not in the batch, why its pairs are there all the same: NULL-ended wordings, longest
 * first; NULL: it is in the batch. */
const char *const *pair_seated_words(const struct pairs_result *pairs);
/* What is pushed apart: "nothing is pushed apart here". */
const char *pushed_words(const struct contrast *contrast);

#endif
