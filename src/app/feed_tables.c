/* SPDX-License-Identifier: MIT
 *
 * A table of embeddings as a feed; and a folder of tables of equal rows as a timeline, followed while it
 * grows. Tables are taken in the order of their names, numbers by value; the last number in a name is the
 * step. Those that come later are read once they have stood still from one look to the next; one that is
 * written anew after that is not read again, and that is said.
 */
#include "app/feed.h"
#include "app/follow.h"
#include "app/history.h"
#include "app/moment.h"
#include "app/state_folder.h"
#include "base/check.h"
#include "base/strbuf.h"
#include "data/embeddings.h"
#include "data/marks.h"
#include "data/source.h"
#include "math/score.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* How a file was found; bytes -1: it is not there, or no plain file. */
struct stamp {
    long long bytes, changed; /* nanoseconds */
};

/* A file of the folder that was met. */
struct met {
    char *name;
    struct stamp at; /* at the last look */
    long long wrong; /* so many bytes of it were said to be wrong; 0: none were */
    bool done;       /* taken */
};

struct tables {
    struct feed feed;
    struct dataset data;
    char *folder; /* NULL: one table */
    struct embeddings first, queries;
    char *first_name;
    struct stamp first_at;
    struct met *met; /* (n_met) */
    size_t n_met;
    char marks[RUN_PATH_SIZE], marks_otherwise[RUN_PATH_SIZE];
    struct moment_series series;
    uint64_t step; /* of the last moment; UINT64_MAX before the first */
    char complaint[240];
    uint32_t complaints;
    const struct snapshot *last; /* reference held; the thread's */
    uint32_t told;               /* complaints that went with a moment */
    struct follower *follower;   /* NULL until it is started */
    struct progress stop;        /* cancelled at the end: its thread leaves off what it is at */
};

/* ---- which files ---- */

static bool is_npy(const char *name)
{
    return name_ends(name, ".npy");
}

static bool is_text_table(const char *name)
{
    bool of_items = strcmp(name, "items.csv") == 0 || name_ends(name, "marks.csv");
    return embeddings_named(name) && !is_npy(name) && !of_items;
}

/* .npy where there are any, else CSV and TSV. */
static bool (*wanted_in(const struct source *folder))(const char *name)
{
    for (size_t i = 0; i < folder->n_names; i++)
        if (is_npy(folder->name[i]))
            return is_npy;
    return is_text_table;
}

static size_t count_tables(const struct source *folder)
{
    size_t n = 0;
    bool (*wanted)(const char *) = wanted_in(folder);
    for (size_t i = 0; i < folder->n_names; i++)
        n += wanted(folder->name[i]);
    return n;
}

/* Pictures with a table beside them are pictures. */
static bool holds_only_text_tables(const struct source *folder)
{
    size_t others = 0;
    for (size_t i = 0; i < folder->n_names; i++)
        others += !embeddings_named(folder->name[i]);
    return others == 0 && count_tables(folder) > 0;
}

bool feed_tables_sniff(const char *path)
{
    struct source source;
    struct data_options none = {0};
    struct err err;
    if (!source_open(&source, path, &none, &err))
        return false;
    bool npy = source.n_head >= 6 && memcmp(source.head, "\x93NUMPY", 6) == 0;
    bool is = source.is_file && (npy || embeddings_named(path));
    if (source.is_folder)
        is = (count_tables(&source) > 0 && wanted_in(&source) == is_npy) || holds_only_text_tables(&source);
    source_release(&source);
    return is;
}

/* epoch_9 before epoch_10: runs of digits by value, the rest by byte. */
static int natural_order(const char *a, const char *b)
{
    while (*a && *b) {
        size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
        if (n && m) {
            unsigned long long x = strtoull(a, NULL, 10), y = strtoull(b, NULL, 10);
            if (x != y)
                return x < y ? -1 : 1;
            a += n;
            b += m;
        } else if (*a != *b) {
            break;
        } else {
            a++;
            b++;
        }
    }
    return (unsigned char)*a - (unsigned char)*b;
}

static int by_number(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = natural_order(x, y);
    return order ? order : strcmp(x, y);
}

/* The last number in a name; false if there is none of a sensible size. */
static bool number_in(const char *name, uint64_t *number)
{
    const char *end = strrchr(name, '.');
    end = end ? end : name + strlen(name);
    while (end > name && !isdigit((unsigned char)end[-1]))
        end--;
    const char *start = end;
    while (start > name && isdigit((unsigned char)start[-1]))
        start--;
    *number = strtoull(start, NULL, 10);
    return end > start && end - start <= 12;
}

