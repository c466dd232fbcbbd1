/* SPDX-License-Identifier: MIT
 *
 * Blocks of rows meet each other as in a tournament: in a round every block is in one pair at most, so that
 * the pairs of a round touch different lists and can be worked at once without a lock. Candidates come in no
 * order, so a list is ordered by score and then by index, whatever came first.
 */
#include "space/neighbours_each.h"

#include "base/check.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 512,        /* rows that meet as one; whole panels */
    ROWS = 32,          /* rows of a tile */
    TILE = 256,         /* its columns */
    GROUP = SCORE_LANES /* scores looked at together */
};

struct meeting {
    struct bank bank;
    enum each_metric metric;
    struct neighbours *found;
    float *bar;    /* (n, padded) a score above it may enter the row's list; infinity: the row takes none */
    size_t *count; /* (n) length of the list */
    size_t n_blocks, n_seats, round;
    struct progress *progress;
};

/* ---- lists ---- */

static bool before(float score, uint32_t index, float other_score, uint32_t other_index)
{
    return score > other_score || (score == other_score && index < other_index);
}

static void offer(const struct meeting *g, size_t row, uint32_t index, float score)
{
    size_t k = g->found->k;
    float *const scores = g->found->score + row * k;
    uint32_t *const indices = g->found->index + row * k;
    if (!g->bank.valid[index] || row == index)
        return;
    if (g->count[row] == k && !before(score, index, scores[k - 1], indices[k - 1]))
        return;
    size_t at = g->count[row] < k ? g->count[row]++ : k - 1;
    for (; at > 0 && before(score, index, scores[at - 1], indices[at - 1]); at--) {
        scores[at] = scores[at - 1];
        indices[at] = indices[at - 1];
    }
    scores[at] = score;
    indices[at] = index;
    if (g->count[row] == k) /* an equal score may still enter, by its index */
        g->bar[row] = nextafterf(scores[k - 1], -INFINITY);
}

/* Bits from..to-1 of a group that begins at c. */
static unsigned group_mask(size_t c, size_t from, size_t to)
{
    unsigned below = to - c < GROUP ? (1u << (to - c)) - 1 : (1u << GROUP) - 1;
    return from > c ? below & ~((1u << (from - c)) - 1) : below;
}

/* Scores skip..n-1 of `row` with the rows from `first` on, offered to both sides. */
static void offer_row(const struct meeting *g, size_t row, size_t first, const float *score, size_t skip,
                      size_t n)
{
    for (size_t c = skip / GROUP * GROUP; c < n; c += GROUP) {
        unsigned all = group_mask(c, skip, n);
        unsigned to_row = score_above(score + c, g->bar[row]) & all;
        unsigned to_columns = score_above_each(score + c, g->bar + first + c) & all;
        for (; to_row; to_row &= to_row - 1) {
            size_t l = c + (size_t)__builtin_ctz(to_row);
            offer(g, row, (uint32_t)(first + l), score[l]);
        }
        for (; to_columns; to_columns &= to_columns - 1) {
            size_t l = c + (size_t)__builtin_ctz(to_columns);
            offer(g, first + l, (uint32_t)row, score[l]);
        }
    }
}

/* ---- two blocks ---- */

static void tile(const struct meeting *g, const float *rows, size_t m, size_t first, size_t n, float *score)
{
    if (g->metric == EACH_COSINE)
        score_tile(rows, m, g->bank.packed, first, n, g->bank.d, score, TILE);
    else
        score_tile_apart(rows, m, g->bank.packed, first, n, g->bank.d, score, TILE);
}

static size_t block_end(const struct meeting *g, size_t block)
{
    size_t end = (block + 1) * BLOCK;
    return end < g->bank.n ? end : g->bank.n;
}

/* A block with itself meets only the columns behind each row. */
static void meet(const struct meeting *g, size_t a, size_t b)
{
    size_t d = g->bank.d, first = a * BLOCK, end = block_end(g, a), last = block_end(g, b);
    float score[ROWS * TILE];
    if (progress_cancelled(g->progress)) /* not even the rows are copied: there are millions of meetings */
        return;
    memset(score, 0, sizeof score); /* what is behind a narrow tile is looked at and masked */
    float *rows = xaligned((end - first) * d + 1, sizeof *rows);
    score_unpack(g->bank.packed, first, end - first, d, rows);
    for (size_t c = b * BLOCK; c < last && !progress_cancelled(g->progress); c += TILE) {
        size_t n = last - c < TILE ? last - c : TILE;
        for (size_t r = first; r < end && (a != b || r < c + n); r += ROWS) {
            size_t m = end - r < ROWS ? end - r : ROWS;
            tile(g, rows + (r - first) * d, m, c, n, score);
            for (size_t i = 0; i < m; i++) {
                size_t skip = a == b && r + i + 1 > c ? r + i + 1 - c : 0;
                offer_row(g, r + i, c, score + i * TILE, skip, n);
            }
        }
    }
    free(rows);
    progress_step(g->progress, 1);
}

