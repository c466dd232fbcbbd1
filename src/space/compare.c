/* SPDX-License-Identifier: MIT */
#include "space/compare.h"

#include "base/check.h"
#include "math/score.h"
#include "space/association.h"
#include "space/disparity.h"
#include "space/graph.h"
#include "space/neighbours_each.h"
#include "space/resample.h"

#include <stdlib.h>
#include <string.h>

/* A pair that is an error in one of the spaces, or in both. */
struct error_pair {
    uint32_t u, v;    /* units */
    uint32_t set;     /* the group of both; n_groups: of two */
    uint8_t kind, in; /* bit s: in space s */
};

struct work {
    const struct compare_input *input;
    const struct compare_settings *settings;
    struct pool *pool;
    struct progress *progress;
    struct comparison *to;
    uint32_t *identity, *unit, *group; /* (n) of the items that are in pairs; identity UINT32_MAX: not */
    size_t n_units, n_sets;            /* groups, then all */
    struct error_pair *error;
    size_t n_errors;
    struct unit_pairs *pairs; /* (n_sets) */
    double *rate;             /* (draws, n_sets, 2, kinds) */
};

/* ---- neighbours ---- */

static const double rank_p = 0.9; /* ten nearest hold 86 % of the weight (Webber et al. 2010) */

static bool compare_neighbours(struct work *w)
{
    const struct compare_input *in = w->input;
    struct comparison *c = w->to;
    struct neighbours near[2] = {{0}, {0}};
    bool fine = true;
    for (int s = 0; s < 2 && fine; s++)
        fine = neighbours_each(&near[s], in->space[s].rows, in->n, in->space[s].d, c->k, EACH_COSINE, w->pool,
                               w->progress);
    if (fine) {
        float *each = xcalloc(in->n + 1, sizeof *each);
        c->jaccard = graph_jaccard(&near[0], &near[1], each);
        c->overlap = neighbours_overlap(&near[0], &near[1]);
        c->rbo = graph_rank_overlap(&near[0], &near[1], rank_p);
        free(each);
    }
    neighbours_release(&near[0]);
    neighbours_release(&near[1]);
    return fine;
}

static bool compare_shapes(struct work *w)
{
    const float *a = w->input->space[0].rows, *b = w->input->space[1].rows;
    size_t n = w->input->n, da = w->input->space[0].d, db = w->input->space[1].d;
    progress_begin(w->progress, 2);
    w->to->cka = cka_debiased(a, da, b, db, n, w->progress);
    progress_step(w->progress, 1);
    w->to->cka_biased = cka_linear(a, da, b, db, n, w->progress);
    return !progress_cancelled(w->progress);
}

/* ---- who is in pairs ---- */

static void prepare_items(struct work *w)
{
    const struct compare_input *in = w->input;
    w->identity = xcalloc(in->n + 1, sizeof *w->identity);
    w->unit = xcalloc(in->n + 1, sizeof *w->unit);
    w->group = xcalloc(in->n + 1, sizeof *w->group);
    for (size_t i = 0; i < in->n; i++) {
        bool both = true;
        for (int s = 0; s < 2; s++)
            both = both && score_has_direction(in->space[s].rows + i * in->space[s].d, in->space[s].d);
        w->identity[i] = both ? in->identity[i] : UINT32_MAX;
        w->unit[i] = in->unit ? in->unit[i] : (uint32_t)i;
        w->group[i] = in->group ? in->group[i] : 0;
        if (w->identity[i] != UINT32_MAX && w->unit[i] >= w->n_units)
            w->n_units = (size_t)w->unit[i] + 1;
    }
}

/* The items of a set, by index. */
static size_t items_of(const struct work *w, size_t set, uint32_t *item)
{
    size_t n = 0;
    for (uint32_t i = 0; i < w->input->n; i++)
        if (w->identity[i] != UINT32_MAX && (set == w->input->n_groups || w->group[i] == set))
            item[n++] = i;
    return n;
}

