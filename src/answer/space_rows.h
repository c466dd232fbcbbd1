/* SPDX-License-Identifier: MIT
 *
 * The probe's rows in one of the spaces a view may ask about, as they are, and the rows that axes are
 * fitted on. The analysis worker.
 */
#ifndef NF_ANSWER_SPACE_ROWS_H
#define NF_ANSWER_SPACE_ROWS_H

#include "answer/requests.h"

struct space_rows {
    size_t d;
    const float *probe; /* (n_probe, d); lent from the snapshot or owned */
    const float *fit;   /* (n_fit, d): training items where the snapshot has them, else the probe itself */
    float *owned[2];    /* released by space_rows_release, or NULL */
    size_t n_fit;
    const uint32_t *fit_item; /* (n_fit) data rows; lent */
};

/* Pixels are averaged over squares to at most 8 x 8: enough for axes and near enough for neighbours, and
 * small enough to have axes at once. False if the snapshot has no such rows. */
bool space_rows_make(struct space_rows *rows, enum space_kind space, const struct snapshot *snapshot,
                     const struct request_scene *scene);
void space_rows_release(struct space_rows *rows);

#endif
