/* SPDX-License-Identifier: MIT
 *
 * The score of two items, defined once: rows are scaled to unit length in double and rounded to float; then
 * one fmaf chain over d in index order; clamped to [-1, 1]. This kernel computes it for tiles, vectorised
 * over columns, with the same bits whatever the tile shape (BLAS does not promise that), so neighbours,
 * thresholds, audits and the naive oracles of the tests agree to the bit. Any thread.
 */
#ifndef NF_MATH_SCORE_H
#define NF_MATH_SCORE_H

#include <stdbool.h>
#include <stddef.h>

enum { SCORE_LANES = 16 }; /* columns worked at once: packed rows are padded to a multiple */

/* Of a row (d): neither NaN nor infinity in it. */
bool row_is_finite(const float *row, size_t d);

/* Unit rows: to[i] = from[i] / |from[i]| (n, d); rows of zero or non-finite norm become zeros and valid[i]
 * false (valid may be NULL). Returns how many are valid. */
size_t score_normalise(const float *from, size_t n, size_t d, float *to, bool *valid);

/* Whether a row is `valid` there: its norm is finite and not zero. */
bool score_has_direction(const float *row, size_t d);

/* The copy that score_tile reads as columns: panels of SCORE_LANES rows, each (d, SCORE_LANES), the last
 * padded with zeros. `score_padded` is n rounded up to SCORE_LANES: a packed matrix has d * score_padded(n)
 * floats. */
size_t score_padded(size_t n);
void score_pack(const float *unit, size_t n, size_t d, float *packed);

/* Rows first..first+n-1 of a packed matrix again, (n, d). */
void score_unpack(const float *packed, size_t first, size_t n, size_t d, float *rows);

/* scores (m, n), leading dimension ld: of m unit rows against columns first..first+n-1 of a packed matrix.
 * `first` is a multiple of SCORE_LANES; n may be any. */
void score_tile(const float *rows, size_t m, const float *packed, size_t first, size_t n, size_t d,
                float *scores, size_t ld);

/* Which of SCORE_LANES scores are above x: bit l for scores[l]. */
unsigned score_above(const float *scores, float x);

/* Each above its own: bit l for scores[l] > x[l]. */
unsigned score_above_each(const float *scores, const float *x);

/* The same score for one pair, by the definition; the oracle. */
float score_pair(const float *unit_a, const float *unit_b, size_t d);

/* The same in double, of two rows as they are, where one figure is wanted and nothing is ranked with scores
 * from elsewhere; NaN where one has no direction. */
double score_cosine(const float *a, const float *b, size_t d);

/* How far apart rows are, so that more is nearer: minus the squared Euclidean distance of rows as they are,
 * one fmaf chain of squared differences in index order, in float. As score_tile and score_pair. */
void score_tile_apart(const float *rows, size_t m, const float *packed, size_t first, size_t n, size_t d,
                      float *scores, size_t ld);
float score_pair_apart(const float *a, const float *b, size_t d);

#endif
