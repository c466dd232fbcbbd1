/* SPDX-License-Identifier: MIT
 *
 * Every number of an audit again from its definition, by loops over the pairs and lists: in spaces with ties,
 * duplicates, broken rows, in one point, of few items. A metric that is added has to be added here too.
 */
#include "support/cmocka.h"
#include "support/poor_spaces.h"

#include "base/check.h"
#include "base/rng.h"
#include "space/audit.h"

#include <math.h>
#include <string.h>

enum { N = 48, D = POOR_DIM, GROUPS = 3, K = 10, PAIRS = N * (N - 1) / 2, END = 12 };

enum space { PLAIN, TIES, DUPLICATES, COLLAPSED, OPPOSITES, BROKEN, UNEVEN, FEW, SPACES };

static struct table {
    float rows[N * D];
    uint32_t group[N], identity[N];
    bool end[2][N];
    size_t n;
    int turn;
} t;

/* The pairs, each with the bin of its score; of who is in pairs. */
static struct {
    size_t n, n_items;
    bool in[N];
    uint32_t a[PAIRS], b[PAIRS], bin[PAIRS];
    float score[PAIRS];
    bool genuine[PAIRS];
} p;

static float drawn(enum space space, uint32_t i, uint32_t j)
{
    struct rng rng = rng_at(5, RNG_SAMPLE, i, j, 0), own = rng_at(6, RNG_SAMPLE, i / 4, j, 0);
    double x = rng_normal(&own) + 0.7 * rng_normal(&rng) + (t.group[i] == j ? 0.8 : 0);
    switch (space) {
    case TIES: return (float)round(x);
    case DUPLICATES: return (float)(sin(i % 5 + j) + j);
    case COLLAPSED: return (float)sin(t.turn + j); /* every one rounds its own way */
    case OPPOSITES: return (t.identity[i] % 2 ? -1.0F : 1.0F) * (float)(j + 1);
    case BROKEN: return i == 3 ? 0 : i == 7 && j == 1 ? NAN : i == 20 ? INFINITY : (float)x;
    default: return (float)x;
    }
}

/* Identities of four in groups of a third; UNEVEN: one group is one item, one identity is not known. */
static void fill(enum space space, int turn)
{
    t.turn = turn;
    t.n = space == FEW ? 2 : N;
    for (uint32_t i = 0; i < N; i++) {
        t.identity[i] = space == UNEVEN && i == 9 ? NO_VALUE : i / 4;
        t.group[i] = space == UNEVEN ? (i == 0 ? 2 : i / 4 % 2) : i / 4 % GROUPS;
        t.end[0][i] = i < END;
        t.end[1][i] = i >= N - END;
        for (uint32_t j = 0; j < D; j++)
            t.rows[i * D + j] = drawn(space, i, j);
    }
}

static void find_pairs(size_t n_bins)
{
    p.n = p.n_items = 0;
    for (uint32_t i = 0; i < t.n; i++) {
        const float *row = t.rows + i * D;
        p.in[i] = t.identity[i] != NO_VALUE && !isnan(poor_score(row, row));
        p.n_items += p.in[i];
    }
    for (uint32_t i = 0; i < t.n; i++)
        for (uint32_t j = i + 1; j < t.n; j++)
            if (p.in[i] && p.in[j]) {
                float s = poor_score(t.rows + i * D, t.rows + j * D);
                p.a[p.n] = i;
                p.b[p.n] = j;
                p.score[p.n] = s;
                p.bin[p.n] = scores_bin(s, (uint32_t)n_bins);
                p.genuine[p.n++] = t.identity[i] == t.identity[j];
            }
}

/* ---- rates of a cell, at a bin ---- */

static bool here(size_t pair, int g, int h)
{
    int a = (int)t.group[p.a[pair]], b = (int)t.group[p.b[pair]];
    return g == ALL_GROUPS || (a == g && b == h) || (a == h && b == g);
}

