/* SPDX-License-Identifier: MIT */
#include "run/run.h"

#include "run/past.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/csv.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const size_t table_max = (size_t)1 << 30;

void run_path(char path[RUN_PATH_SIZE], const char *folder, const char *file)
{
    snprintf(path, RUN_PATH_SIZE, "%s/%s", folder, file);
}

static bool file_is_there(const char *folder, const char *file)
{
    char path[RUN_PATH_SIZE];
    run_path(path, folder, file);
    return access(path, F_OK) == 0;
}

bool run_is_there(const char *folder)
{
    return file_is_there(folder, RUN_CONFIG) || file_is_there(folder, RUN_METRICS) ||
           file_is_there(folder, RUN_CHECKPOINT);
}

/* ---- the two growing tables ---- */

struct run_writer {
    FILE *metrics, *timing;
    char *header; /* of metrics.csv, once known */
    bool by_name; /* rows need not have just its columns */
    struct step_row row;
    bool has_row;
    double seconds;      /* of training, from the start of the run */
    double span_seconds; /* since the last measuring */
    size_t span_pairs;
};

static const char timing_header[] = "step,seconds,pairs_per_s";

/* Length of the part of a table that is whole rows up to `from_step`, its header included; 0: none. */
static size_t whole_rows(const char *text, size_t length, uint64_t from_step)
{
    size_t kept = 0;
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        if (!end)
            break;
        if (at > 0 && strtoull(text + at, NULL, 10) > from_step)
            break;
        kept = at = (size_t)(end - text) + 1;
    }
    return kept;
}

/* Leaves only the rows up to from_step; the first line goes to *header and the last to *last. */
static bool cut_table(const char *path, uint64_t from_step, char **header, char **last, struct err *err)
{
    size_t length;
    char *text = file_read(path, table_max, &length, err);
    if (!text)
        return false;
    size_t kept = whole_rows(text, length, from_step);
    bool fine = file_write(path, text, kept, err);
    if (kept > 0) {
        size_t start = kept - 1;
        while (start > 0 && text[start - 1] != '\n')
            start--;
        *header = xstrndup(text, strcspn(text, "\n"));
        *last = xstrndup(text + start, kept - start);
    }
    free(text);
    return fine;
}

static bool open_table(FILE **table, const char *folder, const char *file, struct err *err)
{
    char path[RUN_PATH_SIZE];
    run_path(path, folder, file);
    *table = fopen(path, "ab");
    if (!*table || fseek(*table, 0, SEEK_END) != 0) /* so that ftell says whether it is empty */
        return err_set(err, "%s: cannot be written: %s", path, strerror(errno));
    return true;
}

static void remove_files(const char *folder, const char *const *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char path[RUN_PATH_SIZE];
        run_path(path, folder, files[i]);
        unlink(path);
    }
}

static const char *const run_files[] = {RUN_METRICS, RUN_TIMING,   RUN_CONFIG, RUN_CHECKPOINT, RUN_EMBEDDINGS,
                                        RUN_ITEMS,   RUN_EVENTS,   RUN_BATCH,  RUN_CALLED,     RUN_MARKS,
                                        RUN_SESSION, RUN_COMMANDS, RUN_LOCK};
enum { TABLES = 2, TRAINED = 8 }; /* the first of them */

static void run_remove(const char *folder)
{
    remove_files(folder, run_files, TRAINED);
    past_remove(folder);
}

static int is_of_run(const struct dirent *entry)
{
    for (size_t i = 0; i < ARRAY_LEN(run_files); i++) {
        size_t length = strlen(run_files[i]);
        const char *rest = entry->d_name + length;
        if (strncmp(entry->d_name, run_files[i], length) == 0 &&
            (*rest == '\0' || strncmp(rest, FILE_PART, strlen(FILE_PART)) == 0))
            return 1;
    }
    return 0;
}

void run_remove_folder(const char *folder)
{
    struct dirent **files = NULL;
    past_remove(folder);
    int n = scandir(folder, &files, is_of_run, alphasort);
    for (int i = 0; i < n; i++) {
        const char *const name = files[i]->d_name;
        remove_files(folder, &name, 1);
        free(files[i]);
    }
    free(files);
    rmdir(folder);
}

static bool cut_tables(struct run_writer *writer, const char *folder, uint64_t from_step, struct err *err)
{
    char path[RUN_PATH_SIZE], *header = NULL, *last = NULL;
    run_path(path, folder, RUN_METRICS);
    if (file_is_there(folder, RUN_METRICS) && !cut_table(path, from_step, &writer->header, &last, err))
        return false;
    free(last);
    last = NULL;
    run_path(path, folder, RUN_TIMING);
    if (file_is_there(folder, RUN_TIMING) && !cut_table(path, from_step, &header, &last, err)) {
        free(header);
        free(last);
        return false;
    }
    const char *comma = last ? strchr(last, ',') : NULL;
    writer->seconds = comma ? strtod(comma + 1, NULL) : 0;
    free(header);
    free(last);
    return true;
}

