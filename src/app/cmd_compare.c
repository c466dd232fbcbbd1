/* SPDX-License-Identifier: MIT
 *
 * nearfar compare: two runs, or two tables of the same items, side by side: whose neighbours are the same,
 * how alike the spaces are, which decisions change at a matched threshold, for whom; beside what another seed
 * alone changes.
 */
#include "app/compare_tables.h"
#include "app/options.h"
#include "app/progress.h"
#include "app/reading.h"
#include "app/sensitivity.h"
#include "app/signals.h"
#include "base/check.h"
#include "ui/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_K = 10 };

static const struct option compare_options[] = {
    {"k", 'k', OPTION_WHOLE, "N", 1, 1000, "how many neighbours of each item (10)"},
    {"group", 0, OPTION_TEXT, "COLUMN", 0, 0, "whose error rates change; A,B crosses two"},
    {"relation", 0, OPTION_TEXT, "COLUMN", 0, 0,
     "equal values make a pair genuine (identity, else label, where there is one)"},
    {"unit", 0, OPTION_TEXT, "COLUMN", 0, 0,
     "what was sampled, for intervals (the identity if there is one, else each item)"},
    {"items", 0, OPTION_TEXT, "ITEMS.csv", 0, 0, "of tables: what is known of each row, in the same order"},
    {"target", 0, OPTION_TEXT, "fmr=R|fnmr=R|eer", 0, 0,
     "choose each space's threshold by a rate of its own (fmr=0.01)"},
    {"floor", 0, OPTION_TEXT, "RUN", 0, 0,
     "A with another seed: what chance alone changes; may be repeated (the runs beside A that differ in the "
     "seed alone)"},
    {"json", 0, OPTION_FLAG, NULL, 0, 0, "as one JSON object"},
    {0},
};

struct work {
    const struct options *options;
    struct compare_tables *tables;
    struct compare_settings settings;
    struct comparison moved[1 + COMPARE_FLOORS]; /* B, then the floors */
    size_t n_moved;
    struct pool *pool;
    bool fine;
    struct err wrong;
};

static void compare_beside(void *ctx, struct progress *progress)
{
    struct work *w = ctx;
    w->fine = true;
    for (size_t side = 1; side < w->tables->n_sides && w->fine; side++) {
        struct compare_input input = compare_tables_input(w->tables, side);
        progress_expect(progress, side == 1 ? compare_parts(&input) * (unsigned)(w->tables->n_sides - 1) : 0);
        w->fine = compare_spaces(&w->moved[w->n_moved], &input, &w->settings, w->pool, progress, &w->wrong);
        w->n_moved += w->fine;
    }
}

/* ---- a number beside the floor ---- */

/* Numbers of a comparison that have a floor. `more`: a larger one means more has changed. */
static const struct quantity_of {
    const char *key, *name, *meaning;
    size_t offset;
    bool more, pairs;
} quantities[] = {
    {"jaccard", "neighbours the same", "Jaccard of the %zu nearest: 1 all, 0 none",
     offsetof(struct comparison, jaccard), false, false},
    {"cka_debiased", "spaces alike", "linear CKA, debiased: 1 the same but for turning, 0 unrelated",
     offsetof(struct comparison, cka), false, false},
    {"rbo", "order of the nearest", "rank-biased overlap of the %zu nearest at p = 0.9: 1 the same order",
     offsetof(struct comparison, rbo), false, false},
    {"overlap", "nearest kept", "share of the %zu nearest that stay", offsetof(struct comparison, overlap),
     false, false},
    {"churn", "decisions changed", "share of all pairs that match in one space only",
     offsetof(struct comparison, churn), true, true},
    {"match_churn", "matches changed", "of the pairs that match in either, those that do in one only",
     offsetof(struct comparison, match_churn), true, true},
};

static double value_of(const struct comparison *c, const struct quantity_of *q)
{
    return *(const double *)(const void *)((const char *)c + q->offset);
}

/* Of the floors: the mean, and the one that moved most. */
struct floor_value {
    double mean, most;
};

static struct floor_value floor_of(const struct work *w, const struct quantity_of *q)
{
    struct floor_value floor = {0, NAN};
    for (size_t i = 1; i < w->n_moved; i++) {
        double value = value_of(&w->moved[i], q);
        floor.mean += value / (double)(w->n_moved - 1);
        floor.most = q->more ? fmax(floor.most, value) : fmin(floor.most, value);
    }
    return w->n_moved > 1 ? floor : (struct floor_value){NAN, NAN};
}

