/* SPDX-License-Identifier: MIT
 *
 * nearfar loss: any objective of the list on tables of embeddings from anywhere, with its gradient.
 */
#include "app/json.h"
#include "app/options.h"
#include "base/check.h"
#include "data/npy.h"
#include "loss/loss.h"
#include "loss/rows.h"
#include "method/method.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KNOBS = METHOD_MAX_KNOBS };

static const struct option loss_options[] = {
    {"set", 0, OPTION_TEXT, "NAME=VALUE", 0, 0,
     "a number of the objective, such as tau=0.2; may be repeated"},
    {"method", 0, OPTION_TEXT, "NAME", 0, 0, "the objective of this method, in the place of NAME"},
    {"labels", 0, OPTION_TEXT, "Y.npy", 0, 0, "class of each row, a whole number; below 0: unknown"},
    {"same", 0, OPTION_TEXT, "S.npy", 0, 0, "for each pair of rows: 1 alike, 0 not"},
    {"queue", 0, OPTION_TEXT, "Q.npy", 0, 0, "keys to tell apart from; they are scaled to unit length"},
    {"center", 0, OPTION_TEXT, "C.npy", 0, 0, "the centre that is taken off the target"},
    {"symmetric", 0, OPTION_FLAG, NULL, 0, 0,
     "both directions, as the method combines them; both views where one is taken (triplet, uniformity)"},
    {"grad-a", 0, OPTION_TEXT, "GA.npy", 0, 0,
     "write the gradient with respect to the rows of A as they are"},
    {"grad-b", 0, OPTION_TEXT, "GB.npy", 0, 0, "the same for B"},
    {"json", 0, OPTION_FLAG, NULL, 0, 0, "one JSON object: loss, grad_t, grad_b, rows_used, ..."},
    {0},
};

/* One evaluation; released in one place. */
struct evaluation {
    const struct options *options;
    const struct loss *loss;
    double knob[MAX_KNOBS];
    real *a, *b, *queue, *center, *da, *db;
    int32_t *labels;
    uint8_t *same;
    struct loss_io io;
};

/* ---- which objective ---- */

static bool find_loss(struct evaluation *e, const char *name, struct err *err)
{
    e->loss = loss_find(name);
    if (e->loss)
        return true;
    char losses[280], methods[160];
    axis_names(&loss_axis, losses, sizeof losses);
    axis_names(&method_axis, methods, sizeof methods);
    return err_set(err, "%s: no such objective; there are %s, and those of the methods %s", name, losses,
                   methods);
}

static bool set_knobs(struct evaluation *e, struct err *err)
{
    const struct knob *knobs = e->loss->entry.knobs;
    CHECK(knob_count(knobs) <= MAX_KNOBS);
    for (size_t i = 0; i < knob_count(knobs); i++)
        e->knob[i] = knobs[i].value;
    const char *pair;
    for (size_t i = 0; (pair = option_repeated(e->options, "set", i)); i++) {
        char name[32];
        const char *text;
        double value;
        if (!split_pair(pair, name, sizeof name, &text, err))
            return err_within(err, "--set");
        const struct knob *knob = loss_knob(e->loss, name);
        if (!knob)
            return err_set(err, "--set %s: %s has no number of this name", pair, e->loss->entry.name);
        if (!knob_parse(knob, text, &value, err))
            return err_within(err, "--set");
        e->knob[knob - knobs] = value;
    }
    return true;
}

/* ---- the tables ---- */

/* Reads a table of `rows` rows and `columns` columns, 0: any. */
static bool read_table(const char *path, size_t rows, size_t columns, struct table *table, struct err *err)
{
    if (!npy_read(path, table, err))
        return false;
    if ((rows && table->rows != rows) || (columns && table->columns != columns)) {
        err_set(err, "%s: is %zu x %zu; %zu x %zu is wanted to go with the first table", path, table->rows,
                table->columns, rows ? rows : table->rows, columns ? columns : table->columns);
        table_release(table);
        return false;
    }
    return true;
}

/* Embeddings, each value finite in float. NULL and err otherwise. */
static real *read_rows(const char *path, size_t *rows, size_t *columns, struct err *err)
{
    struct table table;
    if (!read_table(path, *rows, *columns, &table, err))
        return NULL;
    size_t count = table.rows * table.columns;
    real *values = mem_try(count + 1, sizeof *values, path, err);
    if (values && count == 0) {
        err_set(err, "%s: the table is empty", path);
        free(values);
        values = NULL;
    }
    for (size_t i = 0; values && i < count; i++) {
        values[i] = (real)table.values[i];
        if (!isfinite(values[i])) {
            err_set(err, "%s: row %zu, column %zu is not a number that fits", path, i / table.columns,
                    i % table.columns);
            free(values);
            values = NULL;
        }
    }
    *rows = table.rows;
    *columns = table.columns;
    table_release(&table);
    return values;
}

