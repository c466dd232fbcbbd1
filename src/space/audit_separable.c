/* SPDX-License-Identifier: MIT
 *
 * Can a group be read from the space? Silhouette and linear probe of at most AUDIT_PROBE_ITEMS items, beside
 * the same with groups dealt anew among the units; and where groups lie along an axis between two sets of
 * items.
 */
#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "space/association.h"
#include "space/audit_parts.h"

#include <stdlib.h>
#include <string.h>

static const double lambda = 0.01;

/* ---- groups dealt anew ---- */

/* tag (n_units): of each unit in pairs the group of another such, drawn without replacement. */
static void deal_groups(const struct audit_side *side, uint64_t seed, size_t draw, uint32_t *tag)
{
    uint32_t *unit = xcalloc(3 * side->n_units + 1, sizeof *unit), *group = unit + side->n_units,
             *order = unit + 2 * side->n_units;
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
    struct rng rng = rng_at(seed, RNG_SAMPLE, draw, 3, 0);
    rng_permutation(&rng, order, n);
    for (size_t k = 0; k < n; k++)
        tag[unit[k]] = group[order[k]];
    free(unit);
    free(seen);
}

/* ---- silhouette and probe ---- */

/* Every so manieth item in pairs. */
struct sample {
    size_t n, d, n_groups;
    float *rows;
    uint32_t *group, *unit;
    struct group_probe *probe; /* NULL: rows too wide or too few */
    double *each;              /* (n) silhouettes */
};

static void sample_init(struct sample *s, const struct audit *audit, const struct audit_side *side)
{
    const struct score_items *items = &side->items;
    size_t stride = items->n / AUDIT_PROBE_ITEMS + 1, most = items->n / stride + 1, d = items->d;
    *s = (struct sample){.d = d, .n_groups = audit->n_groups};
    s->rows = xaligned(most * d + 1, sizeof *s->rows);
    s->group = xcalloc(most, sizeof *s->group);
    s->unit = xcalloc(most, sizeof *s->unit);
    s->each = xcalloc(most, sizeof *s->each);
    for (size_t i = 0; i < items->n; i += stride)
        if (side->in[i]) {
            memcpy(s->rows + s->n * d, items->rows + i * d, d * sizeof *s->rows);
            s->unit[s->n] = side->unit ? side->unit[i] : (uint32_t)i;
            s->group[s->n++] = items->group[i];
        }
    if (s->n > 1 && d <= AUDIT_PROBE_WIDTH && s->n_groups > 1)
        s->probe = group_probe_new(s->rows, s->n, d, lambda);
}

static void sample_release(struct sample *s)
{
    group_probe_free(s->probe);
    free(s->rows);
    free(s->group);
    free(s->unit);
    free(s->each);
}

/* What is read of a dealing: silhouettes of groups, of all, the probe balanced, the probe plain. */
static size_t n_read(const struct sample *s)
{
    return s->n_groups + 3;
}

static void read_all(struct sample *s, const uint32_t *group, double *value)
{
    size_t n = s->n_groups;
    double *size = xcalloc(n, sizeof *size);
    struct group_probe_score probe = {NAN, NAN};
    memset(value, 0, n * sizeof *value);
    value[n] = n > 1 ? silhouette(s->rows, s->n, s->d, group, n, s->each) : NAN;
    for (size_t i = 0; i < s->n; i++) {
        value[group[i]] += s->each[i];
        size[group[i]]++;
    }
    for (size_t g = 0; g < n; g++)
        value[g] = n > 1 && size[g] > 0 ? value[g] / size[g] : NAN;
    if (s->probe)
        probe = group_probe_read(s->probe, group, n);
    value[n + 1] = probe.balanced;
    value[n + 2] = probe.plain;
    free(size);
}

static size_t draws_of(size_t n_dealt)
{
    return n_dealt > 0 ? n_dealt : 1;
}

