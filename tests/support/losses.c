/* SPDX-License-Identifier: MIT */
#include "support/losses.h"

#include "base/rng.h"

#include <math.h>

void fixture_init(struct fixture *f)
{
    *f = (struct fixture){.labels = {0, 0, 1, 1, 2, 2}, .same = {1, 0, 1, 0, 1, 0}};
    for (int k = 0; k < FIXTURE_REALS; k++) {
        double a = sin(0.7 * k + 0.11 * k * k + 0.3);
        f->a[k] = (real)a;
        f->b[k] = (real)(a + 0.6 * cos(1.3 * k + 0.07 * k * k + 0.1));
    }
    f->io = (struct loss_io){.n = FIXTURE_N,
                             .d = FIXTURE_D,
                             .a = f->a,
                             .b = f->b,
                             .labels = f->labels,
                             .same = f->same,
                             .da = f->da,
                             .db = f->db};
}

void random_rows(real *rows, size_t count, uint64_t seed)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < count; i++)
        rows[i] = (real)rng_normal(&rng);
}

double frobenius(const real *rows, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)rows[i] * rows[i];
    return sqrt(sum);
}

bool loss_call(const struct loss *loss, struct loss_io *io, const double *knob, struct pool *pool,
               struct err *err)
{
    double defaults[16];
    for (size_t i = 0; i < knob_count(loss->entry.knobs); i++)
        defaults[i] = loss->entry.knobs[i].value;
    struct arena arena;
    arena_init(&arena, loss->scratch_bytes(io->n, io->d, io->n_queue));
    bool fine = loss->run(io, knob ? knob : defaults, pool, &arena, err);
    arena_release(&arena);
    return fine;
}
