/* SPDX-License-Identifier: MIT */
#include "math/score.h"

#include "math/lanes.h"

#include <math.h>
#include <string.h>

/* ---- unit rows ---- */

static double norm(const float *row, size_t d)
{
    enum { CHAINS = 8 };
    double part[CHAINS] = {0}, sum = 0;
    for (size_t j = 0; j < d; j++)
        part[j % CHAINS] += (double)row[j] * row[j];
    for (size_t c = 0; c < CHAINS; c++)
        sum += part[c];
    return sqrt(sum);
}

bool score_has_direction(const float *row, size_t d)
{
    double length = norm(row, d);
    return length > 0 && isfinite(length);
}

bool row_is_finite(const float *row, size_t d)
{
    float sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += 0 * row[j]; /* 0, or NaN once one is not finite */
    return sum == 0;
}

size_t score_normalise(const float *from, size_t n, size_t d, float *to, bool *valid)
{
    size_t n_valid = 0;
    for (size_t i = 0; i < n; i++) {
        double length = norm(from + i * d, d);
        bool fine = length > 0 && isfinite(length);
        for (size_t j = 0; j < d; j++)
            to[i * d + j] = fine ? (float)(from[i * d + j] / length) : 0;
        if (valid)
            valid[i] = fine;
        n_valid += fine;
    }
    return n_valid;
}

static float clamped(float score)
{
    score = score > 1 ? 1 : score;
    return score < -1 ? -1 : score;
}

float score_pair(const float *unit_a, const float *unit_b, size_t d)
{
    float sum = 0;
    for (size_t j = 0; j < d; j++)
        sum = fmaf(unit_a[j], unit_b[j], sum);
    return clamped(sum);
}

double score_cosine(const float *a, const float *b, size_t d)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < d; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : (double)NAN;
}

/* ---- tiles ---- */

size_t score_padded(size_t n)
{
    return (n + SCORE_LANES - 1) / SCORE_LANES * SCORE_LANES;
}

void score_pack(const float *unit, size_t n, size_t d, float *packed)
{
    for (size_t first = 0; first < n; first += SCORE_LANES) {
        float *panel = packed + first * d;
        size_t count = n - first < SCORE_LANES ? n - first : SCORE_LANES;
        if (count < SCORE_LANES)
            memset(panel, 0, SCORE_LANES * d * sizeof *panel);
        for (size_t l = 0; l < count; l++)
            for (size_t j = 0; j < d; j++)
                panel[j * SCORE_LANES + l] = unit[(first + l) * d + j];
    }
}

void score_unpack(const float *packed, size_t first, size_t n, size_t d, float *rows)
{
    for (size_t i = first; i < first + n; i++) {
        const float *from = packed + i / SCORE_LANES * SCORE_LANES * d + i % SCORE_LANES;
        for (size_t j = 0; j < d; j++)
            *rows++ = from[j * SCORE_LANES];
    }
}

/* What the registers hold: ROWS x PANELS x SCORE_LANES sums (16 AVX-512 or 12 AVX2 registers). */
enum {
    VECS = SCORE_LANES / VEC, /* vectors of a panel */
    ROWS = VEC == 16 ? 8 : 6,
    PANELS = VEC == 16 ? 2 : 1,
    WIDTH = PANELS * SCORE_LANES,
};

/* What a chain adds up: products, or squares of differences. */
enum chain { PRODUCTS, SQUARES };

/* (n_rows, n_panels * SCORE_LANES) sums to out, ld WIDTH. Counts and chain are constants where it is called,
 * so the sums stay in registers. */
