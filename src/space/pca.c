/* SPDX-License-Identifier: MIT */
#include "space/pca.h"

#include "base/check.h"
#include "math/blas.h"
#include "math/linalg.h"
#include "math/score.h"
#include "space/pca_gram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 1024,   /* rows worked at once; the last block is filled up with zeros */
    SHARDS = 16,    /* sums that grow side by side; block b goes to shard b % n_shards */
    STRIPS = 4,     /* the covariance is symmetric: each strip of rows is worked from its diagonal on */
    FEW_SHARDS = 2, /* where one sum alone is large */
    WIDE = 1024,
};

struct fit {
    struct pca *pca;
    const float *rows;
    size_t n, n_blocks, n_shards;
    size_t *count; /* (n_blocks) finite rows */
    float *middle; /* (d) the mean, rounded */
    double *sum;   /* (n_blocks, d), then (n_shards, d, d) */
    real *centred; /* (n, d), where it goes by the rows */
    struct progress *progress;
};

static size_t rows_of(size_t n, size_t block)
{
    return n - block * BLOCK < BLOCK ? n - block * BLOCK : BLOCK;
}

/* ---- means ---- */

/* Adds m rows to sum, four at a time. */
static void add_rows(const float *rows, size_t m, size_t d, double *restrict sum)
{
    size_t i = 0;
    for (; i + 4 <= m; i += 4) {
        const float *a = rows + i * d, *b = a + d, *c = b + d, *e = c + d;
        for (size_t j = 0; j < d; j++)
            sum[j] += ((double)a[j] + (double)b[j]) + ((double)c[j] + (double)e[j]);
    }
    for (; i < m; i++)
        for (size_t j = 0; j < d; j++)
            sum[j] += (double)rows[i * d + j];
}

static bool sums_finite(const double *sum, size_t d)
{
    double all = 0;
    for (size_t j = 0; j < d; j++)
        all += 0 * sum[j];
    return all == 0;
}

/* Nearly always all rows are finite; only where a sum is not are they looked at. */
static void sum_block(void *ctx, size_t block, int worker)
{
    (void)worker;
    const struct fit *fit = ctx;
    size_t d = fit->pca->d, m = rows_of(fit->n, block);
    const float *rows = fit->rows + block * BLOCK * d;
    double *sum = fit->sum + block * d;
    if (progress_cancelled(fit->progress))
        return;
    add_rows(rows, m, d, sum);
    fit->count[block] = m;
    if (sums_finite(sum, d))
        return;
    memset(sum, 0, d * sizeof *sum);
    fit->count[block] = 0;
    for (size_t i = 0; i < m; i++)
        if (row_is_finite(rows + i * d, d)) {
            add_rows(rows + i * d, 1, d, sum);
            fit->count[block]++;
        }
}

static void find_means(struct fit *fit, struct pool *pool)
{
    struct pca *pca = fit->pca;
    fit->count = xcalloc(fit->n_blocks + 1, sizeof *fit->count);
    fit->sum = xcalloc(fit->n_blocks * pca->d + 1, sizeof *fit->sum);
    pool_run(pool, fit->n_blocks, sum_block, fit);
    for (size_t b = 0; b < fit->n_blocks; b++) {
        pca->n_fitted += fit->count[b];
        for (size_t j = 0; j < pca->d; j++)
            pca->mean[j] += fit->sum[b * pca->d + j];
    }
    for (size_t j = 0; j < pca->d && pca->n_fitted > 0; j++)
        pca->mean[j] /= (double)pca->n_fitted;
    free(fit->sum);
    fit->middle = xcalloc(pca->d, sizeof *fit->middle);
    for (size_t j = 0; j < pca->d; j++)
        fit->middle[j] = (float)pca->mean[j];
}

/* ---- covariance ---- */

/* Rows (m, d) less the mean, as floats: a difference of like numbers is exact. */
static void centre_rows(const float *restrict rows, size_t m, size_t d, const float *restrict middle,
                        real *restrict x)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < d; j++)
            x[i * d + j] = (real)(rows[i * d + j] - middle[j]);
}

/* The rows of a block, centred; zeros where they are not finite. Returns how many they are. */
static size_t centre_block(const struct fit *fit, size_t block, real *x)
{
    size_t d = fit->pca->d, m = rows_of(fit->n, block);
    const float *rows = fit->rows + block * BLOCK * d;
    centre_rows(rows, m, d, fit->middle, x);
    for (size_t i = 0; i < m && fit->count[block] < m; i++)
        if (!row_is_finite(rows + i * d, d))
            memset(x + i * d, 0, d * sizeof *x);
    return m;
}

