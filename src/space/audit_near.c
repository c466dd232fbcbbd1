/* SPDX-License-Identifier: MIT
 *
 * The audit's look at neighbourhoods: who is near whom, who is found, and who is everybody's neighbour.
 */
#include "base/check.h"
#include "math/normal.h"
#include "space/audit_parts.h"
#include "space/graph.h"
#include "space/mixing.h"

#include <stdlib.h>

enum { DRAWS = 200 };

static void add_cells(struct audit *audit, const struct audit_side *side, uint64_t seed,
                      struct progress *progress)
{
    size_t n = audit->n_groups, cells = n * n;
    const uint32_t *group = side->items.group;
    double *share = xcalloc(3 * cells, sizeof *share), *base = share + cells, *p = share + 2 * cells;
    struct chance *chance = xcalloc(cells, sizeof *chance);
    struct mixing_null null = {side->unit, side->label, seed, DRAWS};
    mixing_composition(&audit->scores.near, group, n, share);
    mixing_base(&audit->scores.near, group, n, base);
    mixing_by_chance(&audit->scores.near, group, n, &null, mixing_composition, cells, chance, progress);
    for (size_t c = 0; c < cells; c++)
        p[c] = fmin(1, 2 * fmin(chance[c].below, chance[c].above)); /* two-sided */
    for (size_t c = 0; c < cells; c++) {
        struct audit_value value = audit_plain(METRIC_COMPOSITION, (int)(c / n), share[c], 0);
        value.h = (int)(c % n);
        audit_add(audit, value);
        value = audit_plain(METRIC_LIFT, (int)(c / n), base[c] > 0 ? share[c] / base[c] : NAN, 0);
        value.h = (int)(c % n);
        value.by_chance = base[c] > 0 ? chance[c].high / base[c] : NAN;
        value.by_chance_low = base[c] > 0 ? chance[c].low / base[c] : NAN;
        value.p = base[c] > 0 ? p[c] : NAN;
        value.least_p = 2.0 / (DRAWS + 1);
        audit_add(audit, value);
    }
    audit_adjust(audit, METRIC_LIFT);
    free(share);
    free(chance);
}

/* NDKL and MaxSkew: larger than by chance? */
static void add_ranked(struct audit *audit, const struct audit_side *side, uint64_t seed,
                       struct progress *progress)
{
    size_t n = audit->n_groups;
    struct mixing_null null = {side->unit, side->label, seed, DRAWS};
    struct chance *chance = xcalloc(2 * n, sizeof *chance);
    double *seen = xcalloc(2 * n, sizeof *seen);
    mixing_ranked(&audit->scores.near, side->items.group, n, seen);
    mixing_by_chance(&audit->scores.near, side->items.group, n, &null, mixing_ranked, 2 * n, chance,
                     progress);
    for (size_t g = 0; g < n; g++)
        for (int part = 0; part < 2; part++) {
            size_t v = g + (part ? n : 0);
            struct audit_value value = audit_plain(part ? METRIC_MAX_SKEW : METRIC_NDKL, (int)g, seen[v], 0);
            value.by_chance = chance[v].high;
            value.by_chance_low = chance[v].low;
            value.p = chance[v].above;
            value.least_p = 1.0 / (DRAWS + 1);
            audit_add(audit, value);
        }
    free(chance);
    free(seen);
}

static void add_groups(struct audit *audit, const struct audit_side *side, uint64_t seed,
                       struct progress *progress)
{
    size_t n = audit->n_groups;
    double *purity = xcalloc(3 * n, sizeof *purity), *cap = purity + n, *exposure = purity + 2 * n;
    mixing_purity(&audit->scores.near, side->items.identity, side->items.group, n, purity, cap);
    mixing_exposure(&audit->scores.near, side->items.group, n, exposure);
    for (size_t g = 0; g < n; g++) {
        audit_add(audit, audit_plain(METRIC_PURITY, (int)g, purity[g], 0));
        audit_add(audit, audit_plain(METRIC_PURITY_CAP, (int)g, cap[g], 0));
        audit_add(audit, audit_plain(METRIC_EXPOSURE, (int)g, exposure[g], 0));
    }
    if (n > 1)
        add_ranked(audit, side, seed, progress);
    free(purity);
}

