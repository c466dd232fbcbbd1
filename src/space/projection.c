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
    MAX_ROUNDS = 40,
};
#define SETTLED 1e-6 /* share by which a round must still gain variance */

/* ---- rows ready to be fitted ---- */

/* Centred unit rows, closed up; the owner frees x. Every loop over its rows looks at `progress`: what a
 * cancelled one leaves is thrown away at the end. */
struct cloud {
    size_t n, d;
    real *x; /* (n, d) */
    struct progress *progress;
};

static bool stopped(const struct cloud *cloud)
{
    return progress_cancelled(cloud->progress);
}

/* Takes the mean off and says what it was. */
static void centre(struct cloud *cloud, double *mean)
{
    memset(mean, 0, cloud->d * sizeof *mean);
    for (size_t i = 0; i < cloud->n && !stopped(cloud); i++)
        for (size_t j = 0; j < cloud->d; j++)
            mean[j] += (double)cloud->x[i * cloud->d + j] / (double)cloud->n;
    for (size_t i = 0; i < cloud->n && !stopped(cloud); i++)
        for (size_t j = 0; j < cloud->d; j++)
            cloud->x[i * cloud->d + j] -= (real)mean[j];
}

static bool coded(const struct classes *classes, size_t row)
{
    return !classes || classes->code[row] < classes->n_classes;
}

/* classes NULL: all rows. kept (n): the row each came from, or NULL. */
static struct cloud cloud_of(const float *rows, const struct classes *classes, size_t n, size_t d,
                             size_t *kept, struct progress *progress)
{
    struct cloud cloud = {0, d, xaligned(n * d + 1, sizeof(real)), progress};
    float *unit = xaligned(d + 1, sizeof *unit);
    for (size_t i = 0; i < n && !stopped(&cloud); i++) {
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
    for (size_t i = 0; i < cloud->n && !stopped(cloud); i++) {
        uint32_t code = classes->code[kept[i]];
        count[code]++;
        for (size_t j = 0; j < d; j++)
            sum[code * d + j] += (double)cloud->x[i * d + j];
    }
    struct cloud means = {0, d, xaligned(classes->n_classes * d + 1, sizeof(real)), cloud->progress};
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
    for (size_t i = 0; i < cloud->n && !stopped(cloud); i++) {
        const real *x = cloud->x + i * d;
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                scatter[j * d + k] += (double)x[j] * x[k];
    }
    if (!stopped(cloud))
        leading_vectors(scatter, d, wanted, axis);
    free(scatter);
}

/* Rows are multiplied so many at once, to look in between whether it is cancelled. */
enum { AT_ONCE = 8192 };

static size_t rows_from(const struct cloud *cloud, size_t i)
{
    return cloud->n - i < AT_ONCE ? cloud->n - i : AT_ONCE;
}

/* out (n, m): coordinates of the cloud along the rows of axis (m, d). */
static void coordinates(const struct cloud *cloud, const double *axis, size_t m, real *out)
{
    real *basis = xaligned(m * cloud->d + 1, sizeof *basis);
    for (size_t i = 0; i < m * cloud->d; i++)
        basis[i] = (real)axis[i];
    for (size_t i = 0; i < cloud->n && m > 0 && !stopped(cloud); i += AT_ONCE)
        gemm_nt(rows_from(cloud, i), m, cloud->d, cloud->x + i * cloud->d, basis, out + i * m, false);
    free(basis);
}

static double squares(const real *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i] * x[i];
    return sum;
}

/* The rows of q (m, d) turned to the principal axes of the cloud within their span (Rayleigh & Ritz); along:
 * the cloud's coordinates. */
