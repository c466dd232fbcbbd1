/* SPDX-License-Identifier: MIT */
#include "space/disparity.h"

#include "base/check.h"
#include "base/rng.h"
#include "space/interval.h"

#include <math.h>
#include <stdlib.h>

/* The index that is better by `sign` times the rate. */
static size_t extreme(const double *rate, size_t n, double sign)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (!isnan(rate[i]) && (best == n || sign * rate[i] > sign * rate[best]))
            best = i;
    return best;
}

size_t rates_worst(const double *rate, size_t n)
{
    return extreme(rate, n, 1);
}

size_t rates_best(const double *rate, size_t n)
{
    return extreme(rate, n, -1);
}

double rates_difference(const double *rate, size_t n)
{
    size_t worst = rates_worst(rate, n);
    return worst < n ? rate[worst] - rate[rates_best(rate, n)] : NAN;
}

double rates_ratio(const double *rate, size_t n)
{
    size_t worst = rates_worst(rate, n);
    double least = worst < n ? rate[rates_best(rate, n)] : 0;
    return least > 0 ? rate[worst] / least : NAN;
}

static double max_over_mean(const double *rate, const double *bound, size_t n)
{
    double logs = 0, most = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(rate[i]))
            continue;
        logs += log(bound && rate[i] == 0 ? interval_zero_bound(bound[i]) : rate[i]);
        most = fmax(most, rate[i]);
        count++;
    }
    double ratio = count && most > 0 ? most / exp(logs / (double)count) : NAN;
    return isfinite(ratio) ? ratio : NAN;
}

double rates_max_gm(const double *rate, size_t n)
{
    return max_over_mean(rate, NULL, n);
}

double rates_max_gm_zero_safe(const double *rate, const double *trials, size_t n)
{
    return max_over_mean(rate, trials, n);
}

double rates_gini(const double *rate, size_t n)
{
    double apart = 0, sum = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(rate[i]))
            continue;
        sum += rate[i];
        count++;
        for (size_t j = 0; j < n; j++)
            apart += isnan(rate[j]) ? 0 : fabs(rate[i] - rate[j]);
    }
    return count > 1 && sum > 0 ? apart / (2 * (count - 1) * sum) : NAN;
}

double rates_garbe(const double *a, const double *b, size_t n, double alpha)
{
    return alpha * rates_gini(a, n) + (1 - alpha) * rates_gini(b, n);
}

double rates_fairness_discrepancy(const double *a, const double *b, size_t n, double alpha)
{
    return 1 - (alpha * rates_difference(a, n) + (1 - alpha) * rates_difference(b, n));
}

double rates_inequity(const double *a, const double *b, size_t n, double alpha)
{
    return pow(rates_ratio(a, n), alpha) * pow(rates_ratio(b, n), 1 - alpha);
}

/* ---- what chance alone would show ---- */

/* By inversion where small, else the normal approximation, which is good to a few per cent of a deviation. */
static double poisson(double mean, struct rng *rng)
{
    if (mean > 60)
        return fmax(0, round(mean + sqrt(mean) * rng_normal(rng)));
    double u = rng_uniform(rng), p = exp(-mean), sum = p;
    int k = 0;
    while (u > sum && k < 1000) {
        p *= mean / ++k;
        sum += p;
    }
    return k;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double ratio_null(const double *expected, size_t n, double q, size_t n_draws, uint64_t seed)
{
    double *ratio = xcalloc(n_draws, sizeof *ratio);
    size_t groups = 0;
    for (size_t i = 0; i < n; i++)
        groups += expected[i] > 0;
    for (uint64_t draw = 0; draw < n_draws; draw++) {
        struct rng rng = rng_at(seed, RNG_SAMPLE, draw, 0, 0);
        double most = 0, least = INFINITY;
        for (size_t i = 0; i < n; i++) {
            if (!(expected[i] > 0))
                continue;
            double count = poisson(expected[i], &rng);
            most = fmax(most, count / expected[i]);
            least = fmin(least, fmax(count, 0.5) / expected[i]);
        }
        ratio[draw] = most / least;
    }
    qsort(ratio, n_draws, sizeof *ratio, by_value);
    double value = groups > 1 ? ratio[(size_t)(q * (double)(n_draws - 1))] : NAN;
    free(ratio);
    return value;
}
