/* SPDX-License-Identifier: MIT
 *
 * The audit's look at neighbourhoods, and at whether a group can be read from the space.
 */
#include "base/check.h"
#include "base/rng.h"
#include "space/association.h"
#include "space/audit_parts.h"
#include "space/graph.h"
#include "space/mixing.h"

#include <stdlib.h>
#include <string.h>

enum { DRAWS = 200 };
static const double lambda = 0.01;

static void add_cells(struct audit *audit, const struct audit_side *side, uint64_t seed)
{
    size_t n = audit->n_groups, cells = n * n;
    const uint32_t *group = side->items.group;
    double *share = xcalloc(4 * cells, sizeof *share), *base = share + cells, *low = share + 2 * cells,
           *high = share + 3 * cells;
    struct mixing_null null = {side->unit, side->label, seed, DRAWS};
    mixing_composition(&audit->scores.near, group, n, share);
    mixing_base(&audit->scores.near, group, n, base);
    mixing_by_chance(&audit->scores.near, group, n, &null, low, high);
    for (size_t c = 0; c < cells; c++) {
        struct audit_value value = audit_plain(METRIC_COMPOSITION, (int)(c / n), share[c], 0);
        value.h = (int)(c % n);
        audit_add(audit, value);
        value = audit_plain(METRIC_LIFT, (int)(c / n), base[c] > 0 ? share[c] / base[c] : NAN, 0);
        value.h = (int)(c % n);
        value.by_chance = base[c] > 0 ? high[c] / base[c] : NAN;
        value.by_chance_low = base[c] > 0 ? low[c] / base[c] : NAN;
        audit_add(audit, value);
    }
    free(share);
}

static void add_groups(struct audit *audit, const struct audit_side *side)
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

/* tag (n_units): of each unit in pairs the group of another such, drawn without replacement. */
static void deal_groups(const struct audit_side *side, uint64_t seed, uint32_t *tag)
{
    uint32_t *unit = xcalloc(side->n_units + 1, sizeof *unit),
             *group = xcalloc(side->n_units + 1, sizeof *group),
             *order = xcalloc(side->n_units + 1, sizeof *order);
    bool *seen = xcalloc(side->n_units + 1, sizeof *seen);
    size_t n = 0;
    for (size_t i = 0; i < side->items.n; i++) {
        size_t u = side->unit ? side->unit[i] : i;
        if (!side->in[i] || seen[u])
            continue;
        seen[u] = true;
        unit[n] = (uint32_t)u;
        group[n++] = side->items.group[i];
    }
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 3, 0);
    rng_permutation(&rng, order, n);
    for (size_t k = 0; k < n; k++)
        tag[unit[k]] = group[order[k]];
    free(unit);
    free(group);
    free(order);
    free(seen);
}

/* Every so manieth item in pairs, for the probe; their units' groups dealt anew as the control. */
static void add_probe(struct audit *audit, const struct audit_side *side, uint64_t seed)
{
    const struct score_items *items = &side->items;
    size_t d = items->d, stride = items->n / AUDIT_PROBE_ITEMS + 1, n = 0;
    float *rows = xaligned((items->n / stride + 1) * d + 1, sizeof *rows);
    uint32_t *group = xcalloc(items->n / stride + 1, sizeof *group),
             *tag = xcalloc(side->n_units + 1, sizeof *tag),
             *dealt = xcalloc(items->n / stride + 1, sizeof *dealt);
    deal_groups(side, seed, tag);
    for (size_t i = 0; i < items->n; i += stride)
        if (side->in[i]) {
            memcpy(rows + n * d, items->rows + i * d, d * sizeof *rows);
            dealt[n] = tag[side->unit ? side->unit[i] : i];
            group[n++] = items->group[i];
        }
    bool fine = n > 1 && d <= AUDIT_PROBE_WIDTH && audit->n_groups > 1;
    audit_add(audit,
              audit_plain(METRIC_PROBE_BACC, ALL_GROUPS,
                          fine ? probe_leave_one_out(rows, n, d, group, audit->n_groups, lambda, NULL) : NAN,
                          0));
    audit_add(audit,
              audit_plain(METRIC_PROBE_CONTROL, ALL_GROUPS,
                          fine ? probe_leave_one_out(rows, n, d, dealt, audit->n_groups, lambda, NULL) : NAN,
                          0));
    free(rows);
    free(group);
    free(tag);
    free(dealt);
}

void audit_add_neighbourhoods(struct audit *audit, const struct audit_side *side, uint64_t seed)
{
    const struct score_items *items = &side->items;
    if (items->n < 2)
        return;
    add_cells(audit, side, seed);
    add_groups(audit, side);
    add_hubs(audit, side);
    audit_add(audit,
              audit_plain(METRIC_SILHOUETTE, ALL_GROUPS,
                          silhouette(items->rows, items->n, items->d, items->group, audit->n_groups, NULL),
                          0));
    add_probe(audit, side, seed);
}
