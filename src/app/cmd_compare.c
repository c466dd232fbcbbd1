/* SPDX-License-Identifier: MIT
 *
 * nearfar compare: two runs, or two tables of the same items, side by side: whose neighbours are the same,
 * how alike the spaces are, and what was measured of each last.
 */
#include "app/options.h"
#include "base/check.h"
#include "base/strbuf.h"
#include "data/embeddings.h"
#include "run/run.h"
#include "space/association.h"
#include "space/graph.h"
#include "space/neighbours_each.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_K = 10 };

static const struct option compare_options[] = {
    {"k", 'k', OPTION_WHOLE, "N", 1, 1000, "how many neighbours of each item (10)"},
    {"json", 0, OPTION_FLAG, NULL, 0, 0, "as one JSON object"},
    {0},
};

struct side {
    const char *path;
    struct embeddings table;
    struct csv items, metrics; /* of a run; else empty */
};

struct comparison {
    struct side side[2];
    size_t k;
    double jaccard, cka;
};

static bool open_side(struct side *side, struct err *err)
{
    char path[RUN_PATH_SIZE];
    if (!run_is_there(side->path))
        return embeddings_read(&side->table, side->path, err);
    run_path(path, side->path, RUN_EMBEDDINGS);
    if (!embeddings_read(&side->table, path, err))
        return false;
    run_path(path, side->path, RUN_ITEMS);
    if (!csv_read(path, &side->items, err))
        return false;
    run_path(path, side->path, RUN_METRICS);
    return csv_read(path, &side->metrics, err);
}

static void close_side(struct side *side)
{
    embeddings_release(&side->table);
    csv_release(&side->items);
    csv_release(&side->metrics);
}

/* Rows can only be compared where they are of the same items. */
static bool same_items(const struct comparison *c, struct err *err)
{
    const struct side *a = &c->side[0], *b = &c->side[1];
    if (a->table.n != b->table.n)
        return err_set(err, "%.120s has %zu items, %.120s has %zu: compare spaces of the same items", a->path,
                       a->table.n, b->path, b->table.n);
    if (a->items.columns == 0 || b->items.columns == 0)
        return true;
    for (size_t i = 0; i < a->items.rows && i < b->items.rows; i++)
        if (strcmp(a->items.cell[i * a->items.columns], b->items.cell[i * b->items.columns]) != 0)
            return err_set(
                err, "row %zu is item %.40s in %.120s and %.40s in %.120s: train both on the same seed", i,
                a->items.cell[i * a->items.columns], a->path, b->items.cell[i * b->items.columns], b->path);
    return true;
}

static void compare_spaces(struct comparison *c, struct pool *pool)
{
    const struct embeddings *a = &c->side[0].table, *b = &c->side[1].table;
    struct neighbours near[2];
    if (c->k > a->n - 1)
        c->k = a->n - 1;
    neighbours_each(&near[0], a->rows, a->n, a->d, c->k, EACH_COSINE, pool, NULL);
    neighbours_each(&near[1], b->rows, b->n, b->d, c->k, EACH_COSINE, pool, NULL);
    float *each = xcalloc(a->n + 1, sizeof *each);
    c->jaccard = graph_jaccard(&near[0], &near[1], each);
    c->cka = cka_debiased(a->rows, a->d, b->rows, b->d, a->n);
    free(each);
    neighbours_release(&near[0]);
    neighbours_release(&near[1]);
}

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

static void print_json(const struct comparison *c)
{
    const struct csv *a = &c->side[0].metrics, *b = &c->side[1].metrics;
    const char *between = "";
    double x, y;
    printf("{\"items\": %zu, \"k\": %zu, \"jaccard\": ", c->side[0].table.n, c->k);
    print_json_number(c->jaccard);
    printf(", \"cka_debiased\": ");
    print_json_number(c->cka);
    printf(", \"metrics\": {");
    for (size_t i = 0; i < a->columns; i++) {
        if (!text_to_double(last_of(a, a->name[i]), &x) || !text_to_double(last_of(b, a->name[i]), &y))
            continue;
        printf("%s\"%s\": [%.9g, %.9g]", between, a->name[i], x, y);
        between = ", ";
    }
    printf("}}\n");
}

static void print_table(const struct comparison *c)
{
    const struct csv *a = &c->side[0].metrics, *b = &c->side[1].metrics;
    double x, y;
    printf("%zu items, cosine\n", c->side[0].table.n);
    printf("neighbours the same      %8.3f   Jaccard of the %zu nearest: 1 all, 0 none\n", c->jaccard, c->k);
    printf("spaces alike             %8.3f   linear CKA, debiased: 1 the same but for turning, 0 unrelated\n",
           c->cka);
    if (a->columns > 0 && b->columns > 0)
        printf("\n%-24s %12.12s %12.12s %12s\n", "last measured", "A", "B", "B - A");
    for (size_t i = 0; i < a->columns; i++)
        if (text_to_double(last_of(a, a->name[i]), &x) && text_to_double(last_of(b, a->name[i]), &y))
            printf("%-24.24s %12.5g %12.5g %+12.4g\n", a->name[i], x, y, y - x);
}

static enum exit_code run_compare(const struct options *options)
{
    struct comparison c = {.k = (size_t)option_number(options, "k", DEFAULT_K)};
    struct err err;
    c.side[0].path = options->operand[0];
    c.side[1].path = options->operand[1];
    bool fine = open_side(&c.side[0], &err) && open_side(&c.side[1], &err) && same_items(&c, &err);
    if (fine) {
        struct pool *pool = pool_new(option_threads(options), 0);
        compare_spaces(&c, pool);
        pool_free(pool);
        if (option_given(options, "json"))
            print_json(&c);
        else
            print_table(&c);
    }
    close_side(&c.side[0]);
    close_side(&c.side[1]);
    return fine ? EXIT_FINE : complain(options, EXIT_USAGE, &err);
}

const struct subcommand command_compare = {
    .entry = {"compare", "Two runs, or two tables of the same items, side by side.", NULL},
    .usage = "RUN_A RUN_B [--k 10] [--json]",
    .option = {compare_options, common_options},
    .min_operands = 2,
    .max_operands = 2,
    .notes = "Of runs the probe's embeddings and the last row of metrics.csv are compared; both must have\n"
             "watched the same items. Tables (.npy, CSV, TSV) are compared row by row.",
    .run = run_compare,
};