/* ---- the next moment ---- */

static struct met *met_of(struct tables *t, const char *name)
{
    for (size_t i = 0; i < t->n_met; i++)
        if (strcmp(t->met[i].name, name) == 0)
            return &t->met[i];
    t->met = xrealloc(t->met, t->n_met + 1, sizeof *t->met);
    t->met[t->n_met] = (struct met){.name = xstrdup(name), .at = {-1, 0}};
    return &t->met[t->n_met++];
}

static struct stamp stamp_of(const char *folder, const char *name)
{
    struct stat st;
    char *path = path_join(folder, name);
    struct stamp stamp = {-1, 0};
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
        stamp = (struct stamp){(long long)st.st_size,
                               (long long)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec};
    free(path);
    return stamp;
}

static bool same_stamp(struct stamp a, struct stamp b)
{
    return a.bytes == b.bytes && a.changed == b.changed;
}

static void say_with(struct tables *t, struct snapshot *s)
{
    snprintf(s->message, sizeof s->message, "%s", t->complaint);
    s->message_seq = t->told = t->complaints;
}

/* The rows go over to it. */
static struct snapshot *moment_of(struct tables *t, struct embeddings *e, const char *name)
{
    uint64_t number;
    uint64_t step = t->step == UINT64_MAX ? 0 : t->step + 1;
    if (number_in(name, &number) && (t->step == UINT64_MAX || number > t->step))
        step = number;
    t->step = step;
    struct moment moment = {
        .rows = e->rows, .n = e->n, .d = e->d, .step = step, .hands_over = true, .stop = &t->stop};
    e->rows = NULL;
    moment.name = t->folder ? name : NULL;
    struct snapshot *s = moment_new(&moment, &t->data, &t->series, true);
    say_with(t, s);
    snapshot_unref(t->last);
    t->last = snapshot_ref(s);
    return s;
}

/* The last moment once more, to say what was wrong with a table behind it. */
static struct snapshot *moment_again(struct tables *t)
{
    const struct snapshot *last = t->last;
    struct moment moment = {.rows = last->h, .n = last->n_probe, .d = last->dim_h, .step = last->step};
    struct snapshot *s = moment_new(&moment, &t->data, &t->series, false);
    s->measures = last->measures;
    say_with(t, s);
    return s;
}

static void complain_of(struct tables *t, const char *text)
{
    snprintf(t->complaint, sizeof t->complaint, "%s", text);
    t->complaints++;
}

/* NULL, and something to say, where it does not fit the others. */
static struct snapshot *read_moment(struct tables *t, const char *name)
{
    struct embeddings e;
    struct err err;
    char text[240];
    struct snapshot *s = NULL;
    char *path = path_join(t->folder, name);
    bool fine = embeddings_read_watched(&e, path, &t->stop, &err);
    free(path);
    if (!fine) {
        complain_of(t, err.text);
        return NULL;
    }
    if (e.n == t->data.n) {
        s = moment_of(t, &e, name);
    } else {
        snprintf(text, sizeof text,
                 "%.80s has %zu rows, %.80s has %zu: left out; tables of one timeline have equal rows", name,
                 e.n, t->first_name, t->data.n);
        complain_of(t, text);
    }
    embeddings_release(&e);
    return s;
}

/* Of one that was taken: gone it stays what it was; written anew it does too, and that is said once. */
static void look_again(struct tables *t, struct met *met, struct stamp now)
{
    char text[200];
    if (now.bytes < 0 || same_stamp(now, met->at))
        return;
    snprintf(text, sizeof text, "%.80s was written anew since it was read: open the folder again to see it",
             met->name);
    met->at = now;
    complain_of(t, text);
}

/* Through the folder once: the first table that has not been taken and is whole. */
static struct snapshot *look_in_folder(struct tables *t, bool first)
{
    struct source folder;
    struct data_options none = {0};
    struct err err;
    struct snapshot *s = NULL;
    if (!source_open(&folder, t->folder, &none, &err))
        return NULL;
    if (folder.n_names)
        qsort(folder.name, folder.n_names, sizeof *folder.name, by_number);
    bool (*wanted)(const char *) = is_npy(t->first_name) ? is_npy : is_text_table;
    for (size_t i = 0; !s && i < folder.n_names; i++) {
        if (!wanted(folder.name[i]))
            continue;
        struct met *met = met_of(t, folder.name[i]);
        struct stamp now = stamp_of(t->folder, met->name);
        bool whole = now.bytes > 0 && (first || same_stamp(now, met->at));
        if (met->done)
            look_again(t, met, now);
        else
            met->at = now;
        if (met->done || !whole || now.bytes == met->wrong)
            continue;
        s = read_moment(t, folder.name[i]);
        met->done = s != NULL;
        met->wrong = s ? 0 : now.bytes; /* it may have been half written: looked at again when it has grown */
    }
    source_release(&folder);
    return s || t->told == t->complaints ? s : moment_again(t);
}

