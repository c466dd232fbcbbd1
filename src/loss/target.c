/* SPDX-License-Identifier: MIT */
#include "loss/target.h"

#include <string.h>

static void scale(real *x, size_t count, double by)
{
    for (size_t i = 0; x && i < count; i++)
        x[i] *= (real)by;
}

void target_run(target_way *way, double weight, struct loss_io *io, const double *knob, struct pool *pool,
                struct arena *scratch)
{
    real *pair_loss = arena_take(scratch, io->n, sizeof(real)); /* of the other direction */
    real *pair_weight = arena_take(scratch, io->n, sizeof(real));
    struct arena_mark mark = arena_mark(scratch);
    way(io, knob, pool, scratch);
    if (!io->symmetric) {
        if (io->db)
            memset(io->db, 0, io->n * io->d * sizeof(real));
        return;
    }
    struct loss_io back = *io;
    back.a = io->b;
    back.b = io->a;
    back.da = io->db;
    back.pair_loss = io->pair_loss ? pair_loss : NULL;
    back.pair_weight = io->pair_weight ? pair_weight : NULL;
    arena_back(scratch, mark); /* the first direction is done with its own */
    way(&back, knob, pool, scratch);
    scale(io->da, io->n * io->d, weight);
    scale(io->db, io->n * io->d, weight);
    loss_merge(&back, weight, io);
}
