/* SPDX-License-Identifier: MIT */
#ifdef __clang__
#pragma STDC FP_CONTRACT ON
#else
/* a * b + c in vectors is one fused instruction: there is no fmaf for them. This file only. */
#pragma GCC optimize("fp-contract=fast")
#endif

#include "nn/kernel.h"

#include <string.h>

enum { LANES = KERNEL_LANES, WIDE = KERNEL_PANEL };

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE kernel_vec load(const real *p)
{
    return *(const kernel_loose *)p;
}

ALWAYS_INLINE void store(real *p, kernel_vec v)
{
    *(kernel_loose *)p = v;
}

/* ---- packing: panels of two registers' width, the last may be of one; filled with zeros to the right ----
 */

static size_t panel_width(size_t n_left)
{
    return n_left > LANES ? WIDE : LANES;
}

/* One panel of whole registers, or its filled part and zeros. */
static void pack_panel(size_t k, size_t filled, size_t width, const real *b, size_t ldb, real *packed)
{
    if (filled == width) {
        for (size_t p = 0; p < k; p++)
            for (size_t i = 0; i < width; i += LANES)
                store(packed + p * width + i, load(b + p * ldb + i));
        return;
    }
    for (size_t p = 0; p < k; p++, packed += width) {
        memcpy(packed, b + p * ldb, filled * sizeof *packed);
        memset(packed + filled, 0, (width - filled) * sizeof *packed);
    }
}

void kernel_pack(size_t k, size_t n, const real *b, size_t ldb, real *packed)
{
    for (size_t j = 0; j < n; j += WIDE) {
        size_t width = panel_width(n - j), filled = n - j < width ? n - j : width;
        pack_panel(k, filled, width, b + j, ldb, packed);
        packed += k * width;
    }
}

/* Transposing a square of registers: for s = half the lanes, a quarter, ... 1, registers s apart swap those
 * of their quarters that lie off the diagonal. The picks are made once a call. */
enum { STAGES = LANES >= 16 ? 4 : LANES >= 8 ? 3 : LANES >= 4 ? 2 : 1 };

struct picks {
    kernel_index low[STAGES], high[STAGES]; /* for the upper and the lower register of a pair */
};

static void picks_init(struct picks *picks)
{
    for (int stage = 0; stage < STAGES; stage++)
        for (int lane = 0, s = LANES >> (stage + 1); lane < LANES; lane++) {
            picks->low[stage][lane] = lane & s ? LANES + lane - s : lane;
            picks->high[stage][lane] = lane & s ? LANES + lane : lane + s;
        }
}

#ifdef __clang__ /* has no shuffle by variables; only fuzzers are built with it */
static kernel_vec pick(kernel_vec a, kernel_vec b, kernel_index from)
{
    kernel_vec r = {0};
    for (int i = 0; i < LANES; i++)
        r[i] = from[i] < LANES ? a[from[i]] : b[from[i] - LANES];
    return r;
}
#else
ALWAYS_INLINE kernel_vec pick(kernel_vec a, kernel_vec b, kernel_index from)
{
    return __builtin_shuffle(a, b, from);
}
#endif

static void transpose_square(const struct picks *picks, const real *b, size_t ldb, real *to, size_t step)
{
    kernel_vec row[LANES];
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        row[i] = load(b + (size_t)i * ldb);
#pragma GCC unroll 4
    for (int stage = 0; stage < STAGES; stage++)
#pragma GCC unroll 16
        for (int i = 0; i < LANES; i++) {
            int s = LANES >> (stage + 1);
            if (i & s)
                continue;
            kernel_vec upper = row[i], lower = row[i + s];
            row[i] = pick(upper, lower, picks->low[stage]);
            row[i + s] = pick(upper, lower, picks->high[stage]);
        }
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        store(to + (size_t)i * step, row[i]);
}

/* Columns i..i+LANES of a panel, `filled` of them from rows of b. */
static void pack_columns(const struct picks *picks, size_t k, size_t filled, const real *b, size_t ldb,
                         real *packed, size_t width)
{
    size_t p = 0;
    for (; filled == LANES && p + LANES <= k; p += LANES)
        transpose_square(picks, b + p, ldb, packed + p * width, width);
    for (; p < k; p++)
        for (size_t i = 0; i < LANES; i++)
            packed[p * width + i] = i < filled ? b[i * ldb + p] : 0;
}

void kernel_pack_transposed(size_t k, size_t n, const real *b, size_t ldb, size_t k_all, size_t k_before,
                            real *packed)
{
    struct picks picks;
    picks_init(&picks);
    for (size_t j = 0; j < n; j += WIDE) {
        size_t width = panel_width(n - j);
        real *panel = packed + j * k_all + k_before * width;
        for (size_t i = 0; i < width; i += LANES) {
            size_t left = n > j + i ? n - j - i : 0;
            pack_columns(&picks, k, left < LANES ? left : LANES, b + (j + i) * ldb, ldb, panel + i, width);
        }
    }
}

/* ---- C = A B, a tile of KERNEL_ROWS rows and one or two registers ---- */

