/* SPDX-License-Identifier: MIT
 *
 * What a request for the nearest is about, as a row of a space: an item, several items, a text. The analysis
 * worker.
 */
#ifndef NF_ANSWER_NEAR_ASKED_H
#define NF_ANSWER_NEAR_ASKED_H

#include "answer/space_rows.h"
#include "share/request.h"

/* leave[i]: item i is what is asked about. Owned: (n_probe); NULL where the question makes no sense there. */
bool *near_asked_items(const struct request *request, size_t n_probe);

/* Its row in this space at this moment, (rows->d), owned; NULL: it has none there. */
float *near_asked_row(const struct request *request, const struct snapshot *snapshot, enum space_kind space,
                      const struct space_rows *rows, const bool *asked, const struct request_scene *scene);

#endif
