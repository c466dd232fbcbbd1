/* SPDX-License-Identifier: MIT
 *
 * The k nearest neighbours of every row among the others, exact. The matrix of scores is symmetric, so each
 * tile of it is computed once and offered to the lists of both its rows and its columns: half the work of a
 * search for each row. Ties to the lower index. Any thread; work is cut over `pool` by size.
 */
#ifndef NF_SPACE_NEIGHBOURS_EACH_H
#define NF_SPACE_NEIGHBOURS_EACH_H

#include "space/neighbours.h"

/* EACH_COSINE: the score of math/score.h; rows without direction have and are no neighbours.
 * EACH_EUCLIDEAN: minus the squared distance of the rows as they are; rows that are not finite, or so large
 * that a distance would not be, have and are none. */
enum each_metric { EACH_COSINE, EACH_EUCLIDEAN };

/* rows (n, d); one part of `progress`, which may be NULL. False only when cancelled: then nothing is
 * held. Owned: neighbours_release. */
bool neighbours_each(struct neighbours *found, const float *rows, size_t n, size_t d, size_t k,
                     enum each_metric metric, struct pool *pool, struct progress *progress);

#endif
