/* SPDX-License-Identifier: MIT */
#include "space/audit.h"

#include "base/check.h"
#include "space/audit_parts.h"
#include "space/disparity.h"

#include <stdlib.h>
#include <string.h>

enum { VALUES_GROUPS = 1 << 12 /* so many groups can an audit have */ };

/* ---- names ---- */

struct metric_text {
    const char *name, *ideal, *meaning;
};

static const struct metric_text metric_texts[] = {
#define METRIC(id, name, ideal, meaning) {name, ideal, meaning},
#include "space/audit_metrics.def"
#undef METRIC
};

const char *metric_name(enum audit_metric metric)
{
    return metric_texts[metric].name;
}

const char *metric_ideal(enum audit_metric metric)
{
    return metric_texts[metric].ideal;
}

const char *metric_meaning(enum audit_metric metric)
{
    return metric_texts[metric].meaning;
}

const char *audit_status_name(enum audit_status status)
{
    static const char *const names[] = {"ok",   "too_few_errors", "too_few_units",
                                        "zero", "undefined",      "plain"};
    return names[status];
}

/* ---- the list ---- */

void audit_add(struct audit *audit, struct audit_value value)
{
    if ((audit->n_values & (audit->n_values + 1)) == 0) /* full at 0, 1, 3, 7, ... */
        audit->value = xrealloc(audit->value, 2 * audit->n_values + 1, sizeof *audit->value);
    if (isnan(value.value)) /* nothing was seen that chance could have made */
        value.p = value.least_p = NAN;
    audit->value[audit->n_values++] = value;
}

struct audit_value audit_plain(enum audit_metric metric, int g, double value, uint32_t bin)
{
    return (struct audit_value){.metric = metric,
                                .g = g,
                                .h = g,
                                .status = isnan(value) ? AUDIT_UNDEFINED : AUDIT_PLAIN,
                                .value = value,
                                .deff = 1,
                                .ci = {NAN, NAN},
                                .by_chance = NAN,
                                .by_chance_low = NAN,
                                .p = NAN,
                                .least_p = NAN,
                                .q = NAN,
                                .more_units = NAN,
                                .needs = ALL_GROUPS,
                                .bin = bin};
}

static const struct audit_value *find_exactly(const struct audit *audit, enum audit_metric metric, int g,
                                              int h)
{
    for (size_t i = 0; i < audit->n_values; i++) {
        const struct audit_value *value = &audit->value[i];
        if (value->metric == metric && value->g == g && value->h == h)
            return value;
    }
    return NULL;
}

const struct audit_value *audit_find(const struct audit *audit, enum audit_metric metric, int g, int h)
{
    const struct audit_value *value = find_exactly(audit, metric, g, h);
    return value ? value : find_exactly(audit, metric, h, g);
}

const struct audit_value *audit_first(const struct audit *audit, enum audit_metric metric)
{
    for (size_t i = 0; i < audit->n_values; i++)
        if (audit->value[i].metric == metric)
            return &audit->value[i];
    return NULL;
}

/* ---- thresholds ---- */

double scale_of(struct score_scale scale, double score)
{
    double reach = scale.high - scale.low;
    return reach > 0 ? 2 * (score - scale.low) / reach - 1 : score;
}

double scale_to(struct score_scale scale, double outside)
{
    double reach = scale.high - scale.low;
    return reach > 0 ? scale.low + 0.5 * (outside + 1) * reach : outside;
}

double audit_tau(const struct audit *audit, uint32_t bin)
{
    return scale_to(audit->scale, threshold_of_bin(bin, (uint32_t)audit->n_bins));
}

/* ---- rates of groups and cells ---- */

struct pair_set pair_set_of(int g, int h, enum fmr_convention convention)
{
    static const int kinds[] = {SET_CELL, SET_INVOLVING, SET_QUERY};
    return (struct pair_set){g == ALL_GROUPS ? SET_ALL
                             : g == h        ? kinds[convention]
                                             : SET_CELL,
                             (uint32_t)g, (uint32_t)h};
}