/* Who is in no pair is in no list, but no anti-hub. */
static void add_hubs(struct audit *audit, const struct audit_side *side)
{
    size_t n = 0;
    uint32_t *count = xcalloc(side->items.n + 1, sizeof *count);
    graph_occurrence(&audit->scores.near, count, side->items.n);
    for (size_t i = 0; i < side->items.n; i++)
        if (side->in[i])
            count[n++] = count[i];
    struct hubness hubs = graph_hubness(count, n, audit->scores.near.k);
    audit_add(audit, audit_plain(METRIC_HUB_SKEW, ALL_GROUPS, hubs.skew, 0));
    audit_add(audit, audit_plain(METRIC_ROBIN_HOOD, ALL_GROUPS, hubs.robin_hood, 0));
    audit_add(audit, audit_plain(METRIC_ANTIHUB, ALL_GROUPS, hubs.anti_hubs, 0));
    free(count);
}

/* ---- identification ---- */

static void add_deviations(const struct audit_side *side, const uint32_t *rank, uint32_t r,
                           struct audit_value *value)
{
    double *deviation = xcalloc(side->n_units + 1, sizeof *deviation);
    bool *seen = xcalloc(side->n_units + 1, sizeof *seen);
    for (size_t i = 0; i < side->items.n; i++) {
        size_t unit = side->unit ? side->unit[i] : i;
        if (rank[i] == 0 || (value->g != ALL_GROUPS && (int)side->items.group[i] != value->g))
            continue;
        deviation[unit] += (rank[i] <= r) - value->value;
        value->n_units += !seen[unit];
        seen[unit] = true;
    }
    value->deff = deff_clustered(deviation, side->n_units, value->value, value->n);
    free(deviation);
    free(seen);
}

/* x of n items that were sought; a rate like FNMR, clustered by unit. */
static struct audit_value rank_rate(const struct audit_side *side, const uint32_t *rank, uint32_t r,
                                    enum audit_metric metric, int g)
{
    struct audit_value value = audit_plain(metric, g, NAN, 0);
    for (size_t i = 0; i < side->items.n; i++)
        if (rank[i] > 0 && (g == ALL_GROUPS || (int)side->items.group[i] == g)) {
            value.n++;
            value.x += rank[i] <= r;
        }
    value.n_items = (size_t)value.n;
    if (value.n == 0)
        return value;
    value.value = value.x / value.n;
    add_deviations(side, rank, r, &value);
    double effective = value.n / value.deff;
    value.status = value.n_units < AUDIT_MIN_UNITS                       ? AUDIT_FEW_UNITS
                   : fmin(value.x, value.n - value.x) < AUDIT_MIN_ERRORS ? AUDIT_FEW_ERRORS
                                                                         : AUDIT_OK;
    if (value.status != AUDIT_FEW_UNITS)
        value.ci = interval_wilson(value.value * effective, effective, NORMAL_Z95);
    return value;
}

static void add_ranks(struct audit *audit, const struct audit_side *side)
{
    static const struct {
        enum audit_metric metric;
        uint32_t rank;
    } curve[] = {{METRIC_RANK_1, 1}, {METRIC_RANK_2, 2}, {METRIC_RANK_5, 5}, {METRIC_RANK_10, 10}};
    size_t n = side->items.n;
    uint32_t *rank = xcalloc(n + 1, sizeof *rank), *code = xcalloc(n + 1, sizeof *code);
    for (size_t i = 0; i < n; i++)
        code[i] = side->in[i] ? side->items.identity[i] : UINT32_MAX;
    find_ranks(&audit->scores.near, code, rank);
    for (size_t c = 0; c < ARRAY_LEN(curve) && curve[c].rank <= audit->scores.near.k; c++)
        for (int g = ALL_GROUPS; g < (int)audit->n_groups; g++)
            audit_add(audit, rank_rate(side, rank, curve[c].rank, curve[c].metric, g));
    free(rank);
    free(code);
}

size_t audit_neighbourhoods_work(const struct score_items *items, size_t k, size_t n_dealt)
{
    struct neighbours lists = {.n = items->n, .k = k};
    return 2 * DRAWS * mixing_work(&lists) + audit_separability_work(items, n_dealt);
}

void audit_add_neighbourhoods(struct audit *audit, const struct audit_side *side, uint64_t seed,
                              size_t n_dealt, struct progress *progress)
{
    const struct score_items *items = &side->items;
    progress_begin(progress, audit_neighbourhoods_work(items, audit->scores.near.k, n_dealt));
    if (items->n < 2)
        return;
    add_cells(audit, side, seed, progress);
    add_groups(audit, side, seed, progress);
    add_ranks(audit, side);
    add_hubs(audit, side);
    audit_add_separability(audit, side, seed, n_dealt, progress);
}
