/* SPDX-License-Identifier: MIT */
#include "space/association.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/linalg.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAME_POINT 1e-6 /* unit rows of floats that are less apart are rounding */

/* ---- silhouette: mean cosines come from the groups' sums of unit rows ---- */

/* along (n_groups): the row's products with the groups' sums, which lie side by side: (d, n_groups). */
static void products(const float *row, size_t d, const double *sum, size_t n_groups, double *along)
{
    memset(along, 0, n_groups * sizeof *along);
    for (size_t j = 0; j < d; j++)
        for (size_t g = 0; g < n_groups; g++)
            along[g] += (double)row[j] * sum[j * n_groups + g];
}

static double silhouette_of(const double *along, uint32_t own, const double *size, size_t n_groups)
{
    double a = 0, b = INFINITY;
    for (size_t g = 0; g < n_groups; g++) {
        double itself = g == own, count = size[g] - itself, distance = 1 - (along[g] - itself) / count;
        if (g == own)
            a = distance;
        else if (count > 0)
            b = fmin(b, distance);
    }
    return size[own] > 1 && isfinite(b) && fmax(a, b) > SAME_POINT ? (b - a) / fmax(a, b) : 0;
}

double silhouette(const float *rows, size_t n, size_t d, const uint32_t *group, size_t n_groups, double *each)
{
    float *unit = xaligned(n * d + 1, sizeof *unit);
    bool *valid = xcalloc(n + 1, sizeof *valid);
    double *sum = xcalloc(n_groups * d + 1, sizeof *sum), *size = xcalloc(2 * n_groups, sizeof *size),
           *along = size + n_groups, total = 0;
    size_t n_valid = score_normalise(rows, n, d, unit, valid);
    for (size_t i = 0; i < n; i++) {
        size[group[i]] += valid[i];
        for (size_t j = 0; j < d; j++)
            sum[j * n_groups + group[i]] += (double)unit[i * d + j];
    }
    for (size_t i = 0; i < n; i++) {
        products(unit + i * d, d, sum, n_groups, along);
        double s = valid[i] ? silhouette_of(along, group[i], size, n_groups) : NAN;
        total += valid[i] ? s : 0;
        if (each)
            each[i] = s;
    }
    free(unit);
    free(valid);
    free(sum);
    free(size);
    return n_valid ? total / (double)n_valid : NAN;
}

/* ---- the probe: hat values from one eigendecomposition ---- */

struct group_probe {
    size_t n, d; /* with the constant */
    double lambda;
    double *w;       /* (d) eigenvalues of X'X */
    double *hat;     /* (n) leverage */
    double *rotated; /* (n, d): x in the eigenvectors */
};

/* Rows with the constant (n, d). */
static double *with_constant(const float *rows, size_t n, size_t d)
{
    double *x = xcalloc(n * (d + 1) + 1, sizeof *x);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++)
            x[i * (d + 1) + j] = (double)rows[i * d + j];
        x[i * (d + 1) + d] = 1;
    }
    return x;
}

struct group_probe *group_probe_new(const float *rows, size_t n, size_t d, double lambda)
{
    size_t e = d + 1;
    struct group_probe *p = xcalloc(1, sizeof *p);
    *p = (struct group_probe){n,
                              e,
                              lambda,
                              xcalloc(e, sizeof *p->w),
                              xcalloc(n + 1, sizeof *p->hat),
                              xcalloc(n * e + 1, sizeof *p->rotated)};
    double *x = with_constant(rows, n, d), *gram = xcalloc(e * e, sizeof *gram),
           *v = xcalloc(e * e, sizeof *v);
    for (size_t i = 0; i < n; i++)
        for (size_t a = 0; a < e; a++)
            for (size_t b = 0; b < e; b++)
                gram[a * e + b] += x[i * e + a] * x[i * e + b];
    linalg_eigen(gram, e, p->w, v);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < e; j++)
            for (size_t k = 0; k < e; k++)
                p->rotated[i * e + k] += x[i * e + j] * v[j * e + k];
        for (size_t k = 0; k < e; k++)
            p->hat[i] += p->rotated[i * e + k] * p->rotated[i * e + k] / (p->w[k] + lambda);
    }
    free(x);
    free(gram);
    free(v);
    return p;
}

void group_probe_free(struct group_probe *probe)
{
    if (!probe)
        return;
    free(probe->w);
    free(probe->hat);
    free(probe->rotated);
    free(probe);
}

/* along (d, n_groups): what is said of all items by all, each weighed; +1 of its group, -1 of the others. */
static void fit_groups(const struct group_probe *p, const uint32_t *group, size_t n_groups, double *along)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->d; k++) {
            double x = p->rotated[i * p->d + k];
            for (size_t g = 0; g < n_groups; g++)
                along[k * n_groups + g] -= x;
            along[k * n_groups + group[i]] += 2 * x;
        }
    for (size_t k = 0; k < p->d; k++)
        for (size_t g = 0; g < n_groups; g++)
            along[k * n_groups + g] /= p->w[k] + p->lambda;
}

/* The group that the fit without item i says of it: (fit - h y) / (1 - h) is the largest. */
static size_t said_of(const struct group_probe *p, size_t i, uint32_t own, size_t n_groups,
                      const double *along, double *fit)
{
    size_t best = 0;
    memset(fit, 0, n_groups * sizeof *fit);
    for (size_t k = 0; k < p->d; k++)
        for (size_t g = 0; g < n_groups; g++)
            fit[g] += p->rotated[i * p->d + k] * along[k * n_groups + g];
    for (size_t g = 0; g < n_groups; g++) {
        fit[g] = (fit[g] - p->hat[i] * (g == own ? 1 : -1)) / (1 - p->hat[i]);
        best = fit[g] > fit[best] ? g : best;
    }
    return best;
}