/* product (d, d) = x' x on and right of the diagonal's strips; the rest is left as it is. */
static void products_of(const real *x, size_t d, real *product)
{
    size_t width = d / STRIPS + 1;
    for (size_t s = 0; s < d; s += width) {
        size_t m = d - s < width ? d - s : width;
        gemm(true, false, m, d - s, BLOCK, 1, x + s, d, x + s, d, 0, product + s * d + s, d);
    }
}

static void sum_shard(void *ctx, size_t shard, int worker)
{
    (void)worker;
    const struct fit *fit = ctx;
    size_t d = fit->pca->d;
    double *sum = fit->sum + shard * d * d;
    real *x = xaligned(BLOCK * d, sizeof *x), *product = xaligned(d * d, sizeof *product);
    for (size_t b = shard; b < fit->n_blocks && !progress_cancelled(fit->progress); b += fit->n_shards) {
        size_t m = centre_block(fit, b, x);
        memset(x + m * d, 0, (BLOCK - m) * d * sizeof *x);
        products_of(x, d, product);
        for (size_t j = 0; j < d; j++)
            for (size_t k = j; k < d; k++)
                sum[j * d + k] += (double)product[j * d + k];
        progress_step(fit->progress, 1);
    }
    free(x);
    free(product);
}

/* The shards' sums, added in their order into the first. */
static double *find_covariance(struct fit *fit, struct pool *pool)
{
    size_t d = fit->pca->d;
    fit->n_shards = d <= WIDE ? SHARDS : FEW_SHARDS;
    fit->sum = xcalloc(fit->n_shards * d * d, sizeof *fit->sum);
    pool_run(pool, fit->n_shards, sum_shard, fit);
    double scale = fit->pca->n_fitted > 1 ? 1 / (double)(fit->pca->n_fitted - 1) : 0;
    for (size_t s = 1; s < fit->n_shards; s++)
        for (size_t i = 0; i < d * d; i++)
            fit->sum[i] += fit->sum[s * d * d + i];
    for (size_t j = 0; j < d; j++)
        for (size_t k = j; k < d; k++)
            fit->sum[k * d + j] = fit->sum[j * d + k] = fit->sum[j * d + k] * scale;
    return fit->sum;
}

/* ---- axes ---- */

static bool take_axes(struct pca *pca, double *covariance, struct progress *progress)
{
    size_t d = pca->d;
    for (size_t j = 0; j < d; j++)
        pca->total += covariance[j * d + j];
    double *values = xcalloc(d * (d + 1), sizeof *values), *vectors = values + d;
    bool fine = linalg_eigen_watched(covariance, d, values, vectors,
                                     progress); /* signs its vectors as we want them */
    for (size_t k = 0; fine && k < pca->n_axes; k++) {
        pca->variance[k] = fmax(values[k], 0); /* none below zero but by rounding */
        for (size_t j = 0; j < d; j++)
            pca->axis[k * d + j] = vectors[j * d + k];
    }
    free(values);
    return fine;
}

/* ---- all of it ---- */

/* So many parts of progress: of 2 ms or so. */
static unsigned parts_of(size_t multiply_adds)
{
    return 1 + (unsigned)(multiply_adds / 50000000);
}

static unsigned covariance_parts(size_t n, size_t d)
{
    return parts_of(n * d / 2 * (n < d ? n : d));
}

/* In double, on one thread, and most of it waits for memory. */
static unsigned axes_parts(size_t d)
{
    enum { SLOWER = 60 };
    return parts_of(SLOWER * d * d * d);
}

static size_t smaller(size_t n, size_t d)
{
    return n < d ? n : d;
}

unsigned pca_parts(size_t n, size_t d)
{
    return covariance_parts(n, d) + axes_parts(smaller(n, d));
}

double pca_bytes(size_t n, size_t d, size_t n_axes)
{
    double side = (double)smaller(n, d), rows = n < d ? (double)n * (double)d * sizeof(real) : 0;
    return rows + 2 * side * side * sizeof(double) + (double)n_axes * (double)d * sizeof(double) +
           (n < d ? 0 : 2 * side * side * sizeof(double));
}

