/* SPDX-License-Identifier: MIT */
#include "method/labelled.h"

static int32_t *take(struct arena *arena, size_t n)
{
    return arena_take(arena, n, sizeof(int32_t));
}

size_t labelled_bytes(const struct method_run *run, size_t n)
{
    (void)run;
    struct arena dry = arena_dry();
    take(&dry, n);
    return dry.used;
}

void labelled_inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io)
{
    (void)view;
    int32_t *unknown = take(batch->arena, batch->n);
    for (size_t i = 0; i < batch->n; i++)
        unknown[i] = -1;
    io->labels = batch->label && method_has(run, "labels") ? batch->label : unknown;
    io->symmetric = true;
}
