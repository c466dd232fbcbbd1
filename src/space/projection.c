/* SPDX-License-Identifier: MIT */
#include "space/projection.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/blas.h"
#include "math/linalg.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXACT_WIDTH = 256, /* up to here by the whole covariance; wider, by subspace iteration */
    SPARE_AXES = 8,    /* iterated along, so that the wanted ones settle */
    ROUNDS = 40,
};

/* ---- rows ready to be fitted ---- */

/* Centred unit rows, closed up; the owner frees x. */
struct cloud {
    size_t n, d;
    real *x; /* (n, d) */
};

/* Takes the mean off and says what it was. */
static void centre(struct cloud *cloud, double *mean)
{
    memset(mean, 0, cloud->d * sizeof *mean);
    for (size_t i = 0; i < cloud->n; i++)
        for (size_t j = 0; j < cloud->d; j++)
            mean[j] += (double)cloud->x[i * cloud->d + j] / (double)cloud->n;
    for (size_t i = 0; i < cloud->n; i++)
        for (size_t j = 0; j < cloud->d; j++)
            cloud->x[i * cloud->d + j] -= (real)mean[j];
}

static bool coded(const struct classes *classes, size_t row)
{
    return !classes || classes->code[row] < classes->n_classes;
}

/* classes NULL: all rows. kept (n): the row each came from, or NULL. */
static struct cloud cloud_of(const float *rows, const struct classes *classes, size_t n, size_t d,
                             size_t *kept)
{
    struct cloud cloud = {0, d, xaligned(n * d + 1, sizeof(real))};
    float *unit = xaligned(d + 1, sizeof *unit);
    for (size_t i = 0; i < n; i++) {
        if (!coded(classes, i) || !score_normalise(rows + i * d, 1, d, unit, NULL))
            continue;
        for (size_t j = 0; j < d; j++)
            cloud.x[cloud.n * d + j] = unit[j];
        if (kept)
            kept[cloud.n] = i;
        cloud.n++;
    }
    free(unit);
    return cloud;
}

/* The means of the classes that have rows, about their own middle. cloud is centred. */
static struct cloud class_means(const struct cloud *cloud, const struct classes *classes, const size_t *kept)
{
    size_t d = cloud->d;
    double *sum = xcalloc(classes->n_classes * (d + 1) + d, sizeof *sum);
    double *count = sum + classes->n_classes * d, *middle = count + classes->n_classes;
    for (size_t i = 0; i < cloud->n; i++) {
        uint32_t code = classes->code[kept[i]];
        count[code]++;
        for (size_t j = 0; j < d; j++)
            sum[code * d + j] += (double)cloud->x[i * d + j];
    }
    struct cloud means = {0, d, xaligned(classes->n_classes * d + 1, sizeof(real))};
    for (size_t c = 0; c < classes->n_classes; c++) {
        if (count[c] == 0)
            continue;
        for (size_t j = 0; j < d; j++)
            means.x[means.n * d + j] = (real)(sum[c * d + j] / count[c]);
        means.n++;
    }
    centre(&means, middle);
    free(sum);
    return means;
}

/* ---- principal axes ---- */

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Makes row k of axis (., d) a unit vector at right angles to the rows before it; if nothing of it is left, a
 * basis vector takes its place. */
static void orthonormalise(double *axis, size_t k, size_t d)
{
    double *row = axis + k * d;
    for (size_t attempt = 0; attempt <= d; attempt++) {
        double before = sqrt(dot(row, row, d));
        for (int twice = 0; twice < 2; twice++)
            for (size_t i = 0; i < k; i++) {
                double along = dot(row, axis + i * d, d);
                for (size_t j = 0; j < d; j++)
                    row[j] -= along * axis[i * d + j];
            }
        double length = sqrt(dot(row, row, d));
        if (length > 1e-9 * before && length > 0) {
            for (size_t j = 0; j < d; j++)
                row[j] /= length;
            return;
        }
        memset(row, 0, d * sizeof *row);
        row[attempt % d] = 1;
    }
}

static void sign_axis(double *row, size_t d)
{
    size_t largest = 0;
    for (size_t j = 1; j < d; j++)
        if (fabs(row[j]) > fabs(row[largest]))
            largest = j;
    double sign = row[largest] < 0 ? -1 : 1;
    for (size_t j = 0; j < d; j++)
        row[j] *= sign;
}

