/* SPDX-License-Identifier: MIT
 *
 * The symmetric eigenproblem of math/linalg.h. Vectors are kept as rows while they are turned, so that every
 * inner loop runs along memory.
 */
#include "math/linalg.h"

#include "base/check.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROUNDS = 60 }; /* of one value; two or three are usual */

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add_scaled(double *to, double scale, const double *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += scale * from[i];
}

/* v (n): the unit vector whose reflection turns x (n) into a multiple of the first axis; that multiple. */
static double reflector(const double *x, size_t n, double *v)
{
    double length = sqrt(dot(x, x, n));
    double target = x[0] > 0 ? -length : length;
    memcpy(v, x, n * sizeof *v);
    v[0] -= target;
    double norm = sqrt(dot(v, v, n));
    for (size_t i = 0; i < n; i++)
        v[i] = norm > 0 ? v[i] / norm : 0;
    return target;
}

/* to (n) += scale[i] * row i of (m, n of leading dimension ld), in the order of i; four at a time, which
 * spares `to` three of four ways to memory. */
static void add_rows(double *restrict to, const double *scale, const double *rows, size_t m, size_t n,
                     size_t ld)
{
    size_t i = 0;
    for (; i + 4 <= m; i += 4) {
        const double *a = rows + i * ld, *b = a + ld, *c = b + ld, *e = c + ld;
        for (size_t j = 0; j < n; j++)
            to[j] = (((to[j] + scale[i] * a[j]) + scale[i + 1] * b[j]) + scale[i + 2] * c[j]) +
                    scale[i + 3] * e[j];
    }
    for (; i < m; i++)
        add_scaled(to, scale[i], rows + i * ld, n);
}

/* a (m, m of leading dimension n) becomes H a H, H = 1 - 2 v v'. w: room for m. */
static void reflect_both(double *a, size_t m, size_t n, const double *restrict v, double *restrict w)
{
    memset(w, 0, m * sizeof *w);
    add_rows(w, v, a, m, m, n);
    add_scaled(w, -dot(w, v, m), v, m);
    for (size_t i = 0; i < m; i++) {
        double *restrict row = a + i * n;
        double along_w = -2 * v[i], along_v = -2 * w[i];
        for (size_t j = 0; j < m; j++)
            row[j] = (row[j] + along_w * w[j]) + along_v * v[j];
    }
}

/* The m rows of z (n wide) become H z. w: room for n. */
static void reflect_rows(double *z, size_t m, size_t n, const double *v, double *w)
{
    memset(w, 0, n * sizeof *w);
    add_rows(w, v, z, m, n, n);
    for (size_t i = 0; i < m; i++)
        add_scaled(z + i * n, -2 * v[i], w, n);
}

/* How long the parts take: multiply-adds by four. A value takes two rounds or so of turning the rows of its
 * block, which lie longer in the cache. */
static size_t work_of_reflection(size_t n, size_t k, bool vectors)
{
    return (n - k) * (n - k) + (vectors ? (n - k) * n : 0);
}

static size_t work_of_value(size_t n, size_t first, bool vectors)
{
    return vectors ? (n - first) * n : n - first;
}

static size_t work_of_all(size_t n, bool vectors)
{
    size_t work = 0;
    for (size_t k = 0; k < n; k++)
        work += (k + 1 < n ? work_of_reflection(n, k, vectors) : 0) + work_of_value(n, k, vectors);
    return work;
}

/* a = z' T z with T tridiagonal: diagonal (n), off (n; the last is 0). z starts as the identity, or NULL. */
static void tridiagonal(double *a, size_t n, double *diagonal, double *off, double *z,
                        struct progress *progress)
{
    double *v = xcalloc(3 * n, sizeof *v), *w = v + n, *x = w + n;
    for (size_t k = 0; k + 1 < n && !progress_cancelled(progress); k++) {
        progress_step(progress, work_of_reflection(n, k, z));
        size_t m = n - k - 1; /* below the diagonal of column k */
        for (size_t i = 0; i < m; i++)
            x[i] = a[(k + 1 + i) * n + k];
        if (m == 1) {
            off[k] = x[0];
            break;
        }
        off[k] = reflector(x, m, v);
        reflect_both(a + (k + 1) * n + k + 1, m, n, v, w);
        if (z)
            reflect_rows(z + (k + 1) * n, m, n, v, w);
    }
    for (size_t i = 0; i < n; i++)
        diagonal[i] = a[i * n + i];
    off[n - 1] = 0;
    free(v);
}

