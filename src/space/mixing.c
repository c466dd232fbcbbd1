/* SPDX-License-Identifier: MIT */
#include "space/mixing.h"

#include "base/check.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t list_length(const struct neighbours *found, size_t i)
{
    size_t n = 0;
    while (n < found->k && found->index[i * found->k + n] != UINT32_MAX)
        n++;
    return n;
}

void mixing_composition(const struct neighbours *found, const uint32_t *group, size_t n_groups, double *share)
{
    double *lists = xcalloc(n_groups, sizeof *lists);
    memset(share, 0, n_groups * n_groups * sizeof *share);
    for (size_t i = 0; i < found->n; i++) {
        size_t n = list_length(found, i);
        lists[group[i]] += n > 0;
        for (size_t j = 0; j < n; j++)
            share[group[i] * n_groups + group[found->index[i * found->k + j]]] += 1 / (double)n;
    }
    for (size_t c = 0; c < n_groups * n_groups; c++)
        share[c] = lists[c / n_groups] > 0 ? share[c] / lists[c / n_groups] : NAN;
    free(lists);
}

void mixing_base(const struct neighbours *found, const uint32_t *group, size_t n_groups, double *base)
{
    double *size = xcalloc(n_groups, sizeof *size), n = 0;
    for (size_t i = 0; i < found->n; i++)
        if (list_length(found, i) > 0) {
            size[group[i]]++;
            n++;
        }
    for (size_t g = 0; g < n_groups; g++)
        for (size_t h = 0; h < n_groups; h++)
            base[g * n_groups + h] = (size[h] - (g == h)) / (n - 1);
    free(size);
}

/* ---- by chance ---- */

/* Units by first appearance of one label, and whose tags are dealt among them. */
struct deal {
    size_t n, n_units;
    uint32_t *unit;                /* (n) dense; n_units of items that have no list */
    uint32_t *order;               /* (n_units) sorted by label */
    uint32_t *tag, *label, *dealt; /* (n_units) group and label of the first item */
};

/* One more than the highest code that is not blank. */
static size_t n_codes_of(const uint32_t *code, size_t n)
{
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = code[i] != UINT32_MAX && code[i] >= most ? (size_t)code[i] + 1 : most;
    return most;
}

static void deal_init(struct deal *deal, const struct neighbours *found, const uint32_t *group,
                      const struct mixing_null *null)
{
    size_t n = found->n, n_labels = null->label ? n_codes_of(null->label, n) : 0;
    *deal = (struct deal){.n = n, .unit = xcalloc(n + 1, sizeof *deal->unit)};
    size_t n_codes = null->unit ? n_codes_of(null->unit, n) : n;
    uint32_t *number = xcalloc(n_codes + 1, sizeof *number); /* 1 + dense */
    deal->order = xcalloc(n + 1, sizeof *deal->order);
    deal->tag = xcalloc(n + 1, sizeof *deal->tag);
    deal->label = xcalloc(n + 1, sizeof *deal->label);
    deal->dealt = xcalloc(n + 1, sizeof *deal->dealt);
    for (size_t i = 0; i < n; i++) {
        if (list_length(found, i) == 0)
            continue;
        uint32_t *at = &number[null->unit ? null->unit[i] : i];
        if (*at == 0) {
            uint32_t label = null->label ? null->label[i] : 0;
            deal->tag[deal->n_units] = group[i];
            deal->label[deal->n_units] = label == UINT32_MAX ? (uint32_t)n_labels : label;
            *at = (uint32_t)++deal->n_units;
        }
        deal->unit[i] = *at - 1;
    }
    for (size_t i = 0; i < n; i++)
        if (list_length(found, i) == 0)
            deal->unit[i] = (uint32_t)deal->n_units;
    free(number);
}

static void deal_release(struct deal *deal)
{
    free(deal->unit);
    free(deal->order);
    free(deal->tag);
    free(deal->label);
    free(deal->dealt);
}

