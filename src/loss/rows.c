/* SPDX-License-Identifier: MIT */
#include "loss/rows.h"

#include "math/vexp.h"

#include <math.h>
#include <string.h>

enum {
    BLOCK = 64, /* rows whose similarities are in hand at once */
    WIDE = 16,  /* partial results side by side, so that loops vectorise */
};

/* ---- unit rows ---- */

double rows_dot(const real *a, const real *b, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += (double)a[j] * b[j];
    return sum;
}

size_t rows_normalise(const real *z, size_t n, size_t d, real *u, real *norm)
{
    size_t n_zero = 0;
    for (size_t i = 0; i < n; i++) {
        double length = sqrt(rows_dot(z + i * d, z + i * d, d));
        bool zero = length < ROWS_NORM_MIN;
        double scale = 1 / (zero ? ROWS_NORM_MIN : length);
        for (size_t j = 0; j < d; j++)
            u[i * d + j] = (real)(z[i * d + j] * scale);
        norm[i] = (real)length;
        n_zero += zero;
    }
    return n_zero;
}

void rows_normalise_backward(const real *u, const real *norm, const real *g, size_t n, size_t d, real *dz)
{
    for (size_t i = 0; i < n; i++) {
        const real *ui = u + i * d, *gi = g + i * d;
        double along = rows_dot(gi, ui, d);
        double scale = norm[i] < (real)ROWS_NORM_MIN ? 0 : 1 / (double)norm[i];
        for (size_t j = 0; j < d; j++)
            dz[i * d + j] = (real)((gi[j] - along * ui[j]) * scale);
    }
}

/* ---- pairs of rows ---- */

real *pairing_take(struct arena *arena, size_t n_x, size_t n_y)
{
    size_t blocks = (n_x + BLOCK - 1) / BLOCK;
    size_t lanes = blocks < PAIRING_LANES ? blocks : PAIRING_LANES;
    return arena_take(arena, lanes * BLOCK * n_y, sizeof(real));
}

struct walk {
    const struct pairing *pairing;
    pairing_row *row;
    void *ctx;
    real *g;    /* NULL: read only */
    real *sums; /* (PAIRING_LANES, n_y, d): what the rows of a lane push on all rows; NULL: they only pull */
};

static void walk_block(const struct walk *walk, size_t first, real *s)
{
    const struct pairing *p = walk->pairing;
    size_t n = p->n_x - first < BLOCK ? p->n_x - first : BLOCK;
    if (p->n_y > 0) /* an empty queue has no rows, which BLAS would call a mistake */
        gemm_nt(n, p->n_y, p->d, p->x + first * p->d, p->y, s, false);
    for (size_t i = 0; i < n; i++)
        walk->row(walk->ctx, first + i, s + i * p->n_y);
    if (walk->g && p->n_y == 0)
        memset(walk->g + first * p->d, 0, n * p->d * sizeof(real));
    else if (walk->g)
        gemm_nn(n, p->d, p->n_y, s, p->y, walk->g + first * p->d, false);
    if (walk->sums)
        gemm_tn(p->n_y, p->d, n, s, p->x + first * p->d, walk->sums + pairing_lane(first) * p->n_y * p->d,
                true);
}

static void walk_lane(void *ctx, size_t lane, int worker)
{
    (void)worker;
    const struct walk *walk = ctx;
    real *s = walk->pairing->lanes + lane * BLOCK * walk->pairing->n_y;
    if (walk->sums)
        memset(walk->sums + lane * walk->pairing->n_y * walk->pairing->d, 0,
               walk->pairing->n_y * walk->pairing->d * sizeof(real));
    for (size_t first = lane * BLOCK; first < walk->pairing->n_x; first += PAIRING_LANES * BLOCK)
        walk_block(walk, first, s);
}

void pairing_read(const struct pairing *pairing, pairing_row *read, void *ctx)
{
    struct walk walk = {pairing, read, ctx, NULL, NULL};
    pool_run(pairing->pool, PAIRING_LANES, walk_lane, &walk);
}

void pairing_pull(const struct pairing *pairing, pairing_row *weigh, void *ctx, real *g)
{
    struct walk walk = {pairing, weigh, ctx, g, NULL};
    pool_run(pairing->pool, PAIRING_LANES, walk_lane, &walk);
}

size_t pairing_lane(size_t i)
{
    return i / BLOCK % PAIRING_LANES;
}

real *pairing_push_take(struct arena *arena, size_t n, size_t d)
{
    return arena_take(arena, PAIRING_LANES * n * d, sizeof(real));
}

void pairing_push(const struct pairing *pairing, pairing_row *weigh, void *ctx, real *sums, real *g)
{
    struct walk walk = {pairing, weigh, ctx, g, sums};
    pool_run(pairing->pool, PAIRING_LANES, walk_lane, &walk);
    size_t count = pairing->n_y * pairing->d;
    for (size_t lane = 0; lane < PAIRING_LANES; lane++)
        for (size_t k = 0; k < count; k++)
            g[k] += sums[lane * count + k];
}

/* ---- a row of similarities ---- */

size_t rows_drop(real *s, size_t n, size_t i)
{
    s[i] = s[n - 1];
    return n - 1;
}

real rows_max(const real *s, size_t n)
{
    real best[WIDE];
    for (size_t l = 0; l < WIDE; l++)
        best[l] = -INFINITY;
    size_t j = 0;
    for (; j + WIDE <= n; j += WIDE)
        for (size_t l = 0; l < WIDE; l++)
            best[l] = s[j + l] > best[l] ? s[j + l] : best[l];
    for (size_t l = 0; j + l < n; l++)
        best[l] = s[j + l] > best[l] ? s[j + l] : best[l];
    for (size_t l = 1; l < WIDE; l++)
        best[0] = best[l] > best[0] ? best[l] : best[0];
    return best[0];
}

double rows_sum(const real *s, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += (double)s[j];
    return sum;
}

double rows_sum_exp(const real *s, size_t n, real from, real scale)
{
    real part[WIDE] = {0};
    size_t j = 0;
    for (; j + WIDE <= n; j += WIDE)
        for (size_t l = 0; l < WIDE; l++)
            part[l] += vexp((s[j + l] - from) * scale);
    for (size_t l = 0; j + l < n; l++)
        part[l] += vexp((s[j + l] - from) * scale);
    double sum = 0;
    for (size_t l = 0; l < WIDE; l++)
        sum += part[l];
    return sum;
}
