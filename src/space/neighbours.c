/* SPDX-License-Identifier: MIT */
#include "space/neighbours.h"

#include "base/check.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>

enum {
    PACK_ROWS = 1024,   /* bank rows made ready at once; whole panels */
    BLOCK = 32,         /* queries worked at once */
    TILE = 256,         /* bank rows scored at once */
    CHUNK = 16384,      /* bank rows a task, where there are few queries; whole tiles */
    MANY_BLOCKS = 64,   /* query blocks from which queries alone are work enough to share */
    GROUP = SCORE_LANES /* scores looked at together */
};

/* ---- the bank ---- */

struct packing {
    struct bank *bank;
    const float *rows;
    const uint32_t *index;
    struct progress *progress;
};

static void pack_some(void *ctx, size_t task, int worker)
{
    (void)worker;
    const struct packing *p = ctx;
    size_t d = p->bank->d, first = task * PACK_ROWS;
    size_t n = p->bank->n - first < PACK_ROWS ? p->bank->n - first : PACK_ROWS;
    if (progress_cancelled(p->progress))
        return;
    float *unit = xaligned(n * d, sizeof *unit);
    for (size_t i = 0; p->index && i < n; i++)
        score_normalise(p->rows + p->index[first + i] * d, 1, d, unit + i * d, p->bank->valid + first + i);
    if (!p->index)
        score_normalise(p->rows + first * d, n, d, unit, p->bank->valid + first);
    score_pack(unit, n, d, p->bank->packed + first * d);
    free(unit);
}

void bank_init(struct bank *bank, const float *rows, size_t n, size_t d, struct pool *pool)
{
    bank_init_at(bank, rows, NULL, n, d, pool, NULL);
}

void bank_init_at(struct bank *bank, const float *rows, const uint32_t *index, size_t n, size_t d,
                  struct pool *pool, struct progress *progress)
{
    *bank = (struct bank){.n = n, .d = d};
    bank->packed = xaligned(score_padded(n) * d + 1, sizeof *bank->packed);
    bank->valid = xcalloc(n + 1, sizeof *bank->valid);
    struct packing packing = {bank, rows, index, progress};
    pool_run(pool, (n + PACK_ROWS - 1) / PACK_ROWS, pack_some, &packing);
}

void bank_release(struct bank *bank)
{
    free(bank->packed);
    free(bank->valid);
    *bank = (struct bank){0};
}

/* ---- the k best so far ---- */

struct best {
    size_t k, count;
    uint32_t *index; /* (k) */
    float *score;
};

/* Candidates come in the order of their index, so an equal score goes behind. */
static void best_offer(struct best *best, uint32_t index, float score)
{
    if (best->count == best->k && !(score > best->score[best->k - 1]))
        return;
    size_t at = best->count < best->k ? best->count++ : best->k - 1;
    float *const scores = best->score;
    uint32_t *const indices = best->index;
    for (; at > 0 && scores[at - 1] < score; at--) {
        scores[at] = scores[at - 1];
        indices[at] = indices[at - 1];
    }
    scores[at] = score;
    indices[at] = index;
}

/* Of a group of scores, those that could enter: bit l for the l-th of n. */
static unsigned group_matters(const struct best *best, const float *score, size_t n)
{
    if (best->count < best->k || n < GROUP)
        return (1u << n) - 1;
    return score_above(score, best->score[best->k - 1]);
}

/* Scores (n) of candidates first..first+n-1; `skip` is left out. */
static void best_scan(struct best *best, const float *score, const bool *valid, size_t first, size_t n,
                      size_t skip)
{
    for (size_t g = 0; g < n; g += GROUP) {
        size_t count = n - g < GROUP ? n - g : GROUP;
        unsigned bits = group_matters(best, score + g, count);
        for (; bits; bits &= bits - 1) {
            size_t j = g + (size_t)__builtin_ctz(bits);
            if (valid[first + j] && first + j != skip)
                best_offer(best, (uint32_t)(first + j), score[j]);
        }
    }
}

static void best_end(struct best *best)
{
    for (size_t i = best->count; i < best->k; i++) {
        best->index[i] = UINT32_MAX;
        best->score[i] = NAN;
    }
}

static void found_init(struct neighbours *found, size_t n, size_t k)
{
    CHECK(n < UINT32_MAX);
    *found = (struct neighbours){.n = n, .k = k};
    found->index = xaligned(n * k + 1, sizeof *found->index);
    found->score = xaligned(n * k + 1, sizeof *found->score);
}

void neighbours_release(struct neighbours *found)
{
    free(found->index);
    free(found->score);
    *found = (struct neighbours){0};
}

