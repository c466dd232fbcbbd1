/* SPDX-License-Identifier: MIT
 *
 * Matrix products of the shapes convolutions have (a few hundred rows, 30 to 1200 deep, 16 to 256 wide),
 * where a general BLAS spends a fifth of its time on copying. Register tiles in vector extensions of the
 * compiler: the same source makes AVX-512, AVX2 and SSE, in float and double. Every element is one chain of
 * fused multiply-adds in index order, so a row's result does not depend on where the row stands. Any thread;
 * the caller owns all memory; nothing needs to be aligned.
 */
#ifndef NF_NN_KERNEL_H
#define NF_NN_KERNEL_H

#include "math/blas.h"

#include <stddef.h>

#if defined(__AVX512F__)
enum { KERNEL_BYTES = 64, KERNEL_ROWS = 14, KERNEL_OUTER = 8 };
#elif defined(__AVX__)
enum { KERNEL_BYTES = 32, KERNEL_ROWS = 6, KERNEL_OUTER = 4 };
#else
enum { KERNEL_BYTES = 16, KERNEL_ROWS = 6, KERNEL_OUTER = 4 };
#endif
enum { KERNEL_LANES = KERNEL_BYTES / sizeof(real), KERNEL_PANEL = 2 * KERNEL_LANES };

/* One register's worth of reals; kernel_loose is the same at any address. */
typedef real kernel_vec __attribute__((vector_size(KERNEL_BYTES)));
#ifdef REAL_DOUBLE
typedef long long kernel_index __attribute__((vector_size(KERNEL_BYTES)));
#else
typedef int kernel_index __attribute__((vector_size(KERNEL_BYTES)));
#endif
typedef real kernel_loose __attribute__((vector_size(KERNEL_BYTES), aligned(sizeof(real)), may_alias));

static inline size_t kernel_round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

/* B (k, n) is packed in panels of KERNEL_PANEL columns, (k, width) each; the last may be half as wide, and is
 * filled with zeros to the right. */
static inline size_t kernel_packed_size(size_t k, size_t n)
{
    return k * kernel_round_up(n, KERNEL_LANES);
}
void kernel_pack(size_t k, size_t n, const real *b, size_t ldb, real *packed);
/* b is (n, k); what is packed are rows k_before..k_before+k of a matrix of k_all rows. */
void kernel_pack_transposed(size_t k, size_t n, const real *b, size_t ldb, size_t k_all, size_t k_before,
                            real *packed);

/* Where the k values of a row of A lie: `count` runs of `length`, `step` reals apart; k = count * length. */
struct kernel_depth {
    size_t count, length, step;
};

/* C (rows, n) = A (rows, k) B, rows <= KERNEL_ROWS; KERNEL_ROWS rows of `a` must be readable whatever `rows`.
 */
void kernel_multiply(size_t rows, size_t n, const struct kernel_depth *depth, const real *a, size_t lda,
                     const real *packed, real *c, size_t ldc);

/* Points of a map: `images` times `rows` times `columns`, each step in reals. */
struct kernel_walk {
    size_t images, rows, columns;
    size_t image_step, row_step, column_step;
};

/* C (m, n) += A' B over all points of the walk in order: A is the m <= KERNEL_OUTER reals at each point
 * (KERNEL_OUTER readable), B a panel of n <= KERNEL_PANEL columns as kernel_pack makes it, a row for each
 * point. */
void kernel_add_outer(const struct kernel_walk *walk, size_t m, size_t n, const real *a, const real *panel,
                      real *c, size_t ldc);

#endif
