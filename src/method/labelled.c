/* SPDX-License-Identifier: MIT */
#include "method/labelled.h"

void labelled_inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io)
{
    (void)view;
    int32_t *unknown = arena_take(batch->arena, batch->n, sizeof *unknown);
    for (size_t i = 0; i < batch->n; i++)
        unknown[i] = -1;
    io->labels = batch->label && method_has(run, "labels") ? batch->label : unknown;
    io->symmetric = true;
}