ALWAYS_INLINE void tile(int vecs, const struct kernel_depth *depth, const real *a, size_t lda, const real *b,
                        real *c, size_t ldc)
{
    kernel_vec sum[KERNEL_ROWS][2];
#pragma GCC unroll 16
    for (int i = 0; i < KERNEL_ROWS; i++)
        sum[i][0] = sum[i][1] = (kernel_vec){0};
    for (size_t run = 0; run < depth->count; run++, a += depth->step)
        for (const real *p = a, *end = a + depth->length; p < end; p++, b += vecs * LANES) {
            kernel_vec b0 = load(b), b1 = vecs == 2 ? load(b + LANES) : b0;
#pragma GCC unroll 16
            for (int i = 0; i < KERNEL_ROWS; i++) {
                kernel_vec x = p[(size_t)i * lda] - (kernel_vec){0};
                sum[i][0] += x * b0;
                if (vecs == 2)
                    sum[i][1] += x * b1;
            }
        }
#pragma GCC unroll 16
    for (int i = 0; i < KERNEL_ROWS; i++) {
        store(c + (size_t)i * ldc, sum[i][0]);
        if (vecs == 2)
            store(c + (size_t)i * ldc + LANES, sum[i][1]);
    }
}

static void tile_panel(size_t width, const struct kernel_depth *depth, const real *a, size_t lda,
                       const real *b, real *c, size_t ldc)
{
    if (width == WIDE)
        tile(2, depth, a, lda, b, c, ldc);
    else
        tile(1, depth, a, lda, b, c, ldc);
}

void kernel_multiply(size_t rows, size_t n, const struct kernel_depth *depth, const real *a, size_t lda,
                     const real *packed, real *c, size_t ldc)
{
    for (size_t j = 0; j < n; j += WIDE) {
        size_t width = panel_width(n - j), columns = n - j < width ? n - j : width;
        if (rows == KERNEL_ROWS && columns == width) {
            tile_panel(width, depth, a, lda, packed, c + j, ldc);
        } else { /* sticks out of C: through memory of its own */
            real whole[KERNEL_ROWS * WIDE];
            tile_panel(width, depth, a, lda, packed, whole, width);
            for (size_t i = 0; i < rows; i++)
                memcpy(c + i * ldc + j, whole + i * width, columns * sizeof *c);
        }
        packed += depth->count * depth->length * width;
    }
}

/* ---- C += A' B, a tile of `tall` rows and one or two registers ---- */

ALWAYS_INLINE void outer(int tall, int vecs, const struct kernel_walk *walk, const real *a, const real *b,
                         real *c, size_t ldc)
{
    kernel_vec sum[KERNEL_OUTER][2];
#pragma GCC unroll 16
    for (int i = 0; i < tall; i++)
        sum[i][0] = sum[i][1] = (kernel_vec){0};
    size_t row = 0, step = walk->column_step;
    for (size_t rows = walk->images * walk->rows; rows > 0; rows--) {
        const real *end = a + walk->columns * step;
        for (const real *p = a; p < end; p += step, b += vecs * LANES) {
            kernel_vec b0 = load(b), b1 = vecs == 2 ? load(b + LANES) : b0;
#pragma GCC unroll 16
            for (int i = 0; i < tall; i++) {
                kernel_vec v = p[i] - (kernel_vec){0};
                sum[i][0] += v * b0;
                if (vecs == 2)
                    sum[i][1] += v * b1;
            }
        }
        a += walk->row_step;
        if (++row == walk->rows) { /* on to the next image */
            row = 0;
            a += walk->image_step - walk->rows * walk->row_step;
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < tall; i++) {
        real *to = c + (size_t)i * ldc;
        store(to, load(to) + sum[i][0]);
        if (vecs == 2)
            store(to + LANES, load(to + LANES) + sum[i][1]);
    }
}

static void outer_tile(size_t m, size_t width, const struct kernel_walk *walk, const real *a, const real *b,
                       real *c, size_t ldc)
{
    bool tall = m > KERNEL_OUTER / 2;
    if (width == WIDE && tall)
        outer(KERNEL_OUTER, 2, walk, a, b, c, ldc);
    else if (width == WIDE)
        outer(KERNEL_OUTER / 2, 2, walk, a, b, c, ldc);
    else if (tall)
        outer(KERNEL_OUTER, 1, walk, a, b, c, ldc);
    else
        outer(KERNEL_OUTER / 2, 1, walk, a, b, c, ldc);
}

void kernel_add_outer(const struct kernel_walk *walk, size_t m, size_t n, const real *a, const real *panel,
                      real *c, size_t ldc)
{
    size_t width = panel_width(n);
    if (n == width && (m == KERNEL_OUTER || m == KERNEL_OUTER / 2)) {
        outer_tile(m, width, walk, a, panel, c, ldc);
        return;
    }
    real whole[KERNEL_OUTER * WIDE] = {0}; /* sticks out of C: through memory of its own */
    outer_tile(m, width, walk, a, panel, whole, width);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            c[i * ldc + j] += whole[i * width + j];
}