static struct best best_of(const struct neighbours *found, size_t row)
{
    return (struct best){
        .k = found->k, .index = found->index + row * found->k, .score = found->score + row * found->k};
}

/* ---- the search ---- */

/* Tasks are (block of queries, chunk of the bank); each chunk has its own lists, which are joined afterwards.
 */
struct search {
    const struct bank *bank;
    const float *queries;
    size_t n_queries, n_chunks, chunk;
    bool self;
    struct neighbours *found; /* (n_chunks) */
    struct progress *progress;
};

static void search_rows(const struct search *s, struct best *best, const float *unit, size_t first_query,
                        size_t rows, size_t chunk)
{
    const struct bank *bank = s->bank;
    size_t from = chunk * s->chunk, end = bank->n - from < s->chunk ? bank->n : from + s->chunk;
    float score[BLOCK * TILE];
    for (size_t c = from; c < end && !progress_cancelled(s->progress); c += TILE) {
        size_t n = end - c < TILE ? end - c : TILE;
        score_tile(unit, rows, bank->packed, c, n, bank->d, score, TILE);
        for (size_t i = 0; i < rows; i++)
            if (best[i].k > 0)
                best_scan(&best[i], score + i * TILE, bank->valid, c, n,
                          s->self ? first_query + i : SIZE_MAX);
    }
}

static void search_block(void *ctx, size_t task, int worker)
{
    (void)worker;
    const struct search *s = ctx;
    size_t chunk = task % s->n_chunks, first = task / s->n_chunks * BLOCK, d = s->bank->d;
    size_t rows = s->n_queries - first < BLOCK ? s->n_queries - first : BLOCK;
    struct best best[BLOCK];
    bool valid[BLOCK];
    if (progress_cancelled(s->progress))
        return;
    float *unit = xaligned(rows * d, sizeof *unit);
    score_normalise(s->queries + first * d, rows, d, unit, valid);
    for (size_t i = 0; i < rows; i++) {
        best[i] = best_of(&s->found[chunk], first + i);
        best[i].k = valid[i] ? best[i].k : 0;
    }
    search_rows(s, best, unit, first, rows, chunk);
    for (size_t i = 0; i < rows; i++) {
        best[i].k = s->found[chunk].k;
        best_end(&best[i]);
    }
    free(unit);
    progress_step(s->progress, chunk == 0 ? rows : 0);
}

static void join_chunks(const struct neighbours *part, size_t n_chunks, struct neighbours *found)
{
    for (size_t i = 0; i < found->n; i++) {
        struct best best = best_of(found, i);
        for (size_t c = 0; c < n_chunks; c++)
            for (size_t j = i * found->k; j < (i + 1) * found->k && part[c].index[j] != UINT32_MAX; j++)
                best_offer(&best, part[c].index[j], part[c].score[j]);
        best_end(&best);
    }
}

bool neighbours_find(struct neighbours *found, const struct bank *bank, const float *queries,
                     size_t n_queries, size_t k, bool self, struct pool *pool, struct progress *progress)
{
    size_t blocks = (n_queries + BLOCK - 1) / BLOCK;
    struct search s = {bank, queries, n_queries, 1, bank->n, self, NULL, progress};
    if (blocks < MANY_BLOCKS && bank->n > CHUNK) {
        s.chunk = CHUNK;
        s.n_chunks = (bank->n + CHUNK - 1) / CHUNK;
    }
    s.found = xcalloc(s.n_chunks, sizeof *s.found);
    for (size_t c = 0; c < s.n_chunks; c++)
        found_init(&s.found[c], n_queries, k);
    progress_begin(progress, n_queries);
    pool_run(pool, blocks * s.n_chunks, search_block, &s);
    if (s.n_chunks == 1) {
        *found = s.found[0];
    } else {
        found_init(found, n_queries, k);
        join_chunks(s.found, s.n_chunks, found);
        for (size_t c = 0; c < s.n_chunks; c++)
            neighbours_release(&s.found[c]);
    }
    free(s.found);
    if (progress_cancelled(progress)) {
        neighbours_release(found);
        return false;
    }
    return true;
}

/* ---- of one ---- */

/* A search that happens once reads every row once: a rough score in float, whose error is bounded, tells
 * which rows could be among the nearest, and only these are scored as the score is defined. */
struct one {
    const float *query; /* (d) of unit length for the cosine */
    float *unit;        /* (d) scratch */
    size_t d;
    double slack; /* of the rough score, the defined one's own rounding included: 4 (d + 8) 2^-24 */
    struct best best;
};