static struct audit_value rate_of(const struct audit *audit, const struct audit_side *side,
                                  enum pair_kind kind, int g, int h)
{
    struct pair_set set = pair_set_of(g, h, kind == PAIR_GENUINE ? FMR_WITHIN : audit->convention);
    return side_rate(side, &audit->scores, kind, set);
}

static void add_rates(struct audit *audit, const struct audit_side *side)
{
    int n = (int)audit->n_groups;
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        audit_add(audit, rate_of(audit, side, kind, ALL_GROUPS, ALL_GROUPS));
    for (int g = 0; g < n; g++)
        for (int kind = 0; kind < N_PAIR_KINDS; kind++)
            audit_add(audit, rate_of(audit, side, kind, g, g));
    for (int g = 0; g < n; g++)
        for (int h = g + 1; h < n; h++)
            for (int kind = 0; kind < N_PAIR_KINDS; kind++)
                audit_add(audit, rate_of(audit, side, kind, g, h));
    for (size_t i = 0; i < audit->n_values; i++)
        audit->value[i].bin = audit->bin;
    audit->n_cells = audit->n_values;
}

/* ---- one number over groups ---- */

static struct sure_rate sure(const struct audit_value *value)
{
    return (struct sure_rate){value->x, value->n, value->deff};
}

/* What equal groups would show. The variance of ln p is deff (1 - p) / x: that of x / deff / (1 - p)
 * independent rare errors. */
static double by_chance(const struct audit_value *const *rate, size_t n, size_t n_draws, uint64_t seed)
{
    double errors = 0, pairs = 0, *expected = xcalloc(n, sizeof *expected);
    for (size_t g = 0; g < n; g++) {
        errors += rate[g]->x;
        pairs += rate[g]->n;
    }
    for (size_t g = 0; g < n; g++)
        expected[g] = rate[g]->n > 0 ? rate[g]->n * errors / fmax(1, pairs - errors) / rate[g]->deff : 0;
    double value = ratio_null(expected, n, 0.95, n_draws, seed);
    free(expected);
    return value;
}

/* Off 1 the interval could be halved, else it could be brought off 1. */
static void ask_for_more(struct audit_value *ratio, const struct audit_value *worst,
                         const struct audit_value *best, double z)
{
    double a = log_rate_variance(sure(worst)), b = log_rate_variance(sure(best)),
           apart = log(ratio->value) / z;
    struct audit_more more = more_for_ratio(worst, best, ratio->ci.low > 1 ? (a + b) / 4 : apart * apart);
    ratio->needs = more.group;
    ratio->more_units = more.units;
}

static void add_ratio(struct audit *audit, enum audit_metric metric, enum audit_metric of, uint64_t seed)
{
    size_t n = audit->n_groups;
    const struct audit_value **rate = xcalloc(n, sizeof *rate);
    double *value = xcalloc(n, sizeof *value);
    for (size_t g = 0; g < n; g++) {
        rate[g] = audit_find(audit, of, (int)g, (int)g);
        value[g] = rate[g]->value;
    }
    struct audit_value ratio =
        audit_plain(metric, ALL_GROUPS, n > 1 ? rates_ratio(value, n) : NAN, audit->bin);
    size_t worst = rates_worst(value, n), best = rates_best(value, n);
    if (n > 1 && worst < n) {
        ratio.g = (int)worst;
        ratio.h = (int)best;
        /* while a threshold moves, a frame's time must do */
        ratio.by_chance = by_chance(rate, n, audit->looked_up ? NULL_DRAWS_QUICK : NULL_DRAWS, seed);
        ratio.n_items = rate[worst]->n_items + rate[best]->n_items;
        ratio.n_units = rate[worst]->n_units + rate[best]->n_units;
    }
    if (ratio.status != AUDIT_UNDEFINED) {
        double z = interval_z_of(n * (n - 1) / 2), errors = fmin(rate[worst]->x, rate[best]->x);
        size_t units =
            rate[worst]->n_units < rate[best]->n_units ? rate[worst]->n_units : rate[best]->n_units;
        ratio.status = units < AUDIT_MIN_UNITS     ? AUDIT_FEW_UNITS
                       : errors < AUDIT_MIN_ERRORS ? AUDIT_FEW_ERRORS
                                                   : AUDIT_OK;
        if (ratio.status != AUDIT_FEW_UNITS) {
            ratio.ci = interval_ratio(sure(rate[worst]), sure(rate[best]), z);
            ask_for_more(&ratio, rate[worst], rate[best], z);
        }
    }
    audit_add(audit, ratio);
    free(rate);
    free(value);
}