/* Products with each group, in double, of silhouette and probe. */
static size_t work_of_draw(const struct score_items *items)
{
    size_t n = items->n < AUDIT_PROBE_ITEMS ? items->n : AUDIT_PROBE_ITEMS;
    return 16 * n * items->d * items->n_groups;
}

size_t audit_separability_work(const struct score_items *items, size_t n_dealt)
{
    return draws_of(n_dealt) * work_of_draw(items);
}

/* above (n_read): draws with as much or more; control: mean of the balanced probe over at least one draw. */
static double deal_all(struct sample *s, const struct audit_side *side, uint64_t seed, size_t n_dealt,
                       const double *seen, double *above, struct progress *progress)
{
    size_t n = n_read(s), draws = draws_of(n_dealt);
    uint32_t *tag = xcalloc(side->n_units + 1, sizeof *tag), *dealt = xcalloc(s->n + 1, sizeof *dealt);
    double *value = xcalloc(n, sizeof *value), control = 0;
    for (size_t draw = 0; draw < draws && !progress_cancelled(progress); draw++) {
        deal_groups(side, seed, draw, tag);
        for (size_t i = 0; i < s->n; i++)
            dealt[i] = tag[s->unit[i]];
        read_all(s, dealt, value);
        for (size_t v = 0; v < n; v++)
            above[v] += !(value[v] < seen[v] - 1e-12); /* undefined: counts for chance */
        control += value[s->n_groups + 1] / (double)draws;
        progress_step(progress, work_of_draw(&side->items));
    }
    free(tag);
    free(dealt);
    free(value);
    return control;
}

static void add_read(struct audit *audit, const struct sample *s, enum audit_metric metric, int g,
                     double seen, double above, size_t n_dealt)
{
    struct audit_value value = audit_plain(metric, g, seen, 0);
    for (size_t i = 0; i < s->n; i++)
        value.n_items += g == ALL_GROUPS || (int)s->group[i] == g;
    if (n_dealt > 0 && !isnan(seen)) {
        value.p = (above + 1) / (double)(n_dealt + 1);
        value.least_p = 1 / (double)(n_dealt + 1);
    }
    audit_add(audit, value);
}

static double largest_share(const struct sample *s)
{
    double most = 0, *size = xcalloc(s->n_groups, sizeof *size);
    for (size_t i = 0; i < s->n; i++)
        most = fmax(most, ++size[s->group[i]]);
    free(size);
    return s->n > 0 ? most / (double)s->n : NAN;
}

void audit_add_separability(struct audit *audit, const struct audit_side *side, uint64_t seed, size_t n_dealt,
                            struct progress *progress)
{
    struct sample s;
    sample_init(&s, audit, side);
    size_t n = s.n_groups;
    double *seen = xcalloc(2 * n_read(&s), sizeof *seen), *above = seen + n_read(&s);
    read_all(&s, s.group, seen);
    double control = deal_all(&s, side, seed, n_dealt, seen, above, progress);
    for (size_t g = 0; g < n && n > 1; g++)
        add_read(audit, &s, METRIC_SILHOUETTE, (int)g, seen[g], above[g], n_dealt);
    add_read(audit, &s, METRIC_SILHOUETTE, ALL_GROUPS, seen[n], above[n], n_dealt);
    add_read(audit, &s, METRIC_PROBE_BACC, ALL_GROUPS, seen[n + 1], above[n + 1], n_dealt);
    add_read(audit, &s, METRIC_PROBE_CONTROL, ALL_GROUPS, control, 0, 0);
    add_read(audit, &s, METRIC_PROBE_ACC, ALL_GROUPS, seen[n + 2], above[n + 2], n_dealt);
    add_read(audit, &s, METRIC_PROBE_MAJORITY, ALL_GROUPS, s.probe ? largest_share(&s) : NAN, 0, 0);
    free(seen);
    sample_release(&s);
}

/* ---- along an axis ---- */

/* Each unit of some items as one row, the mean direction of those items: items of a unit stand or fall
 * together, so that it is units that are dealt. */
