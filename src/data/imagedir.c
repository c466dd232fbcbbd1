/* SPDX-License-Identifier: MIT
 *
 * A folder of pictures. The folder a picture lies in is its label; outer folders called train, test, val ...
 * say who trains. items.csv beside them brings attributes, joined by file name. Pictures of another size,
 * shape or number of channels than most are fitted, and data->note says how many.
 */
#include "data/imagedir.h"

#include "base/check.h"
#include "base/file.h"
#include "base/parallel.h"
#include "base/strbuf.h"
#include "data/image.h"
#include "data/image_walk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEEPEST = 4, SMALLEST_SIDE = 8 };
static const size_t max_picture_file = (size_t)256 << 20;

static const struct knob knobs[] = {
    {"size", "picture size", "Longest side of a picture in pixels; larger ones are averaged down to it.", 8,
     256, 64, 8, .whole = true, .restart = true, .unit = "px"},
    {0},
};

/* ---- which files ---- */

enum file_sort { A_PICTURE, UNREAD_PICTURE, NO_PICTURE };

static enum file_sort sort_of(const char *name)
{
    static const char *const read[] = {".png", ".jpg", ".jpeg", ".bmp"};
    static const char *const unread[] = {".gif", ".webp", ".tif", ".tiff", ".heic", ".ppm", ".pgm", ".tga"};
    for (size_t i = 0; i < ARRAY_LEN(read); i++)
        if (name_ends(name, read[i]))
            return A_PICTURE;
    for (size_t i = 0; i < ARRAY_LEN(unread); i++)
        if (name_ends(name, unread[i]))
            return UNREAD_PICTURE;
    return NO_PICTURE;
}

void picture_list_add(struct picture_list *list, const char *relative)
{
    if (list->n == list->room) {
        list->room = list->room ? 2 * list->room : 64;
        list->file = xrealloc(list->file, list->room, sizeof *list->file);
    }
    list->file[list->n++] = xstrdup(relative);
}

static bool walk_folder(struct picture_list *list, const char *root, const char *inner, int depth,
                        struct err *err);

static bool take_entry(struct picture_list *list, const char *root, const char *relative, int depth,
                       struct err *err)
{
    struct source below;
    struct data_options none = {0};
    char *path = path_join(root, relative);
    bool fine = source_open(&below, path, &none, err);
    if (fine && below.is_folder && depth < DEEPEST)
        fine = walk_folder(list, root, relative, depth + 1, err);
    else if (fine && below.is_file && sort_of(relative) == A_PICTURE)
        picture_list_add(list, relative);
    else if (fine && below.is_file && sort_of(relative) == UNREAD_PICTURE)
        fine = err_set(err, "%s: this kind of picture is not read: convert it to PNG or JPEG", path);
    else if (fine && below.is_file && strcmp(relative, "items.csv") != 0)
        list->n_other++;
    source_release(&below);
    free(path);
    return fine;
}

/* Depth first, names in byte order: the same rows on every machine. */
static bool walk_folder(struct picture_list *list, const char *root, const char *inner, int depth,
                        struct err *err)
{
    struct source folder;
    struct data_options none = {0};
    char *path = *inner ? path_join(root, inner) : xstrdup(root);
    bool fine = source_open(&folder, path, &none, err);
    for (size_t i = 0; fine && i < folder.n_names; i++) {
        char *relative = *inner ? path_join(inner, folder.name[i]) : xstrdup(folder.name[i]);
        fine = take_entry(list, root, relative, depth, err);
        free(relative);
    }
    source_release(&folder);
    free(path);
    return fine;
}

bool picture_list_read(struct picture_list *list, const char *root, struct err *err)
{
    *list = (struct picture_list){0};
    return walk_folder(list, root, "", 0, err);
}

void picture_list_release(struct picture_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->file[i]);
    free(list->file);
    *list = (struct picture_list){0};
}

/* ---- their size ---- */

struct picture_size {
    size_t width, height;
    int channels; /* 1 or 3 */
};

/* Both passes over the files share this; each task writes its own row of what it is for. */
struct loading {
    const char *root;
    const struct picture_list *list;
    struct picture_size *size; /* (n) */
    struct dataset *data;      /* the second pass fills its pixels */
    enum pictures_fit fit;
    struct err *err; /* (n) "" where fine */
};

static char *read_picture(const struct loading *loading, size_t i, size_t *length)
{
    char *path = path_join(loading->root, loading->list->file[i]);
    char *bytes = file_read(path, max_picture_file, length, &loading->err[i]);
    free(path);
    return bytes;
}

