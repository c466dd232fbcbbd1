/* SPDX-License-Identifier: MIT
 *
 * nearfar project: the principal components of a table, as a table.
 */
#include "app/options.h"
#include "app/progress.h"
#include "app/reading.h"
#include "app/signals.h"
#include "base/check.h"
#include "data/embeddings.h"
#include "data/npy.h"
#include "space/pca.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DEFAULT_COMPONENTS = 10 };

static const struct option project_options[] = {
    {"components", 0, OPTION_WHOLE, "N", 1, 65536, "how many axes (10)"},
    {"output", 'o', OPTION_TEXT, "XY.npy", 0, 0, "the table of coordinates to write: float32"},
    {"json", 0, OPTION_FLAG, NULL, 0, 0, "say how much each axis explains as JSON"},
    {0},
};

struct projecting {
    struct embeddings table;
    size_t n_axes;
    struct pool *pool;
    struct pca pca;
    float *out; /* (n, n_axes) */
};

static void project(void *ctx, struct progress *progress)
{
    struct projecting *p = ctx;
    progress_expect(progress, pca_parts(p->table.n, p->table.d));
    if (pca_fit(&p->pca, p->table.rows, p->table.n, p->table.d, p->n_axes, p->pool, progress))
        pca_apply(&p->pca, p->table.rows, p->table.n, p->out, p->pool, progress);
}

static void print_list(const char *name, const struct pca *pca, double of)
{
    printf(", \"%s\": [", name);
    for (size_t k = 0; k < pca->n_axes; k++)
        printf("%s%.9g", k ? ", " : "", of > 0 ? pca->variance[k] / of : 0);
    printf("]");
}

static void print_json(const struct projecting *p)
{
    printf("{\"n\": %zu, \"d\": %zu, \"fitted\": %zu, \"components\": %zu, \"total_variance\": %.9g",
           p->table.n, p->table.d, p->pca.n_fitted, p->pca.n_axes, p->pca.total);
    print_list("explained_variance", &p->pca, 1);
    print_list("explained_variance_ratio", &p->pca, p->pca.total);
    printf("}\n");
}

static void print_table(const struct projecting *p)
{
    double sum = 0;
    printf("axis     variance   share     sum   (%zu rows of %zu numbers, centred)\n", p->pca.n_fitted,
           p->table.d);
    for (size_t k = 0; k < p->pca.n_axes; k++) {
        double share = p->pca.total > 0 ? p->pca.variance[k] / p->pca.total : 0;
        sum += share;
        printf("%4zu %12.6g  %5.1f %%  %5.1f %%\n", k + 1, p->pca.variance[k], 100 * share, 100 * sum);
    }
}

/* There are as many axes as the smaller side has, and that side squared is held. */
static bool it_fits(const struct projecting *p, const char *path, struct err *err)
{
    enum { GB = 1000000000 };
    size_t n = p->table.n, d = p->table.d, side = n < d ? n : d;
    double needed = pca_bytes(n, d, p->n_axes);
    double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (side <= PCA_WIDEST && needed < memory)
        return true;
    return err_set(
        err,
        "%s: %zu rows of %zu columns need %.1f GB, this machine has %.1f GB; exact axes take at most "
        "%d of one of the two: leave rows or columns out",
        path, n, d, needed / GB, memory / GB, PCA_WIDEST);
}

static bool project_and_write(struct projecting *p, const struct options *options, struct err *err)
{
    size_t wanted = (size_t)option_number(options, "components", DEFAULT_COMPONENTS);
    size_t n = p->table.n, d = p->table.d, side = n < d ? n : d;
    p->n_axes = wanted < side ? wanted : side;
    if (!it_fits(p, options->operand[0], err))
        return false;
    p->out = mem_try(p->table.n * p->n_axes, sizeof *p->out, "coordinates", err);
    if (!p->out)
        return false;
    p->pool = pool_new(option_threads(options), 0);
    bool fine = watch_work("projection", project, p);
    pool_free(p->pool);
    if (!fine)
        return err_set(err, "stopped; nothing was written");
    if (!isfinite(p->pca.total))
        return err_set(err, "%s: its numbers are too large for their squares: divide them all by one number",
                       options->operand[0]);
    const char *path = option_text(options, "output", NULL);
    if (path && !npy_write(path, p->out, p->table.n, p->n_axes, err))
        return false;
    if (option_given(options, "json"))
        print_json(p);
    else
        print_table(p);
    if (p->pca.n_fitted < p->table.n)
        fprintf(stderr, "nearfar project: %zu rows are not finite: left out, their coordinates are NaN\n",
                p->table.n - p->pca.n_fitted);
    return true;
}

static enum exit_code run_project(const struct options *options)
{
    struct projecting p = {.n_axes = 0};
    struct err err;
    signals_catch(NULL);
    if (!reading_table(&p.table, options->operand[0], &err)) {
        embeddings_release(&p.table);
        return complain(options, signals_caught() ? EXIT_NO : EXIT_USAGE, &err);
    }
    bool fine = project_and_write(&p, options, &err);
    pca_release(&p.pca);
    free(p.out);
    embeddings_release(&p.table);
    return fine ? EXIT_FINE : complain(options, EXIT_NO, &err);
}

const struct subcommand command_project = {
    .entry = {"project", "The principal components of a table of embeddings.", NULL},
    .usage = "EMB.npy [--components 10] [-o XY.npy] [--json]",
    .option = {project_options, common_options},
    .min_operands = 1,
    .max_operands = 1,
    .notes = "EMB is a .npy, CSV or TSV, one row an item. Rows are centred and not scaled; each axis is\n"
             "signed so that its loading of largest size is positive.",
    .run = run_project,
};
