/* SPDX-License-Identifier: MIT
 *
 * Parts of the IDX format (LeCun, Cortes, Burges: "The MNIST database") that `idx` and `fashion-mnist` share.
 */
#ifndef NF_DATA_IDX_H
#define NF_DATA_IDX_H

#include "data/dataset.h"

/* One images file and its labels file, paths lent. labels may be NULL: pictures without labels. */
struct idx_part {
    const char *images, *labels;
    const char *split; /* value of its rows in the split column; NULL for no such column */
};

/* All parts as one dataset, rows in the order given; pictures of one size. Label values are named by `names`
 * (n_names of them) or by their numbers. */
bool idx_load_parts(struct dataset *data, const struct idx_part *part, size_t n_parts,
                    const char *const *names, size_t n_names, struct err *err);

#endif
