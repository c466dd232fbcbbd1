/* SPDX-License-Identifier: MIT
 *
 * A task is a strip of rows of one group against all columns right of it. Its counts are 32 bits wide, lie in
 * the caches, and are added to the worker's 64-bit totals when the strip is done (a strip has fewer than 2^32
 * pairs). Every pair is counted as if it were an impostor; the few genuine ones are counted again apart, and
 * taken off at the end. Sums of scores are kept per task and added in the order of the tasks.
 */
#include "space/score_tally.h"

#include "base/check.h"
#include "math/score.h"
#include "space/score_scan.h"

#include <stdlib.h>
#include <string.h>

enum {
    STRIP = 128, /* rows a task, unless told otherwise */
    ROWS = 32,   /* rows of a tile */
    TILE = 256,  /* columns of a tile, at most */
    COPIES = 2   /* counters a bin: neighbours that fall into one bin need not wait for each other */
};

struct task {
    uint32_t group, first, end; /* rows */
};

/* What one worker counts with. */
struct counter {
    uint32_t *all;     /* (n_groups, n_bins, COPIES) pairs of the task's group with each group */
    uint32_t *genuine; /* (n_groups, n_bins) the genuine ones among them */
    bool *any;         /* (n_groups) is there a genuine one? */
    uint64_t *total;   /* (n_cells, N_PAIR_KINDS, n_bins) all and genuine */
};

struct tally {
    const struct score_order *order;
    struct scores *scores;
    struct task *task;
    size_t n_tasks;
    uint32_t tile;           /* columns */
    struct score_sums *sums; /* (n_tasks, n_groups, N_PAIR_KINDS) all and genuine */
    struct counter *counter; /* one a worker */
    struct scan *scan;       /* one a worker */
    struct progress *progress;
};

/* ---- one run of columns ---- */

static void bins_of(const float *restrict score, size_t n, uint32_t n_bins, uint16_t *restrict bin)
{
    for (size_t j = 0; j < n; j++)
        bin[j] = (uint16_t)scores_bin(score[j], n_bins);
}

static void count_run(uint32_t (*restrict count)[COPIES], const uint16_t *restrict bin, size_t n)
{
    size_t j = 0;
    for (; j + 4 <= n; j += 4) {
        uint64_t four;
        memcpy(&four, bin + j, sizeof four);
        count[four & 0xffff][0]++;
        count[four >> 16 & 0xffff][1]++;
        count[four >> 32 & 0xffff][0]++;
        count[four >> 48][1]++;
    }
    for (; j < n; j++)
        count[bin[j]][0]++;
}

typedef float eight_floats __attribute__((vector_size(32), aligned(4), may_alias));
typedef double eight_doubles __attribute__((vector_size(64)));

static void sum_run(struct score_sums *sums, const float *score, size_t n)
{
    eight_doubles s = {0}, s2 = {0};
    size_t j = 0;
    for (; j + 8 <= n; j += 8) {
        eight_doubles x = __builtin_convertvector(*(const eight_floats *)(score + j), eight_doubles);
        s += x;
        s2 += x * x;
    }
    for (int l = 0; l < 8; l++) {
        sums->s += s[l];
        sums->s2 += s2[l];
    }
    for (; j < n; j++) {
        sums->s += score[j];
        sums->s2 += (double)score[j] * score[j];
    }
}

/* ---- one row of a tile ---- */

