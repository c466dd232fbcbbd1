/* SPDX-License-Identifier: MIT
 *
 * Triplet losses: an anchor is nearer to its positive than to its negative, by a margin. Distances are
 * squared and between unit rows: d = 2 - 2s. Triplets are mined from the rows' similarities, never listed in
 * full.
 *
 *   semi-hard (FaceNet: Schroff et al. 2015, arXiv:1503.03832, eq. 3 and 4): for each anchor and each of its
 *     positives the nearest negative that is farther than the positive; none: the farthest of all;
 *     max(0, d_ap - d_an + alpha)
 *   hard (Hermans et al. 2017, arXiv:1703.07737, eq. 5): for each anchor the farthest positive and the
 *     nearest negative; max(0, d_ap - d_an + alpha)
 *   soft (the same with the soft margin): log(1 + e^(d_ap - d_an)) of those
 *
 * The mean is over all pairs of an anchor and a positive (semi-hard) or all anchors that have a negative: not
 * over those that cost anything, or the loss would not show progress. Rows are those of a or, symmetric, both
 * views (each the other's positive). With w = dl/d(d_ap - d_an): dL/ds_ap = -2w, dL/ds_an = +2w.
 */
#include "loss/knobs.h"
#include "loss/views.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum mining { SEMI_HARD, HARD, SOFT };

struct candidate {
    real s;
    uint32_t row;
};

/* One lane's room for an anchor: its positives, its negatives by nearness. */
struct room {
    struct candidate *positive, *negative; /* (rows) */
    size_t n_positive, n_negative;
};

/* What an anchor's triplets come to. */
struct tally {
    double loss, positive, negative, n_negative; /* sums */
    size_t used, active, hits;
};

struct work {
    struct views views;
    const int32_t *labels;
    enum mining mining;
    double margin;
    struct room room[PAIRING_LANES];
    struct tally *tally; /* (rows) */
    real *sums;
};

static void take(struct work *w, struct arena *arena, size_t n, size_t d)
{
    views_take(&w->views, arena, n, d);
    for (int lane = 0; lane < PAIRING_LANES; lane++) {
        w->room[lane].positive = arena_take(arena, 2 * n, sizeof(struct candidate));
        w->room[lane].negative = arena_take(arena, 2 * n, sizeof(struct candidate));
    }
    w->tally = arena_take(arena, 2 * n, sizeof *w->tally);
    w->sums = pairing_push_take(arena, 2 * n, d);
}

/* Nearest first; the lower row where two are as near. */
static int nearer(const void *a, const void *b)
{
    const struct candidate *one = a, *other = b;
    if (one->s != other->s)
        return one->s > other->s ? -1 : 1;
    return one->row < other->row ? -1 : one->row > other->row;
}

static void sort_out(const struct work *w, size_t i, const real *s, struct room *room)
{
    room->n_positive = room->n_negative = 0;
    for (size_t j = 0; j < w->views.rows; j++) {
        struct candidate candidate = {s[j], (uint32_t)j};
        if (views_positive(&w->views, w->labels, i, j))
            room->positive[room->n_positive++] = candidate;
        else if (j != i)
            room->negative[room->n_negative++] = candidate;
    }
    qsort(room->positive, room->n_positive, sizeof *room->positive, nearer);
    qsort(room->negative, room->n_negative, sizeof *room->negative, nearer);
}

/* The nearest negative that is farther than s; none: the farthest. */
static const struct candidate *semi_hard(const struct room *room, real s)
{
    size_t low = 0, high = room->n_negative;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (room->negative[middle].s < s)
            high = middle;
        else
            low = middle + 1;
    }
    return &room->negative[low < room->n_negative ? low : room->n_negative - 1];
}

static void count_triplet(const struct work *w, const struct candidate *p, const struct candidate *n,
                          struct tally *tally, real *weight)
{
    double x = 2 * ((double)n->s - (double)p->s), pull = 1;
    if (w->mining == SOFT) {
        double e = exp(-fabs(x));
        tally->loss += fmax(x, 0) + log1p(e);
        pull = (x > 0 ? 1 : e) / (1 + e);
    } else if (x + w->margin > 0)
        tally->loss += x + w->margin;
    else
        pull = 0;
    tally->active += pull > 0;
    tally->used++;
    weight[p->row] -= (real)(2 * pull);
    weight[n->row] += (real)(2 * pull);
}