bool audit_is_evidence(const struct audit_value *ratio, double bound)
{
    return ratio->ci.low > bound && ratio->value > ratio->by_chance;
}

static void add_summaries(struct audit *audit)
{
    size_t n = audit->n_groups;
    double *fmr = xcalloc(4 * n, sizeof *fmr), *fnmr = fmr + n, *impostor = fmr + 2 * n,
           *genuine = fmr + 3 * n;
    for (size_t g = 0; g < n; g++) {
        const struct audit_value *a = audit_find(audit, METRIC_FMR, (int)g, (int)g),
                                 *b = audit_find(audit, METRIC_FNMR, (int)g, (int)g);
        fmr[g] = a->value;
        fnmr[g] = b->value;
        impostor[g] = a->n;
        genuine[g] = b->n;
    }
    const struct {
        enum audit_metric metric;
        double value;
    } summary[] = {
        {METRIC_FMR_DIFF, rates_difference(fmr, n)},
        {METRIC_FNMR_DIFF, rates_difference(fnmr, n)},
        {METRIC_GINI_FMR, rates_gini(fmr, n)},
        {METRIC_GINI_FNMR, rates_gini(fnmr, n)},
        {METRIC_MAX_GM_FMR, rates_max_gm(fmr, n)},
        {METRIC_MAX_GM_FNMR, rates_max_gm(fnmr, n)},
        {METRIC_MAX_GM_FMR_SAFE, rates_max_gm_zero_safe(fmr, impostor, n)},
        {METRIC_MAX_GM_FNMR_SAFE, rates_max_gm_zero_safe(fnmr, genuine, n)},
        {METRIC_GARBE, rates_garbe(fmr, fnmr, n, 0.5)},
        {METRIC_FDR_FAIRNESS, rates_fairness_discrepancy(fmr, fnmr, n, 0.5)},
        {METRIC_IR, rates_inequity(fmr, fnmr, n, 0.5)},
    };
    for (size_t i = 0; n > 1 && i < ARRAY_LEN(summary); i++)
        audit_add(audit, audit_plain(summary[i].metric, ALL_GROUPS, summary[i].value, audit->bin));
    free(fmr);
}

void audit_add_summaries(struct audit *audit)
{
    audit->n_thresholds = 1;
    audit_tell_apart(audit);
    add_ratio(audit, METRIC_FMR_RATIO, METRIC_FMR, audit->seed);
    add_ratio(audit, METRIC_FNMR_RATIO, METRIC_FNMR, audit->seed + 1);
    add_summaries(audit);
    audit_add_what_if(audit);
}

/* ---- how long it takes ---- */

/* So many parts of progress: of 2 ms or so. */
static unsigned parts_of(size_t multiply_adds)
{
    return 1 + (unsigned)(multiply_adds / 100000000);
}

static unsigned pass_parts(const struct score_items *items)
{
    return parts_of(items->n * items->n / 2 * items->d);
}

static bool looks_near(const struct audit_input *input, const struct audit_settings *settings)
{
    return settings->k > 0 && !input->pair;
}

static unsigned near_parts(const struct score_items *items, const struct audit_settings *settings)
{
    return parts_of(audit_neighbourhoods_work(items, settings->k, settings->n_dealt));
}

static bool looks_along(const struct audit_input *input)
{
    return input->end[0] && input->end[1] && !input->pair && input->items.n_groups > 1;
}