static inline __attribute__((always_inline)) void sums(enum chain chain, size_t n_rows, size_t n_panels,
                                                       const float *rows, const float *panel, size_t d,
                                                       float *out)
{
    vec sum[ROWS][PANELS * VECS];
#pragma GCC unroll 16
    for (size_t r = 0; r < n_rows; r++)
#pragma GCC unroll 16
        for (size_t v = 0; v < n_panels * VECS; v++)
            sum[r][v] = vec_zero();
    for (size_t j = 0; j < d; j++) {
        vec column[PANELS * VECS];
#pragma GCC unroll 16
        for (size_t v = 0; v < n_panels * VECS; v++)
            column[v] = vec_load(panel + (v / VECS * d + j) * SCORE_LANES + v % VECS * VEC);
#pragma GCC unroll 16
        for (size_t r = 0; r < n_rows; r++)
#pragma GCC unroll 16
            for (size_t v = 0; v < n_panels * VECS; v++)
                sum[r][v] = chain == PRODUCTS
                                ? vec_fma(rows[r * d + j], column[v], sum[r][v])
                                : vec_square(vec_sub(vec_set(rows[r * d + j]), column[v]), sum[r][v]);
    }
#pragma GCC unroll 16
    for (size_t r = 0; r < n_rows; r++)
#pragma GCC unroll 16
        for (size_t v = 0; v < n_panels * VECS; v++)
            vec_store(out + r * WIDTH + v * VEC, sum[r][v]);
}

static inline __attribute__((always_inline)) void sums_of(enum chain chain, size_t n_rows, size_t n_panels,
                                                          const float *rows, const float *panel, size_t d,
                                                          float *out)
{
    if (n_rows == ROWS && n_panels == PANELS)
        sums(chain, ROWS, PANELS, rows, panel, d, out);
    else if (n_rows == ROWS)
        sums(chain, ROWS, 1, rows, panel, d, out);
    else
        for (size_t r = 0; r < n_rows; r++) {
            if (n_panels == PANELS)
                sums(chain, 1, PANELS, rows + r * d, panel, d, out + r * WIDTH);
            else
                sums(chain, 1, 1, rows + r * d, panel, d, out + r * WIDTH);
        }
}

/* All m rows against one or PANELS panels, of which n columns are wanted. */
static inline __attribute__((always_inline)) void strip(enum chain chain, const float *rows, size_t m,
                                                        const float *panel, size_t n, size_t d, float *scores,
                                                        size_t ld)
{
    float out[ROWS * WIDTH];
    size_t n_panels = n > SCORE_LANES ? PANELS : 1;
    for (size_t r = 0; r < m; r += ROWS) {
        size_t n_rows = m - r < ROWS ? m - r : ROWS;
        sums_of(chain, n_rows, n_panels, rows + r * d, panel, d, out);
        for (size_t i = 0; i < n_rows; i++)
            for (size_t l = 0; l < n; l++)
                scores[(r + i) * ld + l] =
                    chain == PRODUCTS ? clamped(out[i * WIDTH + l]) : -out[i * WIDTH + l];
    }
}

void score_tile(const float *rows, size_t m, const float *packed, size_t first, size_t n, size_t d,
                float *scores, size_t ld)
{
    for (size_t c = 0; c < n; c += WIDTH) {
        size_t count = n - c < WIDTH ? n - c : WIDTH;
        strip(PRODUCTS, rows, m, packed + (first + c) * d, count, d, scores + c, ld);
    }
}

void score_tile_apart(const float *rows, size_t m, const float *packed, size_t first, size_t n, size_t d,
                      float *scores, size_t ld)
{
    for (size_t c = 0; c < n; c += WIDTH) {
        size_t count = n - c < WIDTH ? n - c : WIDTH;
        strip(SQUARES, rows, m, packed + (first + c) * d, count, d, scores + c, ld);
    }
}

float score_pair_apart(const float *a, const float *b, size_t d)
{
    float sum = 0;
    for (size_t j = 0; j < d; j++)
        sum = fmaf(a[j] - b[j], a[j] - b[j], sum);
    return -sum;
}

unsigned score_above(const float *scores, float x)
{
    unsigned bits = 0;
    for (size_t v = 0; v < VECS; v++)
        bits |= vec_above(scores + v * VEC, vec_set(x)) << v * VEC;
    return bits;
}

unsigned score_above_each(const float *scores, const float *x)
{
    unsigned bits = 0;
    for (size_t v = 0; v < VECS; v++)
        bits |= vec_above(scores + v * VEC, vec_load(x + v * VEC)) << v * VEC;
    return bits;
}