static void rotate_rows(double *upper, double *lower, size_t n, double c, double s)
{
    for (size_t k = 0; k < n; k++) {
        double u = upper[k], l = lower[k];
        upper[k] = c * u - s * l;
        lower[k] = s * u + c * l;
    }
}

struct ql {
    size_t n;
    double *d, *e; /* diagonal, off the diagonal */
    double *z;     /* rows to turn along, or NULL */
    double floor;  /* what is zero at this size of numbers */
    struct progress *progress;
};

/* The end of the block that starts at `first`: the first place from there on with nothing off the diagonal.
 */
static size_t block_end(const struct ql *q, size_t first)
{
    size_t m = first;
    for (; m + 1 < q->n; m++)
        if (fabs(q->e[m]) <= DBL_EPSILON * (fabs(q->d[m]) + fabs(q->d[m + 1])) + q->floor)
            break;
    return m;
}

/* One QL step with Wilkinson's shift on the block first..m, chasing the bulge upwards. */
static void ql_step(struct ql *q, size_t first, size_t m)
{
    double *d = q->d, *e = q->e;
    double slope = (d[first + 1] - d[first]) / (2 * e[first]);
    double g = d[m] - d[first] + e[first] / (slope + copysign(hypot(slope, 1), slope));
    double s = 1, c = 1, shift = 0;
    for (size_t i = m; i-- > first;) {
        double f = s * e[i], b = c * e[i], r = hypot(f, g);
        e[i + 1] = r;
        if (r == 0) { /* the block falls apart here */
            d[i + 1] -= shift;
            e[m] = 0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - shift;
        r = (d[i] - g) * s + 2 * c * b;
        shift = s * r;
        d[i + 1] = g + shift;
        g = c * r - b;
        if (q->z)
            rotate_rows(q->z + i * q->n, q->z + (i + 1) * q->n, q->n, c, s);
    }
    d[first] -= shift;
    e[first] = g;
    e[m] = 0;
}

static void diagonalise(struct ql *q)
{
    for (size_t first = 0; first < q->n; first++) {
        for (int round = 0; round < MAX_ROUNDS && !progress_cancelled(q->progress); round++) {
            size_t m = block_end(q, first);
            if (m == first)
                break;
            ql_step(q, first, m);
        }
        progress_step(q->progress, work_of_value(q->n, first, q->z));
    }
}

/* Which row of z holds each value, largest value first. */
static void rank_values(const double *d, size_t n, size_t *order)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && d[order[at - 1]] < d[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static double sign_of(const double *row, size_t n)
{
    size_t largest = 0;
    for (size_t k = 1; k < n; k++)
        if (fabs(row[k]) > fabs(row[largest]))
            largest = k;
    return row[largest] < 0 ? -1 : 1;
}

static void write_vectors(const double *z, const size_t *order, size_t n, double *vectors)
{
    for (size_t j = 0; j < n; j++) {
        const double *row = z + order[j] * n;
        double sign = sign_of(row, n);
        for (size_t k = 0; k < n; k++)
            vectors[k * n + j] = sign * row[k];
    }
}

bool linalg_eigen_watched(double *a, size_t n, double *values, double *vectors, struct progress *progress)
{
    if (n == 0)
        return true;
    progress_begin(progress, work_of_all(n, vectors));
    double *d = xcalloc(2 * n, sizeof *d), *z = vectors ? xcalloc(n * n, sizeof *z) : NULL;
    size_t *order = xcalloc(n, sizeof *order);
    for (size_t i = 0; z && i < n; i++)
        z[i * n + i] = 1;
    double size = sqrt(dot(a, a, n * n));
    tridiagonal(a, n, d, d + n, z, progress);
    struct ql q = {n, d, d + n, z, DBL_EPSILON * DBL_EPSILON * size, progress};
    if (isfinite(size))
        diagonalise(&q);
    rank_values(d, n, order);
    for (size_t i = 0; i < n; i++)
        values[i] = isfinite(size) ? d[order[i]] : (double)NAN;
    if (z)
        write_vectors(z, order, n, vectors);
    free(d);
    free(z);
    free(order);
    return !progress_cancelled(progress);
}

void linalg_eigen(double *a, size_t n, double *values, double *vectors)
{
    linalg_eigen_watched(a, n, values, vectors, NULL);
}
