/* SPDX-License-Identifier: MIT
 * The table of `bench methods`: a row a method and yardstick, a column a measure.
 */
#include "app/bench_methods.h"

#include "base/check.h"
#include "base/file.h"
#include "share/terms.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS_MAX = 48 };

enum measure_kind { MEASURED, PAIRS_PER_S, REACHED };

struct table_column {
    enum measure_kind kind;
    enum term term;
    int column; /* of the dataset, or -1 */
    char id[64], name[64];
    bool percent;
    int decimals;
};

/* Mean and deviation over the runs of one row. */
struct cell {
    double mean, deviation;
    size_t n, of; /* values, runs: fewer where a run has none */
};

enum row_kind { ROW_PIXELS, ROW_UNTRAINED, ROW_CHANCE, ROW_METHOD };

/* ---- columns ---- */

static void add_column(struct table_column *columns, size_t *n, struct table_column column, const char *name)
{
    if (*n == COLUMNS_MAX)
        return;
    const char *id = column.kind == MEASURED ? term_entry(column.term)->id : name;
    snprintf(column.id, sizeof column.id, "%s%s%s", id, column.column >= 0 ? "_" : "",
             column.column >= 0 ? name : "");
    snprintf(column.name, sizeof column.name, "%s%s%s", column.column >= 0 ? name : id,
             column.column >= 0 ? " " : "", column.column >= 0 ? id : "");
    columns[(*n)++] = column;
}

/* Each attribute's measure with its ridge probe behind it, then what is about the whole space. */
static size_t find_columns(const struct methods_table *table, struct table_column columns[COLUMNS_MAX])
{
    static const enum term qualities[] = {TERM_rank, TERM_alignment, TERM_uniformity, TERM_std};
    const struct measures *first = &table->trial[0].measures;
    size_t n = 0;
    for (int i = 0; i < first->n; i++) {
        const struct measure *m = &first->item[i];
        if (m->column < 0 || (m->term != TERM_knn && m->term != TERM_r2 && m->term != TERM_rank1))
            continue;
        const char *name = table->data->column[m->column].name;
        struct table_column column = {.term = m->term, .column = m->column, .percent = true, .decimals = 1};
        add_column(columns, &n, column, name);
        column.term = TERM_ridge;
        if (measures_find(first, TERM_ridge, m->column))
            add_column(columns, &n, column, name);
    }
    for (size_t i = 0; i < ARRAY_LEN(qualities); i++)
        add_column(columns, &n,
                   (struct table_column){.term = qualities[i], .column = -1, .decimals = i ? 2 : 1}, "");
    add_column(columns, &n, (struct table_column){.kind = PAIRS_PER_S, .column = -1}, "pairs/s");
    add_column(columns, &n, (struct table_column){.kind = REACHED, .column = -1}, "steps to target");
    return n;
}

/* ---- cells ---- */

/* NAN: this row has none. */
static double value_of(const struct methods_table *table, const struct trial *trial,
                       const struct table_column *column, enum row_kind row)
{
    if (column->kind != MEASURED)
        return row != ROW_METHOD         ? (double)NAN
               : column->kind == REACHED ? trial->reached
                                         : trial->pairs_per_s;
    const struct measures *from = &trial->measures;
    if (column->term == TERM_ridge && row == ROW_PIXELS)
        from = &table->pixels;
    else if (column->term == TERM_ridge && row == ROW_UNTRAINED)
        from = &trial->start;
    const struct measure *m = measures_find(from, column->term, column->column);
    if (!m)
        return NAN;
    if (row == ROW_CHANCE)
        return (double)m->chance;
    if (row == ROW_METHOD || from != &trial->measures)
        return (double)m->value;
    return (double)(row == ROW_PIXELS ? m->pixels : m->untrained);
}

/* `method` NULL: of all runs. */
static struct cell cell_of(const struct methods_table *table, const struct table_column *column,
                           enum row_kind row, const struct method *method)
{
    struct cell cell = {0};
    double sum = 0, square = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < table->n; i++) {
            if (method && table->trial[i].method != method)
                continue;
            double value = value_of(table, &table->trial[i], column, row);
            cell.of += pass == 0;
            if (isnan(value))
                continue;
            cell.n += pass == 0;
            sum += pass == 0 ? value : 0;
            square += pass == 1 ? pow(value - sum / (double)cell.n, 2) : 0;
        }
    cell.mean = cell.n ? sum / (double)cell.n : (double)NAN;
    cell.deviation = cell.n > 1 ? sqrt(square / (double)(cell.n - 1)) : (double)NAN;
    return cell;
}