struct rates {
    double impostors, genuine, false_matches, misses, matches;
    double fmr, fnmr;
};

static struct rates rates_at(int g, int h, uint32_t bin)
{
    struct rates r = {0};
    for (size_t i = 0; i < p.n; i++) {
        bool match = p.bin[i] >= bin;
        if (!here(i, g, h))
            continue;
        r.impostors += !p.genuine[i];
        r.genuine += p.genuine[i];
        r.false_matches += !p.genuine[i] && match;
        r.misses += p.genuine[i] && !match;
        r.matches += match;
    }
    r.fmr = r.false_matches / r.impostors;
    r.fnmr = r.misses / r.genuine;
    return r;
}

/* Thresholds that do something: the bins that hold a pair of g, and "reject all"; `next` from the top of all
 * down is the highest below `bin`. False: there is none. */
static bool next_below(int g, uint32_t *bin)
{
    bool any = false;
    uint32_t best = 0;
    for (size_t i = 0; i < p.n; i++)
        if (here(i, g, g) && p.bin[i] < *bin && (!any || p.bin[i] > best)) {
            best = p.bin[i];
            any = true;
        }
    *bin = any ? best : *bin;
    return any;
}

enum wanted { LOW_FMR, LOW_FNMR, EVEN, CHEAP };

static bool is_better(enum wanted wanted, struct rates r, struct rates best, double at)
{
    double apart = fabs(r.fmr - r.fnmr) - fabs(best.fmr - best.fnmr);
    switch (wanted) {
    case LOW_FMR: return r.fmr <= at;                     /* the lowest of them */
    case LOW_FNMR: return best.fnmr > at && r.fnmr <= at; /* the highest of them */
    case EVEN: return apart < 0 || (apart == 0 && r.fmr + r.fnmr <= best.fmr + best.fnmr);
    default: return .5 * r.fmr + .5 * r.fnmr <= .5 * best.fmr + .5 * best.fnmr;
    }
}

static uint32_t threshold_for(enum wanted wanted, int g, uint32_t n_bins, double at)
{
    uint32_t bin = n_bins, best = n_bins;
    while (next_below(g, &bin))
        if (is_better(wanted, rates_at(g, g, bin), rates_at(g, g, best), at))
            best = bin;
    return best;
}

/* ---- without a threshold ---- */

static double naive_auc(int g)
{
    double won = 0, n = 0;
    for (size_t i = 0; i < p.n; i++)
        for (size_t j = 0; j < p.n && p.genuine[i]; j++)
            if (!p.genuine[j] && here(i, g, g) && here(j, g, g)) {
                won += p.bin[i] > p.bin[j] ? 1 : p.bin[i] == p.bin[j] ? .5 : 0;
                n++;
            }
    return won / n;
}

static double naive_dprime(int g)
{
    double mean[2] = {0, 0}, square[2] = {0, 0}, n[2] = {0, 0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < p.n; i++) {
            int kind = p.genuine[i];
            if (!here(i, g, g))
                continue;
            n[kind] += pass == 0;
            if (pass == 0)
                mean[kind] += (double)p.score[i];
            else
                square[kind] += pow((double)p.score[i] - mean[kind] / n[kind], 2) / n[kind];
        }
    double apart = fabs(mean[1] / n[1] - mean[0] / n[0]), spread = (square[0] + square[1]) / 2;
    if (spread > 1e-12)
        return apart / sqrt(spread);
    return apart > 1e-6 ? INFINITY : (double)NAN; /* all in one point: nothing to tell */
}

/* ---- over groups ---- */

struct over {
    double most, least, sum, logs, safe, apart, n;
};

