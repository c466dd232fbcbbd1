/* SPDX-License-Identifier: MIT
 *
 * What an audit reads from the counts of a pass besides rates of errors: made once, looked up at every
 * threshold.
 */
#include "base/check.h"
#include "space/audit_parts.h"
#include "space/disparity.h"

#include <stdlib.h>
#include <string.h>

enum { STEP = 64 /* bins; sums are kept from every so manieth on */ };

/* audit->above (n_cells, N_PAIR_KINDS, n_bins / STEP): pairs in that bin and above. */
static void sum_from_the_top(struct audit *audit)
{
    const struct scores *scores = &audit->scores;
    size_t lists = scores->n_cells * N_PAIR_KINDS, steps = scores->n_bins / STEP;
    audit->above = xcalloc(lists * steps, sizeof *audit->above);
    for (size_t list = 0; list < lists; list++) {
        uint64_t sum = 0;
        for (size_t b = scores->n_bins; b-- > 0;) {
            sum += scores->count[list * scores->n_bins + b];
            if (b % STEP == 0)
                audit->above[list * steps + b / STEP] = sum;
        }
    }
}

void audit_tables_make(struct audit *audit)
{
    audit->of = xcalloc(1 + audit->n_groups, sizeof *audit->of);
    match_table_all(&audit->of[0], &audit->scores);
    for (size_t g = 0; g < audit->n_groups; g++)
        match_table_group(&audit->of[1 + g], &audit->scores, g, audit->convention);
    sum_from_the_top(audit);
}

void audit_tables_free(struct audit *audit)
{
    for (size_t i = 0; audit->of && i <= audit->n_groups; i++)
        match_table_release(&audit->of[i]);
    free(audit->of);
    free(audit->above);
}

uint64_t *audit_matched_at(const struct audit *audit, uint32_t bin)
{
    const struct scores *scores = &audit->scores;
    size_t lists = scores->n_cells * N_PAIR_KINDS, steps = scores->n_bins / STEP;
    uint64_t *matched = xcalloc(lists, sizeof *matched);
    for (size_t list = 0; list < lists && bin < scores->n_bins; list++) {
        const uint64_t *count = scores->count + list * scores->n_bins;
        matched[list] = audit->above[list * steps + bin / STEP];
        for (size_t b = bin - bin % STEP; b < bin; b++)
            matched[list] -= count[b];
    }
    return matched;
}

/* ---- at the threshold, and what if each group had its own ---- */

/* `rate`: what the threshold was chosen by, of this group; undefined, there is no such threshold. */
static void add_strategy(struct audit *audit, const struct match_table *table, int g, uint32_t bin,
                         enum audit_metric first, double rate)
{
    struct matches m = matches_at(table, bin);
    bool none = isnan(rate);
    audit_add(audit, audit_plain(first, g, none ? NAN : audit_tau(audit, bin), bin));
    audit_add(audit, audit_plain(first + 1, g, none ? NAN : matches_fmr(m), bin));
    audit_add(audit, audit_plain(first + 2, g, none ? NAN : matches_fnmr(m), bin));
    audit->n_thresholds++;
}

static void add_matches(struct audit *audit, const struct match_table *table, int g)
{
    struct matches m = matches_at(table, audit->bin);
    audit_add(audit, audit_plain(METRIC_MATCH_RATE, g, matches_rate(m), audit->bin));
    audit_add(audit, audit_plain(METRIC_PRECISION, g, matches_precision(m), audit->bin));
    audit_add(audit, audit_plain(METRIC_FALSE_IN_1000, g, false_match_in(matches_fmr(m), 1000), audit->bin));
}

/* The FMR of every group at the threshold that each would have. */
static void add_transfer(struct audit *audit, double fmr)
{
    const struct match_table *own = audit->of + 1;
    for (size_t g = 0; g < audit->n_groups; g++) {
        uint32_t bin = threshold_at_fmr(&own[g], fmr);
        for (size_t h = 0; h < audit->n_groups; h++) {
            struct audit_value value =
                audit_plain(METRIC_TRANSFER, (int)g, matches_fmr(matches_at(&own[h], bin)), bin);
            value.h = (int)h;
            audit_add(audit, value);
        }
    }
}

void audit_add_what_if(struct audit *audit)
{
    struct matches now = matches_at(&audit->of[0], audit->bin);
    double *rate = xcalloc(audit->n_groups, sizeof *rate);
    add_matches(audit, &audit->of[0], ALL_GROUPS);
    for (size_t g = 0; g < audit->n_groups; g++) {
        const struct match_table *own = &audit->of[1 + g];
        struct matches mine = matches_at(own, audit->bin);
        rate[g] = matches_rate(mine);
        add_matches(audit, own, (int)g);
        add_strategy(audit, own, (int)g, threshold_at_fmr(own, matches_fmr(now)), METRIC_EQUAL_FMR_THRESHOLD,
                     matches_fmr(mine) + matches_fmr(now));
        add_strategy(audit, own, (int)g, threshold_at_fnmr(own, matches_fnmr(now)),
                     METRIC_EQUAL_FNMR_THRESHOLD, matches_fnmr(mine) + matches_fnmr(now));
        add_strategy(audit, own, (int)g, threshold_at_rate(own, matches_rate(now)),
                     METRIC_EQUAL_RATE_THRESHOLD, rate[g]);
    }
    if (audit->n_groups > 1) {
        audit_add(audit, audit_plain(METRIC_MATCH_RATE_DIFF, ALL_GROUPS,
                                     rates_difference(rate, audit->n_groups), audit->bin));
        add_transfer(audit, matches_fmr(now));
    }
    free(rate);
}

/* ---- what no threshold changes ---- */

static void add_quality(struct audit *audit, const struct match_table *table, int g)
{
    struct matches at_eer = matches_at(table, threshold_at_eer(table));
    audit_add(audit, audit_plain(METRIC_AUC, g, match_auc(table), 0));
    audit_add(audit, audit_plain(METRIC_DPRIME, g, match_dprime(table), 0));
    audit_add(audit, audit_plain(METRIC_EER, g, 0.5 * (matches_fmr(at_eer) + matches_fnmr(at_eer)), 0));
}

void audit_add_fixed(struct audit *audit)
{
    if (audit->n_epc > 0)
        match_epc(&audit->chosen, &audit->of[0], audit->epc, audit->n_epc);
    add_quality(audit, &audit->of[0], ALL_GROUPS);
    for (size_t g = 0; g < audit->n_groups; g++) {
        const struct match_table *own = &audit->of[1 + g];
        const struct group_size *size = &audit->scores.size[g];
        size_t known = size->n_items + size->n_failed;
        add_quality(audit, own, (int)g);
        add_strategy(audit, own, (int)g, threshold_at_cost(own, 0.5), METRIC_LEAST_COST_THRESHOLD,
                     matches_fmr(matches_at(own, 0)) + matches_fnmr(matches_at(own, 0)));
        struct audit_value failed =
            audit_plain(METRIC_FAILED, (int)g, known ? (double)size->n_failed / (double)known : NAN, 0);
        failed.x = (double)size->n_failed;
        failed.n_items = known;
        audit_add(audit, failed);
    }
}