/* The largest change that another seed makes to a rate of a group. */
static double floor_of_rate(const struct work *w, size_t g, int kind)
{
    double most = NAN;
    for (size_t i = 1; i < w->n_moved; i++) {
        const struct change *rate = &w->moved[i].group[g].rate[kind];
        most = fmax(most, fabs(rate->b - rate->a));
    }
    return most;
}

/* ---- as JSON ---- */

/* The last row's cell of that name; "" where there is none. */
static const char *last_of(const struct csv *csv, const char *name)
{
    int column = csv->rows ? csv_find(csv, name) : -1;
    return column < 0 ? "" : csv->cell[(csv->rows - 1) * csv->columns + (size_t)column];
}

static void print_json_number(double value)
{
    if (isfinite(value))
        printf("%.9g", value);
    else
        printf("null");
}

static void print_json_text(const char *text)
{
    char clean[256];
    text_clean(clean, sizeof clean, text);
    json_t *string = json_string(clean);
    char *quoted = json_dumps(string, JSON_ENCODE_ANY);
    printf("%s", quoted);
    free(quoted);
    json_decref(string);
}

static void print_json_list(const char *key, const double *value, size_t n)
{
    printf("\"%s\": [", key);
    for (size_t i = 0; i < n; i++) {
        printf(i ? ", " : "");
        print_json_number(value[i]);
    }
    printf("]");
}

/* [A, B, low, high] */
static void print_json_change(const char *key, const struct change *change)
{
    print_json_list(key, (const double[]){change->a, change->b, change->ci.low, change->ci.high}, 4);
}

static void print_json_groups(const struct work *w)
{
    const struct comparison *c = &w->moved[0];
    const struct audit_table *about = &w->tables->about;
    printf(", ");
    print_json_list("threshold", c->threshold, 2);
    printf(", ");
    print_json_change("fmr_ratio", &c->ratio[PAIR_IMPOSTOR]);
    printf(", ");
    print_json_change("fnmr_ratio", &c->ratio[PAIR_GENUINE]);
    printf(", \"groups\": [");
    for (size_t g = 0; g < c->n_groups; g++) {
        const struct group_change *group = &c->group[g];
        printf("%s{\"group\": ", g ? ", " : "");
        print_json_text(about->names.group[g]);
        printf(", \"n_items\": %zu, \"n_ids\": %zu, ", group->n_items, group->n_units);
        print_json_change("fmr", &group->rate[PAIR_IMPOSTOR]);
        printf(", ");
        print_json_change("fnmr", &group->rate[PAIR_GENUINE]);
        printf(", ");
        print_json_list(
            "floor", (const double[]){floor_of_rate(w, g, PAIR_IMPOSTOR), floor_of_rate(w, g, PAIR_GENUINE)},
            2);
        printf("}");
    }
    printf("]");
}

static void print_json_floor(const struct work *w)
{
    printf(", \"floor\": {\"n\": %zu", w->n_moved - 1);
    for (size_t q = 0; q < ARRAY_LEN(quantities); q++)
        if (w->tables->has_pairs || !quantities[q].pairs) {
            struct floor_value floor = floor_of(w, &quantities[q]);
            printf(", ");
            print_json_list(quantities[q].key, (const double[]){floor.mean, floor.most}, 2);
        }
    printf("}");
}

static void print_json_metrics(const struct csv *a, const struct csv *b)
{
    const char *between = "";
    double x, y;
    printf(", \"metrics\": {");
    for (size_t i = 0; i < a->columns; i++) {
        if (!text_to_double(last_of(a, a->name[i]), &x) || !text_to_double(last_of(b, a->name[i]), &y))
            continue;
        printf("%s", between);
        print_json_text(a->name[i]);
        printf(": [%.9g, %.9g]", x, y);
        between = ", ";
    }
    printf("}");
}

static void print_json(const struct work *w)
{
    const struct comparison *c = &w->moved[0];
    printf("{\"items\": %zu, \"dimensions\": [%zu, %zu], \"k\": %zu, \"cka_biased\": ", c->n,
           w->tables->side[0].table.d, w->tables->side[1].table.d, c->k);
    print_json_number(c->cka_biased);
    for (size_t q = 0; q < ARRAY_LEN(quantities); q++)
        if (w->tables->has_pairs || !quantities[q].pairs) {
            printf(", \"%s\": ", quantities[q].key);
            print_json_number(value_of(c, &quantities[q]));
        }
    if (w->tables->has_pairs)
        print_json_groups(w);
    if (w->n_moved > 1)
        print_json_floor(w);
    print_json_metrics(&w->tables->side[0].metrics, &w->tables->side[1].metrics);
    printf("}\n");
}