static struct over over_groups(int n_groups, uint32_t bin, bool genuine)
{
    struct over o = {.most = (double)NAN, .least = (double)NAN};
    for (int g = 0; g < n_groups; g++) {
        struct rates r = rates_at(g, g, bin);
        double x = genuine ? r.fnmr : r.fmr, trials = genuine ? r.genuine : r.impostors;
        if (isnan(x))
            continue;
        o.most = fmax(o.most, x);
        o.least = fmin(o.least, x);
        o.sum += x;
        o.logs += log(x);
        o.safe += log(x > 0 ? x : 1 - pow(.05, 1 / trials));
        for (int h = 0; h < n_groups; h++) {
            struct rates other = rates_at(h, h, bin);
            double y = genuine ? other.fnmr : other.fmr;
            o.apart += isnan(y) ? 0 : fabs(x - y);
        }
        o.n++;
    }
    return o;
}

static double gini(struct over o)
{
    return o.n > 1 && o.sum > 0 ? o.n / (o.n - 1) * o.apart / (2 * o.n * o.n * (o.sum / o.n)) : (double)NAN;
}

static double worst_over_best(struct over o)
{
    return o.least > 0 ? o.most / o.least : (double)NAN;
}

static double max_gm(struct over o, double logs)
{
    return o.most > 0 && isfinite(logs) ? o.most / exp(logs / o.n) : (double)NAN;
}

/* ---- neighbours ---- */

static size_t near_of(size_t item, uint32_t list[N])
{
    float key[N];
    size_t n = 0;
    for (uint32_t i = 0; i < t.n && p.in[item]; i++) {
        if (i == item || !p.in[i])
            continue;
        float s = poor_score(t.rows + item * D, t.rows + i * D);
        size_t at = n++;
        for (; at > 0 && key[at - 1] < s; at--) {
            key[at] = key[at - 1];
            list[at] = list[at - 1];
        }
        key[at] = s;
        list[at] = i;
    }
    return n < K ? n : K;
}

static double items_of(int g)
{
    double n = 0;
    for (size_t i = 0; i < t.n; i++)
        n += p.in[i] && (g == ALL_GROUPS || (int)t.group[i] == g);
    return n;
}

/* What chance gives: of all others, the share that is of h. */
static double base_of(int g, int h)
{
    return (items_of(h) - (g == h)) / ((double)p.n_items - 1);
}

static double share_of(const uint32_t *list, size_t n, int h)
{
    double count = 0;
    for (size_t i = 0; i < n; i++)
        count += (int)t.group[list[i]] == h;
    return count / (double)n;
}

static double ndkl_of(const uint32_t *list, size_t n, int g)
{
    double sum = 0, weights = 0;
    for (size_t i = 1; i <= n; i++) {
        for (int h = 0; h < GROUPS; h++) {
            double share = share_of(list, i, h);
            sum += share > 0 ? share * log(share / base_of(g, h)) / log2((double)i + 1) : 0;
        }
        weights += 1 / log2((double)i + 1);
    }
    return sum / weights;
}

/* Mean over the items of g of one number of their lists. */
static double mean_of_lists(enum audit_metric metric, int g, int h)
{
    double sum = 0;
    for (size_t i = 0; i < t.n; i++) {
        uint32_t list[N];
        size_t n = near_of(i, list), mates = 0, same = 0;
        double most = -INFINITY;
        if (n == 0 || (int)t.group[i] != g)
            continue;
        for (size_t j = 0; j < t.n; j++)
            mates += p.in[j] && j != i && t.identity[j] == t.identity[i];
        for (size_t j = 0; j < n; j++)
            same += t.identity[list[j]] == t.identity[i];
        for (int other = 0; other < GROUPS; other++)
            if (base_of(g, other) > 0)
                most = fmax(most, log(share_of(list, n, other) / base_of(g, other)));
        sum += metric == METRIC_PURITY       ? (double)same / (double)n
               : metric == METRIC_PURITY_CAP ? fmin((double)n, (double)mates) / (double)n
               : metric == METRIC_NDKL       ? ndkl_of(list, n, g)
               : metric == METRIC_MAX_SKEW   ? most
                                             : share_of(list, n, h);
    }
    return sum / items_of(g);
}

