/* SPDX-License-Identifier: MIT
 *
 * An audit at another threshold: its counts are looked up in the histograms.
 */
#include "space/audit_parts.h"

#include <stdlib.h>
#include <string.h>

static void look_up(struct audit *audit, struct audit_value *rate, const uint64_t *matched)
{
    bool genuine = rate->metric == METRIC_FNMR;
    struct pair_set set = pair_set_of(rate->g, rate->h, genuine ? FMR_WITHIN : audit->convention);
    size_t n = audit->n_groups;
    double matches = 0;
    if (rate->status == AUDIT_UNDEFINED)
        return;
    for (uint32_t g = 0; g < n; g++)
        for (uint32_t h = g; h < n; h++)
            matches += pair_set_weight(set, g, h) *
                       (double)matched[scores_cell(n, g, h) * N_PAIR_KINDS + (genuine ? PAIR_GENUINE : 0)];
    rate->x = genuine ? rate->n - matches : matches;
    rate->value = rate->x / rate->n;
    audit_judge_rate(rate, audit->per_pair);
}

void audit_at(struct audit *audit, const struct audit *from, uint32_t bin)
{
    size_t n_rates = from->n_cells;
    uint64_t *matched = audit_matched_at(from, bin);
    *audit = *from;
    audit->bin = bin;
    audit->looked_up = bin != from->bin;
    audit->value = NULL;
    audit->n_values = 0;
    for (size_t i = 0; i < n_rates; i++) {
        struct audit_value rate = from->value[i];
        rate.bin = bin;
        look_up(audit, &rate, matched);
        audit_add(audit, rate);
    }
    audit_add_summaries(audit);
    audit->n_thresholds = from->n_thresholds;
    for (size_t i = n_rates; i < from->n_values; i++) /* what no threshold changes */
        if (from->value[i].metric >= METRIC_AUC)
            audit_add(audit, from->value[i]);
    audit_add(audit, audit_plain(METRIC_THRESHOLD, ALL_GROUPS, audit_tau(audit, bin), bin));
    free(matched);
}

void audit_at_release(struct audit *audit)
{
    free(audit->value);
    *audit = (struct audit){0};
}
