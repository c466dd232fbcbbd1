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

/* out (d, d) = sum over rows of (x - means)(x - means)'. */
static void scatter(const float *rows, size_t n, size_t d, const double *means, double *out)
{
    double *x = xcalloc(d, sizeof *x);
    for (size_t k = 0; k < d * d; k++)
        out[k] = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++)
            x[j] = rows[i * d + j] - means[j];
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k <= j; k++)
                out[j * d + k] += x[j] * x[k];
    }
    mirror(out, d);
    free(x);
}

/* out (n, n): inner products of the rows, means taken off. A few columns at a time, so that the inner loop
 * runs along memory. */
static void gram(const float *rows, size_t n, size_t d, const double *means, double *out)
{
    enum { COLUMNS = 32 };
    double *x = xcalloc(COLUMNS * n, sizeof *x); /* (COLUMNS, n) */
    memset(out, 0, n * n * sizeof *out);
    for (size_t first = 0; first < d; first += COLUMNS) {
        size_t m = d - first < COLUMNS ? d - first : COLUMNS;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < m; k++)
                x[k * n + i] = rows[i * d + first + k] - means[first + k];
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < m; k++)
                for (size_t j = 0; j <= i; j++)
                    out[i * n + j] += x[k * n + i] * x[k * n + j];
    }
    mirror(out, n);
    free(x);
}

void linalg_singular_values(const float *rows, size_t n, size_t d, double *values)
{
    size_t size = n < d ? n : d;
    double *means = xcalloc(d + 1, sizeof *means), *a = xcalloc(size * size + 1, sizeof *a);
    column_means(rows, n, d, means);
    if (size == d)
        scatter(rows, n, d, means, a);
    else
        gram(rows, n, d, means, a);
    linalg_eigen(a, size, values, NULL);
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