/* The wanted eigenvectors of a symmetric (size, size), most first, as rows of axis. */
static void leading_vectors(double *a, size_t size, size_t wanted, double *axis)
{
    double *values = xcalloc(size * (size + 1), sizeof *values), *vectors = values + size;
    linalg_eigen(a, size, values, vectors);
    for (size_t k = 0; k < wanted; k++)
        for (size_t j = 0; j < size; j++)
            axis[k * size + j] = vectors[j * size + k];
    free(values);
}

static void axes_exact(const struct cloud *cloud, size_t wanted, double *axis)
{
    size_t d = cloud->d;
    double *scatter = xcalloc(d * d, sizeof *scatter);
    for (size_t i = 0; i < cloud->n; i++) {
        const real *x = cloud->x + i * d;
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                scatter[j * d + k] += (double)x[j] * x[k];
    }
    leading_vectors(scatter, d, wanted, axis);
    free(scatter);
}

/* The rows of q (m, d) turned to the principal axes of the cloud within their span (Rayleigh & Ritz). */
static void settle(const struct cloud *cloud, double *q, size_t m, const real *along)
{
    size_t d = cloud->d;
    double *inner = xcalloc(2 * m * m + m * d, sizeof *inner), *turn = inner + m * m, *turned = turn + m * m;
    for (size_t i = 0; i < cloud->n; i++)
        for (size_t j = 0; j < m; j++)
            for (size_t k = 0; k < m; k++)
                inner[j * m + k] += (double)along[i * m + j] * along[i * m + k];
    leading_vectors(inner, m, m, turn);
    for (size_t k = 0; k < m; k++)
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < d; j++)
                turned[k * d + j] += turn[k * m + i] * q[i * d + j];
    memcpy(q, turned, m * d * sizeof *q);
    free(inner);
}

/* Subspace iteration: the covariance of wide rows is never made. */
static void axes_iterated(const struct cloud *cloud, size_t wanted, double *axis)
{
    size_t d = cloud->d, m = wanted + SPARE_AXES < d ? wanted + SPARE_AXES : d;
    double *q = xcalloc(m * d, sizeof *q);
    real *basis = xaligned(m * d, sizeof *basis), *along = xaligned(cloud->n * m + 1, sizeof *along);
    struct rng rng = rng_at(0, RNG_SAMPLE, 0, d, 0);
    for (size_t i = 0; i < m * d; i++)
        q[i] = rng_normal(&rng);
    for (int round = 0; round <= ROUNDS; round++) {
        for (size_t k = 0; k < m; k++)
            orthonormalise(q, k, d);
        for (size_t i = 0; i < m * d; i++)
            basis[i] = (real)q[i];
        gemm_nt(cloud->n, m, d, cloud->x, basis, along, false);
        if (round == ROUNDS)
            break;
        gemm_tn(m, d, cloud->n, along, cloud->x, basis, false);
        for (size_t i = 0; i < m * d; i++)
            q[i] = (double)basis[i];
    }
    settle(cloud, q, m, along);
    memcpy(axis, q, wanted * d * sizeof *q);
    free(q);
    free(basis);
    free(along);
}

/* axis (wanted, d), not yet signed. */
static void principal_axes(const struct cloud *cloud, size_t wanted, double *axis)
{
    if (cloud->d <= EXACT_WIDTH)
        axes_exact(cloud, wanted, axis);
    else
        axes_iterated(cloud, wanted, axis);
}

/* ---- fitting ---- */

/* Takes what lies along the first n_axes axes out of the cloud. */
static void deflate(struct cloud *cloud, const struct projection *p, size_t n_axes)
{
    for (size_t i = 0; i < cloud->n; i++)
        for (size_t k = 0; k < n_axes; k++) {
            real *x = cloud->x + i * cloud->d;
            const double *axis = p->axis + k * cloud->d;
            double along = 0;
            for (size_t j = 0; j < cloud->d; j++)
                along += (double)x[j] * axis[j];
            for (size_t j = 0; j < cloud->d; j++)
                x[j] -= (real)(along * axis[j]);
        }
}

static void projection_init(struct projection *p, size_t d, size_t n_axes)
{
    *p = (struct projection){.d = d, .n_axes = n_axes < d ? n_axes : d};
    p->mean = xcalloc(d + 1, sizeof *p->mean);
    p->axis = xcalloc(p->n_axes * d + 1, sizeof *p->axis);
    p->variance = xcalloc(p->n_axes + 1, sizeof *p->variance);
}

