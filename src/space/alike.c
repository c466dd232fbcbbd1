/* SPDX-License-Identifier: MIT
 *
 * Two spaces of the same items, compared: CKA and rankings. Declared in association.h.
 */
#include "base/check.h"
#include "space/association.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* ---- CKA, by the columns' cross products: n d^2, never n^2 ---- */

/* |X'Y|_F^2 of rows weighed 1. */
static double cross_square(const double *x, size_t dx, const double *y, size_t dy, size_t n)
{
    double total = 0, *row = xcalloc(dy, sizeof *row);
    for (size_t a = 0; a < dx; a++) {
        for (size_t b = 0; b < dy; b++)
            row[b] = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t b = 0; b < dy; b++)
                row[b] += x[i * dx + a] * y[i * dy + b];
        for (size_t b = 0; b < dy; b++)
            total += row[b] * row[b];
    }
    free(row);
    return total;
}

static double *doubled(const float *x, size_t n, size_t d, int centre)
{
    double *to = xcalloc(n * d + 1, sizeof *to);
    for (size_t j = 0; j < d; j++) {
        double mean = 0;
        for (size_t i = 0; centre && i < n; i++)
            mean += (double)x[i * d + j] / (double)n;
        for (size_t i = 0; i < n; i++)
            to[i * d + j] = (double)x[i * d + j] - mean;
    }
    return to;
}

double cka_linear(const float *x, size_t dx, const float *y, size_t dy, size_t n)
{
    double *cx = doubled(x, n, dx, 1), *cy = doubled(y, n, dy, 1);
    double both = cross_square(cx, dx, cy, dy, n), xx = cross_square(cx, dx, cx, dx, n),
           yy = cross_square(cy, dy, cy, dy, n);
    free(cx);
    free(cy);
    return both / sqrt(xx * yy);
}

/* k[i] = |x_i|^2 and r[i] = x_i . sum of all rows. */
static void row_facts(const double *x, size_t d, size_t n, double *k, double *r)
{
    double *sum = xcalloc(d, sizeof *sum);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            sum[j] += x[i * d + j];
    for (size_t i = 0; i < n; i++) {
        k[i] = r[i] = 0;
        for (size_t j = 0; j < d; j++) {
            k[i] += x[i * d + j] * x[i * d + j];
            r[i] += x[i * d + j] * sum[j];
        }
    }
    free(sum);
}

/* Unbiased HSIC of linear kernels K = XX', L = YY' without their diagonals (Song et al. 2012, eq. 5), from
 * |X'Y|^2, the diagonals and the row sums. */
static double hsic(const double *x, size_t dx, const double *y, size_t dy, size_t n)
{
    double *kx = xcalloc(n, sizeof *kx), *rx = xcalloc(n, sizeof *rx), *ky = xcalloc(n, sizeof *ky),
           *ry = xcalloc(n, sizeof *ry);
    row_facts(x, dx, n, kx, rx);
    row_facts(y, dy, n, ky, ry);
    double trace = cross_square(x, dx, y, dy, n), sum_x = 0, sum_y = 0, rows = 0, m = (double)n;
    for (size_t i = 0; i < n; i++) {
        trace -= kx[i] * ky[i];
        sum_x += rx[i] - kx[i];
        sum_y += ry[i] - ky[i];
        rows += (rx[i] - kx[i]) * (ry[i] - ky[i]);
    }
    free(kx);
    free(rx);
    free(ky);
    free(ry);
    return (trace + sum_x * sum_y / ((m - 1) * (m - 2)) - 2 * rows / (m - 2)) / (m * (m - 3));
}

double cka_debiased(const float *x, size_t dx, const float *y, size_t dy, size_t n)
{
    if (n <= 3)
        return NAN;
    double *a = doubled(x, n, dx, 1), *b = doubled(y, n, dy, 1); /* centring changes nothing but rounding */
    double both = hsic(a, dx, b, dy, n), xx = hsic(a, dx, a, dx, n), yy = hsic(b, dy, b, dy, n);
    free(a);
    free(b);
    return both / sqrt(xx * yy);
}

/* ---- rankings ---- */

static bool among(uint32_t wanted, const uint32_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == wanted)
            return true;
    return false;
}

double rank_biased_overlap(const uint32_t *a, const uint32_t *b, size_t k, double p)
{
    double sum = 0, weight = 1, both = 0; /* p^(depth - 1); in the first `depth` of both */
    for (size_t depth = 1; depth <= k; depth++, weight *= p) {
        both += among(a[depth - 1], b, depth);
        both += among(b[depth - 1], a, depth - 1);
        sum += weight * both / (double)depth;
    }
    return k > 0 ? both / (double)k * weight + (1 - p) * sum : NAN;
}