static void settle(const struct cloud *cloud, double *q, size_t m, const real *along)
{
    size_t d = cloud->d;
    double *inner = xcalloc(2 * m * m + m * d, sizeof *inner), *turn = inner + m * m, *turned = turn + m * m;
    for (size_t i = 0; i < cloud->n && !stopped(cloud); i++)
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

/* q (m, d) orthonormal, then times the covariance, until it holds no more of the variance than before. */
static void iterate(const struct cloud *cloud, double *q, size_t m, real *along)
{
    real *next = xaligned(m * cloud->d, sizeof *next);
    double held = 0;
    for (int round = 0;; round++) {
        for (size_t k = 0; k < m && !stopped(cloud); k++)
            orthonormalise(q, k, cloud->d);
        coordinates(cloud, q, m, along);
        double before = held;
        held = squares(along, cloud->n * m);
        if (stopped(cloud) || round == MAX_ROUNDS || held <= before * (1 + SETTLED))
            break;
        for (size_t i = 0; i < cloud->n && !stopped(cloud); i += AT_ONCE)
            gemm_tn(m, cloud->d, rows_from(cloud, i), along + i * m, cloud->x + i * cloud->d, next, i > 0);
        for (size_t i = 0; i < m * cloud->d; i++)
            q[i] = (double)next[i];
    }
    free(next);
}

/* Subspace iteration: the covariance of wide rows is never made. */
static void axes_iterated(const struct cloud *cloud, size_t wanted, double *axis)
{
    size_t d = cloud->d, m = wanted + SPARE_AXES < d ? wanted + SPARE_AXES : d;
    double *q = xcalloc(m * d, sizeof *q);
    real *along = xaligned(cloud->n * m + 1, sizeof *along);
    struct rng rng = rng_at(0, RNG_SAMPLE, 0, d, 0);
    for (size_t i = 0; i < m * d; i++)
        q[i] = rng_normal(&rng);
    iterate(cloud, q, m, along);
    if (!stopped(cloud))
        settle(cloud, q, m, along);
    memcpy(axis, q, wanted * d * sizeof *q);
    free(q);
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
    for (size_t i = 0; i < cloud->n && !stopped(cloud); i++)
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
static bool finish(struct projection *p, const struct cloud *cloud)
{
    double total = squares(cloud->x, cloud->n * cloud->d);
    real *along = xaligned(cloud->n * p->n_axes + 1, sizeof *along);
    for (size_t k = 0; k < p->n_axes; k++) {
        orthonormalise(p->axis, k, p->d);
        sign_axis(p->axis + k * p->d, p->d);
    }
    coordinates(cloud, p->axis, p->n_axes, along);
    for (size_t i = 0; i < cloud->n; i++)
        for (size_t k = 0; k < p->n_axes && total > 0; k++)
            p->variance[k] += (double)along[i * p->n_axes + k] * along[i * p->n_axes + k] / total;
    free(along);
    if (stopped(cloud))
        projection_release(p);
    return !stopped(cloud);
}

bool projection_fit_pca(struct projection *p, const float *rows, size_t n, size_t d, size_t n_axes,
                        struct progress *progress)
{
    projection_init(p, d, n_axes);
    struct cloud cloud = cloud_of(rows, NULL, n, d, NULL, progress);
    centre(&cloud, p->mean);
    principal_axes(&cloud, p->n_axes, p->axis);
    bool fine = finish(p, &cloud);
    free(cloud.x);
    return fine;
}

bool projection_fit_classes(struct projection *p, const float *rows, const struct classes *classes, size_t n,
                            size_t d, size_t n_axes, struct progress *progress)
{
    projection_init(p, d, n_axes);
    size_t *kept = xcalloc(n + 1, sizeof *kept);
    struct cloud cloud = cloud_of(rows, classes, n, d, kept, progress);
    centre(&cloud, p->mean);
    struct cloud means = class_means(&cloud, classes, kept);
    size_t told = means.n > 1 ? means.n - 1 : 0; /* directions that class means can differ in */
    told = told < p->n_axes ? told : p->n_axes;
    if (told > 0)
        principal_axes(&means, told, p->axis);
    if (told < p->n_axes) {
        struct cloud rest = {cloud.n, d, xaligned(cloud.n * d + 1, sizeof(real)), progress};
        memcpy(rest.x, cloud.x, cloud.n * d * sizeof(real));
        deflate(&rest, p, told);
        principal_axes(&rest, p->n_axes - told, p->axis + told * d);
        free(rest.x);
    }
    bool fine = finish(p, &cloud);
    free(means.x);
    free(cloud.x);
    free(kept);
    return fine;
}

/* ---- applying ---- */

static double coordinate(const struct projection *p, size_t axis, const float *unit)
{
    double sum = 0;
    for (size_t j = 0; j < p->d; j++)
        sum += (unit[j] - p->mean[j]) * p->axis[axis * p->d + j];
    return sum;
}

void projection_apply(const struct projection *p, size_t axis, const float *rows, size_t n, float *out,
                      struct progress *progress)
{
    CHECK(axis < p->n_axes);
    float *unit = xaligned(p->d + 1, sizeof *unit);
    for (size_t i = 0; i < n && !progress_cancelled(progress); i++) {
        const float *row = rows + i * p->d;
        score_normalise(row, 1, p->d, unit, NULL);
        out[i] = row_is_finite(row, p->d) ? (float)coordinate(p, axis, unit) : NAN;
    }
    free(unit);
}

double projection_share(const struct projection *p, const int axes[2], const float *rows, size_t n,
                        struct progress *progress)
{
    CHECK((size_t)axes[0] < p->n_axes && (size_t)axes[1] < p->n_axes);
    struct cloud cloud = cloud_of(rows, NULL, n, p->d, NULL, progress);
    double *mean = xcalloc(p->d + 1, sizeof *mean), total = 0, shown = 0;
    centre(&cloud, mean);
    for (size_t i = 0; i < cloud.n && !stopped(&cloud); i++) {
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