static void measure_task(void *ctx, size_t i, int worker)
{
    (void)worker;
    struct loading *loading = ctx;
    struct image_facts facts;
    size_t length;
    char *bytes = read_picture(loading, i, &length);
    if (bytes && !image_walk((const unsigned char *)bytes, length, &facts, &loading->err[i]))
        err_within(&loading->err[i], "%s/%s", loading->root, loading->list->file[i]);
    else if (bytes)
        loading->size[i] = (struct picture_size){facts.width, facts.height, facts.channels < 3 ? 1 : 3};
    free(bytes);
}

static void decode_task(void *ctx, size_t i, int worker)
{
    (void)worker;
    struct loading *loading = ctx;
    struct dataset *data = loading->data;
    struct image image;
    size_t length;
    char *bytes = read_picture(loading, i, &length);
    if (bytes && !image_load(bytes, length, &image, &loading->err[i])) {
        err_within(&loading->err[i], "%s/%s", loading->root, loading->list->file[i]);
    } else if (bytes) {
        size_t each = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
        (loading->fit == PICTURES_WHOLE ? image_fit_within : image_fit_middle)(
            &image, data->height, data->width, data->channels, data->pixels + i * each);
        image_release(&image);
    }
    free(bytes);
}

/* Runs the task for every file; the first file in order that failed is the one reported. */
static bool run_pass(struct loading *loading, struct pool *pool, pool_task *task, struct err *err)
{
    pool_run(pool, loading->list->n, task, loading);
    for (size_t i = 0; i < loading->list->n; i++)
        if (loading->err[i].text[0]) {
            *err = loading->err[i];
            return false;
        }
    return true;
}

static int by_size(const void *a, const void *b)
{
    const struct picture_size *x = a, *y = b;
    if (x->height != y->height)
        return x->height < y->height ? -1 : 1;
    return (x->width > y->width) - (x->width < y->width);
}

static int bounded_side(size_t side, double scale)
{
    int fitted = (int)((double)side * scale + 0.5);
    return fitted < SMALLEST_SIDE ? SMALLEST_SIDE : fitted;
}

/* As it is where it is no longer than that, else averaged down. */
static struct picture_size bounded(struct picture_size size, int longest)
{
    size_t longer = size.width > size.height ? size.width : size.height;
    double scale = longer > (size_t)longest ? (double)longest / (double)longer : 1;
    size.width = (size_t)bounded_side(size.width, scale);
    size.height = (size_t)bounded_side(size.height, scale);
    return size;
}

/* The size that more than half of n sorted ones have; false: there is none. */
static bool most_have(const struct picture_size *sorted, size_t n, struct picture_size *size)
{
    *size = sorted[n / 2]; /* whatever more than half have is in the middle */
    size_t have = 0;
    for (size_t i = 0; i < n; i++)
        have += by_size(&sorted[i], size) == 0;
    return 2 * have > n;
}

static int by_shorter_side(const void *a, const void *b)
{
    const struct picture_size *p = a, *q = b;
    size_t x = p->width < p->height ? p->width : p->height, y = q->width < q->height ? q->width : q->height;
    return (x > y) - (x < y);
}

/* Of shapes that have nothing in common the square that loses least of most of them. */
static struct picture_size square_of(struct picture_size *size, size_t n)
{
    qsort(size, n, sizeof *size, by_shorter_side);
    struct picture_size middle = size[n / 2];
    middle.width = middle.height = middle.width < middle.height ? middle.width : middle.height;
    return middle;
}

static void choose_size(struct dataset *data, const struct picture_size *size, int longest)
{
    struct picture_size *sorted = xcalloc(data->n, sizeof *sorted), most;
    for (size_t i = 0; i < data->n; i++)
        sorted[i] = bounded(size[i], longest);
    qsort(sorted, data->n, sizeof *sorted, by_size);
    if (!most_have(sorted, data->n, &most)) {
        memcpy(sorted, size, data->n * sizeof *sorted);
        most = bounded(square_of(sorted, data->n), longest);
    }
    free(sorted);
    data->width = (int)most.width;
    data->height = (int)most.height;
    data->channels = 1;
    for (size_t i = 0; i < data->n; i++)
        data->channels = size[i].channels == 3 ? 3 : data->channels;
}

/* By more than a pixel of what it was fitted to? */
static bool is_of_another_shape(const struct picture_size *size, const struct dataset *data)
{
    double width = (double)size->width / (double)size->height * data->height;
    return fabs(width - data->width) > 1;
}

