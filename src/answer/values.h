/* SPDX-License-Identifier: MIT
 *
 * The numbers of share/quantities.def: one function and one file each. The analysis worker.
 */
#ifndef NF_ANSWER_VALUES_H
#define NF_ANSWER_VALUES_H

#include "answer/requests.h"
#include "space/neighbours.h"

/* Fills value (n_probe), NAN where an item has none. False when cancelled or where the snapshot has not what
 * it needs: then there is no result. */
typedef bool value_function(const struct request *request, const struct request_scene *scene,
                            struct progress *progress, float *value);

#define QUANTITY(id, name, of_item, unit, meaning) value_function value_##id;
#include "share/quantities.def"
#undef QUANTITY

enum { NEAREST_K = 10 };
/* The k nearest in h of every item of a moment among the others, all others where they are fewer. False when
 * cancelled or where it has none. */
bool nearest_of_all(struct neighbours *found, const struct snapshot *snapshot, size_t k,
                    const struct request_scene *scene, struct progress *progress);

#endif