static void meet_itself(void *ctx, size_t block, int worker)
{
    (void)worker;
    meet(ctx, block, block);
}

/* The circle method: seat 0 stays, the others move on by one a round; the two at a table meet. */
static void meet_at_table(void *ctx, size_t table, int worker)
{
    (void)worker;
    const struct meeting *g = ctx;
    size_t moving = g->n_seats - 1;
    size_t a = table == 0 ? moving : (g->round + table) % moving;
    size_t b = table == 0 ? g->round : (g->round + moving - table) % moving;
    if (a < g->n_blocks && b < g->n_blocks)
        meet(g, a < b ? a : b, a < b ? b : a);
}

/* ---- all ---- */

struct packing {
    struct bank *bank;
    const float *rows;
    struct progress *progress;
};

/* Can it be apart from another such row by a finite distance? */
static bool is_small_enough(const float *row, size_t d)
{
    float sum = 0;
    for (size_t j = 0; j < d; j++)
        sum = fmaf(4 * row[j], row[j], sum);
    return isfinite(sum);
}

static void pack_block(void *ctx, size_t block, int worker)
{
    (void)worker;
    const struct packing *p = ctx;
    struct bank *bank = p->bank;
    size_t d = bank->d, first = block * BLOCK;
    size_t n = bank->n - first < BLOCK ? bank->n - first : BLOCK;
    const float *from = p->rows + first * d;
    if (progress_cancelled(p->progress))
        return;
    float *rows = xaligned(n * d + 1, sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        bank->valid[first + i] = is_small_enough(from + i * d, d);
        if (bank->valid[first + i])
            memcpy(rows + i * d, from + i * d, d * sizeof *rows);
        else
            memset(rows + i * d, 0, d * sizeof *rows);
    }
    score_pack(rows, n, d, bank->packed + first * d);
    free(rows);
}

/* Rows as they are, for distances. */
static void bank_init_plain(struct bank *bank, const float *rows, size_t n, size_t d, struct pool *pool,
                            struct progress *progress)
{
    *bank = (struct bank){.n = n, .d = d};
    bank->packed = xaligned(score_padded(n) * d + 1, sizeof *bank->packed);
    bank->valid = xcalloc(n + 1, sizeof *bank->valid);
    struct packing packing = {bank, rows, progress};
    pool_run(pool, (n + BLOCK - 1) / BLOCK, pack_block, &packing);
}

static void begin(struct meeting *g, const float *rows, size_t n, size_t d, struct pool *pool)
{
    if (g->metric == EACH_COSINE)
        bank_init_at(&g->bank, rows, NULL, n, d, pool, g->progress);
    else
        bank_init_plain(&g->bank, rows, n, d, pool, g->progress);
    g->bar = xaligned(score_padded(n) + 1, sizeof *g->bar);
    g->count = xcalloc(n + 1, sizeof *g->count);
    for (size_t i = 0; i < score_padded(n); i++)
        g->bar[i] = i < n && g->bank.valid[i] && g->found->k > 0 ? -INFINITY : INFINITY;
    g->n_blocks = (n + BLOCK - 1) / BLOCK;
    g->n_seats = g->n_blocks + g->n_blocks % 2;
    progress_begin(g->progress, g->n_blocks * (g->n_blocks + 1) / 2);
}

/* What no list reached, and what the caller releases. */
static void finish(struct meeting *g)
{
    size_t k = g->found->k;
    for (size_t i = 0; i < g->bank.n && !progress_cancelled(g->progress); i++)
        for (size_t j = g->count[i]; j < k; j++) {
            g->found->index[i * k + j] = UINT32_MAX;
            g->found->score[i * k + j] = NAN;
        }
    bank_release(&g->bank);
    free(g->bar);
    free(g->count);
}

bool neighbours_each(struct neighbours *found, const float *rows, size_t n, size_t d, size_t k,
                     enum each_metric metric, struct pool *pool, struct progress *progress)
{
    CHECK(n < UINT32_MAX);
    struct meeting g = {.metric = metric, .found = found, .progress = progress};
    *found = (struct neighbours){.n = n, .k = k};
    found->index = xaligned(n * k + 1, sizeof *found->index);
    found->score = xaligned(n * k + 1, sizeof *found->score);
    begin(&g, rows, n, d, pool);
    pool_run(pool, g.n_blocks, meet_itself, &g);
    for (g.round = 0; g.round + 1 < g.n_seats && !progress_cancelled(progress); g.round++)
        pool_run(pool, g.n_seats / 2, meet_at_table, &g);
    finish(&g);
    if (!progress_cancelled(progress))
        return true;
    neighbours_release(found);
    return false;
}
