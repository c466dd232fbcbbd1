/* SPDX-License-Identifier: MIT */
#include "space/association.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/linalg.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- silhouette: mean cosines come from the groups' sums of unit rows ---- */

static double dot(const float *a, const double *b, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += (double)a[j] * b[j];
    return sum;
}

static double silhouette_of(const float *row, size_t d, uint32_t own, const double *sum, const double *size,
                            size_t n_groups)
{
    double a = 0, b = INFINITY;
    for (size_t g = 0; g < n_groups; g++) {
        double similarity = dot(row, sum + g * d, d), count = size[g];
        if (g == own) {
            similarity -= 1; /* itself */
            count -= 1;
            a = 1 - similarity / count;
        } else if (count > 0) {
            b = fmin(b, 1 - similarity / count);
        }
    }
    return size[own] > 1 && isfinite(b) && fmax(a, b) > 0 ? (b - a) / fmax(a, b) : 0;
}

double silhouette(const float *rows, size_t n, size_t d, const uint32_t *group, size_t n_groups, double *each)
{
    float *unit = xaligned(n * d + 1, sizeof *unit);
    bool *valid = xcalloc(n + 1, sizeof *valid);
    double *sum = xcalloc(n_groups * d + 1, sizeof *sum), *size = xcalloc(n_groups, sizeof *size), total = 0;
    size_t n_valid = score_normalise(rows, n, d, unit, valid);
    for (size_t i = 0; i < n; i++) {
        size[group[i]] += valid[i];
        for (size_t j = 0; j < d; j++)
            sum[group[i] * d + j] += (double)unit[i * d + j];
    }
    for (size_t i = 0; i < n; i++) {
        double s = valid[i] ? silhouette_of(unit + i * d, d, group[i], sum, size, n_groups) : NAN;
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

struct ridge {
    size_t n, d;       /* with the constant */
    double *x, *v, *w; /* (n, d); eigenvectors (d, d) and eigenvalues (d) of X'X */
    double *hat;       /* (n) leverage */
    double *rotated;   /* (n, d): x in the eigenvectors, over w + lambda */
};

static void ridge_init(struct ridge *r, const float *rows, size_t n, size_t d, double lambda)
{
    *r = (struct ridge){.n = n, .d = d + 1};
    size_t e = r->d;
    r->x = xcalloc(n * e, sizeof *r->x);
    r->v = xcalloc(e * e, sizeof *r->v);
    r->w = xcalloc(e, sizeof *r->w);
    r->hat = xcalloc(n, sizeof *r->hat);
    r->rotated = xcalloc(n * e, sizeof *r->rotated);
    double *gram = xcalloc(e * e, sizeof *gram);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++)
            r->x[i * e + j] = (double)rows[i * d + j];
        r->x[i * e + d] = 1;
        for (size_t a = 0; a < e; a++)
            for (size_t b = 0; b < e; b++)
                gram[a * e + b] += r->x[i * e + a] * r->x[i * e + b];
    }
    linalg_eigen(gram, e, r->w, r->v);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < e; k++) {
            double along = 0;
            for (size_t j = 0; j < e; j++)
                along += r->x[i * e + j] * r->v[j * e + k];
            r->hat[i] += along * along / (r->w[k] + lambda);
            r->rotated[i * e + k] = along;
        }
    free(gram);
}

static void ridge_release(struct ridge *r)
{
    free(r->x);
    free(r->v);
    free(r->w);
    free(r->hat);
    free(r->rotated);
}

/* What the fit without item i says of it: (fit - h y) / (1 - h). */
static void ridge_left_out(const struct ridge *r, const double *y, double lambda, double *said)
{
    size_t e = r->d;
    double *along = xcalloc(e, sizeof *along);
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < e; k++)
            along[k] += r->rotated[i * e + k] * y[i];
    for (size_t i = 0; i < r->n; i++) {
        double fit = 0;
        for (size_t k = 0; k < e; k++)
            fit += r->rotated[i * e + k] * along[k] / (r->w[k] + lambda);
        said[i] = (fit - r->hat[i] * y[i]) / (1 - r->hat[i]);
    }
    free(along);
}

double probe_leave_one_out(const float *rows, size_t n, size_t d, const uint32_t *group, size_t n_groups,
                           double lambda, double *plain)
{
    struct ridge ridge;
    double *y = xcalloc(n, sizeof *y), *said = xcalloc(n * n_groups, sizeof *said);
    double *right = xcalloc(n_groups, sizeof *right), *size = xcalloc(n_groups, sizeof *size);
    ridge_init(&ridge, rows, n, d, lambda);
    for (size_t g = 0; g < n_groups; g++) {
        for (size_t i = 0; i < n; i++)
            y[i] = group[i] == g ? 1 : -1;
        ridge_left_out(&ridge, y, lambda, said + g * n);
    }
    double balanced = 0, groups = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        size_t best = 0;
        for (size_t g = 1; g < n_groups; g++)
            best = said[g * n + i] > said[best * n + i] ? g : best;
        size[group[i]]++;
        right[group[i]] += best == group[i];
        all += best == group[i];
    }
    for (size_t g = 0; g < n_groups; g++) {
        balanced += size[g] > 0 ? right[g] / size[g] : 0;
        groups += size[g] > 0;
    }
    if (plain)
        *plain = all / (double)n;
    ridge_release(&ridge);
    free(y);
    free(said);
    free(right);
    free(size);
    return balanced / groups;
}

/* ---- association ---- */

static double mean_cosine(const float *w, const struct selection_of_rows *set, size_t d)
{
    double sum = 0;
    float *unit = xaligned(2 * d + 1, sizeof *unit);
    for (size_t i = 0; i < set->n; i++) {
        score_normalise(w, 1, d, unit, NULL);
        score_normalise(set->rows + i * d, 1, d, unit + d, NULL);
        sum += (double)score_pair(unit, unit + d, d);
    }
    free(unit);
    return sum / (double)set->n;
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
    return x / sqrt(square / (double)(n - 1));
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
    progress_begin(progress, n + (result.exact ? 0 : splits));
    for (uint32_t i = 0; i < n && !progress_cancelled(progress); i++) {
        const float *w = i < x->n ? x->rows + i * d : y->rows + (i - x->n) * d;
        s[i] = mean_cosine(w, a, d) - mean_cosine(w, b, d);
        order[i] = i;
        progress_step(progress, 1);
    }
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
