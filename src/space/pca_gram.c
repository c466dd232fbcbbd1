/* SPDX-License-Identifier: MIT */
#include "space/pca_gram.h"

#include "base/check.h"
#include "math/linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    STRIP = 256,  /* rows of products worked as one task */
    DEPTH = 1024, /* columns multiplied at once in float, before they are added up in double */
};
static const double nothing = 1e-6; /* share of the longest axis' length under which one is rounding */

struct gram {
    const real *x; /* (n, d) */
    size_t n, d;
    double *products; /* (n, n), lower half */
    struct progress *progress;
};

static size_t at_most(size_t most, size_t left)
{
    return left < most ? left : most;
}

/* A strip of rows against all up to its end, over all columns. */
static void multiply_strip(void *ctx, size_t strip, int worker)
{
    (void)worker;
    const struct gram *g = ctx;
    size_t first = strip * STRIP, m = at_most(STRIP, g->n - first), wide = first + m;
    real *part = xaligned(m * wide, sizeof *part);
    for (size_t c = 0; c < g->d && !progress_cancelled(g->progress); c += DEPTH) {
        gemm(false, true, m, wide, at_most(DEPTH, g->d - c), 1, g->x + first * g->d + c, g->d, g->x + c, g->d,
             0, part, wide);
        for (size_t i = 0; i < m; i++)
            for (size_t k = 0; k < wide; k++)
                g->products[(first + i) * g->n + k] += (double)part[i * wide + k];
    }
    free(part);
    progress_step(g->progress, wide);
}

static size_t work_of(size_t n)
{
    size_t sum = 0;
    for (size_t first = 0; first < n; first += STRIP)
        sum += first + at_most(STRIP, n - first);
    return sum;
}

static void multiply(struct gram *g, struct pca *pca, struct pool *pool)
{
    double scale = pca->n_fitted > 1 ? 1 / (double)(pca->n_fitted - 1) : 0;
    progress_begin(g->progress, work_of(g->n));
    pool_run(pool, (g->n + STRIP - 1) / STRIP, multiply_strip, g);
    for (size_t i = 0; i < g->n; i++) {
        for (size_t k = 0; k <= i; k++)
            g->products[k * g->n + i] = g->products[i * g->n + k] *= scale;
        pca->total += g->products[i * g->n + i];
    }
}

/* ---- from the rows' eigenvectors to axes ---- */

struct turning {
    const struct gram *gram;
    const double *vectors; /* (n, n), a column each */
    struct pca *pca;
};

/* Columns of the axes from c on: sums over the rows, in their order. */
static void turn_columns(void *ctx, size_t task, int worker)
{
    (void)worker;
    const struct turning *t = ctx;
    size_t n = t->gram->n, d = t->gram->d, c = task * DEPTH, m = at_most(DEPTH, d - c);
    size_t n_axes = at_most(t->pca->n_axes, n);
    for (size_t i = 0; i < n && !progress_cancelled(t->gram->progress); i++)
        for (size_t k = 0; k < n_axes; k++) {
            double *axis = t->pca->axis + k * d + c, along = t->vectors[i * n + k];
            for (size_t j = 0; j < m; j++)
                axis[j] += along * (double)t->gram->x[i * d + c + j];
        }
}

static double dot(const double *a, const double *b, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += a[j] * b[j];
    return sum;
}

/* Takes out of row k what lies along the rows before it; returns what is left. */
static double straighten(double *axis, size_t k, size_t d)
{
    double *row = axis + k * d;
    for (int twice = 0; twice < 2; twice++)
        for (size_t i = 0; i < k; i++) {
            double along = dot(row, axis + i * d, d);
            for (size_t j = 0; j < d; j++)
                row[j] -= along * axis[i * d + j];
        }
    return sqrt(dot(row, row, d));
}

/* To length 1, its loading of largest size positive. */
static void scale_axis(double *row, size_t d, double length)
{
    size_t largest = 0;
    for (size_t j = 1; j < d; j++)
        largest = fabs(row[j]) > fabs(row[largest]) ? j : largest;
    double by = 1 / (row[largest] < 0 ? -length : length);
    for (size_t j = 0; j < d; j++)
        row[j] *= by;
}

/* Axis k as it was turned, or, where it is rounding, what a basis vector adds to those before it. */
static void finish_axis(struct pca *pca, size_t k, double value, double longest)
{
    size_t d = pca->d;
    double *row = pca->axis + k * d, length = straighten(pca->axis, k, d);
    pca->variance[k] = fmax(value, 0);
    for (size_t basis = 0; !(length > nothing * longest && length > 0) && basis < d; basis++) {
        memset(row, 0, d * sizeof *row);
        row[basis] = 1;
        pca->variance[k] = 0;
        length = straighten(pca->axis, k, d);
        longest = 1;
    }
    scale_axis(row, d, length);
}

static bool take_axes(struct gram *g, struct pca *pca, struct pool *pool)
{
    size_t n = g->n;
    double *values = xcalloc(n * (n + 1) + 1, sizeof *values), *vectors = values + n;
    bool fine = linalg_eigen_watched(g->products, n, values, vectors, g->progress);
    struct turning turning = {g, vectors, pca};
    if (fine)
        pool_run(pool, (g->d + DEPTH - 1) / DEPTH, turn_columns, &turning);
    double longest = fine && n > 0 && pca->n_axes > 0 ? sqrt(dot(pca->axis, pca->axis, g->d)) : 0;
    for (size_t k = 0; fine && k < pca->n_axes && !progress_cancelled(g->progress); k++)
        finish_axis(pca, k, k < n ? values[k] : 0, longest);
    free(values);
    return fine && !progress_cancelled(g->progress);
}

bool pca_gram_axes(struct pca *pca, const real *x, size_t n, struct pool *pool, struct progress *progress)
{
    struct gram g = {x, n, pca->d, xcalloc(n * n + 1, sizeof *g.products), progress};
    multiply(&g, pca, pool);
    bool fine = !progress_cancelled(progress) && take_axes(&g, pca, pool);
    free(g.products);
    return fine;
}
