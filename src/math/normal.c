/* SPDX-License-Identifier: MIT */
#include "math/normal.h"

#include <math.h>

double normal_cdf(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

static double polynomial(const double *c, int n, double x)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum = sum * x + c[i];
    return sum;
}

/* P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function" (2003):
 * rational approximations of relative error 1.15e-9, for p <= 1/2. */
static double acklam(double p)
{
    static const double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                               1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
    static const double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
                               6.680131188771972e+01,  -1.328068155288572e+01, 1};
    static const double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                               -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
    static const double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                               3.754408661907416e+00, 1};
    if (p < 0.02425) {
        double q = sqrt(-2 * log(p));
        return polynomial(c, 6, q) / polynomial(d, 5, q);
    }
    double q = p - 0.5, r = q * q;
    return polynomial(a, 6, r) * q / polynomial(b, 6, r);
}

double normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (p == 0 || p == 1)
        return p == 0 ? -INFINITY : INFINITY;
    if (p > 0.5)
        return -normal_quantile(1 - p);
    double x = acklam(p);
    double e = (normal_cdf(x) - p) * 2.50662827463100050242 * exp(x * x / 2);
    return x - e / (1 + x * e / 2);
}