/* N_k of every item in pairs: its number. */
static size_t occurrences(double count[N])
{
    memset(count, 0, N * sizeof *count);
    for (size_t i = 0; i < t.n; i++) {
        uint32_t list[N];
        for (size_t j = 0, n = near_of(i, list); j < n; j++)
            count[list[j]]++;
    }
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++)
        if (p.in[i])
            count[n++] = count[i];
    return n;
}

static double naive_hubs(enum audit_metric metric)
{
    double count[N], mean = 0, two = 0, three = 0, none = 0, apart = 0, n = (double)occurrences(count);
    for (size_t i = 0; i < (size_t)n; i++)
        mean += count[i] / n;
    for (size_t i = 0; i < (size_t)n; i++) {
        two += pow(count[i] - mean, 2) / n;
        three += pow(count[i] - mean, 3) / n;
        apart += fabs(count[i] - mean);
        none += count[i] == 0;
    }
    if (metric == METRIC_HUB_SKEW)
        return two > 0 ? three / pow(two, 1.5) : 0;
    return metric == METRIC_ROBIN_HOOD ? apart / 2 / (mean * n) : none / n;
}

static double naive_exposure(int g)
{
    double own = 0, all = 0;
    for (size_t i = 0; i < t.n; i++) {
        uint32_t list[N];
        for (size_t j = 0, n = near_of(i, list); j < n; j++) {
            own += (int)t.group[list[j]] == g;
            all++;
        }
    }
    return own / (all / (double)p.n_items * items_of(g));
}

/* Of items that have a mate: those with one at that rank or before. */
static double naive_rank(size_t rank, int g)
{
    double found = 0, asked = 0;
    for (size_t i = 0; i < t.n; i++) {
        uint32_t list[N];
        size_t n = near_of(i, list), mates = 0;
        bool hit = false;
        for (size_t j = 0; j < t.n; j++)
            mates += p.in[i] && p.in[j] && j != i && t.identity[j] == t.identity[i];
        for (size_t j = 0; j < n && j < rank; j++)
            hit = hit || t.identity[list[j]] == t.identity[i];
        if (mates == 0 || (g != ALL_GROUPS && (int)t.group[i] != g))
            continue;
        asked++;
        found += hit;
    }
    return found / asked;
}

/* ---- groups as clusters ---- */

static double cosine(const double *a, const double *b)
{
    double ab = 0, aa = 0, bb = 0;
    for (int j = 0; j < D; j++) {
        ab += a[j] * b[j];
        aa += a[j] * a[j];
        bb += b[j] * b[j];
    }
    return ab / sqrt(aa) / sqrt(bb);
}

static double between(size_t i, size_t j)
{
    double a[D], b[D];
    for (int k = 0; k < D; k++) {
        a[k] = (double)t.rows[i * D + (size_t)k];
        b[k] = (double)t.rows[j * D + (size_t)k];
    }
    return cosine(a, b);
}

static double silhouette_of(size_t i)
{
    double own = 0, nearest = INFINITY;
    for (int g = 0; g < GROUPS; g++) {
        double sum = 0, n = 0;
        for (size_t j = 0; j < t.n; j++)
            if (p.in[j] && j != i && (int)t.group[j] == g) {
                sum += 1 - between(i, j);
                n++;
            }
        if ((int)t.group[i] == g && n == 0)
            return 0;
        if ((int)t.group[i] == g)
            own = sum / n;
        else if (n > 0)
            nearest = fmin(nearest, sum / n);
    }
    double most = fmax(own, nearest);
    return isfinite(nearest) && most > 1e-6 ? (nearest - own) / most : 0; /* in one point: neither */
}

static double naive_silhouette(int g)
{
    double sum = 0;
    for (size_t i = 0; i < t.n; i++)
        sum += p.in[i] && (g == ALL_GROUPS || (int)t.group[i] == g) ? silhouette_of(i) : 0;
    return sum / items_of(g);
}