static void markdown_cell(FILE *to, const struct table_column *column, const struct cell *cell, bool spread)
{
    double scale = column->percent ? 100 : 1;
    if (cell->n == 0) {
        fputs(" - |", to);
        return;
    }
    fprintf(to, " %.*f", column->decimals, scale * cell->mean);
    if (spread && !isnan(cell->deviation))
        fprintf(to, " ± %.*f", column->decimals, scale * cell->deviation);
    if (cell->n < cell->of)
        fprintf(to, " (%zu of %zu)", cell->n, cell->of);
    fputs(" |", to);
}

static void csv_cell(FILE *to, const struct cell *cell)
{
    if (cell->n)
        fprintf(to, ",%.6g", cell->mean);
    else
        fputs(",", to);
    if (!isnan(cell->deviation))
        fprintf(to, ",%.3g", cell->deviation);
    else
        fputs(",", to);
}

/* ---- rows ---- */

static void row(FILE *to, bool csv, const struct methods_table *table, const struct table_column *columns,
                size_t n, enum row_kind kind, const char *name, const struct method *method)
{
    fprintf(to, csv ? "%s" : "| %s |", name);
    for (size_t i = 0; i < n; i++) {
        struct cell cell = cell_of(table, &columns[i], kind, method);
        if (csv)
            csv_cell(to, &cell);
        else
            markdown_cell(to, &columns[i], &cell, kind == ROW_METHOD || kind == ROW_UNTRAINED);
    }
    fputs("\n", to);
}

static void head(FILE *to, bool csv, const struct methods_table *table, const struct table_column *columns,
                 size_t n)
{
    if (csv) {
        fputs("method", to);
        for (size_t i = 0; i < n; i++)
            fprintf(to, ",%s,%s_sd", columns[i].id, columns[i].id);
        fputs("\n", to);
        return;
    }
    fprintf(to, "%s Steps to target: until the label's knn was %.3g, looked at at every measuring.\n\n| |",
            table->title, table->target);
    for (size_t i = 0; i < n; i++)
        fprintf(to, " %s%s |", columns[i].name, columns[i].percent ? " %" : "");
    fputs("\n|---|", to);
    for (size_t i = 0; i < n; i++)
        fputs("---:|", to);
    fputs("\n", to);
}

static void write_all(FILE *to, bool csv, const struct methods_table *table)
{
    static const char *const yardsticks[] = {"raw pixels", "untrained net", "chance"};
    struct table_column columns[COLUMNS_MAX];
    size_t n = find_columns(table, columns);
    head(to, csv, table, columns, n);
    for (int kind = ROW_PIXELS; kind <= ROW_CHANCE; kind++)
        row(to, csv, table, columns, n, (enum row_kind)kind, yardsticks[kind], NULL);
    for (size_t i = 0; i < table->n; i++)
        if (i == 0 || table->trial[i].method != table->trial[i - 1].method)
            row(to, csv, table, columns, n, ROW_METHOD, table->trial[i].method->entry.name,
                table->trial[i].method);
}

static bool ends_with(const char *path, const char *ending)
{
    size_t a = strlen(path), b = strlen(ending);
    return a > b && strcmp(path + a - b, ending) == 0;
}

bool methods_table_path_fits(const char *path, struct err *err)
{
    if (ends_with(path, ".md") || ends_with(path, ".csv"))
        return true;
    return err_set(err, "%s: a table is written as Markdown or CSV: end its name with .md or .csv", path);
}

bool methods_table_write(const struct methods_table *table, const char *path, struct err *err)
{
    struct file_writer writer;
    if (!path) {
        write_all(stdout, false, table);
        return true;
    }
    if (!file_begin(&writer, path, err))
        return false;
    write_all(writer.stream, ends_with(path, ".csv"), table);
    return file_commit(&writer, err);
}