/* ---- as a table ---- */

static void print_heading(const struct work *w)
{
    const struct comparison *c = &w->moved[0];
    const struct compare_side *a = &w->tables->side[0];
    printf("%zu items%s, %zu and %zu dimensions, cosine", c->n,
           c->n < a->table.n ? " that all of them have" : "", a->table.d, w->tables->side[1].table.d);
    if (w->tables->has_pairs)
        printf("; same = same %s; threshold A %.3f, B %.3f", w->tables->about.names.relation, c->threshold[0],
               c->threshold[1]);
    printf("\n%-22s %8s", "", "A to B");
    if (w->n_moved > 1)
        printf("   %8s %8s   of %zu other seed%s", "mean", "most", w->n_moved - 1,
               w->n_moved == 2 ? "" : "s");
    printf("\n");
}

/* "-" where it is not defined. */
static const char *figure(char text[32], const char *format, double value)
{
    snprintf(text, 32, isnan(value) ? "-" : format, value);
    return text;
}

static void print_quantities(const struct work *w)
{
    for (size_t i = 0; i < ARRAY_LEN(quantities); i++) {
        const struct quantity_of *q = &quantities[i];
        if (q->pairs && !w->tables->has_pairs)
            continue;
        char value[32], mean[32], most[32];
        printf("%-22s %8s   ", q->name, figure(value, "%.3f", value_of(&w->moved[0], q)));
        if (w->n_moved > 1)
            printf("%8s %8s   ", figure(mean, "%.3f", floor_of(w, q).mean),
                   figure(most, "%.3f", floor_of(w, q).most));
        printf(q->meaning, w->moved[0].k);
        printf("\n");
    }
}

static void print_rate(const struct work *w, const char *name, size_t g, int kind)
{
    const struct change *rate = &w->moved[0].group[g].rate[kind];
    char range[48] = "-";
    if (!isnan(rate->ci.low))
        snprintf(range, sizeof range, "%+.2g to %+.2g", 100 * rate->ci.low, 100 * rate->ci.high);
    char a[32], b[32], apart[32], cell[72];
    printf("%s %5s %9s %9s %9s   %-18s", text_column(name, -16, cell, sizeof cell),
           kind == PAIR_GENUINE ? "FNMR" : "FMR", figure(a, "%.3g", 100 * rate->a),
           figure(b, "%.3g", 100 * rate->b), figure(apart, "%+.2g", 100 * (rate->b - rate->a)), range);
    if (w->n_moved > 1)
        printf(" %8.2g", 100 * floor_of_rate(w, g, kind));
    printf("\n");
}

static void print_groups(const struct work *w)
{
    const struct comparison *c = &w->moved[0];
    printf("\n%-16s %5s %9s %9s %9s   %-18s%s\n", "group", "", "A %", "B %", "B - A", "95 %",
           w->n_moved > 1 ? "  seeds up to" : "");
    for (size_t g = 0; g < c->n_groups; g++)
        for (int kind = 0; kind < N_PAIR_KINDS; kind++)
            print_rate(w, w->tables->about.names.group[g], g, kind);
    for (int kind = 0; kind < N_PAIR_KINDS && c->n_groups > 1; kind++) {
        const struct change *ratio = &c->ratio[kind];
        char a[32], b[32], times[32];
        printf("%-16s %5s %9s %9s %9s", "worst / best", kind == PAIR_GENUINE ? "FNMR" : "FMR",
               figure(a, "%.3g", ratio->a), figure(b, "%.3g", ratio->b),
               figure(times, "%.2gx", ratio->b / ratio->a));
        if (!isnan(ratio->ci.low))
            printf("   %.2g to %.2g", ratio->ci.low, ratio->ci.high);
        printf("\n");
    }
}

/* Said only where there is something to say it beside. */
static void print_verdict(const struct work *w)
{
    const struct quantity_of *q = &quantities[w->tables->has_pairs ? ARRAY_LEN(quantities) - 1 : 0];
    double value = value_of(&w->moved[0], q), most = floor_of(w, q).most;
    if (w->n_moved == 1)
        printf(
            "\nHow much another seed alone would change is not known: --floor RUN, of A with another seed\n"
            "(trained with --set split-seed=%llu, so that the same items are held out).\n",
            w->tables->side[0].seed);
    else if (q->more ? value > most : value < most)
        printf("\nB differs from A by more than another seed does: %s %.3f, %.3f by seed.\n", q->name, value,
               most);
    else
        printf("\nB differs from A by no more than another seed does: %s %.3f, %.3f by seed.\n", q->name,
               value, most);
}