unsigned audit_parts(const struct audit_input *input, const struct audit_settings *settings)
{
    struct score_items dev = input->items, eval = input->items, *items = &eval;
    for (size_t i = 0; input->dev && i < input->items.n; i++)
        eval.n -= input->dev[i];
    dev.n -= input->dev ? eval.n : 0;
    bool chosen = settings->target != AUDIT_AT_THRESHOLD || input->dev;
    unsigned parts = input->pair ? 0 : pass_parts(&eval) + (chosen ? pass_parts(&dev) : 0),
             n_pairs = (unsigned)(items->n_groups * (items->n_groups - 1) / 2);
    parts += looks_near(input, settings) ? near_parts(items, settings) : 0;
    return parts + (looks_along(input) ? n_pairs * parts_of(audit_association_work(items)) : 0);
}

unsigned audit_parts_at(const struct audit_input *input, const struct audit_settings *settings)
{
    struct audit_settings there = *settings;
    there.target = AUDIT_AT_THRESHOLD;
    return audit_parts(input, &there);
}

/* ---- all of it ---- */

uint32_t audit_threshold(const struct match_table *table, enum audit_target target, double at)
{
    switch (target) {
    case AUDIT_AT_FMR: return threshold_at_fmr(table, at);
    case AUDIT_AT_FNMR: return threshold_at_fnmr(table, at);
    case AUDIT_AT_EER: return threshold_at_eer(table);
    default: return threshold_bin(at, table->n_bins);
    }
}

/* Bins of more groups are fewer, so that the histograms stay below a few hundred megabytes. */
static size_t bins_for(size_t n_groups)
{
    size_t n_bins = SCORES_BINS;
    while (n_bins > SCORES_BINS_MIN && scores_n_cells(n_groups) * n_bins > (size_t)4 << 20)
        n_bins /= 2;
    return n_bins;
}

static bool score_side(struct scores *scores, const struct audit_side *side, size_t n_bins,
                       const struct scores_want *want, struct pool *pool, struct progress *progress,
                       struct err *err)
{
    if (side->pair)
        return scores_find_listed(scores, &side->items, side->pair, side->n_pairs, n_bins, want, err);
    struct scores_want more = want ? *want : (struct scores_want){0};
    const size_t n_worst = more.n_worst;
    more.n_worst += n_worst ? side->n_corrected : 0; /* those that are turned leave a gap */
    if (!scores_find_with(scores, &side->items, n_bins, &more, pool, progress, err))
        return false;
    scores_correct(scores, &side->items, &more, side->corrected, side->n_corrected);
    for (size_t i = 0; scores->worst && i < scores->n_cells * N_PAIR_KINDS; i++)
        scores->worst[i].n = scores->worst[i].n < n_worst ? scores->worst[i].n : n_worst;
    return true;
}

static bool choose_threshold(struct audit *audit, const struct audit_side *side, bool split,
                             const struct audit_settings *settings, struct pool *pool,
                             struct progress *progress, struct err *err)
{
    struct scores scores;
    audit->n_bins = bins_for(audit->n_groups);
    audit->bin = threshold_bin(scale_of(audit->scale, settings->at), (uint32_t)audit->n_bins);
    if (settings->target == AUDIT_AT_THRESHOLD && !split)
        return true; /* what it is chosen on is counted with the errors */
    progress_weigh(progress, pass_parts(&side->items));
    if (!score_side(&scores, side, audit->n_bins, NULL, pool, progress, err))
        return false;
    match_table_all(&audit->chosen, &scores);
    if (settings->target != AUDIT_AT_THRESHOLD)
        audit->bin = audit_threshold(&audit->chosen, settings->target, settings->at);
    scores_release(&scores);
    return true;
}

/* Pairs are named by the items of the input. */
static void name_pairs(struct scores *scores, const struct audit_side *side)
{
    for (size_t i = 0; side->item && scores->worst && i < scores->n_cells * N_PAIR_KINDS; i++)
        for (size_t p = 0; p < scores->worst[i].n; p++) {
            struct scored_pair *pair = &scores->worst[i].pair[p];
            pair->a = side->item[pair->a];
            pair->b = side->item[pair->b];
        }
}

