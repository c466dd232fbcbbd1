/* SPDX-License-Identifier: MIT */
#include "loss/columns.h"

#include <string.h>

void columns_moments(const real *z, size_t n, size_t d, double *mean, double *variance)
{
    memset(mean, 0, d * sizeof *mean);
    memset(variance, 0, d * sizeof *variance);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            mean[j] += (double)z[i * d + j] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) {
            double off = (double)z[i * d + j] - mean[j];
            variance[j] += off * off / (double)n;
        }
}

void columns_standardise(const real *z, size_t n, size_t d, const double *mean, const double *scale,
                         real *out)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            out[i * d + j] = (real)(((double)z[i * d + j] - mean[j]) * (scale ? scale[j] : 1));
}