static struct snapshot *look(void *ctx, bool first)
{
    struct tables *t = ctx;
    if (progress_cancelled(&t->stop))
        return NULL;
    if (t->step == UINT64_MAX) { /* it was read to know the items */
        struct snapshot *s = moment_of(t, &t->first, t->first_name);
        if (t->folder) {
            struct met *met = met_of(t, t->first_name);
            met->done = true;
            met->at = t->first_at;
        }
        return s;
    }
    return t->folder ? look_in_folder(t, first) : NULL;
}

/* ---- opening ---- */

/* The path of the first table; NULL and err if there is none. */
static char *first_path(struct tables *t, const char *path, struct err *err)
{
    struct source source;
    struct data_options none = {0};
    char *first = NULL;
    if (!source_open(&source, path, &none, err))
        return NULL;
    if (!source.is_folder)
        first = xstrdup(path);
    else if (count_tables(&source) == 0)
        err_set(err, "%s: no tables in this folder: .npy, .csv and .tsv are read", path);
    else {
        bool (*wanted)(const char *) = wanted_in(&source);
        qsort(source.name, source.n_names, sizeof *source.name, by_number);
        for (size_t i = 0; !first && i < source.n_names; i++)
            first = wanted(source.name[i]) ? path_join(path, source.name[i]) : NULL;
        t->folder = xstrdup(path);
    }
    source_release(&source);
    return first;
}

/* items.csv in a folder of tables describes their rows. */
static char *items_beside(const struct tables *t)
{
    if (!t->folder || stamp_of(t->folder, "items.csv").bytes < 0)
        return NULL;
    return path_join(t->folder, "items.csv");
}

static bool open_tables(struct tables *t, const struct options *options, struct progress *progress,
                        struct err *err)
{
    const char *path = options->operand[0];
    char *first = first_path(t, path, err), *beside = NULL;
    if (!first)
        return false;
    beside = items_beside(t);
    struct items_source items = {option_text(options, "items", beside), option_text(options, "key", NULL),
                                 option_text(options, "images", NULL), progress};
    progress_expect(progress, embeddings_parts(first) + (items.items ? items_parts(items.items) : 0));
    t->first_name = xstrdup(path_base(first));
    if (t->folder)
        t->first_at = stamp_of(t->folder, t->first_name);
    bool fine = embeddings_read_watched(&t->first, first, progress, err);
    if (fine) {
        fine = embeddings_items(&t->data, &t->first, path, &items, err);
        csv_release(&t->first.rest);
    }
    free(first);
    free(beside);
    return fine;
}

/* "umap_1,umap_2": a name may hold a comma, so each is tried. */
static bool find_xy(struct tables *t, const char *text, struct err *err)
{
    for (const char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ',')) {
        char *x = xstrdup(text);
        x[comma - text] = '\0';
        t->feed.xy[0] = dataset_number_column(&t->data, x);
        t->feed.xy[1] = dataset_number_column(&t->data, comma + 1);
        free(x);
        if (t->feed.xy[0] >= 0 && t->feed.xy[1] >= 0 && t->feed.xy[0] != t->feed.xy[1])
            return true;
    }
    return err_set(
        err,
        "--xy %.80s: two different columns of numbers are needed, known of the items: in --items, or "
        "in a CSV whose embedding is named e0, e1, ...",
        text);
}

/* Without a column of that name the first category is what "same" means, unless it names each row. */
static void choose_label(struct dataset *data)
{
    data->label_guessed = data->label == NO_COLUMN;
    for (size_t c = 0; c < data->n_columns && data->label == NO_COLUMN; c++) {
        const struct column *column = &data->column[c];
        bool groups =
            column->kind == COLUMN_CATEGORY && column->n_values > 1 && column->n_values <= data->n / 2;
        if (groups && (int)c != data->split && (int)c != data->identity)
            data->label = (int)c;
    }
}

