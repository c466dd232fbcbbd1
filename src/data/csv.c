/* SPDX-License-Identifier: MIT */
#include "data/csv.h"

#include "base/check.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_COLUMNS = 4096 };
static const size_t max_file = (size_t)1 << 30;

struct reader {
    char *at, *end; /* what is left of the storage; fields are unquoted in place */
    char separator;
    size_t line;
    char **field; /* fields of all rows, one after the other */
    size_t n_fields, room;
    struct progress *progress; /* may be NULL */
};

static void add_field(struct reader *r, char *text)
{
    if (r->n_fields == r->room) {
        r->room = r->room ? 2 * r->room : 64;
        r->field = xrealloc(r->field, r->room, sizeof *r->field);
    }
    r->field[r->n_fields++] = text;
}

/* Tabs where the first line holds more of them than commas outside quotes. */
static char find_separator(const char *text, const char *end)
{
    size_t tabs = 0, commas = 0;
    bool quoted = false;
    for (; text < end && (quoted || (*text != '\n' && *text != '\r')); text++) {
        quoted = *text == '"' ? !quoted : quoted;
        tabs += !quoted && *text == '\t';
        commas += !quoted && *text == ',';
    }
    return tabs > commas ? '\t' : ',';
}

/* A quoted field from r->at, which stands behind the opening quote. NULL if the closing quote is missing. */
static char *quoted_field(struct reader *r)
{
    char *start = r->at, *to = r->at;
    for (; r->at < r->end; r->at++) {
        if (*r->at == '"') {
            if (r->at + 1 == r->end || r->at[1] != '"') {
                r->at++;
                *to = '\0'; /* at most on the closing quote */
                return start;
            }
            r->at++;
        }
        r->line += *r->at == '\n';
        *to++ = *r->at;
    }
    return NULL;
}

/* One field and what ends it. The character behind it is kept in *stop ('\0' at the end) and overwritten. */
static bool read_field(struct reader *r, char *stop, struct err *err)
{
    char *text = r->at;
    if (r->at < r->end && *r->at == '"') {
        size_t line = r->line;
        r->at++;
        if (!(text = quoted_field(r)))
            return err_set(err, "line %zu: a quote is opened and not closed", line);
        if (r->at < r->end && *r->at != r->separator && *r->at != '\n' && *r->at != '\r')
            return err_set(err, "line %zu: text after a closing quote; a quote in a field is written twice",
                           r->line);
    }
    while (r->at < r->end && *r->at != r->separator && *r->at != '\n' && *r->at != '\r')
        r->at++;
    *stop = r->at < r->end ? *r->at : '\0';
    if (*stop)
        *r->at++ = '\0';
    if (*stop == '\r' && r->at < r->end && *r->at == '\n')
        r->at++;
    add_field(r, text);
    return true;
}

/* One row; *n is its number of fields, 0 for an empty line. */
static bool read_row(struct reader *r, size_t *n, struct err *err)
{
    size_t first = r->n_fields;
    char stop = '\0';
    do {
        if (!read_field(r, &stop, err))
            return false;
        if (r->n_fields - first > MAX_COLUMNS)
            return err_set(err, "line %zu: more than %d columns", r->line, MAX_COLUMNS);
    } while (stop == r->separator);
    r->line++;
    *n = r->n_fields - first;
    if (*n == 1 && !r->field[first][0]) {
        r->n_fields = first;
        *n = 0;
    }
    return true;
}