static void say_what_was_fitted(struct dataset *data, const struct picture_size *size, size_t n_other,
                                enum pictures_fit fit)
{
    size_t fitted = 0, grey = 0, shapes = 0;
    struct strbuf note = {0};
    for (size_t i = 0; i < data->n; i++) {
        fitted += size[i].width != (size_t)data->width || size[i].height != (size_t)data->height;
        grey += size[i].channels < data->channels;
        shapes += is_of_another_shape(&size[i], data);
    }
    if (fitted)
        strbuf_printf(&note, "%zu of %zu pictures fitted to %dx%d", fitted, data->n, data->width,
                      data->height);
    if (shapes)
        strbuf_printf(&note, " (%zu of another shape: %s)", shapes,
                      fit == PICTURES_WHOLE ? "whole, on black" : "their middle");
    if (grey)
        strbuf_printf(&note, "%s%zu grey ones beside colour", fitted ? ", " : "", grey);
    if (n_other)
        strbuf_printf(&note, "%s%zu files that are no pictures left out", fitted || grey ? ", " : "",
                      n_other);
    snprintf(data->note, sizeof data->note, "%s", strbuf_text(&note));
    strbuf_release(&note);
}

bool pictures_load(struct dataset *data, const char *root, const struct picture_list *list, int longest,
                   enum pictures_fit fit, struct err *err)
{
    struct loading loading = {.root = root, .list = list, .data = data, .fit = fit};
    loading.size = xcalloc(list->n, sizeof *loading.size);
    loading.err = xcalloc(list->n, sizeof *loading.err);
    struct pool *pool = pool_new(cores_available(), 0);
    bool fine = run_pass(&loading, pool, measure_task, err);
    if (fine) {
        choose_size(data, loading.size, longest);
        say_what_was_fitted(data, loading.size, list->n_other, fit);
        fine = dataset_add_pixels(data, err) && run_pass(&loading, pool, decode_task, err);
    }
    pool_free(pool);
    free(loading.size);
    free(loading.err);
    return fine;
}

/* ---- labels from folders ---- */

static bool is_split_name(const char *name, size_t length)
{
    static const char *const names[] = {"train", "training",   "test", "val",
                                        "valid", "validation", "eval", "dev"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strlen(names[i]) == length && strncasecmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* The name of the folder the picture lies in, "" for the root itself or a folder that only says the split. */
static char *folder_label(const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!slash)
        return xstrdup("");
    const char *start = slash;
    while (start > file && start[-1] != '/')
        start--;
    size_t length = (size_t)(slash - start);
    return start == file && is_split_name(start, length) ? xstrdup("") : xstrndup(start, length);
}

static bool all_below_split_folders(const struct picture_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const char *slash = strchr(list->file[i], '/');
        if (!slash || !is_split_name(list->file[i], (size_t)(slash - list->file[i])))
            return false;
    }
    return true;
}

static void add_folder_columns(struct dataset *data, const struct picture_list *list)
{
    bool labelled = false;
    struct column *label = dataset_add_column(data, "label", COLUMN_TEXT);
    for (size_t i = 0; i < data->n; i++) {
        char *name = folder_label(list->file[i]);
        labelled = labelled || *name;
        column_set_text(label, i, name);
        free(name);
    }
    if (!labelled)
        dataset_drop_column(data, data->n_columns - 1);
    if (all_below_split_folders(list)) {
        struct column *split = dataset_add_column(data, "split", COLUMN_TEXT);
        for (size_t i = 0; i < data->n; i++) {
            char *first = xstrndup(list->file[i], strcspn(list->file[i], "/"));
            column_set_text(split, i, first);
            free(first);
        }
    }
    struct column *file = dataset_add_column(data, "file", COLUMN_TEXT);
    for (size_t i = 0; i < data->n; i++)
        column_set_text(file, i, list->file[i]);
}

/* ---- the format ---- */

static bool load(const struct source *source, const struct data_options *options, struct dataset *data,
                 struct err *err)
{
    enum { MAX_CATEGORIES = 64 };
    struct picture_list list;
    bool fine = picture_list_read(&list, source->path, err);
    if (fine && list.n == 0)
        fine =
            err_set(err, "%s: no pictures in this folder: put PNG, JPEG or BMP files into it", source->path);
    if (fine && list.n >= NO_VALUE)
        fine = err_set(err, "%s: %zu pictures are too many", source->path, list.n);
    data->n = fine ? list.n : 0;
    if (fine) {
        add_folder_columns(data, &list);
        fine = join_items_csv(data, source->path, &list, err) &&
               pictures_load(data, source->path, &list, (int)data_option(options, knobs, "size"),
                             PICTURES_MIDDLE, err);
        dataset_sort_kinds(data, MAX_CATEGORIES, NULL);
    }
    picture_list_release(&list);
    return fine;
}

static int sniff(const struct source *source)
{
    return source->is_folder ? 1 : 0;
}

const struct format imagedir_format = {
    .entry = {"pictures",
              "A folder of PNG, JPEG or BMP files; subfolders are labels, items.csv brings more. Nothing is "
              "stretched: of a picture of another shape than most the middle is learnt from.",
              knobs},
    .sniff = sniff,
    .load = load,
};
