/* SPDX-License-Identifier: MIT */
#include "space/ridge.h"

#include "base/check.h"
#include "math/blas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- standardised columns ---- */

/* (n, d) of `real`: less the bank's mean, over its deviation; a column that never changes becomes 0. */
static real *standardise(const struct ridge_rows *rows, const float *from, size_t n)
{
    size_t d = rows->d;
    real *to = xcalloc(n * d + 1, sizeof *to);
    for (size_t j = 0; j < d; j++) {
        double sum = 0, square = 0;
        for (size_t i = 0; i < rows->n_bank; i++)
            sum += (double)rows->bank[i * d + j];
        double mean = sum / (double)rows->n_bank;
        for (size_t i = 0; i < rows->n_bank; i++)
            square += pow((double)rows->bank[i * d + j] - mean, 2);
        double deviation = sqrt(square / (double)rows->n_bank);
        for (size_t i = 0; i < n; i++)
            to[i * d + j] = deviation > 1e-12 ? (real)(((double)from[i * d + j] - mean) / deviation) : 0;
    }
    return to;
}

/* ---- the linear system ---- */

/* a (n, n), symmetric and positive, becomes its lower factor. */
static void cholesky(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = i == j ? sqrt(fmax(sum, 1e-30)) : sum / a[j * n + j];
        }
}

/* L L' x = b for each of m columns of b (n, m), in place. */
static void solve(const double *l, size_t n, double *b, size_t m)
{
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < m; c++) {
            double sum = b[i * m + c];
            for (size_t k = 0; k < i; k++)
                sum -= l[i * n + k] * b[k * m + c];
            b[i * m + c] = sum / l[i * n + i];
        }
    for (size_t i = n; i-- > 0;)
        for (size_t c = 0; c < m; c++) {
            double sum = b[i * m + c];
            for (size_t k = i + 1; k < n; k++)
                sum -= l[k * n + i] * b[k * m + c];
            b[i * m + c] = sum / l[i * n + i];
        }
}

/* Outputs (n_query, m) for targets y (n_bank, m). Where there are more columns than rows (pixels) the system
 * of the rows is solved, which gives the same. */
static void ridge_predict(const struct ridge_rows *rows, const real *x, const real *q, const real *y,
                          size_t m, real *out)
{
    size_t n = rows->n_bank, d = rows->d, wide = d > n, size = wide ? n : d;
    real *gram = xcalloc(size * size, sizeof *gram), *weight = xcalloc(size * m, sizeof *weight);
    double *a = xcalloc(size * size, sizeof *a), *b = xcalloc(size * m, sizeof *b);
    if (wide)
        gemm_nt(n, n, d, x, x, gram, false);
    else {
        gemm_tn(d, d, n, x, x, gram, false);
        gemm_tn(d, m, n, x, y, weight, false);
    }
    for (size_t i = 0; i < size * size; i++)
        a[i] = (double)gram[i] / (double)n;
    for (size_t i = 0; i < size; i++)
        a[i * size + i] += RIDGE_PENALTY;
    for (size_t i = 0; i < size * m; i++)
        b[i] = (double)(wide ? y[i] : weight[i]) / (double)n;
    cholesky(a, size);
    solve(a, size, b, m);
    for (size_t i = 0; i < size * m; i++)
        weight[i] = (real)b[i];
    if (wide) {
        real *cross = xcalloc(rows->n_query * n, sizeof *cross);
        gemm_nt(rows->n_query, n, d, q, x, cross, false);
        gemm_nn(rows->n_query, m, n, cross, weight, out, false);
        free(cross);
    } else {
        gemm_nn(rows->n_query, m, d, q, weight, out, false);
    }
    free(gram);
    free(weight);
    free(a);
    free(b);
}

/* ---- classes ---- */

/* One-hot, centred: (n_bank, m) and the shares that were taken off (m). Rows without a class are at the mean.
 */
static real *targets(const uint32_t *code, size_t n, size_t m, real *share)
{
    real *y = xcalloc(n * m + 1, sizeof *y);
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        known += code[i] < m;
    for (size_t i = 0; i < n; i++)
        if (code[i] < m)
            share[code[i]] += 1 / (real)known;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < m && code[i] < m; c++)
            y[i * m + c] = (real)(c == code[i]) - share[c];
    return y;
}

static double balanced(const real *out, const real *share, const uint32_t *code, size_t n, size_t m)
{
    double *asked = xcalloc(2 * m, sizeof *asked), *right = asked + m, sum = 0, classes = 0;
    for (size_t i = 0; i < n; i++) {
        size_t best = 0;
        if (code[i] >= m)
            continue;
        for (size_t c = 1; c < m; c++)
            if (out[i * m + c] + share[c] > out[i * m + best] + share[best])
                best = c;
        asked[code[i]]++;
        right[code[i]] += best == code[i];
    }
    for (size_t c = 0; c < m; c++)
        if (asked[c] > 0) {
            sum += right[c] / asked[c];
            classes++;
        }
    free(asked);
    return classes > 0 ? sum / classes : (double)NAN;
}

double ridge_accuracy(const struct ridge_rows *rows, const uint32_t *bank_code, const uint32_t *query_code,
                      size_t n_classes)
{
    if (rows->n_bank == 0 || rows->d == 0 || n_classes == 0)
        return NAN;
    real *share = xcalloc(n_classes, sizeof *share),
         *out = xcalloc(rows->n_query * n_classes + 1, sizeof *out);
    real *x = standardise(rows, rows->bank, rows->n_bank);
    real *q = standardise(rows, rows->query, rows->n_query);
    real *y = targets(bank_code, rows->n_bank, n_classes, share);
    ridge_predict(rows, x, q, y, n_classes, out);
    double accuracy = balanced(out, share, query_code, rows->n_query, n_classes);
    free(share);
    free(out);
    free(x);
    free(q);
    free(y);
    return accuracy;
}
