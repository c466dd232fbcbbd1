/* SPDX-License-Identifier: MIT */
#include "space/threshold.h"

#include "base/check.h"
#include "math/normal.h"

#include <stdbool.h>
#include <stdlib.h>

/* ---- tables ---- */

static void table_init(struct match_table *table, const struct scores *scores)
{
    *table = (struct match_table){.n_bins = (uint32_t)scores->n_bins};
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        table->above[kind] = xcalloc(scores->n_bins + 1, sizeof *table->above[kind]);
}

void match_table_release(struct match_table *table)
{
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        free(table->above[kind]);
    *table = (struct match_table){0};
}

/* Adds each pair of a cell `times` over; not yet cumulated. */
static void add_cell(struct match_table *table, const struct scores *scores, size_t cell, enum pair_kind kind,
                     unsigned times)
{
    const uint64_t *count = scores_histogram(scores, cell, kind);
    const struct score_sums *sums = &scores->sums[cell * N_PAIR_KINDS + kind];
    for (size_t b = 0; b < scores->n_bins; b++)
        table->above[kind][b] += times * count[b];
    table->sums[kind].s += times * sums->s;
    table->sums[kind].s2 += times * sums->s2;
}

static void cumulate(struct match_table *table)
{
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        for (size_t b = table->n_bins; b-- > 0;)
            table->above[kind][b] += table->above[kind][b + 1];
}

void match_table_all(struct match_table *table, const struct scores *scores)
{
    table_init(table, scores);
    for (size_t cell = 0; cell < scores->n_cells; cell++)
        for (int kind = 0; kind < N_PAIR_KINDS; kind++)
            add_cell(table, scores, cell, kind, 1);
    cumulate(table);
}

void match_table_group(struct match_table *table, const struct scores *scores, size_t group,
                       enum fmr_convention convention)
{
    size_t n_groups = scores->n_groups, own = scores_cell(n_groups, group, group);
    table_init(table, scores);
    add_cell(table, scores, own, PAIR_GENUINE, 1);
    add_cell(table, scores, own, PAIR_IMPOSTOR, convention == FMR_QUERY ? 2 : 1);
    for (size_t h = 0; h < n_groups && convention != FMR_WITHIN; h++)
        if (h != group)
            add_cell(table, scores, scores_cell(n_groups, group, h), PAIR_IMPOSTOR, 1);
    cumulate(table);
}

/* ---- thresholds as numbers ---- */

uint32_t threshold_bin(double threshold, uint32_t n_bins)
{
    if (!(threshold <= 1))
        return n_bins;
    return threshold <= -1 ? 0 : scores_bin((float)threshold, n_bins);
}

double threshold_of_bin(uint32_t bin, uint32_t n_bins)
{
    return bin < n_bins ? 2.0 * bin / n_bins - 1 : INFINITY;
}

/* ---- at a threshold ---- */

struct matches matches_at(const struct match_table *table, uint32_t bin)
{
    struct matches m;
    uint32_t at = bin < table->n_bins ? bin : table->n_bins;
    for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
        m.n[kind] = table->above[kind][0];
        m.matched[kind] = table->above[kind][at];
    }
    return m;
}