/* ---- the probe: fitted anew without each item ---- */

enum { E = D + 1 };

static double at(size_t i, int j)
{
    return j < D ? (double)t.rows[i * D + (size_t)j] : 1;
}

/* a (E, E) x = b for each group, by elimination. */
static void eliminate(double a[E][E], double b[E][GROUPS])
{
    for (int c = 0; c < E; c++)
        for (int r = 0; r < E; r++) {
            double f = r == c ? 0 : a[r][c] / a[c][c];
            for (int k = 0; k < E; k++)
                a[r][k] -= f * a[c][k];
            for (int g = 0; g < GROUPS; g++)
                b[r][g] -= f * b[c][g];
        }
}

/* How far its own group's output is above the best of the others'; groups that nobody else is of count. */
static double margin_of(size_t i)
{
    double a[E][E] = {{0}}, b[E][GROUPS] = {{0}}, out[GROUPS] = {0}, best = -INFINITY;
    for (size_t k = 0; k < t.n; k++)
        for (int r = 0; r < E && p.in[k] && k != i; r++) {
            for (int c = 0; c < E; c++)
                a[r][c] += at(k, r) * at(k, c);
            for (int g = 0; g < GROUPS; g++)
                b[r][g] += at(k, r) * ((int)t.group[k] == g ? 1 : -1);
        }
    for (int r = 0; r < E; r++)
        a[r][r] += .01;
    eliminate(a, b);
    for (int g = 0; g < GROUPS; g++)
        for (int r = 0; r < E; r++)
            out[g] += at(i, r) * b[r][g] / a[r][r];
    for (int g = 0; g < GROUPS; g++)
        best = g == (int)t.group[i] ? best : fmax(best, out[g]);
    return out[t.group[i]] - best;
}

/* Outputs that are as large may be taken for either: between what is surely and what is perhaps right. */
static void check_probe(double value, bool balanced)
{
    double low[GROUPS] = {0}, high[GROUPS] = {0}, sum[2] = {0, 0}, groups = 0;
    for (size_t i = 0; i < t.n; i++)
        if (p.in[i]) {
            double margin = margin_of(i);
            low[t.group[i]] += margin > 1e-9;
            high[t.group[i]] += margin > -1e-9;
        }
    for (int g = 0; g < GROUPS; g++) {
        double n = items_of(g), of = balanced ? n : (double)p.n_items;
        groups += n > 0;
        sum[0] += n > 0 ? low[g] / of : 0;
        sum[1] += n > 0 ? high[g] / of : 0;
    }
    double of = balanced ? groups : 1;
    assert_true(value >= sum[0] / of - 1e-9 && value <= sum[1] / of + 1e-9);
}

/* ---- along an axis ---- */

/* Mean directions of the units (identities) of some items; how many. */
static size_t units_of(const bool *end, int g, double mean[N][D])
{
    size_t n = 0;
    for (uint32_t u = 0; u < N / 4; u++) {
        double sum[D] = {0}, count = 0;
        for (size_t i = 0; i < t.n; i++) {
            if (!p.in[i] || t.identity[i] != u || (end && !end[i]) ||
                (g != ALL_GROUPS && (int)t.group[i] != g))
                continue;
            double length = sqrt(at(i, 0) * at(i, 0) + at(i, 1) * at(i, 1) + at(i, 2) * at(i, 2));
            for (int j = 0; j < D; j++)
                sum[j] += at(i, j) / length;
            count++;
        }
        if (count > 0)
            memcpy(mean[n++], sum, sizeof sum);
    }
    return n;
}

