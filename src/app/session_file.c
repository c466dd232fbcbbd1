/* SPDX-License-Identifier: MIT */
#include "app/session_file.h"

#include "app/session.h"
#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "run/run.h"
#include "view/act.h"
#include "view/change.h"
#include "view/state.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t max_bytes = (size_t)64 << 20;
static const char mark[] = "nearfar session";

/* ---- writing ---- */

static json_t *rows_of(const struct scene *scene, const struct selection *set)
{
    json_t *rows = json_array();
    for (size_t i = selection_next(set, 0); i < set->n; i = selection_next(set, i + 1))
        json_array_append_new(rows, json_integer(scene->now->item[i]));
    return rows;
}

/* What was changed, by hand or on the command line. */
static json_t *settings_of(const struct snapshot *now)
{
    json_t *settings = json_object();
    for (int i = 0; i < now->settings.n; i++) {
        const struct setting *s = &now->settings.item[i];
        bool moved = s->kind == SETTING_NUMBER && s->knob && s->value != s->knob->value;
        bool choice = s->kind == SETTING_CHOICE || s->kind == SETTING_TEXT;
        if (moved || choice || s->changed_at >= 0)
            json_object_set_new(settings, s->name, json_string(s->text));
    }
    return settings;
}

/* A file may be called what no text is (not UTF-8, or with a line's end in it): its bytes then, as hex. */
static json_t *exact_text(const char *text)
{
    size_t length = strlen(text);
    char *clean = xcalloc(length + 1, 1);
    struct strbuf hex = {0};
    text_clean(clean, length + 1, text);
    bool plain = strcmp(clean, text) == 0;
    for (size_t i = 0; i < length && !plain; i++)
        strbuf_printf(&hex, "%02x", (unsigned char)text[i]);
    json_t *value = plain ? json_string(text) : json_pack("{s:s}", "bytes", strbuf_text(&hex));
    strbuf_release(&hex);
    free(clean);
    return value;
}

static json_t *lines_of(struct scene *scene)
{
    struct strbuf text = {0};
    json_t *lines = json_array();
    scene_lines(scene, &text);
    for (char *line = text.text, *end; line && *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = '\0';
        json_array_append_new(lines, exact_text(line));
    }
    strbuf_release(&text);
    return lines;
}

static json_t *names_of(struct scene *scene)
{
    struct screen *s = screen_state(scene);
    json_t *named = json_object();
    for (int i = 0; i < s->n_named; i++)
        json_object_set_new(named, s->named[i].name, rows_of(scene, &s->named[i].set));
    return named;
}

/* From wherever it is read again. Owned. */
static char *whole_path(const char *path)
{
    char *whole = realpath(path, NULL);
    return whole ? whole : xstrdup(path);
}

static bool names_a_path(const char *option)
{
    return strcmp(option, "key") != 0 && strcmp(option, "xy") != 0;
}

static void put_path(json_t *object, const char *key, const char *path)
{
    char *whole = whole_path(path);
    json_object_set_new(object, key, exact_text(whole));
    free(whole);
}

static json_t *tables_of(const struct options *options)
{
    json_t *tables = json_object();
    for (const struct option *o = table_options; options && o->name; o++) {
        const char *text = option_text(options, o->name, NULL);
        if (text && names_a_path(o->name))
            put_path(tables, o->name, text);
        else if (text)
            json_object_set_new(tables, o->name, json_string(text));
    }
    return tables;
}

bool session_file_write(const char *path, struct scene *scene, const struct session_origin *origin,
                        struct err *err)
{
    const struct options *explore = origin->explore;
    if (!scene->now)
        return err_set(err, "there is nothing to write yet");
    json_t *root = json_object();
    json_object_set_new(root, mark, json_integer(1));
    json_object_set_new(root, "data", exact_text(scene->data->args ? scene->data->args : scene->data->name));
    json_object_set_new(root, "run", exact_text(origin->run ? origin->run : ""));
    if (explore && explore->n_operands)
        put_path(root, "explore", explore->operand[0]);
    json_object_set_new(root, "tables", tables_of(explore));
    json_object_set_new(root, "seed", json_integer((json_int_t)scene->now->seed));
    json_object_set_new(root, "step", json_integer((json_int_t)scene->now->step));
    json_object_set_new(root, "settings", settings_of(scene->now));
    json_object_set_new(root, "screen", lines_of(scene));
    json_object_set_new(root, "selected", rows_of(scene, scene_selection(scene)));
    if (scene->choice.isolated)
        json_object_set_new(root, "shown", rows_of(scene, &scene->shown));
    json_object_set_new(root, "named", names_of(scene));
    char *text = json_dumps(root, JSON_INDENT(1));
    json_decref(root);
    bool fine =
        text ? file_write(path, text, strlen(text), err) : err_set(err, "%s: not written: no memory", path);
    free(text);
    return fine;
}