/* Within each label the units' tags change places (Fisher and Yates, over the units in random order). */
static void deal_anew(struct deal *deal, struct rng *rng, uint32_t *group)
{
    size_t n_labels = n_codes_of(deal->label, deal->n_units);
    uint32_t *last = xcalloc(n_labels + 1, sizeof *last), *place = xcalloc(deal->n_units + 1, sizeof *place);
    size_t *start = xcalloc(n_labels + 2, sizeof *start);
    for (size_t u = 0; u < deal->n_units; u++)
        start[deal->label[u] + 1]++;
    for (size_t l = 0; l < n_labels; l++)
        start[l + 1] += start[l];
    for (uint32_t u = 0; u < deal->n_units; u++)
        place[start[deal->label[u]] + last[deal->label[u]]++] = u;
    for (size_t u = 0; u < deal->n_units; u++)
        deal->dealt[u] = deal->tag[place[u]];
    for (size_t l = 0; l < n_labels; l++)
        for (size_t n = start[l + 1] - start[l]; n > 1; n--) {
            size_t other = (size_t)rng_below(rng, n);
            uint32_t *a = &deal->dealt[start[l] + n - 1], *b = &deal->dealt[start[l] + other], kept = *a;
            *a = *b;
            *b = kept;
        }
    for (size_t u = 0; u < deal->n_units; u++)
        deal->order[place[u]] = deal->dealt[u];
    for (size_t i = 0; i < deal->n; i++)
        group[i] = deal->unit[i] < deal->n_units ? deal->order[deal->unit[i]] : 0;
    free(last);
    free(place);
    free(start);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* all (draws) is put in order. A draw that has no such value counts for chance, and is not among the 95 %. */
static struct chance chance_of(double *all, size_t draws, double seen)
{
    double low = 1, high = 1, n = (double)draws + 1;
    const double slack = 1e-12; /* sums of the same parts in another order */
    size_t defined = 0;
    for (size_t d = 0; d < draws; d++) {
        low += !(all[d] > seen + slack);
        high += !(all[d] < seen - slack);
        if (!isnan(all[d]))
            all[defined++] = all[d];
    }
    if (defined == 0)
        return (struct chance){NAN, NAN, low / n, high / n};
    qsort(all, defined, sizeof *all, by_value);
    size_t out = (size_t)(0.025 * (double)defined);
    return (struct chance){all[out], all[defined - 1 - out], low / n, high / n};
}

size_t mixing_work(const struct neighbours *found)
{
    enum { LOOK = 128 }; /* a look somewhere in memory takes as long as so many multiply-adds */
    return LOOK * found->n * found->k;
}

void mixing_by_chance(const struct neighbours *found, const uint32_t *group, size_t n_groups,
                      const struct mixing_null *null, mixing_measure *measure, size_t n_values,
                      struct chance *chance, struct progress *progress)
{
    struct deal deal;
    size_t draws = null->draws;
    double *value = xcalloc(n_values, sizeof *value), *all = xcalloc(n_values * draws, sizeof *all);
    uint32_t *dealt = xcalloc(found->n + 1, sizeof *dealt);
    deal_init(&deal, found, group, null);
    for (size_t d = 0; d < draws && !progress_cancelled(progress); d++) {
        struct rng rng = rng_at(null->seed, RNG_SAMPLE, d, 1, 0);
        deal_anew(&deal, &rng, dealt);
        measure(found, dealt, n_groups, value);
        for (size_t v = 0; v < n_values; v++)
            all[v * draws + d] = value[v];
        progress_step(progress, mixing_work(found));
    }
    measure(found, group, n_groups, value);
    for (size_t v = 0; v < n_values; v++)
        chance[v] = chance_of(all + v * draws, draws, value[v]);
    deal_release(&deal);
    free(dealt);
    free(value);
    free(all);
}

/* ---- purity and exposure ---- */

void mixing_purity(const struct neighbours *found, const uint32_t *code, const uint32_t *group,
                   size_t n_groups, double *purity, double *cap)
{
    double *mates = xcalloc(n_codes_of(code, found->n) + 1, sizeof *mates),
           *lists = xcalloc(n_groups, sizeof *lists);
    memset(purity, 0, n_groups * sizeof *purity);
    memset(cap, 0, n_groups * sizeof *cap);
    for (size_t i = 0; i < found->n; i++)
        if (code[i] != UINT32_MAX && list_length(found, i) > 0)
            mates[code[i]]++;
    for (size_t i = 0; i < found->n; i++) {
        size_t n = list_length(found, i), same = 0;
        if (n == 0 || code[i] == UINT32_MAX)
            continue;
        for (size_t j = 0; j < n; j++)
            same += code[found->index[i * found->k + j]] == code[i];
        lists[group[i]]++;
        purity[group[i]] += (double)same / (double)n;
        cap[group[i]] += fmin((double)n, mates[code[i]] - 1) / (double)n;
    }
    for (size_t g = 0; g < n_groups; g++) {
        purity[g] = lists[g] > 0 ? purity[g] / lists[g] : NAN;
        cap[g] = lists[g] > 0 ? cap[g] / lists[g] : NAN;
    }
    free(mates);
    free(lists);
}

void mixing_exposure(const struct neighbours *found, const uint32_t *group, size_t n_groups, double *exposure)
{
    double *size = xcalloc(n_groups, sizeof *size), places = 0, items = 0;
    memset(exposure, 0, n_groups * sizeof *exposure);
    for (size_t i = 0; i < found->n; i++) {
        size_t n = list_length(found, i);
        size[group[i]] += n > 0;
        items += n > 0;
        places += (double)n;
        for (size_t j = 0; j < n; j++)
            exposure[group[found->index[i * found->k + j]]]++;
    }
    for (size_t g = 0; g < n_groups; g++)
        exposure[g] = size[g] > 0 ? exposure[g] / (places / items * size[g]) : NAN;
    free(size);
}

/* ---- ranked lists ---- */

double ranking_skew(const uint32_t *list, size_t k, uint32_t g, double base)
{
    double count = 0;
    for (size_t i = 0; i < k; i++)
        count += list[i] == g;
    return log(count / (double)k / base);
}

double ranking_ndkl(const uint32_t *list, size_t k, const double *base, size_t n_groups)
{
    double *count = xcalloc(n_groups, sizeof *count), sum = 0, weights = 0;
    for (size_t i = 1; i <= k; i++) {
        double divergence = 0, weight = 1 / log2((double)i + 1);
        count[list[i - 1]]++;
        for (size_t g = 0; g < n_groups; g++)
            if (count[g] > 0)
                divergence += count[g] / (double)i * log(count[g] / (double)i / base[g]);
        sum += weight * divergence;
        weights += weight;
    }
    free(count);
    return sum / weights;
}

static double max_skew(const uint32_t *list, size_t k, const double *base, size_t n_groups)
{
    double most = -INFINITY;
    for (uint32_t g = 0; g < n_groups; g++)
        most = base[g] > 0 ? fmax(most, ranking_skew(list, k, g, base[g])) : most;
    return most;
}

void mixing_ranked(const struct neighbours *found, const uint32_t *group, size_t n_groups, double *value)
{
    enum { LISTS = 1000 };
    size_t stride = found->n / LISTS + 1;
    double *base = xcalloc(n_groups * n_groups, sizeof *base), *lists = xcalloc(n_groups, sizeof *lists);
    uint32_t *list = xcalloc(found->k + 1, sizeof *list);
    mixing_base(found, group, n_groups, base);
    memset(value, 0, 2 * n_groups * sizeof *value);
    for (size_t i = 0; i < found->n; i += stride) {
        size_t n = list_length(found, i), g = group[i];
        for (size_t j = 0; j < n; j++)
            list[j] = group[found->index[i * found->k + j]];
        if (n == 0)
            continue;
        lists[g]++;
        value[g] += ranking_ndkl(list, n, base + g * n_groups, n_groups);
        value[n_groups + g] += max_skew(list, n, base + g * n_groups, n_groups);
    }
    for (size_t g = 0; g < n_groups; g++) {
        value[g] = lists[g] > 0 ? value[g] / lists[g] : NAN;
        value[n_groups + g] = lists[g] > 0 ? value[n_groups + g] / lists[g] : NAN;
    }
    free(base);
    free(lists);
    free(list);
}