static double naive_association(int g, int h)
{
    static double x[2][N][D], end[2][N][D];
    double s[2 * N], mean[2] = {0, 0}, all = 0, square = 0;
    size_t n[2], ends[2], count = 0;
    for (int k = 0; k < 2; k++) {
        n[k] = units_of(NULL, k ? h : g, x[k]);
        ends[k] = units_of(t.end[k], ALL_GROUPS, end[k]);
    }
    if (n[0] == 0 || n[1] == 0 || ends[0] == 0 || ends[1] == 0)
        return (double)NAN;
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < n[k]; i++) {
            s[count] = 0;
            for (int e = 0; e < 2; e++)
                for (size_t w = 0; w < ends[e]; w++)
                    s[count] += (e ? -1 : 1) * cosine(x[k][i], end[e][w]) / (double)ends[e];
            mean[k] += s[count] / (double)n[k];
            all += s[count++] / (double)(n[0] + n[1]);
        }
    for (size_t i = 0; i < count; i++)
        square += pow(s[i] - all, 2);
    double deviation = sqrt(square / ((double)count - 1));
    return deviation > 1e-6 ? (mean[0] - mean[1]) / deviation : (double)NAN;
}

/* ---- every value ---- */

static double largest_group(void)
{
    double most = 0;
    for (int g = 0; g < GROUPS; g++)
        most = fmax(most, items_of(g));
    return most / (double)p.n_items;
}

static double failed_of(int g)
{
    double failed = 0, known = 0;
    for (size_t i = 0; i < t.n; i++) {
        bool is = (int)t.group[i] == g && t.identity[i] != NO_VALUE;
        known += is;
        failed += is && !p.in[i];
    }
    return failed / known;
}

static struct rates strategy(const struct audit_value *v, enum wanted wanted, double now, double mine,
                             const struct audit *audit, uint32_t *bin)
{
    struct rates none = {.fmr = (double)NAN, .fnmr = (double)NAN};
    *bin = UINT32_MAX;
    if (isnan(now) || isnan(mine))
        return none;
    *bin = threshold_for(wanted, v->g, (uint32_t)audit->n_bins, now);
    return rates_at(v->g, v->g, *bin);
}

static double tau_of(uint32_t bin, const struct audit *audit)
{
    return bin == UINT32_MAX ? (double)NAN : threshold_of_bin(bin, (uint32_t)audit->n_bins);
}

static double match_rate(int g, uint32_t bin)
{
    struct rates r = rates_at(g, g, bin);
    return r.matches / (r.impostors + r.genuine);
}

/* The lowest bin at which a group's match rate is not above that of all. */
static uint32_t bin_of_rate(int g, const struct audit *audit)
{
    uint32_t bin = (uint32_t)audit->n_bins, low = bin;
    double all = match_rate(ALL_GROUPS, audit->bin);
    if (isnan(match_rate(g, audit->bin)))
        return UINT32_MAX;
    for (low = 0; next_below(g, &bin);)
        if (match_rate(g, bin) > all) {
            low = bin + 1; /* above the highest bin that has too many */
            break;
        }
    return low;
}

static double match_rate_difference(uint32_t bin)
{
    double most = (double)NAN, least = (double)NAN;
    for (int g = 0; g < GROUPS; g++) {
        most = fmax(most, match_rate(g, bin));
        least = fmin(least, match_rate(g, bin));
    }
    return most - least;
}

