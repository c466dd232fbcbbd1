/* SPDX-License-Identifier: MIT
 *
 * The 20 nearest of 60,000 rows of 128 numbers, each among all others; and the first ten principal components
 * of 100,000 such rows. The best of as many runs as fit.
 */
#include "app/bench.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "space/neighbours_each.h"
#include "space/pca.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { D = 128, NEAR_ROWS = 60000, NEAR_K = 20, PCA_ROWS = 100000, PCA_AXES = 10 };

struct rig {
    float *rows, *out;
    struct pool *pool;
};

/* Normal rows whose columns are spread less and less. */
static float *draw_rows(size_t n, double first, double last)
{
    float *rows = xaligned(n * D, sizeof *rows);
    struct rng rng = rng_at(0, RNG_SAMPLE, 0, n, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < D; j++)
            rows[i * D + j] = (float)(rng_normal(&rng) * (first + (last - first) * (double)j / (D - 1)));
    return rows;
}

static double best_time(struct rig *rig, void (*work)(struct rig *rig), double seconds)
{
    double best = INFINITY, until = clock_seconds() + seconds;
    do {
        double start = clock_seconds();
        work(rig);
        best = fmin(best, clock_seconds() - start);
    } while (clock_seconds() < until);
    return best;
}

static void search(struct rig *rig)
{
    struct neighbours found;
    neighbours_each(&found, rig->rows, NEAR_ROWS, D, NEAR_K, EACH_COSINE, rig->pool, NULL);
    neighbours_release(&found);
}

static void project(struct rig *rig)
{
    struct pca pca;
    pca_fit(&pca, rig->rows, PCA_ROWS, D, PCA_AXES, rig->pool, NULL);
    pca_apply(&pca, rig->rows, PCA_ROWS, rig->out, rig->pool, NULL);
    pca_release(&pca);
}

static enum exit_code run_neighbours(int threads, double seconds, bool json, struct err *err)
{
    (void)err;
    struct rig rig = {draw_rows(NEAR_ROWS, 1, 1), NULL, pool_new(threads, 0)};
    double took = best_time(&rig, search, seconds), flops = (double)NEAR_ROWS * NEAR_ROWS * D / took;
    if (json)
        printf("{\"bench\": \"neighbours\", \"threads\": %d, \"n\": %d, \"d\": %d, \"k\": %d, \"seconds\": "
               "%.4f, "
               "\"gflops\": %.2f}\n",
               threads, NEAR_ROWS, D, NEAR_K, took, flops * 1e-9);
    else
        printf("neighbours  %8.2f s        %7.1f GFLOP/s  the %d nearest of %d rows of %d (%d thread%s)\n",
               took, flops * 1e-9, NEAR_K, NEAR_ROWS, D, threads, threads == 1 ? "" : "s");
    pool_free(rig.pool);
    free(rig.rows);
    return EXIT_FINE;
}

static enum exit_code run_project(int threads, double seconds, bool json, struct err *err)
{
    (void)err;
    struct rig rig = {draw_rows(PCA_ROWS, 3, 0.1), NULL, pool_new(threads, 0)};
    rig.out = xaligned((size_t)PCA_ROWS * PCA_AXES, sizeof *rig.out);
    double took = best_time(&rig, project, seconds);
    if (json)
        printf("{\"bench\": \"project\", \"threads\": %d, \"n\": %d, \"d\": %d, \"components\": %d, "
               "\"seconds\": "
               "%.4f}\n",
               threads, PCA_ROWS, D, PCA_AXES, took);
    else
        printf("project     %8.3f s                        %d components of %d rows of %d (%d thread%s)\n",
               took, PCA_AXES, PCA_ROWS, D, threads, threads == 1 ? "" : "s");
    pool_free(rig.pool);
    free(rig.rows);
    free(rig.out);
    return EXIT_FINE;
}

extern const struct bench bench_project;

const struct bench bench_neighbours = {
    .entry = {"neighbours", "The 20 nearest of each of 60,000 rows of 128 numbers.", NULL},
    .run = run_neighbours,
};

const struct bench bench_project = {
    .entry = {"project", "Ten principal components of 100,000 rows of 128 numbers.", NULL},
    .run = run_project,
};