/* ---- reading ---- */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_bytes(const json_t *bytes, char *to, size_t size, const char *key, struct err *err)
{
    const char *hex = json_string_value(bytes);
    size_t length = hex ? strlen(hex) : 1;
    if (length % 2 || length / 2 >= size)
        return err_set(err, "\"%s\": \"bytes\": at most %zu pairs of hex digits are needed", key, size - 1);
    for (size_t i = 0; i < length / 2; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0 || (high == 0 && low == 0))
            return err_set(err, "\"%s\": \"bytes\": '%.2s' is no byte of a path", key, hex + 2 * i);
        to[i] = (char)(high << 4 | low);
    }
    to[length / 2] = '\0';
    return true;
}

static bool read_text(const json_t *root, const char *key, char *to, size_t size, struct err *err)
{
    const json_t *value = json_object_get(root, key);
    if (json_is_object(value))
        return read_bytes(json_object_get(value, "bytes"), to, size, key, err);
    if (!json_is_string(value))
        return err_set(err, "\"%s\": a text is needed", key);
    if (json_string_length(value) >= size)
        return err_set(err, "\"%s\": longer than %zu bytes", key, size - 1);
    text_clean(to, size, json_string_value(value));
    return true;
}

static bool read_whole(const json_t *root, const char *key, uint64_t *to, struct err *err)
{
    const json_t *value = json_object_get(root, key);
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return err_set(err, "\"%s\": a whole number of 0 or more is needed", key);
    *to = (uint64_t)json_integer_value(value);
    return true;
}

static bool read_rows(const json_t *rows, const char *key, struct session_set *set, struct err *err)
{
    size_t i;
    json_t *row;
    if (!json_is_array(rows))
        return err_set(err, "\"%s\": a list of rows is needed", key);
    set->row = xcalloc(json_array_size(rows) + 1, sizeof *set->row);
    json_array_foreach(rows, i, row)
    {
        if (!json_is_integer(row) || json_integer_value(row) < 0 || json_integer_value(row) >= UINT32_MAX)
            return err_set(err, "\"%s\": entry %zu is no row", key, i + 1);
        set->row[set->n++] = (uint32_t)json_integer_value(row);
    }
    return true;
}

static bool read_settings(json_t *settings, struct session_file *file, struct err *err)
{
    const char *name;
    json_t *value;
    if (!json_is_object(settings))
        return err_set(err, "\"settings\": names with texts are needed");
    json_object_foreach(settings, name, value)
    {
        char text[128];
        if (!json_is_string(value) || file->n_settings == SESSION_SETTINGS)
            return err_set(err, "\"settings\": \"%.40s\" has no text, or there are too many", name);
        if (snprintf(text, sizeof text, "%s=%s", name, json_string_value(value)) >= (int)sizeof text)
            return err_set(err, "\"settings\": \"%.40s\": longer than any setting is", name);
        text_clean(file->setting[file->n_settings++], sizeof text, text);
    }
    return true;
}

/* Neither is there where a training was written by an older program. */
static bool read_tables(json_t *root, struct session_file *file, struct err *err)
{
    const char *name;
    json_t *value, *tables = json_object_get(root, "tables");
    if (json_object_get(root, "explore") &&
        !read_text(root, "explore", file->explore, sizeof file->explore, err))
        return false;
    json_object_foreach(tables, name, value)
    {
        const struct option *o = table_options;
        while (o->name && strcmp(o->name, name) != 0)
            o++;
        if (!o->name || file->n_tables == SESSION_TABLES)
            return err_set(err, "\"tables\": \"%.40s\" is no option of a table, or there are too many", name);
        char(*table)[RUN_PATH_SIZE] = file->table[file->n_tables++];
        snprintf(table[0], sizeof table[0], "%s", o->name);
        if (!read_text(tables, name, table[1], sizeof table[1], err))
            return false;
    }
    return true;
}

static bool read_lines(const json_t *lines, struct session_file *file, struct err *err)
{
    size_t i;
    json_t *line;
    if (!json_is_array(lines) || json_array_size(lines) > SESSION_LINES)
        return err_set(err, "\"screen\": a list of at most %d lines is needed", SESSION_LINES);
    json_array_foreach(lines, i, line)
    {
        char *to = file->line[file->n_lines++];
        if (json_is_object(line)) {
            if (!read_bytes(json_object_get(line, "bytes"), to, sizeof *file->line, "screen", err))
                return false;
        } else if (json_is_string(line)) {
            text_clean(to, sizeof *file->line, json_string_value(line));
        } else {
            return err_set(err, "\"screen\": entry %zu is no text", i + 1);
        }
    }
    return true;
}

