/* SPDX-License-Identifier: MIT */
#include "space/score_scan.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 32 /* pairs looked at together */ };

/* ---- lists ---- */

/* Is p worse than q? Impostors by high, genuine by low scores; then in the order of (a, b). */
static bool worse(const struct scored_pair *p, const struct scored_pair *q, enum pair_kind kind)
{
    if (p->score != q->score)
        return kind == PAIR_IMPOSTOR ? p->score > q->score : p->score < q->score;
    return p->a != q->a ? p->a < q->a : p->b < q->b;
}

void worst_offer(struct worst_pairs *worst, size_t most, struct scored_pair pair, enum pair_kind kind)
{
    if (worst->n == most && !(most > 0 && worse(&pair, &worst->pair[most - 1], kind)))
        return;
    if (!worst->pair)
        worst->pair = xcalloc(most, sizeof *worst->pair);
    size_t at = worst->n < most ? worst->n++ : most - 1;
    for (; at > 0 && worse(&pair, &worst->pair[at - 1], kind); at--)
        worst->pair[at] = worst->pair[at - 1];
    worst->pair[at] = pair;
}

/* A neighbour of the place; equal scores in the order of the index. Returns the score a further one needs. */
static float near_offer(struct neighbours *near, size_t place, uint32_t index, float score)
{
    uint32_t *const indices = near->index + place * near->k;
    float *const scores = near->score + place * near->k;
    size_t at = near->k - 1; /* the last is the one to go; empty ones hold UINT32_MAX and -2 */
    if (scores[at] > score || (scores[at] == score && indices[at] < index))
        return scores[at];
    for (; at > 0 && (scores[at - 1] < score || (scores[at - 1] == score && indices[at - 1] > index)); at--) {
        scores[at] = scores[at - 1];
        indices[at] = indices[at - 1];
    }
    scores[at] = score;
    indices[at] = index;
    return scores[near->k - 1];
}

/* ---- one worker ---- */

static bool near_init(struct scan *scan, struct err *err)
{
    size_t n = scan->order->n, k = scan->want.k;
    scan->near = (struct neighbours){.n = n, .k = k};
    scan->near.index = mem_try(n * k + 1, sizeof *scan->near.index, "neighbours", err);
    scan->near.score = mem_try(n * k + 1, sizeof *scan->near.score, "neighbours", err);
    scan->kth = mem_try(n + 1, sizeof *scan->kth, "neighbours", err);
    if (!scan->near.index || !scan->near.score || !scan->kth)
        return false;
    memset(scan->near.index, 0xff, n * k * sizeof *scan->near.index);
    for (size_t i = 0; i < n * k; i++)
        scan->near.score[i] = -2;
    for (size_t i = 0; i < n; i++)
        scan->kth[i] = -2;
    return true;
}

bool scan_init(struct scan *scan, const struct score_order *order, size_t n_bins,
               const struct scores_want *want, struct err *err)
{
    *scan = (struct scan){.order = order, .n_bins = (uint32_t)n_bins, .want = *want};
    size_t n_lists = scores_n_cells(order->n_groups) * N_PAIR_KINDS;
    if (want->n_worst)
        scan->worst = xcalloc(n_lists, sizeof *scan->worst);
    for (int kind = 0; want->error_bin && kind < N_PAIR_KINDS; kind++) {
        scan->errors[kind] =
            mem_try(order->n_items * order->n_groups + 1, sizeof(uint32_t), "errors by item", err);
        if (!scan->errors[kind])
            return false;
    }
    return want->k == 0 || near_init(scan, err);
}

void scan_release(struct scan *scan)
{
    for (size_t i = 0; scan->worst && i < scores_n_cells(scan->order->n_groups) * N_PAIR_KINDS; i++)
        free(scan->worst[i].pair);
    free(scan->worst);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        free(scan->errors[kind]);
    free(scan->wrong);
    free(scan->kth);
    neighbours_release(&scan->near);
    *scan = (struct scan){0};
}

static void keep_wrong(struct scan *scan, struct scored_pair pair)
{
    if (scan->n_wrong++ >= scan->want.max_wrong)
        return;
    if (scan->n_wrong > scan->room) {
        scan->room = scan->room ? 2 * scan->room : 256;
        scan->wrong = xrealloc(scan->wrong, scan->room, sizeof *scan->wrong);
    }
    scan->wrong[scan->n_wrong - 1] = pair;
}

