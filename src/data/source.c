/* SPDX-License-Identifier: MIT */
#include "data/source.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "data/unpack.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

char *path_join(const char *folder, const char *name)
{
    struct strbuf path = {0};
    size_t n = strlen(folder);
    strbuf_printf(&path, "%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/", name);
    return path.text;
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool name_ends(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n >= m && strcasecmp(name + n - m, ending) == 0;
}

/* The last ':', where "knob=" follows, or NULL. */
static const char *tail_of(const char *spec)
{
    const char *p = strrchr(spec, ':');
    size_t n = p ? strspn(p + 1, "abcdefghijklmnopqrstuvwxyz-_0123456789") : 0;
    return n > 0 && p[1 + n] == '=' ? p : NULL;
}

static bool add_option(struct data_options *options, const char *text, size_t length, struct err *err)
{
    char pair[64];
    struct data_option option = {0};
    const char *equals = memchr(text, '=', length);
    if (length >= sizeof pair || !equals || (size_t)(equals - text) >= sizeof option.name)
        return err_set(err, "'%.*s' is not knob=value", (int)(length > 60 ? 60 : length), text);
    snprintf(pair, sizeof pair, "%.*s", (int)length, text);
    pair[equals - text] = '\0';
    snprintf(option.name, sizeof option.name, "%.*s", (int)sizeof option.name - 1, pair);
    if (!text_to_double(pair + (equals - text) + 1, &option.value))
        return err_set(err, "%s=%s: not a number", option.name, pair + (equals - text) + 1);
    if (options->n == MAX_DATA_OPTIONS)
        return err_set(err, "more than %d knobs", MAX_DATA_OPTIONS);
    options->item[options->n++] = option;
    return true;
}

static bool parse_tail(const char *tail, struct data_options *options, struct err *err)
{
    for (const char *p = tail;; p++) {
        size_t n = strcspn(p, ",");
        if (!add_option(options, p, n, err))
            return false;
        p += n;
        if (!*p)
            return true;
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool read_names(struct source *source, struct err *err)
{
    DIR *dir = opendir(source->path);
    if (!dir)
        return err_set(err, "%s: the folder cannot be read: %s", source->path, strerror(errno));
    size_t room = 0;
    for (struct dirent *e; (e = readdir(dir)) && source->n_names <= SOURCE_MAX_NAMES;) {
        if (e->d_name[0] == '.')
            continue;
        if (source->n_names == room) {
            room = room ? 2 * room : 64;
            source->name = xrealloc(source->name, room, sizeof *source->name);
        }
        source->name[source->n_names++] = xstrdup(e->d_name);
    }
    closedir(dir);
    if (source->n_names > SOURCE_MAX_NAMES)
        return err_set(err, "%s: more than %d files in one folder: put them in subfolders", source->path,
                       SOURCE_MAX_NAMES);
    if (source->n_names)
        qsort(source->name, source->n_names, sizeof *source->name, by_name);
    return true;
}

static bool read_head(struct source *source, struct err *err)
{
    unsigned char raw[4096];
    bool whole;
    FILE *f = fopen(source->path, "rb");
    if (!f)
        return err_set(err, "%s: cannot be read: %s", source->path, strerror(errno));
    size_t n = fread(raw, 1, sizeof raw, f);
    fclose(f);
    source->n_head = unpack_into(raw, n, source->head, sizeof source->head, &whole);
    return true;
}

static bool look_at(struct source *source, const char *spec, struct data_options *options, struct err *err)
{
    struct stat st;
    *source = (struct source){.spec = spec};
    const char *tail = stat(spec, &st) == 0 ? NULL : tail_of(spec);
    source->path = tail ? xstrndup(spec, (size_t)(tail - spec)) : xstrdup(spec);
    if (tail && !parse_tail(tail + 1, options, err))
        return err_within(err, "%s", source->path);
    if (stat(source->path, &st) != 0)
        return true;
    source->is_folder = S_ISDIR(st.st_mode);
    source->is_file = S_ISREG(st.st_mode);
    source->is_other = !source->is_folder && !source->is_file;
    source->bytes = (long long)st.st_size;
    if (source->is_folder)
        return read_names(source, err);
    return source->is_file ? read_head(source, err) : true;
}

bool source_open(struct source *source, const char *spec, struct data_options *options, struct err *err)
{
    bool fine = look_at(source, spec, options, err);
    if (!fine)
        source_release(source);
    return fine;
}

bool source_refuse_other(const struct source *source, struct err *err)
{
    return source->is_other && /* data is read more than once */
           !err_set(err, "%s: a pipe or a device; save what it gives to a file first", source->path);
}

void source_release(struct source *source)
{
    for (size_t i = 0; i < source->n_names; i++)
        free(source->name[i]);
    free(source->name);
    free(source->path);
    *source = (struct source){0};
}
