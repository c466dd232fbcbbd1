/* SPDX-License-Identifier: MIT
 *
 * nearfar neighbours: the exact nearest neighbours of every row of a table, as a table.
 */
#include "app/options.h"
#include "app/progress.h"
#include "app/reading.h"
#include "app/signals.h"
#include "base/check.h"
#include "base/file.h"
#include "data/embeddings.h"
#include "space/neighbours_each.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DEFAULT_K = 20 };

static const struct option neighbours_options[] = {
    {"k", 'k', OPTION_WHOLE, "N", 1, 100000, "how many of each (20)"},
    {"metric", 0, OPTION_CHOICE, "cosine|euclidean", 0, 0, "how nearness is measured (cosine)"},
    {"output", 'o', OPTION_TEXT, "NN.csv", 0, 0, "where to write (standard output)"},
    {0},
};

struct search {
    struct embeddings table;
    size_t k;
    enum each_metric metric;
    struct pool *pool;
    struct neighbours found;
    const char *path; /* NULL: standard output */
    bool failed;
    struct err wrong; /* where it failed */
};

static void search(void *ctx, struct progress *progress)
{
    struct search *s = ctx;
    neighbours_each(&s->found, s->table.rows, s->table.n, s->table.d, s->k, s->metric, s->pool, progress);
}

/* Similarity, or distance: nine digits bring a float back to the bit. */
static void write_rows(const struct search *s, FILE *to, struct progress *progress)
{
    bool far = s->metric == EACH_EUCLIDEAN;
    fprintf(to, "query,rank,neighbour,%s\n", far ? "distance" : "similarity");
    progress_begin(progress, s->found.n);
    for (size_t i = 0; i < s->found.n && !progress_cancelled(progress); i++) {
        for (size_t j = 0; j < s->k && s->found.index[i * s->k + j] != UINT32_MAX; j++) {
            double score = (double)s->found.score[i * s->k + j];
            fprintf(to, "%zu,%zu,%" PRIu32 ",%.9g\n", i, j + 1, s->found.index[i * s->k + j],
                    far ? sqrt(-score) : score);
        }
        progress_step(progress, 1);
    }
}

static void write_table(void *ctx, struct progress *progress)
{
    struct search *s = ctx;
    struct file_writer writer;
    if (!s->path) {
        write_rows(s, stdout, progress);
        return;
    }
    if (!file_begin(&writer, s->path, &s->wrong))
        s->failed = true;
    else {
        write_rows(s, writer.stream, progress);
        if (progress_cancelled(progress))
            file_abandon(&writer);
        else
            s->failed = !file_commit(&writer, &s->wrong);
    }
}

static void say_who_is_left_out(const struct search *s)
{
    size_t alone = 0;
    for (size_t i = 0; i < s->found.n && s->k > 0; i++)
        alone += s->found.index[i * s->k] == UINT32_MAX;
    if (alone > 0 && s->found.n > 1)
        fprintf(stderr, "nearfar neighbours: %zu of %zu rows have no neighbours: %s\n", alone, s->found.n,
                s->metric == EACH_COSINE ? "they are zero or not finite and have no direction"
                                         : "they are not finite");
}

/* The lists of all rows stand in memory while they grow. */
static bool lists_fit(const struct search *s, struct err *err)
{
    enum { GB = 1000000000 };
    double entry = (double)(sizeof *s->found.index + sizeof *s->found.score);
    double needed = (double)s->table.n * (double)s->k * entry;
    double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    return needed < memory / 2 ||
           err_set(err,
                   "%zu neighbours of each of %zu rows need %.1f GB of memory, half of this machine's is "
                   "%.1f GB: ask for fewer with -k",
                   s->k, s->table.n, needed / GB, memory / 2 / GB);
}

static enum exit_code find_and_write(struct search *s, const struct options *options, struct err *err)
{
    s->k = (size_t)option_number(options, "k", DEFAULT_K);
    if (s->k > s->table.n - 1)
        s->k = s->table.n - 1;
    if (!lists_fit(s, err))
        return EXIT_NO;
    s->metric = (enum each_metric)option_choice(options, "metric", EACH_COSINE);
    s->pool = pool_new(option_threads(options), 0);
    bool fine = watch_work("neighbours", search, s);
    pool_free(s->pool);
    s->path = option_text(options, "output", NULL);
    fine = fine && watch_work("writing", write_table, s);
    if (!fine)
        err_set(err, s->path ? "stopped; nothing was written" : "stopped");
    else if (s->failed) {
        *err = s->wrong;
        fine = false;
    }
    if (fine)
        say_who_is_left_out(s);
    neighbours_release(&s->found);
    return fine ? EXIT_FINE : EXIT_NO;
}

static enum exit_code run_neighbours(const struct options *options)
{
    struct search s = {.k = 0};
    struct err err;
    signals_catch(NULL);
    if (!reading_table(&s.table, options->operand[0], &err)) {
        embeddings_release(&s.table);
        return complain(options, signals_caught() ? EXIT_NO : EXIT_USAGE, &err);
    }
    enum exit_code code = find_and_write(&s, options, &err);
    embeddings_release(&s.table);
    return code == EXIT_FINE ? code : complain(options, code, &err);
}

const struct subcommand command_neighbours = {
    .entry = {"neighbours", "The exact nearest neighbours of every row of a table of embeddings.", NULL},
    .usage = "EMB.npy [--k 20] [--metric cosine|euclidean] [-o NN.csv]",
    .option = {neighbours_options, common_options},
    .min_operands = 1,
    .max_operands = 1,
    .notes = "EMB is a .npy, CSV or TSV, one row an item. Columns: query, rank (from 1), neighbour, and\n"
             "similarity or distance. Rows are counted from 0; a row is not its own neighbour; of equally\n"
             "near ones the lower row comes first.",
    .run = run_neighbours,
};
