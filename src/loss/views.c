/* SPDX-License-Identifier: MIT */
#include "loss/views.h"

#include <math.h>
#include <string.h>

void views_take(struct views *v, struct arena *arena, size_t n, size_t d)
{
    size_t rows = 2 * n;
    *v = (struct views){.n = n, .rows = rows, .d = d};
    v->u = arena_take(arena, rows * d, sizeof(real));
    v->g = arena_take(arena, rows * d, sizeof(real));
    v->norm = arena_take(arena, rows, sizeof(real));
    v->row_loss = arena_take(arena, rows, sizeof(double));
    v->row_weight = arena_take(arena, rows, sizeof(double));
    v->positive = arena_take(arena, rows, sizeof(real));
    v->hit = arena_take(arena, rows, sizeof(bool));
    v->used = arena_take(arena, rows, sizeof(bool));
    v->pairing = (struct pairing){.n_x = rows, .n_y = rows, .d = d, .x = v->u, .y = v->u};
    v->pairing.lanes = pairing_take(arena, rows, rows);
}

void views_open(struct views *v, struct loss_io *io, struct pool *pool)
{
    v->pairing.pool = pool;
    if (!io->b)
        v->rows = v->pairing.n_x = v->pairing.n_y = v->n;
    io->rows_zero = rows_normalise(io->a, v->n, v->d, v->u, v->norm);
    if (io->b)
        io->rows_zero += rows_normalise(io->b, v->n, v->d, v->u + v->n * v->d, v->norm + v->n);
    for (size_t i = 0; i < v->rows; i++)
        v->used[i] = true;
}

size_t views_partner(const struct views *v, size_t i)
{
    if (v->rows == v->n)
        return i;
    return i < v->n ? i + v->n : i - v->n;
}

/* |sum u|^2 holds every pair once; those of one picture are taken off. */
double views_mean_negative(const struct views *v)
{
    double all = 0, own = 0, n = (double)v->rows, views = n / (double)v->n;
    for (size_t j = 0; j < v->d; j++) {
        double sum = 0;
        for (size_t i = 0; i < v->rows; i++)
            sum += (double)v->u[i * v->d + j];
        all += sum * sum;
    }
    for (size_t i = 0; i < v->rows; i++)
        own += rows_dot(v->u + i * v->d, v->u + i * v->d, v->d);
    if (v->rows > v->n)
        own += n * views_mean_positive(v);
    return v->n > 1 ? (all - own) / (n * (n - views)) : (double)NAN;
}

double views_mean_positive(const struct views *v)
{
    double sum = 0;
    for (size_t i = 0; i < v->n; i++)
        sum += rows_dot(v->u + i * v->d, v->u + (i + v->n) * v->d, v->d);
    return sum / (double)v->n;
}

static void gather_pairs(const struct views *v, struct loss_io *io)
{
    for (size_t i = 0; i < v->n; i++) {
        size_t other = views_partner(v, i);
        if (io->pair_loss)
            io->pair_loss[i] = (real)((v->row_loss[i] + v->row_loss[other]) / 2);
        if (io->pair_weight)
            io->pair_weight[i] = (real)((v->row_weight[i] + v->row_weight[other]) / 2);
    }
}

void views_gather(const struct views *v, struct loss_io *io)
{
    double loss = 0, positive = 0;
    io->pretext_hits = 0;
    io->rows_used = 0;
    for (size_t i = 0; i < v->rows; i++) {
        if (!v->used[i])
            continue;
        loss += v->row_loss[i];
        positive += (double)v->positive[i];
        io->pretext_hits += v->hit[i];
        io->rows_used++;
    }
    double count = (double)io->rows_used;
    io->rows_active = io->rows_used;
    io->loss = io->rows_used ? loss / count : 0;
    io->positive_mean = positive / count; /* none: 0/0, not a number */
    io->negative_mean = views_mean_negative(v);
    gather_pairs(v, io);
}

void views_backward(const struct views *v, struct loss_io *io)
{
    size_t half = v->n * v->d;
    if (io->da)
        rows_normalise_backward(v->u, v->norm, v->g, v->n, v->d, io->da);
    if (io->db && v->rows > v->n)
        rows_normalise_backward(v->u + half, v->norm + v->n, v->g + half, v->n, v->d, io->db);
    else if (io->db)
        memset(io->db, 0, half * sizeof(real));
}

void views_gradients(struct views *v, pairing_row *weigh, void *ctx, struct loss_io *io)
{
    if (!io->da && !io->db)
        return;
    pairing_pull(&v->pairing, weigh, ctx, v->g);
    views_backward(v, io);
}