static struct group_change *change_of(const struct work *w, size_t set)
{
    return set == w->input->n_groups ? &w->to->all : &w->to->group[set];
}

static void prepare_sets(struct work *w)
{
    uint32_t *item = xcalloc(w->input->n + 1, sizeof *item), *once = xcalloc(w->n_units + 1, sizeof *once);
    w->n_sets = w->input->n_groups + 1;
    w->pairs = xcalloc(w->n_sets, sizeof *w->pairs);
    for (size_t u = 0; u < w->n_units; u++)
        once[u] = 1;
    for (size_t set = 0; set < w->n_sets; set++) {
        struct group_change *g = change_of(w, set);
        struct unit_pairs *pairs = &w->pairs[set];
        g->n_items = items_of(w, set, item);
        unit_pairs_init(pairs, item, g->n_items, w->identity, w->unit);
        unit_pairs_count(pairs, once, g->pairs);
        for (size_t p = 0; p < pairs->n_parts; p++)
            g->n_units += p == 0 || pairs->by_unit[p].unit != pairs->by_unit[p - 1].unit;
    }
    free(item);
    free(once);
}

/* ---- errors of each space ---- */

static bool find_errors(struct work *w, int s, struct scores *scores, struct err *err)
{
    const struct compare_input *in = w->input;
    struct score_items items = {in->space[s].rows, in->n, in->space[s].d, NULL, w->identity, 1};
    struct match_table table;
    if (!scores_find(scores, &items, SCORES_BINS, w->pool, w->progress, err))
        return false;
    match_table_all(&table, scores);
    uint32_t bin = audit_threshold(&table, w->settings->threshold[s].target, w->settings->threshold[s].at);
    w->to->threshold[s] = threshold_of_bin(bin, table.n_bins);
    match_table_release(&table);
    scores_release(scores);
    struct scores_want want = {.error_bin = &bin, .max_wrong = COMPARE_MOST_ERRORS};
    if (!scores_find_with(scores, &items, SCORES_BINS, &want, w->pool, w->progress, err))
        return false;
    if (scores->n_wrong != SIZE_MAX)
        return true;
    scores_release(scores);
    return err_set(err,
                   "more than %d pairs are errors at this threshold: ask for a lower rate, or compare fewer "
                   "items",
                   COMPARE_MOST_ERRORS);
}

static void add_error(struct work *w, const struct scored_pair *pair, unsigned in)
{
    uint32_t a = pair->a, b = pair->b;
    bool genuine = w->identity[a] == w->identity[b];
    uint32_t set = w->group[a] == w->group[b] ? w->group[a] : (uint32_t)w->input->n_groups;
    w->error[w->n_errors++] =
        (struct error_pair){w->unit[a], w->unit[b], set, genuine ? PAIR_GENUINE : PAIR_IMPOSTOR, (uint8_t)in};
}

static int pair_order(const struct scored_pair *x, const struct scored_pair *y)
{
    return x->a != y->a ? (x->a < y->a ? -1 : 1) : (x->b > y->b) - (x->b < y->b);
}

/* Both lists are in the order of (a, b). A pair that is an error in one only has changed sides. */
static void merge_errors(struct work *w, const struct scores *a, const struct scores *b)
{
    w->error = xcalloc(a->n_wrong + b->n_wrong + 1, sizeof *w->error);
    for (size_t i = 0, j = 0; i < a->n_wrong || j < b->n_wrong;) {
        int order = i == a->n_wrong ? 1 : j == b->n_wrong ? -1 : pair_order(&a->wrong[i], &b->wrong[j]);
        add_error(w, order <= 0 ? &a->wrong[i] : &b->wrong[j], order < 0 ? 1 : order > 0 ? 2 : 3);
        i += order <= 0;
        j += order >= 0;
    }
}

static bool compare_errors(struct work *w, struct err *err)
{
    struct scores scores[2];
    if (!find_errors(w, 0, &scores[0], err))
        return false;
    bool fine = find_errors(w, 1, &scores[1], err);
    if (fine) {
        merge_errors(w, &scores[0], &scores[1]);
        scores_release(&scores[1]);
    }
    scores_release(&scores[0]);
    return fine;
}