static void error(struct scan *scan, uint32_t row_group, uint32_t group, struct scored_pair pair,
                  bool swapped, enum pair_kind kind)
{
    size_t n_groups = scan->order->n_groups;
    uint32_t row = swapped ? pair.b : pair.a, column = swapped ? pair.a : pair.b;
    scan->errors[kind][row * n_groups + group]++;
    scan->errors[kind][column * n_groups + row_group]++;
    if (scan->want.max_wrong)
        keep_wrong(scan, pair);
}

/* ---- pairs ---- */

/* What a run asks of its pairs, looked up once. */
struct asked {
    struct scan *scan;
    struct worst_pairs *worst;
    uint32_t row_group, error_bin; /* UINT32_MAX: errors are not counted */
    enum pair_kind kind;
};

static struct asked asked_of(struct scan *scan, const struct run *run, enum pair_kind kind)
{
    const struct score_order *order = scan->order;
    uint32_t row_group = order->block[order->block_of[run->row]].group;
    size_t cell = scores_cell(order->n_groups, row_group, run->group);
    return (struct asked){scan, scan->worst ? &scan->worst[cell * N_PAIR_KINDS + kind] : NULL, row_group,
                          scan->want.error_bin ? scan->want.error_bin[cell] : UINT32_MAX, kind};
}

static void look_at(const struct asked *asked, const struct run *run, uint32_t place, float score,
                    uint32_t bin)
{
    const struct score_order *order = asked->scan->order;
    uint32_t a = order->item[run->row], b = order->item[place];
    struct scored_pair pair = {a < b ? a : b, a < b ? b : a, score};
    bool matched = bin >= asked->error_bin;
    if (asked->scan->want.error_bin && matched == (asked->kind == PAIR_IMPOSTOR))
        error(asked->scan, asked->row_group, run->group, pair, a > b, asked->kind);
    if (asked->worst)
        worst_offer(asked->worst, asked->scan->want.n_worst, pair, asked->kind);
}

/* The lowest bin of an impostor pair that matters. */
static uint32_t least_bin(const struct asked *asked)
{
    const struct worst_pairs *worst = asked->worst;
    if (!worst)
        return asked->error_bin;
    if (worst->n < asked->scan->want.n_worst)
        return 0;
    uint32_t last = scores_bin(worst->pair[worst->n - 1].score, asked->scan->n_bins);
    return last < asked->error_bin ? last : asked->error_bin;
}

static uint16_t highest(const uint16_t *bin, size_t n)
{
    uint16_t most = 0;
    for (size_t j = 0; j < n; j++)
        most = bin[j] > most ? bin[j] : most;
    return most;
}

void scan_impostors(struct scan *scan, struct run run, const float *score, const uint16_t *bin)
{
    if (!scan->worst && !scan->want.error_bin)
        return;
    const struct score_order *order = scan->order;
    struct asked asked = asked_of(scan, &run, PAIR_IMPOSTOR);
    uint32_t identity = order->block[order->block_of[run.row]].identity, least = least_bin(&asked);
    for (uint32_t first = run.first; first < run.end; first += CHUNK) {
        uint32_t n = run.end - first < CHUNK ? run.end - first : CHUNK, at = first - run.first;
        if (highest(bin + at, n) < least)
            continue;
        for (uint32_t j = 0; j < n; j++)
            if (bin[at + j] >= least && order->block[order->block_of[first + j]].identity != identity)
                look_at(&asked, &run, first + j, score[at + j], bin[at + j]);
        least = least_bin(&asked);
    }
}

void scan_genuine(struct scan *scan, struct run run, const float *score, const uint16_t *bin)
{
    if (!scan->worst && !scan->want.error_bin)
        return;
    struct asked asked = asked_of(scan, &run, PAIR_GENUINE);
    for (uint32_t j = 0; j < run.end - run.first; j++)
        look_at(&asked, &run, run.first + j, score[j], bin[j]);
}

static bool any_near(const float *restrict score, const float *restrict kth, float row_kth, size_t n)
{
    int any = 0;
    for (size_t j = 0; j < n; j++)
        any |= score[j] >= kth[j] || score[j] >= row_kth;
    return any;
}

