/* SPDX-License-Identifier: MIT */
#include "space/interval.h"

#include "base/check.h"
#include "math/normal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double within01(double p)
{
    return fmin(1, fmax(0, p));
}

struct interval interval_wilson(double x, double n, double z)
{
    if (!(n > 0))
        return (struct interval){NAN, NAN};
    double p = x / n, whole = 1 + z * z / n, centre = p + z * z / (2 * n);
    double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (struct interval){within01((centre - half) / whole), within01((centre + half) / whole)};
}

/* ---- the exact one: quantiles of the beta distribution ---- */

/* Continued fraction of the incomplete beta function (Lentz's method, DLMF 8.17.22). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), f = d;
    for (int m = 1; m < 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (fabs(1 + even * d) < tiny ? tiny : 1 + even * d);
        c = 1 + even / c;
        f *= c * d;
        d = 1 / (fabs(1 + odd * d) < tiny ? tiny : 1 + odd * d);
        c = 1 + odd / c;
        f *= c * d;
        if (fabs(c * d - 1) < 1e-14)
            break;
    }
    return f;
}

static double beta_cdf(double x, double a, double b)
{
    if (x <= 0 || x >= 1)
        return x >= 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

static double beta_quantile(double p, double a, double b)
{
    double low = 0, high = 1;
    for (int i = 0; i < 100; i++) {
        double middle = 0.5 * (low + high);
        if (beta_cdf(middle, a, b) < p)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

struct interval interval_exact(double x, double n, double alpha)
{
    if (!(n > 0))
        return (struct interval){NAN, NAN};
    return (struct interval){x > 0 ? beta_quantile(alpha / 2, x, n - x + 1) : 0,
                             x < n ? beta_quantile(1 - alpha / 2, x + 1, n - x) : 1};
}

double interval_zero_bound(double n)
{
    return n > 0 ? -expm1(log(0.05) / n) : NAN;
}

/* ---- dependence ---- */

static double square_sum(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

double deff_items(const double *deviation, size_t n, double p, double pairs)
{
    double s1 = pairs * p * (1 - p);
    return s1 > 0 ? fmax(1, square_sum(deviation, n) / s1 - 1) : 1;
}

double deff_clustered(const double *deviation, size_t n_units, double p, double pairs)
{
    double s1 = pairs * p * (1 - p);
    return s1 > 0 ? fmax(1, square_sum(deviation, n_units) / s1) : 1;
}

/* ---- ratios ---- */

double log_rate_variance(struct sure_rate rate)
{
    return rate.x > 0 ? rate.deff * (1 - rate.x / rate.n) / rate.x : NAN;
}

struct interval interval_ratio(struct sure_rate a, struct sure_rate b, double z)
{
    double log_ratio = log(a.x / a.n / (b.x / b.n));
    double half = z * sqrt(log_rate_variance(a) + log_rate_variance(b));
    return (struct interval){exp(log_ratio - half), exp(log_ratio + half)};
}

double interval_z_of(size_t n)
{
    double each = pow(0.95, 1 / fmax(1, (double)n));
    return normal_quantile(0.5 + each / 2);
}

/* ---- many at once ---- */

struct ranked {
    double p;
    size_t index;
};

static int by_p(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->p < y->p ? -1 : x->p > y->p;
}

static struct ranked *rank(const double *p, size_t n)
{
    struct ranked *ranked = xcalloc(n + 1, sizeof *ranked);
    for (size_t i = 0; i < n; i++)
        ranked[i] = (struct ranked){p[i], i};
    qsort(ranked, n, sizeof *ranked, by_p);
    return ranked;
}

void adjust_holm(double *p, size_t n)
{
    struct ranked *ranked = rank(p, n);
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, (double)(n - i) * ranked[i].p);
        p[ranked[i].index] = fmin(1, most);
    }
    free(ranked);
}

void adjust_bh(double *p, size_t n)
{
    struct ranked *ranked = rank(p, n);
    double least = 1;
    for (size_t i = n; i-- > 0;) {
        least = fmin(least, (double)n / (double)(i + 1) * ranked[i].p);
        p[ranked[i].index] = least;
    }
    free(ranked);
}

double false_match_in(double fmr, double n)
{
    return -expm1(n * log1p(-fmr));
}
