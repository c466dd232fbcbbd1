/* SPDX-License-Identifier: MIT */
#include "data/marks.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/csv.h"
#include "data/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[MARK_KINDS] = {"none", "same", "different", "duplicate", "wrong label"};

const char *mark_name(enum mark_kind kind)
{
    return names[kind];
}

void marks_release(struct marks *marks)
{
    free(marks->mark);
    *marks = (struct marks){0};
}

/* Where the pair stands; n if nowhere. */
static size_t place(const struct marks *marks, int64_t a, int64_t b)
{
    int64_t low = b < 0 || a < b ? a : b, high = b < 0 ? -1 : a < b ? b : a;
    size_t i = 0;
    while (i < marks->n && (marks->mark[i].a != low || marks->mark[i].b != high))
        i++;
    return i;
}

enum mark_kind marks_find(const struct marks *marks, int64_t a, int64_t b)
{
    size_t i = place(marks, a, b);
    return i < marks->n ? marks->mark[i].kind : MARK_NONE;
}

const struct mark *marks_of(const struct marks *marks, int64_t row)
{
    for (size_t i = 0; i < marks->n; i++)
        if (marks->mark[i].a == row || marks->mark[i].b == row)
            return &marks->mark[i];
    return NULL;
}

void marks_put(struct marks *marks, int64_t a, int64_t b, enum mark_kind kind)
{
    size_t i = place(marks, a, b);
    marks->revision++;
    if (kind == MARK_NONE) {
        if (i < marks->n)
            memmove(marks->mark + i, marks->mark + i + 1, (--marks->n - i) * sizeof *marks->mark);
        return;
    }
    if (i == marks->n && marks->n == marks->room) {
        marks->room = marks->room ? 2 * marks->room : 16;
        marks->mark = xrealloc(marks->mark, marks->room, sizeof *marks->mark);
    }
    marks->n += i == marks->n;
    marks->mark[i] = (struct mark){kind, b < 0 || a < b ? a : b, b < 0 ? -1 : a < b ? b : a};
}

void marks_path(char *path, size_t size, const char *table)
{
    const char *dot = strrchr(path_base(table), '.');
    int stem = dot ? (int)(dot - table) : (int)strlen(table);
    snprintf(path, size, "%.*s.marks.csv", stem, table);
}

bool marks_write(const char *path, const struct marks *marks, size_t n, struct err *err)
{
    struct strbuf text = {0};
    strbuf_puts(&text, "mark,item,other,of\n");
    for (size_t i = 0; i < marks->n; i++) {
        const struct mark *m = &marks->mark[i];
        strbuf_printf(&text, "%s,%lld,", names[m->kind], (long long)m->a);
        if (m->b >= 0)
            strbuf_printf(&text, "%lld", (long long)m->b);
        strbuf_printf(&text, ",%zu\n", n);
    }
    bool fine = file_write(path, text.text, text.length, err);
    strbuf_release(&text);
    return fine;
}

/* ---- reading ---- */

static bool read_row(const char *text, size_t n, int64_t *row)
{
    long value;
    if (!text_to_long(text, &value) || value < 0 || (size_t)value >= n)
        return false;
    *row = value;
    return true;
}

enum { COLUMN_MARK, COLUMN_ITEM, COLUMN_OTHER, COLUMN_OF, MARK_COLUMNS };

/* Of so many items; a file of an older program does not say. */
static bool right_size(const struct csv *csv, size_t line, int of, size_t n, struct err *err)
{
    long said = (long)n;
    const char *text = of >= 0 ? csv->cell[line * csv->columns + (size_t)of] : "";
    if ((!*text || text_to_long(text, &said)) && said == (long)n)
        return true;
    return err_set(err, "line %zu: of %.20s items, there are %zu now", csv->line[line], text, n);
}

/* One line: its cells in the file's own order of columns. */
static bool read_mark(const struct csv *csv, size_t line, const int column[MARK_COLUMNS], size_t n,
                      struct marks *marks, struct err *err)
{
    char *const *cell = csv->cell + line * csv->columns;
    if (!right_size(csv, line, column[COLUMN_OF], n, err))
        return false;
    const char *kind = cell[column[0]], *a = cell[column[1]], *b = cell[column[2]];
    struct mark mark = {MARK_SAME, -1, -1};
    while (mark.kind < MARK_KINDS && strcmp(names[mark.kind], kind) != 0)
        mark.kind++;
    if (mark.kind == MARK_KINDS)
        return err_set(err, "line %zu: %.40s is no mark; same, different, duplicate, wrong label are",
                       csv->line[line], kind);
    if (!read_row(a, n, &mark.a) || (*b && !read_row(b, n, &mark.b)))
        return err_set(err, "line %zu: %.20s, %.20s: no rows of these %zu items", csv->line[line], a, b, n);
    marks_put(marks, mark.a, mark.b, mark.kind);
    return true;
}

bool marks_parse(const char *text, size_t length, size_t n, struct marks *marks, struct err *err)
{
    struct csv csv;
    if (!csv_parse(text, length, &csv, err))
        return false;
    int column[MARK_COLUMNS] = {csv_find(&csv, "mark"), csv_find(&csv, "item"), csv_find(&csv, "other"),
                                csv_find(&csv, "of")};
    bool fine = column[0] >= 0 && column[1] >= 0 && column[2] >= 0;
    if (!fine)
        err_put(err, "the columns mark, item and other are needed");
    for (size_t i = 0; fine && i < csv.rows; i++)
        fine = read_mark(&csv, i, column, n, marks, err);
    csv_release(&csv);
    marks->revision = 0; /* nothing to write yet */
    return fine;
}

bool marks_read(const char *path, size_t n, struct marks *marks, struct err *err)
{
    static const size_t most = (size_t)64 << 20;
    size_t length;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    char *text = file_read(path, most, &length, err);
    if (!text)
        return false;
    bool fine = marks_parse(text, length, n, marks, err) || err_within(err, "%s", path);
    free(text);
    return fine;
}