static double share(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

double matches_fmr(struct matches m)
{
    return share(m.matched[PAIR_IMPOSTOR], m.n[PAIR_IMPOSTOR]);
}

double matches_fnmr(struct matches m)
{
    return share(m.n[PAIR_GENUINE] - m.matched[PAIR_GENUINE], m.n[PAIR_GENUINE]);
}

double matches_precision(struct matches m)
{
    return share(m.matched[PAIR_GENUINE], m.matched[PAIR_GENUINE] + m.matched[PAIR_IMPOSTOR]);
}

double matches_recall(struct matches m)
{
    return share(m.matched[PAIR_GENUINE], m.n[PAIR_GENUINE]);
}

double matches_f1(struct matches m)
{
    return share(2 * m.matched[PAIR_GENUINE],
                 m.matched[PAIR_GENUINE] + m.matched[PAIR_IMPOSTOR] + m.n[PAIR_GENUINE]);
}

double matches_rate(struct matches m)
{
    return share(m.matched[PAIR_GENUINE] + m.matched[PAIR_IMPOSTOR], m.n[PAIR_GENUINE] + m.n[PAIR_IMPOSTOR]);
}

double match_genuine_share(const struct match_table *table, uint32_t low, uint32_t high, uint64_t *n)
{
    uint64_t held_by[N_PAIR_KINDS];
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        held_by[kind] = table->above[kind][low] - table->above[kind][high];
    if (n)
        *n = held_by[PAIR_GENUINE] + held_by[PAIR_IMPOSTOR];
    return share(held_by[PAIR_GENUINE], held_by[PAIR_GENUINE] + held_by[PAIR_IMPOSTOR]);
}

/* ---- thresholds that do something ---- */

static uint64_t held(const struct match_table *table, enum pair_kind kind, uint32_t bin)
{
    return table->above[kind][bin] - table->above[kind][bin + 1];
}

static bool is_candidate(const struct match_table *table, uint32_t bin)
{
    return bin == table->n_bins || held(table, PAIR_GENUINE, bin) || held(table, PAIR_IMPOSTOR, bin);
}

/* What a threshold does falls or rises with it: the lowest bin from which on it is so; n_bins if it never is.
 */
typedef bool holds(const struct match_table *table, uint32_t bin, double at);

static uint32_t first_bin(const struct match_table *table, holds *is_so, double at)
{
    uint32_t low = 0, high = table->n_bins;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_so(table, middle, at))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool fmr_is_low(const struct match_table *table, uint32_t bin, double f)
{
    return !(matches_fmr(matches_at(table, bin)) > f);
}

static bool fnmr_is_high(const struct match_table *table, uint32_t bin, double f)
{
    return matches_fnmr(matches_at(table, bin)) > f;
}

static bool rate_is_low(const struct match_table *table, uint32_t bin, double rate)
{
    return matches_rate(matches_at(table, bin)) <= rate;
}

uint32_t threshold_at_fmr(const struct match_table *table, double f)
{
    uint32_t bin = first_bin(table, fmr_is_low, f);
    while (!is_candidate(table, bin))
        bin++;
    return bin;
}

uint32_t threshold_at_fnmr(const struct match_table *table, double f)
{
    if (!fnmr_is_high(table, table->n_bins, f))
        return table->n_bins;
    uint32_t bin = first_bin(table, fnmr_is_high, f);
    while (bin-- > 0)
        if (is_candidate(table, bin))
            return bin;
    return 0;
}

void match_bands(const struct match_table *table, uint32_t edge[MATCH_BANDS + 1])
{
    edge[0] = 0;
    edge[MATCH_BANDS] = table->n_bins;
    for (int band = 1; band < MATCH_BANDS; band++)
        edge[band] = threshold_at_fnmr(table, (double)band / MATCH_BANDS);
}

uint32_t threshold_at_rate(const struct match_table *table, double rate)
{
    return first_bin(table, rate_is_low, rate);
}

uint32_t threshold_at_eer(const struct match_table *table)
{
    uint32_t best = table->n_bins;
    double least = INFINITY, least_sum = INFINITY;
    for (uint32_t b = 0; b <= table->n_bins; b++) {
        struct matches m = matches_at(table, b);
        double fmr = matches_fmr(m), fnmr = matches_fnmr(m), apart = fabs(fmr - fnmr);
        if (is_candidate(table, b) && (apart < least || (apart == least && fmr + fnmr < least_sum))) {
            best = b;
            least = apart;
            least_sum = fmr + fnmr;
        }
    }
    return best;
}

static double cost_of(struct matches m, double weight)
{
    return weight * matches_fmr(m) + (1 - weight) * matches_fnmr(m);
}

uint32_t threshold_at_cost(const struct match_table *table, double weight)
{
    uint32_t best = table->n_bins;
    double least = INFINITY;
    for (uint32_t b = 0; b <= table->n_bins; b++) {
        double cost = cost_of(matches_at(table, b), weight);
        if (is_candidate(table, b) && cost < least) {
            best = b;
            least = cost;
        }
    }
    return best;
}

void match_epc(const struct match_table *dev, const struct match_table *eval, struct epc_point *point,
               size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double weight = (double)i / (double)(n - 1);
        uint32_t bin = threshold_at_cost(dev, weight);
        struct matches m = matches_at(eval, bin), best = matches_at(eval, threshold_at_cost(eval, weight));
        point[i] = (struct epc_point){
            weight, bin, matches_fmr(m), matches_fnmr(m), cost_of(m, weight), cost_of(best, weight)};
    }
}