static bool read_rows(struct reader *r, struct csv *csv, struct err *err)
{
    size_t room = 0, n = 0;
    while (r->at < r->end) {
        size_t line = r->line;
        const char *row = r->at;
        if (progress_cancelled(r->progress))
            return err_set(err, "stopped while it was read");
        if (!read_row(r, &n, err))
            return false;
        progress_step(r->progress, (size_t)(r->at - row));
        if (n == 0)
            continue;
        if (csv->columns == 0) {
            csv->columns = n;
            continue;
        }
        if (n != csv->columns)
            return err_set(err, "line %zu: %zu columns where the first line has %zu", line, n, csv->columns);
        if (csv->rows == room) {
            room = room ? 2 * room : 64;
            csv->line = xrealloc(csv->line, room, sizeof *csv->line);
        }
        csv->line[csv->rows++] = line;
    }
    return r->n_fields > 0 ? true : err_set(err, "empty: the first line should name the columns");
}

static bool check_names(const struct csv *csv, struct err *err)
{
    for (size_t a = 0; a < csv->columns; a++)
        for (size_t b = 0; b < a; b++)
            if (csv->name[a][0] && strcasecmp(csv->name[a], csv->name[b]) == 0)
                return err_set(err, "line 1: two columns are called '%s': rename one", csv->name[a]);
    return true;
}

bool csv_parse_watched(const char *text, size_t length, struct csv *csv, struct progress *progress,
                       struct err *err)
{
    *csv = (struct csv){0};
    if (length > max_file)
        return err_set(err, "larger than %zu MB", max_file >> 20);
    const char *nul = length ? memchr(text, '\0', length) : NULL;
    if (nul)
        return err_set(err, "byte %zu is zero: this is not a table of text", (size_t)(nul - text));
    csv->storage = xstrndup(length ? text : "", length);
    struct reader r = {.at = csv->storage, .end = csv->storage + length, .line = 1, .progress = progress};
    progress_begin(progress, length);
    if (length >= 3 && memcmp(r.at, "\xef\xbb\xbf", 3) == 0)
        r.at += 3;
    r.separator = find_separator(r.at, r.end);
    bool fine = read_rows(&r, csv, err);
    csv->name = r.field; /* the header's fields come first, the cells follow in the same block */
    csv->cell = csv->name ? csv->name + csv->columns : NULL;
    if (fine && csv->name && check_names(csv, err))
        return true;
    csv_release(csv);
    return false;
}

bool csv_parse(const char *text, size_t length, struct csv *csv, struct err *err)
{
    return csv_parse_watched(text, length, csv, NULL, err);
}

bool csv_read_watched(const char *path, struct csv *csv, struct progress *progress, struct err *err)
{
    size_t length;
    *csv = (struct csv){0};
    char *text = file_read(path, max_file, &length, err);
    if (!text)
        return false;
    bool fine = csv_parse_watched(text, length, csv, progress, err) || err_within(err, "%s", path);
    free(text);
    return fine;
}

bool csv_read(const char *path, struct csv *csv, struct err *err)
{
    return csv_read_watched(path, csv, NULL, err);
}

void csv_release(struct csv *csv)
{
    free(csv->name);
    free(csv->line);
    free(csv->storage);
    *csv = (struct csv){0};
}

int csv_find(const struct csv *csv, const char *name)
{
    for (size_t c = 0; c < csv->columns; c++)
        if (strcasecmp(csv->name[c], name) == 0)
            return (int)c;
    return -1;
}

void csv_put(struct strbuf *out, const char *field)
{
    bool marked = strncmp(field, "\xef\xbb\xbf", 3) == 0; /* not to be taken for the mark of the file */
    if (!strpbrk(field, ",\"\r\n\t") && field[0] != ' ' && !marked) {
        strbuf_puts(out, field);
        return;
    }
    strbuf_puts(out, "\"");
    for (const char *p = field; *p; p++)
        strbuf_add(out, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
    strbuf_puts(out, "\"");
}

void csv_put_shown(struct strbuf *out, const char *field)
{
    double number;
    struct strbuf text = {0};
    bool formula = *field && strchr("=+-@\t\r", *field) && !text_to_double(field, &number);
    strbuf_printf(&text, "%s%s", formula ? "'" : "", field);
    csv_put(out, strbuf_text(&text));
    strbuf_release(&text);
}
