/* SPDX-License-Identifier: MIT
 *
 * The ridge probe: how much of an attribute a *linear* map of an embedding holds. Least squares from
 * standardised columns to centred targets with a penalty, in closed form (Cholesky in double): the same on
 * every run and in milliseconds, unlike a classifier trained by gradient, with which it must not be compared.
 * Float rows (n, d), standardised by the bank's means and deviations. Any thread.
 */
#ifndef NF_SPACE_RIDGE_H
#define NF_SPACE_RIDGE_H

#include <stddef.h>
#include <stdint.h>

struct ridge_rows {
    const float *bank, *query; /* (n_bank, d), (n_query, d) */
    size_t n_bank, n_query, d;
};

/* Share of the queries whose class has the largest output, classes counting alike; targets are one-hot. Codes
 * of n_classes and more have no class and are left out. NaN where nothing is left. */
double ridge_accuracy(const struct ridge_rows *rows, const uint32_t *bank_code, const uint32_t *query_code,
                      size_t n_classes);

/* The penalty on the mean square: weights minimise mean |y - Wx|^2 + RIDGE_PENALTY |W|^2. */
#define RIDGE_PENALTY 1e-3

#endif
