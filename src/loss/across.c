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
    side->row_weight = arena_take(arena, n, sizeof(double));
    side->others = arena_take(arena, n, sizeof(double));
    side->n_others = arena_take(arena, n, sizeof(double));
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

void across_survey(struct side *side, size_t i, const real *s)
{
    const struct across *across = side->across;
    real nearest[2] = {-INFINITY, -INFINITY}; /* of the others, of those that belong together */
    side->others[i] = side->n_others[i] = 0;
    for (size_t j = 0; j < across->n; j++) {
        bool match = across_match(across, i, j);
        nearest[match] = s[j] > nearest[match] ? s[j] : nearest[match];
        side->others[i] += match ? 0 : (double)s[j];
        side->n_others[i] += !match;
    }
    side->hit[i] = rows_nearer(nearest[1], nearest[0]);
}

/* By rows of a: the other side's pairs are the same. */
static void mean_similarities(const struct across *across, struct loss_io *io)
{
    size_t n = across->n, d = across->d;
    const struct side *side = &across->side[0];
    double own = 0, others = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        own += rows_dot(side->u + i * d, across->side[1].u + i * d, d);
        others += side->others[i];
        count += side->n_others[i];
    }
    io->positive_mean = own / (double)n;
    io->negative_mean = others / count; /* none: 0/0, not a number */
}

void across_gather(const struct across *across, struct loss_io *io, int n_sides)
{
    const struct side *side = across->side;
    size_t n = across->n;
    io->pretext_hits = 0;
    io->rows_used = io->rows_active = (size_t)n_sides * n;
    for (size_t i = 0; i < n; i++) {
        double loss = 0, weight = 0;
        for (int k = 0; k < n_sides; k++) {
            loss += side[k].row_loss[i] / n_sides;
            weight += side[k].row_weight[i] / n_sides;
            io->grad_t += side[k].slope_t[i] / (double)io->rows_used;
            io->grad_b += side[k].slope_b[i] / (double)io->rows_used;
            io->pretext_hits += side[k].hit[i];
        }
        io->loss += loss / (double)n;
        if (io->pair_loss)
            io->pair_loss[i] = (real)loss;
        if (io->pair_weight)
            io->pair_weight[i] = (real)weight;
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