/* A whole number within low..high for each row. */
static bool whole_column(const char *path, const struct table *table, double low, double high,
                         struct err *err)
{
    for (size_t i = 0; i < table->rows; i++) {
        double value = table->values[i];
        if (!(value >= low && value <= high) || value != floor(value))
            return err_set(err, "%s: row %zu is %g; whole numbers from %g to %g are wanted", path, i, value,
                           low, high);
    }
    return true;
}

static bool read_labels(struct evaluation *e, const char *path, struct err *err)
{
    struct table table;
    if (!read_table(path, e->io.n, 1, &table, err))
        return false;
    bool fine = whole_column(path, &table, -2147483648.0, 2147483647.0, err);
    e->labels = xcalloc(table.rows + 1, sizeof *e->labels);
    for (size_t i = 0; fine && i < table.rows; i++)
        e->labels[i] = (int32_t)table.values[i];
    e->io.labels = e->labels;
    table_release(&table);
    return fine;
}

static bool read_same(struct evaluation *e, const char *path, struct err *err)
{
    struct table table;
    if (!read_table(path, e->io.n, 1, &table, err))
        return false;
    bool fine = whole_column(path, &table, 0, 1, err);
    e->same = xcalloc(table.rows + 1, sizeof *e->same);
    for (size_t i = 0; fine && i < table.rows; i++)
        e->same[i] = table.values[i] != 0;
    e->io.same = e->same;
    table_release(&table);
    return fine;
}

/* A centre is one row, or one column as a 1-D file comes in. */
static bool read_center(struct evaluation *e, const char *path, struct err *err)
{
    size_t rows = 0, columns = 0;
    e->io.center = e->center = read_rows(path, &rows, &columns, err);
    if (e->center && rows * columns != e->io.d)
        return err_set(err, "%s: holds %zu numbers; %zu are wanted to go with the first table", path,
                       rows * columns, e->io.d);
    return e->center;
}

static bool read_queue(struct evaluation *e, const char *path, struct err *err)
{
    size_t columns = e->io.d;
    e->io.queue = e->queue = read_rows(path, &e->io.n_queue, &columns, err);
    if (!e->queue)
        return false;
    real *norm = xcalloc(e->io.n_queue, sizeof *norm);
    rows_normalise(e->queue, e->io.n_queue, columns, e->queue, norm);
    free(norm);
    return true;
}

static bool read_extras(struct evaluation *e, struct err *err)
{
    const char *labels = option_text(e->options, "labels", NULL),
               *same = option_text(e->options, "same", NULL);
    const char *queue = option_text(e->options, "queue", NULL),
               *center = option_text(e->options, "center", NULL);
    if ((labels && !read_labels(e, labels, err)) || (same && !read_same(e, same, err)) ||
        (center && !read_center(e, center, err)))
        return false;
    return !queue || read_queue(e, queue, err);
}

/* Where a gradient goes to, if it is wanted. */
static bool gradient_room(const struct evaluation *e, const char *option, real **to, struct err *err)
{
    if (!option_given(e->options, option))
        return true;
    *to = mem_try(e->io.n * e->io.d + 1, sizeof **to, "gradient", err);
    return *to;
}

static bool open_all(struct evaluation *e, struct err *err)
{
    const struct options *options = e->options;
    const char *method = option_text(options, "method", NULL);
    const char *const *path = options->operand + !method;
    size_t n_paths = options->n_operands - !method;
    if (!find_loss(e, method ? method : options->operand[0], err) || !set_knobs(e, err))
        return false;
    if (n_paths < 1 || n_paths > 2)
        return err_set(err, "one or two tables are wanted: A.npy [B.npy]");
    if (n_paths == 1 && option_given(options, "grad-b"))
        return err_set(err, "--grad-b: there is no second table");
    e->a = read_rows(path[0], &e->io.n, &e->io.d, err);
    if (!e->a)
        return false;
    if (n_paths == 2 && !(e->b = read_rows(path[1], &e->io.n, &e->io.d, err)))
        return false;
    e->io.a = e->a;
    e->io.b = e->b;
    e->io.symmetric = option_given(options, "symmetric");
    if (!read_extras(e, err) || !gradient_room(e, "grad-a", &e->da, err) ||
        !gradient_room(e, "grad-b", &e->db, err))
        return false;
    e->io.da = e->da;
    e->io.db = e->db;
    return true;
}