/* ---- counts and rates ---- */

static double rate_of(double errors, double pairs)
{
    return pairs > 0 ? errors / pairs : NAN;
}

static void count_in(struct group_change *g, const struct error_pair *e)
{
    for (int s = 0; s < 2; s++)
        g->errors[s][e->kind] += e->in >> s & 1;
    g->flipped[e->kind] += e->in != 3;
}

static struct change change_between(double a, double b)
{
    return (struct change){a, b, {NAN, NAN}};
}

/* A rate of every group, of one kind, in one space. */
static double ratio_of_groups(const struct work *w, int kind, int s)
{
    size_t n = w->input->n_groups;
    double *rate = xcalloc(n + 1, sizeof *rate);
    for (size_t g = 0; g < n; g++)
        rate[g] = rate_of(w->to->group[g].errors[s][kind], w->to->group[g].pairs[kind]);
    double ratio = n > 1 ? rates_ratio(rate, n) : NAN;
    free(rate);
    return ratio;
}

static void count_errors(struct work *w)
{
    struct comparison *c = w->to;
    double both[N_PAIR_KINDS] = {0};
    for (size_t i = 0; i < w->n_errors; i++) {
        const struct error_pair *e = &w->error[i];
        count_in(&c->all, e);
        if (e->set < w->input->n_groups)
            count_in(&c->group[e->set], e);
        both[e->kind] += e->in == 3;
    }
    for (size_t set = 0; set < w->n_sets; set++)
        for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
            struct group_change *g = change_of(w, set);
            g->rate[kind] = change_between(rate_of(g->errors[0][kind], g->pairs[kind]),
                                           rate_of(g->errors[1][kind], g->pairs[kind]));
        }
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        c->ratio[kind] = change_between(ratio_of_groups(w, kind, 0), ratio_of_groups(w, kind, 1));
    const struct group_change *all = &c->all;
    double flipped = all->flipped[PAIR_IMPOSTOR] + all->flipped[PAIR_GENUINE];
    double either =
        both[PAIR_IMPOSTOR] + all->flipped[PAIR_IMPOSTOR] + all->pairs[PAIR_GENUINE] - both[PAIR_GENUINE];
    c->churn = rate_of(flipped, all->pairs[PAIR_IMPOSTOR] + all->pairs[PAIR_GENUINE]);
    c->match_churn = rate_of(flipped, either);
}

/* ---- intervals ---- */

/* One draw of units: all rates anew. */
static void draw_task(void *ctx, size_t draw, int worker)
{
    struct work *w = ctx;
    size_t n_groups = w->input->n_groups, cells = 2 * N_PAIR_KINDS;
    (void)worker;
    if (progress_cancelled(w->progress))
        return;
    uint32_t *weight = xcalloc(w->n_units + 1, sizeof *weight);
    double *rate = w->rate + draw * w->n_sets * cells, pairs[N_PAIR_KINDS];
    unit_weights(weight, w->n_units, w->settings->seed, draw);
    for (size_t i = 0; i < w->n_errors; i++) {
        const struct error_pair *e = &w->error[i];
        double often = unit_pair_weight(weight, e->u, e->v);
        for (size_t s = 0; s < 2; s++)
            if (e->in >> s & 1) {
                rate[n_groups * cells + s * N_PAIR_KINDS + e->kind] += often;
                if (e->set < n_groups)
                    rate[e->set * cells + s * N_PAIR_KINDS + e->kind] += often;
            }
    }
    for (size_t set = 0; set < w->n_sets; set++) {
        unit_pairs_count(&w->pairs[set], weight, pairs);
        for (size_t cell = 0; cell < cells; cell++)
            rate[set * cells + cell] = rate_of(rate[set * cells + cell], pairs[cell % N_PAIR_KINDS]);
    }
    free(weight);
    progress_step(w->progress, 1);
}