struct rough {
    float dot, square, apart; /* row . query, |row|^2, |row - query|^2 */
};

static void rough_lane(float a, float b, float *dot, float *square, float *apart)
{
    *dot = fmaf(a, b, *dot);
    *square = fmaf(a, a, *square);
    *apart = fmaf(a - b, a - b, *apart);
}

static struct rough rough_of(const float *restrict row, const float *restrict query, size_t d)
{
    float dot[GROUP] = {0}, square[GROUP] = {0}, apart[GROUP] = {0};
    size_t j = 0;
    for (; j + GROUP <= d; j += GROUP)
        for (size_t l = 0; l < GROUP; l++)
            rough_lane(row[j + l], query[j + l], &dot[l], &square[l], &apart[l]);
    for (; j < d; j++)
        rough_lane(row[j], query[j], &dot[j % GROUP], &square[j % GROUP], &apart[j % GROUP]);
    struct rough sum = {0};
    for (size_t l = 0; l < GROUP; l++) {
        sum.dot += dot[l];
        sum.square += square[l];
        sum.apart += apart[l];
    }
    return sum;
}

/* Where floats are far from under- and overflow the bound holds; elsewhere, and for NaN, nothing is ruled
 * out. */
static bool in_range(float square)
{
    return square > 1e-30F && square < 1e30F;
}

static bool ruled_out(const struct one *one, struct rough r, bool apart)
{
    const struct best *best = &one->best;
    if (best->count < best->k || !in_range(apart ? r.apart : r.square))
        return false;
    double worst = (double)best->score[best->k - 1];
    return apart ? -(double)r.apart * (1 - one->slack) <= worst
                 : (double)r.dot / sqrt((double)r.square) + one->slack <= worst;
}

static void offer_one(struct one *one, const float *row, size_t i, bool apart)
{
    bool valid = true;
    if (apart && row_is_finite(row, one->d))
        best_offer(&one->best, (uint32_t)i, score_pair_apart(one->query, row, one->d));
    if (apart)
        return;
    score_normalise(row, 1, one->d, one->unit, &valid);
    if (valid)
        best_offer(&one->best, (uint32_t)i, score_pair(one->query, one->unit, one->d));
}

bool neighbours_of_one(struct neighbours *found, const struct rows *rows, const float *query,
                       const bool *leave, size_t k, bool apart, struct progress *progress)
{
    size_t d = rows->d;
    bool valid = apart && row_is_finite(query, d);
    float *unit = xaligned(2 * d + 1, sizeof *unit);
    if (!apart)
        score_normalise(query, 1, d, unit + d, &valid);
    found_init(found, 1, k);
    struct one one = {apart ? query : unit + d, unit, d, 4 * ((double)d + 8) * 0x1p-24, best_of(found, 0)};
    for (size_t i = 0; i < rows->n && valid && k > 0; i++) {
        const float *row = rows->row + i * d;
        if (i % PACK_ROWS == 0 && progress_cancelled(progress))
            break;
        if (!(leave && leave[i]) && !ruled_out(&one, rough_of(row, one.query, d), apart))
            offer_one(&one, row, i, apart);
    }
    best_end(&one.best);
    free(unit);
    if (progress_cancelled(progress)) {
        neighbours_release(found);
        return false;
    }
    return true;
}

/* ---- in the plane ---- */

struct plane {
    const float *x, *y;
    const bool *valid;
    struct neighbours *found;
};

static void plane_point(void *ctx, size_t i, int worker)
{
    (void)worker;
    const struct plane *p = ctx;
    struct best best = best_of(p->found, i);
    size_t n = p->valid[i] && best.k > 0 ? p->found->n : 0;
    float score[TILE];
    for (size_t c = 0; c < n; c += TILE) {
        size_t count = n - c < TILE ? n - c : TILE;
        for (size_t j = 0; j < count; j++) {
            float dx = p->x[c + j] - p->x[i], dy = p->y[c + j] - p->y[i];
            score[j] = -(dx * dx + dy * dy);
        }
        best_scan(&best, score, p->valid, c, count, i);
    }
    best_end(&best);
}

void neighbours_plane(struct neighbours *found, const float *x, const float *y, size_t n, size_t k,
                      struct pool *pool)
{
    bool *valid = xcalloc(n + 1, sizeof *valid);
    for (size_t i = 0; i < n; i++)
        valid[i] = isfinite(x[i]) && isfinite(y[i]);
    found_init(found, n, k);
    struct plane plane = {x, y, valid, found};
    pool_run(pool, n, plane_point, &plane);
    free(valid);
}
