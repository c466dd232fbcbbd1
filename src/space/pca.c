/* SPDX-License-Identifier: MIT */
#include "space/pca.h"

#include "base/check.h"
#include "math/blas.h"
#include "math/linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 1024,   /* rows worked at once; the last block is filled up with zeros */
    SHARDS = 16,    /* sums that grow side by side; block b goes to shard b % n_shards */
    FEW_SHARDS = 2, /* where one sum alone is large */
    WIDE = 1024,
};

struct fit {
    struct pca *pca;
    const float *rows;
    size_t n, n_blocks, n_shards;
    size_t *count; /* (n_blocks) finite rows */
    double *sum;   /* (n_blocks, d), then (n_shards, d, d) */
    struct progress *progress;
};

static bool all_finite(const float *row, size_t d)
{
    float sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += 0 * row[j]; /* 0, or NaN once one is not finite */
    return sum == 0;
}

static size_t rows_of(size_t n, size_t block)
{
    return n - block * BLOCK < BLOCK ? n - block * BLOCK : BLOCK;
}

/* ---- means ---- */

static void sum_block(void *ctx, size_t block, int worker)
{
    (void)worker;
    const struct fit *fit = ctx;
    size_t d = fit->pca->d, m = rows_of(fit->n, block);
    double *sum = fit->sum + block * d;
    for (size_t i = 0; i < m; i++) {
        const float *row = fit->rows + (block * BLOCK + i) * d;
        if (!all_finite(row, d))
            continue;
        fit->count[block]++;
        for (size_t j = 0; j < d; j++)
            sum[j] += (double)row[j];
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
    free(fit->count);
    free(fit->sum);
}

/* ---- covariance ---- */

/* The block centred, rows that are not finite as zeros, to x (BLOCK, d). */
static void centre_block(const struct pca *pca, const float *rows, size_t m, real *x)
{
    size_t d = pca->d;
    for (size_t i = 0; i < m; i++) {
        bool fine = all_finite(rows + i * d, d);
        for (size_t j = 0; j < d; j++)
            x[i * d + j] = fine ? (real)((double)rows[i * d + j] - pca->mean[j]) : 0;
    }
    memset(x + m * d, 0, (BLOCK - m) * d * sizeof *x);
}

static void sum_shard(void *ctx, size_t shard, int worker)
{
    (void)worker;
    const struct fit *fit = ctx;
    size_t d = fit->pca->d;
    double *sum = fit->sum + shard * d * d;
    real *x = xaligned(BLOCK * d, sizeof *x), *product = xaligned(d * d, sizeof *product);
    for (size_t b = shard; b < fit->n_blocks && !progress_cancelled(fit->progress); b += fit->n_shards) {
        centre_block(fit->pca, fit->rows + b * BLOCK * d, rows_of(fit->n, b), x);
        gemm_tn(d, d, BLOCK, x, x, product, false);
        for (size_t i = 0; i < d * d; i++)
            sum[i] += (double)product[i];
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
    for (size_t i = 0; i < d * d; i++)
        fit->sum[i] *= scale;
    return fit->sum;
}

/* ---- axes ---- */

static void take_axes(struct pca *pca, double *covariance)
{
    size_t d = pca->d;
    for (size_t j = 0; j < d; j++)
        pca->total += covariance[j * d + j];
    double *values = xcalloc(d * (d + 1), sizeof *values), *vectors = values + d;
    linalg_eigen(covariance, d, values, vectors); /* signs its vectors as we want them */
    for (size_t k = 0; k < pca->n_axes; k++) {
        pca->variance[k] = fmax(values[k], 0); /* none below zero but by rounding */
        for (size_t j = 0; j < d; j++)
            pca->axis[k * d + j] = vectors[j * d + k];
    }
    free(values);
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
    if (progress)
        atomic_store(&progress->total, fit.n_blocks);
    find_means(&fit, pool);
    double *covariance = find_covariance(&fit, pool);
    bool fine = !progress_cancelled(progress);
    if (fine)
        take_axes(pca, covariance);
    else
        pca_release(pca);
    free(covariance);
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

struct applying {
    const struct pca *pca;
    const float *rows;
    size_t n;
    const real *basis; /* (n_axes, d) */
    float *out;
};

static void apply_block(void *ctx, size_t block, int worker)
{
    (void)worker;
    const struct applying *a = ctx;
    size_t d = a->pca->d, k = a->pca->n_axes, m = rows_of(a->n, block);
    const float *rows = a->rows + block * BLOCK * d;
    float *out = a->out + block * BLOCK * k;
    real *x = xaligned(BLOCK * d, sizeof *x), *y = xaligned(BLOCK * k + 1, sizeof *y);
    centre_block(a->pca, rows, m, x);
    gemm_nt(BLOCK, k, d, x, a->basis, y, false);
    for (size_t i = 0; i < m; i++) {
        bool fine = all_finite(rows + i * d, d);
        for (size_t j = 0; j < k; j++)
            out[i * k + j] = fine ? (float)y[i * k + j] : NAN;
    }
    free(x);
    free(y);
}

void pca_apply(const struct pca *pca, const float *rows, size_t n, float *out, struct pool *pool)
{
    real *basis = xaligned(pca->n_axes * pca->d + 1, sizeof *basis);
    for (size_t i = 0; i < pca->n_axes * pca->d; i++)
        basis[i] = (real)pca->axis[i];
    struct applying applying = {pca, rows, n, basis, out};
    if (pca->n_axes > 0)
        pool_run(pool, (n + BLOCK - 1) / BLOCK, apply_block, &applying);
    free(basis);
}
