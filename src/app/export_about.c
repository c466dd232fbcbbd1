/* SPDX-License-Identifier: MIT
 *
 * FILE.json: what is said of an export beside it, because .npy and .png have no columns. Of which data, run,
 * step and space it is, with which settings, who could have been among its rows ("pool") and who is ("id").
 */
#include "app/export_parts.h"

#include "app/json.h"
#include "app/version.h"
#include "base/file.h"
#include "train/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void export_about_path(char *path, size_t size, const char *file)
{
    snprintf(path, size, "%s.json", file);
}

static json_t *ids_of(const struct listing *rows)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < rows->n; i++)
        json_array_append_new(ids, json_integer(listing_row(rows, i)));
    return ids;
}

static json_t *values_of(const struct listing *rows)
{
    json_t *values = json_array();
    for (size_t i = 0; i < rows->n; i++)
        json_array_append_new(values, json_number((double)rows->value[i]));
    return values;
}

/* Text that is no UTF-8 is left out. */
static void set_text(json_t *object, const char *key, const char *text)
{
    json_t *value = json_string(text);
    if (value)
        json_object_set_new(object, key, value);
}

/* Is it among those that the rows are near to? */
static bool in_set(const struct export_work *work, size_t i)
{
    const struct request_set *set = &work->order.nearest.set[0];
    return set->word && i < set->n && (set->word[i / 64] >> (i % 64) & 1);
}

static json_t *set_members(const struct export_work *work)
{
    json_t *members = json_array();
    for (size_t i = 0; i < work->snapshot->n_probe; i++)
        if (in_set(work, i))
            json_array_append_new(members, json_integer(work->snapshot->item[i]));
    return members;
}

static void set_nearest(json_t *root, const struct listing *rows)
{
    const struct spaces_question *q = &rows->work->order.nearest.spaces;
    if (q->of == NEAR_TEXT)
        set_text(root, "near", q->text);
    else
        json_object_set_new(
            root, "near", q->of == NEAR_ITEM ? json_integer(listing_centre(rows)) : set_members(rows->work));
    set_text(root, "metric", export_metric(rows));
}

static void set_origin(json_t *root, const struct export_work *work)
{
    const struct dataset *data = work->scene.data;
    json_t *from = json_object();
    set_text(from, "name", data->name);
    set_text(from, "args", data->args ? data->args : "");
    set_text(from, "sha256", data->sha256);
    json_object_set_new(root, "dataset", from);
    if (work->order.of_step)
        json_object_set_new(root, "step", json_integer((json_int_t)work->snapshot->step));
    if (!work->run[0])
        return;
    set_text(root, "run", work->run);
    set_text(root, "folder", work->folder);
    json_object_set_new(root, "seed", json_integer((json_int_t)work->snapshot->seed));
}

/* The method, and what else the run was trained with where that is not what the method takes by itself on
 * this data; as --set takes it. */
static json_t *settings_of(const struct export_work *work)
{
    const struct settings *are = &work->snapshot->settings;
    const struct setting *method = settings_find(are, "method");
    struct settings defaults = {.n = 0};
    struct config config;
    struct err ignored;
    json_t *settings = json_object();
    config_default(&config, work->scene.data);
    if (method && config_set(&config, "method", method->text, &ignored))
        config_settings(&config, work->scene.data->channels, &defaults);
    for (int i = 0; i < are->n; i++) {
        const struct setting *by_itself = settings_find(&defaults, are->item[i].name);
        if (!by_itself || strcmp(by_itself->text, are->item[i].text) != 0 || &are->item[i] == method)
            set_text(settings, are->item[i].name, are->item[i].text);
    }
    return settings;
}

/* Who could have been among them: all items that are watched, and of the nearest not what they are near to.
 * Their rows are listed where they are not simply all rows of the data. */
static json_t *pool_of(const struct export_work *work)
{
    const struct snapshot *s = work->snapshot;
    const struct spaces_question *q = &work->order.nearest.spaces;
    bool but_one = work->order.near && q->of == NEAR_ITEM, all = s->n_probe == work->scene.data->n;
    json_t *pool = json_object(), *ids = json_array();
    size_t n = 0;
    for (size_t i = 0; i < s->n_probe; i++) {
        bool out =
            (but_one && (int)i == q->item) || (work->order.near && q->of == NEAR_SET && in_set(work, i));
        n += !out;
        if (!out && !all)
            json_array_append_new(ids, json_integer(s->item[i]));
    }
    json_object_set_new(pool, "n", json_integer((json_int_t)n));
    json_object_set_new(pool, "of", json_integer((json_int_t)work->scene.data->n));
    if (!all)
        json_object_set(pool, "id", ids);
    json_decref(ids);
    return pool;
}

bool export_about(const struct listing *rows, const char *what, struct err *err)
{
    const struct export_work *work = rows->work;
    char path[sizeof work->order.path + sizeof ".json"];
    const char *slash = strrchr(work->order.path, '/');
    json_t *root = json_pack("{s:i, s:s}", "version", 1, "program", "nearfar " NEARFAR_VERSION);
    set_text(root, "file", slash ? slash + 1 : work->order.path);
    set_text(root, "what", what);
    set_origin(root, work);
    set_text(root, "space", export_space(rows));
    if (work->order.near)
        set_nearest(root, rows);
    if (work->snapshot->settings.n > 0)
        json_object_set_new(root, "settings", settings_of(work));
    json_object_set_new(root, "pool", pool_of(work));
    json_object_set_new(root, "n", json_integer((json_int_t)rows->n));
    json_object_set_new(root, "id", ids_of(rows));
    if (rows->value)
        json_object_set_new(root, rows->value_name, values_of(rows));
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    json_decref(root);
    export_about_path(path, sizeof path, work->order.path);
    bool fine =
        text ? file_write(path, text, strlen(text), err) : err_set(err, "%s: not written: no memory", path);
    free(text);
    return fine;
}