struct group_probe_score group_probe_read(const struct group_probe *probe, const uint32_t *group,
                                          size_t n_groups)
{
    double *along = xcalloc(probe->d * n_groups, sizeof *along), *fit = xcalloc(3 * n_groups, sizeof *fit),
           *right = fit + n_groups, *size = fit + 2 * n_groups, groups = 0, all = 0, balanced = 0;
    fit_groups(probe, group, n_groups, along);
    for (size_t i = 0; i < probe->n; i++) {
        size[group[i]]++;
        right[group[i]] += said_of(probe, i, group[i], n_groups, along, fit) == group[i];
    }
    for (size_t g = 0; g < n_groups; g++) {
        balanced += size[g] > 0 ? right[g] / size[g] : 0;
        groups += size[g] > 0;
        all += right[g];
    }
    free(along);
    free(fit);
    return (struct group_probe_score){balanced / groups, all / (double)probe->n};
}

/* ---- association ---- */

/* axis (d): the mean direction of A minus that of B, so that its product with a unit row is the mean cosine
 * to A minus that to B. */
static void axis_between(const struct selection_of_rows *a, const struct selection_of_rows *b, size_t d,
                         double *axis)
{
    float *unit = xaligned(d + 1, sizeof *unit);
    for (int end = 0; end < 2; end++) {
        const struct selection_of_rows *set = end ? b : a;
        for (size_t i = 0; i < set->n; i++) {
            score_normalise(set->rows + i * d, 1, d, unit, NULL);
            for (size_t j = 0; j < d; j++)
                axis[j] += (end ? -1 : 1) * (double)unit[j] / (double)set->n;
        }
    }
    free(unit);
}

/* s (n_x + n_y): where each row lies along the axis. */
static void place_along(const struct selection_of_rows *x, const struct selection_of_rows *y, size_t d,
                        const double *axis, double *s)
{
    float *unit = xaligned(d + 1, sizeof *unit);
    for (size_t i = 0; i < x->n + y->n; i++) {
        score_normalise(i < x->n ? x->rows + i * d : y->rows + (i - x->n) * d, 1, d, unit, NULL);
        for (size_t j = 0; j < d; j++)
            s[i] += axis[j] * (double)unit[j];
    }
    free(unit);
}

static double statistic(const double *s, const uint32_t *order, size_t nx, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += i < nx ? s[order[i]] : -s[order[i]];
    return sum;
}

static double effect_of(const double *s, size_t nx, size_t n)
{
    double mean = 0, x = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        mean += s[i] / (double)n;
        x += i < nx ? s[i] / (double)nx : -s[i] / (double)(n - nx);
    }
    for (size_t i = 0; i < n; i++)
        square += (s[i] - mean) * (s[i] - mean);
    double deviation = sqrt(square / (double)(n - 1));
    return deviation > SAME_POINT ? x / deviation : NAN;
}

/* The next choice of k of n in order; false after the last. */
static bool next_choice(uint32_t *choice, size_t k, size_t n)
{
    size_t i = k;
    while (i > 0 && choice[i - 1] == n - k + i - 1)
        i--;
    if (i == 0)
        return false;
    for (choice[i - 1]++; i < k; i++)
        choice[i] = choice[i - 1] + 1;
    return true;
}

static double choices(size_t n, size_t k)
{
    return round(exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1)));
}

static size_t count_all(const double *s, size_t nx, size_t n, double observed, size_t *n_splits)
{
    uint32_t *choice = xcalloc(nx + 1, sizeof *choice);
    double total = 0;
    size_t count = 0;
    for (uint32_t i = 0; i < nx; i++)
        choice[i] = i;
    for (size_t i = 0; i < n; i++)
        total += s[i];
    *n_splits = 0;
    do {
        double chosen = 0;
        for (size_t i = 0; i < nx; i++)
            chosen += s[choice[i]];
        count += 2 * chosen - total >= observed - 1e-12;
        ++*n_splits;
    } while (next_choice(choice, nx, n));
    free(choice);
    return count;
}

struct association association_test(const struct selection_of_rows *x, const struct selection_of_rows *y,
                                    const struct selection_of_rows *a, const struct selection_of_rows *b,
                                    size_t d, size_t splits, uint64_t seed, struct progress *progress)
{
    size_t n = x->n + y->n;
    double *s = xcalloc(n + 1, sizeof *s), all = choices(n, x->n);
    uint32_t *order = xcalloc(n + 1, sizeof *order);
    struct association result = {.exact = all <= (double)splits};
    progress_begin(progress, 1 + (result.exact ? 0 : splits));
    double *axis = xcalloc(d + 1, sizeof *axis);
    axis_between(a, b, d, axis);
    place_along(x, y, d, axis, s);
    free(axis);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    progress_step(progress, 1);
    result.statistic = statistic(s, order, x->n, n);
    result.effect = effect_of(s, x->n, n);
    if (result.exact) {
        result.p = (double)count_all(s, x->n, n, result.statistic, &result.n_splits) / all;
        result.least_p = 1 / all;
    } else {
        size_t count = 0;
        for (size_t r = 0; r < splits && !progress_cancelled(progress); r++) {
            struct rng rng = rng_at(seed, RNG_SAMPLE, r, 2, 0);
            rng_permutation(&rng, order, n);
            count += statistic(s, order, x->n, n) >= result.statistic - 1e-12;
            progress_step(progress, 1);
        }
        result.n_splits = splits;
        result.p = (double)(count + 1) / (double)(splits + 1);
        result.least_p = 1 / (double)(splits + 1);
    }
    free(s);
    free(order);
    return result;
}