/* Where a task stands: rows of `group`, columns first..end-1 in the tile. */
struct tile {
    const struct score_order *order;
    struct counter *counter;
    struct scan *scan;
    struct score_sums *sums; /* (n_groups, N_PAIR_KINDS) of the task */
    uint32_t n_bins, group;
    uint32_t first, end;
};

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t earlier(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* score and bin are those of column t->first. */
static void count_all(const struct tile *t, uint32_t row, uint32_t from, const float *score,
                      const uint16_t *bin)
{
    const uint32_t *group_first = t->order->group_first;
    for (uint32_t h = t->group; h < t->order->n_groups && group_first[h] < t->end; h++) {
        uint32_t a = later(from, group_first[h]), b = earlier(t->end, group_first[h + 1]);
        if (a >= b)
            continue;
        uint32_t *count = t->counter->all + (size_t)h * t->n_bins * COPIES;
        count_run((uint32_t(*)[COPIES])count, bin + (a - t->first), b - a);
        sum_run(&t->sums[h * N_PAIR_KINDS + PAIR_IMPOSTOR], score + (a - t->first), b - a);
        scan_impostors(t->scan, (struct run){row, h, a, b}, score + (a - t->first), bin + (a - t->first));
    }
}

static void count_genuine(const struct tile *t, uint32_t row, uint32_t from, const float *score,
                          const uint16_t *bin)
{
    for (uint32_t k = t->order->block_of[row]; k != NO_BLOCK; k = t->order->block[k].next) {
        const struct score_block *block = &t->order->block[k];
        uint32_t a = later(from, block->first), b = earlier(t->end, block->end);
        if (a >= b)
            continue;
        uint32_t *count = t->counter->genuine + (size_t)block->group * t->n_bins;
        t->counter->any[block->group] = true;
        for (uint32_t j = a; j < b; j++)
            count[bin[j - t->first]]++;
        sum_run(&t->sums[block->group * N_PAIR_KINDS + PAIR_GENUINE], score + (a - t->first), b - a);
        scan_genuine(t->scan, (struct run){row, block->group, a, b}, score + (a - t->first),
                     bin + (a - t->first));
    }
}

static void count_row(const struct tile *t, uint32_t row, const float *score)
{
    uint32_t from = later(t->first, row + 1);
    uint16_t bin[TILE] = {0};
    if (from >= t->end)
        return;
    bins_of(score, t->end - t->first, t->n_bins, bin);
    count_all(t, row, from, score, bin);
    count_genuine(t, row, from, score, bin);
    scan_near(t->scan, (struct run){row, t->group, from, t->end}, score + (from - t->first));
}

/* ---- one strip ---- */

static void flush(const struct tally *tally, struct counter *counter, uint32_t group)
{
    size_t n_groups = tally->order->n_groups, n_bins = tally->scores->n_bins;
    for (size_t h = group; h < n_groups; h++) {
        uint64_t *total = counter->total + scores_cell(n_groups, group, h) * N_PAIR_KINDS * n_bins;
        uint32_t *all = counter->all + h * n_bins * COPIES, *genuine = counter->genuine + h * n_bins;
        for (size_t b = 0; b < n_bins; b++)
            total[b] += (uint64_t)all[b * COPIES] + all[b * COPIES + 1];
        memset(all, 0, n_bins * COPIES * sizeof *all);
        for (size_t b = 0; counter->any[h] && b < n_bins; b++)
            total[n_bins + b] += genuine[b];
        if (counter->any[h])
            memset(genuine, 0, n_bins * sizeof *genuine);
        counter->any[h] = false;
    }
}

/* Scores that a task computes, a few more than its pairs: later rows have fewer pairs. */
static size_t task_scores(const struct tally *tally, const struct task *task)
{
    return (task->end - task->first) * (tally->order->n - task->first);
}

static void work_task(void *ctx, size_t number, int worker)
{
    const struct tally *tally = ctx;
    const struct score_order *order = tally->order;
    const struct task *task = &tally->task[number];
    size_t d = order->d, n_rows = task->end - task->first;
    struct tile t = {.order = order,
                     .counter = &tally->counter[worker],
                     .scan = &tally->scan[worker],
                     .sums = tally->sums + number * order->n_groups * N_PAIR_KINDS,
                     .n_bins = (uint32_t)tally->scores->n_bins,
                     .group = task->group};
    float score[ROWS * TILE];
    if (progress_cancelled(tally->progress))
        return;
    float *unit = xaligned(n_rows * d + 1, sizeof *unit);
    score_order_unit(order, task->first, n_rows, unit);
    t.first = task->first / SCORE_LANES * SCORE_LANES;
    for (; t.first < order->n && !progress_cancelled(tally->progress); t.first += tally->tile) {
        t.end = earlier(t.first + tally->tile, (uint32_t)order->n);
        for (size_t r = 0; r < n_rows; r += ROWS) {
            size_t m = n_rows - r < ROWS ? n_rows - r : ROWS;
            score_tile(unit + r * d, m, order->bank.packed, t.first, t.end - t.first, d, score, TILE);
            for (size_t i = 0; i < m; i++)
                count_row(&t, task->first + (uint32_t)(r + i), score + i * TILE);
        }
    }
    flush(tally, t.counter, task->group);
    free(unit);
    progress_step(tally->progress, task_scores(tally, task));
}

/* ---- all of it ---- */

static void cut_tasks(struct tally *tally, const struct scores_want *want)
{
    const struct score_order *order = tally->order;
    const uint32_t strip = want->strip ? want->strip : STRIP;
    CHECK(want->tile <= TILE && want->tile % SCORE_LANES == 0);
    tally->tile = want->tile ? want->tile : TILE;
    tally->task = xcalloc(order->n / strip + order->n_groups + 1, sizeof *tally->task);
    for (uint32_t g = 0; g < order->n_groups; g++)
        for (uint32_t i = order->group_first[g]; i < order->group_first[g + 1]; i += strip)
            tally->task[tally->n_tasks++] =
                (struct task){g, i, earlier(i + strip, order->group_first[g + 1])};
    tally->sums = xcalloc(tally->n_tasks * order->n_groups * N_PAIR_KINDS + 1, sizeof *tally->sums);
}

static bool counters_init(struct tally *tally, const struct scores_want *want, int n_workers, struct err *err)
{
    static const char what[] = "score histograms";
    const struct scores *scores = tally->scores;
    size_t n = scores->n_groups * scores->n_bins;
    tally->counter = xcalloc((size_t)n_workers, sizeof *tally->counter);
    tally->scan = xcalloc((size_t)n_workers, sizeof *tally->scan);
    for (int w = 0; w < n_workers; w++) {
        struct counter *c = &tally->counter[w];
        c->any = xcalloc(scores->n_groups, sizeof *c->any);
        c->all = mem_try(n * COPIES, sizeof *c->all, what, err);
        c->genuine = c->all ? mem_try(n, sizeof *c->genuine, what, err) : NULL;
        if (c->genuine)
            c->total = mem_try(scores->n_cells * N_PAIR_KINDS * scores->n_bins, sizeof *c->total, what, err);
        if (!c->total || !scan_init(&tally->scan[w], tally->order, scores->n_bins, want, err))
            return false;
    }
    return true;
}

static void tally_release(struct tally *tally, int n_workers)
{
    for (int w = 0; w < n_workers; w++) {
        scan_release(&tally->scan[w]);
        free(tally->counter[w].all);
        free(tally->counter[w].genuine);
        free(tally->counter[w].any);
        free(tally->counter[w].total);
    }
    free(tally->counter);
    free(tally->scan);
    free(tally->task);
    free(tally->sums);
}

static void add_counts(struct scores *scores, const uint64_t *total)
{
    size_t n_bins = scores->n_bins;
    for (size_t cell = 0; cell < scores->n_cells; cell++) {
        uint64_t *impostor = scores->count + cell * N_PAIR_KINDS * n_bins, *genuine = impostor + n_bins;
        const uint64_t *all = total + cell * N_PAIR_KINDS * n_bins, *same = all + n_bins;
        for (size_t b = 0; b < n_bins; b++) {
            impostor[b] += all[b] - same[b];
            genuine[b] += same[b];
        }
    }
}

static void add_sums(const struct tally *tally)
{
    size_t n_groups = tally->order->n_groups;
    for (size_t i = 0; i < tally->n_tasks; i++)
        for (size_t h = tally->task[i].group; h < n_groups; h++) {
            const struct score_sums *from = tally->sums + (i * n_groups + h) * N_PAIR_KINDS;
            struct score_sums *to =
                tally->scores->sums + scores_cell(n_groups, tally->task[i].group, h) * N_PAIR_KINDS;
            to[PAIR_IMPOSTOR].s += from[PAIR_IMPOSTOR].s - from[PAIR_GENUINE].s;
            to[PAIR_IMPOSTOR].s2 += from[PAIR_IMPOSTOR].s2 - from[PAIR_GENUINE].s2;
            to[PAIR_GENUINE].s += from[PAIR_GENUINE].s;
            to[PAIR_GENUINE].s2 += from[PAIR_GENUINE].s2;
        }
}

bool score_tally(struct scores *scores, const struct score_order *order, const struct scores_want *want,
                 struct pool *pool, struct progress *progress, struct err *err)
{
    struct tally tally = {.order = order, .scores = scores, .progress = progress};
    int n_workers = pool ? pool_threads(pool) : 1;
    cut_tasks(&tally, want);
    bool fine = counters_init(&tally, want, n_workers, err);
    if (fine) {
        size_t total = 0;
        for (size_t i = 0; i < tally.n_tasks; i++)
            total += task_scores(&tally, &tally.task[i]);
        progress_begin(progress, total);
        pool_run(pool, tally.n_tasks, work_task, &tally);
        for (int w = 0; w < n_workers; w++)
            add_counts(scores, tally.counter[w].total);
        add_sums(&tally);
        scan_merge(scores, tally.scan, n_workers);
        fine = !progress_cancelled(progress) || err_set(err, "stopped");
    }
    tally_release(&tally, n_workers);
    return fine;
}
