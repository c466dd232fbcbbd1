/* SPDX-License-Identifier: MIT */
#include "space/quality.h"

#include "base/check.h"
#include "math/linalg.h"
#include "math/score.h"
#include "math/vexp.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Unit rows (n, d) of those that have a direction, closed up; how many. Owned: free. */
static float *unit_rows(const float *rows, size_t n, size_t d, size_t *kept)
{
    float *unit = xaligned(n * d + 1, sizeof *unit);
    *kept = 0;
    for (size_t i = 0; i < n; i++)
        *kept += score_normalise(rows + i * d, 1, d, unit + *kept * d, NULL);
    return unit;
}

double quality_alignment(const float *a, const float *b, size_t n, size_t d)
{
    float *unit_a = xaligned(2 * d + 1, sizeof *unit_a), *unit_b = unit_a + d;
    double sum = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        bool both =
            score_normalise(a + i * d, 1, d, unit_a, NULL) && score_normalise(b + i * d, 1, d, unit_b, NULL);
        for (size_t j = 0; j < d && both; j++)
            sum += ((double)unit_a[j] - unit_b[j]) * ((double)unit_a[j] - unit_b[j]);
        count += both;
    }
    free(unit_a);
    return sum / count;
}

/* ---- uniformity ---- */

enum { TILE = 64 };

/* Sum over the pairs of one tile of e^(-t d^2), d^2 = 2 - 2s, whose second is after `diagonal` + its row. */
static double tile_sum(const float *score, size_t rows, size_t columns, bool diagonal, float t)
{
    double sum = 0;
    for (size_t i = 0; i < rows; i++) {
        float value[TILE] = {0};
        for (size_t j = 0; j < columns; j++)
            value[j] = vexpf(-t * (2 - 2 * score[i * TILE + j]));
        for (size_t j = diagonal ? i + 1 : 0; j < columns; j++)
            sum += (double)value[j];
    }
    return sum;
}

double quality_uniformity(const float *rows, size_t n, size_t d, double t, struct progress *progress)
{
    size_t kept;
    float *unit = unit_rows(rows, n, d, &kept),
          *packed = xaligned(score_padded(kept) * d + 1, sizeof *packed);
    float score[TILE * TILE];
    double sum = 0, pairs = (double)kept * ((double)kept - 1) / 2;
    score_pack(unit, kept, d, packed);
    for (size_t r = 0; r < kept && !progress_cancelled(progress); r += TILE)
        for (size_t c = r; c < kept; c += TILE) {
            size_t m = kept - r < TILE ? kept - r : TILE, k = kept - c < TILE ? kept - c : TILE;
            score_tile(unit + r * d, m, packed, c, k, d, score, TILE);
            sum += tile_sum(score, m, k, r == c, (float)t);
        }
    free(unit);
    free(packed);
    return kept > 1 ? log(sum / pairs) : (double)NAN;
}

/* ---- rank ---- */

/* The rows with a direction, as they are, closed up; how many, and the root of their summed squares. */
static float *kept_rows(const float *rows, size_t n, size_t d, size_t *kept, double *size)
{
    float *copy = xaligned((n + 1) * d + 1, sizeof *copy), *unit = copy + n * d;
    double sum = 0;
    *kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!score_normalise(rows + i * d, 1, d, unit, NULL))
            continue;
        memcpy(copy + *kept * d, rows + i * d, d * sizeof *copy);
        for (size_t j = 0; j < d; j++)
            sum += (double)rows[i * d + j] * rows[i * d + j];
        ++*kept;
    }
    *size = sqrt(sum);
    return copy;
}

static double entropy_rank(const double *value, size_t n)
{
    double total = 0, entropy = 0;
    for (size_t i = 0; i < n; i++)
        total += value[i];
    for (size_t i = 0; i < n; i++) {
        double share = value[i] / total + 1e-7;
        entropy -= share * log(share);
    }
    return exp(entropy);
}

double quality_effective_rank(const float *rows, size_t n, size_t d, struct progress *progress)
{
    size_t kept;
    double size;
    float *copy = kept_rows(rows, n, d, &kept, &size);
    size_t n_values = kept < d ? kept : d;
    double *value = xcalloc(n_values + 1, sizeof *value);
    linalg_singular_values(copy, kept, d, value, progress);
    /* what is left of equal rows after centring is rounding, and has a rank of its own */
    bool point = value[0] <= FLT_EPSILON * size;
    double rank = point ? 1 : entropy_rank(value, n_values);
    free(copy);
    free(value);
    return kept > 0 ? rank : (double)NAN;
}

/* ---- spread ---- */

double quality_std(const float *rows, size_t n, size_t d)
{
    size_t kept;
    float *unit = unit_rows(rows, n, d, &kept);
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
        double mean = 0, squares = 0;
        for (size_t i = 0; i < kept; i++)
            mean += (double)unit[i * d + j] / (double)kept;
        for (size_t i = 0; i < kept; i++)
            squares += (unit[i * d + j] - mean) * (unit[i * d + j] - mean);
        sum += sqrt(squares / ((double)kept - 1));
    }
    free(unit);
    return kept > 1 ? sqrt((double)d) * sum / (double)d : (double)NAN;
}