static bool read_sets(json_t *root, struct session_file *file, struct err *err)
{
    const char *name;
    json_t *rows, *named = json_object_get(root, "named");
    file->n_sets = 1; /* the first is what is selected */
    if (!read_rows(json_object_get(root, "selected"), "selected", &file->set[0], err))
        return false;
    json_object_foreach(named, name, rows)
    {
        if (file->n_sets == SESSION_SETS)
            return err_set(err, "\"named\": more than %d", SESSION_SETS - 1);
        struct session_set *set = &file->set[file->n_sets++];
        text_clean(set->name, sizeof set->name, name);
        if (!read_rows(rows, name, set, err))
            return false;
    }
    json_t *shown = json_object_get(root, "shown");
    return !shown || read_rows(shown, "shown", &file->shown, err);
}

static bool read_all(json_t *root, struct session_file *file, struct err *err)
{
    uint64_t version;
    if (!json_is_object(root) || !json_object_get(root, mark))
        return err_set(err, "not a session: \"%s\" is missing", mark);
    if (!read_whole(root, mark, &version, err))
        return false;
    if (version != 1)
        return err_set(err, "a session of version %llu; this program reads 1", (unsigned long long)version);
    return read_text(root, "data", file->data, sizeof file->data, err) &&
           read_text(root, "run", file->run, sizeof file->run, err) &&
           read_whole(root, "seed", &file->seed, err) && read_whole(root, "step", &file->step, err) &&
           read_settings(json_object_get(root, "settings"), file, err) && read_tables(root, file, err) &&
           read_lines(json_object_get(root, "screen"), file, err) && read_sets(root, file, err);
}

struct session_file *session_file_parse(const char *text, size_t length, struct err *err)
{
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        err_put(err, "line %d: %s", error.line, error.text);
        return NULL;
    }
    struct session_file *file = xcalloc(1, sizeof *file);
    bool fine = read_all(root, file, err);
    snprintf(file->seed_text, sizeof file->seed_text, "%llu", (unsigned long long)file->seed);
    json_decref(root);
    if (fine)
        return file;
    session_file_free(file);
    return NULL;
}

bool session_file_is_there(const char *path)
{
    char head[64];
    size_t n = file_head(path, head, sizeof head);
    return n > 0 && head[0] == '{' && strstr(head, mark) != NULL;
}

struct session_file *session_file_read(const char *path, struct err *err)
{
    size_t length;
    char *text = file_read(path, max_bytes, &length, err);
    if (!text)
        return NULL;
    struct session_file *file = session_file_parse(text, length, err);
    if (!file)
        err_put_within(err, "%s", path);
    free(text);
    return file;
}

void session_file_free(struct session_file *file)
{
    for (int i = 0; file && i < file->n_sets; i++)
        free(file->set[i].row);
    if (file)
        free(file->shown.row);
    free(file);
}

/* ---- restoring ---- */

static bool explore_again(const struct session_file *file, struct options *options, struct err *err)
{
    options->operand[0] = file->explore;
    options->n_operands = 1;
    for (int i = 0; i < file->n_tables; i++)
        if (!option_given(options, file->table[i][0]) &&
            !options_add(options, file->table[i][0], file->table[i][1], err))
            return false;
    return true;
}

bool session_file_options(const struct session_file *file, struct options *options, struct err *err)
{
    if (*file->explore)
        return explore_again(file, options, err);
    options->operand[0] = file->data;
    options->n_operands = 1;
    if (*file->run && run_is_there(file->run))
        return options_add(options, "continue", file->run, err);
    if (!options_add(options, "seed", file->seed_text, err))
        return false;
    for (int i = 0; i < file->n_settings; i++)
        if (!options_add(options, "set", file->setting[i], err))
            return false;
    return true;
}

/* The members among the items of the probe. */
static void members_of(const struct session_set *set, const struct scene *scene, struct selection *members)
{
    const struct snapshot *now = scene->now;
    selection_init(members, now->n_probe);
    uint8_t *in = xcalloc(scene->data->n + 1, 1);
    for (size_t i = 0; i < set->n; i++)
        if (set->row[i] < scene->data->n)
            in[set->row[i]] = 1;
    for (size_t i = 0; i < now->n_probe; i++)
        selection_put(members, i, in[now->item[i]]);
    free(in);
}

void session_file_restore(const struct session_file *file, struct scene *scene, const struct post *post)
{
    struct selection members;
    for (int i = 1; i < file->n_sets; i++) {
        members_of(&file->set[i], scene, &members);
        selection_change(scene, &members);
        name_selection(scene, file->set[i].name, post);
    }
    for (int i = 0; i < file->n_lines; i++)
        if (!command_leaves_something(file->line[i])) /* somebody else may have written the session */
            command_run(scene, file->line[i], post);
    if (file->n_sets > 0) {
        members_of(&file->set[0], scene, &members);
        selection_change(scene, &members);
    }
    if (file->shown.n > 0) {
        selection_release(&scene->shown);
        members_of(&file->shown, scene, &scene->shown);
        scene->choice.isolated = true;
    }
    changes_forget(scene);
    screen_state(scene)->tells_threshold = false; /* nobody has moved it */
    say(post, false, "the session as it was written at step %llu", (unsigned long long)file->step);
}