void scan_near(struct scan *scan, struct run run, const float *score)
{
    if (scan->want.k == 0)
        return;
    float *kth = scan->kth, *row_kth = &kth[run.row];
    const uint32_t *item = scan->order->item;
    for (uint32_t first = run.first; first < run.end; first += CHUNK, score += CHUNK) {
        uint32_t n = run.end - first < CHUNK ? run.end - first : CHUNK;
        if (!any_near(score, kth + first, *row_kth, n))
            continue;
        for (uint32_t j = 0; j < n; j++) {
            if (score[j] >= *row_kth)
                *row_kth = near_offer(&scan->near, run.row, item[first + j], score[j]);
            if (score[j] >= kth[first + j])
                kth[first + j] = near_offer(&scan->near, first + j, item[run.row], score[j]);
        }
    }
}

/* ---- all workers' together ---- */

static void merge_near(struct scores *scores, struct scan *scan, int n_scans)
{
    const struct score_order *order = scan[0].order;
    struct neighbours *near = &scan[0].near, *to = &scores->near;
    size_t k = near->k;
    for (int s = 1; s < n_scans; s++)
        for (size_t i = 0; i < order->n * k; i++)
            if (scan[s].near.index[i] != UINT32_MAX)
                near_offer(near, i / k, scan[s].near.index[i], scan[s].near.score[i]);
    *to = (struct neighbours){.n = order->n_items, .k = k};
    to->index = xaligned(to->n * k + 1, sizeof *to->index);
    to->score = xaligned(to->n * k + 1, sizeof *to->score);
    memset(to->index, 0xff, to->n * k * sizeof *to->index);
    for (size_t i = 0; i < to->n * k; i++)
        to->score[i] = NAN;
    for (size_t i = 0; i < order->n; i++)
        for (size_t j = 0; j < k && near->index[i * k + j] != UINT32_MAX; j++) {
            to->index[order->item[i] * k + j] = near->index[i * k + j];
            to->score[order->item[i] * k + j] = near->score[i * k + j];
        }
}

static void merge_worst(struct scores *scores, struct scan *scan, int n_scans)
{
    scores->worst = scan[0].worst;
    scan[0].worst = NULL;
    for (int s = 1; s < n_scans; s++)
        for (size_t i = 0; i < scores->n_cells * N_PAIR_KINDS; i++)
            for (size_t p = 0; p < scan[s].worst[i].n; p++)
                worst_offer(&scores->worst[i], scan[0].want.n_worst, scan[s].worst[i].pair[p],
                            (enum pair_kind)(i % N_PAIR_KINDS));
}

static void merge_errors(struct scores *scores, struct scan *scan, int n_scans)
{
    size_t n = scan[0].order->n_items * scores->n_groups;
    for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
        scores->errors[kind] = scan[0].errors[kind];
        scan[0].errors[kind] = NULL;
        for (int s = 1; s < n_scans; s++)
            for (size_t i = 0; i < n; i++)
                scores->errors[kind][i] += scan[s].errors[kind][i];
    }
}

static int compare_pairs(const void *x, const void *y)
{
    const struct scored_pair *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

static void merge_wrong(struct scores *scores, const struct scan *scan, int n_scans)
{
    size_t n = 0, most = scan[0].want.max_wrong;
    for (int s = 0; s < n_scans; s++)
        n += scan[s].n_wrong;
    scores->n_wrong = n <= most ? n : SIZE_MAX;
    if (n > most)
        return;
    scores->wrong = xcalloc(n + 1, sizeof *scores->wrong);
    for (int s = 0, at = 0; s < n_scans; at += (int)scan[s++].n_wrong)
        if (scan[s].n_wrong)
            memcpy(scores->wrong + at, scan[s].wrong, scan[s].n_wrong * sizeof *scores->wrong);
    qsort(scores->wrong, n, sizeof *scores->wrong, compare_pairs);
}

void scan_merge(struct scores *scores, struct scan *scan, int n_scans)
{
    const struct scores_want *want = &scan[0].want;
    if (want->k)
        merge_near(scores, scan, n_scans);
    if (want->n_worst)
        merge_worst(scores, scan, n_scans);
    if (want->error_bin) {
        merge_errors(scores, scan, n_scans);
        merge_wrong(scores, scan, n_scans);
    }
}
