/* SPDX-License-Identifier: MIT */
#include "math/linalg.h"

#include "base/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void column_means(const float *rows, size_t n, size_t d, double *means)
{
    for (size_t j = 0; j < d; j++)
        means[j] = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            means[j] += rows[i * d + j];
    for (size_t j = 0; j < d && n > 0; j++)
        means[j] /= (double)n;
}

static void mirror(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            a[j * n + i] = a[i * n + j];
}

/* ---- sums of outer products ---- */

enum {
    DEEP = 64, /* vectors added up at once */
    WIDE = 16, /* their entries lie in panels of so many: (DEEP, WIDE), the last filled up with zeros */
    TALL = 4,  /* a tile of the sum is TALL x WIDE and stays in registers */
    LANES = 8,
    VECS = WIDE / LANES,
};

/* An array of plain sums gcc 12 would keep in memory. */
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));

/* tile (TALL, WIDE) += sum over k < m of left[k] right[k]', of the first TALL of left. */
static void add_tile(const double *left, const double *right, size_t m, double *tile)
{
    lanes sum[TALL][VECS];
    memcpy(sum, tile, sizeof sum);
    for (size_t k = 0; k < m; k++) {
        lanes across[VECS];
        memcpy(across, right + k * WIDE, sizeof across);
#pragma GCC unroll 16
        for (size_t i = 0; i < TALL; i++)
#pragma GCC unroll 16
            for (size_t v = 0; v < VECS; v++)
                sum[i][v] += left[k * WIDE + i] * across[v];
    }
    memcpy(tile, sum, sizeof sum);
}

/* out (n, n) += sum over k < m of x[k] x[k]', x in panels; each entry in the order of k. Only what lies on
 * and left of the diagonal is of use. */
static void add_outer(const double *x, size_t m, size_t n, double *out)
{
    double tile[TALL * WIDE] = {0};
    for (size_t i = 0; i < n; i += TALL)
        for (size_t j = 0; j < i + TALL && j < n; j += WIDE) {
            size_t tall = n - i < TALL ? n - i : TALL, wide = n - j < WIDE ? n - j : WIDE;
            for (size_t r = 0; r < tall; r++)
                memcpy(tile + r * WIDE, out + (i + r) * n + j, wide * sizeof *tile);
            add_tile(x + i / WIDE * DEEP * WIDE + i % WIDE, x + j * DEEP, m, tile);
            for (size_t r = 0; r < tall; r++)
                memcpy(out + (i + r) * n + j, tile + r * WIDE, wide * sizeof *tile);
        }
}

/* out (d, d): the sum of the rows' outer products; or (n, n), of the columns', which is the rows' inner
 * products: means taken off. */
static void gram(const float *rows, size_t n, size_t d, const double *means, bool of_columns, double *out,
                 struct progress *progress)
{
    size_t size = of_columns ? n : d, count = of_columns ? d : n;
    double *x = xaligned((size + WIDE) * DEEP, sizeof *x);
    memset(x, 0, (size + WIDE) * DEEP * sizeof *x);
    memset(out, 0, size * size * sizeof *out);
    for (size_t first = 0; first < count && !progress_cancelled(progress); first += DEEP) {
        size_t m = count - first < DEEP ? count - first : DEEP;
        for (size_t e = 0; e < size; e++)
            for (size_t k = 0; k < m; k++) {
                size_t row = of_columns ? e : first + k, column = of_columns ? first + k : e;
                x[(e / WIDE * DEEP + k) * WIDE + e % WIDE] = rows[row * d + column] - means[column];
            }
        add_outer(x, m, size, out);
    }
    mirror(out, size);
    free(x);
}

void linalg_singular_values(const float *rows, size_t n, size_t d, double *values, struct progress *progress)
{
    size_t size = n < d ? n : d;
    double *means = xcalloc(d + 1, sizeof *means), *a = xcalloc(size * size + 1, sizeof *a);
    column_means(rows, n, d, means);
    gram(rows, n, d, means, size < d, a, progress);
    linalg_eigen_watched(a, size, values, NULL, progress);
    for (size_t i = 0; i < size; i++)
        values[i] = values[i] < 0 ? 0 : sqrt(values[i]);
    free(means);
    free(a);
}

void linalg_procrustes(const float *x, const float *y, const float *tx, const float *ty, size_t n,
                       double r[4])
{
    double xx = 0, xy = 0, yx = 0, yy = 0; /* sums of source times target */
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i]) && isfinite(tx[i]) && isfinite(ty[i])) {
            xx += (double)x[i] * tx[i];
            xy += (double)x[i] * ty[i];
            yx += (double)y[i] * tx[i];
            yy += (double)y[i] * ty[i];
        }
    double turn = hypot(xx + yy, xy - yx), flip = hypot(xx - yy, xy + yx);
    r[0] = r[3] = 1;
    r[1] = r[2] = 0;
    if (turn > 0 && turn >= flip) {
        r[0] = r[3] = (xx + yy) / turn;
        r[2] = (xy - yx) / turn;
        r[1] = -r[2];
    } else if (flip > 0) {
        r[0] = (xx - yy) / flip;
        r[3] = -r[0];
        r[1] = r[2] = (xy + yx) / flip;
    }
}