static void print_metrics(const struct csv *a, const struct csv *b)
{
    double x, y;
    if (a->columns > 0 && b->columns > 0)
        printf("\n%-24s %12.12s %12.12s %12s\n", "last measured", "A", "B", "B - A");
    for (size_t i = 0; i < a->columns; i++)
        if (text_to_double(last_of(a, a->name[i]), &x) && text_to_double(last_of(b, a->name[i]), &y)) {
            char clean[200], cell[104];
            text_clean(clean, sizeof clean, a->name[i]);
            printf("%s %12.5g %12.5g %+12.4g\n", text_column(clean, -24, cell, sizeof cell), x, y, y - x);
        }
}

static void print_table(const struct work *w)
{
    print_heading(w);
    print_quantities(w);
    if (w->tables->has_pairs)
        print_groups(w);
    print_verdict(w);
    print_metrics(&w->tables->side[0].metrics, &w->tables->side[1].metrics);
}

/* ---- all of it ---- */

static bool read_settings(struct work *w, struct err *err)
{
    const struct options *o = w->options;
    enum audit_target target;
    double at = 0;
    if (!audit_read_target(&target, &at, option_text(o, "target", "fmr=0.01"), err))
        return false;
    w->settings = (struct compare_settings){(size_t)option_number(o, "k", DEFAULT_K),
                                            {{target, at}, {target, at}},
                                            COMPARE_DRAWS,
                                            (uint64_t)option_number(o, "seed", 1)};
    return true;
}

static bool open_all(void *ctx, struct progress *progress, struct err *err)
{
    struct work *w = ctx;
    const struct options *o = w->options;
    struct compare_source source = {option_text(o, "items", NULL), option_text(o, "group", NULL),
                                    option_text(o, "relation", NULL), option_text(o, "unit", NULL)};
    w->tables->progress = progress;
    if (!compare_tables_open(w->tables, o->operand[0], o->operand[1], err))
        return false;
    for (size_t i = 0; option_repeated(o, "floor", i); i++)
        if (!compare_tables_floor(w->tables, option_repeated(o, "floor", i), err))
            return false;
    return (option_given(o, "floor") || compare_tables_find_floors(w->tables, err)) &&
           compare_tables_match(w->tables, &source, err);
}

static enum exit_code carry_out(struct work *w, struct err *err)
{
    if (!read_settings(w, err))
        return EXIT_USAGE;
    if (!reading_watch(open_all, w, err))
        return signals_caught() ? EXIT_INCONCLUSIVE : EXIT_USAGE;
    w->tables->progress = NULL;
    w->pool = pool_new(option_threads(w->options), 0);
    if (!watch_work("comparing", compare_beside, w)) {
        err_set(err, "stopped");
        return EXIT_INCONCLUSIVE;
    }
    *err = w->wrong;
    if (!w->fine)
        return EXIT_USAGE;
    if (option_given(w->options, "json"))
        print_json(w);
    else
        print_table(w);
    return EXIT_FINE;
}

static enum exit_code run_compare(const struct options *options)
{
    struct work *w = xcalloc(1, sizeof *w);
    struct err err;
    w->options = options;
    w->tables = xcalloc(1, sizeof *w->tables);
    signals_catch(NULL);
    enum exit_code code = carry_out(w, &err);
    if (code != EXIT_FINE)
        complain(options, code, &err);
    for (size_t i = 0; i < w->n_moved; i++)
        comparison_release(&w->moved[i]);
    pool_free(w->pool);
    compare_tables_release(w->tables);
    free(w);
    return code;
}

const struct subcommand command_compare = {
    .entry = {"compare", "Two runs, or two tables of the same items, side by side.", NULL},
    .usage = "RUN_A RUN_B [--group COLUMN] [--target fmr=0.01] [--floor RUN] [--k 10] [--json]",
    .option = {compare_options, common_options},
    .min_operands = 2,
    .max_operands = 2,
    .notes =
        "Of runs the probe's embeddings and the last row of metrics.csv are compared; items are matched\n"
        "by their id. Tables (.npy, CSV, TSV) are compared row by row. A run of another seed watches the\n"
        "same items with --set split-seed=SEED_OF_A.",
    .run = run_compare,
};