static bool prepare_folder(struct run_writer *writer, const char *folder, enum run_start start,
                           uint64_t from_step, struct err *err)
{
    if (start == RUN_NEW && run_is_there(folder))
        return err_set(err, "%s: holds a run already; go on with --resume %s, or start it anew with --force",
                       folder, folder);
    if (!folder_make(folder, err))
        return false;
    if (start == RUN_OVER)
        run_remove(folder);
    if (start == RUN_ANEW)
        remove_files(folder, run_files, TABLES);
    return start != RUN_RESUME || cut_tables(writer, folder, from_step, err);
}

static void writer_free(struct run_writer *writer)
{
    if (writer->metrics)
        fclose(writer->metrics);
    if (writer->timing)
        fclose(writer->timing);
    free(writer->header);
    free(writer);
}

struct run_writer *run_begin(const char *folder, enum run_start start, uint64_t from_step, struct err *err)
{
    struct run_writer *writer = xcalloc(1, sizeof *writer);
    if (prepare_folder(writer, folder, start, from_step, err) &&
        open_table(&writer->metrics, folder, RUN_METRICS, err) &&
        open_table(&writer->timing, folder, RUN_TIMING, err))
        return writer;
    writer_free(writer);
    return NULL;
}

/* ---- rows ---- */

void measure_name(const struct dataset *data, const struct measure *measure, char *name, size_t size)
{
    const char *term = term_entry(measure->term)->id;
    if (measure->column < 0 || (size_t)measure->column >= data->n_columns)
        snprintf(name, size, "%s", term);
    else
        snprintf(name, size, "%s_%s", term, data->column[measure->column].name);
}

static const enum term step_terms[] = {TERM_loss,     TERM_no_learning, TERM_lr,     TERM_grad_norm,
                                       TERM_positive, TERM_negative,    TERM_pretext};

static float step_value(const struct step_row *row, enum term term)
{
    switch (term) {
    case TERM_loss: return row->loss;
    case TERM_no_learning: return row->no_learning;
    case TERM_lr: return row->lr;
    case TERM_grad_norm: return row->grad_norm;
    case TERM_positive: return row->positive;
    case TERM_negative: return row->negative;
    default: return row->pretext;
    }
}

/* What the step's row says already is not said twice. */
static bool is_of_step(const struct measure *measure)
{
    bool of_step = false;
    for (size_t i = 0; i < ARRAY_LEN(step_terms); i++)
        of_step |= measure->column < 0 && measure->term == step_terms[i];
    return of_step;
}

static char *make_header(const struct dataset *data, const struct measures *measures)
{
    struct strbuf out = {0};
    strbuf_puts(&out, "step");
    for (size_t i = 0; i < ARRAY_LEN(step_terms); i++)
        strbuf_printf(&out, ",%s", term_entry(step_terms[i])->id);
    for (int i = 0; i < measures->n; i++) {
        char name[200];
        if (is_of_step(&measures->item[i]))
            continue;
        measure_name(data, &measures->item[i], name, sizeof name);
        strbuf_puts(&out, ",");
        csv_put(&out, name);
    }
    return out.text;
}

/* Nine digits bring a float back to the bit; what is not there is blank. */
static void put_value(struct strbuf *out, float value)
{
    if (isfinite(value))
        strbuf_printf(out, ",%.9g", (double)value);
    else
        strbuf_puts(out, ",");
}

/* A row leaves in one piece, so that a reader beside us, or a kill, meets whole rows only. */
static bool put_row(FILE *table, const struct strbuf *row, const char *what, struct err *err)
{
    fwrite(strbuf_text(row), 1, row->length, table);
    return fflush(table) == 0 || err_set(err, "%s: cannot be written: %s", what, strerror(errno));
}

void run_columns(struct run_writer *writer, const struct dataset *data, const struct measures *all)
{
    if (!writer->header)
        writer->header = make_header(data, all);
    writer->by_name = true;
}

/* The measure that stands under this field of the header, as it is written there; none: NaN. */
static float value_under(const struct dataset *data, const struct measures *measures, const char *field,
                         size_t length)
{
    float value = NAN;
    char name[200];
    for (int i = 0; i < measures->n && isnan(value); i++) {
        struct strbuf written = {0};
        measure_name(data, &measures->item[i], name, sizeof name);
        csv_put(&written, name);
        bool here = written.length == length && memcmp(written.text, field, length) == 0;
        value = here && !is_of_step(&measures->item[i]) ? measures->item[i].value : NAN;
        strbuf_release(&written);
    }
    return value;
}

