/* SPDX-License-Identifier: MIT
 *
 * Two spaces of the same items, compared: CKA and rankings. Declared in association.h.
 */
#include "base/check.h"
#include "space/association.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- CKA, by the columns' cross products: n d^2, never n^2 ---- */

enum { HELD = 1 << 15, LOOK = 256 /* rows between two looks whether it is cancelled */ };

/* Adds x_i (m of its columns) times y_i to product (m, dy), for all rows. */
static void add_products(const double *x, size_t dx, size_t m, const double *y, size_t dy, size_t n,
                         double *restrict product, struct progress *progress)
{
    for (size_t i = 0; i < n; i++) {
        if (i % LOOK == 0 && progress_cancelled(progress))
            return;
        for (size_t a = 0; a < m; a++)
            for (size_t b = 0; b < dy; b++)
                product[a * dy + b] += x[i * dx + a] * y[i * dy + b];
    }
}

/* |X'Y|_F^2 of rows weighed 1: as many columns of x at once as the cache holds products of. */
static double cross_square(const double *x, size_t dx, const double *y, size_t dy, size_t n,
                           struct progress *progress)
{
    size_t most = dy < HELD ? HELD / dy : 1;
    double total = 0, *product = xcalloc(most * dy, sizeof *product);
    for (size_t first = 0; first < dx && !progress_cancelled(progress); first += most) {
        size_t m = dx - first < most ? dx - first : most;
        memset(product, 0, m * dy * sizeof *product);
        add_products(x + first, dx, m, y, dy, n, product, progress);
        for (size_t i = 0; i < m * dy; i++)
            total += product[i] * product[i];
    }
    free(product);
    return total;
}

/* Centred rows in double. */
static double *doubled(const float *x, size_t n, size_t d, struct progress *progress)
{
    double *to = xcalloc(n * d + 1, sizeof *to), *mean = xcalloc(d + 1, sizeof *mean);
    for (size_t i = 0; i < n && !(i % LOOK == 0 && progress_cancelled(progress)); i++)
        for (size_t j = 0; j < d; j++)
            mean[j] += (double)x[i * d + j] / (double)n;
    for (size_t i = 0; i < n && !(i % LOOK == 0 && progress_cancelled(progress)); i++)
        for (size_t j = 0; j < d; j++)
            to[i * d + j] = (double)x[i * d + j] - mean[j];
    free(mean);
    return to;
}

double cka_linear(const float *x, size_t dx, const float *y, size_t dy, size_t n, struct progress *progress)
{
    double *cx = doubled(x, n, dx, progress), *cy = doubled(y, n, dy, progress);
    double both = cross_square(cx, dx, cy, dy, n, progress), xx = cross_square(cx, dx, cx, dx, n, progress),
           yy = cross_square(cy, dy, cy, dy, n, progress);
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
static double hsic(const double *x, size_t dx, const double *y, size_t dy, size_t n,
                   struct progress *progress)
{
    double *kx = xcalloc(n, sizeof *kx), *rx = xcalloc(n, sizeof *rx), *ky = xcalloc(n, sizeof *ky),
           *ry = xcalloc(n, sizeof *ry);
    row_facts(x, dx, n, kx, rx);
    row_facts(y, dy, n, ky, ry);
    double trace = cross_square(x, dx, y, dy, n, progress), sum_x = 0, sum_y = 0, rows = 0, m = (double)n;
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

double cka_debiased(const float *x, size_t dx, const float *y, size_t dy, size_t n, struct progress *progress)
{
    if (n <= 3)
        return NAN;
    /* centring changes nothing but rounding */
    double *a = doubled(x, n, dx, progress), *b = doubled(y, n, dy, progress);
    double both = hsic(a, dx, b, dy, n, progress), xx = hsic(a, dx, a, dx, n, progress),
           yy = hsic(b, dy, b, dy, n, progress);
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
