/* SPDX-License-Identifier: MIT */
#include "app/bench.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "math/blas.h"

#include <stdlib.h>

enum { SIDE = 1024 };

struct peak {
    struct pool *pool; /* lent */
    size_t threads;
    int calls;
    real **square; /* (threads) three matrices each: A, B, C */
    double *best;  /* (threads) seconds of the quickest call */
};

struct peak *peak_new(struct pool *pool)
{
    struct peak *peak = xcalloc(1, sizeof *peak);
    *peak = (struct peak){.pool = pool, .threads = (size_t)pool_threads(pool)};
    peak->square = xcalloc(peak->threads, sizeof *peak->square);
    peak->best = xcalloc(peak->threads, sizeof *peak->best);
    for (size_t i = 0; i < peak->threads; i++) {
        peak->square[i] = xaligned((size_t)3 * SIDE * SIDE, sizeof(real));
        for (size_t j = 0; j < (size_t)2 * SIDE * SIDE; j++)
            peak->square[i][j] = (real)(j % 7) - 3;
    }
    return peak;
}

void peak_free(struct peak *peak)
{
    for (size_t i = 0; i < peak->threads; i++)
        free(peak->square[i]);
    free(peak->square);
    free(peak->best);
    free(peak);
}

static void peak_task(void *ctx, size_t i, int worker)
{
    (void)worker;
    struct peak *peak = ctx;
    real *a = peak->square[i], *b = a + SIDE * SIDE, *c = b + SIDE * SIDE;
    for (int call = 0; call < peak->calls; call++) {
        double start = clock_seconds();
        gemm_nn(SIDE, SIDE, SIDE, a, b, c, false);
        double seconds = clock_seconds() - start;
        if (call == 0 || seconds < peak->best[i])
            peak->best[i] = seconds;
    }
}

double peak_measure(struct peak *peak, int calls)
{
    double sum = 0;
    peak->calls = calls;
    pool_run(peak->pool, peak->threads, peak_task, peak);
    for (size_t i = 0; i < peak->threads; i++)
        sum += 2e-9 * SIDE * SIDE * SIDE / peak->best[i];
    return sum;
}