static bool open_queries(struct tables *t, const char *path, struct err *err)
{
    if (!embeddings_read(&t->queries, path, err))
        return false;
    csv_release(&t->queries.rest);
    if (t->queries.d != t->first.d)
        return err_set(err,
                       "%.120s: rows of %zu numbers, the table has %zu: queries come from the same encoder",
                       path, t->queries.d, t->first.d);
    t->feed.queries = (struct queries){t->queries.n, t->queries.d, t->queries.rows};
    return true;
}

/* What is shown of them besides. */
static bool open_besides(struct tables *t, const struct options *options, struct err *err)
{
    choose_label(&t->data);
    const char *xy = option_text(options, "xy", NULL), *queries = option_text(options, "queries", NULL);
    return (!xy || find_xy(t, xy, err)) && (!queries || open_queries(t, queries, err));
}

static size_t rows_not_finite(const struct embeddings *e)
{
    size_t odd = 0;
    for (size_t i = 0; i < e->n; i++)
        odd += !row_is_finite(e->rows + i * e->d, e->d);
    return odd;
}

/* Where the past is thinned from the start on: a few large tables fill it. */
static void note_history(struct tables *t, const struct options *options)
{
    enum { MB = 1 << 20, FEW = 8 };
    double budget = option_number(options, "history", HISTORY_BYTES);
    double each = (double)t->first.n * (double)t->first.d * sizeof *t->first.rows;
    size_t length = strlen(t->feed.note);
    if (t->folder && FEW * each > budget)
        snprintf(t->feed.note + length, sizeof t->feed.note - length,
                 "%sa step takes %.0f MB: --history %.0fM holds the first, the last and few between",
                 length ? "; " : "", each / MB, budget / MB);
}

/* What was changed on the way in, and rows that no view can use. */
static void note_what_is_odd(struct tables *t)
{
    size_t odd = rows_not_finite(&t->first);
    char rows[120] = "";
    if (odd > 0)
        snprintf(rows, sizeof rows, "%zu of %zu rows hold NaN or infinity: not drawn, nobody's neighbours",
                 odd, t->first.n);
    snprintf(t->feed.note, sizeof t->feed.note, "%s%s%s", t->data.note, *t->data.note && odd ? "; " : "",
             rows);
}

/* emb.npy: emb.marks.csv beside it; a folder: marks.csv in it. */
static void place_marks(struct tables *t, const char *path)
{
    struct err none;
    if (t->folder)
        run_path(t->marks, t->folder, RUN_MARKS);
    else
        marks_path(t->marks, sizeof t->marks, path);
    t->feed.marks = t->marks;
    if (state_folder_marks(t->marks_otherwise, t->marks, &none))
        t->feed.marks_otherwise = t->marks_otherwise;
}

static void tables_start(struct feed *feed, const struct feed_links *links)
{
    struct tables *t = (struct tables *)feed;
    progress_clear(&t->stop);
    t->follower = follow_begin(links->mailbox, links->commands, look, t);
}

static bool tables_settled(const struct feed *feed, const struct snapshot *newest, uint32_t command_seq)
{
    (void)feed;
    (void)command_seq;
    return !newest->more;
}

static bool tables_end(struct feed *feed, char folder[RUN_PATH_SIZE], struct err *err)
{
    struct tables *t = (struct tables *)feed;
    (void)err;
    progress_cancel(&t->stop);
    follow_end(t->follower);
    t->follower = NULL;
    folder[0] = '\0';
    return true;
}

static void tables_free(struct feed *feed)
{
    struct tables *t = (struct tables *)feed;
    for (size_t i = 0; i < t->n_met; i++)
        free(t->met[i].name);
    free(t->met);
    free(t->folder);
    free(t->first_name);
    snapshot_unref(t->last);
    embeddings_release(&t->first);
    embeddings_release(&t->queries);
    moment_series_release(&t->series);
    dataset_release(&t->data);
    free(t);
}

static const struct feed_kind tables_kind = {
    .start = tables_start, .settled = tables_settled, .end = tables_end, .free = tables_free};

struct feed *feed_tables_open(const struct options *options, struct progress *progress, struct err *err)
{
    struct tables *t = xcalloc(1, sizeof *t);
    t->feed = (struct feed){.kind = &tables_kind, .data = &t->data, .split_rule = "all items are shown"};
    t->data = dataset_empty;
    t->step = UINT64_MAX;
    moment_series_init(&t->series);
    if (!open_tables(t, options, progress, err) || !open_besides(t, options, err)) {
        tables_free(&t->feed);
        return NULL;
    }
    place_marks(t, options->operand[0]);
    moment_protocol(t->data.n, t->feed.protocol, sizeof t->feed.protocol);
    note_what_is_odd(t);
    note_history(t, options);
    return &t->feed;
}
