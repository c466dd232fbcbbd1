/* SPDX-License-Identifier: MIT */
#include "space/resample.h"

#include "base/check.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- parts ---- */

static int order_of(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int by_unit(const void *a, const void *b)
{
    const struct unit_part *x = a, *y = b;
    int order = order_of(x->unit, y->unit);
    return order ? order : order_of(x->identity, y->identity);
}

static int by_identity(const void *a, const void *b)
{
    const struct unit_part *x = a, *y = b;
    int order = order_of(x->identity, y->identity);
    return order ? order : order_of(x->unit, y->unit);
}

void unit_pairs_init(struct unit_pairs *pairs, const uint32_t *item, size_t n, const uint32_t *identity,
                     const uint32_t *unit)
{
    struct unit_part *part = xcalloc(n + 1, sizeof *part);
    size_t n_parts = 0;
    for (size_t k = 0; k < n; k++) {
        size_t i = item ? item[k] : k;
        part[k] = (struct unit_part){identity[i], unit[i], 1};
    }
    qsort(part, n, sizeof *part, by_unit);
    for (size_t k = 0; k < n; k++)
        if (n_parts > 0 && by_unit(&part[n_parts - 1], &part[k]) == 0)
            part[n_parts - 1].n++;
        else
            part[n_parts++] = part[k];
    *pairs = (struct unit_pairs){part, xcalloc(n_parts + 1, sizeof *part), n_parts};
    memcpy(pairs->by_identity, part, n_parts * sizeof *part);
    qsort(pairs->by_identity, n_parts, sizeof *part, by_identity);
}

void unit_pairs_release(struct unit_pairs *pairs)
{
    free(pairs->by_unit);
    free(pairs->by_identity);
    *pairs = (struct unit_pairs){0};
}

/* ---- counts ---- */

static double pairs_of(double n)
{
    return n * (n - 1) / 2;
}

/* All pairs: those of two units, and those inside each. */
static double count_all(const struct unit_pairs *pairs, const uint32_t *weight)
{
    double sum = 0, squares = 0, inside = 0;
    for (size_t p = 0; p < pairs->n_parts;) {
        uint32_t unit = pairs->by_unit[p].unit;
        double n = 0, w = weight[unit];
        for (; p < pairs->n_parts && pairs->by_unit[p].unit == unit; p++)
            n += pairs->by_unit[p].n;
        sum += w * n;
        squares += w * n * w * n;
        inside += w * pairs_of(n);
    }
    return (sum * sum - squares) / 2 + inside;
}

static double count_genuine(const struct unit_pairs *pairs, const uint32_t *weight)
{
    double count = 0;
    for (size_t p = 0; p < pairs->n_parts;) {
        uint32_t identity = pairs->by_identity[p].identity;
        double sum = 0, squares = 0;
        for (; p < pairs->n_parts && pairs->by_identity[p].identity == identity; p++) {
            double n = pairs->by_identity[p].n, w = weight[pairs->by_identity[p].unit];
            sum += w * n;
            squares += w * n * w * n;
            count += w * pairs_of(n);
        }
        count += (sum * sum - squares) / 2;
    }
    return count;
}

void unit_pairs_count(const struct unit_pairs *pairs, const uint32_t *weight, double count[N_PAIR_KINDS])
{
    count[PAIR_GENUINE] = count_genuine(pairs, weight);
    count[PAIR_IMPOSTOR] = count_all(pairs, weight) - count[PAIR_GENUINE];
}

/* ---- draws ---- */

void unit_weights(uint32_t *weight, size_t n_units, uint64_t seed, size_t draw)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, draw, 5, 0);
    memset(weight, 0, n_units * sizeof *weight);
    for (size_t i = 0; i < n_units; i++)
        weight[rng_below(&rng, n_units)]++;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t below = (size_t)at;
    double part = at - (double)below;
    return below + 1 < n ? sorted[below] + part * (sorted[below + 1] - sorted[below]) : sorted[n - 1];
}

struct middle middle_of(double *value, size_t n, double share)
{
    size_t finite = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(value[i]))
            value[finite++] = value[i];
    if (finite == 0 || (double)finite < 0.95 * (double)n)
        return (struct middle){NAN, NAN};
    qsort(value, finite, sizeof *value, by_value);
    return (struct middle){quantile(value, finite, (1 - share) / 2),
                           quantile(value, finite, (1 + share) / 2)};
}