/* ---- the answer ---- */

static bool evaluate(struct evaluation *e, struct err *err)
{
    struct loss_io *io = &e->io;
    struct arena scratch = {0};
    struct pool *pool = pool_new(option_threads(e->options), 0);
    bool fine = loss_run(e->loss, io, e->knob, pool, &scratch, err);
    pool_free(pool);
    arena_release(&scratch);
    return fine;
}

static bool write_gradient(const struct evaluation *e, const char *option, const real *gradient,
                           struct err *err)
{
    if (!gradient)
        return true;
    size_t count = e->io.n * e->io.d;
    float *values = mem_try(count + 1, sizeof *values, "gradient", err);
    for (size_t i = 0; values && i < count; i++)
        values[i] = (float)gradient[i];
    bool fine = values && npy_write(option_text(e->options, option, ""), values, e->io.n, e->io.d, err);
    free(values);
    return fine;
}

static double no_learning(const struct evaluation *e)
{
    return e->loss->no_learning(&e->io, e->knob);
}

/* 17 digits: what is read back is what was computed. */
static void print_json(const struct evaluation *e)
{
    const struct loss_io *io = &e->io;
    json_t *root = json_object();
    json_object_set_new(root, "loss", json_number(io->loss));
    json_object_set_new(root, "grad_t", json_number(io->grad_t));
    json_object_set_new(root, "grad_b", json_number(io->grad_b));
    json_object_set_new(root, "rows_used", json_integer((json_int_t)io->rows_used));
    json_object_set_new(root, "rows_active", json_integer((json_int_t)io->rows_active));
    json_object_set_new(root, "rows_zero", json_integer((json_int_t)io->rows_zero));
    json_object_set_new(root, "no_learning", json_number(no_learning(e)));
    for (int i = 0; i < LOSS_PARTS && e->loss->part[i]; i++)
        json_object_set_new(root, e->loss->part[i], json_number(io->part[i]));
    json_dumpf(root, stdout, JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(root);
}

static void print_text(const struct evaluation *e)
{
    const struct loss_io *io = &e->io;
    printf("loss %.17g\n", io->loss);
    for (int i = 0; i < LOSS_PARTS && e->loss->part[i]; i++)
        printf("%s %.17g\n", e->loss->part[i], io->part[i]);
    if (io->grad_t != 0 || io->grad_b != 0)
        printf("gradient of t %.17g\ngradient of b %.17g\n", io->grad_t, io->grad_b);
    printf("rows used %zu\n", io->rows_used);
    if (e->loss->active)
        printf("%s %zu\n", e->loss->active, io->rows_active);
    if (io->rows_zero > 0)
        printf("rows without direction %zu (no gradient)\n", io->rows_zero);
    if (isfinite(no_learning(e)))
        printf("no learning %.17g\n", no_learning(e));
}

static bool answer(struct evaluation *e, struct err *err)
{
    if (!isfinite(e->io.loss))
        return err_set(err, "%s of these tables is not a finite number", e->loss->entry.name);
    if (!write_gradient(e, "grad-a", e->da, err) || !write_gradient(e, "grad-b", e->db, err))
        return false;
    if (option_given(e->options, "json"))
        print_json(e);
    else
        print_text(e);
    return true;
}

static enum exit_code run_loss(const struct options *options)
{
    struct evaluation e = {.options = options};
    struct err err;
    enum exit_code code = EXIT_FINE;
    if (!open_all(&e, &err) || !evaluate(&e, &err))
        code = complain(options, EXIT_USAGE, &err);
    else if (!answer(&e, &err))
        code = complain(options, EXIT_NO, &err);
    void *all[] = {e.a, e.b, e.queue, e.center, e.da, e.db, e.labels, e.same};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        free(all[i]);
    return code;
}

const struct subcommand command_loss = {
    .entry = {"loss", "The value and the gradient of an objective, of any two tables of embeddings.", NULL},
    .usage = "NAME [--set tau=0.2 ...] A.npy [B.npy] [--grad-a GA.npy] [--grad-b GB.npy] [--json]",
    .option = {loss_options, common_options},
    .min_operands = 1,
    .max_operands = 3,
    .notes = "NAME is an objective (ntxent) or a method that trains with it (simclr). Row i of A and row i "
             "of B are the "
             "two views\nof one picture. Gradients are with respect to the rows as they are, before they are "
             "scaled to "
             "unit length.\nsupcon and triplet need --labels, contrastive needs --same; clip and siglip take "
             "--labels (one a caption)\nfor texts that are equal. A target (B of moco, byol, simsiam, dino, "
             "smooth-l1) gets no gradient.",
    .run = run_loss,
};