/* ---- without a threshold ---- */

double match_auc(const struct match_table *table)
{
    double pairs = (double)table->above[PAIR_GENUINE][0] * (double)table->above[PAIR_IMPOSTOR][0], won = 0;
    for (uint32_t b = 0; b < table->n_bins; b++) {
        uint64_t below = table->above[PAIR_IMPOSTOR][0] - table->above[PAIR_IMPOSTOR][b];
        double beaten = (double)below + 0.5 * (double)held(table, PAIR_IMPOSTOR, b);
        won += (double)held(table, PAIR_GENUINE, b) * beaten;
    }
    return pairs > 0 ? won / pairs : NAN;
}

struct score_spread match_spread(const struct match_table *table, enum pair_kind kind)
{
    double n = (double)table->above[kind][0];
    double mean = table->sums[kind].s / n, variance = table->sums[kind].s2 / n - mean * mean;
    return (struct score_spread){n > 0 ? mean : NAN, n > 0 ? sqrt(fmax(0, variance)) : NAN};
}

double match_dprime(const struct match_table *table)
{
    struct score_spread g = match_spread(table, PAIR_GENUINE), i = match_spread(table, PAIR_IMPOSTOR);
    return fabs(g.mean - i.mean) / sqrt(0.5 * (g.deviation * g.deviation + i.deviation * i.deviation));
}

/* ---- curves ---- */

static struct curve_point roc_point(const struct match_table *table, uint32_t bin)
{
    struct matches m = matches_at(table, bin);
    return (struct curve_point){matches_fmr(m), matches_recall(m), bin};
}

static double probit_within(double rate, uint64_t n)
{
    double least = 0.5 / (double)n;
    return normal_quantile(fmin(fmax(rate, least), 1 - least));
}

static struct curve_point det_point(const struct match_table *table, uint32_t bin)
{
    struct matches m = matches_at(table, bin);
    return (struct curve_point){probit_within(matches_fmr(m), m.n[PAIR_IMPOSTOR]),
                                probit_within(matches_fnmr(m), m.n[PAIR_GENUINE]), bin};
}

/* From "reject all" down, a point where a count changes; none without pairs of both kinds. */
static size_t walk(const struct match_table *table, struct curve_point *point, size_t max,
                   struct curve_point (*make)(const struct match_table *, uint32_t))
{
    size_t n = 0;
    if (table->above[PAIR_GENUINE][0] == 0 || table->above[PAIR_IMPOSTOR][0] == 0)
        return 0;
    for (uint32_t b = table->n_bins + 1; b-- > 0;) {
        if (!is_candidate(table, b))
            continue;
        if (n < max)
            point[n] = make(table, b);
        n++;
    }
    return n;
}

size_t match_roc(const struct match_table *table, struct curve_point *point, size_t max)
{
    return walk(table, point, max, roc_point);
}

size_t match_det(const struct match_table *table, struct curve_point *point, size_t max)
{
    return walk(table, point, max, det_point);
}

double match_probit(double rate)
{
    return normal_quantile(rate);
}