static double drawn(const struct work *w, size_t draw, size_t set, int s, int kind)
{
    return w->rate[((draw * w->n_sets + set) * 2 + (size_t)s) * N_PAIR_KINDS + (size_t)kind];
}

static struct interval interval_of_draws(double *value, size_t n)
{
    struct middle m = middle_of(value, n, 0.95);
    return (struct interval){m.low, m.high};
}

static double drawn_ratio(const struct work *w, size_t draw, int s, int kind, double *rate)
{
    size_t n = w->input->n_groups;
    for (size_t g = 0; g < n; g++)
        rate[g] = drawn(w, draw, g, s, kind);
    return rates_ratio(rate, n);
}

static void read_draws(struct work *w, int kind)
{
    size_t draws = w->settings->draws, n_groups = w->input->n_groups;
    double *value = xcalloc(draws + 1, sizeof *value), *rate = xcalloc(n_groups + 1, sizeof *rate);
    for (size_t set = 0; set < w->n_sets; set++) {
        struct group_change *g = change_of(w, set);
        for (size_t i = 0; i < draws; i++)
            value[i] = drawn(w, i, set, 1, kind) - drawn(w, i, set, 0, kind);
        if (g->n_units >= AUDIT_MIN_UNITS)
            g->rate[kind].ci = interval_of_draws(value, draws);
    }
    if (n_groups > 1) {
        for (size_t i = 0; i < draws; i++)
            value[i] = drawn_ratio(w, i, 1, kind, rate) / drawn_ratio(w, i, 0, kind, rate);
        w->to->ratio[kind].ci = interval_of_draws(value, draws);
    }
    free(value);
    free(rate);
}

static bool find_intervals(struct work *w, struct err *err)
{
    size_t draws = w->settings->draws;
    if (draws == 0)
        return true;
    w->rate = mem_try(draws * w->n_sets * 2 * N_PAIR_KINDS, sizeof *w->rate, "draws", err);
    if (!w->rate)
        return false;
    progress_begin(w->progress, draws);
    pool_run(w->pool, draws, draw_task, w);
    if (progress_cancelled(w->progress))
        return err_set(err, "stopped");
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        read_draws(w, kind);
    return true;
}

/* ---- all of it ---- */

static void work_release(struct work *w)
{
    for (size_t set = 0; w->pairs && set < w->n_sets; set++)
        unit_pairs_release(&w->pairs[set]);
    free(w->pairs);
    free(w->identity);
    free(w->unit);
    free(w->group);
    free(w->error);
    free(w->rate);
}

static bool compare_decisions(struct work *w, struct err *err)
{
    w->to->n_groups = w->input->n_groups;
    w->to->group = xcalloc(w->input->n_groups + 1, sizeof *w->to->group);
    prepare_items(w);
    prepare_sets(w);
    if (!compare_errors(w, err))
        return false;
    count_errors(w);
    return find_intervals(w, err);
}

unsigned compare_parts(const struct compare_input *input)
{
    return input->identity ? 8 : 3; /* neighbours of both; shapes; thresholds, errors of both; draws */
}

bool compare_spaces(struct comparison *comparison, const struct compare_input *input,
                    const struct compare_settings *settings, struct pool *pool, struct progress *progress,
                    struct err *err)
{
    struct work w = {
        .input = input, .settings = settings, .pool = pool, .progress = progress, .to = comparison};
    *comparison = (struct comparison){.n = input->n, .k = settings->k, .churn = NAN, .match_churn = NAN};
    if (input->n < 2)
        return err_set(err, "%zu items: nothing to compare", input->n);
    if (comparison->k > input->n - 1)
        comparison->k = input->n - 1;
    bool fine = (compare_neighbours(&w) && compare_shapes(&w)) || err_set(err, "stopped");
    fine = fine && (!input->identity || compare_decisions(&w, err));
    work_release(&w);
    if (!fine)
        comparison_release(comparison);
    return fine;
}

void comparison_release(struct comparison *comparison)
{
    free(comparison->group);
    *comparison = (struct comparison){0};
}