static bool count_errors(struct audit *audit, const struct audit_side *side,
                         const struct audit_settings *settings, struct pool *pool, struct progress *progress,
                         struct err *err)
{
    size_t n_cells = scores_n_cells(audit->n_groups);
    uint32_t *bin = xcalloc(n_cells, sizeof *bin);
    for (size_t cell = 0; cell < n_cells; cell++)
        bin[cell] = audit->bin;
    struct scores_want want = {
        .n_worst = settings->n_worst, .error_bin = bin, .k = side->pair ? 0 : settings->k};
    progress_weigh(progress, pass_parts(&side->items));
    bool fine = score_side(&audit->scores, side, audit->n_bins, &want, pool, progress, err);
    free(bin);
    if (!fine)
        return false;
    name_pairs(&audit->scores, side);
    if (!audit->chosen.above[0])
        match_table_all(&audit->chosen, &audit->scores);
    return true;
}

/* False when cancelled. */
static bool fill(struct audit *audit, const struct audit_side *side, const struct audit_input *input,
                 const struct audit_settings *settings, struct progress *progress)
{
    audit->by_unit = side->by_unit;
    add_rates(audit, side);
    const struct audit_value *all = audit_find(audit, METRIC_FMR, ALL_GROUPS, ALL_GROUPS);
    audit->n_items = all->n_items;
    audit->n_units = all->n_units;
    audit_tables_make(audit);
    audit_add_summaries(audit);
    audit_add_fixed(audit);
    if (looks_near(input, settings)) {
        progress_weigh(progress, near_parts(&side->items, settings));
        audit_add_neighbourhoods(audit, side, settings->seed, settings->n_dealt, progress);
    }
    if (looks_along(input))
        audit_add_association(audit, side, input->end, settings->seed,
                              parts_of(audit_association_work(&side->items)), progress);
    audit_add(audit, audit_plain(METRIC_THRESHOLD, ALL_GROUPS, audit_tau(audit, audit->bin), audit->bin));
    return !progress_cancelled(progress);
}

bool audit_make(struct audit *audit, const struct audit_input *input, const struct audit_settings *settings,
                struct pool *pool, struct progress *progress, struct err *err)
{
    struct audit_side dev, eval;
    CHECK(input->items.group && input->items.n_groups < VALUES_GROUPS);
    *audit = (struct audit){.n_groups = input->items.n_groups,
                            .scale = input->scale,
                            .per_pair = input->per_pair,
                            .n_epc = input->dev ? AUDIT_EPC : 0,
                            .convention = settings->convention,
                            .seed = settings->seed,
                            .exploratory = !input->dev && settings->target != AUDIT_AT_THRESHOLD};
    side_init(&eval, input, false);
    bool fine;
    if (input->dev) {
        side_init(&dev, input, true);
        fine = choose_threshold(audit, &dev, true, settings, pool, progress, err);
        side_release(&dev);
    } else {
        fine = choose_threshold(audit, &eval, false, settings, pool, progress, err);
    }
    fine = fine && count_errors(audit, &eval, settings, pool, progress, err) &&
           (fill(audit, &eval, input, settings, progress) || err_set(err, "stopped"));
    if (!fine)
        audit_release(audit);
    side_release(&eval);
    return fine;
}

bool audit_make_at(struct audit *audit, const struct audit *at, const struct audit_input *input,
                   const struct audit_settings *settings, struct pool *pool, struct progress *progress,
                   struct err *err)
{
    struct audit_settings there = *settings;
    double width = 2.0 / (double)at->n_bins, low = threshold_of_bin(at->bin, (uint32_t)at->n_bins);
    there.target = AUDIT_AT_THRESHOLD;
    there.at = scale_to(at->scale, low + width / 2); /* the middle of the bin: no rounding leads out of it */
    return audit_make(audit, input, &there, pool, progress, err);
}

void audit_release(struct audit *audit)
{
    audit_tables_free(audit);
    scores_release(&audit->scores);
    match_table_release(&audit->chosen);
    free(audit->value);
    *audit = (struct audit){0};
}