/* One half of what there is, so that functions stay readable: what a threshold changes. */
static double at_threshold(const struct audit *audit, const struct audit_value *v)
{
    uint32_t bin = audit->bin, other;
    struct rates all = rates_at(ALL_GROUPS, ALL_GROUPS, bin), mine = rates_at(v->g, v->h, bin);
    struct over a = over_groups(GROUPS, bin, false), b = over_groups(GROUPS, bin, true);
    switch (v->metric) {
    case METRIC_THRESHOLD: return threshold_of_bin(bin, (uint32_t)audit->n_bins);
    case METRIC_FMR: return mine.fmr;
    case METRIC_FNMR: return mine.fnmr;
    case METRIC_FMR_RATIO: return worst_over_best(a);
    case METRIC_FNMR_RATIO: return worst_over_best(b);
    case METRIC_FMR_DIFF: return a.most - a.least;
    case METRIC_FNMR_DIFF: return b.most - b.least;
    case METRIC_GINI_FMR: return gini(a);
    case METRIC_GINI_FNMR: return gini(b);
    case METRIC_MAX_GM_FMR: return max_gm(a, a.logs);
    case METRIC_MAX_GM_FNMR: return max_gm(b, b.logs);
    case METRIC_MAX_GM_FMR_SAFE: return max_gm(a, a.safe);
    case METRIC_MAX_GM_FNMR_SAFE: return max_gm(b, b.safe);
    case METRIC_GARBE: return (gini(a) + gini(b)) / 2;
    case METRIC_FDR_FAIRNESS: return 1 - (a.most - a.least + b.most - b.least) / 2;
    case METRIC_IR: return sqrt(worst_over_best(a) * worst_over_best(b));
    case METRIC_MATCH_RATE: return match_rate(v->g, bin);
    case METRIC_PRECISION: return (mine.genuine - mine.misses) / mine.matches;
    case METRIC_MATCH_RATE_DIFF: return match_rate_difference(bin);
    case METRIC_FALSE_IN_1000: return 1 - pow(1 - mine.fmr, 1000);
    case METRIC_EQUAL_FMR_THRESHOLD:
        strategy(v, LOW_FMR, all.fmr, mine.fmr, audit, &other);
        return tau_of(other, audit);
    case METRIC_EQUAL_FMR_FMR: return strategy(v, LOW_FMR, all.fmr, mine.fmr, audit, &other).fmr;
    case METRIC_EQUAL_FMR_FNMR: return strategy(v, LOW_FMR, all.fmr, mine.fmr, audit, &other).fnmr;
    case METRIC_EQUAL_FNMR_THRESHOLD:
        strategy(v, LOW_FNMR, all.fnmr, mine.fnmr, audit, &other);
        return tau_of(other, audit);
    case METRIC_EQUAL_FNMR_FMR: return strategy(v, LOW_FNMR, all.fnmr, mine.fnmr, audit, &other).fmr;
    case METRIC_EQUAL_FNMR_FNMR: return strategy(v, LOW_FNMR, all.fnmr, mine.fnmr, audit, &other).fnmr;
    case METRIC_EQUAL_RATE_THRESHOLD: return tau_of(bin_of_rate(v->g, audit), audit);
    case METRIC_EQUAL_RATE_FMR: return rates_at(v->g, v->g, bin_of_rate(v->g, audit)).fmr;
    case METRIC_EQUAL_RATE_FNMR: return rates_at(v->g, v->g, bin_of_rate(v->g, audit)).fnmr;
    case METRIC_TRANSFER:
        return rates_at(v->h, v->h, threshold_for(LOW_FMR, v->g, (uint32_t)audit->n_bins, all.fmr)).fmr;
    default: fail_msg("%s has no other computation here", metric_name(v->metric)); return 0;
    }
}

