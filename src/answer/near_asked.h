/* SPDX-License-Identifier: MIT
 *
 * What a request for the nearest is about, as a row of a space: an item, several items, a text. The analysis
 * worker.
 */
#ifndef NF_ANSWER_NEAR_ASKED_H
#define NF_ANSWER_NEAR_ASKED_H

#include "answer/space_rows.h"
#include "share/request.h"
#include "space/neighbours.h"

/* leave[i]: item i is what is asked about. Owned: (n_probe); NULL where the question makes no sense there. */
bool *near_asked_items(const struct request *request, size_t n_probe);

/* One question, in whichever spaces and moments. */
struct near_asking {
    const struct request *request; /* REQUEST_SPACES; its k and metric */
    const struct request_scene *scene;
    const bool *asked; /* near_asked_items */
    struct progress *progress;
};
/* The nearest of a moment in one of its spaces, what is asked about left out. k 0: it has no such space, or
 * the question no row there. Owned: neighbours_release. False when cancelled: then nothing is held. */
bool near_asked_find(struct neighbours *found, const struct near_asking *asking,
                     const struct snapshot *snapshot, enum space_kind space);

/* Its row in this space at this moment, (rows->d), owned; NULL: it has none there. */
float *near_asked_row(const struct request *request, const struct snapshot *snapshot, enum space_kind space,
                      const struct space_rows *rows, const bool *asked, const struct request_scene *scene);

#endif