/* Row i's similarities to the weights of its triplets. */
static void mine_row(void *ctx, size_t i, real *s)
{
    struct work *w = ctx;
    struct room *room = &w->room[pairing_lane(i)];
    struct tally *tally = &w->tally[i];
    *tally = (struct tally){0};
    sort_out(w, i, s, room);
    memset(s, 0, w->views.rows * sizeof *s);
    if (room->n_negative == 0 || room->n_positive == 0)
        return;
    for (size_t k = 0; k < room->n_negative; k++)
        tally->negative += (double)room->negative[k].s;
    tally->n_negative = (double)room->n_negative;
    size_t first = w->mining == SEMI_HARD ? 0 : room->n_positive - 1; /* the farthest is the last */
    for (size_t k = first; k < room->n_positive; k++) {
        const struct candidate *positive = &room->positive[k];
        tally->positive += (double)positive->s;
        tally->hits += rows_nearer(positive->s, room->negative[0].s);
        count_triplet(w, positive, w->mining == SEMI_HARD ? semi_hard(room, positive->s) : room->negative,
                      tally, s);
    }
}

static struct tally gather(const struct work *w, struct loss_io *io)
{
    struct tally sum = {0};
    for (size_t i = 0; i < w->views.rows; i++) {
        const struct tally *tally = &w->tally[i];
        sum.loss += tally->loss;
        sum.positive += tally->positive;
        sum.negative += tally->negative;
        sum.n_negative += tally->n_negative;
        sum.used += tally->used;
        sum.active += tally->active;
        sum.hits += tally->hits;
    }
    io->rows_used = sum.used;
    io->rows_active = sum.active;
    io->pretext_hits = (double)sum.hits;
    io->loss = sum.used ? sum.loss / (double)sum.used : 0;
    io->positive_mean = sum.positive / (double)sum.used; /* none: 0/0, not a number */
    io->negative_mean = sum.negative / sum.n_negative;
    io->pair_loss = io->pair_weight = NULL;
    return sum;
}

/* A row that is not a number has no place in an order. */
static bool all_finite(const struct views *v)
{
    double sum = 0;
    for (size_t i = 0; i < v->rows; i++)
        sum += (double)v->norm[i];
    return isfinite(sum);
}

static void mine(struct loss_io *io, enum mining mining, double margin, struct pool *pool,
                 struct arena *scratch)
{
    struct work w = {.labels = io->labels, .mining = mining, .margin = margin};
    struct loss_io rows = *io;
    if (!io->symmetric)
        rows.b = NULL;
    take(&w, scratch, io->n, io->d);
    views_open(&w.views, &rows, pool);
    io->rows_zero = rows.rows_zero;
    memset(w.views.g, 0, 2 * io->n * io->d * sizeof(real));
    memset(w.tally, 0, 2 * io->n * sizeof *w.tally);
    if (all_finite(&w.views))
        pairing_push(&w.views.pairing, mine_row, &w, w.sums, w.views.g);
    struct tally sum = gather(&w, io);
    if (!all_finite(&w.views))
        io->loss = (double)NAN;
    real share = 1 / (real)(sum.used ? sum.used : 1);
    for (size_t k = 0; k < 2 * io->n * io->d; k++)
        w.views.g[k] *= share;
    views_backward(&w.views, io);
}

static void semi_hard_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    mine(io, SEMI_HARD, knob[0], pool, scratch);
}

static void hard_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    mine(io, HARD, knob[0], pool, scratch);
}

static void soft_run(struct loss_io *io, const double *knob, struct pool *pool, struct arena *scratch)
{
    (void)knob;
    mine(io, SOFT, 0, pool, scratch);
}

static double hinge_no_learning(const struct loss_io *io, const double *knob)
{
    (void)io;
    return knob[0];
}

static double soft_no_learning(const struct loss_io *io, const double *knob)
{
    (void)io, (void)knob;
    return log(2);
}

static const struct knob knobs[] = {KNOB_TRIPLET_MARGIN(0.2), {.name = NULL}};

const struct loss loss_triplet = {
    .entry = {"triplet", "A positive is nearer than the nearest negative beyond it, by a margin: semi-hard.",
              knobs},
    .used_by = "triplet-semihard",
    .also = {"margin", "alpha"},
    .needs = LOSS_NEEDS_LABELS,
    .active = "active triplets",
    .run = semi_hard_run,
    .no_learning = hinge_no_learning,
};

const struct loss loss_triplet_hard = {
    .entry = {"triplet-hard", "The farthest positive is nearer than the nearest negative, by a margin.",
              knobs},
    .also = {"margin", "alpha"},
    .needs = LOSS_NEEDS_LABELS,
    .active = "active triplets",
    .run = hard_run,
    .no_learning = hinge_no_learning,
};

const struct loss loss_triplet_soft = {
    .entry = {"triplet-soft",
              "The farthest positive is nearer than the nearest negative, the more the better.", NULL},
    .needs = LOSS_NEEDS_LABELS,
    .run = soft_run,
    .no_learning = soft_no_learning,
};