static void put_by_name(struct strbuf *out, const char *header, const struct dataset *data,
                        const struct measures *measures)
{
    size_t field = 0, from = 0;
    bool quoted = false;
    for (size_t at = 0;; at++) {
        quoted ^= header[at] == '"';
        if (quoted || (header[at] != ',' && header[at]))
            continue;
        if (field++ > ARRAY_LEN(step_terms))
            put_value(out, value_under(data, measures, header + from, at - from));
        from = at + 1;
        if (!header[at])
            return;
    }
}

static bool put_metrics(struct run_writer *writer, const struct dataset *data,
                        const struct measures *measures, struct err *err)
{
    struct strbuf out = {0};
    bool of_step = writer->has_row && writer->row.step == measures->step;
    if (ftell(writer->metrics) == 0)
        strbuf_printf(&out, "%s\n", writer->header);
    strbuf_printf(&out, "%" PRIu64, measures->step);
    for (size_t i = 0; i < ARRAY_LEN(step_terms); i++)
        put_value(&out, of_step ? step_value(&writer->row, step_terms[i]) : NAN);
    if (writer->by_name)
        put_by_name(&out, writer->header, data, measures);
    for (int i = 0; i < measures->n && !writer->by_name; i++)
        if (!is_of_step(&measures->item[i]))
            put_value(&out, measures->item[i].value);
    strbuf_puts(&out, "\n");
    bool fine = put_row(writer->metrics, &out, RUN_METRICS, err);
    strbuf_release(&out);
    return fine;
}

static bool put_timing(struct run_writer *writer, uint64_t step, struct err *err)
{
    struct strbuf out = {0};
    if (ftell(writer->timing) == 0)
        strbuf_printf(&out, "%s\n", timing_header);
    strbuf_printf(&out, "%" PRIu64 ",%.3f,", step, writer->seconds);
    if (writer->span_seconds > 0)
        strbuf_printf(&out, "%.1f", (double)writer->span_pairs / writer->span_seconds);
    strbuf_puts(&out, "\n");
    writer->span_seconds = 0;
    writer->span_pairs = 0;
    bool fine = put_row(writer->timing, &out, RUN_TIMING, err);
    strbuf_release(&out);
    return fine;
}

void run_step(struct run_writer *writer, const struct step_row *row, size_t pairs)
{
    writer->row = *row;
    writer->has_row = true;
    writer->seconds += row->seconds;
    writer->span_seconds += row->seconds;
    writer->span_pairs += pairs;
}

bool run_measures(struct run_writer *writer, const struct dataset *data, const struct measures *measures,
                  struct err *err)
{
    char *header = make_header(data, measures);
    if (!writer->header)
        writer->header = xstrdup(header);
    bool same = writer->by_name || strcmp(header, writer->header) == 0;
    free(header);
    if (!same)
        return err_set(err,
                       RUN_METRICS ": has other columns than this run measures; its data or program differ");
    return put_metrics(writer, data, measures, err) && put_timing(writer, measures->step, err);
}

bool run_end(struct run_writer *writer, struct err *err)
{
    bool fine = fflush(writer->metrics) == 0 && fsync(fileno(writer->metrics)) == 0 &&
                fflush(writer->timing) == 0 && fsync(fileno(writer->timing)) == 0;
    if (!fine)
        err_set(err, "%s: cannot be written: %s", RUN_METRICS, strerror(errno));
    writer_free(writer);
    return fine;
}

/* ---- items ---- */

static void put_item(struct strbuf *out, const struct dataset *data, uint32_t item)
{
    strbuf_printf(out, "%" PRIu32, item);
    for (size_t c = 0; c < data->n_columns; c++) {
        char number[NUMBER_TEXT];
        strbuf_puts(out, ",");
        csv_put(out, dataset_whole_cell(data, (int)c, item, number));
    }
    strbuf_puts(out, "\n");
}

bool items_write(const char *path, const struct dataset *data, const uint32_t *items, size_t n,
                 struct err *err)
{
    struct strbuf out = {0};
    strbuf_puts(&out, "id");
    for (size_t c = 0; c < data->n_columns; c++) {
        const char *name = data->column[c].name;
        strbuf_puts(&out, strcasecmp(name, "id") == 0 ? ",data_" : ",");
        csv_put(&out, name);
    }
    strbuf_puts(&out, "\n");
    for (size_t i = 0; i < n; i++)
        put_item(&out, data, items[i]);
    bool fine = file_write(path, strbuf_text(&out), out.length, err);
    strbuf_release(&out);
    return fine;
}
