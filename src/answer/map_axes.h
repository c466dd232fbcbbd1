/* SPDX-License-Identifier: MIT
 *
 * What the map's axes are fitted on: classes, all items, the selected ones, two selections, or not at all
 * where they are kept from the map before. The analysis worker.
 */
#ifndef NF_ANSWER_MAP_AXES_H
#define NF_ANSWER_MAP_AXES_H

#include "answer/requests.h"
#include "answer/space_rows.h"
#include "space/projection.h"

enum { FITTED_MOST = 20000 };

/* Every n / most-th row where there are more than `most`: what is too many to look at all is looked at
 * evenly.
 */
struct sample {
    size_t n, of;
    const float *rows; /* (n, d): lent where all are taken */
    float *owned;
};

static inline size_t sampled(const struct sample *sample, size_t i)
{
    return i * sample->of / sample->n;
}
struct sample sample_rows(const float *rows, size_t n, size_t d, size_t most); /* free(sample.owned) */

/* False only when cancelled: then nothing is held. */
bool map_axes_fit(struct projection *p, const struct request *request, const struct request_scene *scene,
                  const struct space_rows *rows, struct progress *progress);
/* Copies what was fitted to ((n_axes + 1) * d) floats that the map then lends. */
void map_axes_keep(const struct projection *p, struct map_result *map, float *room);

/* The axes a map lends; false where it has none. Released by projection_release. */
bool map_axes_of(const struct map_result *map, struct projection *p);
/* The first axis that is neither of the two; 0 where there is no third. */
size_t map_third_axis(const int axes[2], size_t n_axes);

/* The codes of a category column for these items; NULL if it has none. Owned. */
uint32_t *map_codes(const struct dataset *data, int column, const uint32_t *item, size_t n);

#endif
