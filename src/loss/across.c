/* SPDX-License-Identifier: MIT */
#include "loss/across.h"

#include <math.h>

static void take_side(struct side *side, struct arena *arena, size_t n, size_t d)
{
    side->u = arena_take(arena, n * d, sizeof(real));
    side->norm = arena_take(arena, n, sizeof(real));
    side->g = arena_take(arena, n * d, sizeof(real));
    side->center = arena_take(arena, n, sizeof(real));
    side->share = arena_take(arena, n, sizeof(real));
    side->row_loss = arena_take(arena, n, sizeof(double));
    side->slope_t = arena_take(arena, n, sizeof(double));
    side->slope_b = arena_take(arena, n, sizeof(double));
    side->hit = arena_take(arena, n, sizeof(bool));
}

void across_take(struct across *across, struct arena *arena, size_t n, size_t d)
{
    *across = (struct across){.n = n, .d = d};
    for (int k = 0; k < 2; k++)
        take_side(&across->side[k], arena, n, d);
    real *lanes = pairing_take(arena, n, n); /* the sides take turns */
    for (int k = 0; k < 2; k++)
        across->side[k].pairing = (struct pairing){
            .n_x = n, .n_y = n, .d = d, .x = across->side[k].u, .y = across->side[!k].u, .lanes = lanes};
}

void across_open(struct across *across, struct loss_io *io, struct pool *pool)
{
    const real *z[2] = {io->a, io->b};
    across->labels = io->labels;
    for (int k = 0; k < 2; k++) {
        struct side *side = &across->side[k];
        side->across = across;
        side->pairing.pool = pool;
        io->rows_zero += rows_normalise(z[k], across->n, across->d, side->u, side->norm);
    }
}

struct nearest across_nearest(const struct across *across, size_t i, const real *s)
{
    struct nearest nearest = {-INFINITY, -INFINITY};
    for (size_t j = 0; j < across->n; j++) {
        real *best = across_match(across, i, j) ? &nearest.positive : &nearest.negative;
        *best = s[j] > *best ? s[j] : *best;
    }
    return nearest;
}

/* Of pairs i, i. The rest is what the sums of all rows hold besides. */
static void mean_similarities(const struct across *across, struct loss_io *io)
{
    size_t n = across->n, d = across->d;
    const real *x = across->side[0].u, *w = across->side[1].u;
    double own = 0, all = 0;
    for (size_t i = 0; i < n; i++)
        own += rows_dot(x + i * d, w + i * d, d);
    for (size_t j = 0; j < d; j++) {
        double sum_x = 0, sum_w = 0;
        for (size_t i = 0; i < n; i++) {
            sum_x += (double)x[i * d + j];
            sum_w += (double)w[i * d + j];
        }
        all += sum_x * sum_w;
    }
    io->positive_mean = own / (double)n;
    io->negative_mean = n > 1 ? (all - own) / ((double)n * ((double)n - 1)) : (double)NAN;
}

void across_gather(const struct across *across, struct loss_io *io, int n_sides)
{
    const struct side *side = across->side;
    size_t n = across->n;
    io->pretext_hits = 0;
    io->rows_used = io->rows_active = (size_t)n_sides * n;
    for (size_t i = 0; i < n; i++) {
        double loss = 0;
        for (int k = 0; k < n_sides; k++) {
            loss += side[k].row_loss[i] / n_sides;
            io->grad_t += side[k].slope_t[i] / (double)io->rows_used;
            io->grad_b += side[k].slope_b[i] / (double)io->rows_used;
            io->pretext_hits += side[k].hit[i];
        }
        io->loss += loss / (double)n;
        if (io->pair_loss)
            io->pair_loss[i] = (real)loss;
        if (io->pair_weight)
            io->pair_weight[i] = (real)-expm1(-loss);
    }
    mean_similarities(across, io);
}

void across_gradients(struct across *across, pairing_row *weigh, struct loss_io *io)
{
    real *dz[2] = {io->da, io->db};
    for (int k = 0; k < 2; k++) {
        struct side *side = &across->side[k];
        if (!dz[k])
            continue;
        pairing_pull(&side->pairing, weigh, side, side->g);
        rows_normalise_backward(side->u, side->norm, side->g, across->n, across->d, dz[k]);
    }
}