static double at_none(const struct audit *audit, const struct audit_value *v)
{
    uint32_t n_bins = (uint32_t)audit->n_bins;
    struct rates even, cheap = {.fmr = (double)NAN, .fnmr = (double)NAN};
    uint32_t bin = UINT32_MAX;
    switch (v->metric) {
    case METRIC_AUC: return naive_auc(v->g);
    case METRIC_DPRIME: return naive_dprime(v->g);
    case METRIC_EER:
        even = rates_at(v->g, v->g, threshold_for(EVEN, v->g, n_bins, 0));
        return (even.fmr + even.fnmr) / 2;
    case METRIC_FAILED: return failed_of(v->g);
    case METRIC_LEAST_COST_THRESHOLD:
    case METRIC_LEAST_COST_FMR:
    case METRIC_LEAST_COST_FNMR:
        even = rates_at(v->g, v->g, 0);
        if (!isnan(even.fmr + even.fnmr))
            cheap = rates_at(v->g, v->g, bin = threshold_for(CHEAP, v->g, n_bins, 0));
        return v->metric == METRIC_LEAST_COST_THRESHOLD ? tau_of(bin, audit)
               : v->metric == METRIC_LEAST_COST_FMR     ? cheap.fmr
                                                        : cheap.fnmr;
    case METRIC_COMPOSITION:
    case METRIC_PURITY:
    case METRIC_PURITY_CAP:
    case METRIC_MAX_SKEW:
    case METRIC_NDKL: return mean_of_lists(v->metric, v->g, v->h);
    case METRIC_LIFT:
        return base_of(v->g, v->h) > 0 ? mean_of_lists(METRIC_COMPOSITION, v->g, v->h) / base_of(v->g, v->h)
                                       : (double)NAN;
    case METRIC_EXPOSURE: return naive_exposure(v->g);
    case METRIC_RANK_1: return naive_rank(1, v->g);
    case METRIC_RANK_2: return naive_rank(2, v->g);
    case METRIC_RANK_5: return naive_rank(5, v->g);
    case METRIC_RANK_10: return naive_rank(10, v->g);
    case METRIC_HUB_SKEW:
    case METRIC_ROBIN_HOOD:
    case METRIC_ANTIHUB: return naive_hubs(v->metric);
    case METRIC_SILHOUETTE: return naive_silhouette(v->g);
    case METRIC_PROBE_MAJORITY: return largest_group();
    case METRIC_ASSOCIATION: return naive_association(v->g, v->h);
    default: return at_threshold(audit, v);
    }
}

static void check_value(const struct audit *audit, const struct audit_value *v, enum space space)
{
    if (v->metric == METRIC_PROBE_BACC || v->metric == METRIC_PROBE_ACC) {
        if (p.n_items > 1)
            check_probe(v->value, v->metric == METRIC_PROBE_BACC);
        return;
    }
    if (v->metric == METRIC_PROBE_CONTROL) { /* groups are dealt */
        assert_true(isnan(v->value) || (v->value >= 0 && v->value <= 1));
        return;
    }
    double want = at_none(audit, v);
    bool same = isnan(want) ? isnan(v->value)
                            : want == v->value || fabs(want - v->value) < 1e-5 * fmax(1, fabs(want));
    if (!same)
        fail_msg("space %d: %s of %d, %d is %.9g, not %.9g", (int)space, metric_name(v->metric), v->g, v->h,
                 v->value, want);
}

static void audit_table(struct audit *audit, double threshold)
{
    struct err err;
    struct audit_input input = {.items = {t.rows, t.n, D, t.group, t.identity, GROUPS},
                                .unit = t.identity,
                                .end = {t.end[0], t.end[1]}};
    struct audit_settings settings = {.target = AUDIT_AT_THRESHOLD, .at = threshold, .seed = 1, .k = K};
    if (!audit_make(audit, &input, &settings, NULL, NULL, &err))
        fail_msg("%s", err.text);
}

static void every_number_of_an_audit(void **state)
{
    (void)state;
    bool seen[N_METRICS] = {false};
    for (int space = 0; space < SPACES; space++)
        for (int turn = 0; turn < (space == COLLAPSED ? 12 : 4); turn++) {
            static const double threshold[] = {-0.3, 0, 0.9, 1.5};
            struct audit audit;
            fill((enum space)space, turn);
            audit_table(&audit, threshold[turn % 4]);
            find_pairs(audit.n_bins);
            for (size_t i = 0; i < audit.n_values; i++) {
                check_value(&audit, &audit.value[i], (enum space)space);
                seen[audit.value[i].metric] |= !isnan(audit.value[i].value);
            }
            audit_release(&audit);
        }
    for (int metric = 0; metric < N_METRICS; metric++)
        if (!seen[metric])
            fail_msg("%s was never seen", metric_name((enum audit_metric)metric));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_number_of_an_audit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