struct unit_rows {
    float *rows;
    size_t n, n_items;
};

static struct unit_rows mean_directions(const struct audit_side *side, const bool *wanted, int group)
{
    size_t d = side->items.d;
    uint32_t *place = xcalloc(side->n_units + 1, sizeof *place); /* 1 + row */
    float *unit = xaligned(d + 1, sizeof *unit);
    struct unit_rows r = {xcalloc(side->n_units * d + 1, sizeof *r.rows), 0, 0};
    for (size_t i = 0; i < side->items.n; i++) {
        size_t u = side->unit ? side->unit[i] : i;
        if (!side->in[i] || (wanted && !wanted[side->item ? side->item[i] : i]) ||
            (group != ALL_GROUPS && (int)side->items.group[i] != group))
            continue;
        if (place[u] == 0)
            place[u] = (uint32_t)++r.n;
        score_normalise(side->items.rows + i * d, 1, d, unit, NULL);
        for (size_t j = 0; j < d; j++)
            r.rows[(place[u] - 1) * d + j] += unit[j];
        r.n_items++;
    }
    free(place);
    free(unit);
    return r;
}

static struct selection_of_rows lent(const struct unit_rows *r)
{
    return (struct selection_of_rows){r->rows, r->n};
}

static size_t splits_of(size_t n_groups)
{
    return n_groups > 3 ? 999 : 9999;
}

size_t audit_association_work(const struct score_items *items)
{
    enum { MOVE = 512 }; /* an item that changes places takes as long as so many multiply-adds */
    return items->n_groups > 1 ? MOVE * 2 * items->n / items->n_groups * splits_of(items->n_groups) : 0;
}

/* The group that lies nearer to the first end comes first, which is why p is two-sided. */
static struct audit_value associated(const struct audit_side *side, const struct unit_rows *group,
                                     const struct unit_rows *end, int g, int h, uint64_t seed,
                                     struct progress *progress)
{
    struct selection_of_rows x = lent(&group[g]), y = lent(&group[h]), a = lent(&end[0]), b = lent(&end[1]);
    size_t d = side->items.d, splits = splits_of(side->items.n_groups);
    bool all = x.n > 0 && y.n > 0 && a.n > 0 && b.n > 0;
    if (all && association_test(&x, &y, &a, &b, d, 0, seed, NULL).effect < 0)
        return associated(side, group, end, h, g, seed, progress);
    struct audit_value value = audit_plain(METRIC_ASSOCIATION, g, NAN, 0);
    struct association test = {.effect = NAN};
    if (all)
        test = association_test(&x, &y, &a, &b, d, splits, seed, progress);
    value.h = h;
    value.n_items = group[g].n_items + group[h].n_items;
    value.n_units = x.n + y.n;
    if (isnan(test.effect))
        return value;
    value.status = AUDIT_PLAIN;
    value.value = test.effect;
    value.p = fmin(1, 2 * test.p);
    value.least_p = fmin(1, 2 * test.least_p);
    return value;
}

void audit_add_association(struct audit *audit, const struct audit_side *side, const bool *const *end,
                           uint64_t seed, unsigned weight, struct progress *progress)
{
    size_t n = audit->n_groups;
    struct unit_rows ends[2], *group = xcalloc(n, sizeof *group);
    for (int e = 0; e < 2; e++)
        ends[e] = mean_directions(side, end[e], ALL_GROUPS);
    for (size_t g = 0; g < n; g++)
        group[g] = mean_directions(side, NULL, (int)g);
    for (int g = 0; g < (int)n; g++)
        for (int h = g + 1; h < (int)n; h++) {
            progress_weigh(progress, weight);
            audit_add(audit, associated(side, group, ends, g, h, seed, progress));
        }
    audit_adjust(audit, METRIC_ASSOCIATION);
    for (int e = 0; e < 2; e++)
        free(ends[e].rows);
    for (size_t g = 0; g < n; g++)
        free(group[g].rows);
    free(group);
}