static void centre_task(void *ctx, size_t block, int worker)
{
    (void)worker;
    const struct fit *fit = ctx;
    if (!progress_cancelled(fit->progress))
        centre_block(fit, block, fit->centred + block * BLOCK * fit->pca->d);
}

static bool fit_by_rows(struct fit *fit, struct pool *pool)
{
    fit->centred = xaligned(fit->n * fit->pca->d + 1, sizeof *fit->centred);
    pool_run(pool, fit->n_blocks, centre_task, fit);
    progress_weigh(fit->progress, covariance_parts(fit->n, fit->pca->d));
    bool fine = pca_gram_axes(fit->pca, fit->centred, fit->n, pool, fit->progress);
    free(fit->centred);
    return fine;
}

static bool fit_by_columns(struct fit *fit, struct pool *pool)
{
    progress_weigh(fit->progress, covariance_parts(fit->n, fit->pca->d));
    progress_begin(fit->progress, fit->n_blocks);
    double *covariance = find_covariance(fit, pool);
    progress_weigh(fit->progress, axes_parts(fit->pca->d));
    bool fine = !progress_cancelled(fit->progress) && take_axes(fit->pca, covariance, fit->progress);
    free(covariance);
    return fine;
}

bool pca_fit(struct pca *pca, const float *rows, size_t n, size_t d, size_t n_axes, struct pool *pool,
             struct progress *progress)
{
    *pca = (struct pca){.d = d, .n_axes = n_axes < d ? n_axes : d};
    pca->mean = xcalloc(d, sizeof *pca->mean);
    pca->axis = xcalloc(pca->n_axes * d + 1, sizeof *pca->axis);
    pca->variance = xcalloc(pca->n_axes + 1, sizeof *pca->variance);
    struct fit fit = {.pca = pca, .rows = rows, .n = n, .progress = progress};
    fit.n_blocks = (n + BLOCK - 1) / BLOCK;
    find_means(&fit, pool);
    bool fine = n < d ? fit_by_rows(&fit, pool) : fit_by_columns(&fit, pool);
    if (!fine)
        pca_release(pca);
    free(fit.count);
    free(fit.middle);
    return fine;
}

void pca_release(struct pca *pca)
{
    free(pca->mean);
    free(pca->axis);
    free(pca->variance);
    *pca = (struct pca){0};
}

/* ---- applying ---- */

enum { APPLIED = 256 }; /* rows at once */

struct applying {
    const struct pca *pca;
    const float *rows;
    size_t n;
    const real *basis;   /* (n_axes, d) */
    const float *middle; /* (d) */
    float *out;
    struct progress *progress;
};

static void apply_block(void *ctx, size_t block, int worker)
{
    (void)worker;
    const struct applying *a = ctx;
    size_t d = a->pca->d, k = a->pca->n_axes, first = block * APPLIED;
    size_t m = a->n - first < APPLIED ? a->n - first : APPLIED;
    if (progress_cancelled(a->progress))
        return;
    real *x = xaligned(APPLIED * d, sizeof *x), *y = xaligned(APPLIED * k + 1, sizeof *y);
    centre_rows(a->rows + first * d, m, d, a->middle, x);
    memset(x + m * d, 0, (APPLIED - m) * d * sizeof *x);
    gemm_nt(APPLIED, k, d, x, a->basis, y, false);
    for (size_t i = 0; i < m * k; i++) /* what is not finite in a row is so along every axis */
        a->out[first * k + i] = isfinite(y[i]) ? (float)y[i] : NAN;
    free(x);
    free(y);
}

void pca_apply(const struct pca *pca, const float *rows, size_t n, float *out, struct pool *pool,
               struct progress *progress)
{
    real *basis = xaligned(pca->n_axes * pca->d + 1, sizeof *basis);
    float *middle = xaligned(pca->d + 1, sizeof *middle);
    for (size_t i = 0; i < pca->n_axes * pca->d; i++)
        basis[i] = (real)pca->axis[i];
    for (size_t j = 0; j < pca->d; j++)
        middle[j] = (float)pca->mean[j];
    struct applying applying = {pca, rows, n, basis, middle, out, progress};
    if (pca->n_axes > 0)
        pool_run(pool, (n + APPLIED - 1) / APPLIED, apply_block, &applying);
    free(basis);
    free(middle);
}
