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

/* How steady that is: "its hardest negative in the last 20 batches: false in 19 (2.1 by chance); 3155 in 2 of
 * the 2 it was in", the longest wording that fits in `room` cells; "": nothing is known of earlier batches.
 */
enum { STEADY_WORDINGS = 5 };
const char *pair_steady_words(const struct scene *scene, const struct pairs_result *pairs, int room,
                              char text[STEADY_WORDINGS][240]);

/* Of an item that is not in the batch, why its pairs are there all the same: NULL-ended wordings, longest
 * first; NULL: it is in the batch. */
const char *const *pair_seated_words(const struct pairs_result *pairs);
/* What is pushed apart: "nothing is pushed apart here". */
const char *pushed_words(const struct contrast *contrast);

#endif