void projection_release(struct projection *p)
{
    free(p->mean);
    free(p->axis);
    free(p->variance);
    *p = (struct projection){0};
}

/* Signs and straightens the axes, and reads their shares off the centred cloud. */
static void finish(struct projection *p, const struct cloud *cloud)
{
    double total = 0;
    for (size_t i = 0; i < cloud->n * cloud->d; i++)
        total += (double)cloud->x[i] * cloud->x[i];
    for (size_t k = 0; k < p->n_axes; k++) {
        double *axis = p->axis + k * p->d, sum = 0;
        orthonormalise(p->axis, k, p->d);
        sign_axis(axis, p->d);
        for (size_t i = 0; i < cloud->n; i++) {
            double along = 0;
            for (size_t j = 0; j < p->d; j++)
                along += (double)cloud->x[i * p->d + j] * axis[j];
            sum += along * along;
        }
        p->variance[k] = total > 0 ? sum / total : 0;
    }
}

void projection_fit_pca(struct projection *p, const float *rows, size_t n, size_t d, size_t n_axes)
{
    projection_init(p, d, n_axes);
    struct cloud cloud = cloud_of(rows, NULL, n, d, NULL);
    centre(&cloud, p->mean);
    principal_axes(&cloud, p->n_axes, p->axis);
    finish(p, &cloud);
    free(cloud.x);
}

void projection_fit_classes(struct projection *p, const float *rows, const struct classes *classes, size_t n,
                            size_t d, size_t n_axes)
{
    projection_init(p, d, n_axes);
    size_t *kept = xcalloc(n + 1, sizeof *kept);
    struct cloud cloud = cloud_of(rows, classes, n, d, kept);
    centre(&cloud, p->mean);
    struct cloud means = class_means(&cloud, classes, kept);
    size_t told = means.n > 1 ? means.n - 1 : 0; /* directions that class means can differ in */
    told = told < p->n_axes ? told : p->n_axes;
    if (told > 0)
        principal_axes(&means, told, p->axis);
    if (told < p->n_axes) {
        struct cloud rest = {cloud.n, d, xaligned(cloud.n * d + 1, sizeof(real))};
        memcpy(rest.x, cloud.x, cloud.n * d * sizeof(real));
        deflate(&rest, p, told);
        principal_axes(&rest, p->n_axes - told, p->axis + told * d);
        free(rest.x);
    }
    finish(p, &cloud);
    free(means.x);
    free(cloud.x);
    free(kept);
}

/* ---- applying ---- */

static double coordinate(const struct projection *p, size_t axis, const float *unit)
{
    double sum = 0;
    for (size_t j = 0; j < p->d; j++)
        sum += (unit[j] - p->mean[j]) * p->axis[axis * p->d + j];
    return sum;
}

void projection_apply(const struct projection *p, size_t axis, const float *rows, size_t n, float *out)
{
    CHECK(axis < p->n_axes);
    float *unit = xaligned(p->d + 1, sizeof *unit);
    for (size_t i = 0; i < n; i++) {
        score_normalise(rows + i * p->d, 1, p->d, unit, NULL);
        out[i] = (float)coordinate(p, axis, unit);
    }
    free(unit);
}

double projection_share(const struct projection *p, const int axes[2], const float *rows, size_t n)
{
    CHECK((size_t)axes[0] < p->n_axes && (size_t)axes[1] < p->n_axes);
    struct cloud cloud = cloud_of(rows, NULL, n, p->d, NULL);
    double *mean = xcalloc(p->d + 1, sizeof *mean), total = 0, shown = 0;
    centre(&cloud, mean);
    for (size_t i = 0; i < cloud.n; i++) {
        const real *x = cloud.x + i * p->d;
        double along[2] = {0, 0};
        for (size_t j = 0; j < p->d; j++) {
            total += (double)x[j] * x[j];
            for (int k = 0; k < 2; k++)
                along[k] += (double)x[j] * p->axis[(size_t)axes[k] * p->d + j];
        }
        shown += along[0] * along[0] + (axes[0] == axes[1] ? 0 : along[1] * along[1]);
    }
    free(cloud.x);
    free(mean);
    return total > 0 ? shown / total : 0;
}
